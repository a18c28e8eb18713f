"""The stepper widget: forward and backward through any function, every number shown, or predicted first."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from ..engine.run import Run, as_run, trace
from .modules import script, style
from .state import stepper_state


class Stepper(anywidget.AnyWidget):
    """A widget that steps through a run. `stepper` makes it.

    Attributes
    ----------
    state : dict
        All that can be shown; the page needs nothing else, and no kernel.
    step : int
        The step to begin with. What the learner then looks at is kept in the page and not sent.
    predict : bool
        Ask for each number before it is shown.
    answers : dict
        By step number: ``{"done": bool, "right": bool, "text": str}``.
    """

    _esm = script("stepper.js")
    _css = style("base.css", "stepper.css", "graph.css")
    state = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return f"<Stepper {self.state['id']}: {len(self.state['nodes'])} variables, {len(self.state['steps'])} steps>"


def stepper(f: Any, /, *args: Any, predict: bool = False, step: int = 0, inputs: Mapping[str, Any] | None = None, **named: Any) -> Stepper:
    """Step through a function, forward and backward.

    Parameters
    ----------
    f : callable or Run
        A function of NumPy operations, traced with the inputs that follow; or a run, which has its inputs.
    *args, **named
        The inputs, as for `trace`.
    predict : bool
        Ask for each number before showing it; can be switched in the widget.
    step : int
        The step to begin with, from 0; a negative one counts from the end.
    inputs : dict, optional
        Inputs by name, for those that are called like an option here (predict, step, inputs).

    Returns
    -------
    Stepper
        A widget. It goes on working after the kernel is shut down; `save_html` writes it into a page of its own.

    Raises
    ------
    InputError, TraceError, ShapeError, NotScalarError
        As `trace`.
    """
    run = as_run(f, args, named) if isinstance(f, Run) else trace(f, *args, inputs=inputs, **named)
    state = stepper_state(run)
    count = len(state["steps"])
    return Stepper(state=state, step=max(0, min(count - 1, step + count if step < 0 else step)), predict=predict)
