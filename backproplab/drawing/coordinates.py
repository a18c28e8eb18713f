"""Places across the reading direction: nothing in a layer overlaps, edges are short, and the main path is a straight line.

Each layer is an isotonic regression: the places closest to where the neighbours want each box that keep the order and the gaps
(pool adjacent violators; Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order Restrictions", 1972). A few
sweeps through the layers settle the picture; then boxes that carry on one line of thought (threads) are put exactly in line and
all the others settle around them.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from .layers import Layers

ROUNDS, SETTLING = 16, 6
AGAINST = 60.0                                  # so much shorter must the edges be to leave the author's order
LANE_PULL, END_PULL, INPUT_PULL = 8.0, 2.0, 2.0  # how hard an edge pulls between two lanes, at a lane's end, out of an input; else 1


def closest(want: Sequence[float], weight: Sequence[float], gap: Sequence[float]) -> list[float]:
    """The places with the least weighted squared distance to `want` among those with ``x[i + 1] - x[i] >= gap[i]``."""
    offsets = [0.0]
    for g in gap:
        offsets.append(offsets[-1] + g)
    pools: list[tuple[float, float, int]] = []
    for target, offset, w in zip(want, offsets, weight, strict=True):
        mean, total, count = target - offset, w, 1
        while pools and pools[-1][0] > mean:
            m, t, n = pools.pop()
            mean, total, count = (mean * total + m * t) / (total + t), total + t, count + n
        pools.append((mean, total, count))
    means = [m for m, _, n in pools for _ in range(n)]
    return [m + o for m, o in zip(means, offsets, strict=True)]


def straight_edges(layers: Layers) -> set[tuple[int, int]]:
    """The edges that carry the main path on: at most one into and one out of each box.

    A box continues the input that took most steps to compute; of three or any odd number of computed inputs the middle one.
    Among those that want to continue it, a box prefers the one with the longest way still to go, or the middle one. Two equals
    on either side stay symmetrical: neither is straight.
    """
    sources: dict[int, list[tuple[int, int]]] = {v: [] for v in range(layers.boxes)}        # (place of the edge in the row, source)
    targets: dict[int, list[tuple[int, int]]] = {v: [] for v in range(layers.boxes)}
    at = {v: i for row in layers.rows for i, v in enumerate(row)}
    for (u, v), chain in layers.chains.items():
        sources[v].append((at[chain[-2]], u))
        targets[u].append((at[chain[1]], v))
    order = [v for row in layers.rows for v in row if v < layers.boxes]
    steps, left = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for v in order:
        steps[v] = max((steps[u] + 1 for _, u in sources[v]), default=0)
    for u in reversed(order):
        left[u] = max((left[v] + 1 for _, v in targets[u]), default=0)

    def one(found: list[tuple[int, int]], length: dict[int, int], middle: bool) -> int | None:
        found = sorted(found)
        if len(found) % 2 and (middle or len(found) == 1):
            return found[len(found) // 2][1]
        longest = max(length[v] for _, v in found)
        best = [v for _, v in found if length[v] == longest]
        return best[len(best) // 2] if len(best) % 2 else None

    wishes: dict[int, list[tuple[int, int]]] = {}
    for v in order:
        computed = [p for p in sources[v] if steps[p[1]]] or sources[v]
        continued = one(computed, steps, True) if computed else None
        if continued is not None:
            wishes.setdefault(continued, []).append((at[layers.chains[continued, v][1]], v))
    return {(u, best) for u, found in wishes.items() if (best := one(found, left, False)) is not None}


def threads(layers: Layers, straight: set[tuple[int, int]], shift: Mapping[tuple[int, int], float]) -> list[list[tuple[int, float]]]:
    """Lists of (box or lane, offset) that should stand on one line, longest first; the lanes of one edge always are one thread.

    `shift[a, b]`: how far from the middle of b the segment from a arrives.
    """
    follows: dict[int, int] = {}
    for edge, chain in layers.chains.items():
        joined = chain if edge in straight else chain[1:-1]
        follows.update(zip(joined, joined[1:], strict=False))
    at = {v: i for row in layers.rows for i, v in enumerate(row)}
    for row in layers.rows:                      # threads must not cross: where two would, the longer edge keeps its line
        taken: list[tuple[int, int]] = []
        for a in sorted((v for v in row if v in follows), key=lambda v: (v < layers.boxes, at[v])):
            i, j = at[a], at[follows[a]]
            if any((i - p) * (j - q) < 0 for p, q in taken):
                del follows[a]
            else:
                taken.append((i, j))
    later = set(follows.values())
    found = []
    for row in layers.rows:
        for v in row:
            if v in follows and v not in later:
                line, offset = [(v, 0.0)], 0.0
                while v in follows:
                    offset -= shift.get((v, follows[v]), 0.0)
                    v = follows[v]
                    line.append((v, offset))
                found.append(line)
    return sorted(found, key=lambda line: (-sum(v < layers.boxes for v, _ in line), -len(line), line[0][0]))


class _Sheet:
    """The places while they are being found."""

    def __init__(self, layers: Layers, before: Sequence[float], after: Sequence[float], separation: float,
                 shift: Mapping[tuple[int, int], float]) -> None:
        self.layers = layers
        self.gaps = [[after[a] + before[b] + separation for a, b in zip(row, row[1:], strict=False)] for row in layers.rows]
        self.row_of = {v: (k, i) for k, row in enumerate(layers.rows) for i, v in enumerate(row)}
        boxes = layers.boxes
        # pulls on each node: (neighbour, its offset as seen from here, strength), towards the layer before and the layer after
        self.pulls: list[tuple[list[tuple[int, float, float]], list[tuple[int, float, float]]]] = [([], []) for _ in layers.above]
        for a, ends in enumerate(layers.below):
            for b in ends:
                inner = (a >= boxes) + (b >= boxes)
                strength = LANE_PULL if inner == 2 else END_PULL if inner else 1.0 if layers.above[a] else INPUT_PULL
                arrives = shift.get((a, b), 0.0)
                self.pulls[b][0].append((a, -arrives, strength / min(len(layers.above[b]), 3)))
                self.pulls[a][1].append((b, arrives, strength / min(len(ends), 3)))
        self.x = [0.0] * len(layers.above)
        for row, gaps in zip(layers.rows, self.gaps, strict=True):
            here = -sum(gaps) / 2
            for v, g in zip(row, [*gaps, 0.0], strict=True):
                self.x[v] = here
                here += g
        self.fixed: set[int] = set()

    def wanted(self, v: int, before: bool = True, after: bool = True) -> tuple[float, float]:
        """(where the neighbours want v, how strongly)."""
        total = strength = 0.0
        for side, use in zip(self.pulls[v], (before, after), strict=True):
            if use:
                for u, offset, w in side:
                    total += w * (self.x[u] + offset)
                    strength += w
        return (total / strength, strength) if strength else (self.x[v], 1e-3)

    def settle(self, k: int, before: bool = True, after: bool = True) -> None:
        """Isotonic regression of one layer, run by run between the fixed ones."""
        row, gaps = self.layers.rows[k], self.gaps[k]
        start = 0
        while start < len(row):
            if row[start] in self.fixed:
                start += 1
                continue
            end = start
            while end < len(row) and row[end] not in self.fixed:
                end += 1
            run, between = row[start:end], gaps[start:end - 1]
            wishes = [self.wanted(v, before, after) for v in run]
            found = closest([w for w, _ in wishes], [s for _, s in wishes], between)
            low = self.x[row[start - 1]] + gaps[start - 1] if start else float("-inf")
            high = self.x[row[end]] - gaps[end - 1] - sum(between) if end < len(row) else float("inf")
            for i, v in enumerate(run):
                if i:
                    low, high = low + between[i - 1], high + between[i - 1]
                self.x[v] = min(max(found[i], low), high)
            start = end

    def straighten(self, line: list[tuple[int, float]]) -> None:
        """Put a thread in line where those already fixed leave room for it, in as few pieces as that takes."""
        piece: list[tuple[int, float]] = []
        low, high = float("-inf"), float("inf")
        for v, offset in line:
            a, b = self._free(v, offset)
            if piece and max(low, a) > min(high, b):
                self._fix(piece, low, high)
                piece, low, high = [], float("-inf"), float("inf")
            piece.append((v, offset))
            low, high = max(low, a), min(high, b)
        self._fix(piece, low, high)

    def _fix(self, piece: list[tuple[int, float]], low: float, high: float) -> None:
        middle = sum(self.x[v] - offset for v, offset in piece) / len(piece)
        for v, offset in piece:
            self.x[v] = min(max(middle, low), high) + offset
            self.fixed.add(v)

    def _free(self, v: int, offset: float) -> tuple[float, float]:
        """Between which places of its line the node stays clear of the fixed ones and of all that must stand in between."""
        k, i = self.row_of[v]
        row, gaps = self.layers.rows[k], self.gaps[k]
        low, high, room = float("-inf"), float("inf"), 0.0
        for j in range(i - 1, -1, -1):
            room += gaps[j]
            if row[j] in self.fixed:
                low = self.x[row[j]] + room
                break
        room = 0.0
        for j in range(i + 1, len(row)):
            room += gaps[j - 1]
            if row[j] in self.fixed:
                high = self.x[row[j]] - room
                break
        return low - offset, high - offset

    def drift(self, line: list[tuple[int, float]]) -> None:
        """Move a fixed thread as a whole to where its other neighbours want it, as far as the nodes beside it allow."""
        inside = {v for v, _ in line}
        total = strength = 0.0
        low, high = float("-inf"), float("inf")
        for v, offset in line:
            for side in self.pulls[v]:
                for u, arrives, w in side:
                    if u not in inside:
                        total += w * (self.x[u] + arrives - offset)
                        strength += w
            k, i = self.row_of[v]
            row, gaps = self.layers.rows[k], self.gaps[k]
            if i:
                low = max(low, self.x[row[i - 1]] + gaps[i - 1] - offset)
            if i + 1 < len(row):
                high = min(high, self.x[row[i + 1]] - gaps[i] - offset)
        if strength and low <= high:
            place = min(max(total / strength, low), high)
            for v, offset in line:
                self.x[v] = place + offset


def coordinates(layers: Layers, before: Sequence[float], after: Sequence[float], separation: float,
                straight: set[tuple[int, int]], shift: Mapping[tuple[int, int], float]) -> list[float]:
    """One place for each box and lane, across the reading direction.

    Parameters
    ----------
    layers : Layers
        With rows in their final order.
    before, after : sequence of float
        How far each box or lane reaches to either side of its line, names and numbers included.
    separation : float
        Least free space between two neighbours.
    straight : set of (int, int)
        The edges that carry the main path on, from `straight_edges`.
    shift : dict
        How far from the middle of its target the last segment of an edge arrives.

    Returns
    -------
    list of float
    """
    sheet = _Sheet(layers, before, after, separation, shift)
    count = len(layers.rows)
    for r in range(ROUNDS):
        for k in (range(count) if r % 2 == 0 else range(count - 1, -1, -1)):
            sheet.settle(k, before=r > 1 or r == 0, after=r > 1 or r == 1)
    lines = threads(layers, straight, shift)
    for line in lines:
        sheet.straighten(line)
    lines = [piece for line in lines for piece in _pieces(line, sheet.x)]
    for r in range(SETTLING):
        for k in (range(count) if r % 2 == 0 else range(count - 1, -1, -1)):
            sheet.settle(k)
        for line in lines if r % 2 == 0 else reversed(lines):
            sheet.drift(line)
    for k in range(count):
        sheet.settle(k)
    return sheet.x


def _pieces(line: list[tuple[int, float]], x: list[float]) -> list[list[tuple[int, float]]]:
    """The thread cut where it had to leave its line."""
    out = [[line[0]]]
    for (a, p), (b, q) in zip(line, line[1:], strict=False):
        if abs((x[a] - p) - (x[b] - q)) > 1e-9:
            out.append([])
        out[-1].append((b, q))
    return out


def detours(layers: Layers, x: Sequence[float], shift: Mapping[tuple[int, int], float], against: int) -> float:
    """How far the edges go to the side, in all, and something for each pair of boxes `against` the author's order."""
    aside = sum(abs(x[a] - x[b] - shift.get((a, b), 0.0)) for a, ends in enumerate(layers.below) for b in ends)
    return aside + (max(x) - min(x)) + AGAINST * against
