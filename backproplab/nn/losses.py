"""Losses, and the sign under which a lecture prints them. Each takes what the network gives and what was wanted, one example a row,
and returns one number, the mean over the examples.

One lecture prints the log-likelihood where descent needs its negative: it is here under its own name, so that what it does can be seen.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import UnknownNameError, listed
from ..engine.settings import settings
from .functions import binary_cross_entropy_with_logits, sigmoid, softmax_cross_entropy, squared_error


def examples(f: Any) -> int:
    """How many examples an array of outputs holds: its rows; a single output or a vector of outputs is one."""
    return np.shape(f)[0] if len(np.shape(f)) > 1 else 1


def half_squared_error(f: Any, y: Any) -> Any:
    """1/2 |f - y|^2, the mean over the examples: its gradient by f is f - y for each, without the 2."""
    return 0.5 * squared_error(f, y, "sum") / examples(f)


def sigmoid_squared_error(f: Any, y: Any) -> Any:
    """1/2 (sigmoid(f) - y)^2, the mean: the sigmoid's derivative stays in the gradient, and is small where the answer is surely wrong."""
    return 0.5 * squared_error(sigmoid(f), y, "mean")


def cross_entropy_by_steps(f: Any, y: Any) -> Any:
    """The logistic loss written out, -y log p - (1 - y) log(1 - p) with p = sigmoid(f): infinite where p rounds to 0 or 1."""
    p = sigmoid(f)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def log_likelihood(f: Any, y: Any) -> Any:
    """y log p + (1 - y) log(1 - p), as one lecture prints its J: descent on it makes the model worse, ascent better."""
    return -binary_cross_entropy_with_logits(f, y)


@dataclass(frozen=True)
class Loss:
    """A loss with its name.

    Attributes
    ----------
    name : str
    function : callable
        (outputs, targets) -> one number.
    says : str
        What it is, in a sentence.
    sign : int
        1 for what descent makes small; -1 for what only ascent should be done on.
    """

    name: str
    function: Callable[[Any, Any], Any]
    says: str
    sign: int = 1

    def __call__(self, f: Any, y: Any) -> Any:
        return self.function(f, y)


LOSSES = {loss.name: loss for loss in (
    Loss("squared", squared_error, "(f - y)^2, the mean over all entries"),
    Loss("half_squared", half_squared_error, "1/2 |f - y|^2, the mean over the examples"),
    Loss("sigmoid_squared", sigmoid_squared_error, "1/2 (sigmoid(f) - y)^2: the sigmoid's derivative is not cancelled"),
    Loss("logistic", binary_cross_entropy_with_logits, "cross-entropy of a sigmoid with a label 0 or 1, from the logit: its gradient is p - y"),
    Loss("logistic_by_steps", cross_entropy_by_steps, "the same written out with logarithms: right until p rounds to 0 or 1"),
    Loss("softmax", softmax_cross_entropy, "cross-entropy of a softmax with a label, from the logits: its gradient is p - 1(y = k)"),
    Loss("log_likelihood", log_likelihood, "J as printed in the CMU 10-301 lecture, a log-likelihood: descent on it makes the model worse", -1),
)}


def loss(name: str | Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A loss by its name; a function of (outputs, targets) is given back as it is.

    Raises
    ------
    UnknownNameError
    """
    if callable(name):
        return name
    if name not in LOSSES:
        raise UnknownNameError("choosing a loss", f"{name!r} came", f"There are {listed(LOSSES)}; or give a function of (outputs, targets).")
    return LOSSES[name]


def as_printed(name: str, sign: int | None = None) -> Loss:
    """A loss under the sign with which a course prints it.

    Parameters
    ----------
    name : str
        One of `LOSSES`.
    sign : int, optional
        1 for the loss that descent makes small, -1 for the log-likelihood; by default the ``loss_sign`` that `conventions` chose.

    Returns
    -------
    Loss
        ``LOSSES["log_likelihood"]`` for a logistic loss under -1; every other loss is printed under one sign only, and is what it was.
        Training never asks here: what is trained is the loss that was named.

    Raises
    ------
    UnknownNameError
        For a name that is none of a loss.
    """
    if name not in LOSSES:
        raise UnknownNameError("choosing a loss as it is printed", f"{name!r} came", f"There are {listed(LOSSES)}.")
    sign = settings().loss_sign if sign is None else sign
    return LOSSES["log_likelihood"] if sign == -1 and name in ("logistic", "logistic_by_steps") else LOSSES[name]
