"""The derivation by indices: one entry, one partial derivative, the sum over all entries, and back to matrices.

This is the answer to "why the transpose?": the sum that is left runs over an index that two factors share, and a matrix product sums
only over sides that face each other. Each row is a formula; the loops that it means are a program that a test runs.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.errors import InputError, ShapeError, UnknownNameError, listed
from ..engine.expressions import Call, Expression, Symbol, text
from ..engine.values import shortened
from .axes import ONE, Box
from .derive_indices import Indices
from .derive_programs import loops, vectorised
from .derive_rows import DerivationRow, rows, why
from .inferring import Inferred
from .reading import expression

USUAL = {"X": "BM", "W": "MN", "b": "N", "x": "M"}        # letters that lectures use, where the shapes allow them


@dataclass(frozen=True, slots=True, repr=False)
class IndexDerivation:
    """A derivation by indices.

    Attributes
    ----------
    formula, wrt : str
    rows : tuple of DerivationRow
    loops : str
        The last sum as a program: a function of the arrays and of G, the gradient of the output.
    vectorised : str
        The same in one line of NumPy.
    why : str
        Why the factors are turned and ordered so.
    """

    formula: str
    wrt: str
    rows: tuple[DerivationRow, ...]
    loops: str
    vectorised: str
    why: str

    def __repr__(self) -> str:
        width = max(len(r.title) for r in self.rows)
        return "\n".join([*(f"{r.title.ljust(width)}  {r.formula}\n{' ' * width}  {r.say}" for r in self.rows), self.why])

    def _repr_markdown_(self) -> str:
        lines = "\n".join(f"| {r.title} | ${r.latex}$ | {r.say} |" for r in self.rows)
        return f"| step | formula | why |\n|:--|:--|:--|\n{lines}\n\n{self.why}"


def derive(formula: str, wrt: str, axes: Mapping[str, str] | None = None) -> IndexDerivation:
    """Derive the gradient of a product by its indices.

    Parameters
    ----------
    formula : str
        ``"Z = X @ W + b"``, ``"f = W @ x + b"``, ``"A = B @ C"``: one matrix product, perhaps a bias. A capital letter is a matrix.
    wrt : str
        One of the names on the right.
    axes : mapping of str to str, optional
        What the sides are called, as in ``{"X": "BM", "W": "MN"}``; by default letters that lectures use.

    Returns
    -------
    IndexDerivation

    Raises
    ------
    InputError
        When the formula is not one product with an optional bias.
    UnknownNameError
        When `wrt` is not on its right side.
    FormulaError, ShapeError
        When it cannot be read, or its shapes do not fit.

    Examples
    --------
    >>> derive("Z = X @ W", "W").vectorised
    'X.T @ G'
    """
    out, left, right, bias = _parts(formula)
    names = [n for n in (left, right, bias) if n]
    if wrt not in names:
        raise UnknownNameError(f"deriving the gradient of {formula} by {wrt}", f"on its right side stand {listed(names)}", "Choose one of these.")
    boxes = _boxes(formula, left, right, bias, axes)
    made = Indices(out, boxes[left], boxes[right], boxes.get(bias), wrt)
    return IndexDerivation(formula, wrt, tuple(rows(made)), loops(made), vectorised(made), why(made))


def _parts(formula: Any) -> tuple[str, str, str, str]:
    """(output, left factor, right factor, bias or "")."""
    said = f"deriving {shortened(formula)} by indices"
    instead = 'Write one product and perhaps a bias, as in "Z = X @ W + b" or "A = B @ C".'
    if not isinstance(formula, str) or formula.count("=") != 1:
        raise InputError(said, "it is not an equation with one =", instead)
    out, _, rest = (part.strip() for part in formula.partition("="))
    if not out.isidentifier():
        raise InputError(said, f"left of = stands {out!r}", instead)
    whole = e = expression(rest, {}, "the formula")
    bias = ""
    if isinstance(e, Call) and e.head == "+" and isinstance(e.args[1], Symbol):
        bias, e = e.args[1].name, e.args[0]
    if not (isinstance(e, Call) and e.head == "@" and all(isinstance(a, Symbol) for a in e.args)):
        raise InputError(said, f"its right side is {text(whole)}", instead)
    left, right = (a.name for a in e.args)                               # type: ignore[attr-defined]
    if left == right:
        raise InputError(said, f"both factors are {left}", "Give the factors two names; then add both gradients.")
    if out in (left, right, bias):
        raise InputError(said, f"{out} stands on both sides", "Give the result a name of its own.")
    return out, left, right, bias


def _boxes(formula: str, left: str, right: str, bias: str, axes: Mapping[str, str] | None) -> dict[str, Box]:
    e: Expression = Call("@", (Symbol(left), Symbol(right)))
    found = Inferred(e, {}, f"deriving {formula} by indices")
    given = dict(axes or {})
    letters: dict[str, Sequence[str]] = {n: found.letters[n] for n in (left, right)}
    if not given and {left, right} <= set(USUAL):
        given = {n: USUAL[n] for n in (left, right)}
        if len(letters[left]) == 2 and len(letters[right]) == 1 or left == "W":          # W x, W X: outputs by inputs
            given = {"W": "NM", "x": "M", "X": "MB"}
    for n in (left, right):
        if n in given:
            if len(given[n]) != len(letters[n]) or not given[n].isalpha():
                raise ShapeError(f"deriving {formula} by indices", f"{n} has {len(letters[n])} axes, axes={given[n]!r} came in",
                                 "Give one letter for each axis; a name with a capital letter is a matrix.")
            letters[n] = tuple(given[n])
    first, second = letters[left], letters[right]
    a = Box(left, first[0], first[1]) if len(first) == 2 else Box(left, ONE, first[0])
    b = Box(right, second[0], second[1]) if len(second) == 2 else Box(right, second[0], ONE)
    if a.columns != b.rows:
        raise ShapeError(f"deriving {formula} by indices", f"{left} ends with {a.columns}, {right} begins with {b.rows}",
                         "A product sums over one axis: give it one letter.")
    if ONE not in (a.rows, b.columns) and a.rows == b.columns or a.columns in (a.rows, b.columns):
        raise ShapeError(f"deriving {formula} by indices", f"the axes are {a.rows}, {a.columns} and {b.columns}", "Give three different letters.")
    made = {left: a, right: b}
    if bias:                                                             # a bias has one entry for each output
        row = left not in ("W",) and (a.rows == ONE or letters[left][0] != "N")
        made[bias] = Box(bias, ONE, b.columns) if row and b.columns != ONE else Box(bias, a.rows, ONE)
    return made
