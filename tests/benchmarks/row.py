"""A row of the benchmark: a function as its author writes it, and the same with its gradients by hand.

A function is made from a NumPy-like module and a set of activations and losses, so that other libraries run the very same text. By
hand means: plain Python floats for single numbers; for arrays NumPy calls into buffers that are allocated once.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Row(NamedTuple):
    """One race. `make(np, ops)` gives the function; `hand(inputs)` a function of the same inputs that returns (value, gradients)."""

    name: str
    make: Callable[..., Any]
    inputs: dict[str, Any]
    wrt: list[str]
    hand: Callable[..., Any]
    plain: Callable[..., Any] | None = None      # by hand without buffers, as one writes it to be read
    scalar: bool = False
    nodes: int = 0
    options: dict[str, Any] = {}


def draw(seed: int) -> Any:
    return np.random.RandomState(seed)
