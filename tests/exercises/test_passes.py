"""Graphs of gates and the four forms of the backward pass: right ones pass, each planted mistake is refused with its name."""
from __future__ import annotations

import numpy as np
import pytest

import backproplab as bl
from backproplab.exercises import (
    check_grad_table,
    check_graph,
    check_path_recursion,
    check_version_a,
    check_version_b,
    gate_program,
    local_graph,
)
from backproplab.exercises.cases import CASES
from backproplab.exercises.mistakes import MISTAKES

solved = pytest.importorskip("tests.solutions.lesson_05", reason="solutions are in the repository alone, not in a source distribution")
ComputationalGraph, back_propagation, over_paths = solved.ComputationalGraph, solved.back_propagation, solved.over_paths
version_a, version_b = solved.version_a, solved.version_b
def said(report):
    """What a report prints, its lines joined."""
    return " ".join(repr(report).split())


RIGHT = [(check_graph, ComputationalGraph), (check_version_a, version_a), (check_version_b, version_b), (check_grad_table, back_propagation),
         (check_path_recursion, over_paths)]


@pytest.mark.parametrize("check, solution", RIGHT, ids=[s.__name__ for _, s in RIGHT])
def test_the_solution_passes_and_the_report_shows_the_numbers(check, solution):
    report = check(solution)
    assert report.passed, report
    assert "g_x = 1208.38" in repr(report) and "g_u2 = 1.13167" in repr(report)


def test_reports_are_the_same_every_time():
    assert [repr(check(solution)) for check, solution in RIGHT] == [repr(check(solution)) for check, solution in RIGHT]


# A graph of gates ----------------------------------------------------------------------------------------------------------------

class Graph(ComputationalGraph):
    """Right, with the parts that the planted mistakes change."""

    order = staticmethod(reversed)
    seed = 1.0

    def add(self, gradients, n, sent):
        gradients[n] += sent

    def backward(self):
        gradients = dict.fromkeys([*self.inputs, *self.gates], 0.0)
        gradients[self.output] = self.seed
        for name, _, names in self.order(self.program):
            for n, sent in zip(names, self.gates[name].backward(gradients[name]), strict=True):
                self.add(gradients, n, sent)
        return {n: gradients[n] for n in self.inputs}


class Assigns(Graph):
    def add(self, gradients, n, sent):
        gradients[n] = sent


class KeepsTheFirst(Graph):
    def add(self, gradients, n, sent):
        gradients[n] = gradients[n] or sent


class Multiplies(Graph):
    def add(self, gradients, n, sent):
        gradients[n] = gradients[n] * sent if gradients[n] else sent


class Forward(Graph):
    order = staticmethod(iter)


class NoSeed(Graph):
    seed = 0.0


class OneGateForAll(Graph):
    def __init__(self, program):
        super().__init__(program)
        one: dict = {}
        self.gates = {name: one.setdefault(cls, cls()) for name, cls, _ in program}


class KeepsGradients(Graph):
    def backward(self):
        if not hasattr(self, "gradients"):
            self.gradients = dict.fromkeys([*self.inputs, *self.gates], 0.0)
        self.gradients[self.output] = 1.0
        for name, _, names in reversed(self.program):
            for n, sent in zip(names, self.gates[name].backward(self.gradients[name]), strict=True):
                self.gradients[n] += sent
        return {n: self.gradients[n] for n in self.inputs}


class SharedByTheClass(Graph):
    values: dict = {}

    def forward(self, inputs):
        SharedByTheClass.latest = self
        return super().forward(inputs)

    def backward(self):
        return Graph.backward(SharedByTheClass.latest)


class ReturnsNothing(Graph):
    def backward(self):
        super().backward()


class ReturnsAList(Graph):
    def backward(self):
        return list(super().backward().values())


class Incomplete(Graph):
    def backward(self):
        found = super().backward()
        return {n: found[n] for n in list(found)[:1]}


class NothingForward(Graph):
    def forward(self, inputs):
        super().forward(inputs)


class WrongForward(Graph):
    def forward(self, inputs):
        return super().forward(inputs) + 1


class NoMethod:
    def __init__(self, program):
        self.program = program


class Stops(Graph):
    def backward(self):
        return {n: self.gradients[n] for n in self.inputs}


