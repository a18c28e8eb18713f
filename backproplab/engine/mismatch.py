"""Shapes that do not fit, explained with the author's names: which axes met, and what would fit."""
from __future__ import annotations

from typing import Any

import numpy as np

from .errors import BackpropError, ShapeError, TraceError, quoted_line
from .expressions import Call, Constant, Expression, Symbol, same, text
from .rules import Operation, written_name

OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "**", "greater": ">", "less": "<",
             "greater_equal": ">=", "less_equal": "<=", "equal": "==", "not_equal": "!=", "negative": "neg"}
DEEPEST = 2                       # levels of unnamed sub-expressions that a message shows


def written(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any]) -> str:
    """The operation as the author would write it: X @ W."""
    return text(_expression(op, inputs, constants, 1))


def _expression(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], depth: int) -> Expression:
    args = tuple([_operand(v, depth) for v in inputs])
    if op.name in OPERATORS:
        return Call(OPERATORS[op.name], args)
    if op.name == "getitem":
        key = constants["key"]
        return Call("index", (args[0], Constant(key if len(args) == 1 else Ellipsis)))
    if op.name == "transpose" and constants.get("axes") is None:
        return Call(".T", args)
    head = written_name(op.functions[0]) if op.functions else f"bl.{op.name}"
    changed = tuple([(k, Constant(v)) for k, v in constants.items() if not same(v, op.defaults.get(k))])
    return Call(head, (Call("list", args),) if op.variadic else args, changed)


def _operand(v: Any, depth: int) -> Expression:
    name = getattr(v, "name", None)
    if name:
        return Symbol(name)
    if hasattr(v, "op"):
        return Symbol("(...)") if depth >= DEEPEST or v.op is None else _expression(v.op, v.inputs, v.constants or {}, depth + 1)
    return Symbol("array") if isinstance(v, np.ndarray) and v.ndim else Constant(v)


def shapes_met(inputs: tuple[Any, ...], values: list[Any]) -> str:
    """'X has shape (3, 4), W is a single number'."""
    found = []
    for v, value in zip(inputs, values, strict=True):
        label, shape = getattr(v, "label", None) or "a number", np.shape(value)
        found.append(f"{label} has shape {shape}" if shape else f"{label} is a single number")
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
    attempted = f"computing {written(op, inputs, constants)}{quoted_line(frame)}"
    values = [getattr(v, "value", v) for v in inputs]
    shapes = [np.shape(v) for v in values]
    names = [getattr(v, "label", None) or "a number" for v in inputs]
    came_in = shapes_met(inputs, values)
    if isinstance(error, TypeError):
        return TraceError(attempted, came_in, f"NumPy says: {str(error).rstrip('.')}.")
    if isinstance(error, IndexError) and op.name == "getitem" and len(values) > 1 and any(np.asarray(v).dtype.kind == "f" for v in values[1:]):
        which = next(n for n, v in zip(names[1:], values[1:], strict=True) if np.asarray(v).dtype.kind == "f")
        return TraceError(attempted, came_in, f"{which} holds real numbers, and an index is a whole number: hand it in as an integer array, such as "
                          f"np.array(2) or np.array([0, 2]), or use it without making it an input.")
    if op.name == "matmul" and len(shapes) == 2:
        return ShapeError(attempted, came_in, product_advice(names, shapes))
    if len(shapes) == 2 and op.name != "getitem" and not op.variadic:
        return ShapeError(attempted, came_in, broadcast_advice(names, shapes))
    return ShapeError(attempted, came_in, f"NumPy says: {str(error).rstrip('.')}.")


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
