"""The plain geometry of a picture: rectangles, cubic curves, points along them, and who covers whom."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

Point = tuple[float, float]
Rect = tuple[float, float, float, float]                    # left, top, right, bottom
Cubic = tuple[Point, Point, Point, Point]
Route = tuple[Cubic, ...]


def straight(a: Point, b: Point) -> Cubic:
    """The line from a to b as a cubic."""
    return (a, a, b, b)


def points(route: Route, count: int = 24) -> np.ndarray:
    """`count` points along each cubic of a route, shape (count * cubics, 2)."""
    t = np.linspace(0.0, 1.0, count)
    s = 1 - t
    basis = np.stack([s**3, 3 * s**2 * t, 3 * s * t**2, t**3], 1)
    out: np.ndarray = (basis @ np.asarray(route, float)).reshape(-1, 2)
    return out


def within(dots: np.ndarray, rects: np.ndarray, pad: float = 0.0) -> np.ndarray:
    """How many of the points lie in each rectangle, widened by `pad`; shape (rects,)."""
    x, y = dots[:, :1], dots[:, 1:]
    inside = (x > rects[:, 0] - pad) & (x < rects[:, 2] + pad) & (y > rects[:, 1] - pad) & (y < rects[:, 3] + pad)
    count: np.ndarray = inside.sum(0)
    return count


def covered(rects: np.ndarray, others: np.ndarray, pad: float = 0.0) -> np.ndarray:
    """How many of the others, widened by `pad`, each rectangle overlaps; shape (rects,)."""
    if not len(others):
        return np.zeros(len(rects), int)
    a, b = rects[:, None], others[None]
    meet = ((a[..., 0] < b[..., 2] + pad) & (b[..., 0] - pad < a[..., 2]) & (a[..., 1] < b[..., 3] + pad) & (b[..., 1] - pad < a[..., 3]))
    count: np.ndarray = meet.sum(1)
    return count


def overlap(a: Rect, b: Rect, least: float = 0.0) -> bool:
    """Do two rectangles share more than `least` in both directions?"""
    return min(a[2], b[2]) - max(a[0], b[0]) > least and min(a[3], b[3]) - max(a[1], b[1]) > least


def bounds(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle that holds them all."""
    left, top, right, bottom = zip(*rects, strict=True)
    return min(left), min(top), max(right), max(bottom)


def around(center: Point, size: Point) -> Rect:
    """The rectangle of a size with this centre."""
    (x, y), (w, h) = center, size
    return (x - w / 2, y - h / 2, x + w / 2, y + h / 2)


def number(v: float) -> str:
    """One decimal, and none where it would be zero."""
    text = f"{v + 0.0:.1f}"
    return text[:-2] if text.endswith(".0") and text != "-0.0" else "0" if text == "-0.0" else text


def path(route: Sequence[Cubic]) -> str:
    """A route as the `d` of an SVG path."""
    def at(p: Point) -> str:
        return f"{number(p[0])} {number(p[1])}"

    out = "M" + at(route[0][0])
    for a, b, c, d in route:
        out += f"L{at(d)}" if a == b and c == d else f"C{at(b)} {at(c)} {at(d)}"
    return out


def reverse(route: Route) -> Route:
    """The same route from its end to its beginning."""
    return tuple((d, c, b, a) for a, b, c, d in reversed(route))


def translated(route: Route, dx: float, dy: float) -> Route:
    """The same route elsewhere."""
    return tuple([((a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy), (c[0] + dx, c[1] + dy), (d[0] + dx, d[1] + dy)) for a, b, c, d in route])


def pulled_back(route: Route, length: float) -> Route:
    """The route, ending so much earlier, in its last direction: room for an arrow head."""
    *first, (a, b, c, d) = route
    near = next((p for p in (c, b, a) if abs(p[0] - d[0]) + abs(p[1] - d[1]) > 1e-6), None)
    if near is None:
        return route
    dx, dy = d[0] - near[0], d[1] - near[1]
    k = min(1.0, length / (dx * dx + dy * dy) ** 0.5)
    end = (d[0] - dx * k, d[1] - dy * k)
    return (*first, (a, b, end, end) if c == d else (a, b, c, end))


def transposed(route: Route) -> Route:
    """The route with x and y exchanged."""
    return tuple([((a[1], a[0]), (b[1], b[0]), (c[1], c[0]), (d[1], d[0])) for a, b, c, d in route])
