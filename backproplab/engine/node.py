"""A traced value, and how an operation on one is recorded.

A Node carries the number it has now, and NumPy hands every operation on it to this file through its protocols. What a traced value
cannot do (become a Python float, be written into) is refused by name, with what to write instead.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

from . import naming, vocabulary  # noqa: F401  (declares the operations)
from .alarms import caution, numerical_warning
from .graph import Branch, Graph, Home
from .mismatch import refusal, shape_error, written
from .refusals import refused, unsupported
from .rules import NUMPY, OPERATIONS, Operation
from .values import described, frozen, shortened

current: ContextVar[Graph | None] = ContextVar("current", default=None)
REDUCTIONS: dict[Any, Any] = {np.add: np.sum, np.maximum: np.max, np.minimum: np.min, np.multiply: np.prod}    # np.add.reduce is np.sum
# What looks at shapes only needs no trace.
SHAPE_QUESTIONS: dict[Any, Any] = {
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x, axis=None: x.size if axis is None else x.shape[axis],
    np.zeros_like: lambda x, **_: np.zeros(x.shape), np.ones_like: lambda x, **_: np.ones(x.shape)}
METHODS = {"flatten": "ravel", "conj": "positive"}


class Node:
    """One recorded value, array-like. `op` is None for an input and for a captured array.

    Attributes
    ----------
    op : Operation or None
    inputs : tuple of Node or number
        In the order in which they are written, with repetition: x * x has two.
    constants : dict or None
    value : float64, read-only ndarray, or bool
    place : Place
        The author's name for it (None for a sub-expression) and the line in the author's file (0 when not known).
    home : Home
        The same object for all nodes of one graph.
    active : bool
        Does a gradient flow through it?
    """

    __slots__ = ("op", "inputs", "constants", "value", "place", "home", "active")
    __array_priority__ = 1000

    def __init__(self, op: Operation | None, inputs: tuple[Any, ...], constants: dict[str, Any] | None, value: Any,
                 place: naming.Place, home: Home, active: bool) -> None:
        self.op, self.inputs, self.constants, self.value = op, inputs, constants, value
        self.place, self.home, self.active = place, home, active

    name = property(lambda self: self.place.name)
    line = property(lambda self: self.place.line)
    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.asarray(self.value).dtype)
    T = property(lambda self: NUMPY[np.transpose](self))

    @property
    def label(self) -> str:
        """How a message calls it: by its name, or as it is written."""
        return self.name or (f"({written(self.op, self.inputs, self.constants or {})})" if self.op else "a value")

    # ---- NumPy's protocols ----------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
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

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in SHAPE_QUESTIONS:
            return SHAPE_QUESTIONS[function](*args, **kwargs)
        name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
        if function not in NUMPY:
            raise unsupported(name)
        op = NUMPY[function]
        try:
            inputs, constants = op.bind(args, kwargs)
        except TypeError as error:
            raise unsupported(f"{name} called like this ({error})", f"Here it takes {', '.join([*op.inputs, *op.defaults])}.") from None
        return apply(op, inputs, constants)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise refused(f"putting the traced value {self.label} into an ordinary array", f"it is {self!r}",
                      "An ordinary array would lose the graph: write np.stack([a, b]) where you wrote np.array([a, b]), and build a result "
                      "from its parts with np.stack or np.concatenate where you assign into np.zeros(...).")

    # ---- Python's protocols ---------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        frame = naming.author_frame(sys._getframe(1))
        if np.size(self.value) != 1:
            called = frame is not None and naming.destined(frame, True)[0] is naming.LATER
            raise refused(f"asking whether {self.label} is true", f"it is an array of shape {self.shape}",
                          "max() and min() ask which of two arrays is larger as a whole, and there is one answer for each entry: write "
                          "np.maximum(a, b) or np.minimum(a, b)." if called else
                          "An array has one answer for each entry: choose between values with np.where(mask, a, b), take the larger with "
                          "np.maximum(a, b), or reduce it first, as in np.all(mask).")
        answer = bool(self.value)
        graph = current.get()
        while graph is not None and graph.home is not self.home:
            graph = graph.enclosing
        if graph is not None:
            graph.branches.append(Branch(frame.f_lineno if frame else 0, self, answer))
        return answer

    def _plain_number(self, *args: Any) -> Any:
        raise refused(f"turning the traced value {self.label} into a plain Python number", f"it is {self!r}",
                      "A plain number has no graph, so the derivative would be lost: write np.sin(x) for math.sin(x), leave out float(...) and "
                      "round(...), index with ordinary integers, and put no traced value into np.zeros(...): use np.stack.")
    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _plain_number

    def _no_operator(self, *args: Any) -> Any:
        raise refused(f"computing with {self.label}", "the operators // and % are not in the vocabulary of traceable operations",
                      "They jump, and have no useful derivative: divide with /, or compute whole numbers outside the function.")
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _no_operator

    def __len__(self) -> int:
        if not np.ndim(self.value):
            raise refused(f"asking for the length of {self.label}", f"it is a single number, {self!r}", "Only an array has a length.")
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not np.ndim(self.value):
            raise refused(f"taking {self.label} apart", f"it is a single number, {self!r}",
                          "Only an array has entries: leave out the loop or the unpacking.")
        frame = naming.author_frame(sys._getframe(1))
        names = naming.destined(frame)[0] if frame else None            # a, b = traced
        items = [self[i] for i in range(len(self.value))]
        for item, name in zip(items, names if isinstance(names, tuple) else (), strict=False):
            item.place = naming.Place(name, item.line)
        return iter(items)

    def __getitem__(self, key: Any) -> Any:
        return OPERATIONS["getitem"](self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise refused(f"assigning into the traced value {self.label}", f"its shape is {self.shape}, its index {shortened(key)}",
                      "That would change a value which is in the graph already: build a new one with np.where, np.stack or np.concatenate.")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(f"a traced value has no attribute {name!r}")
        if name == "copy" or name == "astype":                          # values are read-only and float64: nothing to do
            return lambda dtype=float, **_: self if np.dtype(dtype).kind == "f" else refuse_cast(self, dtype)
        op = NUMPY.get(getattr(np, METHODS.get(name, name), None))
        if op is None:
            raise unsupported(f"the method .{name}()")

        def method(*args: Any, **kwargs: Any) -> Any:
            inputs, constants = op.bind((self, *joined(name, args)), kwargs)
            return apply(op, inputs, constants)
        return method

    def __format__(self, spec: str) -> str:
        return format(self.value if np.ndim(self.value) == 0 and spec else repr(self), spec)

    def __repr__(self) -> str:
        return f"<{self.name or 'unnamed'} = {described(self.value)}>"

    __hash__ = object.__hash__


def refuse_cast(node: Node, dtype: Any) -> Any:
    raise refused(f"casting {node.label} with .astype({np.dtype(dtype).name})", f"it is {node!r}",
                  "Whole numbers and truth values have no gradient: compute them from the inputs outside the function.")


def joined(method: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """x.reshape(2, 3) is np.reshape(x, (2, 3)), and x.transpose(1, 0) is np.transpose(x, (1, 0))."""
    return (args,) if method in ("reshape", "transpose") and args and not isinstance(args[0], (tuple, list)) and args != (None,) else args


OPERATORS = {"add": (np.add, "+"), "sub": (np.subtract, "-"), "mul": (np.multiply, "*"), "truediv": (np.divide, "/"),
             "pow": (np.power, "**"), "matmul": (np.matmul, "@"), "and": (np.logical_and, "&"), "or": (np.logical_or, "|")}
COMPARED = {"gt": np.greater, "lt": np.less, "ge": np.greater_equal, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal}


def _dress() -> None:
    """Operators of Node, from the vocabulary."""
    def binary(function: Any) -> Any:
        return lambda x, y: apply(NUMPY[function], (x, y), {}, True)

    def reflected(function: Any) -> Any:
        return lambda y, x: apply(NUMPY[function], (x, y), {}, True)

    def in_place(function: Any, sign: str) -> Any:
        def update(x: Node, y: Any) -> Any:
            if x.ndim:
                raise refused(f"changing the traced array {x.label} in place", f"`{x.label} {sign}= ...` on shape {x.shape}",
                              f"NumPy would change the array itself, and with it every other name for it and the caller's own: write "
                              f"`{x.label} = {x.label} {sign} ...`.")
            return apply(NUMPY[function], (x, y), {}, True)
        return update
    for short, (function, sign) in OPERATORS.items():
        setattr(Node, f"__{short}__", binary(function))
        setattr(Node, f"__r{short}__", reflected(function))
        setattr(Node, f"__i{short}__", in_place(function, sign))
    for short, function in COMPARED.items():
        setattr(Node, f"__{short}__", binary(function))
    alone: dict[str, Any] = {"neg": lambda x: apply(NUMPY[np.negative], (x,), {}, True), "pos": lambda x: x, "abs": lambda x: np.abs(x),
                             "invert": lambda x: apply(NUMPY[np.logical_not], (x,), {}, True)}
    for short, function in alone.items():
        setattr(Node, f"__{short}__", function)
    add = Node.__radd__                                                      # type: ignore[attr-defined]
    Node.__radd__ = lambda y, x: y if x.__class__ is int and x == 0 and naming.locate(True)[2] else add(y, x)   # type: ignore[attr-defined]


_dress()


# ---- recording ----------------------------------------------------------------------------------------------------------

def apply(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], operator: bool = False) -> Any:
    """Compute an operation; when an input is traced, record it."""
    for v in inputs:
        if v.__class__ is Node:
            break
    else:
        return op.checked(*inputs, **constants)
    graph = current.get()
    if graph is None:
        raise refused(f"computing {written(op, inputs, constants)}", f"{v.label} belongs to a trace that has ended",
                      "Return it from the traced function and read its number from run.values, instead of keeping it.")
    if graph.expand is not None:
        graph.counted += 1
        if graph.expand(op, graph.counted - 1):
            return expanded(graph, op, inputs, constants)
    place, depth, inside, frame = naming.locate(operator)
    home = graph.home
    inputs = tuple([v if v.__class__ is Node and v.home is home else admit(graph, v, frame) for v in inputs])
    values = [v.value if v.__class__ is Node else v for v in inputs]
    if op.refuse is not None:
        refusal(op, inputs, values, constants, frame)
    try:
        value = op.run(*values, **constants)
    except (ValueError, IndexError, TypeError) as error:
        raise shape_error(op, inputs, constants, error, frame) from None
    if graph.deep:                               # a value that a helper returned takes the caller's name for it
        for v in inputs:
            if v.__class__ is Node and v in graph.deep:
                found = naming.name_above(frame, depth, graph.deep[v], v)
                if found:
                    v.place = naming.Place(found, v.line)
                    del graph.deep[v]
    active = False
    if op.backward is not None:
        for v in inputs:
            if v.__class__ is Node and v.active:
                active = True
    if value.__class__ is np.ndarray:
        if value.ndim:
            value.setflags(write=False)
        else:
            value = value[()]
    node = Node(op, inputs, constants or None, value, place, home, active)
    graph.nodes.append(node)
    if depth or inside:
        graph.deep[node] = depth + inside
    if graph.alarm:
        numerical_warning(graph, node, frame)
    if op.caution is not None:
        caution(node, op, values, constants, frame)
    return node


def expanded(graph: Graph, op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any]) -> Any:
    """The operation, traced through its forward function like a helper of the author's."""
    keep, graph.expand = graph.expand, None
    try:
        return op.run(*inputs, **constants)
    finally:
        graph.expand = keep


