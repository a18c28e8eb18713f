"""Which helpers a rule may call, and what it may know of them.

A rule is read as well as run, so a function that it calls must be an operation, NumPy's, or a helper that is marked here.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STATIC: set[Any] = {np.shape, np.ndim, np.size, len}
LITERAL: set[Any] = set()                        # static helpers that look at numbers written in the author's code
ARRANGING: set[Any] = set()                      # helpers that only put things in order, expressions as well as values


def static(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a helper that looks only at constants and shapes, so that its result is printed as a number.

    Returns
    -------
    callable
        The helper itself: use it as a decorator.
    """
    STATIC.add(function)
    return function


def literal(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a static helper that also looks at an input where it is a number in the author's code, such as the 2 of x ** 2."""
    LITERAL.add(function)
    return static(function)


def arranging(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a helper that arranges its arguments without looking into them: it is called on values, and on expressions alike."""
    ARRANGING.add(function)
    return function
