"""A drawing as a matplotlib figure: the same model, for papers, slides and scripts without a screen."""
from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.errors import listed
from .errors import DrawingError
from .marks import Formula, Grid, Mark, Text
from .model import Box, Drawing, Edge, Frame, corners
from .palette import HEAT, PALETTES
from .shapes import Rect, Route, pulled_back, reverse
from .svg import RADIUS, cell_text, clean, svg_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path

PIXELS = 96.0                             # pixels of a drawing to an inch
POINTS = 72.0 / PIXELS
_PIECE = re.compile(r"([MLQCZ])([^MLQCZ]*)")


@functools.cache
def _picture_class() -> type:
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that a notebook shows by itself, with or without pyplot, as sharp text."""

        drawing: Drawing
        theme: str

        def _repr_svg_(self) -> str:
            return svg_of(self.drawing, self.theme)

    return Picture


def figure_of(drawing: Drawing, theme: str = "light", scale: float = 1.0) -> Figure:
    """A drawing as a figure.

    Parameters
    ----------
    drawing : Drawing
    theme : {"light", "dark", "print"}
    scale : float
        1 for the size in which the picture is meant to be seen, at 96 pixels to an inch.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: it needs no screen and no closing.

    Raises
    ------
    DrawingError
        For a theme that does not exist.
    """
    if theme not in PALETTES:
        raise DrawingError(f"drawing with theme={theme!r}", f"a figure has the themes {listed(PALETTES)}", "Choose one of these.")
    w, h = (max(v, 1.0) for v in drawing.size)
    palette = PALETTES[theme]
    figure = _picture_class()(figsize=(w * scale / PIXELS, h * scale / PIXELS), facecolor=palette["paper"])
    figure.drawing, figure.theme = drawing, theme
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, w), ylim=(h, 0))
    axes.set_axis_off()
    painter = _Painter(axes, drawing, palette, scale)
    painter.paint()
    return figure


class _Painter:
    """Puts the parts of one drawing on one pair of axes, back to front."""

    def __init__(self, axes: Any, drawing: Drawing, palette: Mapping[str, str], scale: float) -> None:
        self.axes, self.drawing, self.palette, self.scale = axes, drawing, palette, scale
        self.order = 0

    def paint(self) -> None:
        d = self.drawing
        for f in d.frames:
            self.frame(f)
        for e in d.edges.values():
            self.edge(e)
        for e in d.edges.values():
            self.label(e)
        for b in d.boxes.values():
            self.node(b)
        for e in d.edges.values():
            self.ticket(e)

    def add(self, patch: Any) -> None:
        self.order += 1
        patch.set_zorder(self.order)
        self.axes.add_patch(patch)

    def width(self, pixels: float) -> float:
        return pixels * POINTS * self.scale

    # ---- parts -----------------------------------------------------------------------------------------------------------

    def frame(self, f: Frame) -> None:
        self.rect(f.rect, self.palette["frame_fill"], self.palette["frame"], 1.0, 8)
        if f.title:
            self.mark(f.title)

    def edge(self, e: Edge) -> None:
        from matplotlib.patches import PathPatch, Polygon

        back = e.kind == "backward"
        colour = self.palette["mark_g" if back else "mark" if e.marked else "line"]
        route: Route = reverse(e.route) if back and e.marked else e.route
        line = pulled_back(route, 5.0) if e.head else route
        self.add(PathPatch(_route_path(line), fill=False, edgecolor=colour, linewidth=self.width(2.5 if e.marked else 1.25), capstyle="butt"))
        if e.head:
            self.add(Polygon(corners(route), closed=True, facecolor=colour, edgecolor="none"))

    def label(self, e: Edge) -> None:
        """What stands on an edge: drawn after all edges, so that none runs through it."""
        for m in e.label:
            left, top, right, bottom = m.rect
            self.rect((left - 2.5, top - 2, right + 2.5, bottom + 2), self.palette["paper"])
            self.mark(m)

    def node(self, b: Box) -> None:
        from matplotlib.patches import Circle

        p = self.palette
        fill = p["now"] if "now" in b.tone else p.get(b.role, p["operation"])
        border = p["mark_g"] if "back" in b.tone else p["mark"] if b.marked else p["border"]
        thick = 2.5 if b.marked else 1.1
        if b.shape in ("dot", "circle"):
            dot = b.shape == "dot"
            self.add(Circle((b.x + b.w / 2, b.y + b.h / 2), b.w / 2, facecolor=p["line"] if dot else fill, edgecolor="none" if dot else border,
                            linewidth=self.width(thick)))
        elif b.shape != "plain":
            self.rect(b.rect, fill, border, thick, b.h / 2 if b.shape == "pill" else RADIUS)
        for m in (*b.inside, *b.outside):
            self.mark(m)

    def ticket(self, e: Edge) -> None:
        from matplotlib.patches import Circle

        rect = e.ticket_rect
        if rect is None or not e.ticket_text or not e.marked:
            return
        p = self.palette
        self.rect(rect, p["paper"], p["mark_g"], 1.0, RADIUS)
        x = (rect[0] + rect[2]) / 2
        self.mark(Text(e.ticket_text[0], x, rect[1] + 13, 10.5, "s", "middle"))
        self.mark(Text(e.ticket_text[1], x, rect[1] + 28, 12.0, "g", "middle", True))
        if len(e.ticket_text) > 2:
            middle = (rect[1] + rect[3]) / 2
            self.add(Circle((rect[0], middle), 8.5, facecolor=p["g"], edgecolor="none"))
            self.mark(Text(e.ticket_text[2], rect[0], middle + 4, 11.0, "paper", "middle", True))

    # ---- marks -----------------------------------------------------------------------------------------------------------

    def mark(self, m: Mark) -> None:
        if isinstance(m, Text):
            self.text(m)
        elif isinstance(m, Formula):
            self.formula(m)
        else:
            self.grid(m)

    def text(self, t: Text, colour: str | None = None) -> None:
        self.order += 1
        colours = {"v": "v", "g": "g", "s": "soft", "paper": "paper"}
        self.axes.text(t.x, t.y, clean(t.text).replace("$", r"\$"), fontsize=self.width(t.size), family="DejaVu Sans Mono", zorder=self.order,
                       color=colour or self.palette[colours.get(t.role, "ink")], ha={"start": "left", "middle": "center", "end": "right"}[t.anchor],
                       va="baseline", weight="bold" if t.bold else "normal", style="italic" if t.role == "g" and not colour else "normal")

    def formula(self, f: Formula) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        by_role: dict[str, list[Any]] = {}
        for key, x, y, k, role in f.data["m"]:
            outline = _outline(self.drawing.glyphs[key])
            by_role.setdefault(role, []).append(Path(outline.vertices * (k * f.scale) + (f.x + x * f.scale, f.y + y * f.scale), outline.codes))
        for x, y, w, h, role in f.data["b"]:
            left, top = f.x + x * f.scale, f.y + y * f.scale
            by_role.setdefault(role, []).append(_rect_path((left, top, left + w * f.scale, top + h * f.scale)))
        for role, paths in by_role.items():
            self.add(PathPatch(Path.make_compound_path(*paths), facecolor=self.palette.get(role or "ink", self.palette["ink"]), edgecolor="none"))

    def grid(self, g: Grid) -> None:
        from matplotlib.patches import Rectangle

        p, role, (cw, ch) = self.palette, g.data["role"], g.cell
        self.rect(g.rect, p["cell"])
        for i, (texts, heats) in enumerate(zip(g.data["cells"], g.data["heat"], strict=True)):
            for j, (text, heat) in enumerate(zip(texts, heats, strict=True)):
                if heat:
                    self.add(Rectangle((g.x + j * cw, g.y + i * ch), cw, ch, facecolor=p[f"heat_{role}"], alpha=heat * HEAT, edgecolor="none"))
                self.text(cell_text(g, text, i, j), p["ink"])
        self.rect(g.rect, "none", p["v" if role == "v" else "mark_g"], 1.0)
        self.mark(g.badge)

    def rect(self, r: Rect, fill: str, border: str = "none", thick: float = 1.0, radius: float = 0.0) -> None:
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0"
        self.add(FancyBboxPatch((r[0], r[1]), r[2] - r[0], r[3] - r[1], boxstyle=style, facecolor=fill, edgecolor=border,
                                linewidth=self.width(thick) if border != "none" else 0, mutation_aspect=1))


def _route_path(route: Route) -> Path:
    from matplotlib.path import Path

    vertices, codes = [route[0][0]], [Path.MOVETO]
    for a, b, c, d in route:
        if a == b and c == d:
            vertices.append(d)
            codes.append(Path.LINETO)
        else:
            vertices += [b, c, d]
            codes += [Path.CURVE4] * 3
    return Path(np.array(vertices), codes)


def _rect_path(r: Rect) -> Path:
    from matplotlib.path import Path
    return Path(np.array([(r[0], r[1]), (r[2], r[1]), (r[2], r[3]), (r[0], r[3]), (r[0], r[1])]), [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY])


@functools.lru_cache(maxsize=4096)
def _outline(data: str) -> Path:
    """An outline of the table as a matplotlib path."""
    from matplotlib.path import Path

    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    each = {"M": (Path.MOVETO, 1), "L": (Path.LINETO, 1), "Q": (Path.CURVE3, 2), "C": (Path.CURVE4, 3)}
    for letter, numbers in _PIECE.findall(data):
        if letter == "Z":
            vertices.append((0.0, 0.0))
            codes.append(Path.CLOSEPOLY)
            continue
        values = [float(v) for v in numbers.split()]
        vertices += zip(values[::2], values[1::2], strict=True)
        codes += [each[letter][0]] * (len(values) // 2)
    return Path(np.array(vertices or [(0.0, 0.0)]), codes or [Path.MOVETO])
