"""What a picture points out: paths, or one step of the backward pass with its contributions on the edges."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.errors import listed
from ..engine.folding import Contribution
from ..engine.run import Run
from ..notation import digits, signed
from .errors import DrawingError
from .grids import shape_text
from .model import Drawing
from .paths import _counts


def edges_of_paths(run: Run, path: str | Sequence[str]) -> list[tuple[str, str]]:
    """The edges of one path, given by its variables, or of all paths from one variable to the output.

    Raises
    ------
    DrawingError
        When two neighbours of the path are not joined.
    """
    if isinstance(path, str):
        ahead = {run.variable(path).name}
        counts = _counts(run, run.output)
        out = []
        for v in run.variables.values():
            for i in v.inputs:
                if i in ahead and counts[v.name]:
                    ahead.add(v.name)
                    out.append((i, v.name))
        return out
    names = [run.variable(n).name for n in path]
    for a, b in zip(names, names[1:], strict=False):
        if a not in run.variables[b].inputs:
            raise DrawingError(f"showing the path {' → '.join(names)} of {run.name}",
                               f"{b} does not use {a}, it uses {listed(run.variables[b].inputs) or 'nothing'}",
                               "Name the variables of a path one by one, each used by the next.")
    return list(zip(names, names[1:], strict=False))


def with_path(drawing: Drawing, edges: Iterable[tuple[str, str]]) -> Drawing:
    """The drawing with these edges and the nodes they join made thick. A dot where inputs meet passes a path on."""
    wanted = set(edges)
    every = {(e.source.lstrip("·"), e.target.lstrip("·")) for e in drawing.edges.values()}
    if not wanted <= every:
        a, b = sorted(wanted - every)[0]
        raise DrawingError(f"showing a path in the style {drawing.style!r}", f"this picture has no edge from {a} to {b}",
                           "Choose style='boxes', without groups.")
    joins = {b for _, b in wanted}
    names = {n for e in wanted for n in e}
    lines = {k: replace(e, marked=(e.source.lstrip("·"), e.target.lstrip("·")) in wanted or e.source == f"·{e.target}" and e.target in joins)
             for k, e in drawing.edges.items()}
    nodes = {n: replace(b, marked=True) if n in names else b for n, b in drawing.boxes.items()}
    return replace(drawing, boxes=nodes, edges=lines)


def tickets_of(run: Run, name: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The tickets of one variable: upstream × local, and what it contributes, numbered in the author's order."""
    uses = run.variable(name).uses
    return {(name, c.consumer): _ticket(c) for c in uses}


def _ticket(c: Contribution) -> tuple[str, ...]:
    if c.local is not None and np.ndim(c.local) == np.ndim(c.upstream) == 0:
        local = digits(c.local, 3)
        return f"{digits(c.upstream, 3)} × {f'({local})' if local[0] == '−' else local}", signed(c.value, 4)
    return f"from {_shape(c.upstream)}", signed(c.value, 4) if np.ndim(c.value) == 0 else _shape(c.value)


def _shape(value: Any) -> str:
    """As NumPy writes it for a vector, (3,): a bare 3 would read as a number."""
    return f"({np.size(value)},)" if np.ndim(value) == 1 else shape_text(value)


def with_backward(drawing: Drawing, run: Run, name: str) -> Drawing:
    """The drawing at the step that finds the gradient of one variable: reversed arrows, contributions on them, a number for each."""
    order = {(name, c.consumer): k + 1 for k, c in enumerate(run.variable(name).uses)}
    lines: dict[Any, Any] = {}
    for key, e in drawing.edges.items():
        if (e.source, e.target) in order:
            index = (str(order[e.source, e.target]),) if len(order) > 1 else ()
            e = replace(e, marked=True, kind="backward", ticket_text=(*e.ticket_text[:2], *index))
        lines[key] = e
    box = drawing.boxes[name]
    return replace(drawing, edges=lines, boxes={**drawing.boxes, name: replace(box, marked=True, tone=("now", "back"))})
