"""The lines of a derivation, and how they are put into columns: as text for a terminal, as LaTeX for Jupyter."""
from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.expressions import Expression
from .latex import latex
from .layout import Layout
from .numerals import number, numbers
from .plain import plain

ENTRIES = 4                               # numbers of an array that are shown; a larger one by its shape
WIDE_TEXT, WIDE_TEX = 120, 84             # characters: beyond, the backward pass stands under the forward pass


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One formula of a derivation: name = expression = numbers = value.

    Attributes
    ----------
    phase : str
        "forward" or "backward".
    variable : str
        The variable that is computed, or that the gradient belongs to.
    name : Layout
        Its letter, or its gradient's.
    expression : Expression or None
        What is typeset; None where the value is given: an input, the gradient of the output.
    between : tuple of Layout
        What stands between the equals signs: the chain rule, the formula, the formula in numbers, as far as it was asked for.
    formula : Layout or None
        The expression, typeset; a long sum shortened.
    value : float64 or ndarray
    shape : tuple of int
        As it is shown: (3,) as NumPy has it, (3, 1) where vectors are columns.
    dimensions : Layout or None
        The formula with shapes in the place of names, where that was asked for.
    by_shape : bool
        Every array is shown by its shape, small ones too.
    digits : int
    """

    phase: str
    variable: str
    name: Layout
    expression: Expression | None
    between: tuple[Layout, ...]
    formula: Layout | None
    value: Any
    shape: tuple[int, ...]
    dimensions: Layout | None
    by_shape: bool
    digits: int

    @property
    def result(self) -> Layout | None:
        """The value, typeset; None for an array that is shown by its shape."""
        if np.ndim(self.value) == 0:
            return number(self.value, "", self.digits)
        small = 0 < np.size(self.value) <= ENTRIES and not self.by_shape
        return numbers(np.asarray(self.value).tolist(), "", self.digits) if small else None

    @property
    def sides(self) -> list[Layout]:
        """What stands between equals signs after the name; what would be said twice is left out."""
        out: list[Layout] = []
        for side in (*self.between, self.result):
            if side is not None and (not out or plain(side) != plain(out[-1])):
                out.append(side)
        return out

    @property
    def latex(self) -> str:
        """LaTeX, without dollar signs."""
        return " = ".join([latex(self.name), *map(latex, self.sides)]) + (rf" \in {space(self.shape)}" if self.result is None else "")

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def __str__(self) -> str:
        return " = ".join([plain(self.name), *map(plain, self.sides)])

    __repr__ = __str__


def space(shape: tuple[int, ...]) -> str:
    r"""\mathbb{R}^{3 \times 2}."""
    crossed = r" \times ".join(map(str, shape))
    return rf"\mathbb{{R}}^{{{crossed}}}" if shape else r"\mathbb{R}"


# ---- text ----------------------------------------------------------------------------------------------------------------------

def as_text(forward: Sequence[Line | None], backward: Sequence[Line | None]) -> str:
    """Two columns, or one below the other where they are too wide. None stands for lines left out."""
    left, right = (_columns([_cells(line) for line in lines]) for lines in (forward, backward))
    wide = max([width(t) for t in left], default=0)
    if wide + max([width(t) for t in right], default=0) + 4 > WIDE_TEXT:
        return "\n".join(["forward", *[f"  {t}" for t in left], "backward", *[f"  {t}" for t in right]])
    wide = max(wide, len("forward"))
    rows = [("forward", "backward")]
    rows += [(left[k] if k < len(left) else "", right[k] if k < len(right) else "") for k in range(max(len(left), len(right)))]
    return "\n".join((a + " " * (wide - width(a) + 4) + b).rstrip() for a, b in rows)


def _cells(line: Line | None) -> tuple[str, str, str]:
    """(name, formula, result) of a line of text."""
    if line is None:
        return "...", "", ""
    sides = [f"= {plain(s)}" for s in line.sides]
    last = sides.pop() if line.result is not None else f"shape {line.shape}"
    if line.dimensions is not None and line.shape:
        last += f" = {plain(line.dimensions)}"
    return plain(line.name), " ".join(sides), last


def _columns(lines: list[tuple[str, str, str]]) -> list[str]:
    """Lines with their equals signs under each other; a line without a formula has its value next to its name."""
    names = max([width(n) for n, _, _ in lines], default=0)
    formulas = max([width(f) for _, f, _ in lines], default=0)
    out = []
    for name, formula, last in lines:
        text = name + " " * (names - width(name) + 1)
        out.append((text + (formula + " " * (formulas - width(formula) + 1) if formula else "") + last).rstrip())
    return out


def width(text: str) -> int:
    """Columns that a terminal gives to a text."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


# ---- LaTeX ---------------------------------------------------------------------------------------------------------------------

def as_latex(forward: Sequence[Line | None], backward: Sequence[Line | None]) -> str:
    """The same as an ``alignedat`` environment, which MathJax, KaTeX and LaTeX know; two of them where they are too wide."""
    left, right = ([_tex(line) for line in lines] for lines in (forward, backward))
    heads = (r"&\textbf{forward}&&", r"&\textbf{backward}&&")
    wide = sum(max([sum(map(width, _cells(line))) for line in lines if line is not None], default=0) for lines in (forward, backward))
    end = " \\\\[0.4ex]\n"
    if wide > WIDE_TEX:
        blocks = ["\\begin{alignedat}{2}\n" + end.join([head, *rows]) + "\n\\end{alignedat}" for head, rows in zip(heads, (left, right), strict=True)]
        return "\\begin{array}{l}\n" + " \\\\[1.5ex]\n".join(blocks) + "\n\\end{array}"
    pairs = [heads] + [(left[k] if k < len(left) else "&&&", right[k] if k < len(right) else "&&&") for k in range(max(len(left), len(right)))]
    return "\\begin{alignedat}{4}\n" + end.join(rf"{a} &\qquad {b}" for a, b in pairs) + "\n\\end{alignedat}"


def _tex(line: Line | None) -> str:
    """name &= formula &&= value."""
    if line is None:
        return r"\vdots\;&&&"
    sides = [latex(s) for s in line.sides]
    if line.result is None:
        dimensions = f" = {latex(line.dimensions)}" if line.dimensions is not None else ""
        where = rf"\in {space(line.shape)}{dimensions}"
        return f"{latex(line.name)} &" + (f"= {' = '.join(sides)} &&{where}" if sides else f"{where} &&")
    last = sides.pop()
    return f"{latex(line.name)} &= " + (f"{' = '.join(sides)} &&{{}}= {last}" if sides else f"{last} &&")
