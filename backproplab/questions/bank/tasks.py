"""Backward passes to be programmed; the right gradients come from a trace, so nothing here gives them away."""
from ..draws import Draw
from ..model import question

LAYER = "program a layer's backward pass"


def _layer(draw: Draw) -> dict[str, object]:
    n, d, m = draw.shuffled([2, 3, 4, 5])[:3]
    return {"X": draw.array(n, d), "W": draw.array(d, m), "b": draw.array(m), "g": draw.array(n, m)}


question("linear-layer-backward", LAYER, "task",
         "Write `linear_backward(X, W, b, g)`, with NumPy alone: for `Z = X @ W + b` and the gradient `g` of `Z` it returns the gradients of `X`, "
         "`W` and `b`, in this order.", name="linear_backward", forward=lambda X, W, b: X @ W + b, wrt=("X", "W", "b"), upstream="g", inputs=_layer,
         partial=True, points=3, hints=("Begin with the shapes: each gradient has that of its variable.", "`b` is used by every row: sum over them."),
         wrong=[(lambda X, W, b, g: (g @ W.T, X.T @ g, g), "The gradient of `b` is not summed.", "Every row uses `b`: add up what comes back.")])
