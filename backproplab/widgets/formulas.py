"""The formulas of a stepper's state: set once, in the sizes the page uses, all into one table of outlines."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..engine.expressions import Expression, Symbol, substitute, unsigned
from ..engine.folding import Contribution, Variable
from ..engine.run import Run
from ..notation import Glyphs, Setting, latex, plain, tidy, typeset
from ..notation.layout import PRODUCT, SIGN, Atom, Layout, Row, equation, flat, held, row, sign
from ..notation.numerals import number

HEAD, SYMBOLS, NUMBERS, LABEL, LEDGER = 19, 20, 17, 15, 14      # pixels of one em
DIGITS = 4
TINY = 3                                  # an output as small as e^a is shown itself where a rule names it, a larger one by its name
WIDEST = 460.0                            # of the formula in the head
NOTHING = Atom("", "word")
EXPANDED = 60                             # expressions in the head's formula, at the most


class Formulas:
    """Sets the formulas of one run.

    Parameters
    ----------
    run : Run
    glyphs : Glyphs
        The table of outlines that the whole state shares.
    notation : str
    """

    def __init__(self, run: Run, glyphs: Glyphs, notation: str = "g") -> None:
        self.run, self.glyphs = run, glyphs
        self.setting = Setting.of(run, notation, DIGITS)

    def data(self, layout: Layout, size: float) -> dict[str, Any]:
        return self.glyphs.formula(layout, size)

    def label(self, name: str, size: float = LABEL) -> dict[str, Any]:
        return shown(self.data(self.setting.symbol(name), size))

    def gradient_label(self, name: str, size: float = LABEL) -> dict[str, Any]:
        return shown(self.data(self.setting.gradient(name), size))

    def expression(self, e: Expression, size: float = LEDGER, numeric: bool = False) -> dict[str, Any]:
        return shown(self.data(typeset(e, self.setting, numeric), size))

    def head(self) -> dict[str, Any]:
        """The output in terms of the inputs where that stays readable, else of the last variables, else by its name."""
        run, out = self.run, self.run.output
        last = run.variables[out].expression
        if last is None:
            return self.label(out, HEAD)
        for e in (_expanded(run, out), last):
            if e is not None:
                made = self.data(equation(self.setting.symbol(out), typeset(e, self.setting)), HEAD)
                if made["w"] < WIDEST:
                    return made
        return self.label(out, HEAD)

    # ---- forward ---------------------------------------------------------------------------------------------------------

    def value(self, v: Variable) -> dict[str, Any]:
        """a = x z."""
        assert v.expression is not None
        return self.data(equation(self.setting.symbol(v.name), typeset(v.expression, self.setting)), SYMBOLS)

    def value_in_numbers(self, v: Variable) -> dict[str, Any] | None:
        """a = 2 × 3 = 6; without the middle where an array comes in; None for an array."""
        if np.ndim(v.value):
            return None
        sides = [self.setting.symbol(v.name)]
        if v.expression is not None and not isinstance(v.expression, Symbol) and self.setting.numeric(v.expression):
            sides.append(typeset(v.expression, self.setting, True))
        return self.data(equation(*sides, number(v.value, "v", DIGITS)), NUMBERS)

    # ---- backward --------------------------------------------------------------------------------------------------------

    def local(self, c: Contribution) -> Expression:
        """The local derivative as a reader expects it: e^a, not d."""
        assert c.local_expression is not None
        return tidy(substitute(c.local_expression, self._tiny(c)))

    def sent(self, c: Contribution) -> Expression:
        """The whole contribution likewise: X^T g_Z."""
        return tidy(substitute(c.expression, self._tiny(c)))

    def _tiny(self, c: Contribution) -> Mapping[str, Expression]:
        e = self.run.variables[c.consumer].expression
        return {c.consumer: e} if e is not None and e.size <= TINY else {}

    def seed(self, v: Variable) -> dict[str, Any]:
        """g_y = 1, or the cotangent."""
        gradient = self.setting.gradient(v.name)
        return self.data(equation(gradient, number(v.gradient, "g", DIGITS)) if np.ndim(v.gradient) == 0 else gradient, SYMBOLS)

    def gradient(self, v: Variable) -> dict[str, Any]:
        """g_a = g_d e^a + ..., in pieces between which a line may break."""
        return self._pieces([self._opening(v), *self._terms(v, False)], SYMBOLS)

    def gradient_in_numbers(self, v: Variable) -> dict[str, Any] | None:
        """The same with numbers, and the sum; None where a number cannot be put in."""
        if np.ndim(v.gradient) or any(c.local_expression is None or not self.setting.numeric(self.local(c)) or np.ndim(c.upstream) for c in v.uses):
            return None
        closing = Row((sign("="), number(v.gradient, "g", DIGITS, plus=True)))
        return self._pieces([self._opening(v), *self._terms(v, True), closing], NUMBERS)

    def _opening(self, v: Variable) -> Layout:
        return Row((self.setting.gradient(v.name), sign("="), NOTHING))

    def _terms(self, v: Variable, numeric: bool) -> list[Layout]:
        out: list[Layout] = []
        for k, c in enumerate(v.uses):
            whole = c.local_expression is None or bool(np.ndim(c.upstream)) or bool(np.ndim(c.value))
            minus, e = unsigned(self.sent(c) if whole else self.local(c))
            lead = "−" if minus else "+" if k else ""
            if whole:
                made = typeset(e, self.setting, numeric, level=SIGN if lead else 0)
            else:
                up = number(c.upstream, "g", DIGITS) if numeric else self.setting.gradient(c.consumer)
                made = Row((held(up, PRODUCT) if lead else up, sign("×" if numeric else "·"), typeset(e, self.setting, numeric, PRODUCT)), PRODUCT)
            out.append(Row((sign(lead), made)) if lead else made)
        return out

    def _pieces(self, parts: Sequence[Layout], size: float) -> dict[str, Any]:
        whole = row([row([p for p in flat(part) if p != NOTHING]) for part in parts])
        after = [parts[0], *[Row((NOTHING, p)) for p in parts[1:]]]      # a sign between two pieces is spaced as one between two terms
        drawn = [{k: f for k, f in self.data(p, size).items() if k not in ("tex", "say")} for p in after]
        return {"tex": latex(whole), "say": plain(whole), "parts": drawn}


def shown(f: dict[str, Any]) -> dict[str, Any]:
    """A formula that is only looked at, and never copied as LaTeX."""
    return {k: v for k, v in f.items() if k != "tex"}


def _expanded(run: Run, out: str) -> Expression | None:
    """The output's expression with every variable replaced by its own, or None when that would be too long to read."""
    sizes: dict[str, int] = {}
    for name, v in run.variables.items():                 # how long it would be, before it is made
        sizes[name] = 1 if v.expression is None else v.expression.size + sum(sizes.get(i, 1) - 1 for i in v.inputs)
    if sizes[out] > EXPANDED or any(np.ndim(v.value) for v in run.variables.values()):
        return None
    known: dict[str, Expression] = {}
    for name, v in run.variables.items():
        if v.expression is not None:
            known[name] = substitute(v.expression, known)
    return known[out]