def admit(graph: Graph, v: Any, frame: Any) -> Any:
    """A number stays a number; an array becomes a constant of the graph; a node of an enclosing trace becomes an input of this one.

    Raises
    ------
    TraceError
        For a node whose trace has ended.
    """
    if v.__class__ is Node:
        if v.home is graph.home:
            return v
        known = graph.outer.get(v)
        if known is None:
            around = graph.enclosing
            while around is not None and around.home is not v.home:
                around = around.enclosing
            if around is None:
                raise refused(f"using {v.label}", f"it is {v!r}, a value of another trace",
                              "A traced value lives as long as its own trace: hand its number in as an input instead of keeping it.")
            known = graph.outer[v] = Node(None, (), None, v.value, naming.Place(v.name or "outer", 0), graph.home, v.active)
            graph.nodes.append(known)
        return known
    if v.__class__ in (float, int, bool):
        return v
    if isinstance(v, np.generic):
        return v.item()
    if isinstance(v, np.ndarray) and v.ndim:
        return graph.constant(v, frame, lambda value, name: Node(None, (), None, value, naming.Place(name, 0), graph.home, False))
    value = frozen(v, "a value that the function uses", frame)
    if not np.ndim(value):
        return value.item()
    return graph.constant(value, frame, lambda same, name: Node(None, (), None, same, naming.Place(name, 0), graph.home, False))
