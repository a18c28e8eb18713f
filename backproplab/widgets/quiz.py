"""The quiz widget: questions of the bank, or of one's own, of every kind, one at a time."""
from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from ..engine.errors import InputError
from ..questions import MISCONCEPTIONS, QUESTIONS, AnswerError, Outcome, Posed, Question, Record, RecordError, judge, record, variant
from .modules import script, style
from .typed_code import defined

PROGRAMMED = ("function", "task")         # kinds that are answered by code
NAMES = {m.family for m in MISCONCEPTIONS.values()}      # of mistakes: what comes from a page is not trusted


class Quiz(anywidget.AnyWidget):
    """Questions with their numbers, and what was answered. `quiz` makes it.

    Attributes
    ----------
    state : dict
        The questions, as a page without a kernel needs them.
    answers : dict
        By number: ``{"done", "right", "tries", "hints", "mistakes", "value", "said"}``.
    problem : str
        Why answers cannot be kept, where they cannot.
    wanted, judged : dict
        An answer that only Python can judge (a formula, a function), and what it says.
    """

    _esm = script("quiz.js")
    _css = style("base.css", "quiz.css")
    state = traitlets.Dict().tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)
    judged = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)

    def __init__(self, posed: list[Posed], kept: Record | None = None, **rest: Any) -> None:
        self.posed, self.record = posed, kept
        self._noted: set[str] = set()
        self._keys = {str(k) for k in range(len(posed))}
        super().__init__(state={"id": "quiz", "questions": [p.data for p in posed]}, **rest)

    @traitlets.observe("wanted")
    def _judge(self, change: Any) -> None:
        index, value = int(change["new"].get("index", -1)), change["new"].get("value")
        if 0 <= index < len(self.posed):
            outcome = judged(self.posed[index], value)
            self.judged = {"index": index, "number": change["new"].get("number", 0), "said": said(outcome)}

    @traitlets.observe("answers")
    def _note(self, change: Any) -> None:
        """Keep what is done in the learner's record, once; a full disk keeps nobody from going on."""
        for key, answer in change["new"].items():
            if answer.get("done") and key not in self._noted and key in self._keys:
                self._noted.add(key)
                if self.record is not None:
                    right, named = bool(answer.get("right")), tuple(n for n in dict.fromkeys(answer.get("mistakes") or ()) if n in NAMES)
                    try:
                        self.record.note(self.posed[int(key)], Outcome(right, names=named, verdict="right" if right else "revealed"),
                                         int(answer.get("tries", 1)), int(answer.get("hints", 0)))
                    except RecordError as error:
                        self.problem = f"Your answers are not kept: {error.came_in}."

    def __repr__(self) -> str:
        return f"<Quiz: {', '.join(p.id for p in self.posed)}>"


def judged(posed: Posed, value: Any) -> Outcome:
    """An answer from the page: code is defined first, everything else is text as it was typed."""
    if posed.kind in PROGRAMMED:
        try:
            value = defined(value, posed.facts.get("parameters", {}).get("name", ""))
        except AnswerError as error:
            return Outcome(False, str(error), verdict="unreadable")
    return judge(posed, value)


def said(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the page shows it."""
    if outcome.verdict == "rounded":
        return {"kind": "right", "mark": "✓ Right, rounded early.", "text": outcome.action}
    known = {"unreadable": ("hint", "Not read."), "looks like": ("wrong", "Not yet. Looks like this:")}
    kind, mark = ("right", "✓ Right.") if outcome.right else known.get(outcome.verdict, ("wrong", "Not yet."))
    return {"kind": kind, "mark": mark, "text": " ".join(filter(None, (outcome.reason, outcome.action)))} | (
        {"names": list(outcome.names)} if outcome.names else {})


def quiz(*questions: str | Question, seed: Any = 0, count: int = 5, keep: bool | Record = False) -> Quiz:
    """Ask questions.

    Parameters
    ----------
    *questions : str or Question
        Ids of ``bl.questions.QUESTIONS``, an objective, or questions of one's own; without any, what the learner's record says is weak.
    seed : int or str
        Other seeds, other numbers.
    count : int
        How many, where none are named.
    keep : bool or Record
        Note what went right and wrong in the learner's own file, which stays on this machine.

    Returns
    -------
    Quiz
        A widget. Formulas and functions are checked by the kernel, everything else in the page.

    Raises
    ------
    UnknownNameError
        When there is no such question or objective.
    InputError
        When `count` is not a positive number.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 100:
        raise InputError("making a quiz", f"count is {count!r}", "Ask for 1 to 100 questions.")
    kept = keep if isinstance(keep, Record) else record() if keep else None
    if not questions:
        return Quiz([variant(q, s) for q, s in (kept or record()).practice(count)], kept)
    chosen: list[str | Question] = []
    for q in questions:
        of_objective = [known.id for known in QUESTIONS.values() if known.objective == q]
        chosen += of_objective or [q]
    return Quiz([variant(q, seed) for q in chosen], kept)
