"""A long picture broken into lines, like text: each line reads to the right, and edges that go on come back in at the left of the next.

The picture is laid out first and cut between layers afterwards, so nothing in a line moves. Edges that pass a cut run round the end of
their line in tracks that do not cross: the topmost outside on the right, innermost on the left.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .placing import Edge, Placed
from .shapes import Cubic, Point, Route, points, straight, translated

TRACK, CORNER, BETWEEN = 9.0, 7.0, 22.0   # distance of two tracks, radius of a corner, space above and below the tracks
EDGE = 0.05                               # what an edge round the end of a line costs, beside the square of the free part of a line


def wrapped(place: Placed, width: float, reach: Mapping[str, tuple[float, float]]) -> Placed:
    """The picture in lines that are about `width` wide.

    Parameters
    ----------
    place : Placed
        Reading to the right.
    width : float
        A line is never broken inside a layer, so one wide layer may make it wider.
    reach : dict of str to (above, below)
        How far names and numbers reach over each box.
    """
    spans = [(min(place.boxes[n][0] for n in row), max(place.boxes[n][0] + place.boxes[n][2] for n in row)) for row in place.layers if row]
    cuts = _cuts(spans, [(route[0][0][0], route[-1][3][0]) for route in place.routes.values()], width)
    if not cuts:
        return place
    line_of = {n: sum(b[0] + b[2] / 2 > c for c in cuts) for n, b in place.boxes.items()}
    pieces = {e: _cut(route, cuts) for e, route in place.routes.items()}
    tracks = [_tracks(pieces, k) for k in range(len(cuts))]

    moves: list[Point] = []
    ends: list[tuple[float, float]] = []                     # right end and bottom of each line, once moved
    top = 0.0
    left = spans[0][0]
    for k in range(len(cuts) + 1):
        high = [place.boxes[n][1] - reach[n][0] for n, at in line_of.items() if at == k]
        low = [place.boxes[n][1] + place.boxes[n][3] + reach[n][1] for n, at in line_of.items() if at == k]
        for parts in pieces.values():
            for at, part in parts:
                if at == k:
                    ys = points(part, 12)[:, 1]
                    high.append(float(ys.min()) - 2)
                    low.append(float(ys.max()) + 2)
        for centre in place.tickets.values():
            if sum(centre[0] > c for c in cuts) == k:
                high.append(centre[1] - 20)
                low.append(centre[1] + 20)
        dx = left - (cuts[k - 1] if k else spans[0][0]) + (max(len(set(tracks[k - 1].values())), 1) * TRACK + BETWEEN if k else 0.0)
        dy = top - min(high)
        moves.append((dx, dy))
        ends.append(((cuts[k] if k < len(cuts) else spans[-1][1]) + dx, max(low) + dy))
        top = max(low) + dy + (2 * BETWEEN + len(set(tracks[k].values())) * TRACK if k < len(cuts) else 0.0)
    routes = {e: _joined(e, parts, moves, ends, tracks) for e, parts in pieces.items()}
    boxes = {n: (b[0] + moves[line_of[n]][0], b[1] + moves[line_of[n]][1], b[2], b[3]) for n, b in place.boxes.items()}
    tickets = {}
    for e, (x, y) in place.tickets.items():
        dx, dy = moves[sum(x > c for c in cuts)]
        tickets[e] = (x + dx, y + dy)
    solids = {n: [(r[0] + moves[line_of[n]][0], r[1] + moves[line_of[n]][1], r[2] + moves[line_of[n]][0], r[3] + moves[line_of[n]][1]) for r in rects]
              for n, rects in place.solids.items()}
    return replace(place, boxes=boxes, routes=routes, tickets=tickets, solids=solids)


def _cuts(spans: Sequence[tuple[float, float]], edges: Sequence[tuple[float, float]], width: float) -> list[float]:
    """Where to cut: as few lines as can be, all about as long, and where few edges pass (shortest path over the gaps between layers)."""
    if spans[-1][1] - spans[0][0] <= width:
        return []
    gaps = [end + 1.0 for _, end in spans]
    passing = [sum(a < x < b for a, b in edges) for x in gaps]
    best: list[tuple[float, int]] = [(0.0, 0)]               # (cost of the first k layers in lines, where their last line begins)
    for k in range(1, len(spans) + 1):
        found = []
        for j in range(k - 1, -1, -1):
            free = 1 - (spans[k - 1][1] - spans[j][0]) / width
            if free < 0 and j < k - 1:
                break
            found.append((best[j][0] + max(free, 0.0) ** 2 + (EDGE * passing[k - 1] if k < len(spans) else 0.0), j))
        best.append(min(found))
    cuts, k = [], best[-1][1]
    while k:
        cuts.append(gaps[k - 1])
        k = best[k][1]
    return cuts[::-1]


def _cut(route: Route, cuts: list[float]) -> list[tuple[int, Route]]:
    """(line, part of the route in it), in order."""
    out: list[tuple[int, list[Cubic]]] = [(sum(route[0][0][0] > c for c in cuts), [])]
    for cubic in route:
        rest = cubic
        for k, c in enumerate(cuts):
            if rest[0][0] < c < rest[3][0]:
                first, rest = _split(rest, c)
                out[-1][1].append(first)
                out.append((k + 1, []))
        out[-1][1].append(rest)
    return [(k, tuple(part)) for k, part in out]


def _split(cubic: Cubic, x: float) -> tuple[Cubic, Cubic]:
    """A cubic cut where it passes x (de Casteljau)."""
    low, high = 0.0, 1.0
    for _ in range(40):
        t = (low + high) / 2
        a, b, c, d = (p[0] for p in cubic)
        s = 1 - t
        if s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d < x:
            low = t
        else:
            high = t
    t = (low + high) / 2

    def mix(p: Point, q: Point) -> Point:
        return (p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]))

    a2, b2, c2, d2 = cubic
    ab, bc, cd = mix(a2, b2), mix(b2, c2), mix(c2, d2)
    abc, bcd = mix(ab, bc), mix(bc, cd)
    middle = mix(abc, bcd)
    if a2 == b2 and c2 == d2:
        return straight(a2, middle), straight(middle, d2)
    return (a2, ab, abc, middle), (middle, bcd, cd, d2)


def _tracks(pieces: Mapping[Edge, list[tuple[int, Route]]], k: int) -> dict[Edge, int]:
    """The track of each edge that passes the k-th cut, 0 for the topmost; edges that leave one node at one place share a track."""
    at: dict[Edge, float] = {}
    for e, parts in pieces.items():
        for (line, part), (following, _) in zip(parts, parts[1:], strict=False):
            if line == k and following == k + 1:
                at[e] = float(round(part[-1][3][1]))
    places = sorted({(y, e[0]) for e, y in at.items()})
    return {e: places.index((y, e[0])) for e, y in at.items()}


def _joined(edge: Edge, parts: list[tuple[int, Route]], moves: list[Point], ends: list[tuple[float, float]], tracks: list[dict[Edge, int]]) -> Route:
    """The parts of a route, each in its line, with a way round the end of the line between two."""
    out: list[Cubic] = list(translated(parts[0][1], *moves[parts[0][0]]))
    for line, part in parts[1:]:
        moved = translated(part, *moves[line])
        here, there = out[-1][3], moved[0][0]
        track, count = tracks[line - 1][edge], len(set(tracks[line - 1].values()))
        right, bottom = ends[line - 1]
        outer = count - 1 - track
        x, y, back = right + CORNER + 4 + outer * TRACK, bottom + BETWEEN + outer * TRACK, there[0] - CORNER - 4 - track * TRACK
        out += _turns([here, (x, here[1]), (x, y), (back, y), (back, there[1]), there])
        out += moved
    return tuple(out)


def _turns(corners: list[Point]) -> list[Cubic]:
    """A way along the corners, rounded."""
    out: list[Cubic] = []
    here = corners[0]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(CORNER, _far(before, corner) / 2, _far(corner, after) / 2)
        enter, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        if _far(here, enter) > 0.01:
            out.append(straight(here, enter))
        out.append((enter, _towards(corner, before, radius * 0.45), _towards(corner, after, radius * 0.45), leave))
        here = leave
    out.append(straight(here, corners[-1]))
    return out


def _far(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(a: Point, b: Point, length: float) -> Point:
    far = _far(a, b) or 1.0
    return (a[0] + (b[0] - a[0]) * length / far, a[1] + (b[1] - a[1]) * length / far)
