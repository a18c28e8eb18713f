"""check_gradients: it accepts what is right, rejects what is wrong, and recognises kinks."""
import re

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine import check as checking
from backproplab.engine.rules import OPERATIONS

X = np.array([[1.0, -2.0], [0.5, 3.0]])


def squares(x, w):
    h = x * w
    return np.sum(np.square(h))


def test_right_gradients_are_accepted():
    check = bl.check_gradients(squares, X, 2.0)
    assert check and check.ok and [r.verdict for r in check.rows] == ["ok", "ok"]
    row = check.rows[0]
    assert row.errors.shape == X.shape and row.error == row.errors.max() < 1e-8 and 1e-6 < row.step < 1e-4 and row.directions == 0
    for word in ("squares(x, w)", "relative error", "step", "2x2", "scalar"):
        assert word in repr(check)


MISTAKES = [("a wrong sign", lambda g: -g), ("a missing factor", lambda g: g / 2), ("a small factor", lambda g: g * 1.00001),
            ("a wrong entry", lambda g: g + np.eye(2) * 0.1), ("nothing", lambda g: g * 0), ("not a number", lambda g: g * np.nan)]


@pytest.mark.parametrize("mistake", [m for _, m in MISTAKES], ids=[n for n, _ in MISTAKES])
def test_a_mistake_in_a_rule_is_found(mistake, monkeypatch):
    op = OPERATIONS["multiply"]
    keep = op.gradient
    monkeypatch.setattr(op, "gradient", lambda i: (lambda *a, **c: mistake(keep(i)(*a, **c))))
    check = bl.check_gradients(squares, X, np.ones((2, 2)))
    assert not check and "wrong" in repr(check)


@pytest.mark.parametrize("mistake", [m for _, m in MISTAKES], ids=[n for n, _ in MISTAKES])
def test_a_mistake_in_a_claim_is_found(mistake):
    right = bl.grad(squares)(X, 2.0)
    assert bl.check_gradients(squares, X, 2.0, claimed=right)
    check = bl.check_gradients(squares, X, 2.0, claimed={"x": mistake(right["x"])})
    assert not check and [r.name for r in check.rows] == ["x"]


def test_a_transposed_claim_on_a_square_matrix_is_found():
    def f(W): return np.sum(np.array([1.0, 2.0]) @ W * np.array([3.0, 4.0]))
    right = bl.grad(f)(X)
    assert bl.check_gradients(f, X, claimed={"W": right}) and not bl.check_gradients(f, X, claimed={"W": right.T})


def test_a_claim_of_another_shape():
    check = bl.check_gradients(lambda W: np.sum(W**2), np.ones((2, 3)), claimed={"W": np.full((3, 2), 2.0)})
    assert not check and "It is the transpose" in " ".join(repr(check).split()) and check.rows[0].verdict == "wrong shape"


@pytest.mark.parametrize("claim", [lambda x, w: {"x": 2 * x * w**2, "w": np.sum(2 * x**2 * w)}, lambda x, w: (2 * x * w**2, np.sum(2 * x**2 * w)),
                                   lambda a, b: (2 * a * b**2, np.sum(2 * a**2 * b))], ids=["dict", "tuple", "other names"])
def test_a_learners_function_is_a_claim(claim):
    assert bl.check_gradients(squares, X, 2.0, claimed=claim)
    assert bl.check_gradients(lambda x: x**3, 2.0, claimed=lambda x: 3 * x**2) and not bl.check_gradients(lambda x: x**3, 2.0,
                                                                                                          claimed=lambda x: 3 * x)


@pytest.mark.parametrize("claim, word", [(3.0, "claimed= is 3.0"), ({}, "claimed= is {}"), ({"q": 1.0}, "'q'"), ({"x": "steep"}, "'steep'"),
                                         (lambda x, w: (1.0,), "1 gradients came for 2 inputs")])
def test_a_claim_that_is_none(claim, word):
    with pytest.raises(bl.InputError, match=word):
        bl.check_gradients(squares, X, 2.0, claimed=claim)


