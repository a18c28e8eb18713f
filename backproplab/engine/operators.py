"""What a traced value does in an expression: operators, NumPy's functions called on it, and the methods and attributes of arrays.

All of them end in `recording.apply`, with the operation that stands for the function. They are given to `Node` here, at the end of
the file: a node knows how to be recorded only once there is something that records.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import naming, vocabulary  # noqa: F401  (vocabulary declares the operations)
from .node import Node
from .recording import apply
from .refusals import missing_attribute, refused, unsupported
from .rules import NUMPY

# Python's operators: the special method's name -> NumPy's function, and the operator as it is written.
OPERATORS = {"add": (np.add, "+"), "sub": (np.subtract, "-"), "mul": (np.multiply, "*"), "truediv": (np.divide, "/"),
             "pow": (np.power, "**"), "matmul": (np.matmul, "@"), "and": (np.logical_and, "&"), "or": (np.logical_or, "|")}
COMPARISONS = {"gt": np.greater, "lt": np.less, "ge": np.greater_equal, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal}
REDUCTIONS: dict[Any, Any] = {np.add: np.sum, np.maximum: np.max, np.minimum: np.min, np.multiply: np.prod}    # np.add.reduce is np.sum
# What looks at shapes only needs no trace.
SHAPE_QUESTIONS: dict[Any, Any] = {
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x, axis=None: x.size if axis is None else x.shape[axis],
    np.zeros_like: lambda x, **_: np.zeros(x.shape), np.ones_like: lambda x, **_: np.ones(x.shape)}
METHODS = {"flatten": "ravel", "conj": "positive"}       # methods of arrays that have another name as functions


# ---- NumPy's protocols ----------------------------------------------------------------------------------------------------

def array_ufunc(self: Node, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    """np.exp(x), array + x: functions that NumPy computes entry by entry, with a traced value among their arguments."""
    if method == "reduce" and ufunc in REDUCTIONS:
        given = {k: v for k, v in kwargs.items() if k in ("axis", "keepdims")}
        return NUMPY[REDUCTIONS[ufunc]](args[0], **({"axis": 0} | given))
    if method != "__call__":
        raise unsupported(f"np.{ufunc.__name__}.{method}")
    if kwargs.get("out") is not None:
        raise refused(f"writing the traced value {self.label} into an array that exists", f"np.{ufunc.__name__} with out=",
                      "`array += value` changes the array in place, and the graph would not know: write `array = array + value`.")
    if ufunc not in NUMPY:
        raise unsupported(f"np.{ufunc.__name__}")
    if kwargs:
        raise unsupported(f"np.{ufunc.__name__} with {'=, '.join(kwargs)}=", f"Write np.{ufunc.__name__}({', '.join(NUMPY[ufunc].inputs)}) "
                          "without them: numbers are float64 here, and masks are written with np.where.")
    return apply(NUMPY[ufunc], args, {})


def array_function(self: Node, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """np.sum(x), np.stack([x, y]): NumPy's other functions, with a traced value among their arguments."""
    if function in SHAPE_QUESTIONS:
        return SHAPE_QUESTIONS[function](*args, **kwargs)
    if function not in NUMPY:
        raise unsupported(f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1))
    return NUMPY[function](*args, **kwargs)


# ---- attributes and methods of arrays -------------------------------------------------------------------------------------

def attribute(self: Node, name: str) -> Any:
    """x.sum and its like; asked only for what `Node` itself does not have.

    Raises
    ------
    MissingAttributeError
        For a name that arrays do not have either.
    TraceError
        For a method that cannot be traced.
    """
    if name.startswith("_"):                                        # what Python, NumPy and notebooks ask of any object
        raise AttributeError(f"a traced value has no attribute {name!r}")
    if not hasattr(np.ndarray, name):
        raise missing_attribute(self.label, name)
    if name == "copy" or name == "astype":                          # values are read-only and float64: nothing to do
        return lambda dtype=float, **_: self if np.dtype(dtype).kind == "f" else refuse_cast(self, dtype)
    op = NUMPY.get(getattr(np, METHODS.get(name, name), None))
    if op is None:
        raise unsupported(f"the method .{name}()" if callable(getattr(np.ndarray, name)) else f"the attribute .{name}")
    return lambda *args, **kwargs: op(self, *joined(name, args), **kwargs)


def refuse_cast(node: Node, dtype: Any) -> Any:
    raise refused(f"casting {node.label} with .astype({np.dtype(dtype).name})", f"it is {node!r}",
                  "Whole numbers and truth values have no gradient: compute them from the inputs outside the function.")


def joined(method: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """x.reshape(2, 3) is np.reshape(x, (2, 3)), and x.transpose(1, 0) is np.transpose(x, (1, 0))."""
    return (args,) if method in ("reshape", "transpose") and args and not isinstance(args[0], (tuple, list)) and args != (None,) else args


# ---- Python's operators ---------------------------------------------------------------------------------------------------

def binary(function: Any) -> Callable[[Any, Any], Any]:
    return lambda x, y: apply(NUMPY[function], (x, y), {}, True)


def reflected(function: Any) -> Callable[[Any, Any], Any]:
    """The operator where the traced value stands on the right: 2 * x."""
    return lambda y, x: apply(NUMPY[function], (x, y), {}, True)


def in_place(function: Any, sign: str) -> Callable[[Any, Any], Any]:
    """x += y makes a new value of a number, and is refused for an array, which NumPy would change."""
    def update(x: Node, y: Any) -> Any:
        if x.ndim:
            raise refused(f"changing the traced array {x.label} in place", f"`{x.label} {sign}= ...` on shape {x.shape}",
                          f"NumPy would change the array itself, and with it every other name for it and the caller's own: write "
                          f"`{x.label} = {x.label} {sign} ...`.")
        return apply(NUMPY[function], (x, y), {}, True)
    return update


def added_from_the_right(y: Any, x: Any) -> Any:
    """x + y; the 0 that the built-in sum() starts from is left out, because no author wrote it."""
    if x.__class__ is int and x == 0 and naming.locate(True)[2]:
        return y
    return apply(NUMPY[np.add], (x, y), {}, True)


for _name, (_function, _sign) in OPERATORS.items():
    setattr(Node, f"__{_name}__", binary(_function))
    setattr(Node, f"__r{_name}__", reflected(_function))
    setattr(Node, f"__i{_name}__", in_place(_function, _sign))
for _name, _function in COMPARISONS.items():
    setattr(Node, f"__{_name}__", binary(_function))
for _name, _method in {
        "radd": added_from_the_right, "pos": lambda x: x, "abs": lambda x: np.abs(x),
        "neg": lambda x: apply(NUMPY[np.negative], (x,), {}, True), "invert": lambda x: apply(NUMPY[np.logical_not], (x,), {}, True),
        "array_ufunc": array_ufunc, "array_function": array_function, "getattr": attribute}.items():
    setattr(Node, f"__{_name}__", _method)
