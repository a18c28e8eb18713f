"""Cross-checks against another autograd library, where one is installed."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.rules import OPERATIONS
from backproplab.engine.samples import arrays, sampled

FUNCTIONS = {
    "example": lambda np, x, z: np.exp(x * z) + x * z / np.log(x) + np.sin(np.log(x)) / (x * z),
    "network": lambda np, X, W, b: np.mean((np.tanh(np.dot(X, W) + b) - 0.5) ** 2),
    "softmax": lambda np, x, A: -np.sum(np.sin(np.dot(A, x)) * np.log(np.exp(x[:3]) / np.sum(np.exp(x[:3])))),
    "reductions": lambda np, M: np.sum(np.mean(M, axis=0) ** 2) + np.max(M[1]) * np.var(M) + np.prod(M[0]),
    "shapes": lambda np, T: np.sum(np.einsum("bij,bkj->bik", T, T) ** 2) + np.sum(np.transpose(T, (2, 0, 1)).reshape(4, 6)[:, ::2] ** 3),
    "choices": lambda np, M, v: np.sum(np.where(v < M, M * v, np.abs(M))) + np.sum(np.maximum(M, v) * np.minimum(M, 0.3)),
}


def inputs(name):
    every, draw = arrays(), np.random.RandomState(2)
    return {"example": (2.0, 3.0), "network": (draw.randn(5, 3), draw.randn(3, 2), draw.randn(2)), "softmax": (draw.randn(4), draw.randn(3, 4)),
            "reductions": (every["M"],), "shapes": (every["T"],), "choices": (every["M"], every["v"])}[name]


def ours(name):
    import inspect
    f = FUNCTIONS[name]
    names = list(inspect.signature(f).parameters)[1:]
    plain = eval(f"lambda {', '.join(names)}: f(np, {', '.join(names)})", {"f": f, "np": np})
    found = bl.grad(plain)(*inputs(name))
    return [found[n] for n in names] if isinstance(found, dict) else [found]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_agree_with_hips_autograd(name):
    autograd = pytest.importorskip("autograd")
    import autograd.numpy as anp
    values = inputs(name)
    for k, got in enumerate(ours(name)):
        np.testing.assert_allclose(got, autograd.grad(lambda *a: FUNCTIONS[name](anp, *a), k)(*values), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_agree_with_jax(name):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    values = inputs(name)
    for k, got in enumerate(ours(name)):
        np.testing.assert_allclose(got, jax.grad(lambda *a: FUNCTIONS[name](jax.numpy, *a), k)(*values), rtol=1e-11, atol=1e-13)


# What our own operations are called there; a sample that uses another of ours is left to the other laws.
OURS = {"sigmoid": "sigmoid", "relu": "relu", "leaky_relu": "leaky_relu", "softplus": "softplus", "softmax": "softmax", "log_softmax": "log_softmax"}
LISTS = ["[1., 2., 3., 4.] + M", "M[[0, 0, 2]]"]                    # which jax does not take
SAMPLES = [text for op in OPERATIONS.values() for text in op.samples if (not op.own or op.name in OURS) and text not in LISTS]


@pytest.mark.parametrize("text", SAMPLES)
def test_every_sample_agrees_with_jax(text):
    """The declared operations, one by one, to twelve digits where central differences see six."""
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    f, inputs = sampled(text)
    theirs = eval(f"lambda {', '.join(inputs)}: {text}", {"np": jax.numpy, **{n: getattr(jax.nn, name) for n, name in OURS.items()}})
    weights = np.cos(np.arange(np.size(f(**inputs)))).reshape(np.shape(f(**inputs))) + 1.5
    run = bl.trace(f, **inputs, cotangent=weights if weights.ndim else None)
    scale = weights if weights.ndim else 1.0
    values = [jax.numpy.asarray(v) for v in inputs.values()]
    expected = jax.grad(lambda *xs: jax.numpy.sum(scale * theirs(*xs)), tuple(range(len(inputs))))(*values)
    for name, want in zip(inputs, expected, strict=True):
        np.testing.assert_allclose(run.grads[name], want, rtol=1e-12, atol=1e-14)
