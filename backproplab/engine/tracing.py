"""Run an ordinary NumPy function once and record its graph."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import naming, operators  # noqa: F401  (operators: what a Node does in an expression)
from .alarms import quiet_trouble
from .containers import Slot, filled
from .errors import BackpropError
from .graph import Graph, current
from .naming import Place
from .node import Node
from .outputs import returned
from .recording import admit
from .values import frozen


def record(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], inputs: dict[str, Any], active: Any = None,
           choose: Callable[[Any, Graph], Any] | None = None, expand: Callable[[Any, int], bool] | None = None,
           quiet: bool = False) -> Graph:
    """Graph of function(*args, **kwargs), in which `Slot`s stand for the inputs.

    Parameters
    ----------
    inputs : dict of str to number, array or Node
        Values by name; a Node (of an enclosing trace) gives its value.
    active : collection of str, optional
        The inputs that get a gradient; by default all that hold real numbers.
    choose : callable, optional
        (what the function returned, graph) -> the one output; it may still record. By default the function must return one value.
    expand : callable, optional
        (operation, its position) -> whether to trace it through its own forward function.
    quiet : bool
        Say nothing of values that are not finite.

    Raises
    ------
    InputError, TraceError, ShapeError
    """
    __tracebackhide__ = True                             # in a notebook, of errors of the author's own
    graph = Graph(current.get())
    graph.expand, graph.quiet = expand, quiet
    for name, v in inputs.items():
        value = v.value if isinstance(v, Node) else frozen(v, f"the input {name}")
        real = np.asarray(value).dtype.kind == "f" and (v.__class__ is not Node or v.active)
        node = Node(None, (), None, value, Place(name, 0), graph.home, real and (active is None or name in active))
        graph.inputs[name] = node
        graph.nodes.append(node)
    token = current.set(graph)
    try:
        with np.errstate(divide="call", over="call", invalid="call", under="ignore", call=graph.note_error):
            result = function(*[filled(a, graph.inputs.__getitem__) for a in args],
                              **{k: filled(a, graph.inputs.__getitem__) for k, a in kwargs.items()})
            graph.outputs = result
            if choose is not None:
                result = choose(result, graph)
            if isinstance(result, Node):
                result = admit(graph, result, None)
    except (TypeError, ValueError) as error:             # NumPy wraps what a traced value raises inside np.zeros(3)[0] = x
        cause = error.__cause__
        if isinstance(cause, BackpropError):
            raise cause.with_traceback(error.__traceback__) from None
        raise
    finally:
        current.reset(token)
    graph.finish(returned(function, result, graph))
    if not quiet:
        quiet_trouble(graph)
    return graph


naming.ends = (record.__code__,)


__all__ = ["Node", "Slot", "record"]
