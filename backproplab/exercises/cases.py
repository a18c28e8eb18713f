"""The public cases on which a learner's engine is tried: small programs of numbers, each with something to trip over."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..engine.run import Run, trace


class Case(NamedTuple):
    """A program at a point; `title` says what is special about it."""

    title: str
    function: Callable[..., Any]
    inputs: dict[str, float]

    def run(self) -> Run:
        return trace(self.function, inputs=self.inputs)


def product(x: Any, y: Any, z: Any) -> Any:
    q = x + y
    f = q * z
    return f


def twice(x: Any, y: Any, z: Any) -> Any:
    p = x * y
    f = p * z
    return f


def cosine(x: Any) -> Any:
    t = x ** 2
    u1 = np.sin(t)
    u2 = 3 * t
    u = u1 + u2
    J = np.cos(u)
    return J


def shortcut(x: Any, w: Any) -> Any:
    h = w * x
    k = np.tanh(h)
    y = x + k
    e = y * h
    return e


def example(x: Any, z: Any) -> Any:
    a = x * z
    b = np.log(x)
    c = np.sin(b)
    d = np.exp(a)
    e = a / b
    f = c / a
    y = d + e + f
    return y


def general(u1: Any, u2: Any, u3: Any) -> Any:
    u4 = u1 * u2
    u5 = u2 + u3
    u6 = np.sin(u4) * u5
    u7 = np.exp(u4)
    u8 = u6 * u7 + u5
    u9 = u8 * u3 - u7
    return u9


def ladder(rungs: int) -> Callable[..., Any]:
    """A chain of diamonds: each value is used twice, and both meet again in a sum."""
    def diamonds(x: Any) -> Any:
        v = x
        for _ in range(rungs):
            p = np.sin(v)
            q = v * 0.5
            v = p + q
        return v
    return diamonds


CASES = (
    Case("f = (x + y) z", product, {"x": -2.0, "y": 5.0, "z": -4.0}),
    Case("f = (x y) z, with two multiply gates", twice, {"x": 2.0, "y": 3.0, "z": 5.0}),
    Case("J = cos(sin(x^2) + 3 x^2)", cosine, {"x": 0.5}),
    Case("e = (x + tanh(w x)) w x, where short and long ways meet", shortcut, {"x": 0.7, "w": 1.2}),
    Case("y = e^(xz) + xz/ln x + sin(ln x)/(xz)", example, {"x": 2.0, "z": 3.0}),
    Case("u9, a graph of nine numbers", general, {"u1": 0.5, "u2": -1.5, "u3": 2.0}),
)
RUNGS = 6
LADDER = Case(f"a ladder of {RUNGS} diamonds", ladder(RUNGS), {"x": 0.3})
