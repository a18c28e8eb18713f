"""The pictures of a stepper's state: the graph in each style, wide and tall, with groups folded or open.

A step toggles what is known. So a picture says which variable each box stands for, and which contributions each line carries: in a
circuit a variable is several gates, and a folded group is one box for several variables.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from ..drawing import Drawing, drawing
from ..drawing.groups import Groups
from ..drawing.marks import Formula, Mark, Text
from ..drawing.model import tip
from ..drawing.shapes import path, reverse
from ..engine.run import Run
from ..notation import Glyphs

STYLES = {"boxes": "functions in boxes", "variables": "variables in circles", "gates": "a circuit of gates"}
JOIN = "·"                                # in front of the name of the dot where an operation's inputs meet
PHONE = 348.0                             # pixels that a telephone has across
LINE, PAGE = 1400.0, 1060.0               # pixels: up to LINE a picture is made smaller, a longer one is broken into lines of PAGE
CARRIED = 2                               # groups of which a state carries every way of opening them
SMALL = 80                                # variables of such a run, at the most

Tickets = Mapping[tuple[str, str], tuple[str, str]]


class Pictures:
    """Draws the pictures of one run.

    Parameters
    ----------
    run : Run
    glyphs : Glyphs
        The table of outlines that the whole state shares.
    tickets : mapping of (variable, consumer) to two lines of text
    groups : mapping of str to names
        Variables that can be folded into one box.
    """

    def __init__(self, run: Run, glyphs: Glyphs, tickets: Tickets, groups: Groups) -> None:
        self.run, self.glyphs, self.tickets = run, glyphs, tickets
        self.groups = {name: tuple(members) for name, members in groups.items()}
        self.flat = run.unfolded()
        self.arrays = any(np.ndim(v.value) for v in run.variables.values())

    def pair(self, style: str, opened: Iterable[str] = ()) -> dict[str, Any]:
        """The picture left to right (``wide``) and top to bottom (``tall``), as JSON data."""
        if style != "boxes":
            return {"wide": self._marked(self._wide(style=style)), "tall": self._marked(self._draw(style=style, direction="down", room=PHONE))}
        tickets = self.tickets
        if self.groups:                                   # an edge of a folded group has room for whichever of its tickets is shown
            unit = {m: g for g, members in self.groups.items() if g not in opened for m in members}
            tickets = {(unit.get(s, s), unit.get(t, t)): text for (s, t), text in tickets.items()}
        options: dict[str, Any] = {"tickets": tickets, "groups": self.groups, "opened": tuple(opened)}
        return {"wide": self._boxes(self._wide(**options)), "tall": self._boxes(self._draw(direction="down", room=PHONE, **options))}

    def every_opening(self, besides: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Every way of opening the groups but one; empty where that would be much."""
        if not self.groups or len(self.groups) > CARRIED or len(self.run.variables) > SMALL:
            return {}
        ways = [way for k in range(len(self.groups) + 1) for way in combinations(self.groups, k)]
        return {key("boxes", way): self.pair("boxes", way) for way in ways if set(way) != set(besides)}

    # ---- layouts -----------------------------------------------------------------------------------------------------------

    def _draw(self, **options: Any) -> Drawing:
        return drawing(self.run, glyphs=self.glyphs, **({"groups": {}} | options))

    def _wide(self, **options: Any) -> Drawing:
        """Left to right; broken into lines where one line would have to be scrolled far."""
        if not self.arrays:
            return self._draw(wrap=PAGE, unbroken=LINE, **options)
        made = self._draw(**options)                      # cards that stand their grids upon each other are tried before lines
        return made if made.size[0] <= LINE else self._draw(wrap=PAGE, **options)

    # ---- as data -----------------------------------------------------------------------------------------------------------

    def _boxes(self, made: Drawing) -> dict[str, Any]:
        data = made.as_data()
        folded = {name: box.data for name, box in made.boxes.items() if "members" in box.data}
        if folded:
            unit = {m: name for name, d in folded.items() for m in d["members"]}
            results = {name: next((m for m in reversed(d["members"]) if self._leaves(m, unit)), d["members"][-1]) for name, d in folded.items()}
            data["folded"] = [{"id": n, "of": results[n], "members": d["members"], **{k: d[k] for k in ("label", "fn", "role", "value", "grad")}}
                              for n, d in folded.items()]
            for v in self.run.variables.values():
                for i in dict.fromkeys(v.inputs):
                    s, t = unit.get(i, i), unit.get(v.name, v.name)
                    if s != t and (s != i or t != v.name):
                        data["edges"][f"{s}>{t}"].setdefault("for", []).append(f"{i}>{v.name}")
        if made.frames:
            data["frames"] = [{"rect": [_short(c) for c in f.rect], "title": _mark(f.title) if f.title else None,
                               "id": next(g for g, m in self.groups.items() if f.names[0] in m)} for f in made.frames]
        return data

    def _leaves(self, name: str, unit: Mapping[str, str]) -> bool:
        """Is this member of a group used outside of it?"""
        v = self.run.variables[name]
        return v.role == "output" or any(unit.get(c.consumer) != unit[name] for c in v.uses)

    def _marked(self, made: Drawing) -> dict[str, Any]:
        """A picture of any other style: each node with its marks."""
        owner = self._owners(made)
        reach = self._reach()
        nodes = []
        for name, b in made.boxes.items():
            if b.shape == "dot":
                kind: dict[str, Any] = {"of": name.removeprefix(JOIN), "inner": True}
            else:
                kind = {"of": owner[name]} | ({"inner": True} if owner[name] != name else {})
            nodes.append({"id": name, "shape": b.shape, "role": b.role, "marks": [_mark(m) for m in (*b.inside, *b.outside)], **kind})
        edges = {}
        for k, e in made.edges.items():
            whole = _edge(made, k)
            to = e.target.removeprefix(JOIN) if made.style == "variables" else owner[e.target]
            if made.style == "variables":
                carried = ([f"{e.source}>{to}"] if e.target.startswith(JOIN) else
                           [f"{i}>{to}" for i in dict.fromkeys(self.run.variables[to].inputs)])
            elif e.source == e.target:
                carried = []
            else:
                carried = [f"{i}>{to}" for i in (reach[e.source] if owner[e.source] == to and e.source not in self.run.variables else [e.source])]
            edges[">".join(k)] = {"d": whole["d"], "to": to, "for": carried} | ({"tip": whole["tip"]} if e.head else {}) | (
                {"back": whole["back"]} if e.source in self.run.variables and e.source != e.target else {})
        places = {n: [_short(b.x), _short(b.y), _short(b.w), _short(b.h)] for n, b in made.boxes.items()}
        return {"style": made.style, "x": 0, "y": 0, "w": round(made.size[0]), "h": round(made.size[1]), "down": made.down, "nodes": places,
                "edges": edges, "marked": nodes}

    def _owners(self, made: Drawing) -> dict[str, str]:
        """A gate -> the variable in whose line it stands."""
        found: dict[str, str] = {}
        flat = self.flat.variables if made.style == "gates" else self.run.variables
        users: dict[str, str] = {}
        for v in flat.values():
            for i in v.inputs:
                users.setdefault(i, v.name)
        for name in reversed(list(flat)):
            found[name] = name if name in self.run.variables else found[users[name]]
        return found

    def _reach(self) -> dict[str, list[str]]:
        """An unnamed gate -> the variables that come into it."""
        found: dict[str, list[str]] = {}
        for name, v in self.flat.variables.items():
            inputs = [i for given in v.inputs for i in ([given] if given in self.run.variables else found[given])]
            found[name] = list(dict.fromkeys(inputs))
        return found


def key(style: str, opened: Iterable[str] = ()) -> str:
    """The name of a picture in the state: "boxes", "gates", or "boxes|layer 1" with a group open."""
    return "|".join([style, *sorted(opened)])


def _edge(made: Drawing, edge: tuple[str, ...]) -> dict[str, Any]:
    route = made.edges[edge].route
    return {"d": path(route), "tip": tip(route), "back": tip(reverse(route), (9.0, 5.0))}


def _mark(m: Mark) -> list[Any]:
    """["text", text, x, y, size, role, anchor], or ["formula", {m, b}, x, y, scale]."""
    if isinstance(m, Text):
        return ["text", m.text, _short(m.x), _short(m.y), m.size, m.role, m.anchor]
    assert isinstance(m, Formula)                         # grids stand in the style "boxes" alone
    return ["formula", {"m": m.data["m"], "b": m.data["b"]}, _short(m.x), _short(m.y), round(m.scale, 3)]


def _short(v: float) -> float | int:
    v = round(float(v), 1)
    return int(v) if v.is_integer() else v
