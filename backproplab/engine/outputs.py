"""From what a function returned to the one value whose gradient is taken."""
from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from .errors import InputError, ShapeError, TraceError, listed
from .graph import Graph
from .node import Node
from .recording import captured
from .values import described, frozen, shortened


def returned(function: Any, result: Any, graph: Graph) -> Node:
    """The node that the function returned.

    Raises
    ------
    TraceError
        When it returned nothing, several values, or something that is not in the graph.
    """
    if isinstance(result, Node):
        return result
    names = ", ".join(graph.inputs)
    what = f"tracing {function_name(function)}({names})"
    if graph.linear and isinstance(result, (float, np.ndarray)):
        return captured(graph, np.asarray(result), None)                # the derivative of a linear function is the same everywhere
    if result is None:
        raise TraceError(what, "it returned nothing", "End the function with `return` and the value whose gradient you want.")
    if isinstance(result, (tuple, list, dict)):
        first = repr(next(iter(result))) if isinstance(result, dict) and result else 0
        raise TraceError(what, f"it returned a {type(result).__name__} of {len(result)}",
                         f"A gradient belongs to one output: choose one with output={first}; or in bl.trace give a weight for each with cotangent=.")
    why = "Compute the result from the inputs with NumPy functions and operators; float(...), math functions and .value leave the graph."
    if graph.branches:
        b = graph.branches[-1]
        why = f"On line {b.line} the answer was {b.answer}, and on that branch the result is a plain number. {why}"
    raise TraceError(what, f"it returned {shortened(result)}, which does not depend on {names or 'any input'}", why)


def chosen(output: Any, cotangent: Any, function: Any) -> Callable[[Any, Graph], Any] | None:
    """How to come from what the function returned to the one value whose gradient is taken; None when it returns just that.

    Parameters
    ----------
    output : int, str or None
        Which of several outputs: its position, its key, or the author's name for it.
    cotangent : tuple, list, dict or None
        A weight for each of several outputs, in their structure: the output is then the sum of weight times output.
    """
    if output is not None:
        return lambda result, graph: picked(result, output, graph, function)

    def weighed(result: Any, graph: Graph) -> Any:
        if isinstance(result, (tuple, list, dict)) and cotangent is not None:
            return weighed_sum(result, cotangent, function)
        return result
    return weighed


def picked(result: Any, output: Any, graph: Graph, function: Any) -> Any:
    """One of several outputs, or a variable of the function by its name.

    Raises
    ------
    InputError
    """
    if isinstance(result, dict) and isinstance(output, Hashable) and output in result:
        return result[output]
    if isinstance(result, (tuple, list)) and isinstance(output, int) and -len(result) <= output < len(result):
        return result[output]
    if isinstance(output, str):
        named = [n for n in graph.nodes if n.name == output]
        if named:
            return named[-1]
    if isinstance(result, dict):
        there = f"the outputs are {listed([repr(k) for k in result])}"
    elif isinstance(result, (tuple, list)):
        there = f"there are {len(result)} outputs, 0 to {len(result) - 1}"
    else:
        there = "the function returns one value"
    raise InputError(f"choosing output={output!r} of {function_name(function)}", there,
                     f"Give one of these, or the name of a variable: {listed(dict.fromkeys(n.name for n in graph.nodes if n.name))}.")


def paired(outputs: Any, cotangent: Any, function: Any) -> list[tuple[Any, Any, Any]]:
    """[(key, output, its cotangent)] for a tuple, list or dict of outputs.

    Raises
    ------
    InputError
        When the cotangents have another structure than the outputs, or an output is itself a tuple, list or dict.
    """
    keys = list(outputs) if isinstance(outputs, dict) else list(range(len(outputs)))
    given = cotangent if isinstance(cotangent, dict) else dict(enumerate(cotangent)) if isinstance(cotangent, (tuple, list)) else {}
    attempted = f"taking the gradient of {function_name(function)}, which returns {len(keys)} outputs"
    if set(given) != set(keys):
        raise InputError(attempted, f"the cotangent is {shortened(cotangent)}",
                         f"Give one for each output, of its shape: {{{', '.join(f'{k!r}: ...' for k in keys)}}}." if isinstance(outputs, dict)
                         else f"Give one for each output, of its shape: ({', '.join(['...'] * len(keys))}{',' * (len(keys) == 1)}).")
    nested = [k for k in keys if isinstance(outputs[k], (tuple, list, dict))]
    if nested:
        raise InputError(attempted, f"output {nested[0]!r} is a {type(outputs[nested[0]]).__name__}",
                         "Return all outputs in one tuple, list or dict, without another inside.")
    return [(k, outputs[k], given[k]) for k in keys]


def weighed_sum(result: Any, cotangent: Any, function: Any) -> Any:
    """Sum of cotangent times output over several outputs, recorded as the last steps of the graph.

    Raises
    ------
    InputError, ShapeError
        When the cotangents have another structure or shape than the outputs.
    """
    whole: Any = None
    for k, out, given in paired(result, cotangent, function):
        weight = given if isinstance(given, Node) else frozen(given, f"the cotangent of output {k!r}")
        if np.shape(weight) != np.shape(out):
            raise ShapeError(f"weighing output {k!r} of {function_name(function)}",
                             f"its cotangent has shape {np.shape(weight)}, the output {np.shape(out)}",
                             "A cotangent holds one number for each entry of its output: give it the output's shape.")
        if np.ndim(weight):
            part = np.sum(weight * out)
        elif isinstance(weight, Node):
            part = weight * out
        else:
            part = out if weight == 1 else float(weight) * out
        whole = part if whole is None else whole + part
    return whole


def function_name(function: Any) -> str:
    """Its name for messages; a lambda has none."""
    name = getattr(function, "__name__", type(function).__name__)
    return "the function" if name == "<lambda>" else name


def outputs_of(graph: Graph) -> Any:
    """What the function returned, with numbers for traced values."""
    def plain(v: Any) -> Any:
        if hasattr(v, "home"):
            return v.value
        if isinstance(v, (tuple, list)):
            return type(v)(*map(plain, v)) if hasattr(v, "_fields") else type(v)(map(plain, v))
        return {k: plain(x) for k, x in v.items()} if isinstance(v, dict) else v
    return plain(graph.outputs)


def without_gradient(graph: Graph, f: Any) -> TraceError:
    """The error for an output that no input of real numbers reaches."""
    label = graph.label(graph.output)
    whole = [n for n, node in graph.inputs.items() if np.asarray(node.value).dtype.kind in "iub"]
    held = f"{listed(whole)} hold{'s' * (len(whole) == 1)} whole numbers or truth values" if whole else f"{label} = {described(graph.output.value)}"
    return TraceError(f"taking the gradient of {label} in {function_name(f)}({', '.join(graph.inputs)})",
                      f"{held}, and no input of real numbers reaches {label}",
                      "Whole numbers and truth values select, they have no gradient: give numbers with a decimal point, such as "
                      "np.array([1., 2.]), and end with a number that is computed from them.")
