"""The backward pass as an account: which variable sends what to which, and the pass replayed with a mistake in it.

An account is made from a Run and reads its graph; it knows the author's variables, not the single operations inside them. A mistake is
made at one variable, on one link or everywhere. Only the variables between the mistake and the asked one are computed again.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.run import Run
from ..engine.tracing import Node
from .links import Box, Link, Path, Slip, added, links_of

__all__ = ["FAILS", "Account", "Box", "Finished", "Link", "Path", "Slip", "added"]

FAILS = (ValueError, ZeroDivisionError, FloatingPointError, IndexError, TypeError)     # a wrong rule may meet shapes that it cannot take


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
            for target, hops in links_of(box, by_head):
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
