"""Which ReLU units start dead, exactly: for inputs in the plane and weights drawn from a normal distribution.

In direction u of the weight vector the data reach h(u) = max u . x, and the vector's length is Rayleigh distributed: w . x + b <= 0 on
all points is a statement about that length.
"""
from __future__ import annotations

import numpy as np


def expected_dead(X: np.ndarray, scale: float = np.sqrt(2.0), bias: float = 0.0, angles: int = 3600) -> float:
    """The probability that w . x + b <= 0 for every point, with w drawn from N(0, scale^2 / 2) in each entry.

    Parameters
    ----------
    X : array (n, 2)
    scale : float
        sqrt(fan_in * variance): sqrt(2) is He's start.
    bias : float
    angles : int
        Directions over which the mean is taken; exact but for this grid.

    Returns
    -------
    float
    """
    t = np.linspace(0, 2 * np.pi, angles, endpoint=False)
    reach = (X @ np.stack([np.cos(t), np.sin(t)])).max(0)
    deviation = scale / np.sqrt(2)
    if bias < 0:                          # dead while the vector is too short to lift any point over -b
        short = 1 - np.exp(-0.5 * (bias / np.where(reach > 0, reach, 1.0) / deviation) ** 2)
        return float(np.mean(np.where(reach <= 0, 1.0, short)))
    long = np.exp(-0.5 * (bias / np.where(reach < 0, reach, 1.0) / deviation) ** 2)
    return float(np.mean(np.where(reach < 0, long, 0.0)))
