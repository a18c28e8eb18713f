"""Layers, losses, penalties and networks: the lectures' numbers, the laws that hold, and what is refused."""
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab import nn
from backproplab.nn.trees import weights_of

CASES = {c["id"]: c for c in json.loads((Path(__file__).parent.parent / "data" / "reference_cases.json").read_text(encoding="utf-8"))["cases"]}


def numbers(case):
    return {k: np.array(v, float)[()] for k, v in CASES[case]["inputs"].items()}


# A lecture's example, written with nn: its value and every gradient that the reference has for an input.
THROUGH_NN = {
    "cmu_logistic_cross_entropy_y1": lambda theta, x, ystar: nn.loss("logistic")(theta @ x, ystar),
    "cmu_logistic_cross_entropy_y0": lambda theta, x, ystar: nn.loss("logistic_by_steps")(theta @ x, ystar),
    "cmu_logistic_as_printed": lambda theta, x, ystar: nn.loss("log_likelihood")(theta @ x, ystar),
    "cmu_logistic_as_printed_y0": lambda theta, x, ystar: nn.loss("log_likelihood")(theta @ x, ystar),
    "cmu_two_hidden": lambda x, alpha1, b1, alpha2, b2, beta, beta0, ystar: nn.loss("logistic")(
        beta @ nn.sigmoid(nn.linear(nn.sigmoid(nn.linear(x, alpha1, b1)), alpha2, b2)) + beta0, ystar),
    "cmu_l2_regularised_net": lambda x, A, a0, beta, beta0, ystar, lam: nn.loss("logistic")(
        beta @ nn.sigmoid(nn.linear_column(x, A, a0)) + beta0, ystar) + lam * nn.L2(1.0, named=("a0", "beta0")).omega(
            {"A": A, "a0": a0, "beta": beta, "beta0": beta0}),
    "cmu_erm_batch_mean": lambda X, t, w, c: nn.loss("logistic")(X @ w + c, t),
    "rowvec_linear_row_batch": lambda X, W, b, T: nn.loss("squared")(nn.linear(X, W, b), T),
    "rowvec_resnet_block": lambda x, W1, W2: np.sum(nn.residual_block(x, lambda x: W2 @ nn.relu(W1 @ x)) ** 2) / 2,
    "notes_linear_squared": lambda W, x, b, y: nn.loss("half_squared")(nn.linear_column(x, W, b), y),
    "notes_two_layer_linear": lambda x, W1, b1, W2, b2, y: nn.loss("half_squared")(nn.linear_column(nn.linear_column(x, W1, b1), W2, b2), y),
    "notes_two_layer_relu_squared": lambda x, W1, b1, W2, b2, y: nn.loss("half_squared")(
        nn.Network((2, 3, 2), form="column")([{"W": W1, "b": b1}, {"W": W2, "b": b2}], x), y),
    "notes_two_layer_relu_softmax": lambda x, W1, b1, W2, b2, onehot: nn.loss("softmax")(
        nn.Network((2, 3, 3), form="column")([{"W": W1, "b": b1}, {"W": W2, "b": b2}], x), onehot),
    "notes_three_layer_relu_squared": lambda x, w1, b1, w2, b2, w3, b3, y: nn.loss("half_squared")(
        nn.Network((2, 3, 3, 2), form="column")([{"W": w1, "b": b1}, {"W": w2, "b": b2}, {"W": w3, "b": b3}], x), y),
    "notes_numpy_batch_code": lambda X, w1, b1, w2, b2, Y: 3 * nn.loss("half_squared")(
        nn.Network((2, 3, 2))([{"W": w1, "b": b1}, {"W": w2, "b": b2}], X), Y),
    "notes_batch_softmax_mean": lambda X, w1, b1, w2, b2, onehot: nn.loss("softmax")(
        nn.Network((2, 3, 3))([{"W": w1, "b": b1}, {"W": w2, "b": b2}], X), onehot),
    "gwu_alg_6_3_6_4_l2": lambda x, y, W1, b1, W2, b2, lam: nn.loss("half_squared")(
        np.tanh(nn.linear_column(np.tanh(nn.linear_column(x, W1, b1)), W2, b2)), y)
        + lam * nn.L2(1.0).omega([{"W": W1, "b": b1}, {"W": W2, "b": b2}]),
    "gwu_alg_6_3_6_4_minus_as_printed": lambda x, y, W1, b1, W2, b2, lam: nn.loss("half_squared")(
        np.tanh(nn.linear_column(np.tanh(nn.linear_column(x, W1, b1)), W2, b2)), y)
        + lam * nn.L2(1.0, sign=-1)([{"W": W1, "b": b1}, {"W": W2, "b": b2}]),
    "gwu_alg_6_4_bias_regularised": lambda x, y, W1, b1, W2, b2, lam: nn.loss("half_squared")(
        np.tanh(nn.linear_column(np.tanh(nn.linear_column(x, W1, b1)), W2, b2)), y)
        + lam * nn.L2(1.0, biases=True).omega([{"W": W1, "b": b1}, {"W": W2, "b": b2}]),
}


