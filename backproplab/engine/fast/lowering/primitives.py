"""From NumPy's functions to primitives: which values a call, an operator or a reduction is made of.

Its operands are values, or plain Python objects that are known when compiling; between the latter it computes at once.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .values import Builder, NotLowerable, Slot, Value, numpy_function

REDUCTIONS = {"sum": "add", "max": "maximum", "min": "minimum", "amax": "maximum", "amin": "minimum", "prod": "multiply", "mean": "add"}
VIEWS = {"transpose", "reshape", "ravel", "swapaxes", "expand_dims", "squeeze", "broadcast_to"}
NO_FUNCTION = {"put", "put_along_axis", "place", "putmask", "copyto", "fill_diagonal", "random", "shuffle"}     # they write, or have a state
SHAPES: dict[str, Callable[[Any], Any]] = {"shape": np.shape, "ndim": np.ndim, "size": np.size}


class Primitives:
    """Makes the values of calls.

    Parameters
    ----------
    builder : Builder
    """

    def __init__(self, builder: Builder) -> None:
        self.b = builder

    def value(self, x: Any) -> Value:
        """The value that x stands for."""
        return x if isinstance(x, Value) else self.const(x)

    def const(self, x: Any) -> Value:
        if isinstance(x, (bool, int, float, np.ndarray, np.generic)):
            return self.b.const(x)
        if isinstance(x, (list, tuple)):
            return self.sequence(x)
        raise NotLowerable(f"{x!r} among the values")

    def sequence(self, xs: Any) -> Value:
        """A list of numbers is an array, as NumPy takes it."""
        if all(not isinstance(x, Value) or x.is_const for x in xs):
            return self.b.const(np.array([x.example if isinstance(x, Value) else x for x in xs]))
        raise NotLowerable("a list that holds values")

    def static(self, x: Any) -> Any:
        """A plain object for what is known when compiling.

        Raises
        ------
        NotLowerable
            When it depends on an input.
        """
        if isinstance(x, Value):
            if not x.is_const:
                raise NotLowerable(f"{x.name or 'a value'} decides about a shape, an axis or an index")
            x = x.example
        if isinstance(x, (tuple, list)):
            return type(x)([self.static(i) for i in x])
        return x.item() if isinstance(x, np.generic) else x

    def operation(self, name: str | None, plain: Callable[..., Any], *args: Any) -> Any:
        for a in args:
            if a.__class__ is Value:
                break
        else:
            if any(isinstance(a, (np.ndarray, np.generic)) for a in args):
                return self.b.ufunc(name, *map(self.const, args)) if name else plain(*args)
            return plain(*args)
        if name is None:
            raise NotLowerable("a test of values")
        return self.b.ufunc(name, *[a if a.__class__ is Value else self.const(a) for a in args])

    def call(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        b = self.b
        if name in SHAPES and not keywords and len(args) == 1:
            return SHAPES[name](args[0].example if isinstance(args[0], Value) else args[0])
        if name in ("copy", "asarray", "ascontiguousarray") and len(args) == 1 and isinstance(args[0], Value):
            return args[0]                                              # values never change: a copy is the value
        if name.split(".")[0] in NO_FUNCTION or "out" in keywords:
            raise NotLowerable(f"np.{name}")
        if name == "astype":
            return b.make("cast", np.dtype(args[1]).str, self.value(args[0]))
        function = numpy_function("abs" if name == "absolute" else name)
        if name == "dot" and len(args) == 2 and not keywords:
            x, y = map(self.value, args)
            return b.ufunc("multiply", x, y) if x.is_scalar or y.is_scalar else b.make("dot", None, x, y)
        if isinstance(function, np.ufunc) and not keywords and function.nout == 1 and len(args) == function.nin:
            return b.ufunc(function.__name__, *map(self.value, args))
        if name == "where" and len(args) == 3 and not keywords:
            return b.make("where", None, *map(self.value, args))
        if name in REDUCTIONS and set(keywords) <= {"axis", "keepdims"} and len(args) <= 2:
            return self.reduction(name, self.value(args[0]), **{"axis": args[1] if len(args) > 1 else None, **keywords})
        if name in VIEWS and isinstance(args[0], Value) and set(keywords) <= {"axis", "axes", "shape"}:
            rest = [self.static(x) for x in [*args[1:], *keywords.values()]]
            if name in ("reshape", "transpose") and len(rest) > 1:
                rest = [tuple(rest)]                                    # x.reshape(2, 3)
            if name in ("expand_dims", "squeeze"):                      # np.expand_dims is a slow function, .reshape a quick method
                name, rest = "reshape", [np.shape(getattr(np, name)(args[0].example, *rest))]
            return b.make("view", ("T",) if name == "transpose" and not rest else (name, *rest), args[0])
        return self.opaque(function, args, keywords)

    def reduction(self, name: str, x: Value, axis: Any = None, keepdims: Any = False) -> Value:
        axis, keepdims = self.static(axis), bool(self.static(keepdims))
        if x.is_scalar:
            return x
        total = self.b.make("reduce", (REDUCTIONS[name], axis, keepdims), x)
        if name != "mean":
            return total
        count = np.size(x.example) // max(1, np.size(total.example))
        return self.b.ufunc("divide", total, self.b.const(float(count)))

    def opaque(self, function: Any, args: list[Any], keywords: dict[str, Any]) -> Value:
        """A call of any function that has no state and writes into nothing."""
        values: list[Value] = []

        def place(x: Any) -> Any:
            if isinstance(x, (tuple, list)):
                return type(x)([place(i) for i in x])
            if not isinstance(x, Value):
                return x
            if x.is_const and x.is_scalar:
                return x.example
            values.append(x)
            return Slot(len(values) - 1)
        positional = [place(a) for a in args]
        made = self.b.make("call", (function, positional, {k: self.static(v) for k, v in keywords.items()}), *values)
        if not isinstance(made.example, (np.ndarray, np.generic, *(bool, int, float))):
            raise NotLowerable(f"{getattr(function, '__name__', function)} returns a {type(made.example).__name__}")
        return made
