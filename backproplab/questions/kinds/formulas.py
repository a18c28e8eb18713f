"""A gradient as a formula, in names. It is computed at several points: equal numbers everywhere mean an equal formula."""
from __future__ import annotations

import re
from typing import Any

import numpy as np

from ...engine.expressions import Expression, symbols
from ...engine.run import Run
from ...notation import FormulaError, read, typed_names, value
from ..account import Account
from ..asks.material import Material
from ..asks.numbers import gradient_hints
from ..candidates import same
from ..diagnosis import of_claim
from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, correct, kind, mistaken
from ..sentences import quoted, shown
from ..typed import cannot, tidied
from .programs import OPTIONAL, PARAMETERS, Setup, setup

POINTS = 3
TOLERANCE = 1e-8                          # relative: formulas are computed, not typed


@kind
class Formula(Kind):
    """Write a gradient from upstream gradients and values."""

    name = "formula"
    parameters = PARAMETERS
    optional = OPTIONAL
    prompt = "Write the gradient of `{asked}` as a formula of the gradients of the variables that use it, and of values."
    answers = "a formula, such as g_b * cos(a)"
    written = 'a formula in quotes, as "g_b * cos(a)"'

    def pose(self, question: Question, seed: Any) -> Posed:
        s = setup(question, seed)
        v = s.run.variables[s.asked]
        hints = gradient_hints(Material(s.run), v)[:1] + [f"Begin with {quoted(s.run.gradient_symbols[v.uses[0].consumer])}."]
        e = " + ".join(str(c.expression) for c in v.uses).replace("+ -", "- ")
        return self.posed(question, seed, f"{s.run.gradient_symbols[s.asked]} = {e}", {"asked": s.asked, "out": s.run.output, "at": s.at},
                          code=tuple(s.program.lines), hints=hints, facts={"runs": points(s, question, seed), "asked": s.asked})

    def judge(self, posed: Posed, given: Any) -> Outcome:
        runs: list[Run] = posed.facts["runs"]
        asked: str = posed.facts["asked"]
        try:
            e = formula(given, runs[0], asked)
        except FormulaError as error:
            raise cannot(str(given), told(error)) from None
        try:
            numbers = [value(e, run.scope) for run in runs]
        except FormulaError as error:
            return mistaken(f"`{str(given).strip()}` cannot be computed: {told(error)}", "Write the shapes under the factors.", ("shape",), "shape")
        if all(same(np.asarray(n, float)[()], run.grads[asked], TOLERANCE) for n, run in zip(numbers, runs, strict=True)):
            return correct()
        if not any(True for _ in symbols(e)):
            return mistaken("This is a number.", "Write it in names, so that it holds whatever the inputs are.", ("number",))
        if np.shape(numbers[0]) != np.shape(runs[0].grads[asked]):
            return mistaken(f"This has shape {np.shape(numbers[0])}, and {quoted(asked)} has shape {np.shape(runs[0].grads[asked])}.",
                            "A gradient has the shape of its variable.", ("shape",), "shape")
        found = [of_claim(run, asked, n) for n, run in zip(numbers, runs, strict=True) if np.all(np.isfinite(n))]
        common = set.intersection(*(set(f.names) for f in found)) if found else set()
        if common:                                                   # the same mistake at every point
            first = next(c for c in found[0].found if c.misconception.family in common)
            text = f"`{str(given).strip()}`"
            reason, action = found[0].reason, found[0].action
            return Outcome(False, reason.replace(found[0].answer, text, 1), action, 0.0, (first.misconception.family,), "looks like")
        hint = gradient_hints(Material(runs[0]), runs[0].variables[asked])[0]
        return mistaken(where(runs, numbers, asked), hint)


def where(runs: list[Run], numbers: list[Any], asked: str) -> str:
    """A point at which a formula gives something else than the gradient."""
    k = next(k for k, run in enumerate(runs) if not same(np.asarray(numbers[k], float)[()], run.grads[asked], TOLERANCE))
    inputs = runs[k].inputs
    if any(np.ndim(v) for v in inputs.values()):
        return "It gives another array than the gradient."
    at = ", ".join(f"{quoted(n)} = {shown(v)}" for n, v in inputs.items())
    return f"At {at} it gives {shown(numbers[k])}, and the gradient there is {shown(runs[k].grads[asked])}."


def told(error: FormulaError) -> str:
    """What came in, and what to write, as sentences."""
    parts = [p.strip().rstrip(".") for p in (error.came_in, error.instead) if p]
    ended = [p if p.endswith("?") else f"{p}." for p in parts]
    return " ".join(p[0].upper() + p[1:] if k else p for k, p in enumerate(ended))


def formula(given: Any, run: Run, asked: str) -> Expression:
    """What was typed as an expression of what may stand in it.

    Raises
    ------
    FormulaError, AnswerError
    """
    if not isinstance(given, str):
        raise cannot(repr(given), "Write a formula as text, such as 'g_b * cos(a)'.")
    text = re.sub(r"^[^=]*=", "", given.strip()).strip() if given.count("=") == 1 else given.strip()
    if not tidied(text):
        raise cannot(given, "Nothing was typed: write a formula, such as g_b * cos(a).")
    e = read(text, typed_names(run), {n: np.ndim(v) for n, v in run.scope.items() if n in run.variables or n in run.gradient_symbols.values()})
    account = Account(run)
    allowed = {b.name for b in account.above(account.boxes[asked])} - {asked}
    by = {s: v for v, s in run.gradient_symbols.items()}
    for s in symbols(e):
        if s in by and by[s] == asked:
            raise cannot(given, f"{s} is what is asked: write it with other names.")
        if s in by and by[s] not in allowed:
            raise cannot(given, f"{s} is not known yet when the gradient of {asked} is computed: use those of the variables that use {asked}.")
    return e


def points(s: Setup, question: Question, seed: Any) -> list[Run]:
    """The program's run, and runs at other points."""
    runs = [s.run]
    for k in range(40):
        if len(runs) == POINTS:
            break
        draw = Draw(question.id, seed, "points", k)
        moved = {n: (np.asarray(v, float) * (0.7 + 0.6 * draw.real()) + 0.01)[()] for n, v in s.run.inputs.items()}
        run = s.program.run(**moved)
        if np.isfinite(run.value) and np.all(np.isfinite(run.grads[s.asked])):
            runs.append(run)
    return runs
