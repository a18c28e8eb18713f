"""The shape bench: a derivative is built from boxes that join only where their axes meet."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from ..engine.errors import InputError, UnknownNameError, listed
from ..engine.settings import settings
from ..questions import Outcome, Posed, Record, record
from .modules import script, style
from .shapes_levels import LEVELS
from .shapes_variants import bench_state, own_level

OBJECTIVE = "order and turn the factors of a gradient"
PREDICTING = "know the shape of a derivative in either layout"


class ShapeBench(anywidget.AnyWidget):
    """A bench with its questions. `shape_bench` makes it.

    Attributes
    ----------
    state : dict
        All levels with their numbers, gradients, known mistakes and hints; the page needs nothing else, and no kernel.
    place : dict
        Where to begin: level, form, dims, layout, ask, predict.
    answers : dict
        By level/form/sizes/layout/name: ``{"done", "right", "tries", "hints", "mistakes", "line", "shape"}``.
    """

    _esm = script("shapes-bench.js")
    _css = style("base.css", "shapes.css")
    state = traitlets.Dict().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __init__(self, kept: Record | None = None, **rest: Any) -> None:
        self.record = kept
        self._noted: set[str] = set()
        super().__init__(**rest)

    @traitlets.observe("answers")
    def _note(self, change: Any) -> None:
        """Keep in the learner's record what is done, once."""
        for key, answer in change["new"].items():
            shape = answer.get("shape")
            if shape and f"{key}?" not in self._noted:
                self._noted.add(f"{key}?")
                self._keep(f"{key}?", PREDICTING, bool(shape.get("right")), int(shape.get("tries", 1)), 0, ())
            if answer.get("done") and key not in self._noted:
                self._noted.add(key)
                self._keep(key, OBJECTIVE, bool(answer.get("right")), int(answer.get("tries", 1)), int(answer.get("hints", 0)),
                           answer.get("mistakes", ()))

    def _keep(self, key: str, objective: str, right: bool, tries: int, hints: int, mistakes: Any) -> None:
        if self.record is not None:
            posed = Posed(f"shape-bench/{key}", 0, "shape", objective, 1.0, "", None)
            outcome = Outcome(right, names=tuple(dict.fromkeys(map(str, mistakes))), verdict="right" if right else "revealed")
            self.record.note(posed, outcome, max(1, tries), hints)

    def __repr__(self) -> str:
        asked = sum(len(v["asks"]) for v in self.state["variants"].values())
        return f"<ShapeBench: {', '.join(lv['title'] for lv in self.state['levels'])}; {asked} questions>"


def shape_bench(formula: str | None = None, axes: Mapping[str, str] | None = None, sizes: Mapping[str, int] | None = None, *, level: str = "batch",
                layout: str | None = None, predict: bool = True, keep: bool | Record = False) -> ShapeBench:
    """Build gradients from boxes.

    Parameters
    ----------
    formula : str, optional
        A product of one's own, ``"Z = X @ W.T"``, ``"A = B * C"``, ``"H = relu(X @ W + b)"``; without it, the levels of the lessons.
    axes : mapping of str to str, optional
        What the sides of its boxes count, rows and columns: ``{"X": "BM", "W": "MN"}``; "1" is a side of length one.
    sizes : mapping of str to int, optional
        How long the axes are, 1 to 8.
    level : str
        Where to begin: "product", "sample", "batch", "relu", "chain" or "tensor".
    layout : str, optional
        "denominator" (a gradient lies like its variable) or "numerator"; by default as the session's gradients are.
    predict : bool
        Ask for the shape before anything can be built.
    keep : bool or Record
        Note what went right and wrong in the learner's own file, which stays on this machine.

    Returns
    -------
    ShapeBench
        A widget. It needs no kernel; `save_html` writes it into a page of its own.

    Raises
    ------
    InputError
        For a formula, axes or sizes that cannot be put on the bench.
    UnknownNameError
        For another level or layout.
    """
    if layout is None:
        layout = "numerator" if settings().gradients == "numerator" else "denominator"
    if layout not in ("numerator", "denominator"):
        raise UnknownNameError(f"making a shape bench with layout={layout!r}", "the layouts are 'denominator' and 'numerator'", "Use one of these.")
    if formula is None and (axes or sizes):
        raise InputError("making a shape bench", "axes or sizes came without a formula",
                         'Write the formula first: bl.shape_bench("Z = X @ W", axes={"X": "BM"}).')
    levels = LEVELS if formula is None else (own_level(formula, axes, sizes),)
    names = [lv.id for lv in levels]
    if formula is None and level not in names:
        raise UnknownNameError(f"making a shape bench with level={level!r}", f"the levels are {listed(map(repr, names))}", "Use one of these.")
    kept = keep if isinstance(keep, Record) else record() if keep else None
    place = {"level": level if formula is None else "own", "form": "row", "dims": "distinct", "layout": layout, "ask": 0, "predict": bool(predict)}
    return ShapeBench(kept, state=bench_state(levels), place=place)
