"""Claims about a small graph, defended in code: what was worked out by hand has to hold at inputs that nobody has seen."""
from typing import Any

import numpy as np

from ... import engine
from ...engine import trace
from ..draws import Draw
from ..model import question

stop_gradient: Any = engine.stop_gradient
CLAIM = "defend a claim about a gradient in code"
FORK = "u = x * z; v = np.sin(u); w = u * v; y = w / z + v"


def _forked(x: float, z: float) -> float:
    a = x * z
    b = np.exp(a)
    c = np.square(a)
    return b + c


def _without_b(x: float, z: float) -> float:
    a = x * z
    b = np.exp(stop_gradient(a))
    c = np.square(a)
    return b + c


def _sine(x: float) -> float:
    return np.sin(x)


def _at(draw: Draw) -> dict[str, Any]:
    return {"x": draw.readable(0.2, 1.2, 2), "z": draw.readable(0.3, 1.2, 2)}


def _slope(f: Any, **at: Any) -> float:
    return trace(f, inputs=at).grads["x"]


def _step(x: float, z: float, rate: float) -> tuple[float, float]:
    run = trace(_forked, x=x, z=z)
    after = {n: v - rate * run.grads[n] for n, v in (("x", x), ("z", z))}
    return run.value, _forked(**after)


question("by-hand-as-a-program", "program a backward pass", "function",
         "Write `by_hand(x, z)` for the program below: it returns the gradients of `{out}` by `x` and `z`, as a tuple. Write the lines that you "
         "would "
         "write on paper, one gradient each, for *any* x and "
         "z.", name="by_hand", program=FORK, at={"x": (0.4, 1.8), "z": (0.4, 1.5)}, asked=["x", "z"],
         points=2.0)

question("claim-the-forgotten-path", CLAIM, "task",
         "In `a = x * z; b = np.exp(a); c = np.square(a); y = b + c`, somebody forgets that `a` is used by `b`. Claim: the gradient of `x` is then "
         "too "
         "small by exactly what comes back through `b`. Write `{name}(x, z)`, which returns the right gradient of `x`, the one without `b`, and the "
         "difference as *you* compute it from the path through `b` alone.",
         name="forgotten", outputs=("right", "without_b", "through_b"), partial=True, points=3.0, inputs=_at,
         solution=lambda x, z: (_slope(_forked, x=x, z=z), _slope(_without_b, x=x, z=z),
                                _slope(_forked, x=x, z=z) - _slope(_without_b, x=x, z=z)),
         wrong=[(lambda x, z: (_slope(_without_b, x=x, z=z),) * 2 + (0.0,), "A contribution is missing: `a` is used twice, and the uses add up.",
                 "Count the uses of each variable; add upstream times local for each.")])

question("claim-a-flat-spot", CLAIM, "task",
         "In `b = np.sin(x); y = b + w * x`, `x` is used twice, and the two contributions can cancel. Claim: for every `x` there is a `w` at which "
         "the "
         "gradient of `y` by `x` is 0. Write `{name}(x)`, which returns that `w`.",
         name="flat_w", points=2.0, inputs=lambda draw: {"x": draw.readable(-1.4, 3.0, 2)}, solution=lambda x: -_slope(_sine, x=x),
         wrong=[(lambda x: _slope(_sine, x=x), "At this `w` the contributions are equal: they double, and do not cancel.", "Their sum has to be 0."),
                (lambda x: -np.sin(x) / x, "That makes the *value* of `y` 0, not its gradient.", "Write the gradient of `x` first: it has two "
                 "terms.")])

question("claim-downhill", CLAIM, "task",
         "Claim: a small step against the gradient lowers `y`, in the same program, `a = x * z; b = np.exp(a); c = np.square(a); y = b + c`. Write "
         "`{name}(x, z, rate)`, which returns `y` before the step and `y` after it; the step moves `x` and `z` at once, each by -rate times its "
         "gradient.",
         name="step_down", outputs=("before", "after"), partial=True, points=2.0, inputs=lambda draw: _at(draw) | {"rate": draw.choice([0.01, 0.02])},
         solution=_step,
         wrong=[(lambda x, z, rate: (_forked(x, z), _step(x, z, -rate)[1]), "This step goes uphill.", "Subtract rate times the gradient.")])
