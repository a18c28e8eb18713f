"""A question is data: what it asks, of which kind, with which parameters; a kind poses it and judges the answer.

A question is declared once, with `question(...)`, in a file of `bank/` or in a notebook cell. `variant(id, seed)` poses it with numbers
of its own; equal seeds pose equal questions on every machine.
"""
from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..engine.errors import BackpropError, UnknownNameError, listed


class QuestionError(BackpropError, ValueError):
    """A question that cannot be declared or posed."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is declared.

    Attributes
    ----------
    id : str
        Unique, and the seed's first half.
    objective : str
        What a learner can do who answers it, in a few words; practice comes back by objective.
    kind : str
        A name in `KINDS`: "number", "array", "shape", "choice", "formula", "function", "task", "graph", "order" or "error".
    prompt : str
        With slots in braces that the kind fills; "" for the kind's own.
    parameters : mapping
        What the kind needs; `KINDS[kind].parameters` explains them.
    hints : tuple of str
        From the principle to the detail; () for the kind's own.
    points : float
    """

    id: str
    objective: str
    kind: str
    prompt: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with its numbers: a variant.

    Attributes
    ----------
    id, seed, kind, objective, points
        Of the question.
    prompt : str
        Names in `backticks`.
    code : tuple of str
        Lines of a program to look at; () for none.
    at : str
        Where it runs: "x = 1.4, z = 0.7".
    answer : number, list or str
        As JSON carries it.
    options : tuple of (str, bool, str)
        To choose from, or lines to order or to point at: text, right, reason.
    wrong : tuple of dict
        ``value, why, action, names`` of the mistakes that are known, screened.
    hints : tuple of str
    extra : mapping
        More that a page needs to judge, as JSON carries it.
    facts : mapping
        What judging here needs beyond that: a run, runs at other points. Not in `data`.
    """

    id: str
    seed: Any
    kind: str
    objective: str
    points: float
    prompt: str
    answer: Any
    code: tuple[str, ...] = ()
    at: str = ""
    options: tuple[tuple[str, bool, str], ...] = ()
    wrong: tuple[dict[str, Any], ...] = ()
    hints: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def data(self) -> dict[str, Any]:
        """Everything that a page without a kernel needs, as JSON carries it."""
        return {"id": self.id, "seed": self.seed, "kind": self.kind, "objective": self.objective, "points": self.points, "prompt": self.prompt,
                "code": list(self.code), "at": self.at, "answer": self.answer, "wrong": list(self.wrong), "hints": list(self.hints),
                "options": [{"text": t, "right": r, "why": why} for t, r, why in self.options], **self.extra}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said about an answer.

    Attributes
    ----------
    right : bool
    reason, action : str
        Names in `backticks`.
    share : float
        Of the points, 0 to 1.
    names : tuple of str
        Families of the mistakes that were recognised.
    verdict : str
        "right", "rounded", "looks like", "shape", "unknown", "wrong", "revealed" or "unreadable". An answer that could not be read does
        not count as an attempt.
    """

    right: bool
    reason: str = ""
    action: str = ""
    share: float = 0.0
    names: tuple[str, ...] = ()
    verdict: str = ""

    def __bool__(self) -> bool:
        return self.right


def correct(reason: str = "") -> Outcome:
    return Outcome(True, reason, "", 1.0, (), "right")


def mistaken(reason: str, action: str = "", names: tuple[str, ...] = (), verdict: str = "wrong", share: float = 0.0) -> Outcome:
    return Outcome(False, reason, action, share, names, verdict)


class Kind:
    """How questions of one kind are posed and judged. A kind is one subclass in a file of `kinds/`.

    Attributes
    ----------
    name : str
    parameters : dict of str to str
        Required ones -> what they are.
    optional : dict of str to str
    prompt : str
        Used where a question has none.
    answers : str
        How an answer is given, in a few words.
    written : str
        How it is written in a cell, in a few words.
    """

    name = ""
    parameters: dict[str, str] = {}
    optional: dict[str, str] = {}
    prompt = ""
    answers = "a number"
    written = "your answer"

    def pose(self, question: Question, seed: Any) -> Posed:
        """The variant of a seed.

        Raises
        ------
        QuestionError
            When none can be found that is fair to ask.
        """
        raise NotImplementedError

    def judge(self, posed: Posed, given: Any) -> Outcome:
        """What is said about an answer; an AnswerError where it cannot be read."""
        raise NotImplementedError

    def shown(self, posed: Posed) -> str:
        """The right answer in words."""
        return str(posed.answer)

    def posed(self, question: Question, seed: Any, answer: Any, slots: Mapping[str, str], **rest: Any) -> Posed:
        """A variant with the question's own words where it has any."""
        hints = tuple(h.format_map(slots) for h in question.hints) or tuple(rest.pop("hints", ()))
        rest.pop("hints", None)
        prompt = (question.prompt or self.prompt).format_map(slots)
        return Posed(question.id, seed, self.name, question.objective, question.points, prompt, answer, hints=hints, **rest)


