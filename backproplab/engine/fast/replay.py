"""Long scalar programs: the same few operations in a loop over tables.

A straight line of a hundred thousand operations takes longer to compile than to run. So from a length on it is not written out: each
kind of operation becomes one branch of a loop, once forward and once backward, and tables say which branch comes when, and on which
numbers. A kind is lowered like any other program: from the text of its rule.
"""
from __future__ import annotations

import linecache
import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ..expressions import Constant, Symbol, substitute
from ..expressions import text as written
from ..graph import Graph
from ..node import Node
from ..program import program
from ..reading import template
from ..sources import definitions
from .lowering import NotLowerable, numbers_only, scalars

RESERVED = {"v", "d", "g", "k", "kind", "math", "numbers", "tables", "elsewhere", "refusing", "float", "type", "zip", "map", "reversed", *"abcdefg"}
MOST_KINDS = 40                                  # branches of a loop; a program with more of them is compiled as a straight line
PLACES = "abcdefg"                               # what the loop calls the places of an operation's inputs
NUMPYS = SimpleNamespace(nan=math.nan, inf=math.inf, **{n: getattr(np, n) for n in scalars.SAME_IN_MATH},
                         **{m: getattr(np, n) for n, m in scalars.MATH.items()})        # for math, where its functions refuse


class Tables(NamedTuple):
    """What the loops read: for each row its kind, its place in the list of numbers, and the places of its inputs."""

    kinds: list[int]
    places: list[int]
    inputs: list[list[int]]                      # one list for each position of an input


class Pickled(NamedTuple):
    """A replay as plain data."""

    source: str
    name: str
    names: tuple[str, ...]
    called: tuple[str, ...]
    wrt: tuple[str, ...]
    numbers: list[float]
    tables: Tables


class LongText(NamedTuple):
    """The same as a `compiling.Text`, but printed only when it is read: that takes longer than all else."""

    name: str
    inputs: tuple[str, ...]
    wrt: tuple[str, ...]
    graph: Graph | None
    loops: str
    seed: str = ""

    @property
    def source(self) -> str:
        """The readable program, all its lines; after unpickling the loops, which is all there is."""
        return program(self.graph, list(self.wrt), name=self.name).source if self.graph is not None else self.loops


def can(graph: Graph) -> bool:
    """Is it made of single numbers only?"""
    return not graph.branches and graph.output.shape == () and all(n.value.__class__ in (np.float64, np.bool_) for n in graph.nodes)


class Replay:
    """A form that runs by tables; the same attributes as a `Form`."""

    refusal = ""
    dtype = np.dtype(np.float64)

    def __init__(self, source: str, name: str, names: tuple[str, ...], called: tuple[str, ...], wrt: tuple[str, ...],
                 numbers: list[float], tables: Tables, graph: Graph | None) -> None:
        self.name, self.names, self.numbers, self.tables, self.graph, self.wrt = name, names, numbers, tables, graph, wrt
        self.examples = [0.5] * len(names)
        self.signature = (float,) * len(names)
        self.source = source
        scope: dict[str, Any] = {"math": math, "numbers": numbers, "tables": tables, "elsewhere": None}
        file = f"<fast form of {name}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        self._code = compile(source, file, "exec")
        exec(self._code, scope)
        self.fast = SimpleFast(source, scope, name, called, len(tables.kinds))
        self.run = self.fast.run

    @classmethod
    def of(cls, graph: Graph, name: str) -> Replay:
        """The replay of a recorded graph.

        Raises
        ------
        NotLowerable
            When an operation has no form for single numbers.
        """
        source, numbers, tables = made(graph, name)
        wrt = tuple([n for n, node in graph.inputs.items() if node.active])
        return cls(source, name, tuple(graph.inputs), parameters(graph), wrt, numbers, tables, graph)

    @property
    def text(self) -> LongText:
        return LongText(self.name, self.names, self.wrt, self.graph, self.source)

    def readable(self, *values: Any) -> Any:
        """The same loops on NumPy's numbers, which give infinities and NaN where Python's floats refuse."""
        scope: dict[str, Any] = {"math": NUMPYS, "numbers": [np.float64(x) if x.__class__ is float else x for x in self.numbers],
                                 "tables": self.tables}
        exec(self._code, scope)
        with np.errstate(all="ignore"):
            value, found = scope[self.name](*map(np.float64, values), refusing=False)
        return float(value), {n: float(g) for n, g in found.items()}

    def pickled(self) -> Pickled:
        return Pickled(self.source, self.name, self.names, self.fast.parameters, self.wrt, self.numbers, self.tables)

    @classmethod
    def restored(cls, p: Pickled) -> Replay:
        return cls(*p, None)


