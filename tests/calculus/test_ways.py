"""Limits, differences, symbols, forward and reverse mode; where there is no derivative."""
import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.calculus import costs, difference, differentiable, step_sizes, symbolic, ways


@pytest.mark.parametrize("method, order", [("forward", 1), ("central", 2), ("backward", 1)])
def test_the_error_falls_with_the_order_and_rises_with_rounding(method, order):
    s = step_sizes(np.exp, 1.0, method)
    large = s.rows[1:4]
    for a, b in zip(large, large[1:], strict=False):
        assert math.log10(a.error / b.error) == pytest.approx(order, abs=0.15)
    assert all(r.error == pytest.approx(r.truncation, rel=0.2) for r in s.rows[2:4])
    assert all(r.error < 3 * (r.truncation + r.rounding) for r in s.rows)          # theory bounds what is measured
    assert s.rows[-1].error > 1e3 * s.best.error
    assert 0.02 < s.best.h / s.predicted < 50


def test_the_rounding_of_the_point_counts_where_the_value_is_small():
    s = step_sizes(lambda x: x - 1000.0, 1000.3)
    assert all(r.error < 3 * (r.truncation + r.rounding) for r in s.rows)
    assert max(r.error for r in s.rows[1:12]) > 0


def test_the_best_steps_are_the_known_ones():
    assert 1e-9 < step_sizes(np.exp, 1.0, "forward").best.h < 1e-6 and 1e-7 < step_sizes(np.exp, 1.0, "central").best.h < 1e-3


def test_the_table_and_the_curve_show_themselves():
    s = step_sizes(np.sin, 1.0)
    assert "smallest error at h" in repr(s) and len(repr(s).splitlines()) == 20


def test_the_curve_shows_every_step_and_both_parts_of_the_error():
    picture = ElementTree.fromstring(step_sizes(lambda x: x * x * x, 1.5, "forward")._repr_svg_())
    marks = [(float(c.get("cx")), float(c.get("cy"))) for c in picture.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(marks) == 17 and marks == sorted(marks)
    lowest = max(range(17), key=lambda k: marks[k][1])
    assert lowest in (7, 8) and marks[0][1] < marks[lowest][1] > marks[-1][1]
    without = step_sizes(lambda x: 2 * x, 1.0)._repr_svg_()             # no truncation at all, errors of exactly 0
    assert "nan" not in without and "inf" not in without


@given(st.floats(-5, 5), st.floats(0.01, 2))
def test_a_central_difference_is_exact_for_parabolas(x, h):
    assert difference(lambda t: t * t, x, h) == pytest.approx(2 * x, abs=1e-9)


@pytest.mark.parametrize("x, h, method", [(1.0, 0.0, "central"), (1.0, 1e-20, "forward"), ("a", 0.1, "central"), (1.0, 0.1, "both"),
                                          (math.nan, 0.1, "central"), ([1, 2], 0.1, "central")])
def test_bad_steps_are_refused(x, h, method):
    with pytest.raises(bl.InputError):
        difference(np.exp, x, h, method)


def layer(x, W):
    return np.tanh(x @ W)


def test_four_ways_agree_and_are_counted():
    found = ways(layer, x=np.array([1.0, -0.5, 2.0]), W=np.array([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]))
    assert (found.inputs, found.outputs) == (9, 2)
    assert {w.name: w.passes for w in found.ways} == costs(9, 2) == {"forward differences": 10, "central differences": 18, "forward mode": 9,
                                                                     "reverse mode": 2}
    assert found["central differences"].error < 1e-8 < found["forward differences"].error < 1e-5 and found["forward mode"].error < 1e-14
    assert "9 inputs, 2 outputs" in repr(found)


def test_costs_of_a_network():
    assert costs(10**6)["reverse mode"] == 1 and costs(10**6)["central differences"] == 2 * 10**6
    for bad in ((0, 1), (1.5, 1), (True, 1), (1, -1)):
        with pytest.raises(bl.InputError):
            costs(*bad)


def test_too_many_evaluations_are_refused():
    with pytest.raises(bl.InputError, match="4,000 evaluations"):
        ways(lambda x: np.sum(x * x), np.ones(2000))


@pytest.mark.parametrize("f, x, verdict", [
    (np.exp, 1.0, "smooth"), (abs, 0.0, "kink"), (abs, 2.0, "smooth"), (lambda x: np.maximum(x, 0), 0.0, "kink"), (lambda x: np.maximum(x, 0) ** 2,
                                                                                                                   0.0, "smooth"),
    (np.sign, 0.0, "jump"), (np.floor, 1.0, "jump"), (np.sqrt, 0.0, "edge"), (np.cbrt, 0.0, "upright"), (np.log, 0.0, "undefined"),
    (np.log, -1.0, "undefined"),
    (lambda x: 1 / x, 0.0, "undefined"), (lambda x: x * abs(x), 0.0, "smooth"), (lambda x: np.sqrt(abs(x)), 0.0, "upright"),
    (lambda x: 1e6 * x, 1.0, "smooth"),
    (lambda x: 1 / (1 + np.exp(-x)), 30.0, "smooth")])
def test_where_a_derivative_exists(f, x, verdict):
    found = differentiable(f, x)
    assert found.verdict == verdict and bool(found) is (verdict == "smooth") and found.why


@pytest.mark.parametrize("f, x", [(np.exp, 0.7), (np.tanh, -1.0), (lambda x: x**3, 2.0)])
def test_the_slopes_are_the_derivative(f, x):
    found = differentiable(f, x)
    assert found.left == pytest.approx(float(bl.grad(f)(x)), rel=1e-5) == pytest.approx(found.right, rel=1e-5)


def test_symbols_agree_with_reverse_mode():
    sympy = pytest.importorskip("sympy")

    def example(x, z):
        a = x * z
        b = np.log(x)
        c = np.sin(b)
        d = np.exp(a)
        return d + a / b + c / a
    for name in ("x", "z"):
        e = symbolic(example, name, x=2.0, z=3.0)
        value = float(e.subs({sympy.Symbol("x", real=True): 2, sympy.Symbol("z", real=True): 3}))
        assert value == pytest.approx(float(bl.trace(example, 2.0, 3.0).grads[name]), rel=1e-12)
    assert str(symbolic("exp(x z) + sin(x)", "x")) == "z*exp(x*z) + cos(x)"
    assert float(symbolic("sigmoid(x)", "x").subs(sympy.Symbol("x", real=True), 0)) == 0.25


@pytest.mark.parametrize("f, wrt, inputs", [("exp(x)", "q", {}), ("exp(", "x", {}), ("softmax(x)", "x", {}), (lambda x: np.sum(x), "x",
                                                                                                              {"x": np.ones(3)}), (3, "x", {})])
def test_what_symbols_cannot_do_is_said(f, wrt, inputs):
    pytest.importorskip("sympy")
    with pytest.raises(bl.BackpropError) as error:
        symbolic(f, wrt, **inputs)
    assert error.value.instead


@pytest.mark.parametrize("f", [3, None, lambda x: "text", lambda x: np.ones(3), lambda x: None])
def test_what_returns_no_number_is_said(f):
    for try_it in (lambda: difference(f, 1.0, 1e-5), lambda: differentiable(f, 1.0)):
        with pytest.raises(bl.InputError) as error:
            try_it()
        assert "function" in str(error.value) and error.value.instead


def test_an_error_at_a_kink_is_a_number_one_can_read():
    assert [w.error for w in ways(bl.relu, 0.0).ways] == [1.0, 0.5, 0.0, 0.0]
