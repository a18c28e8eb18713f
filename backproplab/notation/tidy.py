"""Derivatives as a reader expects them: one sign in front, then the number, then the letters; one fraction for all that is divided.

For reading only. What is run and printed is never rearranged (see `engine.expressions`); here (2 * (y - t)) * -x becomes
-2 * (y - t) * x, which is the same number but for the last rounding. Where the same factor stands above and below a fraction it is
cancelled, as on paper.

A product is taken apart into a sign, a number and its factors above and below the line, and written again from these parts. Functions
that are linear (sums, matrix products, transposition) let the sign and the number pass to the outside.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.expressions import ONE, ZERO, Call, Constant, Expression, Symbol, evaluate, same
from .products import Product, merged, multiplied, plain_number, power_of, repeated, whole, zero
from .setting import option

# Linear functions -> the arguments in which they are linear.
LINEAR = {"@": (0, 1), "np.outer": (0, 1), "np.sum": (0,), "np.mean": (0,), ".T": (0,), "np.transpose": (0,), "np.swapaxes": (0,),
          "np.reshape": (0,), "np.broadcast_to": (0,), "np.expand_dims": (0,), "np.squeeze": (0,), "np.ravel": (0,), "index": (0,), "scatter": (0,)}
SPREADING = ("np.expand_dims", "np.squeeze", "np.reshape", "np.ravel", "np.broadcast_to", "np.transpose", "np.swapaxes", ".T")
ENTRIES = ("index", "scatter")            # functions of single entries: a scalar factor stays with its entry
SUMS, PRODUCTS = ("+", "-"), ("*", "/", "neg")


def tidy(e: Expression, scope: Mapping[str, Any] | None = None) -> Expression:
    """The expression, arranged for reading.

    Parameters
    ----------
    e : Expression
    scope : mapping of str to value, optional
        What the names stand for (``run.scope``). With it, a number can be told from an array: numbers go to the front even out of a
        matrix product, and a 1 that was only repeated to a shape is left out inside sums as well.

    Returns
    -------
    Expression
        Of the same value, within rounding. Its shape may be smaller where NumPy's broadcasting makes up for it.

    Examples
    --------
    >>> y, t, x = Symbol("y"), Symbol("t"), Symbol("x")
    >>> print(tidy(Call("*", (Call("*", (Constant(2), Call("-", (y, t)))), Call("neg", (x,))))))
    -(2 * (y - t) * x)
    """
    return Tidier(scope).tidy(e, True)


class Tidier:
    """Arranges expressions. `loose`, in its methods: broadcasting makes up for a shape that gets smaller, because nothing but arithmetic
    entry by entry stands round the expression."""

    def __init__(self, scope: Mapping[str, Any] | None = None) -> None:
        self.scope = scope

    def tidy(self, e: Expression, loose: bool) -> Expression:
        if not isinstance(e, Call):
            return e
        if e.head in SUMS:
            return self.sum(e, loose)
        if e.head in PRODUCTS or e.head in LINEAR or e.head == "np.where":
            return self.written(self.parts(e, loose))
        if e.head == "**" and plain_number(e.args[1]) == 1:
            return self.tidy(e.args[0], loose)
        return self.inside(e, loose and e.head == "**")

    def inside(self, e: Call, loose: bool = False) -> Call:
        """The same call with its arguments arranged."""
        return Call(e.head, tuple([self.tidy(a, loose) for a in e.args]), tuple([(k, self.tidy(v, False)) for k, v in e.keywords]))

    # ---- products --------------------------------------------------------------------------------------------------------

    def parts(self, e: Expression, loose: bool) -> Product:
        """e as a product."""
        out = Product()
        stack: list[tuple[Expression, bool]] = [(e, False)]
        while stack:
            now, inverse = stack.pop()
            if isinstance(now, Call) and now.head in PRODUCTS:
                if now.head == "neg":
                    out.minus = not out.minus
                    stack.append((now.args[0], inverse))
                else:
                    stack += [(now.args[1], inverse != (now.head == "/")), (now.args[0], inverse)]
            else:
                out.times(self.factor(now, loose), inverse)
        return self.cancelled(out, e, loose)

    def factor(self, e: Expression, loose: bool) -> Product:
        v = plain_number(e)
        if v is not None:
            return Product(v < 0, whole(abs(v)))
        if isinstance(e, Call):
            if e.head in LINEAR:
                return self.linear(e, loose)
            if e.head == "np.where":
                return self.choice(e)
            made = self.tidy(e, loose)
            if isinstance(made, Call) and made.head in PRODUCTS or plain_number(made) is not None:       # a sum that has become one term
                return self.parts(made, loose)
            return Product(over=[made])
        return Product(over=[e])

    def linear(self, e: Call, loose: bool) -> Product:
        """A linear function, with the sign and the numbers of its arguments in front."""
        out, args = Product(), list(e.args)
        for k in LINEAR[e.head]:
            part = self.parts(args[k], loose and e.head == "np.broadcast_to")
            inner = Product()
            outside = e.head not in ENTRIES
            for f in part.over:
                (out if outside and len(part.over) > 1 and self.is_scalar(f) else inner).over.append(f)
            for f in part.under:
                (out if outside and self.is_scalar(f) else inner).under.append(f)
            out.times(Product(part.minus, part.above, part.below))
            args[k] = self.written(inner)
        made = self.known(Call(e.head, tuple(args), e.keywords), loose)
        v = plain_number(made)
        if v is not None:
            out.times(Product(v < 0, whole(abs(v))))
        else:
            out.over.append(made)
        return out

    def known(self, e: Call, loose: bool) -> Expression:
        """Transposes that undo each other, and sums of ones."""
        inner = e.args[0]
        if e.head == ".T" and isinstance(inner, Call):
            if inner.head == ".T":
                return inner.args[0]
            if inner.head == "np.outer":
                return Call("np.outer", inner.args[::-1])
        if e.head == "np.transpose" and option(e, "axes", 1) is None:
            return self.known(Call(".T", (inner,)), loose)
        if e.head in SPREADING and repeated(inner):                      # a one in every place, whatever the places
            shape = None if loose else self.shape(e)
            return ONE if loose else e if shape is None else Call("np.broadcast_to", (ONE, Constant(shape)))
        if e.head == "np.sum" and repeated(inner):
            shape, axis = inner.args[1].value, option(e, "axis", 1)                  # type: ignore[attr-defined]
            axes = range(len(shape)) if axis is None else [int(a) % len(shape) for a in np.atleast_1d(axis)]
            count = Constant(int(np.prod([shape[a] for a in axes], dtype=int)))
            keep = bool(option(e, "keepdims", 2))
            left = tuple(1 if k in axes else n for k, n in enumerate(shape) if keep or k not in axes)
            return count if loose or not left else Call("np.broadcast_to", (count, Constant(left)))
        return e

    def choice(self, e: Call) -> Product:
        """np.where(mask, -2 * g, 0) is -2 * np.where(mask, g, 0)."""
        mask, yes, no = e.args
        for k, (other, chosen) in enumerate(((no, yes), (yes, no))):
            if same(getattr(other, "value", None), 0):
                out = self.parts(chosen, False)
                kept = Product(over=out.over, under=out.under)
                branches = (self.written(kept), ZERO) if k == 0 else (ZERO, self.written(kept))
                out.over, out.under = [Call(e.head, (mask, *branches))], []
                return out
        return Product(over=[Call(e.head, (mask, self.tidy(yes, False), self.tidy(no, False)))])

    def is_scalar(self, e: Expression) -> bool:
        """Is it known to be one number?"""
        return self.shape(e) == ()

    def shape(self, e: Expression) -> tuple[int, ...] | None:
        """The shape of what e stands for, or None where that is not known."""
        if self.scope is None:
            return None
        if isinstance(e, Symbol):
            return np.shape(self.scope[e.name]) if e.name in self.scope else None
        try:
            with np.errstate(all="ignore"):
                return np.shape(evaluate(e, self.scope))
        except (NameError, TypeError, ValueError, IndexError, ArithmeticError):
            return None

    def may_be(self, e: Expression, less: Product, loose: bool) -> bool:
        """Has the smaller product, in the place of e, the shape that is needed?"""
        if loose:
            return True
        goal = self.shape(e)
        return goal is not None and goal == self.shape(self.written(less))

    def cancelled(self, p: Product, e: Expression, loose: bool) -> Product:
        """p without repeated ones and without factors that stand above and below the line."""
        ones = [f for f in p.over if repeated(f)]
        rest = [f for f in p.over if not repeated(f)]
        if ones and (rest or p.under):
            less = Product(p.minus, p.above, p.below, rest, p.under)
            if self.may_be(e, less, loose):
                p = less
        for f in list(p.under):
            base, n = power_of(f)
            if base not in p.over:
                continue
            over, under = list(p.over), list(p.under)
            over.remove(base)
            k = under.index(f)
            under[k:k + 1] = [] if n == 1 else [base] if n == 2 else [Call("**", (base, Constant(n - 1)))]
            less = Product(p.minus, p.above, p.below, over, under)
            if self.may_be(e, less, loose and not less.plain):
                p = less
        if p.minus and p.above == p.below == 1 and not p.under and len(p.over) == 1:
            only = p.over[0]
            if isinstance(only, Call) and only.head == "-" and not (isinstance(only.args[0], Call) and only.args[0].head in SUMS):
                p = Product(over=[Call("-", only.args[::-1])])                       # -(y - f) is f - y
        return p

    def written(self, p: Product) -> Expression:
        """The product as an expression."""
        over, under = list(p.over), list(p.under)
        if p.above != 1 and len(over) == 1 and not under and p.below == 1 and repeated(over[0]):
            over = [Call("np.broadcast_to", (Constant(p.above), over[0].args[1]))]   # type: ignore[attr-defined]
        elif p.above != 1 or not over:
            over.insert(0, Constant(p.above))
        if p.below != 1:
            under.insert(0, Constant(p.below))
        e = multiplied(over)
        if under:
            e = Call("/", (e, multiplied(under)))
        v = plain_number(e)
        return Constant(-v) if v is not None and p.minus else Call("neg", (e,)) if p.minus else e

    # ---- sums --------------------------------------------------------------------------------------------------------------

    def sum(self, e: Call, loose: bool) -> Expression:
        terms: list[Product] = []
        for p in self.terms(e, loose):
            if not any(merged(found, p) for found in terms):
                terms.append(p)
        left = [p for p in terms if p.above != 0 and not any(zero(f) for f in p.over)]
        made = self.added(left or [Product(above=0)])
        if len(left) == len(terms) or loose:
            return made
        goal = self.shape(e)                              # what cancels may have been what gave the sum its shape
        return made if goal is not None and goal == self.shape(made) else self.added(list(self.terms(e, loose)))

    def terms(self, e: Call, loose: bool) -> Iterator[Product]:
        """The terms of a sum, each with its sign."""
        for minus, term in _terms(e):
            p = self.parts(term, loose)
            p.minus ^= minus
            yield p

    def added(self, terms: list[Product]) -> Expression:
        """The sum of the terms."""
        made = self.written(terms[0])
        for p in terms[1:]:
            made = Call("-" if p.minus else "+", (made, self.written(Product(False, p.above, p.below, p.over, p.under))))
        return made


def _terms(e: Expression) -> list[tuple[bool, Expression]]:
    """(has it a minus, term) of a sum, sums inside brackets opened."""
    out: list[tuple[bool, Expression]] = []
    stack = [(False, e)]
    while stack:
        minus, now = stack.pop()
        if isinstance(now, Call) and now.head in SUMS:
            stack += [(minus != (now.head == "-"), now.args[1]), (minus, now.args[0])]
        elif isinstance(now, Call) and now.head == "neg":
            stack.append((not minus, now.args[0]))
        else:
            out.append((minus, now))
    return out
