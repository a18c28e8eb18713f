"""The whole of it: slides put right in code, and the gradient of any graph that comes as data."""
from typing import Any

import numpy as np

from ...engine import trace
from ..draws import Draw
from ..generators import with_inputs
from ..kinds.tasks import gradients_but
from ..model import question
from .marked_engine import adjoints

ERRATA = "put a printed formula right"
ANY = "differentiate any graph"


def _form(w: Any, A: Any) -> Any:
    return w @ A @ w


def _row(x: Any, B: Any) -> Any:
    return B.T @ x


def _likelihood(draw: Draw) -> dict[str, Any]:
    return {"x": draw.array(3, places=2), "w": draw.array(3, places=2), "t": float(draw.below(2))}


def _graph(draw: Draw) -> dict[str, Any]:
    """Inputs, and then one variable after the other: a sum, a product or a sine of earlier ones; every variable but the last is used."""
    inputs, count = draw.whole(2, 3), draw.whole(4, 7)
    kind, left, right = [], [], []
    unused = list(range(inputs))
    for k in range(inputs, inputs + count):
        last = inputs + count - k
        a = unused[0] if len(unused) >= last or draw.chance(0.5) else draw.below(k)
        rest = [u for u in unused if u != a]
        b = rest[0] if len(rest) + 1 >= last and rest else draw.below(k)
        kind.append(draw.below(2) if rest else draw.below(3))
        left.append(a)
        right.append(b if kind[-1] != 2 else a)
        unused = [u for u in unused if u not in (left[-1], right[-1])] + [k]
    return {"x": [draw.readable(-1.6, 1.6) for _ in range(inputs)], "kind": kind, "left": left, "right": right}


def _read(kind: Any, left: Any, right: Any) -> Any:
    """A function of its inputs that computes such a graph."""
    def f(x: Any) -> Any:
        values = [x[k] for k in range(x.shape[0])]
        for what, a, b in zip(kind, left, right, strict=True):
            values.append(values[a] + values[b] if what == 0 else values[a] * values[b] if what == 1 else np.sin(values[a]))
        return values[-1]
    return f


def _gradient(x: Any, kind: Any, left: Any, right: Any) -> tuple[Any, Any]:
    run = trace(_read(kind, left, right), x=x)
    return run.value, run.grads["x"]


def _overwritten(x: Any, kind: Any, left: Any, right: Any) -> tuple[Any, Any]:
    """As where each use of a variable replaces what came from the uses after it."""
    values = list(x)
    edges: list[tuple[int, int, float]] = []
    for what, a, b in zip(kind, left, right, strict=True):
        k, (u, v) = len(values), (values[a], values[b])
        values.append(u + v if what == 0 else u * v if what == 1 else np.sin(u))
        edges += [(a, k, np.cos(u))] if what == 2 else [(b, k, 1.0 if what == 0 else u), (a, k, 1.0 if what == 0 else v)]
    source, target, local = zip(*edges, strict=True)
    return values[-1], adjoints(len(values), source, target, local, "first")[:len(x)]


question("descent-on-the-likelihood", ERRATA, "choice",
         "A slide prints `J = t log(y) + (1 - t) log(1 - y)` and then `w <- w - rate * g_w`. What does that do?", options=[
             ("it makes the model worse: this J should grow", True,
              "J as printed is the log-likelihood, large where the model is right. Cross-entropy has a minus, and is what descends."),
             ("nothing wrong: only the sign of a constant differs", False, "The sign of every gradient differs, and with it the direction of every "
              "step."),
             ("it learns, only slower", False, "It walks away from the solution at the same speed."),
             ("it fails for t = 0", False, "For t = 0 and for t = 1 alike it walks the wrong way.")])

question("cross-entropy-with-its-sign", ERRATA, "function",
         "Take the loss with its minus, as below. Write `signed(x, w, t)`: the gradient of `{out}` by `w`. Descending along it has to lower the "
         "loss.",
         name="signed", program=with_inputs("y = sigmoid(w @ x); J = -(t * np.log(y) + (1 - t) * np.log(1 - "
         "y))", _likelihood), asked=["w"], points=1.0)

question("quadratic-form-as-printed", ERRATA, "task",
         "Printed: the derivative of `w @ A @ w` by `w` is 2 A w. It is so for a symmetric `A` only. Write `{name}(w, A)`: the right gradient, and "
         "what "
         "has to be added to 2 A w to get it.", name="quadratic_put_right", outputs=("gradient", "correction"), partial=True, points=2.0,
         solution=lambda w, A: (trace(_form, w=w, A=A, wrt="w").grads["w"], trace(_form, w=w, A=A, wrt="w").grads["w"] - 2 * A @ w),
         inputs=lambda draw: {"w": draw.array(3), "A": draw.array(3, 3)},
         wrong=[(lambda w, A: (2 * A @ w, 0 * w), "That is the formula as printed; this `A` is not symmetric.", "Write it as a sum, and let w appear "
         "twice."),
                (lambda w, A: (2 * A.T @ w, 2 * (A.T - A) @ w), "The transpose alone is as one-sided as `A` alone.", "Each w gets one of them.")])

question("linear-map-as-printed", ERRATA, "task",
         "`y = B.T @ x`. The gradient `g` of `y` arrives. Write `{name}(x, B, g)`, which returns the gradients of `x` and of `B`. B is square here, "
         "so that "
         "the printed slip, `B.T` for `B`, fits too.", name="map_put_right", forward=_row, wrt=("x", "B"), upstream="g", partial=True, points=2.0,
         inputs=lambda draw: {"x": draw.array(3), "B": draw.array(3, 3), "g": draw.array(3)},
         wrong=[(gradients_but(_row, ("x", "B"), "g", x=lambda g, at: at["B"].T @ at["g"]), "`B.T` where `B` belongs: with a square matrix it fits, "
         "and is "
                 "wrong.", "Write y[j] as a sum over i, and read off what multiplies x[i]."),
                (gradients_but(_row, ("x", "B"), "g", B=lambda g, at: g.T), "The gradient of `B` is transposed.", "B[i, j] meets x[i] and g[j].")])

question("any-graph", ANY, "task",
         "A graph as data: the first variables are the entries of x; then variable k is, by the next entry of kind, a sum (0), a product (1) or "
         "a sine (2) of variables left and right; a sine takes left alone. Write `{name}(x, kind, left, right)`: the value of the last variable, and "
         "its "
         "gradient by x. `x * x` and `x + x` occur.", name="any_graph", outputs=("value", "gradient"), partial=True, points=4.0, trials=8,
         inputs=_graph, solution=_gradient,
         wrong=[(_overwritten, "Contributions are overwritten, not added: one use of each variable counts.", "Write += where it says =.")],
         hints=("Forward: append to a list of values.", "Backward: a list of zeros with a 1 at the end; from the last variable to the first, add."))
