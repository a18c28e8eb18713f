"""Steps of training in NumPy: regularised losses, SGD one example at a time, momentum, and a residual block."""
from typing import Any

import numpy as np

from ... import nn
from ...engine import trace
from ..draws import Draw
from ..model import question

TRAIN = "program a step of training"
RIDGE = "E = X @ W + b - Y; J = np.mean(np.sum(np.square(E), axis=1)) + lam * np.sum(np.square(W))"
RATE, LAM = 0.05, 0.1


def _ridge(W: Any, b: Any, X: Any, Y: Any, lam: float) -> Any:
    E = X @ W + b - Y
    return np.mean(np.sum(np.square(E), axis=1)) + lam * np.sum(np.square(W))


def _everywhere(W: Any, b: Any, X: Any, Y: Any, lam: float) -> Any:
    return _ridge(W, b, X, Y, lam) + lam * np.sum(np.square(b))


def _one(w: Any, x: Any, t: Any, lam: Any) -> Any:
    return np.square(w @ x - t) / 2 + lam * np.sum(np.square(w))


def _linear(draw: Draw) -> dict[str, Any]:
    n, d, m = draw.shuffled([2, 3, 4, 5])[:3]
    return {"W": draw.array(d, m), "b": draw.array(m), "X": draw.array(n, d), "Y": draw.array(n, m), "rate": RATE, "lam": draw.choice([LAM, 0.3])}


def _stepped(loss: Any, sign: float = 1.0) -> Any:
    """One step of SGD on a loss, as nn takes it."""
    def step(W: Any, b: Any, X: Any, Y: Any, rate: float, lam: float) -> tuple[Any, Any]:
        run = trace(loss, W=W, b=b, X=X, Y=Y, lam=lam, wrt=["W", "b"])
        moved, _ = nn.SGD(rate).step({"W": W, "b": b}, {n: sign * run.grads[n] for n in ("W", "b")}, ())
        return moved["W"], moved["b"]
    return step


def _without_penalty(W: Any, b: Any, X: Any, Y: Any, lam: float) -> Any:
    return _ridge(W, b, X, Y, 0.0) + 0.0 * lam


def _epoch(w: Any, X: Any, t: Any, rate: float, lam: float, frozen: bool = False) -> Any:
    optimiser, start = nn.SGD(rate), w
    for x, target in zip(X, t, strict=True):
        g = trace(_one, w=start if frozen else w, x=x, t=target, lam=lam, wrt="w").grads["w"]
        w, _ = optimiser.step(w, g, ())
    return w


def _momentum(p: Any, v: Any, g: Any, rate: float, keep: float) -> tuple[Any, Any]:
    return nn.Momentum(rate, keep).step(p, g, v)


question("mean-or-sum-and-the-rate", TRAIN, "choice", "Somebody sums the loss over the batch where you take the mean. What must change for the same "
         "steps?",
         options=[
             ("the rate has to be divided by the size of the batch", True, "The gradient is N times as large, so the step is with rate / N."),
             ("nothing: the minimum is at the same place", False, "The place is the same; the steps are N times as long, and may jump over it."),
             ("the weights have to be divided by the size of the batch", False, "They are what is looked for; only the length of a step changed."),
             ("the penalty has to be dropped", False, "It then weighs less than before, beside a loss that is N times as large; it is not in the "
              "way.")])

question("why-not-the-bias", TRAIN, "choice", "Why is the bias usually left out of the L2 penalty?", options=[
    ("it only shifts the result; pulling it to 0 fits worse and smooths nothing", True,
     "Large weights make a function steep, a large bias does not."),
    ("it has no gradient", False, "It has: the sum of what comes back over the batch."),
    ("it is always small", False, "It is as large as the data ask for."),
    ("the penalty is for matrices only", False, "A sum of squares can be taken of anything; a lecture's algorithm does take it of the biases.")])

question("gradient-with-a-penalty", TRAIN, "function",
         "A linear layer, the mean of the squared loss and an L2 penalty. Write `ridge(X, W, b, Y, lam)`: the gradients of `{out}` by `W` and `b`.",
         name="ridge", program=RIDGE, at={"X": ("N", "D"), "W": ("D", "M"), "b": ("M",), "Y": ("N", "M"), "lam": (0.1, 0.9)},
         sides={"N": (4, 5), "D": (3, 3), "M": (2, 2)}, asked=["W", "b"], points=2.0)

question("one-regularised-step", TRAIN, "task",
         "One step of SGD on the loss of the last question: write `{name}(W, b, X, Y, rate, lam)`, which returns the new `W` and the new `b`. "
         "The old ones stay as they are.", name="sgd_step", outputs=("W", "b"), partial=True, points=2.0, inputs=_linear, solution=_stepped(_ridge),
         wrong=[(_stepped(_without_penalty), "The penalty is missing.", "lam times the sum of squares has a derivative, too."),
                (_stepped(_everywhere), "The bias is penalised as well.", "The penalty is of `W` alone."),
                (_stepped(_ridge, -1.0), "This step goes uphill.", "Subtract rate times the gradient.")])

question("an-epoch-of-sgd", TRAIN, "task",
         "SGD as in Algorithm 1, for `J = (w @ x - t)**2 / 2 + lam * np.sum(w**2)` of *one* example. Write `{name}(w, X, t, rate, lam)`: go through "
         "the rows "
         "of X in order, one step for each, and return the last `w`.", name="sgd_epoch", points=2.0, solution=_epoch,
         inputs=lambda draw: {"w": draw.array(3), "X": draw.array(5, 3), "t": draw.array(5), "rate": RATE, "lam": draw.choice([0.02, LAM])},
         wrong=[(lambda w, X, t, rate, lam: _epoch(w, X, t, rate, lam, True), "All gradients are taken at the first `w`.",
                 "Each example starts from the `w` that the last one left."),
                (lambda w, X, t, rate, lam: _epoch(w, X, t, rate, 0.0), "The penalty is missing.", "It belongs to every example's loss."),
                (lambda w, X, t, rate, lam: _epoch(w, X, t, rate, lam / 2), "The penalty is halved.", "The derivative of a square has a 2.")])

question("a-step-with-momentum", TRAIN, "task",
         "Momentum: the velocity is `keep` times the old velocity plus the gradient, and the parameter moves by -rate times the *new* velocity. "
         "Write "
         "`{name}(p, v, g, rate, keep)`, which returns the new parameter and the new "
         "velocity.", name="momentum_step", outputs=("p", "v"), partial=True,
         points=1.0, solution=_momentum,
         inputs=lambda draw: {"p": draw.array(3, 2), "v": draw.array(3, 2), "g": draw.array(3, 2), "rate": RATE, "keep": draw.choice([0.9, 0.8])},
         wrong=[(lambda p, v, g, rate, keep: (p - rate * v, _momentum(p, v, g, rate, keep)[1]),
                 "The step uses the old velocity.", "First the velocity, then the step.")])

question("residual-block-backward", "send a gradient round a layer", "function",
         "A residual block adds its input to its output. Write `residual(x, W1, W2)`: the gradients of `{out}` by {asked}, as a "
         "tuple.", name="residual",
         program="a = W1 @ x; h = relu(a); r = W2 @ h; y = x + r; J = np.sum(np.square(y)) / 2",
         at={"x": ("N",), "W1": ("M", "N"), "W2": ("N", "M")}, sides={"N": (3, 4), "M": (2, 5)}, asked=["x", "W1", "W2"], points=2.0)
