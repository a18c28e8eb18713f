"""Shapes that do not fit, explained with the author's names: which axes met, and what would fit."""
from __future__ import annotations

from typing import Any

import numpy as np

from .errors import BackpropError, ShapeError, TraceError, quoted_line
from .expressions import Call, Constant, Symbol, text
from .rules import Operation


def written(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any]) -> str:
    """The operation as the author would write it: X @ W."""
    names = [getattr(v, "name", None) or ("(...)" if hasattr(v, "op") else str(v)) for v in inputs]
    head = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "**"}.get(op.name)
    if head and len(names) == 2:
        return f"{names[0]} {head} {names[1]}"
    if op.name == "getitem":
        return text(Call("index", (Symbol(names[0]), Constant(constants["key"]))))
    return text(Call(f"np.{op.functions[0].__name__}" if op.functions else op.name, tuple([Symbol(n) for n in names])))


def shape_error(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], error: Exception, frame: Any) -> BackpropError:
    """What to raise when an operation cannot be computed."""
    attempted = f"computing {written(op, inputs, constants)}{quoted_line(frame)}"
    shapes = [np.shape(getattr(v, "value", v)) for v in inputs]
    names = [getattr(v, "label", None) or "a number" for v in inputs]
    came_in = ", ".join(f"{n} has shape {s}" if s else f"{n} is a single number" for n, s in zip(names, shapes, strict=True))
    if isinstance(error, TypeError):
        return TraceError(attempted, came_in, f"NumPy says: {error}.")
    if op.name == "matmul" and len(shapes) == 2:
        return ShapeError(attempted, came_in, product_advice(names, shapes))
    if len(shapes) == 2 and op.name != "getitem":
        return ShapeError(attempted, came_in, broadcast_advice(names, shapes))
    return ShapeError(attempted, came_in, f"NumPy says: {str(error).rstrip('.')}.")


def product_advice(names: list[str], shapes: list[tuple[int, ...]]) -> str:
    (a, b), (x, y) = shapes, names
    if not a or not b:
        single = x if not a else y
        return f"A product of matrices needs arrays on both sides, and {single} is a single number: write *."
    facing = b[-2] if len(b) > 1 else b[0]
    why = f"Rows times columns: the last axis of {x} ({a[-1]}) must be as long as the {'first' if len(b) < 3 else 'second to last'} axis of {y} ({facing})."
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


def broadcast_advice(names: list[str], shapes: list[tuple[int, ...]]) -> str:
    (a, b), (x, y) = shapes, names
    clash = [(k, m, n) for k, (m, n) in enumerate(zip(reversed(a), reversed(b), strict=False), 1) if m != n and 1 not in (m, n)]
    why = "Shapes are compared from the right, and each pair of lengths must be equal or hold a 1"
    if clash:
        k, m, n = clash[0]
        why += f": {'last' if k == 1 else f'{k}. from the right'}, {m} meets {n}"
    fits = []
    if len(a) > len(b) and b == a[:len(b)]:
        fits.append(f"{y}[:, None]" if len(b) == 1 and len(a) == 2 else f"{y} with an axis added at its end")
    if len(b) > len(a) and a == b[:len(a)]:
        fits.append(f"{x}[:, None]" if len(a) == 1 and len(b) == 2 else f"{x} with an axis added at its end")
    if len(a) == len(b) == 2 and a == b[::-1]:
        fits.append(f"{y}.T")
    return f"{why}. {'What would fit: ' + ', '.join(fits) + '.' if fits else 'Check the shapes of both.'}"