def test_the_hook_names_the_mistake_of_a_wrong_claim(monkeypatch):
    monkeypatch.setitem(checking.hooks, "diagnose", lambda run, name, claim: f"the claim for {name} forgets a path")
    assert "x: the claim for x forgets a path" in repr(bl.check_gradients(squares, X, 2.0, claimed={"x": X}))


@pytest.mark.parametrize("f, x, word", [
    (lambda x: np.sum(bl.relu(x) * 3), np.array([1.0, 0.0]), r"bl.relu\(x\) has its kink"),
    (lambda x: np.abs(x - 2), 2.0, r"np.abs\(x - 2\) has its kink"),
    (lambda x: bl.relu(x) + np.abs(x), 0.0, "have their kinks"), (lambda x: np.clip(x, 0, 1), 1.0, "np.clip"),
    (lambda x: np.max(x) * 2, np.array([1.0, 1.0]), "np.max"), (lambda x: bl.leaky_relu(x), 0.0, "leaky_relu"),
    (lambda x: np.linalg.norm(x), np.zeros(2), "np.linalg.norm")])
def test_kinks_are_recognised_and_named(f, x, word):
    check = bl.check_gradients(f, x)
    assert check and check.rows[0].verdict == "kink"
    said = " ".join(repr(check).split())                               # long sentences are wrapped
    assert "no derivative exists" in said and "The engine chooses" in said
    assert re.search(word, said)


def test_a_wrong_gradient_beside_a_kink_is_still_wrong(monkeypatch):
    op = OPERATIONS["relu"]
    keep = op.gradient
    monkeypatch.setattr(op, "gradient", lambda i: (lambda *a, **c: keep(i)(*a, **c) - 1.5))
    assert not bl.check_gradients(lambda x: np.sum(bl.relu(x)), np.array([1.0, 0.0]))


@pytest.mark.parametrize("f, x",
                         [(lambda x: np.exp(1000 * x), 0.01), (lambda x: np.sqrt(x), 1e-9), (lambda x: x * 1e-12, 3.0), (lambda x: 1e9 + x, 2.0),
                                  (lambda x: np.sin(1e4 * x), 0.3), (lambda x: x**2, 1e8), (lambda x: np.log(x), 1e-12), (lambda x: x**2 + 5, 0.0)])
def test_steep_flat_large_and_tiny_functions_raise_no_false_alarm(f, x):
    assert bl.check_gradients(f, x)


def test_a_large_input_is_tried_along_random_directions(monkeypatch):
    x = np.random.RandomState(0).randn(60, 50)
    check = bl.check_gradients(lambda x: np.sum(np.sin(x) * x), x)
    assert check and check.rows[0].directions == 20 and "at direction" in repr(check)
    op = OPERATIONS["sin"]
    keep = op.gradient

    def wrong_in_one_entry(g, out, x):
        g = keep(0)(g, out, x).copy()
        g[7, 7] += 1.0
        return g
    monkeypatch.setattr(op, "gradient", lambda i: wrong_in_one_entry)
    assert not bl.check_gradients(lambda x: np.sum(np.sin(x) * x), x)


def test_an_empty_input_is_right():
    assert bl.check_gradients(lambda x, w: np.sum(x) + w, np.zeros(0), 1.0)


def test_only_what_is_asked_is_checked():
    assert [r.name for r in bl.check_gradients(squares, X, 2.0, wrt="w").rows] == ["w"]


@pytest.mark.filterwarnings("ignore::backproplab.NumericalWarning")
@pytest.mark.parametrize("x, word", [(-1.0, "y = nan here"), (0.0, "y = -inf here")])
def test_where_the_function_is_not_finite(x, word):
    check = bl.check_gradients(lambda x: np.log(x), x)
    assert not check and word in check.rows[0].reason


def test_a_zero_has_no_sign():
    """A gradient of 0 times a negative factor is -0.0; the table says 0."""
    table = str(bl.check_gradients(lambda x: np.sum(x * x), x=np.array([1.0, 2.0]), claimed={"x": np.array([-0.0, -0.0])}))
    assert "0 at [1]" in table and "-0" not in table
