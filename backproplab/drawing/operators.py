"""The sign of an operation alone, as it stands in a gate or beside an edge: ×, +, exp, σ, +1, (·)²."""
from __future__ import annotations

from typing import Any

from ..engine.expressions import Call, Constant, Expression, Symbol, number
from ..engine.folding import Variable
from ..notation import Setting, typeset
from ..notation.constants import key
from ..notation.layout import ATOM, PRODUCT, QUOTIENT, Atom, Brackets, Layout, Row, Script, sign

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "/", "@": "matmul"}
# Functions whose name alone would not be what a reader knows.
WORDS = {"np.log": "ln", "np.sum": "Σ", "sigmoid": "σ", "relu": "ReLU", "np.maximum": "max", "np.minimum": "min", "np.max": "max", "np.min": "min",
         "np.abs": "|·|", "np.concatenate": "concat"}
PLACE = "·"                               # stands for what comes in


def operator(v: Variable, setting: Setting) -> Layout:
    """The operation that computes a variable, without its operands.

    A box with several operations shows its formula, as far as no sign can stand for it.
    """
    e = v.expression
    if e is None:
        return setting.symbol(v.name)
    if not isinstance(e, Call) or v.count > 1:
        return typeset(e, setting) if not isinstance(e, Symbol) else sign("=")
    return alone(e, setting)


def alone(e: Call, setting: Setting) -> Layout:
    """One call without its operands; constants stay."""
    made = _with_constant(e, setting) if len(e.args) == 2 else None
    if made is not None:
        return made
    if e.head in SIGNS:
        return Atom("matmul", "word") if e.head == "@" else sign(SIGNS[e.head])
    if e.head == "neg":
        return sign("−")
    if e.head == "**":
        return Script(Brackets(sign(PLACE)), sup=Atom("n", "letter"))
    if e.head == ".T":
        return Script(Brackets(sign(PLACE)), sup=sign("⊤"))
    word = WORDS.get(e.head) or e.head.removeprefix("np.").strip("_").replace("_", " ")
    return Atom(word, "function" if word.isalpha() else "word")


def _with_constant(e: Call, setting: Setting) -> Layout | None:
    """x + 1 is +1, 2 x is ×2, x² is (·)², 1 / x is 1/(·), max(x, 0) is max(·, 0)."""
    left, right = e.args
    a, b = _fixed(left), _fixed(right)
    if a == b:
        return None
    fixed = typeset(left if a else right, setting, level=PRODUCT)
    place = sign(PLACE)
    if e.head == "index":
        return Row((place, Brackets(_key(right), "[]")))
    if e.head == "+":
        return Row((sign("+"), fixed))
    if e.head == "*":
        return Row((sign("×"), fixed))
    if e.head == "-":
        return Row((fixed, sign("−"), place)) if a else Row((sign("−"), fixed))
    if e.head == "/":
        return Row((fixed, sign("/"), place)) if a else Row((sign("/"), typeset(right, setting, level=QUOTIENT)))
    if e.head == "**":
        base = typeset(left, setting, level=ATOM) if a else Brackets(place)
        return Script(base, sup=place if a else typeset(right, setting))
    if e.head in ("np.maximum", "np.minimum"):
        inside = (fixed, sign(","), place) if a else (place, sign(","), fixed)
        return Row((Atom(WORDS[e.head], "function"), Brackets(Row(inside))))
    return None


def _fixed(e: Expression) -> bool:
    return isinstance(e, Constant) or isinstance(e, Call) and e.head == "neg" and number(e.args[0]) is not None


def _key(e: Expression) -> Layout:
    value: Any = e.value if isinstance(e, Constant) else ()
    return key(value)
