"""The lectures' algorithms, each against the engine and against the lectures' verified numbers."""
import numpy as np
import pytest

import backproplab as bl
from backproplab import nn
from backproplab.nn.layer_interface import Blob, EuclideanLossLayer, InnerProductLayer, ReLULayer, SigmoidLayer, SoftmaxWithLossLayer, TanHLayer
from tests.nn.test_layers import CASES, numbers


def close(a, b):
    return np.allclose(a, np.array(b, float), rtol=1e-12, atol=1e-14)


def test_nn_forward_and_backward():
    i, case = numbers("cmu_one_hidden_cross_entropy"), CASES["cmu_one_hidden_cross_entropy"]
    o = nn.nn_forward(i["x"], i["ystar"], i["alpha"], i["beta"])
    g_alpha, g_beta = nn.nn_backward(i["x"], i["ystar"], i["alpha"], i["beta"], o)
    assert close(o.J, case["values"]["J"]) and close(o.z, case["values"]["zaug"])
    assert close(g_alpha, case["grads"]["alpha"]) and close(g_beta, case["grads"]["beta"])


def test_a_sure_and_wrong_answer_has_finite_numbers():
    o = nn.nn_forward([1.0, 400.0], 0.0, np.array([[0.0, 5.0]]), np.array([0.0, 900.0]))
    assert o.J == 900 and np.all(np.isfinite(nn.nn_backward([1.0, 400.0], 0.0, np.array([[0.0, 5.0]]), np.array([0.0, 900.0]), o)[0]))


def test_algorithm_1_is_plain_sgd_over_the_examples():
    i, case = numbers("cmu_one_hidden_cross_entropy"), CASES["cmu_one_hidden_cross_entropy"]
    one = nn.sgd([(i["x"], i["ystar"])], [], i["alpha"], i["beta"], gamma=case["sgd"]["lr"], epochs=1)
    assert close(one.alpha, case["sgd"]["updated"]["alpha"]) and close(one.beta, case["sgd"]["updated"]["beta"])
    X, y = nn.two_moons(20, seed=1)
    data = [(np.concatenate([[1.0], x]), label) for x, label in zip(X, y[:, 0], strict=True)]
    random = np.random.RandomState(2)
    alpha, beta = random.standard_normal((3, 3)), random.standard_normal(4)
    found = nn.sgd(data[:16], data[16:], alpha, beta, gamma=0.5, epochs=30)
    assert found.train[-1] < 0.5 * found.train[0] and len(found.test) == 30

    def J(params, x, y):
        return nn.loss("logistic")(params["beta"] @ np.concatenate([[1.0], nn.sigmoid(params["alpha"] @ x)]), y)
    params, optimiser = {"alpha": alpha, "beta": beta}, nn.SGD(0.5)
    for _ in range(30):
        for x, label in data[:16]:
            params, _ = optimiser.step(params, bl.grad(J, "params")(params, x, label), ())
    assert close(found.alpha, params["alpha"]) and close(found.beta, params["beta"])


def half_squared(y_hat, y):
    return np.sum((y_hat - y) ** 2) / 2


def omega(biases):
    return lambda W, b: nn.L2(1.0, biases).omega([{"W": w, "b": v} for w, v in zip(W, b, strict=True)])


