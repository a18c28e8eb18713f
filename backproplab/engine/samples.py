"""Arrays on which operations are tried, and the functions that their samples stand for.

A sample is one expression, such as "M @ N". `sampled` makes it a function of the arrays it names.
"""
from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from .rules import OPERATIONS, Operation


def arrays() -> dict[str, Any]:
    """The arrays by name: scalars a, b; vectors v, w (4); matrices M (3, 4), N (4, 2), P (3, 4) positive;
    stacks T (2, 3, 4), S (2, 4, 5)."""
    draw = np.random.RandomState(7)
    return {"M": draw.randn(3, 4), "N": draw.randn(4, 2), "v": draw.randn(4), "w": draw.randn(4), "P": draw.uniform(.5, 2, (3, 4)),
            "T": draw.randn(2, 3, 4), "S": draw.randn(2, 4, 5), "a": np.float64(1.3), "b": np.float64(-.7)}


def sampled(text: str, op: Operation | None = None) -> tuple[Callable[..., Any], dict[str, Any]]:
    """(function, inputs) of a sample; the function takes the arrays that the text names, as keywords."""
    every = arrays()
    used = [n.id for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name) and n.id in every]
    names = list(dict.fromkeys(used))
    scope = {"np": np, **OPERATIONS, **({op.name: op} if op else {})}
    function = eval(f"lambda {', '.join(names)}: {text}", scope)
    return function, {n: every[n] for n in names}
