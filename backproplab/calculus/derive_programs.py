"""The sum that a derivation by indices ends with, as programs: loops over the indices, and one line of NumPy."""
from __future__ import annotations

from .axes import ONE
from .derive_indices import Indices


def loops(d: Indices) -> str:
    """A function of the arrays and G that computes the gradient entry by entry."""
    names = [] if d.is_bias else [n for n in (d.left.name, d.right.name) if n != d.wrt]
    outer = [a for a in d.box.axes if a != ONE]
    letters = {**{a: d.small[a] for a in d.kept()}, **d.chosen()}
    lines = [f"def gradient({', '.join([*names, 'G', d.wrt])}):", f"    total = np.zeros(np.shape({d.wrt}))"]
    depth = 1
    for k, a in enumerate(outer):
        lines.append(f"{'    ' * depth}for {letters[a]} in range({d.wrt}.shape[{k}]):")
        depth += 1
    for a in d.kept():
        axis = [b for b in d.result.axes if b != ONE].index(a)
        lines.append(f"{'    ' * depth}for {letters[a]} in range(G.shape[{axis}]):")
        depth += 1
    place = ", ".join(letters[a] for a in outer)
    local = "" if not names else f" * {d.other.name}[{', '.join(letters[a] for a in d.other.axes if a != ONE)}]"
    lines.append(f"{'    ' * depth}total[{place}] += G[{', '.join(letters[a] for a in d.result.axes if a != ONE)}]{local}")
    return "\n".join([*lines, "    return total", ""])


def vectorised(d: Indices) -> str:
    """The same in one line of NumPy."""
    found = d.factors()
    if len(found) == 1:
        axes = [b for b in d.result.axes if b != ONE]
        return f"G.sum(axis={axes.index(d.kept()[0])})" if d.kept() else "G"
    ndim = {d.other.name: sum(a != ONE for a in d.other.axes), "G": sum(a != ONE for a in d.result.axes)}
    plain = [b.name.removesuffix("ᵀ") for b in found]
    if not d.kept() and all(ndim[n] == 1 for n in plain):
        return f"np.outer({plain[0]}, {plain[1]})"
    return " @ ".join(f"{n}.T" if b.name.endswith("ᵀ") and ndim[n] > 1 else n for n, b in zip(plain, found, strict=True))
