"""Penalties on the size of the weights: the objective is J = L + lambda Omega, and the gradient of Omega pulls weights towards 0.

By default biases are left out: they move a boundary and do not bend it. One lecture prints J = L - lambda Omega, under which descent
makes the weights grow; `sign=-1` is that, by name, to see what it does.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError
from .trees import weights_of


@dataclass(frozen=True)
class L2:
    """strength * 1/2 sum of w^2: its gradient is strength * w.

    Parameters
    ----------
    strength : float
        The lambda of J = L + lambda Omega.
    biases : bool
        Count the biases too.
    named : tuple of str
        Keys that hold biases, besides b, b1, bias, ...
    sign : int
        1, or -1 for the sign as one lecture prints it.
    """

    strength: float
    biases: bool = False
    named: tuple[str, ...] = ()
    sign: int = 1

    def __post_init__(self) -> None:
        checked(self)

    def omega(self, params: Any) -> Any:
        """1/2 sum of w^2 over what counts."""
        return 0.5 * total([np.sum(w ** 2) for w in weights_of(params, self.biases, self.named)])

    def __call__(self, params: Any) -> Any:
        return self.sign * self.strength * self.omega(params)


@dataclass(frozen=True)
class L1:
    """strength * sum of |w|: its gradient is strength * sign(w), which makes small weights exactly small; 0 at 0. Parameters as for `L2`."""

    strength: float
    biases: bool = False
    named: tuple[str, ...] = ()
    sign: int = 1

    def __post_init__(self) -> None:
        checked(self)

    def omega(self, params: Any) -> Any:
        """Sum of |w| over what counts."""
        return total([np.sum(np.abs(w)) for w in weights_of(params, self.biases, self.named)])

    def __call__(self, params: Any) -> Any:
        return self.sign * self.strength * self.omega(params)


def total(parts: list[Any]) -> Any:
    """The sum of the parts, 0 for none."""
    found: Any = parts[0] if parts else 0.0
    for part in parts[1:]:
        found = found + part
    return found


def checked(penalty: L2 | L1) -> None:
    """Refuse what is no strength or sign.

    Raises
    ------
    InputError
    """
    name = type(penalty).__name__
    if not penalty.strength >= 0:
        raise InputError(f"making an {name} penalty", f"strength={penalty.strength!r}",
                         "A strength is 0 or more. For J = L - lambda Omega, as one lecture prints it, write sign=-1.")
    if penalty.sign not in (1, -1):
        raise InputError(f"making an {name} penalty", f"sign={penalty.sign!r}", "A sign is 1 (J = L + lambda Omega) or -1.")
