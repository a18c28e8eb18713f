"""Run an ordinary NumPy function once and record its graph.

A traced value is a Node: it carries the number it has now, and NumPy hands every operation on it to this file through its
protocols. What a traced value cannot do (become a Python float, be written into) is refused by name, with what to write instead.
"""
from __future__ import annotations

import difflib
import operator as python
import sys
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

from . import naming, vocabulary  # noqa: F401  (declares the operations)
from .errors import NumericalWarning, TraceError, quoted_line
from .graph import Branch, Graph, frozen, shortened
from .mismatch import shape_error
from .rules import NUMPY, OPERATIONS, Operation

_graph: ContextVar[Graph | None] = ContextVar("graph", default=None)
SHAPE_QUESTIONS: dict[Any, Any] = {np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size}
REDUCTIONS: dict[Any, Any] = {np.add: np.sum, np.maximum: np.max}       # np.add.reduce is np.sum


class Node:
    """One recorded value, array-like. `op` is None for an input and for a captured array.

    Attributes
    ----------
    op : Operation or None
    inputs : tuple of Node or number
        In the order in which they are written, with repetition: x * x has two.
    constants : dict or None
    value : float64, read-only ndarray, or bool
    name : str or None
        The author's name for it; None for a sub-expression.
    line : int
        In the author's file; 0 when not known.
    index : int
        Position in its graph.
    active : bool
        Does a gradient flow through it?
    """

    __slots__ = ("op", "inputs", "constants", "value", "name", "line", "index", "active")
    __array_priority__ = 1000

    def __init__(self, op: Operation | None, inputs: tuple[Any, ...], constants: dict[str, Any] | None, value: Any,
                 name: str | None, line: int, active: bool) -> None:
        self.op, self.inputs, self.constants, self.value = op, inputs, constants, value
        self.name, self.line, self.active = name, line, active
        self.index = -1

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.asarray(self.value).dtype)
    T = property(lambda self: NUMPY[np.transpose](self))

    @property
    def label(self) -> str:
        """How an error calls it."""
        return self.name or (f"the {self.op.name} on line {self.line}" if self.op and self.line else "a value")

    # ---- NumPy's protocols --------------------------------------------------------------------------------------------

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
            raise unsupported(f"np.{ufunc.__name__} with {'=, '.join(kwargs)}=")
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
            raise unsupported(f"{name} called like this ({error})", f"It takes {', '.join([*op.inputs, *op.defaults])}.") from None
        return apply(op, inputs, constants)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise refused(f"putting the traced value {self.label} into an ordinary array", f"it is {self!r}",
                      "An ordinary array would lose the graph: write np.stack([a, b]) where you wrote np.array([a, b]), and build a result "
                      "from its parts with np.stack or np.concatenate where you assign into np.zeros(...).")

    # ---- Python's protocols -------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        frame = naming.author_frame(sys._getframe(1))
        if np.size(self.value) != 1:
            raise refused(f"asking whether {self.label} is true", f"it is an array of shape {self.shape}", "An array has one answer for each "
                          "entry: choose between values with np.where(mask, a, b), take the larger with np.maximum(a, b), or reduce it first.")
        answer = bool(self.value)
        graph = _graph.get()
        if graph is not None and graph.holds(self):
            graph.branches.append(Branch(frame.f_lineno if frame else 0, self, answer))
        return answer

    def _plain_number(self, *args: Any) -> Any:
        raise refused(f"turning the traced value {self.label} into a plain Python number", f"it is {self!r}",
                      "A plain number has no graph, so the derivative would be lost: write np.sin(x) for math.sin(x), leave out float(...), "
                      "and index with ordinary integers.")
    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _plain_number

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not np.ndim(self.value):
            raise refused(f"taking {self.label} apart", "it is a single number", "Only an array has entries: leave out the loop or the unpacking.")
        frame = naming.author_frame(sys._getframe(1))
        names = naming.destined(frame) if frame else None               # a, b = traced
        items = [self[i] for i in range(len(self.value))]
        for item, name in zip(items, names if isinstance(names, tuple) else (), strict=False):
            item.name = name
        return iter(items)

    def __getitem__(self, key: Any) -> Any:
        if any(k.__class__ is Node for k in (key if isinstance(key, tuple) else (key,))):
            raise refused(f"indexing {self.label} with a traced value", f"the index is {shortened(key)}",
                          "An index computed from an input is not in the vocabulary yet: index with ordinary integers, slices and arrays, or "
                          "multiply by a mask and sum.")
        return apply(OPERATIONS["getitem"], (self,), {"key": copied(key)})

    def __setitem__(self, key: Any, value: Any) -> None:
        raise refused(f"assigning into the traced value {self.label}", f"{self.label}[{shortened(key)}] = {shortened(value)}",
                      "That would change a value which is in the graph already: build a new one with np.where, np.stack or np.concatenate.")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(np.ndarray, name):
            raise AttributeError(f"a traced value has no attribute {name!r}")
        op = NUMPY.get(getattr(np, name, None))
        if op is None:
            raise unsupported(f"the method .{name}()")
        return lambda *args, **kwargs: op(self, *joined(name, args), **kwargs)

    def __repr__(self) -> str:
        return f"<{self.name or 'unnamed'} = {np.array2string(np.asarray(self.value), precision=4, threshold=6)}>"

    __hash__ = object.__hash__


