"""Expressions to layouts: one walk, for every format.

Operators are here; what is particular to one function stands in `functions`. The order of terms and factors is the expression's:
nothing is rearranged while typesetting (see `tidy` for that).
"""
from __future__ import annotations

from collections.abc import Mapping

from ..engine.expressions import COMPARISONS, Call, Constant, Expression, Symbol, text, unsigned
from . import functions
from .constants import constant, crossed, key
from .layout import (
    APPLIED,
    ATOM,
    MATMUL,
    POWER,
    PRODUCT,
    RELATION,
    SIGN,
    SUM,
    TIMES,
    Atom,
    Brackets,
    Fraction,
    Layout,
    Named,
    Row,
    Script,
    row,
    sign,
    starts,
)
from .numerals import number
from .setting import Setting

COMPARED = dict(zip(COMPARISONS, ">", strict=False)) | {">": ">", "<": "<", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}


def typeset(e: Expression, setting: Setting | None = None, numeric: bool = False, level: int = RELATION,
            shapes: Mapping[str, tuple[int, ...]] | None = None) -> Layout:
    """The layout of an expression.

    Parameters
    ----------
    e : Expression
    setting : Setting, optional
        What the names mean; without one they are scalars, and no symbol is a gradient.
    numeric : bool
        Put the numbers of `setting.values` in the place of the names of scalars.
    level : int
        How tightly the surroundings hold: see `layout`.
    shapes : mapping of str to tuple of int, optional
        Put the shapes of arrays in the place of their names: [2×3] [3×1] + [2×1].

    Returns
    -------
    Layout
        For `latex`, `plain` and `Glyphs`.
    """
    setting = setting or Setting()
    if setting.notation.code and not numeric and shapes is None:
        return Atom(text(e), "mono")
    return Typesetter(setting, numeric, shapes=shapes).set(e, level)


