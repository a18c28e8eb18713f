"""Forward mode on a run: directions checked, and the pass as Steps."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .calling import BoundCall
from .containers import flattened, is_container
from .errors import InputError, listed
from .expressions import Call, Expression, Symbol, simplify, total
from .graph import Graph
from .steps import Scope, Step
from .values import frozen, shortened

if TYPE_CHECKING:
    from .run import Run


def flat_directions(call: BoundCall, directions: Any) -> dict[str, Any]:
    """Directions by leaf: a dict, list or dataclass of parameters moves along one of the same structure."""
    found: dict[str, Any] = {}
    for name, d in directions.items():
        if name in call.structure and is_container(d):
            flattened(name, d, found)
        else:
            found[name] = d
    return found


def checked_directions(graph: Graph, directions: Mapping[str, Any]) -> dict[str, Any]:
    """The directions as arrays.

    Raises
    ------
    InputError
        For a direction that names no input, or has another shape than it.
    """
    found: dict[str, Any] = {}
    for name, d in directions.items():
        if name not in graph.inputs:
            raise InputError(f"moving along {name!r}", f"the inputs are {listed(graph.inputs)}", "Give directions for inputs, by name.")
        value = frozen(d, f"the direction of {name}")
        if np.shape(value) != graph.inputs[name].shape:
            raise InputError(f"moving {name} along {shortened(d)}",
                             f"the direction has shape {np.shape(value)}, {name} has shape {graph.inputs[name].shape}",
                             "A direction holds one number for each entry of its input.")
        found[name] = value
    return found


def forward_steps(run: Run, directions: Mapping[str, Any]) -> tuple[Step, ...]:
    """One Step of phase "tangent" for each variable, in the order of computation.

    A step's expression is the sum of local derivative times tangent over the inputs, t_x standing for the tangent of x; None where
    an input comes in through an operator such as a matrix product.
    """
    moved = run.tangents(**directions)
    symbol = {name: tangent_symbol(name, run) for name in run.variables}
    scope = Scope(lambda: {**run.scope, **{symbol[n]: t for n, t in moved.items() if n in symbol}})
    reads: dict[str, list[tuple[str, Any]]] = {}
    for v in run.variables.values():
        for c in v.uses:
            reads.setdefault(c.consumer, []).append((v.name, c))
    steps = []
    for v in run.variables.values():
        if v.name not in moved:
            continue
        written: Expression | None = None
        locals_ = [(n, c.local_expression) for n, c in reads.get(v.name, ())]
        if locals_ and all(e is not None for _, e in locals_):
            written = total([simplify(Call("*", (e, Symbol(symbol[n])))) for n, e in locals_ if e is not None])
        steps.append(Step("tangent", v, moved[v.name], scope, written=written))
    return tuple(steps)


def tangent_symbol(name: str, run: Run) -> str:
    made = f"t_{name}"
    while made in run.variables:
        made += "_"
    return made
