"""The Jacobian viewer: what a node's Jacobian is made of, entry by entry, and the product that makes it unnecessary."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import numpy as np
import traitlets

from ..engine.errors import InputError, NotScalarError, UnknownNameError
from ..engine.run import Run, trace
from ..engine.settings import settings
from .jacobian_state import viewer_state
from .modules import script, style


class JacobianViewer(anywidget.AnyWidget):
    """A viewer. `jacobian_viewer` makes it.

    Attributes
    ----------
    state : dict
        All nodes with their matrices; the page needs nothing else, and no kernel.
    place : dict
        What is looked at first: node, layout, view ("flat" or "index"), product.
    """

    _esm = script("jacobian-viewer.js")
    _css = style("base.css", "jacobian.css")
    state = traitlets.Dict().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return f"<JacobianViewer: {', '.join(n['title'] for n in self.state['nodes'])}>"


def jacobian_viewer(f: Any = None, /, *args: Any, layout: str | None = None, product: bool = False, inputs: Mapping[str, Any] | None = None,
                    **named: Any) -> JacobianViewer:
    """Look at local Jacobians.

    Parameters
    ----------
    f : callable or Run, optional
        A function of one's own, traced with the inputs that follow (its output may be an array), or a run. Without it, the examples
        of the lessons: linear layers, elementwise functions, softmax, a maximum, a bias, a skip connection, tensors.
    *args, **named, inputs
        As for `trace`.
    layout : str, optional
        "numerator" or "denominator"; by default the session's.
    product : bool
        Begin with the vector-Jacobian product.

    Returns
    -------
    JacobianViewer
        A widget. It needs no kernel; `save_html` writes it into a page of its own.

    Raises
    ------
    InputError, TraceError, ShapeError
        As `trace`; when a function has no edge with a gradient.
    UnknownNameError
        For another layout.
    """
    layout = layout or settings().layout
    if layout not in ("numerator", "denominator"):
        raise UnknownNameError(f"making a Jacobian viewer with layout={layout!r}", "the layouts are 'numerator' and 'denominator'",
                               "Use one of these.")
    place = {"node": 0 if f is not None else 1, "layout": layout, "view": "flat", "product": bool(product)}
    if f is None:
        if args or named or inputs:
            raise InputError("making a Jacobian viewer", "inputs came without a function", "Give the function first: bl.jacobian_viewer(f, x=...).")
        return JacobianViewer(state=viewer_state(), place=place)
    if isinstance(f, Run) and (args or named or inputs):
        raise InputError(f"making a Jacobian viewer of the run {f.name}", "inputs came beside it",
                         "A run has its inputs: give the function, or the run alone.")
    run = f if isinstance(f, Run) else _traced(f, args, named, inputs)
    state = viewer_state(run)
    if not state["nodes"]:
        raise InputError(f"making a Jacobian viewer of {run.name}", "its output is its input", "There is no step to look at: compute something.")
    return JacobianViewer(state=state, place=place)


def _traced(f: Any, args: tuple[Any, ...], named: Mapping[str, Any], inputs: Mapping[str, Any] | None) -> Run:
    """The run of a function; an array counts with ones, which its local Jacobians do not depend on."""
    try:
        return trace(f, *args, inputs=inputs, **named)
    except NotScalarError:
        return trace(f, *args, inputs=inputs, **named, cotangent=np.ones(np.shape(f(*args, **{**named, **(inputs or {})}))))
