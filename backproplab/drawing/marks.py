"""What a picture is made of: text, formulas and grids, each at its place, in pixels with y downwards.

Every mark knows the rectangle it covers. Layout, checks and both renderers go by that, so that they cannot disagree about it.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .shapes import Rect

MONO = 0.603                              # width of a monospace character over its size
RISE, FALL = 0.76, 0.22                   # how far its text reaches above and below the baseline
FORMULA, LEAF, NUMBER, NUMBER_DOWN, CELL, CELL_DOWN = 15.0, 18.0, 12.0, 11.0, 10.5, 9.5
BADGE = 10.5
BADGE_ROOM = 20.0                         # under a grid, for its badge


def wide(text: str, size: float) -> float:
    """Width of monospace text."""
    return len(text) * size * MONO


@dataclass(frozen=True, slots=True)
class Text:
    """Monospace text. `role` is "v" for a value, "g" for a gradient, "" for a remark; `anchor` as in SVG."""

    text: str
    x: float
    y: float
    size: float = NUMBER
    role: str = ""
    anchor: str = "start"
    bold: bool = False

    @property
    def rect(self) -> Rect:
        w = wide(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": w / 2, "end": w}[self.anchor]
        return (left, self.y - self.size * RISE, left + w, self.y + self.size * FALL)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of `Glyphs.formula`, its baseline beginning at (x, y)."""

    data: dict[str, Any] = field(repr=False)
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    @property
    def rect(self) -> Rect:
        d, k = self.data, self.scale
        return (self.x, self.y - d["up"] * k, self.x + d["w"] * k, self.y + d["down"] * k)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of `grids.grid`, their top left corner at (x, y), with the badge below."""

    data: dict[str, Any] = field(repr=False)
    x: float = 0.0
    y: float = 0.0
    cell: tuple[float, float] = (30.0, 18.0)

    @property
    def size(self) -> tuple[float, float]:
        return grid_size(self.data, self.cell)

    @property
    def badge(self) -> Text:
        """The shape; a gradient's stands right and says what it is of."""
        w, h = self.size
        right = self.data["role"] == "g"
        return Text(badge_text(self.data), self.x + (w if right else 0.0), self.y + h + 13, BADGE, self.data["role"], "end" if right else "start")

    @property
    def rect(self) -> Rect:
        w, h = self.size
        return (self.x, self.y, self.x + w, self.y + h)


Mark = Text | Formula | Grid


def grid_size(data: dict[str, Any], cell: tuple[float, float]) -> tuple[float, float]:
    """Width and height of the cells."""
    return len(data["cells"][0]) * cell[0], len(data["cells"]) * cell[1]


def badge_text(data: dict[str, Any]) -> str:
    return ("grad " if data["role"] == "g" else "") + str(data["shape"])


def centred(data: dict[str, Any], x: float, y: float, scale: float = 1.0) -> Formula:
    """A formula with its middle at (x, y)."""
    return Formula(data, x - data["w"] * scale / 2, y + (data["up"] - data["down"]) * scale / 2, scale)


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same elsewhere."""
    from dataclasses import replace
    return replace(mark, x=mark.x + dx, y=mark.y + dy)
