"""The functions that may be typed, and how: a list, so that nothing else can be called."""
from __future__ import annotations

from ..engine.rules import OPERATIONS

# What is typed -> the function as an expression calls it.
FUNCTIONS = {**{f: f"np.{f}" for f in (
    "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "sqrt", "abs", "square", "sign", "sum", "mean",
    "max", "min", "maximum", "minimum", "where", "outer", "dot", "matmul", "transpose", "reshape", "diag", "zeros", "ones", "eye", "array",
    "stack", "concatenate", "prod", "broadcast_to", "expand_dims", "squeeze", "ravel", "swapaxes", "negative", "zeros_like", "ones_like",
    "trace")},
    "tr": "np.trace", "ln": "np.log", "absolute": "np.abs", "amax": "np.max", "concat": "np.concatenate", "ReLU": "relu", "σ": "sigmoid",
    "log softmax": "log_softmax"}
METHODS = {"sum": "np.sum", "mean": "np.mean", "max": "np.max", "min": "np.min", "reshape": "np.reshape", "dot": "np.dot", "ravel": "np.ravel",
           "transpose": "np.transpose", "prod": "np.prod", "squeeze": "np.squeeze"}
BARE = {"np.exp", "np.log", "np.sin", "np.cos", "np.tan", "np.sinh", "np.cosh", "np.tanh", "np.arcsin", "np.arccos", "np.arctan", "np.max", "np.min",
        "np.sum", "np.mean"}              # may stand before one letter without brackets
COMMON = ("exp", "ln", "sin", "cos", "tanh", "sqrt", "abs", "max", "sum", "mean", "outer", "sigmoid", "relu", "softmax")
# Functions whose further arguments are constants: their names.
FIXED = {"np.sum": ("axis", "keepdims"), "np.mean": ("axis",), "np.max": ("axis",), "np.min": ("axis",), "np.prod": ("axis",),
         "np.reshape": ("shape",), "np.transpose": ("axes",), "np.broadcast_to": ("shape",), "np.expand_dims": ("axis",),
         "np.squeeze": ("axis",), "np.stack": ("axis",),
         "np.concatenate": ("axis",), "np.swapaxes": ("axis1", "axis2"), "softmax": ("axis",), "log_softmax": ("axis",), "logsumexp": ("axis",)}
KEYWORDS = ("axis", "keepdims", "shape")
TWO = ("np.maximum", "np.minimum", "np.outer", "np.dot", "np.matmul")


def arity(head: str) -> int:
    """How many arrays a function takes."""
    if head in OPERATIONS and OPERATIONS[head].own:
        return len(OPERATIONS[head].inputs)
    return 3 if head == "np.where" else 2 if head in TWO else 1


def head_of(typed: str) -> str | None:
    """The function that a typed name stands for, as an expression calls it; None where it is not on the list."""
    return FUNCTIONS.get(typed) or (typed if typed in OPERATIONS and OPERATIONS[typed].own else None)
