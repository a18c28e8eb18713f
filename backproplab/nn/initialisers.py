"""How weights start. Each initialiser draws from a normal distribution around 0 and says its variance; biases start at 0.

The sum of `fan_in` products has fan_in times the variance of one of them: dividing by fan_in keeps a layer's values of one size.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..engine.errors import InputError, UnknownNameError, listed


@dataclass(frozen=True)
class Initialiser:
    """A normal distribution around 0 for the entries of a weight matrix.

    Attributes
    ----------
    name : str
    variance : callable
        (fan_in, fan_out) -> the variance of one entry.
    formula : str
        The variance, as it is written.
    why : str
    """

    name: str
    variance: Callable[[int, int], float]
    formula: str
    why: str

    def draw(self, fan_in: int, fan_out: int, random: np.random.RandomState) -> np.ndarray:
        """A weight matrix in row form, (fan_in, fan_out)."""
        return np.sqrt(self.variance(fan_in, fan_out)) * random.standard_normal((fan_in, fan_out))

    def says(self, fan_in: int, fan_out: int) -> str:
        """What is drawn for a layer of these sizes, in a sentence.

        Examples
        --------
        >>> print(zeros.says(64, 32))
        zeros: variance 0 = 0, deviation 0; all units of a layer are alike and stay alike, so it suits no hidden layer.
        """
        variance = self.variance(fan_in, fan_out)
        return f"{self.name}: variance {self.formula} = {variance:.6g}, deviation {np.sqrt(variance):.6g}; {self.why}"


def normal(deviation: float = 1.0) -> Initialiser:
    """N(0, deviation^2), whatever the layer's size."""
    return Initialiser(f"normal({sized(deviation):g})", lambda i, o: deviation ** 2, "deviation^2",
                       "the sums grow with the number of inputs, so it suits one width only.")


def scaled(scale: float = 1.0) -> Initialiser:
    """N(0, scale^2 / fan_in): the scale is what a layer multiplies the size of its inputs by."""
    return Initialiser(f"scaled({sized(scale):g})", lambda i, o: scale ** 2 / i, "scale^2 / fan_in",
                       "a layer's sums are scale times as large as its inputs, at any width.")


def sized(number: float) -> float:
    """The number, if it can be a deviation.

    Raises
    ------
    InputError
    """
    if not 0 <= number < np.inf:
        raise InputError("choosing how weights start", f"a deviation of {number!r} came", "A deviation is 0 or more, and finite.")
    return number


zeros = Initialiser("zeros", lambda i, o: 0.0, "0", "all units of a layer are alike and stay alike, so it suits no hidden layer.")
xavier = Initialiser("xavier", lambda i, o: 2.0 / (i + o), "2 / (fan_in + fan_out)",
                     "a compromise that keeps both the values going up and the gradients coming down of one size, for tanh.")
he = Initialiser("he", lambda i, o: 2.0 / i, "2 / fan_in", "a ReLU switches half of a layer off, and the 2 makes up for it.")

INITIALISERS = {i.name: i for i in (zeros, xavier, he)} | {"normal": normal(), "scaled": scaled()}


def initialiser(name: str | Initialiser) -> Initialiser:
    """An initialiser by its name.

    Raises
    ------
    UnknownNameError
    """
    if isinstance(name, Initialiser):
        return name
    if name not in INITIALISERS:
        raise UnknownNameError("choosing how weights start", f"{name!r} came",
                               f"There are {listed(INITIALISERS)}; normal(0.1) and scaled(4) take a size.")
    return INITIALISERS[name]
