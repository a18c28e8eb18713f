"""Dead ReLUs: units made to be active on no point of the data, by a bias, by inputs off centre, or by one bad step.

Dead means z <= 0 on all points of this data set: a statement about these points. The gradient of such a unit is exactly 0, so gradient
descent leaves its own weights as they are, bit for bit, and only something else can bring it back.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..engine.errors import InputError
from ..nn import Data, Network, scaled, two_moons
from ..nn.functions import leaky_relu
from ..nn.trees import taken_apart
from .programs import program_of
from .settings import SEED, TRUTH, Limits, Settings


def leaky(x: Any) -> Any:
    """A leaky ReLU of slope 0.1."""
    return leaky_relu(x, 0.1)


@dataclass(frozen=True)
class Dead(Settings):
    """Settings of the experiment. The causes can be mixed.

    Parameters
    ----------
    bias : float
        Of the hidden units at the start.
    offset : float
        By which both inputs are moved off centre.
    spike : float
        The bad step's learning rate, as a multiple; 1 for none. It comes at step `at`.
    one_class : bool
        Take the bad step on the points of class 1 alone.
    middle : bool
        Start every unit's line through the middle of the data, so that none starts dead.
    remedy : str
        "none", "centred" (inputs back to mean 0), "leaky", "capped" (no step longer than 0.25), "batch norm".
    depth, units : int
        Hidden layers, and units in each. The last hidden layer is watched.
    frozen : bool
        Do not train the first layer.
    decay : float
        Weight decay: each step takes rate * decay of every weight away, the bad step no more than others.
    decay_biases : bool
        Decay the biases alike.
    points, at, steps, seed : int
    rate : float
    """

    title: ClassVar[str] = "dead"
    limits: ClassVar[dict[str, Limits]] = {
        "bias": Limits(-20, 20), "offset": Limits(-20, 20), "spike": Limits(0, 1000, why="1 is a step like the others."), "one_class": TRUTH,
        "middle": TRUTH, "remedy": Limits(names=("none", "centred", "leaky", "capped", "batch norm")), "depth": Limits(1, 10),
        "units": Limits(1, 64), "frozen": TRUTH, "decay": Limits(0, 10), "decay_biases": TRUTH, "points": Limits(4, 1024),
        "at": Limits(0, 10_000), "steps": Limits(0, 10_000), "rate": Limits(0, 100), "seed": SEED}

    bias: float = 0.0
    offset: float = 0.0
    spike: float = 1.0
    one_class: bool = False
    middle: bool = False
    remedy: str = "none"
    depth: int = 1
    units: int = 12
    frozen: bool = False
    decay: float = 0.0
    decay_biases: bool = False
    points: int = 96
    at: int = 20
    steps: int = 100
    rate: float = 0.1
    seed: int = 5

    @property
    def data(self) -> Data:
        """Two moons, moved off centre."""
        return two_moons(self.points, seed=self.seed, offset=0.0 if self.remedy == "centred" else float(self.offset))

    @property
    def network(self) -> Network:
        """The network of these settings."""
        return Network((2, *[self.units] * self.depth, 1), leaky if self.remedy == "leaky" else "relu", normalised=self.remedy == "batch norm")

    @property
    def start(self) -> list[dict[str, Any]]:
        """The parameters before the first step."""
        gain = np.sqrt(2 / 1.01) if self.remedy == "leaky" else np.sqrt(2)
        params = self.network.start(scaled(gain), self.seed, self.bias, output=scaled(1.0))
        if self.middle:
            params[0]["b"] = params[0]["b"] - self.data.X.mean(0) @ params[0]["W"]
        return params


BAD_STEP = Dead(offset=4.0, spike=100.0, one_class=True, middle=True)
PRESETS = {
    "biases of -3": Dead(bias=-3.0), "inputs off centre": Dead(offset=4.0), "one bad step": BAD_STEP, "a spike alone": Dead(spike=100.0, middle=True),
    "units that come back": Dead(bias=-1.0, depth=2, rate=0.3, steps=300, seed=14),
    "the same with layer 1 frozen": Dead(bias=-1.0, depth=2, rate=0.3, steps=300, seed=14, frozen=True),
    "leaky": BAD_STEP.but(remedy="leaky"), "capped": BAD_STEP.but(remedy="capped"), "centred": BAD_STEP.but(remedy="centred"),
    "batch norm": BAD_STEP.but(remedy="batch norm"),
}


class Remedy(NamedTuple):
    """What a remedy does, and what it does not mend."""

    does: str
    leaves: str


REMEDIES = {
    "centred": Remedy("inputs of mean 0 lie on both sides of every line near the middle: a unit pushed off them meets them from the other side",
                      "a bias of -3 kills all the same, and a hidden layer fed by ReLUs is never centred"),
    "leaky": Remedy("the gradient of a unit that is never on is small and not 0, so it can move",
                    "just as many units are never on: what changes is that they may come back"),
    "capped": Remedy("no step is longer than 0.25, so none throws a unit off the data",
                     "it prevents and does not revive: units that start dead stay dead"),
    "batch norm": Remedy("every sum has mean 0 over the batch, so some are above 0: on the data it normalises no unit can be dead",
                         "a bad step still ruins the read-out, and on other data a unit may be off"),
}


class Frame(NamedTuple):
    """One step of a run, for the pictures: lines of the first layer, which points switch the watched units on, their gradients."""

    step: int
    W: np.ndarray
    b: np.ndarray
    on: np.ndarray
    output: np.ndarray
    gradient: np.ndarray
    loss: float


class Run(NamedTuple):
    """A run of the experiment.

    Attributes
    ----------
    dead : array of bool (steps + 1, units)
        Which watched units are active on no point, before each step and at the end.
    share : array (steps + 1, units)
        The share of the points that switch a unit on.
    loss : array (steps + 1,)
    nonzero : int
        Entries of dead units' gradients that are not exactly 0, over all steps.
    changed : int
        Weights and biases of dead units that a step changed, over all steps.
    output : array (steps + 1, units)
        The weight by which each unit goes into what comes next (its sum, where that is several).
    frames : list of Frame
        One a step, where they were asked for.
    params : list of dict
        At the end.
    stopped : str
        Why it ended early, in words, or "".
    """

    dead: np.ndarray
    share: np.ndarray
    loss: np.ndarray
    nonzero: int
    changed: int
    output: np.ndarray
    frames: list[Frame]
    params: list[dict[str, Any]]
    stopped: str

    @property
    def returns(self) -> int:
        """Units that were dead and came back."""
        return int((self.dead[:-1] & ~self.dead[1:]).any(0).sum())

    def killed(self, step: int) -> np.ndarray:
        """Positions of the units that this step killed.

        Raises
        ------
        InputError
            For a step that the run did not take.
        """
        if not 0 <= step < len(self.dead) - 1:
            raise InputError(f"asking which units step {step} killed", f"the run has the steps 0 to {len(self.dead) - 2}", "Ask for one of these.")
        return np.flatnonzero(~self.dead[step] & self.dead[step + 1])


def run(settings: Dead, record: bool = False, progress: Callable[[int, int], Any] | None = None, cancel: Callable[[], bool] | None = None) -> Run:
    """Train, and look at every unit before every step.

    Parameters
    ----------
    settings : Dead
    record : bool
        Keep a frame a step.
    progress : callable, optional
        Told (step, steps).
    cancel : callable, optional
        Asked before each step; True ends it.

    Returns
    -------
    Run
    """
    network, (X, y) = settings.network, settings.data
    now, assembled = taken_apart(settings.start)
    both = program_of(network, "logistic", X, y)
    one, watched = y[:, 0] == 1, settings.depth - 1
    own, after = (f"params_{watched}_W", f"params_{watched}_b"), f"params_{settings.depth}_W"
    counts = {"nonzero": 0, "changed": 0}
    dead: list[np.ndarray] = []
    share: list[np.ndarray] = []
    losses: list[float] = []
    output: list[np.ndarray] = []
    frames: list[Frame] = []
    stopped = ""
    for step in range(settings.steps + 1):
        z = network.layers(assembled(now), X)[watched].z
        with np.errstate(all="ignore"):
            value, gradients = both(now, X, y)
        if not np.isfinite(value):            # 0 * inf is nan, so from here on nothing is exactly 0 any more
            stopped = f"It was stopped at step {step}: the loss is {value}."
            break
        dead.append(z.max(0) <= 0)
        share.append((z > 0).mean(0))
        losses.append(value)
        output.append(now[after].sum(1))
        if record:
            sizes = np.sqrt((gradients[own[0]] ** 2).sum(0) + gradients[own[1]] ** 2)
            frames.append(Frame(step, *lines(settings, now, X), z > 0, output[-1], sizes, value))
        if progress is not None:
            progress(step, settings.steps)
        if step == settings.steps:
            break
        if cancel is not None and cancel():
            stopped = f"It was cancelled at step {step}."
            break
        rate = settings.rate
        if step == settings.at and settings.spike != 1:
            rate *= settings.spike
        if step == settings.at and settings.one_class:
            gradients = both(now, X[one], y[one])[1]
        gone = dead[-1]
        counts["nonzero"] += int(np.count_nonzero(gradients[own[0]][:, gone]) + np.count_nonzero(gradients[own[1]][gone]))
        before = now
        now = moved(settings, now, gradients, rate)
        counts["changed"] += sum(int((now[n] != before[n])[..., gone].sum()) for n in own)
    return Run(np.array(dead), np.array(share), np.array(losses), counts["nonzero"], counts["changed"], np.array(output), frames, assembled(now),
               stopped)


def lines(settings: Dead, now: dict[str, Any], X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(W, b) of the first layer, so that unit u is on where X @ W[:, u] + b[u] > 0; with batch norm, what it makes of them."""
    W, b = now["params_0_W"], now["params_0_b"]
    if settings.remedy != "batch norm":
        return W, b
    sums = X @ W + b
    return W / sums.std(0), (b - sums.mean(0)) / sums.std(0)


