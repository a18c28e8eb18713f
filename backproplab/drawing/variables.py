"""Style "variables": variables are nodes, operations label the edges; the inputs of one operation join at a dot."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..engine.run import Run
from ..notation import Glyphs, Setting, digits, signed
from .arranging import Arrangement
from .boxes import described, finished
from .cards import DIGITS, name_layout, roles_of, title_of
from .grids import shape_text
from .marks import NUMBER, Formula, Mark, Text, centred, wide
from .model import Box, Drawing, Edge
from .operators import operator
from .placing import Item
from .shapes import straight

LETTER, OPERATION = 18.0, 15.0            # pixels of one em: in a circle, beside an edge
SMALLEST = 44.0                           # diameter of a circle
DOT = 6.0
WIDEST = 170.0                            # of a formula beside an edge
JOIN = "·"                                # in the name of a dot: no name of a variable holds it


def join_of(name: str) -> str:
    """The name of the dot where the inputs of a variable meet."""
    return JOIN + name


def variables(run: Run, glyphs: Glyphs, *, arrangement: Arrangement, tickets: Any = None, numbers: bool = True,
              parameters: Iterable[str] | None = None, notation: str = "g", groups: Any = None, opened: Any = ()) -> Drawing:
    """A run with its variables as nodes; see `drawing` for the options. Tickets have no place in this convention."""
    down = arrangement.down
    from ..notation.layout import Atom

    setting = Setting.of(run, notation, DIGITS)
    roles = roles_of(run, parameters)
    letters = {n: glyphs.formula(name_layout(n, setting), LETTER) for n in run.variables}
    labels: dict[str, dict[str, Any]] = {}
    texts: dict[str, list[tuple[str, str]]] = {}
    items: list[Item] = []
    edges: list[tuple[str, str]] = []
    for v in run.variables.values():
        f = letters[v.name]
        across = max(SMALLEST, float(np.ceil((f["w"] ** 2 + (f["up"] + f["down"]) ** 2) ** 0.5 + 10)))
        if v.expression is not None:
            label = glyphs.formula(operator(v, setting), OPERATION)
            if label["w"] > WIDEST:
                label = glyphs.formula(Atom(f"{v.count} operations", "word"), OPERATION)
            labels[v.name] = label
            high = label["up"] + label["down"] + 8
            if down:
                items.append(Item(join_of(v.name), 2 * (label["w"] + 10), max(high, 22.0), 2.0, 2.0, ports=0.0))
            else:
                items.append(Item(join_of(v.name), label["w"] + 20, 12.0, high, 6.0, label["w"] + 12, ports=0.0))
            edges += [*[(i, join_of(v.name)) for i in v.inputs], (join_of(v.name), v.name)]
        texts[v.name] = _texts(v) if numbers else []
        below = 4.0 + 15 * len(texts[v.name])
        aside = max([wide(t, NUMBER) for t, _ in texts[v.name]], default=0.0)
        if down:
            items.append(Item(v.name, max(across, 2 * (across / 2 + 4 + aside)), across, 2.0, 2.0, 0.0, v.expression is None, ports=0.0))
        else:
            items.append(Item(v.name, max(across, aside), across, 4.0, below, 0.0, v.expression is None, ports=0.0))
    place = arrangement.place(items, edges)
    nodes: dict[str, Box] = {}
    for v in run.variables.values():
        nodes[v.name] = _circle(v.name, place.boxes[v.name], letters[v.name], texts[v.name], roles[v.name], title_of(v, roles[v.name]), down)
        if v.expression is not None:
            nodes[join_of(v.name)] = _dot(v.name, place.boxes[join_of(v.name)], labels[v.name], down)
    lines: dict[tuple[str, ...], Edge] = {}
    for s, t in edges:
        route = place.routes[s, t]
        if s.startswith(JOIN):
            x, y, w, h = place.boxes[s]
            start = straight((x + w / 2, y), (x + w / 2, y + h)) if down else straight((x, y + h / 2), (x + w, y + h / 2))
            route = (start, *route)
        b = nodes[t if not t.startswith(JOIN) else s]
        if t.startswith(JOIN):
            out = (b.x + b.w / 2, b.y + b.h) if down else (b.x + b.w, b.y + b.h / 2)
            begin = route[0][0]
            if abs(out[0] - begin[0]) + abs(out[1] - begin[1]) > 0.05:
                route = (straight(out, begin), *route)
            lines[s, t] = Edge(s, t, route, head=False)
        else:
            end, into = route[-1][3], (b.x + b.w / 2, b.y) if down else (b.x, b.y + b.h / 2)
            if abs(end[0] - into[0]) + abs(end[1] - into[1]) > 0.05:
                route = (*route, straight(end, into))
            lines[s, t] = Edge(s, t, route)
    return finished(described(run, "Graph of variables"), "variables", down, nodes, lines, glyphs, place.layers)


def _texts(v: Any) -> list[tuple[str, str]]:
    if np.ndim(v.value):
        return [(shape_text(v.value), "s")]
    known = [(digits(v.value, DIGITS), "v")]
    return [*known, (signed(v.gradient, DIGITS), "g")] if v.gradient is not None else known


def _circle(name: str, item: tuple[float, float, float, float], letter: dict[str, Any], texts: list[tuple[str, str]], role: str, title: str,
            down: bool) -> Box:
    x, y, w, h = item
    left = x + (w - h) / 2
    outside: list[Mark] = []
    for k, (text, kind) in enumerate(texts):
        if down:
            outside.append(Text(text, left + h + 4, y + h / 2 + 4 + 15 * (k - (len(texts) - 1) / 2), NUMBER, kind))
        else:
            outside.append(Text(text, x + w / 2, y + h + 14 + 15 * k, NUMBER, kind, "middle"))
    return Box(name, role, "circle", left, y, h, h, (centred(letter, left + h / 2, y + h / 2),), tuple(outside), title)


def _dot(name: str, item: tuple[float, float, float, float], label: dict[str, Any], down: bool) -> Box:
    x, y, w, h = item
    if down:
        cx, cy = x + w / 2, y
        place = Formula(label, cx + 8, y + h / 2 + (label["up"] - label["down"]) / 2)
    else:
        cx, cy = x, y + h / 2
        place = Formula(label, cx + 8, cy - 5 - label["down"])
    return Box(join_of(name), "join", "dot", cx - DOT / 2, cy - DOT / 2, DOT, DOT, (), (place,), f"the operation that computes {name}")
