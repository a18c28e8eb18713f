"""What a learner predicted in the stepper, noted in the learner's record under the objectives of the bank's questions.

What was weak in the stepper so comes back as questions about new graphs.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.run import Run
from . import typed
from .asks import Ask, ask_step
from .bank.derivatives import CHAIN, GATES
from .bank.forks import PATHS
from .bank.shapes import LAYER, SHAPES
from .generators import hash_of
from .matching import verdict
from .records import Record, entry

SLIPS = 8                                 # wrong answers of one ask that are looked at
VALUES = "work out values line by line"
OBJECTIVES = {"value": VALUES, "upstream": CHAIN, "local": GATES, "product": CHAIN, "sum": PATHS, "gradient": CHAIN, "entry": LAYER, "row": LAYER,
              "shape": SHAPES}


def note_steps(record: Record, run: Run, answers: Mapping[str, Mapping[str, Any]], noted: Collection[str] = ()) -> frozenset[str]:
    """Note the predictions that are done, each once.

    Parameters
    ----------
    record : Record
    run : Run
        What was stepped through.
    answers : mapping of str to mapping
        By "step:kind" or "step:kind:consumer", as `asks` counts steps: ``{"done", "right", "tries", "hints", "text", "slips"}``, the last
        the wrong answers before. What comes from a page is not trusted: a key that names no ask of this run is left out.
    noted : collection of str
        Keys that were noted before.

    Returns
    -------
    frozenset of str
        `noted` and the keys noted now; to be handed in the next time.

    Raises
    ------
    RecordError
        When the record cannot be written; nothing is noted then.
    """
    found = [(key, made) for key, a in answers.items() if key not in noted and a.get("done") for made in _entries(run, key, a)]
    if found:
        record.add(made for _, made in found)
    return frozenset(noted) | {key for key, _ in found}


def objective_of(ask: Ask, run: Run) -> str:
    """What an ask exercises."""
    if ask["kind"] == "gradient" and len(run.variables[ask["of"]].uses) > 1:
        return PATHS
    return OBJECTIVES[ask["kind"]]


def _entries(run: Run, key: str, answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    parts = re.fullmatch(r"(\d{1,6}):(\w+)(?::(.+))?", key)
    if not parts or int(parts[1]) >= len(run.steps):
        return
    for ask in ask_step(run, run.steps[int(parts[1])], named=True):
        if (ask["kind"], ask.get("through")) == (parts[2], parts[3]):
            right = bool(answer.get("right"))
            where = hash_of(repr([(n, np.asarray(v).tolist()) for n, v in run.inputs.items()]))
            yield entry(f"stepper: {run.name}", f"{key} at {where:012x}", objective_of(ask, run), right, _count(answer, "tries"),
                        _count(answer, "hints"), dict.fromkeys(n for text in _typed(answer, right) for n in mistakes(ask, text)))


def _typed(answer: Mapping[str, Any], right: bool) -> list[Any]:
    """The wrong answers that were typed, the last ones."""
    slips = answer.get("slips")
    return [*(slips[-SLIPS:] if isinstance(slips, list) else ()), *([] if right else [answer.get("text", "")])]


def _count(answer: Mapping[str, Any], name: str) -> int:
    given = answer.get(name, 0)
    return max(0, int(given)) if isinstance(given, (int, float)) and np.isfinite(given) else 0


def mistakes(ask: Ask, text: Any) -> list[str]:
    """The names of the mistakes that a typed answer looks like."""
    if ask["kind"] == "shape" or not isinstance(text, str) or not text.strip():
        return []
    try:
        answer = typed.array(text) if ask["kind"] == "row" else typed.number(text)
    except typed.AnswerError:
        return []
    right, *wrong = [np.array(v, float)[()] for v in (ask["answer"], *(w["value"] for w in ask["wrong"]))]
    said, near = verdict(answer, right, wrong)
    return [n for n in ask["wrong"][near[0]]["names"] if n] if said == "looks like" else []
