"""Functions that turn a function into its derivatives.

On values the gradient is computed by the walk. Inside another trace it prints its program, which is ordinary NumPy, and that program
is traced in turn: derivatives of derivatives need no rule of their own.
"""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .calling import active_inputs, bound_call
from .errors import InputError, TraceError
from .program import program
from .tracing import Node, function_name, record
from .walk import backward, tangents


def value_and_grad(f: Callable[..., Any], wrt: Any = None) -> Callable[..., tuple[Any, Any]]:
    """A function that returns the value of f and its gradient.

    Parameters
    ----------
    f : callable
        Returns one number.
    wrt : str or list of str, optional
        The inputs to differentiate by; by default all of real numbers.

    Returns
    -------
    callable
        (same arguments as f) -> (value, gradient). The gradient has its input's shape; it is a dict by name when there are several
        inputs and `wrt` is not a single name.

    Raises
    ------
    NotScalarError, TraceError, ShapeError, InputError
        When called, as `trace`.
    """
    @functools.wraps(f)
    def both(*args: Any, **named: Any) -> tuple[Any, Any]:
        call = bound_call(f, args, named, None, "grad", {})
        active = active_inputs(call.inputs, wrt)
        graph = record(f, call.args, call.kwargs, call.inputs, active)
        asked = [n for n, node in graph.inputs.items() if node.active]
        if not asked:
            raise TraceError(f"differentiating {function_name(f)}", "none of its inputs holds real numbers", "Give at least one number or float array.")
        if any(isinstance(v, Node) for v in call.inputs.values()) or graph.outer:
            outer = {node.name: outside for outside, node in graph.outer.values()}
            made = program(graph, asked, outer=True)
            value, found = made(*call.inputs.values(), *outer.values())
        else:
            value, gradients = graph.output.value, backward(graph)
            found = {n: gradients.get(graph.inputs[n].index, np.zeros(graph.inputs[n].shape)[()]) for n in asked}
        return value, found[asked[0]] if isinstance(wrt, str) or len(call.inputs) == 1 else found
    both.__signature__ = inspect.signature(f)                            # type: ignore[attr-defined]
    return both


def grad(f: Callable[..., Any], wrt: Any = None) -> Callable[..., Any]:
    """A function that returns the gradient of f; it can be applied to itself.

    Parameters
    ----------
    f : callable
        Returns one number.
    wrt : str or list of str, optional

    Returns
    -------
    callable
        (same arguments as f) -> gradient, as `value_and_grad` gives it.

    Examples
    --------
    >>> print(grad(grad(lambda x: x**3))(2.0))
    12.0
    """
    inner = value_and_grad(f, wrt)

    @functools.wraps(f)
    def gradient(*args: Any, **named: Any) -> Any:
        return inner(*args, **named)[1]
    gradient.__signature__ = inspect.signature(f)                        # type: ignore[attr-defined]
    return gradient


def jvp(f: Callable[..., Any], inputs: dict[str, Any], directions: dict[str, Any]) -> tuple[Any, Any]:
    """Forward mode: the value of f and its derivative along a direction.

    Parameters
    ----------
    f : callable
    inputs : dict of str to value
    directions : dict of str to array
        One for each input that moves, in its shape.

    Returns
    -------
    (value, derivative)
        Both of the output's shape.

    Raises
    ------
    InputError
        For a direction that names no input, or has another shape than it.
    """
    call = bound_call(f, (), {}, inputs, "jvp", {})
    graph = record(f, call.args, call.kwargs, call.inputs)
    for name, d in directions.items():
        if name not in graph.inputs:
            raise InputError(f"moving along {name!r}", f"the inputs are {', '.join(graph.inputs)}", "Give directions for inputs, by name.")
        if np.shape(d) != graph.inputs[name].shape:
            raise InputError(f"moving {name}", f"its direction has shape {np.shape(d)}, {name} has shape {graph.inputs[name].shape}",
                             "A direction holds one number for each entry of its input.")
    return graph.output.value, tangents(graph, directions).get(graph.output.index, np.zeros(graph.output.shape)[()])
