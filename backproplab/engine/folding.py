"""One box for each variable of the algorithm.

A value without a name of the author's is folded into the variable that uses it. Each variable then holds its whole expression and,
for every consumer, what that consumer sends back: the chain of rules through the consumer's expression, as an expression and as the
numbers that the walk met. Nothing is computed twice: the values are the walk's own terms, grouped by the variable they come through.
"""
from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from .expressions import ONE, Constant, Expression, Symbol, evaluate, heads, simplify, substitute, symbols, total
from .graph import Graph
from .node import Node
from .printer import Printer
from .rules import OPERATIONS, Operation
from .variables import Contribution, Variable
from .walk import Term

LARGE = 24                        # expressions in an unnamed value; a larger one gets a box of its own
WHOLE = 60                        # expressions in one box; beyond, the values that it uses get boxes of their own
POINTWISE = {"+", "-", "*", "/", "**", "neg", ">", "<", ">=", "<=", "==", "!=", "np.where"}


class Box:
    """A variable's own node, and the nodes folded into it, in the order of computation, itself last."""

    __slots__ = ("node", "symbol", "inside")

    def __init__(self, node: Node, symbol: str) -> None:
        self.node, self.symbol = node, symbol
        self.inside: list[Node] = []


def ancestors(graph: Graph) -> set[Node]:
    """Nodes that the output depends on."""
    seen: set[Node] = set()
    stack = [graph.output]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [v for v in node.inputs if v.__class__ is Node]
    return seen


