"""What a variable's box holds, and how large that makes it.

A scalar is a box with its function inside, the name above it and the numbers at its lower corners; its numbers stand inside where the
picture reads downwards, because there the edges leave below. A scalar input shows its name inside. An array is a card: its function on
top, the grid of its value bottom left, that of its gradient bottom right or below. Room for the gradient is kept from the beginning.
"""
from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engine.folding import Variable
from ..engine.run import Run
from ..notation import Glyphs, Setting, digits, signed, typeset
from ..notation.layout import Atom, Layout, Row, sign
from .grids import grid, shape_text
from .marks import (
    BADGE,
    BADGE_ROOM,
    CELL,
    CELL_DOWN,
    FORMULA,
    LEAF,
    NUMBER,
    NUMBER_DOWN,
    Formula,
    Grid,
    Mark,
    Text,
    badge_text,
    centred,
    grid_size,
    wide,
)
from .model import Box
from .placing import Item

DIGITS = 4                                # significant digits of a number in a picture
WIDEST = {False: 300.0, True: 200.0}      # of a function in a box, by `down`
SHRUNK = 0.75                             # a function that would have to be smaller is abbreviated
PORT = 9.0                                # height of a box for each edge that arrives
NAME = 22                                 # characters of a name, at the most
PAD, GUTTER = 8.0, 10.0                   # inside a card: at its sides, between its grids
STACKED = 230.0                           # a card wider than this has its grids one above the other, in a picture that reads downwards
NAME_ROOM, NAME_RISE = 20.0, 6.0          # above a box, for its name; from the box to the name's baseline
DEEP = 4.5                                # a name that reaches further below its baseline is raised
NUMBERS_BELOW, NUMBERS_INSIDE = 19.0, 16.0


