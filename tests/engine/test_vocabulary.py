"""The vocabulary: both spellings of everything, the same numbers as NumPy, refusals by name, labels and masks, our losses."""
import inspect
import re

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.refusals import INSTEAD
from backproplab.engine.rules import NUMPY, OPERATIONS
from backproplab.engine.samples import arrays

M, N, P, T, v = (arrays()[n] for n in "MNPTv")

ASKED = ["add", "subtract", "multiply", "divide", "power", "matmul", "negative", "exp", "log", "log1p", "expm1", "sqrt", "square", "abs", "sign",
         "sin", "cos", "tan", "tanh", "maximum", "minimum", "clip", "where", "sum", "mean", "prod", "var", "max", "min", "amax", "amin", "dot",
         "matmul", "outer", "einsum", "trace", "transpose", "reshape", "ravel", "squeeze", "expand_dims", "broadcast_to", "concatenate", "stack",
         "swapaxes", "cumsum"]
OURS = ["sigmoid", "relu", "leaky_relu", "softplus", "softmax", "log_softmax", "logsumexp", "softmax_cross_entropy",
        "binary_cross_entropy_with_logits", "squared_error", "stop_gradient"]


@pytest.mark.parametrize("name", ASKED)
def test_numpys_function_is_there(name):
    assert getattr(np, name) in NUMPY


@pytest.mark.parametrize("name", OURS)
def test_ours_is_there_and_public(name):
    assert getattr(bl, name) is OPERATIONS[name] and f"bl.{name}" in bl.operations()
    assert inspect.getdoc(OPERATIONS[name])


def test_the_norm_is_there():
    assert np.linalg.norm in NUMPY and "np.linalg.norm" in bl.operations()