class SimpleFast:
    """What a program asks of its fast form."""

    nbytes = 0

    def __init__(self, source: str, scope: dict[str, Any], name: str, parameters: tuple[str, ...], count: int) -> None:
        self.source, self.scope, self.parameters, self.count = source, scope, parameters, count
        self.run = scope[name]

    @property
    def elsewhere(self) -> Any:
        return self.scope["elsewhere"]

    @elsewhere.setter
    def elsewhere(self, function: Any) -> None:
        self.scope["elsewhere"] = function


# ---- making the tables ----------------------------------------------------------------------------------------------------------

class Kind(NamedTuple):
    """One branch of the loops: the operation's name, its lines forward and backward."""

    name: str
    forward: list[str]
    backward: list[str]


def made(graph: Graph, name: str) -> tuple[str, list[float], Tables]:
    """(text of the loops, the list of numbers that a run starts with, the tables)."""
    needed = ancestors(graph)
    place: dict[Any, int] = {node: k for k, node in enumerate(graph.inputs.values())}
    numbers: list[Any] = [0.0] * len(place)
    constants: dict[Any, int] = {}

    def place_of(x: Any) -> int:
        """Where an input stands in the list of numbers; a number of the author's gets a place of its own."""
        if x.__class__ is Node and x in place:
            return place[x]
        value = x.value if x.__class__ is Node else x
        value = value.item() if isinstance(value, np.generic) else value
        key = (value.__class__, repr(value))
        if key not in constants:
            constants[key] = len(numbers)
            numbers.append(value)
        return constants[key]
    rows: list[tuple[Any, Node, list[int]]] = []
    kinds: dict[Any, Kind] = {}
    count: dict[Any, int] = {}
    for node in graph.nodes:
        if node.op is None or node not in needed:
            continue
        ins = [place_of(x) for x in node.inputs]
        key = key_of(node)
        if key not in kinds:
            if len(kinds) == MOST_KINDS or len(ins) > len(PLACES):
                raise NotLowerable(f"more than {MOST_KINDS} kinds of operations")
            kinds[key] = kind_of(node)
        count[key] = count.get(key, 0) + 1
        place[node] = len(numbers)
        numbers.append(0.0)
        rows.append((key, node, ins))
    common = sorted(kinds, key=lambda key: -count[key])                  # the most frequent are asked for first
    number = {key: k for k, key in enumerate(common)}
    width = max([len(ins) for _, _, ins in rows], default=1)
    tables = Tables([number[key] for key, _, _ in rows], [place[node] for _, node, _ in rows],
                    [[ins[k] if k < len(ins) else 0 for _, _, ins in rows] for k in range(width)])
    wrt = {n: place[node] for n, node in graph.inputs.items() if node.active}
    return loops(name, parameters(graph), place[graph.output], wrt, [kinds[k] for k in common], width), numbers, tables


def parameters(graph: Graph) -> tuple[str, ...]:
    """What the text calls the inputs: names of its own are not for them."""
    return tuple([f"{n}_" if n in RESERVED else n for n in graph.inputs])


def ancestors(graph: Graph) -> set[Node]:
    """The nodes that the output depends on: no gradient reaches the others."""
    found = {graph.output}
    for node in reversed(graph.nodes):
        if node in found:
            found.update([x for x in node.inputs if x.__class__ is Node])
    return found


def key_of(node: Node) -> Any:
    """What tells kinds apart: the operation, its constants, which inputs have gradients, and numbers that its rule looks at."""
    op = node.op
    constants = repr(sorted(node.constants.items())) if node.constants else ""
    literals = tuple([x if x.__class__ in (int, float) else None for x in node.inputs]) if op.asks_literals else ()    # type: ignore[union-attr]
    return op, constants, tuple([x.__class__ is Node and x.active for x in node.inputs]), len(node.inputs), literals


