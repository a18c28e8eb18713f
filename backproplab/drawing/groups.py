"""Several variables drawn as one box: a sigmoid made of four gates, a layer, a block that repeats.

A group is named and lists its members. Drawing folds it into one box; an opened group is drawn whole, inside a frame. Repeated blocks
are found by themselves, so that a network of fifty layers shows its first layer, its last one, and how many are alike in between.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..engine.errors import listed
from ..engine.folding import Variable
from ..engine.run import Run
from .errors import DrawingError

MANY = 40                                 # a run with more variables has its repeated blocks folded, unless groups are given
REPEATED = 4                              # so many blocks alike are folded
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?![\w.(])")
_INDEX = re.compile(r"\[\d+\]")             # W[0], W[1], ...: the same line of a loop

Groups = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Fold:
    """A graph with some of its variables folded.

    Attributes
    ----------
    units : tuple of str
        Variables and groups in the author's order.
    edges : tuple of (str, str)
    members : dict of str to tuple of str
        The variables of each folded group.
    frames : dict of str to tuple of str
        The variables of each opened group.
    """

    units: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    members: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, tuple[str, ...]]

    def output_of(self, group: str, run: Run) -> Variable | None:
        """The one member that is used outside of a group, or None when there are several."""
        inside = set(self.members[group])
        outside = {i for v in run.variables.values() if v.name not in inside for i in v.inputs}
        used = [n for n in self.members[group] if (n == run.output or n in outside) and run.variables[n].expression is not None]
        return run.variables[used[0]] if len(used) == 1 else None


def folded(run: Run, groups: Groups | None = None, opened: Iterable[str] = ()) -> Fold:
    """The graph of a run with groups folded.

    Parameters
    ----------
    run : Run
    groups : dict of str to names, optional
        By default the repeated blocks of a run with many variables; an empty dict folds nothing.
    opened : iterable of str
        Groups that are drawn whole, in a frame.

    Raises
    ------
    DrawingError
        For names that do not exist or belong to two groups, and for a group that its own results come back into.
    """
    if groups is None:
        groups = repeats(run) if len(run.variables) > MANY else {}
    members = {name: tuple(names) for name, names in groups.items()}
    opened = (opened,) if isinstance(opened, str) else tuple(opened)
    _checked(run, members, opened)
    frames = {g: members[g] for g in opened}
    members = {g: names for g, names in members.items() if g not in opened}
    owner = {n: g for g, names in members.items() for n in names}
    units = tuple(dict.fromkeys(owner.get(n, n) for n in run.variables))
    edges = dict.fromkeys((owner.get(i, i), owner.get(v.name, v.name)) for v in run.variables.values() for i in v.inputs)
    made = Fold(units, tuple((s, t) for s, t in edges if s != t), members, frames)
    _acyclic(run, made)
    return made


def _checked(run: Run, members: Mapping[str, Sequence[str]], opened: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for group, names in members.items():
        what = f"folding the group {group!r} of {run.name}"
        if not names:
            raise DrawingError(what, "it has no members", "List the variables that belong to it.")
        for n in names:
            if n not in run.variables:
                raise DrawingError(what, f"{n!r} is no variable; there are {listed(run.variables)}", "List names of variables.")
            if n in seen:
                raise DrawingError(what, f"{n!r} already belongs to the group {seen[n]!r}", "A variable belongs to one group.")
            seen[n] = group
        if group in run.variables and group not in names:
            raise DrawingError(what, f"{group} is also the name of a variable", "Give the group a name of its own.")
    for g in opened:
        if g not in members:
            raise DrawingError(f"opening the group {g!r} of {run.name}", f"there are the groups {listed(members) or 'none'}", "Open one of groups=.")


def _acyclic(run: Run, fold: Fold) -> None:
    import networkx as nx

    graph = nx.DiGraph(list(fold.edges))
    if fold.members and not nx.is_directed_acyclic_graph(graph):
        cycle = [s for s, _ in nx.find_cycle(graph)]
        group = next(n for n in cycle if n in fold.members)
        between = [n for n in cycle if n != group]
        raise DrawingError(f"folding the group {group!r} of {run.name}", f"its results come back into it by way of {listed(between)}",
                           "A group needs everything between its members: add these, or split it.")


def repeats(run: Run, least: int = REPEATED) -> dict[str, tuple[str, ...]]:
    """Groups of the blocks that repeat: all but the first and the last of `least` or more blocks that compute alike, one after another.

    Two blocks are alike when their lines read the same but for the names, with values of the same shapes. Inputs that nothing else
    uses belong to their block.
    """
    steps = [v for v in run.variables.values() if v.expression is not None]
    signs = [(_INDEX.sub("[#]", _NAME.sub("_", str(v.expression))), v.shape) for v in steps]
    consumers: dict[str, set[str]] = {n: set() for n in run.variables}
    for v in steps:
        for i in v.inputs:
            consumers[i].add(v.name)
    found: dict[str, tuple[str, ...]] = {}
    k = 0
    while k < len(steps):
        period, count = _longest(signs, k, least)
        if not period:
            k += 1
            continue
        inner = [v.name for v in steps[k + period:k + period * (count - 1)]]
        inside = set(inner)
        blocks = [steps[j:j + period] for j in range(k, k + period * count, period)]
        one_after_another = all(any(i == w.name for v in b for i in v.inputs for w in a) for a, b in zip(blocks, blocks[1:], strict=False))
        if one_after_another and run.output not in inside:
            leaves = [n for n, v in run.variables.items() if v.expression is None and consumers[n] and consumers[n] <= inside]
            named = [v.written for v in steps[k:k + period] if v.name in run.values]
            found[f"{count - 2} × {named[-1] if named else steps[k].written}"] = (*leaves, *inner)
        k += period * count
    return found


def _longest(signs: Sequence[object], start: int, least: int) -> tuple[int, int]:
    """(period, count) of the repetition that begins here and covers most; the shorter period of two. (0, 0) for none."""
    best = (0, 0)
    for period in range(1, min(40, (len(signs) - start) // least) + 1):
        count = 1
        while signs[start + count * period:start + (count + 1) * period] == signs[start:start + period]:
            count += 1
        if count >= least and period * count > best[0] * best[1]:
            best = (period, count)
    return best
