"""Backward and forward mode over a recorded graph, each a single loop. The walk knows no operation.

Reverse mode is Griewank and Walther's adjoint accumulation: every node is visited once, in reverse order, when all its consumers
have sent back upstream times local; their contributions are added in the author's order of use. Forward mode needs no rules of its
own: a backward rule is linear in the incoming gradient g, so the tangent of a node is the gradient of <rule(g), tangents> by g.
"""
from __future__ import annotations

import contextlib
from typing import Any, NamedTuple

import numpy as np

from .alarms import gradient_warning
from .errors import RuleError
from .graph import Graph
from .node import Node


class Term(NamedTuple):
    """What one use of a node sends back to it."""

    consumer: Node                               # the node that used it
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


def contribution(node: Node, i: int, g: Any) -> Any:
    """What a node sends back to its i-th input when its own gradient is g: upstream times local, in the input's shape.

    None where its rule has no gradient for that input.

    Raises
    ------
    RuleError
        When the rule gives another shape.
    """
    op, x = node.op, node.inputs[i]
    values = [v.value if v.__class__ is Node else v for v in node.inputs]
    rule = op.gradient(i)                                                                # type: ignore[union-attr]
    term = rule(g, node.value, *values, **node.constants) if node.constants else rule(g, node.value, *values)
    if term.__class__ is np.float64 and values[i].__class__ is np.float64:               # two numbers: nothing to compare
        return term
    shape = np.shape(x.value if x.__class__ is Node else x)
    if term is not None and np.shape(term) != shape:
        with contextlib.suppress(IndexError):
            term = unbroadcast(term, shape)
        if np.shape(term) != shape:
            raise RuleError(f"the backward rule of {op.name}", f"its gradient for an input of shape {shape} has shape {np.shape(term)}",    # type: ignore[union-attr]
                            "A gradient has the shape of its variable: correct the rule.")
    return np.float64(term) if shape == () and term is not None else term


def backward(graph: Graph, seed: Any = 1.0, terms: dict[Node, list[Term]] | None = None) -> dict[Node, Any]:
    """Gradients of the output, for the nodes that it depends on.

    Parameters
    ----------
    graph : Graph
    seed : number or array of the output's shape, or dict of Node to array
        The gradient at the output; or at each of several outputs.
    terms : dict, optional
        Filled with every node's contributions, in the author's order of use.

    Returns
    -------
    dict of Node to float64 or ndarray
        Each of its node's shape.
    """
    start = {n: s for n, s in (seed if isinstance(seed, dict) else {graph.output: seed}).items() if n.active}
    gradients: dict[Node, Any] = {}
    waiting: dict[Node, list[Term]] = {}
    with np.errstate(divide="call", over="call", invalid="call", under="ignore", call=graph.note_error):
        for node in reversed(graph.nodes):
            found = waiting.pop(node, None)
            g = start.get(node)
            if found is None and g is None:
                continue
            for t in reversed(found or ()):                  # consumers were visited last to first
                g = t.value if g is None else g + t.value
            gradients[node] = g
            if terms is not None:
                terms[node] = (found or [])[::-1]
            if node.op is None or node.op.backward is None:
                continue
            for i in range(len(node.inputs) - 1, -1, -1):
                x = node.inputs[i]
                if x.__class__ is Node and x.active:
                    term = contribution(node, i, g)
                    if term is None:
                        continue
                    if graph.alarm:
                        gradient_warning(graph, node, x, g, term)
                    known = waiting.get(x)
                    if known is None:
                        waiting[x] = [Term(node, i, term)]
                    else:
                        known.append(Term(node, i, term))
    return gradients


def tangents(graph: Graph, directions: dict[str, Any]) -> dict[Node, Any]:
    """Forward mode: how every node changes when the inputs change along `directions`.

    Returns
    -------
    dict of Node to array
        A node that does not change is missing.
    """
    from .transposing import tangent
    known: dict[Node, Any] = {graph.inputs[n]: np.asarray(t, float)[()] for n, t in directions.items()}
    for node in graph.nodes:
        if node.op is None or node.op.backward is None:
            continue
        moving = [i for i, x in enumerate(node.inputs) if x.__class__ is Node and x in known]
        if moving:
            known[node] = tangent(node, moving, [known[node.inputs[i]] for i in moving])
    return known
