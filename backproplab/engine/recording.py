"""How an operation becomes a node of the graph: computed at once, named after the author's variable, appended.

`apply` is called for every operation of the author's code (by `operators`, and by `Operation` itself). With no traced value among its
inputs it just computes.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from . import naming
from .alarms import caution, numerical_warning
from .graph import Graph, current
from .mismatch import refusal, shape_error, traced_constant
from .node import Node
from .refusals import refused
from .rules import Operation
from .values import frozen
from .wording import written


def apply(op: Operation, inputs: tuple[Any, ...], constants: dict[str, Any], operator: bool = False) -> Any:
    """Compute an operation; when an input is traced, record it.

    Parameters
    ----------
    op : Operation
    inputs : tuple of Node, number or array
    constants : dict
    operator : bool
        Was it written as an operator? Then it may be running inside a call, as in sum(...).

    Returns
    -------
    Node, or the value where nothing is traced

    Raises
    ------
    ShapeError, TraceError
        When it cannot be computed.
    """
    for v in inputs:
        if v.__class__ is Node:
            break
    else:
        return op.checked(*inputs, **constants)
    graph = current.get()
    for v in constants.values():
        if v.__class__ is Node:
            raise traced_constant(op, constants)
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
    except (ValueError, IndexError, TypeError, OverflowError) as error:
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
    """What stands for v among a node's inputs: a number stays a number, an array becomes a node of the graph.

    Raises
    ------
    TraceError
        For a node whose trace has ended.
    InputError
        For what is not a number.
    """
    if v.__class__ is Node:
        return v if v.home is graph.home else from_outside(graph, v)
    if v.__class__ in (float, int, bool):
        return v
    if isinstance(v, np.generic):
        return v.item()
    if isinstance(v, np.ndarray) and v.ndim:
        return captured(graph, v, frame)
    value = frozen(v, "a value that the function uses", frame)
    return captured(graph, value, frame) if np.ndim(value) else value.item()


def from_outside(graph: Graph, v: Node) -> Node:
    """The input of this graph that stands for a node of an enclosing trace."""
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


def captured(graph: Graph, array: Any, frame: Any) -> Node:
    """The node of an array that the function uses without being given it, by the name its closure has for it."""
    held = graph.held.get(id(array))
    if held is not None and np.array_equal(held[1].value, array, equal_nan=held[1].value.dtype.kind == "f"):
        return held[1]                                                  # the same array, and nobody has written into it since
    value = frozen(array, "an array that the function uses", frame)
    node = Node(None, (), None, value, naming.Place(naming.known_as(frame, array) or "constant", 0), graph.home, False)
    graph.held[id(array)] = (array, node)
    graph.constants.append(node)
    graph.nodes.append(node)
    return node
