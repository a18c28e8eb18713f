"""The graph of one run: its nodes in the order they were computed, its inputs, captured arrays, output, and branches taken.

Nodes point only at their inputs, and the graph is the list: no node holds its graph, so that reference counting alone frees a graph
of a million nodes. What tells whose a node is, is its `home`, an empty object that all nodes of a graph share.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .node import Node


class Branch(NamedTuple):
    """The author's code looked at a value to decide: the graph holds for this answer only."""

    line: int
    node: Node
    answer: bool


class Home:
    """What the nodes of one graph have in common."""

    __slots__ = ()


class Graph:
    """Nodes in topological order.

    Attributes
    ----------
    nodes : list of Node
    inputs : dict of str to Node
    constants : list of Node
        Arrays that the function used without being given them.
    output : Node
    outputs : Node, or a tuple, list or dict of them
        As the function returned them.
    branches : list of Branch
    outer : dict of Node to Node
        A node of an enclosing trace -> the input that stands for it here.
    home : Home
        What all its nodes share, and nodes of other graphs do not.
    """

    def __init__(self, enclosing: Graph | None = None) -> None:
        self.enclosing = enclosing                                      # the graph that was being recorded when this one began
        self.home = Home()
        self.nodes: list[Node] = []
        self.inputs: dict[str, Node] = {}
        self.constants: list[Node] = []
        self.output: Node
        self.outputs: Any = None
        self.branches: list[Branch] = []
        self.outer: dict[Node, Node] = {}
        self.deep: dict[Node, int] = {}                                 # a node -> depth of the helper that computed it
        self.expand: Callable[[Any, int], bool] | None = None           # which operations are traced through their forward function
        self.counted = 0                                                # operations that the author's function has asked for
        self.linear = False                                             # was a derivative taken inside that came out as a plain number?
        self.quiet = False                                              # say nothing of values that are not finite
        self.warned = False                                             # has a value been named that is not finite?
        self.alarm = ""                                                 # what floating-point trouble NumPy last reported
        self.held: dict[int, tuple[Any, Node]] = {}                     # id -> (captured array, its node)

    def note_error(self, kind: str, flag: int) -> None:
        """NumPy's floating-point error handler while this graph is being recorded."""
        if not self.quiet:
            self.alarm = kind

    def finish(self, output: Node) -> None:
        """No more is recorded: the working memory goes."""
        self.output = output
        self.deep, self.held, self.enclosing, self.expand = {}, {}, None, None

    @functools.cached_property
    def names(self) -> dict[Node, str]:
        """The unique name of every node that has one, in the order of computation: s, s_1, s_2 for a variable that is bound again.

        Inputs own their plain name. An output without a name is called y, or out where y is taken.
        """
        found: dict[Node, str] = {}
        taken = dict.fromkeys(self.inputs, 1)
        inputs = {node: name for name, node in self.inputs.items()}
        for node in self.nodes:
            if node in inputs:
                found[node] = inputs[node]
            elif node.name is not None:
                found[node] = unique(node.name, taken)
        if self.output not in found:
            found[self.output] = unique("out" if "y" in taken else "y", taken)
        return found

    def label(self, node: Node) -> str:
        """How a message calls a node once all names are known."""
        return self.names.get(node) or node.label

    def positions(self) -> dict[Node, int]:
        """Where each node stands in the order of computation."""
        return {node: k for k, node in enumerate(self.nodes)}


current: ContextVar[Graph | None] = ContextVar("current", default=None)
"""The graph that is being recorded: one for each thread, and none outside a trace."""


def unique(name: str, taken: dict[str, int]) -> str:
    """name, or name_1, name_2, ... ; `taken` counts, so that a loop of n bindings costs n steps."""
    count = taken.get(name)
    if count is None:
        taken[name] = 1
        return name
    while f"{name}_{count}" in taken:
        count += 1
    taken[name] = count + 1
    taken[f"{name}_{count}"] = 1
    return f"{name}_{count}"