class Folding:
    """Groups the nodes of a graph into variables.

    Parameters
    ----------
    folded : bool
        Fold unnamed values into the variable that uses them.
    hidden : collection of str
        Named variables to fold too, where a single variable uses them.

    Attributes
    ----------
    variables : dict of str to Variable
        In the order of computation, inputs first.
    gradient_symbols : dict of str to str
        A variable's name -> the symbol of its gradient in expressions.
    scope : dict
        For evaluating expressions: NumPy, operations, every variable and every gradient.
    """

    def __init__(self, graph: Graph, gradients: Mapping[Node, Any], terms: Mapping[Node, list[Term]], folded: bool = True,
                 hidden: Collection[str] = ()) -> None:
        self.graph, self.gradients, self.terms = graph, gradients, terms
        self.printer = Printer(graph, ask_shapes=False)
        self.owner: dict[Node, Box] = {}
        self.boxes = self._group(folded, hidden)
        self.by_symbol = {b.symbol: b for b in self.boxes}
        self.names = {b.symbol: graph.names.get(b.node) or b.symbol for b in self.boxes}
        self.gradient_symbols = {self.names[b.symbol]: self.printer.fresh(f"g_{b.symbol}") for b in self.boxes if self._has_gradient(b.node)}
        self.variables = {self.names[b.symbol]: self._variable(b) for b in self.boxes}
        self._expressions: dict[Box, Expression] = {}
        self._sent: dict[Box, dict[str, Expression]] = {}
        self._local: dict[Box, dict[str, Expression]] = {}

    @property
    def scope(self) -> dict[str, Any]:
        found = self._values_by_symbol
        found.update(self.printer.calls)                                # the very operations that rules called, whatever is declared since
        return found

    @functools.cached_property
    def _values_by_symbol(self) -> dict[str, Any]:
        found: dict[str, Any] = {"np": np, **OPERATIONS}
        for b in self.boxes:
            found[b.symbol] = b.node.value
            if self._has_gradient(b.node):
                found[self.gradient_symbols[self.names[b.symbol]]] = self._gradient(b.node)
        return found

    def evaluate(self, e: Expression) -> Any:
        return evaluate(e, self.scope)

    def _has_gradient(self, node: Node) -> bool:
        return node.active and self.graph.output.active

    def _gradient(self, node: Node) -> Any:
        found = self.gradients.get(node)
        return np.zeros(node.shape)[()] if found is None else found

    # ---- grouping -------------------------------------------------------------------------------------------------------

    def _group(self, folded: bool, hidden: Collection[str]) -> list[Box]:
        """Boxes in the order of computation, captured arrays with the inputs; what nothing reads is left out, inputs are kept."""
        graph = self.graph
        alive = ancestors(graph) | set(graph.inputs.values())
        nodes = [n for n in graph.nodes if n in alive]
        consumers: dict[Node, list[Node]] = {}
        for n in nodes:
            for v in n.inputs:
                if v.__class__ is Node:
                    consumers.setdefault(v, []).append(n)
        inside: dict[Node, int] = {}                                    # a value that may be folded -> expressions in it
        for n in nodes:
            if n.op is None:
                continue
            size = 1 + sum([inside.get(v, 1) if v.__class__ is Node else 1 for v in n.inputs])
            name = graph.names.get(n)
            if size > WHOLE:
                for v in n.inputs:
                    if v.__class__ is Node and graph.names.get(v) not in hidden:
                        inside.pop(v, None)
            if n is graph.output:
                continue
            if name in hidden or folded and name is None and len(consumers.get(n, ())) == 1 and size <= LARGE:
                inside[n] = size
        for n in reversed(nodes):
            users = {self.owner[c] for c in consumers.get(n, ())} if n in inside else set()
            box = self.owner[n] = users.pop() if len(users) == 1 else Box(n, self.printer.symbols[n])
            if n.op is not None:
                box.inside.append(n)
        boxes = [self.owner[n] for n in nodes if self.owner[n].node is n]
        for b in boxes:
            b.inside.reverse()
        return [b for b in boxes if b.node.op is None] + [b for b in boxes if b.node.op is not None]

    def _variable(self, box: Box) -> Variable:
        n, graph = box.node, self.graph
        has = self._has_gradient(n)
        role = "output" if n is graph.output else "operation" if n.op else "input" if n.active else "constant"
        return Variable(self, box, self.names[box.symbol], self._gradient(n) if has else None, role, self._uses(box) if has else ())

    def _uses(self, box: Box) -> tuple[Contribution, ...]:
        """The walk's terms, those of one consumer added up, in the author's order of use."""
        parts: dict[Box, Any] = {}
        for t in self.terms.get(box.node, ()):
            user = self.owner[t.consumer]
            parts[user] = parts[user] + t.value if user in parts else t.value
        found: list[Contribution] = []
        running: Any = None
        for k, (user, value) in enumerate(parts.items(), 1):
            running = value if running is None else running + value
            if k == len(parts):
                running = self._gradient(box.node)                      # the walk's gradient, to the last bit
            found.append(Contribution(self.names[user.symbol], self._gradient(user.node), value, running, self, user, box.symbol))
        return tuple(found)

    # ---- expressions ----------------------------------------------------------------------------------------------------

    def computes(self, box: Box) -> Expression | None:
        """What computes a box's variable."""
        if not box.inside:
            return None
        if box not in self._expressions:
            self._expressions[box] = self._inlined(box)[box.symbol]
        return self._expressions[box]

    def _inlined(self, box: Box) -> dict[str, Expression]:
        """The expression of every value in a box, by its symbol, in terms of other variables."""
        known: dict[str, Expression] = {}
        for n in box.inside:
            known[self.printer.symbols[n]] = substitute(self.printer.value(n), known)
        return known

    def read_by(self, box: Box) -> tuple[str, ...]:
        e = self.computes(box)
        return () if e is None else tuple(dict.fromkeys(self.names[s] for s in symbols(e) if s in self.names))

    def sent(self, box: Box) -> dict[str, Expression]:
        """What a box sends back to each variable that it names, by that variable's symbol."""
        if box not in self._sent:
            self._sent[box] = self._chain(box, Symbol(self.gradient_symbols[self.names[box.symbol]]))
        return self._sent[box]

    def local(self, box: Box, symbol: str) -> Expression | None:
        """The same with the upstream set to 1; None where the box is an operator."""
        if not pointwise(self.sent(box)[symbol], np.shape(self._gradient(box.node)), self.scope):
            return None
        if box not in self._local:
            self._local[box] = self._chain(box, ONE)
        return self._local[box][symbol]

    def _chain(self, box: Box, g: Expression) -> dict[str, Expression]:
        """What the box sends back to each variable that it names, in the order of use, when its own gradient is g."""
        waiting: dict[Node, list[Expression]] = {box.node: [g]}
        found: dict[Node, list[Expression]] = {}
        inlined = self._inlined(box)
        del inlined[box.symbol]                                          # `out` of the box itself stays its name
        for n in reversed(box.inside):
            terms = waiting.get(n)
            if terms is None or n.op is None or n.op.backward is None:
                continue
            whole = simplify(total(terms[::-1]))
            for i in range(len(n.inputs) - 1, -1, -1):
                v = n.inputs[i]
                if v.__class__ is not Node or not v.active:
                    continue
                made = self.printer.term(n, i, whole)
                if made is None:
                    continue
                e, before = made
                known = dict(inlined) if before else inlined
                for symbol, value in before:
                    known[symbol] = substitute(value, known)
                e = simplify(substitute(e, known))
                (waiting if self.owner.get(v) is box else found).setdefault(v, []).append(e)
        by_symbol = {self.printer.symbols[v]: simplify(total(t[::-1])) for v, t in found.items()}
        order = [s for s in symbols(self.computes(box) or Constant(0)) if s in by_symbol]
        return {s: by_symbol[s] for s in dict.fromkeys([*order, *by_symbol])}


def pointwise(e: Expression, upstream: tuple[int, ...], scope: Mapping[str, Any]) -> bool:
    """Does every entry of a contribution come from one entry of the upstream, times a number?"""
    for head in heads(e):
        if head in POINTWISE or head in ("np.broadcast_to", "np.reshape") and not upstream:
            continue
        function = getattr(np, head[3:], None) if head.startswith("np.") else scope.get(head)
        if isinstance(function, np.ufunc) and function.nin <= 2 and function.signature is None:
            continue
        if isinstance(function, Operation) and elementwise(function):
            continue
        return False
    return True


@functools.cache
def elementwise(op: Operation) -> bool:
    """Does an operation of our own treat every entry by itself? Tried on two."""
    probe = np.array([.3, .6])
    count = len(op.inputs)
    try:
        both = op.run(*[probe] * count)
        return np.shape(both) == (2,) and all(op.run(*[probe[k]] * count) == both[k] for k in range(2))
    except (TypeError, ValueError, IndexError):
        return False
