"""Where a gradient does not exist: a kink, a jump, a tangent that stands upright, the end of the domain.

Found by walking up to the point from both sides with smaller and smaller steps and looking at the slopes. Numbers cannot prove that a
derivative exists; they show quite reliably where it does not.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .steps import checked_function, number_at, one_number

STEPS = tuple(2.0 ** -k for k in range(8, 25, 4))     # no smaller: rounding would be taken for a slope
STEEP = 3.0                                # a slope that grows by that factor from step to step has no limit


@dataclass(frozen=True, slots=True, repr=False)
class Differentiable:
    """What was seen at a point.

    Attributes
    ----------
    exists : bool
        Also its truth value.
    verdict : str
        "smooth", "kink", "jump", "upright", "edge" or "undefined".
    left, right : float
        The slopes on either side; nan or infinite where there is none.
    why : str
        One or two sentences.
    """

    exists: bool
    verdict: str
    left: float
    right: float
    why: str

    def __bool__(self) -> bool:
        return self.exists

    def __repr__(self) -> str:
        return f"{self.verdict}: {self.why}"


def differentiable(f: Callable[[Any], Any], x: float) -> Differentiable:
    """Does f have a derivative at x?

    Parameters
    ----------
    f : callable
        One number to one number.
    x : float

    Returns
    -------
    Differentiable

    Raises
    ------
    InputError
        When x is not a finite number, or f no function that returns one number.

    Examples
    --------
    >>> differentiable(abs, 0.0)
    kink: From the left the slope is -1, from the right 1: no single tangent; a program picks one.
    """
    checked_function(f, "looking for a derivative")
    x = number_at(x, "x")
    here = _at(f, x)
    if not math.isfinite(here):
        return Differentiable(False, "undefined", math.nan, math.nan, f"The function has no value at x = {x:g}: it is outside the domain.")
    left, right = _side(f, x, here, -1), _side(f, x, here, 1)
    for side, name in ((left, "left"), (right, "right")):
        if side is None:
            return Differentiable(False, "edge", left[-1] if left else math.nan, right[-1] if right else math.nan,
                                  f"There is nothing to the {name} of x = {x:g}: the domain ends here.")
    assert left is not None and right is not None
    a, b = left[-1], right[-1]
    gaps = [abs(_at(f, x + s * STEPS[-1]) - here) for s in (-1, 1)]
    scale = max(1.0, abs(here))
    if (_grows(left, 12.0) or _grows(right, 12.0)) and max(gaps) > 1e-3 * scale:
        return Differentiable(False, "jump", a, b, "The function jumps here: it is not even continuous.")
    if _grows(left, STEEP) or _grows(right, STEEP):
        return Differentiable(False, "upright", a, b, "The slopes grow without bound: the tangent stands upright.")
    apart = [abs(p - q) for p, q in zip(left, right, strict=True)]
    if apart[-1] > 1e-4 * max(1.0, abs(a), abs(b)) and apart[-1] > 0.5 * apart[-2]:
        return Differentiable(False, "kink", a, b, f"From the left the slope is {_said(a)}, from the right {_said(b)}: "
                              "no single tangent; a program picks one.")
    return Differentiable(True, "smooth", a, b, f"From both sides the slope is {_said((a + b) / 2)}.")


def _at(f: Callable[[Any], Any], x: float) -> float:
    with np.errstate(all="ignore"):
        try:
            found = f(np.float64(x))
        except (ZeroDivisionError, ValueError, OverflowError):
            return math.nan
    return one_number(found, "looking for a derivative")


def _side(f: Callable[[Any], Any], x: float, here: float, sign: int) -> list[float] | None:
    """Slopes on one side; None where the function has no values there."""
    unit = max(1.0, abs(x))
    found = []
    for step in STEPS:
        there = _at(f, x + sign * step * unit)
        if not math.isfinite(there):
            return None
        found.append((there - here) / (sign * step * unit))
    return found


def _grows(slopes: list[float], factor: float) -> bool:
    return all(abs(b) > factor * abs(a) > 0 for a, b in zip(slopes, slopes[1:], strict=False))


def _said(v: float) -> str:
    return f"{round(v, 3):g}" if abs(v) >= 1e-3 else "0"
