"""What the labs share: settings come from the page, results go to it, long work goes on beside and can be cancelled.

A lab is told apart from the others by its `Kind`: which settings it has, how they are presented, and which of the experiments' models
it asks. The page holds what was computed when the lab was made, so that it shows its presets without a kernel.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from ..engine.errors import BackpropError
from ..experiments.settings import Settings
from .lab_kind import Kind, Result, Task
from .lab_work import DELAY, Work

REMEMBERED = 60           # results that a lab remembers


class Lab(anywidget.AnyWidget):
    """A lab. `vanishing_lab`, `dead_relu_lab` and `training_lab` make them.

    Attributes
    ----------
    state : dict
        What does not change: texts, presets, controls, and the results that a page shows without a kernel.
    shown : dict
        ``{"number", "sides": [result, ...], "difference", "problem"}``: A, and B where two are compared.
    wanted : dict
        What the page asks for: ``{"number", "sides": [{"values"} or {"code"} or {"other"}, ...], "task", "side"}``; "again" is
        the task of doing what was cancelled once more.
    progress : dict
        ``{"what", "done", "all"}`` while long work goes on, else empty.
    cancel : int
        Counted up by the page to end that work.
    predict : bool
        The charts are covered until a prediction is made.
    """

    kind: ClassVar[Kind]
    state = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    cancel = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool(True).tag(sync=True)

    def __init__(self, sides: list[Settings], predict: bool = True) -> None:
        self._results: dict[str, Result] = {}
        self._work: Work | None = None
        self.sides = sides
        for one in sides:
            self._whole(one)
        kind = self.kind
        for one in kind.presets.values():
            self._whole(one, later=kind.at_once or self._result(one)["ask"]["right"] is None)
        super().__init__(state=self._state(), shown=self._all(), predict=predict)

    # ---- what is computed --------------------------------------------------------------------------------------------------------

    def _result(self, settings: Settings) -> Result:
        """What is quickly known of these settings, computed once."""
        code = settings.code
        if code not in self._results:
            self._remember(code, self._added(settings, {}, self.kind.first(settings)))
        return self._results[code]

    def _whole(self, settings: Settings, later: bool = True) -> Result:
        """The result with all that belongs to it, now."""
        found = self._result(settings)
        if later and "later" not in found:
            found = self._remember(settings.code, self._added(settings, found, {**self.kind.later(settings, found, None, None), "later": True}))
        return found

    def _added(self, settings: Settings, found: Result, more: Result) -> Result:
        return {"code": settings.code, "values": {f.name: getattr(settings, f.name) for f in fields(settings)}, **found, **more}

    def _remember(self, code: str, result: Result) -> Result:
        self._results[code] = result
        for old in list(self._results)[:-REMEMBERED]:
            if old not in {one.code for one in self.sides}:
                del self._results[old]
        return result

    def _shown(self) -> list[Result]:
        return [self._result(one) for one in self.sides]

    def _state(self) -> dict[str, Any]:
        kind = self.kind
        return {"title": kind.title, "lead": kind.lead, "function": kind.function, "doing": kind.doing,
                "presets": [{"name": name, "code": one.code} for name, one in kind.presets.items()],
                "controls": [control.as_data() for control in kind.controls],
                "tasks": [{"name": name, "button": task.button} for name, task in kind.tasks.items()],
                "kept": list(self._results.values())}

    def for_page(self) -> None:
        """Compute what a saved page can show: the presets with everything that belongs to them, and a few settings more.

        `save_html` calls it. A notebook that is exported as a page calls it in the cell that shows the lab.
        """
        kind = self.kind
        for one in [*kind.presets.values(), *kind.page, kind.other(self.sides[0])]:
            self._whole(one)
        self.state = self._state()

    # ---- what the page asks for --------------------------------------------------------------------------------------------------

    @traitlets.observe("wanted")
    def _answer(self, change: Any) -> None:
        wish = dict(change["new"])
        if not wish:
            return
        problem = ""
        try:
            sides: list[Settings] = []
            for side in list(wish.get("sides", []))[:2]:
                sides.append(self._read(side, sides))
            for one in sides:
                self._result(one)
            self.sides = sides or self.sides
        except (BackpropError, ArithmeticError, TypeError, ValueError) as error:
            problem = in_words(error)
        if not problem:
            self._stop()
        self._show(int(wish.get("number", 0)), problem)
        if not problem:
            task = self.kind.tasks.get(str(wish.get("task")))
            one = self.sides[min(max(int(wish.get("side") or 0), 0), len(self.sides) - 1)]
            if task is not None:
                self._begin(one, str(wish["task"]), task.doing, lambda p, c: {wish["task"]: task.make(one, p, c)}, 0.0)
            else:
                if wish.get("task") == "again":
                    self._results[one.code].pop("later", None)
                self._next(0.0 if wish.get("task") == "again" else DELAY)

    def _read(self, side: Mapping[str, Any], before: list[Settings]) -> Settings:
        if "code" in side:
            return self.kind.read(str(side["code"]))
        if side.get("other") and before:
            return self.kind.other(before[0])
        return self.kind.read(None, **dict(side.get("values") or {}))

    def _next(self, delay: float = 0.0) -> None:
        """Begin what is still missing of what is shown."""
        for one in self.sides:
            found = self._results[one.code]
            if "later" not in found:
                self._begin(one, "later", self.kind.doing,
                            lambda p, c, one=one, found=found: {**self.kind.later(one, found, p, c), "later": True}, delay)
                return

    def _begin(self, settings: Settings, name: str, doing: str, make: Callable[..., Result], delay: float) -> None:
        def done(made: Any, problem: Exception | None) -> None:
            self._work = None
            self.progress = {}
            if made is not None:
                self._remember(settings.code, self._added(settings, self._results.get(settings.code, {}), made))
            self._show(self.shown["number"], "" if problem is None else f"{doing} failed: {in_words(problem)}")
            if problem is None:
                self._next()

        def tell(count: int, every: int) -> None:
            self.progress = {"what": doing, "done": count, "all": every}
        self._work = Work(make, tell, done, delay)
        if not delay:
            tell(0, 1)
        self._work.start()

    def _stop(self) -> None:
        if self._work is not None:
            self._work.drop()
            self._work = None
        self.progress = {}

    @traitlets.observe("cancel")
    def _cancel(self, _: Any) -> None:
        if self._work is not None:
            self._work.cancel()

    def _show(self, number: int, problem: str) -> None:
        self.shown = self._all(number, problem)

    def _all(self, number: int = 0, problem: str = "") -> dict[str, Any]:
        difference = self.sides[0].differences(self.sides[1]) if len(self.sides) == 2 else ""
        return {"number": number, "sides": self._shown(), "difference": difference, "problem": problem}

    # ---- for the notebook --------------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings that are shown, A's where two are compared."""
        return self.sides[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {' | '.join(one.code for one in self.sides)}>"


def opened(lab: type[Lab], given: Any, compare: Any, predict: bool, changes: Mapping[str, Any]) -> Any:
    """A lab of this class, as its function was called."""
    first = lab.kind.read(given, **changes)
    second = [] if compare is None else [lab.kind.other(first) if compare is True else lab.kind.read(compare)]
    return lab([first, *second], bool(predict))


def in_words(error: Exception) -> str:
    """An error as one line for the page."""
    if isinstance(error, BackpropError) and error.came_in:
        return f"{error.attempted[:1].upper()}{error.attempted[1:]}: {error.came_in}. {error.instead}".strip()
    return " ".join(str(error).split())


def rounded(values: Any, places: int = 3) -> Any:
    """Numbers with so many significant digits, None where they are not finite; nested as they were."""
    if isinstance(values, (list, tuple, np.ndarray)):
        return [rounded(v, places) for v in (values.tolist() if isinstance(values, np.ndarray) else values)]
    return float(f"{values:.{places}g}") if np.isfinite(values) else None


__all__ = ["Kind", "Lab", "Result", "Task", "in_words", "opened", "rounded"]
