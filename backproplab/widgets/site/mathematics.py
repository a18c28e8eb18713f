"""LaTeX as outlines: formulas of a lesson that look the same in every browser, without a mathematics font and without a network.

matplotlib's mathtext sets what stands in a line; matrices, cases and aligned equations, which it does not know, are put together here
from such lines. Each outline of a letter is in a page once, however many formulas use it.
"""
from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass, field
from typing import Any

from .latex import MathematicsError, Table, pieces, split

EM = 100.0                                # units to an em
AXIS, PEN = 25.0, 4.5                     # height of a fraction's bar, thickness of a rule
ROW_UP, ROW_DOWN, BETWEEN_ROWS = 70.0, 30.0, 22.0
_RULE = re.compile(r"\s*(?:\\hline\s*)+(?![A-Za-z])")        # above a row of a table
RAISED = 0.72                             # an exponent against its base


def _commands(names: str) -> str:
    """A pattern for commands, each to its end: not \top in \topsep."""
    return rf"\\(?:{names})(?![A-Za-z])"


def _upright(found: re.Match[str]) -> str:
    words = found[2].replace(" ", r"\ ")
    return rf"\math{found[1]}{{{words}}}"


# What mathtext calls by another name, spaces otherwise, or does not need.
SPELLED = [(re.compile(pattern), instead) for pattern, instead in (
    (_commands("displaystyle|textstyle|limits|nolimits|nonumber|notag|middle"), " "),
    (_commands("[bB]igg?[lrm]?"), ""),
    (r"\\text(rm|bf|it|tt|sf)\s*\{([^{}]*)\}", _upright),
    (_commands("tfrac"), r"\\frac"),
    (_commands("bm|pmb"), r"\\boldsymbol"),
    (_commands("stackrel"), r"\\overset"),
    (_commands("[lr]Vert"), r"\\|"),
    (_commands("[lr]vert"), "|"),
    (_commands("lt"), "<"),
    (_commands("gt"), ">"),
    (_commands("top"), r"{\\hspace{-0.2}\\top\\hspace{-0.2}}"),            # it is spaced like a relation
    (rf"((?<![A-Za-z\\])[A-Za-z]+|[0-9}})])\s*(?={_commands('sin|cos|tanh?|ln|log|exp|max|min|sum|det')})", r"\1\\,"),
    ("×", r"\\times "),
    ("⊙", r"\\odot "),
    ("·", r"\\cdot "),
    (r"\s+", " "))]

# mathtext leaves the space beside a relation out where a line begins or ends with it; beside an empty group it does not.
_RELATION = r"[=<>]|\\(?:leq?|geq?|neq?|approx|equiv|sim|in|to|propto|mapsto|rightarrow|Rightarrow|iff)(?![A-Za-z])"
_OPENS, _ENDS = re.compile(rf"^({_RELATION})"), re.compile(rf"({_RELATION}|[-+]|\\(?:cdot|times|odot)(?![A-Za-z]))$")


@dataclass
class Box:
    """A piece of a formula: its width, its reach above and below the baseline, outlines `(key, x, y, scale)` and bars
    `(x, y, width, height)`; y downwards from the baseline, in hundredths of an em."""

    w: float = 0.0
    up: float = 0.0
    down: float = 0.0
    marks: list[tuple[int, float, float, float]] = field(default_factory=list)
    bars: list[tuple[float, float, float, float]] = field(default_factory=list)

    def put(self, other: Box, dx: float, dy: float = 0.0, scale: float = 1.0) -> None:
        """Draw another box into this one and reach as far as it does."""
        self.marks += [(k, dx + x * scale, dy + y * scale, s * scale) for k, x, y, s in other.marks]
        self.bars += [(dx + x * scale, dy + y * scale, w * scale, h * scale) for x, y, w, h in other.bars]
        self.w = max(self.w, dx + other.w * scale)
        self.up, self.down = max(self.up, other.up * scale - dy), max(self.down, other.down * scale + dy)


