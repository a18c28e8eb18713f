"""One derivative, written down in several ways: either layout, as a tensor with index tuples, or flattened into a matrix.

The numbers are the same. What changes is which axes come first, and in which order the entries of an array are counted.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine.errors import InputError, ShapeError
from .shapes import checked_layout

ORDERS = {"C": "row by row: the last index moves first, as NumPy's reshape does",
          "F": "column by column: the first index moves first, as vec() does in books"}
SUBSCRIPT = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")


def converted(jacobian: Any, of: Sequence[int], wrt: Sequence[int], source: str, target: str) -> np.ndarray:
    """A Jacobian tensor in the other layout.

    Parameters
    ----------
    jacobian : array
        Of shape ``of + wrt`` in numerator layout, ``wrt + of`` in denominator layout.
    of, wrt : tuple of int
        The shapes of output and input.
    source, target : str
        "numerator" or "denominator".

    Returns
    -------
    ndarray
        The same numbers; of shape ``of + wrt`` or ``wrt + of``.

    Raises
    ------
    ShapeError
        When the Jacobian does not have that shape.

    Examples
    --------
    >>> converted([[1., 2., 3.], [4., 5., 6.]], (2,), (3,), "numerator", "denominator").shape
    (3, 2)
    """
    source, target = checked_layout(source), checked_layout(target)
    of, wrt = tuple(of), tuple(wrt)
    j, want = np.asarray(jacobian, float), of + wrt if source == "numerator" else wrt + of
    if j.shape != want:
        raise ShapeError(f"reading a Jacobian in {source} layout", f"it has the shape {j.shape}, output {of} and input {wrt} came with it",
                         f"In {source} layout its shape is {want}.")
    if source == target:
        return j.copy()
    first = len(of) if source == "numerator" else len(wrt)
    return np.transpose(j, (*range(first, j.ndim), *range(first))).copy()


def flattened(jacobian: Any, of: Sequence[int], wrt: Sequence[int], layout: str = "numerator", order: str = "C") -> np.ndarray:
    """A Jacobian tensor as a matrix.

    Parameters
    ----------
    jacobian : array
        As for `converted`.
    of, wrt : tuple of int
    layout : str
        The layout of the tensor, and of the matrix.
    order : str
        "C": entries are counted row by row, as NumPy does; "F": column by column, as vec() in books.

    Returns
    -------
    ndarray of shape (outputs, inputs), or (inputs, outputs) in denominator layout

    Raises
    ------
    ShapeError
        When the tensor does not have the shape of its layout.
    InputError
        For another order.
    """
    layout = checked_layout(layout)
    j = converted(jacobian, of, wrt, layout, "numerator")
    rows, columns = (_places(shape, order) for shape in (tuple(of), tuple(wrt)))
    matrix = j.reshape(math.prod(of), math.prod(wrt))[np.ix_(rows, columns)]
    return matrix if layout == "numerator" else matrix.T.copy()


def unflattened(matrix: Any, of: Sequence[int], wrt: Sequence[int], layout: str = "numerator", order: str = "C") -> np.ndarray:
    """The tensor that a flattened Jacobian came from: `flattened`, undone.

    Returns
    -------
    ndarray of shape ``of + wrt``, or ``wrt + of`` in denominator layout

    Raises
    ------
    ShapeError
        When the matrix does not have all outputs by all inputs, or turned.
    InputError
        For another order.
    """
    layout = checked_layout(layout)
    of, wrt = tuple(of), tuple(wrt)
    m = np.asarray(matrix, float)
    want = (math.prod(of), math.prod(wrt)) if layout == "numerator" else (math.prod(wrt), math.prod(of))
    if m.shape != want:
        raise ShapeError(f"taking a flattened Jacobian apart in {layout} layout", f"it has the shape {m.shape}",
                         f"For output {of} and input {wrt} it is {want}.")
    m = m if layout == "numerator" else m.T
    j = np.empty_like(m)
    j[np.ix_(_places(of, order), _places(wrt, order))] = m
    return converted(j.reshape(of + wrt), of, wrt, "numerator", layout)


def index_tuples(shape: Sequence[int], order: str = "C") -> list[tuple[int, ...]]:
    """The places of an array in the order in which they are counted.

    Examples
    --------
    >>> index_tuples((2, 2)), index_tuples((2, 2), "F")
    ([(0, 0), (0, 1), (1, 0), (1, 1)], [(0, 0), (1, 0), (0, 1), (1, 1)])
    """
    shape = tuple(shape)
    _checked_order(order)
    if order == "C":
        return [tuple(k) for k in np.ndindex(*shape)]
    return [tuple(reversed(k)) for k in np.ndindex(*reversed(shape))]


def entry_name(name: str, place: Sequence[int]) -> str:
    """The letter of one entry, counted from 1 as in a book: W₁₂; with commas where a number has two digits.

    Examples
    --------
    >>> entry_name("W", (0, 1)), entry_name("x", ()), entry_name("W", (9, 0))
    ('W₁₂', 'x', 'W₁₀,₁')
    """
    numbers = [str(k + 1) for k in place]
    return name + ("," if any(len(n) > 1 for n in numbers) else "").join(numbers).translate(SUBSCRIPT)


def _places(shape: tuple[int, ...], order: str) -> np.ndarray:
    """Where the k-th entry in that order lies in C order."""
    _checked_order(order)
    return np.arange(math.prod(shape)).reshape(shape).ravel(order="C" if order == "C" else "F")


def _checked_order(order: str) -> None:
    if order not in ORDERS:
        raise InputError("counting the entries of an array", f"the order is {order!r}", "; ".join(f"{k!r} is {about}" for k,
                                                                                                  about in ORDERS.items()) + ".")