def wrong(case, f):
    """The names whose value or gradient is not the reference's."""
    value, found = bl.value_and_grad(f)(**numbers(case))
    bad = [] if np.allclose(value, CASES[case]["values"][CASES[case]["output"]], rtol=1e-12, atol=1e-13) else ["value"]
    wanted = {n: g for n, g in CASES[case]["grads"].items() if n in found and n in CASES[case]["inputs"]}
    assert wanted
    return bad + [n for n, g in wanted.items() if not np.allclose(found[n], np.array(g, float), rtol=1e-11, atol=1e-13)]


@pytest.mark.parametrize("case", THROUGH_NN)
def test_the_lectures_examples_through_nn(case):
    assert wrong(case, THROUGH_NN[case]) == []


def test_a_planted_sign_is_noticed():
    assert wrong("cmu_logistic_cross_entropy_y1", THROUGH_NN["cmu_logistic_as_printed"]) == ["value", "theta", "x"]


def test_descent_on_the_printed_log_likelihood_makes_the_model_worse():
    data = nn.two_moons(64, seed=1)
    net = nn.Network((2, 1))
    start = net.start("xavier", seed=1)
    ends = [nn.train(net.objective(name), start, data, 20, batch=None).params for name in ("logistic", "log_likelihood")]
    better, worse = (float(net.objective("logistic")(p, *data)) for p in ends)
    assert better < float(net.objective("logistic")(start, *data)) < worse
    assert [loss.name for loss in nn.LOSSES.values() if loss.sign == -1] == ["log_likelihood"]


def test_a_loss_as_the_chosen_course_prints_it():
    """The logistic loss has two signs in the lectures; what is trained is never turned by a convention."""
    assert nn.as_printed("logistic").name == "logistic" and nn.as_printed("logistic", -1).name == "log_likelihood"
    with bl.conventions("cmu"):
        assert nn.as_printed("logistic").sign == nn.as_printed("logistic_by_steps").sign == -1
        assert nn.as_printed("squared") is nn.LOSSES["squared"] and nn.as_printed("logistic", 1) is nn.LOSSES["logistic"]
        f, y = np.array([[0.3], [-2.0]]), np.array([[1.0], [0.0]])
        assert float(nn.as_printed("logistic")(f, y)) == -float(nn.loss("logistic")(f, y))
    with pytest.raises(bl.BackpropError, match="logistc"):
        nn.as_printed("logistc")


@pytest.mark.parametrize("activation", [n for n in nn.ACTIVATIONS if n != "softmax"])
@pytest.mark.parametrize("kind", [{}, {"residual": True}, {"normalised": True}])
def test_every_network_against_central_differences(activation, kind):
    net = nn.Network((3, 4, 4, 2), activation, **kind)
    params = net.start("xavier", seed=3, bias=0.1)
    X, y = np.random.RandomState(0).standard_normal((6, 3)), np.random.RandomState(1).standard_normal((6, 2))
    objective = net.objective("half_squared", nn.L1(0.1, biases=True))
    assert bl.check_gradients(objective, params, X, y)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 9))