class Mathematics:
    """The formulas of one page, and the outlines that they share."""

    def __init__(self) -> None:
        self._outlines: dict[str, int] = {}

    def svg(self, tex: str, display: bool = False) -> str:
        """A formula as a drawing that grows with the text.

        Parameters
        ----------
        tex : str
            LaTeX, without dollar signs.
        display : bool
            Is it a formula of its own, and not part of a line?

        Returns
        -------
        str
            An svg element, hidden from screen readers: whoever places it says the formula beside it.

        Raises
        ------
        MathematicsError
            When a command or an environment is not known here.
        """
        return drawn(self.box(tex, display))

    @property
    def outlines(self) -> str:
        """The element that holds the outlines, to be put into the page once; empty without formulas."""
        if not self._outlines:
            return ""
        paths = "".join(f'<path id="g{key}" d="{html.escape(path)}"/>' for path, key in self._outlines.items())
        return f'<svg class="bs-outlines" aria-hidden="true"><defs>{paths}</defs></svg>\n'

    def box(self, tex: str, display: bool = False) -> Box:
        """The formula set; see `svg`."""
        out = Box()
        for kind, text, table, columns in pieces(tex):
            if kind == "line":
                out.put(self._line(text, display), out.w)
            elif kind == "raised":
                exponent = self._line(text, False)
                out.put(exponent, out.w + 6, -(out.up - 38), RAISED)
            else:
                out.put(self._table(text, table, columns), out.w)
        return out

    def _line(self, tex: str, display: bool) -> Box:
        """What stands in a line, by mathtext."""
        for pattern, instead in SPELLED:
            tex = pattern.sub(instead, tex)
        if display:
            tex = _outer_fractions(tex)
        tex = tex.strip()
        if not tex:
            return Box()
        set_ = _mathtext(_OPENS.sub(r"{}\1", _ENDS.sub(r"\1{}", tex)))
        marks = [(self._outlines.setdefault(path, len(self._outlines) + 1), x, y, s) for path, x, y, s in set_.marks]
        return Box(set_.w, set_.up, set_.down, marks, list(set_.bars))

    def _table(self, tex: str, table: Table, columns: str) -> Box:
        """Rows and columns, each column as wide as its widest cell, about the axis."""
        lines = split(tex, "\\\\")
        ruled = [k for k, line in enumerate(lines) if _RULE.match(line)]
        rows = [[self.box(cell, table.display) for cell in split(_RULE.sub("", line), "&")] for line in lines]
        if len(rows) > 1 and all(not cell.w for cell in rows[-1]):
            rows.pop()                                                   # the last line may end with \\ too
        across = max(map(len, rows))
        widths = [max((line[k].w for line in rows if k < len(line)), default=0.0) for k in range(across)]
        inside, y, ends = Box(), 0.0, [0.0]
        for line in rows:
            up, down = max([ROW_UP, *(c.up for c in line)]), max([ROW_DOWN, *(c.down for c in line)])
            y += up + (BETWEEN_ROWS if inside.w or y else 0.0)
            x = 0.0
            for k, cell in enumerate(line):
                shift = {"l": 0.0, "c": 0.5, "r": 1.0}[columns[k % len(columns)]] * (widths[k] - cell.w)
                inside.put(cell, x + shift, y)
                x += widths[k] + table.between[k % len(table.between)]
            y += down
            ends.append(y)
        inside.w = sum(widths) + sum(table.between[k % len(table.between)] for k in range(across - 1))
        inside.bars += [(0.0, ends[min(k, len(rows))] + (BETWEEN_ROWS - PEN) / 2, inside.w, PEN) for k in ruled]
        middle = Box(inside.w, y / 2 + AXIS, y / 2 - AXIS)
        middle.put(inside, 0.0, -y / 2 - AXIS)
        middle.up, middle.down = y / 2 + AXIS, y / 2 - AXIS
        return self._bracketed(middle, table.left, table.right)

    def _bracketed(self, body: Box, left: str, right: str) -> Box:
        high = max(body.up - AXIS, body.down + AXIS)
        out = Box()
        for part in (self._bracket(left, high, False), body, self._bracket(right, high, True)):
            if part.w:
                out.put(part, out.w + (8 if out.w else 0))
        return out

    def _bracket(self, sign: str, high: float, closing: bool) -> Box:
        """A bracket as far above the axis as below, drawn for its height."""
        if not sign:
            return Box()
        top, bottom = -AXIS - high, -AXIS + high
        bars, path, w = _drawn_bracket(sign, high)
        if closing:
            bars, path = [(w - x - b, y, b, h) for x, y, b, h in bars], [(letter, [(w - x, y) for x, y in points]) for letter, points in path]
        marks = []
        if path:
            data = "".join(letter + " ".join(f"{_n(x, 1)} {_n(y, 1)}" for x, y in points) for letter, points in path)
            marks = [(self._outlines.setdefault(data, len(self._outlines) + 1), 0.0, top, 1.0)]
        return Box(w, -top, bottom, marks, [(x, y + top, b, h) for x, y, b, h in bars])


# ---- setting ----------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class _Set:
    w: float
    up: float
    down: float
    marks: tuple[tuple[str, float, float, float], ...]
    bars: tuple[tuple[float, float, float, float], ...]


