"""The printed program: forward and backward as ordinary NumPy, in the author's names.

Every node and every gradient first becomes one line (a symbol and an expression). Folding then writes the symbols that have no name
of the author's into the lines that use them: always when used once, otherwise when small, and never beyond a size that stays
readable. Named variables are never folded, so the text has one line for each variable of the algorithm. Nothing is reordered: the
program computes the run's numbers to the last bit.
"""
from __future__ import annotations

import keyword
from typing import Any

import numpy as np

from .expressions import Call, Constant, Expression, Symbol, heads, simplify, substitute, symbols, text, total
from .graph import Graph
from .mismatch import written
from .node import Node
from .reading import Template, template
from .rules import Operation
from .sources import definitions
from .walk import summed_axes

SMALL, LARGE, WIDEST = 4, 30, 8       # expressions: repeat one up to SMALL, never print one above LARGE; terms in one line of a sum
MOST_BRANCHES = 20                    # decisions of the author's function that are listed in a program
LITERAL = 64                          # entries of a captured array that are written out; a larger one becomes a parameter
Line = tuple[str, Expression]


class Printer:
    """Lines of a graph. Symbols of unnamed nodes may be folded away.

    Attributes
    ----------
    symbols : dict of Node to str
        What each node is called in the program: the author's name, or one made here.
    gradients : dict of Node to str
        What its gradient is called.
    lines : list of (symbol, expression)
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
        self._count = 0
        operations = {n.op.name for n in graph.nodes if n.op and n.op.own}
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
        base, k = name, 0
        while name in self.taken:
            k += 1
            name = f"{base}{k}" if base.endswith("_") else f"{base}_{k}"
        self.taken.add(name)
        return name

    # ---- expressions of nodes ------------------------------------------------------------------------------------------

    def operand(self, v: Any) -> Expression:
        return Symbol(self.symbols[v]) if v.__class__ is Node else Constant(v)

    def value(self, node: Node) -> Expression:
        """The expression that computes a node."""
        op = node.op
        assert op is not None
        constants = node.constants or {}
        if op.own:
            self.calls[op.name] = op
            if op.spelled is None:
                changed = tuple([(k, Constant(v)) for k, v in constants.items() if not _usual(v, op.defaults[k])])
                return Call(op.name, tuple([self.operand(v) for v in node.inputs]), changed)
        made = self.template(node, -1 if op.own else None)
        assert made.expression is not None
        return substitute(made.expression, self.letters(node, made))

    def template(self, node: Node, i: int | None) -> Template:
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
        while node not in self.graph.names and node.op is not None and pointwise(node.op):
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
            self.calls[called.name] = called
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

    @property
    def symbols_of_values(self) -> set[str]:
        """Forward lines are printed as they were written; only derivatives are simplified."""
        if not hasattr(self, "_values"):
            self._values = set(self.symbols.values())
        return self._values


def costly(e: Expression) -> bool:
    """Does it call a function or multiply matrices? Work is never done twice."""
    return any(h not in "+-*/neg" for h in heads(e))


def _usual(v: Any, default: Any) -> bool:
    return v is default or type(v) is type(default) and not isinstance(v, np.ndarray) and v == default


def pointwise(op: Operation) -> bool:
    """Does it treat every entry by itself, so that an input of the output's shape always has it?"""
    return any(isinstance(f, np.ufunc) and f.signature is None or f is np.where for f in op.functions)


def unbroadcast_expression(e: Expression, shape: tuple[int, ...], goal: tuple[int, ...]) -> Expression:
    """e with the sums over the axes that broadcasting repeated."""
    for axes, keep in summed_axes(shape, goal):
        axis = Constant(axes[0] if len(axes) == 1 else axes)
        whole = len(axes) == len(shape) and not keep
        e = Call("np.sum", (e,), (() if whole else (("axis", axis),)) + ((("keepdims", Constant(True)),) if keep else ()))
    return e


