"""Asks about arrays: the shape, one entry, a row."""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...engine.folding import Variable
from ..matching import TOLERANCE
from ..screening import Wrong, number, screened
from ..sentences import quoted, shown
from .material import MOST, Ask, Material
from .numbers import gradient_hints, size, wrong_gradients

ENTRIES = 24                              # entries looked at for the one that tells most mistakes apart
WIDEST = 6                                # entries of a row that is asked

Index = tuple[int, ...]


def array_asks(m: Material, v: Variable, phase: str) -> Iterator[Ask | None]:
    """Shape, entry and row of an array's value or gradient."""
    name = quoted(v.name)
    if phase == "forward":
        assert v.expression is not None
        what, array, wrong = f"{name}", v.value, list(m.wrong_values(v))
        hints = ["Which entries of the inputs make this one?", f"{name} = {m.formula(v.expression)}", shapes_told(m, v)]
        yield shape_ask(v, f"What shape is {name}?", f"Look at the shapes that meet in the line of {name}.", hints,
                        [(np.shape(m.run.values.get(n, 0)), "That is the shape of an input.") for n in v.inputs])
    else:
        what, array, wrong, hints = f"the gradient of {name}", v.gradient, wrong_gradients(m, v), gradient_hints(m, v)
        rule = f"A gradient has the shape of its variable: one number for each entry of {name}."
        yield shape_ask(v, f"What shape is the gradient of {name}?", rule, hints,
                        [(np.shape(c.upstream), "That is the shape that comes in from upstream.") for c in v.uses])
    yield entry_ask(m, v, np.asarray(array), [w for w in wrong if np.shape(w.value) == v.shape], what, hints)
    yield row_ask(m, v, np.asarray(array), [w for w in wrong if np.shape(w.value) == v.shape], what, hints)


def shape_ask(v: Variable, question: str, rule: str, hints: list[str], others: list[tuple[Index, str]]) -> Ask:
    kept: dict[Index, str] = {}
    for wrong, why in [(v.shape[::-1], "That is transposed."), *others, ((), "That is the shape of a single number.")]:
        if wrong != v.shape:
            kept.setdefault(wrong, why)
    return {"kind": "shape", "of": v.name, "question": question, "answer": list(v.shape),
            "wrong": [{"value": list(s), "why": why, "action": rule} for s, why in kept.items()], "hints": [rule, *hints[1:]]}


def entry_ask(m: Material, v: Variable, array: Any, wrong: list[Wrong], what: str, hints: list[str]) -> Ask | None:
    at = telling(array, [w.value for w in wrong])
    if at is None:
        return None
    mine = [Wrong(np.float64(w.value[at]), w.family, w.reason.replace(_opening(w), shown(w.value[at])), w.action) for w in wrong]
    if array.ndim == 2 and at[0] != at[1] and at[1] < array.shape[0] and at[0] < array.shape[1]:
        other = np.float64(array[at[::-1]])
        why = f"{shown(other)} is the entry [{at[1]}, {at[0]}]: row and column are exchanged."
        mine.append(Wrong(other, "exchanged", why, "The row comes first."))
    found = m.ask("entry", v, f"What is entry [{', '.join(map(str, at))}] of {what}?", np.float64(array[at]), mine, hints)
    return found and found | {"at": list(at), "cell": cell(at, array.shape)}


def row_ask(m: Material, v: Variable, array: Any, wrong: list[Wrong], what: str, hints: list[str]) -> Ask | None:
    """A whole vector, or the row of a matrix with the largest entry; None when it is long."""
    if array.ndim not in (1, 2) or not array.size or not 2 <= array.shape[-1] <= WIDEST or not np.all(np.isfinite(array)):
        return None
    k = 0 if array.ndim == 1 else int(np.argmax(np.max(np.abs(array), axis=1)))
    cut: Any = ... if array.ndim == 1 else k
    row = array[cut]
    mine = [Wrong(w.value[cut], w.family, w.reason.replace(_opening(w), shown(w.value[cut])), w.action) for w in wrong]
    question = f"What is {what}?" if array.ndim == 1 else f"What is row {k} of {what}?"
    return {"kind": "row", "of": v.name, "question": question, "answer": number(row),
            "wrong": screened(row, mine, most=MOST // 4, named=m.named), "hints": hints, "at": [] if array.ndim == 1 else [k], "cell": [k, 0]}


def telling(array: Any, wrong: list[Any]) -> Index | None:
    """The entry at which most mistakes differ from the right number and from each other; one that is 0, 1 or -1 only for want of another."""
    best, most = None, (-1, -1)
    for flat in np.unique(np.linspace(0, array.size - 1, min(array.size, ENTRIES)).astype(int)):
        at = tuple(int(i) for i in np.unravel_index(flat, array.shape))
        told_apart = [float(array[at])]
        if not math.isfinite(told_apart[0]):
            continue
        for w in wrong:
            x = float(w[at])
            if math.isfinite(x) and all(abs(x - o) > 2 * TOLERANCE.close * max(abs(x), abs(o)) for o in told_apart):
                told_apart.append(x)
        score = (int(abs(told_apart[0]) not in (0.0, 1.0)), len(told_apart))
        if score > most:
            best, most = at, score
    return best


def cell(at: Index, shape: Index) -> list[int]:
    """(row, column) of an entry in the grid that shows an array: leading axes are flattened into rows."""
    if len(at) == 1:
        return [0, at[0]]
    return [int(np.ravel_multi_index(at[:-1], shape[:-1])), at[-1]]


def shapes_told(m: Material, v: Variable) -> str:
    """`X` is 3×2, `W` is 2×2."""
    return ", ".join(f"{quoted(n)} is {size(np.shape(m.run.values.get(n, 0)))}" for n in dict.fromkeys(v.inputs))


def _opening(w: Wrong) -> str:
    """How a reason calls the whole array, at its beginning or inside."""
    text = shown(w.value)
    capital = text[0].upper() + text[1:]
    return capital if capital in w.reason else text