def joined(method: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """x.reshape(2, 3) is np.reshape(x, (2, 3)), and x.transpose(1, 0) is np.transpose(x, (1, 0))."""
    return (args,) if method in ("reshape", "transpose") and args and not isinstance(args[0], (tuple, list)) else args


OPERATORS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power, "matmul": np.matmul}
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
    signs = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "matmul": "@"}
    for short, function in OPERATORS.items():
        setattr(Node, f"__{short}__", binary(function))
        setattr(Node, f"__r{short}__", reflected(function))
        setattr(Node, f"__i{short}__", in_place(function, signs[short]))
    for short, function in COMPARED.items():
        setattr(Node, f"__{short}__", binary(function))
    Node.__neg__ = lambda x: apply(NUMPY[np.negative], (x,), {}, True)       # type: ignore[attr-defined]
    Node.__pos__ = lambda x: x                                               # type: ignore[attr-defined]
    Node.__abs__ = lambda x: np.abs(x)                                       # type: ignore[attr-defined]


_dress()


# ---- recording --------------------------------------------------------------------------------------------------------

def apply(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], operator: bool = False) -> Any:
    """Compute an operation; when an input is traced, record it."""
    for v in inputs:
        if v.__class__ is Node:
            break
    else:
        return op.run(*inputs, **constants)
    graph = _graph.get()
    if graph is None:
        labels = [v.label for v in inputs if isinstance(v, Node)]
        raise refused(f"computing {op.name} of {labels[0]}", "it belongs to a trace that has ended",
                      "Return it from the traced function, and read its number from run.values, instead of keeping it.")
    place = naming.locate(operator)
    inputs = tuple([admit(graph, v, place.frame) for v in inputs])
    try:
        value = op.run(*[v.value if v.__class__ is Node else v for v in inputs], **constants)
    except (ValueError, IndexError, TypeError) as error:
        raise shape_error(op, inputs, constants, error, place.frame) from None
    if graph.deep:                               # a value that a helper returned takes the caller's name for it
        for v in inputs:
            if v.__class__ is Node and v.index in graph.deep:
                found = naming.name_above(place.frame, place.depth, graph.deep[v.index], v)
                if found:
                    v.name = found
                    del graph.deep[v.index]
    if value.__class__ is np.ndarray:
        if value.ndim:
            value.setflags(write=False)
        else:
            value = value[()]
    active = op.backward is not None and any([v.__class__ is Node and v.active for v in inputs])
    node = graph.add(Node(op, inputs, constants or None, value, place.name, place.line, active))
    if place.depth or place.inside:
        graph.deep[node.index] = place.depth + place.inside
    if graph.alarm:
        warn(graph, node, place.frame)
    return node


def admit(graph: Graph, v: Any, frame: Any) -> Any:
    """A number stays a number; an array becomes a constant of the graph; a node of an enclosing trace becomes an input of this one."""
    if v.__class__ is Node:
        if v.index < len(graph.nodes) and graph.nodes[v.index] is v:
            return v
        known = graph.outer.get(id(v))
        if known is None:
            known = graph.outer[id(v)] = (v, graph.add(Node(None, (), None, v.value, v.name or "outer", 0, v.active)))
        return known[1]
    if v.__class__ in (float, int, bool):
        return v
    if isinstance(v, np.generic):
        return v.item()
    if isinstance(v, np.ndarray) and v.ndim:
        return graph.constant(v, frame, lambda value, name: Node(None, (), None, value, name, 0, False))
    value = frozen(v, "a value that the function uses", frame)
    return graph.constant(value, frame, lambda same, name: Node(None, (), None, same, name, 0, False)) if np.ndim(value) else value.item()


