"""The training lab: the decision boundary as it moves, the loss around the path, and what the learning rate does."""
from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.errors import NumericalWarning
from ..experiments import across
from ..experiments import training_lab as model
from ..experiments.across import SEEDS
from ..experiments.training_lab import PRESETS, Lesson, TrainingLab
from ..experiments.words import size
from ..nn import leaves
from .lab_controls import choice, slider
from .labs import Kind, Lab, Result, Task, opened, rounded
from .modules import script, style

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0)
QUICK = 150_000_000        # multiplications of a training that a slider need not wait for: about a tenth of a second
NUMBERS = 20_000           # parameters of all looks together that travel to the page
ANSWERS = ("no more than a coin would: less than 65 %", "most: 65 to 90 %", "nearly all: 90 % and more", "none, for the loss runs away")

CONTROLS = (
    choice("Data", {name.replace("_", " "): {"data": name} for name in ("two_moons", "circles", "spirals", "xor")}),
    choice("Optimiser", {name: {"optimiser": name} for name in ("SGD", "Momentum", "Adam")}),
    slider("Learning rate", "rate", RATES),
    slider("Batch", "batch", (1, 2, 4, 8, 16, 32, 64, 0), lambda n: f"{n}" if n else "all points"),
    slider("Hidden layers", "depth", range(6)),
    slider("Units a layer", "width", (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)),
    choice("Activation", {name: {"activation": name} for name in ("tanh", "relu", "sigmoid")}, more=True),
    choice("Weights start", {name: {"start": name} for name in ("xavier", "he", "normal", "zeros")}, more=True),
    slider("L2 penalty", "decay", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1), more=True),
    slider("Points", "points", (30, 60, 128, 256, 512), more=True),
    slider("Steps", "steps", (50, 100, 200, 400, 600, 1000, 2000, 4000), more=True),
    slider("Seed", "seed", (*range(10), *SEEDS), more=True),
)


def work(settings: TrainingLab) -> int:
    """Multiplications of a training, roughly, with what each step costs whatever its size."""
    sizes = settings.network.sizes
    weights = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    batch = settings.batch or settings.points
    return settings.steps * (6 * weights * min(batch, settings.points) + 20_000 * len(sizes))


