"""Numbers rounded so that they still add up and multiply out as printed.

Four digits would show 404.9 + 0.0 = 404.9 and hide the last addition: a column gets as many decimals as it takes for its printed
numbers to add up to its printed sums, and the factors of a row as many digits as it takes for their product to be the printed one.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..notation import digits, signed

DIGITS = 4                                # significant digits of a number that stands alone
MOST = 9                                  # decimals of a column, at the most


def column(parts: Sequence[float]) -> tuple[list[str], list[str], int]:
    """Contributions and running sums as text.

    Returns
    -------
    (contributions, sums, places)
        Signed, with `places` decimals each; numbers out of all bounds (not finite, or of a size that decimals cannot show) with
        significant digits instead, and `places` is -1.
    """
    totals = [float(t) for t in np.cumsum(parts)]
    every = [abs(p) for p in [*parts, *totals] if p]
    if not all(map(math.isfinite, every)) or every and (max(every) >= 1e9 or min(every) < 1e-6):
        return [signed(p, DIGITS) for p in parts], [signed(t, DIGITS) for t in totals], -1
    smallest = min([abs(p) for p in parts if p] or [1.0])
    whole = all(float(p).is_integer() and abs(p) < 1e6 for p in parts)
    start = 0 if whole else min(MOST, max(0, 3 - math.floor(math.log10(smallest))))
    places = start
    for places in range(start, start + 3):
        shown, sums = [round(p, places) for p in parts], [round(t, places) for t in totals]
        if all(abs(sum(shown[:i + 1]) - s) < 0.1 * 10**-places for i, s in enumerate(sums)):
            break
    return [fixed(p, places) for p in parts], [fixed(t, places) for t in totals], places


def fixed(v: float, places: int) -> str:
    """A signed number with so many decimals; 0 has no sign."""
    text = f"{v:+.{places}f}"
    return text[1:] if not float(text) else text.replace("-", "−")


def factors(upstream: float, local: float, product: float, places: int) -> tuple[str, str]:
    """Upstream and local with as many digits as it takes for them to multiply to the product as it is printed."""
    if places < 0 or not all(map(math.isfinite, (upstream, local, product))):
        return signed(upstream, DIGITS), signed(local, DIGITS)
    a, b = signed(upstream, DIGITS), signed(local, DIGITS)
    for n in range(DIGITS, 12):
        a, b = signed(upstream, n), signed(local, n)
        if abs(_number(a) * _number(b) - product) < 0.5 * 10.0**-places:
            break
    return a, b


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def array_places(parts: np.ndarray) -> int:
    """Decimals that show the smallest contribution and, if two more can do it, let every printed column of arrays add up."""
    peaks = [float(np.abs(p).max()) for p in parts if p.size]
    small = min([p for p in peaks if p > 0 and math.isfinite(p)] or [1.0])
    first = min(MOST, max(2, 1 - math.floor(math.log10(small))))
    for places in range(first, first + 3):
        if np.allclose(np.round(parts, places).cumsum(0), np.round(parts.cumsum(0), places), rtol=0, atol=0.1 * 10.0**-places):
            return places
    return first


def factor(v: Any, n: int = 3) -> str:
    """A number as a factor on a ticket: a negative one in brackets."""
    text = digits(v, n)
    return f"({text})" if text.startswith("−") else text