GRAPHS = {
    Assigns: ("t is used by u1 and u2", "increment with +=, do not assign with ="),
    KeepsTheFirst: ("t is used by u1 and u2", "only one contribution is left"),
    Multiplies: ("between paths one adds",),
    Forward: ("in the order of the computation", "in reverse"),
    NoSeed: ("everything is 0: begin with the gradient of the output, which is 1",),
    OneGateForAll: ("one gate object serves several lines", "the gradient of x is 25, and the engine has 15"),
    KeepsGradients: ("backward() once more gives", "every pass begins with all gradients 0"),
    SharedByTheClass: ("Two graphs at once disturb each other",),
    ReturnsNothing: ("the gradients are not returned", "{'x': ..., 'y': ..., 'z': ...}"),
    ReturnsAList: ("what comes back is a list",),
    Incomplete: ("there is no gradient for y and z",),
    NothingForward: ("forward returns nothing",),
    WrongForward: ("forward gives -11 at x = -2, y = 5, z = -4, and f is -12",),
    NoMethod: ("needs a method forward",),
    Stops: ("Nothing stored self.gradients before", "return {n: self.gradients[n] for n in self.inputs}"),
}


@pytest.mark.parametrize("cls, words", GRAPHS.items(), ids=[c.__name__ for c in GRAPHS])
def test_a_planted_mistake_in_a_graph_is_named(cls, words):
    report = check_graph(cls)
    assert not report.passed
    for part in words:
        assert part in said(report), report


# The textbook forms --------------------------------------------------------------------------------------------------------------

def assigns(graph):
    gradients = {graph.output: 1.0}
    for v in reversed(graph.order[:-1]):
        for u in graph.children[v]:
            gradients[v] = gradients[u] * graph.local[u, v]
    return gradients


def assigns_b(graph):
    gradients = dict.fromkeys(graph.order, 0.0) | {graph.output: 1.0}
    for u in reversed(graph.order):
        for v in graph.parents[u]:
            gradients[v] = gradients[u] * graph.local[u, v]
    return gradients


def by_distance(graph):
    gradients = dict.fromkeys(graph.order, 0.0) | {graph.output: 1.0}
    todo = [graph.output]
    for u in todo:
        for v in graph.parents[u]:
            gradients[v] += gradients[u] * graph.local[u, v]
            if v not in todo:
                todo.append(v)
    return gradients


def forward_order(graph):
    gradients = dict.fromkeys(graph.order, 0.0) | {graph.output: 1.0}
    for u in graph.order:
        for v in graph.parents[u]:
            gradients[v] += gradients[u] * graph.local[u, v]
    return gradients


def too_early(graph):
    gradients = {graph.output: 1.0}
    for v in graph.order[:-1]:
        gradients[v] = sum(gradients[u] * graph.local[u, v] for u in graph.children[v])
    return gradients


def local_alone(graph):
    return {v: sum(graph.local[u, v] for u in graph.children[v]) if v != graph.output else 1.0 for v in graph.order}


def upstream_alone(graph):
    gradients = dict.fromkeys(graph.order, 0.0) | {graph.output: 1.0}
    for u in reversed(graph.order):
        for v in graph.parents[u]:
            gradients[v] += gradients[u]
    return gradients


def added(graph):
    gradients = dict.fromkeys(graph.order, 0.0) | {graph.output: 1.0}
    for u in reversed(graph.order):
        for v in graph.parents[u]:
            gradients[v] += gradients[u] + graph.local[u, v]
    return gradients


def by_paths(graph):
    return {v: over_paths(graph, v) for v in graph.order}


def no_seed(graph):
    gradients = dict.fromkeys(graph.order, 0.0)
    for u in reversed(graph.order):
        for v in graph.parents[u]:
            gradients[v] += gradients[u] * graph.local[u, v]
    return gradients


def turned_around(graph):
    return {v: graph.local[v, graph.children[v][0]] for v in graph.order}


def without_parameters():
    return {}


def unnamed(graph):
    return dict.fromkeys(graph.order, 1.2345)


PASSES = [
    (check_version_a, assigns, ("is used by", "increment with +=")), (check_version_b, assigns_b, ("is used by", "increment with +=")),
    (check_grad_table, assigns, ("is used by",)), (check_version_b, by_distance, ("the distance from the output is not enough", "used by k and e")),
    (check_version_b, forward_order, ("in the order of the computation",)), (check_version_a, too_early, ("visited too late", "KeyError: 'q'")),
    (check_version_a, local_alone, ("the local derivatives are passed on alone",)),
    (check_version_b, upstream_alone, ("the upstream gradients are passed on alone",)),
    (check_version_b, added, ("Along a path they are multiplied",)), (check_version_b, no_seed, ("begin with the gradient of the output",)),
    (check_version_a, by_paths, ("computed again and again", "edges")), (check_grad_table, by_paths, ("computed again and again",)),
    (check_version_a, version_b, ("That is Version B",)), (check_version_b, version_a, ("That is Version A",)),
    (check_version_a, turned_around, ("KeyError", "`return {v: graph.local")),
    (check_version_a, unnamed, ("the output changes just as fast as itself",)),
    (check_version_a, lambda graph: version_a(graph) | {graph.inputs[0]: 7.5}, ("Its children are q: add up gradient times local derivative",)),
    (check_version_a, without_parameters, ("no more and no fewer",)),
    (check_path_recursion, lambda graph, name: over_paths(graph, graph.inputs[0]), ("the engine has",)),
    (check_path_recursion, lambda graph, name: ..., ("is still `...`: that part is to be written",)),
    (check_path_recursion, lambda graph, name: sum(over_paths(graph, u) for u in graph.children[name]), ("the engine has",)),
]


