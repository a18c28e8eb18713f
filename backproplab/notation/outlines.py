"""The outlines of single atoms, by matplotlib's mathtext and Computer Modern; what that font lacks, from a text font.

Numbers and code are put together character by character: mathtext would space `**`, `>=` and `np.exp` as mathematics.
"""
from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .latex import atom as latex_atom
from .layout import SIGNS, Atom
from .letters import COMMANDS

UNIT = 100.0                              # outlines are stored at this size


@dataclass(frozen=True, slots=True)
class Outline:
    """One atom at size UNIT: (path, x, y, scale) and bars."""

    w: float
    up: float
    down: float
    slant: float
    paths: tuple[tuple[str, float, float, float], ...]
    bars: tuple[tuple[float, float, float, float], ...]


def outline_of(a: Atom) -> Outline:
    """The outlines of one atom."""
    if a.kind == "mono" and a.text.isascii() and a.text.isprintable():
        return _code(a.text)
    if a.kind == "number" and len(a.text) > 1 and all(c in "0123456789.−+" for c in a.text):
        return _digits(a.text)
    return _mathtext(a.text if a.kind == "bracket" else latex_atom(a)) if all(map(_known, a.text)) else _spelled(a.text)


@functools.lru_cache(maxsize=4096)
def _digits(text: str) -> Outline:
    """A number, put together digit by digit: there are too many numbers to have mathtext set each."""
    x, up, down, paths = 0.0, 0.0, 0.0, []
    for c in text:
        one = _mathtext(latex_atom(Atom(c, "number")))
        paths += [(path, x + dx, y, scale) for path, dx, y, scale in one.paths]
        x, up, down = x + one.w, max(up, one.up), max(down, one.down)
    return Outline(x, up, down, 0.0, tuple(paths), ())


@functools.lru_cache(maxsize=4096)
def _code(text: str) -> Outline:
    """A program's text: every character of the typewriter font as wide as the next."""
    font, step, up, down, paths = _typewriter(), 0.0, 0.0, 0.0, []
    for k, c in enumerate(text):
        path, step, _ = _outline(font, font.get_char_index(ord(c)))
        if path:
            heights = [float(y) for _, y in font.get_path()[0]]
            paths.append((path, k * step, 0.0, 1.0))
            up, down = max(up, *heights), max(down, *(-y for y in heights))
    return Outline(len(text) * step, up, down, 0.0, tuple(paths), ())


@functools.cache
def _typewriter() -> Any:
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font
    return FT2Font(str(Path(get_data_path()) / "fonts" / "ttf" / "cmtt10.ttf"))


def _known(c: str) -> bool:
    """Does Computer Modern have this character? Everything else is taken from a text font."""
    if c == "&":                              # mathtext reads no ampersand inside \mathrm{...}
        return False
    if c.isascii() or c in COMMANDS or c in SIGNS or c in "−Σ∞":
        return True
    return unicodedata.combining(c) > 0 or unicodedata.normalize("NFD", c)[0].isascii()


@functools.lru_cache(maxsize=4096)
def _mathtext(tex: str) -> Outline:
    from matplotlib.font_manager import FontProperties

    parsed = _parser().parse(f"${tex}$", 72, FontProperties(size=UNIT, math_fontfamily="cm"))
    paths, left, right, ink = [], 0.0, 0.0, 0.0
    for i, (font, fontsize, _, index, x, y) in enumerate(parsed.glyphs):
        path, advance, reach = _outline(font, index)
        if i == 0:
            left = float(x)                       # without the space that mathtext puts round a relation: ours is in `spaced`
        right, ink = max(right, float(x) + advance * fontsize / UNIT), max(ink, float(x) + reach * fontsize / UNIT)
        if path:
            paths.append((path, float(x) - left, -float(y), fontsize / UNIT))
    bars = tuple((float(x) - left, -float(y) - float(h), float(w), float(h)) for x, y, w, h in parsed.rects)
    width = right - left if parsed.glyphs else float(parsed.width)
    return Outline(width, float(parsed.height - parsed.depth), float(parsed.depth), max(0.0, ink - right), tuple(paths), bars)


@functools.cache
def _parser() -> Any:
    from matplotlib.mathtext import MathTextParser
    return MathTextParser("path")


def _outline(font: Any, index: int) -> tuple[str, float, float]:
    """(path data, advance, reach to the right) of one glyph at size UNIT."""
    from matplotlib.ft2font import LoadFlags

    font.set_size(UNIT, 72)
    glyph = font.load_glyph(index, flags=LoadFlags.NO_HINTING)
    points, codes = font.get_path()
    out, i = [], 0
    while i < len(codes):
        letter, count = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 1)}[int(codes[i])]
        out.append(letter + ("" if letter == "Z" else " ".join(f"{x:.1f} {0.0 - y:.1f}" for x, y in points[i:i + count])))
        i += count
    reach = max([float(p[0]) for p in points], default=0.0)
    return "".join(out).replace(".0 ", " ").replace(".0", "").replace("-0 ", "0 "), glyph.linearHoriAdvance / 65536, reach


@functools.lru_cache(maxsize=1024)
def _spelled(text: str) -> Outline:
    """Text in a script that Computer Modern lacks, character by character; what no font here has shows as a box."""
    paths, x = [], 0.0
    for c in text:
        font = _text_font()
        index = font.get_char_index(ord(c)) or font.get_char_index(0x25A1)
        path, advance, _ = _outline(font, index)
        if path:
            paths.append((path, x, 0.0, 0.9))
        x += advance * 0.9
    return Outline(x, 75.0, 22.0, 0.0, tuple(paths), ())


@functools.cache
def _text_font() -> Any:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font
    return FT2Font(findfont("DejaVu Sans"))
