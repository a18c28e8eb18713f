"""Central differences: the derivative by its definition, with a step chosen for each entry.

(f(x + h) - f(x - h)) / 2h errs by about h**2 / 6 times the third derivative, plus rounding of about eps * |f| / h; a step near the
cube root of eps, in units of x, balances the two (Numerical Recipes, section 5.7). Steps are powers of two, so that x + h is exact.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Function = Callable[[Any], float]
DIRECTIONS = 20                   # random directions tried for an input that is too large to step every entry


class Slope(NamedTuple):
    """A derivative along one direction, found by stepping."""

    central: float
    left: float                   # the slope on either side: at a kink they differ
    right: float
    step: float
    rounding: float               # how much of it may be rounding
    bent: bool = False            # do the two sides keep different slopes, however small the step: is it a kink?


def step_for(size: float) -> float:
    """The power of two nearest to cube root of eps, in units of `size`."""
    return float(2.0 ** np.round(np.log2(np.cbrt(np.finfo(float).eps) * max(1.0, abs(size)))))


def slope(f: Function, x: Any, direction: Any, here: float, h: float) -> Slope:
    """Slopes of f at x along `direction`; `here` is f(x)."""
    with np.errstate(all="ignore"):
        up, down = f(x + h * direction), f(x - h * direction)
    return Slope((up - down) / (2 * h), (here - down) / h, (up - here) / h, h, 4e-16 * max(abs(here), abs(up), abs(down)) / h)


def best_slope(f: Function, x: Any, direction: Any, here: float, size: float, expected: float, tolerance: float) -> Slope:
    """The slope at the usual step; where it is far from what is expected, at the step whose neighbour agrees with it best.

    A steep or very curved function needs a smaller step, a nearly flat one of large values a larger one.
    """
    usual = slope(f, x, direction, here, step_for(size))
    found = usual
    if not abs(usual.central - expected) <= tolerance * max(abs(expected), abs(usual.central)) + usual.rounding:      # nan counts as far
        steps = {usual.step * 2.0 ** k for k in (-9, -6, -3, 0, 3, 6)}
        if size:
            steps |= {float(2.0 ** np.round(np.log2(abs(size)))) * 2.0 ** k for k in (-20, -17, -14, -11)}
        tried = [slope(f, x, direction, here, h) for h in sorted(steps)]
        apart = [abs(a.central - b.central) / max(abs(a.central), abs(b.central), 1e-300) if np.isfinite([a.central, b.central]).all() else np.inf
                 for a, b in zip(tried, tried[1:], strict=False)]
        found = tried[int(np.argmin(apart)) + 1] if np.isfinite(apart).any() else usual
    return found._replace(bent=is_bent(f, x, direction, here, usual))


def is_bent(f: Function, x: Any, direction: Any, here: float, s: Slope) -> bool:
    """Do the slopes of the two sides stay apart when the step shrinks? A smooth function's differ by its second derivative times h."""
    gap = abs(s.right - s.left)
    if not gap > 1e-3 * max(abs(s.right), abs(s.left)) + 4 * s.rounding:
        return False
    closer = slope(f, x, direction, here, s.step / 16)
    return abs(closer.right - closer.left) > 0.5 * gap


def by_entry(f: Function, x: Any, gradient: Any, here: float, tolerance: float) -> list[tuple[tuple[int, ...], Slope]]:
    """A slope for every entry of x."""
    found = []
    for k in np.ndindex(*np.shape(x)):
        direction = np.zeros(np.shape(x))
        direction[k] = 1.0
        found.append((k, best_slope(f, x, direction[()], here, float(x[k]), float(gradient[k]), tolerance)))
    return found


def by_direction(f: Function, x: Any, gradient: Any, here: float, tolerance: float) -> list[tuple[Any, Slope]]:
    """Slopes along random directions of entries 1 and -1: every entry of the gradient counts in each of them."""
    draw = np.random.RandomState(1)
    found = []
    for _ in range(DIRECTIONS):
        direction = draw.randint(0, 2, np.shape(x)) * 2.0 - 1.0
        expected = float(np.sum(gradient * direction))
        found.append((direction, best_slope(f, x, direction, here, float(np.max(np.abs(x))) / np.sqrt(np.size(x)), expected, tolerance)))
    return found
