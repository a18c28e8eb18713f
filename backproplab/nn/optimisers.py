"""Optimisers as pure steps: parameters, gradients and state in, new parameters and state out. Nothing is changed in place.

    optimiser = SGD(0.1)
    state = optimiser.start(params)
    params, state = optimiser.step(params, gradients, state)

Parameters are any container; gradients come in the same one, as `value_and_grad` gives them.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..engine.errors import InputError
from .trees import mapped


class Optimiser(Protocol):
    """What `train` asks of an optimiser."""

    def start(self, params: Any) -> Any:
        """The state before the first step."""

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """(new parameters, new state)."""


@dataclass(frozen=True)
class SGD:
    """p - rate * g.

    Parameters
    ----------
    rate : float
        The learning rate.
    """

    rate: float = 0.1

    def __post_init__(self) -> None:
        positive(self, rate=self.rate)

    def start(self, params: Any) -> tuple[()]:
        """Nothing is remembered."""
        return ()

    def step(self, params: Any, gradients: Any, state: tuple[()]) -> tuple[Any, tuple[()]]:
        """(parameters moved against their gradients, the same empty state)."""
        rate = self.rate
        return mapped(lambda p, g: p - rate * g, params, gradients), state


@dataclass(frozen=True)
class Momentum:
    """v = momentum * v + g; p - rate * v: a step remembers the steps before it.

    Parameters
    ----------
    rate : float
    momentum : float
        From 0, which is SGD, to just under 1.
    """

    rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self) -> None:
        positive(self, rate=self.rate)
        fraction(self, momentum=self.momentum)

    def start(self, params: Any) -> Any:
        """Velocities of 0."""
        return mapped(zeros, params)

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """(new parameters, new velocities)."""
        velocity = mapped(lambda v, g: self.momentum * v + g, state, gradients)
        return mapped(lambda p, v: p - self.rate * v, params, velocity), velocity


class Moments(NamedTuple):
    """The state of Adam: running means of g and of g^2, and the number of steps taken."""

    mean: Any
    square: Any
    steps: Any


@dataclass(frozen=True)
class Adam:
    """Each entry is moved by the running mean of its gradient over the root of the running mean of its square, so by about `rate`.

    Parameters
    ----------
    rate : float
    beta1, beta2 : float
        How long the means of g and g^2 remember. Both start at 0, which dividing by 1 - beta^t makes good.
    epsilon : float
        Keeps an entry without gradient from dividing by 0.
    """

    rate: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        positive(self, rate=self.rate, epsilon=self.epsilon)
        fraction(self, beta1=self.beta1, beta2=self.beta2)

    def start(self, params: Any) -> Moments:
        """Means of 0, no step taken."""
        return Moments(mapped(zeros, params), mapped(zeros, params), np.zeros(1))

    def step(self, params: Any, gradients: Any, state: Moments) -> tuple[Any, Moments]:
        """(new parameters, new means)."""
        t = state.steps + 1
        mean = mapped(lambda m, g: self.beta1 * m + (1 - self.beta1) * g, state.mean, gradients)
        square = mapped(lambda s, g: self.beta2 * s + (1 - self.beta2) * g ** 2, state.square, gradients)
        unbiased, spread = self.rate / (1 - self.beta1 ** t[0]), 1 / (1 - self.beta2 ** t[0])
        return mapped(lambda p, m, s: p - unbiased * m / (np.sqrt(s * spread) + self.epsilon), params, mean, square), Moments(mean, square, t)


def zeros(p: Any) -> Any:
    return np.zeros(np.shape(p))[()]


def positive(optimiser: Any, **numbers: float) -> None:
    """Refuse settings that are no positive finite number.

    Raises
    ------
    InputError
    """
    for name, value in numbers.items():
        if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
            raise InputError(f"making {type(optimiser).__name__}", f"{name}={value!r}",
                             f"{name} is a finite number above 0: a step goes against the gradient. 0.1 is a common start for SGD, 0.01 for Adam.")


def fraction(optimiser: Any, **numbers: float) -> None:
    """Refuse memories that do not fade.

    Raises
    ------
    InputError
    """
    for name, value in numbers.items():
        if not 0 <= value < 1:
            raise InputError(f"making {type(optimiser).__name__}", f"{name}={value!r}",
                             f"{name} is from 0 to just under 1: at 1 nothing is ever forgotten, and the steps grow without end.")
