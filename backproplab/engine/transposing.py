"""Forward mode of one operation, out of its backward rule.

A rule is linear in the incoming gradient g, so the tangent of a node is the gradient by g of the sum over its inputs of
<rule_i(g), tangent_i>. That sum is recorded and printed once for each operation, set of constants and shapes; afterwards a tangent
is one call of the printed function.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .node import Node
from .reading import fingerprint
from .tracing import Slot, record

MOST = 5000
_made: dict[Any, Callable[..., Any] | None] = {}


def tangent(node: Node, moving: list[int], directions: list[Any]) -> Any:
    """How a node changes when its inputs at the positions `moving` change along `directions`; of its shape."""
    values = [v.value if v.__class__ is Node else v for v in node.inputs]
    constants = node.constants or {}
    literals = tuple([v if v.__class__ is not Node else None for v in node.inputs]) if node.op.asks_literals else ()    # type: ignore[union-attr]
    key = (node.op, tuple(moving), np.shape(node.value), tuple([(np.shape(v), np.asarray(v).dtype.kind) for v in values]),
           fingerprint(literals), *map(fingerprint, constants.values()))
    if key not in _made:
        if len(_made) > MOST:
            _made.clear()
        _made[key] = transposed(node, moving, values, directions)
    function = _made[key]
    if function is None:
        return np.zeros(node.shape)[()]
    found = function(np.zeros(node.shape)[()], node.value, *values, *directions)[1]["g"]
    return found if np.shape(found) == node.shape else np.broadcast_to(found, node.shape)


def transposed(node: Node, moving: list[int], values: list[Any], directions: list[Any]) -> Callable[..., Any] | None:
    """The printed function (g, out, *values, *directions) -> (None, {"g": tangent}); None where the rule does not depend on g."""
    from .program import program
    from .walk import unbroadcast
    op, constants, count = node.op, node.constants or {}, len(values)
    assert op is not None
    literal = [v.__class__ is not Node and op.asks_literals for v in node.inputs]

    def pairing(g: Any, out: Any, *rest: Any) -> Any:
        xs = [v if plain else r for v, r, plain in zip(values, rest[:count], literal, strict=True)]
        total: Any = 0.0
        for i, direction in zip(moving, rest[count:], strict=True):
            term = op.gradient(i)(g, out, *xs, **constants)
            if term is not None:
                total = total + np.sum(unbroadcast(term, np.shape(values[i])) * direction)
        return total * 1.0
    inputs = {"g": np.zeros(node.shape), "out": node.value, **{f"x{k}": v for k, v in enumerate(values)},
              **{f"t{k}": np.zeros(np.shape(d)) for k, d in enumerate(directions)}}
    graph = record(pairing, tuple([Slot(n) for n in inputs]), {}, inputs, {"g"}, quiet=True)
    if not graph.output.active:
        return None
    return program(graph, ["g"], value=False)
