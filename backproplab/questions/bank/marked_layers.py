"""Backward passes of single layers, in NumPy: linear in row and column form, ReLU, softmax, and softmax with its loss."""
from typing import Any

import numpy as np

from ...nn.functions import log_softmax, relu, softmax
from ..draws import Draw
from ..kinds.tasks import gradients_but
from ..model import question

LAYER = "program a layer's backward pass"


def _sides(draw: Draw) -> list[int]:
    """Batch, inputs, outputs: different, or in some trials equal."""
    return draw.shuffled([2, 3, 4, 5])[:3] if draw.chance(0.6) else [3, 3, 3]


def _rows(X: Any, W: Any, b: Any) -> Any:
    return X @ W + b


def _columns(W: Any, X: Any, b: Any) -> Any:
    return W @ X + np.reshape(b, (-1, 1))


def _row_inputs(draw: Draw) -> dict[str, Any]:
    n, d, m = _sides(draw)
    return {"X": draw.array(n, d), "W": draw.array(d, m), "b": draw.array(m), "g": draw.array(n, m)}


def _column_inputs(draw: Draw) -> dict[str, Any]:
    n, d, m = _sides(draw)
    return {"W": draw.array(m, d), "X": draw.array(d, n), "b": draw.array(m), "g": draw.array(m, n)}


def _relu(Z: Any) -> Any:
    return relu(Z)


def _softmax(S: Any) -> Any:
    return softmax(S, axis=1)


def _cross_entropy(S: Any, labels: Any) -> Any:
    picked = log_softmax(S, axis=1)[np.arange(len(labels)), labels]
    return -np.mean(picked)


def _scores(draw: Draw) -> dict[str, Any]:
    n, k = draw.whole(3, 5), draw.whole(3, 4)
    return {"S": draw.array(n, k), "g": draw.array(n, k)}


def _labelled(draw: Draw) -> dict[str, Any]:
    n, k = draw.whole(3, 5), draw.whole(3, 4)
    return {"S": draw.array(n, k), "labels": [draw.below(k) for _ in range(n)]}


BIAS = "`b` is used by every example, and its gradient is not summed over them.", "Sum what comes back over the batch, in the shape of `b`."
TURNED = "The gradient of `W` is transposed: it fits where sides are equal, and the numbers are wrong.", "Write one entry of it, and its two indices."

question("linear-rows-backward", LAYER, "task",
         "Row form: `Z = X @ W + b`, an example in each row. Write `{name}(X, W, b, g)` for the gradient `g` of `Z`: it returns the gradients of "
         "`X`, "
         "`W` and `b`, in this order.", name="linear_rows_backward", forward=_rows, wrt=("X", "W", "b"), upstream="g", inputs=_row_inputs,
         partial=True, points=3.0, trials=6, hints=("Begin with the shapes: each gradient has that of its variable.",),
         wrong=[(gradients_but(_rows, ("X", "W", "b"), "g", b=lambda g, at: at["g"]), *BIAS),
                (gradients_but(_rows, ("X", "W", "b"), "g", b=lambda g, at: g / len(at["X"])), "The gradient of `b` is a mean; it is a sum.",
                 "The uses of `b` add up. A mean belongs to the loss, and arrives in `g` already."),
                (gradients_but(_rows, ("X", "W", "b"), "g", W=lambda g, at: g.T), *TURNED)])

question("linear-columns-backward", LAYER, "task",
         "Column form: `Z = W @ X + b`, an example in each column, and `b` added to every column. Write `{name}(W, X, b, g)`: it returns the "
         "gradients of "
         "`W`, `X` and `b`, which has shape (outputs,), in this order.", name="linear_columns_backward", forward=_columns, wrt=("W", "X", "b"),
         upstream="g", inputs=_column_inputs, partial=True, points=3.0, trials=6,
         wrong=[(gradients_but(_columns, ("W", "X", "b"), "g", b=lambda g, at: at["g"]), *BIAS),
                (gradients_but(_columns, ("W", "X", "b"), "g", W=lambda g, at: g.T), *TURNED)])

question("relu-backward", LAYER, "task",
         "`H = np.maximum(Z, 0)`. Write `{name}(Z, g)`, which returns the gradient of `Z`. Where `Z` is 0 take 0. Neither `Z` nor `g` may change.",
         name="relu_backward", forward=_relu, wrt=("Z",), upstream="g", points=2.0,
         inputs=lambda draw: {"Z": [*draw.array(3, 4), [0.0, 1.2, -0.4, 0.0]], "g": draw.array(4, 4)},
         wrong=[(lambda Z, g: g, "The mask is missing: what arrives goes through everywhere.", "Nothing comes back where `Z` is not positive."),
                (lambda Z, g: g * (g > 0), "The mask is that of the upstream gradient.", "The forward pass decided: look where `Z` was positive."),
                (lambda Z, g: g * (Z >= 0), "At 0 this lets the gradient through.", "The choice here is 0 at 0.")])

question("softmax-backward", LAYER, "task",
         "`P = softmax(S)`, row by row. Write `{name}(P, g)`, which returns the gradient of `S` from the *outputs* `P` and the gradient `g` of `P`. "
         "No loop, and no Jacobian.", name="softmax_backward", outputs=("S",), points=3.0,
         solution=lambda P, g: gradients_but(_softmax, ("S",), "g")(S=np.log(P), g=g)[0],
         inputs=lambda draw: {"P": softmax(np.array(draw.array(3, 4)), axis=1), "g": draw.array(3, 4)},
         wrong=[(lambda P, g: g * P * (1 - P), "That is the diagonal of the Jacobian alone.", "Raising one input lowers all other outputs: "
         "subtract."),
                (lambda P, g: g * P, "The part off the diagonal is missing.", "Every input changes the sum that all outputs are divided by.")])

question("softmax-cross-entropy-backward", LAYER, "task",
         "The loss of a batch is the *mean* of -log of the softmax of the right class. Write `{name}(S, labels)`, which returns the gradient of "
         "the scores `S`; labels[i] is the class of row i, from 0. Scores may be as large as 800.",
         name="scores_gradient", forward=_cross_entropy, wrt=("S",), points=3.0,
         inputs=lambda draw: (at := _labelled(draw)) | {"S": [*at["S"][:-1], [800.0, *at["S"][-1][1:]]]},
         wrong=[(gradients_but(_cross_entropy, ("S",), S=lambda g, at: g * len(at["S"])), "The mean was forgotten: it is too large by the size of "
         "the "
                 "batch.", "Each example counts one part in N."),
                (gradients_but(_cross_entropy, ("S",), S=lambda g, at: -g), "The sign is turned round: this makes the loss grow.",
                 "Where the right class has too little, its score should rise, so its gradient is negative.")])
