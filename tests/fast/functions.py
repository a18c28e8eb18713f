"""Functions that the tests compile, and whether a program agrees with the run."""
import dataclasses

import numpy as np

import backproplab as bl

RANDOM = np.random.RandomState(0)


def classic(x, z):
    a = x * z
    b = np.log(x)
    return np.exp(a) + a / b + np.sin(b) / a


def network(X, y, W1, b1, W2, b2):
    h = bl.relu(X @ W1 + b1)
    s = h @ W2 + b2
    loss = bl.softmax_cross_entropy(s, y)
    return loss


def batch(n):
    return {"X": RANDOM.randn(n, 5), "y": RANDOM.randint(0, 3, n)}


WEIGHTS = {"W1": RANDOM.randn(5, 6), "b1": RANDOM.randn(6), "W2": RANDOM.randn(6, 3), "b2": RANDOM.randn(3)}


def agrees(program, f, rtol=1e-12, **inputs):
    """Does it give what the run gives?"""
    run = bl.trace(f, **inputs)
    value, grads = program(**inputs)
    assert np.allclose(value, run.value, rtol, 1e-13)
    for n, g in grads.items():
        assert np.shape(g) == np.shape(run.grads[n]) and np.allclose(g, run.grads[n], rtol, rtol * np.max(np.abs(run.grads[n])))
    return grads


def branching(x):
    if x > 1:
        x = x * x
    while x > 10:
        x = x - 7
    return np.sin(x)


@dataclasses.dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray


def layered(params, X):
    for layer in params["layers"]:
        X = np.tanh(X @ layer.W + layer.b)
    return np.sum(X * X) * params["scale"]


def parameters(n=2):
    return {"layers": [Layer(RANDOM.randn(3, 3), RANDOM.randn(3)) for _ in range(n)], "scale": 0.5}


def looping(x):
    for _ in range(12):
        x = bl.sigmoid(x * 0.999) + 0.001 / (x + 2) - np.maximum(x, 0.2) ** 2 + np.where(x > 0.5, x, x * x) + bl.softplus(x) ** 0.5
        x = np.sin(x) - 0.1 * x**3 + np.exp(-x * x)
    return x
