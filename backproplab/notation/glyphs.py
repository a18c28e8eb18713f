"""A layout as outlines: the same formula in every browser and on every machine, without a mathematics font and without a network.

matplotlib's mathtext gives the outlines of Computer Modern, one atom at a time; a few boxes put them together with TeX's measures
(TeXbook, appendix G, rounded to what a screen shows). Each outline is stored once, however many formulas use it.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .latex import latex
from .layout import Atom, Brackets, Fraction, Layout, Named, Over, Root, Row, Script, flat, spaced
from .outlines import UNIT, outline_of
from .plain import plain

EM18 = (0.0, 3 / 18, 4 / 18, 5 / 18)      # none, thin, medium, thick, in em
SCRIPT, SMALLEST = 0.72, 0.5              # an index against its base; and the smallest a formula gets against its whole
AXIS, RULE = 0.25, 0.045                  # height of the fraction bar, thickness of rules, in em


@dataclass
class Box:
    """A piece of a formula: its width, its reach above and below the baseline, outlines `(key, x, y, scale, role)` and bars
    `(x, y, width, height, role)`, and how far a slanted letter leans out at the right. Lengths in pixels, y downwards from the baseline."""

    w: float = 0.0
    up: float = 0.0
    down: float = 0.0
    marks: list[tuple[int, float, float, float, str]] = field(default_factory=list)
    bars: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    slant: float = 0.0

    def put(self, other: Box, dx: float, dy: float) -> None:
        """Draw another box into this one."""
        self.marks += [(k, x + dx, y + dy, s, r) for k, x, y, s, r in other.marks]
        self.bars += [(x + dx, y + dy, w, h, r) for x, y, w, h, r in other.bars]


class Glyphs:
    """Sets formulas; `outlines` is the one table of SVG path data that they all point into."""

    def __init__(self) -> None:
        self.outlines: list[str] = []
        self._keys: dict[str, int] = {}
        self._set_before: dict[tuple[Layout, float], dict[str, Any]] = {}       # a name stands in a hundred formulas

    def formula(self, layout: Layout, size: float) -> dict[str, Any]:
        """What a page needs to draw a formula.

        Parameters
        ----------
        layout : Layout
        size : float
            Pixels of one em.

        Returns
        -------
        dict
            ``w, up, down`` in pixels, ``tex`` for copying, ``say`` for screen readers, ``m`` outlines ``[key, x, y, scale, role]``,
            ``b`` bars ``[x, y, width, height, role]``. Rounded to hundredths, so that the same formula gives the same bytes. Not to be changed:
            the same layout gives the same dict again.
        """
        known = self._set_before.get((layout, size))
        if known is not None:
            return known
        box = self.box(layout, size)
        r = _rounded
        made = {"w": r(box.w), "up": r(box.up), "down": r(box.down), "tex": latex(layout), "say": plain(layout),
                "m": [[k, r(x), r(y), round(s, 3), role] for k, x, y, s, role in box.marks],
                "b": [[r(x), r(y), r(w), r(h), role] for x, y, w, h, role in box.bars]}
        self._set_before[layout, size] = made
        return made

    def box(self, layout: Layout, size: float) -> Box:
        """The layout set at a size, in pixels of one em."""
        return self._set(layout, size, size)

    def _set(self, layout: Layout, size: float, whole: float) -> Box:
        """A box that holds all of its ink. `whole`: the size of the formula that this is a part of."""
        box = self._leaning(layout, size, whole)
        box.w, box.slant = box.w + box.slant, 0.0
        return box

    # ---- one kind of layout each -----------------------------------------------------------------------------------------

    def _leaning(self, layout: Layout, size: float, whole: float) -> Box:
        """A box with the slant of its last letter beside it: an index stands under the slant, an exponent behind it."""
        match layout:
            case Atom():
                return self._atom(layout, size)
            case Named():
                return self._leaning(layout.body, size, whole)
            case Row():
                return self._row(layout, size, whole)
            case Fraction():
                return self._fraction(layout, size, whole)
            case Script():
                return self._script(layout, size, whole)
            case Brackets():
                return self._brackets(layout, size, whole)
            case Root():
                return self._root(layout, size, whole)
            case Over():
                return self._over(layout, size, whole)
        raise TypeError(f"no way to set {layout!r}")

    def _atom(self, a: Atom, size: float) -> Box:
        run, k = outline_of(a), size / UNIT
        out = Box(run.w * k, run.up * k, run.down * k, slant=run.slant * k)
        for path, x, y, scale in run.paths:
            out.marks.append((self._key(path), x * k, y * k, scale * k, a.role))
        out.bars = [(x * k, y * k, w * k, h * k, a.role) for x, y, w, h in run.bars]
        return out

    def _key(self, path: str) -> int:
        if path not in self._keys:
            self._keys[path] = len(self.outlines)
            self.outlines.append(path)
        return self._keys[path]

    def _row(self, layout: Row, size: float, whole: float) -> Box:
        out, small = Box(), size < whole
        for part, gap, always, _ in spaced(flat(layout)):
            if always or not small:
                out.w += EM18[gap] * size
            box = self._set(part, size, whole)
            out.put(box, out.w, 0)
            out.w += box.w
            out.up, out.down = max(out.up, box.up), max(out.down, box.down)
        return out

    def _fraction(self, layout: Fraction, size: float, whole: float) -> Box:
        inner = size if size == whole else max(size * 0.85, whole * SMALLEST)
        top, bottom = self._set(layout.top, inner, whole), self._set(layout.bottom, inner, whole)
        pad, axis, gap = size * 0.1, size * AXIS, size * 0.15
        w = max(top.w, bottom.w) + 2 * pad
        side = size * 0.06                                # so that two bars side by side do not touch
        out = Box(w + 2 * side, axis + gap + top.down + top.up, max(0.0, gap + bottom.up + bottom.down - axis))
        out.put(top, side + (w - top.w) / 2, -axis - gap - top.down)
        out.put(bottom, side + (w - bottom.w) / 2, -axis + gap + bottom.up)
        out.bars.append((side, -axis - size * RULE / 2, w, size * RULE, _role(layout)))
        return out

    def _script(self, layout: Script, size: float, whole: float) -> Box:
        base, sub, sup = layout.parts()
        box = self._leaning(base, size, whole)
        inner = max(size * SCRIPT, whole * SMALLEST)
        out = Box(box.w + box.slant, box.up, box.down)
        out.put(box, 0, 0)
        above = self._set(sup, inner, whole) if sup is not None else None
        below = self._set(sub, inner, whole) if sub is not None else None
        if above is not None:
            lift = max(size * 0.38, box.up - size * 0.3, above.down + size * 0.2)
            behind = box.w + box.slant + size * 0.03
            out.put(above, behind, -lift)
            out.w, out.up = behind + above.w, max(box.up, lift + above.up)
        if below is not None:
            drop = max(size * (0.2 if above is None else 0.25), box.down - size * 0.05, below.up - size * 0.42)
            out.put(below, box.w + size * 0.03, drop)
            out.w, out.down = max(out.w, box.w + size * 0.05 + below.w), max(box.down, drop + below.down)
        return out

    def _brackets(self, layout: Brackets, size: float, whole: float) -> Box:
        body = self._set(layout.body, size, whole)
        left, right = layout.pair[0], layout.pair[1]
        high = max(body.up - size * AXIS, body.down + size * AXIS)             # the bracket stands evenly about the axis
        if high <= size * 0.55:
            first, last = self._plain(left, size), self._plain(right, size)
        else:
            high += size * 0.04
            first, last = self._tall(left, size, high), self._tall(right, size, high)
        out, pad = Box(), size * 0.03
        for box, space in ((first, 0.0), (body, pad), (last, pad)):
            out.w += space
            out.put(box, out.w, 0)
            out.w += box.w
            out.up, out.down = max(out.up, box.up), max(out.down, box.down)
        return out

    def _plain(self, text: str, size: float) -> Box:
        return self._atom(Atom(text, "bracket"), size)

    def _tall(self, text: str, size: float, high: float) -> Box:
        """A bracket `high` pixels above and below the axis, drawn for its height."""
        axis, pen = size * AXIS, size * RULE
        top, bottom = -axis - high, -axis + high
        if text == "|":
            return Box(pen * 4, -top, bottom, [], [(pen * 1.5, top, pen, 2 * high, "")])
        if text in "[]":
            w, foot = size * 0.26, size * 0.14
            stem = size * 0.09 if text == "[" else w - size * 0.09 - pen
            arm = stem if text == "[" else stem + pen - foot
            bars = [(stem, top, pen, 2 * high, ""), (arm, top, foot, pen, ""), (arm, bottom - pen, foot, pen, "")]
            return Box(w, -top, bottom, [], bars)
        w = size * 0.34
        bulge, thick = min(size * 0.26, 0.2 * high + size * 0.08), size * 0.095
        near, far = w - size * 0.03 - bulge, w - size * 0.03           # middle and ends of a left bracket
        turn = (lambda x: x) if text == "(" else (lambda x: w - x)
        unit = UNIT / size                                              # drawn in the outlines' measure: it scales like a glyph

        def point(x: float, y: float) -> str:
            return f"{turn(x) * unit:.1f} {(y - top) * unit:.1f}"
        tip, bend, upper, lower = size * 0.02, near - bulge * .22, top + high * .62, bottom - high * .62
        outer = f"M{point(far, top)}C{point(bend, upper)} {point(bend, lower)} {point(far, bottom)}"
        inner = f"L{point(far + tip, bottom - tip)}C{point(bend + thick, lower)} {point(bend + thick, upper)} {point(far + tip, top + tip)}Z"
        return Box(w, -top, bottom, [(self._key(outer + inner), 0.0, top, 1 / unit, "")], [])

    def _over(self, layout: Over, size: float, whole: float) -> Box:
        body = self._set(layout.body, size, whole)
        pen, gap, side = size * RULE, size * 0.1, size * 0.04
        up = body.up + gap + pen
        out = Box(body.w + 2 * side, up, body.down, [], [(0.0, -up, body.w + 2 * side, pen, _role(layout))])
        out.put(body, side, 0)
        return out

    def _root(self, layout: Root, size: float, whole: float) -> Box:
        body = self._set(layout.body, size, whole)
        pen, gap = size * RULE, size * 0.1
        top, bottom = -max(body.up, size * 0.62) - gap - pen, max(body.down, size * 0.04) + size * 0.05
        w = size * 0.6
        unit = UNIT / size
        points = [(0.06, None, 0.46), (0.2, None, 0.56), (0.375, bottom - size * 0.16, 0), (0.6, top, 0), (0.6, top + pen, 0),
                  (0.37, bottom, 0), (0.15, None, 0.48), (0.08, None, 0.44)]
        rise = min(bottom - top, size * 1.1)                            # the short stroke keeps its size beside a tall root
        place = [(x * size, bottom - rise * k if y is None else y) for x, y, k in points]
        path = "M" + "L".join(f"{x * unit:.1f} {(y - top) * unit:.1f}" for x, y in place) + "Z"
        role, whole_width = _role(layout), w + body.w + size * 0.06
        out = Box(whole_width, -top, bottom, [(self._key(path), 0.0, top, 1 / unit, role)], [(w - pen, top, whole_width - w + pen, pen, role)])
        out.put(body, w, 0)
        return out


def _role(layout: Layout) -> str:
    """The role that the bar of a fraction or a root takes: that of its parts when they share one."""
    roles: set[str] = set()
    stack: list[Any] = [layout]
    while stack:
        now = stack.pop()
        if isinstance(now, Atom):
            roles.add(now.role)
        elif isinstance(now, Row):
            stack += now.parts
        elif isinstance(now, Fraction):
            stack += [now.top, now.bottom]
        elif isinstance(now, Script):
            stack += [p for p in (now.base, now.sub, now.sup) if p is not None]
        else:
            stack.append(now.body)
    return roles.pop() if len(roles) == 1 else ""


def _rounded(v: float) -> float:
    return round(float(v), 2) + 0.0
