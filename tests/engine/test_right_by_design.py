"""Where other packages fail: each row is a test."""
import sys
import threading
import warnings

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.node import current


@pytest.fixture(autouse=True)
def silence_is_golden():
    """A warning that no test expects is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def said(call, kind=RuntimeWarning):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [str(w.message) for w in caught if issubclass(w.category, kind)]


# ---- large graphs -------------------------------------------------------------------------------------------------------

def chain(n):
    def f(x):
        for _ in range(n):
            x = x * 0.99999
        return x
    return f


def test_a_chain_of_a_million_nodes():
    limit = sys.getrecursionlimit()
    value, gradient = bl.value_and_grad(chain(1_000_000))(1.0)
    assert value == pytest.approx(np.exp(-10), rel=1e-4) and gradient == pytest.approx(value) and sys.getrecursionlimit() == limit


def test_a_trace_of_100_000_nodes_with_steps_and_source():
    run = bl.trace(chain(100_000), 1.0)
    assert len(run.steps) == 2 * len(run.variables) == 200_002
    assert run.steps[-1].value == run.grads["x"]
    assert bl.source(run).count("\n") > 200_000 and "    g_x_99998 = g_x_99999 * 0.99999\n" in bl.source(run)


def test_a_sum_over_1200_terms():
    def f(x):
        return sum([x * k for k in range(1200)]) + sum(x for _ in range(1200))
    run = bl.trace(f, 2.0)
    assert run.grads["x"] == sum(range(1200)) + 1200 and run.program(2.0)[1]["x"] == run.grads["x"]
    assert bl.grad(bl.grad(lambda x: sum(x**2 for _ in range(1200))))(1.0) == 2400


def test_a_function_with_1500_consumers_of_one_value():
    def f(x):
        parts = [np.sin(x) * k for k in range(1500)]
        return sum(parts)
    run = bl.trace(f, 1.0)
    assert run.program(1.0)[1]["x"] == run.grads["x"] == pytest.approx(np.cos(1) * sum(range(1500)))
    assert run.explain("x")


# ---- no state -----------------------------------------------------------------------------------------------------------

def test_backward_twice_gives_the_same():
    run = bl.trace(lambda x: x * x, 3.0)
    assert run.grads["x"] == 6 and bl.trace(lambda x: x * x, 3.0).grads["x"] == 6 and run.unfolded().grads["x"] == 6
    _, pullback = bl.vjp(lambda x: x * x, 3.0)
    assert pullback(1.0) == 6 and pullback(1.0) == 6 and pullback(2.0) == 12


def test_two_losses_may_share_a_node():
    def f(x):
        h = np.exp(x)
        return h * 2, h * h
    e = np.exp(0.5)
    assert bl.grad(f, output=0)(0.5) == pytest.approx(2 * e) and bl.grad(f, output=1)(0.5) == pytest.approx(2 * e * e)
    assert bl.trace(f, 0.5, cotangent=(1.0, 1.0)).grads["x"] == pytest.approx(2 * e + 2 * e * e)


def test_a_gradient_changed_in_place_changes_no_other():
    """x + y hands one array to both."""
    def f(x, y): return np.sum((x + y) ** 2)
    x, y, twos = np.ones(3), np.ones(3), [8.0, 8.0, 8.0]
    for gradient in (bl.grad(f)(x, y), bl.vjp(f, x, y)[1](1.0), bl.grad(lambda p: f(p["x"], p["y"]))({"x": x, "y": y})):
        gradient["x"] *= 2
        assert gradient["x"].tolist() == twos and gradient["y"].tolist() == [4, 4, 4]
    summed = bl.grad(lambda x: np.sum(x))(x)
    summed *= 3
    assert summed.tolist() == [3, 3, 3]
    run = bl.trace(f, x, y)
    for array in (run.grads["x"], run.steps[-1].value, run.variables["x"].uses[0].value, run.values["x"]):
        with pytest.raises(ValueError, match="read-only"):
            array *= 2


def test_inputs_and_captured_arrays_may_change_inside_the_function():
    weights, x = np.ones(2), np.array([1.0, 2.0])

    def f(v):
        s = np.sum(v * weights * v)
        weights[:] = 50.0
        x[:] = 70.0
        return s
    run = bl.trace(f, x)
    assert run.grads["v"].tolist() == [2, 4] and run.program(np.array([1.0, 2.0]))[0] == 5


def test_a_captured_array_that_is_written_into_between_two_uses():
    weights = np.ones(2)

    def f(x):
        a = np.sum(x * weights)
        weights[0] = 5.0
        b = np.sum(x * weights)
        return a + b
    run = bl.trace(f, np.ones(2))
    assert run.value == 8 and run.grads["x"].tolist() == [6, 2]


def test_inputs_and_captured_arrays_may_change_between_forward_and_backward():
    weights, x = np.ones(2), np.array([1.0, 2.0])
    value, pullback = bl.vjp(lambda v: np.sum(v * weights * v), x)
    weights[:], x[:] = 50.0, 70.0
    assert value == 5 and pullback(1.0).tolist() == [2, 4]


def test_an_exception_inside_the_function_leaves_no_state():
    def f(x):
        x * 2
        raise KeyError("the author's own")
    settings = np.geterr()
    for call in (bl.trace, lambda g, x: bl.grad(g)(x), bl.check_gradients):
        with pytest.raises(KeyError, match="own"):
            call(f, 1.0)
    assert current.get() is None and np.geterr() == settings
    assert bl.trace(lambda x: x * x, 3.0).grads["x"] == 6


def test_two_threads_trace_at_once():
    results, barrier = {}, threading.Barrier(2)

    def work(k):
        def f(x):
            for _ in range(300):
                x = x * (1.0 + k / 1000)
            return x
        barrier.wait()
        results[k] = [bl.trace(f, 1.0).grads["x"] for _ in range(5)]
    threads = [threading.Thread(target=work, args=(k,)) for k in (1, 2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    for k in (1, 2):
        assert results[k] == pytest.approx([(1 + k / 1000) ** 300] * 5)


def test_a_value_kept_after_its_trace_is_refused():
    kept = []

    def keep(x):
        kept.append(x * 2)
        return x
    bl.trace(keep, 1.0)
    with pytest.raises(bl.TraceError, match="trace that has ended"):
        kept[0] + 1
    with pytest.raises(bl.TraceError, match=r"\(x \* 2\)(.|\n)*another trace"):
        bl.trace(lambda x: x * kept[0], 1.0)
    with pytest.raises(bl.TraceError, match="another trace"):
        bl.trace(lambda x: kept[0], 1.0)


def test_values_of_an_enclosing_trace_are_no_stray_values():
    assert bl.grad(lambda x: x * bl.grad(lambda y: x + y)(1.0))(3.0) == 1       # no perturbation confusion
    assert bl.grad(lambda x: bl.grad(lambda y: x * y * y)(x))(3.0) == 12


# ---- shapes -------------------------------------------------------------------------------------------------------------

COLUMN, ROW = np.arange(3.0)[:, None], np.ones(3)


@pytest.mark.parametrize("loss", [bl.squared_error, bl.binary_cross_entropy_with_logits], ids=lambda f: f.name)
def test_a_column_against_a_row_is_refused_in_our_losses(loss):
    def f(prediction, target):
        return loss(prediction, target)
    with pytest.raises(bl.ShapeError) as caught:
        bl.trace(f, COLUMN, ROW)
    for word in ("prediction has shape (3, 1)", "target has shape (3,)", "np.squeeze", "(3, 3)"):
        assert word in str(caught.value)
    with pytest.raises(bl.ShapeError):
        loss(COLUMN, ROW)                                                # on plain arrays too


@pytest.mark.parametrize("labels, word", [(np.array([[0], [1], [2]]), "one label for each row"), (np.array([0, 1]), "one label for each row"),
                                          (np.array([0, 1, 7]), "from 0 to 3"), (np.array([0.5, 1, 2]), "whole numbers"),
                                          (np.ones((3, 2)), "a probability for each entry")])
def test_labels_that_do_not_fit_are_refused(labels, word):
    with pytest.raises(bl.ShapeError, match=word):
        bl.trace(lambda z, y: bl.softmax_cross_entropy(z, y), np.ones((3, 4)), labels)


def test_an_unknown_reduction_is_refused():
    with pytest.raises(bl.ShapeError, match="'average' is not known"):
        bl.squared_error(ROW, ROW, "average")


def test_a_difference_of_a_column_and_a_row_warns_naming_both_and_the_line():
    def f(prediction, target):
        error = prediction - target
        return np.sum(error * error)
    _, warned = said(lambda: bl.trace(f, COLUMN, ROW))
    assert len(warned) == 1
    for word in ("prediction has shape (3, 1)", "target has shape (3,)", "`error = prediction - target`", "(3, 3)"):
        assert word in warned[0]
    assert said(lambda: bl.trace(f, COLUMN, COLUMN))[1] == [] == said(lambda: bl.trace(f, ROW, 1.0))[1]


def test_an_array_on_the_left():
    for f in (lambda x: np.sum(np.ones(3) * x), lambda x: np.sum(np.float64(3) * x), lambda x: np.sum(np.ones(3) @ (x * np.ones(3)))):
        run = bl.trace(f, 2.0)
        assert run.value == 6 and run.grads["x"] == 3 and np.shape(run.grads["x"]) == ()


def test_x_times_x_has_two_edges():
    run = bl.trace(lambda x: x * x, 3.0).unfolded()
    node = run.graph.output
    assert node.inputs[0] is node.inputs[1] and len(run._terms[node.inputs[0]]) == 2 and run.grads["x"] == 6


def test_empty_arrays():
    run = bl.trace(lambda x, w: np.sum(np.tanh(x * 2)) + w, np.zeros((0, 3)), 1.0)
    assert run.value == 1 and run.grads["x"].shape == (0, 3) and run.program(np.zeros((0, 3)), 1.0)[1]["x"].shape == (0, 3)
    assert bl.trace(lambda x: np.sum(x @ np.ones((3, 2))), np.zeros((0, 3))).grads["x"].shape == (0, 3)
    with pytest.raises(bl.ShapeError, match="zero-size"):
        bl.trace(lambda x: np.max(x), np.zeros(0))


def test_a_zero_dimensional_array_is_a_number():
    a, b = (bl.trace(lambda x: np.exp(x) * x, v) for v in (2.0, np.array(2.0)))
    assert a.value == b.value and a.grads["x"] == b.grads["x"] and type(a.grads["x"]) is type(b.grads["x"]) is np.float64
    assert bl.source(a) == bl.source(b)


def test_the_gradient_has_the_values_shape_at_every_node():
    def f(X, W, b, s):
        H = np.tanh(X @ W + b)
        m = np.mean(H, axis=0, keepdims=True)
        return np.sum((H - m) ** 2 * s) + np.max(H) + H[0, 1]
    run = bl.trace(f, np.ones((3, 2)), np.arange(8.0).reshape(2, 4), np.zeros(4), 2.0).unfolded()
    for v in run.variables.values():
        assert np.shape(v.gradient) == np.shape(v.value), v.name
        for c in v.uses:
            assert np.shape(c.value) == np.shape(v.value)


def test_a_rule_that_gives_another_shape_is_caught():
    @bl.operation
    class crooked:
        """x, with a gradient that has lost an axis where there are two."""
        def forward(x): return x * 1.0
        def backward(g, out, x):
            if np.ndim(x) == 4:
                return g[0]
            return g
    assert bl.trace(lambda x: np.sum(crooked(x)), np.ones(3)).grads["x"].tolist() == [1, 1, 1]
    with pytest.raises(bl.RuleError, match=r"(?s)crooked.*\(2, 2, 2, 2\).*\(2, 2, 2\)"):
        bl.trace(lambda x: np.sum(crooked(x)), np.ones((2, 2, 2, 2)))


@pytest.mark.parametrize("x", [np.array([1, 2]), np.array([True, False])], ids=["int", "bool"])
def test_whole_numbers_and_truth_values_keep_their_kind_and_get_no_gradient(x):
    run = bl.trace(lambda x, w: np.sum(x * w), x, np.array([2.0, 3.0]))
    assert run.values["x"].dtype == x.dtype and "x" not in run.grads and run.grads["w"].tolist() == x.astype(float).tolist()
    assert list(run.program(x, np.array([2.0, 3.0]))[1]) == ["w"]


def test_float32_is_computed_in_float64():
    run = bl.trace(lambda x: np.sum(x * x), np.array([0.1, 0.2], np.float32))
    assert run.values["x"].dtype == run.grads["x"].dtype == np.float64


def test_labels_may_be_inputs_and_index():
    def f(X, y):
        picked = X[np.arange(3), y]
        return -np.sum(np.log(picked))
    X, y = np.arange(1.0, 13).reshape(3, 4), np.array([0, 3, 1])
    run = bl.trace(f, X, y)
    expected = np.zeros((3, 4))
    expected[np.arange(3), y] = -1 / X[np.arange(3), y]
    assert np.array_equal(run.grads["X"], expected) and "X[np.arange" not in bl.source(run) and ", y]" in bl.source(run)
    other = np.array([1, 1, 1])
    assert np.array_equal(run.program(X, other)[1]["X"], bl.trace(f, X, other).grads["X"])


# ---- numbers at the edge ------------------------------------------------------------------------------------------------

def test_x_to_the_0_at_0():
    run = bl.trace(lambda x: x**0 + 3 * x, 0.0)
    assert run.value == 1 and run.grads["x"] == 3 and run.program(0.0)[1]["x"] == 3
    assert bl.trace(lambda x: np.sum(x**0.0), np.array([0.0, 2.0])).grads["x"].tolist() == [0, 0]
    assert bl.trace(lambda x: x**1, 0.0).grads["x"] == 1 and bl.trace(lambda x: x**2, 0.0).grads["x"] == 0


def test_the_cube_root_of_minus_8_by_a_power_is_named_with_the_remedy():
    run, warned = said(lambda: bl.trace(lambda x: x ** (1 / 3), -8.0))
    assert np.isnan(run.value) and "x = -8" in warned[0] and "np.sign(x) * np.abs(x) ** (1 / 3)" in warned[0]
    remedy = bl.trace(lambda x: np.sign(x) * np.abs(x) ** (1 / 3), -8.0)
    assert remedy.value == pytest.approx(-2) and remedy.grads["x"] == pytest.approx(1 / 12)


def test_the_square_root_at_0():
    def f(x):
        r = np.sqrt(x)
        return r * 2
    run, warned = said(lambda: bl.trace(f, 0.0))
    assert run.value == 0 and run.grads["x"] == np.inf
    assert len(warned) == 1 and "the gradient of x through r is infinite" in warned[0] and "np.sqrt(x)" in warned[0] and "x = 0" in warned[0]


@pytest.mark.parametrize("f, x, value, slope", [
    (np.tanh, 1000.0, 1.0, 0.0), (np.tanh, -1000.0, -1.0, 0.0), (bl.sigmoid, -1000.0, 0.0, 0.0), (bl.sigmoid, 1000.0, 1.0, 0.0),
    (bl.softplus, -1000.0, 0.0, 0.0), (bl.softplus, 1000.0, 1000.0, 1.0), (bl.sigmoid, -40.0, np.exp(-40.0) / (1 + np.exp(-40.0)), np.exp(-40.0)),
    (lambda x: bl.binary_cross_entropy_with_logits(x, 1.0), -800.0, 800.0, -1.0)], ids=lambda v: getattr(v, "__name__", str(v)))
def test_saturation_is_silent_and_exact(f, x, value, slope):
    run = bl.trace(lambda x: f(x), x)
    assert run.value == pytest.approx(value, rel=1e-15) and run.grads["x"] == pytest.approx(slope, rel=1e-15)


def test_softmax_and_its_relatives_do_not_overflow():
    z = np.array([1000.0, 0.0, -1000.0])
    run = bl.trace(lambda z: bl.softmax_cross_entropy(z, np.array(2)), z)
    assert run.value == 2000 and run.grads["z"].tolist() == [1, 0, -1]
    assert bl.trace(lambda z: bl.logsumexp(z), z).value == 1000 and bl.trace(lambda z: bl.log_softmax(z)[1], z).value == -1000


def test_the_norm_at_0():
    run = bl.trace(lambda x: np.linalg.norm(x), np.zeros(3))
    assert run.grads["x"].tolist() == [0, 0, 0] and run.program(np.zeros(3))[1]["x"].tolist() == [0, 0, 0]
    rows = bl.trace(lambda x: np.sum(np.linalg.norm(x, axis=1)), np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert rows.grads["x"].tolist() == [[0, 0], [0.6, 0.8]]


def test_ties_go_to_the_first():
    assert bl.trace(lambda x: np.max(x), np.array([1.0, 2.0, 2.0])).grads["x"].tolist() == [0, 1, 0]
    assert bl.trace(lambda x: np.min(x), np.array([[1.0, 1.0], [1.0, 2.0]])).grads["x"].tolist() == [[1, 0], [0, 0]]
    assert bl.trace(lambda x: np.sum(np.max(x, axis=(0, 2))), np.ones((2, 2, 2))).grads["x"].tolist() == [[[1, 0], [1, 0]], [[0, 0], [0, 0]]]
    both = bl.trace(lambda x, y: np.maximum(x, y) + np.minimum(x, y), 2.0, 2.0)
    assert (both.grads["x"], both.grads["y"]) == (2, 0)
    assert bl.trace(lambda x: bl.relu(x), 0.0).grads["x"] == 0 == bl.trace(lambda x: np.abs(x), 0.0).grads["x"]


def test_products_with_zeros():
    assert bl.trace(lambda x: np.prod(x), np.array([2.0, 0.0, 3.0])).grads["x"].tolist() == [0, 6, 0]
    assert bl.trace(lambda x: np.prod(x), np.array([0.0, 0.0, 3.0])).grads["x"].tolist() == [0, 0, 0]
    assert bl.grad(lambda x: np.sum(bl.grad(lambda v: np.prod(v))(x) * np.array([0.0, 0.0, 1.0])))(np.array([0.0, 5.0, 1.0])).tolist() == [5, 0, 0]


def test_the_first_forward_nan_is_named_with_its_inputs():
    def f(x, z):
        a = x - z
        b = np.sqrt(a)
        c = b * 2
        return c + x
    run, warned = said(lambda: bl.trace(f, 1.0, 3.0))
    assert np.isnan(run.value) and "b is not a number" in warned[0] and "`b = np.sqrt(a)`" in warned[0] and "a = -2" in warned[0]
    assert not any("c is" in w for w in warned)


def test_the_first_forward_infinity_is_named_with_its_inputs():
    def f(x):
        a = np.exp(x)
        return a / 2 + 1
    run, warned = said(lambda: bl.trace(f, 1000.0))
    assert "a is too large" in warned[0] and "x = 1000" in warned[0] and "bl.sigmoid" in warned[0]


def test_an_infinity_through_a_division_is_named():
    def f(x, z):
        q = x / z
        return q * 2
    _, warned = said(lambda: bl.trace(f, 1.0, 0.0))
    assert "q is infinite" in warned[0] and "x / z" in warned[0] and "z = 0" in warned[0]


def test_an_input_that_comes_in_as_nan_is_named():
    _, warned = said(lambda: bl.trace(lambda x, z: x * z, np.nan, 1.0))
    assert warned == ["x comes in as nan: every value and gradient through it is affected."]


def test_what_numpy_does_not_report_is_named_at_the_end(monkeypatch):
    """A library may compute in threads of its own, whose trouble NumPy never hears of."""
    monkeypatch.setattr("backproplab.engine.graph.Graph.note_error", lambda self, kind, flag: None)

    def f(x):
        a = x * 1e200
        b = a * a
        return b + 1
    _, warned = said(lambda: bl.trace(f, 1e200))
    assert warned == ["a is inf, from x = 1e+200: every value and gradient through it is affected."]


def test_trouble_that_does_not_come_through_is_no_trouble():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert bl.trace(lambda x: 1 / (1 + np.sum(np.where(x > 0, x, 1.0 / np.maximum(np.abs(x), 1e-300)) * 0)), np.array([1.0, -2.0])).value == 1
    assert not caught


def test_the_first_backward_nan_is_named():
    def f(x):
        r = np.sqrt(x)
        return r * r
    run, warned = said(lambda: bl.trace(f, 0.0))
    assert np.isnan(run.grads["x"]) and "gradient of x through r is not a number" in warned[0] and "np.sqrt(x)" in warned[0]


def test_where_with_a_nan_in_the_branch_not_taken_is_named_with_the_double_where_remedy():
    def unsafe(x):
        r = np.sqrt(x)
        return np.where(x > 0, r, 0.0)

    def safe(x):
        inside = np.where(x > 0, x, 1)
        return np.where(x > 0, np.sqrt(inside), 0.0)
    run, warned = said(lambda: bl.trace(unsafe, 0.0))
    assert np.isnan(run.grads["x"]) and "through r is not a number" in warned[0]
    assert "np.where takes the other branch" in warned[0] and "safe = np.where(mask, x, 1)" in warned[0]
    assert bl.trace(safe, 0.0).grads["x"] == 0


def test_second_derivatives_at_a_kink_are_those_of_the_chosen_side():
    assert bl.grad(bl.grad(lambda x: bl.relu(x) ** 2))(0.0) == 0 and bl.grad(bl.grad(lambda x: np.abs(x) * x))(0.0) == 0
    assert bl.grad(bl.grad(lambda x: np.maximum(x, 0.0) ** 2))(0.0) == 2
