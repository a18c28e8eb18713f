"""Find the error: a backward pass with one line made wrong."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...engine.expressions import Call, Constant, Expression, Symbol, simplify, substitute, total
from ...engine.folding import Variable
from ...engine.run import Run, Step
from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, QuestionError, correct, kind, mistaken
from ..sentences import quoted
from ..typed import AnswerError, cannot, number
from .programs import OPTIONAL, PARAMETERS, programs

MUCH = 1e-3                               # a planted error changes the gradient by more than this share


def planted(run: Run, v: Variable) -> list[tuple[str, Expression, str]]:
    """(misconception, wrong right-hand side, why it is wrong) of one line."""
    terms = [c.expression for c in v.uses]
    found: list[tuple[str, Expression, str]] = []
    name = quoted(v.name)
    for k, c in enumerate(v.uses if len(terms) > 1 else ()):
        found.append(("one-path", total([t for j, t in enumerate(terms) if j != k]),
                      f"{name} is used by {quoted(c.consumer)} as well: that contribution is missing."))
    for k, c in enumerate(v.uses):
        symbol = run.gradient_symbols[c.consumer]
        others = [t for j, t in enumerate(terms) if j != k]
        bare = simplify(substitute(c.expression, {symbol: Constant(1)}))
        if c.consumer != run.output and bare != c.expression:
            found.append(("no-upstream", total([*others[:k], bare, *others[k:]]), f"The upstream gradient of {quoted(c.consumer)} is missing."))
            value = substitute(c.expression, {symbol: Symbol(c.consumer)})
            found.append(("value-upstream", total([*others[:k], value, *others[k:]]),
                          f"It multiplies by the value of {quoted(c.consumer)} instead of its gradient."))
        turned = negated(c.expression)
        found.append(("sign", total([*others[:k], turned, *others[k:]]),
                      f"The sign of what comes back through {quoted(c.consumer)} is turned round."))
    return found


def differs(run: Run, wrong: Expression, step: Step) -> bool:
    """Does the planted line read differently, and give another number?"""
    if str(wrong) == str(step.expression):
        return False
    try:
        value = np.asarray(run.evaluate(wrong), float)
    except (ValueError, TypeError):
        return False
    return np.shape(value) != np.shape(step.value) or bool(np.max(np.abs(value - step.value)) > MUCH * np.max(np.abs(step.value)))


def negated(e: Expression) -> Expression:
    """-g_b / c rather than -(g_b / c): where a minus would stand in a derivation."""
    if isinstance(e, Call) and e.head == "neg":
        return e.args[0]
    if isinstance(e, Call) and e.head in ("*", "/", "@"):
        return Call(e.head, (negated(e.args[0]), e.args[1]))
    return Call("neg", (e,))


@kind
class Error(Kind):
    """Which line is wrong?"""

    name = "error"
    parameters = PARAMETERS
    optional = {k: v for k, v in OPTIONAL.items() if k in ("at", "sides")}
    prompt = "One of these lines of the backward pass is wrong. Which?"
    answers = "the number of a line"
    written = "the number of a line, as 2"

    def pose(self, question: Question, seed: Any) -> Posed:
        for attempt, program in enumerate(programs(question, seed)):
            run, draw = program.run(), Draw(question.id, seed, attempt, "error")
            steps = [s for s in run.steps if s.phase == "backward" and s.expression is not None]
            choices = [(k, *made) for k, s in enumerate(steps) for made in planted(run, s.variable) if differs(run, made[1], s)]
            if choices:
                wanted = draw.choice(list(dict.fromkeys(c[1] for c in choices)))
                at, name, e, why = draw.choice([c for c in choices if c[1] == wanted])
                break
        else:
            raise QuestionError(f"posing the question {question.id!r}", "no line of its program can be made wrong",
                                "Give a program with more lines.")
        symbols = run.gradient_symbols
        lines = [f"{symbols[s.name]} = {e if k == at else s.expression}" for k, s in enumerate(steps)]
        right = f"{symbols[steps[at].name]} = {steps[at].expression}"
        reasons = [f"{quoted(line)} is right: every use of {quoted(s.name)} is there, with its upstream."
                   for s, line in zip(steps, lines, strict=True)]
        reasons[at] = f"{why} It should read {quoted(right)}."
        hints = ("Count the uses of each variable in the program, and the terms of its gradient.",
                 "In each term look for the upstream, then for the local derivative.")
        return self.posed(question, seed, at + 1, {"out": run.output}, code=tuple(program.lines), hints=hints, facts={"planted": name},
                          options=tuple((line, k == at, why) for k, (line, why) in enumerate(zip(lines, reasons, strict=True))))

    def judge(self, posed: Posed, given: Any) -> Outcome:
        try:
            line = number(given).value
        except AnswerError:
            line = 0.0
        if line != int(line) or not 1 <= line <= len(posed.options):
            raise cannot(str(given), f"Give the number of a line, 1 to {len(posed.options)}.")
        _, right, reason = posed.options[int(line) - 1]
        return correct(reason) if right else mistaken(reason)

    def shown(self, posed: Posed) -> str:
        return f"line {posed.answer}: {posed.options[posed.answer - 1][2]}"
