"""The table that lectures write: a row for each module, its formula in the forward column, the gradients it completes in the backward one."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .latex import latex
from .layout import Atom, Layout
from .lines import Line, space, width
from .plain import plain

HEADS = ("", "Forward", "Backward")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One row.

    Attributes
    ----------
    module : str
        Its name; empty where it has none.
    variable : str
        What it computes.
    forward : Line
    backward : tuple of Line
        Gradients of the variables that it is the first to use: its contribution is the last that they wait for.
    """

    module: str
    variable: str
    forward: Line
    backward: tuple[Line, ...]


def _sides(line: Line, values: bool) -> Sequence[Layout]:
    """What stands between equals signs, after the name."""
    return line.sides if values or not line.between else line.between


def table_text(entries: Sequence[Entry | None], values: bool = False) -> str:
    """The table as text, columns under each other. `values`: with the numbers or shapes that came out. None stands for rows left out."""
    rows = [HEADS]
    for e in entries:
        if e is None:
            rows.append(("...", "...", "..."))
            continue
        back = [_text(line, values) for line in e.backward] or [""]
        rows += [(e.module if not k else "", _text(e.forward, values) if not k else "", b) for k, b in enumerate(back)]
    widths = [max(width(r[k]) for r in rows) for k in range(2)]
    columns = [[c + " " * (wide - width(c)) for c in column] for wide, column in zip(widths, zip(*rows, strict=True), strict=False)]
    return "\n".join("    ".join((*first, row[2])).rstrip() for *first, row in zip(*columns, rows, strict=True))


def _text(line: Line, values: bool) -> str:
    made = " = ".join(map(plain, (line.name, *_sides(line, values))))
    if values and line.result is None:
        made += f"  shape {line.shape}" + (f" = {plain(line.dimensions)}" if line.dimensions is not None else "")
    return made


def table_latex(entries: Sequence[Entry | None], values: bool = False) -> str:
    """The table as an ``array`` environment, which MathJax, KaTeX and LaTeX know."""
    rows = []
    for e in entries:
        if e is None:
            rows.append(r"\vdots & \vdots & \vdots")
            continue
        back = [_tex(line, values) for line in e.backward] or [""]
        for k, b in enumerate(back):
            name = latex(Atom(e.module, "word")) if e.module and not k else ""
            rows.append(f"{name} & {_tex(e.forward, values) if not k else ''} & {b}")
    head = " & ".join(rf"\textbf{{{h}}}" if h else "" for h in HEADS)
    end = " \\\\[1.2ex]\n"
    return "\\begin{array}{l|l|l}\n" + head + " \\\\[0.4ex]\n\\hline\n" + end.join(rows) + "\n\\end{array}"


def _tex(line: Line, values: bool) -> str:
    made = " = ".join(map(latex, (line.name, *_sides(line, values))))
    if values and line.result is None:
        made += rf" \in {space(line.shape)}" + (f" = {latex(line.dimensions)}" if line.dimensions is not None else "")
    return rf"\displaystyle {made}"
