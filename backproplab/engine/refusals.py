"""What a traced value cannot do, said by name, with what to write instead."""
from __future__ import annotations

import operator as python
import sys

import numpy as np

from . import naming
from .errors import MissingAttributeError, TraceError, near_names, quoted_line
from .rules import NUMPY, OPERATIONS, Operation, written_name

# What people write that is not in the vocabulary -> the same with operations that are.
INSTEAD = {
    "std": "np.sqrt(np.var(x))", "average": "np.mean(x)", "nansum": "np.sum(x)", "nanmean": "np.mean(x)", "cbrt": "np.sign(x) * np.abs(x) ** (1 / 3)",
    "log2": "np.log(x) / np.log(2)", "log10": "np.log(x) / np.log(10)", "exp2": "2 ** x", "reciprocal": "1 / x", "fabs": "np.abs(x)",
    "float_power": "x ** y", "sinh": "(np.exp(x) - np.exp(-x)) / 2", "cosh": "(np.exp(x) + np.exp(-x)) / 2", "hypot": "np.sqrt(x ** 2 + y ** 2)",
    "logaddexp": "bl.logsumexp(np.stack([x, y]), axis=0)", "fmax": "np.maximum(x, y)", "fmin": "np.minimum(x, y)",
    "heaviside": "np.where(x > 0, 1, 0)",
    "inner": "x @ y", "vdot": "np.sum(x * y)", "tensordot": "np.einsum(...)", "kron": "np.einsum(...)", "cross": "np.stack of its three entries",
    "hstack": "np.concatenate([...], axis=1)", "vstack": "np.concatenate([...], axis=0)", "column_stack": "np.stack([...], axis=1)",
    "append": "np.concatenate([x, y])", "flip": "x[::-1]", "roll": "np.concatenate([x[-1:], x[:-1]])", "tile": "np.broadcast_to(x, shape)",
    "repeat": "np.broadcast_to(x[:, None], shape), then np.reshape", "diag": "np.einsum('ii->i', x), or x * np.eye(len(x))",
    "diagonal": "np.einsum('ii->i', x)", "cumprod": "np.exp(np.cumsum(np.log(x))) for positive x", "moveaxis": "np.transpose(x, axes)",
    "take": "x[indices]", "sort": "x[order], with `order = np.argsort(...)` computed outside the function", "median": "np.mean(x)",
    "ptp": "np.max(x) - np.min(x)", "floor": "the value itself: a step has derivative 0", "ceil": "the value itself: a step has derivative 0",
    "rint": "the value itself: a step has derivative 0", "round": "the value itself: a step has derivative 0", "fill": "np.where(mask, x, y)",
    "split": "slices such as x[:2] and x[2:]", "copyto": "np.where(mask, x, y)", "det": "@bl.operation: its derivative is det(A) * inv(A).T",
    "inv": "@bl.operation: its derivative is -inv(A).T @ g @ inv(A).T", "solve": "@bl.operation around np.linalg.solve", "item": "the value itself",
    "tolist": "np.stack([...])", "dstack": "np.stack([...], axis=2)", "full_like": "value * np.ones(np.shape(x))",
    "pad": "np.concatenate with np.zeros(...)", "diff": "x[1:] - x[:-1]", "gradient": "x[1:] - x[:-1]",
    "linspace": "start + (stop - start) * t, with t an ordinary array from 0 to 1", "isclose": "np.abs(x - y) < 1e-8",
    "allclose": "np.all(np.abs(x - y) < 1e-8)", "array_equal": "np.all(x == y)", "argsort": "np.argmax(x); for a whole order compute it outside",
    "nanmax": "np.max(x)", "nanmin": "np.min(x)", "real": "the value itself",
    "data": "the value itself, or bl.stop_gradient(x)", "expit": "bl.sigmoid(x)", "flat": "np.ravel(x)", "atleast_2d": "x[None, :]",
    "arctan": "@bl.operation: its derivative is 1 / (1 + x ** 2)", "arcsin": "@bl.operation: its derivative is 1 / np.sqrt(1 - x ** 2)",
    "arccos": "@bl.operation: its derivative is -1 / np.sqrt(1 - x ** 2)", "arctanh": "(np.log1p(x) - np.log1p(-x)) / 2",
}
# Attributes that other packages keep on their values -> how the same is done here.
ELSEWHERE = {
    "grad": "Gradients are returned, not kept on values: leave it out of the function, and read run.grads of run = bl.trace(f, ...).",
    "backward": "The backward pass needs no call: return the value, and read run.grads of run = bl.trace(f, ...).",
    "detach": "For a value through which no gradient flows write bl.stop_gradient(x).",
    "numpy": "Write the value itself: it is used like an array.",
}