def decided(graph: Graph) -> list[str]:
    """What a program says of the branches that the author's function took: it holds for these only."""
    said = []
    for b in dict.fromkeys(graph.branches):
        op = b.node.op
        what = written(op, b.node.inputs, b.node.constants or {}) if op else b.node.label
        said.append(f"holds where {what} is {b.answer}, as on line {b.line}")
    return said[:MOST_BRANCHES] + (["and so on"] if len(said) > MOST_BRANCHES else [])


class Printed:
    """A printed program: its text, and the function that the text defines.

    Attributes
    ----------
    source : str
        Runs on NumPy alone.
    name : str
    parameters : tuple of str
        Its inputs, then captured arrays too large to be written out, then the cotangent where there is one.
    captured : dict of str to ndarray
    """

    def __init__(self, source: str, body: str, name: str, parameters: tuple[str, ...], captured: dict[str, Any], scope: dict[str, Any]) -> None:
        self.source, self.name, self.parameters, self.captured = source, name, parameters, captured
        self._scope = {"np": np, **scope}
        exec(compile(body, f"<program {name}>", "exec"), self._scope)
        self.function = self._scope[name]

    def __call__(self, *inputs: Any, **rest: Any) -> Any:
        return self.function(*inputs, **{**self.captured, **rest})


def program(graph: Graph, wrt: list[str], cotangent: bool = False, name: str = "program", outer: bool = False, value: bool = True) -> Printed:
    """Print a graph as a function ``(*inputs) -> value, {name: gradient}``; with `wrt` empty, as one that returns the value.

    Parameters
    ----------
    graph : Graph
    wrt : list of str
        The inputs whose gradients are returned.
    cotangent : bool
        Take the gradient at the output as a last parameter; otherwise it is 1.
    name : str
        Of the function.
    outer : bool
        Take the values of an enclosing trace as parameters, after the inputs.
    value : bool
        Return the value as well; otherwise None stands in its place, and what only the value needs is not computed.

    Returns
    -------
    Printed
    """
    p = Printer(graph)
    p.forward()
    split = len(p.lines)
    forward_symbols = {s for s, _ in p.lines[:split]}
    seed = p.fresh("cotangent") if cotangent else ""
    if wrt and graph.output.active:
        p.backward(Symbol(seed) if cotangent else Constant(1.0))
    results = {n: p.gradients.get(graph.inputs[n]) for n in wrt}
    out = p.symbols[graph.output] if value else "None"
    lines = p.folded({*([out] if value else []), *[r for r in results.values() if r]})
    extra = [p.symbols[n] for n in graph.outer.values()] if outer else []
    parameters = [p.symbols[n] for n in graph.inputs.values()] + extra + p.parameters + ([seed] if cotangent else [])
    name = p.fresh(name) if name in p.taken else name
    shown = [f"def {name}({', '.join(parameters)}):", *[f"    # {b}" for b in decided(graph)]]
    for phase in ("forward", "backward"):
        part = [f"    {s} = {text(e)}" for s, e in lines if (s in forward_symbols) == (phase == "forward")]
        if part and wrt:
            shown.append(f"    # {phase}: {'values' if phase == 'forward' else 'gradients, from the output back'}")
        shown += part
    zeros = {n: r or (f"np.zeros_like({p.symbols[graph.inputs[n]]})" if graph.inputs[n].shape else "0.0") for n, r in results.items()}
    found = ", ".join(f'"{n}": {r}' for n, r in zeros.items())
    shown.append(f"    return {out}, {{{found}}}" if wrt else f"    return {out}")
    body = "\n".join(shown)
    calls = {h: p.calls[h] for _, e in lines for h in heads(e) if h in p.calls}
    source = "\n\n\n".join(["import numpy as np", *definitions(calls), body]) + "\n"
    captured = {p.symbols[n]: n.value for n in graph.constants if p.symbols[n] in p.parameters}
    return Printed(source, body, name, tuple(parameters), captured, dict(calls))
