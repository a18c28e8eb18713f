"""The one form in which mathematics travels through this package.

An expression is a `Symbol` (a name), a `Constant` (a number, a shape, an index) or a `Call` of an operator or function on
expressions. Rules are read into expressions, programs are printed from them, formulas are typeset from them. Expressions are
immutable and never reordered: what is printed computes the same floating-point numbers as what was run.

Heads of calls: the operators `+ - * / ** @`, `neg`, the comparisons, `index` (the second argument is the key), `.T`, `.shape`,
`.size`, `list` and `tuple`; every other head is the function as it is written in a program, such as `np.exp` or `sigmoid`.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

COMPARISONS = (">", "<", ">=", "<=", "==", "!=")
# How tightly an operator holds its operands in Python: a looser operand needs parentheses.
BINDING = {**dict.fromkeys(COMPARISONS, 1), "+": 2, "-": 2, "*": 3, "/": 3, "@": 3, "neg": 4, "**": 5, "index": 6, ".T": 6, ".shape": 6, ".size": 6}
CALLED = 6
DEEP = 500                                # expressions in a sum that is treated term by term, so that nothing recurses too deep
SHORT = 6                                 # characters of a number that arithmetic on constants may leave


class Expression:
    """A Symbol, a Constant or a Call."""

    __slots__ = ()
    size = 1

    def __str__(self) -> str:
        return text(self)


class Symbol(Expression):
    """A name: of a variable, of its gradient, of a parameter of a rule."""

    __slots__ = ("name",)
    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Symbol and self.name == other.name       # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


class Constant(Expression):
    """A value known when the graph was recorded: a number, an axis, a shape, an index, a small array."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Constant and same(self.value, other.value)     # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(repr(self.value))

    def __repr__(self) -> str:
        return f"Constant({self.value!r})"


class Call(Expression):
    """`head` applied to `args`; `keywords` are (name, expression) pairs. `size` counts the expressions inside, itself included."""

    __slots__ = ("head", "args", "keywords", "size")
    __match_args__ = ("head", "args", "keywords")

    def __init__(self, head: str, args: tuple[Expression, ...], keywords: tuple[tuple[str, Expression], ...] = ()) -> None:
        self.head, self.args, self.keywords = head, args, keywords
        size = 1
        for a in args:
            size += a.size
        for _, v in keywords:
            size += v.size
        self.size = size

    def __eq__(self, other: object) -> bool:
        return (other.__class__ is Call and self.head == other.head and self.args == other.args      # type: ignore[attr-defined]
                and self.keywords == other.keywords)                                                 # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((self.head, self.args, self.keywords))

    def __repr__(self) -> str:
        rest = "".join(f", {k}={v!r}" for k, v in self.keywords)
        return f"Call({self.head!r}, {', '.join(map(repr, self.args))}{rest})"


ONE, ZERO = Constant(1), Constant(0)


