"""Questions in a code cell, as plain text: ask, answer, be told why. What is printed is the same every time, so notebooks can be tested."""
from __future__ import annotations

from typing import Any

from . import records
from .kinds.choosing import LETTERS
from .model import KINDS, Outcome, Posed, Question, judge
from .sentences import plain
from .variants import variant


class Asked:
    """A question that was asked. Its text is what a cell shows.

    Attributes
    ----------
    posed : Posed
    tries : int
        Answers that were judged.
    hints_shown : int
    done : bool
        Answered rightly, or revealed.
    """

    def __init__(self, posed: Posed, record: records.Record | None = None) -> None:
        self.posed, self._record = posed, record
        self.tries = self.hints_shown = 0
        self.done = False

    def check(self, answer: Any) -> Answered:
        """Judge an answer.

        Parameters
        ----------
        answer : str, number, list, function
            As the question's kind says: see the last line of its text. Text is read kindly: −3,5 and 1/4 and sqrt(2) are numbers.

        Returns
        -------
        Answered
            Prints as sentences; true when right.
        """
        outcome = judge(self.posed, answer)
        if outcome.verdict == "unreadable" or self.done:
            return Answered(outcome)
        self.tries += 1
        self.done = outcome.right
        return Answered(outcome, self._note(outcome, self.tries))

    def _note(self, outcome: Outcome, tries: int) -> str:
        """Note it in the record; what to say where that fails. A full disk must not keep anyone from an answer."""
        if self._record is None:
            return ""
        try:
            self._record.note(self.posed, outcome, tries, self.hints_shown)
        except records.RecordError as error:
            return f"(Not noted: {error.came_in}.)"
        return ""

    def hint(self) -> Said:
        """The next hint: first the principle, then the formula, then the numbers."""
        if not self.posed.hints:
            return Said("There is no hint to this question.")
        self.hints_shown = min(self.hints_shown + 1, len(self.posed.hints))
        return Said(f"Hint {self.hints_shown} of {len(self.posed.hints)}: {plain(self.posed.hints[self.hints_shown - 1])}")

    def reveal(self) -> Said:
        """The right answer; the question is then done, and not counted as right."""
        remark = "" if self.done else self._note(Outcome(False, verdict="revealed"), self.tries + 1)
        self.done = True
        answer = plain(KINDS[self.posed.kind].shown(self.posed)).strip().removesuffix(".")
        return Said(f"One answer is:\n\n{answer}\n{remark}".rstrip() if "\n" in answer else f"The answer is {answer}. {remark}".rstrip())

    def again(self, seed: Any = None) -> Asked:
        """The same question with other numbers."""
        next_seed = seed if seed is not None else self.posed.seed + 1 if isinstance(self.posed.seed, int) else f"{self.posed.seed}+"
        return Asked(variant(self.posed.id, next_seed), self._record)

    def __repr__(self) -> str:
        p, kind = self.posed, KINDS[self.posed.kind]
        lines = [plain(p.prompt)]
        lines += [f"    {line}" for line in p.code]
        if p.at:
            lines.append(f"at {p.at}")
        marks = [str(k + 1) for k in range(len(p.options))] if p.kind == "error" else LETTERS
        lines += [f"  {mark}  {plain(text)}" for mark, (text, _, _) in zip(marks, p.options, strict=False)]
        return "\n".join([*lines, f"Answer with {kind.answers}: .check(...)"])


class Said(str):
    """Text that a cell shows without quotation marks."""

    def __repr__(self) -> str:
        return str(self)


class Answered:
    """What was said about an answer. True when it is right."""

    def __init__(self, outcome: Outcome, remark: str = "") -> None:
        self.outcome, self.remark = outcome, remark

    def __bool__(self) -> bool:
        return self.outcome.right

    def __repr__(self) -> str:
        o = self.outcome
        opening = {"right": "Right.", "rounded": "", "unreadable": "Not read:", "looks like": "Not yet. A common mistake gives this:"}.get(
            o.verdict, "" if o.right else "Not yet.")
        return " ".join(part for part in (opening, plain(o.reason), plain(o.action), self.remark) if part)


def ask(question: str | Question, seed: Any = 0, record: records.Record | bool | None = None) -> Asked:
    """Ask a question in a code cell.

    Parameters
    ----------
    question : str or Question
        An id of ``bl.questions.QUESTIONS``.
    seed : int or str
        Other seeds, other numbers.
    record : Record or bool, optional
        Where to note what went right and wrong; True for the learner's own file; by default nothing is noted.

    Returns
    -------
    Asked
        With ``.check(answer)``, ``.hint()``, ``.reveal()`` and ``.again()``.

    Raises
    ------
    UnknownNameError
        When there is no such question.

    Examples
    --------
    >>> asked = ask("one-or-both")
    >>> asked.check("A")
    Not yet. That is = in place of +=: the first contribution is overwritten.
    """
    kept = records.record() if record is True else record or None
    return Asked(variant(question, seed), kept)
