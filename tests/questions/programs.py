"""Programs that many tests of questions ask about."""
import numpy as np

import backproplab as bl
from tests.worked_example import example


def layer(X, W, b, Y):
    Z = X @ W + b
    H = np.tanh(Z)
    E = H - Y
    J = np.mean(np.square(E))
    return J


def example_run(x=1.4, z=0.7):
    return bl.trace(example, x=x, z=z)


def layer_run():
    draw = np.random.RandomState(0)
    X, W, b, Y = (np.round(draw.randn(*shape), 1) for shape in ((4, 3), (3, 2), (2,), (4, 2)))
    return bl.trace(layer, X=X, W=W, b=b, Y=Y)


def written(program, inputs):
    """The run of a one-line program, such as "a = x * x; y = np.sin(a)"."""
    lines = [line.strip() for line in program.split(";")]
    text = f"def f({', '.join(inputs)}):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {lines[-1].split(' = ')[0]}\n"
    scope = {"np": np, "sigmoid": bl.sigmoid, "relu": bl.relu, "softmax": bl.softmax, "log_softmax": bl.log_softmax}
    exec(text, scope)
    return bl.trace(scope["f"], inputs={n: np.array(v, float)[()] for n, v in inputs.items()})
