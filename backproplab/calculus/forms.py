"""From a rule to the matrix in the table: the upstream gradient taken out of a vector-Jacobian product.

A product such as ``B @ g`` is linear in g. What is left when g is taken out, B, is the derivative in denominator layout; turned, it
is the one in numerator layout. So the tables of a lecture follow from the rules of the operations, and no derivative is written twice.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.expressions import ONE, Call, Constant, Expression, Symbol, simplify, substitute, symbols

Value = Callable[[Expression], Any]
EYE = "np.eye"


def taken_out(e: Expression, g: str, value: Value) -> Expression | None:
    """The matrix M with ``e = M @ g``, as an expression; for a number g, what it is multiplied by.

    Parameters
    ----------
    e : Expression
        Linear in g, of one axis or none.
    g : str
        The symbol of a vector or a number.
    value : callable
        Expression -> its value, for shapes.

    Returns
    -------
    Expression or None
        In denominator layout: a row of M for each input. None where it cannot be written with matrix products alone.
    """
    if np.ndim(value(Symbol(g))) == 0:
        return tidied(substitute(e, {g: ONE}))
    if np.ndim(value(Symbol(g))) > 1 or np.ndim(value(e)) > 1:
        return None
    out = _Out(g, value)
    made = out.matrix(e) if np.ndim(value(e)) == 1 else out.row(e)
    return tidied(made) if made is not None else None


class _Out:
    """Takes g out: `matrix` of a vector, `row` of a number that is linear in g."""

    def __init__(self, g: str, value: Value) -> None:
        self.g, self.value = g, value

    def has(self, e: Expression) -> bool:
        return self.g in symbols(e)

    def ndim(self, e: Expression) -> int:
        return int(np.ndim(self.value(e)))

    def matrix(self, e: Expression) -> Expression | None:
        if isinstance(e, Symbol):
            return Call(EYE, (Constant(int(np.size(self.value(e)))),))
        if not isinstance(e, Call):
            return None
        if e.head in ("+", "-", "neg"):
            return self._each(e, self.matrix)
        if e.head == ".T":
            return self.matrix(e.args[0]) if self.ndim(e.args[0]) == 1 else None
        if e.head == "@":
            left, right = e.args
            if self.has(right) and not self.has(left) and self.ndim(left) == 2 and self.ndim(right) == 1:
                m = self.matrix(right)
                return m and Call("@", (left, m))
            if self.has(left) and not self.has(right) and self.ndim(left) == 1 and self.ndim(right) == 2:
                m = self.matrix(left)
                return m and Call("@", (turned(right), m))
            return None
        if e.head in ("*", "/"):
            return self._scaled(e)
        return None

    def _each(self, e: Call, part: Callable[[Expression], Expression | None]) -> Expression | None:
        made = [part(a) for a in e.args]
        return None if any(m is None for m in made) else Call(e.head, tuple(m for m in made if m is not None))

    def _scaled(self, e: Call) -> Expression | None:
        left, right = e.args
        if e.head == "/" and not self.has(right):
            inner: Expression = left
            other: Expression = Call("/", (ONE, right))
        elif e.head == "*" and self.has(left) != self.has(right):
            inner, other = (left, right) if self.has(left) else (right, left)
        else:
            return None
        if self.ndim(inner) == 0:                                        # a number that is linear in g, times a vector
            row = self.row(inner)
            return row and Call("np.outer", (other, row))
        m = self.matrix(inner)
        if m is None:
            return None
        if self.ndim(other) == 0:
            return Call("*", (other, m))
        diagonal = Call("np.diag", (other,))
        return Call("@", (diagonal, m)) if self.ndim(other) == 1 else None

    def row(self, e: Expression) -> Expression | None:
        """b with ``e = b · g``, for a number e."""
        if not isinstance(e, Call):
            return None
        if e.head in ("+", "-", "neg"):
            return self._each(e, self.row)
        if e.head == "@":
            left, right = e.args
            inner, other = (left, right) if self.has(left) else (right, left)
            if self.has(other) or self.ndim(inner) != 1 or self.ndim(other) != 1:
                return None
            m = self.matrix(inner)
            return m and Call("@", (turned(m), other))
        if e.head == "np.sum" and not e.keywords and isinstance(e.args[0], Symbol):
            return Call("np.ones", (Constant(int(np.size(self.value(e.args[0])))),))
        if e.head == "np.sum" and isinstance(e.args[0], Call) and e.args[0].head == "*" and self.ndim(e.args[0]) == 1:
            left, right = e.args[0].args
            if self.ndim(left) == self.ndim(right) == 1:
                return self.row(Call("@", (left, right)))
        if e.head == "*" and self.has(e.args[0]) != self.has(e.args[1]):
            inner, other = (e.args[0], e.args[1]) if self.has(e.args[0]) else (e.args[1], e.args[0])
            row = self.row(inner)
            return row and Call("*", (other, row)) if self.ndim(other) == 0 else None
        return None


def flat_vectors(e: Expression, value: Value) -> Expression:
    """The same without the transposes of vectors of one axis, which do nothing in NumPy."""
    if not isinstance(e, Call):
        return e
    args = tuple(flat_vectors(a, value) for a in e.args)
    if e.head == ".T" and np.ndim(value(e.args[0])) < 2:
        return args[0]
    return Call(e.head, args, e.keywords)


def as_columns(e: Expression, value: Value) -> Expression:
    """The same for vectors that are columns: an inner product gets its transpose, and a row times a matrix stands up."""
    if not isinstance(e, Call):
        return e
    args = tuple(as_columns(a, value) for a in e.args)
    if e.head == "@":
        left, right = (np.ndim(value(a)) for a in e.args)
        if left == right == 1:
            return Call("@", (Call(".T", (args[0],)), args[1]))
        if (left, right) == (1, 2):
            return Call("@", (turned(args[1]), args[0]))
    return Call(e.head, args, e.keywords)


def turned(e: Expression) -> Expression:
    """The transpose of a matrix expression, written out: (A B)ᵀ = Bᵀ Aᵀ."""
    if isinstance(e, Call):
        if e.head == ".T":
            return e.args[0]
        if e.head == "@":
            return Call("@", (turned(e.args[1]), turned(e.args[0])))
        if e.head == "np.outer":
            return Call("np.outer", e.args[::-1])
        if e.head in (EYE, "np.diag"):
            return e
        if e.head in ("+", "-", "neg"):
            return Call(e.head, tuple(turned(a) for a in e.args))
        if e.head == "*":
            return Call("*", (e.args[0], turned(e.args[1])))
    if isinstance(e, Constant):
        return e
    return Call(".T", (e,))


def tidied(e: Expression) -> Expression:
    """Unit matrices multiplied away, transposes of transposes undone."""
    if not isinstance(e, Call):
        return e
    args = tuple(tidied(a) for a in e.args)
    if e.head == ".T" and isinstance(args[0], Call) and args[0].head in (".T", EYE, "np.outer", "@"):
        return tidied(turned(args[0]))
    if e.head == "@":
        for inner, other in (args, args[::-1]):
            if isinstance(inner, Call) and inner.head == EYE:
                return other
    return simplify(Call(e.head, args, e.keywords))
