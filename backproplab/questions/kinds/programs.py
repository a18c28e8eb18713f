"""A program with numbers drawn for it, until the question about it is fair to ask.

Fair: the answer is none of 0, 1 and -1, no known mistake leads to a number that would pass as right (unless it does so at all inputs), and
mistakes that lead to one number at these inputs, but not in general, are kept apart by drawing again.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.errors import listed
from ...engine.run import Run
from ...notation import digits
from .. import sentences
from ..account import Account
from ..candidates import Candidate, Silent, candidates, searched
from ..draws import Draw
from ..generators import Program, written
from ..matching import TOLERANCE
from ..model import Question, QuestionError
from ..screening import APART, Wrong, apart

SCOPES = ("here", "everywhere", "finished", "link")
DRAWS = 12                                # looked at for one in which mistakes that can be told apart are
MOST = 60                                 # looked at for one that is fair at all
SMALLEST, LARGEST = 1e-3, 1e4             # answers that can be typed

PARAMETERS = {"program": "assignments separated by semicolons, or a function of a Draw that makes a Program"}
OPTIONAL = {"at": "for a program in text: {name: (low, high)} of numbers, {name: ('N', 'D')} of arrays, {name: value}",
            "sides": "for arrays: {'N': (2, 4), ...}; different sides where possible",
            "asked": "the variable, or several to draw from; without it any that is fair",
            "given": "'values' to show the forward values"}


@dataclass(frozen=True, slots=True)
class Setup:
    """A run that may be asked about one of its variables."""

    program: Program
    account: Account
    asked: str
    found: tuple[Candidate, ...]
    pairs: tuple[tuple[str, str], ...] = ()          # families that lead to one number here

    @property
    def run(self) -> Run:
        return self.account.run

    @property
    def right(self) -> Any:
        return self.run.variables[self.asked].gradient

    @property
    def at(self) -> str:
        """x = 1.4, z = 0.7; an array by its shape."""
        return ", ".join(f"{n} = {digits(v)}" if np.ndim(v) == 0 else f"{n} = {np.asarray(v).tolist()}" for n, v in self.run.inputs.items())

    def wrong(self) -> list[Wrong]:
        box = self.account.boxes[self.asked]
        return [Wrong(c.value, c.misconception.family, *sentences.told(self.account, box, sentences.called(c.value), c)) for c in self.found]


def programs(question: Question, seed: Any) -> Iterator[Program]:
    """Programs of a question, one after the other: the same text with other numbers, or another text each time."""
    p = question.parameters
    made: str | Callable[[Draw], Program] = p["program"]
    if not callable(made) and not p.get("at"):
        raise QuestionError(f"posing the question {question.id!r}", "its program is a text, and nothing says what comes in",
                            "Give a range for each input: at={'x': (0.5, 2.0)}.")
    for attempt in range(MOST):
        draw = Draw(question.id, seed, attempt)
        if callable(made):
            yield made(draw)
            continue
        sides = distinct_sides(draw, p.get("sides", {}))
        inputs = {n: drawn(draw, v, sides) for n, v in p.get("at", {}).items()}
        yield written([line.strip() for line in made.split(";")], inputs)


def distinct_sides(draw: Draw, sides: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """A length for each side, different ones where their ranges allow."""
    found: dict[str, int] = {}
    for name, (low, high) in sides.items():
        free = [n for n in range(low, high + 1) if n not in found.values()] or list(range(low, high + 1))
        found[name] = draw.choice(free)
    return found


def drawn(draw: Draw, what: Any, sides: Mapping[str, int]) -> Any:
    """A number from a range, an array of named sides, or the value itself."""
    if isinstance(what, tuple) and all(isinstance(s, str) for s in what):
        return draw.array(*[sides[s] for s in what])
    if isinstance(what, tuple):
        return draw.readable(*what)
    return what


def setup(question: Question, seed: Any, array: bool = False) -> Setup:
    """The first fair setup of a seed.

    Raises
    ------
    QuestionError
        When there is none: the question should be declared differently.
    """
    best: tuple[int, Setup] | None = None
    for number, program in enumerate(programs(question, seed)):
        found = fair(program, wanted(question, program, Draw(question.id, seed, number, "asked")), array)
        if found is None:
            continue
        extra = [p for p in found.pairs if p not in structural(found, question, seed)] if found.pairs else []
        if not extra:
            return found
        if best is None or len(extra) < best[0]:
            best = len(extra), found
        if number >= DRAWS:
            break
    if best is not None:
        return best[1]
    raise QuestionError(f"posing the question {question.id!r} with the seed {seed!r}", f"none of {MOST} draws was fair to ask",
                        "Widen the ranges of its inputs, or ask for another variable.")


def wanted(question: Question, program: Program, draw: Draw) -> list[str]:
    """Variables to try, in the order to try them."""
    asked = question.parameters.get("asked")
    if isinstance(asked, str):
        return [asked]
    return draw.shuffled(list(asked)) if asked else []


def fair(program: Program, names: Sequence[str], array: bool) -> Setup | None:
    """The first variable that can be asked fairly, or None."""
    run = program.run()
    if not np.all(np.isfinite(np.asarray(run.value))):
        return None
    account = Account(run)
    for name in names or [b.name for b in reversed(account.order) if b.links and bool(np.ndim(b.value)) == array]:
        if name not in account.boxes:
            raise QuestionError(f"asking for the gradient of {name!r}", f"the program has {listed(account.boxes)}", "Ask for one of these.")
        right = account.right[account.boxes[name]]
        size = float(np.max(np.abs(right), initial=0))
        if not np.all(np.isfinite(right)) or not SMALLEST <= size <= LARGEST or not np.ndim(right) and size == 1:
            continue
        found, silent = searched(account, name, SCOPES)
        if all(apart(c.value, right, 2 * TOLERANCE.close) for c in found) and not by_chance(program, run, name, silent):
            return Setup(program, account, name, tuple(found), collisions(found))
    return None


def by_chance(program: Program, run: Run, name: str, silent: frozenset[Silent]) -> frozenset[Silent]:
    """The mistakes that lead to the right number here and not nearby: the wrong factor of x * z, where x = z."""
    for k in range(2):
        account = nearby(program, run, Draw("nearby", k))
        if account is not None:
            silent -= searched(account, name, SCOPES)[1]
    return silent


def nearby(program: Program, run: Run, draw: Draw) -> Account | None:
    """The program at other inputs that have nothing in particular; None where it has no finite value."""
    moved = {n: np.asarray(v, float) * (0.7 + 0.6 * draw.real()) + 0.01 * draw.real() for n, v in run.inputs.items()}
    other = program.run(**{n: v[()] for n, v in moved.items()})
    return Account(other) if np.all(np.isfinite(np.asarray(other.value))) else None


def collisions(found: Sequence[Candidate]) -> tuple[tuple[str, str], ...]:
    """Families of which two mistakes lead to one number."""
    pairs = set()
    for k, c in enumerate(found):
        for d in found[:k]:
            a, b = c.misconception.family, d.misconception.family
            if a != b and not apart(c.value, d.value, 2 * APART):
                pairs.add((min(a, b), max(a, b)))
    return tuple(sorted(pairs))


def structural(s: Setup, question: Question, seed: Any) -> set[tuple[str, str]]:
    """Pairs that lead to one number at every input: no numbers tell them apart, so they share one message."""
    kept: set[tuple[str, str]] | None = None
    for k in range(3):
        account = nearby(s.program, s.run, Draw(question.id, seed, "generic", k))
        if account is None:
            continue
        found = candidates(account, s.asked, SCOPES)
        pairs = {(min(a, b), max(a, b)) for i, c in enumerate(found) for d in found[:i]
                 if (a := c.misconception.family) != (b := d.misconception.family) and not apart(c.value, d.value, 1e-7)}
        kept = pairs if kept is None else kept & pairs
    return kept or set()


def table_of(run: Run) -> str:
    """The forward values, in words."""
    return ", ".join(f"`{v.name}` = {sentences.shown(v.value)}" for v in run.variables.values() if v.expression is not None)
