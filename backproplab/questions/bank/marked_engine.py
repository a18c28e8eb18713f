"""Parts of an engine to be programmed: gates with forward and backward, central differences, and the pass over any graph."""
from typing import Any

import numpy as np

from ...nn.functions import softplus
from ..draws import Draw
from ..kinds.tasks import traced_gate
from ..model import question

GATES = "program a gate"
PASS = "program the backward pass over a graph"
CALLS = [("forward", ("x", "y")), ("backward", ("g",))]


def _divide(x: float, y: float) -> float:
    return x / y


def _length(x: float, y: float) -> float:
    return np.sqrt(x * x + y * y)


def _two(draw: Draw) -> dict[str, Any]:
    return {"x": draw.readable(-3, 3), "y": draw.readable(0.3, 3), "g": draw.readable(-2, 2)}


def _wave(x: Any) -> Any:
    return np.sum(np.sin(x) * np.square(x))


def _quotient(x: Any, h: float, back: float = 1.0) -> Any:
    steps = h * np.eye(np.size(x))
    return np.array([(_wave(x + s) - _wave(x - back * s)) / ((1 + back) * h) for s in steps])


def _edges(draw: Draw) -> dict[str, Any]:
    """A graph of numbered variables: every one but the last is used, some more than once."""
    n = draw.whole(4, 7)
    pairs = [(k, draw.whole(k + 1, n - 1)) for k in range(n - 1)]
    pairs += [(k, t) for k in range(n - 2) for t in range(k + 1, n) if draw.chance(0.4) and (k, t) not in pairs]
    pairs.sort(key=lambda e: (e[1], e[0]))
    return {"n": n, "source": [a for a, _ in pairs], "target": [b for _, b in pairs], "local": [draw.readable(-2, 2) for _ in pairs]}


def adjoints(n: int, source: Any, target: Any, local: Any, keep: str = "all") -> Any:
    """As a linear system: the gradients g with g = e + L g, where L holds the local derivatives. No walk is written here."""
    edges = list(zip(source, target, local, strict=True))
    if keep != "all":                                                # = in place of +=: of each variable's uses one is left
        edges = list({e[0]: e for e in (edges if keep == "last" else edges[::-1])}.values())
    L = np.zeros((n, n))
    for s, t, d in edges:
        L[s, t] = d
    return np.linalg.solve(np.eye(n) - L, np.eye(n)[-1])


question("divide-gate", GATES, "task",
         "Write the class `{name}` with `forward(x, y)`, which returns x / y and keeps what it needs, and `backward(g)`, which returns what it sends "
         "back to x and to y.", name="Divide", solution=traced_gate(_divide, ("x", "y")), calls=CALLS, outputs=("forward", "x", "y"), partial=True,
         points=2.0, inputs=_two)

question("length-gate", GATES, "task",
         "Write the class `{name}` with `forward(x, y)`, which returns the square root of x x + y y, and `backward(g)`. Keep as little as you can: "
         "which forward values does the backward call need?", name="Length", solution=traced_gate(_length, ("x", "y")), calls=CALLS,
         outputs=("forward", "x", "y"), partial=True, points=2.0, inputs=_two)

question("softplus-gate", GATES, "task",
         "Write the class `{name}` with `forward(x)`, which returns log(1 + exp(x)) for an array x, and `backward(g)`. It has to be finite for "
         "entries of 800 and of -800 as well.", name="Softplus", solution=traced_gate(softplus, ("x",)),
         calls=[("forward", ("x",)), ("backward", ("g",))], outputs=("forward", "x"), partial=True, points=2.0,
         inputs=lambda draw: {"x": [*draw.array(4), 800.0, -800.0], "g": draw.array(6)},
         hints=("`np.logaddexp` adds exponentials without computing them.",))

question("central-differences", "check a gradient by differences", "task",
         "`wave(x)` is `np.sum(np.sin(x) * x**2)` for an array x. Write `{name}(x, h)`: its gradient by central differences, entry by entry, "
         "with the step h given. Leave x as it was.", name="numerical_gradient", points=2.0, solution=_quotient,
         inputs=lambda draw: {"x": draw.array(4, places=2), "h": draw.choice([0.1, 0.05])}, tolerance=1e-7,
         wrong=[(lambda x, h: _quotient(x, h, 0.0), "This is the difference to one side only.", "Step to both sides, and divide by 2 h."),
                (lambda x, h: 2 * _quotient(x, h), "It is twice too large.", "From x - h to x + h it is 2 h, not h.")])

question("backward-over-edges", PASS, "task",
         "A graph has n variables, numbered so that each uses earlier ones only; the last is the result. Edge k goes from variable source[k] to "
         "target[k], has the local derivative local[k], and edges are sorted by target. Write `{name}(n, source, target, local)`: an array "
         "with the gradient of the result by every variable. This is Version B, in a few lines.",
         name="backward_over_edges", points=3.0, inputs=_edges, solution=adjoints,
         wrong=[(lambda n, source, target, local: adjoints(n, source, target, local, "first"),
                 "Contributions are overwritten, not added: one use of each variable counts.", "Write += where it says =."),
                (lambda n, source, target, local: adjoints(n, source, target, local, "last"),
                 "Contributions are overwritten, not added: one use of each variable counts.", "Write += where it says =.")])

question("version-b-by-hand", PASS, "function",
         "Write `version_b(x)` for the program below: it returns the gradient of `{out}` by `x`. Go through the lines from the last to the first, "
         "and *add* to the gradient of whatever a line uses.", name="version_b",
         program="t = np.square(x); u = np.sin(t); v = 3 * t; w = u + v; y = np.cos(w)", at={"x": (0.4, 1.7)}, asked=["x"], points=2.0)
