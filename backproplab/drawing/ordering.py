"""The order of boxes and lanes inside each layer: few crossings, and the author's order wherever crossings do not decide.

Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (IEEE Transactions on Systems, Man,
and Cybernetics 11, 1981): sweep through the layers, put every node at the barycentre of its neighbours, then exchange neighbours as
long as that removes crossings. Several starts are tried, always the same ones, and the first best is kept.
"""
from __future__ import annotations

import random
from bisect import bisect_right, insort

from .layers import Layers

SWEEPS, PATIENCE, LARGE_PATIENCE = 40, 4, 8      # most sweeps from one start; sweeps without progress before it is given up
WORK, LEAST = 9000, 6                            # boxes and lanes that are sorted from one start, about; sweeps at the least
FEW = 36                                         # up to so many, more of the best orders are handed out
SMALL, STARTS = 60, 6                            # up to so many boxes and lanes, so many starts are tried


def crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    """How many pairs of edges cross between neighbouring layers: the inversions among their ends."""
    total = 0
    for upper, lower in zip(rows, rows[1:], strict=False):
        at = {v: i for i, v in enumerate(lower)}
        ends: list[int] = []
        for u in upper:
            mine = sorted(at[v] for v in below[u])
            for end in mine:
                total += len(ends) - bisect_right(ends, end)
            for end in mine:
                insort(ends, end)
    return total


