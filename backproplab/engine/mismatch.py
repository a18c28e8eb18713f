"""Shapes that do not fit, explained with the author's names: which axes met, and what would fit."""
from __future__ import annotations

import sys
from typing import Any

import numpy as np

from . import naming
from .errors import BackpropError, ShapeError, TraceError, quoted_line
from .rules import Operation
from .wording import called, written


def shapes_met(inputs: tuple[Any, ...], values: list[Any]) -> str:
    """'X has shape (3, 4), W is a single number'."""
    found = []
    for v, value in zip(inputs, values, strict=True):
        shape = np.shape(value)
        found.append(f"{called(v)} has shape {shape}" if shape else f"{called(v)} is a single number")
    return ", ".join(dict.fromkeys(found))


def refusal(op: Operation, inputs: tuple[Any, ...], values: list[Any], constants: dict[str, Any], frame: Any) -> None:
    """Raise where the operation itself refuses the shapes.

    Raises
    ------
    ShapeError
    """
    assert op.refuse is not None
    reason = op.refuse(*values, **constants)
    if reason:
        names = [getattr(v, "label", None) or n for v, n in zip(inputs, op.inputs * len(inputs), strict=False)]
        met = shapes_met(inputs, values) if any(hasattr(v, "label") for v in inputs) else \
            ", ".join(f"{n} has shape {np.shape(v)}" for n, v in zip(op.inputs, values, strict=False))
        raise ShapeError(f"computing {written(op, inputs, constants)}{quoted_line(frame)}", met, reason.format(*names))


def shape_error(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], error: Exception, frame: Any) -> BackpropError:
    """What to raise when an operation cannot be computed."""
    if any(map(holds_traced, constants.values())):
        return traced_constant(op, constants)
    attempted = f"computing {written(op, inputs, constants)}{quoted_line(frame)}"
    values = [getattr(v, "value", v) for v in inputs]
    shapes = [np.shape(v) for v in values]
    names = [called(v) for v in inputs]
    came_in = shapes_met(inputs, values)
    if isinstance(error, (TypeError, OverflowError)):
        return TraceError(attempted, came_in, f"Python says: {str(error).rstrip('.')}.")
    if isinstance(error, IndexError) and op.name == "getitem" and len(values) > 1 and any(np.asarray(v).dtype.kind == "f" for v in values[1:]):
        which = next(n for n, v in zip(names[1:], values[1:], strict=True) if np.asarray(v).dtype.kind == "f")
        return TraceError(attempted, came_in, f"{which} holds real numbers, and an index is a whole number: hand it in as an integer array, such as "
                          f"np.array(2) or np.array([0, 2]), or use it without making it an input.")
    if op.name in ("matmul", "dot") and len(shapes) == 2:
        return ShapeError(attempted, came_in, product_advice(names, shapes))
    if len(shapes) == 2 and op.name != "getitem" and not op.variadic and clashing(*shapes):
        return ShapeError(attempted, came_in, broadcast_advice(names, shapes))
    return ShapeError(attempted, came_in, f"NumPy says: {str(error).rstrip('.')}.")


def traced_constant(op: Operation, constants: dict[str, Any]) -> TraceError:
    """For axis=k, shape=(n, 3) or x[:k] with a traced k."""
    named = next(((n, v) for n, v in constants.items() if holds_traced(v)), ("a constant", None))
    line = quoted_line(naming.author_frame(sys._getframe(1)))
    what = "indexing" if op.name == "getitem" else f"computing {op.spelling}"
    if op.variadic and not op.leading and op.name != "getitem":          # np.stack(x, y) for np.stack([x, y])
        instead = f"Its arrays come together in one list: {op.spelling}([a, b]), with {named[0]} after it."
    else:
        usual = op.defaults.get(named[0])
        plain = f"a plain value such as {usual!r}" if isinstance(usual, str) and usual else "a plain number"
        instead = f"{named[0]} is fixed when the graph is recorded, and has no gradient: write {plain} there, and do not make it an input of the " \
            "function."
    return TraceError(f"{what} with {named[0]}={named[1]!r}{line}", f"{named[0]} holds a traced value", instead)


def holds_traced(v: Any) -> bool:
    """Is v traced, or something inside it?"""
    if isinstance(v, slice):
        v = (v.start, v.stop, v.step)
    return any(map(holds_traced, v)) if isinstance(v, (tuple, list)) else hasattr(v, "home")


def product_advice(names: list[str], shapes: list[tuple[int, ...]]) -> str:
    (a, b), (x, y) = shapes, names
    if not a or not b:
        single = x if not a else y
        return f"A product of matrices needs arrays on both sides, and {single} is a single number: write *."
    facing = b[-2] if len(b) > 1 else b[0]
    which = "first" if len(b) < 3 else "second to last"
    why = f"Rows times columns: the last axis of {x} ({a[-1]}) must be as long as the {which} axis of {y} ({facing})."
    fits = []
    if len(b) == 2 and a[-1] == b[1]:
        fits.append(f"{x} @ {y}.T")
    if len(a) == 2 and a[0] == facing:
        fits.append(f"{x}.T @ {y}")
    if facing_of(b, a):
        fits.append(f"{y} @ {x}")
    if a == b:
        fits.append(f"{x} * {y} (entry by entry)")
    return f"{why} {'These shapes would fit: ' + ', '.join(fits) + '.' if fits else 'Check the shapes of both.'}"


def facing_of(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Could a @ b be computed?"""
    return bool(a and b) and a[-1] == (b[-2] if len(b) > 1 else b[0])


def clashing(a: tuple[int, ...], b: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """[(axis counted from the right, its length in a, in b)] where two shapes do not broadcast."""
    return [(k, m, n) for k, (m, n) in enumerate(zip(reversed(a), reversed(b), strict=False), 1) if m != n and 1 not in (m, n)]


def broadcast_advice(names: list[str], shapes: list[tuple[int, ...]]) -> str:
    (a, b), (x, y) = shapes, names
    k, m, n = clashing(a, b)[0]
    why = (f"Shapes are compared from the right, and each pair of lengths must be equal or hold a 1: {'last' if k == 1 else f'{k}. from the right'}, "
           f"{m} meets {n}")
    fits = []
    if len(a) > len(b) and b == a[:len(b)]:
        fits.append(f"{y}[:, None]" if len(b) == 1 and len(a) == 2 else f"{y} with an axis added at its end")
    if len(b) > len(a) and a == b[:len(a)]:
        fits.append(f"{x}[:, None]" if len(a) == 1 and len(b) == 2 else f"{x} with an axis added at its end")
    if len(a) == len(b) == 2 and a == b[::-1]:
        fits.append(f"{y}.T")
    return f"{why}. {'What would fit: ' + ', '.join(fits) + '.' if fits else 'Check the shapes of both.'}"
