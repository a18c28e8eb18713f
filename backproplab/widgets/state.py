"""Everything the stepper can show of a run, as one JSON state: nodes, steps, listing, two layouts, outlines of formulas.

Nothing in it is placed by hand, and nothing is computed later: the page only shows it.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..drawing import Drawing, drawing, shape_text
from ..engine.run import Run
from ..notation import NOTATIONS, Glyphs, Setting, digits, plain
from ..questions.asks import FADING, asks
from ..questions.matching import TOLERANCE
from .formulas import Formulas
from .steps import step_data, ticket_rule, ticket_sum

LONGEST = 90                              # characters of the inputs' values in the head
MOST_USES = 16                            # uses of variables up to which a state carries all notations
MOST_ASKED = 80                           # variables up to which every step can be predicted; nobody predicts more
MOST_TYPED = 24                           # entries of an input that can be typed in the page
PHONE = 348.0                             # pixels that a telephone has across
LINE, PAGE = 1400.0, 1060.0               # pixels: up to LINE a picture is made smaller, a longer one is broken into lines of PAGE


def stepper_state(run: Run, notation: str = "g", folded: bool = True) -> dict[str, Any]:
    """The state of a stepper.

    Parameters
    ----------
    run : Run
    notation : str
        How gradients are written. Where the state stays small, it carries the other notations too.
    folded : bool
        One box for each variable; otherwise one for each operation.

    Returns
    -------
    dict
        JSON data: ``id, head, at, out, code, nodes, steps, asking, wide, tall, letter, letters, notations, folded, live, glyphs``.
    """
    if not folded:
        run = run.unfolded()
    glyphs = Glyphs()
    formulas = Formulas(run, glyphs, notation)
    code, lines = _listing(run)
    tickets = {(v.name, c.consumer): (ticket_rule(c, run), ticket_sum(c)) for v in run.variables.values() for c in v.uses}
    layouts = {"wide": _wide(run, glyphs, tickets), "tall": drawing(run, direction="down", glyphs=glyphs, tickets=tickets, groups={}, room=PHONE)}
    nodes = [layouts["wide"].nodes[v.name] | {"line": lines[v.name]} for v in run.variables.values()]
    questions = asks(run) if len(run.variables) <= MOST_ASKED else [[] for _ in run.steps]
    steps = [step_data(s, run, formulas, lines, found) for s, found in zip(run.steps, questions, strict=True)]
    return {"id": run.name, "head": formulas.head(), "at": _point(run), "out": run.output, "code": code, "nodes": nodes, "steps": steps,
            "asking": {"kinds": FADING, "tolerance": TOLERANCE.data}, **{key: made.as_data() for key, made in layouts.items()},
            "letter": notation, "letters": [{"name": n, "example": plain(Setting.of(run, n).gradient(nodes[0]["id"]))} for n in NOTATIONS],
            "notations": _other_letters(run, glyphs, notation, steps), "folded": folded, "live": _live(run), "glyphs": glyphs.outlines}


def _other_letters(run: Run, glyphs: Glyphs, notation: str, steps: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For every other notation what differs: the formulas of the backward steps. Empty where that would be much."""
    if sum(len(s.variable.uses) for s in run.steps if s.phase == "backward") > MOST_USES:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for name in NOTATIONS:
        if name != notation:
            formulas = Formulas(run, glyphs, name)
            found[name] = {str(i): {"sym": formulas.seed(s.variable) if not s.variable.uses else formulas.gradient(s.variable),
                                    "num": formulas.gradient_in_numbers(s.variable) if s.variable.uses else None,
                                    "label": formulas.gradient_label(s.variable.name) if steps[i].get("show") else None}
                           for i, s in enumerate(run.steps) if s.phase == "backward"}
    return found


def _live(run: Run) -> list[dict[str, Any]] | None:
    """The inputs that can be typed anew, with their present text; None for a run whose function is not known."""
    if run.function is None:
        return None
    shown = {n: v for n, v in run.inputs.items() if np.size(v) <= MOST_TYPED and np.asarray(v).dtype.kind in "fiu"}
    return [{"name": n, "text": _typed(v), "long": bool(np.ndim(v))} for n, v in shown.items()]


def _typed(v: Any) -> str:
    return repr(float(v)) if np.ndim(v) == 0 else str(np.asarray(v).tolist())


def _wide(run: Run, glyphs: Glyphs, tickets: Mapping[tuple[str, str], tuple[str, str]]) -> Drawing:
    """Left to right; broken into lines where one line would have to be scrolled far."""
    made = drawing(run, glyphs=glyphs, tickets=tickets, groups={})
    return made if made.size[0] <= LINE else drawing(run, glyphs=glyphs, tickets=tickets, groups={}, wrap=PAGE)


def _listing(run: Run) -> tuple[list[str], dict[str, int]]:
    """(lines of source, a variable's name -> the row that makes it). Without source the call stands for all."""
    if not run.code:
        return [f"{run.name}({', '.join(run.inputs)})"], dict.fromkeys(run.variables, 0)
    row = {number: k for k, (number, _) in enumerate(run.code)}
    start = next((k for k, (_, text) in enumerate(run.code) if text.lstrip().startswith(f"def {run.name}")), 0)
    return [text for _, text in run.code], {v.name: row.get(v.line, start) for v in run.variables.values()}


def _point(run: Run) -> str:
    """x = 2,  z = 3."""
    told = [f"{n} = {digits(v, 4)}" if np.ndim(v) == 0 else f"{n} {shape_text(v)}" for n, v in run.inputs.items()]
    return ",  ".join(told) if sum(map(len, told)) + 3 * len(told) < LONGEST else f"{len(told)} inputs"