def test_rows_and_columns_are_transposes(n, units, seed):
    """The column form of transposed data with transposed weights is the row form, transposed; so are the gradients."""
    row, column = nn.Network((3, units, 2), "tanh"), nn.Network((3, units, 2), "tanh", form="column")
    p, q = row.start("xavier", seed=seed), column.start("xavier", seed=seed)
    random = np.random.RandomState(seed)
    X, y = random.standard_normal((n, 3)), random.standard_normal((n, 2))
    a, g = bl.value_and_grad(row.objective("half_squared"), wrt="params")(p, X, y)
    b, h = bl.value_and_grad(column.objective("half_squared"), wrt="params")(q, X.T, y.T)
    assert np.isclose(a, b, rtol=1e-12)
    for layer, turned in zip(g, h, strict=True):
        assert np.allclose(layer["W"], turned["W"].T, rtol=1e-11, atol=1e-14) and np.allclose(layer["b"], turned["b"], rtol=1e-11, atol=1e-14)
    assert row.accuracy(p, X, y) == column.accuracy(q, X.T, y.T) == np.mean(np.argmax(row(p, X), axis=1) == np.argmax(y, axis=1))
    (one,), (two,) = nn.activation_statistics(row, p, X), nn.activation_statistics(column, q, X.T)
    assert one.keys() == two.keys() and np.allclose(list(one.values()), list(two.values()), rtol=1e-11, atol=1e-14)


def test_the_gradient_by_a_nudge_is_the_layers_delta():
    """For a layer without shortcut, delta_k = (delta_k+1 W^T) * sigma'(z_k)."""
    net, X = nn.Network((2, 5, 5, 1), "sigmoid"), np.random.RandomState(0).standard_normal((7, 2))
    params, nudges = net.start("xavier", seed=2), [np.zeros((7, 5)), np.zeros((7, 5))]
    delta = bl.grad(lambda nudges: np.sum(net.outputs(params, X, nudges) ** 2), "nudges")(nudges)
    a = net.layers(params, X)[0].a
    assert np.allclose(delta[0], (delta[1] @ params[1]["W"].T) * a * (1 - a), rtol=1e-12)


def test_what_batch_norm_and_a_shortcut_do():
    z = nn.batch_norm(np.random.RandomState(0).standard_normal((50, 3)) * 7 + 2, 2.0, np.array([0.0, 1.0, 2.0]))
    assert np.allclose(z.mean(0), [0, 1, 2]) and np.allclose(z.std(0), 2)
    net = nn.Network((2, 4, 4, 1), residual=True)
    one, two = net.layers(net.start(seed=1), np.ones((3, 2)))
    assert np.array_equal(one.h, one.a) and np.array_equal(two.h, one.h + two.a)


@pytest.mark.parametrize("f, wrong_input, said", [
    (lambda x: nn.linear(x, np.ones((3, 2)), np.zeros(2)), np.ones((4, 2)), "Its transpose fits"),
    (lambda x: nn.linear_column(x, np.ones((3, 2)), np.zeros(3)), np.ones((5, 4)), "one column for each of the 5 inputs"),
    (lambda x: nn.residual_block(x, lambda x: x[:, :1]), np.ones((4, 2)), "keeps the shape"),
    (lambda x: nn.Network((2, 3, 1))(nn.Network((2, 3, 1)).start(), x), np.ones((4, 5)), "the 2 features"),
    (lambda x: nn.Network((2, 3, 1))([], x), np.ones((4, 2)), "params holds 0 layers"),
])
def test_shapes_that_do_not_fit_are_refused_in_words(f, wrong_input, said):
    with pytest.raises(bl.ShapeError, match=said):
        f(wrong_input)


@pytest.mark.parametrize("make, said", [
    (lambda: nn.Network((2,)), "Sizes are whole numbers"), (lambda: nn.Network((2, 0, 1)), "Sizes"), (lambda: nn.Network((2, 2.5, 1)), "Sizes"),
    (lambda: nn.Network((2, 1), form="rows"), "one example a row"), (lambda: nn.Network((2, 3, 1), normalised=True, form="column"), "Batch norm"),
    (lambda: nn.Network((2, 3, 1), "rellu"), "rellu"), (lambda: nn.Network((2, 1)).objective("hinge"), "There are squared"),
    (lambda: nn.Network((2, 1)).start("kaiming"), "There are zeros"), (lambda: nn.L2(-1.0), "sign=-1"), (lambda: nn.L1(1.0, sign=0), "A sign is 1"),
    (lambda: nn.L2(float("nan")), "0 or more"), (lambda: nn.normal(-1), "0 or more"), (lambda: nn.dataset("mnist"), "There are two_moons"),
    (lambda: nn.two_moons(1), "at least 2"), (lambda: nn.circles(seed=-1), "A seed"), (lambda: nn.blobs(classes=1), "2 classes"),
    (lambda: nn.xor().split(0.0), "above 0 and below 1"),
])
def test_settings_that_cannot_be_are_refused_in_words(make, said):
    with pytest.raises(bl.BackpropError, match=said):
        make()


