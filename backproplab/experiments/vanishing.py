"""Vanishing sigmoids: how large the gradient is in every layer of a deep network, before the first step and what training makes of it.

Two moons, full batch or less, gradient descent. Weights are drawn with variance scale^2 / fan_in, biases are 0, the read-out is never
scaled. The size of a layer is the root mean square over the points of |dJ/dz|: what theory speaks about.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..engine import value_and_grad, vjp
from ..nn import activation, leaves, loss
from .programs import program_of
from .propagation import expected_line
from .vanishing_settings import PRESETS, REMEDIES, SQUARE, Remedy, Vanishing
from .words import size


class Start(NamedTuple):
    """A network before its first step, layer by layer from the first hidden one.

    Attributes
    ----------
    loss : float
    delta : array (depth,)
        Root mean square over the points of |dJ/dz|.
    gradient : array (depth + 1,)
        Length of dJ/dW, the read-out's last.
    expected : array (depth,) or None
        What theory expects of delta, from the last layer down; None with shortcuts or batch norm, for which this theory does not hold.
    quarter : array (depth,)
        delta of the last layer times 1/4 for each layer below: a bound of the product of slopes, not of the gradient, for the weights
        multiply as well. None for other activations than the sigmoid.
    z : array (depth, 5)
        The 5, 25, 50, 75 and 95 % quantiles of the sums.
    slope : array (depth, 5)
        The same quantiles of the activation's slope where the units work.
    histogram : array (depth, 14)
        The shares of the activations in 14 bins over `span`.
    span : (float, float)
    """

    loss: float
    delta: np.ndarray
    gradient: np.ndarray
    expected: np.ndarray | None
    quarter: np.ndarray | None
    z: np.ndarray
    slope: np.ndarray
    histogram: np.ndarray
    span: tuple[float, float]


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SPANS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def start(settings: Vanishing) -> Start:
    """One forward and one backward pass: what every layer computes, and how large its gradient is.

    Parameters
    ----------
    settings : Vanishing

    Returns
    -------
    Start
    """
    network, params, (X, y) = settings.network, settings.start, settings.data
    chosen = loss(settings.loss)
    # The gradient by a nudge of 0 that is added to a layer's sums is that layer's dJ/dz.
    nudges = [np.zeros((len(X), settings.width)) for _ in range(settings.depth)]

    def nudged(params: Any, nudges: Any) -> Any:
        return chosen(network.outputs(params, X, nudges), y)
    value, found = value_and_grad(nudged)(params, nudges)
    delta = np.array([rms(len(X) * d) for d in found["nudges"]])
    layers = network.layers(params, X)
    z, a = np.array([layer.z for layer in layers]), np.array([layer.a for layer in layers])
    slopes = slope(settings.activation, z)
    low, high = span = SPANS.get(settings.activation, (0.0, 4.0))
    expected = expected_line(settings.activation, settings.full_scale, settings.depth, delta[-1]) if settings.remedy == "none" else None
    quarter = delta[-1] * 0.25 ** np.arange(settings.depth - 1, -1, -1.0) if settings.activation == "sigmoid" else None
    return Start(float(value), delta, np.array([np.linalg.norm(g["W"]) for g in found["params"]]), expected, quarter,
                 quantiles(z), quantiles(slopes), shares(a, low, high), span)


def quantiles(values: np.ndarray) -> np.ndarray:
    """`QUANTILES` of every layer, (depth, 5), from (depth, points, units)."""
    return np.quantile(values.reshape(len(values), -1), QUANTILES, axis=1).T


def shares(values: np.ndarray, low: float, high: float, bins: int = 14) -> np.ndarray:
    """The share of each layer's values in equal bins from low to high, (depth, bins); what lies outside is counted at the edge."""
    depth, size = len(values), values[0].size
    place = np.minimum(((np.clip(values, low, high) - low) * (bins / (high - low))).astype(int), bins - 1).reshape(depth, size)
    place += bins * np.arange(depth)[:, None]
    return np.bincount(place.ravel(), minlength=bins * depth).reshape(depth, bins) / size


def rms(delta: np.ndarray) -> float:
    """Root of the mean over the points of |delta|^2."""
    return float(np.sqrt((delta * delta).sum(1).mean()))


