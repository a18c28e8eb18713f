"""Style "boxes", the computation graph: one box for each variable, its function inside, its name outside, edges without labels."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..engine.run import Run
from ..notation import Glyphs, Setting
from ..notation.layout import Atom
from .arranging import Arrangement
from .cards import Card, cards, name_layout, shortened
from .grids import shape_text
from .groups import Fold, Groups, folded
from .marks import Formula, moved, wide
from .model import TICKET_HEIGHT, Box, Drawing, Edge, Frame
from .placing import Placed
from .shapes import Rect, bounds, overlap, points, translated

PAGE = 1060.0                             # a picture wider than this stacks the grids of its cards
RULE_SIZE, RULE_SIZE_DOWN, SUM_SIZE = 10.5, 10.0, 12.0          # the two lines of a ticket
NARROWEST = 56.0
MARGIN = 8.0

Tickets = Mapping[tuple[str, str], Any]


def boxes(run: Run, glyphs: Glyphs, *, arrangement: Arrangement, tickets: Tickets | None = None, numbers: bool = True,
          parameters: Iterable[str] | None = None, notation: str = "g", groups: Groups | None = None, opened: Iterable[str] = ()) -> Drawing:
    """The computation graph of a run; see `drawing` for the options."""
    down = arrangement.down
    fold = folded(run, groups, opened)
    results = {g: fold.output_of(g, run) for g in fold.members}
    needed = {*fold.units, *(v.name for v in results.values() if v is not None)}
    known = {c.name: c for c in cards(run, glyphs, down=down, numbers=numbers, parameters=parameters, notation=notation, only=needed)}
    made = [group_card(run, fold, n, glyphs, known, notation) if n in fold.members else known[n] for n in fold.units]
    edges = list(fold.edges)
    texts, sizes = ticket_sizes(edges, tickets or {}, down)
    found: tuple[list[Card], Placed, float] | None = None
    for stacked in ((True,) if down else (False, True)):
        tried = [replace(c, stacked=stacked) for c in made]
        place = arrangement.place([c.item for c in tried], edges, sizes)
        width = max(b[0] + b[2] for b in place.boxes.values()) - min(b[0] for b in place.boxes.values())
        if found is None or width < found[2]:
            found = tried, place, width
        if width <= PAGE or not any(c.gradient_grid for c in made):
            break
    assert found is not None
    made, place, _ = found
    nodes = {c.name: c.at(*place.boxes[c.name]) for c in made}
    lines: dict[tuple[str, ...], Edge] = {e: Edge(*e, place.routes[e], ticket=place.tickets.get(e), ticket_size=sizes.get(e),
                                                     ticket_text=texts.get(e, ())) for e in edges}
    return finished(described(run), "boxes", down, nodes, lines, glyphs, place.layers, framed(fold, nodes, glyphs))


def ticket_sizes(edges: Sequence[tuple[str, str]], tickets: Tickets, down: bool
                 ) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[str, str], tuple[float, float]]]:
    """(texts, sizes) of the tickets that are given for edges, each as two lines of text or as a size."""
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    sizes: dict[tuple[str, str], tuple[float, float]] = {}
    for e in edges:
        given = tickets.get(e)
        if given is None:
            continue
        first, second = given[:2]
        if isinstance(first, str):
            fork = sum(t[0] == e[0] for t in tickets) > 1
            text = max(wide(first, RULE_SIZE_DOWN if down else RULE_SIZE), wide(second, SUM_SIZE))
            texts[e] = (first, second)
            sizes[e] = (float(round(max(NARROWEST, text + 14 + 8 * fork))), TICKET_HEIGHT)
        else:
            sizes[e] = (float(first), float(second))
    return texts, sizes


def finished(title: str, style: str, down: bool, nodes: Mapping[str, Box], edges: Mapping[tuple[str, ...], Edge], glyphs: Glyphs,
             layers: Sequence[Sequence[str]] = (), frames: Iterable[Frame] = ()) -> Drawing:
    """The drawing, moved so that it begins at (0, 0)."""
    frames = tuple(frames)
    reach: list[Rect] = [r for f in frames for r in (f.rect, *([f.title.rect] if f.title else []))]
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
    rims = tuple(replace(f, rect=(f.rect[0] + dx, f.rect[1] + dy, f.rect[2] + dx, f.rect[3] + dy), title=moved(f.title, dx, dy) if f.title else None)
                 for f in frames)
    return Drawing(title, style, down, size, there, lines, glyphs.outlines, rims, tuple(map(tuple, layers)))


def framed(fold: Fold, nodes: Mapping[str, Box], glyphs: Glyphs) -> list[Frame]:
    """A frame round each opened group; where other nodes stand in between, one round each of its members."""
    out = []
    for name, members in fold.frames.items():
        title = glyphs.formula(Atom(name, "word"), 13.0)
        whole = _round([nodes[n] for n in members])
        others = [b for n, b in nodes.items() if n not in members]
        clean = not any(overlap(whole, r) for b in others for r in (b.rect, *(m.rect for m in b.outside)))
        if clean:
            out.append(Frame(whole, Formula(title, whole[0] + 6, whole[1] - 5), members))
        else:
            out += [Frame(_round([nodes[n]], 5.0), None, (n,)) for n in members]
    return out


def _round(found: Sequence[Box], pad: float = 10.0) -> Rect:
    left, top, right, bottom = bounds([r for b in found for r in (b.rect, *(m.rect for m in b.outside))])
    return (left - pad, top - pad, right + pad, bottom + pad)


def group_card(run: Run, fold: Fold, name: str, glyphs: Glyphs, known: Mapping[str, Card], notation: str) -> Card:
    """The box of a folded group: its name inside, the name and the numbers of its result outside."""
    members = fold.members[name]
    out = fold.output_of(name, run)
    inside = glyphs.formula(Atom(name if len(name) <= 26 else name[:25] + "…", "word"), 15.0)
    title = f"{name}, a group of {len(members)} variables: {', '.join(members)}"
    sample = next(iter(known.values()))
    setting = Setting.of(run, notation)
    label = glyphs.formula(name_layout(out.name, setting) if out is not None else Atom(f"{len(members)} variables", "word"), 15.0)
    value = gradient = None
    if out is not None and any(c.value or c.grid for c in known.values()):
        value = known[out.name].value or shape_text(out.value)
        gradient = known[out.name].gradient
    role = "output" if run.output in members else "operation"
    data = {"id": name, "label": label, "fn": inside, "role": role, "value": value, "grad": gradient,
            "fork": sum(s == name for s, _ in fold.edges) > 1, "leaf": False, "written": name, "members": list(members)}
    return replace(sample, name=name, role=role, leaf=False, title=shortened(title, 200), label=label, function=inside, value=value,
                   gradient=gradient, grid=None, gradient_grid=None, data=data,
                   arrivals=sum(t == name for _, t in fold.edges))


def described(run: Run, what: str = "Computation graph") -> str:
    """The picture in words."""
    v = run.variables
    head = f"{what} of {run.name} with {len(v)} variables"
    told = "; ".join(f"{n} = {x.expression}" for n, x in v.items() if x.expression is not None)
    leaves = ", ".join(n for n, x in v.items() if x.expression is None)
    whole = f"{head}. From {leaves}: {told}."
    return whole if len(whole) <= 400 else f"{head}; the output is {run.output}."