@pytest.mark.parametrize("name", ["zeros", "normal", "xavier", "he", "scaled"])
def test_an_initialiser_has_the_variance_it_says(name):
    drawn = nn.initialiser(name).draw(300, 200, np.random.RandomState(0))
    variance = nn.initialiser(name).variance(300, 200)
    assert np.isclose(drawn.var(), variance, rtol=0.03) and f"= {variance:.6g}, " in nn.initialiser(name).says(300, 200)
    written = nn.initialiser(name).formula.replace("^", "**")
    assert np.isclose(eval(written, {"fan_in": 300, "fan_out": 200, "scale": 1, "deviation": 1}), variance, rtol=1e-12)


@pytest.mark.parametrize("name", [n for n in nn.DATASETS if n != "digits"])
def test_data_come_from_their_seed_and_from_nothing_else(name):
    a, b, c = (nn.dataset(name, n=40, noise=0.1, seed=s) for s in (7, 7, 8))
    assert a.X.tobytes() == b.X.tobytes() and not np.array_equal(a.X, c.X) and len(a.X) == len(a.y) == 40
    one, two = a.split(0.25, seed=1)
    together = [np.c_[np.concatenate([one.X, two.X]), np.concatenate([one.y, two.y])], np.c_[a.X, a.y]]       # each point with its own label
    assert len(two.X) == 10 and sorted(map(tuple, together[0])) == sorted(map(tuple, together[1]))


def test_data_without_noise_lie_where_it_is_said():
    X, y = nn.circles(40, noise=0.0)
    assert np.allclose(np.hypot(*X.T), np.where(y[:, 0] == 1, 1, 2))
    X, y = nn.spirals(400, noise=0.0, turns=1.5)
    r = np.hypot(*X.T)
    turned = np.exp(1j * (2 * np.pi * 1.5 * (r - 0.2) / 1.8 + np.pi * y[:, 0]))
    assert np.allclose(X / r[:, None], np.stack([turned.real, turned.imag], 1)) and 0.2 <= r.min() < 0.5 and 1.95 < r.max() <= 2
    X, y = nn.xor(8)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] * 2 and y[:, 0].tolist() == [0, 1, 1, 0] * 2
    X, y = nn.blobs(9, noise=0.0)
    assert np.allclose(np.hypot(*X.T), 1.5) and y.tolist() == [0, 1, 2] * 3 and np.allclose(X[:3].sum(0), 0)
    X, y = nn.line(400, noise=0.0, slope=3.0, intercept=0.5)
    assert np.allclose(y, 3 * X + 0.5) and -2 <= X.min() < -1.9 and 1.9 < X.max() <= 2


def test_two_moons_are_frozen():
    """The first point and a sum, so that a change of the draw does not go unnoticed."""
    X, y = nn.two_moons(8, seed=0)
    assert np.allclose(X.mean(0), 0) and np.allclose(X.std(0), 1) and y[:, 0].tolist() == [0, 1] * 4
    assert np.round(X[0], 6).tolist() == FROZEN


FROZEN = [-1.105169, 1.024741]


def test_weights_and_biases_are_told_apart():
    params = {"W": 1.0, "b": 2.0, "b1": 3.0, "bias": 4.0, "bias_2": 5.0, "b_out": 6.0, "beta": 7.0, "B": 8.0,
              "block": [{"W": np.ones(2), "b": np.ones(3)}]}
    weights = [np.sum(w) for w in weights_of(params)]
    assert weights == [1, 7, 8, 2]
    assert nn.L2(2.0)(params) == 0.5 * 2 * (1 + 49 + 64 + 2) and nn.L1(1.0, biases=True)(params) == 36 + 2 + 3


def test_digits_need_scikit_learn_and_say_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(bl.InputError, match="Install scikit-learn"):
        nn.digits()
