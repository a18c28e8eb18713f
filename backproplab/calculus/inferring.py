"""Shapes for the names of a formula that nobody gave: what must be equally long gets one letter and one length.

A name with a capital letter is a matrix, any other a vector; the lengths are small and all different, so that a formula of the wrong
shape shows itself.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..engine.errors import ShapeError
from ..engine.expressions import COMPARISONS, Call, Constant, Expression, Symbol, symbols

LENGTHS = (3, 2, 4, 5, 7, 6, 8)
LETTERS = "MNPKQRS"
SCALARS = ("a", "c", "lam", "eta", "alpha", "beta", "t")     # a number in the tables of the lectures, unless a shape is given

Axis = int


class Axes:
    """Lengths that must be equal, put together (union-find)."""

    def __init__(self) -> None:
        self._above: list[int] = []
        self.known: dict[int, int] = {}

    def new(self, length: int | None = None) -> Axis:
        self._above.append(len(self._above))
        if length is not None:
            self.known[len(self._above) - 1] = length
        return len(self._above) - 1

    def root(self, a: Axis) -> Axis:
        while self._above[a] != a:
            a = self._above[a]
        return a

    def join(self, a: Axis, b: Axis) -> bool:
        """Make two equal; False where their lengths are known and differ."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return True
        if a in self.known and b in self.known and self.known[a] != self.known[b]:
            return False
        self._above[b] = a
        if b in self.known:
            self.known[a] = self.known[b]
        return True


class Inferred:
    """The shapes of a formula's names.

    Attributes
    ----------
    shapes : dict of str to tuple of int
    letters : dict of str to tuple of str
        The same in letters: what is equally long has one letter.
    of : tuple or None
        The axes of the whole formula, for `letter_of`; None where they are not followed.
    """

    def __init__(self, e: Expression, given: Mapping[str, Sequence[int]], attempted: str) -> None:
        self._axes, self._attempted = Axes(), attempted
        self._names: dict[str, tuple[Axis, ...]] = {}
        for name in dict.fromkeys(symbols(e)):
            if name in given:
                self._names[name] = tuple(self._axes.new(n) for n in given[name])
            else:
                self._names[name] = tuple(self._axes.new() for _ in range(usual_ndim(name)))
        self.of = self._read(e)
        self._name()

    def _read(self, e: Expression) -> tuple[Axis, ...] | None:
        """The axes of a part; None where they are not followed."""
        if isinstance(e, Symbol):
            return self._names[e.name]
        if isinstance(e, Constant):
            return () if isinstance(e.value, (int, float)) else None
        assert isinstance(e, Call)
        parts = [self._read(a) for a in e.args]
        if e.head == ".T":
            return parts[0][::-1] if parts[0] is not None else None
        if any(p is None for p in parts):
            return None
        axes: list[tuple[Axis, ...]] = [p for p in parts if p is not None]
        if e.head == "@":
            return self._product(e, *axes)
        if e.head in ("+", "-", "*", "/", "**", "np.maximum", "np.minimum", "np.where", *COMPARISONS):
            return self._entrywise(e, axes)
        if e.head == "np.outer" and all(len(a) == 1 for a in axes):
            return axes[0] + axes[1]
        if e.head in ("np.sum", "np.mean", "np.max", "np.min", "np.trace", "logsumexp") and not e.keywords:
            if e.head == "np.trace" and len(axes[0]) == 2:
                self._joined(*axes[0], e)
            return ()
        if e.head == "np.diag" and len(axes[0]) in (1, 2):
            return axes[0] * 2 if len(axes[0]) == 1 else axes[0][:1]
        if e.head in ("index", "list", "tuple") or e.keywords:
            return None
        return axes[0] if axes else None

    def _product(self, e: Call, left: tuple[Axis, ...], right: tuple[Axis, ...]) -> tuple[Axis, ...]:
        if not left or not right:
            raise ShapeError(self._attempted, f"in {e} a number meets @", "A number is multiplied with *; @ is for vectors and matrices.")
        inner = right[0] if len(right) == 1 else right[-2]
        self._joined(left[-1], inner, e)
        return left[:-1] + (() if len(right) == 1 else (*right[:-2], right[-1]))

    def _entrywise(self, e: Call, axes: list[tuple[Axis, ...]]) -> tuple[Axis, ...]:
        longest = max(axes, key=len)
        for one in axes:
            for a, b in zip(reversed(longest), reversed(one), strict=False):
                known = self._axes.known
                if 1 not in (known.get(self._axes.root(a)), known.get(self._axes.root(b))):
                    self._joined(a, b, e)
        return longest

    def _joined(self, a: Axis, b: Axis, e: Expression) -> None:
        if not self._axes.join(a, b):
            known = self._axes.known
            raise ShapeError(self._attempted, f"in {e} an axis of {known[self._axes.root(a)]} meets one of {known[self._axes.root(b)]}",
                             "They must be equally long: change the order, transpose, or give other shapes.")

    def _name(self) -> None:
        used = set(self._axes.known.values())
        lengths = iter([n for n in LENGTHS if n not in used] + list(range(11, 60)))
        letters = iter([*LETTERS, *(f"N{k}" for k in range(1, 60))])
        letter: dict[Axis, str] = {}
        for axes in self._names.values():
            for a in map(self._axes.root, axes):
                if a not in self._axes.known:
                    self._axes.known[a] = next(lengths)
                if a not in letter:
                    letter[a] = next(letters)
        self.shapes = {n: tuple(self._axes.known[self._axes.root(a)] for a in axes) for n, axes in self._names.items()}
        self.letters = {n: tuple(letter[self._axes.root(a)] for a in axes) for n, axes in self._names.items()}
        self._letter = letter

    def letter_of(self, axes: Sequence[Axis]) -> tuple[str, ...]:
        return tuple(self._letter.get(self._axes.root(a), "?") for a in axes)


def usual_ndim(name: str) -> int:
    """How many axes a name usually has: B a matrix, x a vector, lam a number."""
    return 0 if name in SCALARS else 2 if name[:1].isupper() else 1
