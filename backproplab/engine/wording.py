"""A node's operation as its author would write it, for messages: X @ W, np.sum(x, axis=0)."""
from __future__ import annotations

from typing import Any

import numpy as np

from .expressions import Call, Constant, Expression, Symbol, same, text
from .rules import Operation

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
    first = tuple([Constant(constants[k]) for k in op.leading])
    changed = tuple([(k, Constant(v)) for k, v in constants.items() if k not in op.leading and not same(v, op.defaults.get(k))])
    return Call(op.spelling, first + args if first or not op.variadic else (Call("list", args),), changed)


def _operand(v: Any, depth: int) -> Expression:
    name = getattr(v, "name", None)
    if name:
        return Symbol(name)
    if hasattr(v, "op"):
        return Symbol("(...)") if depth >= DEEPEST or v.op is None else _expression(v.op, v.inputs, v.constants or {}, depth + 1)
    return Symbol("array") if isinstance(v, np.ndarray) and v.ndim else Constant(v)


def called(v: Any) -> str:
    """What a message calls an input of an operation: by the author's name, or as it is written; a number by itself."""
    label = getattr(v, "label", None)
    return label or ("array" if np.ndim(v) else text(Constant(v)))
