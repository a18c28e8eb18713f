"""The training lab: one small network in the plane, how its boundary moves, the loss around its path, and what the learning rate does."""
from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..engine.errors import InputError
from ..nn import SGD, Adam, Momentum, Network, Trained, leaves, train
from ..nn.trees import taken_apart
from .training_settings import PRESETS, TrainingLab
from .words import size

OPTIMISERS = {"SGD": SGD, "Momentum": Momentum, "Adam": Adam}


@dataclass
class Lesson:
    """A training with the path it took.

    Attributes
    ----------
    settings : TrainingLab
    trained : Trained
    path : list of params
        The parameters before the first step and after each `stride` steps, and at the end.
    at : list of int
        Their steps.
    """

    settings: TrainingLab
    trained: Trained
    path: list[Any] = field(default_factory=list)
    at: list[int] = field(default_factory=list)


def teach(settings: TrainingLab, stride: int = 5, progress: bool | Callable[[int, int, float], Any] = False,
          cancel: Callable[[], bool] | None = None) -> Lesson:
    """Train, and keep the path.

    Parameters
    ----------
    settings : TrainingLab
    stride : int
        Steps from one point of the path to the next.
    progress, cancel
        As for `nn.train`.

    Returns
    -------
    Lesson
    """
    network = settings.network
    data, test = settings.parts
    path: list[Any] = []
    at: list[int] = []

    def keep(step: int, params: Any) -> None:
        if step % stride == 0 or step == settings.steps:
            path.append(params)
            at.append(step)
    batch = settings.batch if 0 < settings.batch < len(data.X) else None
    trained = train(settings.objective, network.start(settings.start, settings.seed), data, settings.steps, batch=batch, test=test,
                    optimiser=OPTIMISERS[settings.optimiser](settings.rate), every=max(1, settings.steps // 20), seed=settings.seed,
                    progress=progress, cancel=cancel, watch=keep)
    return Lesson(settings, trained, path, at)


class Boundary(NamedTuple):
    """The probability of class 1 on a grid: `p` (len(y), len(x)), the boundary is where it is 1/2."""

    x: np.ndarray
    y: np.ndarray
    p: np.ndarray


def boundary(network: Network, params: Any, X: np.ndarray, count: int = 60) -> Boundary:
    """What a network says of every place in the plane around the data.

    Parameters
    ----------
    network : Network
        With two inputs and one logit.
    params : list of dict
    X : array (n, 2)
    count : int
        Points of the grid along each side.

    Returns
    -------
    Boundary

    Raises
    ------
    InputError
        For a network of other inputs or outputs.
    """
    if (network.sizes[0], network.sizes[-1]) != (2, 1):
        raise InputError("drawing a decision boundary", f"the network has sizes {network.sizes}", "It must have 2 inputs and 1 output.")
    low, high = X.min(0), X.max(0)
    x, y = (np.linspace(a - 0.2 * (b - a), b + 0.2 * (b - a), count) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    return Boundary(x, y, (0.5 + 0.5 * np.tanh(0.5 * network(params, grid))).reshape(count, count))


class Plane(NamedTuple):
    """The loss on a plane through the end of a path, and the path's shadow on it.

    Attributes
    ----------
    a, b : array
        Coordinates along the two directions, 0 at the end of the path.
    loss : array (len(b), len(a))
    path : array (points, 2)
    shown : float
        The share of the path's movement that lies in this plane.
    """

    a: np.ndarray
    b: np.ndarray
    loss: np.ndarray
    path: np.ndarray
    shown: float


def plane(lesson: Lesson, directions: str = "path", count: int = 25) -> Plane:
    """The training loss around a path, along two directions.

    Parameters
    ----------
    lesson : Lesson
    directions : str
        "path": those in which the path moved most; "random": two drawn from the seed, at right angles.
    count : int
        Points along each side.

    Returns
    -------
    Plane

    Raises
    ------
    InputError
        For other directions, or a path of one point.
    """
    if directions not in ("path", "random") or len(lesson.path) < 2:
        raise InputError("looking at the loss along two directions", f"directions={directions!r} and a path of {len(lesson.path)} points",
                         'Write "path" or "random", for a training of some steps.')
    ends = leaves(lesson.path[-1])
    points = np.array([flat(p) for p in lesson.path]) - flat(lesson.path[-1])
    if directions == "path":
        chosen = np.linalg.svd(points, full_matrices=False)[2][:2]
        chosen = chosen * np.where(chosen[np.arange(len(chosen)), np.abs(chosen).argmax(1)] < 0, -1, 1)[:, None]    # the same sign everywhere
    else:
        chosen = np.linalg.qr(np.random.RandomState(lesson.settings.seed).standard_normal((points.shape[1], 2)))[0].T
    shadow = points @ chosen.T
    whole = float((points ** 2).sum())
    low, high = shadow.min(0), shadow.max(0)
    room = 0.3 * np.maximum(high - low, 1e-3 + 0.2 * (high - low).max())
    a, b = (np.linspace(l - r, h + r, count) for l, h, r in zip(low, high, room, strict=True))
    X, y = lesson.settings.parts[0]
    _, assembled = taken_apart(lesson.path[-1])
    objective, centre = lesson.settings.objective, flat(lesson.path[-1])

    def at(i: float, j: float) -> float:
        return float(objective(assembled(unflat(centre + i * chosen[0] + j * chosen[1], ends)), X, y))
    loss = np.array([[at(i, j) for i in a] for j in b])
    return Plane(a, b, loss, shadow, float((shadow ** 2).sum()) / whole if whole else 1.0)


def flat(params: Any) -> np.ndarray:
    """All parameters in one vector."""
    return np.concatenate([np.ravel(v) for v in leaves(params).values()])


def unflat(vector: np.ndarray, like: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A vector cut into arrays of these shapes."""
    cuts = np.cumsum([v.size for v in like.values()])[:-1]
    return {n: part.reshape(v.shape) for (n, v), part in zip(like.items(), np.split(vector, cuts), strict=True)}


class Swept(NamedTuple):
    """One learning rate of a sweep."""

    rate: float
    train: float
    test: float
    accuracy: float
    stopped: str


def sweep(settings: TrainingLab, rates: tuple[float, ...] = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0), progress: Callable[[int, int], Any] | None = None,
          cancel: Callable[[], bool] | None = None) -> list[Swept]:
    """The same training at several learning rates.

    Parameters
    ----------
    settings : TrainingLab
    rates : tuple of float
    progress : callable, optional
        Told (rates done, rates).
    cancel : callable, optional
        True ends it with what is done.

    Returns
    -------
    list of Swept
        A loss that stopped being finite is inf, with the reason in words.
    """
    found = []
    for k, rate in enumerate(rates):
        if cancel is not None and cancel():
            break
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")                              # it is said in `stopped`
            lesson = teach(settings.but(rate=float(rate)), stride=settings.steps, cancel=cancel)
        end, test = lesson.trained, settings.parts[1]
        ended = end.stopped and "cancelled" not in end.stopped
        found.append(Swept(float(rate), np.inf if ended else end.history.train[-1], np.inf if ended else end.history.test[-1],
                           settings.network.accuracy(end.params, *test), end.stopped))
        if progress is not None:
            progress(k + 1, len(rates))
    return found


def summary(lesson: Lesson) -> str:
    """What is to be seen, in sentences."""
    settings, end = lesson.settings, lesson.trained
    batch = f"batches of {settings.batch}" if 0 < settings.batch < len(settings.parts[0].X) else "full batches"
    told = [f"A {'-'.join(map(str, settings.network.sizes))} network, {settings.optimiser} at rate {size(settings.rate)} in {batch}."]
    if end.stopped:
        told.append(end.stopped)
    if end.history.train and np.isfinite(end.history.train[-1]):
        X, y = settings.parts[1]
        right = round(settings.network.accuracy(end.params, X, y) * len(X))
        told.append(f"In {end.step} steps the loss went from {size(end.history.train[0], 3)} to {size(end.history.train[-1], 3)}; "
                    f"on the held-out fifth it is {size(end.history.test[-1], 3)}, and {right} of {len(X)} points are right.")
    return " ".join(told)


__all__ = ["OPTIMISERS", "PRESETS", "Boundary", "Lesson", "Plane", "Swept", "TrainingLab", "boundary", "flat", "plane", "summary", "sweep", "teach",
           "unflat"]
