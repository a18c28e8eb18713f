"""One variable used by another: what flows back along the use, rightly or with a mistake in it.

A `Link` sends an upstream gradient through the operations of the consumer's box back to the target. A `Slip` is a mistake on the way: it
replaces a rule, or says what is wrong with upstream times local, and notes where it was made.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..engine.tracing import Node
from ..engine.walk import unbroadcast
from .misconceptions import Mistake


@dataclass(eq=False, slots=True)
class Box:
    """A variable of the author's: its node, and the unnamed operations folded into it."""

    name: str
    head: Node
    inside: list[Node]
    links: list[Link] = field(default_factory=list)                 # its uses, in the author's order

    @property
    def value(self) -> Any:
        return self.head.value


@dataclass(eq=False, slots=True)
class Slip:
    """A mistake while a pass is replayed: what is wrong, where, and which of its several forms; it notes where it was made.

    Attributes
    ----------
    mistakes : tuple of Mistake
        The forms for the several operations.
    sites : set of Box, or None
        The variables at which it is made; None: everywhere.
    link : Link or None
        Made on this link only.
    choice : int
        Which of the wrong numbers, where a mistake has several.
    made : list of Box
    choices : int
        How many forms were met.
    """

    mistakes: tuple[Mistake, ...]
    sites: set[Box] | None = None
    link: Link | None = None
    choice: int = 0
    made: list[Box] = field(default_factory=list)
    choices: int = 1

    @property
    def kind(self) -> str:
        return self.mistakes[0].kind

    def rule_for(self, node: Node, slot: int) -> Any:
        """The wrong rule of an operation for one of its inputs, or None."""
        for m in self.mistakes:
            if m.kind == "rule" and node.op is not None and m.operation == node.op.name and m.slot in (None, slot):
                return m.wrong
        return None

    def chosen(self, wrong: Any) -> Any:
        if isinstance(wrong, list):
            self.choices = max(self.choices, len(wrong))
            return wrong[self.choice] if self.choice < len(wrong) else None
        return wrong


@dataclass(frozen=True, eq=False, slots=True)
class Hop:
    """One primitive step of a link: the gradient of `node` by its input `slot`, for the target or for another node of the box."""

    node: Node
    slot: int
    destination: Node | None                                         # None: it arrives at the target
    values: tuple[Any, ...]
    shape: tuple[int, ...]

    def send(self, g: Any, rule: Any = None, summed: bool = True) -> Any:
        node = self.node
        assert node.op is not None
        term = (rule or node.op.gradient(self.slot))(g, node.value, *self.values, **(node.constants or {}))
        if isinstance(term, list) or term is None or not summed or np.shape(term) == self.shape:
            return term
        return unbroadcast(term, self.shape) if rule is None or np.ndim(term) >= len(self.shape) else term


class Link:
    """One variable used by another.

    Attributes
    ----------
    consumer : Box
    target : Box
    hops : list of Hop
        From the consumer's result back to the target, in the order of the walk.
    elementwise : bool
        Is every entry sent back one entry of the upstream times a number?
    """

    __slots__ = ("consumer", "target", "hops", "elementwise")

    def __init__(self, consumer: Box, target: Box, hops: list[Hop], elementwise: bool) -> None:
        self.consumer, self.target, self.hops, self.elementwise = consumer, target, hops, elementwise

    def terms(self, g: Any, slip: Slip | None = None, summed: bool = True) -> list[Any]:
        """What arrives at the target for an upstream g: one term for each time that the consumer names it."""
        if len(self.hops) == 1:                                       # an operation in a box of its own: nearly every link
            return [self._hop(self.hops[0], g, slip, summed)]
        waiting: dict[Node, Any] = {self.consumer.head: g}
        found = []
        for hop in self.hops:
            term = self._hop(hop, waiting[hop.node], slip, summed or hop.destination is not None)
            if hop.destination is None:
                found.append(term)
            else:
                waiting[hop.destination] = waiting[hop.destination] + term if hop.destination in waiting else term
        return found[::-1]

    def _hop(self, hop: Hop, g: Any, slip: Slip | None, summed: bool) -> Any:
        wrong = slip.rule_for(hop.node, hop.slot) if slip is not None else None
        if wrong is not None and slip is not None:
            term = slip.chosen(hop.send(g, wrong, summed))
            if term is not None:
                slip.made.append(self.target)
                return term
        return hop.send(g, None, summed)

    def send(self, g: Any) -> Any:
        """The whole contribution for an upstream g."""
        return added(self.terms(g))


class Path:
    """What a mistake in using upstream and local may look at.

    Attributes
    ----------
    g : upstream, as it is in this replay
    ones : 1, in the upstream's shape
    value : the consumer's value
    target : the value of the variable that is sent to
    beyond : the gradients of the consumer's own consumers, where they have its shape
    elementwise : bool
    """

    __slots__ = ("link", "g", "beyond")

    def __init__(self, link: Link, g: Any, beyond: list[Any]) -> None:
        self.link, self.g, self.beyond = link, g, beyond

    value = property(lambda p: p.link.consumer.value)
    target = property(lambda p: p.link.target.value)
    elementwise = property(lambda p: p.link.elementwise)
    ones = property(lambda p: np.ones(np.shape(p.value))[()])
    raw = property(lambda p: added(p.link.terms(p.g, summed=False)))

    def send(self, g: Any) -> Any:
        """What this link sends back for another upstream."""
        return self.link.send(g)


def links_of(box: Box, by_head: Mapping[Node, Box]) -> list[tuple[Box, list[Hop]]]:
    """[(variable used by this box, the hops that lead to it)]."""
    inside = set(box.inside)
    active = [(n, i, x) for n in reversed(box.inside) if n.op is not None and n.op.backward is not None
              for i, x in reversed(list(enumerate(n.inputs))) if isinstance(x, Node) and x.active]
    found = []
    for head in dict.fromkeys(x for _, _, x in active if x not in inside and x in by_head):
        wanted = {head}                                              # nodes of the box through which this variable is reached
        for n in box.inside:
            if any(x in wanted for x in n.inputs if isinstance(x, Node)):
                wanted.add(n)
        hops = [Hop(n, i, None if x is head else x, tuple([v.value if isinstance(v, Node) else v for v in n.inputs]), np.shape(x.value))
                for n, i, x in active if n in wanted and x in wanted]
        if hops:
            found.append((by_head[head], hops))
    return found


def added(terms: list[Any]) -> Any:
    """Their sum, in order."""
    whole = terms[0]
    for t in terms[1:]:
        whole = whole + t
    return whole