@functools.lru_cache(maxsize=4096)
def _mathtext(tex: str) -> _Set:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=EM, math_fontfamily="cm")
    text = f"${tex}$"
    try:
        width, height, depth = map(float, text_to_path.get_text_width_height_descent(text, font, True))
        glyphs, outlines, rules = text_to_path.get_glyphs_mathtext(font, text)
    except ValueError as error:
        last = str(error).strip().splitlines()[-1]
        raise MathematicsError(re.sub(r"^\w+: |, found.*$|\s*\(at char.*$", "", last)) from None
    marks = tuple((_path(*outlines[key]), float(x), -float(y), float(scale)) for key, x, y, scale in glyphs if len(outlines[key][0]))
    bars = []
    for points, _ in rules:
        xs, ys = [float(p[0]) for p in points[:4]], [-float(p[1]) for p in points[:4]]       # a fifth point closes it, anywhere
        bars.append((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
    return _Set(width, height - depth, depth, marks, tuple(bars))


def _path(points: Any, codes: Any) -> str:
    """SVG path data of an outline, y downwards."""
    out, i = [], 0
    while i < len(codes):
        letter, count = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 1)}[int(codes[i])]
        out.append(letter + ("" if letter == "Z" else " ".join(f"{_n(x, 1)} {_n(-y, 1)}" for x, y in points[i:i + count])))
        i += count
    return "".join(out)


Bars = list[tuple[float, float, float, float]]
Strokes = list[tuple[str, list[tuple[float, float]]]]


def _drawn_bracket(sign: str, high: float) -> tuple[Bars, Strokes, float]:
    """Bars, path and width of a bracket that opens to the right, from 0 down to 2 * high."""
    tall = 2 * high
    if sign in "[]":
        return [(9.0, 0.0, PEN, tall), (9.0, 0.0, 14.0, PEN), (9.0, tall - PEN, 14.0, PEN)], [], 26.0
    if sign in "|‖":
        twice = sign == "‖"
        return [(7.0, 0.0, PEN, tall), *([(20.0, 0.0, PEN, tall)] if twice else [])], [], 31.0 if twice else 18.0
    if sign in "()":
        w = 36.0
        bulge = min(26.0, 0.2 * high + 8)
        near, far, thick = w - 3 - bulge, w - 3, 9.5
        bend, upper, lower = near - bulge * .22, high * .38, tall - high * .38
        return [], [("M", [(far, 0)]), ("C", [(bend, upper), (bend, lower), (far, tall)]), ("L", [(far + 2, tall - 2)]),
                    ("C", [(bend + thick, lower), (bend + thick, upper), (far + 2, 2)]), ("Z", [])], w
    if sign in "{}":
        w, left, right, mid = 44.0, 6.0, 40.0, 24.0                     # the point, the ends, the stem
        t, r = PEN / 2, min(30.0, high * .45)                           # half a pen, the bend
        return [], [("M", [(right, 0)]), ("Q", [(mid - t, 0), (mid - t, r)]), ("L", [(mid - t, high - r)]), ("Q", [(mid - t, high), (left, high)]),
                    ("Q", [(mid - t, high), (mid - t, high + r)]), ("L", [(mid - t, tall - r)]), ("Q", [(mid - t, tall), (right, tall)]),
                    ("L", [(right, tall - PEN)]), ("Q", [(mid + t + 2, tall - PEN), (mid + t + 2, tall - r)]), ("L", [(mid + t + 2, high + r)]),
                    ("Q", [(mid + t + 2, high + 3), (left + 8, high)]), ("Q", [(mid + t + 2, high - 3), (mid + t + 2, high - r)]),
                    ("L", [(mid + t + 2, r)]), ("Q", [(mid + t + 2, PEN), (right, PEN)]), ("Z", [])], w
    raise MathematicsError(f"the bracket {sign}")


def drawn(box: Box) -> str:
    """The svg element of a box, in em."""
    uses = "".join(f'<use href="#g{key}" transform="{_placed(x, y, scale)}"/>' for key, x, y, scale in box.marks)
    bars = "".join(f"M{_n(x)} {_n(y)}h{_n(w)}v{_n(h)}h{_n(-w)}z" for x, y, w, h in box.bars)
    rules = f'<path d="{bars}"/>' if bars else ""
    height = box.up + box.down
    size = f"width:{_n(box.w / EM, 3)}em;height:{_n(height / EM, 3)}em;vertical-align:{_n(-box.down / EM, 3)}em"
    return f'<svg aria-hidden="true" viewBox="0 {_n(-box.up)} {_n(box.w)} {_n(height)}" style="{size}">{uses}{rules}</svg>'


def _placed(x: float, y: float, scale: float) -> str:
    return f"translate({_n(x)} {_n(y)})" + (f" scale({_n(scale, 3)})" if abs(scale - 1) > 1e-3 else "")


def _outer_fractions(tex: str) -> str:
    """In a formula of its own, fractions that are in no braces are large."""
    out, depth = "", 0
    for found in re.findall(r"\\[A-Za-z]+|\\.|.", tex):
        depth += {"{": 1, "}": -1}.get(found, 0)
        out += r"\dfrac" if found == r"\frac" and not depth else found
    return out


def _n(value: float, digits: int = 2) -> str:
    """A number in as few characters as it needs."""
    text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "") else text
