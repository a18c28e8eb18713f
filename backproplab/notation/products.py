"""A product taken apart: a sign, a number, and the factors above and below the line. What `tidy` reckons with."""
from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ..engine.expressions import ONE, Call, Constant, Expression

SHORT = 6                                 # characters of a number that division may leave


@dataclass
class Product:
    """sign * above / below * over[0] * over[1] ... / (under[0] * ...)."""

    minus: bool = False
    above: int | float = 1
    below: int | float = 1
    over: list[Expression] = field(default_factory=list)
    under: list[Expression] = field(default_factory=list)

    def times(self, other: Product, inverse: bool = False) -> None:
        self.minus ^= other.minus
        above, below, over, under = other.above, other.below, other.over, other.under
        if inverse:
            above, below, over, under = below, above, under, over
        self.above, self.below = reduced(self.above * above, self.below * below)
        self.over += over
        self.under += under

    @property
    def plain(self) -> bool:
        """Is it a number alone?"""
        return not self.over and not self.under


def reduced(above: int | float, below: int | float) -> tuple[int | float, int | float]:
    """A fraction of numbers in its lowest terms; decimal fractions only where a short number comes out."""
    above, below = whole(above), whole(below)
    if isinstance(above, int) and isinstance(below, int):
        f = Fraction(above, below)
        return f.numerator, f.denominator
    ratio = whole(above / below)
    return (ratio, 1) if ratio != 0 and len(repr(ratio)) <= SHORT else (above, below)


def whole(v: int | float) -> int | float:
    """2.0 as 2."""
    return int(v) if isinstance(v, float) and v.is_integer() and abs(v) < 2**53 else v


def plain_number(e: Expression) -> int | float | None:
    """The finite number, other than zero, that e is; else None."""
    if not isinstance(e, Constant) or isinstance(e.value, (bool, np.bool_)):
        return None
    if isinstance(e.value, (int, float, np.integer, np.floating)):
        v = e.value.item() if isinstance(e.value, np.generic) else e.value
        return v if v != 0 and np.isfinite(v) else None
    return None


def repeated(e: Expression) -> bool:
    """Is it the number 1, repeated to a shape?"""
    return isinstance(e, Call) and e.head == "np.broadcast_to" and plain_number(e.args[0]) == 1


def merged(found: Product, p: Product) -> bool:
    """Add p to a term that differs from it by a number only; False where they differ otherwise."""
    if found.over != p.over or found.under != p.under:
        return False
    a, b = (-q.above if q.minus else q.above for q in (found, p))
    if found.below == p.below:
        above, below = reduced(a + b, found.below) if a + b else (0, 1)
    elif all(isinstance(v, int) for v in (a, b, found.below, p.below)):
        f = Fraction(a, found.below) + Fraction(b, p.below)                          # type: ignore[arg-type]
        above, below = f.numerator, f.denominator
    else:
        return False
    found.minus, found.above, found.below = above < 0, abs(above), below
    return True


def zero(e: Expression) -> bool:
    return isinstance(e, Constant) and type(e.value) in (int, float) and e.value == 0


def multiplied(factors: list[Expression]) -> Expression:
    made = factors[0] if factors else ONE
    for f in factors[1:]:
        made = Call("*", (made, f))
    return made


def power_of(e: Expression) -> tuple[Expression, int]:
    """(base, exponent) of base ** n for a whole n > 1; else (e, 1)."""
    if isinstance(e, Call) and e.head == "**" and isinstance(e.args[1], Constant) and type(e.args[1].value) is int and e.args[1].value > 1:
        return e.args[0], e.args[1].value
    return e, 1
