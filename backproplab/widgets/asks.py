"""The question of a step: what the learner is asked before its numbers are shown."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..engine.run import Run, Step


def ask(step: Step, run: Run) -> dict[str, Any] | None:
    """What to ask at a step.

    Returns
    -------
    dict or None
        ``question``, ``answer`` (a finite number), ``help`` after an unknown wrong answer, ``wrong`` answers with their reasons and, for
        an entry of an array, its ``cell``. None where there is nothing to work out: a given value, a number that is not finite.
    """
    v = step.variable
    if step.phase == "forward":
        if v.expression is None or np.ndim(v.value) or any(np.ndim(run.values.get(n, 0)) for n in v.inputs):
            return None
        return _asked(f"What is `{v.name}`?", v.value, "Put the numbers into the formula below.")
    if not v.uses:
        return None
    if np.ndim(v.gradient) == 0:
        many = len(v.uses)
        table = f"Fill the table: upstream × local for each of the {many} rows, then add."
        return _asked(f"What is the gradient of `{v.name}`?", v.gradient, table if many > 1 else "Upstream × local: which is which here?")
    if not np.size(v.gradient):
        return None
    gradient = np.asarray(v.gradient)
    at = tuple(int(k) for k in np.unravel_index(int(np.argmax(np.abs(np.where(np.isfinite(gradient), gradient, 0)))), gradient.shape))
    asked = _asked(f"What is entry [{', '.join(map(str, at))}] of the gradient of `{v.name}`?", gradient[at],
                   "Multiply row by column as the operator says, for this one entry.")
    return asked and asked | {"cell": _cell(at, gradient.shape)}


def _asked(question: str, answer: Any, help_: str) -> dict[str, Any] | None:
    if np.asarray(answer).dtype.kind not in "fiu" or not np.isfinite(answer):
        return None
    return {"question": question, "answer": float(answer), "help": help_, "wrong": []}


def _cell(at: tuple[int, ...], shape: tuple[int, ...]) -> list[int]:
    """(row, column) of an entry in the grid that shows an array: leading axes are flattened into rows."""
    if len(at) == 1:
        return [0, at[0]]
    return [int(np.ravel_multi_index(at[:-1], shape[:-1])), at[-1]]
