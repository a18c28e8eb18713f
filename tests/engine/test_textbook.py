"""The textbooks' forms of the backward pass; why sharing matters; boxes that open and close."""
import numpy as np
import pytest

import backproplab as bl
from tests.worked_example import example


def two_layers(X, W1, W2):
    H = np.tanh(X @ W1)
    Z = H @ W2 + np.sum(H)
    return np.sum(Z * Z)


RUNS = {"scalars": lambda: bl.trace(example, 2.0, 3.0), "arrays": lambda: bl.trace(two_layers, np.ones((2, 3)), np.full((3, 2), .1),
                                                                                   np.full((2, 2), .3)),
        "square": lambda: bl.trace(lambda x: x * x, 3.0), "unused": lambda: bl.trace(lambda x, z: x * 2, 3.0, 4.0)}
each_run = pytest.mark.parametrize("make", RUNS.values(), ids=RUNS)


@each_run
@pytest.mark.parametrize("version", ["A", "B", "grad_table"])
def test_every_version_computes_the_gradients(make, version):
    run = make()
    steps = run.backward_steps(version)
    assert [s.name for s in steps] == [s.name for s in run.steps if s.phase == "backward"], "reverse topological order"
    for s in steps:
        assert np.shape(s.value) == np.shape(run.variables[s.name].value)
        np.testing.assert_allclose(s.value, run.variables[s.name].gradient, rtol=1e-12)


def test_version_a_pulls_from_consumers():
    steps = {s.name: s for s in RUNS["scalars"]().backward_steps("A")}
    assert [c.consumer for c in steps["a"].contributions] == ["d", "e", "f"]
    assert steps["a"].value == steps["a"].contributions[-1].running


def test_version_b_pushes_increments_from_0():
    run = RUNS["scalars"]()
    steps = run.backward_steps("B")
    grown = {}
    for s in steps:
        assert s.value == pytest.approx(grown.get(s.name, s.value), rel=1e-14), "complete when it is visited"
        for i in s.increments:
            assert i.before == grown.get(i.target, 0.0) and i.after == i.before + i.value
            grown[i.target] = i.after
    assert {n: pytest.approx(g, rel=1e-12) for n, g in run.grads.items() if n != "y"} == grown
    assert [str(i.expression) for i in steps[1].increments] == ["g_f / a", "-g_f * c / a ** 2"]


def test_the_table_reads_entries_that_stand_already():
    run = RUNS["scalars"]()
    filled = set()
    for s in run.backward_steps("grad_table"):
        text = str(s.expression)
        assert {n for n in run.variables if f"grad_table[{n!r}]" in text} <= filled
        filled.add(s.name)
    assert str(s.expression) == "grad_table['a'] * z + grad_table['b'] / x" and eval(str(s.substituted)) == pytest.approx(s.value, rel=1e-14)


def test_an_unknown_version():
    with pytest.raises(bl.UnknownNameError, match="'C'"):
        RUNS["square"]().backward_steps("C")


# ---- counting -----------------------------------------------------------------------------------------------------------

def ladder(n):
    def f(x):
        for _ in range(n):
            a = x * 2
            b = x * 3
            x = a + b
        return x
    return f


def recursion(run, name, counter):
    """The chain rule, path by path, keeping nothing."""
    if name == run.output:
        return 1.0
    total = 0.0
    for c in run.variables[name].uses:                                  # here no variable uses another twice
        counter.append(name)
        total += recursion(run, c.consumer, counter) * c.local
    return total


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_the_recursion_is_counted_right(n):
    run, counter = bl.trace(ladder(n), 1.0), []
    assert recursion(run, "x", counter) == pytest.approx(run.grads["x"]) == pytest.approx(5.0**n)
    work = run.count_work()
    assert work.recursion == len(counter) and work.paths["x"] == 2**n and work.backprop == 4 * n


def test_a_ladder_of_100_diamonds_is_counted_without_walking_it():
    work = bl.trace(ladder(100), 1.0).count_work()
    assert work.paths["x"] == 2**100 and work.backprop == 400 and "e+30" in repr(work)