def same(a: Any, b: Any) -> bool:
    """Equal and of one type: 0, 0.0 and False are three different constants."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and bool(np.array_equal(a, b))
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, slice):
        return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    return bool(a == b)


def number(e: Expression) -> int | float | None:
    """The plain number that e is, or None. True and False are not numbers here."""
    if e.__class__ is Constant and type(e.value) in (int, float):       # type: ignore[attr-defined]
        return e.value                                                   # type: ignore[attr-defined, no-any-return]
    return None


def symbols(e: Expression) -> Iterator[str]:
    """Names in the order in which they are written, with repetition."""
    stack = [e]
    while stack:
        now = stack.pop()
        if now.__class__ is Symbol:
            yield now.name                                               # type: ignore[attr-defined]
        elif isinstance(now, Call):
            stack += [v for _, v in reversed(now.keywords)]
            stack += reversed(now.args)


def heads(e: Expression) -> Iterator[str]:
    """Operators and functions that e calls, with repetition."""
    stack = [e]
    while stack:
        now = stack.pop()
        if isinstance(now, Call):
            yield now.head
            stack += [*now.args, *(v for _, v in now.keywords)]


def spine(e: Expression) -> tuple[Expression, list[tuple[str, Expression]]]:
    """A long sum a + b - c as (a, [("+", b), ("-", c)]): sums lean to the left, as deep as a value has consumers."""
    terms = []
    while isinstance(e, Call) and e.head in ("+", "-") and len(e.args) == 2:
        terms.append((e.head, e.args[1]))
        e = e.args[0]
    return e, terms[::-1]


def substitute(e: Expression, known: Mapping[str, Expression]) -> Expression:
    """e with every symbol in `known` replaced; parts that do not change are shared."""
    if e.__class__ is Symbol:
        return known.get(e.name, e)                                      # type: ignore[attr-defined]
    if not isinstance(e, Call):
        return e
    if e.size > DEEP and e.head in ("+", "-"):
        whole, terms = spine(e)
        whole = substitute(whole, known)
        for head, term in terms:
            whole = Call(head, (whole, substitute(term, known)))
        return whole
    args = tuple([substitute(a, known) for a in e.args])
    keywords = tuple([(k, substitute(v, known)) for k, v in e.keywords]) if e.keywords else ()
    if all(map(_is, args, e.args)) and all(a[1] is b[1] for a, b in zip(keywords, e.keywords, strict=True)):
        return e
    return Call(e.head, args, keywords)


def _is(a: object, b: object) -> bool:
    return a is b


def simplify(e: Expression) -> Expression:
    """Drop factors of one, terms of zero and double signs; fold arithmetic on short numbers. Never reorders, never rounds."""
    if not isinstance(e, Call):
        return e
    if e.size > DEEP and e.head in ("+", "-"):
        whole, terms = spine(e)
        whole = simplify(whole)
        for head, term in terms:
            whole = simplified(Call(head, (whole, simplify(term))))
        return whole
    keywords = tuple([(k, simplify(v)) for k, v in e.keywords]) if e.keywords else ()
    return simplified(Call(e.head, tuple([simplify(a) for a in e.args]), keywords))


def simplified(e: Call) -> Expression:
    """A call whose arguments are simplified already."""
    args = e.args
    if e.head == "neg":
        inner, value = args[0], number(args[0])
        if value is not None:
            return Constant(-value)
        return inner.args[0] if isinstance(inner, Call) and inner.head == "neg" else e
    if len(args) != 2 or e.head not in ("+", "-", "*", "/", "**"):
        return e
    left, right = args
    a, b = number(left), number(right)
    if a is not None and b is not None and e.head in "+-*":
        folded = a + b if e.head == "+" else a - b if e.head == "-" else a * b     # the same numbers as when the program runs
        if len(repr(folded)) <= SHORT:
            return Constant(folded)
    if e.head == "*" and a == 1 or e.head == "+" and a == 0:
        return right
    if e.head in ("*", "/", "**") and b == 1 or e.head in ("+", "-") and b == 0:
        return left
    if e.head == "*" and a == -1:
        return simplified(Call("neg", (right,)))
    if e.head == "-" and a == 0:
        return simplified(Call("neg", (right,)))
    if e.head in "+-" and isinstance(right, Call) and right.head == "neg":
        return Call("-" if e.head == "+" else "+", (left, right.args[0]))
    return e


def unsigned(e: Expression) -> tuple[bool, Expression]:
    """(has it a sign in front, e without it), where -g * x / y counts as a sign in front: rounding is symmetric, so nothing changes."""
    if isinstance(e, Call):
        if e.head == "neg":
            return True, e.args[0]
        if e.head in ("*", "/"):
            minus, first = unsigned(e.args[0])
            if minus:
                return True, Call(e.head, (first, e.args[1]))
    return False, e


def total(terms: list[Expression]) -> Expression:
    """The sum of the terms, in their order; a term with a sign in front is subtracted."""
    whole = terms[0]
    for t in terms[1:]:
        minus, rest = unsigned(t)
        whole = Call("-" if minus else "+", (whole, rest))
    return whole


# ---- as Python text ----------------------------------------------------------------------------------------------------

def text(e: Expression, level: int = 0) -> str:
    """e as Python, with the parentheses it needs and no others. `level`: how tightly the surroundings hold it.

    Examples
    --------
    >>> text(Call("/", (Symbol("x"), Call("**", (Symbol("b"), Constant(2))))))
    'x / b ** 2'
    """
    if e.__class__ is Symbol:
        return e.name                                                    # type: ignore[attr-defined, no-any-return]
    if e.__class__ is Constant:
        plain = literal(e.value)                                         # type: ignore[attr-defined]
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
        return literal(e.value, index=True)                              # type: ignore[attr-defined]
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
        name = e.name                                                    # type: ignore[attr-defined]

        def look(scope: Mapping[str, Any]) -> Any:
            try:
                return scope[name]
            except KeyError:
                raise NameError(f"nothing is known under the name {name!r}") from None
        return look
    code = compile(text(e), "<expression>", "eval")
    return lambda scope: eval(code, {"np": np}, scope)                   # noqa: S307  (the text was written by this package)
