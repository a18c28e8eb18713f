"""The nine kinds of derivative, and how each lies in the two layouts: a table, read by everything that needs a shape.

M × N is the shape of what is differentiated, P × Q the shape of what it is differentiated by. A layout is a promise about sides:
in numerator layout the rows of a derivative belong to the output (the numerator), in denominator layout to the input.
"""
from __future__ import annotations

from dataclasses import dataclass

KINDS = ("scalar", "vector", "matrix")
LAYOUTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the nine.

    Attributes
    ----------
    of, wrt : str
        "scalar", "vector" or "matrix".
    letter : str
        How it is written.
    numerator, denominator : str
        Its shape in the letters M, N (of) and P, Q (wrt).
    name : str
        What it is called.
    why : str
        One sentence.
    """

    of: str
    wrt: str
    letter: str
    numerator: str
    denominator: str
    name: str
    why: str


TABLE = tuple(Kind(*row) for row in (
    ("scalar", "scalar", "dy/dx", "1", "1", "derivative", "One number by one number."),
    ("scalar", "vector", "∂y/∂x", "1 × P", "P × 1", "gradient",
     "One output and P inputs: a row where rows are outputs, a column, like x itself, where rows are inputs."),
    ("scalar", "matrix", "∂y/∂X", "Q × P", "P × Q", "gradient",
     "One number for each entry of X: in denominator layout it lies as X lies, in numerator layout turned."),
    ("vector", "scalar", "∂y/∂x", "M × 1", "1 × M", "tangent",
     "M outputs and one input: a column where rows are outputs, a row where rows are inputs."),
    ("vector", "vector", "∂y/∂x", "M × P", "P × M", "Jacobian", "One number for each pair of an output and an input."),
    ("vector", "matrix", "∂y/∂X", "M × P × Q", "P × Q × M", "Jacobian tensor", "Three indices: which output, which row and which column of X."),
    ("matrix", "scalar", "∂Y/∂x", "M × N", "N × M", "tangent", "One number for each entry of Y: in numerator layout it lies as Y lies."),
    ("matrix", "vector", "∂Y/∂x", "M × N × P", "P × M × N", "Jacobian tensor", "Three indices: row and column of Y, and which input."),
    ("matrix", "matrix", "∂Y/∂X", "M × N × P × Q", "P × Q × M × N", "Jacobian tensor",
     "Four indices; flattened it is a matrix of MN rows and PQ columns."),
))
BY_KIND = {(k.of, k.wrt): k for k in TABLE}


def kind_of(ndim: int) -> str:
    """The kind of an array by its number of axes; "tensor" from three on."""
    return KINDS[ndim] if ndim < len(KINDS) else "tensor"


def _bold(kind: Kind) -> str:
    """The letter as books print it: vectors bold."""
    parts = zip((kind.of, kind.wrt), kind.letter.split("/"), strict=True)
    return "/".join(f"{part[0]}<b>{part[1:]}</b>" if what == "vector" else part for what, part in parts)


class KindTable:
    """The table as a notebook shows it."""

    def __init__(self, layout: str) -> None:
        self.layout = layout

    def rows(self) -> list[list[str]]:
        """Rows by what is differentiated by, columns by what is differentiated, as lectures print it."""
        return [[wrt, *[f"{k.letter}: {getattr(k, self.layout)}" for k in (BY_KIND[of, wrt] for of in KINDS)]] for wrt in KINDS]

    def __repr__(self) -> str:
        lines = [["by ↓ of →", *KINDS], *self.rows()]
        widths = [max(len(line[k]) for line in lines) for k in range(4)]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join([f"{self.layout} layout", *text])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{h}</th>" for h in ("by ↓ of →", *KINDS))
        body = "".join(f"<tr><th>{wrt}</th>" + "".join(f"<td>{_bold(k)}: {getattr(k, self.layout)}</td>" for k in (BY_KIND[of, wrt] for of in KINDS))
                       + "</tr>" for wrt in KINDS)
        return f"<table><caption style='text-align: left'>{self.layout} layout</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
