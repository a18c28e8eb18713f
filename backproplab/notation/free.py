"""Formulas whose names nobody listed: every word in them that is no function is a name."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..engine.expressions import Expression
from .reader import read
from .tokens import tokens
from .typed import head_of

NO_NAMES = ("np", "numpy", "True", "False", "None", "pi", "π", "axis", "keepdims", "shape")


def names_in(formula: str, known: Iterable[str] = ()) -> list[str]:
    """The names that stand in a formula, in their order. `known` names may hold an underscore: dy_du.

    Raises
    ------
    FormulaError
        When it is empty, too long, too deep, or holds a character that means nothing here.

    Examples
    --------
    >>> names_in("x.T @ np.exp(Q) x^T / 2")
    ['x', 'Q']
    """
    known = list(known)
    found: list[str] = []
    before = ""
    for token in tokens(formula, known):
        other = token.text in NO_NAMES or head_of(token.text) is not None or token.text == "T" and before in ("^", "**")
        if token.kind == "name" and before != "." and (token.text in known or not other) and token.text not in found:
            found.append(token.text)
        before = token.text
    return found


def read_freely(formula: str, ndim: Callable[[str], int], given: Mapping[str, int] | None = None) -> Expression:
    """Read a formula, with whatever names stand in it.

    Parameters
    ----------
    formula : str
    ndim : callable
        A name -> how many axes it has.
    given : mapping of str to int, optional
        Names whose number of axes is known.

    Raises
    ------
    FormulaError
        As `read`.
    """
    names = [n for n in names_in(formula, given or ()) if n != "e" or (given or {}).get("e") is not None]
    return read(formula, names, {n: (given or {}).get(n, ndim(n)) for n in names})
