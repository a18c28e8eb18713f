"""Where everything stands: by this package's layered layout, broken into lines if asked, or by positions from outside."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.errors import listed
from .errors import DrawingError
from .layers import by_use, simplex_layers
from .placing import Edge, Item, Placed, placed
from .shapes import Point, Route, straight
from .wrapping import wrapped

Layout = Callable[..., Mapping[Any, Any]] | Mapping[str, Any]
APART = 24.0                              # free space between boxes whose positions come from outside


@dataclass(frozen=True)
class Arrangement:
    """How a picture is to be laid out: options that all styles share.

    Attributes
    ----------
    down : bool
    room : float, optional
        A layer that needs more across the reading direction is split.
    wrap : float, optional
        Break the picture into lines of about this width.
    unbroken : float
        A picture that is no wider than this stays in one line.
    layout : callable or dict, optional
        A layout function of networkx, or any that takes a graph, or positions by name, y upwards.
    """

    down: bool = False
    room: float | None = None
    wrap: float | None = None
    layout: Layout | None = None
    unbroken: float = 0.0

    def place(self, items: Sequence[Item], edges: Sequence[Edge], tickets: Mapping[Edge, Point] | None = None) -> Placed:
        """Places for boxes, edges and tickets.

        Raises
        ------
        DrawingError
            When positions are missing or fall together, or lines are asked of a picture that reads downwards.
        """
        if self.layout is not None:
            return given(items, edges, self.layout, self.down)
        if self.wrap is not None and self.down:
            raise DrawingError("breaking a picture that reads downwards into lines", f"direction='down' came with wrap={self.wrap}",
                               "Leave out one of them.")
        if self.wrap is not None and not self.wrap > 0:
            raise DrawingError("breaking a picture into lines", f"wrap={self.wrap}", "Give a width in pixels, such as wrap=900.")
        made = placed(items, edges, tickets or {}, self.down, self.room)
        if self.wrap is None or max(x + w for x, _, w, _ in made.boxes.values()) - min(x for x, *_ in made.boxes.values()) <= self.unbroken:
            return made
        return wrapped(made, self.wrap, {i.name: (i.above, i.below) for i in items})


def given(items: Sequence[Item], edges: Sequence[Edge], layout: Layout, down: bool) -> Placed:
    """Boxes at positions from outside, just so far apart that none overlap, joined by straight lines."""
    import networkx as nx

    by_name = {i.name: i for i in items}
    graph = nx.DiGraph()
    graph.add_nodes_from(by_name)
    graph.add_edges_from(edges)
    if callable(layout):
        for n, k in simplex_layers(graph, by_use(graph)).items():
            graph.nodes[n]["subset"] = graph.nodes[n]["layer"] = k          # what multipartite layouts go by
        found = {n: (float(p[0]), float(p[1])) for n, p in layout(graph).items()}
    elif not isinstance(layout, Mapping):
        raise DrawingError(f"placing the boxes with layout={layout!r}", f"that is a {type(layout).__name__}, not a function and not positions",
                           "Give a function, such as networkx.spring_layout, or a dict of positions: {'x': (0, 0), 'y': (1, 0)}.")
    else:
        found = {n: (float(p[0]), float(p[1])) for n, p in layout.items() if n in by_name}
        for n in by_name:                                    # the dots of the style "variables": between what they join
            if n not in found and n.startswith("·"):
                near = [found[m] for m in (*graph.pred[n], *graph.succ[n], *graph.succ[n]) if m in found]
                if near:
                    found[n] = (sum(p[0] for p in near) / len(near), sum(p[1] for p in near) / len(near))
    missing = [n for n in by_name if n not in found]
    if missing:
        raise DrawingError("placing the boxes by the positions given", f"there is none for {listed(missing)}",
                           "Give a position (x, y) for every variable.")
    scale = _scale(items, found)
    boxes = {n: (found[n][0] * scale - i.width / 2, -found[n][1] * scale - i.height / 2, i.width, i.height) for n, i in by_name.items()}
    routes = {(s, t): _line(boxes[s], boxes[t], by_name[s], by_name[t], down) for s, t in edges}
    return Placed(boxes, routes, {}, {n: [] for n in boxes}, [])


def _scale(items: Sequence[Item], found: Mapping[str, Point]) -> float:
    """The smallest factor for the positions at which no two boxes overlap."""
    least = 1e-9
    for k, a in enumerate(items):
        for b in items[k + 1:]:
            (x, y), (z, w) = found[a.name], found[b.name]
            across, along = abs(x - z), abs(y - w)
            if across < 1e-9 and along < 1e-9:
                raise DrawingError("placing the boxes by the positions given", f"{a.name} and {b.name} have the same one", "Give each its own.")
            wide = (max(a.width, a.label) + max(b.width, b.label)) / 2 + APART
            high = (a.height + b.height) / 2 + max(a.above + b.below, b.above + a.below) + APART / 2
            least = max(least, min(wide / across if across else 1e18, high / along if along else 1e18))
    return least


def _line(a: tuple[float, float, float, float], b: tuple[float, float, float, float], source: Item, target: Item, down: bool) -> Route:
    """A straight line between two boxes; from the end of a wire and to its beginning where a style says so."""
    start, end = _middle(a), _middle(b)
    p = _leaving(a, end) if source.ports is None else (start[0], a[1] + a[3]) if down else (a[0] + a[2], start[1])
    q = _leaving(b, start) if target.ports is None else (end[0], b[1]) if down else (b[0], end[1])
    return (straight(p, q),)


def _middle(r: tuple[float, float, float, float]) -> Point:
    return r[0] + r[2] / 2, r[1] + r[3] / 2


def _leaving(r: tuple[float, float, float, float], towards: Point) -> Point:
    """Where the line from the middle of a box leaves it."""
    x, y = _middle(r)
    dx, dy = towards[0] - x, towards[1] - y
    k = min(r[2] / 2 / abs(dx) if dx else 1e18, r[3] / 2 / abs(dy) if dy else 1e18, 1.0)
    return x + dx * k, y + dy * k