KINDS: dict[str, Kind] = {}
QUESTIONS: dict[str, Question] = {}


def kind(cls: type[Kind]) -> type[Kind]:
    """Class decorator: makes a kind known."""
    KINDS[cls.name] = cls()
    return cls


def question(id: str, objective: str, kind: str, prompt: str = "", *, hints: tuple[str, ...] | list[str] = (), points: float = 1.0,
             **parameters: Any) -> Question:
    """Declare a question; declaring an id again replaces it, so that a notebook cell can be run twice.

    Parameters
    ----------
    id : str
    objective : str
        What it practises, in a few words.
    kind : str
        A name in ``KINDS``; what that kind takes is in ``KINDS[kind].parameters`` and, where it may be left out, ``KINDS[kind].optional``.
    prompt : str, optional
        Its text, in place of the kind's own.
    hints : sequence of str, optional
        From the gentlest on.
    points : float, optional
        What it counts where it is marked.
    **parameters
        As the kind says.

    Returns
    -------
    Question

    Raises
    ------
    QuestionError
        For an unknown kind, and for parameters that are missing or unknown to it.

    Examples
    --------
    A question is one call, in a file of the bank or in a notebook cell:

    >>> made = question("cube", "multiply along a path", "number", program="a = x**3; y = 2 * a", at={"x": (0.5, 2.5)}, asked="x")
    >>> from backproplab.questions import variant
    >>> variant("cube", 1).kind
    'number'
    >>> del QUESTIONS["cube"]
    """
    attempted = f"declaring the question {id!r}"
    if kind not in KINDS:
        raise QuestionError(attempted, f"its kind is {kind!r}", f"The kinds are {listed(KINDS)}.")
    if isinstance(points, bool) or not isinstance(points, numbers.Real) or not 0 <= points < math.inf:
        raise QuestionError(attempted, f"its points are {points!r}", "Points are a number from 0 on, such as 2 or 0.5.")
    k = KINDS[kind]
    missing = [p for p in k.parameters if p not in parameters]
    unknown = [p for p in parameters if p not in k.parameters and p not in k.optional]
    if missing or unknown:
        came = " and ".join([f"it {verb} {listed(names)}" for verb, names in (("lacks", missing), ("has", unknown)) if names])
        explained = "; ".join(f"{n}: {text}" for n, text in (k.parameters | k.optional).items())
        raise QuestionError(attempted, came, f"A question of the kind {kind} takes {explained}.")
    made = Question(id, objective, kind, prompt, parameters, tuple(hints), points)
    QUESTIONS[id] = made
    return made


def known(id: str | Question) -> Question:
    """The question of that id.

    Raises
    ------
    UnknownNameError
        With the ids that are near.
    """
    if isinstance(id, Question):
        return id
    try:
        return QUESTIONS[id]
    except (KeyError, TypeError):
        import difflib
        near = difflib.get_close_matches(str(id), QUESTIONS, 3) or list(QUESTIONS)[:6]
        raise UnknownNameError(f"looking for the question {id!r}", f"there are {len(QUESTIONS)}, among them {listed(near)}",
                               "Use one of these ids; bl.questions.QUESTIONS lists them all.") from None


def judge(posed: Posed, given: Any) -> Outcome:
    """Judge an answer to a variant; one that cannot be read is an outcome too, not an error."""
    from .typed import AnswerError
    if given is ...:                                                 # what stands in a cell that is handed out
        return mistaken("Nothing is answered yet.", "Put your answer in place of the three dots.", verdict="unreadable")
    try:
        return KINDS[posed.kind].judge(posed, given)
    except AnswerError as error:
        return mistaken(str(error), verdict="unreadable")
