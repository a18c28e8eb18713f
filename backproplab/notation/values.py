"""The value of an expression that somebody typed: computed step by step from a list of functions, with a bound on its size.

`engine.expressions.evaluate` is for expressions that this package wrote.
"""
from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..engine.errors import BackpropError
from ..engine.expressions import Call, Constant, Expression, Symbol, text
from ..engine.rules import OPERATIONS
from .tokens import FormulaError

LARGEST = 1_000_000                       # entries of any array on the way
_OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow, "@": operator.matmul, "neg": operator.neg,
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, "index": operator.getitem}
_FUNCTIONS = ("exp log sin cos tan sinh cosh tanh arcsin arccos arctan sqrt abs absolute square sign sum mean max min maximum minimum where outer "
              "transpose reshape diag zeros ones eye stack concatenate prod broadcast_to expand_dims squeeze ravel swapaxes zeros_like "
              "ones_like array trace")
ALLOWED: dict[str, Callable[..., Any]] = {**_OPERATORS, **{f"np.{f}": getattr(np, f) for f in _FUNCTIONS.split()}}


def value(e: Expression, scope: Mapping[str, Any]) -> Any:
    """The number or array that a typed expression stands for.

    Parameters
    ----------
    e : Expression
        From `read`.
    scope : mapping of str to value

    Returns
    -------
    float64 or ndarray

    Raises
    ------
    FormulaError
        When shapes do not fit, or a result would be too large, in the words of the formula.
    """
    with np.errstate(all="ignore"):
        return _value(e, scope)


def _value(e: Expression, scope: Mapping[str, Any]) -> Any:
    if isinstance(e, Symbol):
        return scope[e.name]
    if isinstance(e, Constant):
        v = e.value
        return np.float64(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else v
    assert isinstance(e, Call)
    if e.head == "index":
        args = [_value(e.args[0], scope), _key(e.args[1], scope)]
    elif e.head in ("list", "tuple"):
        return _array([_value(a, scope) for a in e.args], e)
    elif e.head in ("np.concatenate", "np.stack") and isinstance(e.args[0], Call) and e.args[0].head in ("list", "tuple"):
        args = [[_value(a, scope) for a in e.args[0].args]]
    else:
        args = [_value(a, scope) for a in e.args]
    keywords = {k: v.value for k, v in e.keywords if isinstance(v, Constant)}
    if e.head == ".T":
        return np.transpose(args[0])
    if e.head in ("np.zeros", "np.ones", "np.eye"):
        args = [_size(a, e) for a in args]
    function = ALLOWED.get(e.head) or OPERATIONS.get(e.head)
    if function is None:
        raise FormulaError(f"computing `{text(e)}`", f"{e.head} is not on the list of functions", "Use the functions of the lessons.")
    _bounded(e, args)
    try:
        made = function(*args, **keywords)
    except BackpropError:
        raise
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise FormulaError(f"computing `{text(e)}`", f"{_shapes(e, args)} came in", _why(e, args, error)) from None
    return made


def _key(e: Expression, scope: Mapping[str, Any]) -> Any:
    """An index: constants stay what they are."""
    if isinstance(e, Constant):
        return e.value
    return tuple([_key(a, scope) for a in e.args]) if isinstance(e, Call) and e.head == "tuple" else _value(e, scope)


def _array(items: list[Any], e: Expression) -> Any:
    if len({np.shape(i) for i in items}) > 1:
        raise FormulaError(f"computing `{text(e)}`", f"its entries have the shapes {', '.join(str(np.shape(i)) for i in items)}",
                           "All entries of an array must have one shape.")
    return np.array(items)


def _size(a: Any, e: Expression) -> Any:
    shape = tuple(int(n) for n in np.atleast_1d(a))
    if any(n < 0 for n in shape) or math.prod(shape) ** (2 if e.__class__ is Call and e.head == "np.eye" else 1) > LARGEST:
        raise FormulaError(f"computing `{text(e)}`", f"it would have {math.prod(shape):,} rows or entries",
                           f"At most {LARGEST:,} entries are computed.")
    return shape[0] if isinstance(e, Call) and e.head == "np.eye" else shape


def _bounded(e: Call, args: list[Any]) -> None:
    """Refuse what would be too large, before it is computed."""
    shapes = [np.shape(a) for a in args if not isinstance(a, (tuple, list, slice)) and a is not None and a is not Ellipsis]
    size = 0
    if e.head == "np.outer" and len(shapes) == 2:
        size = math.prod(shapes[0]) * math.prod(shapes[1])
    elif e.head == "@" and len(shapes) == 2 and shapes[0] and shapes[1]:
        size = math.prod(shapes[0][:-1]) * (shapes[1][-1] if len(shapes[1]) > 1 else 1)
    elif e.head == "np.diag" and shapes and len(shapes[0]) == 1:
        size = shapes[0][0] ** 2
    elif e.head in ("+", "-", "*", "/", "**", "np.maximum", "np.minimum", "np.where", ">", "<", ">=", "<=", "==", "!="):
        longest = max(shapes, key=len, default=())
        size = math.prod(max((s[len(s) - k] for s in shapes if len(s) >= k), default=1) for k in range(1, len(longest) + 1))
    elif e.head == "np.broadcast_to":
        size = math.prod(int(n) for k, v in e.keywords if k == "shape" and isinstance(v, Constant) for n in np.atleast_1d(v.value))
    if size > LARGEST:
        raise FormulaError(f"computing `{text(e)}`", f"it would have {size:,} entries", f"At most {LARGEST:,} entries are computed.")


def _shapes(e: Call, args: list[Any]) -> str:
    said = [f"{text(a)} of shape {np.shape(v)}" if np.ndim(v) else f"the number {text(a)}" for a, v in zip(e.args, args, strict=False)
            if not isinstance(v, (slice, tuple)) and v is not None and v is not Ellipsis and e.head != "index" or a is e.args[0]]
    return " and ".join(said)


def _why(e: Call, args: list[Any], error: Exception) -> str:
    if e.head == "@":
        if any(np.ndim(a) == 0 for a in args):
            return "A number is multiplied with *, @ is for arrays."
        return "The last axis of the left factor must be as long as the first axis of the right one: change the order, or transpose."
    if e.head in ("+", "-", "*", "/", "**", "np.maximum", "np.minimum", "np.where"):
        return "Entry by entry, the shapes must be equal, or one of them must have 1 where they differ."
    if e.head == "index":
        return "That entry does not exist: indices start at 0 and end below the length."
    return f"NumPy says: {error}."
