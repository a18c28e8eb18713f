"""The tables of derivatives that lectures print, as data: what, by what, and the derivative in both layouts.

Every row is checked by numbers, in a test; and what the engine's own rules give must agree with it. Vectors are columns. Where a
lecture's print is wrong, `misprint` is what it says.
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row.

    Attributes
    ----------
    of, wrt : str
        As they are typed.
    denominator, numerator : str
        The derivative in either layout.
    table : str
        "scalar", "vector", "linearity" or "matrix".
    shapes : tuple of (str, tuple of int)
        Where they are not the usual ones: a capital letter is a matrix, any other letter a vector.
    note : str
    misprint : str
        What a lecture prints instead, in denominator layout.
    """

    of: str
    wrt: str
    denominator: str
    numerator: str
    table: str
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    note: str = ""
    misprint: str = ""


_NUMBERS = (("x", ()), ("b", ()))
_SYMMETRIC = "For a symmetric Q this is 2 Q x."

TABLES = (
    TableRow("b * x", "x", "b", "b", "scalar", _NUMBERS),
    TableRow("x * b", "x", "b", "b", "scalar", _NUMBERS),
    TableRow("x**2", "x", "2 * x", "2 * x", "scalar", _NUMBERS[:1]),
    TableRow("b * x**2", "x", "2 * b * x", "2 * b * x", "scalar", _NUMBERS),
    TableRow("b.T @ x", "x", "b", "b.T", "vector", note="A number: in denominator layout a column, like x."),
    TableRow("x.T @ b", "x", "b", "b.T", "vector", note="The same number as b' x, so the same derivative."),
    TableRow("x.T @ B", "x", "B", "B.T", "vector"),
    TableRow("B.T @ x", "x", "B", "B.T", "vector", note="The same numbers as x' B, standing up: the same derivative.", misprint="B.T"),
    TableRow("A @ x", "x", "A.T", "A", "vector", note="In numerator layout a Jacobian is the matrix that x is multiplied by."),
    TableRow("x.T @ x", "x", "2 * x", "2 * x.T", "vector"),
    TableRow("x.T @ Q @ x", "x", "(Q + Q.T) @ x", "x.T @ (Q + Q.T)", "vector", note=_SYMMETRIC, misprint="2 * Q @ x"),
    TableRow("a * x", "x", "a * np.eye(3)", "a * np.eye(3)", "linearity"),
    TableRow("a * (B.T @ x)", "x", "a * B", "a * B.T", "linearity", note="A constant number stays in front."),
    TableRow("B.T @ x + C.T @ x", "x", "B + C", "B.T + C.T", "linearity", note="The derivative of a sum is the sum of derivatives."),
    TableRow("(x.T @ x) * b", "x", "2 * np.outer(x, b)", "2 * np.outer(b, x)", "linearity",
             note="A number g(x) times a constant vector b: dg/dx b' in denominator layout."),
    TableRow("np.exp(x)", "x", "np.diag(np.exp(x))", "np.diag(np.exp(x))", "vector", note="Entry by entry: diagonal, so both layouts agree."),
    TableRow("x * b", "x", "np.diag(b)", "np.diag(b)", "vector", note="Entry by entry: diagonal, so both layouts agree."),
    TableRow("np.sum(x)", "x", "np.ones(3)", "np.ones(3).T", "vector"),
    TableRow("b.T @ X @ d", "X", "np.outer(b, d)", "np.outer(d, b)", "matrix"),
    TableRow("np.trace(A @ X)", "X", "A.T", "A", "matrix"),
    TableRow("np.trace(X.T @ X)", "X", "2 * X", "2 * X.T", "matrix"),
    TableRow("np.trace(X.T @ A @ X)", "X", "(A + A.T) @ X", "X.T @ (A + A.T)", "matrix", note="For a symmetric A this is 2 A X."),
    TableRow("np.sum(A * X)", "X", "A", "A.T", "matrix"),
)
