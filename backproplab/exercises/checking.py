"""A student's own check of a question of the package's bank, on its public cases: feedback at once, and no grade."""
from __future__ import annotations

from typing import Any

from ..questions import judge, variant
from ..questions.model import known
from ..questions.sentences import plain
from .report import Report

PUBLIC = 0                                # the seed of the public cases; marks come from others


def check(question: str, answer: Any, seed: Any = PUBLIC) -> Report:
    """Try an answer on a question's public cases.

    Parameters
    ----------
    question : str
        An id of ``bl.questions.QUESTIONS``.
    answer
        As the question's kind says: for code, the function or class itself.
    seed : int or str, optional
        Of the variant, for questions with numbers of their own.

    Returns
    -------
    Report
        Prints as a few plain lines; true when right. It says so on public cases: marks come from cases that nobody has seen.

    Raises
    ------
    UnknownNameError
        When there is no such question.
    """
    q = known(question)
    outcome = judge(variant(q, seed), answer)
    reason = " ".join(part for part in (plain(outcome.reason).strip(), plain(outcome.action).strip()) if part)
    if outcome.right:
        return Report(q.id, (reason or "Right on the public cases.",))
    return Report(q.id, (), (reason or "Not right on the public cases.",))


