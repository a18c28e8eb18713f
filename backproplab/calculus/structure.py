"""What a Jacobian is made of. Most of its numbers are known beforehand: zeros that no input can change, ones, copies of one array.

A structure is a name, a test and a sentence. The first test that holds gives the name, so the special ones come first.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import ShapeError

BYTES = 8                                 # of a float64
NEAR = 1e-9                               # relative to the largest entry

Test = Callable[[np.ndarray, np.ndarray], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """A structure that has a name. `test(J, pattern)`: J is the matrix, pattern where it can be other than zero."""

    name: str
    test: Test
    say: str


def _square(j: np.ndarray) -> bool:
    return j.shape[0] == j.shape[1]


def _diagonal(j: np.ndarray, p: np.ndarray) -> bool:
    return _square(j) and j.shape[0] > 1 and not p[~np.eye(len(j), dtype=bool)].any()


def _one_each(p: np.ndarray, axis: int) -> bool:
    return bool((p.sum(axis=axis) == 1).all())


def _ones(j: np.ndarray) -> bool:
    return bool(np.isin(j, (0.0, 1.0)).all())


def _stacked(j: np.ndarray, p: np.ndarray) -> bool:
    rows, columns = j.shape
    for n, m in ((columns, j), (rows, j.T)):
        if 1 < n < m.shape[0] and m.shape[0] % n == 0 and np.array_equal(m.reshape(-1, n, n), np.broadcast_to(np.eye(n), (m.shape[0] // n, n, n))):
            return True
    return False


def _blocks(j: np.ndarray, p: np.ndarray) -> bool:
    """One block over and over along the diagonal, nothing beside it."""
    rows, columns = j.shape
    for count in range(2, min(rows, columns) + 1):
        if rows % count or columns % count:
            continue
        r, c = rows // count, columns // count
        beside = p.copy()
        same = True
        for k in range(count):
            place = slice(k * r, (k + 1) * r), slice(k * c, (k + 1) * c)
            beside[place] = False
            same = same and _near(j[place], j[:r, :c], j)
        if same and not beside.any():
            return True
    return False


def _outer(j: np.ndarray, p: np.ndarray) -> bool:
    if min(j.shape) < 2 or not p.all():
        return False
    at = np.unravel_index(int(np.argmax(np.abs(j))), j.shape)
    return _near(np.outer(j[:, at[1]], j[at[0]]) / j[at], j, j)


def _softmax(j: np.ndarray, p: np.ndarray) -> bool:
    """diag(p) - p p^T."""
    return _square(j) and len(j) > 1 and bool(p.all()) and _near(j, j.T, j) and _near(j.sum(axis=0), 0 * j[0], j) and _is_softmax(j)


def _is_softmax(j: np.ndarray) -> bool:
    n = len(j)
    off = ~np.eye(n, dtype=bool)
    if (j[off] >= 0).any() or n == 2 and not 0 < j[0, 0] <= 0.25 + NEAR:
        return n == 2 and bool((j[off] < 0).all())
    if n == 2:
        return True
    # -p_i p_j off the diagonal: p_0^2 = (p_0 p_1)(p_0 p_2) / (p_1 p_2)
    first = np.sqrt(-j[0, 1] * j[0, 2] / j[1, 2])
    shares = np.concatenate([[first], -j[0, 1:] / first])
    return _near(np.diag(shares) - np.outer(shares, shares), j, j)


def _near(a: np.ndarray, b: np.ndarray, scale: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=0, atol=NEAR * max(1e-300, float(np.abs(scale).max(initial=0)))))


STRUCTURES = (
    Known("zero", lambda j, p: not p.any(), "No output moves with any of these inputs."),
    Known("zero here, not everywhere", lambda j, p: not j.any(), "No output moves at this point, though elsewhere some would: nothing comes back."),
    Known("one number", lambda j, p: j.shape == (1, 1), "One output and one input: the ordinary derivative."),
    Known("identity", lambda j, p: _diagonal(j, p) and np.array_equal(j, np.eye(len(j))),
          "Every output is its own input: the gradient passes unchanged."),
    Known("multiple of the identity", lambda j, p: _diagonal(j, p) and bool((np.diag(j) == j[0, 0]).all()) and j[0, 0] != 0,
          "Every output moves with its own input, all at the same rate: the gradient is scaled."),
    Known("diagonal, of zeros and ones", lambda j, p: _diagonal(j, p) and _ones(j) and bool((j == 0).any(axis=0).any()) and bool(j.any())
          and not p.all(),
          "Each output reads only its own input, and passes the gradient or cuts it."),
    Known("diagonal", _diagonal, "Each output reads only its own input. Off the diagonal nothing can ever be other than zero."),
    Known("permutation", lambda j, p: _square(j) and _ones(j) and _one_each(j, 0) and _one_each(j, 1),
          "The same numbers in other places: the gradient goes back to where they came from."),
    Known("identities, stacked", _stacked, "One identity for each time the same numbers are used: the gradients of all uses are summed."),
    Known("selection: one 1 in each row", lambda j, p: min(j.shape) > 0 and j.shape[1] > 1 and _ones(j) and _one_each(j, 1),
          "Every output is one of the inputs: the gradient goes to that one, the others get 0."),
    Known("one block over and over", _blocks, "The same matrix once for each group of inputs, nothing beside it: one small matrix says it all."),
    Known("diagonal minus an outer product", _softmax,
          "diag(p) − p pᵀ: every output reads every input, yet p alone holds it all. Each row sums to 0. Taking only the diagonal is the common "
          "mistake."),
    Known("outer product", _outer, "Every row is a multiple of one row: a column times a row holds it all."),
    Known("sparse", lambda j, p: not p.all(), "Each output reads only some of the inputs; the rest is zero, whatever the numbers are."),
    Known("dense", lambda j, p: True, "Every output reads every input."),
)


@dataclass(frozen=True, slots=True)
class Structure:
    """What was recognised.

    Attributes
    ----------
    name, say : str
    shape : tuple of int
        Of the matrix.
    free : int
        Entries that can be other than zero, for some input.
    nonzero : int
        Entries that are other than zero here.
    bytes : int
        The whole matrix as float64.
    """

    name: str
    say: str
    shape: tuple[int, int]
    free: int
    nonzero: int
    bytes: int

    @property
    def entries(self) -> int:
        return self.shape[0] * self.shape[1]

    def __repr__(self) -> str:
        return (f"{self.name}: {self.shape[0]} × {self.shape[1]}, {self.free:,} of {self.entries:,} entries can be other than 0, "
                f"{sized(self.bytes)}\n"
                f"{self.say}")


def structure(jacobian: Any, pattern: Any = None) -> Structure:
    """Recognise what a Jacobian is made of.

    Parameters
    ----------
    jacobian : array of two axes
    pattern : array of bool, optional
        Where it can be other than zero, for some input. Without it, where it is other than zero here.

    Returns
    -------
    Structure

    Raises
    ------
    ShapeError
        When it is not a matrix: flatten it first.

    Examples
    --------
    >>> structure([[2., 0.], [0., 3.]]).name
    'diagonal'
    """
    j = np.asarray(jacobian, float)
    if j.ndim != 2:
        raise ShapeError("recognising the structure of a Jacobian", f"it has the shape {j.shape}",
                         "Flatten it to a matrix first: bl.calculus.flattened.")
    p = j != 0 if pattern is None else np.asarray(pattern, bool)
    if p.shape != j.shape:
        raise ShapeError("recognising the structure of a Jacobian", f"it has the shape {j.shape}, its pattern {p.shape}", "They must be equal.")
    p = p | (j != 0)
    found = next(s for s in STRUCTURES if j.size == 0 or s.test(j, p))
    return Structure(found.name, found.say, (j.shape[0], j.shape[1]), int(p.sum()), int(np.count_nonzero(j)), j.size * BYTES)


def sized(n: int) -> str:
    """A number of bytes, kindly: 8 B, 16 kB, 8.6 GB.

    Examples
    --------
    >>> sized(8), sized(16_384), sized(8_589_934_592)
    ('8 B', '16 kB', '8.6 GB')
    """
    amount, units = float(n), ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.0f} {units[0]}" if amount >= 10 or units[0] == "B" else f"{amount:.1f} {units[0]}"