@pytest.mark.parametrize("case, layers, f, L, biases", [
    ("gwu_alg_6_3_6_4_l2", 2, np.tanh, half_squared, False),
    ("gwu_alg_6_4_bias_regularised", 2, np.tanh, half_squared, True),
    ("gwu_alg_6_4_l3", 3, [bl.relu, np.tanh, bl.sigmoid], lambda h, y: -(y * np.log(h[0]) + (1 - y) * np.log(1 - h[0])), False),
])
def test_algorithms_6_3_and_6_4(case, layers, f, L, biases):
    i = numbers(case)
    W, b = ([i[f"{n}{k}"] for k in range(1, layers + 1)] for n in "Wb")
    forward = nn.algorithm_6_3(W, b, i["x"], i["y"], f, L, omega(biases), i["lam"])
    assert close(forward.J, CASES[case]["values"]["J"]) and close(forward.a[0], CASES[case]["values"]["a1"])
    g_W, g_b = nn.algorithm_6_4(W, b, i["x"], i["y"], f, L, omega(biases), i["lam"], forward)
    for k in range(layers):
        assert close(g_W[k], CASES[case]["grads"][f"W{k + 1}"]) and close(g_b[k], CASES[case]["grads"][f"b{k + 1}"])
    assert not close(nn.algorithm_6_4(W, b, i["x"], i["y"], f, L)[0][0], CASES[case]["grads"]["W1"])      # without lambda Omega


def test_the_sigmoid_layer_of_the_lecture():
    i, case = numbers("cs4644_caffe_sigmoid_layer"), CASES["cs4644_caffe_sigmoid_layer"]
    bottom, top, layer = Blob(i["bottom"]), Blob(), SigmoidLayer()
    layer.forward([bottom], [top])
    top.diff = i["top_diff"]
    layer.backward([top], [False], [bottom])
    assert close(top.data, case["values"]["top"]) and not bottom.diff.any()
    layer.backward([top], [True], [bottom])
    assert close(bottom.diff, case["grads"]["bottom"])


@pytest.mark.parametrize("kind, function", [(SigmoidLayer, bl.sigmoid), (TanHLayer, np.tanh), (ReLULayer, bl.relu)])
@pytest.mark.parametrize("loss", ["squared", "softmax"])
def test_a_net_of_layers_with_memory_equals_the_engine(kind, function, loss):
    random = np.random.RandomState(4)
    X, W1, b1, W2, b2 = (random.standard_normal(s) for s in ((5, 3), (4, 3), (4,), (2, 4), (2,)))
    target = random.standard_normal((5, 2)) if loss == "squared" else np.array([0, 1, 1, 0, 1])
    layers = [InnerProductLayer(W1, b1), kind(), InnerProductLayer(W2, b2)]
    last = EuclideanLossLayer() if loss == "squared" else SoftmaxWithLossLayer()
    blobs, wanted, J = [Blob(X), Blob(), Blob(), Blob()], Blob(target), Blob()
    for k, layer in enumerate(layers):
        layer.forward([blobs[k]], [blobs[k + 1]])
    last.forward([blobs[3], wanted], [J])
    J.diff = np.ones(())
    last.backward([J], [True, False], [blobs[3], wanted])
    for k in (2, 1, 0):
        layers[k].backward([blobs[k + 1]], [k > 0], [blobs[k]])

    def f(W1, b1, W2, b2):
        return nn.loss("half_squared" if loss == "squared" else "softmax")(function(X @ W1.T + b1) @ W2.T + b2, target)
    value, g = bl.value_and_grad(f)(W1, b1, W2, b2)
    found = {"W1": layers[0].blobs[0], "b1": layers[0].blobs[1], "W2": layers[2].blobs[0], "b2": layers[2].blobs[1]}
    assert close(J.data, value) and all(close(blob.diff, g[n]) for n, blob in found.items()) and not blobs[0].diff.any()
    layers[2].backward([blobs[3]], [True], [blobs[2]])
    assert close(layers[2].blobs[0].diff, 2 * g["W2"])                  # parameters' diffs add up


def test_what_the_layer_interface_refuses():
    with pytest.raises(bl.ShapeError, match="one example a row"):
        InnerProductLayer(np.ones((2, 3)), np.ones(2)).forward([Blob(np.ones(3))], [Blob()])
    with pytest.raises(bl.ShapeError, match="Labels are whole numbers"):
        SoftmaxWithLossLayer().backward([Blob()], [True, True], [Blob(np.ones((1, 2))), Blob([0])])
