"""One forward and one backward pass of a function, with every step and every number: what everything else here reads."""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from .calling import OPTIONS, active_inputs, bound_call
from .errors import TraceError, UnknownNameError, listed
from .expressions import Constant, Expression, evaluate, substitute, symbols
from .folding import Contribution, Folding, Variable
from .graph import Branch, Graph
from .program import Printed, program
from .sources import lines_of
from .tracing import function_name, record
from .walk import Term, backward


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One variable visited, forward or backward.

    Attributes
    ----------
    phase : str
        "forward" or "backward".
    variable : Variable
    expression : Expression or None
        Forward: what computes the variable; None for an input. Backward: the sum of the contributions; None where there is none
        (at the output, whose gradient is given, and at a variable that the output does not use).
    substituted : Expression or None
        The same with the values of scalar variables put in.
    value : float64 or ndarray
        Forward: the variable's value. Backward: its gradient.
    contributions : tuple of Contribution
        Backward: one for each consumer, with upstream, local derivative, their product and the running sum.
    """

    phase: str
    variable: Variable
    expression: Expression | None
    substituted: Expression | None
    value: Any
    contributions: tuple[Contribution, ...] = ()

    @property
    def name(self) -> str:
        return self.variable.name

    @property
    def line(self) -> int:
        return self.variable.line


class Run:
    """A function, traced at one point.

    Attributes
    ----------
    name : str
        The function's name.
    value : float64 or ndarray
        What the function returned.
    values : mapping of str to value
        Every named variable, by the author's names.
    grads : mapping of str to gradient
        The gradient of the output by every named variable that has one, each in its variable's shape.
    variables : mapping of str to Variable
        In the order of computation, unnamed sub-expressions folded in.
    steps : tuple of Step
        All forward steps, then all backward steps.
    output : str
        The output's name.
    branches : tuple of Branch
        Decisions that the function took by looking at values; the graph holds for these only.
    code : tuple of (int, str)
        Lines of the author's function, with their numbers in its file.
    """

    def __init__(self, graph: Graph, cotangent: Any = None, name: str = "f", function: Callable[..., Any] | None = None, folded: bool = True) -> None:
        self.graph, self.name, self.function = graph, name, function
        self.cotangent = cotangent
        self._folded = folded
        self.value = graph.output.value
        self.output = graph.output.name or "y"
        self.branches: tuple[Branch, ...] = tuple(graph.branches)
        self._terms: dict[int, list[Term]] = {}
        self._gradients = backward(graph, cotangent, self._terms)

    @functools.cached_property
    def values(self) -> Mapping[str, Any]:
        return MappingProxyType({n.name: n.value for n in self.graph.nodes if n.name})

    @functools.cached_property
    def grads(self) -> Mapping[str, Any]:
        found = self._gradients
        return MappingProxyType({n.name: found[n.index] if n.index in found else np.zeros(n.shape)[()] for n in self.graph.nodes if n.name and n.active})

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs' values, by name, in the function's order."""
        return MappingProxyType({name: n.value for name, n in self.graph.inputs.items()})

    @functools.cached_property
    def _folding(self) -> Folding:
        return Folding(self.graph, self._gradients, self._terms, self._folded)

    @property
    def variables(self) -> Mapping[str, Variable]:
        return MappingProxyType(self._folding.variables)

    @property
    def gradient_symbols(self) -> Mapping[str, str]:
        """A variable's name -> the symbol of its gradient in expressions: g_a, or another where the author uses that name."""
        return MappingProxyType(self._folding.gradient_symbols)

    @property
    def scope(self) -> Mapping[str, Any]:
        """For `evaluate`: NumPy, the operations, every variable's value, every gradient."""
        return MappingProxyType(self._folding.scope)

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        every = list(self.variables.values())
        return tuple([self._forward(v) for v in every] + [self._backward(v) for v in self._backward_order(every)])

    def _backward_order(self, every: list[Variable]) -> list[Variable]:
        """Reverse order of computation; variables without a gradient are not visited."""
        return [v for v in reversed(every) if v.gradient is not None]

    def _forward(self, v: Variable) -> Step:
        return Step("forward", v, v.expression, self.substituted(v.expression), v.value)

    def _backward(self, v: Variable) -> Step:
        from .expressions import total
        e = total([c.expression for c in v.uses]) if v.uses else None
        return Step("backward", v, e, self.substituted(e), v.gradient, v.uses)

    def substituted(self, e: Expression | None) -> Expression | None:
        """e with the numbers of its scalar variables and gradients put in; None when e is None or names an array."""
        if e is None:
            return None
        scope = self._folding.scope
        used = set(symbols(e))
        if any(np.ndim(scope[s]) for s in used):
            return None
        return substitute(e, {s: Constant(scope[s]) for s in used})

    @functools.cached_property
    def code(self) -> tuple[tuple[int, str], ...]:
        return lines_of(self.function, [n.line for n in self.graph.nodes]) if self.function is not None else ()

    @functools.cached_property
    def program(self) -> Printed:
        """The printed program for the inputs that have a gradient."""
        wrt = [n for n, node in self.graph.inputs.items() if node.active]
        return program(self.graph, wrt, self.cotangent is not None, self.name if self.name.isidentifier() else "f")

    def unfolded(self) -> Run:
        """The same run with a variable for every primitive operation; unnamed ones are called t1, t2, ..."""
        return Run(self.graph, self.cotangent, self.name, self.function, folded=False)

    def explain(self, name: str) -> str:
        """Value and gradient of one variable, in words.

        Raises
        ------
        UnknownNameError
            When the function has no variable of that name.
        """
        v = self.variable(name)
        lines = [f"{name} = {v.expression}" if v.expression is not None else f"{name} is given."]
        lines[0] += f" = {shown(v.value)}" if v.expression is not None else f" Its value is {shown(v.value)}."
        if v.gradient is None:
            return lines[0] + " It has no gradient."
        if v.role == "output":
            return "\n".join([*lines, f"{name} is the output: the backward pass starts here with gradient {shown(v.gradient)}."])
        if not v.uses:
            return "\n".join([*lines, f"Nothing that leads to {self.output} uses {name}: its gradient is 0."])
        times = {1: "once", 2: "twice"}.get(len(v.uses), f"{len(v.uses)} times")
        lines.append(f"{name} is used {times}, by {listed([c.consumer for c in v.uses])}.")
        for c in v.uses:
            local = f" = {shown(c.upstream)} times {shown(c.local)}" if c.local is not None and np.ndim(c.upstream) == np.ndim(c.local) == 0 else ""
            lines.append(f"  through {c.consumer}: {c.expression}{local} = {shown(c.value)}")
        lines.append(f"The gradient of {name} is {'their sum, ' if len(v.uses) > 1 else ''}{shown(v.gradient)}.")
        return "\n".join(lines)

    def variable(self, name: str) -> Variable:
        """The variable of that name.

        Raises
        ------
        UnknownNameError
        """
        try:
            return self._folding.variables[name]
        except (KeyError, TypeError):
            raise UnknownNameError(f"looking up {name!r} in {self.name}", f"its variables are {listed(self.variables)}",
                                   "Use one of these names.") from None

    def evaluate(self, e: Expression) -> Any:
        """The number or array that an expression of this run stands for."""
        return evaluate(e, self._folding.scope)

    def __repr__(self) -> str:
        at = ", ".join(f"{n} = {shown(v)}" if np.ndim(v) == 0 else f"{n} of shape {np.shape(v)}" for n, v in self.inputs.items())
        return f"<Run of {self.name} at {at}: {self.output} = {shown(self.value)}>"


