"""`layered_layout`: a layered drawing of a graph without cycles, in the way of the layout functions of networkx."""
from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

from .coordinates import coordinates, straight_edges
from .layers import by_use, crowded_apart, simplex_layers, with_lanes
from .ordering import orders

if TYPE_CHECKING:
    import networkx as nx

Point = tuple[float, float]
LANE = 8.0


def layered_layout(graph: nx.DiGraph, node_size: Point | Mapping[Hashable, Point] = (60.0, 36.0), *, direction: str = "right",
                   layer_gap: float = 60.0, node_gap: float = 18.0, routes: bool = False):
    """Positions of the nodes of a graph without cycles, in layers.

    Parameters
    ----------
    graph : networkx.DiGraph
        Its order of nodes is kept wherever crossings do not decide.
    node_size : (width, height) or dict of such
        Sizes of the boxes, for all nodes or for each.
    direction : {"right", "down"}
        Left to right, or top to bottom.
    layer_gap, node_gap : float
        Free space between layers, and between the boxes of a layer.
    routes : bool
        Also return the points through which each edge runs.

    Returns
    -------
    dict of node to (x, y)
        Centres of the boxes, y upwards, as ``networkx.draw(graph, pos)`` takes them. With ``routes=True`` a pair of that and a dict
        of edge to list of points.

    Raises
    ------
    ValueError
        When the graph has a cycle, or the direction is neither "right" nor "down".

    Notes
    -----
    Layers by network simplex (Gansner et al. 1993), order by barycentres and exchanges (Sugiyama et al. 1981), places by isotonic
    regression. No step is random: the same graph gives the same drawing, whatever the hash seed.
    """
    if direction not in ("right", "down"):
        raise ValueError(f"direction is {direction!r}; write 'right' or 'down'")
    if not len(graph):
        return ({}, {}) if routes else {}
    across, along = (1, 0) if direction == "right" else (0, 1)
    sizes = {v: tuple(node_size[v]) if isinstance(node_size, Mapping) else node_size for v in graph}
    rows = crowded_apart(graph, simplex_layers(graph, by_use(graph)), lambda v: 0.0, 1.0)
    layers = with_lanes(rows, graph)
    layers = layers._replace(rows=orders(layers, 1)[0])
    names = list(graph)
    half = [sizes[v][across] / 2 for v in names] + [LANE / 2] * (len(layers.above) - len(names))
    cross = coordinates(layers, half, half, node_gap, straight_edges(layers), {})

    places: list[Point] = [(0.0, 0.0)] * len(cross)
    spans, start = {}, 0.0
    for row in layers.rows:
        depth = max((sizes[names[v]][along] for v in row if v < len(names)), default=0.0)
        for v in row:
            places[v] = (start + depth / 2, cross[v])
            spans[v] = (start, start + depth)
        start += depth + layer_gap

    def page(m: float, c: float) -> Point:
        return (m, -c) if direction == "right" else (c, -m)

    positions = {name: page(*places[v]) for v, name in enumerate(names)}
    if not routes:
        return positions
    paths = {}
    for (u, v), chain in layers.chains.items():
        points = [(places[u][0] + sizes[names[u]][along] / 2, cross[u])]
        for lane in chain[1:-1]:
            points += [(spans[lane][0], cross[lane]), (spans[lane][1], cross[lane])]
        points.append((places[v][0] - sizes[names[v]][along] / 2, cross[v]))
        paths[names[u], names[v]] = [page(*p) for p in points]
    return positions, paths
