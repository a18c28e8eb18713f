"""The reference cases as runs: what the tests of this room are tried on."""
from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np

import backproplab as bl
from backproplab.engine.expressions import evaluate
from backproplab.engine.rules import OPERATIONS

CASES = {c["id"]: c for c in json.loads((Path(__file__).parent.parent / "data" / "reference_cases.json").read_text(encoding="utf-8"))["cases"]}
NAMES = {n: getattr(np, n) for n in ("exp", "log", "sin", "cos", "tanh", "sqrt", "maximum", "sum", "mean", "reshape", "transpose", "stack", "outer")}
NAMES |= {"amax": np.max, "concat": np.concatenate, "np": np, "const": lambda x: np.array(x, float)[()]}
NAMES |= {n: OPERATIONS[n] for n in ("sigmoid", "relu", "softmax", "log_softmax", "logsumexp")}


def function(case):
    """The case as a learner would write it."""
    text = f"def f({', '.join(case['inputs'])}):\n" + "".join(f"    {n} = {x}\n" for n, x in case["steps"]) + f"    return {case['output']}\n"
    scope = dict(NAMES)
    exec(text, scope)
    return scope["f"]


@functools.cache
def run(name):
    """The run of a case; an output that is an array gets uneven weights as cotangent."""
    case = CASES[name]
    shape = np.shape(case["values"][case["output"]])
    weights = None if not shape else np.cos(np.arange(int(np.prod(shape)))).reshape(shape) + 1.5
    return bl.trace(function(case), cotangent=weights, inputs={n: np.array(v, float)[()] for n, v in case["inputs"].items()})


def worth(e, scope):
    """The value of an expression of scalars and arrays; nan where Python's own numbers refuse, as in 1 / (1 - 1)."""
    with np.errstate(all="ignore"):
        try:
            return evaluate(e, scope)
        except ArithmeticError:
            return np.nan


def close(found, wanted, tolerance=1e-11):
    """Equal within rounding; the found value may be broadcast to the wanted shape."""
    wanted = np.asarray(wanted, float)
    try:
        found = np.broadcast_to(found, wanted.shape)
    except ValueError:
        return False
    return np.allclose(found, wanted, rtol=tolerance, atol=1e-13 * (1 + np.max(np.abs(wanted), initial=0)))
