"""The lab of vanishing gradients: how large the gradient is in every layer, and what training makes of it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..experiments import across, path, vanishing
from ..experiments.across import SEEDS
from ..experiments.vanishing import PRESETS, REMEDIES, SQUARE, Start, Training, Vanishing
from ..experiments.words import size
from .lab_controls import choice, slider
from .labs import Kind, Lab, Result, Task, opened, rounded
from .modules import script, style

PLAIN: dict[str, Any] = {"activation": "sigmoid", "remedy": "none"}
ANSWERS = ("more than 10 times larger", "about as large", "10 to 1000 times smaller", "1000 to a million times smaller", "smaller still")

CONTROLS = (
    choice("One remedy at a time", {"none": PLAIN, "tanh": {**PLAIN, "activation": "tanh"}, "ReLU": {**PLAIN, "activation": "relu"},
                                    "shortcuts": {**PLAIN, "remedy": "residual"}, "batch norm": {**PLAIN, "remedy": "batch norm"}}),
    slider("Hidden layers", "depth", range(1, 51)),
    slider("Initial weights", "scale", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0), "× {:g}".format),
    slider("Units a layer", "width", (2, 4, 8, 12, 16, 24, 32, 48, 64)),
    slider("Batch", "batch", (8, 16, 32, 64, 0), lambda n: f"{n} points" if n else "all points"),
    choice("Loss", {"fused with its sigmoid": {"loss": "logistic"}, "squared, after a sigmoid": {"loss": SQUARE}}, more=True),
    slider("Learning rate", "rate", (0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0), lambda r: f"{r:g}" if r else "as usual", more=True),
    slider("Steps", "steps", (0, 100, 200, 400, 1000, 2000, 4000), more=True),
    slider("Seed", "seed", (*range(10), *SEEDS), more=True),
)


def note(settings: Vanishing) -> dict[str, str]:
    """What the chosen remedy does, and what it does not mend."""
    name = {"residual": "shortcuts", "batch norm": "batch norm"}.get(settings.remedy) or {"tanh": "tanh", "relu": "ReLU"}.get(settings.activation)
    name = name or ("large weights" if settings.scale >= 2 else "a larger rate" if settings.rate > 1 else None)
    if name is None:
        return {}
    return {"name": name, "does": REMEDIES[name].does, "leaves": REMEDIES[name].leaves}


def subject(settings: Vanishing) -> str:
    """The settings in a few words, as a heading."""
    extra = {"none": "", "residual": ", shortcuts", "batch norm": ", batch norm"}[settings.remedy]
    layers = f"{settings.depth} layers" if settings.depth > 1 else "1 layer"
    return f"{layers} of {settings.width}, {settings.activation}{extra}, weights × {settings.scale:g}"


def first(settings: Vanishing) -> Result:
    """The network before its first step."""
    seen = vanishing.start(settings)
    steps = path(settings)
    first_, last = float(seen.delta[0]), float(seen.delta[-1])
    ratio = first_ / last if last else np.nan
    times = f"{size(1 / ratio)} times less" if 0 < ratio < 0.5 else f"{size(ratio)} times more" if ratio > 2 else "about as much"
    why = ("Each layer multiplies by the slope of the sigmoid, at most 1/4, and by its weights: what is left shrinks exponentially with the depth."
           if settings.activation == "sigmoid" and settings.remedy == "none" else "Read the slope of the dots: one layer, one factor.")
    return {
        "subject": subject(settings), "points": settings.points, "rate": settings.step_length,
        "delta": rounded(seen.delta), "gradient": rounded(seen.gradient), "expected": None if seen.expected is None else rounded(seen.expected),
        "quarter": None if seen.quarter is None else rounded(seen.quarter), "z": rounded(seen.z), "slope": rounded(seen.slope),
        "histogram": np.rint(99 * seen.histogram).astype(int).tolist(), "span": list(seen.span),
        "path": [[one.layer, one.unit + 1, *rounded([one.slope, one.weight, one.product])] for one in steps],
        "ask": {"question": f"{subject(settings)}. Before the first step, compared with the last hidden layer, the gradient that reaches "
                            "layer 1 is …",
                "answers": list(ANSWERS), "right": place_of(ratio),
                "told": f"With {subject(settings)}, layer 1 gets {times}. {why}"},
        "note": note(settings), "words": vanishing.summary(settings, seen), "loss": rounded(seen.loss, 4),
    }


def place_of(ratio: float) -> int:
    """The place in `ANSWERS`."""
    if not np.isfinite(ratio) or ratio <= 0:
        return 4
    smaller = -np.log10(ratio)
    return 0 if smaller < -1 else 1 if smaller < 1 else 2 if smaller < 3 else 3 if smaller < 6 else 4


def later(settings: Vanishing, found: Result, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """The training."""
    after = vanishing.training(settings, progress, cancel)
    return {"training": as_data(after), "words": vanishing.summary(settings, vanishing.start(settings), after)}


def as_data(after: Training) -> dict[str, Any]:
    """A training for the page: how far the weights moved as its decimal logarithm, None where not one bit did."""
    with np.errstate(divide="ignore"):
        moved = [[round(float(m), 1) if np.isfinite(m) else None for m in np.log10(row)] for row in after.moved]
    return {"steps": after.steps, "loss": rounded(after.loss, 4), "moved": moved, "unmoved": rounded(after.unmoved), "stopped": after.stopped}


def seeds(settings: Vanishing, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """Twenty seeds: the ratio at the start, and the loss at the end."""
    def one(now: Vanishing) -> tuple[float, float]:
        delta: Start = vanishing.start(now)
        losses = vanishing.training(now, cancel=cancel).loss
        return float(delta.delta[0] / delta.delta[-1]), float(losses[-1]) if losses else np.nan
    found = across(settings, one, SEEDS, progress, cancel)
    found = found[:-1] if cancel is not None and cancel() and found else found       # the last was cut short
    ratios, losses = ([pair[k] for pair in found] for k in (0, 1))
    if not found:
        return {"words": "It was cancelled before the first seed was done.", "groups": []}
    stuck = sum(v > (0.12 if settings.loss == SQUARE else 0.69) for v in losses)
    middle, end = float(np.median(ratios)), float(np.median(losses))
    words = (f"{len(found)} seeds from {SEEDS[0]}: layer 1 over layer {settings.depth} is {size(middle)} in the middle, "
             f"from {size(min(ratios))} to {size(max(ratios))}. The loss ends at {size(end, 3)}, from {size(min(losses), 3)} to "
             f"{size(max(losses), 3)}; {stuck} of {len(found)} do no better than a coin.")
    return {"words": words, "groups": [
        {"title": "gradient of layer 1 over the last, at the start", "log": True, "values": rounded(ratios)},
        {"title": "loss at the end", "log": False, "values": rounded(losses)}]}


KIND = Kind(
    function="bl.vanishing_lab", title="Why the first layers stop learning",
    lead="Two moons. Make the network deeper and look how much gradient reaches the first layer, then mend it.",
    settings=Vanishing, presets={name: PRESETS[name] for name in ("it is stuck", "it learns", "fifty layers", "large weights", "not one bit moves")},
    controls=CONTROLS, first=first, later=later, doing="Training", tasks={"seeds": Task("Try 20 seeds", "20 seeds", seeds)},
    other=lambda one: one.but(activation="tanh" if one.activation == "sigmoid" else "sigmoid", remedy="none"),
    page=tuple(one.but(depth=depth) for one in (Vanishing(), *map(PRESETS.__getitem__, ("tanh", "ReLU with He's start", "shortcuts", "batch norm")))
               for depth in (2, 4, 6, 10, 20)))


class VanishingLab(Lab):
    """The lab of vanishing gradients. `vanishing_lab` makes it."""

    kind = KIND
    _esm = script("lab-vanishing.js")
    _css = style("base.css", "labs.css")

    def figure(self) -> Any:
        """The charts as a matplotlib Figure, A beside B where two are compared."""
        from .lab_figures import vanishing_figure
        return vanishing_figure(self._shown())


def vanishing_lab(settings: Vanishing | str | None = None, /, *, compare: Vanishing | str | bool | None = None, predict: bool = True,
                  **changes: Any) -> VanishingLab:
    """Open the lab of vanishing gradients.

    Parameters
    ----------
    settings : Vanishing or str, optional
        A record, a code (``"vanishing depth=30"``) or the name of a preset (``"fifty layers"``).
    compare : Vanishing or str or True, optional
        Settings to stand beside them as B; True for tanh beside sigmoid.
    predict : bool
        Cover the charts until the learner has said what they expect.
    **changes
        Single settings: ``depth=30, activation="tanh"``; see `backproplab.experiments.Vanishing`.

    Returns
    -------
    VanishingLab
        A widget. `save_html` writes it into a page that shows what was computed beforehand; ``lab.figure()`` draws it with matplotlib;
        ``lab.settings.code`` is what can be pasted back.

    Raises
    ------
    InputError, UnknownNameError
        For settings that cannot be.
    """
    return opened(VanishingLab, settings, compare, predict, changes)


__all__ = ["VanishingLab", "vanishing_lab"]
