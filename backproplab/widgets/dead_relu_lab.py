"""The lab of dead ReLUs: units are made to be off on every point, and it is seen whether they come back."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine import relu
from ..engine import softplus as engine_softplus
from ..engine.errors import InputError
from ..experiments import across, dead, expected_dead
from ..experiments.across import SEEDS
from ..experiments.dead import BAD_STEP, PRESETS, REMEDIES, Dead, Run, leaky
from ..experiments.words import size
from .lab_controls import choice, minus, slider
from .labs import Kind, Lab, Result, Task, opened, rounded
from .modules import script, style
from .stepper import Stepper, stepper

FRAMES = 36                # steps of a run that the page has
REMEDY_NAMES = {"none": "none", "centre the inputs": "centred", "cap the step": "capped", "leaky ReLU": "leaky", "batch norm": "batch norm"}
STRENGTHS: dict[str, tuple[float, ...]] = {"spike": (1.0, 3.0, 10.0, 30.0, 60.0, 100.0), "bias": (0.0, -1.0, -2.0, -3.0, -4.0, -6.0),
                                           "offset": (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)}
CALLED = {"spike": "the bad step, times the rate", "bias": "biases at the start", "offset": "inputs moved by"}

CONTROLS = (
    choice("One remedy at a time", {name: {"remedy": remedy} for name, remedy in REMEDY_NAMES.items()}),
    slider("Biases start at", "bias", sorted(STRENGTHS["bias"]), minus),
    slider("Inputs moved by", "offset", STRENGTHS["offset"], "{0:g}, {0:g}".format),
    slider("The bad step, times the rate", "spike", STRENGTHS["spike"], lambda k: f"× {k:g}" if k != 1 else "none"),
    slider("Units", "units", (4, 8, 12, 16, 24, 32)),
    choice("The bad step takes", {"all points": {"one_class": False}, "class 1 alone": {"one_class": True}}, more=True),
    choice("Lines start", {"with that bias": {"middle": False}, "through the middle of the data": {"middle": True}}, more=True),
    choice("Hidden layers", {"one": {"depth": 1}, "two, the second watched": {"depth": 2}}, more=True),
    choice("Layer 1", {"trains": {"frozen": False}, "is frozen": {"frozen": True}}, more=True),
    slider("Weight decay", "decay", (0.0, 0.01, 0.03, 0.1, 0.3), more=True),
    choice("Decay", {"of weights": {"decay_biases": False}, "of weights and biases": {"decay_biases": True}}, more=True),
    slider("Points", "points", (16, 32, 64, 96, 128, 256), more=True),
    slider("Learning rate", "rate", (0.01, 0.03, 0.1, 0.3, 1.0), more=True),
    slider("Steps", "steps", (50, 100, 200, 300, 600), more=True),
    slider("Seed", "seed", (*range(20), *SEEDS), more=True),
)


def bad(settings: Dead) -> bool:
    """Whether one step is unlike the others."""
    return (settings.spike != 1 or settings.one_class) and settings.at < settings.steps


def word(settings: Dead) -> str:
    """What a unit is that is on for no point: a leaky one is not dead."""
    return "never on" if settings.remedy == "leaky" else "dead"


def subject(settings: Dead) -> str:
    """The settings in a few words, as a heading."""
    told = [f"one bad step × {settings.spike:g}" + (" on class 1" if settings.one_class else "")] if bad(settings) else []
    told += [f"biases of {minus(settings.bias)}"] if settings.bias else []
    told += [f"inputs moved by {minus(settings.offset)}"] if settings.offset and settings.remedy != "centred" else []
    told += [f"layer 1 {'frozen' if settings.frozen else 'trains'}"] if settings.depth > 1 else []
    told += [f"decay {settings.decay:g}" + (" of biases too" if settings.decay_biases else "")] if settings.decay else []
    remedy = next(name for name, value in REMEDY_NAMES.items() if value == settings.remedy)
    sizes = "-".join(["2", *[str(settings.units)] * settings.depth, "1"])
    return f"{sizes}; {', '.join(told) or 'nothing goes wrong'}; {'no remedy' if remedy == 'none' else remedy}"


def exact(settings: Dead) -> float | None:
    """The probability that a unit starts dead, where it is known."""
    if settings.depth > 1 or settings.middle or settings.remedy == "batch norm":
        return None
    return expected_dead(settings.data.X, np.sqrt(2 / 1.01) if settings.remedy == "leaky" else np.sqrt(2), settings.bias)


def first(settings: Dead) -> Result:
    """The run, with the steps that are drawn."""
    seen = dead.run(settings, record=True)
    X, y = settings.data
    frames = [seen.frames[k] for k in chosen(len(seen.frames), settings.at if bad(settings) else None)]
    chance = exact(settings)
    result: Result = {
        "subject": subject(settings), "word": word(settings), "bad": settings.at if bad(settings) else None,
        "X": rounded(X, 4), "y": y[:, 0].astype(int).tolist(),
        "steps": [one.step for one in frames], "loss": rounded([one.loss for one in frames]), "exact": None if chance is None else rounded(chance),
        "W": [rounded(one.W, 6) for one in frames], "b": [rounded(one.b, 6) for one in frames],
        "dead": ["".join("0" if lit.any() else "1" for lit in one.on.T) for one in frames],
        "share": [np.rint(100 * one.on.mean(0)).astype(int).tolist() for one in frames],
        "gradient": [rounded(one.gradient, 2) for one in frames], "output": [rounded(one.output, 2) for one in frames],
        "on": [[packed(column) for column in one.on.T] for one in frames] if settings.depth > 1 else None,
        "ask": ask(settings, seen), "note": note(settings), "words": dead.summary(settings, seen),
    }
    if bad(settings) and settings.at < len(seen.dead) - 1:
        killed = seen.killed(settings.at)
        negative = int((seen.output[settings.at][killed] < 0).sum())
        if len(killed):
            result["words"] += f" Of the {len(killed)} that it killed, {negative} had a negative weight to the output."
    return result


def chosen(count: int, at: int | None) -> list[int]:
    """Which of so many steps are drawn: both ends, those around the bad one, and others evenly."""
    if count <= FRAMES:
        return list(range(count))
    near = set() if at is None else {k for k in range(at - 2, at + 5) if 0 <= k < count}
    return sorted(near | {round(k * (count - 1) / (FRAMES - 1 - len(near))) for k in range(FRAMES - len(near))})


def packed(bits: np.ndarray) -> str:
    """Booleans as hexadecimal digits, four in each, the first the highest."""
    return np.packbits(bits).tobytes().hex()


def ask(settings: Dead, seen: Run) -> Result:
    """The prediction: how many units are dead at the end."""
    units, last = settings.units, int(seen.dead[-1].sum()) if len(seen.dead) else 0
    cuts = sorted({round(units * part) for part in (1 / 8, 3 / 8, 3 / 4)} - {units})
    ranges = list(zip([0, *(c + 1 for c in cuts)], [*cuts, units], strict=True))
    happens = [f"all biases start at {minus(settings.bias)}"] if settings.bias else []
    happens += [f"both inputs are moved by {settings.offset:g}"] if settings.offset and settings.remedy != "centred" else []
    if bad(settings):
        happens.append(f"step {settings.at} is taken at {settings.spike:g} times the rate{', on one class' if settings.one_class else ''}")
    happens += [f"layer 1 {'is frozen' if settings.frozen else 'keeps training'}"] if settings.depth > 1 else []
    what = f"{'; '.join(happens)}.".capitalize() if happens else "Nothing special happens."
    start = int(seen.dead[0].sum()) if len(seen.dead) else 0
    why = ("The layer below moves the inputs of dead units, and so some come back." if seen.returns else
           "Frozen inputs and a gradient of 0: nothing can change a dead unit." if settings.depth > 1 else
           "With errors of one sign the step pushes every unit of negative output weight down, and off centre its line does not meet "
           "the points again."
           if bad(settings) and settings.one_class and last > start else
           "A unit lives if its line still reaches the points: the longer its weights, the better." if settings.bias < 0 else
           "With bias 0 every line goes through the origin, and from there the points fill a narrow angle." if settings.offset and last else
           "Nothing has pushed a whole line off the data.")
    return {"question": f"{what} {start} of {units} units start {word(settings)}. How many are {word(settings)} after {settings.steps} steps?",
            "answers": [f"{low}" if low == high else f"{low} or {high}" if high == low + 1 else f"{low} to {high}" for low, high in ranges],
            "right": next(i for i, (low, high) in enumerate(ranges) if low <= last <= high), "told": f"At the end it is {last} of {units}. {why}"}


def note(settings: Dead) -> dict[str, str]:
    """What the chosen remedy does, and what it does not mend."""
    if settings.remedy == "none":
        return {}
    name = next(name for name, value in REMEDY_NAMES.items() if value == settings.remedy)
    return {"name": name, "does": REMEDIES[settings.remedy].does, "leaves": REMEDIES[settings.remedy].leaves}


def later(settings: Dead, found: Result, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """Twenty seeds."""
    counts = across(settings, counted, SEEDS, progress, cancel)
    if not counts:
        return {"seeds": {"words": "It was cancelled before the first seed was done.", "groups": []}}
    starts, ends, back = (list(column) for column in zip(*counts, strict=True))
    told = (f"{len(counts)} seeds from {SEEDS[0]}: of {settings.units} units {size(float(np.mean(starts)))} start {word(settings)} on average and "
            f"{size(float(np.mean(ends)))} end so, from {min(ends)} to {max(ends)}. {sum(back)} came back, in {sum(map(bool, back))} of the runs.")
    share = found.get("exact")
    groups: list[dict[str, Any]] = [{"title": f"{word(settings)} at the end", "values": ends, "range": [0, settings.units]}]
    if any(starts) or share:
        begin: dict[str, Any] = {"title": f"{word(settings)} at the start", "values": starts, "range": [0, settings.units]}
        groups.insert(0, {**begin, "mark": [share * settings.units, "expected"]} if share is not None else begin)
    return {"seeds": {"words": told, "groups": groups}}


def counted(settings: Dead) -> tuple[int, int, int]:
    """Dead units at the start and the end, and how many came back."""
    seen = dead.run(settings)
    return int(seen.dead[0].sum()), int(seen.dead[-1].sum()), seen.returns


def strength(settings: Dead) -> str:
    """The setting whose strength is varied."""
    return "bias" if settings.bias else "spike" if settings.spike != 1 else "offset" if settings.offset else "bias"


def sweep(settings: Dead, progress: Callable[[int, int], Any] | None, cancel: Callable[[], bool] | None) -> Result:
    """The dead units of ten seeds against the strength of what goes wrong."""
    field, rows = strength(settings), []
    values = STRENGTHS[field]
    for k, value in enumerate(values):
        now = settings.but(**{field: value})
        ends = [end for _, end, _ in across(now, counted, SEEDS[:10], None, cancel)]
        if cancel is not None and cancel():
            break
        rows.append({"value": value, "mean": rounded(float(np.mean(ends))), "low": min(ends), "high": max(ends), "exact": exact(now)})
        if progress is not None:
            progress(k + 1, len(values))
    return {"field": CALLED[field], "now": getattr(settings, field), "rows": rows}


def other(settings: Dead) -> Dead:
    """What to compare with first: the cause taken away, or the layer below frozen."""
    if settings.depth > 1:
        return settings.but(frozen=not settings.frozen)
    return settings.but(remedy="none" if settings.remedy != "none" else "centred" if settings.offset else "batch norm")


KIND = Kind(
    function="bl.dead_relu_lab", title="How a ReLU dies, and whether it comes back",
    lead="Two moons, one logit. A unit is dead when no point of these data switches it on: its gradient is then exactly 0.",
    settings=Dead, presets={"one bad step": BAD_STEP, **{name: PRESETS[name] for name in ("biases of -3", "inputs off centre", "a spike alone",
                                                                                        "units that come back", "the same with layer 1 frozen")}},
    controls=CONTROLS, first=first, later=later, doing="20 seeds", tasks={"sweep": Task("Vary the strength", "The strength, ten seeds each", sweep)},
    other=other, at_once=False,
    page=(*(BAD_STEP.but(spike=spike, remedy=remedy) for spike in (30.0, 100.0) for remedy in REMEDY_NAMES.values()),
          *(Dead(bias=bias) for bias in (-1.0, -2.0, -4.0)), *(Dead(offset=offset) for offset in (2.0,))))


class DeadReluLab(Lab):
    """The lab of dead ReLUs. `dead_relu_lab` makes it."""

    kind = KIND
    _esm = script("lab-dead.js")
    _css = style("base.css", "labs.css")

    def figure(self) -> Any:
        """The plane, the units through training and the dead, as a matplotlib Figure; A beside B where two are compared."""
        from .lab_figures import dead_figure
        return dead_figure(self._shown())

    def bad_step(self, unit: int | None = None) -> Stepper:
        """The gradient of the bad step in the stepper: every unit at once, or one of them, counted from 1.

        Raises
        ------
        InputError
            Where there is no bad step, for more than one hidden layer, with batch norm, and for a unit that is not there.
        """
        return bad_step(self.sides[0], unit)                              # type: ignore[arg-type]


def bad_step(settings: Dead, unit: int | None = None) -> Stepper:
    """The gradient of the bad step of these settings, in the stepper; see `DeadReluLab.bad_step`."""
    attempted = f"stepping through the bad step of {settings.code!r}"
    if not bad(settings):
        raise InputError(attempted, "all its steps are alike", "Set spike= or one_class=True, such as the preset 'one bad step'.")
    if settings.depth > 1 or settings.remedy == "batch norm":
        raise InputError(attempted, "it has two hidden layers or batch norm",
                         "The stepper shows one hidden layer without it: write depth=1, remedy='none'.")
    if unit is not None and not (isinstance(unit, int) and 1 <= unit <= settings.units):
        raise InputError(attempted, f"unit={unit!r}", f"The units are 1 to {settings.units}.")
    before = dead.run(settings.but(steps=settings.at)).params                # as they are when the bad step begins
    X, y = settings.data
    rows = y[:, 0] == 1 if settings.one_class else slice(None)
    X, y = X[rows], y[rows]
    activation: Any = leaky if settings.remedy == "leaky" else relu
    softplus: Any = engine_softplus                                          # under its own name: the stepper shows this source
    (W, b), (v, c) = ((layer["W"], layer["b"]) for layer in before)
    if unit is None:
        def J(W: Any, b: Any, v: Any, c: Any) -> Any:
            z = X @ W + b
            h = activation(z)
            u = h @ v + c
            J = np.mean(softplus(u) - y * u)
            return J
        return stepper(J, W=W, b=b, v=v, c=c)
    k = unit - 1
    others = np.maximum(X @ W + b, 0.0) if settings.remedy != "leaky" else np.asarray(leaky(X @ W + b))
    rest, target = (others @ v + c - others[:, k:k + 1] * v[k])[:, 0], y[:, 0]

    def one(w: Any, b: Any, v: Any) -> Any:
        z = X @ w + b
        h = activation(z)
        u = rest + v * h
        J = np.mean(softplus(u) - target * u)
        return J
    return stepper(one, w=W[:, k], b=float(b[k]), v=float(v[k, 0]))


def dead_relu_lab(settings: Dead | str | None = None, /, *, compare: Dead | str | bool | None = None, predict: bool = True,
                  **changes: Any) -> DeadReluLab:
    """Open the lab of dead ReLUs.

    Parameters
    ----------
    settings : Dead or str, optional
        A record, a code (``"dead bias=-3.0"``) or the name of a preset (``"one bad step"``).
    compare : Dead or str or True, optional
        Settings to stand beside them as B; True for the same with its cause taken away.
    predict : bool
        Cover the charts until the learner has said what they expect.
    **changes
        Single settings: ``bias=-2.0, remedy="leaky"``; see `backproplab.experiments.Dead`.

    Returns
    -------
    DeadReluLab
        A widget; ``lab.bad_step()`` opens its bad step in the stepper, ``lab.figure()`` draws it with matplotlib.

    Raises
    ------
    InputError, UnknownNameError
        For settings that cannot be.
    """
    return opened(DeadReluLab, settings, compare, predict, changes)


__all__ = ["DeadReluLab", "bad_step", "dead_relu_lab"]
