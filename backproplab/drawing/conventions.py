"""The rules of each convention of drawing, as data, and a checker that names the broken ones.

It judges this package's drawings and a learner's own: a networkx graph whose nodes say their `shape` ("box", "circle", "dot"), what
stands `inside` and `outside`, and their `role`, and whose edges may have a `label`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..engine.errors import listed
from ..engine.run import Run
from .errors import DrawingError
from .marks import Formula, Grid, Mark
from .model import Drawing

LEAVES = ("input", "parameter", "constant")


@dataclass(frozen=True)
class Node:
    """A node as the rules see it. `shape` is "" where nobody said one; `above` and `below` are the kinds of numbers beside its wire."""

    name: str
    shape: str
    role: str
    inside: str
    outside: str
    above: str = ""
    below: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    source: str
    target: str
    label: str
    head: bool


@dataclass(frozen=True)
class Sketch:
    """A picture as the rules see it."""

    nodes: dict[str, Node]
    links: tuple[Link, ...]
    run: Run | None


@dataclass(frozen=True)
class Rule:
    """One rule: what it asks, and a function that finds what breaks it."""

    name: str
    says: str
    broken: Callable[[Sketch], Iterator[str]]


@dataclass(frozen=True)
class Broken:
    """A broken rule and where it is broken."""

    rule: str
    says: str
    where: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.says} Here: {'; '.join(self.where[:6])}{f'; and {len(self.where) - 6} more' * (len(self.where) > 6)}."


class Findings(tuple[Broken, ...]):
    """The broken rules of a picture; empty when it keeps all of them. Prints as sentences."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "Every rule of this convention is kept."

    __repr__ = __str__


# ---- the rules -----------------------------------------------------------------------------------------------------------

def _shape(*allowed: str) -> Callable[[Sketch], Iterator[str]]:
    def broken(s: Sketch) -> Iterator[str]:
        for n in s.nodes.values():
            if n.shape and n.shape not in allowed:
                yield f"{n.name} is a {n.shape}"
    return broken