def looks(settings: TrainingLab) -> int:
    """Steps from one look that the page has to the next."""
    sizes = settings.network.sizes
    numbers = sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))
    return max(1, -(-settings.steps // min(40, max(4, NUMBERS // numbers))))


def taught(settings: TrainingLab, progress: Callable[[int, int], Any] | None = None, cancel: Callable[[], bool] | None = None) -> Lesson:
    """The training, silently: what went wrong is said in its words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NumericalWarning)
        told = (lambda step, steps, loss: progress(step, steps)) if progress is not None else False
        return model.teach(settings, looks(settings), told, cancel)


@functools.lru_cache(maxsize=8)
def kept(settings: TrainingLab) -> Lesson:
    """The last few trainings, for the looks at them that follow."""
    return taught(settings)


def subject(settings: TrainingLab) -> str:
    """The settings in a few words, as a heading."""
    sizes = "-".join(map(str, settings.network.sizes))
    batch = f"batches of {settings.batch}" if settings.batch else "full batch"
    penalty = f", L2 {settings.decay:g}" if settings.decay else ""
    return f"{settings.data.replace('_', ' ')}, {sizes} {settings.activation}, {settings.optimiser} at rate {settings.rate:g}, {batch}{penalty}"


def first(settings: TrainingLab) -> Result:
    """The data, and the training where it is quick; else the network before its first step."""
    (X, y), (A, b) = settings.parts
    network = settings.network
    result = {"subject": subject(settings), "X": rounded(X, 4), "y": y[:, 0].astype(int).tolist(),
              "A": rounded(A, 4), "b": b[:, 0].astype(int).tolist(),          # held out
              "sizes": list(network.sizes), "activation": settings.activation, "plane": None}
    if work(settings) <= QUICK:
        return {**result, **trained(kept(settings))}
    return {**result, "steps": [0], "params": [layers(network.start(settings.start, settings.seed))], "history": None, "stopped": "",
            "right": [rounded(network.accuracy(network.start(settings.start, settings.seed), A, b))],
            "words": "It is training.", "ask": ask(settings, None)}


def layers(params: Any) -> list[list[Any]]:
    """Parameters for the page: for each layer its weights, row by row, and its biases."""
    return [[rounded(np.ravel(layer["W"]), 4), rounded(np.ravel(layer["b"]), 4)] for layer in params]


def trained(lesson: Lesson) -> Result:
    """A training for the page."""
    settings, history, (A, b) = lesson.settings, lesson.trained.history, lesson.settings.parts[1]
    finite = [k for k, params in enumerate(lesson.path) if all(np.isfinite(v).all() for v in leaves(params).values())]
    return {"steps": [lesson.at[k] for k in finite], "params": [layers(lesson.path[k]) for k in finite],
            "right": [rounded(settings.network.accuracy(lesson.path[k], A, b)) for k in finite],
            "history": {"steps": history.steps, "train": rounded(history.train), "test": rounded(history.test)},
            "stopped": lesson.trained.stopped, "words": model.summary(lesson), "ask": ask(settings, lesson)}


def ask(settings: TrainingLab, lesson: Lesson | None) -> Result:
    """The prediction; what is right is known when it is trained."""
    right, told = None, ""
    if lesson is not None:
        share = settings.network.accuracy(lesson.trained.params, *settings.parts[1])
        gone = bool(lesson.trained.stopped) and "cancelled" not in lesson.trained.stopped
        right = 3 if gone else 0 if share < 0.65 else 1 if share < 0.9 else 2
        told = lesson.trained.stopped if gone else f"It gets {round(100 * share)} % of the held-out points right. {why(settings, lesson)}"
    return {"question": f"{subject(settings)}. After {settings.steps} steps, how many of the held-out points does it get right?",
            "answers": list(ANSWERS), "right": right, "told": told}


def why(settings: TrainingLab, lesson: Lesson) -> str:
    """One sentence on what may have been surprising."""
    history = lesson.trained.history
    if settings.start == "zeros" and settings.depth:
        return "With all weights 0 the units of a layer are alike and get the same gradient: nothing ever tells them apart."
    if settings.depth == 0 and settings.data != "two_moons":
        return "Without a hidden layer the boundary is a straight line, and no straight line separates these."
    if history.train and history.train[-1] > max(1.2 * history.train[0], 0.8):
        return "Steps too long jump over every valley: the loss ends higher than it began."
    if history.train and history.train[-1] > 0.8 * history.train[0]:
        return "The loss has hardly moved."
    if history.test and history.test[-1] > 3 * max(history.train[-1], 0.02):
        return "On its own training data it is much surer than on the others: it has learnt them by heart."
    return "Watch when the boundary begins to bend."


def later(settings: TrainingLab, found: Result, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """What is missing of the training, and the loss around its path."""
    lesson = kept(settings) if work(settings) <= QUICK else taught(settings, progress, cancel)
    result = trained(lesson)
    if len(result["steps"]) == len(lesson.path) > 1 and not lesson.trained.stopped:
        result["plane"] = {name: plane(lesson, name) for name in ("path", "random")}
    return result


def plane(lesson: Lesson, directions: str) -> dict[str, Any]:
    """The loss along two directions for the page."""
    seen = model.plane(lesson, directions)
    return {"a": rounded(seen.a, 4), "b": rounded(seen.b, 4), "loss": rounded(seen.loss), "path": rounded(seen.path),
            "shown": round(100 * seen.shown)}


def seeds(settings: TrainingLab, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """Twenty seeds: data, start and order of the examples are drawn anew."""
    def one(now: TrainingLab) -> tuple[float, float, float]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumericalWarning)
            end = model.teach(now, stride=now.steps, cancel=cancel).trained
        right = now.network.accuracy(end.params, *now.parts[1])
        return (end.history.train[-1], end.history.test[-1], right) if end.history.train and not end.stopped else (np.nan, np.nan, right)
    found = across(settings, one, SEEDS, progress, cancel)
    found = found[:-1] if cancel is not None and cancel() else found
    if not found:
        return {"words": "It was cancelled before the first seed was done.", "groups": []}
    losses, tests, rights = (list(column) for column in zip(*found, strict=True))
    ran = [v for v in losses if np.isfinite(v)]
    gone = f" {len(found) - len(ran)} ran away." if len(ran) < len(found) else ""
    words = (f"{len(found)} seeds from {SEEDS[0]}: {size(100 * float(np.median(rights)))} % of the held-out points are right in the middle, "
             f"from {size(100 * min(rights))} to {size(100 * max(rights))} %.{gone}")
    return {"words": words, "groups": [{"title": "training loss at the end", "log": True, "values": rounded(losses)},
                                       {"title": "loss on the held-out points", "log": True, "values": rounded(tests)}]}


def sweep(settings: TrainingLab, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """The same training at many learning rates."""
    found = model.sweep(settings, RATES, progress, cancel)
    return {"now": settings.rate, "rows": [{"rate": one.rate, "train": rounded(one.train), "test": rounded(one.test)} for one in found]}


KIND = Kind(
    function="bl.training_lab", title="A small network learns two classes",
    lead="Watch its boundary move, the path of its parameters over the loss, and what the learning rate makes of both.",
    settings=TrainingLab, presets=PRESETS, controls=CONTROLS, first=first, later=later, doing="Training",
    tasks={"sweep": Task("Sweep the learning rate", "Learning rates", sweep), "seeds": Task("Try 20 seeds", "20 seeds", seeds)},
    other=lambda one: one.but(optimiser="SGD", rate=0.5) if one.optimiser == "Adam" else one.but(optimiser="Adam", rate=0.02), at_once=False,
    page=tuple(TrainingLab(rate=rate) for rate in RATES if 0.003 <= rate <= 10))


class TrainingLabWidget(Lab):
    """The training lab. `training_lab` makes it."""

    kind = KIND
    _esm = script("lab-training.js")
    _css = style("base.css", "labs.css")

    def figure(self) -> Any:
        """The boundary, the losses and the loss around the path, as a matplotlib Figure; A beside B where two are compared."""
        from .lab_figures import training_figure
        return training_figure(self._shown(), self.sides)


def training_lab(settings: TrainingLab | str | None = None, /, *, compare: TrainingLab | str | bool | None = None, predict: bool = True,
                 **changes: Any) -> TrainingLabWidget:
    """Open the training lab.

    Parameters
    ----------
    settings : backproplab.experiments.TrainingLab or str, optional
        A record, a code (``"training rate=0.1"``) or the name of a preset (``"steps too long"``).
    compare : TrainingLab or str or True, optional
        Settings to stand beside them as B; True for Adam beside SGD.
    predict : bool
        Cover the charts until the learner has said what they expect.
    **changes
        Single settings: ``data="circles", rate=0.1``; see `backproplab.experiments.TrainingLab`.

    Returns
    -------
    TrainingLabWidget
        A widget; ``lab.figure()`` draws it with matplotlib.

    Raises
    ------
    InputError, UnknownNameError
        For settings that cannot be.
    """
    return opened(TrainingLabWidget, settings, compare, predict, changes)


__all__ = ["TrainingLabWidget", "training_lab"]
