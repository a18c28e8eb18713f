"""What a derivation by indices talks about: one product with its factors, the entry that is looked at, and how both are written.

Indices are the small letters of the axes; where an entry is chosen, its indices are i and j.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .axes import ONE, Box, arrange


class Indices:
    """A product ``out = left @ right + bias``, differentiated by one of its names.

    Parameters
    ----------
    out : str
    left, right : Box
    bias : Box or None
    wrt : str
        The name of one of the boxes. A text comes in two forms, plain and LaTeX, as a pair.
    """

    def __init__(self, out: str, left: Box, right: Box, bias: Box | None, wrt: str) -> None:
        self.out, self.left, self.right, self.bias, self.wrt = out, left, right, bias, wrt
        self.box = {b.name: b for b in (left, right, bias) if b is not None}[wrt]
        self.result = Box("G", left.rows, right.columns)
        self.other = right if wrt == left.name else left
        self.inner = left.columns
        names = {out, left.name, right.name, "G", bias.name if bias else ""}
        axes = [a for a in dict.fromkeys([*left.axes, *right.axes]) if a != ONE]
        spare = iter([c for c in "stuvw" if c not in names | {a.lower() for a in axes}])
        self.small = {a: next(spare) if a.lower() in names else a.lower() for a in axes}      # an index is no name of an array
        self.is_bias = bias is not None and wrt == bias.name

    def at(self, name: str, axes: Sequence[str], latex: bool = False, chosen: Mapping[str, str] | None = None) -> str:
        index = "".join((chosen or {}).get(a, self.small[a]) for a in axes if a != ONE)
        if not index:
            return name
        return f"{name}_{{{index}}}" if latex else f"{name}_{index}"

    def pair(self, template: str, **parts: Any) -> tuple[str, str]:
        """The template in plain text and in LaTeX; parts are (plain, latex) or one text for both."""
        plain = template.format(**{k: v[0] if isinstance(v, tuple) else v for k, v in parts.items()})
        latex = template.replace("Σ", r"\sum").format(**{k: v[1] if isinstance(v, tuple) else v for k, v in parts.items()})
        return plain, latex.replace(" ∂", r"\, ∂").replace("∂", r"\partial ")

    def both(self, name: str, axes: Sequence[str], chosen: Mapping[str, str] | None = None) -> tuple[str, str]:
        return self.at(name, axes, False, chosen), self.at(name, axes, True, chosen)

    def total(self, axes: Sequence[str]) -> tuple[str, str]:
        kept = [self.small[a] for a in axes if a != ONE]
        return "".join(f"Σ_{a} " for a in kept), "".join(rf"\sum_{{{a}}} " for a in kept)

    def chosen(self) -> dict[str, str]:
        """The entry of wrt that is looked at: its indices are written i and j."""
        return dict(zip([a for a in self.box.axes if a != ONE], "ij", strict=False))

    def plus(self) -> tuple[str, str]:
        if self.bias is None:
            return "", ""
        made = self.both(self.bias.name, self.bias.axes)
        return f" + {made[0]}", f" + {made[1]}"

    def bracket(self) -> tuple[str, str]:
        """[n = j] for every index that output and input share."""
        pairs = [(self.small[a], self.chosen()[a]) for a in self.result.axes if a in self.chosen()]
        text = "".join(f"[{a} = {b}]" for a, b in pairs)
        return (f"{text} " if text else "", f"{text}\\, " if text else "")

    def local(self) -> tuple[str, str]:
        if self.is_bias:
            return ("1", "1") if not self.bracket()[0] else ("", "")
        return self.both(self.other.name, self.other.axes, self.chosen())

    def kept(self) -> list[str]:
        """The sums that no bracket ends."""
        return [a for a in self.result.axes if a != ONE and a not in self.box.axes]

    def factors(self) -> list[Box]:
        if self.is_bias:
            return [self.result]
        pieces = [self.other, self.result] if self.wrt == self.right.name else [self.result, self.other]
        found = arrange(pieces, self.box.axes)
        assert found is not None                                         # one product always has a gradient that is one
        return found
