"""What to ask at a step of a run before its numbers are shown, as data that needs no kernel.

Every ask has its answer, the wrong answers with their reasons, and three hints from the principle to the numbers. At a forward step
the value is asked; at a backward step, for every use of the variable, the upstream, the local derivative, their product and the
running sum; then the gradient itself. Arrays are asked by one entry, by a row, or by their shape.
"""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.folding import Variable
from ...engine.run import Run, Step
from .arrays import array_asks
from .material import Ask, Material
from .numbers import backward_asks, forward_ask

# How help fades: at each level these kinds are asked and the others are shown. Help with the upstream goes first.
FADING: dict[str, tuple[str, ...]] = {
    "upstream": ("value", "upstream", "shape"),
    "local": ("value", "upstream", "local", "shape"),
    "sum": ("value", "upstream", "local", "product", "sum", "gradient", "shape", "row"),
    "all": ("value", "gradient", "shape", "entry", "row"),
}


def asks(run: Run) -> list[list[Ask]]:
    """For every step of a run, what may be asked there.

    Returns
    -------
    list of list of dict
        One list for each of ``run.steps``; empty where a value is given, and at the output, whose gradient is. See `ask_step`.
    """
    material = Material(run)
    return [_asked(material, step) for step in run.steps]


def ask_step(run: Run, step: Step, named: bool = False) -> list[Ask]:
    """What may be asked at one step.

    Parameters
    ----------
    run : Run
    step : Step
        One of its steps.
    named : bool
        Each wrong answer then also has ``names``, the mistakes that lead to it.

    Returns
    -------
    list of dict
        JSON data, in the order of a ledger. Each has

        ``kind``      "value", "upstream", "local", "product", "sum", "gradient"; of arrays "entry", "row", "shape"
        ``of``        the variable; ``through`` its consumer, where one link is meant
        ``question``  names in `backticks`
        ``answer``    a number; for "row" and "shape" a list
        ``wrong``     [{"value", "why", "action"}], none within tolerance of the answer or of another
        ``hints``     the principle, the formula, the numbers put in
        ``at``        for "entry" and "row": the index; ``cell`` its row and column in the grid that shows the array
        ``trivial``   True where the answer is 0 or plus or minus 1 and tells little

        How near an answer must be is ``TOLERANCE.data``, the same for all; which kinds to ask at which level of help is ``FADING``.
    """
    return _asked(Material(run, named), step)


def _asked(material: Material, step: Step) -> list[Ask]:
    with np.errstate(all="ignore"):
        return [a for a in _every(material, step.phase, step.variable) if a is not None]


def _every(m: Material, phase: str, v: Variable) -> Iterator[Ask | None]:
    if phase == "forward":
        if v.expression is not None and np.asarray(v.value).dtype.kind == "f":
            yield from array_asks(m, v, phase) if v.shape else [forward_ask(m, v)]
    elif v.uses:
        yield from backward_asks(m, v)
        if v.shape:
            yield from array_asks(m, v, phase)


__all__ = ["FADING", "Ask", "ask_step", "asks"]
