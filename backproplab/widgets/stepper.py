"""The stepper widget: forward and backward through any function, every number shown, or predicted first."""
from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import anywidget
import numpy as np
import traitlets

from ..calculus import local_jacobian
from ..drawing import grid
from ..drawing.groups import Groups
from ..engine.errors import BackpropError, InputError, NumericalWarning, listed
from ..engine.run import Run, as_run, trace
from ..engine.settings import settings
from ..questions import Record, RecordError, note_steps, record
from ..questions.asks import FADING
from ..questions.typed import array, number
from .modules import script
from .modules import style as sheet
from .pictures import STYLES
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
    wanted : dict
        What the page asks for: ``inputs`` by name as typed, ``notation``, ``folded``, ``style``, groups ``opened``, or the ``jacobian`` of
        one use, and the request's ``number``.
    jacobian : dict
        The Jacobian that was asked for.
    problem, answered : str, int
        What to tell the learner about the last request, and its number.
    run : Run
        What is shown.
    groups : dict or None
        Variables that are folded into one box each.
    record : Record or None
        Where answers are noted.
    """

    _esm = script("stepper.js")
    _css = sheet("base.css", "stepper.css", "graph.css")
    state = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    level = traitlets.Unicode("all").tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)
    jacobian = traitlets.Dict().tag(sync=True)
    run: Run | None = None
    groups: Groups | None = None
    record: Record | None = None
    _noted: frozenset[str] = frozenset()

    @traitlets.observe("answers")
    def _note(self, change: Any) -> None:
        """Keep what is done in the learner's record, once."""
        if self.record is not None and self.run is not None:
            try:
                self._noted = note_steps(self.record, self.run, change["new"], self._noted) if change["new"] else frozenset()
            except RecordError as error:
                with self.hold_sync():                     # a full disk keeps nobody from going on
                    self.problem, self.answered = f"Your predictions are not kept: {error.came_in}.", min(0, self.answered) - 1

    @traitlets.observe("wanted")
    def _remake(self, change: Any) -> None:
        """Compute another state because the page asks for it: other inputs, other letters, other boxes."""
        wish, said = dict(change["new"]), ""
        state = self.state
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", NumericalWarning)
            try:
                if wish.get("jacobian") and self.run is not None:
                    of, wrt = map(str, wish["jacobian"])
                    self.jacobian = local_data(self.run, of, wrt, state["folded"])
                elif wish.get("inputs") and self.run is not None:
                    self.run = again(self.run, wish["inputs"])
                if self.run is not None and not wish.get("jacobian"):
                    folded = wish.get("folded", state["folded"])          # groups name variables; single operations are drawn whole
                    style = wish.get("style") or state["picture"].split("|")[0]
                    state = stepper_state(self.run, wish.get("notation") or state["letter"], folded, style, self.groups if folded else {},
                                          wish.get("opened", state["opened"]))
            except (BackpropError, ArithmeticError, ValueError, TypeError) as error:
                said = plain_words(error)
        said = said or " ".join(str(w.message) for w in caught if issubclass(w.category, NumericalWarning))
        with self.hold_sync():
            self.problem, self.state, self.answered = said, state, int(wish.get("number", 0))

    def __repr__(self) -> str:
        return f"<Stepper {self.state['id']}: {len(self.state['nodes'])} variables, {len(self.state['steps'])} steps>"


def stepper(f: Any, /, *args: Any, predict: bool | str = False, step: int = 0, notation: str | None = None, style: str = "boxes",
            groups: Groups | None = None, keep: bool | Record = False, inputs: Mapping[str, Any] | None = None, **named: Any) -> Stepper:
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
    notation : str, optional
        How gradients are written; by default as `conventions` says.
    style : {"boxes", "variables", "gates"}
        How the graph is drawn; can be switched in the widget.
    groups : dict of str to names, optional
        Variables that are folded into one box each, such as ``{"layer": ["z", "a"]}`` or `backproplab.drawing.repeats`; a click opens a
        group in its place. By default the repeated blocks of a run with more than 300 variables.
    keep : bool or Record
        Note what was predicted rightly and wrongly in the learner's own file, which stays on this machine.
    inputs : dict, optional
        Inputs by name, for those that are called like an option here (predict, step, notation, style, groups, keep, inputs).

    Returns
    -------
    Stepper
        A widget. It goes on working after the kernel is shut down; `save_html` writes it into a page of its own.

    Raises
    ------
    InputError, TraceError, ShapeError, NotScalarError
        As `trace`; and InputError when `predict` or `style` is none of its words.
    DrawingError
        For groups that name no variables, or cannot be folded.
    UnknownNameError
        For a notation that does not exist.
    """
    if not isinstance(predict, bool) and predict not in FADING:
        raise InputError(f"making a stepper with predict={predict!r}", "it is neither True nor False nor a level of help",
                         f"Write predict=True, or one of {listed(map(repr, FADING), 'or')}.")
    if style not in STYLES:
        raise InputError(f"making a stepper with style={style!r}", "that is no way of drawing the graph",
                         f"Write one of {listed(map(repr, STYLES), 'or')}.")
    run = as_run(f, args, named) if isinstance(f, Run) else trace(f, *args, inputs=inputs, **named)
    state = stepper_state(run, notation or settings().notation, style=style, groups=groups)
    count = len(state["steps"])
    made = Stepper(state=state, step=max(0, min(count - 1, step + count if step < 0 else step)), predict=bool(predict),
                   level=predict if isinstance(predict, str) else "all")
    made.run, made.groups, made.record = run, groups, keep if isinstance(keep, Record) else record() if keep else None
    return made


def again(run: Run, texts: Mapping[str, str]) -> Run:
    """The same function traced with inputs as they were typed.

    Raises
    ------
    AnswerError
        When a text is no number or array, in a sentence.
    """
    given: dict[str, Any] = dict(run.inputs)
    for name, text in texts.items():
        if name in given:
            typed = array(text).value if np.ndim(given[name]) else number(text).value
            given[name] = np.asarray(typed, np.asarray(given[name]).dtype)[()]
    assert run.function is not None
    return trace(run.function, inputs=given, cotangent=run.cotangent)


def local_data(run: Run, of: str, wrt: str, folded: bool = True) -> dict[str, Any]:
    """The Jacobian of one use, for a variable's card: ``of, wrt``, its ``grid`` and sentences about it.

    Raises
    ------
    UnknownNameError, ShapeError, InputError
        As `local_jacobian`.
    """
    found = local_jacobian(run if folded else run.unfolded(), of, wrt)
    return {"of": of, "wrt": wrt, "grid": grid(found.matrix(), "v"), "text": str(found).splitlines()}


def plain_words(error: Exception) -> str:
    """An error in one line, for the page."""
    return " ".join(str(error).split())
