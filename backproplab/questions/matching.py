"""How near an answer must be: right, right but rounded, looks like a known mistake, or unknown.

Few digits are enough to be right, and seldom enough to be accused: a name is given only within a thousandth of a wrong number. The same
rules, on the same data, decide in a page without a kernel: `Tolerance.data` is what it needs.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .typed import Typed


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Distances, relative to the size of the answer.

    Attributes
    ----------
    relative : float
        As near as this is right, however many digits were typed.
    most : float
        As near as this to a wrong number, and never further, for a name: near enough that what was rounded to five digits on the way is
        still recognised, and that three typed digits seldom accuse.
    close : float
        As near as this was right and lost digits on the way, whatever wrong number is nearer.
    rounded : float
        As near as this, and no name: right, rounded early.
    digit : float
        How far the last typed digit may be off, in units of that digit.
    """

    relative: float = 5e-4
    most: float = 1e-3
    close: float = 2e-3
    rounded: float = 0.02
    digit: float = 1.0

    @property
    def data(self) -> dict[str, float]:
        return asdict(self)


TOLERANCE = Tolerance()
MOST_NAMES = 2


def verdict(answer: Typed, right: Any, wrong: Sequence[Any] = (), followed: Any = None, tolerance: Tolerance = TOLERANCE) -> tuple[str, list[int]]:
    """Compare an answer with the right number and with known wrong ones.

    Parameters
    ----------
    answer : Typed
    right : number or ndarray
    wrong : sequence of numbers or arrays
        In the order of matching.
    followed : number or ndarray, optional
        What follows from the learner's own earlier answers.
    tolerance : Tolerance

    Returns
    -------
    (str, list of int)
        "right", "rounded", "follow-through", "looks like" or "unknown"; and which of the wrong numbers it is near to.
    """
    value = answer.value
    size = float(np.max(np.abs(value), initial=0))
    if not np.isfinite(size):
        return "unknown", []
    far = max(tolerance.digit * answer.unit, tolerance.relative * size) if size else 1e-12
    fine = far <= tolerance.most * size or not size
    for number, name in ((right, "right"), (followed, "follow-through")):
        if number is None:
            continue
        if near(value, number, far if fine else tolerance.relative * size):
            return name, []
        loose = tolerance.close * size if fine else max(tolerance.rounded * size, min(far, 0.1 * size))
        if near(value, number, loose) or fits(answer, number):
            return ("rounded" if name == "right" else name), []
    tight = tolerance.most * size or far
    found = [k for k, number in enumerate(wrong) if near(value, number, tight)]
    if found:
        return "looks like", found
    if near(value, right, tolerance.rounded * float(np.max(np.abs(right), initial=0))):
        return "rounded", []
    return "unknown", []


def near(a: Any, b: Any, far: float) -> bool:
    """Of one shape, and nowhere further apart than `far`."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= far
    return np.shape(a) == np.shape(b) and bool(np.max(np.abs(np.subtract(a, b)), initial=0) <= far)


def fits(answer: Typed, number: Any) -> bool:
    """Is an array the right one with every entry rounded as it was typed? A number is judged by its size instead."""
    units = answer.units
    if units is None or np.shape(units) != np.shape(number) or not np.any(units):
        return False
    gap = np.abs(np.subtract(answer.value, number))
    return bool(np.all(gap <= 0.5000001 * units) and np.max(gap) <= 0.05 * np.max(np.abs(number), initial=0))