def _function_inside(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        if n.role not in LEAVES and not n.inside:
            yield f"{n.name} is empty"


def _name_outside(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        if n.role not in LEAVES and not n.outside:
            yield f"{n.name} has no name beside it"
        if n.role not in LEAVES and n.inside == n.name:
            yield f"{n.name} has its name where its function belongs"


def _unlabelled(s: Sketch) -> Iterator[str]:
    for e in s.links:
        if e.label:
            yield f"the edge {e.source} to {e.target} says {e.label!r}"


def _directed(s: Sketch) -> Iterator[str]:
    for e in s.links:
        if not e.head:
            yield f"the edge {e.source} to {e.target} has no arrow head"


def _acyclic(s: Sketch) -> Iterator[str]:
    import networkx as nx
    graph = nx.DiGraph([(e.source, e.target) for e in s.links])
    if not nx.is_directed_acyclic_graph(graph):
        yield f"a circle leads through {listed([a for a, _ in nx.find_cycle(graph)])}"


def _complete(s: Sketch) -> Iterator[str]:
    if s.run is not None:
        there = {m for n in s.nodes.values() for m in (n.name, *n.members)}
        for name, v in s.run.variables.items():
            if name not in there:
                yield f"{name} ({v.role}) is missing"


def _joined(s: Sketch) -> Iterator[str]:
    """Every edge of the function is there, and none that is not."""
    if s.run is not None and all(n in s.run.variables for n in s.nodes):
        wanted = {(i, v.name) for v in s.run.variables.values() for i in v.inputs if i in s.nodes and v.name in s.nodes}
        drawn = {(e.source, e.target) for e in s.links}
        for a, b in sorted(wanted - drawn):
            yield f"{b} uses {a}, and no edge says so"
        for a, b in sorted(drawn - wanted):
            yield f"{b} does not use {a}" + (f": {a} uses {b}, the arrow points the wrong way" if (b, a) in wanted else "")


def _weighted(s: Sketch) -> Iterator[str]:
    for e in s.links:
        if not e.label:
            yield f"the edge {e.source} to {e.target} has no weight on it"


def _network_of(s: Sketch) -> tuple[set[str], set[str]] | None:
    """(units, weights) of the function, or None where it is not known or holds no network."""
    from .structure import structure
    try:
        found = None if s.run is None else structure(s.run)
    except DrawingError:
        return None
    return None if found is None else ({n for layer in found.layers for n in layer}, set(found.weights.values()))


def _no_intercept(s: Sketch) -> Iterator[str]:
    units, weights = _network_of(s) or (None, set())
    for n in s.nodes.values():
        if n.name in weights:
            yield f"{n.name} is a weight, it belongs on an edge"
            continue
        leaf = s.run is not None and n.name in s.run.variables and n.role in LEAVES
        if n.role == "intercept" or n.inside in ("1", "+1", "bias") or leaf and units is not None and n.name not in units:
            yield f"{n.name} is no unit"


def _no_loss(s: Sketch) -> Iterator[str]:
    units, _ = _network_of(s) or (None, set())
    for n in s.nodes.values():
        computed = s.run is not None and n.name in s.run.variables and s.run.variables[n.name].expression is not None
        if n.role == "loss" or units is not None and computed and n.name not in units:
            yield f"{n.name} is no unit of the network"


def _variable_inside(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        if n.shape != "dot" and not n.inside:
            yield f"{n.name} is empty"


def _operations_said(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        if n.shape == "dot" and not n.outside and not any(e.label for e in s.links if e.source == n.name):
            yield f"nothing says which operation leads to {', '.join(e.target for e in s.links if e.source == n.name)}"
    for e in s.links:
        if not any(s.nodes[x].shape == "dot" for x in (e.source, e.target)) and not e.label:
            yield f"nothing says which operation leads from {e.source} to {e.target}"


def _join(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        sources = [e.source for e in s.links if e.target == n.name]
        if n.shape != "dot" and len(sources) > 1:
            yield f"{listed(sources)} reach {n.name} without joining"


def _numbers(s: Sketch) -> Iterator[str]:
    for n in s.nodes.values():
        if "g" in n.above or "v" in n.below:
            yield f"at {n.name} value and gradient have changed places"
        elif "v" not in n.above:
            yield f"the wire of {n.name} has no value above it"


CONVENTIONS: dict[str, tuple[str, tuple[Rule, ...]]] = {
    "boxes": ("computation graph", (
        Rule("rectangles", "Nodes are rectangles.", _shape("box")),
        Rule("function inside", "The function of a node stands inside.", _function_inside),
        Rule("name outside", "The variable's name stands beside its node; only a leaf has its name inside.", _name_outside),
        Rule("edges without labels", "Edges carry no labels.", _unlabelled),
        Rule("directed edges", "Every edge is an arrow.", _directed),
        Rule("no circles", "Nothing depends on itself.", _acyclic),
        Rule("everything is a node", "Every input, parameter, constant, intercept and label is a node.", _complete),
        Rule("edges as in the function", "An edge leads from each variable to each that uses it.", _joined))),
    "network": ("neural network diagram", (
        Rule("circles", "Nodes are circles, one for each unit.", _shape("circle")),
        Rule("variable inside", "The variable of a unit stands inside.", _variable_inside),
        Rule("weights on edges", "Edges are labelled by weights.", _weighted),
        Rule("no intercept", "Only units are nodes: weights, intercepts and labels are not.", _no_intercept),
        Rule("no loss", "The loss is not drawn.", _no_loss))),
    "variables": ("graph of variables", (
        Rule("variables are circles", "Nodes are variables, in circles; operations are no nodes.", _shape("circle", "dot")),
        Rule("variable inside", "The variable stands inside.", _variable_inside),
        Rule("operations on edges", "The operation stands beside the edge.", _operations_said),
        Rule("inputs join", "The inputs of one operation join at a dot.", _join))),
    "gates": ("circuit of gates", (
        Rule("round gates", "An operator stands in a circle.", _shape("circle", "pill", "plain")),
        Rule("operator inside", "The operator stands inside its gate.", _function_inside),
        Rule("numbers at wires", "Values stand above the wires, gradients below.", _numbers),
        Rule("no circles", "Nothing depends on itself.", _acyclic))),
}


def check_convention(picture: Any, convention: str | None = None, run: Run | None = None) -> Findings:
    """Which rules of a convention a picture breaks.

    Parameters
    ----------
    picture : Drawing, figure of `bl.draw`, or networkx.DiGraph
        A learner's own graph says with node attributes ``shape`` ("box", "circle", "dot"), ``inside``, ``outside`` and ``role`` ("input",
        "parameter", "constant", "operation", "output", "intercept", "loss"), and with the edge attribute ``label``, what it draws.
    convention : {"boxes", "network", "variables", "gates"}, optional
        By default the style of the drawing.
    run : Run, optional
        The function that the picture is of: then missing nodes and wrong edges are found too. A drawing of this package knows its own.

    Returns
    -------
    Findings
        A tuple of `Broken`, which prints as sentences; empty when every rule is kept.

    Raises
    ------
    DrawingError
        For a convention that does not exist, or something that is no picture.
    """
    picture = getattr(picture, "drawing", picture)
    if convention is None and isinstance(picture, Drawing):
        convention = picture.style
    if convention not in CONVENTIONS:
        raise DrawingError(f"checking a picture by the convention {convention!r}", f"there are {listed(CONVENTIONS)}", "Choose one of these.")
    sketch = _sketch(picture, picture.run if run is None and isinstance(picture, Drawing) else run)
    found = [(rule, tuple(rule.broken(sketch))) for rule in CONVENTIONS[convention][1]]
    return Findings(Broken(rule.name, rule.says, where) for rule, where in found if where)


def _sketch(picture: Any, run: Run | None) -> Sketch:
    if isinstance(picture, Drawing):
        nodes = {n: Node(n, b.shape, b.role, _text(b.inside), _text(b.outside), *_kinds(b.outside, b.y + b.h / 2, picture.down),
                         tuple(b.data.get("members", ()))) for n, b in picture.boxes.items()}
        links = tuple(Link(e.source, e.target, _text(e.label), e.head) for e in picture.edges.values() if e.source != e.target)
        return Sketch(nodes, links, run)
    if not (hasattr(picture, "nodes") and hasattr(picture, "edges") and hasattr(picture, "is_directed")):
        raise DrawingError("checking a picture", f"it is {type(picture).__name__}", "Give a drawing, a figure of bl.draw, or a networkx.DiGraph.")
    nodes = {}
    for n, given in picture.nodes(data=True):
        leaf = picture.is_directed() and not picture.in_degree(n)
        nodes[str(n)] = Node(str(n), given.get("shape", ""), given.get("role", "input" if leaf else "operation"), str(given.get("inside", "")),
                             str(given.get("outside", "")), str(given.get("above", "")), str(given.get("below", "")))
    return Sketch(nodes, tuple(Link(str(a), str(b), str(given.get("label", "")), picture.is_directed()) for a, b, given in picture.edges(data=True)),
                  run)


def _text(marks: tuple[Mark, ...]) -> str:
    """Names, formulas and remarks among marks; numbers do not count."""
    return " ".join(m.data["say"] if isinstance(m, Formula) else m.text for m in marks if not isinstance(m, Grid)
                    and getattr(m, "role", "") not in ("v", "g"))


def _kinds(marks: tuple[Mark, ...], middle: float, down: bool) -> tuple[str, str]:
    """Roles of the numbers above and below a wire; beside it, the upper one counts as above."""
    numbers = [(m.y, m.role) for m in marks if not isinstance(m, (Formula, Grid)) and m.role in ("v", "g")]
    if down:
        numbers.sort()
        return "".join(r for _, r in numbers[:1]), "".join(r for _, r in numbers[1:])
    return "".join(r for y, r in numbers if y < middle), "".join(r for y, r in numbers if y >= middle)
