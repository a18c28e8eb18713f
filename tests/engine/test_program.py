"""The printed program: what it promises to whoever reads or compiles it."""
import ast

import numpy as np
import pytest

import backproplab as bl

DRAW = np.random.RandomState(8)


def network(X, W1, b1, W2, y):
    H = np.tanh(X @ W1 + b1)
    Z = H @ W2
    return bl.softmax_cross_entropy(Z, y) + 0.5 * np.mean(W1**2) + np.mean(np.max(H, axis=0) - np.var(H, axis=0))


def inputs(n):
    return DRAW.randn(n, 3), DRAW.randn(3, 4), DRAW.randn(4), DRAW.randn(4, 2), DRAW.randint(0, 2, n)


def test_it_runs_on_numpy_alone():
    run, scope = bl.trace(network, *inputs(5)), {}
    assert "backproplab" not in bl.source(run)
    exec(bl.source(run), scope)
    value, gradients = scope["network"](*run.inputs.values())
    assert value == run.value and list(gradients) == ["X", "W1", "b1", "W2"]
    for name, g in gradients.items():
        assert np.array_equal(g, run.grads[name])


@pytest.mark.parametrize("n", [1, 2, 5, 11])
def test_it_holds_for_another_batch(n):
    """Sizes are asked for, not written out: the program of one batch is right for every other."""
    made, args = bl.trace(network, *inputs(7)).program, inputs(n)
    value, gradients = made(*args)
    run = bl.trace(network, *args)
    assert value == pytest.approx(run.value, rel=1e-14)
    for name, g in gradients.items():
        np.testing.assert_allclose(g, run.grads[name], rtol=1e-13, atol=1e-16)


REDUCED = ["np.mean(X)", "np.mean(X, axis=0)", "np.mean(X, axis=(0, 1))", "np.sum(X, axis=0)", "np.var(X, axis=0)", "np.var(X)", "np.max(X, axis=0)",
           "np.reshape(X, -1)", "bl.squared_error(X, X * 2)", "np.mean(np.exp(X) * X, axis=0)", "np.mean(X @ X.T)", "X[1:]", "np.trace(X)",
           "np.einsum('ij->j', X)",
           "np.outer(X, X)", "np.linalg.norm(X, axis=1)", "np.prod(X[:, 0])"]


@pytest.mark.parametrize("text", REDUCED)
def test_no_rule_writes_a_batch_size_out(text):
    f = eval(f"lambda X: np.sum(np.sin({text}))", {"np": np, "bl": bl})
    small, large = DRAW.randn(2, 3), DRAW.randn(6, 3)
    value, gradients = bl.trace(f, small).program(large)
    assert value == pytest.approx(bl.trace(f, large).value, rel=1e-13)
    np.testing.assert_allclose(gradients["X"], bl.grad(f)(large), rtol=1e-12, atol=1e-15)


def lines(run):
    return ast.parse(bl.source(run)).body[-1].body


def test_it_is_one_straight_line_of_single_assignments():
    body = lines(bl.trace(network, *inputs(5)))
    assert isinstance(body[-1], ast.Return) and all(isinstance(s, ast.Assign) for s in body[:-1])
    names = [s.targets[0].id for s in body[:-1]]
    assert len(set(names)) == len(names)


def test_gradients_that_nobody_asked_for_are_not_computed():
    run = bl.trace(network, *inputs(5), wrt="W2")
    assert "g_X" not in bl.source(run) and "g_W1" not in bl.source(run) and list(run.program(*run.inputs.values())[1]) == ["W2"]


def test_named_variables_have_a_line_and_sub_expressions_none():
    text = bl.source(bl.trace(network, *inputs(5)))
    for name in ("H", "Z", "g_H", "g_Z", "g_W1"):
        assert f"    {name} = " in text
    assert "H = np.tanh(X @ W1 + b1)" in text


def test_work_is_not_done_twice():
    def f(x):
        return np.exp(x) * np.sin(np.exp(x))
    assert bl.source(bl.trace(f, 1.0)).count("np.exp") == 2
    assert bl.source(bl.trace(lambda M: np.sum((M @ M) ** 2), np.eye(2))).count("M @ M") == 1


def test_large_captured_arrays_are_parameters_and_small_ones_are_written_out():
    small, large = np.array([1.0, 2.0]), np.arange(100.0)
    run = bl.trace(lambda x: np.sum(x * small) + np.sum(x[0] * large), np.ones(2))
    assert "small = np.array([1.0, 2.0])" in bl.source(run) and run.program.parameters == ("x", "large")
    assert run.program(np.ones(2))[0] == run.value == 3 + 4950


def test_author_names_that_the_program_needs_itself():
    def f(np_, softmax, lambda_, x):
        exp = np.exp(x) * softmax
        sigmoid = bl.sigmoid(exp) * np_
        return sigmoid * lambda_ * bl.softmax(np.ones(2))[0]
    run = bl.trace(f, 1.0, 2.0, 3.0, 0.5)
    assert run.program(1.0, 2.0, 3.0, 0.5) == (run.value, {n: run.grads[n] for n in ("np_", "softmax", "lambda_", "x")})


def test_branches_are_said():
    run = bl.trace(lambda x: x * 2 if x > 0 else x * 3, 1.0)
    assert "x > 0" in bl.source(run) and "True" in bl.source(run)


def test_the_same_bytes_whatever_the_hash_seed():
    import subprocess
    import sys
    script = ("import numpy as np, backproplab as bl\n"
              "def f(x, z):\n    a = x * z\n    b = bl.softmax(np.stack([a, x, z]))\n    return np.sum(b * b) + np.exp(a)\n"
              "r = bl.trace(f, 2.0, 3.0)\nprint(bl.source(r), r.explain('a'), list(r.variables), [s.name for s in r.steps])")
    outs = {subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                           env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PATH": ""}).stdout for seed in ("0", "1", "77")}
    assert len(outs) == 1 and "g_a" in outs.pop()
