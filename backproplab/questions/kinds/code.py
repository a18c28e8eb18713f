"""A gradient to be programmed: the learner's own function, tried on fresh inputs."""
from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from ...engine.check import check_gradients
from ...engine.errors import BackpropError, listed
from ..diagnosis import of_claim
from ..generators import Program
from ..model import Kind, Outcome, Posed, Question, correct, kind, mistaken
from ..sentences import lowered, quoted
from ..typed import cannot
from .programs import OPTIONAL, PARAMETERS, programs

TRIALS = 3


@kind
class Function(Kind):
    """Write a function of the program's inputs that returns its gradients."""

    name = "function"
    parameters = PARAMETERS
    optional = OPTIONAL | {"name": "what it is called in a notebook that is handed in; gradients without"}
    prompt = "Write a function of {inputs} that returns the gradient of `{out}` by {asked}, with NumPy alone."
    answers = "a function"

    def pose(self, question: Question, seed: Any) -> Posed:
        trials = [p for p, _ in zip(programs(question, seed), range(TRIALS), strict=False)]
        run = trials[0].run()
        asked = question.parameters.get("asked") or list(run.inputs)
        names = [asked] if isinstance(asked, str) else list(asked)
        slots = {"out": run.output, "asked": listed(quoted(n) for n in names), "inputs": ", ".join(f"`{n}`" for n in run.inputs)}
        hints = ("Write the forward lines first: the backward lines use their values.", "Then one line for each gradient, from the output back.")
        return self.posed(question, seed, run.program.source, slots, code=tuple(trials[0].lines), hints=hints,
                          facts={"trials": trials, "asked": names, "name": question.parameters.get("name", "gradients")})

    def judge(self, posed: Posed, given: Any) -> Outcome:
        if not callable(given):
            raise cannot(str(given), "Give the function itself, without calling it.")
        names: list[str] = posed.facts["asked"]
        for program in posed.facts["trials"]:
            said = tried(given, program, names, posed.facts["name"])
            if said is not None:
                return said
        return correct()

    def shown(self, posed: Posed) -> str:
        return str(posed.answer)


def tried(given: Any, program: Program, names: list[str], called: str = "gradients") -> Outcome | None:
    """What is wrong with the function at the inputs of one program, or None."""
    run = program.run()
    inputs = {n: np.array(v)[()] if np.ndim(v) else float(v) for n, v in run.inputs.items()}
    try:
        inspect.signature(given).bind(**inputs)
    except TypeError:
        return mistaken(f"It cannot be called with {listed(map(quoted, inputs))} by name.", f"Begin with def {called}({', '.join(inputs)}):")
    except ValueError:                                               # a built-in function without a signature
        pass
    before = {n: np.array(v) for n, v in inputs.items()}
    try:
        with np.errstate(all="ignore"):
            got = given(**inputs)
    except Exception as error:
        return mistaken(f"It raised {type(error).__name__}: {error}.", "Try it yourself on the inputs of the question.")
    if any(not np.array_equal(before[n], inputs[n]) for n in inputs):
        return mistaken("It changed its inputs in place.", "Write x = x - ... in place of x -= ..., or work on a copy.", ("in-place",))
    claims = claimed(got, names)
    if claims is None:
        what = "the gradient" if len(names) == 1 else "a dict or a tuple with the gradients"
        came = "nothing: no return was reached" if got is None else type(got).__name__
        return mistaken(f"It returned {came}.", f"Return {what} of {listed(map(quoted, names))}.", ("count",))
    try:
        check = check_gradients(program.function(), inputs=dict(run.inputs), claimed={n: claims[n] for n in names})
    except BackpropError as error:
        return mistaken(" ".join(str(error).split()), "Return numbers or arrays.", ("type",))
    for row in check.rows:
        if row.verdict == "ok":
            continue
        claim = np.asarray(claims[row.name], float)
        if not np.all(np.isfinite(claim)):
            return mistaken(f"The gradient of {quoted(row.name)} is not finite: {claim.tolist()}.",
                            "Look for a division by zero, or a logarithm of 0.", ("infinite",))
        found = of_claim(run, row.name, claim)
        if not found.right:
            return Outcome(False, f"For {quoted(row.name)}, {lowered(found.reason)}", found.action, 0.0, found.names, found.verdict)
        return mistaken(f"The gradient of {quoted(row.name)} is off by {row.error:.2g} of its size.", "Compare with central differences.",
                        ("values",))
    return None


def claimed(got: Any, names: list[str]) -> dict[str, Any] | None:
    """Gradients by name, from a dict, a tuple, or one gradient alone."""
    if isinstance(got, dict):
        return got if all(n in got for n in names) else None
    if len(names) == 1 and not isinstance(got, tuple):
        return {names[0]: got}
    if isinstance(got, (tuple, list)) and len(got) == len(names):
        return dict(zip(names, got, strict=True))
    return None
