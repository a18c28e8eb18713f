"""An operation that a learner declares is checked before it is used: its rule against central differences, on arrays of several shapes."""
from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import BackpropError, RuleError
from .values import described

if TYPE_CHECKING:
    from .rules import Operation

STEP, TOLERANCE = 1e-5, 1e-4
SHAPES: tuple[tuple[int, ...], ...] = ((), (3,), (2, 3), (3, 3))


def check(op: Operation) -> None:
    """Try the operation on numbers, vectors and matrices, as far as it takes them.

    Raises
    ------
    RuleError
        When a gradient has the wrong shape or the wrong value, when it does not give one for every input, or when the rule cannot be
        read.
    """
    if op.backward is None or op.variadic:
        return
    draw = np.random.RandomState(11)
    for shape in SHAPES:
        xs = [draw.uniform(.4, 1.6, shape)[()] for _ in op.inputs]
        try:
            with np.errstate(all="ignore"):
                out = op.checked(*xs)
        except Exception:                                               # it is not made for this shape
            continue
        if np.asarray(out).dtype.kind == "f" and np.isfinite(out).all():
            for i in range(len(op.inputs)):
                compare(op, i, xs, out, draw)


def compare(op: Operation, i: int, xs: list[Any], out: Any, draw: Any) -> None:
    """One gradient of the rule, along a random cotangent, entry by entry."""
    from .reading import template
    from .walk import unbroadcast
    assert op.backward is not None
    g = draw.uniform(.5, 1.5, np.shape(out))[()]
    at = ", ".join(f"{n} = {described(x)}" for n, x in zip(op.inputs, xs, strict=True))
    attempted = f"declaring the operation {op.name}"
    try:
        with np.errstate(all="ignore"):
            found = op.gradient(i)(g, out, *xs, **op.defaults)
    except BackpropError:
        raise
    except Exception as error:
        raise RuleError(attempted, f"its backward fails at {at} with {type(error).__name__}: {error}", "Correct the rule.") from error
    template(op, tuple(map(np.shape, xs)), op.defaults, tuple(xs), out, i)             # can it be read?
    if found is None:
        return
    with contextlib.suppress(IndexError):
        found = unbroadcast(found, np.shape(xs[i]))
    if np.shape(found) != np.shape(xs[i]):
        raise RuleError(attempted, f"its gradient for {op.inputs[i]} has shape {np.shape(found)} at {at}",
                        f"A gradient has the shape of its variable, {np.shape(xs[i])}.")
    right = np.zeros(np.shape(xs[i]))
    for k in np.ndindex(*np.shape(xs[i])):
        ends = []
        for h in (STEP, -STEP):
            x = np.array(xs[i], float)
            x[k] += h
            ends.append(np.sum(g * op.run(*xs[:i], x[()], *xs[i + 1:])))
        right[k] = (ends[0] - ends[1]) / (2 * STEP)
    gap = np.abs(found - right)
    if not np.all(gap <= TOLERANCE * max(1.0, float(np.max(np.abs(right), initial=0.0)))):
        k = np.unravel_index(int(np.argmax(gap)), gap.shape) if gap.ndim else ()
        where = f" at entry {tuple(int(n) for n in k)}" if k else ""
        raise RuleError(attempted, f"for g = {described(g)} and {at} its gradient for {op.inputs[i]} is {float(np.asarray(found)[k]):.6g}{where}, "
                        f"and the central difference is {float(right[k]):.6g}",
                        "backward returns g times the derivative, one for each input: correct the rule (sign, missing factor, or g forgotten).")