# ---- folding and expanding ----------------------------------------------------------------------------------------------

def network(x, W):
    h = W @ x
    p = bl.softmax(h)
    return -np.log(p[0])


def test_opening_an_operation():
    run = bl.trace(network, np.array([1.0, 2.0]), np.array([[.1, .2], [.3, -.4]]))
    for opened in (run.expanded(), run.expanded("softmax"), run.expanded("p")):
        assert "softmax" not in bl.source(opened) and list(opened.variables) == ["x", "W", "h", "e", "p", "y"]
        for name in ("x", "W", "h", "p"):
            np.testing.assert_allclose(opened.grads[name], run.grads[name], rtol=1e-12)
    with pytest.raises(bl.UnknownNameError, match="softmax"):
        run.expanded("sigmoid")


def test_opening_one_of_two():
    def f(x):
        a = bl.sigmoid(x)
        b = bl.sigmoid(a)
        return b * 2
    opened = bl.trace(f, 0.3).expanded("a")
    with pytest.raises(bl.BackpropError, match="in one call"):
        opened.expanded("b")
    assert [v.operation for v in opened.variables.values()].count("sigmoid") == 1 and opened.grads["x"] == pytest.approx(bl.grad(f)(0.3), rel=1e-14)


def test_folding_variables_into_their_user():
    run = bl.trace(example, 2.0, 3.0)
    folded = run.folded("c", "f")
    assert str(folded.variables["y"].expression) == "d + e + np.sin(b) / a" and "c" not in folded.variables
    for name, v in folded.variables.items():
        np.testing.assert_allclose(v.gradient, run.grads[name], rtol=1e-14)
        for c in v.uses:
            assert folded.evaluate(c.expression) == pytest.approx(c.value, rel=1e-12)
            assert c.upstream * c.local == pytest.approx(c.value, rel=1e-12)
    assert [str(c.expression) for c in folded.variables["b"].uses] == ["g_y / a * np.cos(b)", "-g_e * a / b ** 2"]
    assert folded.unfolded().value == run.value


def test_a_variable_used_several_times_in_one_box_folds_too():
    def f(x):
        e = np.exp(-x)
        s = (1 - e) / (1 + e)
        return s * 2
    folded = bl.trace(f, 0.4).folded("e")
    (use,) = folded.variables["x"].uses
    assert use.consumer == "s" and folded.evaluate(use.expression) == pytest.approx(folded.grads["x"], rel=1e-12)
    assert use.local * use.upstream == pytest.approx(use.value, rel=1e-12)


@pytest.mark.parametrize("name, word", [("a", "d, e and f use it"), ("x", "it is an input"), ("y", "it is the output")])
def test_what_cannot_be_folded(name, word):
    with pytest.raises(bl.BackpropError, match=word):
        bl.trace(example, 2.0, 3.0).folded(name)


def test_unfolding_gives_every_operation_a_variable():
    run = bl.trace(lambda x, z: np.exp(x * z) / 2 + x, 1.0, 2.0).unfolded()
    assert list(run.variables) == ["x", "z", "t1", "t2", "t3", "y"] and all(v.count <= 1 for v in run.variables.values())


# ---- in words -----------------------------------------------------------------------------------------------------------

def test_a_step_in_words():
    assert bl.trace(example, 2.0, 3.0).explain("a") == """\
a = x * z = 6
a is used 3 times, by d, e and f.
  through d: g_d * d = 1 times 403.429 = 403.429
  through e: g_e / b = 1 times 1.4427 = 1.4427
  through f: -g_f * c / a ** 2 = 1 times -0.0177489 = -0.0177489
The gradient of a is their sum, 404.854."""
    assert "the backward pass starts here with gradient 1" in bl.trace(example, 2.0, 3.0).explain("y")
    assert "x is given. Its value is 2." in bl.trace(example, 2.0, 3.0).explain("x")
