"""What a training leaves behind: the parameters, and what was noted on the way."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class History:
    """Numbers noted while training, each list with one entry for each of `steps`.

    Attributes
    ----------
    steps : list of int
        Steps taken when it was noted.
    train, test : list of float
        The objective on all training and test data; test is empty without test data.
    gradients : list of dict
        The length of the latest batch's gradient by every parameter; at step 0 of the first batch's.
    layers : list of list of dict
        For every hidden layer the mean and deviation of its activations, and the share of dead units.
    batch : list of float
        The objective on the batch of every single step, before the step.
    """

    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    gradients: list[dict[str, float]] = field(default_factory=list)
    layers: list[list[dict[str, float]]] = field(default_factory=list)
    batch: list[float] = field(default_factory=list)

    def until(self, every: int | None) -> None:
        """Drop a last note that was made off the grid of `every`."""
        if every is not None and self.steps and self.steps[-1] % every:
            for notes in (self.train, self.test, self.gradients, self.layers, self.steps):
                del notes[-1:]


@dataclass
class Trained:
    """The outcome of `train`.

    Attributes
    ----------
    params : container
        In the structure that was given.
    history : History
    step : int
        Steps taken.
    stopped : str
        Why it ended before its time, in words; "" when it did not.
    """

    params: Any
    history: History
    step: int
    stopped: str = ""

    def __repr__(self) -> str:
        h = self.history
        losses = f", loss {h.train[0]:.4g} to {h.train[-1]:.4g}" if h.train else ""
        losses += f", on test data {h.test[-1]:.4g}" if h.test else ""
        return f"<trained for {self.step} steps{losses}{'. ' + self.stopped if self.stopped else ''}>"
