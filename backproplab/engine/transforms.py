"""Functions that turn a function into its derivatives.

On values the gradient is computed by the walk. Inside another trace the function's program is printed, which is ordinary NumPy, and
that program is traced in turn: derivatives of derivatives need no rule of their own.
"""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .calling import BoundCall, active_inputs, bound_call, refuse_no_function
from .containers import filled, slots
from .errors import InputError, listed
from .forward import checked_directions, flat_directions
from .graph import Graph, current
from .node import Node
from .outputs import chosen, function_name, outputs_of, paired, weighed_sum, without_gradient
from .program import program
from .seeds import cotangent_of, seed_of
from .tracing import record
from .values import shortened
from .walk import backward, tangents


def value_and_grad(f: Callable[..., Any], wrt: Any = None, output: Any = None) -> Callable[..., tuple[Any, Any]]:
    """A function that returns the value of f and its gradient.

    Parameters
    ----------
    f : callable
        Returns one number.
    wrt : str or list of str, optional
        The inputs to differentiate by; by default all of real numbers.
    output : int or str, optional
        Which of several outputs: its position or key, or the name of a variable.

    Returns
    -------
    callable
        (same arguments as f) -> (value, gradient). The gradient, an array of the caller's own, has its input's shape, or the
        structure of a dict, list or dataclass of parameters; it is a dict by input when there are several inputs and `wrt` is not a single name.

    Raises
    ------
    InputError
        For what is not a function, and a `wrt` that holds no names.
    NotScalarError, TraceError, ShapeError, InputError
        When called, as `trace`.
    """
    refuse_values("value_and_grad", f, wrt)

    @functools.wraps(f)
    def both(*args: Any, **named: Any) -> tuple[Any, Any]:
        __tracebackhide__ = True
        call = bound_call(f, args, named, None, "grad", {})
        graph = record(f, call.args, call.kwargs, call.inputs, active_inputs(call, wrt), chosen(output, None, f))
        if not graph.output.active and not any(n.active for n in graph.inputs.values()):
            raise without_gradient(graph, f)
        value, found = derived(graph, call, None)
        return value, arranged(found, call, wrt)
    return like(both, f)


