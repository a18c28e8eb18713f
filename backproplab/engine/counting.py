"""Why sharing matters: the work of backpropagation beside that of the chain rule written out path by path.

The derivative of y by x is the sum over all paths from x to y of the products of local derivatives along them. A ladder of n
diamonds has 2**n paths and only 4n edges; backpropagation visits every edge once. x * x has two edges to x.
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
    output = run.graph.output
    paths = {output: 1}
    walked = {output: 0}                                                 # products that the recursion does, asked for this node
    edges = 0
    for node in reversed(run.graph.nodes):
        terms = run._terms.get(node, ())
        if node is not output:
            edges += len(terms)
            paths[node] = sum([paths[t.consumer] for t in terms])
            walked[node] = sum([1 + walked[t.consumer] for t in terms])
    asked = [n for n in run.graph.inputs.values() if n.active]
    named = {name: paths[n] for n, name in run.graph.names.items() if n.active}
    return Work(edges, sum(walked[n] for n in asked), MappingProxyType(named))
