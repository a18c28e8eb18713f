"""A function or a class to be programmed, compared with the instructor's own on fresh inputs.

Where a `function` question asks for the gradient of a program, a task asks for anything: a layer's backward pass, a gate, an update rule.
The solution is the key, so a task needs no expected numbers; known mistakes are wrong solutions, and recognised by giving the same results.
Where the answer is the gradient of something, the forward function is enough, and no solution has to lie anywhere.

    question("linear-backward", "program a layer's backward pass", "task", "Write linear_backward(X, W, g), which returns dX, dW.",
             name="linear_backward", solution=lambda X, W, g: (g @ W.T, X.T @ g), outputs=("dX", "dW"), partial=True, points=2,
             inputs=lambda draw: {"X": draw.array(4, 3), "W": draw.array(3, 2), "g": draw.array(4, 2)},
             wrong=[(lambda X, W, g: (g @ W.T, np.zeros_like(W)), "dW is 0 everywhere.", "Multiply X, transposed, by g.")])
"""
from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...engine.run import Run, trace
from ..diagnosis import of_claim
from ..draws import Draw
from ..model import Kind, Outcome, Posed, Question, QuestionError, correct, kind, mistaken
from ..sentences import lowered, quoted
from ..typed import cannot

TRIALS = 4
CLOSE = 1e-6                              # of the largest entry
TINY = 1e-9


@kind
class Task(Kind):
    """Write a function, or a class with methods that are called in a given order."""

    name = "task"
    parameters = {"name": "what is to be defined", "inputs": "a function of a Draw that gives {name: number or array} for one trial"}
    optional = {"solution": "a right function or class",
                "forward": "in place of a solution: the function whose gradients are asked",
                "wrt": "of the forward function: the inputs whose gradients are asked, in order",
                "upstream": "of the forward function: the name under which the gradient of its output comes in; without it, it is a number",
                "outputs": "names of the results, in order; of a class those of all its calls; one result without them",
                "partial": "True to give each result its share of the points",
                "calls": "for a class, made without arguments: [(method, names of its inputs)], in order; the results of all are compared",
                "wrong": "[(wrong solution, reason, action)], the known mistakes",
                "trials": f"how often it is tried; {TRIALS} without",
                "tolerance": f"relative to the largest entry; {CLOSE:g} without"}
    prompt = "Write `{name}`, with NumPy alone."
    answers = "a function or a class"

    def pose(self, question: Question, seed: Any) -> Posed:
        p = dict(question.parameters)
        if ("solution" in p) == ("forward" in p) or "forward" in p and not p.get("wrt"):
            raise QuestionError(f"posing the question {question.id!r}", f"it has {', '.join(p)}", "Give a solution, or forward and wrt.")
        if "forward" in p:
            p |= {"solution": gradients(p["forward"], tuple(p["wrt"]), p.get("upstream")), "outputs": p.get("outputs", tuple(p["wrt"]))}
        made = [{n: np.array(v, dtype=None)[()] for n, v in p["inputs"](Draw(question.id, seed, k)).items()} for k in range(p.get("trials", TRIALS))]
        trials = [(inputs, results(p["solution"], copy.deepcopy(inputs), p)) for inputs in made]
        for inputs, right in trials:
            if right is None or any(isinstance(r, (tuple, list, dict)) and as_numbers(r) is None for r in right):
                named = ", ".join(p.get("outputs") or [m for m, _ in p.get("calls", ())]) or "one result"
                raise QuestionError(f"posing the question {question.id!r}", f"its solution gives results of another number than asked: {named}",
                                    "Name every result in `outputs`, in order; of a class those of all its calls, as ('out', 'dx', 'dy').")
            if not all(np.all(np.isfinite(r)) for r in right):
                raise QuestionError(f"posing the question {question.id!r}", f"its solution gives {right} at {inputs}",
                                    f"A solution returns finite numbers or arrays, as many as there are outputs: {p.get('outputs') or 'one'}.")
        wrong = [(trial_results(w, made, p), reason, action) for w, reason, action in p.get("wrong", ())]
        facts = {"trials": trials, "wrong": wrong, "parameters": p}
        return self.posed(question, seed, f"{p['name']}, tried on {len(trials)} sets of inputs", {"name": p["name"]}, facts=facts)

    def judge(self, posed: Posed, given: Any) -> Outcome:
        p = posed.facts["parameters"]
        if not callable(given):
            raise cannot(str(given), f"Give {p['name']} itself, without calling it.")
        came = []
        for inputs, _ in posed.facts["trials"]:
            own = copy.deepcopy(dict(inputs))
            try:
                with np.errstate(all="ignore"):
                    came.append(results(given, own, p))
            except Exception as error:
                return mistaken(f"It raised {type(error).__name__}: {error}.", "Try it yourself on the inputs of the question.", ("raised",))
            if not all(np.array_equal(own[n], inputs[n]) for n in inputs):
                return mistaken("It changed its inputs in place.", "Write x = x - ... in place of x -= ..., or work on a copy.", ("in-place",))
        return compared(came, posed.facts["trials"], posed.facts["wrong"], p)


