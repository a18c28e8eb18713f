"""Derivatives in steps: all lines of one derivation are equal, and equal to the derivative."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.expressions import Symbol, substitute
from backproplab.notation import STEPWISE, Steps, derivative_steps, read, value
from tests.notation.reference import close

POINTS = [-2.3, -0.4, 0.7, 1.9]


def differences(steps):
    """Numbers of the steps that are wrong."""
    wrong = set()
    for x in POINTS:
        scope = {"x": np.float64(x)}
        scope["y"] = value(steps.definition, scope)
        h = 1e-6
        slope = (value(steps.definition, {"x": np.float64(x + h)}) - value(steps.definition, {"x": np.float64(x - h)})) / (2 * h)
        wrong |= {k for k, e in enumerate(steps.expressions, 1) if not close(value(e, scope), slope, 1e-8)}
    return wrong


@pytest.mark.parametrize("name", STEPWISE)
def test_every_step_is_the_derivative(name):
    assert differences(derivative_steps(name)) == set()


def test_a_step_with_a_planted_mistake_is_found():
    steps = derivative_steps("sigmoid")
    wrong = read("y (1 + y)", ["x", "y"])
    steps.expressions = (*steps.expressions[:-1], wrong)
    assert differences(steps) == {8}


def test_the_sigmoid_in_eight_steps_in_the_lectures_letters():
    steps = bl.derivative_steps("sigmoid", "b", "s")
    assert isinstance(steps, Steps) and len(steps) == 8
    text = str(steps).splitlines()
    assert text[0] == "s = 1 / (1 + e^(−b))" and text[1].startswith("∂s/∂b = e^(−b) / (e^(−b) + 1)^2 ")
    assert text[-1].strip().startswith("= s (1 − s) ") and "(8)" in text[-1]
    assert steps._repr_latex_().count(r"\\[") == 8


def test_it_is_what_the_engine_computes():
    for x in POINTS:
        last = substitute(derivative_steps("sigmoid").expressions[-1], {"y": Symbol("y")})
        assert close(value(last, {"y": bl.sigmoid(np.float64(x))}), bl.grad(bl.sigmoid)(x))


def test_an_unknown_operation_is_refused():
    with pytest.raises(bl.UnknownNameError, match="sigmoid"):
        derivative_steps("gelu")
