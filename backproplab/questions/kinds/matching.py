"""Whether two directed graphs are one but for the names of their nodes, within a bound on time.

Colours are refined by those of the neighbours (B. Weisfeiler and A. Leman 1968); where nodes stay alike, one of them is singled out and the
refining goes on (the method of B. McKay's nauty). A search without a bound took minutes on a program of eleven lines that could be swapped.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

Edge = tuple[str, str]
MOST_TRIES = 300                           # nodes that are singled out before the two are taken for different


def one_graph(mine: Sequence[Edge], theirs: Sequence[Edge]) -> bool:
    """Whether names in `theirs` can be changed so that it is `mine`; a name that both have keeps its place.

    Parameters
    ----------
    mine, theirs : sequence of (str, str)
        Edges.

    Returns
    -------
    bool
    """
    graphs = [_Sides(mine), _Sides(theirs)]
    both = graphs[0].nodes & graphs[1].nodes
    if len(set(mine)) != len(set(theirs)) or len(graphs[0].nodes) != len(graphs[1].nodes):
        return False
    colours = [{n: n if n in both else "" for n in graph.nodes} for graph in graphs]
    return _alike(graphs, colours, [MOST_TRIES])


class _Sides:
    """A graph as the neighbours of each node, before it and after it."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self.edges = set(edges)
        self.nodes = {n for edge in edges for n in edge}
        self.before: dict[str, list[str]] = {n: [] for n in self.nodes}
        self.after: dict[str, list[str]] = {n: [] for n in self.nodes}
        for a, b in self.edges:
            self.before[b].append(a)
            self.after[a].append(b)


def _alike(graphs: Sequence[_Sides], given: Sequence[Mapping[str, Hashable]], tries: list[int]) -> bool:
    mine, theirs = _refined(graphs, given)
    counts = Counter(mine.values())
    if counts != Counter(theirs.values()):
        return False
    several = min((colour for colour, count in counts.items() if count > 1), default=None)
    if several is None:
        place = {colour: n for n, colour in theirs.items()}
        return {(place[mine[a]], place[mine[b]]) for a, b in graphs[0].edges} == graphs[1].edges
    one = min(n for n, colour in mine.items() if colour == several)
    for other in sorted(n for n, colour in theirs.items() if colour == several):
        tries[0] -= 1
        if tries[0] < 0:
            return False
        if _alike(graphs, [mine | {one: -1}, theirs | {other: -1}], tries):
            return True
    return False


def _refined(graphs: Sequence[_Sides], given: Sequence[Mapping[str, Hashable]]) -> list[dict[str, int]]:
    """Colours, the same numbers in both, in which nodes of one colour have neighbours of the same colours."""
    colours: Sequence[Mapping[str, Any]] = given
    classes = 0
    while True:
        seen = [{n: (repr(colour[n]), sorted(repr(colour[b]) for b in graph.before[n]), sorted(repr(colour[a]) for a in graph.after[n]))
                 for n in graph.nodes} for graph, colour in zip(graphs, colours, strict=True)]
        numbers = {text: k for k, text in enumerate(sorted({repr(s) for of in seen for s in of.values()}))}
        colours = [{n: numbers[repr(s)] for n, s in of.items()} for of in seen]
        if len(numbers) == classes:
            return [dict(colour) for colour in colours]
        classes = len(numbers)
