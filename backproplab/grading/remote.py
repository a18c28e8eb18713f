"""A student's function, seen from the grader: called like any other, it asks the sandbox and gives back plain numbers."""
from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .inside.wire import DEEPEST
from .sandbox import Ended, Refused, Sandbox

DEFAULT_NAME = {"function": "gradients"}
MOST_SHOWN = 120                           # characters of an answer that a result repeats
ANSWER = "answer"                          # what the other kinds of question read


class Failed(Exception):
    """A call gave no numbers; `Remote.failure` says why."""


class Remote:
    """Stands for what a question's cell defined.

    Attributes
    ----------
    failure : (str, str) or None
        (message, name of an error) once a call has failed. Whatever is concluded from a call that failed does not count.
    partly : bool
        Whether the last call gave a dict with an entry that is nothing yet.
    """

    def __init__(self, sandbox: Sandbox, question: str) -> None:
        self._sandbox, self._question = sandbox, question
        self.failure: tuple[str, str] | None = None
        self.partly = False

    def __call__(self, **inputs: Any) -> Any:
        return self._asked("call", inputs)

    def run_calls(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> Any:
        """The results of the methods of a new object, in order."""
        return self._asked("make", [[method, list(values)] for method, values in calls])

    def _asked(self, do: str, arguments: Any) -> Any:
        try:
            came = self._sandbox.ask(do, self._question, arguments)
            self.partly = isinstance(came, dict) and unanswered(came)
            value = [numbers(part) for part in came] if do == "make" and isinstance(came, list) else numbers(_named(came))
        except Refused as refused:
            self.failure = ({"not here": "absent", "unsendable": "no numbers"}.get(refused.why, refused.why), refused.error)
        except Ended as ended:
            self.failure = (ended.why, "")
            raise
        except NotNumbers:
            self.failure = ("nothing" if unanswered(came) else "no numbers", "")
        else:
            if finite(value):
                return value
            self.failure = ("infinite", "")
        raise Failed


def _named(came: Any) -> Any:
    """What came back, without those entries of a dict that are no numbers, such as a cache: more than is asked does no harm."""
    if not isinstance(came, dict):
        return came
    kept = {}
    for key, part in came.items():
        with contextlib.suppress(NotNumbers):
            kept[key] = numbers(part, 1)
    return kept or came


class NotNumbers(Exception):
    """A value that is no number, no array of numbers, and no list or dict of these."""


def numbers(value: Any, depth: int = 0) -> Any:
    """A decoded value with nothing in it but floats and arrays of floats, in lists or dicts.

    Raises
    ------
    NotNumbers
    """
    if isinstance(value, dict):
        return {key: numbers(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        if depth and (whole := _array(value)) is not None:
            return whole
        if depth >= DEEPEST:
            raise NotNumbers
        return [numbers(part, depth + 1) for part in value]
    found = _array(value)
    if found is None:
        raise NotNumbers
    return found


def _array(value: Any) -> Any:
    if not _numeric(value):
        return None
    try:
        found = np.asarray(value)
    except (ValueError, TypeError):                                   # rows of different lengths
        return None
    return found.astype(float)[()] if found.dtype.kind in "biuf" else None


def _numeric(value: Any) -> bool:
    """Whether there is nothing but numbers: one long text among arrays would make NumPy write each of their numbers as long."""
    return all(map(_numeric, value)) if isinstance(value, list) else isinstance(value, (bool, int, float, np.ndarray))


def unanswered(value: Any) -> bool:
    """Whether a decoded value, or a part of it, is nothing: what a cell holds, and a function returns, before anything is written."""
    if isinstance(value, dict):
        value = list(value.values())
    return any(map(unanswered, value)) if isinstance(value, list) else value is None


def parts(value: Any) -> int:
    """Of how many parts a decoded value is; the empty rows of an array are some too."""
    if isinstance(value, np.ndarray):
        return math.prod(n or 1 for n in value.shape)
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(parts, value)) if isinstance(value, list) else 1


def typed(value: Any) -> Any:
    """A decoded value as a learner would have typed it: arrays as lists, whole floats as whole numbers."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [typed(part) for part in value]
    return value


def as_read(value: Any) -> str:
    """An answer as it was read, as short text, so that whoever asks why it is wrong sees what was marked."""
    text = repr(typed(value))
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}\N{HORIZONTAL ELLIPSIS}"


def finite(value: Any) -> bool:
    """Whether every number in a decoded value is one."""
    if isinstance(value, list):
        return all(map(finite, value))
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    return not isinstance(value, (float, np.ndarray)) or bool(np.all(np.isfinite(value)))