def shown(value: Any) -> str:
    """At most six digits; a large array by its corner."""
    if np.ndim(value) == 0:
        return f"{value:.6g}" if np.asarray(value).dtype.kind == "f" else str(value)
    return np.array2string(np.asarray(value), precision=4, threshold=20, suppress_small=True)


def trace(f: Callable[..., Any], /, *args: Any, wrt: Any = None, cotangent: Any = None, inputs: Mapping[str, Any] | None = None,
          **named: Any) -> Run:
    """Run a function once forward and once backward, and record every step.

    Parameters
    ----------
    f : callable
        An ordinary function of NumPy operations. It is not changed, and neither are its arguments: values are copied in.
    *args, **named
        Its inputs, by position or by name: numbers, arrays, lists of numbers. Numbers and float arrays become float64; integer and
        boolean arrays keep their dtype and get no gradient.
    wrt : str or list of str, optional
        The inputs that get a gradient; by default every input of real numbers.
    cotangent : array of the output's shape, optional
        How much each entry of an array output counts; the gradients are those of ``sum(cotangent * output)``.
    inputs : dict, optional
        Inputs by name, for names that are options here too (wrt, cotangent, inputs).

    Returns
    -------
    Run
        With ``.value``, ``.values``, ``.grads``, ``.steps``, ``.variables``, ``.graph``.

    Raises
    ------
    InputError
        For unknown, missing or clashing inputs, and for values that are not real numbers.
    TraceError
        When the function does something that a traced value cannot do, or returns nothing that depends on its inputs.
    ShapeError, NotScalarError
        When shapes do not fit; when the output is an array and no cotangent is given.

    Examples
    --------
    >>> run = trace(lambda x: x * x, 3.0)
    >>> print(run.value, run.grads["x"])
    9.0 6.0
    """
    call = bound_call(f, args, named, inputs, "trace", {"wrt": wrt, "cotangent": cotangent})
    graph = record(f, call.args, call.kwargs, call.inputs, active_inputs(call.inputs, wrt))
    if not graph.output.active:
        names = ", ".join(call.inputs)
        raise TraceError(f"taking the gradient of {graph.output.label} in {function_name(f)}({names})",
                         f"{graph.output.label} is {graph.output!r}, and no input of real numbers reaches it",
                         "Integer and boolean arrays select, they have no gradient: give numbers with a decimal point, such as np.array([1., 2.]), "
                         "and end with a number that is computed from them.")
    if isinstance(cotangent, (list, tuple)):
        cotangent = np.array(cotangent, float)
    return Run(graph, cotangent, function_name(f) if function_name(f) != "the function" else "f", f)


def source(run: Run | Callable[..., Any], /, *args: Any, **inputs: Any) -> str:
    """The run as a NumPy program, forward and backward, in the author's names.

    Parameters
    ----------
    run : Run or callable
        A callable is traced first, with the inputs given.

    Returns
    -------
    str
        Python text that runs on NumPy alone. Its function takes the inputs and returns ``value, {name: gradient}``.

    Raises
    ------
    InputError
        As `trace`, for a callable.
    """
    return as_run(run, args, inputs).program.source


def as_run(run: Any, args: tuple[Any, ...] = (), inputs: Mapping[str, Any] | None = None) -> Run:
    """A Run as it is; a function, traced with its inputs."""
    if isinstance(run, Run) and not args and not inputs:
        return run
    from .errors import InputError
    if isinstance(run, Run):
        raise InputError(f"reading the run of {run.name}", f"inputs came with it: {', '.join([*map(str, args), *(inputs or {})])}",
                         "A run holds its inputs already: leave them out, or give the function itself.")
    return trace(run, *args, **(inputs or {}))


__all__ = ["OPTIONS", "Run", "Step", "as_run", "source", "trace"]
