"""What a wrong gradient looks like: an answer compared with the right number and with the number of every known mistake."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError, UnknownNameError, listed
from ..engine.run import Run
from . import sentences, typed
from .account import Account, Box
from .candidates import SCOPES, Candidate, candidates, same
from .matching import MOST_NAMES, TOLERANCE, Tolerance, distance, verdict
from .typed import Typed

LONG = 30                                 # characters of an answer that are repeated as they were typed
COMPUTED = Tolerance(relative=1e-6, most=1e-6, close=2e-6, rounded=2e-6)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one answer looks like.

    Attributes
    ----------
    name : str
        The variable.
    verdict : str
        "right", "rounded" (right, with digits lost on the way), "follow-through" (right for the learner's own earlier answers),
        "looks like", "shape" or "unknown".
    answer : str
        As it was given.
    found : tuple of Candidate
        The mistakes that lead to this number, at most two.
    reason, action : str
        Why, and what to do; names in `backticks`.
    """

    name: str
    verdict: str
    answer: str
    found: tuple[Candidate, ...] = ()
    reason: str = ""
    action: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The families of the mistakes."""
        return tuple(c.misconception.family for c in self.found)

    @property
    def ids(self) -> tuple[str, ...]:
        """The mistakes themselves."""
        return tuple(c.misconception.id for c in self.found)

    @property
    def right(self) -> bool:
        """Is it to be counted as right? Rounded and following from an earlier slip count."""
        return self.verdict in ("right", "rounded", "follow-through")

    def __bool__(self) -> bool:
        return self.right

    def __str__(self) -> str:
        said = sentences.plain(" ".join(part for part in (self.reason, self.action) if part))
        opening = {"right": "Right.", "looks like": "Not yet. A common mistake gives this:"}.get(self.verdict, "" if self.right else "Not yet.")
        return f"{self.name}: {opening} {said}".replace(":  ", ": ").rstrip()


class Diagnoses(Mapping[str, Diagnosis]):
    """The diagnoses of several answers, by variable; prints one paragraph each."""

    def __init__(self, found: Mapping[str, Diagnosis]) -> None:
        self._found = dict(found)

    def __getitem__(self, name: str) -> Diagnosis:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return "\n".join(map(str, self._found.values()))


def diagnose(run: Run, answers: Mapping[str, Any], given: Mapping[str, Any] | None = None, tolerance: Tolerance = TOLERANCE,
             scopes: tuple[str, ...] = SCOPES) -> Diagnoses:
    """Say what the mistakes behind wrong gradients look like.

    Parameters
    ----------
    run : Run
    answers : dict of str to answer
        Gradients by the variable's name: numbers, arrays, or the text that was typed, best with five digits: with fewer than four,
        what is near the right number is taken for rounding. An answer counts as the learner's own for those further down.
    given : dict of str to answer, optional
        Gradients that the learner wrote before.
    tolerance : Tolerance
    scopes : tuple of str
        Where mistakes are looked for.

    Returns
    -------
    Diagnoses
        A mapping of name to `Diagnosis`, in the order of the backward pass. It prints as sentences.

    Raises
    ------
    UnknownNameError
        For a name that has no gradient in this run.
    InputError
        When the answers are not a dict.
    AnswerError
        For an answer that cannot be read.

    Examples
    --------
    >>> import backproplab as bl
    >>> def f(x, z):
    ...     a = x * z
    ...     b = a**2
    ...     y = a + b
    ...     return y
    >>> diagnose(bl.trace(f, x=3.0, z=2.0), {"a": "12.00"})
    a: Not yet. A common mistake gives this: a is used twice, in b and y, and 12.00 is what comes back through b alone. ...
    """
    if not isinstance(run, Run) or not isinstance(answers, Mapping):
        raise InputError("diagnosing gradients", f"diagnose was given {type(run).__name__} and {type(answers).__name__}",
                         "Give it a run and a dict of gradients, as in bl.diagnose(bl.trace(f, x=2.0), {'x': 6.18}).")
    account = Account(run)
    for name in [*answers, *(given or {})]:
        if name not in account.boxes:
            raise UnknownNameError(f"diagnosing the gradient of {name!r} in {run.name}", f"gradients exist for {listed(account.boxes)}",
                                   "Use one of these names.")
    fixed = {account.boxes[n]: read(v, account.boxes[n]).value for n, v in (given or {}).items()}
    found: dict[str, Diagnosis] = {}
    for box in account.order:
        if box.name in answers:
            found[box.name] = _one(account, box, answers[box.name], fixed, tolerance, scopes)
            fixed[box] = read(answers[box.name], box).value
    return Diagnoses(found)


def read(answer: Any, box: Box) -> Typed:
    """An answer for one variable: a number where it is a scalar, else an array."""
    if isinstance(answer, Typed):
        return answer
    several = isinstance(answer, (list, tuple)) or isinstance(answer, np.ndarray) and answer.ndim > 0
    return typed.array(answer) if np.ndim(box.value) or several else typed.number(answer)


def _one(account: Account, box: Box, given: Any, fixed: Mapping[Box, Any], tolerance: Tolerance, scopes: tuple[str, ...]) -> Diagnosis:
    answer = read(given, box)
    written = "".join(c for c in " ".join(given.split()) if c.isprintable()) if isinstance(given, str) else ""
    text = written if 0 < len(written) <= LONG and not np.ndim(answer.value) else sentences.called(answer.value)
    right = account.right[box]
    above = account.above(box) - {box}
    changed = {b: v for b, v in fixed.items() if b in above and np.shape(v) == np.shape(b.value) and not same(v, account.right[b])}
    followed = account.replay(box, fixed=changed) if changed else None
    wrong = (candidates(account, box.name, scopes, changed) if changed else []) + candidates(account, box.name, scopes)
    said, near = verdict(answer, right, [c.value for c in wrong], followed, tolerance)
    kept = leading([wrong[k] for k in near])
    if said == "looks like":
        pairs = [sentences.told(account, box, text, c, fixed) for c in kept]
        return Diagnosis(box.name, said, text, tuple(kept), *sentences.either(pairs))
    if said == "follow-through":
        first = next(b for b in account.order if b in changed)
        table = {"at": sentences.quoted(first.name)}
        return Diagnosis(box.name, said, text, (), sentences.FOLLOWS[0].format_map(table), sentences.FOLLOWS[1].format_map(table))
    if said == "rounded":
        return Diagnosis(box.name, said, text, (), *sentences.ROUNDED)
    if said == "right":
        return Diagnosis(box.name, said, text)
    if np.shape(answer.value) != np.shape(box.value):
        return Diagnosis(box.name, "shape", text, (), *sentences.of_shape(box.name, np.shape(box.value), np.shape(answer.value)))
    return Diagnosis(box.name, said, text, (), *sentences.unknown(account, box, text))


def leading(found: list[Candidate], most: int = MOST_NAMES) -> list[Candidate]:
    """The first candidate of each family, at most two."""
    kept: dict[str, Candidate] = {}
    for c in found:
        kept.setdefault(c.misconception.family, c)
    return list(kept.values())[:most]


def of_claim(run: Run, name: str, claim: Any) -> Diagnosis:
    """The diagnosis of a gradient that a program computed, or that was typed into one.

    A mistake that is small here passes for rounding in a typed number; a computed one has all its digits, and is looked at to a millionth.
    """
    answer = {name: np.asarray(claim, float)[()]}
    found = diagnose(run, answer)[name]
    if found.verdict in ("right", "rounded"):
        exact = diagnose(run, answer, tolerance=COMPUTED)[name]
        return exact if exact.verdict == "looks like" else found
    return found


def name_mistake(run: Run, name: str, claim: Any) -> str:
    """The sentences for one wrong gradient, without marks: what `check_gradients(claimed=...)` shows beside it."""
    found = of_claim(run, name, claim)
    if found.verdict == "unknown":
        return ""
    if found.right:
        right = run.grads[name]
        share = 100 * distance(np.asarray(claim, float)[()], right) / max(float(np.max(np.abs(right), initial=0)), 1e-300)
        return sentences.NEARLY.format(share=f"{share:.1g}" if share >= 1e-4 else "less than 0.0001")
    opening = "Looks like this: " if found.verdict == "looks like" else ""
    return sentences.plain(f"{opening}{found.reason} {found.action}").strip()