@dataclass(frozen=True)
class Card:
    """A variable before it has a place."""

    name: str
    role: str
    leaf: bool
    title: str
    label: dict[str, Any]
    function: dict[str, Any] | None
    value: str | None = None
    gradient: str | None = None
    grid: dict[str, Any] | None = None
    gradient_grid: dict[str, Any] | None = None
    cell: tuple[float, float] = (30.0, 18.0)
    down: bool = False
    stacked: bool = False
    data: dict[str, Any] | None = None
    arrivals: int = 0

    @property
    def grids(self) -> list[dict[str, Any]]:
        return [g for g in (self.grid, self.gradient_grid) if g is not None]

    @property
    def named_inside(self) -> bool:
        return self.leaf and self.grid is None

    @property
    def function_room(self) -> float:
        """Height for the function at the top of a card."""
        f = self.function
        return 0.0 if f is None or self.grid is None else max(34.0, math.ceil(f["up"] + f["down"] + 12))

    @property
    def item(self) -> Item:
        """What the layout has to know."""
        w, h = self._card_size() if self.grid is not None else self._box_size()
        label = 0.0 if self.named_inside else self.label["w"]
        above = 4.0 if self.named_inside else max(NAME_ROOM, math.ceil(self.label["up"] + self.rise) + 2)
        numbers = bool(self.value or self.gradient)
        below = NUMBERS_BELOW if numbers and self.grid is None and not self.down else 4.0
        return Item(self.name, round(w, 1), h, above, below, label, self.leaf, self.grid is None)

    def _box_size(self) -> tuple[float, float]:
        f, down = self.function, self.down
        size = NUMBER_DOWN if down else NUMBER
        known = [t for t in (self.value, self.gradient) if t]
        text = sum(wide(t, size) for t in known) + 12 * (len(known) - 1 + down) + 2
        function = min(f["w"] + 20, WIDEST[down]) if f else 0.0
        w = max(84.0 if down else 64.0, text, function, self.label["w"] + (34 if down else 8) if not self.leaf else 0.0)
        k = min(1.0, (w - 14) / f["w"]) if f and f["w"] else 1.0
        high = math.ceil((f["up"] + f["down"]) * k + 12) if f else 0
        high = max(40.0, high, 0.0 if down else 12 + PORT * (self.arrivals - 1))       # arrow heads side by side
        return w, high + (NUMBERS_INSIDE if down and known else 0.0)

    @property
    def rise(self) -> float:
        """From the box to the baseline of its name: more for an index that has an index, which hangs deeper."""
        return max(NAME_RISE, math.ceil(self.label["down"]) + 2.0) if self.label["down"] > DEEP else NAME_RISE

    def _lanes(self) -> list[float]:
        return [max(grid_size(g, self.cell)[0], wide(badge_text(g), BADGE) + 4) for g in self.grids]

    def _stacks(self) -> bool:
        cells = self.grids[0]["cells"]
        flat = len(cells) < 3 <= len(cells[0])
        return len(self.grids) == 2 and (flat or self.stacked) and (not self.down or sum(self._lanes()) + 26 > STACKED)

    def _card_size(self) -> tuple[float, float]:
        lanes, stacks = self._lanes(), self._stacks()
        content = (max(lanes) if stacks else sum(lanes) + GUTTER * (len(lanes) - 1)) + 2 * PAD
        f = self.function
        w = max(content, min(f["w"], WIDEST[self.down]) + 20 if f else 0.0, self.label["w"] + 6)
        high = grid_size(self.grids[0], self.cell)[1] + BADGE_ROOM
        return w, (self.function_room or PAD) + high * (2 if stacks else 1)

    def _centred(self, g: dict[str, Any], w: float) -> float:
        """Where a grid begins that stands alone in its line: in the middle, as far as its badge, which may be wider, stays inside."""
        gw, badge = grid_size(g, self.cell)[0], wide(badge_text(g), BADGE) + 4
        middle = (w - gw) / 2
        return max(middle, PAD + badge - gw) if g["role"] == "g" else min(middle, max(PAD, w - PAD - badge))

    def at(self, x: float, y: float, w: float, h: float) -> Box:
        """The box at its place. It may be wider than it asked for."""
        inside: list[Mark] = []
        outside: list[Mark] = []
        name = Formula(self.label, x + 1, y - self.rise)
        if not self.named_inside:
            outside.append(name)
        if self.function is not None:
            numbers = NUMBERS_INSIDE if self.down and (self.value or self.gradient) else 0.0
            room = self.function_room or h - numbers
            f = self.function
            k = min(1.0, (w - 14) / (f["w"] or 1), (room - 4) / (f["up"] + f["down"] or 1))
            inside.append(centred(f, x + w / 2, y + room / 2, k))
        if self.grid is not None:
            top = y + (self.function_room or PAD)
            alone = self.gradient_grid is None or self._stacks()
            inside.append(Grid(self.grid, x + (self._centred(self.grid, w) if alone else PAD), top, self.cell))
            if self.gradient_grid is not None:
                gw, gh = grid_size(self.gradient_grid, self.cell)
                left = self._centred(self.gradient_grid, w) if alone else w - PAD - gw
                inside.append(Grid(self.gradient_grid, x + left, top + (gh + BADGE_ROOM if alone else 0.0), self.cell))
        else:
            size, inset, base = (NUMBER_DOWN, 6.0, -7.0) if self.down else (NUMBER, 1.0, 14.0)
            where = inside if self.down else outside
            if self.value:
                where.append(Text(self.value, x + inset, y + h + base, size, "v"))
            if self.gradient:
                where.append(Text(self.gradient, x + w - inset, y + h + base, size, "g", "end"))
        return Box(self.name, self.role, "box", x, y, w, h, tuple(inside), tuple(outside), self.title, self.function_room, self.data or {})


def cards(run: Run, glyphs: Glyphs, *, down: bool = False, numbers: bool = True, parameters: Iterable[str] | None = None,
          notation: str = "g", only: Container[str] | None = None) -> list[Card]:
    """A card for each variable of a run, or `only` for some, in the author's order."""
    setting = Setting.of(run, notation, DIGITS)
    roles = roles_of(run, parameters)
    arrays = any(np.ndim(v.value) for v in run.variables.values())
    shown = [v for v in run.variables.values() if only is None or v.name in only]
    made = [_card(v, roles[v.name], setting, glyphs, down, numbers, arrays) for v in shown]
    every = [text for c in made for g in c.grids for row in g["cells"] for text in row]
    size, high = (CELL_DOWN, 17.0) if down else (CELL, 18.0)
    cell = (round(wide("0" * max(map(len, every), default=5), size) + 7, 1), high)
    return [replace(c, cell=cell) for c in made]