def slope(name: Any, z: np.ndarray) -> np.ndarray:
    """The activation's derivative at z, entry by entry."""
    return np.asarray(vjp(activation(name), z)[1](np.ones_like(z)))


class Training(NamedTuple):
    """What training made of it.

    Attributes
    ----------
    steps : list of int
        When it was looked at.
    loss : list of float
    moved : array (looks, depth + 1)
        |W - W at the start| / |W at the start|, layer by layer.
    unmoved : array (depth + 1,)
        The share of weights that are, at the end, bit for bit what they were.
    stopped : str
        Why it ended early, in words, or "".
    """

    steps: list[int]
    loss: list[float]
    moved: np.ndarray
    unmoved: np.ndarray
    stopped: str = ""


def training(settings: Vanishing, progress: Callable[[int, int], Any] | None = None, cancel: Callable[[], bool] | None = None) -> Training:
    """Gradient descent from the start.

    Parameters
    ----------
    settings : Vanishing
    progress : callable, optional
        Told (step, steps) now and then.
    cancel : callable, optional
        Asked now and then; True ends it.

    Returns
    -------
    Training
    """
    network, (X, y) = settings.network, settings.data
    begun = leaves(settings.start)
    now, random, stopped = dict(begun), np.random.RandomState(settings.seed), ""
    both = program_of(network, settings.loss, X, y)
    looks = sorted({round(settings.steps * s) for s in (0, .01, .025, .05, .1, .175, .25, .35, .45, .6, .75, .875, 1)})
    weights = [n for n in begun if n.endswith("_W")]
    steps: list[int] = []
    losses: list[float] = []
    moved: list[list[float]] = []
    for step in range(settings.steps + 1):
        with np.errstate(all="ignore"):
            value, gradients = both(now, X, y)
        if not np.isfinite(value):
            stopped = f"It was stopped at step {step}: the loss is {value}. The steps are too long for these weights."
            break
        if step in looks:
            steps.append(step)
            losses.append(value)
            moved.append([float(np.linalg.norm(now[n] - begun[n]) / (np.linalg.norm(begun[n]) or 1.0)) for n in weights])
            if progress is not None:
                progress(step, settings.steps)
        if cancel is not None and step % 10 == 0 and cancel():
            stopped = f"It was cancelled at step {step}."
            break
        if step < settings.steps:
            if 0 < settings.batch < len(X):
                rows = random.permutation(len(X))[:settings.batch]
                gradients = both(now, X[rows], y[rows])[1]
            now = {n: p - settings.step_length * gradients[n] for n, p in now.items()}
    return Training(steps, losses, np.array(moved), np.array([np.mean(now[n] == begun[n]) for n in weights]), stopped)


def summary(settings: Vanishing, seen: Start, after: Training | None = None) -> str:
    """What is to be seen, in sentences."""
    first, last = seen.delta[0], seen.delta[-1]
    what = {"none": "", "residual": " with shortcuts", "batch norm": " with batch norm"}[settings.remedy]
    told = [f"{settings.depth} layers of {settings.width} {settings.activation} units{what}."]
    if settings.depth > 1 and first > 0 and last > 0:
        ratio, down = first / last, 1 / (settings.depth - 1)
        theory = "" if seen.expected is None else f", where theory expects {size((seen.expected[0] / last) ** down, 3)}"
        told.append(f"The gradient of layer 1 is {size(ratio)} times that of layer {settings.depth}: "
                    f"a factor of {size(ratio ** down, 3)} a layer{theory}.")
    if after is not None and after.stopped:
        told.append(after.stopped)
    elif after is not None and after.loss:
        told.append(f"After {after.steps[-1]} steps the loss went from {after.loss[0]:.4f} to {after.loss[-1]:.4f}.")
        told.append("Of the first layer's weights not one bit changed." if after.unmoved[0] == 1 else
                    f"The first layer's weights moved by {size(after.moved[-1][0])} of their size, the read-out by {size(after.moved[-1][-1])}.")
    return " ".join(told)


__all__ = ["PRESETS", "QUANTILES", "REMEDIES", "SQUARE", "Remedy", "Start", "Training", "Vanishing", "quantiles", "rms", "shares", "slope", "start",
           "summary", "training"]
