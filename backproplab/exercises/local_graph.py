"""A computation graph with nothing in it but who uses whom and the local derivatives: what the textbook algorithms walk over."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.errors import ShapeError
from ..engine.run import as_run


class LocalGraph:
    """A graph of numbers, for backward passes of your own.

    Attributes
    ----------
    order : tuple of str
        All variables in topological order: inputs first, the output last.
    inputs : tuple of str
    output : str
    parents : mapping of str to tuple of str
        The variables that one is computed from; Pa(u) in textbooks.
    children : mapping of str to tuple of str
        The variables that use one.
    local : mapping of (str, str) to float
        ``local[u, v]`` is the local derivative du/dv, for every v among the parents of u.
    """

    def __init__(self, order: tuple[str, ...], inputs: tuple[str, ...], parents: Mapping[str, tuple[str, ...]],
                 children: Mapping[str, tuple[str, ...]], local: Mapping[tuple[str, str], float]) -> None:
        self.order, self.inputs, self.output = order, inputs, order[-1]
        self.parents, self.children, self.local = Watched(parents), Watched(children), Watched(local)

    def __repr__(self) -> str:
        lines = [f"{u} <- {', '.join(f'{v} ({self.local.quietly((u, v)):.6g})' for v in self.parents.quietly(u))}" for u in self.order
                 if self.parents.quietly(u)]
        return "\n".join([f"inputs {', '.join(self.inputs)}; output {self.output}", *lines])


class Watched(Mapping[Any, Any]):
    """A mapping that counts how often it is looked into; it cannot be changed."""

    def __init__(self, given: Mapping[Any, Any]) -> None:
        self._given, self.looks = dict(given), 0

    def __getitem__(self, key: Any) -> Any:
        self.looks += 1
        return self._given[key]

    def quietly(self, key: Any) -> Any:
        return self._given[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __contains__(self, key: object) -> bool:
        return key in self._given

    def __repr__(self) -> str:
        return repr(self._given)


def local_graph(f: Any, /, *args: Any, **named: Any) -> LocalGraph:
    """The graph of a run, or of a function at its inputs, with its local derivatives.

    Parameters
    ----------
    f : Run or callable
        Of numbers: a local derivative of arrays is a matrix, and has its own lessons.
    *args, **named
        The inputs of a function, as for `trace`.

    Returns
    -------
    LocalGraph
        Of the variables that have a gradient.

    Raises
    ------
    ShapeError
        When a variable is an array.

    Examples
    --------
    >>> import backproplab as bl
    >>> graph = local_graph(bl.trace(lambda x, z: np.exp(x * z), x=0.0, z=3.0).unfolded())
    >>> graph
    inputs x, z; output y
    t1 <- x (3), z (0)
    y <- t1 (1)
    """
    run = as_run(f, args, named)
    kept = {n: v for n, v in run.variables.items() if v.gradient is not None}
    large = [n for n, v in kept.items() if np.ndim(v.value)]
    if large:
        raise ShapeError(f"making the local graph of {run.name}", f"{large[0]} is an array of shape {np.shape(kept[large[0]].value)}",
                         "It holds one number for each edge: give a function of numbers.")
    local: dict[tuple[str, str], float] = {}
    children: dict[str, tuple[str, ...]] = dict.fromkeys(kept, ())
    for name, v in kept.items():
        for use in v.uses:
            if use.consumer in kept:
                local[use.consumer, name] = local.get((use.consumer, name), 0.0) + float(use.local)
                children[name] = tuple(dict.fromkeys((*children[name], use.consumer)))
    parents = {u: tuple(v for v in dict.fromkeys(run.variables[u].inputs) if (u, v) in local) for u in kept}
    return LocalGraph(tuple(kept), tuple(n for n in run.inputs if n in kept), parents, children, local)
