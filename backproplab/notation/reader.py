"""The reader of typed formulas: from what a learner types to an expression. Nothing is ever executed.

It understands a formula as a program writes it (``g_d * np.exp(a)``), as a book does (``g_d e^a``, ``W2^T g_f``, ``2x(y - t)``), and
everything that this package writes in plain text. Names, functions and signs come from lists; whatever is not on them is refused
with a sentence. Where a formula can be read in two ways (1/2x, sin x y) the reader asks instead of guessing.

A product without a sign between two arrays is a matrix product, as in a book; ``*`` goes entry by entry, as in NumPy.
"""
from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..engine.expressions import COMPARISONS, Call, Constant, Expression, Symbol
from .operands import EULER, Operands
from .tokens import FormulaError, Token


def read(formula: str, names: Iterable[str] | Mapping[str, Any], ndims: Mapping[str, int] | None = None, shape: tuple[int, ...] | None = None,
         euler: bool | None = None) -> Expression:
    """Read a formula.

    Parameters
    ----------
    formula : str
    names : iterable of str, or mapping of str to str or to value
        The names that may stand in it; a mapping gives the symbol for each, or what it stands for.
    ndims : mapping of str to int, optional
        How many axes a symbol has; one that is missing is a number.
    shape : tuple of int, optional
        Of the whole, for a formula with unit vectors.
    euler : bool, optional
        What ``e ^ x`` is where a variable is called e: the exponential (True), or a power of the variable (False). By default it is asked.

    Returns
    -------
    Expression
        Of the symbols given and of functions on the reader's list.

    Raises
    ------
    FormulaError
        When it cannot be read, or can be read in two ways; it says where and what to write.

    Examples
    --------
    >>> print(read("2x(y − t)", ["x", "y", "t"]))
    2 * x * (y - t)
    >>> print(read("W^T g / 3", ["W", "g"], {"W": 2, "g": 1}))
    W.T @ g / 3
    """
    with _not_too_deep():
        return Reader(formula, names, ndims, shape, euler).whole()


def sides(formula: str, names: Iterable[str] | Mapping[str, Any], ndims: Mapping[str, int] | None = None, euler: bool | None = None,
          shapes: Mapping[str, tuple[int, ...]] | None = None) -> tuple[Expression, Expression]:
    """The two sides of an equation, "left = right".

    Raises
    ------
    FormulaError
        As `read`, and when there are not two sides.
    """
    parts = formula.replace("＝", "=") if isinstance(formula, str) else formula
    with _not_too_deep():
        reader = Reader(parts, names, ndims, None, euler)
        left = reader.comparison()
        if reader.now.text != "=":
            reader.fail("there is no = in it", "Write both sides, as in g_x = g_y * 2.")
        reader.take()
        if isinstance(left, Symbol):
            reader.shape = (shapes or {}).get(left.name)
        right = reader.comparison()
        reader.finish()
        return left, right


@contextlib.contextmanager
def _not_too_deep() -> Iterator[None]:
    """Brackets are counted before; bars and roots nest without them."""
    try:
        yield
    except RecursionError:
        raise FormulaError("reading a formula", "it is nested too deeply", "Give the inner parts names.") from None


