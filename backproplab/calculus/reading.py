"""Typed formulas in this room. The reader of formulas lives in a room above, so it comes by way of the engine's hooks."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.errors import InputError
from ..engine.expressions import Expression
from ..engine.hooks import hooks
from .inferring import usual_ndim


def expression(given: Any, ndims: Mapping[str, int], what: str) -> Expression:
    """An Expression as it is; text, read.

    Raises
    ------
    InputError
        For anything else.
    FormulaError
        When the text cannot be read: it says where.
    """
    if isinstance(given, Expression):
        return given
    if not isinstance(given, str):
        raise InputError(f"reading {what}", f"it is a {type(given).__name__}", 'Write a formula as text, such as "B.T @ x".')
    found: Expression = hooks["read_formula"](given, usual_ndim, ndims)
    return found


def value(e: Expression, scope: Mapping[str, Any]) -> Any:
    """What a typed expression stands for, computed from a list of functions and with a bound on its size."""
    return hooks["formula_value"](e, scope)
