"""The rows of a derivation by indices: one entry, one partial derivative, the chain rule, the sum that is left, and matrices again."""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.errors import listed
from .axes import reason
from .derive_indices import Indices


@dataclass(frozen=True, slots=True)
class DerivationRow:
    """One line: `formula` in plain text, `latex` the same, `say` why."""

    title: str
    formula: str
    latex: str
    say: str


def rows(d: Indices) -> list[DerivationRow]:
    """All of them, in order."""
    z, w = d.both(d.out, d.result.axes), d.both(d.wrt, d.box.axes, d.chosen())
    g = d.both("G", d.result.axes)
    plain, latex = d.pair("{z} = {s}{a} {b}{c}", z=z, s=d.total([d.inner]), a=d.both(d.left.name, d.left.axes),
                          b=d.both(d.right.name, d.right.axes), c=d.plus())
    made = [DerivationRow("one entry", plain, latex, f"Every entry of {d.out} is a sum of products over {d.small[d.inner]}.")]
    bracket, local = d.bracket(), d.local()
    plain, latex = d.pair("∂{z}/∂{w} = {k}{l}", z=z, w=w, k=bracket, l=local)
    made.append(DerivationRow("one partial", plain, latex, _why_partial(d)))
    plain, latex = d.pair("∂L/∂{w} = {s}{g} ∂{z}/∂{w}", w=w, s=d.total(d.result.axes), g=g, z=z)
    made.append(DerivationRow("chain rule", plain, latex, f"{d.wrt} reaches the loss through every entry of {d.out}; G = ∂L/∂{d.out}."))
    plain, latex = d.pair("∂L/∂{w} = {f}", w=w, f=_left(d))
    made.append(DerivationRow("the sum that is left", plain, latex, _why_left(d)))
    matrix, tex = _assembled(d)
    plain, latex = d.pair("∂L/∂{w} = {m}", w=d.wrt, m=(matrix, tex))
    made.append(DerivationRow("assemble", plain, latex, _why_assembled(d)))
    return made


def _left(d: Indices) -> tuple[str, str]:
    g, local = d.both("G", d.result.axes, d.chosen()), d.local()
    sums = d.total(d.kept())
    return tuple(f"{sums[k]}{g[k]}{'' if local[k] in ('', '1') else ' ' + local[k]}" for k in (0, 1))      # type: ignore[return-value]


def _why_partial(d: Indices) -> str:
    shared = [a for a in d.result.axes if a in d.chosen()]
    if d.is_bias:
        return f"{d.wrt} is added with slope 1, and only where the indices agree: {d.bracket()[0].strip()} is 1 if they do, else 0."
    if not shared:
        return f"Only the term with that entry of {d.wrt} moves: its slope is the factor beside it."
    return (f"Only the term with that entry of {d.wrt} moves, and only in the {'row' if shared[0] == d.result.rows else 'column'} it "
            "belongs to: "
            f"{d.bracket()[0].strip()} is 1 where it holds, else 0.")


def _why_left(d: Indices) -> str:
    kept = d.kept()
    if not kept:
        return "No sum is left: every entry is one product."
    ends = "A bracket ends its sum. " if d.bracket()[0] else ""
    return f"{ends}What is left is the sum over {listed([d.small[a] for a in kept])}."


def _assembled(d: Indices) -> tuple[str, str]:
    found = d.factors()
    if len(found) == 1 and d.kept():
        sums = d.total(d.kept())
        return f"{sums[0]}rows of G" if d.kept() == [d.result.rows] else f"{sums[0]}columns of G", rf"{sums[1]}G"
    return " ".join(b.name for b in found), " ".join(b.name.replace("ᵀ", r"^\top") for b in found)


def _why_assembled(d: Indices) -> str:
    kept = d.kept()
    if len(d.factors()) == 1:
        if not kept:
            return "The gradient passes unchanged."
        return f"One {d.wrt} serves every {d.small[kept[0]]}, so the gradients of all are added."
    if not kept:
        return "A column times a row: an outer product."
    return f"A matrix product sums over sides that face each other: {listed([f'{d.small[a]} must face {d.small[a]}' for a in kept])}."


def why(d: Indices) -> str:
    """Why the factors are turned and ordered so, in the words of their axes."""
    found, name = d.factors(), f"∂L/∂{d.wrt}"
    if len(found) > 1:
        return f"Why the transpose? {reason(found, d.box.axes, name)}"
    return f"{listed(d.kept())} is not in {name}, so it is summed." if d.kept() else reason(found, d.box.axes, name)
