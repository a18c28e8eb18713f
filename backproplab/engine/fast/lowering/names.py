"""Names that a program needs of its own: for buffers, constants and values that the readable program has no name for."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

PYTHONS = {"np", "math", "float", "int", "bool"}                       # names that the text needs as they are


class Names:
    """The names that are taken in one program."""

    def __init__(self, program: str) -> None:
        self.taken = {program, *PYTHONS}
        self.count = 0

    def unused(self, hint: str) -> str:
        """The hint, numbered where that is taken."""
        name, k = hint, 1
        while name in self.taken:
            k += 1
            name = f"{hint}_{k}"
        self.taken.add(name)
        return name

    def temporary(self) -> str:
        """The next of t1, t2, ..."""
        while True:
            self.count += 1
            name = f"t{self.count}"
            if name not in self.taken:
                self.taken.add(name)
                return name


def is_plain(x: Any) -> bool:
    """Is the text of this constant its repr?"""
    return isinstance(x, str) or math.isfinite(x)


NUMBERS = {0.0: "zero", 1.0: "one", 2.0: "two", 0.5: "half", -1.0: "minus_one"}


def hint_of(x: Any) -> str:
    """A name for a constant."""
    if np.ndim(x) == 0:
        return NUMBERS.get(float(x), "number")
    return f"ones{np.size(x)}" if np.all(x == 1) else "constant"
