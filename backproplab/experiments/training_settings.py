"""The settings of the training lab, and presets in which something goes right or wrong."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from ..nn import L2, Data, Network, dataset
from .settings import SEED, Limits, Settings


@dataclass(frozen=True)
class TrainingLab(Settings):
    """Settings of the lab.

    Parameters
    ----------
    data : str
        Two classes in the plane.
    points, depth, width : int
        Of the data; hidden layers, and units in each.
    activation : str
    start : str
        How the weights start.
    optimiser : str
        "SGD", "Momentum" or "Adam".
    rate : float
    batch : int
        Examples a step, 0 for all.
    decay : float
        The strength of an L2 penalty on the weights.
    steps, seed : int
    """

    title: ClassVar[str] = "training"
    limits: ClassVar[dict[str, Limits]] = {
        "data": Limits(names=("two_moons", "circles", "spirals", "xor")), "points": Limits(10, 1024), "depth": Limits(0, 10), "width": Limits(1, 64),
        "activation": Limits(names=("sigmoid", "tanh", "relu", "leaky_relu", "softplus")), "start": Limits(names=("zeros", "normal", "xavier", "he")),
        "optimiser": Limits(names=("SGD", "Momentum", "Adam")), "rate": Limits(1e-6, 1000), "batch": Limits(0, 1024, why="0 takes all."),
        "decay": Limits(0, 100), "steps": Limits(1, 10_000), "seed": SEED}

    data: str = "two_moons"
    points: int = 128
    depth: int = 2
    width: int = 8
    activation: str = "tanh"
    start: str = "xavier"
    optimiser: str = "SGD"
    rate: float = 0.5
    batch: int = 16
    decay: float = 0.0
    steps: int = 400
    seed: int = 1

    @property
    def network(self) -> Network:
        """The network of these settings."""
        return Network((2, *[self.width] * self.depth, 1), self.activation)

    @property
    def objective(self) -> Callable[[Any, Any, Any], Any]:
        """Cross-entropy, and the penalty where there is one."""
        return self.network.objective("logistic", L2(self.decay) if self.decay else None)

    @property
    def parts(self) -> tuple[Data, Data]:
        """Training data and a held-out fifth."""
        return dataset(self.data, n=self.points, noise=0.15, seed=self.seed).split(0.2, self.seed)


CROWDED = TrainingLab(points=60, width=32, optimiser="Adam", rate=0.02, steps=1000)
PRESETS = {
    "two moons": TrainingLab(), "steps too long": TrainingLab(rate=30.0), "steps too short": TrainingLab(rate=0.001),
    "all weights 0": TrainingLab(start="zeros"), "circles without a hidden layer": TrainingLab(data="circles", depth=0),
    "spirals": TrainingLab(data="spirals", width=16, optimiser="Adam", rate=0.02, steps=600),
    "many units, few points": CROWDED, "the same with decay": CROWDED.but(decay=0.01),
}
