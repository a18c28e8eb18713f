"""How each function is written: e^x, ln x, √x, |x|, [x > 0], sums. A table from the function, as a program calls it, to its setting.

A function that is not in the table keeps its name, in upright type.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.expressions import ONE, ZERO, Call, Constant, Expression, Symbol, heads, number
from .constants import key
from .layout import (
    APPLIED,
    ATOM,
    MATMUL,
    OP,
    POWER,
    RELATION,
    SIGN,
    SUM,
    TIMES,
    Atom,
    Brackets,
    Layout,
    Named,
    Root,
    Row,
    Script,
    sign,
)
from .setting import option

if TYPE_CHECKING:
    from .typeset import Typesetter

Setter = Callable[["Typesetter", Call, bool], Layout]
POWERED = {"np.sin", "np.cos", "np.tan", "np.tanh", "np.sinh", "np.cosh"}          # sin² x
MOVED = {"np.expand_dims", "np.squeeze", "np.reshape", "np.broadcast_to"}           # axes are not what they seem
OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "==": "!=", "!=": "=="}
MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def applied(setter: Typesetter, name: Layout, args: tuple[Expression, ...], bare: bool) -> Layout:
    """A function's name with its arguments: sin x, but sin(x + y). `bare`: may the brackets go where the argument is one letter?"""
    if bare and len(args) == 1:
        inner = setter.set(args[0])
        if _one_piece(inner):
            return Row((name, inner), APPLIED)
    return Row((name, setter.listed(args)), POWER)


def _one_piece(made: Layout) -> bool:
    if isinstance(made, Script):
        return made.sup is None and _one_piece(made.base)
    return isinstance(made, Named) and made.left != OP or isinstance(made, Atom) and made.kind == "number" and made.bind == ATOM


def is_application(made: Layout) -> bool:
    """Is it a function with a bare argument, such as sin x?"""
    return isinstance(made, Row) and made.bind == APPLIED and made.left == OP and not made.tall and len(made.parts) == 2


def bracketed(made: Layout) -> Layout:
    """sin x with brackets, sin(x), because a factor follows."""
    if is_application(made):
        assert isinstance(made, Row)
        return Row((made.parts[0], Brackets(made.parts[1])), POWER)
    return Brackets(made)


def function(text: str, written: str = "", bare: bool = True) -> Setter:
    """A function with a name of its own. `written`: its name in plain text."""
    atom = Atom(text, "function")
    name: Layout = Named(written, atom) if written else atom

    def made(setter: Typesetter, e: Call, first: bool) -> Layout:
        rest = tuple(a for k, a in enumerate(e.args) if not (k and isinstance(a, Constant) and a.value is None))
        return applied(setter, _with_axis(name, _axis(setter, e, len(e.args))), rest, bare)
    return made


def reduction(text: str, bare: bool) -> Setter:
    """A sum, mean, maximum along an axis."""
    def made(setter: Typesetter, e: Call, first: bool) -> Layout:
        name = _with_axis(Atom(text, "function"), _axis(setter, e, 1))
        if text == "Σ":
            return Row((name, setter.set(e.args[0], APPLIED, False)), APPLIED)
        return applied(setter, name, e.args[:1], bare)
    return made


def _axis(setter: Typesetter, e: Call, position: int) -> Any:
    """The axis, counted from the front where that is known: "axis -1" could be read as a difference."""
    axis, n = option(e, "axis", position), setter.setting.ndim(e.args[0])
    return axis % n if type(axis) is int and -n <= axis < 0 and MOVED.isdisjoint(heads(e.args[0])) else axis


def _with_axis(name: Layout, axis: Any) -> Layout:
    if axis is None:
        return name
    word = "axes" if isinstance(axis, tuple) and len(axis) > 1 else "axis"
    return Script(name, sub=Row((Atom(word, "word"), sign(TIMES), key(axis))))


def named(setter: Typesetter, e: Call, first: bool) -> Layout:
    """Any other function: its name, its arguments, its options."""
    plain = e.head.removeprefix("np.")
    name = Named(plain, Atom(plain.strip("_").replace("_", " "), "function"))
    inside = setter.listed(e.args)
    if not e.keywords:
        return Row((name, inside), POWER)
    parts = [inside.body] if e.args else []
    for k, v in e.keywords:
        parts += [sign(","), Atom(k, "word"), sign("="), setter.set(v)] if parts else [Atom(k, "word"), sign("="), setter.set(v)]
    return Row((name, Brackets(Row(tuple(parts)))), POWER)


# ---- one by one ------------------------------------------------------------------------------------------------------------

def exponential(setter: Typesetter, e: Call, first: bool) -> Layout:
    """Euler's e is upright: a variable may be called e."""
    return Script(Atom("e", "word"), sup=setter.raised().set(e.args[0]))


def squared(setter: Typesetter, e: Call, first: bool) -> Layout:
    return setter.power(Call("**", (e.args[0], Constant(2))), first)


def root(setter: Typesetter, e: Call, first: bool) -> Layout:
    return Root(setter.set(e.args[0]))


def absolute(setter: Typesetter, e: Call, first: bool) -> Layout:
    return Brackets(setter.set(e.args[0], RELATION), "||")


def unseen(setter: Typesetter, e: Call, first: bool) -> Layout:
    """Changes no number: the first argument is what the reader needs."""
    return setter._made(e.args[0], first)


