"""How near an answer must be: right, right but rounded, looks like a known mistake, or unknown.

Few digits are enough to be right, and seldom enough to be accused: a name is given only within a thousandth of a wrong number, and close
to the right one only to four digits or more that are clearly nearer to the wrong one. The same rules, on the same data, decide in a page
without a kernel: `Tolerance.data` is what it needs.
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
        As near as this was right and lost digits on the way, unless a wrong number is clearly nearer.
    rounded : float
        As near as this, and no name: right, rounded early.
    digit : float
        How far the last typed digit may be off, in units of that digit.
    nearer : float
        So many times nearer to a wrong number than to the right one is clearly nearer.
    better : float
        A wrong number that fits so many times better than another is named alone.
    """

    relative: float = 5e-4
    most: float = 1e-3
    close: float = 2e-3
    rounded: float = 0.02
    digit: float = 1.0
    nearer: float = 3.0
    better: float = 20.0

    @property
    def data(self) -> dict[str, float]:
        return asdict(self)


TOLERANCE = Tolerance()
MOST_NAMES = 2
EXACT = 1e-12                             # relative: what is left of an equal number after other roundings


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
    tight = tolerance.most * size or far
    fine = far <= tight                                               # four digits or more
    unit = answer.unit if answer.units is None else float(np.max(answer.units, initial=0))
    targets = [(number, name) for number, name in ((right, "right"), (followed, "follow-through")) if number is not None]
    found = [(d, k) for k, number in enumerate(wrong) if (d := distance(value, number)) <= tight]
    for number, name in targets:
        if near(value, number, far if fine else tolerance.relative * size):
            return name, []
        if fits(answer, number):
            return ("rounded" if name == "right" else name), []
    loose = tolerance.close * size if fine else max(tolerance.rounded * size, min(far, 0.1 * size))
    for number, name in targets:
        if near(value, number, loose):
            clear = tolerance.nearer if fine and unit <= tight else np.inf
            found = [(d, k) for d, k in found if all(clear * d <= distance(value, n) for n, _ in targets)]
            if not found:
                return ("rounded" if name == "right" else name), []
    if found:
        fit = tolerance.better * max(min(found)[0], unit / 2, EXACT * size)
        return "looks like", [k for d, k in found if d <= fit]
    if near(value, right, tolerance.rounded * float(np.max(np.abs(right), initial=0))):
        return "rounded", []
    return "unknown", []


def distance(a: Any, b: Any) -> float:
    """The largest difference of two entries; infinite between different shapes."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b)
    return float(np.max(np.abs(np.subtract(a, b)), initial=0)) if np.shape(a) == np.shape(b) else np.inf


def near(a: Any, b: Any, far: float) -> bool:
    """Of one shape, and nowhere further apart than `far`."""
    return distance(a, b) <= far


def fits(answer: Typed, number: Any) -> bool:
    """Is an array the right one with every entry rounded as it was typed? A number is judged by its size instead."""
    units = answer.units
    if units is None or np.shape(units) != np.shape(number) or not np.any(units):
        return False
    gap = np.abs(np.subtract(answer.value, number))
    return bool(np.all(gap <= 0.5000001 * units) and np.max(gap) <= 0.05 * np.max(np.abs(number), initial=0))
