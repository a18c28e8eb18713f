"""The settings of the experiment with vanishing sigmoids, the presets, and what each remedy does and does not mend."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..nn import Data, Network, scaled, two_moons
from .settings import SEED, Limits, Settings

SQUARE = "sigmoid_squared"


@dataclass(frozen=True)
class Vanishing(Settings):
    """Settings of the experiment.

    Parameters
    ----------
    depth, width : int
        Hidden layers, units in each.
    activation : str
        Of the hidden layers. For ReLU the scale is multiplied by sqrt(2), so that scale 1 is He's start.
    scale : float
        sqrt(fan_in * variance) of the hidden weights at the start.
    loss : str
        "logistic" cancels the last sigmoid's derivative, "sigmoid_squared" keeps it.
    remedy : str
        "none", "residual" (shortcuts) or "batch norm".
    points, batch : int
        Two moons' points; examples a step, 0 for all.
    rate : float
        The learning rate; 0 for 1 with sigmoids and 0.1 otherwise.
    steps, seed : int
    """

    title: ClassVar[str] = "vanishing"
    limits: ClassVar[dict[str, Limits]] = {
        "depth": Limits(1, 50, why="Deeper networks show the same, more slowly."), "width": Limits(1, 128),
        "activation": Limits(names=("sigmoid", "tanh", "relu", "leaky_relu", "softplus")),
        "scale": Limits(0, 20, why="At 10 nearly every sigmoid is saturated already."), "loss": Limits(names=("logistic", SQUARE)),
        "remedy": Limits(names=("none", "residual", "batch norm")), "points": Limits(2, 1024), "batch": Limits(0, 1024, why="0 takes all points."),
        "rate": Limits(0, 1000, why="0 takes 1 for sigmoids and 0.1 for others."), "steps": Limits(0, 10_000), "seed": SEED}

    depth: int = 10
    width: int = 16
    activation: str = "sigmoid"
    scale: float = 1.0
    loss: str = "logistic"
    remedy: str = "none"
    points: int = 128
    batch: int = 0
    rate: float = 0.0
    steps: int = 400
    seed: int = 3

    @property
    def network(self) -> Network:
        """The network of these settings."""
        return Network((2, *[self.width] * self.depth, 1), self.activation, self.remedy == "residual", self.remedy == "batch norm")

    @property
    def data(self) -> Data:
        """The two moons of these settings."""
        return two_moons(self.points, seed=self.seed)

    @property
    def full_scale(self) -> float:
        """The scale of the weights, with He's factor for ReLUs."""
        return self.scale * (np.sqrt(2) if self.activation in ("relu", "leaky_relu") else 1.0)

    @property
    def start(self) -> list[dict[str, Any]]:
        """The parameters before the first step."""
        return self.network.start(scaled(self.full_scale), self.seed, output=scaled(1.0))

    @property
    def step_length(self) -> float:
        """The learning rate that is used."""
        return self.rate or (1.0 if self.activation == "sigmoid" else 0.1)


PRESETS = {
    "it learns": Vanishing(depth=2), "it is stuck": Vanishing(), "not one bit moves": Vanishing(depth=30, steps=100),
    "fifty layers": Vanishing(depth=50, steps=100),
    "tanh": Vanishing(activation="tanh"), "ReLU with He's start": Vanishing(activation="relu"), "large weights": Vanishing(scale=10.0),
    "shortcuts": Vanishing(remedy="residual"), "batch norm": Vanishing(remedy="batch norm"), "a loss that keeps its sigmoid": Vanishing(loss=SQUARE),
}


class Remedy(NamedTuple):
    """One change, what it does, and what it does not mend."""

    change: dict[str, Any]
    does: str
    leaves: str


REMEDIES = {
    "tanh": Remedy({"activation": "tanh"}, "its slope at 0 is 1 and not 1/4, and its values have mean 0",
                   "it saturates too: the factor stays below 1, and large weights bring it down"),
    "ReLU": Remedy({"activation": "relu"}, "where a unit is on, its slope is 1; He's start keeps the size of the gradient from layer to layer",
                   "units can die, and with fifty layers of small width chance makes the gradients of some starts small and of others large"),
    "large weights": Remedy({"scale": 4.0}, "the weights are factors of the gradient as well, and lift it",
                            "the units saturate: training becomes a matter of luck, and at scale 10 some starts end worse than a coin"),
    "shortcuts": Remedy({"remedy": "residual"}, "the gradient also goes past every layer, multiplied by 1",
                        "the values grow with depth, and the sigmoids inside still pass on a quarter at most"),
    "batch norm": Remedy({"remedy": "batch norm"}, "the sums are brought back to deviation 1, whatever the weights",
                         "it does not make the gradients equal: from layer to layer downwards they grow, by 1.1 to 1.3"),
    "a fused loss": Remedy({"loss": "logistic"}, "the last sigmoid's derivative cancels, and the gradient at the top is about 4 times as large",
                           "it removes one factor of all those on the way down"),
    "a larger rate": Remedy({"rate": 10.0}, "the last layers move faster", "the first layers do not: a rate multiplies all gradients alike"),
}
