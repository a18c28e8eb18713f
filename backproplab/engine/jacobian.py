"""All partial derivatives of every output entry by every input entry, a row of them for each backward pass."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .calling import active_inputs, bound_call
from .errors import InputError
from .node import Node
from .outputs import chosen, function_name, without_gradient
from .tracing import record
from .transforms import arranged, derived


def jacobian(f: Callable[..., Any], /, *args: Any, wrt: Any = None, layout: str = "numerator", output: Any = None,
             inputs: Mapping[str, Any] | None = None, **named: Any) -> Any:
    """All partial derivatives of every output entry by every input entry.

    Parameters
    ----------
    f : callable
        Returns a number or an array.
    *args, **named, inputs
        Its inputs, as for `trace`.
    wrt : str or list of str, optional
    layout : str
        "numerator": the output's axes first, so that ``J[i, j]`` is the derivative of output i by input j, and a Jacobian of a
        vector by a vector multiplies a change from the left. "denominator": the input's axes first, its transpose.
    output : int or str, optional
        Which of several outputs: its position or key, or the name of a variable.

    Returns
    -------
    ndarray, or dict of str to ndarray
        Of shape ``output shape + input shape``, or the other way round; a dict as for `grad`.

    Raises
    ------
    InputError
        As `trace`; for an unknown layout.
    """
    if layout not in ("numerator", "denominator"):
        raise InputError(f"taking the Jacobian of {function_name(f)}", f"layout={layout!r}", "The layouts are 'numerator' and 'denominator'.")
    call = bound_call(f, args, named, inputs, "jacobian", {"wrt": wrt, "layout": layout, "output": output})
    graph = record(f, call.args, call.kwargs, call.inputs, active_inputs(call, wrt), chosen(output, None, f))
    asked = [n for n, node in graph.inputs.items() if node.active]
    if not asked:
        raise without_gradient(graph, f)
    shape = graph.output.shape
    rows: dict[str, list[Any]] = {n: [] for n in asked}
    for k in np.ndindex(*shape):
        seed = np.zeros(shape)
        seed[k] = 1.0
        found = derived(graph, call, seed[()])[1]
        for n in asked:
            rows[n].append(found[n])
    whole = {}
    for n in asked:
        inner = graph.inputs[n].shape
        # inside another trace the rows are traced themselves
        traced = any(isinstance(r, Node) for r in rows[n])
        j = np.reshape(np.stack(rows[n]), shape + inner) if traced else np.array(rows[n], float).reshape(shape + inner)
        if layout == "denominator":
            j = np.transpose(j, (*range(len(shape), len(shape) + len(inner)), *range(len(shape))))
        whole[n] = j[()] if not traced and j.ndim == 0 else j
    return arranged(whole, call, wrt)