def _card(v: Variable, role: str, setting: Setting, glyphs: Glyphs, down: bool, numbers: bool, arrays: bool) -> Card:
    scalar, leaf = np.ndim(v.value) == 0, v.expression is None
    label = glyphs.formula(name_layout(v.name, setting), FORMULA)
    function = None
    if v.expression is not None:
        function = function_formula(v, setting, glyphs, WIDEST[down])
    elif scalar:
        function = glyphs.formula(name_layout(v.name, setting), LEAF)
    value = digits(v.value, DIGITS) if scalar else None
    gradient = signed(v.gradient, DIGITS) if scalar and v.gradient is not None else None
    own = None if scalar else grid(v.value, "v")
    other = grid(v.gradient, "g") if not scalar and v.gradient is not None else None
    data = {"id": v.name, "label": label, "fn": function, "role": role, "value": value, "grad": gradient, "fork": len(v.uses) > 1, "line": v.line,
            "leaf": leaf, "written": v.written}
    if arrays:
        data |= {"grid": own, "shape": shape_text(v.value), "ggrid": other}
    inside = function
    if not numbers:
        value = gradient = own = other = None
        if leaf:
            inside = glyphs.formula(name_layout(v.name, setting), LEAF)
    return Card(v.name, role, leaf, title_of(v, role), label, inside, value, gradient, own, other, down=down, data=data, arrivals=len(v.inputs))


def roles_of(run: Run, parameters: Iterable[str] | None = None) -> dict[str, str]:
    """The role of each variable.

    An input with a gradient counts as a parameter where the run tells parameters and data apart, because some inputs have no gradient
    (`wrt=`, or data of integers), or where `parameters` names it.
    """
    given = [run.variables[n] for n in run.inputs if n in run.variables]
    apart = any(v.gradient is None for v in given) if parameters is None else False
    named = set(parameters or ())
    return {v.name: "parameter" if v.name in named or v.role == "input" and apart else v.role for v in run.variables.values()}


def title_of(v: Variable, role: str) -> str:
    """A node in words: what computes it, its value and gradient."""
    known = [f"value {digits(v.value, DIGITS)}" if np.ndim(v.value) == 0 else f"shape {shape_text(v.value)}"]
    if v.gradient is not None and np.ndim(v.gradient) == 0:
        known.append(f"gradient {signed(v.gradient, DIGITS)}")
    told = f"{v.name} = {shortened(str(v.expression), 120)}" if v.expression is not None else v.name
    return f"{told}, {role}, {', '.join(known)}"


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 1] + "…"


def name_layout(name: str, setting: Setting) -> Layout:
    """A variable's letter; a name that is too long for a picture is cut."""
    return setting.symbol(name) if len(name) <= NAME else Atom(shortened(name, NAME), "mono")


def function_formula(v: Variable, setting: Setting, glyphs: Glyphs, widest: float) -> dict[str, Any]:
    """The formula in a box: whole where it fits, a long sum by its ends, else how many operations there are."""
    assert v.expression is not None
    for layout in _shorter(v, typeset(v.expression, setting)):
        made = glyphs.formula(layout, FORMULA)
        if made["w"] * SHRUNK <= widest - 14:
            break
    return made


def _shorter(v: Variable, whole: Layout) -> Sequence[Layout]:
    out = [whole]
    if isinstance(whole, Row) and isinstance(whole.parts[0], Layout):
        parts = whole.parts
        signs = [k for k, p in enumerate(parts) if isinstance(p, Atom) and p.kind == "sign" and p.text in ("+", "−") and k]
        if len(signs) > 2:
            head, last = parts[:signs[1] + 1], parts[signs[-1]:]
            out.append(Row((*head, sign("⋯"), *last), whole.bind))
            out.append(Row((*parts[:signs[0] + 1], sign("⋯"), *last), whole.bind))
    out.append(Atom(f"{v.count} operations" if v.count > 1 else v.operation or "function", "word"))
    return out
