"""Style "boxes", the computation graph: one box for each variable, its function inside, its name outside, edges without labels."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..engine.run import Run
from ..notation import Glyphs
from .cards import Card, cards
from .marks import moved, wide
from .model import TICKET_HEIGHT, Box, Drawing, Edge
from .placing import Placed, placed
from .shapes import Rect, bounds, points, translated

PAGE = 1060.0                             # a picture wider than this stacks the grids of its cards
RULE_SIZE, RULE_SIZE_DOWN, SUM_SIZE = 10.5, 10.0, 12.0          # the two lines of a ticket
NARROWEST = 56.0
MARGIN = 4.0

Tickets = Mapping[tuple[str, str], Any]


def boxes(run: Run, glyphs: Glyphs, *, down: bool = False, tickets: Tickets | None = None, room: float | None = None, numbers: bool = True,
          parameters: Iterable[str] | None = None, notation: str = "g") -> Drawing:
    """The computation graph of a run; see `drawing` for the options."""
    made = cards(run, glyphs, down=down, numbers=numbers, parameters=parameters, notation=notation)
    edges = [(i, v.name) for v in run.variables.values() for i in v.inputs]
    texts, sizes = ticket_sizes(run, edges, tickets or {}, down)
    found: tuple[list[Card], Placed, float] | None = None
    for stacked in ((True,) if down else (False, True)):
        tried = [replace(c, stacked=stacked) for c in made]
        place = placed([c.item for c in tried], edges, sizes, down, room)
        width = max((b[0] + b[2] for b in place.boxes.values())) - min(b[0] for b in place.boxes.values())
        if found is None or width < found[2]:
            found = tried, place, width
        if width <= PAGE or not any(c.gradient_grid for c in made):
            break
    assert found is not None
    made, place, _ = found
    nodes = {c.name: c.at(*place.boxes[c.name]) for c in made}
    lines = {e: Edge(*e, place.routes[e], ticket=place.tickets.get(e), ticket_size=sizes.get(e), ticket_text=texts.get(e, ())) for e in edges}
    return finished(described(run), "boxes", down, nodes, lines, glyphs, place.layers)


def ticket_sizes(run: Run, edges: Sequence[tuple[str, str]], tickets: Tickets, down: bool
                 ) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[str, str], tuple[float, float]]]:
    """(texts, sizes) of the tickets that are given for edges, each as two lines of text or as a size."""
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    sizes: dict[tuple[str, str], tuple[float, float]] = {}
    for e in edges:
        given = tickets.get(e)
        if given is None:
            continue
        first, second = given
        if isinstance(first, str):
            fork = len(run.variables[e[0]].uses) > 1
            text = max(wide(first, RULE_SIZE_DOWN if down else RULE_SIZE), wide(second, SUM_SIZE))
            texts[e] = (first, second)
            sizes[e] = (float(round(max(NARROWEST, text + 14 + 8 * fork))), TICKET_HEIGHT)
        else:
            sizes[e] = (float(first), float(second))
    return texts, sizes


def finished(title: str, style: str, down: bool, nodes: Mapping[str, Box], edges: Mapping[tuple[str, str], Edge], glyphs: Glyphs,
             layers: Sequence[Sequence[str]] = (), extra: Iterable[Rect] = ()) -> Drawing:
    """The drawing, moved so that it begins at (0, 0)."""
    reach: list[Rect] = list(extra)
    for b in nodes.values():
        reach += [b.rect, *(m.rect for m in b.outside)]
    for e in edges.values():
        dots = points(e.route, 12)
        reach.append((float(dots[:, 0].min()) - 2, float(dots[:, 1].min()) - 2, float(dots[:, 0].max()) + 2, float(dots[:, 1].max()) + 2))
        if e.ticket_rect:
            left, top, right, bottom = e.ticket_rect
            reach.append((left - 9, top, right, bottom))
        reach += [m.rect for m in e.label]
    left, top, right, bottom = bounds(reach) if reach else (0.0, 0.0, 0.0, 0.0)
    dx, dy = MARGIN - left, MARGIN - top
    there = {n: replace(b, x=b.x + dx, y=b.y + dy, inside=tuple(moved(m, dx, dy) for m in b.inside),
                        outside=tuple(moved(m, dx, dy) for m in b.outside)) for n, b in nodes.items()}
    lines = {k: replace(e, route=translated(e.route, dx, dy), label=tuple(moved(m, dx, dy) for m in e.label),
                        ticket=None if e.ticket is None else (e.ticket[0] + dx, e.ticket[1] + dy)) for k, e in edges.items()}
    size = (float(round(right - left + 2 * MARGIN)), float(round(bottom - top + 2 * MARGIN)))
    return Drawing(title, style, down, size, there, lines, glyphs.outlines, layers=tuple(map(tuple, layers)))


def described(run: Run, what: str = "Computation graph") -> str:
    """The picture in words."""
    v = run.variables
    head = f"{what} of {run.name} with {len(v)} variables"
    told = "; ".join(f"{n} = {x.expression}" for n, x in v.items() if x.expression is not None)
    leaves = ", ".join(n for n, x in v.items() if x.expression is None)
    whole = f"{head}. From {leaves}: {told}."
    return whole if len(whole) <= 400 else f"{head}; the output is {run.output}."
