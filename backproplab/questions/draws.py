"""Random choices that are the same on every machine and with every version of Python.

Only `random.Random.random` is promised never to change, so everything is drawn with it; the seed is a hash of text.
"""
from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of choices.

    Parameters
    ----------
    *seed
        Anything whose text is the same everywhere: a question's id, a number.

    Examples
    --------
    >>> draw = Draw("chain", 3)
    >>> [draw.below(10) for _ in range(8)]
    [6, 4, 9, 5, 4, 7, 2, 7]
    """

    def __init__(self, *seed: object) -> None:
        digest = hashlib.sha256("\x1f".join(map(str, seed)).encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big"))

    def real(self) -> float:
        """From 0 up to 1."""
        return self._random.random()

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return min(int(self._random.random() * n), n - 1)

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, p: float) -> bool:
        return self._random.random() < p

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        rest, out = list(items), []
        while rest:
            out.append(rest.pop(self.below(len(rest))))
        return out

    def readable(self, low: float, high: float, places: int = 1) -> float:
        """A number with few decimals, never 0, 1 or -1: those hide mistakes."""
        unit = 10**places
        while True:
            v = self.whole(round(low * unit), round(high * unit)) / unit
            if v not in (0.0, 1.0, -1.0):
                return v

    def array(self, *shape: int, low: float = -1.5, high: float = 1.5, places: int = 1) -> list[object]:
        """Nested lists of readable numbers."""
        if len(shape) == 1:
            return [self.readable(low, high, places) for _ in range(shape[0])]
        return [self.array(*shape[1:], low=low, high=high, places=places) for _ in range(shape[0])]