class Reader(Operands):
    """Reads one formula, from left to right; one method for each level of binding."""

    # ---- levels of binding, the loosest first --------------------------------------------------------------------------------

    def whole(self) -> Expression:
        e = self.comparison()
        self.finish()
        return e

    def finish(self) -> None:
        if self.now.kind != "end":
            if self.sign("="):
                self.fail("it has an = too many", "Write one side only, or use == to compare.")
            if self.sign(","):
                self.fail(f"a comma stands{self.where()}", "Write one expression; an array is np.array([1, 2]), a decimal number has a point.")
            self.fail(f"it cannot go on{self.where()}", "Check the brackets and signs there.")

    def comparison(self) -> Expression:
        left = self.sum()
        if self.now.kind == "sign" and self.now.text in COMPARISONS:
            head = self.take().text
            left = self.call(head, left, self.sum())
            if self.now.kind == "sign" and self.now.text in COMPARISONS:
                self.fail("two comparisons stand in a row", "Compare two things at a time.")
        return left

    def sum(self) -> Expression:
        left = self.signed()
        while self.sign("+", "-"):
            head = self.take().text
            left = self.call(head, left, self.signed())
        return left

    def signed(self) -> Expression:
        """A product with signs in front."""
        minus = False
        while self.sign("+", "-"):
            minus ^= self.take().text == "-"
        e = self.product()
        return self.call("neg", e) if minus else e

    def product(self) -> Expression:
        left, slash = self.factor(), False
        while True:
            if self.sign("*", "/", "@", "·"):
                head = self.take().text
                negative = False
                while self.sign("-", "+"):                               # x * -2
                    negative ^= self.take().text == "-"
                right = self.factor()
                right = self.call("neg", right) if negative else right
                left = self.together(left, right) if head == "·" else self.call(head, left, right)
                slash = head == "/"
            elif self.opens():
                if slash:
                    self.fail(f"it can be read in two ways{self.where()}: is that below the line of the fraction, or beside it?",
                              "Write 1/(2 x) or (1/2) x, with brackets.")
                left = self.together(left, self.factor())
            else:
                return left

    def opens(self) -> bool:
        """Does a factor start here, without a sign of multiplication?"""
        if self.now.kind in ("name", "number") or self.sign("(", "√", "Σ"):
            return True
        return self.sign("|") and not self.bars or self.sign("[") and self.now.gap

    def together(self, left: Expression, right: Expression) -> Expression:
        """Two factors side by side, as in a book: numbers scale, arrays are multiplied as matrices."""
        a, b = self.setting.ndim(left), self.setting.ndim(right)
        if not a or not b or self.is_mask(left) or self.is_mask(right):
            return self.call("*", left, right)
        row, column = _transposed_vector(left, a), _transposed_vector(right, b)
        if column is not None and a == 1 and row is None:                # x y^T
            return self.call("np.outer", left, column)
        if row is not None:                                              # x^T y
            left = row
        return self.call("@", left, right)

    def is_mask(self, e: Expression) -> bool:
        return isinstance(e, Call) and (e.head in COMPARISONS or e.head == "np.where" and e.args[1:] == (Constant(1), Constant(0)))

    def factor(self) -> Expression:
        """A power."""
        self.depth += 1
        if self.depth > 200:
            self.fail("it is nested too deeply", "Give the inner parts names.")
        start = self.now
        base = self.primary()
        while True:
            if self.sign("**") or self.sign("'"):
                if self.take().text == "'":
                    base = self.call(".T", base)
                    continue
                if self.sign("⊤") or self.now.kind == "name" and self.now.text == "T" and "T" not in self.names:
                    self.take()
                    base = self.call(".T", base)
                    continue
                base = self.power(base, start)
                continue
            break
        self.depth -= 1
        return base

    def power(self, base: Expression, start: Token) -> Expression:
        exponent = self.exponent()
        if base == EULER:
            return self.call("np.exp", exponent)
        if start.text == "e" and isinstance(base, Symbol) and start.kind == "name":
            if self.euler is None:
                self.fail("e is a variable here, and e^ could be the exponential function too",
                          "Write exp(...) for the exponential function, or (e)^... for a power of the variable.")
            if self.euler:
                return self.call("np.exp", exponent)
        return self.call("**", base, exponent)

    def exponent(self) -> Expression:
        minus = False
        while self.sign("-", "+"):
            minus ^= self.take().text == "-"
        if self.sign("{"):                                               # x^{2}, as in LaTeX
            self.take()
            e = self.comparison()
            self.expect("}", "{")
        else:
            e = self.factor()
        return self.call("neg", e) if minus else e

def _transposed_vector(e: Expression, ndim: int) -> Expression | None:
    """x of x^T, where x is a vector."""
    return e.args[0] if isinstance(e, Call) and e.head == ".T" and ndim == 1 else None
