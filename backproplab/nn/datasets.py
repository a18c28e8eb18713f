"""Small data sets to train on, drawn from a seed with the stream that NumPy has frozen: the same points everywhere, and for ever.

Inputs are one example a row. Two classes are a column of 0.0 and 1.0, several classes whole numbers, a line's targets real numbers.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..engine.errors import InputError, UnknownNameError, listed


class Data(NamedTuple):
    """Inputs X (n, features) and targets y: (n, 1) of 0.0 and 1.0, (n, 1) of real numbers, or (n,) of whole numbers."""

    X: np.ndarray
    y: np.ndarray

    def split(self, part: float = 0.2, seed: int = 0) -> tuple[Data, Data]:
        """Two data sets, the second with `part` of the examples, drawn at random from the seed.

        Raises
        ------
        InputError
            When one of them would be empty.
        """
        n = len(self.X)
        held = round(part * n)
        if not 0 < held < n:
            raise InputError(f"splitting {n} examples", f"part={part!r}", "part is the share to be held out: above 0 and below 1, such as 0.2.")
        order = np.random.RandomState(seed).permutation(n)
        return Data(self.X[order[held:]], self.y[order[held:]]), Data(self.X[order[:held]], self.y[order[:held]])


def two_moons(n: int = 128, noise: float = 0.15, seed: int = 0, offset: float = 0.0) -> Data:
    """Two half circles that reach into each other; each column brought to mean 0 and deviation 1, then moved by `offset`."""
    random, y = two_classes(n, seed)
    t = np.pi * random.random_sample(n)
    X = np.where(y == 0, np.stack([np.cos(t), np.sin(t)], 1), np.stack([1 - np.cos(t), 0.5 - np.sin(t)], 1))
    X = X + noise * random.standard_normal(X.shape)
    return Data((X - X.mean(0)) / X.std(0) + offset, y)


def circles(n: int = 128, noise: float = 0.1, seed: int = 0) -> Data:
    """A circle of radius 1 inside one of radius 2."""
    random, y = two_classes(n, seed)
    t = 2 * np.pi * random.random_sample(n)
    return Data((2 - y) * np.stack([np.cos(t), np.sin(t)], 1) + noise * random.standard_normal((n, 2)), y)


def spirals(n: int = 300, noise: float = 0.05, seed: int = 0, turns: float = 1.0) -> Data:
    """Two arms that wind around each other `turns` times, from radius 0.2 to 2."""
    random, y = two_classes(n, seed)
    s = np.sqrt(random.random_sample(n))
    t = 2 * np.pi * turns * s + np.pi * y[:, 0]
    return Data((0.2 + 1.8 * s)[:, None] * np.stack([np.cos(t), np.sin(t)], 1) + noise * random.standard_normal((n, 2)), y)


def xor(n: int = 4, noise: float = 0.0, seed: int = 0) -> Data:
    """The corners (0, 0), (0, 1), (1, 0), (1, 1), over and over: class 1 where exactly one entry is 1."""
    random, _ = two_classes(n, seed)
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[np.arange(n) % 4]
    return Data(corners + noise * random.standard_normal((n, 2)), (corners[:, :1] != corners[:, 1:]).astype(float))


def blobs(n: int = 150, classes: int = 3, noise: float = 0.4, seed: int = 0) -> Data:
    """Round clouds on a circle of radius 1.5, one a class; targets are whole numbers from 0."""
    if classes < 2:
        raise InputError("drawing blobs", f"classes={classes!r}", "There are at least 2 classes.")
    random, _ = two_classes(n, seed)
    y = np.arange(n) % classes
    t = 2 * np.pi * y / classes
    return Data(1.5 * np.stack([np.cos(t), np.sin(t)], 1) + noise * random.standard_normal((n, 2)), y)


def line(n: int = 50, noise: float = 0.2, seed: int = 0, slope: float = 2.0, intercept: float = -1.0) -> Data:
    """x from -2 to 2, and slope * x + intercept with noise."""
    random, _ = two_classes(n, seed)
    x = random.uniform(-2, 2, (n, 1))
    return Data(x, slope * x + intercept + noise * random.standard_normal((n, 1)))


def digits() -> Data:
    """1 797 handwritten digits of 8 x 8 grey levels from 0 to 1, with labels 0 to 9; they come with scikit-learn.

    Raises
    ------
    InputError
        When scikit-learn is not installed, or cannot be imported.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise InputError("loading the digits", f"scikit-learn, which they come with, cannot be imported ({error})",
                         "Install scikit-learn, or train on spirals(), which is harder to separate and needs nothing.") from None
    found = load_digits()
    return Data(found.data / 16.0, found.target)


def two_classes(n: int, seed: int) -> tuple[np.random.RandomState, np.ndarray]:
    """(the seed's stream, a column of classes 0 and 1 in turn).

    Raises
    ------
    InputError
        For a number of examples, or a seed, that cannot be.
    """
    if not isinstance(n, (int, np.integer)) or n < 2:
        raise InputError("drawing a data set", f"n={n!r}", "n is the number of examples: a whole number, at least 2.")
    if not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2 ** 32:
        raise InputError("drawing a data set", f"seed={seed!r}", "A seed is a whole number from 0 to 4294967295.")
    return np.random.RandomState(seed), (np.arange(n) % 2).astype(float)[:, None]


DATASETS: dict[str, Callable[..., Data]] = {
    "two_moons": two_moons, "circles": circles, "spirals": spirals, "xor": xor, "blobs": blobs, "line": line, "digits": digits}


def dataset(name: str, **options: Any) -> Data:
    """A data set by its name.

    Raises
    ------
    UnknownNameError
    """
    if name not in DATASETS:
        raise UnknownNameError("choosing a data set", f"{name!r} came", f"There are {listed(DATASETS)}.")
    return DATASETS[name](**options)
