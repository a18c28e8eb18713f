"""A layout as one line of plain text, for terminals, screen readers and copying.

Names are written as in the program. Where a fraction or an exponent loses its second dimension, brackets take its place: the text
can be read back without knowing the formula. Two factors side by side bind tighter than the slash: g_f c / a^2.
"""
from __future__ import annotations

from .layout import (
    APPLIED,
    ATOM,
    BIN,
    MATMUL,
    NONE,
    POWER,
    PRODUCT,
    PUNCT,
    REL,
    SIGN,
    TIMES,
    Atom,
    Brackets,
    Fraction,
    Layout,
    Named,
    Over,
    Root,
    Row,
    Script,
    flat,
    spaced,
    starts,
)


def plain(layout: Layout) -> str:
    """The text of a layout.

    Examples
    --------
    >>> plain(Fraction(Atom("a"), Script(Atom("b"), sup=Atom("2", "number"))))
    'a / b^2'
    """
    if isinstance(layout, Atom):
        return "" if layout.text == TIMES else layout.text
    if isinstance(layout, Named):
        return layout.text
    if isinstance(layout, Fraction):
        return f"{_closed(layout.top, PRODUCT)} / {_closed(layout.bottom, POWER)}"
    if isinstance(layout, Script):
        out = plain(layout.base)
        if layout.sub is not None:
            key = plain(layout.sub)
            out += f"[{key}]" if layout.index else f"_{key}" if key.replace("_", "").isalnum() else f"_{{{key}}}"
        return out if layout.sup is None else f"{out}^{_closed(layout.sup, ATOM)}"
    if isinstance(layout, Brackets):
        return layout.pair[0] + plain(layout.body) + layout.pair[1]
    if isinstance(layout, Over):
        return f"bar({plain(layout.body)})"
    if isinstance(layout, Root):
        return f"√{_closed(layout.body, ATOM)}"
    assert isinstance(layout, Row)
    return _row(layout)


def _closed(layout: Layout, level: int) -> str:
    """Text of a part, in brackets where it holds less tightly than `level`; a fraction over a fraction always."""
    text = plain(layout)
    return f"({text})" if layout.bind < level or isinstance(layout, Fraction) or level == PRODUCT and _sums(layout) else text


def _sums(layout: Layout) -> bool:
    """Does a sum in it take in what follows? a Σ x / y would be read as a Σ (x / y)."""
    heads = [starts(part) for part in flat(layout)]
    return any(isinstance(h, Atom) and h.kind == "function" and h.text == "Σ" for h in heads)


def _opened(layout: Layout, among_factors: bool) -> list[tuple[Layout, str]]:
    """Parts of a row with their text, rows inside rows opened; a fraction among factors is bracketed."""
    if not isinstance(layout, Row):
        closed = isinstance(layout, Fraction) and among_factors
        return [(layout, f"({plain(layout)})" if closed else plain(layout))]
    factors = layout.bind in (APPLIED, PRODUCT, MATMUL)
    if layout.bind == SIGN:
        factors = among_factors or any(_multiplies(p) for p in layout.parts)
    return [pair for p in layout.parts for pair in _opened(p, factors)]


def _multiplies(part: Layout) -> bool:
    return isinstance(part, Atom) and part.kind == "sign" and part.text in (TIMES, "·", "×", "⊙")


def _row(layout: Row) -> str:
    pairs = _opened(layout, False)
    texts = iter([text for part, text in pairs if part.left != "times"])
    out, last = "", ""
    for part, gap, _, kind in spaced([part for part, _ in pairs]):
        text = next(texts)
        tight = gap == NONE or last == "" or isinstance(part, Fraction) and out.endswith("−") and last not in (BIN, REL, PUNCT)
        slash = isinstance(part, Atom) and part.text == "/" and part.kind == "sign" or out.endswith("/")
        out += text if tight and not slash else f" {text}"
        last = kind
    return out
