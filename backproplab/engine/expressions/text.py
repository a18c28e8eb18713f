"""Expressions as Python text, and the numbers that they stand for."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .simplify import DEEP, spine
from .tree import COMPARISONS, Call, Constant, Expression, Symbol

# How tightly an operator holds its operands in Python: a looser operand needs parentheses.
BINDING = {**dict.fromkeys(COMPARISONS, 1), "+": 2, "-": 2, "*": 3, "/": 3, "@": 3, "neg": 4, "**": 5, "index": 6, ".T": 6, ".shape": 6, ".size": 6}
CALLED = 6


def text(e: Expression, level: int = 0) -> str:
    """e as Python, with the parentheses it needs and no others. `level`: how tightly the surroundings hold it.

    Examples
    --------
    >>> text(Call("/", (Symbol("x"), Call("**", (Symbol("b"), Constant(2))))))
    'x / b ** 2'
    """
    if e.__class__ is Symbol:
        return e.name
    if e.__class__ is Constant:
        plain = literal(e.value)
        return f"({plain})" if plain[0] == "-" and level > BINDING["+"] else plain
    assert isinstance(e, Call)
    head, args = e.head, e.args
    own = BINDING.get(head)
    if own is None:
        if head in ("list", "tuple"):
            inside = ", ".join([text(a) for a in args])
            return f"[{inside}]" if head == "list" else f"({inside},)" if len(args) == 1 else f"({inside})"
        inside = ", ".join([text(a) for a in args] + [f"{k}={text(v)}" for k, v in e.keywords])
        return f"{head}({inside})"
    if head == "index":
        return f"{text(args[0], CALLED)}[{key(args[1])}]"
    if head[0] == ".":
        return f"{text(args[0], CALLED)}{head}"
    if head == "neg":
        out = f"-{text(args[0], own)}"
    elif head == "**":                                                   # right-associative, and -x ** 2 is -(x ** 2)
        out = f"{text(args[0], own + 1)} ** {text(args[1], own)}"
    elif e.size > DEEP and head in ("+", "-"):
        first, terms = spine(e)
        out = " ".join([text(first, own), *[f"{sign} {text(term, own + 1)}" for sign, term in terms]])
    elif head in COMPARISONS:
        out = f"{text(args[0], own + 1)} {head} {text(args[1], own + 1)}"
    else:
        out = f"{text(args[0], own)} {head} {text(args[1], own + 1)}"
    return f"({out})" if own < level else out


def key(e: Expression) -> str:
    """What stands between the brackets of x[...]."""
    if e.__class__ is Constant:
        return literal(e.value, index=True)
    if isinstance(e, Call) and e.head == "tuple":
        return ", ".join([key(a) for a in e.args]) + ("," if len(e.args) == 1 else "")
    return text(e)


def literal(v: Any, index: bool = False) -> str:
    """A constant as Python text; `index`: it stands between the brackets of x[...], where slices are written a:b."""
    if isinstance(v, slice):
        if index:
            ends = ["" if p is None else literal(p) for p in (v.start, v.stop)]
            return ":".join(ends) + ("" if v.step is None else f":{literal(v.step)}")
        return f"np.s_[{literal(v, index=True)}]"
    if isinstance(v, tuple) and not index and any(isinstance(i, slice) for i in v):
        return f"np.s_[{literal(v, index=True)}]"
    if isinstance(v, tuple):
        inside = ", ".join(literal(i, index) for i in v)
        if index and v:
            return inside + ("," if len(v) == 1 else "")
        return f"({inside},)" if len(v) == 1 else f"({inside})"
    if isinstance(v, list):
        return f"[{', '.join(literal(i) for i in v)}]"
    if v is Ellipsis:
        return "..."
    if isinstance(v, np.ndarray) and v.ndim:
        kind = "" if v.dtype.kind in "fb" and v.size or v.dtype == np.int64 and v.size else f", dtype={v.dtype.name!r}"
        return f"np.array({v.tolist()!r}{kind})".replace("nan", "np.nan").replace("inf", "np.inf")
    if isinstance(v, (np.generic, np.ndarray)):
        v = v.item()
    if isinstance(v, float) and not math.isfinite(v):
        return "np.nan" if math.isnan(v) else "np.inf" if v > 0 else "-np.inf"
    return repr(v)


def evaluate(e: Expression, scope: Mapping[str, Any]) -> Any:
    """The value of e; `scope` holds its names, NumPy as `np` and the operations it calls.

    Raises
    ------
    NameError
        When a name is not in the scope.
    """
    if e.size > DEEP and isinstance(e, Call) and e.head in ("+", "-"):
        first, terms = spine(e)
        total = evaluate(first, scope)
        for head, term in terms:
            value = evaluate(term, scope)
            total = total + value if head == "+" else total - value
        return total
    return _compiled(e)(scope)


def _compiled(e: Expression) -> Callable[[Mapping[str, Any]], Any]:
    if e.__class__ is Symbol:
        name = e.name

        def look(scope: Mapping[str, Any]) -> Any:
            try:
                return scope[name]
            except KeyError:
                raise NameError(f"nothing is known under the name {name!r}") from None
        return look
    code = compile(text(e), "<expression>", "eval")
    return lambda scope: eval(code, {"np": np}, scope)