def kind_of(node: Node) -> Kind:
    """Lower the rule of a node's operation, in places of the list of numbers.

    Raises
    ------
    NotLowerable
    """
    op = node.op
    assert op is not None
    names = [f"{op.inputs[0]}_{k}" for k in range(len(node.inputs))] if op.variadic else list(op.inputs)
    here = {n: f"v[{PLACES[k]}]" for k, n in enumerate(names)}
    values = [x.value if x.__class__ is Node else x for x in node.inputs]
    examples = dict(zip(names, [bool(x) if isinstance(x, (bool, np.bool_)) else float(x) for x in values], strict=True))
    lines, (result,) = lowered(node, [None], examples, here)
    forward = [*lines, f"v[k] = {result}"]
    active = [i for i, x in enumerate(node.inputs) if x.__class__ is Node and x.active] if op.backward is not None else []
    if not active or not node.active:
        return Kind(op.name, forward, [])
    g, out = op.backward.parameters[:2]                                  # type: ignore[union-attr]
    lines, results = lowered(node, active, {g: 0.5, out: float(node.value), **examples}, {g: "g", out: "v[k]", **here})
    return Kind(op.name, forward, [*lines, *[f"d[{PLACES[i]}] += {r}" for i, r in zip(active, results, strict=True) if r]])


def lowered(node: Node, parts: Sequence[int | None], examples: dict[str, Any], here: dict[str, str]) -> tuple[list[str], list[str]]:
    """(lines, results) of parts of a rule: None is the operation itself, a number the gradient of that input."""
    op = node.op
    assert op is not None
    values = tuple([x.value if x.__class__ is Node else x for x in node.inputs])
    body: list[str] = []
    results: list[str] = []
    calls: dict[str, Any] = {}
    for i in parts:
        t = template(op, ((),) * len(values), node.constants or {}, values, node.value, i)
        known: dict[str, Any] = {hint: Symbol(hint.strip("$") + ("" if i is None else f"_{i}")) for hint, _ in t.temporaries}
        if op.asks_literals:                     # then a number of the author's tells this kind from others, and may stand in its text
            known |= {n: Constant(x) for n, x in zip(op.inputs, node.inputs, strict=True) if x.__class__ in (int, float)}
        body += [f"    {known[hint].name} = {written(substitute(e, known))}" for hint, e in t.temporaries]
        results.append("None" if t.expression is None else written(substitute(t.expression, known)))
        calls |= {c.name: c for c in t.calls}
    text = "\n\n".join([*definitions(calls), "\n".join([f"def rule({', '.join(examples)}):", *body, f"    return ({', '.join(results)},)"])])
    return numbers_only(text, examples, here)


# ---- writing the loops --------------------------------------------------------------------------------------------------------

def loops(name: str, inputs: tuple[str, ...], output: int, wrt: dict[str, int], kinds: list[Kind], width: int) -> str:
    """The text of the program."""
    places = ", ".join(PLACES[:width])
    names = ", ".join(inputs)

    def chain(which: int) -> list[str]:
        lines = []
        for k, kind in enumerate(kinds):
            lines += [f"            {'if' if k == 0 else 'elif'} kind == {k}:" + " " * 20 + f"# {kind.name}",
                      *[f"                {line}" for line in (kind.backward if which else kind.forward) or ["pass"]]]
        return lines
    strict = f"not {' is '.join([f'{n}.__class__' for n in inputs])} is float"
    found = ", ".join([f"{n!r}: d[{k}]" for n, k in wrt.items()])
    return "\n".join([
        f"def {name}({', '.join(inputs)}, refusing=True):",
        f"    if refusing and ({strict}): return elsewhere({names})",
        "    v = [*numbers]                               # all values: inputs, constants, then a place for each row of the tables",
        f"    v[:{len(inputs)}] = {names}{',' if len(inputs) == 1 else ''}",
        "    d = [0.0] * len(v)                           # and their gradients",
        "    try:",
        f"        for kind, k, {places} in zip(tables.kinds, tables.places, *tables.inputs):",
        *chain(0),
        f"        d[{output}] = 1.0",
        f"        for kind, k, {places} in zip(reversed(tables.kinds), reversed(tables.places), *map(reversed, tables.inputs)):",
        "            g = d[k]",
        *chain(1),
        "    except (ArithmeticError, ValueError):",
        f"        return elsewhere({names})",
        f"    return v[{output}], {{{found}}}", ""])
