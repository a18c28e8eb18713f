"""Backward and forward mode over a recorded graph, each a single loop. The walk knows no operation.

Reverse mode is Griewank and Walther's adjoint accumulation: every node is visited once, in reverse order, when all its consumers
have sent back upstream times local; their contributions are added in the author's order of use. Forward mode needs no rules of its
own: a backward rule is linear in the incoming gradient, so its transpose is the derivative of <rule(g), tangent> by g.
"""
from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from .errors import NotScalarError, NumericalWarning, ShapeError
from .graph import Graph, frozen
from .tracing import Node, Slot, record


class Term(NamedTuple):
    """What one use of a node sends back to it."""

    consumer: int                                # index of the node that used it
    position: int                                # as which of the consumer's inputs
    value: Any                                   # summed over broadcast axes: the shape of the node


def summed_axes(big: tuple[int, ...], small: tuple[int, ...]) -> list[tuple[tuple[int, ...], bool]]:
    """[(axes, keepdims)] of the sums that bring shape `big`, which broadcasting made, back to shape `small`."""
    if big == small:
        return []
    lead = len(big) - len(small)
    kept = tuple(k for k, n in enumerate(small) if n == 1 and big[lead + k] != 1)
    return ([(tuple(range(lead)), False)] if lead else []) + ([(kept, True)] if kept else [])


def unbroadcast(term: Any, shape: tuple[int, ...]) -> Any:
    """Sum `term` over the axes that broadcasting repeated, so that it has `shape` again."""
    for axes, keep in summed_axes(np.shape(term), shape):
        term = np.sum(term, axis=axes[0] if len(axes) == 1 else axes, keepdims=keep)
    return term


def seed_of(graph: Graph, cotangent: Any = None) -> Any:
    """The gradient at the output: 1 for a number, the given cotangent otherwise.

    Raises
    ------
    NotScalarError
        When the output is an array and no cotangent is given.
    ShapeError
        When the cotangent has another shape than the output.
    """
    out = graph.output
    if cotangent is None:
        if out.shape != ():
            raise NotScalarError(f"taking the gradient of {out.label}", f"{out.label} is an array of shape {out.shape}",
                                 "A gradient belongs to one number: return a scalar, for example np.sum(...) or np.mean(...), or say how much "
                                 f"each entry counts with cotangent=, an array of shape {out.shape}.")
        return np.float64(1.0)
    seed = frozen(cotangent, "the cotangent")
    if np.shape(seed) != out.shape:
        raise ShapeError(f"starting the backward pass at {out.label}", f"cotangent has shape {np.shape(seed)}, {out.label} has shape {out.shape}",
                         "The cotangent holds one number for each entry of the output: give it the output's shape.")
    return np.asarray(seed, np.float64)[()]


def backward(graph: Graph, cotangent: Any = None, terms: dict[int, list[Term]] | None = None) -> dict[int, Any]:
    """Gradients of the output by node index, for the nodes that it depends on.

    Parameters
    ----------
    graph : Graph
    cotangent : array of the output's shape, optional
    terms : dict, optional
        Filled with every node's contributions, in the author's order of use.

    Returns
    -------
    dict of int to float64 or ndarray
        Each of its node's shape.
    """
    gradients: dict[int, Any] = {}
    if not graph.output.active:
        return gradients
    waiting: dict[int, list[Term]] = {}
    seed = seed_of(graph, cotangent)
    last = graph.output.index
    with np.errstate(divide="call", over="call", invalid="call", under="ignore", call=graph.note_error):
        for index in range(last, -1, -1):
            node = graph.nodes[index]
            if index == last:
                g = seed
                if terms is not None:
                    terms[index] = []
            else:
                found = waiting.pop(index, None)
                if found is None:
                    continue
                found.reverse()                          # consumers were visited last to first
                g = found[0].value
                for t in found[1:]:
                    g = g + t.value
                if terms is not None:
                    terms[index] = found
            gradients[index] = g
            op = node.op
            if op is None or op.backward is None:
                continue
            values = [v.value if v.__class__ is Node else v for v in node.inputs]
            for i in range(len(values) - 1, -1, -1):
                x = node.inputs[i]
                if x.__class__ is Node and x.active:
                    term = op.gradient(i)(g, node.value, *values, **(node.constants or {}))
                    if np.shape(term) != np.shape(x.value):
                        term = unbroadcast(term, np.shape(x.value))
                    if graph.alarm:
                        warn_backward(graph, node, x)
                    known = waiting.get(x.index)
                    if known is None:
                        waiting[x.index] = [Term(index, i, term)]
                    else:
                        known.append(Term(index, i, term))
    return gradients


def warn_backward(graph: Graph, node: Node, x: Node) -> None:
    kind, graph.alarm = graph.alarm, ""
    value = np.array2string(np.asarray(x.value), precision=4, threshold=6)
    warnings.warn(f"the gradient of {x.label} through {node.label} met {kind.replace('value', 'value (nan)')}: the derivative of "
                  f"{node.op.name if node.op else 'it'} does not exist at {x.label} = {value}", NumericalWarning, stacklevel=4)


def tangents(graph: Graph, directions: dict[str, Any]) -> dict[int, Any]:
    """Forward mode: how every node changes when the inputs change along `directions`.

    Returns
    -------
    dict of int to array
        By node index; a node that does not change is missing.
    """
    known: dict[int, Any] = {graph.inputs[n].index: np.asarray(t, float) for n, t in directions.items()}
    for node in graph.nodes:
        op = node.op
        if op is None or op.backward is None:
            continue
        moving = [i for i, x in enumerate(node.inputs) if x.__class__ is Node and x.index in known]
        if not moving:
            continue
        known[node.index] = transposed(node, moving, known)
    return known


def transposed(node: Node, moving: list[int], known: dict[int, Any]) -> Any:
    """The tangent of a node: the gradient by g of the sum over its inputs of <rule_i(g), tangent_i>."""
    op = node.op
    assert op is not None
    values = [v.value if v.__class__ is Node else v for v in node.inputs]

    def pairing(g: Any) -> Any:
        total: Any = 0.0
        for i in moving:
            term = op.gradient(i)(g, node.value, *values, **(node.constants or {}))
            total = total + np.sum(unbroadcast(term, np.shape(values[i])) * known[node.inputs[i].index])
        return total
    inner = record(pairing, (Slot("g"),), {}, {"g": np.zeros(node.shape)})
    return backward(inner).get(inner.inputs["g"].index, np.zeros(node.shape))
