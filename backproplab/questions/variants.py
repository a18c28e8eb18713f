"""Variants of a question: the same for equal seeds on every machine, screened, with a report of what each can tell apart."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, quoted_line, without_package
from .matching import TOLERANCE
from .model import KINDS, Posed, Question, QuestionError, known
from .screening import APART, apart


def variant(question: str | Question, seed: Any = 0) -> Posed:
    """A question posed with numbers of its own.

    Parameters
    ----------
    question : str or Question
        An id of ``QUESTIONS``, or a question.
    seed : int or str
        Equal seeds, equal variants.

    Returns
    -------
    Posed

    Raises
    ------
    UnknownNameError
        For an id that does not exist.
    QuestionError
        When no variant is fair to ask, and when the question's own program or functions stop.
    """
    q = known(question)
    try:
        with np.errstate(all="ignore"):
            return KINDS[q.kind].pose(q, seed)
    except QuestionError:
        raise
    except Exception as error:                                       # an author's own lines run here: of a program, of draws, of a solution
        raise _stopped(q, error) from error


def _stopped(q: Question, error: Exception) -> QuestionError:
    """What stopped a question while it was posed, with the author's own line where there is one."""
    attempted, stopped = f"posing the question {q.id!r}", f"it stopped with {type(error).__name__}"
    if isinstance(error, BackpropError):                             # says where by itself
        return QuestionError(attempted, f"{stopped}: {error.attempted}: {error.came_in}", error.instead)
    theirs = without_package(error.__traceback__)
    while theirs is not None and theirs.tb_next is not None:
        theirs = theirs.tb_next
    where = quoted_line(theirs.tb_frame) if theirs is not None else ""
    return QuestionError(attempted, f"{stopped}{where}: {error}", "Mend its program, its inputs or its solution.")


@dataclass(frozen=True, slots=True)
class Report:
    """What a variant can tell apart.

    Attributes
    ----------
    id : str
    seed
    apart : tuple of tuple of str
        Groups of mistakes; those of one group lead to one number here and share a message.
    hidden : tuple of str
        Mistakes that would pass as right. Never any in a variant that `variant` made.
    doubled : int
        Pairs of wrong answers that are one number. Never any.
    """

    id: str
    seed: Any
    apart: tuple[tuple[str, ...], ...]
    hidden: tuple[str, ...] = ()
    doubled: int = 0

    @property
    def fair(self) -> bool:
        return not self.hidden and not self.doubled

    def __str__(self) -> str:
        groups = ", ".join(" = ".join(g) for g in self.apart) or "no known mistake"
        hidden = f"; passes as right: {', '.join(self.hidden)}" if self.hidden else ""
        doubled = f"; {self.doubled} pairs are one number" if self.doubled else ""
        return f"{self.id} ({self.seed}) tells apart {groups}{hidden}{doubled}"


def report(posed: Posed) -> Report:
    """Look at a variant's wrong answers once more, from its data alone."""
    groups = tuple(dict.fromkeys(tuple(w.get("names", ())) for w in posed.wrong))
    if posed.kind not in ("number", "array"):
        same = [tuple(w["names"]) for w in posed.wrong if w["value"] == posed.answer]
        return Report(posed.id, posed.seed, groups, tuple(n for names in same for n in names))
    right, values = _array(posed.answer), [_array(w["value"]) for w in posed.wrong]
    hidden = tuple(n for w, v in zip(posed.wrong, values, strict=True) if not apart(v, right, TOLERANCE.close) for n in w["names"])
    doubled = sum(not apart(v, w, APART) for k, v in enumerate(values) for w in values[:k])
    return Report(posed.id, posed.seed, groups, hidden, doubled)


def screening(questions: Sequence[str | Question], seeds: Sequence[Any]) -> list[Report]:
    """Reports of many variants; those that are not `fair` first."""
    found = [report(variant(q, s)) for q in questions for s in seeds]
    return sorted(found, key=lambda r: r.fair)


def _array(v: Any) -> Any:
    return np.array(v, float)[()]
