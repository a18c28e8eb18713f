"""The backward pass as textbooks write it, written by a learner: Versions A and B, the grad_table, and the recursion over paths.

Each is a function of a `LocalGraph`. It is tried on public cases, its numbers are compared with the engine's, and the looks it took at the
graph are counted: that is how a pass that computes things again, or one that pushes where it should pull, is told apart.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..engine.errors import InputError, listed
from .calling import attempt
from .cases import CASES, LADDER
from .gates import told
from .graphs import gradients_of
from .local_graph import LocalGraph, local_graph
from .mistakes import named
from .report import Fault, Report, agree, number

PULLED = ("the numbers are right, and it pulls: it asks each variable for its children. That is Version A; Version B visits a variable and "
          "increments its parents.")
PUSHED = ("the numbers are right, and it pushes: it goes to the parents of each variable. That is Version B; Version A asks a variable for its "
          "children and adds up.")


def check_version_a(function: Callable[..., Any]) -> Report:
    """Try a learner's Version A: visit the variables in reverse topological order, and gather each gradient from its children.

    Parameters
    ----------
    function : callable
        ``function(graph)`` takes a `LocalGraph` and returns a dict with the gradient of every variable.

    Returns
    -------
    Report
    """
    return check(function, lambda graph: graph.order, lambda graph: PUSHED if graph.parents.looks and not graph.children.looks else "")


def check_version_b(function: Callable[..., Any]) -> Report:
    """Try a learner's Version B: all gradients start at 0 but the output's, and each visited variable increments those of its parents.

    Parameters
    ----------
    function : callable
        ``function(graph)`` takes a `LocalGraph` and returns a dict with the gradient of every variable.

    Returns
    -------
    Report
    """
    return check(function, lambda graph: graph.order, lambda graph: PULLED if graph.children.looks and not graph.parents.looks else "")


def check_grad_table(function: Callable[..., Any]) -> Report:
    """Try a learner's grad_table: a table filled from the output down, each entry computed once from entries that stand already.

    Parameters
    ----------
    function : callable
        ``function(graph)`` takes a `LocalGraph` and returns a dict with the gradient of every input; more entries do no harm.

    Returns
    -------
    Report
    """
    return check(function, lambda graph: graph.inputs, lambda graph: "")


def check_path_recursion(function: Callable[..., Any]) -> Report:
    """Try a learner's recursion over paths, which keeps nothing, and count what it costs.

    Parameters
    ----------
    function : callable
        ``function(graph, name)`` takes a `LocalGraph` and the name of a variable, and returns the gradient of the output by it.

    Returns
    -------
    Report
        With the number of local derivatives it looked up on a ladder of diamonds, beside the number of edges.
    """
    refuse(function)
    report = check(lambda graph: {n: function(graph, n) for n in graph.inputs}, lambda graph: graph.inputs, lambda graph: "", costly=True,
                   name=called_by(function))
    if not report.passed:
        return report
    graph = local_graph(LADDER.run())
    function(graph, graph.inputs[0])
    edges = len(graph.local)
    cost = f"{LADDER.title} has {edges} edges and {count_of_paths(graph)} paths; it looked up {graph.local.looks} local derivatives"
    if graph.local.looks <= 2 * edges:
        cost += ", so it remembers what it has found: that is a grad_table already. Without memory it would take far more"
    return Report(report.name, (*report.right, f"{cost}."))


def refuse(function: Any) -> None:
    """What is no function cannot be checked.

    Raises
    ------
    InputError
    """
    if not callable(function) or isinstance(function, type):
        raise InputError("checking a backward pass", f"a {'class' if isinstance(function, type) else type(function).__name__} came",
                         "Give the function itself, without calling it: check_version_a(version_a).")


def called_by(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)


def check(function: Callable[..., Any], wanted: Callable[[LocalGraph], tuple[str, ...]], remark: Callable[[LocalGraph], str], costly: bool = False,
          name: str = "") -> Report:
    """All cases through one function."""
    name = name or called_by(function)
    refuse(function)
    faults: list[str] = []
    right: list[str] = []
    for case in CASES:
        run = case.run()
        graph = local_graph(run)
        try:
            got = gradients_of(attempt(name, function, graph), wanted(graph))
            judge(got, graph, run.grads)
            if not costly and graph.local.looks > 2 * len(graph.local):
                raise Fault(f"the numbers are right, but it looked up {graph.local.looks} local derivatives, and the graph has "
                            f"{len(graph.local)} edges: something is computed again and again. Keep each gradient in a dict.")
            if remark(graph):
                raise Fault(remark(graph))
            right.append(f"{case.title}: {', '.join(f'g_{n} = {number(run.grads[n])}' for n in graph.inputs)}.")
        except Fault as fault:
            faults.append(f"{case.title}: {fault}")
    return Report(name, tuple(right), tuple(faults))


def judge(got: dict[str, Any], graph: LocalGraph, grads: Any) -> None:
    """The gradients of one pass, all of them right.

    Raises
    ------
    Fault
        For the first wrong one that the pass meets, with what it looks like.
    """
    wrong = [n for n in reversed(graph.order) if n in got and not agree(got[n], grads[n])]
    if not wrong:
        return
    parents = {n: graph.parents.quietly(n) for n in graph.order}

    def local(name: str) -> list[float]:
        return [graph.local.quietly((name, p)) for p in parents[name]]
    sends = {"right": lambda name, g: [g * d for d in local(name)], "local": lambda name, g: local(name),
             "upstream": lambda name, g: [g] * len(parents[name]), "added": lambda name, g: [g + d for d in local(name)]}
    looks = named(got, graph.order, parents, sends)
    n = wrong[0]
    said = f"the gradient of {n} is {told(got[n])}, and the engine has {number(grads[n])}."
    if looks:
        raise Fault(f"{said} A common mistake gives this: {looks}")
    raise Fault(f"{said} Here the pass begins: the output changes just as fast as itself." if n == graph.output else
                f"{said} Its children are {listed(graph.children.quietly(n))}: add up gradient times local derivative over them.")


def count_of_paths(graph: LocalGraph) -> int:
    """Paths from the first input to the output, counted from the output back."""
    counts: dict[str, int] = {graph.output: 1}
    for name in reversed(graph.order[:-1]):
        counts[name] = sum(counts[c] for c in graph.children.quietly(name))
    return counts[graph.inputs[0]]