def refused(attempted: str, came_in: str, instead: str) -> TraceError:
    """The error, with the line of the author's code that is running."""
    return TraceError(attempted + quoted_line(naming.author_frame(sys._getframe(1))), came_in, instead)


def spellings() -> dict[str, str]:
    """Every operation that can be traced: its name -> how it is written."""
    numpys = {f.__name__: written_name(f) for f in NUMPY if f is not python.getitem}
    return numpys | {n: f"bl.{n}" for n, op in OPERATIONS.items() if op.own and op.public}


def unsupported(what: str, instead: str = "") -> TraceError:
    """For what is not in the vocabulary: names the nearest that is."""
    short = what.split("(")[0].split(" with ")[0].strip().rpartition(".")[2]
    if not instead:
        near = INSTEAD.get(short)
        if near is None:
            known = spellings()
            found = [known[n] for n in near_names(short, known, 3, .75)]
            near = ", ".join(found)
        if near.startswith("@"):
            return refused(f"tracing {what}", "it is not in the vocabulary of traceable operations", f"Declare it with {near}.")
        instead = (f"The nearest that is: {near}. " if near else "") + "Write it with operators and the functions that can be traced " \
            "(bl.operations() lists them), or declare it with @bl.operation."
    return refused(f"tracing {what}", "it is not in the vocabulary of traceable operations", instead)


def missing_attribute(label: str, name: str) -> MissingAttributeError:
    """For x.grad and its like: names that arrays do not have."""
    near = near_names(name, [n for n in dir(np.ndarray) if not n.startswith("_")], 1, .8)
    instead = ELSEWHERE.get(name) or (f"Did you mean .{near[0]}?" if near else "It has the attributes and methods of an array, such as .shape, .T "
                                      "and .sum(); functions are called on it, as in np.exp(x).")
    return MissingAttributeError(f"asking for {label}.{name}{quoted_line(naming.author_frame(sys._getframe(1)))}",
                                 f"{label} is a traced value, and has no attribute {name!r}", instead)


def miscalled(op: Operation, error: TypeError) -> TraceError:
    """For a call whose arguments an operation does not take. An operation that looks at them itself says in its error what to write."""
    name = op.spelling
    if len(error.args) == 2:                              # (what came in, what to write instead)
        return refused(f"calling {name}", *error.args)
    xs = list(op.inputs) if not op.variadic else ["x", "..."] if op.leading else ["[x, ...]"]
    rest = [f"{n}={v!r}" for n, v in op.defaults.items() if n not in op.leading]
    beside = ", and without NumPy's other options" if op.functions else ""
    return refused(f"calling {name}", f"Python says: {str(error).rpartition('received() ')[2]}",
                   f"Here it is called as {name}({', '.join([*op.leading, *xs, *rest])}){beside}.")


def operations() -> list[str]:
    """Every function that can be traced, as it is written; operators and indexing come on top.

    Returns
    -------
    list of str
        Sorted: ``["bl.relu", ..., "np.exp", ...]``.
    """
    return sorted(set(spellings().values()))