def moved(settings: Dead, now: dict[str, Any], gradients: dict[str, Any], rate: float) -> dict[str, Any]:
    """The parameters after one step."""
    if settings.remedy == "capped":
        length = np.sqrt(sum(float((g * g).sum()) for g in gradients.values()))
        rate = min(rate, 0.25 / max(length, 1e-300))
    found = {}
    for n, p in now.items():
        if settings.frozen and n.startswith("params_0_"):
            found[n] = p
            continue
        found[n] = p - rate * gradients[n]
        if settings.decay and (n.endswith("_W") or settings.decay_biases):
            found[n] = found[n] - settings.rate * settings.decay * p         # at the ordinary rate: a spike is one of the gradient
    return found


def summary(settings: Dead, seen: Run) -> str:
    """What is to be seen, in sentences."""
    first, last, units = int(seen.dead[0].sum()), int(seen.dead[-1].sum()), settings.units
    word = "never on" if settings.remedy == "leaky" else "dead"
    told = [f"{first} of {units} units start {word}, {last} of {units} end so."]
    if settings.at < len(seen.dead) - 1 and (settings.spike != 1 or settings.one_class):
        told.append(f"The step at {settings.at} killed {len(seen.killed(settings.at))}.")
    told.append(f"{seen.returns} came back." if seen.returns else "None came back." if last or first else "")
    if last and settings.remedy != "leaky" and not seen.changed:
        told.append("While a unit was dead its gradient was exactly 0, and not one bit of its weights changed.")
    told.append(seen.stopped)
    return " ".join(filter(None, told))


__all__ = ["BAD_STEP", "PRESETS", "REMEDIES", "Dead", "Frame", "Remedy", "Run", "run", "summary"]
