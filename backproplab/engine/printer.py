"""Every node and every gradient as one line of a program, then folded so that each variable of the author's has one line.

Folding writes the symbols that have no name of the author's into the lines that use them: always when used once, otherwise when
small, and never beyond a size that stays readable. Work is never done twice, and nothing is reordered.
"""
from __future__ import annotations

import functools
import keyword
from typing import Any

import numpy as np

from .errors import RuleError
from .expressions import Call, Constant, Expression, Symbol, heads, same, simplify, substitute, symbols, total
from .graph import Graph
from .node import Node
from .reading import SPELLED, Template, template
from .rules import Operation
from .walk import summed_axes

SMALL, LARGE, WIDEST = 4, 30, 8       # expressions: repeat one up to SMALL, never print one above LARGE; terms in one line of a sum
LITERAL = 64                          # entries of a captured array that are written out; a larger one becomes a parameter
CHEAP = {"+", "-", "*", "/", "neg"}
Line = tuple[str, Expression]         # symbol = expression


class Printer:
    """Lines of a graph. Symbols of unnamed nodes may be folded away.

    Attributes
    ----------
    symbols : dict of Node to str
        What each node is called in the program: the author's name, or one made here.
    gradients : dict of Node to str
        What its gradient is called.
    lines : list of (symbol, expression)
    calls : dict of str to Operation
        Operations of our own that the lines call, by name.
    """

    def __init__(self, graph: Graph, ask_shapes: bool = True) -> None:
        self.graph, self.ask_shapes = graph, ask_shapes
        self.lines: list[Line] = []
        self.named: set[str] = set()
        self.calls: dict[str, Operation] = {}
        self.symbols: dict[Node, str] = {}
        self.gradients: dict[Node, str] = {}
        self.parameters: list[str] = []          # captured arrays too large to be written out
        self.taken = set(graph.names.values()) | {"np"}
        self._operands: dict[Node, Symbol] = {}
        self._count = 0
        for op in dict.fromkeys(n.op for n in graph.nodes):
            if op is not None and op.own:
                self.call(op)
        operations = set(self.calls)
        for node in graph.nodes:
            name = graph.names.get(node)
            if name is not None and (name == "np" or name in operations or keyword.iskeyword(name)):
                name = self.fresh(f"{name}_")    # a variable may be called as a function that the program needs
            if name is None:
                self._count += 1
                name = self.fresh(f"t{self._count}")
            else:
                self.named.add(name)
            self.symbols[node] = name
        self.taken |= operations

    def fresh(self, name: str) -> str:
        """A symbol that nothing else has: name, or name_1, name_2, ..."""
        base, k = name, 0
        while name in self.taken:
            k += 1
            name = f"{base}{k}" if base.endswith("_") else f"{base}_{k}"
        self.taken.add(name)
        return name

    def call(self, op: Operation) -> None:
        """Note that the program calls an operation of our own.

        Raises
        ------
        RuleError
            When it calls another of the same name already: a learner's relu beside bl.relu.
        """
        if self.calls.setdefault(op.name, op) is not op:
            raise RuleError("printing a function as a program", f"it uses two different operations called {op.name}",
                            "A program has one definition for each name: declare yours under another one.")

    # ---- expressions of nodes ------------------------------------------------------------------------------------------

    def operand(self, v: Any) -> Expression:
        """What stands for an input of an operation: a node's symbol, or the number."""
        if v.__class__ is not Node:
            return Constant(v)
        known = self._operands.get(v)
        if known is None:
            known = self._operands[v] = Symbol(self.symbols[v])
        return known

    def value(self, node: Node) -> Expression:
        """The expression that computes a node."""
        op = node.op
        assert op is not None
        constants = node.constants or {}
        if op.own and op.spelled is None:
            changed = tuple([(k, Constant(v)) for k, v in constants.items() if not same(v, op.defaults[k])])
            return Call(op.name, tuple([self.operand(v) for v in node.inputs]), changed)
        made = self.template(node, SPELLED if op.own else None)
        assert made.expression is not None
        return substitute(made.expression, self.letters(node, made))

    def template(self, node: Node, i: int | None) -> Template:
        """A function of the node's operation in its own letters: see `reading.template`."""
        values = tuple([v.value if v.__class__ is Node else v for v in node.inputs])
        return template(node.op, tuple(map(np.shape, values)), node.constants or {}, values, node.value, i, self.ask_shapes)   # type: ignore[arg-type]

    def letters(self, node: Node, made: Template) -> dict[str, Expression]:
        """A rule's own letters -> the author's names."""
        op = node.op
        assert op is not None
        names = [f"{op.inputs[0]}_{k}" for k in range(len(node.inputs))] if op.variadic else op.inputs
        known = {n: self.operand(v) for n, v in zip(names, node.inputs, strict=True)}
        if made.shaped:
            nodes = dict(zip(names, node.inputs, strict=True))
            for letter in made.shaped:
                known[f"shape of {letter}"] = Symbol(self.symbols[self.shaped_like(nodes.get(letter, node))])
        return known

    def shaped_like(self, node: Node) -> Node:
        """A named node of the same shape where there is one: asking for the shape of a sub-expression would compute it."""
        while node not in self.graph.names and node.op is not None and keeps_shape(node.op):
            alike = [v for v in node.inputs if v.__class__ is Node and v.shape == node.shape]
            if not alike:
                break
            node = alike[0]
        return node

    def term(self, node: Node, i: int, g: Expression) -> tuple[Expression, list[Line]] | None:
        """What `node` sends back to its i-th input when its own gradient is g, and the lines that it needs before.

        None where its rule has no gradient for that input.
        """
        op = node.op
        assert op is not None and op.backward is not None
        made = self.template(node, i)
        if made.expression is None:
            return None
        known = self.letters(node, made)
        known[op.backward.parameters[0]], known[op.backward.parameters[1]] = g, Symbol(self.symbols[node])
        before: list[Line] = []
        for hint, e in made.temporaries:
            symbol = self.fresh(hint.strip("$"))
            before.append((symbol, simplify(substitute(e, known))))
            known[hint] = Symbol(symbol)
        e = simplify(substitute(made.expression, known))
        for called in made.calls:
            self.call(called)
        return unbroadcast_expression(e, made.shape, node.inputs[i].shape), before

    # ---- the whole program ---------------------------------------------------------------------------------------------

    def forward(self) -> None:
        """Append a line for each value; captured arrays are written out, or become parameters."""
        captured = {id(n) for n in self.graph.constants}
        for node in self.graph.nodes:
            if node.op is not None:
                self.lines.append((self.symbols[node], self.value(node)))
            elif id(node) in captured:
                if node.size <= LITERAL:
                    self.lines.append((self.symbols[node], Constant(node.value)))
                else:
                    self.parameters.append(self.symbols[node])

    def backward(self, seed: Expression) -> None:
        """Append the backward pass: a line for each gradient."""
        graph = self.graph
        waiting: dict[Node, list[tuple[Expression, list[Line]]]] = {graph.output: [(seed, [])]}
        for node in reversed(graph.nodes):
            found = waiting.pop(node, None)
            if found is None:
                continue
            terms = [e for e, _ in reversed(found)]                      # consumers were visited last to first
            for _, before in reversed(found):
                self.lines += before
            symbol = self.gradients[node] = self.fresh(f"g_{self.symbols[node]}")
            if node in graph.names:
                self.named.add(symbol)
            self.lines.append((symbol, self.cut(terms)))
            if node.op is None or node.op.backward is None:
                continue
            for i in range(len(node.inputs) - 1, -1, -1):
                x = node.inputs[i]
                if x.__class__ is Node and x.active:
                    made = self.term(node, i, Symbol(symbol))
                    if made is not None:
                        waiting.setdefault(x, []).append(made)

    def cut(self, terms: list[Expression]) -> Expression:
        """The sum of the contributions; a long one (a parameter with many consumers) is cut into lines: expressions stay shallow."""
        while len(terms) > WIDEST:
            symbol = self.fresh("part")
            self.lines.append((symbol, total(terms[:WIDEST])))
            self.named.add(symbol)
            terms = [Symbol(symbol), *terms[WIDEST:]]
        return total(terms)

    def folded(self, results: set[str]) -> list[Line]:
        """The lines that `results` need, with unnamed symbols written into the lines that use them."""
        uses: dict[str, int] = {}
        needed = set(results)
        for symbol, e in reversed(self.lines):
            if symbol in needed:
                for name in symbols(e):
                    needed.add(name)
                    uses[name] = uses.get(name, 0) + 1
        inlined: dict[str, Expression] = {}
        kept: list[Line] = []
        for symbol, e in self.lines:
            if symbol not in needed:
                continue
            if inlined:
                changed = substitute(e, inlined)
                if changed is not e and symbol not in self.symbols_of_values:
                    changed = simplify(changed)
                e = changed
            if symbol not in self.named and symbol not in results and (
                    e.size <= LARGE if uses[symbol] == 1 else e.size <= SMALL and not costly(e)):
                inlined[symbol] = e
            else:
                kept.append((symbol, e))
        return kept

    @functools.cached_property
    def symbols_of_values(self) -> set[str]:
        """Forward lines are printed as they were written; only derivatives are simplified."""
        return set(self.symbols.values())


def costly(e: Expression) -> bool:
    """Does it call a function or multiply matrices? Work is never done twice."""
    return any(h not in CHEAP for h in heads(e))


def keeps_shape(op: Operation) -> bool:
    """Is it a NumPy function that treats every entry by itself, so that an input of the output's shape has it for every batch?"""
    return any(isinstance(f, np.ufunc) and f.signature is None or f is np.where for f in op.functions)


def unbroadcast_expression(e: Expression, shape: tuple[int, ...], goal: tuple[int, ...]) -> Expression:
    """e with the sums over the axes that broadcasting repeated."""
    for axes, keep in summed_axes(shape, goal):
        axis = Constant(axes[0] if len(axes) == 1 else axes)
        whole = len(axes) == len(shape) and not keep
        e = Call("np.sum", (e,), (() if whole else (("axis", axis),)) + ((("keepdims", Constant(True)),) if keep else ()))
    return e
