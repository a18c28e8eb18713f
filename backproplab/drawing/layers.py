"""Which layer each box stands in, and the lanes that long edges take through the layers between.

Layers are those of Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs" (IEEE Transactions on Software
Engineering 19, 1993): every edge points to a later layer and the weighted sum of the edges' lengths is as small as it can be. That
is the dual of a flow of least cost, which networkx solves with its own network simplex.
"""
from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx

# How much an edge counts. A value used once stands beside its use, as in the formula it would be written into; an input that several
# variables use stays close to all of them, so that the picture begins with one column of inputs.
ONCE, SHARED, SHARED_INPUT = 2, 1, 4


class Layers(NamedTuple):
    """Boxes are the numbers 0 .. boxes - 1, in the order of the graph; lanes have the numbers from `boxes` on.

    Attributes
    ----------
    boxes : int
    rows : list of list of int
        One row for each layer, in an order that `ordering` improves.
    above, below : list of list of int
        Neighbours of each box or lane in the layer before and in the layer after.
    chains : dict of (int, int) to tuple of int
        For each edge its source, its lanes and its target.
    """

    boxes: int
    rows: list[list[int]]
    above: list[list[int]]
    below: list[list[int]]
    chains: dict[tuple[int, int], tuple[int, ...]]


def latest_layers(graph: nx.DiGraph) -> dict[Hashable, int]:
    """Each node one layer before the first of its consumers; nodes without consumers in layer 0, all others in negative ones.

    Raises
    ------
    ValueError
        When the graph has a cycle.
    """
    waiting = dict(graph.out_degree())
    ready = deque(v for v in graph if not waiting[v])
    layer = dict.fromkeys(ready, 0)
    done = 0
    while ready:
        v = ready.popleft()
        done += 1
        for u in graph.pred[v]:
            layer[u] = min(layer.get(u, 0), layer[v] - 1)
            waiting[u] -= 1
            if not waiting[u]:
                ready.append(u)
    if done < len(graph):
        raise ValueError("layers need a graph without cycles")
    return layer


def simplex_layers(graph: nx.DiGraph, weight: Callable[[Hashable, Hashable], int] | None = None) -> dict[Hashable, int]:
    """Layers with the least weighted sum of edge lengths; of all such, the latest: the terms of a sum share a layer.

    Parameters
    ----------
    graph : networkx.DiGraph
        Without cycles.
    weight : callable, optional
        ``weight(u, v)``, a positive integer; every edge counts once when it is not given.

    Returns
    -------
    dict
        Node to layer, from 0, in every connected part of the graph.

    Raises
    ------
    ValueError
        When the graph has a cycle.
    """
    import networkx as nx

    layer = latest_layers(graph)
    count = weight or (lambda u, v: 1)
    flow = nx.DiGraph()
    demand = dict.fromkeys(graph, 0)
    for u, v in graph.edges:
        w = count(u, v)
        demand[u] -= w
        demand[v] += w
    flow.add_nodes_from((v, {"demand": d}) for v, d in demand.items())
    flow.add_edges_from(graph.edges, weight=-1)
    _, carried = nx.network_simplex(flow)

    # Edges that carry flow are one layer long in every best layering. Relax from the latest layers until all of that holds.
    back: dict[Hashable, list[tuple[Hashable, int]]] = {v: [] for v in graph}
    for u, v in graph.edges:
        back[v].append((u, -1))
        if carried[u][v] > 0:
            back[u].append((v, 1))
    queue, queued = deque(graph), set(graph)
    while queue:
        v = queue.popleft()
        queued.discard(v)
        for u, step in back[v]:
            if layer[u] > layer[v] + step:
                layer[u] = layer[v] + step
                if u not in queued:
                    queued.add(u)
                    queue.append(u)
    for part in nx.weakly_connected_components(graph):
        first = min(layer[v] for v in part)
        for v in part:
            layer[v] -= first
    return layer


def by_use(graph: nx.DiGraph) -> Callable[[Hashable, Hashable], int]:
    """Weights of edges for `simplex_layers`, by how often their source is used."""
    kind = {v: ONCE if len(graph.succ[v]) == 1 else SHARED if graph.pred[v] else SHARED_INPUT for v in graph}
    return lambda u, v: kind[u]


def crowded_apart(graph: nx.DiGraph, layer: dict[Hashable, int], room: Callable[[Hashable], float], limit: float) -> list[list[Hashable]]:
    """Rows of nodes, where a layer that needs more room than `limit` becomes several, those without inputs first.

    That is always allowed: inside a layer nothing depends on anything.
    """
    rows: list[list[Hashable]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for v in graph:
        rows[layer[v]].append(v)
    out = []
    for row in rows:
        whole = sum(room(v) for v in row)
        if whole <= limit:
            out.append(row)
            continue
        row.sort(key=lambda v: graph.in_degree(v) > 0)
        share = whole / math.ceil(whole / limit)                    # even parts, not one full and one nearly empty
        parts: list[list[Hashable]] = [[]]
        used = 0.0
        for v in row:
            if parts[-1] and used + room(v) > share * 1.12:
                parts.append([])
                used = 0.0
            parts[-1].append(v)
            used += room(v)
        out += parts
    return out


def with_lanes(rows: Sequence[Sequence[Hashable]], graph: nx.DiGraph) -> Layers:
    """Give every edge that passes a layer a lane in it."""
    number = {v: k for k, v in enumerate(graph)}
    level = {v: k for k, row in enumerate(rows) for v in row}
    numbered = [[number[v] for v in row] for row in rows]
    above: list[list[int]] = [[] for _ in number]
    below: list[list[int]] = [[] for _ in number]
    chains = {}
    for u, v in graph.edges:
        chain = [number[u]]
        for k in range(level[u] + 1, level[v]):
            lane = len(above)
            above.append([])
            below.append([])
            numbered[k].append(lane)
            chain.append(lane)
        chain.append(number[v])
        for a, b in zip(chain, chain[1:], strict=False):
            below[a].append(b)
            above[b].append(a)
        chains[number[u], number[v]] = tuple(chain)
    return Layers(len(number), numbered, above, below, chains)
