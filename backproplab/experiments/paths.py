"""One path through a deep network: the product of the slopes and weights that it meets on its way down."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .vanishing import Vanishing, slope


class PathStep(NamedTuple):
    """One layer of a path: the unit it goes through, the slope there, the weight to the next unit, and the product so far from the top."""

    layer: int
    unit: int
    slope: float
    weight: float
    product: float


def path(settings: Vanishing, example: int = 0, units: list[int] | None = None) -> list[PathStep]:
    """The product of local derivatives along one path, from the read-out down to the first hidden layer.

    Parameters
    ----------
    settings : Vanishing
        With shortcuts this is the path through the layers, past none; batch norm's own derivative is left out.
    example : int
        The point for which it is computed.
    units : list of int, optional
        The unit in each hidden layer, from the first; by default those with the largest product, chosen from the top down.

    Returns
    -------
    list of PathStep
        From the last hidden layer to the first.
    """
    params = settings.start
    layers = settings.network.layers(params, settings.data.X)
    slopes = [slope(settings.activation, layer.z)[example] for layer in layers]
    product, above, steps = 1.0, 0, []
    for k in range(settings.depth - 1, -1, -1):
        weights = params[k + 1]["W"][:, above]
        unit = int(np.argmax(np.abs(weights * slopes[k]))) if units is None else units[k]
        product *= float(weights[unit] * slopes[k][unit])
        steps.append(PathStep(k + 1, unit, float(slopes[k][unit]), float(weights[unit]), product))
        above = unit
    return steps
