"""The shape of a gradient, before any of its numbers."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...engine.errors import listed
from .. import typed
from ..asks.arrays import shape_ask
from ..asks.material import Material
from ..asks.numbers import gradient_hints
from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, QuestionError, correct, kind, mistaken
from ..sentences import quoted
from .programs import OPTIONAL, PARAMETERS, programs


@kind
class Shape(Kind):
    """A gradient's shape; the sides are drawn different from each other, so that a wrong arrangement shows."""

    name = "shape"
    parameters = PARAMETERS
    optional = OPTIONAL
    prompt = "What shape is the gradient of `{out}` by `{asked}`?"
    answers = "a shape, such as (3, 4); scalar for a number"
    written = "a shape, as (3, 4); () for a number"

    def pose(self, question: Question, seed: Any) -> Posed:
        program = next(programs(question, seed))
        run = program.run()
        names = question.parameters.get("asked") or [v.name for v in run.variables.values() if v.uses and v.shape]
        asked = names if isinstance(names, str) else Draw(question.id, seed, "asked").choice(list(names))
        if asked not in run.variables or not run.variables[asked].uses:
            raise QuestionError(f"posing the question {question.id!r}", f"it asks for the gradient of {asked!r}",
                                f"The program has {listed(run.variables)}.")
        v = run.variables[asked]
        rule = f"A gradient has the shape of its variable: one number for each entry of {quoted(asked)}."
        others = [(np.shape(c.upstream), "That is the shape that comes in from upstream.") for c in v.uses]
        ask = shape_ask(v, "", rule, gradient_hints(Material(run), v), others)
        at = ", ".join(f"{n} has shape {np.shape(x)}" if np.ndim(x) else f"{n} is a number" for n, x in run.inputs.items())
        return self.posed(question, seed, list(v.shape), {"asked": asked, "out": run.output, "at": at}, code=tuple(program.lines), at=at,
                          wrong=tuple({**w, "names": ["shape"]} for w in ask["wrong"]), hints=ask["hints"][:2])

    def judge(self, posed: Posed, given: Any) -> Outcome:
        shape = list(typed.shape(given))
        if shape == posed.answer:
            return correct()
        for w in posed.wrong:
            if w["value"] == shape:
                return mistaken(w["why"], w["action"], ("shape",))
        return mistaken("Not this one.", posed.wrong[0]["action"] if posed.wrong else "", verdict="wrong")

    def shown(self, posed: Posed) -> str:
        return str(tuple(posed.answer))
