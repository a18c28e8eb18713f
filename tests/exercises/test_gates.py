"""`check_gate`: right gates pass; each planted mistake is refused, and the words say which it is."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backproplab as bl
from backproplab.exercises import check_gate, gate

solved = pytest.importorskip("tests.solutions.lesson_05", reason="solutions are in the repository alone, not in a source distribution")
def said(report):
    """What a report prints, its lines joined."""
    return " ".join(repr(report).split())


RIGHT = {"Add": np.add, "Multiply": np.multiply, "Max": np.maximum, "Exp": np.exp, "Log": np.log, "Sigmoid": bl.sigmoid, "MatMul": np.matmul}


@pytest.mark.parametrize("name, operation", RIGHT.items(), ids=RIGHT)
def test_a_right_gate_passes(name, operation):
    report = check_gate(getattr(solved, name), operation)
    assert report.passed and bool(report), report
    assert repr(report).startswith(f"{name}: right.")


@pytest.mark.parametrize("name, operation", RIGHT.items(), ids=RIGHT)
def test_a_right_gate_of_another_operation_fails(name, operation):
    other = np.subtract if name not in ("Exp", "Log", "Sigmoid", "MatMul") else np.tanh if name != "MatMul" else lambda x, y: x @ y + x @ y
    assert not check_gate(getattr(solved, name), other)


def test_our_own_gates_pass_and_any_function_can_be_one():
    for operation in (np.divide, np.tanh, bl.relu, lambda x: 3 * x, lambda x, y: x * y + np.sin(x)):
        assert check_gate(gate(operation), operation), operation


class Multiply:
    """Right; the planted ones change one thing of it."""

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


class NotSwitched(Multiply):
    def backward(self, dz):
        return [dz * self.x, dz * self.y]


class NoUpstream(Multiply):
    def backward(self, dz):
        return [self.y, self.x]


class TurnedSign(Multiply):
    def backward(self, dz):
        return [-dz * self.y, dz * self.x]


class NoSelf:
    def forward(x, y):
        return x * y

    def backward(dz):
        return [dz, dz]


class NothingKept:
    def forward(self, x, y):
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


class LostNames:
    def forward(self, x, y):
        return x * y

    def backward(self, dz):
        return [dz * y, dz * x]                                           # noqa: F821


class SharedByTheClass:
    def forward(self, x, y):
        SharedByTheClass.x, SharedByTheClass.y = x, y
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


class FirstOnly:
    def forward(self, x, y):
        if not hasattr(self, "x"):
            self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


class AddsUp(Multiply):
    def backward(self, dz):
        self.dx = getattr(self, "dx", 0) + dz * self.y
        return [self.dx, dz * self.x]


class NoReturn(Multiply):
    def backward(self, dz):
        [dz * self.y, dz * self.x]


class NothingForward(Multiply):
    def forward(self, x, y):
        self.x, self.y = x, y


class OneGradient(Multiply):
    def backward(self, dz):
        return [dz * self.y]


class StillDots(Multiply):
    def backward(self, dz):
        return [dz * self.y, ...]


class StillDotsTimes(Multiply):
    def backward(self, dz):
        return [dz * self.y, dz * ...]


class WrongValue(Multiply):
    def forward(self, x, y):
        super().forward(x, y)
        return x + y


class Text(Multiply):
    def backward(self, dz):
        return ["left", "right"]


class NeedsArguments(Multiply):
    def __init__(self, x):
        self.x = x


class Leaves(Multiply):
    def backward(self, dz):
        raise SystemExit


class NoBackward:
    def forward(self, x, y):
        return x * y


PLANTED = {
    NotSwitched: ("changed places", "x is to receive the upstream gradient times y"),
    NoUpstream: ("local derivative alone", "multiply it by the gradient that comes in"),
    TurnedSign: ("the gradient of x is 3.75, and the engine has -3.75", "sign is turned"),
    NoSelf: ("self as its first parameter", "def forward(self, x, y)"),
    NothingKept: ("Nothing stored self.y before", "return [dz * self.y, dz * self.x]"),
    LostNames: ("keep y with self.y = y in forward",),
    SharedByTheClass: ("two gates share one memory", "not on the class"),
    FirstOnly: ("after a second forward", "anew every time"),
    AddsUp: ("called a second time", "add nothing up inside the gate"),
    NoReturn: ("backward returns nothing", "return [dx, dy]"),
    NothingForward: ("forward returns nothing",),
    OneGradient: ("returns 1 gradients, and the gate has 2 inputs",),
    StillDots: ("the gradient of y is still `...`",),
    StillDotsTimes: ("still a ... to be replaced",),
    WrongValue: ("forward at x = 3, y = -1.5 gives 1.5, and the engine has -4.5",),
    Text: ("the gradient of x is a str",),
    NeedsArguments: ("NeedsArguments() stopped", "missing 1 required positional argument"),
    Leaves: ("SystemExit",),
    NoBackward: ("needs a method backward",),
}


@pytest.mark.parametrize("cls, words", PLANTED.items(), ids=[c.__name__ for c in PLANTED])
def test_a_planted_mistake_is_refused_in_its_own_words(cls, words):
    report = check_gate(cls, np.multiply)
    assert not report.passed
    for part in words:
        assert part in said(report), report


class ExpBare:
    def forward(self, x):
        self.out = np.exp(x)
        return self.out

    def backward(self, dz):
        return dz * self.out


class LogInverse:
    def forward(self, x):
        self.out = np.log(x)
        return self.out

    def backward(self, dz):
        return [dz / self.out]


class MaxToBoth:
    def forward(self, x, y):
        return max(x, y)

    def backward(self, dz):
        return [dz, dz]


class MatMulNoTranspose:
    def forward(self, X, W):
        self.X, self.W = X, W
        return X @ W

    def backward(self, dZ):
        return [dZ @ self.W, self.X @ dZ]


class MatMulTurned(MatMulNoTranspose):
    def backward(self, dZ):
        return [(self.W @ dZ.T), self.X.T @ dZ]


class InPlace(MatMulNoTranspose):
    def forward(self, X, W):
        X *= 2
        return X @ W / 2


@pytest.mark.parametrize("cls, operation, words", [
    (ExpBare, np.exp, "[dx], also for one input"), (LogInverse, np.log, "the gradient of x is 2.2756"),
    (MaxToBoth, np.maximum, "the gradient of y is 2.5"),
    (MatMulNoTranspose, np.matmul, "ValueError"), (MatMulTurned, np.matmul, "of shape (3, 2); it has the shape of X, so it is of shape (2, 3)"),
    (InPlace, np.matmul, "changes its inputs")], ids=lambda v: getattr(v, "__name__", ""))
def test_mistakes_of_other_gates(cls, operation, words):
    report = check_gate(cls, operation)
    assert not report and words in said(report), report


def test_square_matrices_find_what_shapes_do_not_tell():
    class OnlyShapes(MatMulNoTranspose):
        def backward(self, dZ):
            return [dZ @ self.W.T if self.W.shape[0] != self.W.shape[1] else dZ @ self.W, self.X.T @ dZ]
    assert "the gradient of X" in said(check_gate(OnlyShapes, np.matmul))


def test_only_a_class_and_a_function_can_be_checked():
    with pytest.raises(bl.BackpropError, match="Give the class and what it computes"):
        check_gate(Multiply(), np.multiply)
    with pytest.raises(bl.BackpropError, match="in place of a function"):
        check_gate(Multiply, 3)


@settings(max_examples=30, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-2, 2))
def test_a_gate_made_of_an_operation_is_the_engines_vjp(x, y, g):
    one = gate(np.multiply)()
    assert one.forward(x, y) == x * y
    assert np.allclose(one.backward(g), [g * y, g * x], rtol=1e-12)
