"""The stepper widget: forward and backward through any function, every number shown, or predicted first."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from ..engine.errors import InputError, listed
from ..engine.run import Run, as_run, trace
from ..questions.asks import FADING
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
    level : str
        What is asked: "upstream", "local", "sum" or "all"; see `stepper`.
    answers : dict
        By "step:kind" or "step:kind:consumer": ``{"done", "right", "text", "tries", "hints"}``.
    """

    _esm = script("stepper.js")
    _css = style("base.css", "stepper.css", "graph.css")
    state = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    level = traitlets.Unicode("all").tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return f"<Stepper {self.state['id']}: {len(self.state['nodes'])} variables, {len(self.state['steps'])} steps>"


def stepper(f: Any, /, *args: Any, predict: bool | str = False, step: int = 0, inputs: Mapping[str, Any] | None = None, **named: Any) -> Stepper:
    """Step through a function, forward and backward.

    Parameters
    ----------
    f : callable or Run
        A function of NumPy operations, traced with the inputs that follow; or a run, which has its inputs.
    *args, **named
        The inputs, as for `trace`.
    predict : bool or str
        Ask before showing; can be switched in the widget. "upstream" asks what flows back along each use, "local" also for the local
        derivatives, "sum" for every factor and sum, "all" (the same as True) for the whole value or gradient at once.
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
        As `trace`; and InputError when `predict` is none of its words.
    """
    if not isinstance(predict, bool) and predict not in FADING:
        raise InputError(f"making a stepper with predict={predict!r}", "it is neither True nor False nor a level of help",
                         f"Write predict=True, or one of {listed(map(repr, FADING), 'or')}.")
    run = as_run(f, args, named) if isinstance(f, Run) else trace(f, *args, inputs=inputs, **named)
    state = stepper_state(run)
    count = len(state["steps"])
    return Stepper(state=state, step=max(0, min(count - 1, step + count if step < 0 else step)), predict=bool(predict),
                   level=predict if isinstance(predict, str) else "all")
