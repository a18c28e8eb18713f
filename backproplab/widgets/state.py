"""Everything the stepper can show of a run, as one JSON state: nodes, steps, listing, two layouts, outlines of formulas.

Nothing in it is placed by hand, and nothing is computed later: the page only shows it.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..drawing import Drawing, drawing, shape_text
from ..engine.run import Run
from ..notation import Glyphs, digits
from ..questions.asks import FADING, asks
from ..questions.matching import TOLERANCE
from .formulas import Formulas
from .steps import step_data, ticket_rule, ticket_sum

LONGEST = 90                              # characters of the inputs' values in the head
LINE, PAGE = 1400.0, 1060.0               # pixels: up to LINE a picture is made smaller, a longer one is broken into lines of PAGE


def stepper_state(run: Run, notation: str = "g") -> dict[str, Any]:
    """The state of a stepper.

    Parameters
    ----------
    run : Run
    notation : str

    Returns
    -------
    dict
        JSON data: ``id, head, at, out, code, nodes, steps, asking, wide, tall, glyphs``.
    """
    glyphs = Glyphs()
    formulas = Formulas(run, glyphs, notation)
    code, lines = _listing(run)
    tickets = {(v.name, c.consumer): (ticket_rule(c, run), ticket_sum(c)) for v in run.variables.values() for c in v.uses}
    layouts = {"wide": _wide(run, glyphs, tickets), "tall": drawing(run, direction="down", glyphs=glyphs, tickets=tickets, groups={})}
    nodes = [layouts["wide"].nodes[v.name] | {"line": lines[v.name]} for v in run.variables.values()]
    steps = [step_data(s, run, formulas, lines, found) for s, found in zip(run.steps, asks(run), strict=True)]
    return {"id": run.name, "head": formulas.head(), "at": _point(run), "out": run.output, "code": code, "nodes": nodes, "steps": steps,
            "asking": {"kinds": FADING, "tolerance": TOLERANCE.data}, **{key: made.as_data() for key, made in layouts.items()},
            "glyphs": glyphs.outlines}


def _wide(run: Run, glyphs: Glyphs, tickets: Mapping[tuple[str, str], tuple[str, str]]) -> Drawing:
    """Left to right; broken into lines where one line would have to be scrolled far."""
    made = drawing(run, glyphs=glyphs, tickets=tickets, groups={})
    return made if made.size[0] <= LINE else drawing(run, glyphs=glyphs, tickets=tickets, groups={}, wrap=PAGE)


def _listing(run: Run) -> tuple[list[str], dict[str, int]]:
    """(lines of source, a variable's name -> the row that makes it). Without source the call stands for all."""
    if not run.code:
        return [f"{run.name}({', '.join(run.inputs)})"], dict.fromkeys(run.variables, 0)
    row = {number: k for k, (number, _) in enumerate(run.code)}
    start = next((k for k, (_, text) in enumerate(run.code) if text.lstrip().startswith(f"def {run.name}")), 0)
    return [text for _, text in run.code], {v.name: row.get(v.line, start) for v in run.variables.values()}


def _point(run: Run) -> str:
    """x = 2,  z = 3."""
    told = [f"{n} = {digits(v, 4)}" if np.ndim(v) == 0 else f"{n} {shape_text(v)}" for n, v in run.inputs.items()]
    return ",  ".join(told) if sum(map(len, told)) + 3 * len(told) < LONGEST else f"{len(told)} inputs"
