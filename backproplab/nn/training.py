"""The training loop: draw a batch, take value and gradient, step, and now and then look at how it goes.

It can be cancelled, resumed from a checkpoint to the identical history, and stops by itself when numbers are no longer finite,
saying where and what to try.
"""
from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..engine.errors import InputError, NumericalWarning, ShapeError
from . import snapshots
from .gradients import compiled
from .history import History, Trained
from .optimisers import SGD, Optimiser
from .statistics import activation_statistics, gradient_norms, where_it_broke
from .trees import taken_apart

FAR = 1e6            # times the first loss (at least 1): so far off, a training is said to diverge


@np.errstate(all="ignore")           # what is not finite is said by `broken`, once and with its place
def train(objective: Callable[..., Any], params: Any, data: tuple[Any, Any], steps: int = 1000, *, batch: int | None = 32,
          optimiser: Optimiser | None = None, test: tuple[Any, Any] | None = None, every: int | None = 50, seed: int = 0,
          progress: bool | Callable[[int, int, float], Any] = False, cancel: Callable[[], bool] | None = None,
          checkpoint: str | Path | None = None, watch: Callable[[int, Any], Any] | None = None) -> Trained:
    """Make an objective small by steps against its gradient.

    Parameters
    ----------
    objective : callable
        (params, X, y) -> one number: `network.objective("logistic")`, or any function that you write.
    params : container of arrays
        Where to start. It is not changed.
    data : (X, y)
        One example a row; for a network in column form, one a column in both.
    steps : int
        Steps in all, those before a checkpoint included.
    batch : int or None
        Examples a step, drawn without replacement until all were seen, then in a new order. None takes all of them each time.
    optimiser : Optimiser, optional
        By default SGD(0.1).
    test : (X, y), optional
        Data that is not trained on; its loss is noted.
    every : int or None
        Note losses and statistics each so many steps, and at both ends. None notes nothing but the batches' losses.
    seed : int
        Of the order of the examples.
    progress : bool or callable
        True for a bar, where tqdm is installed; or a function of (step, steps, loss of the batch).
    cancel : callable, optional
        Asked before each step; True ends the training there.
    checkpoint : path, optional
        Written each `every` steps and at the end, and resumed from if it is there already.
    watch : callable, optional
        Told (step, parameters) before the first step and after each.

    Returns
    -------
    Trained
        Parameters, history, and why it stopped before its time, if it did.

    Raises
    ------
    InputError, ShapeError
        For settings that cannot be, and a checkpoint of another training.
    """
    optimiser = optimiser or SGD(0.1)
    network = getattr(objective, "network", None)
    axis = 1 if getattr(network, "form", "row") == "column" else 0
    X, y, n, batch = checked(data, steps, batch, every, axis)
    if test is not None:
        test = checked(test, 0, None, None, axis)[:2]
    leaves, assembled = taken_apart(params)
    leaves = {name: np.array(p, float)[()] for name, p in leaves.items()}
    state, random, history, step = optimiser.start(leaves), np.random.RandomState(seed), History(), 0
    order = random.permutation(n)
    settings = {"data": fingerprint(X, y), "start": fingerprint(*leaves.values()), "names": list(leaves), "batch": batch,
                "optimiser": repr(optimiser), "every": every, "seed": int(seed)}
    found = snapshots.load(checkpoint, settings, state) if checkpoint is not None else None
    if found is not None:
        step, leaves, state, random, order, history = found
        if step > steps:
            raise InputError(f"training for {steps} steps", f"the checkpoint is at step {step}", "Give more steps, or another checkpoint.")
        if step < steps:
            history.until(every)                                        # a note at an odd step was made because it ended there
    whole, a_epoch = batch == n, n // batch

    def drawn() -> tuple[Any, Any]:
        """The examples of this step."""
        if whole:
            return X, y
        at = step % a_epoch
        rows = order[at * batch:(at + 1) * batch]
        return (X[rows], y[rows]) if axis == 0 else (np.ascontiguousarray(X[..., rows]), np.ascontiguousarray(y[..., rows]))
    both = compiled(objective, params, *drawn())
    told = teller(progress, steps, step)
    stopped, gradients = "", None

    def note() -> None:
        """Losses and statistics at this step, once."""
        if every is None or history.steps[-1:] == [step]:
            return
        now = assembled(leaves)
        g = both(leaves, *drawn())[1] if gradients is None else gradients
        history.steps.append(step)
        history.train.append(float(objective(now, X, y)))
        history.gradients.append(gradient_norms(assembled(g)))
        if test is not None:
            history.test.append(float(objective(now, *test)))
        if network is not None:
            history.layers.append(activation_statistics(network, now, X))

    def save() -> None:
        if checkpoint is not None:
            snapshots.save(checkpoint, settings, step, leaves, state, random, order, history)

    try:
        if step == 0:
            note()
        if watch is not None:
            watch(step, assembled(leaves))
        while step < steps:
            if cancel is not None and cancel():
                stopped = f"It was cancelled at step {step}."
                save()
                break
            if not whole and step and step % a_epoch == 0:
                order = random.permutation(n)
            value, gradients = both(leaves, *drawn())
            if not math.isfinite(value) or value > FAR * max(1.0, abs(history.batch[0]) if history.batch else math.inf):
                stopped = broken(step, value, network, assembled(leaves), X)
                warnings.warn(stopped, NumericalWarning, stacklevel=2)
                break
            history.batch.append(value)
            leaves, state = optimiser.step(leaves, gradients, state)
            step += 1
            if watch is not None:
                watch(step, assembled(leaves))
            if told is not None:
                told(step, steps, value)
            if every is not None and step % every == 0:
                note()
                save()
        note()
        if not stopped:
            save()
    except KeyboardInterrupt:
        stopped = f"It was interrupted at step {step}."
    if told is not None and hasattr(told, "close"):
        told.close()
    return Trained(assembled(leaves), history, step, stopped)


