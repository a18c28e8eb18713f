"""The way of each edge: one smooth curve where it keeps clear of all boxes, else through its lanes."""
from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .layers import Layers
from .shapes import Cubic, Point, Route, points, straight, within

CLEAR = 5.0                                  # how far an edge keeps from boxes, names and numbers
PORT_STEP = 12.0                             # distance of two arrow heads at one box
CORNER = 6.0                                 # and of an arrow head from the box's corner, at least
LEAD = 26.0                                  # an edge that arrives beside a name comes straight for so long
HANDLES = ((0.5, 0.5), (0.35, 0.65), (0.65, 0.35), (0.25, 0.85), (0.85, 0.25))


class Frame(NamedTuple):
    """A layered picture in (main, cross) coordinates: main is the reading direction.

    Attributes
    ----------
    layers : Layers
    cross : list of float
        Line of each box and lane.
    spans : list of (float, float)
        Where each layer begins and ends.
    boxes : list of (float, float, float)
        Main coordinates of each box's near and far side, and its extent across.
    solids : list of list of (float, float, float, float)
        What no edge may run over, for each box.
    """

    layers: Layers
    cross: list[float]
    spans: list[tuple[float, float]]
    boxes: list[tuple[float, float, float]]
    solids: list[list[tuple[float, float, float, float]]]


def ports(layers: Layers, extent: Sequence[float], straight_on: set[tuple[int, int]], names: Sequence[float]) -> dict[tuple[int, int], float]:
    """How far from the middle of its target each edge's last segment arrives, in the order of the segments' sources.

    The edge that carries the main path on arrives in the middle, so that the path is one straight line of boxes. In a picture that reads
    downwards the name above the box, `names[v]` wide, is in the way: edges arrive to the right of it.
    """
    at = {v: i for row in layers.rows for i, v in enumerate(row)}
    main = {chain[-2:] for edge, chain in layers.chains.items() if edge in straight_on}
    shift = {}
    for v in range(layers.boxes):
        ends = sorted(layers.above[v], key=at.__getitem__)
        high = extent[v] / 2 - CORNER
        low = min(max(-high, names[v] - extent[v] / 2 + CLEAR), high) if names[v] else -high
        middle = next((float(i) for i, a in enumerate(ends) if (a, v) in main), (len(ends) - 1) / 2)
        start = max(0.0, low)                               # where the middle one arrives
        before = min(PORT_STEP, (start - low) / middle) if middle else 0.0
        after = min(PORT_STEP, (high - start) / (len(ends) - 1 - middle)) if len(ends) - 1 > middle else 0.0
        if before and after and low <= 0:
            before = after = min(before, after)
        if middle and before < 3.0:                         # no room on the left: all of them to the right of the name
            after = min(PORT_STEP, (high - low) / (len(ends) - 1))
            start, middle = low, 0.0
        for i, a in enumerate(ends):
            shift[a, v] = start + (i - middle) * (before if i < middle else after)
    return shift


def curve(p: Point, q: Point, handles: tuple[float, float] = (0.5, 0.5)) -> Cubic:
    """From p to q, leaving and arriving in the reading direction; a line when q lies straight ahead."""
    if abs(p[1] - q[1]) < 0.05:
        return straight(p, (q[0], p[1]))
    run = q[0] - p[0]
    return (p, (p[0] + handles[0] * run, p[1]), (q[0] - handles[1] * run, q[1]), q)


def routed(frame: Frame, shift: dict[tuple[int, int], float]) -> dict[tuple[int, int], Route]:
    """For each edge its cubics, in (main, cross) coordinates."""
    row_of = {v: k for k, row in enumerate(frame.layers.rows) for v in row}
    sides, found = _sides(frame), {}
    for (u, v), chain in frame.layers.chains.items():
        p = (frame.boxes[u][1], frame.cross[u])
        q = (frame.boxes[v][0], frame.cross[v] + shift[chain[-2], v])
        others = [r for k in range(row_of[u], row_of[v] + 1) for w in frame.layers.rows[k] if w < frame.layers.boxes and w not in (u, v)
                  for r in frame.solids[w]] + frame.solids[v][1:]
        solid = np.array(others) if others else np.empty((0, 4))
        passed = [sides[lane] for lane in chain[1:-1]]
        lead = (q[0] - LEAD, q[1])                          # past the name above the box, in a picture that reads downwards
        ways: list[Route] = [(curve(p, q, h),) for h in HANDLES]
        ways += [(curve(p, lead, h), straight(lead, q)) for h in HANDLES if lead[0] > p[0]]
        clear = (way for way in ways if _free(way, solid) and _between(way, passed))
        found[u, v] = next(clear, ()) or _through_lanes(frame, chain, p, q, row_of)
    return found


def _free(way: Route, solid: np.ndarray) -> bool:
    return not len(solid) or not within(points(way, 60), solid, CLEAR).any()


def _sides(frame: Frame) -> dict[int, tuple[float, float, float]]:
    """For each lane (main coordinate, cross of the box before, cross of the box after): between which boxes of its layer it passes."""
    out = {}
    for row, span in zip(frame.layers.rows, frame.spans, strict=True):
        before, waiting = -np.inf, []
        for w in row:
            if w >= frame.layers.boxes:
                waiting.append(w)
                continue
            for lane in waiting:
                out[lane] = (sum(span) / 2, before, frame.cross[w])
            before, waiting = frame.cross[w], []
        for lane in waiting:
            out[lane] = (sum(span) / 2, before, np.inf)
    return out


def _between(way: Route, sides: list[tuple[float, float, float]]) -> bool:
    """Does the curve pass between the same boxes as the lanes do, so that it crosses no more edges than they?"""
    if not sides:
        return True
    dots = points(way, 40)
    return all(low < np.interp(m, dots[:, 0], dots[:, 1]) < high for m, low, high in sides)


def _through_lanes(frame: Frame, chain: tuple[int, ...], p: Point, q: Point, row_of: dict[int, int]) -> Route:
    """Straight to the end of the own layer, curves through the gaps, straight along the lanes, straight to the port."""
    way: list[Cubic] = []
    here = p
    for a, b in zip(chain, chain[1:], strict=False):
        leave = (max(here[0], frame.spans[row_of[a]][1]), here[1])
        if leave[0] > here[0]:
            way.append(straight(here, leave))
        enter = (min(frame.spans[row_of[b]][0], q[0]), q[1] if b == chain[-1] else frame.cross[b])
        way.append(curve(leave, enter))
        here = enter
    if here[0] < q[0]:
        way.append(straight(here, q))
    joined = way[:1]
    for piece in way[1:]:                                    # two lines in a row become one
        last = joined[-1]
        if last[0] == last[1] and piece[0] == piece[1] and last[2] == last[3] and piece[2] == piece[3] and last[0][1] == piece[3][1]:
            joined[-1] = straight(last[0], piece[3])
        else:
            joined.append(piece)
    return tuple(joined)
