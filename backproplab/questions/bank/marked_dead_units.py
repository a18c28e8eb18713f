"""Units that have stopped learning, and gradients that fade: found in code, from a batch and its weights."""
from typing import Any

import numpy as np

from ...engine import trace
from ...nn.functions import leaky_relu, relu, sigmoid
from ..draws import Draw
from ..generators import with_inputs
from ..kinds.tasks import gradients_but
from ..model import question

DEAD = "find the units that have stopped learning"
FADE = "follow a gradient through many layers"


def _layer(draw: Draw) -> dict[str, Any]:
    """A layer of which some units, not all, are dead on the batch."""
    n, d, h = draw.whole(5, 7), draw.whole(2, 3), draw.whole(4, 6)
    dead = draw.whole(1, h - 2)
    return {"X": draw.array(n, d, places=3), "W": draw.array(d, h, places=3),
            "b": draw.shuffled([-9.0] * dead + [draw.readable(-0.6, 0.4, 2) for _ in range(h - dead)])}


def _counted(b: Any, X: Any, W: Any) -> Any:
    """Its gradient by b is the number of examples for which each unit is on."""
    return np.sum(relu(X @ W + b))


def _on(X: Any, W: Any, b: Any) -> Any:
    return trace(_counted, b=b, X=X, W=W, wrt="b").grads["b"]


def _relu(Z: Any) -> Any:
    return relu(Z)


def _leaky(Z: Any) -> Any:
    return leaky_relu(Z, 0.1)


def _deep(x: Any, w: Any) -> Any:
    h = x
    for k in range(len(w)):
        h = sigmoid(w[k] * h)
    return h


def _net(draw: Draw) -> dict[str, Any]:
    at = _layer(draw)
    return at | {"w": draw.array(len(at["b"]), places=2), "t": draw.array(len(at["X"]), places=2)}


question("why-dead-stays-dead", DEAD, "choice", "A ReLU unit is 0 for every example of the data. Why does training not wake it?", options=[
    ("its mask is 0 for every example, so its weights and its bias get no gradient", True,
     "Nothing comes back through it: no step moves it. Only a change below it, in its inputs, could."),
    ("its weights are 0", False, "They can be anything: its sums are negative."),
    ("the learning rate is too small", False, "A step is rate times gradient, and the gradient is exactly 0 at any rate."),
    ("the units after it ignore it", False, "What comes from above is masked at the unit itself, however large it is.")])

question("does-it-wake-by-itself", DEAD, "choice", "Which change makes a *dead* unit learn again, with all weights as they are?", options=[
    ("leaky ReLU in place of ReLU", True, "Where the input is negative a small part of the gradient comes back."),
    ("a larger batch of the same data", False, "It is 0 for every example of it."),
    ("a loss that is ten times as large", False, "Ten times 0 is 0."),
    ("more layers after it", False, "Whatever comes from them stops at its mask.")])

question("which-units-are-dead", DEAD, "task",
         "`H = np.maximum(X @ W + b, 0)` on a batch. Write `{name}(X, W, b)`: an array with True for every unit that is 0 for every example.",
         name="dead_units", inputs=_layer, points=2.0, solution=lambda X, W, b: _on(X, W, b) == 0,
         wrong=[(lambda X, W, b: _on(X, W, b) < len(X), "It names units that are 0 for some example; those still learn.", "Dead is 0 for *every* "
                 "example: which axis is the batch, any or all?"),
                (lambda X, W, b: _on(X, W, b) > 0, "True and False are exchanged.", "True is for the dead.")])

question("how-often-a-unit-is-on", DEAD, "task",
         "Write `{name}(X, W, b)`: for every unit, the share of the examples for which it is on, from 0 to 1.", name="share_on", inputs=_layer,
         points=1.0, solution=lambda X, W, b: _on(X, W, b) / len(X),
         wrong=[(_on, "These are numbers of examples.", "Divide by how many there are.")])

question("gradients-with-dead-units", DEAD, "function",
         "Some units of this net are dead on the batch. Write `with_dead(X, W, b, w, t)`: the gradients of `{out}` by {asked}, as a tuple. Then look "
         "at them: which columns are 0?", name="with_dead",
         program=with_inputs("Z = X @ W + b; H = relu(Z); s = H @ w; J = np.mean(np.square(s - t))", _net), asked=["W", "b", "w"], points=2.0)

question("leaky-backward", DEAD, "task",
         "Leaky ReLU: Z where it is positive, 0.1 Z elsewhere. Write `{name}(Z, g)`, which returns the gradient of Z; at 0 take 0.1.",
         name="leaky_backward", forward=_leaky, wrt=("Z",), upstream="g", points=1.0,
         inputs=lambda draw: {"Z": draw.array(4, 3), "g": draw.array(4, 3)},
         wrong=[(gradients_but(_relu, ("Z",), "g"), "That is ReLU: nothing leaks.", "0.1 where `Z` is not positive."),
                (lambda Z, g: g, "The mask is missing.", "0.1 where `Z` is not positive.")])

question("through-many-sigmoids", FADE, "task",
         "h starts at x, and then h = sigmoid(w[k] * h) for every k. Write `{name}(x, w)`: the gradient of the last h by x, in one forward and one "
         "backward loop. How small is it for ten layers?", name="through_sigmoids", forward=_deep, wrt=("x",), points=2.0,
         inputs=lambda draw: {"x": draw.readable(-1.2, 1.2, 2), "w": draw.array(draw.whole(4, 10), low=0.6, high=2.4)},
         wrong=[(lambda x, w: gradients_but(_deep, ("x",))(x=x, w=w)[0] / np.prod(w), "The weights are missing: each layer multiplies by its w too.",
                 "The derivative of sigmoid(w h) by h is w s (1 - s).")])
