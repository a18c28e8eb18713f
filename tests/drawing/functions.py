"""Functions to draw: the 89 reference cases, and some that nobody prepared a picture for."""
import functools

import numpy as np

import backproplab as bl
from tests.reference_cases import CASES, written
from tests.worked_example import example


def case_run(case):
    """A reference case, traced."""
    f, inputs = written(case)
    shape = np.shape(case["values"][case["output"]])
    return bl.trace(f, inputs=inputs, cotangent=np.ones(shape) if shape else None)


def neuron(x0, x1, w0, w1, w2):
    p0 = w0 * x0
    p1 = w1 * x1
    s = p0 + p1
    f = s + w2
    out = 1 / (1 + np.exp(-f))
    return out


def twice(x):
    return x * x + x


def helper(u):
    s = 1 / (1 + np.exp(-u))
    return s


def calls(x, w):
    a = helper(w * x)
    b = helper(w + a)
    return a * b


def chain(x):
    for _ in range(30):
        x = np.sin(x)
    return x


def many(x):
    parts = [np.sin(k * x) for k in range(1, 13)]
    total = sum(parts)
    return total


def soft(X, W, Y):
    Z = X @ W
    P = bl.softmax(Z)
    L = -np.mean(np.sum(Y * np.log(P), axis=1))
    return L


def index(v):
    a = v[0] * v[1]
    b = v[1] ** 2 / v[2]
    return a - b


def L(L, theta, alpha_1):
    g_L = L * theta
    h = np.sqrt(np.abs(g_L)) - alpha_1
    return h ** 2


def large(X, w):
    p = bl.sigmoid(X @ w)
    return np.mean(p)


def kink(x, y):
    r = np.maximum(x, 0)
    return r * y


def mlp(X, W1, b1, W2, b2, Y, lam):
    H = np.maximum(X @ W1 + b1, 0)
    P = H @ W2 + b2
    R = P - Y
    data = np.mean(R ** 2)
    reg = np.sum(W1 ** 2) + np.sum(W2 ** 2)
    loss = data + lam * reg
    return loss


def residual(x, W1, W2):
    h = x
    h = h + bl.relu(h @ W1)
    h = h + bl.relu(h @ W2)
    y = np.sum(h)
    return y


def three_axes(x, s):
    y = x * s
    z = np.sum(y, axis=0)
    out = np.sum(z ** 2)
    return out


def long_formula(initial_temperature, reaction_rate, diffusion_constant):
    return (np.exp(initial_temperature * reaction_rate) + diffusion_constant * reaction_rate * initial_temperature
            + initial_temperature ** 2 - reaction_rate)


def long_name(a_rather_long_name_for_one_number):
    y = a_rather_long_name_for_one_number * 2
    return y


def net(sizes=(3, 4, 2, 1)):
    """A scalar network as a function, with one variable for each unit, written out."""
    inputs = [f"x{i}" for i in range(1, sizes[0] + 1)]
    args, lines, previous = list(inputs), [], inputs
    for layer, count in enumerate(sizes[1:], 1):
        now = []
        for j in range(1, count + 1):
            weights = [f"w{layer}_{j}{i}" for i in range(1, len(previous) + 1)]
            args += [*weights, f"b{layer}_{j}"]
            total = " + ".join(f"{w} * {p}" for w, p in zip(weights, previous, strict=True))
            lines += [f"    a{layer}_{j} = {total} + b{layer}_{j}", f"    z{layer}_{j} = sigmoid(a{layer}_{j})"]
            now.append(f"z{layer}_{j}")
        previous = now
    text = f"def net({', '.join([*args, 't'])}):\n" + "\n".join(lines) + f"\n    loss = ({previous[0]} - t) ** 2\n    return loss\n"
    scope = {"np": np, "sigmoid": bl.sigmoid}
    exec(text, scope)
    draw = np.random.RandomState(1)
    return scope["net"], {n: float(np.round(draw.randn(), 1)) for n in [*args, "t"]}


@functools.cache
def odd_runs():
    """Name -> run."""
    rs = np.random.RandomState(0)
    network, at = net()
    weights = ["W1", "b1", "W2", "b2"]
    return {
        "classic": bl.trace(example, x=2.0, z=3.0), "neuron": bl.trace(neuron, -1.0, -2.0, 2.0, -3.0, -3.0), "twice": bl.trace(twice, 3.0),
        "calls": bl.trace(calls, 0.5, 2.0), "chain": bl.trace(chain, 1.0), "many": bl.trace(many, 0.3),
        "soft": bl.trace(soft, rs.randn(4, 3), rs.randn(3, 3), np.eye(3)[[0, 1, 2, 0]]), "index": bl.trace(index, [1.0, 2.0, 3.0]),
        "names": bl.trace(L, 2.0, -0.5, 0.1), "lambda": bl.trace(lambda x: np.exp(x) * x, 1.0),
        "large": bl.trace(large, rs.randn(50, 10), rs.randn(10)),
        "kink": bl.trace(kink, -1.0, 2.0), "net": bl.trace(network, **at),
        "mlp": bl.trace(mlp, rs.randn(3, 4), rs.randn(4, 3), rs.randn(1, 3), rs.randn(3, 2), rs.randn(1, 2), rs.randn(3, 2), 0.01, wrt=weights),
        "residual": bl.trace(residual, rs.randn(2, 3), rs.randn(3, 3), rs.randn(3, 3), wrt=["W1", "W2"]),
        "three axes": bl.trace(three_axes, rs.randn(2, 3, 4), 1e-9),
        "long name": bl.trace(long_name, 3.0), "long formula": bl.trace(long_formula, 1.0, 0.2, 3.0)}


@functools.cache
def case_runs():
    return {c["id"]: case_run(c) for c in CASES}


def every_run():
    return {**case_runs(), **odd_runs()}


def tickets_of(run):
    """Texts as the stepper writes them."""
    def number(v, n):
        return bl.notation.signed(v, n) if np.ndim(v) == 0 else "×".join(map(str, np.shape(v)))

    return {(v.name, c.consumer): (f"{number(c.upstream, 3)} × ({number(c.local if c.local is not None else c.value, 3)})", number(c.value, 4))
            for v in run.variables.values() for c in v.uses}
