"""The whole picture in place: boxes in layers, gaps as wide as their tickets need, edges, and tickets on the edges.

Everything is computed in (main, cross) coordinates, main being the reading direction, and turned round for pictures that read from
top to bottom. Tickets are placed in page coordinates, because their text is always horizontal.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .coordinates import coordinates, detours, straight_edges
from .layers import Layers, by_use, crowded_apart, simplex_layers, with_lanes
from .ordering import disorder, orders
from .routes import CORNER, Frame, ports, routed
from .shapes import Point, Rect, Route, points, transposed
from .tickets import FAULT, Wish, standing

Edge = tuple[str, str]
LANE, TICKET_LANE = 8.0, 36.0                   # thickness of a long edge passing a layer; of one that may carry a ticket there
CARRYING = 30                                   # up to so many edges, lanes of forks are wide enough for tickets
SEPARATION = {False: 10.0, True: 14.0}          # between neighbours of a layer, by `down`
ROOM = {False: 640.0, True: 720.0}              # a layer that needs more across is split
ROOMY = 60                                      # with more boxes the picture grows in both directions
WIDENED, ATTEMPTS = 22.0, 3                     # a gap whose tickets found no free place grows by so much, so often
EVEN = 1.4                                      # boxes this much narrower than the widest of their layer become as wide


class Item(NamedTuple):
    """What a box needs on the page.

    Attributes
    ----------
    name : str
    width, height : float
    above, below : float
        Room for the name above the box and for numbers under it.
    label : float
        Width of the name above the box.
    input : bool
        Stands at the far side of its layer, beside its consumer.
    stretches : bool
        May be made as wide as the widest of its layer.
    ports : float, optional
        Over which length of its side edges may arrive; the whole side when it is not given, 0 for the middle only.
    """

    name: str
    width: float
    height: float
    above: float = 0.0
    below: float = 0.0
    label: float = 0.0
    input: bool = False
    stretches: bool = False
    ports: float | None = None


@dataclass(frozen=True)
class Placed:
    """Boxes as (x, y, width, height), edges as cubics, tickets by their centres; all in page coordinates, y downwards."""

    boxes: dict[str, tuple[float, float, float, float]]
    routes: dict[Edge, Route]
    tickets: dict[Edge, Point]
    solids: dict[str, list[Rect]] = field(repr=False)
    layers: list[list[str]] = field(default_factory=list, repr=False)


def placed(items: Sequence[Item], edges: Sequence[Edge], tickets: Mapping[Edge, Point], down: bool = False,
           room: float | None = None) -> Placed:
    """Lay out a computation graph.

    Parameters
    ----------
    items : sequence of Item
        In the author's order.
    edges : sequence of (source, target)
    tickets : dict of edge to (width, height)
        Edges that carry a ticket in the backward pass.
    down : bool
        Top to bottom instead of left to right.
    room : float, optional
        A layer that needs more across the reading direction is split; of many boxes, a layer may have more.
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(item.name for item in items)
    graph.add_edges_from(edges)
    items = list(items)
    sep = SEPARATION[down]

    def across(item: Item) -> float:
        return item.width if down else item.above + item.height + item.below

    by_name = {item.name: item for item in items}
    columns = crowded_apart(graph, simplex_layers(graph, by_use(graph)), lambda n: across(by_name[str(n)]) + sep,
                         (room or ROOM[down]) * max(1.0, len(items) / ROOMY) ** 0.5)
    layers = with_lanes(columns, graph)
    if not down:
        items = _evened(items, layers)
    names = [item.name for item in items]
    number = {n: k for k, n in enumerate(names)}
    wanted = {(number[u], number[v]): size for (u, v), size in tickets.items() if size}
    sent = Counter(u for u, _ in wanted)
    forks = {u for u, many in sent.items() if many > 1}
    before = [item.width / 2 if down else item.height / 2 + item.above for item in items]
    after = [item.width / 2 if down else item.height / 2 + item.below for item in items]
    lanes = [LANE / 2] * (len(layers.above) - len(items))
    if not down and len(edges) < CARRYING:
        for e, chain in layers.chains.items():
            if e[0] in forks and e in wanted:
                for lane in chain[1:-1]:
                    lanes[lane - len(items)] = TICKET_LANE / 2

    sides = [(item.width if down else item.height) if item.ports is None else item.ports + 2 * CORNER for item in items]
    names_above = [item.label if down and item.ports is None else 0.0 for item in items]
    best = float("inf")
    for rows in orders(layers):
        tried = layers._replace(rows=rows)
        main = straight_edges(tried)
        arrive = ports(tried, sides, main, names_above)
        places = coordinates(tried, [*before, *lanes], [*after, *lanes], sep, main, arrive)
        price = detours(tried, places, arrive, disorder(rows, len(items)))
        if price < best - 1e-6:
            best, layers, shift, cross = price, tried, arrive, places

    gaps = _gaps(layers, wanted, forks, down)
    near: tuple[Placed, float] | None = None
    for _ in range(ATTEMPTS + 1):
        frame = _frame(items, layers, cross, gaps, down)
        found, bills = _page(items, frame, shift, wanted, down)
        worst = sum(b >= FAULT for b in bills.values())
        if near is None or worst < near[1]:
            near = found, worst
        if not worst:
            break
        level = {v: k for k, row in enumerate(layers.rows) for v in row}
        for u, bill in bills.items():
            if bill >= FAULT:
                span = range(level[u], max(level[v] for (a, v) in wanted if a == u))
                gaps[min(span, key=lambda k: (gaps[k], k))] += WIDENED
    assert near is not None
    return near[0]


