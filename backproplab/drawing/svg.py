"""A drawing as SVG: text stays text, every node has a title, identifiers are the same every time.

With `theme="auto"` the reader's own setting decides between light and dark, or JupyterLab's theme; an explicit theme writes its colours
only, so that programs which read little CSS show them too.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from ..engine.errors import listed
from .errors import DrawingError
from .marks import MONO, Formula, Grid, Mark, Text
from .model import Box, Drawing, Edge, Frame, tip
from .palette import HEAT, PALETTES, ROLES
from .shapes import Rect, Route, number, path, pulled_back, reverse

FONT = "'DejaVu Sans Mono',Menlo,Consolas,ui-monospace,monospace"
RADIUS = 5.0


def svg_of(drawing: Drawing, theme: str = "auto", background: bool = True) -> str:
    """A drawing as the text of an SVG file.

    Parameters
    ----------
    drawing : Drawing
    theme : {"auto", "light", "dark", "print"}
    background : bool
        Fill the page behind the picture.

    Returns
    -------
    str
        One `<svg>` element that stands alone as a file and inside a page.

    Raises
    ------
    DrawingError
        For a theme that does not exist.
    """
    if theme != "auto" and theme not in PALETTES:
        raise DrawingError(f"drawing with theme={theme!r}", f"there are the themes auto, {listed(PALETTES)}", "Choose one of these.")
    body = _Writer(drawing).body(background)
    key = "bp" + hashlib.sha256((drawing.title + body + theme).encode()).hexdigest()[:8]
    w, h = (number(v) for v in drawing.size)
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" id="{key}" class="bp-picture" role="img" aria-label={quoteattr(clean(drawing.title))} '
            f'width="{w}" height="{h}" viewBox="0 0 {w} {h}">\n<style>{_css(key, theme)}</style>\n')
    return text + body.replace("\0", key + "-") + "</svg>\n"


def clean(text: str) -> str:
    """The text without characters that XML does not allow."""
    return "".join(c if c.isprintable() or c == " " else "\ufffd" for c in text)


def _css(key: str, theme: str) -> str:
    shapes = (f"#{key}{{max-width:100%;height:auto}}#{key} text{{font-family:{FONT};white-space:pre}}#{key} .l{{fill:none;stroke-width:1.25}}"
              f"#{key} .m .l{{stroke-width:2.5}}#{key} .b{{stroke-width:1.1}}#{key} .m>.b{{stroke-width:2.5}}#{key} text.g{{font-style:italic}}")
    if theme != "auto":
        return shapes + _rules(key, PALETTES[theme])
    light, dark = (";".join(f"--{name}:{colour}" for name, colour in PALETTES[t].items()) for t in ("light", "dark"))
    own = (f"#{key}{{{light}}}@media (prefers-color-scheme:dark){{#{key}{{{dark}}}}}"                 # in JupyterLab its theme decides
           f'[data-jp-theme-light="true"] #{key}{{{light}}}[data-jp-theme-light="false"] #{key}{{{dark}}}')
    return shapes + own + _rules(key, {name: f"var(--{name})" for name in PALETTES["light"]})


def _rules(key: str, p: Mapping[str, str]) -> str:
    rules = {".paper,.patch": f"fill:{p['paper']}", ".f,text": f"fill:{p['ink']}", ".s": f"fill:{p['soft']}", ".v": f"fill:{p['v']}",
             ".g": f"fill:{p['g']}",
             ".l": f"stroke:{p['line']}", ".t": f"fill:{p['line']}", ".b": f"stroke:{p['border']}", ".cell": f"fill:{p['cell']}",
             ".hv": f"fill:{p['heat_v']}", ".hg": f"fill:{p['heat_g']}", ".kv": f"fill:none;stroke:{p['v']}",
             ".kg": f"fill:none;stroke:{p['mark_g']}",
             ".frame": f"fill:{p['frame_fill']};stroke:{p['frame']}", ".join": f"fill:{p['line']}",
             ".m .l": f"stroke:{p['mark']}", ".m .t": f"fill:{p['mark']}", ".m>.b": f"stroke:{p['mark']}",
             ".back .l": f"stroke:{p['mark_g']}", ".back .t": f"fill:{p['mark_g']}", ".back>.b": f"stroke:{p['mark_g']}",
             ".ticket>rect": f"fill:{p['paper']};stroke:{p['mark_g']}", ".disc": f"fill:{p['g']}", ".on": f"fill:{p['paper']}",
             **{f".r-{r}>.b": f"fill:{p[r]}" for r in ROLES}, ".now>.b": f"fill:{p['now']}"}
    return "".join(",".join(f"#{key} {part}" for part in where.split(",")) + f"{{{what}}}" for where, what in rules.items())


class _Writer:
    """Writes the elements of one drawing; identifiers begin with a NUL that `svg_of` replaces by their prefix."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.used: dict[int, None] = {}

    def body(self, background: bool) -> str:
        d = self.drawing
        w, h = (number(v) for v in d.size)
        paper = f'<rect class="paper" width="{w}" height="{h}"/>\n' if background else ""
        frames = "".join(map(self.frame, d.frames))
        edges = "".join([*map(self.edge, d.edges.values()), *map(self.label, d.edges.values())])
        nodes = "".join(map(self.node, d.boxes.values()))
        tickets = "".join(map(self.ticket, d.edges.values()))
        outlines = "".join(f'<path id="\0{k}" d="{d.glyphs[k]}"/>' for k in sorted(self.used))
        return (f"<title>{escape(clean(d.title))}</title>\n<defs>{outlines}</defs>\n{paper}{frames}"
                f'<g class="edges">\n{edges}</g>\n<g class="nodes">\n{nodes}</g>\n{tickets}')

    def frame(self, f: Frame) -> str:
        return f'<g>{_rect(f.rect, "frame", 8)}{self.mark(f.title) if f.title else ""}</g>\n'

    def edge(self, e: Edge) -> str:
        back = e.kind == "backward"
        route: Route = reverse(e.route) if back and e.marked else e.route
        line = pulled_back(route, 5.0) if e.head else route
        head = f'<path class="t" d="{tip(route)}"/>' if e.head else ""
        kind = " ".join(["e", *["m"] * e.marked, *["back"] * back])
        title = f"<title>{escape(clean(f'{e.source} to {e.target}'))}</title>"
        return f'<g class="{kind}">{title}<path class="l" d="{path(line)}"/>{head}</g>\n'

    def label(self, e: Edge) -> str:
        """What stands on an edge: drawn after all edges, so that none runs through it."""
        return "".join(f'{_rect(_padded(m.rect), "patch", 2)}{self.mark(m)}\n' for m in e.label)

    def node(self, b: Box) -> str:
        kind = " ".join(["n", f"r-{b.role}", *["m"] * b.marked, *b.tone])
        marks = "".join(map(self.mark, (*b.inside, *b.outside)))
        title = f"<title>{escape(clean(b.title))}</title>" if b.title else ""
        return f'<g class="{kind}" id={quoteattr(chr(0) + "_".join(clean(b.name).split()))}>{title}{self.outline(b)}{marks}</g>\n'

    def outline(self, b: Box) -> str:
        if b.shape == "dot":
            return f'<circle class="join" cx="{number(b.x + b.w / 2)}" cy="{number(b.y + b.h / 2)}" r="{number(b.w / 2)}"/>'
        if b.shape == "circle":
            return f'<circle class="b" cx="{number(b.x + b.w / 2)}" cy="{number(b.y + b.h / 2)}" r="{number(b.w / 2)}"/>'
        if b.shape == "plain":
            return ""
        return _rect(b.rect, "b", b.h / 2 if b.shape == "pill" else RADIUS)

    def ticket(self, e: Edge) -> str:
        rect = e.ticket_rect
        if rect is None or not e.ticket_text or not e.marked:
            return ""
        x, y = (rect[0] + rect[2]) / 2, rect[1]
        first, second = (self.mark(Text(t, x, y + dy, s, "s" if s < 12 else "g", "middle", s >= 12))
                         for t, dy, s in zip(e.ticket_text[:2], (13.0, 28.0), (10.5, 12.0), strict=True))
        index = ""
        if len(e.ticket_text) > 2:
            cx, cy = number(rect[0]), number((rect[1] + rect[3]) / 2)
            index = (f'<circle class="disc" cx="{cx}" cy="{cy}" r="8.5"/>'
                     f'<text class="on" x="{cx}" y="{number((rect[1] + rect[3]) / 2 + 4)}" font-size="11" font-weight="700" text-anchor="middle">'
                     f"{escape(e.ticket_text[2])}</text>")
        return f'<g class="ticket">{_rect(rect, "", RADIUS)}{first}{second}{index}</g>\n'

    def mark(self, m: Mark) -> str:
        if isinstance(m, Text):
            return _text(m)
        return self.formula(m) if isinstance(m, Formula) else self.grid(m)

    def formula(self, f: Formula) -> str:
        parts = []
        for key, x, y, k, role in f.data["m"]:
            self.used[key] = None
            place = f"translate({short(x)} {short(y)}) scale({short(k)})"
            parts.append(f'<use href="#\0{key}" transform="{place}"{_class(role)}/>')
        parts += [f'<rect x="{short(x)}" y="{short(y)}" width="{short(w)}" height="{short(h)}"{_class(role)}/>' for x, y, w, h, role in f.data["b"]]
        scale = f" scale({short(f.scale)})" if f.scale != 1 else ""
        return f'<g class="f" transform="translate({number(f.x)} {number(f.y)}){scale}">{"".join(parts)}</g>'

    def grid(self, g: Grid) -> str:
        role, (cw, ch) = g.data["role"], g.cell
        out = [_rect(g.rect, "cell")]
        for i, (texts, heats) in enumerate(zip(g.data["cells"], g.data["heat"], strict=True)):
            for j, (text, heat) in enumerate(zip(texts, heats, strict=True)):
                x, y = g.x + j * cw, g.y + i * ch
                if heat:
                    out.append(f'<rect class="h{role}" x="{number(x)}" y="{number(y)}" width="{number(cw)}" height="{number(ch)}" '
                               f'fill-opacity="{short(heat * HEAT)}"/>')
                out.append(_text(cell_text(g, text, i, j), plain=True))
        return "".join(out) + _rect(g.rect, f"k{role}") + _text(g.badge)


