"""Style "gates": one gate for each operation, its operator in a circle; values above and gradients below the wires.

A value leaves its gate on one wire, where its numbers stand once, and branches to its consumers behind them.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.folding import Variable
from ..engine.run import Run
from ..notation import Glyphs, Setting, digits, signed
from ..notation.layout import Atom
from .arranging import Arrangement
from .boxes import described, finished, framed
from .cards import DIGITS, name_layout, roles_of, shortened, title_of
from .grids import shape_text
from .groups import Fold, Groups, folded
from .marks import LEAF, NUMBER, Formula, Mark, Text, centred, wide
from .model import Box, Drawing, Edge
from .placing import Item
from .shapes import Route, straight

OPERATOR = 17.0                           # pixels of one em in a gate
SMALLEST = 34.0                           # diameter of a gate
WIDEST = 46.0                             # diameter beyond which a gate becomes oblong
PAD = 6.0                                 # between a gate and its wire's numbers, and behind them
ABOVE, BELOW = 6.0, 14.0                  # baselines of the numbers, from the wire
BOW = 7.0                                 # how far apart two wires between the same gates arrive


@dataclass(frozen=True)
class Gate:
    """A gate or an input with the wire that leaves it, before it has a place."""

    name: str
    role: str
    leaf: bool
    title: str
    inner: dict[str, Any]
    label: dict[str, Any] | None
    value: str
    gradient: str
    down: bool
    last: bool

    @property
    def body(self) -> tuple[float, float]:
        """Size of the circle, or of an input's name."""
        w, h = self.inner["w"], self.inner["up"] + self.inner["down"]
        if self.leaf:
            return w + 6, max(h + 4, 22.0)
        across = max(SMALLEST, float(np.ceil((w * w + h * h) ** 0.5 + 8)))
        if across > WIDEST:                               # a word: an oblong gate
            return w + 22, max(SMALLEST, h + 8)
        return across, across

    @property
    def wire(self) -> float:
        """How long the wire with the numbers is, in the reading direction."""
        text = max(wide(self.value, NUMBER), wide(self.gradient, NUMBER))
        return 36.0 if self.down else text + 2 * PAD if text else 0.0

    @property
    def item(self) -> Item:
        w, h = self.body
        label = self.label
        if self.down:
            aside = max(wide(self.value, NUMBER), wide(self.gradient, NUMBER)) + 10
            beside = w / 2 + label["w"] + 8 if label else w / 2
            return Item(self.name, 2 * max(aside, beside), h + self.wire, 3.0, 2.0, 0.0, self.leaf, ports=w / 2)
        return Item(self.name, w + self.wire, max(h, 36.0), label["up"] + 10 if label else 4.0, 4.0, label["w"] if label else 0.0, self.leaf,
                    ports=w / 2)

    def at(self, x: float, y: float, w: float, h: float) -> Box:
        bw, bh = self.body
        left, top = (x + (w - bw) / 2, y) if self.down else (x, y + (h - bh) / 2)
        inside: tuple[Mark, ...] = (centred(self.inner, left + bw / 2, top + bh / 2),)
        outside: list[Mark] = []
        if self.label is not None:
            if self.down:
                outside.append(Formula(self.label, left - self.label["w"] - 5, top + bh / 2 + 5))
            else:
                outside.append(Formula(self.label, left, top - 5))
        if self.down:
            cx, end = x + w / 2, y + h
            for text, role, rise in ((self.value, "v", 22.0), (self.gradient, "g", 7.0)):
                if text:
                    outside.append(Text(text, cx + 6, end - rise, NUMBER, role))
        else:
            cy, start = y + h / 2, left + bw + PAD
            if self.value:
                outside.append(Text(self.value, start, cy - ABOVE, NUMBER, "v"))
            if self.gradient:
                outside.append(Text(self.gradient, start, cy + BELOW, NUMBER, "g"))
        return Box(self.name, self.role, "plain" if self.leaf else "circle" if bw == bh else "pill", left, top, bw, bh, inside, tuple(outside),
                   self.title)


