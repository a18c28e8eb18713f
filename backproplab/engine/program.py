"""The printed program: forward and backward as ordinary NumPy, in the author's names.

Named variables are never folded, so the text has one line for each variable of the algorithm. Nothing is reordered: the program
computes the run's numbers to the last bit. It is one straight line of single assignments, which can be compiled further.

It asks for sizes (`X.shape`) instead of writing them out, so it holds for another batch, with three exceptions, where the size of the
batch that was traced stands in the text: np.concatenate along the axis of the batch, np.prod of an array of two axes or more, and
sizes that the author's own code computes, such as the n of `n = len(X)`.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .expressions import Constant, Symbol, heads, text
from .graph import Graph
from .printer import Printer
from .sources import definitions
from .wording import written

MOST_BRANCHES = 20                    # decisions of the author's function that are listed in a program


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
        self._body, self._scope = body, scope

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """The function that the text defines, compiled when it is first called."""
        scope = {"np": np, **self._scope}
        exec(compile(self._body, f"<program {self.name}>", "exec"), scope)
        return scope[self.name]

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