class Typesetter:
    """Sets expressions in one setting, with names or with numbers. `inline`: in an exponent, where fractions have a slash."""

    def __init__(self, setting: Setting, numeric: bool = False, inline: bool = False,
                 shapes: Mapping[str, tuple[int, ...]] | None = None) -> None:
        self.setting, self.numeric, self.inline, self.shapes = setting, numeric, inline, shapes

    def raised(self) -> Typesetter:
        """The same for exponents and indices."""
        return Typesetter(self.setting, self.numeric, True, self.shapes)

    def set(self, e: Expression, level: int = RELATION, first: bool = True) -> Layout:
        """e, in brackets where it holds less tightly than `level`. `first`: nothing stands on its left: a sign needs no brackets."""
        made = self._made(e, first)
        return Brackets(self._made(e, True)) if made.bind < level else made

    def _made(self, e: Expression, first: bool) -> Layout:
        if self.numeric:
            found = self.setting.scalar(e)
            if found is not None:
                return number(found[0], found[1], self.setting.digits)
        if self.shapes is not None:
            turned = isinstance(e, Call) and e.head == ".T"
            named = e.args[0] if isinstance(e, Call) and turned else e
            if isinstance(named, Symbol) and self.shapes.get(named.name):
                return crossed(self.shapes[named.name][::-1 if turned else 1])
        if isinstance(e, Symbol):
            return self.setting.symbol(e.name)
        if isinstance(e, Constant):
            return constant(e.value, self.setting.digits)
        assert isinstance(e, Call)
        operator = _OPERATORS.get(e.head)
        if operator is not None:
            return operator(self, e, first)
        return functions.FUNCTIONS.get(e.head, functions.named)(self, e, first)

    # ---- operators -----------------------------------------------------------------------------------------------------

    def sum(self, e: Call, first: bool) -> Layout:
        terms, left = [], e
        while isinstance(left, Call) and left.head in ("+", "-"):        # a loop: a parameter may have thousands of consumers
            terms.append((left.head, left.args[1]))
            left = left.args[0]                                          # type: ignore[assignment]
        parts: list[Layout] = [self.set(left, SUM, first)]
        for head, term in reversed(terms):
            made = self._made(term, False)
            open_ = head == "+" and made.bind == SUM and not _negative(made)         # a + (b + c) needs no brackets
            parts += [sign("+" if head == "+" else "−"), made if open_ else self.set(term, APPLIED, False)]
        return Row(tuple(parts), SUM)

    def negated(self, e: Call, first: bool) -> Layout:
        return Row((sign("−"), self.set(e.args[0], APPLIED, False)), SIGN)

    def product(self, e: Call, first: bool) -> Layout:
        minus, rest = unsigned(e) if first else (False, e)
        if minus:                                                        # (-x) y is written as -(x y)
            return Row((sign("−"), self.set(rest, APPLIED, False)), SIGN)
        return self.times(self.factors(e, first), first)

    def factors(self, e: Expression, first: bool = False) -> list[tuple[Layout, int]]:
        """The factors of a product, with their numbers of axes, for `times`."""
        found: list[Expression] = []
        stack = [e]
        while stack:
            now = stack.pop()
            if isinstance(now, Call) and now.head == "*" and (not self.numeric or self.setting.scalar(now) is None):
                stack += [now.args[1], now.args[0]]
            else:
                found.append(now)
        return [(self._made(f, first and k == 0), self.setting.ndim(f)) for k, f in enumerate(found)]

    def times(self, factors: list[tuple[Layout, int]], first: bool = True) -> Layout:
        """Factors (with their numbers of axes) side by side, with the sign between them that a reader needs."""
        final: list[Layout] = []
        for k, (made, ndim) in enumerate(factors):
            dense = ndim and any(n for j, (_, n) in enumerate(factors) if j != k)
            if made.bind < (SIGN if k == 0 and first else APPLIED) or made.bind == MATMUL and dense:
                made = Brackets(made)
            elif made.bind == APPLIED:
                follows = starts(factors[k + 1][0]) if k + 1 < len(factors) else None
                chained = follows is None or isinstance(follows, Atom) and follows.kind == "function"
                if not (chained and functions.is_application(made) or follows is None and made.tall):
                    made = functions.bracketed(made)
            final.append(made)
        parts, axes = [final[0]], factors[0][1]
        for k in range(1, len(final)):
            parts += [sign(self._between(final[k - 1], final[k], axes, factors[k][1])), final[k]]
            axes = max(axes, factors[k][1])
        return Row(tuple(parts), SIGN if parts[0].bind == SIGN else PRODUCT)

    def _between(self, left: Layout, right: Layout, axes: int, ndim: int) -> str:
        if axes and ndim:
            return "⊙"
        begin, end = starts(right), _ends(left)
        if self.numeric and (_is(begin, "number") or _is(end, "number")) and not axes and not ndim:
            return "×"
        spelled = any(_is(piece, "word", "mono") and len(piece.text) > 1 for piece in (begin, end))  # type: ignore[attr-defined]
        mask = isinstance(right, Brackets) and right.pair == "[]"        # g [x > 0] could be read as an index
        return "·" if spelled or mask or _is(begin, "number") else TIMES

    def quotient(self, e: Call, first: bool) -> Layout:
        over, under = e.args
        minus, rest = unsigned(over) if first else (False, over)
        if minus:
            return Row((sign("−"), self.quotient(Call("/", (rest, under)), False)), SIGN)
        factors = self.factors(over, first)
        if not self.inline and not self.numeric and self._is_fraction(factors[0][0]):                # dL/dp (1/p), not a fraction in a fraction
            beside = self.times(factors[1:]) if len(factors) > 1 else Atom("1", "number")
            return self.times([factors[0], (Fraction(beside, self.set(under)), self.setting.ndim(e))], first)
        if self.inline:
            return Row((self.set(over, PRODUCT, first), sign("/"), self.set(under, POWER, False)), APPLIED)
        return Fraction(self.set(over), self.set(under))

    @staticmethod
    def _is_fraction(made: Layout) -> bool:
        """Is it the letter of a gradient, and a fraction?"""
        return isinstance(made, Named) and isinstance(made.body, Fraction)

    def power(self, e: Call, first: bool) -> Layout:
        base, exponent = e.args
        above = self.raised().set(exponent)
        whole = isinstance(exponent, Constant) and type(exponent.value) is int and exponent.value > 1
        if whole and isinstance(base, Call) and base.head in functions.POWERED:
            applied = self._made(base, True)                             # sin² x
            assert isinstance(applied, Row)
            return Row((Script(applied.parts[0], sup=above), *applied.parts[1:]), applied.bind)
        return Script(self.base(base), sup=above)

    def matmul(self, e: Call, first: bool) -> Layout:
        left, right = e.args
        if e not in self.setting.products and self.setting.ndim(left) == self.setting.ndim(right) == 1:
            return Row((self.set(left, MATMUL, first), sign("·"), self.set(right, MATMUL, False)), APPLIED)
        parts = [self.set(left, MATMUL, first), self.set(right, MATMUL, False)]
        return Row((parts[0], sign(TIMES), parts[1]), MATMUL)

    def transposed(self, e: Call, first: bool) -> Layout:
        return Script(self.base(e.args[0]), sup=sign("⊤"))

    def base(self, e: Expression) -> Layout:
        """What bears an exponent or an index: (∂J/∂x)^⊤, where the letter of a gradient has several pieces."""
        made = self.set(e, ATOM, False)
        pieces = isinstance(made, Named) and isinstance(made.body, (Fraction, Row))
        return Brackets(made) if pieces else made

    def compared(self, e: Call, first: bool) -> Layout:
        return Row((self.set(e.args[0], SUM, first), sign(COMPARED[e.head]), self.set(e.args[1], SUM, False)), RELATION)

    def indexed(self, e: Call, first: bool) -> Layout:
        base, at = self.base(e.args[0]), self.place(e.args[1])
        second = isinstance(base, Named) and isinstance(base.body, Script)
        if second or self.setting.has_indexed(base):                     # W1[0], and x[0] beside a variable x0: as in the program
            return Row((base, Brackets(at, "[]")), POWER)
        return Script(base, sub=at, index=True)

    def place(self, e: Expression) -> Layout:
        """An index, parts of which may be computed: x[i], X[0:3, y]."""
        if isinstance(e, Constant):
            return key(e.value)
        if not (isinstance(e, Call) and e.head == "tuple"):
            return self.set(e)
        parts: list[Layout] = []
        for k, a in enumerate(e.args):
            parts += [sign(","), self.place(a)] if k else [self.place(a)]
        return row(parts)

    def listed(self, args: tuple[Expression, ...], pair: str = "()") -> Brackets:
        """Arguments in brackets."""
        parts: list[Layout] = []
        for k, a in enumerate(args):
            parts += [sign(","), self.set(a)] if k else [self.set(a)]
        return Brackets(row(parts) if parts else Row(()), pair)


_OPERATORS = {"+": Typesetter.sum, "-": Typesetter.sum, "*": Typesetter.product, "/": Typesetter.quotient, "**": Typesetter.power,
              "@": Typesetter.matmul, "neg": Typesetter.negated, ".T": Typesetter.transposed, "index": Typesetter.indexed,
              **dict.fromkeys(COMPARISONS, Typesetter.compared)}


def _negative(made: Layout) -> bool:
    begin = starts(made)
    return isinstance(begin, Atom) and begin.text[:1] == "−"


def _ends(layout: Layout) -> Layout:
    """The last piece on the line."""
    while isinstance(layout, (Row, Script, Named)):
        layout = layout.parts[-1] if isinstance(layout, Row) else layout.base if isinstance(layout, Script) else layout.body
    return layout


def _is(piece: Layout, *kinds: str) -> bool:
    return isinstance(piece, Atom) and piece.kind in kinds
