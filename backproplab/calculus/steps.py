"""The derivative as a limit, and why a computer cannot take the limit: the curve of the error over the step size.

(f(x + h) - f(x)) / h errs by h/2 times the second derivative, (f(x + h) - f(x - h)) / 2h by h²/6 times the third: *truncation*, which
shrinks with h. Each value of f is rounded to about 16 digits, and the difference is divided by h: *rounding*, which grows as h shrinks.
Between the two lies the best step.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, InputError
from ..engine.transforms import grad
from ..engine.values import shortened
from .curve import svg

EPSILON = 2.0 ** -53                      # half a unit of the last place: how far a rounded number may be off, relatively
METHODS = ("forward", "backward", "central")
ORDER = {"forward": 1, "backward": 1, "central": 2}
DECADES = 16


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step size: estimate, its error, and the two parts that theory predicts (nan where a derivative does not exist)."""

    h: float
    estimate: float
    error: float
    truncation: float
    rounding: float


@dataclass(frozen=True, slots=True, repr=False)
class StepSizes:
    """The error of finite differences over the step size.

    Attributes
    ----------
    method : str
    x, exact : float
        The point, and the derivative there by backpropagation.
    rows : tuple of StepRow
        From large steps to small ones.
    """

    method: str
    x: float
    exact: float
    rows: tuple[StepRow, ...]

    @property
    def best(self) -> StepRow:
        """The row with the smallest error."""
        return min(self.rows, key=lambda r: r.error if math.isfinite(r.error) else math.inf)

    @property
    def predicted(self) -> float:
        """The step at which both parts of the error are equally large, by theory."""
        row = self.rows[0]
        order = ORDER[self.method]
        ratio = row.rounding * row.h / (row.truncation / row.h ** order)
        return float(ratio ** (1 / (order + 1))) if ratio > 0 and math.isfinite(ratio) else math.nan

    def __repr__(self) -> str:
        lines = [f"{self.method} difference at x = {self.x:g}; the derivative is {self.exact:.6g}",
                 "h      estimate       error    truncation  rounding"]
        for r in self.rows:
            line = f"{r.h:.0e}  {r.estimate:<13.6g}  {r.error:.0e}    {r.truncation:.0e}       {r.rounding:.0e}"
            lines.append(line.replace("e-0", "e-").replace("e+0", "e+"))
        return "\n".join([*lines, f"smallest error at h = {self.best.h:.0e}"])

    def _repr_svg_(self) -> str:
        """What a notebook shows: the curve. The table is what `print` gives."""
        return svg(self)


def difference(f: Callable[[float], Any], x: float, h: float, method: str = "central") -> float:
    """One finite difference.

    Parameters
    ----------
    f : callable
        One number to one number.
    x, h : float
    method : str
        "forward", "backward" or "central".

    Returns
    -------
    float

    Raises
    ------
    InputError
        For another method, or a step that is 0 or too small to change x.

    Examples
    --------
    >>> difference(lambda x: x * x, 3.0, 0.5)
    6.0
    """
    if method not in METHODS:
        raise InputError("taking a finite difference", f"the method is {method!r}", "It is 'forward', 'backward' or 'central'.")
    checked_function(f, "taking a finite difference")
    x, h = number_at(x, "x"), number_at(h, "h")
    if x + h == x or x - h == x:
        raise InputError("taking a finite difference", f"x = {x!r} and h = {h!r}: x + h is x itself",
                         "Take a larger step; near 1e-5 is best for central differences.")
    with np.errstate(all="ignore"):
        if method == "forward":
            return float((_value(f, x + h) - _value(f, x)) / h)
        if method == "backward":
            return float((_value(f, x) - _value(f, x - h)) / h)
        return float((_value(f, x + h) - _value(f, x - h)) / (2 * h))


def step_sizes(f: Callable[[Any], Any], x: float, method: str = "central") -> StepSizes:
    """How good finite differences are, for steps from 1 to 1e-16.

    Parameters
    ----------
    f : callable
        One number to one number, of NumPy operations.
    x : float
    method : str
        "forward", "backward" or "central".

    Returns
    -------
    StepSizes

    Raises
    ------
    InputError, TraceError
        As `difference` and `grad`.
    """
    x = number_at(x, "x")
    if method not in METHODS:
        raise InputError("comparing step sizes", f"the method is {method!r}", "It is 'forward', 'backward' or 'central'.")
    exact = float(grad(f)(x))
    bend = higher(f, x, ORDER[method] + 1)
    with np.errstate(all="ignore"):
        size = abs(float(f(np.float64(x))))
    rows = []
    for k in range(DECADES + 1):
        h = 10.0 ** -k
        estimate = difference(f, x, h, method) if x + h != x and x - h != x else 0.0        # the two values are the same number
        # the values are rounded, and so is x + h, which moves f by its slope
        rounding = EPSILON * (size + abs(x * exact)) * (2 if method != "central" else 1) / h
        rows.append(StepRow(h, estimate, abs(estimate - exact), abs(bend) * h ** ORDER[method] / (2 if method != "central" else 6), rounding))
    return StepSizes(method, x, exact, tuple(rows))


def higher(f: Callable[[Any], Any], x: float, order: int) -> float:
    """A derivative of higher order, by differentiating again; nan where the engine cannot."""
    for _ in range(order):
        f = grad(f)
    try:
        return float(f(x))
    except BackpropError:
        return math.nan


def checked_function(f: Any, attempted: str) -> None:
    """f can be called.

    Raises
    ------
    InputError
        When it cannot.
    """
    if not callable(f):
        raise InputError(attempted, f"f is {shortened(f)}, not a function", "Give the function itself, and the point after it.")


def one_number(found: Any, attempted: str) -> float:
    """What a function returned, as a number.

    Raises
    ------
    InputError
        When it is none.
    """
    try:
        return float(found)
    except (TypeError, ValueError):
        raise InputError(attempted, f"the function returned {shortened(found)}",
                         "It must return one number: sum an array, or take one entry.") from None


def _value(f: Callable[[Any], Any], x: float) -> float:
    return one_number(f(x), "taking a finite difference")


def number_at(v: Any, name: str) -> float:
    try:
        found = float(v)
    except (TypeError, ValueError):
        raise InputError("taking a finite difference", f"{name} is {v!r}", "It is one number.") from None
    if not math.isfinite(found) or isinstance(v, bool):
        raise InputError("taking a finite difference", f"{name} is {v!r}", "It is a finite number.")
    return found
