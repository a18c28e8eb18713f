"""The computation graph extended with its derivative nodes: for each variable one more node, which computes its gradient from the
gradients of its consumers and from the values that their local derivatives need. What the backward pass is, as a graph of its own.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.expressions import symbols, total
from ..engine.run import Run
from ..notation import Glyphs, Setting, signed, tidy, typeset
from ..notation.layout import Atom
from ..notation.numerals import number
from .arranging import Arrangement
from .boxes import described, finished
from .cards import DIGITS, WIDEST, Card, cards
from .grids import grid
from .marks import FORMULA
from .model import Drawing, Edge

SHRUNK = 0.75


def derivatives(run: Run, glyphs: Glyphs, *, arrangement: Arrangement, tickets: Any = None, numbers: bool = True,
                parameters: Iterable[str] | None = None, notation: str = "g", groups: Any = None, opened: Any = ()) -> Drawing:
    """The graph of values and gradients; see `drawing` for the options."""
    down = arrangement.down
    setting = Setting.of(run, notation, DIGITS)
    found = cards(run, glyphs, down=down, numbers=numbers, parameters=parameters, notation=notation)
    forward = [replace(c, gradient=None, gradient_grid=None) for c in found]
    known = {*run.variables, *run.gradient_symbols.values()}
    edges = [(i, v.name) for v in run.variables.values() for i in v.inputs]
    backward: list[Card] = []
    for v in reversed(list(run.variables.values())):
        symbol = run.gradient_symbols.get(v.name)
        if symbol is None:
            continue
        backward.append(_gradient_card(run, v.name, symbol, setting, glyphs, found[0], numbers))
        for c in v.uses:
            edges += [(s, symbol) for s in symbols(c.expression) if s in known]
    edges = list(dict.fromkeys(edges))
    made = [*forward, *backward]
    place = arrangement.place([c.item for c in made], edges)
    nodes = {c.name: c.at(*place.boxes[c.name]) for c in made}
    gradients = {c.name for c in backward}
    lines: dict[tuple[str, ...], Edge] = {(s, t): Edge(s, t, place.routes[s, t], kind="backward" if s in gradients else "") for s, t in edges}
    return finished(described(run, "Computation graph with derivative nodes"), "derivatives", down, nodes, lines, glyphs, place.layers)


def _gradient_card(run: Run, name: str, symbol: str, setting: Setting, glyphs: Glyphs, sample: Card, numbers: bool) -> Card:
    v = run.variables[name]
    scalar = np.ndim(v.gradient) == 0
    label = glyphs.formula(setting.gradient(name), FORMULA)
    if v.uses:
        e = tidy(total([c.expression for c in v.uses]))
        function = glyphs.formula(typeset(e, setting), FORMULA)
        if function["w"] * SHRUNK > WIDEST[sample.down] - 14:
            function = glyphs.formula(Atom(f"{len(v.uses)} contributions", "word"), FORMULA)
        told = f"{symbol} = {e}"
    else:
        function = glyphs.formula(number(v.gradient if scalar else 1.0, "g", DIGITS), FORMULA)
        told = f"{symbol}, where the backward pass starts" if name == run.output else f"{symbol} is 0"
    value = signed(v.gradient, DIGITS) if scalar else None
    cells = None if scalar else grid(v.gradient, "g")
    data = {"id": symbol, "label": label, "fn": function, "role": "gradient", "value": value, "grad": None, "fork": False, "leaf": False,
            "written": symbol}
    return replace(sample, name=symbol, role="gradient", leaf=False, title=f"{told}, gradient", label=label, function=function, value=None,
                   gradient=value if numbers else None, grid=cells if numbers else None, gradient_grid=None, data=data)