def gradients(forward: Callable[..., Any], wrt: tuple[str, ...], upstream: str | None) -> Callable[..., Any]:
    """A function that gives the gradients of a forward function, by a trace of it."""
    def solution(**inputs: Any) -> tuple[Any, ...]:
        run = traced(forward, wrt, upstream, inputs)
        return tuple(run.grads[n] for n in wrt)
    return solution


def traced(forward: Callable[..., Any], wrt: Sequence[str], upstream: str | None, inputs: Mapping[str, Any]) -> Run:
    """The run of a forward function on inputs, among which is the gradient of its output when that has a name."""
    own = dict(inputs)
    cotangent = own.pop(upstream) if upstream else None
    return trace(forward, wrt=list(wrt), cotangent=cotangent, inputs=own)


def gradients_but(forward: Callable[..., Any], wrt: tuple[str, ...], upstream: str | None = None,
                  **changed: Callable[[Any, Mapping[str, Any]], Any]) -> Callable[..., Any]:
    """A known mistake: the right gradients, and some of them changed by a function of (the right one, the inputs)."""
    right = gradients(forward, wrt, upstream)

    def mistake(**inputs: Any) -> tuple[Any, ...]:
        return tuple(changed[n](g, inputs) if n in changed else g for n, g in zip(wrt, right(**inputs), strict=True))
    return mistake


def traced_gate(function: Callable[..., Any], wrt: tuple[str, ...]) -> type:
    """A class with forward and backward, the latter by a trace: the key to a gate that is to be programmed."""
    class Gate:
        def forward(self, *values: Any) -> Any:
            self.inputs = dict(zip(wrt, values, strict=True))
            return function(*values)

        def backward(self, g: Any) -> list[Any]:
            return list(gradients(function, wrt, "g")(**self.inputs, g=g))
    return Gate


def results(solution: Any, inputs: Mapping[str, Any], p: Mapping[str, Any]) -> list[Any] | None:
    """What a solution gives on the inputs, which are its own to keep or to change, as a flat list; None when these are not as many as asked."""
    own = dict(inputs)
    if "calls" not in p:
        return flat(solution(**own), p.get("outputs"))
    if hasattr(solution, "run_calls"):                               # somewhere else, all calls in one go
        came = solution.run_calls([(method, [own[n] for n in names]) for method, names in p["calls"]])
    else:
        made = solution()
        came = [getattr(made, method)(*[own[n] for n in names]) for method, names in p["calls"]]
    if not isinstance(came, list):
        return None
    came = [c[0] if isinstance(c, (tuple, list)) and len(c) == 1 else c for c in came]      # a gate of one input may send back [g] or g
    return flat(came, p.get("outputs", [method for method, _ in p["calls"]]))


def flat(came: Any, outputs: Sequence[str] | None) -> list[Any] | None:
    """Results by name or by place as a list of as many as there are outputs; None when they are not."""
    if not outputs:
        return [came]
    if isinstance(came, Mapping):
        return [came[n] for n in outputs] if all(n in came for n in outputs) else None
    if len(outputs) == 1 and not (isinstance(came, (tuple, list)) and len(came) == 1):
        return [came]
    found: list[Any] = []
    for part in came if isinstance(came, (tuple, list)) else [came]:
        found += part if isinstance(part, (tuple, list)) and len(came) != len(outputs) else [part]
    return found if len(found) == len(outputs) else None