@pytest.mark.parametrize("op", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_is_documented_and_sampled(op):
    assert op.__doc__ and (op.samples or op.backward is None)


SPELLINGS = [
    # one way, another way
    (lambda x: np.sum(x), lambda x: x.sum()), (lambda x: np.sum(x, axis=0), lambda x: x.sum(0)),
    (lambda x: np.sum(x, 1), lambda x: np.sum(x, axis=1)),
    (lambda x: np.mean(x, axis=1, keepdims=True), lambda x: x.mean(1, keepdims=True)), (lambda x: np.max(x), lambda x: x.max()),
    (lambda x: np.min(x, axis=0), lambda x: x.min(axis=0)), (lambda x: np.amax(x), lambda x: np.max(x)),
    (lambda x: np.prod(x, axis=1), lambda x: x.prod(1)),
    (lambda x: np.var(x, axis=0), lambda x: x.var(0)), (lambda x: np.var(x, 0, ddof=1), lambda x: x.var(axis=0, ddof=1)),
    (lambda x: np.transpose(x), lambda x: x.T), (lambda x: np.transpose(x, (1, 0)), lambda x: x.transpose(1, 0)),
    (lambda x: x.transpose(), lambda x: x.T),
    (lambda x: np.reshape(x, (2, 6)), lambda x: x.reshape(2, 6)), (lambda x: x.reshape((2, 6)), lambda x: x.reshape(2, -1)),
    (lambda x: np.ravel(x), lambda x: x.ravel()), (lambda x: x.flatten(), lambda x: x.reshape(-1)),
    (lambda x: np.squeeze(x[:, :1]), lambda x: x[:, :1].squeeze()),
    (lambda x: np.swapaxes(x, 0, 1), lambda x: x.swapaxes(0, 1)), (lambda x: np.cumsum(x, 1), lambda x: x.cumsum(axis=1)),
    (lambda x: np.clip(x, -1, 1), lambda x: x.clip(-1, 1)), (lambda x: np.clip(x, 0, None), lambda x: x.clip(min=0)),
    (lambda x: np.dot(x, N), lambda x: x.dot(N)), (lambda x: np.matmul(x, N), lambda x: x @ N), (lambda x: np.matmul(N.T, x.T), lambda x: N.T @ x.T),
    (lambda x: np.add(x, 1), lambda x: 1 + x), (lambda x: np.subtract(1, x), lambda x: 1 - x), (lambda x: np.multiply(2, x), lambda x: x * 2),
    (lambda x: np.divide(1, x), lambda x: 1 / x), (lambda x: np.power(x, 2), lambda x: x**2), (lambda x: np.negative(x), lambda x: -x),
    (lambda x: np.abs(x), lambda x: abs(x)), (lambda x: np.absolute(x), lambda x: np.abs(x)), (lambda x: np.trace(x), lambda x: x.trace()),
    (lambda x: np.expand_dims(x, 1), lambda x: x[:, None]), (lambda x: +x, lambda x: x * 1), (lambda x: x.copy(), lambda x: x.astype(float)),
    (lambda x: np.einsum("ij->j", x), lambda x: x.sum(0)), (lambda x: np.einsum("ij,jk", x, N), lambda x: x @ N),
    (lambda x: np.add.reduce(x), lambda x: x.sum(0)),
    (lambda x: np.where((x > 0) & (x < 1), x, 0), lambda x: np.where(np.logical_and(x > 0, x < 1), x, 0)),
    (lambda x: np.where(~(x > 0) | (x > 1), x, 0), lambda x: np.where(np.logical_or(np.logical_not(x > 0), x > 1), x, 0)),
    (lambda x: np.ones(4) * x, lambda x: x * np.ones(4)), (lambda x: np.float64(2) * x, lambda x: 2 * x), (lambda x: x[..., 0], lambda x: x[:, 0]),
    (lambda x: x[np.array([0, 2])], lambda x: x[[0, 2]]), (lambda x: np.stack([x, x]), lambda x: np.stack((x, x), axis=0)),
]


@pytest.mark.parametrize("one, other", SPELLINGS, ids=[f"{k}" for k in range(len(SPELLINGS))])
def test_both_spellings_mean_the_same_and_what_numpy_means(one, other):
    value = one(M)                                                       # untraced
    seed = np.cos(np.arange(np.size(value))).reshape(np.shape(value))
    runs = [bl.trace(f, M, cotangent=seed if np.shape(value) else None) for f in (one, other)]
    for run in runs:
        np.testing.assert_allclose(run.value, value, rtol=1e-14)         # einsum adds in another order than @
        np.testing.assert_allclose(run.grads["x"], runs[0].grads["x"], rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("op", ["+", "-", "*", "/", "**", "@", ">", "<", ">=", "<=", "==", "!="])
def test_operators_with_an_array_on_either_side(op):
    f = eval(f"lambda x, y: x {op} y")
    A, B = P[:, :3], P.T[:3] + 0.1
    value = f(A, B)
    for traced in (lambda x: f(x, B), lambda x: f(A, x)):
        x = A if traced(A) is not None and np.array_equal(traced(A), value) else B
        got = bl.trace(lambda x, t=traced: np.sum(np.where(t(x), x, 0)) if value.dtype == bool else np.sum(t(x)), x)
        assert got.value == (np.sum(np.where(value, x, 0)) if value.dtype == bool else np.sum(value))


def test_what_is_named_as_the_nearest_exists():
    """Remedies are code that runs, and they use nothing that is refused in turn."""
    known = set(bl.operations()) | {"np.eye", "np.zeros", "np.ones", "np.shape", "np.argsort", "np.linalg"}
    for name, text in INSTEAD.items():
        assert not hasattr(np, name) or getattr(np, name) not in NUMPY, f"{name} is in the vocabulary"
        for used in re.findall(r"(?:np|bl)\.\w+", text):
            if not text.startswith("@"):
                assert used in known, f"the remedy for {name} uses {used}"


@pytest.mark.parametrize("name, f, remedy", [
    ("std", lambda x: np.std(x), lambda x: np.sqrt(np.var(x))), ("log10", lambda x: np.sum(np.log10(x)), lambda x: np.sum(np.log(x) / np.log(10))),
    ("cosh", lambda x: np.sum(np.cosh(x)), lambda x: np.sum((np.exp(x) + np.exp(-x)) / 2)),
    ("ptp", lambda x: np.ptp(x), lambda x: np.max(x) - np.min(x)),
    ("exp2", lambda x: np.sum(np.exp2(x)), lambda x: np.sum(2**x)),
    ("hypot", lambda x: np.sum(np.hypot(x, x)), lambda x: np.sum(np.sqrt(x**2 + x**2)))])
def test_what_is_not_there_is_refused_and_its_remedy_is_right(name, f, remedy):
    x = np.array([1.0, 2.0, 4.0])
    with pytest.raises(bl.TraceError, match=f"np.{name}"):
        bl.trace(f, x)
    assert remedy(x) == pytest.approx(f(x)) and bl.check_gradients(remedy, x)


@pytest.mark.parametrize("f", [lambda x: np.dot(T, x), lambda x: np.linalg.norm(x, 1), lambda x: np.linalg.norm(M * x[0], "fro"),
                               lambda x: np.clip(x, x, 1).sum(), lambda x: np.einsum(x, [0]), lambda x: np.reshape(x, (2, 2), order="F"),
                               lambda x: np.sum(x, dtype=np.float32), lambda x: np.einsum("ij,j", x)])
def test_calls_that_cannot_be_traced_are_refused_in_three_parts(f):
    with pytest.raises(bl.BackpropError) as caught:
        bl.trace(f, v)
    assert caught.value.attempted and caught.value.came_in and caught.value.instead


def test_whole_numbers_and_masks_index_as_inputs():
    def f(X, rows, mask):
        return np.sum(X[rows] * 2) + np.sum(X[mask] * 3) + np.sum(X[rows, 1:])
    rows, mask = np.array([0, 0, 2]), np.array([True, False, True])
    run = bl.trace(f, M, rows, mask)
    assert set(run.grads) >= {"X"} and not {"rows", "mask"} & set(run.grads) and bl.check_gradients(f, M, rows, mask)
    assert np.array_equal(run.program(M, rows, mask)[1]["X"], run.grads["X"])
    assert np.array_equal(bl.grad(lambda X: np.sum(bl.grad(f, "X")(X, rows, mask) * X))(M), run.grads["X"])


def test_a_computed_mask_and_a_computed_position_index():
    assert np.array_equal(bl.grad(lambda x: np.sum(x[x > 0] ** 2))(M), np.where(M > 0, 2 * M, 0))
    assert bl.grad(lambda x: x[np.argmax(x)] * 3)(v).tolist() == (3.0 * (v == v.max())).tolist()


def test_repeated_positions_add_up():
    assert bl.grad(lambda x: np.sum(x[[0, 0, 1]]))(v).tolist() == [2, 1, 0, 0]


def test_stop_gradient_stops():
    run = bl.trace(lambda x: x * bl.stop_gradient(x) + bl.stop_gradient(np.exp(x)), 3.0)
    assert run.grads["x"] == 3 and run.program(3.0)[1]["x"] == 3


@pytest.mark.parametrize("reduction, shape", [("mean", ()), ("sum", ()), ("none", (3,))])
def test_softmax_cross_entropy_by_labels_and_by_probabilities(reduction, shape):
    labels = np.array([0, 3, 1])
    by_rows = -np.log(np.exp(M) / np.exp(M).sum(1, keepdims=True))[np.arange(3), labels]
    expected = {"mean": by_rows.mean(), "sum": by_rows.sum(), "none": by_rows}[reduction]
    one = bl.softmax_cross_entropy(M, labels, reduction)
    assert np.shape(one) == shape and np.allclose(one, expected, rtol=1e-13)
    assert np.allclose(bl.softmax_cross_entropy(M, bl.one_hot(labels, 4), reduction), expected, rtol=1e-13)
    f = lambda z, y: np.sum(bl.softmax_cross_entropy(z, y, reduction))       # noqa: E731
    assert np.allclose(bl.grad(f, "z")(M, labels), bl.grad(f, "z")(M, bl.one_hot(labels, 4)), rtol=1e-13)
    assert bl.check_gradients(f, M, labels)


def test_labels_given_as_a_list_get_no_gradient():
    run = bl.trace(lambda z, y: bl.softmax_cross_entropy(z, y), M, [0, 3, 1])
    assert not np.any(run.grads["y"]) and run.program(M, np.array([0.0, 3.0, 1.0]))[1]["y"].tolist() == [0, 0, 0]


def test_binary_cross_entropy_and_squared_error():
    z, y = np.array([0.3, -2.0]), np.array([1.0, 0.0])
    p = 1 / (1 + np.exp(-z))
    assert bl.binary_cross_entropy_with_logits(z, y) == pytest.approx(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), rel=1e-13)
    assert bl.squared_error(z, y) == pytest.approx(np.mean((z - y) ** 2)) and bl.squared_error(z, y, "sum") == pytest.approx(np.sum((z - y) ** 2))
    assert np.allclose(bl.grad(lambda z: bl.squared_error(z, y))(z),
                       z - y) and np.allclose(bl.grad(lambda z: bl.binary_cross_entropy_with_logits(z, y))(z), (p - y) / 2)


def test_shapes_can_be_asked_for_inside_a_function():
    def f(X):
        n, d = X.shape
        assert np.shape(X) == (3, 4) and np.ndim(X) == X.ndim == 2 and np.size(X) == X.size == 12 and len(X) == 3 and np.size(X, 0) == 3
        return np.sum(X * np.ones_like(X) + np.zeros_like(X)) / n / d
    assert np.allclose(bl.grad(f)(M), np.full((3, 4), 1 / 12))


def test_questions_about_values_have_no_gradient():
    def f(x):
        if np.any(np.isnan(x)) or not np.all(np.isfinite(x)):
            return x[0]
        return np.sum(x)
    run = bl.trace(f, v)
    assert run.grads["x"].tolist() == [1, 1, 1, 1] and [b.answer for b in run.branches] == [False, True]
