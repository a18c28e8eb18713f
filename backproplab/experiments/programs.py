"""Compiled objectives, kept: another seed, or a slider back where it was, finds its program made."""
from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ..nn import Network, compiled


def program_of(network: Network, loss: str, X: np.ndarray, y: np.ndarray) -> Callable[..., tuple[float, dict[str, Any]]]:
    """Value and gradients of a network's objective, as `nn.compiled` gives them: a function of (leaves, X, y).

    Its gradients are buffers, so each thread has programs of its own.
    """
    return made(network, loss, X.shape, y.shape, threading.get_ident())


@functools.lru_cache(maxsize=64)
def made(network: Network, loss: str, X: tuple[int, ...], y: tuple[int, ...], thread: int) -> Callable[..., tuple[float, dict[str, Any]]]:
    """The program for these shapes."""
    return compiled(network.objective(loss), network.start("xavier", seed=0), np.ones(X), np.ones(y))
