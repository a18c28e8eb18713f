"""The drawing model: what stands where, in immutable records. Every renderer reads it, every check reads it, nothing changes it.

Lengths are pixels at the size in which a picture is meant to be seen; y grows downwards; the picture begins at (0, 0).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..engine.run import Run
from .marks import Grid, Mark
from .shapes import Point, Rect, Route, number, path, reverse

TICKET_HEIGHT = 34.0
TIP = (8.0, 4.5)                          # length and half width of an arrow head


@dataclass(frozen=True)
class Box:
    """One node of a picture.

    Attributes
    ----------
    name : str
        The variable's name, unique in the picture.
    role : str
        "input", "parameter", "constant", "operation" or "output"; "join" for the dot where inputs of an operation meet.
    shape : str
        "box", "circle", "dot", "pill", or "plain" for a name without an outline.
    x, y, w, h : float
    inside, outside : tuple of Text, Formula or Grid
        What must stay within the node's edge, and what stands beside it.
    title : str
        What the node is, in words.
    function_room : float
        Height at the top of a card for its function; 0 for other nodes.
    data : dict
        The node as JSON data, for widgets: formulas, numbers as text, grids.
    marked : bool
        Part of what the picture points out.
    tone : tuple of str
        "now" for the variable whose step is shown, "back" for one that is shown in the backward pass.
    """

    name: str
    role: str
    shape: str
    x: float
    y: float
    w: float
    h: float
    inside: tuple[Mark, ...] = ()
    outside: tuple[Mark, ...] = ()
    title: str = ""
    function_room: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    marked: bool = False
    tone: tuple[str, ...] = ()

    @property
    def rect(self) -> Rect:
        return (self.x, self.y, self.x + self.w, self.y + self.h)


@dataclass(frozen=True)
class Edge:
    """A line from one node to another.

    Attributes
    ----------
    source, target : str
    route : Route
        Cubics, from source to target.
    kind : str
        "" for an ordinary edge, "backward" for one that carries a gradient against the reading direction.
    head : bool
        Does it end in an arrow head?
    label : tuple of Text or Formula
        On the edge, over a patch of paper.
    ticket : Point, optional
        Centre of the place that is free for its ticket.
    ticket_size : Point, optional
    ticket_text : tuple of str
        The two lines of the ticket, where the texts are known.
    marked : bool
    """

    source: str
    target: str
    route: Route
    kind: str = ""
    head: bool = True
    label: tuple[Mark, ...] = ()
    ticket: Point | None = None
    ticket_size: Point | None = None
    ticket_text: tuple[str, ...] = ()
    marked: bool = False

    @property
    def ticket_rect(self) -> Rect | None:
        if self.ticket is None or self.ticket_size is None:
            return None
        (x, y), (w, h) = self.ticket, self.ticket_size
        return (x - w / 2, y - h / 2, x + w / 2, y + h / 2)


@dataclass(frozen=True)
class Frame:
    """A rounded rectangle round some nodes, with a title above it."""

    rect: Rect
    title: Mark | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A picture of a run.

    Attributes
    ----------
    title : str
        What the picture shows, in words: the alternative text.
    style : str
    down : bool
        Does it read from top to bottom?
    size : (float, float)
        Width and height.
    boxes : mapping of str to Box
    edges : mapping of (str, str) to Edge
        A second wire between the same nodes has a third part in its key.
    glyphs : list of str
        Outlines that the formulas point into.
    frames : tuple of Frame
        Groups that are opened.
    layers : tuple of tuple of str
        Nodes that share a layer, each in its order across the reading direction; empty where a layout was given from outside.
    run : Run or None
        What the picture is of; None for a network that is given by its sizes.
    """

    title: str
    style: str
    down: bool
    size: Point
    boxes: Mapping[str, Box]
    edges: Mapping[tuple[str, ...], Edge]
    glyphs: list[str] = field(repr=False)
    frames: tuple[Frame, ...] = ()
    layers: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    run: Run | None = field(default=None, repr=False, compare=False)

    @property
    def nodes(self) -> dict[str, dict[str, Any]]:
        """Each variable as JSON data: ``id, label, fn, role, value, grad, fork, leaf, written`` and, with arrays, ``grid, shape, ggrid``."""
        return {name: dict(box.data) for name, box in self.boxes.items()}

    def as_data(self) -> dict[str, Any]:
        """Places as JSON data, for widgets.

        Returns
        -------
        dict
            ``x, y, w, h`` of the view, ``down``, ``nodes`` name to [x, y, w, h], ``edges`` "a>d" to its paths ``d`` and (reversed) ``r``,
            arrow heads ``tip`` and ``back``, ticket ``at`` and ``size``; with arrays also ``cell`` and ``spots``: for each card the
            places ``v`` and ``g`` of its grids and the height ``fn`` for its function.
        """
        r = _rounded
        out: dict[str, Any] = {"x": 0, "y": 0, "w": round(self.size[0]), "h": round(self.size[1]), "down": self.down,
                               "nodes": {n: [r(b.x), r(b.y), r(b.w), r(b.h)] for n, b in self.boxes.items()},
                               "edges": {f"{e.source}>{e.target}": _edge_data(e) for e in self.edges.values()}}
        cards = {n: [m for m in b.inside if isinstance(m, Grid)] for n, b in self.boxes.items()}
        found = [g for grids in cards.values() for g in grids]
        if found:
            out["cell"] = [r(found[0].cell[0]), r(found[0].cell[1])]
            out["spots"] = {n: {"v": [r(grids[0].x), r(grids[0].y)], "g": [r(grids[-1].x), r(grids[-1].y)], "fn": r(self.boxes[n].function_room)}
                            for n, grids in cards.items() if grids}
        return out


def _edge_data(e: Edge) -> dict[str, Any]:
    out: dict[str, Any] = {"d": path(e.route), "r": path(reverse(e.route)), "tip": tip(e.route), "back": tip(reverse(e.route), (9.0, 5.0))}
    if e.ticket is not None and e.ticket_size is not None:
        out |= {"at": [_rounded(c) for c in e.ticket], "size": [_rounded(c) for c in e.ticket_size]}
    return out


def corners(route: Route, size: Point = TIP) -> tuple[Point, Point, Point]:
    """The arrow head at the end of a route, its tip first."""
    *_, (a, b, c, d) = route
    back = next((p for p in (c, b, a) if abs(p[0] - d[0]) + abs(p[1] - d[1]) > 1e-6), a)
    dx, dy = d[0] - back[0], d[1] - back[1]
    long = (dx * dx + dy * dy) ** 0.5 or 1.0
    dx, dy = dx / long, dy / long
    x, y = d[0] - dx * size[0], d[1] - dy * size[0]
    return d, (x - dy * size[1], y + dx * size[1]), (x + dy * size[1], y - dx * size[1])


def tip(route: Route, size: Point = TIP) -> str:
    """The arrow head at the end of a route, as the `d` of an SVG path."""
    a, b, c = corners(route, size)
    return f"M{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}L{number(c[0])} {number(c[1])}Z"


def _rounded(v: float) -> float | int:
    """One decimal; a whole number without any, so that data stays short."""
    v = round(float(v), 1)
    return int(v) if v.is_integer() else v
