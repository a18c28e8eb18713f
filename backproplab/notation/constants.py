"""Constants of a program as layouts: numbers, short arrays written out, shapes, indices."""
from __future__ import annotations

from typing import Any

import numpy as np

from .layout import Atom, Brackets, Layout, Row, Script, row, sign
from .numerals import number, numbers

SHOWN = 6                                 # entries of a constant array that are written out


def constant(value: Any, n: int) -> Layout:
    """A constant of the program: a number, a short array written out, a long one by its shape."""
    if isinstance(value, (np.ndarray, list)) and np.ndim(value):
        shape = np.shape(value)
        if np.size(value) <= SHOWN and np.size(value):
            return numbers(np.asarray(value).tolist(), "", n)
        return Script(Atom("array", "word"), sub=crossed(shape).body)
    if isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        return number(np.asarray(value)[()], "", n)
    if isinstance(value, tuple):
        parts: list[Layout] = []
        for v in value:
            parts += [sign(","), constant(v, n)] if parts else [constant(v, n)]
        return Brackets(Row(tuple(parts)))
    return Atom(str(value), "word" if str(value).isalnum() else "mono")


def crossed(shape: tuple[int, ...]) -> Brackets:
    """A shape, [2×3]."""
    parts: list[Layout] = []
    for size in shape:
        parts += [sign("×"), Atom(str(size), "number")] if parts else [Atom(str(size), "number")]
    return Brackets(row(parts) if parts else Row(()), "[]")


def key(value: Any) -> Layout:
    """An index as the reader knows it from NumPy: 0, 1:3, or several with commas."""
    parts: list[Layout] = []
    for k, part in enumerate(value if isinstance(value, tuple) else (value,)):
        parts += [sign(",")] if k else []
        if isinstance(part, slice):
            ends = [part.start, part.stop] + ([] if part.step is None else [part.step])
            for j, end in enumerate(ends):
                parts += ([sign(":")] if j else []) + ([] if end is None else [number(end, "")])
        elif part is Ellipsis:
            parts.append(sign("…"))
        else:
            parts.append(constant(part, 6))
    return row(parts) if parts else Row(())