def cell_text(g: Grid, text: str, i: int, j: int) -> Text:
    """The text of one cell, right-aligned."""
    cw, ch = g.cell
    size = min(10.5, (cw - 7) / (max(len(t) for row in g.data["cells"] for t in row) * MONO))
    return Text(text, g.x + (j + 1) * cw - 4, g.y + i * ch + ch / 2 + 3.8, size, "", "end")


def _text(t: Text, plain: bool = False) -> str:
    anchor = "" if t.anchor == "start" else f' text-anchor="{t.anchor}"'
    bold = ' font-weight="700"' if t.bold else ""
    return (f'<text{_class("" if plain else t.role)} x="{number(t.x)}" y="{number(t.y)}" font-size="{short(t.size)}"{anchor}{bold}>'
            f"{escape(clean(t.text))}</text>")


def _class(role: str) -> str:
    return f' class="{role}"' if role else ""


def _rect(r: Rect, kind: str, radius: float = 0.0) -> str:
    rx = f' rx="{number(radius)}"' if radius else ""
    return f'<rect{_class(kind)} x="{number(r[0])}" y="{number(r[1])}" width="{number(r[2] - r[0])}" height="{number(r[3] - r[1])}"{rx}/>'


def _padded(r: Rect) -> Rect:
    return (r[0] - 2.5, r[1] - 2, r[2] + 2.5, r[3] + 2)


def short(v: float) -> str:
    """Three decimals at the most."""
    return f"{v:.3f}".rstrip("0").rstrip(".") or "0"
