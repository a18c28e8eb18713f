"""Expressions rewritten: symbols replaced, factors of one and terms of zero dropped, sums put together. Nothing is ever reordered."""
from __future__ import annotations

from collections.abc import Mapping

from .tree import Call, Constant, Expression, Symbol, number

DEEP = 500                                # expressions in a sum that is treated term by term, so that nothing recurses too deep
SHORT = 6                                 # characters of a number that arithmetic on constants may leave


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
        return known.get(e.name, e)
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
