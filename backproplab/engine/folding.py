"""One box for each variable of the algorithm.

A value without a name of the author's is folded into the variable that uses it. Each variable then holds its whole expression and,
for every consumer, what that consumer sends back: the chain of rules through the consumer's expression, as an expression and as the
numbers that the walk met. Nothing is computed twice: the values are the walk's own terms, grouped by the variable they come through.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .expressions import ONE, Constant, Expression, Symbol, evaluate, heads, simplify, substitute, symbols, total
from .graph import Graph
from .program import Printer
from .rules import OPERATIONS
from .tracing import Node
from .walk import Term

LARGE = 24                        # expressions in one box; beyond, a value gets a box of its own
POINTWISE = {"+", "-", "*", "/", "**", "neg", ">", "<", ">=", "<=", "==", "!=", "np.where"}


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """One consumer's part in a gradient: upstream times local.

    Attributes
    ----------
    consumer : str
        The variable that uses this one.
    upstream : float64 or ndarray
        The consumer's gradient.
    expression : Expression
        What the consumer sends back, its gradient's symbol inside: ``g_e / b``, ``X.T @ g_Z``.
    local_expression : Expression or None
        The same with the upstream set to 1, where the consumer works entry by entry: ``1 / b``. None for an operator such as a
        matrix product, whose local derivative is what it does to the upstream.
    local : float64, ndarray or None
        Its value.
    value : float64 or ndarray
        The contribution, in the shape of this variable.
    running : float64 or ndarray
        The sum up to and including this contribution.
    """

    consumer: str
    upstream: Any
    expression: Expression
    local_expression: Expression | None
    local: Any
    value: Any
    running: Any


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A variable of the author's algorithm: one box of the drawing, one step of each pass.

    Attributes
    ----------
    name : str
        Unique: h, h_1, h_2 where the source binds h three times.
    written : str
        The name in the source.
    expression : Expression or None
        What computes it; None for an input or a captured array.
    value : float64, ndarray or bool
    gradient : float64, ndarray or None
        Of the output by it, in its shape; None where no gradient is defined.
    line : int
        In the author's file; 0 when not known.
    role : str
        "input", "constant" (a captured array, or an input without a gradient), "operation" or "output".
    operation : str
        The operation's name when the box holds exactly one, else "".
    count : int
        Primitive operations inside.
    inputs : tuple of str
        Variables that its expression names, in the order they are written.
    uses : tuple of Contribution
        In the author's order of use.
    """

    name: str
    written: str
    expression: Expression | None
    value: Any
    gradient: Any
    line: int
    role: str
    operation: str
    count: int
    inputs: tuple[str, ...]
    uses: tuple[Contribution, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.value)


@dataclass
class _Box:
    """A variable while it is being made."""

    node: Node
    symbol: str
    expression: Expression | None
    inside: list[Node] = field(default_factory=list)


def ancestors(graph: Graph) -> set[int]:
    """Indices of the nodes that the output depends on."""
    seen: set[int] = set()
    stack = [graph.output]
    while stack:
        node = stack.pop()
        if node.index not in seen:
            seen.add(node.index)
            stack += [v for v in node.inputs if isinstance(v, Node)]
    return seen


