"""Typed formulas in this room. The reader of formulas lives in a room above, so it comes by way of the engine's hooks."""
from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

from ..engine.errors import InputError, listed
from ..engine.expressions import Expression, symbols
from ..engine.hooks import hooks
from .inferring import usual_ndim
from .words import named_type


def expression(given: Any, ndims: Mapping[str, int], what: str) -> Expression:
    """An Expression as it is; text, read.

    Raises
    ------
    InputError
        For anything else, and where a name is a word of Python's own.
    FormulaError
        When the text cannot be read: it says where.
    """
    if isinstance(given, Expression):
        return given
    if not isinstance(given, str):
        raise InputError(f"reading {what}", f"it is {named_type(given)}", 'Write a formula as text, such as "B.T @ x".')
    found: Expression = hooks["read_formula"](given, usual_ndim, ndims)
    taken = [n for n in dict.fromkeys(symbols(found)) if keyword.iskeyword(n)]
    if taken:                                                            # it could be read, but not computed
        raise InputError(f"reading {what}", f"{listed(taken)} belong{'s' if len(taken) == 1 else ''} to Python's own words",
                         f"Choose another name, such as {taken[0]}_.")
    return found


def value(e: Expression, scope: Mapping[str, Any]) -> Any:
    """What a typed expression stands for, computed from a list of functions and with a bound on its size."""
    return hooks["formula_value"](e, scope)
