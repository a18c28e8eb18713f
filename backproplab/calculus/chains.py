"""In which order? The chain rule of y = g(u), u = h(x), where x and u are vectors and y is a number, tried with matrices.

Every form that somebody may write is multiplied, with vectors of different lengths and of equal ones: most do not even conform, and
of those that do, one is right. In numerator layout factors stand as Leibniz writes them, in denominator layout the other way round.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, listed
from ..engine.expressions import Expression, symbols
from ..engine.jacobian import jacobian
from .checking import close
from .reading import expression, value
from .shapes import checked_layout
from .words import cut

NAMES = ("dy_du", "du_dx")
RIGHT = {"numerator": "dy_du @ du_dx", "denominator": "du_dx @ dy_du"}
# What a lecture lets its students choose from, in denominator layout; F is "none of the above".
OPTIONS: Mapping[str, str] = {"A": "dy_du @ du_dx", "B": "dy_du.T @ du_dx", "C": "dy_du @ du_dx.T", "D": "dy_du.T @ du_dx.T",
                              "E": "(dy_du @ du_dx).T"}
NONE = "F"                                # none of the others
LENGTHS = ((3, 2), (2, 2))                # of x and u: different first, then equal ones, where only numbers tell


@dataclass(frozen=True, slots=True, repr=False)
class ChainCheck:
    """What became of a form of the chain rule.

    Attributes
    ----------
    claimed, layout : str
    holds : bool
        Also its truth value.
    why : str
    mistake : str
        "conform", "layout", "order", "unreadable" or "".
    """

    claimed: str
    layout: str
    holds: bool
    why: str
    mistake: str

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return f"dy/dx = {cut(self.claimed)} in {self.layout} layout: {'right' if self.holds else 'not so'}\n{self.why}"


def check_chain(claimed: Any, layout: str | None = None) -> ChainCheck:
    """Try a form of the chain rule.

    Parameters
    ----------
    claimed : str
        In the names dy_du and du_dx, such as "du_dx @ dy_du"; or a letter of `OPTIONS`, or "F": none of these.
    layout : str, optional
        "numerator" or "denominator"; by default the session's.

    Returns
    -------
    ChainCheck

    Raises
    ------
    UnknownNameError
        For another layout.

    Examples
    --------
    >>> check_chain("dy_du @ du_dx", "denominator")
    dy/dx = dy_du @ du_dx in denominator layout: not so
    dy_du is 2 × 1, du_dx is 3 × 2: they do not conform. dy/dx must be 3 × 1.
    >>> bool(check_chain("du_dx @ dy_du", "denominator"))
    True
    """
    layout = checked_layout(layout)
    if isinstance(claimed, str) and claimed.strip().upper() == NONE:
        return _none_of_them(layout)
    text = OPTIONS.get(claimed.strip().upper(), claimed) if isinstance(claimed, str) else claimed
    said = text if isinstance(text, str) else repr(text)
    try:
        e = expression(text, dict.fromkeys(NAMES, 2), "the chain rule")
    except BackpropError as error:
        return ChainCheck(said, layout, False, f"It cannot be read: {error.came_in}. {error.instead}", "unreadable")
    strange = [n for n in symbols(e) if n not in NAMES]
    if strange:
        return ChainCheck(said, layout, False, f"{strange[0]} is not a name here: write it with dy_du and du_dx.", "unreadable")
    for p, k in LENGTHS:
        found = _tried(e, layout, p, k)
        if found is not None:
            return ChainCheck(said, layout, False, *found)
    return ChainCheck(said, layout, True, "Shape and numbers agree, with vectors of different lengths and of equal ones.", "")


def _none_of_them(layout: str) -> ChainCheck:
    """The last option: right when every other one fails."""
    held = [letter for letter in OPTIONS if check_chain(letter, layout)]
    if held:
        return ChainCheck("none of these", layout, False, f"{held[0]} holds: {OPTIONS[held[0]]}.", "none")
    return ChainCheck("none of these", layout, True, f"{listed(list(OPTIONS))} fail, each when it is multiplied. It is {RIGHT[layout]}.", "")


def _tried(e: Expression, layout: str, p: int, k: int) -> tuple[str, str] | None:
    """(why it is wrong, what it looks like) for x of length p and u of length k; None when it is right there."""
    draw = np.random.RandomState(10 * p + k)
    a, b, x = draw.uniform(0.5, 2, (k, p)), draw.uniform(0.5, 2, k), draw.uniform(0.5, 2, p)

    def h(x: Any) -> Any:
        return np.tanh(a @ x)
    parts = {"dy_du": jacobian(lambda u: b @ (u * u), h(x)).reshape(1, k), "du_dx": jacobian(h, x)}
    want = jacobian(lambda x: b @ (h(x) * h(x)), x).reshape(1, p)
    if layout == "denominator":
        parts, want = {n: j.T for n, j in parts.items()}, want.T
    shapes = ", ".join(f"{n} is {_by(parts[n].shape)}" for n in NAMES)
    try:
        found = np.asarray(value(e, parts), float)
    except BackpropError:
        return f"{shapes}: they do not conform. dy/dx must be {_by(want.shape)}.", "conform"
    if close(found, want):
        return None
    if found.shape == want.T.shape and close(found.T, want):
        return f"The numbers are right, the shape is {_by(found.shape)}, the other layout's. dy/dx must be {_by(want.shape)}.", "layout"
    if found.shape != want.shape:
        return f"{shapes}: the product is {_by(found.shape)}, and dy/dx must be {_by(want.shape)}.", "conform"
    return f"With x and u both of length {p} it conforms, but the numbers are wrong: equal sizes hide the wrong order.", "order"


def _by(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a number"
