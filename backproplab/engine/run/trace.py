"""From a function to its run: once forward, once backward, every step recorded."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..calling import active_inputs, bound_call
from ..errors import InputError, TraceError
from ..graph import Graph
from ..node import Node
from ..outputs import chosen, function_name, without_gradient
from ..tracing import record
from .run import Run


def trace(f: Callable[..., Any], /, *args: Any, wrt: Any = None, cotangent: Any = None, output: Any = None,
          inputs: Mapping[str, Any] | None = None, **named: Any) -> Run:
    """Run a function once forward and once backward, and record every step.

    Parameters
    ----------
    f : callable
        An ordinary function of NumPy operations. It is not changed, and neither are its arguments: values are copied in.
    *args, **named
        Its inputs, by position or by name: numbers, arrays, lists of numbers, and dicts, lists or dataclasses of them (the leaves
        are then called params_W, layers_0_b). Numbers and float arrays become float64; integer and boolean arrays keep their dtype
        and get no gradient.
    wrt : str or list of str, optional
        The inputs that get a gradient; by default every input of real numbers.
    cotangent : array of the output's shape, or a tuple or dict of them, optional
        How much each entry of an array output counts; the gradients are those of ``sum(cotangent * output)``. For a function with
        several outputs, one for each.
    output : int or str, optional
        Which of several outputs: its position or key; or the name of any variable of the function.
    inputs : dict, optional
        Inputs by name, for names that are options here too (wrt, cotangent, output, inputs).

    Returns
    -------
    Run
        With ``.value``, ``.values``, ``.grads``, ``.steps``, ``.variables``, ``.graph``.

    Raises
    ------
    InputError
        For unknown, missing or clashing inputs, and for values that are not real numbers.
    TraceError
        When the function does something that a traced value cannot do, or returns nothing that depends on its inputs; inside
        another trace, where the plain numbers of a run would lose the derivative.
    ShapeError, NotScalarError
        When shapes do not fit; when the output is an array and no cotangent is given.

    Examples
    --------
    >>> run = trace(lambda x: x * x, 3.0)
    >>> print(run.value, run.grads["x"])
    9.0 6.0
    """
    __tracebackhide__ = True
    call = bound_call(f, args, named, inputs, "trace", {"wrt": wrt, "cotangent": cotangent, "output": output})
    active = active_inputs(call, wrt)
    stored = dict(call.inputs)
    choose = chosen(output, cotangent, f)

    def record_again(expand: Any = None) -> Graph:
        __tracebackhide__ = True
        return record(f, call.args, call.kwargs, stored, active, choose, expand)
    graph = record_again()
    if graph.outer or any(isinstance(v, Node) for v in call.inputs.values()):
        raise TraceError(f"calling bl.trace on {function_name(f)} inside a function that is being traced", "its inputs are traced values",
                         "A run holds plain numbers, so the derivative through it would be lost: use bl.grad, bl.value_and_grad, bl.vjp or "
                         "bl.jvp there, which are traced in turn.")
    stored.update({n: node.value for n, node in graph.inputs.items()})   # the caller may change his arrays
    if not graph.output.active:
        raise without_gradient(graph, f)
    if isinstance(graph.outputs, (tuple, list, dict)) and output is None:
        cotangent = None                                                 # the weights are part of the graph now
    return Run(graph, cotangent, function_name(f) if function_name(f) != "the function" else "f", f, record_again=record_again, call=call)


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
    """A Run as it is; a function, traced with its inputs.

    Raises
    ------
    InputError
        For a Run that comes with inputs; as `trace`, for a function.
    """
    if isinstance(run, Run) and not args and not inputs:
        return run
    if isinstance(run, Run):
        raise InputError(f"reading the run of {run.name}", f"inputs came with it: {', '.join([*map(str, args), *(inputs or {})])}",
                         "A run holds its inputs already: leave them out, or give the function itself.")
    return trace(run, *args, **(inputs or {}))


__all__ = ["as_run", "source", "trace"]
