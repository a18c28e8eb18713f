"""A question may only be asked where its wrong answers can be told from the right one, and from each other.

A wrong number that would pass as right is left out; several misconceptions that lead to one number share one message.
"""
from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from .matching import TOLERANCE, Tolerance
from .sentences import either

APART = 1e-3                              # relative: wrong numbers nearer to each other than this are one number to a learner


class Wrong(NamedTuple):
    """A wrong answer. One without a family explains nothing that another does not, and joins no message."""

    value: Any
    family: str
    reason: str
    action: str


def apart(a: Any, b: Any, relative: float) -> bool:
    """Do two numbers or arrays differ by more than a share of the larger one? Other shapes always do."""
    if np.shape(a) != np.shape(b):
        return True
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) > relative * max(abs(a), abs(b))
    size = max(np.max(np.abs(a), initial=0), np.max(np.abs(b), initial=0))
    return bool(np.max(np.abs(np.subtract(a, b)), initial=0) > relative * size)


def screened(right: Any, wrong: Iterable[Wrong], tolerance: Tolerance = TOLERANCE, most: int = 99, named: bool = False) -> list[dict[str, Any]]:
    """Wrong answers that can be told apart.

    Parameters
    ----------
    right : number or ndarray
    wrong : iterable of Wrong
        In the order of matching.
    tolerance : Tolerance
    most : int
        How many are kept.
    named : bool
        Add ``names``, the families.

    Returns
    -------
    list of dict
        ``value, why, action``; no value that would pass as right or as rounded when four digits of it are typed, nor as another.
    """
    kept: list[tuple[Any, list[Wrong]]] = []
    for w in wrong:
        if not np.all(np.isfinite(w.value)) or not apart(w.value, right, tolerance.close):
            continue
        twin = next((k for k in kept if not apart(k[0], w.value, 2 * APART)), None)
        if twin is None:
            if len(kept) < most:
                kept.append((w.value, [w]))
        elif w.family and len(twin[1]) < 2 and all(w.family != t.family for t in twin[1]):
            twin[1].append(w)
    told = [(value, *either([(w.reason, w.action) for w in twins]), [w.family for w in twins]) for value, twins in kept]
    return [{"value": number(value), "why": why, "action": action} | ({"names": names} if named else {}) for value, why, action, names in told]


def number(value: Any) -> Any:
    """As JSON carries it: ten digits, lists for arrays."""
    if np.ndim(value) == 0:
        v = float(value)
        return float(f"{v:.10g}") if math.isfinite(v) else None
    return [number(v) for v in value]