def trial_results(solution: Callable[..., Any], made: Sequence[Mapping[str, Any]], p: Mapping[str, Any]) -> list[Any] | None:
    """A wrong solution's results on every trial; None where it cannot be run."""
    try:
        with np.errstate(all="ignore"):
            return [results(solution, copy.deepcopy(dict(inputs)), p) for inputs in made]
    except Exception:                                                # a mistake may be one that stops
        return None


def compared(came: Sequence[Any], trials: Sequence[tuple[Mapping[str, Any], Any]], wrong: Sequence[tuple[Any, str, str]],
             p: Mapping[str, Any]) -> Outcome:
    """What is said about results: which are right on every trial, and which known mistake gives the others."""
    close, outputs = p.get("tolerance", CLOSE), p.get("outputs") or [m for m, _ in p.get("calls", ())] or ["it"]
    right = [r for _, r in trials]
    if any(c is None for c in came):
        return mistaken(f"It did not return {', '.join(outputs)}." if len(outputs) > 1 else "It returned something else than was asked.",
                        "Return the results in this order, as a tuple.", ("count",))
    good = [all(near(c[k], r[k], close) for c, r in zip(came, right, strict=True)) for k in range(len(outputs))]
    if all(good):
        return correct()
    share = sum(good) / len(good) if p.get("partial") else 0.0
    for theirs, reason, action in wrong:
        if theirs is not None and all(t is not None and len(t) == len(c) and all(near(a, b, close) for a, b in zip(c, t, strict=True))
                                      for c, t in zip(came, theirs, strict=True)):
            return mistaken(reason, action, ("known",), share=share)
    bad = good.index(False)
    name = quoted(outputs[bad])
    for c, r in zip(came, right, strict=True):
        value = as_numbers(c[bad])
        if value is None:
            return mistaken(f"{name} is no number and no array of numbers.", "Return numbers or arrays.", ("type",), share=share)
        if value.shape != np.shape(r[bad]):
            return mistaken(f"{name} has shape {value.shape}, and {np.shape(r[bad])} is asked.", "Begin with the shapes.", ("shape",), "shape", share)
        if not np.all(np.isfinite(value)):
            return mistaken(f"{name} is not finite.", "Look for a division by zero, or a logarithm of 0.", ("infinite",), share=share)
    if "forward" in p:
        tried = [(inputs, c[bad]) for (inputs, r), c in zip(trials, came, strict=True) if not near(c[bad], r[bad], close)]
        reason, action, families = looking_like(tried, p["wrt"][bad], p)
        if families:
            return mistaken(f"For {name}, {lowered(reason)}", action, families, "looks like", share)
    return mistaken(f"{name} has other values than asked.", "Compare it with central differences.", ("values",), share=share)


def looking_like(tried: Sequence[tuple[Mapping[str, Any], Any]], name: str, p: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Reason, action and families of the misconceptions that give a wrong gradient in every trial of (inputs, what came); no family for none.

    One trial alone may look like a mistake by chance.
    """
    found = []
    for inputs, value in tried:
        found.append(of_claim(traced(p["forward"], p["wrt"], p.get("upstream"), inputs), name, as_numbers(value)))
        families = tuple(f for f in found[0].names if all(f in said.names for said in found))
        if not families:
            return "", "", ()
    clearest = min(found, key=lambda said: len(said.names))
    return clearest.reason, clearest.action, families


def as_numbers(value: Any) -> Any:
    """As a float array; None for anything else, so for text, objects, None and complex numbers."""
    try:
        found = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return found.astype(float) if found.dtype.kind in "biuf" else None


def near(value: Any, right: Any, close: float) -> bool:
    """One shape and the same numbers, to a share of the largest entry."""
    came = as_numbers(value)
    want = np.asarray(right, float)
    if came is None or came.shape != want.shape or not np.all(np.isfinite(came)):
        return False
    scale = float(np.max(np.abs(want), initial=0.0))
    return bool(np.all(np.abs(came - want) <= close * scale + TINY))
