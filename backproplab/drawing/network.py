"""The neural network diagram: a circle for each unit with its variable inside, edges labelled by weights, no intercept, no loss.

The same network as blocks: one for each layer, without the edges between units.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engine.errors import listed
from ..engine.run import Run, as_run
from ..notation import Glyphs, letter
from ..notation.layout import Atom, Layout, Row, Script, sign
from .boxes import finished
from .errors import DrawingError
from .marks import Formula, Mark, Text, centred
from .model import Box, Drawing, Edge
from .shapes import Point, Rect, around, overlap, straight
from .structure import Structure, structure

LETTER, WEIGHT = 18.0, 14.0               # pixels of one em
SMALLEST, GAP, COLUMN = 48.0, 40.0, 180.0  # diameter of a unit, space between two, distance of two layers
LABELLED = 60                             # so many edges are labelled by their weights, unless that is asked for
SHOWN = 10                                # units of a layer; of a larger one the first and the last ones
GREEK = "αβγδ"
ALONG = (0.3, 0.25, 0.35, 0.2, 0.4, 0.16, 0.45, 0.12, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)    # where on its edge a weight may stand, best first
COLUMNS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 1.05, 1.1)     # where all weights of a layer may stand, in parts of 1 / (targets + 1)
LINE, ROOMY = 24.0, 150.0                 # a line of weights; no two units stand further apart for their sake
BLOCK = (84.0, 150.0)


Pair = tuple[str, str]
Way = tuple[Point, Point]


@dataclass(frozen=True)
class Unit:
    """One circle: its key, its letter, its layer, and its place in the variable that holds it (None for a scalar)."""

    key: str
    layout: Layout
    layer: int
    index: int | None = None


def network(what: Run | Sequence[int] | Any, *, weights: bool | None = None, blocks: bool = False, glyphs: Glyphs | None = None) -> Drawing:
    """The diagram of a network.

    Parameters
    ----------
    what : Run or sequence of int
        A run whose function is a network, in scalars or in matrix products, or the numbers of units from the inputs on.
    weights : bool, optional
        Label the edges; by default up to 60 of them.
    blocks : bool
        One block for each layer instead of its units.
    glyphs : Glyphs, optional

    Returns
    -------
    Drawing

    Raises
    ------
    DrawingError
        When there is no network in the function, or a size is no positive whole number.
    """
    glyphs, run = glyphs or Glyphs(), None
    if isinstance(what, (list, tuple)):
        sizes = _checked(what)
        units, edges = _from_sizes(sizes)
        title = f"Neural network with layers of {listed(sizes)} units"
    else:
        run = as_run(what)
        found = structure(run)
        units, edges = _from_run(run, found)
        counts = [sum(u.layer == k for u in units) for k in range(len(found.layers))]
        title = f"Neural network of {run.name} with layers of {listed(counts)} units"
        if blocks:
            return _blocks(title, [layer if len(layer) < 4 else (layer[0], "…", layer[-1]) for layer in found.layers], counts,
                           [_weight_names(found, k) for k in range(1, len(found.layers))], glyphs)
    if blocks:
        names = [(n,) for n in ["x", *(["z"] if len(sizes) == 3 else [f"z_{k}" for k in range(1, len(sizes) - 1)]), "y"]]
        return _blocks(title, names, list(sizes), [GREEK[k] if len(sizes) <= 5 else f"W{k + 1}" for k in range(len(sizes) - 1)], glyphs)
    made = _diagram(title, units, edges, len(edges) <= LABELLED if weights is None else weights, glyphs)
    return made if run is None else replace(made, run=run)


def _checked(sizes: Sequence[Any]) -> tuple[int, ...]:
    whole = [int(s) for s in sizes if isinstance(s, (int, np.integer)) and not isinstance(s, bool) and s > 0]
    if len(whole) != len(sizes) or len(sizes) < 2:
        raise DrawingError(f"drawing a network with the sizes {list(sizes)}",
                           "each layer needs a positive whole number of units, and there are at least two",
                           "Write for example (2, 3, 1).")
    if max(whole) > 200:
        raise DrawingError(f"drawing a network with the sizes {list(sizes)}", f"a layer has {max(whole)} units", "Draw its layers with blocks=True.")
    return tuple(whole)


# ---- units and edges -----------------------------------------------------------------------------------------------------

def _indexed(base: Layout, *index: int) -> Layout:
    parts: list[Layout] = []
    for k, i in enumerate(index):
        close = all(j < 10 for j in index)
        parts += [*([] if not k or close else [sign(",")]), Atom(str(i), "number")]
    return Script(base, sub=Row(tuple(parts)) if len(parts) > 1 else parts[0])


def _entry(name: str, *index: int) -> Layout:
    """One entry of a variable: x_2, and for names that have a number of their own W^{(1)}_{12}, so that the two are not read as one."""
    found = re.fullmatch(r"(.*?\D)_?(\d+)", name)
    if found is None or not index:
        return _indexed(letter(name), *index) if index else letter(name)
    marked = _indexed(letter(found[1].rstrip("_")), *index)
    assert isinstance(marked, Script)
    return Script(marked.base, marked.sub, Row((Atom("(", "number"), Atom(found[2], "number"), Atom(")", "number"))))


def _from_sizes(sizes: tuple[int, ...]) -> tuple[list[Unit], dict[tuple[str, str], Layout]]:
    last = len(sizes) - 1
    units = []
    for k, count in enumerate(sizes):
        stem = "x" if k == 0 else "y" if k == last else "z"
        for i in range(1, count + 1):
            if k == last and count == 1:
                layout: Layout = Atom("y")
            elif 0 < k < last and last > 2:
                layout = Script(Atom("z"), sub=Atom(str(i), "number"), sup=Row((Atom("(", "number"), Atom(str(k), "number"), Atom(")", "number"))))
            else:
                layout = _indexed(Atom(stem), i)
            units.append(Unit(f"{stem}{k}_{i}", layout, k, i))
    edges: dict[tuple[str, str], Layout] = {}
    for u in units:
        for v in units:
            if v.layer == u.layer + 1:
                base: Layout = Atom(GREEK[u.layer]) if len(sizes) <= len(GREEK) + 1 else Script(Atom("w"), sup=Atom(str(u.layer + 1), "number"))
                index = (u.index,) if sizes[v.layer] == 1 else (v.index, u.index)
                edges[u.key, v.key] = _indexed(base, *[i for i in index if i is not None])
    return units, edges


def _from_run(run: Run, found: Structure) -> tuple[list[Unit], dict[tuple[str, str], Layout]]:
    units: list[Unit] = []
    by_name: dict[str, list[Unit]] = {}
    for k, layer in enumerate(found.layers):
        for name in layer:
            scalar = not run.variables[name].shape
            mine = [Unit(name, letter(name), k)] if scalar else [Unit(f"{name}[{i}]", _entry(name, i), k, i) for i in range(1, found.sizes[name] + 1)]
            by_name[name] = mine
            units += mine
    edges: dict[tuple[str, str], Layout] = {}
    for (a, b), w in found.weights.items():
        for u in by_name[a]:
            for v in by_name[b]:
                if u.index is None and v.index is None or w not in run.variables:
                    edges[u.key, v.key] = letter(w) if w else Row(())
                    continue
                axes = (v.index, u.index) if w in found.turned else (u.index, v.index)
                index = [i for i in axes if i is not None][:max(1, len(run.variables[w].shape))]
                edges[u.key, v.key] = _entry(w, *index)
    return units, edges


def _weight_names(found: Structure, layer: int) -> str:
    names = list(dict.fromkeys(w for (_, v), w in found.weights.items() if v in found.layers[layer] and w))
    return names[0] if len(names) == 1 else f"{len(names)} weights"


# ---- pictures ------------------------------------------------------------------------------------------------------------

def _diagram(title: str, units: list[Unit], edges: dict[tuple[str, str], Layout], labelled: bool, glyphs: Glyphs) -> Drawing:
    layers: dict[int, list[Unit]] = {}
    for u in units:
        layers.setdefault(u.layer, []).append(u)
    by_key = {u.key: u for u in units}
    letters = {u.key: glyphs.formula(u.layout, LETTER) for u in units}
    across = max(SMALLEST, max(float(np.ceil((f["w"] ** 2 + (f["up"] + f["down"]) ** 2) ** 0.5 + 8)) for f in letters.values()))
    tall = max(map(len, layers.values()))
    most = max((sum(1 for a, _ in edges if by_key[a].layer == k) for k in layers), default=0) if labelled else 0
    column = COLUMN + 8.0 * max(0, most - 4)             # room for the weights of crowded layers
    step = across + (GAP if tall <= SHOWN else 10.0)
    if labelled:                                         # the weights of a layer stand in one column, a line for each
        aims = [sum(1 for a, _ in edges if a == u.key) for u in units]
        step = max(step, min(ROOMY, LINE * (max(aims) + 1)))
    nodes: dict[str, Box] = {}
    for k, row in layers.items():
        for i, u in enumerate(row):
            x, y = k * (across + column), (i - (len(row) - 1) / 2) * step
            inside: tuple[Mark, ...] = (centred(letters[u.key], x + across / 2, y + across / 2),)
            nodes[u.key] = Box(u.key, "input" if k == 0 else "operation", "circle", x, y, across, across, inside, (),
                               f"unit {u.key} of layer {k + 1}")
    lines: dict[tuple[str, ...], Edge] = {}
    taken: list[Rect] = [b.rect for b in nodes.values()]
    ways = {(a, b): (_rim(nodes[a], nodes[b]), _rim(nodes[b], nodes[a])) for a, b in edges}
    said = {e: glyphs.formula(w, WEIGHT) for e, w in edges.items() if labelled and w != Row(())}
    sizes = {e: (f["w"] + 6, f["up"] + f["down"] + 5) for e, f in said.items()}
    columns: dict[Pair, Point] = {}
    for k in layers:
        columns |= _column({e: ways[e] for e in said if by_key[e[0]].layer == k}, sizes, taken)
    for a, b in edges:
        start, end = ways[a, b]
        label: tuple[Mark, ...] = ()
        if (a, b) in said:
            place = columns.get((a, b)) or _free(start, end, sizes[a, b], taken, [way for edge, way in ways.items() if edge != (a, b)])
            taken.append(around(place, sizes[a, b]))
            label = (centred(said[a, b], *place),)
        lines[a, b] = Edge(a, b, (straight(start, end),), label=label)
    return finished(title, "network", False, nodes, lines, glyphs, [[u.key for u in row] for _, row in sorted(layers.items())])


def _rim(b: Box, towards: Box) -> tuple[float, float]:
    x, y = b.x + b.w / 2, b.y + b.h / 2
    dx, dy = towards.x + towards.w / 2 - x, towards.y + towards.h / 2 - y
    k = b.w / 2 / (dx * dx + dy * dy) ** 0.5
    return x + dx * k, y + dy * k


def _column(ways: Mapping[Pair, Way], sizes: Mapping[Pair, Point], taken: Sequence[Rect]) -> dict[Pair, Point]:
    """Places for the weights of one layer under each other, where some column has room for all; nothing otherwise.

    With n units to go to, the edges of one unit leave those of the next one alone up to 1/(n + 1) of the way: there the weights of a unit
    stand together. Of the columns near that place, the one where labels cover the fewest other edges.
    """
    aims = max((sum(1 for a, _ in ways if a == source) for source, _ in ways), default=0)
    found: list[tuple[int, dict[Pair, Point]]] = []
    for t in [k / (aims + 1) for k in COLUMNS]:
        places = {e: (start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for e, (start, end) in ways.items()}
        rects = {e: around(p, sizes[e]) for e, p in places.items()}
        every = [*taken, *rects.values()]
        if not any(overlap(r, s) for k, r in enumerate(every[len(taken):], len(taken)) for s in every[:k]):
            found.append((sum(_meets(r, way) for e, r in rects.items() for other, way in ways.items() if e != other), places))
    return min(found, key=lambda f: f[0])[1] if found else {}


def _free(start: Point, end: Point, size: Point, taken: Sequence[Rect], others: Sequence[tuple[Point, Point]]) -> Point:
    """The best place along an edge that covers no other label, and as few other edges as can be."""
    def at(t: float) -> Point:
        return start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])

    def covered(t: float) -> tuple[int, int]:
        r = around(at(t), size)
        return sum(overlap(r, s) for s in taken), sum(_meets(r, way) for way in others)
    return at(min(ALONG, key=covered))


def _meets(r: Rect, way: tuple[Point, Point]) -> bool:
    """Does a line pass through a rectangle?"""
    (x, y), (z, w) = way
    low, high = 0.0, 1.0
    for a, d, least, most in ((x, z - x, r[0], r[2]), (y, w - y, r[1], r[3])):
        if abs(d) < 1e-9:
            if not least <= a <= most:
                return False
            continue
        first, last = sorted(((least - a) / d, (most - a) / d))
        low, high = max(low, first), min(high, last)
    return low <= high


def _blocks(title: str, names: Sequence[Sequence[str]], sizes: Sequence[int], weights: Sequence[str], glyphs: Glyphs) -> Drawing:
    nodes: dict[str, Box] = {}
    lines: dict[tuple[str, ...], Edge] = {}
    x = 0.0
    keys = []
    for k, (name, size) in enumerate(zip(names, sizes, strict=True)):
        parts: list[Layout] = []
        for n in name:
            parts += [*([sign(",")] if parts else []), sign("…") if n == "…" else letter(n)]
        f = glyphs.formula(Row(tuple(parts)), LETTER)
        w = max(BLOCK[0], f["w"] + 24)
        h = BLOCK[1] if size > 1 else BLOCK[1] * 0.6
        y = -h / 2
        many = f"{size} units" if size > 1 else "1 unit"
        label = Text(many, x + w / 2, y + h + 16, 12.0, "s", "middle")
        key = f"layer {k + 1}"
        keys.append(key)
        nodes[key] = Box(key, "input" if k == 0 else "operation", "box", x, y, w, h, (centred(f, x + w / 2, y + h / 2),), (label,),
                         f"layer {k + 1}: {', '.join(name)}, {many}")
        x += w + 96.0
    for k, (a, b) in enumerate(zip(keys, keys[1:], strict=False)):
        name = weights[k]
        f = glyphs.formula(letter(name) if name.isidentifier() else Atom(name, "word"), WEIGHT)
        start, end = (nodes[a].x + nodes[a].w, 0.0), (nodes[b].x, 0.0)
        middle = (start[0] + end[0]) / 2
        lines[a, b] = Edge(a, b, (straight(start, end),), label=(Formula(f, middle - f["w"] / 2 - 3, -7 - f["down"]),))
    return finished(title, "blocks", False, nodes, lines, glyphs, [[k] for k in keys])