def reshaped(setter: Typesetter, e: Call, first: bool) -> Layout:
    """Left out where it only adds or drops axes of length 1; otherwise the reader needs to see it."""
    shape, inner = option(e, "shape", 1), e.args[0]
    longer = [n for n in (shape if isinstance(shape, tuple) else (shape,)) if n != 1]
    given = setter.setting.values.get(inner.name) if isinstance(inner, Symbol) else None
    same = [n for n in np.shape(given) if n != 1] == longer if given is not None else len(longer) == setter.setting.ndim(inner)
    if same or -1 in longer and len(longer) == 1 and setter.setting.ndim(inner) == 1:
        return unseen(setter, e, first)
    return Row((Named("reshape", Atom("reshape", "function")), setter.listed((inner, Constant(shape)))), POWER)


def outer(setter: Typesetter, e: Call, first: bool) -> Layout:
    transposed = Script(setter.base(e.args[1]), sup=sign("⊤"))
    return Row((setter.set(e.args[0], MATMUL, first), sign(TIMES), transposed), MATMUL)


def transposed(setter: Typesetter, e: Call, first: bool) -> Layout:
    axes = option(e, "axes", 1)
    if e.head == "np.swapaxes":
        pair = sorted((option(e, "axis1", 1), option(e, "axis2", 2)))
        last = pair == [-2, -1] or pair == [0, 1] and setter.setting.ndim(e.args[0]) == 2
        return setter.transposed(e, first) if last else named(setter, e, first)
    return setter.transposed(e, first) if axes is None else named(setter, e, first)


def where(setter: Typesetter, e: Call, first: bool) -> Layout:
    """A choice between two, with the Iverson bracket: [x > 0] is 1 where it holds, 0 elsewhere."""
    mask, yes, no = e.args
    terms: list[Layout] = []
    for chosen, holds in ((yes, True), (no, False)):
        if number(chosen) == 0:
            continue
        turned = isinstance(mask, Call) and mask.head == ".T"            # [x > 0] of a row
        bracket: Layout = Brackets(_mask(setter, mask.args[0] if isinstance(mask, Call) and turned else mask, holds), "[]")
        bracket = Script(bracket, sup=sign("⊤")) if turned else bracket
        if number(chosen) == 1:
            terms.append(bracket)
            continue
        leads = first and not terms
        terms.append(setter.times([*setter.factors(chosen, leads), (bracket, setter.setting.ndim(mask))], leads))
    if not terms:
        return setter.set(ZERO)
    return terms[0] if len(terms) == 1 else Row((terms[0], sign("+"), terms[1]), SUM)


def _mask(setter: Typesetter, mask: Expression, holds: bool) -> Layout:
    if isinstance(mask, Call) and mask.head in MIRRORED and isinstance(mask.args[0], Constant) and not isinstance(mask.args[1], Constant):
        mask = Call(MIRRORED[mask.head], mask.args[::-1])                # [x > 0], not [0 < x]
    if holds:
        return setter.set(mask)
    if isinstance(mask, Call) and mask.head in OPPOSITE:
        return setter.set(Call(OPPOSITE[mask.head], mask.args))
    return Row((sign("¬"), setter.set(mask, ATOM)), SIGN)


def scatter(setter: Typesetter, e: Call, first: bool) -> Layout:
    """The transpose of x[k]: a number at place k, zeros elsewhere, is that number times a unit vector."""
    at, shape = option(e, "key", 1), option(e, "shape", 2)
    places = at if isinstance(at, tuple) else (at,)
    one_place = shape is not None and len(places) == len(shape) and all(isinstance(p, int) for p in places)
    if one_place and setter.setting.ndim(e.args[0]) == 0:
        unit = Named(f"unit[{', '.join(map(str, places))}]", Script(Atom("e" if len(shape) == 1 else "E", "bold"), sub=key(at)))
        return unit if e.args[0] == ONE else setter.times([*setter.factors(e.args[0], first), (unit, 0)], first)
    return Row((Script(Atom("scatter", "function"), sub=key(at)), setter.listed(e.args[:1])), POWER)


_UNSEEN = ("np.broadcast_to", "np.expand_dims", "np.squeeze")
FUNCTIONS: dict[str, Setter] = {
    "np.exp": exponential, "np.sqrt": root, "np.square": squared, "np.where": where, **dict.fromkeys(("np.abs", "np.absolute", "abs"), absolute),
    "np.log": function("ln"), "np.maximum": function("max"), "np.minimum": function("min"), "np.sign": function("sign", bare=False),
    **{f"np.{f}": function(f) for f in ("sin", "cos", "tan", "tanh", "sinh", "cosh", "arcsin", "arccos", "arctan")},
    "sigmoid": function("σ", "sigmoid", bare=False), "relu": function("ReLU", "relu", bare=False),
    **{f: function(f.replace("_", " "), f, bare=False)
       for f in ("softmax", "log_softmax", "logsumexp", "softplus", "leaky_relu", "first_largest")},
    "np.sum": reduction("Σ", True), "np.mean": reduction("mean", False), "np.max": reduction("max", True), "np.min": reduction("min", True),
    **dict.fromkeys(_UNSEEN, unseen), "np.reshape": reshaped, "np.outer": outer, "scatter": scatter,
    "np.transpose": transposed, "np.swapaxes": transposed,
    "list": lambda setter, e, first: setter.listed(e.args, "[]"), "tuple": lambda setter, e, first: setter.listed(e.args)}
