"""The reference cases as runs: what the tests of this room are tried on."""
from __future__ import annotations

import functools

import numpy as np

import backproplab as bl
from backproplab.engine.expressions import evaluate
from tests import reference_cases

CASES = {c["id"]: c for c in reference_cases.CASES}


@functools.cache
def run(name):
    """The run of a case; an output that is an array gets uneven weights as cotangent."""
    case = CASES[name]
    shape = np.shape(case["values"][case["output"]])
    weights = None if not shape else np.cos(np.arange(int(np.prod(shape)))).reshape(shape) + 1.5
    f, inputs = reference_cases.written(case)
    return bl.trace(f, cotangent=weights, inputs=inputs)


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
