"""Steps to be put in order; every order in which each step finds what it needs is right."""
from __future__ import annotations

import re
from typing import Any

from ...engine.expressions import symbols
from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, QuestionError, correct, kind, mistaken
from ..sentences import quoted
from ..typed import cannot
from .choosing import LETTERS
from .programs import OPTIONAL, programs

SHUFFLES = 20


def ordered(given: Any, count: int) -> list[int]:
    """An order as places: "C A B", "3, 1, 2", [3, 1, 2].

    Raises
    ------
    AnswerError
    """
    if isinstance(given, str):
        parts = [p for p in re.split(r"[\s,;>→-]+", given.strip()) if p]
        if len(parts) == 1 and len(parts[0]) == count and count > 1:
            parts = list(parts[0])
    elif isinstance(given, (list, tuple)):
        parts = [str(p).strip() for p in given]
    else:
        raise cannot(str(given), f"Write the letters in the order you want, such as {' '.join(LETTERS[:count])}.")
    found = [LETTERS.index(p.upper()) if len(p) == 1 and p.upper() in LETTERS else int(p) - 1 if p.isdecimal() and len(p) < 4 else -1
             for p in parts]
    if sorted(found) != list(range(count)):
        raise cannot(str(given), f"Name each of the {count} steps once, such as {' '.join(LETTERS[:count])}.")
    return found


@kind
class Order(Kind):
    """Lines to sort: those of a backward pass, or steps that are given with what they need."""

    name = "order"
    parameters: dict[str, str] = {}
    optional = {"steps": "[(text, places of the steps that it needs)], in a right order", "program": "one whose backward pass is to be ordered",
                "at": OPTIONAL["at"], "sides": OPTIONAL["sides"]}
    prompt = "Put these lines of the backward pass of `{out}` in an order in which each finds what it needs."
    answers = "letters, such as B A C"
    written = 'letters in quotes, as "B A C"'

    def pose(self, question: Question, seed: Any) -> Posed:
        steps, out = self._steps(question, seed)
        if not 2 <= len(steps) <= len(LETTERS):
            raise QuestionError(f"posing the question {question.id!r}", f"it has {len(steps)} steps", f"Give 2 to {len(LETTERS)}.")
        draw, places = Draw(question.id, seed, "order"), list(range(len(steps)))
        for _ in range(SHUFFLES):                                    # never one that is right as it stands
            places = draw.shuffled(places)
            shuffled = [(steps[p][0], tuple(places.index(n) for n in steps[p][1])) for p in places]
            if self._broken(list(range(len(steps))), shuffled):
                break
        answer = [places.index(k) for k in range(len(steps))]
        hints = ("Each line needs the gradients on its right-hand side.", f"It begins with {quoted(steps[0][0])}.")
        return self.posed(question, seed, answer, {"out": out}, options=tuple((t, True, "") for t, _ in shuffled), hints=hints,
                          extra={"needs": [list(n) for _, n in shuffled]}, facts={"steps": shuffled})

    def _steps(self, question: Question, seed: Any) -> tuple[list[tuple[str, tuple[int, ...]]], str]:
        if "steps" in question.parameters:
            return [(t, tuple(n)) for t, n in question.parameters["steps"]], ""
        if "program" not in question.parameters:
            raise QuestionError(f"posing the question {question.id!r}", "it has neither steps nor a program", "Give one of them.")
        run = next(programs(question, seed)).run()
        names = run.gradient_symbols
        by = {s: v for v, s in names.items()}
        steps: list[tuple[str, tuple[int, ...]]] = []
        done: list[str] = []
        for step in run.steps:
            if step.phase == "backward":
                right = str(step.expression) if step.expression is not None else "1"
                needs = {by[s] for s in symbols(step.expression) if s in by} if step.expression is not None else set()
                steps.append((f"{names[step.name]} = {right}", tuple(done.index(n) for n in done if n in needs)))
                done.append(step.name)
        return steps, run.output

    def _broken(self, order: list[int], steps: list[tuple[str, tuple[int, ...]]]) -> tuple[int, int] | None:
        """(a step that comes too early, one that it needs), or None."""
        seen: set[int] = set()
        for k in order:
            for need in steps[k][1]:
                if need not in seen:
                    return k, need
            seen.add(k)
        return None

    def judge(self, posed: Posed, given: Any) -> Outcome:
        steps = posed.facts["steps"]
        order = ordered(given, len(steps))
        broken = self._broken(order, steps)
        if broken is None:
            return correct()
        early, need = broken
        return mistaken(f"{quoted(steps[early][0])} comes too early: it needs {quoted(steps[need][0])}.",
                        "Begin with a line that needs nothing unknown.", ("order",))

    def shown(self, posed: Posed) -> str:
        return " ".join(LETTERS[k] for k in posed.answer)