def _evened(items: list[Item], layers: Layers) -> list[Item]:
    """Boxes of one layer that are nearly as wide as the widest become as wide: columns with clean edges."""
    out = list(items)
    for row in layers.rows:
        for kind in (True, False):
            mine = [v for v in row if v < len(items) and items[v].stretches and items[v].input == kind]
            widest = max((items[v].width for v in mine), default=0.0)
            for v in mine:
                if items[v].width * EVEN >= widest:
                    out[v] = items[v]._replace(width=widest)
    return out


def _gaps(layers: Layers, wanted: Mapping[tuple[int, int], Point], forks: set[int], down: bool) -> list[float]:
    """Each gap as wide as the tickets that must stand in it. An edge through several gaps asks only in the one already widest."""
    level = {v: k for k, row in enumerate(layers.rows) for v in row}
    gaps = [32.0 if down else 48.0] * (len(layers.rows) - 1)
    for (u, v), size in sorted(wanted.items(), key=lambda e: level[e[0][1]] - level[e[0][0]]):
        need = size[1 if down else 0] + (24 if down else 18) + (18 if u in forks else 0)
        span = range(level[u], level[v])
        if max(gaps[k] for k in span) < need:
            gaps[max(span, key=lambda k: gaps[k])] = need
    return gaps


def _frame(items: list[Item], layers: Layers, cross: list[float], gaps: list[float], down: bool) -> Frame:
    spans, boxes = [], [(0.0, 0.0, 0.0)] * len(items)
    solids: list[list[Rect]] = [[] for _ in items]
    start = 0.0
    for k, row in enumerate(layers.rows):
        mine = [v for v in row if v < len(items)]
        depth = max([items[v].above + items[v].height + items[v].below if down else items[v].width for v in mine], default=0.0)
        for v in mine:
            item = items[v]
            if down:
                whole = item.above + item.height + item.below
                near = start + item.above + (depth - whole if item.input else 0.0)
                boxes[v] = (near, near + item.height, item.width)
                c = cross[v] - item.width / 2
                solids[v] = [(near, c, near + item.height + item.below, c + item.width)]
                if item.above and item.label:
                    solids[v].append((near - item.above, c, near, c + item.label + 2))
            else:
                near = start + (depth - item.width if item.input else 0.0)
                boxes[v] = (near, near + item.width, item.height)
                c = cross[v] - item.height / 2
                solids[v] = [(near, c, near + item.width, c + item.height + item.below)]
                if item.above and item.label:
                    solids[v].append((near, c - item.above, near + item.label + 2, c))
        spans.append((start, start + depth))
        start += depth + (gaps[k] if k < len(gaps) else 0.0)
    return Frame(layers, cross, spans, boxes, solids)


def _page(items: list[Item], frame: Frame, shift: dict[tuple[int, int], float], wanted: Mapping[tuple[int, int], Point],
          down: bool) -> tuple[Placed, dict[int, float]]:
    """Everything turned into page coordinates, tickets placed; and the dearest ticket of each variable."""
    def turned(r: Rect) -> Rect:
        return (r[1], r[0], r[3], r[2]) if down else r

    boxes, solids = {}, {}
    for v, item in enumerate(items):
        near, _, extent = frame.boxes[v]
        x, y = (frame.cross[v] - extent / 2, near) if down else (near, frame.cross[v] - extent / 2)
        boxes[v] = (x, y, item.width, item.height)
        solids[v] = [turned(r) for r in frame.solids[v]]
    routes = {e: transposed(way) if down else way for e, way in routed(frame, shift).items()}
    level = {v: k for k, row in enumerate(frame.layers.rows) for v in row}
    leaving: dict[int, list[tuple[int, int]]] = {}
    for e in routes:
        leaving.setdefault(e[0], []).append(e)
    dots = {e: points(way, 12) for e, way in routes.items()} if len(routes) <= 200 else {}
    centres: dict[tuple[int, int], Point] = {}
    bills: dict[int, float] = {}
    for u, mine in leaving.items():
        mine = [e for e in mine if e in wanted]
        last = max([level[v] for _, v in mine], default=0)
        around = [r for k in range(level[u], last + 1) for w in frame.layers.rows[k] if w < len(items) for r in solids[w]]
        wishes = [Wish(e, wanted[e], routes[e], around) for e in mine]
        others = [dots[e] for e in dots if e[0] != u and level[e[0]] < last and level[e[1]] > level[u]]
        x, y, w, h = boxes[u]
        got, bills[u] = standing(wishes, (x, y, x + w, y + h), down, [np.concatenate(others)] if others else [])
        centres |= got
    names = [item.name for item in items]
    return Placed({names[v]: b for v, b in boxes.items()}, {(names[u], names[v]): r for (u, v), r in routes.items()},
                  {(names[u], names[v]): c for (u, v), c in centres.items()}, {names[v]: s for v, s in solids.items()},
                  [[names[v] for v in row if v < len(items)] for row in frame.layers.rows]), bills
