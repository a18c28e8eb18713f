"""How a formula is laid out, before anybody asks in which format.

Expressions are typeset once, into a small tree of atoms, rows, fractions, scripts, brackets and roots. LaTeX, plain text and glyph
boxes are three readings of that tree, so they cannot disagree about a bracket or a sign. The spaces between the parts follow the
classes and the table of the TeXbook (page 170) in all three.

Every layout knows how tightly it holds together (`bind`), which is what decides about brackets, and every atom its role: "v" for a
value, "g" for a gradient, "" for plain ink.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

# How tightly a formula holds together. A place that holds tighter than its formula needs brackets.
RELATION, SUM, SIGN, APPLIED, PRODUCT, MATMUL, QUOTIENT, POWER, ATOM = range(9)

ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER = "ord", "op", "bin", "rel", "open", "close", "punct", "inner"
NONE, THIN, MEDIUM, THICK = range(4)
TIMES = "\u2062"                          # an invisible multiplication sign: x z is x, TIMES, z

# A sign -> (its LaTeX, its class).
SIGNS = {
    "+": ("+", BIN), "−": ("-", BIN), "×": (r"\times", BIN), "·": (r"\cdot", BIN), "⊙": (r"\odot", BIN), "=": ("=", REL), "<": ("<", REL),
    ">": (">", REL), "≤": (r"\leq", REL), "≥": (r"\geq", REL), "≠": (r"\neq", REL), "∈": (r"\in", REL), ",": (",", PUNCT), ":": ("{:}", ORD),
    "/": ("/", ORD), "⊤": (r"\top", ORD), "¬": (r"\neg", ORD), "*": ("*", ORD), "′": (r"\prime", ORD), "∞": (r"\infty", ORD),
    "∂": (r"\partial", ORD), "∇": (r"\nabla", ORD), "…": (r"\ldots", ORD), "⋯": (r"\cdots", INNER), TIMES: (r"\,", "times")}

# Rows: the class on the left; columns: ord op bin rel open close punct inner; digits in brackets: not in indices and exponents.
_WIDTHS = {
    ORD: "0 1 (2) (3) 0 0 0 (1)", OP: "1 1 0 (3) 0 0 0 (1)", BIN: "(2) (2) 0 0 (2) 0 0 (2)", REL: "(3) (3) 0 0 (3) 0 0 (3)",
    OPEN: "0 0 0 0 0 0 0 0", CLOSE: "0 1 (2) (3) 0 0 0 (1)", PUNCT: "(1) (1) 0 (1) (1) (1) (1) (1)", INNER: "(1) 1 (2) (3) (1) 0 (1) (1)"}
_COLUMNS = (ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER)
GAPS = {(left, right): (int(w.strip("()")), w[0] != "(")
        for left, line in _WIDTHS.items() for right, w in zip(_COLUMNS, line.split(), strict=True)}


class Layout:
    """A formula or a part of one."""

    __slots__ = ()
    bind: int = ATOM
    left: str = ORD                       # class of its first and of its last sign
    right: str = ORD
    tall: bool = False                    # does a bracket round it have to grow?


@dataclass(frozen=True, slots=True)
class Atom(Layout):
    """A letter, a word, a number or a sign: what is set in one piece.

    `kind` is "letter" (italic, one letter), "word" (upright), "bold", "mono", "number", "sign" or "function" (upright, its argument
    follows).
    """

    text: str
    kind: str = "letter"
    role: str = ""

    @property
    def bind(self) -> int:                # type: ignore[override]
        return SIGN if self.kind == "number" and self.text[0] in "−+" else ATOM

    @property
    def left(self) -> str:                # type: ignore[override]
        return OP if self.kind == "function" else SIGNS[self.text][1] if self.kind == "sign" else ORD

    @property
    def right(self) -> str:               # type: ignore[override]
        return self.left

    @property
    def tall(self) -> bool:               # type: ignore[override]
        return self.text == "Σ" and self.kind == "function"


@dataclass(frozen=True, slots=True)
class Row(Layout):
    """Parts side by side."""

    parts: tuple[Layout, ...]
    bind: int = ATOM

    @property
    def left(self) -> str:                # type: ignore[override]
        return self.parts[0].left if self.parts else ORD

    @property
    def right(self) -> str:               # type: ignore[override]
        return self.parts[-1].right if self.parts else ORD

    @property
    def tall(self) -> bool:               # type: ignore[override]
        return any(p.tall for p in self.parts)


@dataclass(frozen=True, slots=True)
class Named(Layout):
    """A name of the author's: plain text shows it as it is written in the program, a formula as a letter with its indices."""

    text: str
    body: Layout

    @property
    def left(self) -> str:                # type: ignore[override]
        return self.body.left

    @property
    def right(self) -> str:               # type: ignore[override]
        return self.body.right


@dataclass(frozen=True, slots=True)
class Fraction(Layout):
    """One formula over another."""

    top: Layout
    bottom: Layout
    bind = QUOTIENT
    left = right = INNER
    tall = True


