"""Logistic regression and sigmoid networks with the logarithmic loss: backward passes in NumPy, for one example and for a batch."""
from typing import Any

import numpy as np

from ...engine import trace
from ...nn.functions import binary_cross_entropy_with_logits
from ..draws import Draw
from ..generators import with_inputs
from ..model import question

NETS = "program the backward pass of a sigmoid network"
LOSS = "L = t * np.log(y) + (1 - t) * np.log(1 - y); J = -{}"


def _example(draw: Draw) -> dict[str, Any]:
    return {"x": draw.array(3, places=2), "w": draw.array(3, places=2), "b": draw.readable(-0.8, 0.8, 2), "t": float(draw.below(2))}


def _batch(draw: Draw) -> dict[str, Any]:
    n, d = draw.shuffled([3, 4, 5])[:2]
    return {"X": draw.array(n, d, places=2), "w": draw.array(d, places=2), "b": draw.readable(-0.8, 0.8, 2),
            "t": [float(draw.below(2)) for _ in range(n)]}


def _one_hidden(draw: Draw) -> dict[str, Any]:
    d, h = draw.shuffled([2, 3, 4])[:2]
    return {"x": draw.array(d, places=2), "alpha": draw.array(h, d, places=2), "a0": draw.array(h, places=2), "beta": draw.array(h, places=2),
            "b0": draw.readable(-0.8, 0.8, 2), "t": float(draw.below(2))}


def _two_hidden(draw: Draw) -> dict[str, Any]:
    n, d, h, k = draw.shuffled([2, 3, 4, 5])
    return {"X": draw.array(n, d, places=2), "W1": draw.array(d, h, places=2), "b1": draw.array(h, places=2), "W2": draw.array(h, k, places=2),
            "b2": draw.array(k, places=2), "w": draw.array(k, places=2), "t": [float(draw.below(2)) for _ in range(n)]}


def _careful(s: Any, t: Any) -> Any:
    return np.mean(binary_cross_entropy_with_logits(s, t))


def _careful_pair(s: Any, t: Any) -> tuple[Any, Any]:
    run = trace(_careful, s=s, t=t)
    return run.value, run.grads["s"]


question("sigmoid-meets-its-loss", NETS, "choice",
         "`y = sigmoid(s)`, `J = -(t * log(y) + (1 - t) * log(1 - y))`. Why is the gradient of `s` so short: y - t?", options=[
             ("the factor y (1 - y) of the sigmoid cancels what the logarithms bring", True,
              "g_y is (y - t) / (y (1 - y)); times y (1 - y) the quotient is gone. So write y - t, and never divide by a y near 0."),
             ("because the derivative of the sigmoid is 1", False, "It is y (1 - y), a quarter at most."),
             ("it is an approximation that holds for small s", False, "It holds for every s, to the last digit."),
             ("because t is 0 or 1", False, "It holds for every t in between as well; nothing was said of t on the way.")])

question("logistic-at-the-score", NETS, "number", program="s = w * x + b; y = sigmoid(s); J = -np.log(y)",
         at={"w": (0.5, 2.5), "x": (0.5, 2.0), "b": (-1.5, 0.5)}, asked=["s", "w"])

question("logistic-one-example", NETS, "function",
         "Logistic regression, one example. Write `logistic(x, w, b, t)`: the gradients of `{out}` by `w`, `b` and `x`, as a tuple.", name="logistic",
         program=with_inputs("s = w @ x + b; y = sigmoid(s); " + LOSS.format("L"), _example), asked=["w", "b", "x"], points=2.0)

question("logistic-batch", NETS, "function",
         "Logistic regression on a batch, an example in each row of X; the loss is the mean. Write `logistic_batch(X, w, b, t)`: the gradients of "
         "`{out}` by `w` and `b`, without a loop.", name="logistic_batch",
         program=with_inputs("s = X @ w + b; y = sigmoid(s); " + LOSS.format("np.mean(L)"), _batch), asked=["w", "b"], points=2.0)

question("one-hidden-sigmoid-layer", NETS, "function",
         "One hidden layer, one example, column vectors. Write `one_hidden(x, alpha, a0, beta, b0, t)`: a dict or a tuple with the gradients of "
         "`{out}` by "
         "{asked}.", name="one_hidden",
         program=with_inputs("a = alpha @ x + a0; z = sigmoid(a); s = beta @ z + b0; y = sigmoid(s); " + LOSS.format("L"), _one_hidden),
         asked=["alpha", "a0", "beta", "b0"], points=3.0)

question("two-hidden-sigmoid-layers", NETS, "function",
         "Two hidden layers, a batch of rows, the mean of the loss. Write `two_hidden(X, W1, b1, W2, b2, w, t)`: a dict or a tuple with the "
         "gradients of "
         "`{out}` by {asked}.", name="two_hidden",
         program=with_inputs("A1 = X @ W1 + b1; Z1 = sigmoid(A1); A2 = Z1 @ W2 + b2; Z2 = sigmoid(A2); s = Z2 @ w; y = sigmoid(s); "
                             + LOSS.format("np.mean(L)"), _two_hidden), asked=["W1", "b1", "W2", "b2", "w"], points=3.0)

question("a-loss-that-stays-finite", "keep a loss finite", "task",
         "Write `{name}(s, t)`: the *mean* of -(t log(sigmoid(s)) + (1 - t) log(1 - sigmoid(s))), and its gradient by s. Scores may be 800 or -800; "
         "np.log(0) must not happen on the way.", name="careful_loss", outputs=("loss", "gradient"), partial=True, points=2.0,
         solution=_careful_pair,
         inputs=lambda draw: {"s": [*draw.array(3), 800.0, -800.0], "t": [float(draw.below(2)) for _ in range(3)] + [1.0, 1.0]},
         hints=("-log(sigmoid(s)) is log(1 + exp(-s)): `np.logaddexp(0, -s)`.",))
