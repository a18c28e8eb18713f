"""One forward and one backward pass of a function, with every step and every number: what everything else here reads."""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from ..calling import BoundCall
from ..containers import filled
from ..counting import Work, count_work
from ..errors import UnknownNameError, listed
from ..explaining import explain
from ..expressions import Expression
from ..folding import Folding
from ..forms import expanded, folded
from ..forward import checked_directions, forward_steps
from ..graph import Branch, Graph
from ..outputs import outputs_of
from ..program import Printed, program
from ..seeds import seed_of
from ..sources import lines_of
from ..steps import Scope, Step
from ..textbook import backward_steps
from ..values import Named, sealed, shown
from ..variables import Variable
from ..walk import Term, backward, tangents


class Run:
    """A function, traced at one point. `trace` makes it, and it does not change: its arrays are read-only.

    Attributes
    ----------
    name : str
        The function's name.
    value : float64 or ndarray
        What the function returned; of several outputs, the one chosen, or their weighted sum.
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
    outputs : value, or a tuple, list or dict of them
        All that the function returned, as it returned it.
    branches : tuple of Branch
        Decisions that the function took by looking at values; the graph holds for these only.
    graph : Graph
    program : Printed
        The printed program for the inputs that have a gradient; `source` gives its text.
    code : tuple of (int, str)
        Lines of the author's function, with their numbers in its file.
    """

    def __init__(self, graph: Graph, cotangent: Any = None, name: str = "f", function: Callable[..., Any] | None = None, folded: bool = True,
                 hidden: Collection[str] = (), record_again: Callable[..., Graph] | None = None, call: BoundCall | None = None) -> None:
        self.graph, self.name, self.function = graph, name, function
        self.cotangent = cotangent
        self._folded, self._hidden, self._record_again, self._call = folded, frozenset(hidden), record_again, call
        self.value = graph.output.value
        self.output = graph.names[graph.output]
        self.branches: tuple[Branch, ...] = tuple(graph.branches)
        self._terms: dict[Any, list[Term]] = {}
        self._gradients = backward(graph, seed_of(graph, cotangent), self._terms) if graph.output.active else {}
        for g in self._gradients.values():
            sealed(g)                                                    # one array may be the gradient of several variables
        for terms in self._terms.values():
            for t in terms:
                sealed(t.value)
        self._scope = Scope(lambda: self._folding.scope)

    @functools.cached_property
    def values(self) -> Mapping[str, Any]:
        return MappingProxyType(Named("values", {name: n.value for n, name in self.graph.names.items()}))

    @functools.cached_property
    def grads(self) -> Mapping[str, Any]:
        found = self._gradients
        return MappingProxyType(Named("gradients", {name: found[n] if n in found else np.zeros(n.shape)[()]
                                                    for n, name in self.graph.names.items() if n.active}))

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs' values, by name, in the function's order."""
        return MappingProxyType({name: n.value for name, n in self.graph.inputs.items()})

    @property
    def outputs(self) -> Any:
        return outputs_of(self.graph)

    def gradient(self, name: str) -> Any:
        """The gradient by a variable, or by an input that is a dict, list or dataclass, in its structure.

        Raises
        ------
        UnknownNameError
        """
        if self._call is not None and name in self._call.structure:
            return filled(self._call.structure[name], lambda leaf: self.grads.get(leaf))
        return self.grads[name]

    @functools.cached_property
    def _folding(self) -> Folding:
        return Folding(self.graph, self._gradients, self._terms, self._folded, self._hidden)

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

    # ---- steps ----------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        forward = tuple([Step("forward", v, v.value, self._scope) for v in self.variables.values()])
        return forward + tuple([Step("backward", v, v.gradient, self._scope, v.uses)
                                for v in reversed(list(self.variables.values())) if v.gradient is not None])

    def backward_steps(self, version: str = "A") -> tuple[Step, ...]:
        """The backward pass in a textbook's form: "A" (pull from consumers), "B" (push increments) or "grad_table"."""
        return backward_steps(self, version)

    def tangents(self, **directions: Any) -> Mapping[str, Any]:
        """Forward mode: how every named variable changes when the inputs change along `directions`.

        Parameters
        ----------
        **directions
            An array of its input's shape for each input that moves.

        Returns
        -------
        mapping of str to array
            Each of its variable's shape; 0 where a variable does not change.

        Raises
        ------
        InputError
        """
        found = tangents(self.graph, checked_directions(self.graph, directions))
        return MappingProxyType(Named("tangents", {name: found[n] if n in found else np.zeros(n.shape)[()]
                                                   for n, name in self.graph.names.items() if n.active}))

    def forward_steps(self, **directions: Any) -> tuple[Step, ...]:
        """Forward mode as Steps of phase "tangent", one for each variable, in the order of computation."""
        return forward_steps(self, directions)

    def count_work(self) -> Work:
        """How many products backpropagation needs here, and how many the chain rule written out path by path."""
        return count_work(self)

    # ---- other forms of the same run ------------------------------------------------------------------------------------

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
        return self._with(folded=False)

    def folded(self, *names: str) -> Run:
        """The same run with these variables folded into the one that uses them.

        Raises
        ------
        UnknownNameError
        BackpropError
            For an input, the output, or a variable that several variables use.
        """
        return folded(self, names)

    def expanded(self, *names: str) -> Run:
        """The same run with operations opened: an operation of our own is traced through its forward function.

        The author's function is called again for it, with the same inputs.

        Parameters
        ----------
        *names : str
            Names of operations (softmax), or of variables that hold them; all that can be opened without any.

        Raises
        ------
        UnknownNameError
            For a name that is neither.
        BackpropError
            When the run was not made by `trace`, or is opened already.
        """
        return expanded(self, names)

    def _with(self, folded: bool | None = None, hidden: Collection[str] | None = None) -> Run:
        return Run(self.graph, self.cotangent, self.name, self.function, self._folded if folded is None else folded,
                   self._hidden if hidden is None else hidden, self._record_again, self._call)

    # ---- looking things up ----------------------------------------------------------------------------------------------

    def explain(self, name: str) -> str:
        """Value and gradient of one variable, in words.

        Raises
        ------
        UnknownNameError
            When the function has no variable of that name.
        """
        return explain(self.variable(name), self.output)

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

    def substituted(self, e: Expression | None) -> Expression | None:
        """e with the numbers of its scalar variables and gradients put in; None when e is None or names an array."""
        return self._scope.substituted(e)

    def evaluate(self, e: Expression) -> Any:
        """The number or array that an expression of this run stands for."""
        return self._folding.evaluate(e)

    def __repr__(self) -> str:
        at = ", ".join(f"{n} = {shown(v)}" if np.ndim(v) == 0 else f"{n} of shape {np.shape(v)}" for n, v in self.inputs.items())
        return f"<Run of {self.name} at {at}: {self.output} = {shown(self.value)}>"