@dataclass(frozen=True, slots=True)
class Script(Layout):
    """A formula with an index below, an exponent above, or both. `index`: the lower one is a key, written x[k] in a program."""

    base: Layout
    sub: Layout | None = None
    sup: Layout | None = None
    index: bool = False

    @property
    def bind(self) -> int:                # type: ignore[override]
        return ATOM if self.sup is None else POWER

    @property
    def left(self) -> str:                # type: ignore[override]
        return self.base.left

    @property
    def right(self) -> str:               # type: ignore[override]
        return self.base.right

    @property
    def tall(self) -> bool:               # type: ignore[override]
        return self.base.tall

    def parts(self) -> tuple[Layout, Layout | None, Layout | None]:
        """(base, index, exponent), where the square of a name with an index has both at one place."""
        inner = self.base.body if isinstance(self.base, Named) else self.base
        if isinstance(inner, Script) and (self.sub is None or inner.sub is None) and (self.sup is None or inner.sup is None):
            return inner.base, inner.sub or self.sub, inner.sup or self.sup
        return inner, self.sub, self.sup


@dataclass(frozen=True, slots=True)
class Brackets(Layout):
    """A formula in a pair of brackets: "()", "[]" or "||"."""

    body: Layout
    pair: str = "()"
    left = OPEN
    right = CLOSE

    @property
    def tall(self) -> bool:               # type: ignore[override]
        return self.body.tall


@dataclass(frozen=True, slots=True)
class Root(Layout):
    """A square root."""

    body: Layout
    tall = True


@dataclass(frozen=True, slots=True)
class Over(Layout):
    """A formula with a bar over it."""

    body: Layout

    @property
    def tall(self) -> bool:               # type: ignore[override]
        return self.body.tall


def sign(text: str, role: str = "") -> Atom:
    return Atom(text, "sign", role)


def row(parts: Sequence[Layout], bind: int = ATOM) -> Layout:
    """The parts side by side; a single one as it is."""
    return parts[0] if len(parts) == 1 else Row(tuple(parts), bind)


def equation(*sides: Layout) -> Layout:
    """a = b = c."""
    parts: list[Layout] = []
    for side in sides:
        parts += [sign("="), side] if parts else [side]
    return Row(tuple(parts), RELATION)


def held(layout: Layout, level: int) -> Layout:
    """The layout, in brackets where it holds less tightly than `level` asks."""
    return Brackets(layout) if layout.bind < level else layout


def starts(layout: Layout) -> Layout:
    """The first piece that is written."""
    while isinstance(layout, (Row, Script, Named)):
        layout = layout.parts[0] if isinstance(layout, Row) else layout.base if isinstance(layout, Script) else layout.body
    return layout


def flat(layout: Layout) -> list[Layout]:
    """The parts of a row, rows inside rows opened."""
    out: list[Layout] = []
    stack = [layout]
    while stack:
        now = stack.pop()
        if isinstance(now, Row):
            stack += reversed(now.parts)
        else:
            out.append(now)
    return out


def spaced(parts: Sequence[Layout], before: str = "") -> Iterator[tuple[Layout, int, bool, str]]:
    """Each visible part with the gap in front of it, whether that gap stays in indices and exponents, and its class.

    A binary sign with nothing on its left is a sign of its own (the minus of -x). Where two factors stand side by side, the gap is
    thin unless the table makes it so by itself; then the class given is "times", for LaTeX has to ask for it.

    Parameters
    ----------
    parts : sequence of Layout
        Without rows.
    before : str
        Class of what stands in front, where the parts continue a formula.
    """
    last, times = before, False
    for p in parts:
        left, right = p.left, p.right
        if left == "times":
            times = True
            continue
        if left == BIN and last in ("", BIN, REL, OPEN, PUNCT, OP):
            left = right = ORD
        gap, always = GAPS[last, left] if last else (NONE, True)
        asked = times and gap == NONE
        yield p, THIN if asked else gap, always or asked, "times" if asked else left
        last, times = right, False


def mapped(layout: Layout, change: Callable[[Atom], Layout]) -> Layout:
    """The same layout with every atom changed."""
    match layout:
        case Atom():
            return change(layout)
        case Row():
            return Row(tuple(mapped(p, change) for p in layout.parts), layout.bind)
        case Named():
            return Named(layout.text, mapped(layout.body, change))
        case Fraction():
            return Fraction(mapped(layout.top, change), mapped(layout.bottom, change))
        case Script():
            sub, sup = [part and mapped(part, change) for part in (layout.sub, layout.sup)]
            return Script(mapped(layout.base, change), sub, sup, layout.index)
        case Brackets():
            return Brackets(mapped(layout.body, change), layout.pair)
        case Root():
            return Root(mapped(layout.body, change))
        case Over():
            return Over(mapped(layout.body, change))
    return layout


def coloured(layout: Layout, role: str) -> Layout:
    """The same in another role."""
    return mapped(layout, lambda a: replace(a, role=role))