def grad(f: Callable[..., Any], wrt: Any = None, output: Any = None) -> Callable[..., Any]:
    """A function that returns the gradient of f; it can be applied to itself.

    Parameters
    ----------
    f : callable
        Returns one number.
    wrt : str or list of str, optional
    output : int or str, optional

    Returns
    -------
    callable
        (same arguments as f) -> gradient, as `value_and_grad` gives it.

    Raises
    ------
    InputError
        For what is not a function, and a `wrt` that holds no names.
    NotScalarError, TraceError, ShapeError, InputError
        When called, as `trace`.

    Examples
    --------
    >>> print(grad(grad(lambda x: x**3))(2.0))
    12.0
    """
    refuse_values("grad", f, wrt)
    inner = value_and_grad(f, wrt, output)

    @functools.wraps(f)
    def gradient(*args: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        return inner(*args, **named)[1]
    return like(gradient, f)


def vjp(f: Callable[..., Any], /, *args: Any, wrt: Any = None, inputs: Mapping[str, Any] | None = None, **named: Any) -> tuple[Any,
                                                                                                                               Callable[[Any], Any]]:
    """Reverse mode in two parts: the value, and a function that pulls cotangents back.

    Parameters
    ----------
    f : callable
        May return an array, or a tuple, list or dict of outputs.
    *args, **named, inputs
        Its inputs, as for `trace`.
    wrt : str or list of str, optional

    Returns
    -------
    (value, pullback)
        ``pullback(cotangent)`` takes an array of the output's shape, or the outputs' structure of them, and returns the gradients of
        ``sum(cotangent * output)`` as `grad` does. It may be called any number of times, and traced itself.

    Raises
    ------
    InputError, TraceError, ShapeError
        As `trace`; the pullback, when its cotangent does not fit.
    """
    call = bound_call(f, args, named, inputs, "vjp", {"wrt": wrt})
    active = active_inputs(call, wrt)
    graph = record(f, call.args, call.kwargs, call.inputs, active, first_output)

    def pullback(cotangent: Any) -> Any:
        """Gradients of sum(cotangent * output)."""
        if is_traced(call.inputs) or graph.outer or is_traced(cotangent):
            def weighed(result: Any, now: Graph) -> Any:
                several = isinstance(result, (tuple, list, dict))
                return weighed_sum(result if several else (result,), cotangent if several else (cotangent,), f)
            again = record(f, call.args, call.kwargs, call.inputs, active, weighed)
            return arranged(derived(again, call, None)[1], call, wrt)
        return arranged(derived(graph, call, cotangent, f)[1], call, wrt)
    return outputs_of(graph), pullback


def jvp(f: Callable[..., Any], inputs: Any, directions: Any, output: Any = None) -> tuple[Any, Any]:
    """Forward mode: the value of f and its derivative along a direction.

    Parameters
    ----------
    f : callable
        Returns a number or an array.
    inputs : dict of str to value, or tuple of values in order
    directions : dict of str to array, or tuple in order
        One for each input that moves, in its shape.
    output : int or str, optional
        Which of several outputs: its position or key, or the name of a variable.

    Returns
    -------
    (value, derivative)
        Both of the output's shape.

    Raises
    ------
    InputError
        For a direction that names no input, or has another shape than it.
    """
    if not isinstance(inputs, (tuple, list, Mapping)) or not isinstance(directions, (tuple, list, Mapping)):
        raise InputError(f"moving the inputs of {function_name(f)}", f"they came as {shortened(inputs)}, the directions as {shortened(directions)}",
                         "Give both as tuples, bl.jvp(f, (x,), (direction,)), or as dicts by name.")
    args, named = (tuple(inputs), {}) if isinstance(inputs, (tuple, list)) else ((), inputs)
    call = bound_call(f, args, {}, named, "jvp", {})
    if isinstance(directions, (tuple, list)):
        if len(directions) > len(call.structure):
            raise InputError(f"moving the inputs of {function_name(f)}", f"{len(directions)} directions came",
                             f"Its inputs are {listed(call.structure)}.")
        directions = dict(zip(call.structure, directions, strict=False))
    flat = flat_directions(call, directions)
    if is_traced([call.inputs, flat]):
        return jvp_traced(f, call, flat, output)
    graph = record(f, call.args, call.kwargs, call.inputs, choose=chosen(output, None, f))
    moved = tangents(graph, checked_directions(graph, flat))
    return graph.output.value, moved.get(graph.output, np.zeros(graph.output.shape)[()])


def jvp_traced(f: Callable[..., Any], call: BoundCall, directions: dict[str, Any], output: Any = None) -> tuple[Any, Any]:
    """Forward mode inside another trace: the gradient by g of <vjp(g), directions>, which is linear in g."""
    graph = record(f, call.args, call.kwargs, call.inputs, choose=chosen(output, None, f))
    outer = list(graph.outer)
    made = program(graph, list(directions), cotangent=True, outer=True)
    xs = [*call.inputs.values(), *outer]

    def projected(g: Any) -> Any:
        gradients = made(*xs, g)[1]
        total: Any = 0.0 * np.sum(g)
        for name, d in directions.items():
            total = total + np.sum(gradients[name] * d)
        return total
    value = program(graph, [], outer=True)(*xs)
    moved = grad(projected)(np.zeros(graph.output.shape)[()])
    note_linear(moved)
    return value, moved


# ---- what they share ----------------------------------------------------------------------------------------------------

def refuse_values(caller: str, f: Any, wrt: Any) -> None:
    """Refuse bl.grad(f, 2.0) and bl.grad(f(2.0)): what is made here is a function, which takes the inputs.

    Raises
    ------
    InputError
    """
    refuse_no_function(f, caller, f"bl.{caller}(f)(2.0)")
    names = [wrt] if wrt is None or isinstance(wrt, str) else list(wrt) if isinstance(wrt, (list, tuple, set)) else [0]
    if not all(n is None or isinstance(n, str) for n in names):
        raise InputError(f"calling bl.{caller}({function_name(f) if function_name(f) != 'the function' else 'f'}, {shortened(wrt)})",
                         "what stands second is wrt=, the name of an input or a list of names",
                         f"bl.{caller}(f) gives a function of f's inputs: give them to that, as in bl.{caller}(f)(2.0).")


def derived(graph: Graph, call: BoundCall, cotangent: Any, f: Any = None) -> tuple[Any, dict[str, Any]]:
    """(value, gradient by input) of a recorded graph: by the walk on values, by the printed program inside another trace.

    With f, which may have several outputs, `cotangent` holds one for each of them; without, it is that of the graph's one output.
    """
    asked = [n for n, node in graph.inputs.items() if node.active]
    if is_traced(call.inputs) or graph.outer:
        seed = seed_of(graph, cotangent)
        made = program(graph, asked, outer=True, cotangent=cotangent is not None)
        result = made(*call.inputs.values(), *graph.outer, *([] if cotangent is None else [seed]))
        note_linear(*result[1].values())
        return result
    several = f is not None and isinstance(graph.outputs, (tuple, list, dict))
    start: Any = seeds(graph.outputs, cotangent, f) if several else seed_of(graph, cotangent)
    gradients = backward(graph, start) if several or graph.output.active else {}
    found = {}
    for n in asked:
        node = graph.inputs[n]
        # a copy: inputs may share one array, and what is handed out may be changed in place
        found[n] = np.array(gradients[node])[()] if node in gradients else np.zeros(node.shape)[()]
    return graph.output.value, found


def note_linear(*derivatives: Any) -> None:
    """Tell the trace around that a derivative does not depend on its values: what is computed from it may be a plain number."""
    around = current.get()
    if around is not None and not all(isinstance(d, Node) for d in derivatives):
        around.linear = True


def seeds(outputs: Any, cotangent: Any, f: Any) -> dict[Node, Any]:
    """The gradient at each of several outputs, summed where one node is returned twice; those that are not traced need none.

    Raises
    ------
    InputError, ShapeError
    """
    found: dict[Node, Any] = {}
    for k, out, given in paired(outputs, cotangent, f):
        if isinstance(out, Node):
            seed = cotangent_of(out, given, f"output {k!r}")
            found[out] = found[out] + seed if out in found else seed
    return found


def is_traced(v: Any) -> bool:
    """Is v a traced value, or something that holds one?"""
    if isinstance(v, dict):
        v = list(v.values())
    return any(map(is_traced, v)) if isinstance(v, (tuple, list)) else isinstance(v, Node)


def first_output(result: Any, graph: Graph) -> Any:
    """Any traced output serves as the graph's: the seeds say where the backward pass starts."""
    if isinstance(result, (tuple, list, dict)):
        traced = [v for v in (result.values() if isinstance(result, dict) else result) if isinstance(v, Node)]
        return traced[-1] if traced else result
    return result


def arranged(found: dict[str, Any], call: BoundCall, wrt: Any) -> Any:
    """Gradients by leaf, as the caller gave the inputs: one of them for one input, otherwise a dict."""
    def of(name: str) -> Any:
        if name in call.structure:
            return filled(call.structure[name], found.get)
        return found[name]
    if isinstance(wrt, str):
        return of(wrt)
    if len(call.structure) == 1:
        return of(next(iter(call.structure)))
    asked = list(wrt) if wrt is not None else [n for n in call.structure if any(s.name in found for s in slots(call.structure[n]))]
    return {n: of(n) for n in asked}


def like(made: Any, f: Any) -> Any:
    """Give a derived function the signature of the one it comes from, so that its inputs keep their names."""
    try:
        made.__signature__ = inspect.signature(f)
    except (TypeError, ValueError):
        if hasattr(made, "__wrapped__"):
            del made.__wrapped__
    return made