class Folding:
    """Groups the nodes of a graph into variables.

    Attributes
    ----------
    variables : dict of str to Variable
        In the order of computation, inputs first.
    gradient_symbols : dict of str to str
        A variable's name -> the symbol of its gradient in expressions.
    scope : dict
        For evaluating expressions: NumPy, operations, every variable and every gradient.
    """

    def __init__(self, graph: Graph, gradients: Mapping[int, Any], terms: Mapping[int, list[Term]], folded: bool = True) -> None:
        self.graph, self.gradients, self.terms = graph, gradients, terms
        self.printer = Printer(graph)
        self.inlined: dict[str, Expression] = {}
        self.boxes = self._group(folded)
        self.owner = {n.index: b for b in self.boxes for n in b.inside}
        by_symbol = {b.symbol: b for b in self.boxes}
        self.names = {b.symbol: b.node.name or b.symbol for b in self.boxes}
        self.gradient_symbols = {self.names[b.symbol]: self.printer.fresh(f"g_{b.symbol}") for b in self.boxes if self._has_gradient(b.node)}
        self.scope: dict[str, Any] = {"np": np, **OPERATIONS, **{n.op.name: n.op for n in graph.nodes if n.op}}
        self.scope |= {b.symbol: b.node.value for b in self.boxes}
        self.scope |= {self.gradient_symbols[self.names[b.symbol]]: self._gradient(b.node) for b in self.boxes if self._has_gradient(b.node)}
        uses: dict[str, list[Contribution]] = {}
        for b in self.boxes:
            self._send_back(b, by_symbol, uses)
        self.variables = {self.names[b.symbol]: self._variable(b, tuple(uses.get(b.symbol, ()))) for b in self.boxes}

    def _has_gradient(self, node: Node) -> bool:
        return node.active and self.graph.output.active

    def _gradient(self, node: Node) -> Any:
        found = self.gradients.get(node.index)
        return np.zeros(node.shape)[()] if found is None else found

    def _group(self, folded: bool) -> list[_Box]:
        """Boxes in the order of computation; what nothing reads is left out, inputs are kept."""
        graph, symbols_ = self.graph, self.printer.symbols
        alive = ancestors(graph) | {n.index for n in graph.inputs.values()}
        nodes = [n for n in graph.nodes if n.index in alive]
        count: dict[int, int] = {}
        for n in nodes:
            for v in n.inputs:
                if isinstance(v, Node):
                    count[v.index] = count.get(v.index, 0) + 1
        pending: dict[int, list[Node]] = {}
        boxes = []
        for n in nodes:
            symbol = symbols_[n.index]
            if n.op is None:
                boxes.append(_Box(n, symbol, None))
                continue
            e = substitute(self.printer.value(n), self.inlined)
            inside = [m for v in n.inputs if isinstance(v, Node) for m in pending.pop(v.index, [])] + [n]
            if folded and n.name is None and n is not graph.output and count.get(n.index) == 1 and e.size <= LARGE:
                self.inlined[symbol], pending[n.index] = e, inside
                continue
            boxes.append(_Box(n, symbol, e, sorted(inside, key=lambda m: m.index)))
        return sorted(boxes, key=lambda b: (b.node.op is not None, b.node.index))     # a captured array stands with the inputs

    def _send_back(self, box: _Box, by_symbol: dict[str, _Box], uses: dict[str, list[Contribution]]) -> None:
        """Backward through the expression of one box: leaves a Contribution with every variable that it names."""
        name = self.names[box.symbol]
        if not box.inside or not self._has_gradient(box.node) or box.node.index not in self.gradients:
            return
        upstream = self._gradient(box.node)
        full = self._chain(box, Symbol(self.gradient_symbols[name]))
        plain: dict[str, Expression] | None = None
        for symbol, e in full.items():
            target = by_symbol[symbol].node
            parts = [t.value for t in self.terms[target.index] if self.owner.get(t.consumer) is box]
            value = parts[0]
            for p in parts[1:]:
                value = value + p
            local_expression = local = None
            if self._pointwise(e, np.shape(upstream)):
                plain = plain or self._chain(box, ONE)
                local_expression = plain[symbol]
                with np.errstate(all="ignore"):
                    local = evaluate(local_expression, self.scope)
                local = np.float64(local) if np.ndim(local) == 0 else local
            before = uses.setdefault(symbol, [])
            running = before[-1].running + value if before else value
            before.append(Contribution(name, upstream, e, local_expression, local, value, running))

    def _chain(self, box: _Box, g: Expression) -> dict[str, Expression]:
        """What the box sends back to each variable that it names, in the order of use, when its own gradient is g."""
        waiting: dict[int, list[Expression]] = {box.node.index: [g]}
        found: dict[int, list[Expression]] = {}
        for n in reversed(box.inside):
            terms = waiting.get(n.index)
            if terms is None or n.op is None or n.op.backward is None:
                continue
            whole = simplify(total(terms[::-1]))
            for i in range(len(n.inputs) - 1, -1, -1):
                v = n.inputs[i]
                if isinstance(v, Node) and v.active:
                    e, before = self.printer.term(n, i, whole)
                    known = dict(self.inlined)
                    for symbol, value in before:
                        known[symbol] = substitute(value, known)
                    e = simplify(substitute(e, known))
                    if v.index in self.owner and self.owner[v.index] is box:
                        waiting.setdefault(v.index, []).append(e)
                    else:
                        found.setdefault(v.index, []).append(e)
        order = [m for m in self._written(box) if m in {self.printer.symbols[k] for k in found}]
        by_symbol = {self.printer.symbols[k]: simplify(total(t[::-1])) for k, t in found.items()}
        return {s: by_symbol[s] for s in dict.fromkeys([*order, *by_symbol])}

    def _pointwise(self, e: Expression, upstream: tuple[int, ...]) -> bool:
        """Does every entry of the contribution come from one entry of the upstream, times a number?"""
        for head in heads(e):
            if head in POINTWISE or head in ("np.broadcast_to", "np.reshape") and not upstream:
                continue
            function = getattr(np, head[3:], None) if head.startswith("np.") else self.scope.get(head)
            if isinstance(function, np.ufunc) and function.nin <= 2 and function is not np.matmul:
                continue
            op = OPERATIONS.get(head)
            if op is not None and function is op and not op.defaults and op.backward is not None and self._elementwise(op):
                continue
            return False
        return True

    def _elementwise(self, op: Any) -> bool:
        probe = np.array([.3, .6])
        try:
            return all(np.shape(op.run(*[probe] * len(op.inputs))) == (2,) and op.run(*[probe[k]] * len(op.inputs)) == op.run(*[probe] * len(op.inputs))[k]
                       for k in range(2))
        except (TypeError, ValueError, IndexError):
            return False

    def _written(self, box: _Box) -> list[str]:
        return list(dict.fromkeys(s for s in symbols(box.expression or Constant(0)) if s in self.printer.symbols.values()))

    def _variable(self, box: _Box, uses: tuple[Contribution, ...]) -> Variable:
        n, graph = box.node, self.graph
        has = self._has_gradient(n)
        role = "output" if n is graph.output else "operation" if n.op else "input" if n.active else "constant"
        name = self.names[box.symbol]
        base, _, number = name.rpartition("_")
        written = base if number.isdigit() and base and any(m.name == base for m in graph.nodes) else name
        inputs = tuple(self.names[s] for s in self._written(box)) if box.expression is not None else ()
        if uses and has:                        # the last running sum is the walk's gradient, to the last bit
            last = uses[-1]
            uses = (*uses[:-1], Contribution(last.consumer, last.upstream, last.expression, last.local_expression, last.local, last.value, self._gradient(n)))
        return Variable(name, written, box.expression, n.value, self._gradient(n) if has else None, n.line, role,
                        n.op.name if n.op and len(box.inside) == 1 else "", len(box.inside), inputs, uses)


