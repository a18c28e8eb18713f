"""A formula as a book means it: every vector a column. NumPy's vectors of one axis are neither rows nor columns, so a transpose does
nothing to them, and a formula in the wrong layout gives the right numbers. Here it does not.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..engine.errors import BackpropError
from ..engine.expressions import Call, Constant, Expression
from .reading import value


def in_columns(e: Expression, values: Mapping[str, Any]) -> np.ndarray | None:
    """The value of a formula in which vectors are columns, of two axes or none.

    Returns
    -------
    ndarray or None
        None where its shapes do not fit in this reading.
    """
    scope = {n: np.reshape(v, (-1, 1)) if np.ndim(v) == 1 else v for n, v in values.items()}
    try:
        made = np.asarray(value(_columns(e), scope), float)
    except (BackpropError, TypeError, ValueError):
        return None
    return np.reshape(made, (-1, 1)) if made.ndim == 1 else made


def in_numpy(e: Expression, values: Mapping[str, Any]) -> np.ndarray | None:
    """The value of a formula as NumPy takes it; None where its shapes do not fit."""
    try:
        return np.asarray(value(e, values), float)
    except (BackpropError, TypeError, ValueError):
        return None


def _columns(e: Expression) -> Expression:
    if not isinstance(e, Call):
        return e
    args = tuple(_columns(a) for a in e.args)
    if e.head == "np.diag":
        return Call("np.diag", (Call("np.ravel", args),))
    if e.head in ("np.ones", "np.zeros", "np.broadcast_to"):
        flat = [Constant(n) for n in _lengths(e)]
        if len(flat) == 1:
            return Call("np.reshape", (Call(e.head, e.args, e.keywords), Constant((-1, 1)))) if e.head != "np.broadcast_to" else Call(
                "*", (args[0], Call("np.ones", (Constant((int(flat[0].value), 1)),))))
    return Call(e.head, args, e.keywords)


def _lengths(e: Call) -> tuple[int, ...]:
    """The shape that np.ones, np.zeros or np.broadcast_to is given, where it is a constant."""
    given = (e.args[1] if len(e.args) > 1 else dict(e.keywords).get("shape")) if e.head == "np.broadcast_to" else e.args[0]
    if not isinstance(given, Constant):
        return ()
    return tuple(int(n) for n in np.atleast_1d(given.value))