def gates(run: Run, glyphs: Glyphs, *, arrangement: Arrangement, tickets: Any = None, numbers: bool = True,
          parameters: Iterable[str] | None = None, notation: str = "g", groups: Groups | None = None, opened: Iterable[str] = ()) -> Drawing:
    """The circuit of a run; see `drawing` for the options. Tickets have no place in this convention."""
    down = arrangement.down
    from .operators import operator

    flat = run.unfolded()
    setting = Setting.of(flat, notation, DIGITS)
    roles = roles_of(flat, parameters)
    fold = folded(flat, groups, opened)
    made = []
    for unit in fold.units:
        if unit in fold.members:
            made.append(_group(flat, fold, unit, glyphs, setting, numbers, down))
            continue
        v = flat.variables[unit]
        leaf = v.expression is None
        inner = glyphs.formula(name_layout(v.name, setting) if leaf else operator(v, setting), LEAF if leaf else OPERATOR)
        named = not leaf and v.name in flat.values
        label = glyphs.formula(name_layout(v.name, setting), 15.0) if named else None
        value, gradient = _numbers(v) if numbers else ("", "")
        made.append(Gate(v.name, roles[v.name], leaf, title_of(v, roles[v.name]), inner, label, value, gradient, down, v.role == "output"))
    edges = list(fold.edges)
    place = arrangement.place([g.item for g in made], edges)
    nodes = {g.name: g.at(*place.boxes[g.name]) for g in made}
    lines: dict[tuple[str, ...], Edge] = {}
    for s, t in edges:
        route = _from_gate(nodes[s], place.boxes[s], place.routes[s, t], down)
        route = _to_gate(nodes[t], route, down)
        many = _mentions(flat.variables[t], s) if s in flat.variables and t in flat.variables else 1
        for k in range(many):
            key = (s, t) if k == 0 else (s, t, str(k + 1))
            lines[key] = Edge(s, t, _bowed(route, k, many, down) if many > 1 else route)
    out = next(g.name for g in made if g.last)
    stub = _stub(nodes[out], place.boxes[out], down)
    lines[out, ""] = Edge(out, out, stub, head=False)
    return finished(described(flat, "Circuit"), "gates", down, nodes, lines, glyphs, place.layers, framed(fold, nodes, glyphs))


def _group(run: Run, fold: Fold, name: str, glyphs: Glyphs, setting: Setting, numbers: bool, down: bool) -> Gate:
    """Several gates as one, with the numbers of its result on its wire."""
    members, out = fold.members[name], fold.output_of(name, run)
    last = run.output in members
    value, gradient = _numbers(out) if numbers and out is not None else ("", "")
    label = glyphs.formula(name_layout(out.name, setting), 15.0) if out is not None and out.name in run.values else None
    title = shortened(f"{name}, a group of {len(members)} gates: {', '.join(members)}", 200)
    word = glyphs.formula(Atom(shortened(name, 26), "word"), OPERATOR)
    return Gate(name, "output" if last else "operation", False, title, word, label, value, gradient, down, last)


def _numbers(v: Variable) -> tuple[str, str]:
    if np.ndim(v.value):
        return shape_text(v.value), shape_text(v.gradient) if v.gradient is not None else ""
    return digits(v.value, DIGITS), signed(v.gradient, DIGITS) if v.gradient is not None else ""


def _mentions(v: Variable, name: str) -> int:
    """How often an expression names a variable: x * x has two wires."""
    from ..engine.expressions import symbols
    assert v.expression is not None
    return max(1, sum(s == name for s in symbols(v.expression)))


def _stub(b: Box, item: tuple[float, float, float, float], down: bool) -> Route:
    """The wire with the numbers: from the circle to the end of the item."""
    x, y, w, h = item
    if down:
        return (straight((x + w / 2, b.y + b.h), (x + w / 2, y + h)),)
    return (straight((b.x + b.w, y + h / 2), (x + w, y + h / 2)),)


def _from_gate(b: Box, item: tuple[float, float, float, float], route: Route, down: bool) -> Route:
    (first,) = _stub(b, item, down)
    return route if first[0] == first[3] else (first, *route)


def _to_gate(b: Box, route: Route, down: bool) -> Route:
    """The last piece goes on to the circle's edge, which is not where the item begins when wires arrive off the middle."""
    end = route[-1][3]
    cx, cy, r = b.x + b.w / 2, b.y + b.h / 2, b.h / 2
    flat = b.w / 2 - r                                   # half of the straight side of an oblong gate
    off = max(0.0, abs(end[0] - cx) - flat) if down else abs(end[1] - cy)
    inward = (r * r - min(off, 0.8 * r) ** 2) ** 0.5
    target = (end[0], cy - inward) if down else (cx - flat - inward, end[1])
    if abs(target[0] - end[0]) + abs(target[1] - end[1]) < 0.05:
        return route
    return (*route, straight(end, target))


def _bowed(route: Route, k: int, many: int, down: bool) -> Route:
    """Several wires between the same two gates: they spread on their way."""
    shift = (k - (many - 1) / 2) * 2 * BOW
    dx, dy = (shift, 0.0) if down else (0.0, shift)
    out = []
    for n, (a, b, c, d) in enumerate(route):
        last = n == len(route) - 1
        if a == b and c == d and n == 0 and not last:
            out.append((a, b, c, d))
            continue
        if a == b and c == d:
            b, c = ((2 * a[0] + d[0]) / 3, (2 * a[1] + d[1]) / 3), ((a[0] + 2 * d[0]) / 3, (a[1] + 2 * d[1]) / 3)
        start = a if not out else out[-1][3]
        out.append((start, (b[0] + dx, b[1] + dy), (c[0] + dx, c[1] + dy), d if last else (d[0] + dx, d[1] + dy)))
    return tuple(out)
