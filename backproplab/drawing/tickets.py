"""A free place for each backward ticket: the small label on an edge with `upstream x local` and the contribution.

All tickets of one variable show at once, those of different variables never do. A ticket slides along its edge and, if need be,
beside it; a place costs by what it would cover. The tickets of a fork first try to stand in one column, which reads best.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .shapes import Point, Rect, Route, covered, points, within

INDEX = 9.0                                     # the round number of a contribution stands out this far on the left
ASIDE = (0, 7, -7, 14, -14, 21, -21, 30, -30, 40, -40)
SOLID, TICKET, BEAD, SIBLING, OTHER = 20.0, 20.0, 8.0, 0.12, 0.02      # the price of covering each of them
FAULT = 8.0                                     # a bill from here on covers something that must stay free


class Wish(NamedTuple):
    """One ticket to place.

    Attributes
    ----------
    edge : hashable
    size : (width, height)
    route : Route
        Of its edge, in page coordinates.
    solids : list of Rect
        Boxes, names and numbers near that edge.
    """

    edge: tuple
    size: Point
    route: Route
    solids: Sequence[Rect]


def bead(box: Rect, down: bool) -> Rect:
    """Where the sign of the sum stands at a fork: at the side from which the edges leave."""
    left, top, right, bottom = box
    x, y = ((left + right) / 2, bottom + 8) if down else (right, (top + bottom) / 2)
    return (x - 10, y - 10, x + 10, y + 10)


def standing(wishes: Sequence[Wish], box: Rect, down: bool, others: Sequence[np.ndarray] = ()) -> tuple[Mapping[tuple, Point], float]:
    """Places for the tickets of one variable.

    Parameters
    ----------
    wishes : sequence of Wish
    box : Rect
        The variable's own box.
    down : bool
        Is the reading direction top to bottom?
    others : sequence of arrays (points, 2)
        Points along edges of other variables near by, which a ticket had better not hide.

    Returns
    -------
    dict of edge to centre, and the dearest single place: `FAULT` or more when something is covered that must not be.
    """
    if not wishes:
        return {}, 0.0
    fork = len(wishes) > 1
    lines = {w.edge: points(w.route, 40 if len(w.route) == 1 else 16) for w in wishes}
    apart = np.array([bead(box, down)])
    spots, prices = [], []
    for w in wishes:
        line = _even(lines[w.edge])
        place, price = _candidates(line, w.size, fork, down)
        if len(w.solids):
            price = price + SOLID * covered(place, np.asarray(w.solids, float), 2)
        if fork:
            price = price + BEAD * covered(place, apart, 1)
        for edge, dots in lines.items():
            if edge != w.edge:
                price = price + SIBLING * within(dots, place)
        for dots in others:
            price = price + OTHER * within(dots, place)
        spots.append(place)
        prices.append(price)
    best, bill = _assigned(spots, prices)
    lift = INDEX / 2 if fork else 0.0
    centres = {}
    for w, place, k in zip(wishes, spots, best, strict=True):
        left, top, right, bottom = place[k]
        centres[w.edge] = (float(left + right) / 2 + lift, float(top + bottom) / 2)
    return centres, bill


def _even(line: np.ndarray, count: int = 33) -> np.ndarray:
    """Points at equal distances along a polyline, without its two ends."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.08, 0.92, count) * length[-1]
    return np.stack([np.interp(at, length, line[:, 0]), np.interp(at, length, line[:, 1])], 1)


def _candidates(line: np.ndarray, size: Point, fork: bool, down: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rectangles along the line and beside it, and what their place alone costs."""
    w, h = size
    along = np.linspace(0.08, 0.92, len(line))
    spots, prices = [], []
    for aside in ASIDE:
        c = line + (np.array([aside * 1.6, 0.0]) if down else np.array([0.0, aside]))
        spots.append(np.stack([c[:, 0] - w / 2 - (INDEX if fork else 0), c[:, 1] - h / 2, c[:, 0] + w / 2, c[:, 1] + h / 2], 1))
        prices.append(abs(along - (0.58 if fork else 0.5)) + abs(aside) * 0.012 + (1.5 if abs(aside) > 14 else 0.0))
    return np.concatenate(spots), np.concatenate(prices)


def _assigned(spots: list[np.ndarray], prices: list[np.ndarray]) -> tuple[list[int], float]:
    """One candidate for each ticket: several greedy orders, then each ticket in turn moves to its best place among the others."""
    count = len(spots)
    orders = [list(range(count)), list(range(count))[::-1]]
    if count > 2:
        orders.append(sorted(range(count), key=lambda i: float(prices[i].min())))
    best: list[int] = []
    least = np.inf
    for order in orders[:1 if count == 1 else None]:
        chosen = [-1] * count
        for turn in range(3):
            before = chosen[:]
            for i in order:
                taken = np.array([spots[j][chosen[j]] for j in range(count) if j != i and chosen[j] >= 0])
                cost = prices[i] + TICKET * covered(spots[i], taken, 3) if len(taken) else prices[i]
                if len(taken) and count > 1:                 # a column reads better than a stair
                    middle = (spots[i][:, 0] + spots[i][:, 2]) / 2
                    cost = cost + 0.0015 * np.minimum(abs(middle - np.mean((taken[:, 0] + taken[:, 2]) / 2)), 200)
                chosen[i] = int(np.argmin(cost))
            if turn and chosen == before:
                break
        bill = sum(float(prices[i][chosen[i]]) for i in range(count))
        rects = np.array([s[k] for s, k in zip(spots, chosen, strict=True)])
        bill += TICKET * (int(covered(rects, rects, 3).sum()) - count) / 2
        if bill < least - 1e-9:
            best, least = chosen, bill
    rects = np.array([s[k] for s, k in zip(spots, best, strict=True)])
    clash = TICKET if int(covered(rects, rects, 3).sum()) > count else 0.0
    return best, max(clash, max(float(prices[i][best[i]]) for i in range(count)))