def inversions(left: list[int], right: list[int]) -> int:
    """Pairs that cross when the node with ends `left` stands before the node with ends `right`; both sorted."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    count = j = 0
    for end in left:
        while j < len(right) and right[j] < end:
            j += 1
        count += j
    return count


def exchange(row: list[int], layers: Layers, at: list[int], natural: bool = False) -> bool:
    """Exchange neighbours in a row while that removes crossings; with `natural`, also boxes out of order if it costs none."""
    ends = {v: (sorted([at[u] for u in layers.above[v]]), sorted([at[u] for u in layers.below[v]])) for v in row}
    changed, again = False, True
    while again:
        again = False
        for i in range(len(row) - 1):
            u, v = row[i], row[i + 1]
            (up, down), (other_up, other_down) = ends[u], ends[v]
            now = inversions(up, other_up) + inversions(down, other_down)
            if now == 0 and not natural:
                continue
            gain = now - inversions(other_up, up) - inversions(other_down, down)
            if gain > 0 or natural and gain == 0 and v < u < layers.boxes:
                row[i], row[i + 1] = v, u
                again = changed = True
    for i, v in enumerate(row):
        at[v] = i
    return changed


def loosen(row: list[int], layers: Layers, at: list[int]) -> None:
    """Exchange neighbours that cross, once along the row, also where that removes no crossing: a way out of an order that no single
    exchange improves."""
    for i in range(len(row) - 1):
        u, v = row[i], row[i + 1]
        sides = [(sorted([at[w] for w in near[u]]), sorted([at[w] for w in near[v]])) for near in (layers.above, layers.below)]
        now = sum([inversions(a, b) for a, b in sides])
        if now and sum([inversions(b, a) for a, b in sides]) <= now:
            row[i], row[i + 1] = v, u
    for i, v in enumerate(row):
        at[v] = i


def barycentres(row: list[int], near: list[list[int]], at: list[int], turned: bool) -> None:
    """Sort a row by the mean place of its neighbours; nodes without any keep their place; ties stay, or turn round."""
    where = {v: sum([at[u] for u in near[v]]) / len(near[v]) for v in row if near[v]}
    sign = -1 if turned else 1
    sorted_ones = iter(sorted(where, key=lambda v: (where[v], sign * at[v])))
    row[:] = [next(sorted_ones) if v in where else v for v in row]


def improved(rows: list[list[int]], layers: Layers) -> tuple[int, list[list[int]]]:
    """(crossings, rows) of the best order that sweeps from this start come to."""
    rows = [row[:] for row in rows]
    at = [0] * len(layers.above)
    for row in rows:
        for i, v in enumerate(row):
            at[v] = i
    best, kept, stale = crossings(rows, layers.below), [row[:] for row in rows], 0
    patience = PATIENCE if len(layers.above) <= SMALL else LARGE_PATIENCE
    for sweep in range(max(LEAST, min(SWEEPS, WORK // len(layers.above)))):
        if best == 0 or stale == patience:
            break
        forward, turned = sweep % 2 == 0, sweep % 4 >= 2
        for k in (range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)):
            barycentres(rows[k], layers.above if forward else layers.below, at, turned)
            if turned:
                loosen(rows[k], layers, at)
            exchange(rows[k], layers, at)
        now = crossings(rows, layers.below)
        stale += 1
        if now < best:
            best, kept, stale = now, [row[:] for row in rows], 0
    return best, kept


def depth_first(layers: Layers, backward: bool) -> list[list[int]]:
    """Rows in the order in which a depth-first walk meets them: what belongs together starts side by side."""
    rows = layers.rows
    near = layers.above if backward else layers.below
    seen: dict[int, int] = {}
    for root in (v for row in (rows[::-1] if backward else rows) for v in row):
        stack = [root]
        while stack:
            v = stack.pop()
            if v not in seen:
                seen[v] = len(seen)
                stack += near[v][::-1]
    return [sorted(row, key=seen.__getitem__) for row in rows]


def orders(layers: Layers, most: int = 5) -> list[list[list[int]]]:
    """The orders with the fewest crossings that several starts lead to, the one closest to the author's order first.

    Small pictures give up to `most` different ones, so that the places of the boxes can decide; large ones give one.
    """
    rows = layers.rows
    starts = [rows, depth_first(layers, True), [row[::-1] for row in rows], depth_first(layers, False)]
    small = len(layers.above) <= SMALL
    most = most if len(layers.above) <= FEW else min(most, 3)
    shuffle = random.Random(1)
    found: list[tuple[int, int, list[list[int]]]] = []
    for k in range(STARTS if small else len(starts)):
        start = starts[k] if k < len(starts) else [shuffle.sample(row, len(row)) for row in rows]
        count, order = improved(start, layers)
        for turn in ((order, [row[::-1] for row in order]) if small else (order,)):
            at = [0] * len(layers.above)
            for row in turn:
                for i, v in enumerate(row):
                    at[v] = i
            for row in turn:
                exchange(row, layers, at, natural=True)
            turn = units_in_order(turn, layers)
            if all(turn != other for _, _, other in found):
                found.append((crossings(turn, layers.below) if count else 0, disorder(turn, layers.boxes), turn))
        if not small and found[0][0] == 0:
            break
    fewest = min(count for count, _, _ in found)
    best = sorted((f for f in found if f[0] == fewest), key=lambda f: f[1])
    return [order for _, _, order in best[:most if small else 1]]


def units_in_order(rows: list[list[int]], layers: Layers) -> list[list[int]]:
    """The same picture with boxes that have the same sources and targets in the author's order; their lanes go with them."""
    sources: dict[int, set[int]] = {v: set() for v in range(layers.boxes)}
    targets: dict[int, set[int]] = {v: set() for v in range(layers.boxes)}
    for u, v in layers.chains:
        sources[v].add(u)
        targets[u].add(v)
    new = list(range(len(layers.above)))
    for row in rows:
        alike: dict[tuple[frozenset[int], frozenset[int]], list[int]] = {}
        for v in row:
            if v < layers.boxes:
                alike.setdefault((frozenset(sources[v]), frozenset(targets[v])), []).append(v)
        for found in alike.values():
            for v, w in zip(found, sorted(found), strict=True):
                new[v] = w
    for (u, v), chain in layers.chains.items():
        for lane, other in zip(chain[1:-1], layers.chains[new[u], new[v]][1:-1], strict=True):
            new[lane] = other
    return [[new[v] for v in row] for row in rows]


def disorder(rows: list[list[int]], boxes: int) -> int:
    """Pairs of neighbouring boxes that stand against the author's order."""
    return sum(a > b for row in rows for real in [[v for v in row if v < boxes]] for a, b in zip(real, real[1:], strict=False))
