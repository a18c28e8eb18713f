"""What must not happen in a picture, each as a check that names the culprits. `faults` runs them all.

They read the drawing model, not a layout's own bookkeeping: whatever made the picture, it is judged by what is in it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .marks import Formula, Grid, Mark
from .model import Box, Drawing
from .shapes import Rect, overlap, points, within

TOUCH = 0.6                               # pixels that two things may share
SLACK = 1.0                               # pixels that text may reach over the edge it must stay within


def told(m: Mark) -> str:
    """A mark in words."""
    if isinstance(m, Grid):
        return f"the grid {m.data['shape']}"
    return repr(m.data["say"] if isinstance(m, Formula) else m.text)


def pieces(m: Mark) -> list[Rect]:
    """The rectangles of a mark: a grid and its badge are two."""
    return [m.rect, m.badge.rect] if isinstance(m, Grid) else [m.rect]


def solid(b: Box) -> list[Rect]:
    """What no edge, ticket or other node may cover."""
    return [b.rect, *(r for m in b.outside for r in pieces(m))]


def nodes_over_nodes(d: Drawing) -> Iterator[str]:
    """Nodes that overlap, names and numbers included."""
    every = [(n, r) for n, b in d.boxes.items() for r in solid(b)]
    every.sort(key=lambda e: e[1][0])
    for k, (n, r) in enumerate(every):
        for m, s in every[k + 1:]:
            if s[0] >= r[2]:
                break
            if m != n and overlap(r, s, TOUCH):
                yield f"{n} and {m} overlap"


def edges_over_nodes(d: Drawing) -> Iterator[str]:
    """Edges that run over a node that they do not join, or over any name or number."""
    names = [n for n, b in d.boxes.items() for _ in solid(b)]
    own = [k == 0 for b in d.boxes.values() for k, _ in enumerate(solid(b))]
    rects = np.array([r for b in d.boxes.values() for r in solid(b)], float).reshape(-1, 4)
    for e in d.edges.values():
        hit = within(points(e.route, 60), rects, -TOUCH)
        for k in np.flatnonzero(hit):
            if not (own[k] and names[k] in (e.source, e.target)):
                yield f"the edge {e.source} to {e.target} runs over {names[k]}"


def tickets_over_nodes(d: Drawing) -> Iterator[str]:
    """Tickets that cover a node, a name or a number."""
    for e in d.edges.values():
        r = e.ticket_rect
        if r is not None:
            for n, b in d.boxes.items():
                if any(overlap(r, s, TOUCH) for s in solid(b)):
                    yield f"the ticket of {e.source} to {e.target} covers {n}"


def tickets_over_tickets(d: Drawing) -> Iterator[str]:
    """Tickets of one variable that cover each other; those of different variables never show at once."""
    found = [(e, e.ticket_rect) for e in d.edges.values()]
    for k, (e, r) in enumerate(found):
        for f, s in found[k + 1:]:
            if r and s and e.source == f.source and overlap(r, s, TOUCH):
                yield f"the tickets of {e.source} to {e.target} and to {f.target} cover each other"


def text_outside(d: Drawing) -> Iterator[str]:
    """Text that belongs into a node and reaches over its edge; a circle's text must stay in the circle."""
    for n, b in d.boxes.items():
        for m in b.inside:
            for left, top, right, bottom in pieces(m):
                if b.shape == "circle":
                    cx, cy, radius = b.x + b.w / 2, b.y + b.h / 2, b.w / 2
                    far = max(np.hypot(x - cx, y - cy) for x in (left, right) for y in (top, bottom))
                    out = far > radius + SLACK
                else:
                    out = left < b.x - SLACK or top < b.y - SLACK or right > b.x + b.w + SLACK or bottom > b.y + b.h + SLACK
                if out:
                    yield f"{told(m)} reaches out of {n}"


def text_over_text(d: Drawing) -> Iterator[str]:
    """Names, numbers, formulas, grids and labels of edges that cover each other."""
    every = [(f"{told(m)} at {n}", r) for n, b in d.boxes.items() for m in (*b.inside, *b.outside) for r in pieces(m)]
    every += [(f"{told(m)} on {e.source} to {e.target}", r) for e in d.edges.values() for m in e.label for r in pieces(m)]
    every.sort(key=lambda e: e[1][0])
    for k, (what, r) in enumerate(every):
        for other, s in every[k + 1:]:
            if s[0] >= r[2]:
                break
            if overlap(r, s, TOUCH):
                yield f"{what} and {other} cover each other"


def labels_over_nodes(d: Drawing) -> Iterator[str]:
    """Labels of edges that cover a node."""
    for e in d.edges.values():
        for m in e.label:
            for n, b in d.boxes.items():
                if b.shape != "dot" and overlap(m.rect, b.rect, TOUCH):
                    yield f"{told(m)} on {e.source} to {e.target} covers {n}"


def off_the_page(d: Drawing) -> Iterator[str]:
    """Anything that the page does not hold."""
    w, h = d.size
    every = [(n, r) for n, b in d.boxes.items() for r in (*solid(b), *(p for m in b.inside for p in pieces(m)))]
    for e in d.edges.values():
        dots = points(e.route, 24)
        every.append((f"{e.source} to {e.target}", (*dots.min(0), *dots.max(0))))
        every += [(f"the ticket of {e.source} to {e.target}", e.ticket_rect)] if e.ticket_rect else []
    for what, (left, top, right, bottom) in every:
        if left < -SLACK or top < -SLACK or right > w + SLACK or bottom > h + SLACK:
            yield f"{what} reaches over the edge of the page"


def units_out_of_order(d: Drawing) -> Iterator[str]:
    """Units that do not stand in the author's order: nodes of one layer with the same inputs and consumers besides parameters.

    Such nodes may be exchanged without changing a crossing, so nothing excuses another order.
    """
    order = {n: k for k, n in enumerate(d.boxes)}
    before: dict[str, set[str]] = {n: set() for n in d.boxes}
    after: dict[str, set[str]] = {n: set() for n in d.boxes}
    for e in d.edges.values():
        before[e.target].add(e.source)
        after[e.source].add(e.target)
    for layer in d.layers:
        by_kind: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
        for n in layer:
            if n in order:
                by_kind.setdefault((frozenset(before[n]), frozenset(after[n])), []).append(n)
        for same in by_kind.values():
            for a, b in zip(same, same[1:], strict=False):
                if order[a] > order[b]:
                    yield f"{a} stands before {b}, which comes first in the program"


def empty_nodes(d: Drawing) -> Iterator[str]:
    """Nodes that say nothing: every node but a dot has something inside."""
    for n, b in d.boxes.items():
        if b.shape != "dot" and not b.inside:
            yield f"{n} is empty"


CHECKS: tuple[Callable[[Drawing], Iterator[str]], ...] = (
    nodes_over_nodes, edges_over_nodes, tickets_over_nodes, tickets_over_tickets, text_outside, text_over_text, labels_over_nodes, off_the_page,
    units_out_of_order, empty_nodes)


def faults(drawing: Drawing) -> list[str]:
    """Everything that is wrong with a picture, one sentence each; empty when nothing is."""
    return [fault for check in CHECKS for fault in check(drawing)]
