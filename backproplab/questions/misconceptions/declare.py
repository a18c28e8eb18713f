"""How a known mistake is written down: the wrong computation, why it is wrong, what to do instead, and a case to recognise it by.

A mistake recomputes the number that a learner who makes it would write, from the same run. There are six kinds, each a function of
one line in letters that the lessons use:

    rule      a wrong backward rule, in the operation's own letters:     rule("divide", 1, lambda g, out, x, y: g * x / y**2)
    path      what is wrong with upstream times local, whatever the operation:      path(lambda p: p.send(p.ones))
    fork      how the contributions of several uses are put together:               fork(lambda terms: terms[-1])
    finished  something done to the finished gradient:                              finished(lambda a: -a.right)
    layout    the right array in the other layout: looked for first, since a wrong transpose gives it too
    forward   a wrong value, in the operation's own letters:             forward("log", lambda x: np.log10(x))

A function returns the wrong value, a list of them when the mistake has several forms, or None where it does not apply.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Mistake:
    """One form of a misconception.

    Attributes
    ----------
    kind : str
        "rule", "path", "fork", "finished", "layout" or "forward".
    wrong : callable
    operation : str
        For a rule: whose.
    slot : int or None
        For a rule: the gradient of which input; None for each.
    variant : str
        Which form: rules of one misconception and one variant, for several operations, are one mistake, and who makes it makes it at
        all of them.
    term : int or None
        At a fork: which contribution was kept, or left out.
    """

    kind: str
    wrong: Callable[..., Any]
    operation: str = ""
    slot: int | None = None
    variant: str = ""
    term: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A program in one line, where it is run, and an answer: what a misconception must recognise, or must not.

    Attributes
    ----------
    program : str
        Assignments separated by semicolons; the last one is the output.
    inputs : dict
    asked : str
        The variable whose gradient (for a forward mistake: whose value) is asked.
    answer : number or list
        Worked out by hand.
    """

    program: str
    inputs: dict[str, Any]
    asked: str
    answer: Any = None

    def with_answer(self, answer: Any) -> Case:
        return replace(self, answer=answer)


@dataclass(frozen=True, slots=True)
class Misconception:
    """A known mistake.

    Attributes
    ----------
    id : str
    mistakes : tuple of Mistake
        Its forms, in the order in which they are tried.
    reason, action : str
        Why the answer is wrong, and what to write. Slots: {subject} the learner's number, or the gradient where the slip is; {at} the
        variable at which it was made, {node} the asked one; {consumer} the variable that it flows back from, {consumer_is} with its value;
        {upstream} the name of its gradient, {upstream_is} with its number; {local} the local derivative; {factors} the two as a product;
        {paths}, {count} and {times} the uses (`a` and `b`; two; twice), {through} the one of a fork; {operation} in words.
    recognises, refuses : Case
    family : str
        Misconceptions of one family often give one number and share one name; by default the id.
    says : dict of str to (str, str)
        Reason and action of variants that deserve their own.
    title : str
        A few words for a table, of the first of a family for all of it.
    """

    id: str
    mistakes: tuple[Mistake, ...]
    reason: str
    action: str
    recognises: Case
    refuses: Case
    family: str = ""
    says: dict[str, tuple[str, str]] = field(default_factory=dict)
    title: str = ""

    def sentences(self, variant: str = "") -> tuple[str, str]:
        """(reason, action) of a variant, slots unfilled."""
        return self.says.get(variant, (self.reason, self.action))


MISCONCEPTIONS: dict[str, Misconception] = {}


def title_of(family: str) -> str:
    """What a family of misconceptions is called in a table; its name where none of it has a title."""
    return next((m.title for m in MISCONCEPTIONS.values() if m.family == family and m.title), family.replace("-", " "))


def misconception(id: str, *mistakes: Mistake | Sequence[Mistake], reason: str, action: str, recognises: Case, refuses: Case,
                  family: str = "", says: dict[str, tuple[str, str]] | None = None, title: str = "") -> Misconception:
    """Declare a misconception. The order of declaration is the order of matching.

    Parameters
    ----------
    id : str
        Unique; declaring it again replaces it, so that a notebook cell can be run twice.
    *mistakes : Mistake, or sequence of them
    reason, action : str
    recognises, refuses : Case
    family : str, optional
    says : dict, optional
    title : str, optional

    Returns
    -------
    Misconception

    Examples
    --------
    A misconception of one's own is one call, in a file or in a notebook cell:

    >>> import numpy as np
    >>> made = misconception("cos-as-sec", rule("cos", 0, lambda g, out, x: g / np.cos(x)),
    ...     reason="{subject} divides by the cosine.", action="The derivative of cos is −sin: here {local}.",
    ...     recognises=Case("y = np.cos(x)", {"x": 1.0}, "x", 1.850816), refuses=Case("y = np.cos(x)", {"x": 1.0}, "x", 0.841471))
    >>> made.family
    'cos-as-sec'
    >>> del MISCONCEPTIONS["cos-as-sec"]
    """
    flat = tuple([m for given in mistakes for m in ([given] if isinstance(given, Mistake) else given)])
    made = Misconception(id, flat, reason, action, recognises, refuses, family or id, says or {}, title)
    MISCONCEPTIONS[id] = made
    return made


def rule(operations: str, slot: int | None, wrong: Callable[..., Any], variant: str = "") -> list[Mistake]:
    """A wrong backward rule, for each of the operations named (one or several words)."""
    return [Mistake("rule", wrong, name, slot, variant) for name in operations.split()]


def path(wrong: Callable[..., Any], variant: str = "") -> Mistake:
    """A wrong use of upstream and local: a function of a `Path`."""
    return Mistake("path", wrong, variant=variant)


def fork(wrong: Callable[..., Any], variant: str = "", term: int | None = None) -> Mistake:
    """A wrong way to put contributions together: a function of their list; it is asked only where there are several."""
    return Mistake("fork", lambda terms: wrong(terms) if len(terms) > 1 else None, variant=variant, term=term)


def finished(wrong: Callable[..., Any], variant: str = "") -> Mistake:
    """Something done to the finished gradient: a function of `Finished`."""
    return Mistake("finished", wrong, variant=variant)


def layout(wrong: Callable[..., Any]) -> Mistake:
    return Mistake("layout", wrong)


def forward(operations: str, wrong: Callable[..., Any], variant: str = "") -> list[Mistake]:
    """A wrong value, for each of the operations named."""
    return [Mistake("forward", wrong, name, None, variant) for name in operations.split()]
