"""The backward pass as an account: which variable sends what to which, and the pass replayed with a mistake in it.

An account is made from a Run and reads its graph; it knows the author's variables, not the single operations inside them. A mistake is
made at one variable, on one link or everywhere. Only the variables between the mistake and the asked one are computed again.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..engine.run import Run
from ..engine.tracing import Node
from ..engine.walk import unbroadcast
from .misconceptions import Mistake

FAILS = (ValueError, ZeroDivisionError, FloatingPointError, IndexError, TypeError)     # a wrong rule may meet shapes that it cannot take


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


@dataclass(frozen=True, slots=True)
class Finished:
    """What a mistake with a finished gradient may look at: the right gradient, the variable's value, its derivatives by the inputs
    (a scalar's), and the numbers of entries that sums and means of the program run over."""

    right: Any
    value: Any
    tangents: list[Any]
    counts: list[int]


class Account:
    """Who sends what to whom in a run.

    Attributes
    ----------
    order : list of Box
        Variables with a gradient, from the output back.
    boxes : dict of str to Box
        The same by name.
    right : dict of Box to gradient
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        kept = run._folding.boxes                                     # one grouping of nodes into variables, the one that is drawn
        names = run._folding.names
        self.order = [Box(names[b.symbol], b.node, list(b.inside)) for b in reversed(kept) if run.variables[names[b.symbol]].gradient is not None]
        self.boxes = {b.name: b for b in self.order}
        self.right = {b: run.variables[b.name].gradient for b in self.order}
        self.output = self.boxes[run.output]
        self._above: dict[Box, set[Box]] = {}
        by_head = {b.head: b for b in self.order}
        for box in self.order:                                        # consumers from the last to the first, so links come reversed
            for target, hops in _links(box, by_head):
                pointwise = any(c.consumer == box.name and c.local_expression is not None for c in run.variables[target.name].uses)
                target.links.insert(0, Link(box, target, hops, pointwise))

    def above(self, box: Box) -> set[Box]:
        """The variables whose gradients this one's gradient needs, itself included."""
        found = self._above.get(box)
        if found is None:
            found, stack = {box}, [box]
            while stack:
                for link in stack.pop().links:
                    if link.consumer not in found:
                        found.add(link.consumer)
                        stack.append(link.consumer)
            self._above[box] = found
        return found

    def replay(self, asked: Box, slip: Slip | None = None, fixed: Mapping[Box, Any] | None = None) -> Any:
        """The gradient of `asked` when a slip is made, and when some gradients are what the learner wrote (`fixed`)."""
        gradients, changed = dict(self.right), set(fixed or ())
        above = self.above(asked)
        for box in self.order:
            if box not in above or box is self.output:
                continue
            if fixed and box in fixed and box is not asked:
                gradients[box] = fixed[box]
                continue
            here = slip is not None and (slip.sites is None or box in slip.sites)
            if here or any(link.consumer in changed for link in box.links):
                made = len(slip.made) if slip is not None else 0
                gradients[box] = self._gradient(box, gradients, slip if here else None)
                if not here or slip is not None and len(slip.made) > made or any(link.consumer in changed for link in box.links):
                    changed.add(box)
        return gradients[asked]

    def _gradient(self, box: Box, gradients: Mapping[Box, Any], slip: Slip | None) -> Any:
        terms: list[Any] = []
        for link in box.links:
            g = gradients[link.consumer]
            if slip is None or slip.kind == "fork" or slip.link is not None and slip.link is not link:
                terms += link.terms(g)
            elif slip.kind == "rule":
                terms += link.terms(g, slip)
            else:
                wrong = slip.chosen(slip.mistakes[0].wrong(Path(link, g, self._beyond(link.consumer, gradients))))
                terms += link.terms(g) if wrong is None else [wrong]
                slip.made += [box] * (wrong is not None)
        if slip is not None and slip.kind == "fork":
            wrong = slip.chosen(slip.mistakes[0].wrong(terms))
            if wrong is not None:
                slip.made.append(box)
                return wrong
        return added(terms)

    def _beyond(self, consumer: Box, gradients: Mapping[Box, Any]) -> list[Any]:
        return [g for link in consumer.links if np.shape(g := gradients[link.consumer]) == np.shape(consumer.value)]

    def value(self, box: Box, slip: Slip) -> Any:
        """The value of a variable when a forward mistake is made in its line; its inputs are right."""
        values: dict[Node, Any] = {}
        for node in box.inside:
            assert node.op is not None
            inputs = [values.get(x, x.value) if isinstance(x, Node) else x for x in node.inputs]
            forms = [m.wrong for m in slip.mistakes if m.operation == node.op.name]
            wrong = slip.chosen(forms[0](*inputs)) if forms else None
            slip.made += [box] * (wrong is not None)
            values[node] = node.op.run(*inputs, **(node.constants or {})) if wrong is None else wrong
        return values[box.head]

    def finished(self, box: Box) -> Finished:
        tangents = []
        if np.ndim(box.value) == 0 and box.inside:
            tangents = [t for t in self.derivatives_of(box) if np.ndim(t) == 0]
        counts: set[int] = set()
        for b in self.order:
            for node in b.inside:
                if node.op is not None and node.op.name in ("mean", "sum") and np.ndim(x := getattr(node.inputs[0], "value", 0)):
                    counts |= {np.shape(x)[0]} | ({np.size(x)} if node.op.name == "mean" else set())
        return Finished(self.right[box], box.value, tangents, sorted(c for c in counts if c > 1))

    def derivatives_of(self, start: Box) -> list[Any]:
        """The derivatives of a scalar variable by the scalar inputs that it depends on."""
        gradients: dict[Box, Any] = {start: np.float64(1.0)}
        found = []
        for box in self.order[self.order.index(start) + 1:]:
            terms = [t for link in box.links if link.consumer in gradients for t in link.terms(gradients[link.consumer])]
            if terms:
                gradients[box] = added(terms)
                if not box.inside and np.ndim(box.value) == 0:
                    found.append(gradients[box])
        return found[::-1]


def _links(box: Box, by_head: Mapping[Node, Box]) -> list[tuple[Box, list[Hop]]]:
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