def copied(key: Any) -> Any:
    """An index that the author cannot change afterwards."""
    if isinstance(key, tuple):
        return tuple(map(copied, key))
    return np.array(key) if isinstance(key, (np.ndarray, list)) else key


def record(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], inputs: dict[str, Any], active: Any = None) -> Graph:
    """Graph of function(*args, **kwargs), in which `Slot`s stand for the inputs.

    Parameters
    ----------
    inputs : dict of str to number, array or Node
        Values by name; a Node (of an enclosing trace) gives its value.
    active : collection of str, optional
        The inputs that get a gradient; by default all that hold real numbers.
    """
    graph = Graph()
    for name, v in inputs.items():
        value = v.value if isinstance(v, Node) else frozen(v, f"the input {name}")
        real = np.asarray(value).dtype.kind == "f"
        node = Node(None, (), None, value, name, 0, real and (active is None or name in active))
        graph.inputs[name] = graph.add(node)
    token = _graph.set(graph)
    try:
        with np.errstate(divide="call", over="call", invalid="call", under="ignore", call=graph.note_error):
            result = function(*[graph.inputs[a.name] if isinstance(a, Slot) else a for a in args],
                              **{k: graph.inputs[a.name] if isinstance(a, Slot) else a for k, a in kwargs.items()})
            if isinstance(result, Node):
                result = admit(graph, result, None)
    finally:
        _graph.reset(token)
    graph.finish(returned(function, result, graph))
    return graph


class Slot:
    """Stands in a call for an input, by name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def returned(function: Any, result: Any, graph: Graph) -> Node:
    """The node that the function returned, named by the caller's variable where a helper made it."""
    if isinstance(result, Node) and result.op is not None or isinstance(result, Node) and result.name in graph.inputs:
        return result
    names = ", ".join(graph.inputs)
    what = f"tracing {function_name(function)}({names})"
    if result is None:
        raise TraceError(what, "it returned nothing", "End the function with `return` and the value whose gradient you want.")
    if isinstance(result, (tuple, list, dict)):
        raise TraceError(what, f"it returned a {type(result).__name__} of {len(result)}",
                         "A gradient belongs to one output: return one value, for example the sum of them, or join arrays with np.stack.")
    raise TraceError(what, f"it returned {shortened(result)}, which does not depend on {names or 'any input'}",
                     "Compute the result from the inputs with NumPy functions and operators; float(...), math functions and .value leave the graph.")


def function_name(function: Any) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return "the function" if name == "<lambda>" else name


# ---- refusals ---------------------------------------------------------------------------------------------------------

def refused(attempted: str, came_in: str, instead: str) -> TraceError:
    return TraceError(attempted + quoted_line(naming.author_frame(sys._getframe(1))), came_in, instead)


def unsupported(what: str, hint: str = "") -> TraceError:
    """For what is not in the vocabulary: names the nearest that is."""
    short = what.split("(")[0].split(" with ")[0].strip().rpartition(".")[2]
    known = {f.__name__: f"np.{f.__name__}" for f in NUMPY if f is not python.getitem} | {n: f"bl.{n}" for n, op in OPERATIONS.items() if op.own}
    near = [known[n] for n in difflib.get_close_matches(short, known, 3, .6)]
    nearest = f"The nearest that is: {', '.join(near)}. " if near else ""
    return refused(f"tracing {what}", "it is not in the vocabulary of traceable operations",
                   hint or f"{nearest}Write it with operations that are ({', '.join(sorted(known.values()))}), or declare it with @bl.operation.")


def warn(graph: Graph, node: Node, frame: Any) -> None:
    """Floating-point trouble, said with the author's names."""
    kind, graph.alarm = graph.alarm, ""
    assert node.op is not None
    given = ", ".join(f"{v.label} = {shortened(np.array2string(np.asarray(v.value), precision=4, threshold=6))}" if isinstance(v, Node) else f"{v}"
                      for v in node.inputs)
    told = {"divide by zero": "is infinite: a division by zero, or the logarithm of 0", "overflow": "is too large for float64",
            "invalid value": "is not a number (nan)"}.get(kind, kind)
    message = f"{node.label} {told}. {node.op.name} of {given}{quoted_line(frame)}. Every gradient through it is affected."
    warnings.warn_explicit(message, NumericalWarning, frame.f_code.co_filename if frame else "", frame.f_lineno if frame else 0)