def broken(step: int, value: float, network: Any, params: Any, X: np.ndarray) -> str:
    """Why a training was stopped, where it shows first, and what to try."""
    if math.isfinite(value):
        return (f"It was stopped at step {step}: the loss has grown to {value:.3g}, a million times its start. The steps are too long: "
                "try a learning rate ten times smaller, or a smaller start.")
    where = where_it_broke(network, params, X)
    advice = ("Look for missing or infinite entries before you train." if where == "the data X" else
              "The steps are too long: try a learning rate ten times smaller, inputs of mean 0 and deviation 1, or a loss that takes logits.")
    return f"It was stopped at step {step}: the loss is {value}. The first number that is not finite is in {where}. {advice}"


def checked(data: tuple[Any, Any], steps: int, batch: int | None, every: int | None, axis: int) -> tuple[Any, Any, int, int]:
    """Data as arrays, the number of examples, and the size of a batch.

    Raises
    ------
    InputError, ShapeError
    """
    X, y = (np.asarray(v) for v in data)
    X = X.astype(float) if X.dtype.kind in "iub" else X
    n = X.shape[axis] if X.ndim > axis else 0
    other = y.shape[axis if y.ndim > axis else 0] if y.ndim else 0
    if n == 0 or other != n:
        raise ShapeError("training on data", f"X has shape {X.shape}, y has shape {y.shape}",
                         f"Both hold one example in each {'column' if axis else 'row'}, and as many of them.")
    for name, number, least in (("steps", steps, 0), ("batch", batch, 1), ("every", every, 1)):
        if number is not None and (not isinstance(number, (int, np.integer)) or isinstance(number, bool) or number < least):
            raise InputError("training", f"{name}={number!r}", f"{name} is a whole number, at least {least}.")
    if batch is not None and batch > n:
        raise InputError("training", f"batch={batch}, and there are {n} examples", "A batch has at most all of them: write batch=None for that.")
    return X, y, n, n if batch is None else int(batch)


def fingerprint(*arrays: Any) -> str:
    """A few letters that change with any bit of the arrays."""
    digest = hashlib.sha256()
    for a in arrays:
        digest.update(f"{np.shape(a)}{np.asarray(a).dtype}".encode() + np.ascontiguousarray(a).tobytes())
    return digest.hexdigest()[:16]


def teller(progress: bool | Callable[[int, int, float], Any], steps: int, step: int) -> Any:
    """What is told of every step: nothing, a bar, or the caller's function."""
    if callable(progress):
        return progress
    if not progress:
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return Bar(tqdm(total=steps, initial=step))


class Bar:
    """A bar of tqdm, as a function of (step, steps, loss)."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def __call__(self, step: int, steps: int, value: float) -> None:
        self.bar.update()
        if step % 50 == 0:
            self.bar.set_postfix(loss=f"{value:.4g}")

    def close(self) -> None:
        """Leave the bar as it stands."""
        self.bar.close()
