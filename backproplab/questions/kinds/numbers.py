"""Gradients to be worked out: one number, or a whole array."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..asks.material import Material
from ..asks.numbers import gradient_hints
from ..diagnosis import diagnose
from ..matching import TOLERANCE
from ..model import Kind, Outcome, Posed, Question, kind
from ..screening import number, screened
from ..sentences import shown
from .programs import OPTIONAL, PARAMETERS, setup, table_of


class Gradient(Kind):
    """A gradient of a program, asked at one point."""

    parameters = PARAMETERS
    optional = OPTIONAL
    array = False

    def pose(self, question: Question, seed: Any) -> Posed:
        s = setup(question, seed, self.array)
        slots = {"asked": s.asked, "out": s.run.output, "at": s.at}
        posed = self.posed(question, seed, number(s.right), slots, code=tuple(s.program.lines), at=s.at,
                           wrong=tuple(screened(s.right, s.wrong(), named=True)), hints=gradient_hints(Material(s.run), s.run.variables[s.asked]),
                           extra={"tolerance": TOLERANCE.data}, facts={"run": s.run, "asked": s.asked, "pairs": s.pairs})
        given = f" The forward values are {table_of(s.run)}." if question.parameters.get("given") == "values" else ""
        return replace(posed, prompt=posed.prompt + given)

    def judge(self, posed: Posed, given: Any) -> Outcome:
        name = posed.facts["asked"]
        found = diagnose(posed.facts["run"], {name: given})[name]
        return Outcome(found.right, found.reason, found.action, float(found.right), found.names, found.verdict)

    def shown(self, posed: Posed) -> str:
        return shown(np.array(posed.answer)[()])


@kind
class Number(Gradient):
    """A scalar's gradient."""

    name = "number"
    prompt = "What is the gradient of `{out}` by `{asked}`? Five digits, please."
    answers = "a number"
    written = "a number"


@kind
class Array(Gradient):
    """An array's gradient, every entry."""

    name = "array"
    prompt = "What is the gradient of `{out}` by `{asked}`, entry by entry?"
    answers = "an array, such as [[1, 2], [3, 4]]"
    written = "an array, as [[1, 2], [3, 4]]"
    array = True

    def shown(self, posed: Posed) -> str:
        return str(np.round(np.array(posed.answer), 5).tolist())
