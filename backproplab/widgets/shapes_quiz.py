"""The shape quiz: what shape has this derivative, in this layout? From numbers to tensors, each wrong shape with its reason."""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..calculus import LAYOUTS, derivative_shape
from ..engine.errors import InputError, UnknownNameError, listed
from ..questions import Posed, Record, record
from ..questions.draws import Draw
from .quiz import Quiz
from .shapes import PREDICTING

# level -> pairs (axes of the output, axes of the input)
LEVELS = {
    "vectors": ((0, 1), (1, 1), (1, 0), (1, 1)),
    "matrices": ((0, 2), (2, 0), (0, 1), (1, 1), (0, 2)),
    "tensors": ((1, 2), (2, 1), (2, 2), (3, 2), (1, 3)),
}
LENGTHS = (2, 3, 4, 5, 6, 7)
WORDS = ("a number", "a vector of {0}", "a matrix of {0} × {1}", "an array of {0} × {1} × {2}")


def shape_quiz(level: str = "all", count: int = 6, *, layout: str | None = None, seed: Any = 0, keep: bool | Record = False) -> Quiz:
    """Ask for shapes of derivatives.

    Parameters
    ----------
    level : str
        "vectors", "matrices", "tensors", or "all": from the first to the last.
    count : int
        How many questions, 1 to 50.
    layout : str, optional
        "numerator" or "denominator"; by default both are asked.
    seed : int or str
        Other seeds, other shapes.
    keep : bool or Record
        Note what went right and wrong in the learner's own file.

    Returns
    -------
    Quiz
        A widget that needs no kernel.

    Raises
    ------
    UnknownNameError
        For another level or layout.
    InputError
        For another count.
    """
    if level != "all" and level not in tuple(LEVELS):
        raise UnknownNameError(f"making a shape quiz with level={level!r}", f"the levels are {listed(map(repr, [*LEVELS, 'all']))}",
                               "Use one of these.")
    if layout is not None and layout not in LAYOUTS:
        raise UnknownNameError(f"making a shape quiz with layout={layout!r}", f"the layouts are {listed(map(repr, LAYOUTS))}",
                               "Use one of these, or neither for both.")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 50:
        raise InputError("making a shape quiz", f"count is {count!r}", "Ask for 1 to 50 questions.")
    kept = keep if isinstance(keep, Record) else record() if keep else None
    return Quiz(list(posed(level, count, layout, seed)), kept)


def posed(level: str, count: int, layout: str | None, seed: Any) -> Iterator[Posed]:
    """The questions, each with shapes of its own; the easier ones first."""
    pairs = [p for name, found in LEVELS.items() if level in (name, "all") for p in found]
    for k in range(count):
        draw = Draw("shape-quiz", level, layout, seed, k)
        of_axes, wrt_axes = pairs[k * len(pairs) // count if count < len(pairs) else k % len(pairs)]
        lengths = draw_different(draw, of_axes + wrt_axes)
        yield question(tuple(lengths[:of_axes]), tuple(lengths[of_axes:]), layout or LAYOUTS[(k + draw.below(2)) % 2], f"{seed}/{k}")


def draw_different(draw: Draw, n: int) -> list[int]:
    """Different lengths: with equal ones a wrong shape would look right."""
    left = list(LENGTHS)
    return [left.pop(draw.below(len(left))) for _ in range(n)]


def question(of: tuple[int, ...], wrt: tuple[int, ...], layout: str, seed: Any) -> Posed:
    """One question."""
    right = derivative_shape(of, wrt, layout)
    assert right.concrete is not None
    y, x = "Y" if len(of) > 1 else "y", "X" if len(wrt) > 1 else "x"
    rows = "rows are outputs" if layout == "numerator" else "rows are inputs"
    flat = len(right.concrete) > 2
    ask = f"`{y}` is {WORDS[len(of)].format(*of)}, `{x}` is {WORDS[len(wrt)].format(*wrt)}. What shape has `∂{y}/∂{x}` in {layout} layout ({rows})?"
    if flat:
        ask += " Give all its axes, not flattened."
    answer = list(right.concrete)
    hints = [f"{'The output' if layout == 'numerator' else 'The input'} comes first: "
             f"{'rows are outputs' if layout == 'numerator' else 'rows are inputs'}.", right.why]
    return Posed(f"shape-quiz/{len(of)}-by-{len(wrt)}/{layout}", str(seed), "shape", PREDICTING, 1.0, ask, answer,
                 wrong=tuple(wrongs(of, wrt, layout, answer)), hints=tuple(hints))


def wrongs(of: tuple[int, ...], wrt: tuple[int, ...], layout: str, answer: list[int]) -> Iterator[dict[str, Any]]:
    """Wrong shapes with their reasons; none of them is the right one."""
    shape = derivative_shape(of, wrt, layout)
    assert shape.other.concrete is not None and shape.flattened is not None
    first = "the output" if layout == "numerator" else "the input"
    every = f"It holds {math.prod(of) * math.prod(wrt)} numbers: one for each entry of the output and each entry of the input."
    tries = [
        (list(shape.other.concrete), f"That is its {shape.other.layout} layout.", f"Here {first} gives the rows."),
        (list(shape.flattened), "That is the flattened matrix, all outputs by all inputs.", "Give every axis by itself."),
        (list(shape.flattened)[::-1], "That is the flattened matrix of the other layout.", "Give every axis by itself."),
        (list(of + wrt), "The axes are these, but a number by a matrix is turned in numerator layout.", "Rows belong to the output."),
        (list(wrt), f"That is the shape of the input. {every if of else ''}".strip(),
         "A vector is a row or a column here: write 1 for the short side."),
        (list(of), f"That is the shape of the output. {every if wrt else ''}".strip(),
         "A vector is a row or a column here: write 1 for the short side."),
        ([], every, "Count them, then order the axes."),
        ([math.prod(of) * math.prod(wrt)], every, "Keep the axes apart."),
    ]
    seen = [answer]
    for value, why, action in tries:
        if value not in seen:
            seen.append(value)
            yield {"value": value, "why": why, "action": action, "names": ["layout" if "layout" in why else "shape"]}
