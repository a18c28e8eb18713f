"""Why sharing matters: the work of backpropagation beside that of the chain rule written out path by path.

The derivative of y by x is the sum over all paths from x to y of the products of local derivatives along them. A ladder of n
diamonds has 2**n paths and only 4n edges; backpropagation visits every edge once.
"""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .values import shown

if TYPE_CHECKING:
    from .run import Run


class Work(NamedTuple):
    """A count of local products, upstream times local.

    Attributes
    ----------
    backprop : int
        Of the backward pass: one for every edge along which a gradient flows.
    recursion : int
        Of the recursive chain rule that keeps no results and is asked for every input: one for every edge, every time it is walked.
    paths : mapping of str to int
        Paths from each variable to the output.
    """

    backprop: int
    recursion: int
    paths: Mapping[str, int]

    def __repr__(self) -> str:
        return (f"backpropagation: {self.backprop} products, one for each edge\n"
                f"recursion over paths: {shown(self.recursion) if self.recursion < 10**6 else f'{float(self.recursion):.3g}'} products")


def count_work(run: Run) -> Work:
    """Count the products of both ways to a run's gradients, without doing the slow one.

    Returns
    -------
    Work
        Exact whole numbers, however large.
    """
    paths: dict[str, int] = {run.output: 1}
    walked: dict[str, int] = {run.output: 0}                             # products that the recursion does, asked for this variable
    edges = 0
    for v in reversed(list(run.variables.values())):
        if v.gradient is None or v.name == run.output:
            continue
        edges += len(v.uses)
        paths[v.name] = sum(paths[c.consumer] for c in v.uses)
        walked[v.name] = sum(1 + walked[c.consumer] for c in v.uses)
    asked = [n for n in run.inputs if n in walked]
    return Work(edges, sum(walked[n] for n in asked), MappingProxyType({n: paths[n] for n in run.variables if n in paths}))
