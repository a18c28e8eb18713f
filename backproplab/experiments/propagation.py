"""What theory expects of a random network without biases, as wide as you like: how a signal goes up and a gradient comes down.

A layer's sums z have the variance q = scale^2 * (mean square of the activations below), and are normal. One layer down, the gradient
is multiplied by scale * sqrt(E phi'(z)^2). Integrals over the normal distribution are sums over a few well chosen points.
"""
from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..engine import vjp
from ..nn import activation

# An even number of points: none falls on the kink of a ReLU at 0, so that its mean squared slope is exactly 1/2.
_points, _weights = np.polynomial.hermite_e.hermegauss(200)
_weights = _weights / _weights.sum()


def factors(name: Any, scale: float, depth: int, mean_square: float = 1.0) -> np.ndarray:
    """By what the gradient is expected to be multiplied on its way down through each layer.

    Parameters
    ----------
    name : str or callable
        The activation.
    scale : float
        sqrt(fan_in * variance) of the weights.
    depth : int
        The number of hidden layers.
    mean_square : float
        Of the entries of the inputs.

    Returns
    -------
    array (depth,)
        Entry k is scale * sqrt(E phi'(z)^2) at hidden layer k + 1: the expected |delta_k+1| / |delta_k+2|.
    """
    return np.array(_factors(name, float(scale), depth, float(mean_square)))


@functools.lru_cache(maxsize=256)
def _factors(name: Any, scale: float, depth: int, mean_square: float) -> tuple[float, ...]:
    f = activation(name)
    q, found = scale ** 2 * mean_square, []
    for _ in range(depth):
        h, pullback = vjp(f, np.sqrt(q) * _points)
        slopes = pullback(np.ones_like(_points))
        found.append(scale * np.sqrt(_weights @ slopes ** 2))
        q = scale ** 2 * float(_weights @ h ** 2)
    return tuple(found)


def expected_line(name: Any, scale: float, depth: int, top: float) -> np.ndarray:
    """The expected size of every layer's delta, from the size `top` at the last hidden layer on down.

    Returns
    -------
    array (depth,)
        From the first hidden layer to the last, which is `top`.
    """
    down = factors(name, scale, depth)[:-1][::-1]
    return top * np.cumprod(np.concatenate([[1.0], down]))[::-1]
