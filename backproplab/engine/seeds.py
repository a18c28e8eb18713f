"""Where a backward pass starts: the gradient at the output."""
from __future__ import annotations

from typing import Any

import numpy as np

from .errors import InputError, NotScalarError, ShapeError
from .graph import Graph
from .node import Node
from .values import frozen, shortened


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
            label = graph.label(out)
            raise NotScalarError(f"taking the gradient of {label}", f"{label} is an array of shape {out.shape}",
                                 "A gradient belongs to one number: return a scalar, for example np.sum(...) or np.mean(...), or say in bl.trace "
                                 f"how much each entry counts, with cotangent=, an array of shape {out.shape}.")
        return np.float64(1.0)
    return cotangent_of(out, cotangent, graph.label(out))


def cotangent_of(node: Node, cotangent: Any, label: str) -> Any:
    """One number for each entry of a node.

    Raises
    ------
    InputError, ShapeError
    """
    if isinstance(cotangent, dict) or cotangent is None:
        raise InputError(f"starting the backward pass at {label}", f"cotangent= is {shortened(cotangent)}",
                         f"{label} is one value of shape {node.shape}: give an array of that shape.")
    seed = frozen(cotangent, "the cotangent")
    if np.shape(seed) != node.shape:
        raise ShapeError(f"starting the backward pass at {label}", f"the cotangent has shape {np.shape(seed)}, {label} has shape {node.shape}",
                         "The cotangent holds one number for each entry of the output: give it the output's shape.")
    return np.asarray(seed, np.float64)[()]