@pytest.mark.parametrize("check, function, words", PASSES, ids=[f"{c.__name__} {f.__name__}" for c, f, _ in PASSES])
def test_a_planted_mistake_in_a_pass_is_named(check, function, words):
    report = check(function)
    assert not report.passed
    for part in words:
        assert part in said(report), report


def test_a_recursion_without_an_end_is_told_where_to_stop():
    def endless(graph, name):
        return endless(graph, name)
    assert "at the output, where the answer is 1" in said(check_path_recursion(endless))


def test_a_recursion_that_remembers_is_told_what_it_is():
    def remembering(graph, name, memory={}):                             # noqa: B006
        key = (graph, name)
        if key not in memory:
            memory[key] = 1.0 if name == graph.output else sum(remembering(graph, u) * graph.local[u, name] for u in graph.children[name])
        return memory[key]
    report = check_path_recursion(remembering)
    assert report.passed and "it remembers what it has found" in said(report)
    assert "looked up 252 local derivatives" in said(check_path_recursion(over_paths))


def test_every_known_mistake_has_a_planted_one():
    told = "\n".join(said(r) for r in [*(check_graph(c) for c in GRAPHS), *(check(f) for check, f, _ in PASSES)])
    for mistake in MISTAKES:
        part = max(mistake.says.replace("{users}", "{fork}").split("{fork}"), key=len)
        assert part.strip() in told, mistake.id


@pytest.mark.parametrize("check", [check_version_a, check_version_b, check_grad_table, check_path_recursion, check_graph])
@pytest.mark.parametrize("given", [None, 3, {}, int])
def test_what_is_no_function_or_class_is_refused_in_words(check, given):
    if check is check_graph and given is int:
        assert not check(given)
        return
    with pytest.raises(bl.BackpropError, match="Give the (function|class) itself"):
        check(given)


# What they walk over -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_local_graph_holds_every_edge_and_every_local_derivative(case):
    run = case.run()
    graph = local_graph(run)
    assert graph.order == tuple(run.variables) and graph.output == run.output and graph.inputs == tuple(run.inputs)
    for v, variable in run.variables.items():
        assert set(graph.children[v]) == {c.consumer for c in variable.uses}
        for c in variable.uses:
            assert graph.local[c.consumer, v] == pytest.approx(c.local, rel=1e-12) and v in graph.parents[c.consumer]


def test_a_local_graph_cannot_be_changed_and_prints_its_edges():
    graph = local_graph(CASES[0].function, **CASES[0].inputs)
    with pytest.raises(TypeError):
        graph.local["q", "x"] = 2.0
    assert repr(graph) == "inputs x, y, z; output f\nq <- x (1), y (1)\nf <- q (-4), z (3)"


def test_arrays_have_no_local_graph():
    with pytest.raises(bl.ShapeError, match="one number for each edge"):
        local_graph(lambda x: np.sum(x * x), np.ones(3))


def test_a_program_of_gates_computes_the_run_and_equal_lines_share_a_class():
    def f(x, y, z):
        q = x * y
        r = q * z
        f = np.exp(r) + 2 * x
        return f
    lines = gate_program(f, 0.2, 0.3, 0.5)
    assert [(name, cls.__name__, names) for name, cls, names in lines] == [
        ("q", "Multiply", ("x", "y")), ("r", "Multiply", ("q", "z")), ("f", "Gate", ("r", "x"))]
    assert lines[0][1] is lines[1][1]
    graph = ComputationalGraph(lines)
    run = bl.trace(f, 0.2, 0.3, 0.5)
    assert graph.forward({"x": 0.2, "y": 0.3, "z": 0.5}) == pytest.approx(run.value, rel=1e-12)
    assert graph.backward() == pytest.approx({n: run.grads[n] for n in "xyz"}, rel=1e-12)
