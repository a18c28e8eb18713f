"""The levels of the shape bench, as data: what is computed, what the sides count, how long they are.

`axes` gives the rows and the columns of every box; "1" is a side of length one. `sizes` are chosen so that a wrong shape shows itself;
with equal sizes only numbers can tell.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a level down: samples as rows, or as columns."""

    formula: str
    axes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Level:
    """A level.

    Attributes
    ----------
    id, title : str
    forms : mapping of str to Form
        "row", or "row" and "column".
    sizes : mapping of str to int
    asks : tuple of str
        Whose gradients are asked, in this order; () for every box.
    note : str
        What is to be known about the picture.
    counts : mapping of str to str
        What the sides count, where it is not the usual.
    """

    id: str
    title: str
    forms: Mapping[str, Form]
    sizes: Mapping[str, int]
    asks: tuple[str, ...] = ()
    note: str = ""
    counts: Mapping[str, str] = field(default_factory=dict)


COUNTS = {"B": "samples in the batch", "M": "inputs", "N": "outputs", "K": "hidden units", "P": "shared by both factors",
          "S": "places of all samples"}
PARAMETERS = "WUVb"                       # drawn as parameters; everything else is a value

LEVELS = (
    Level("product", "Two matrices", {"row": Form("A = B @ C", {"B": "MP", "C": "PN"})}, {"M": 3, "P": 4, "N": 2}, counts={"M": "rows of A",
                                                                                                                           "N": "columns of A"}),
    Level("sample", "One sample", {"row": Form("z = x @ W + b", {"x": "1M", "W": "MN", "b": "1N"}),
                                   "column": Form("f = W @ x + b", {"x": "M1", "W": "NM", "b": "N1"})}, {"M": 4, "N": 2}),
    Level("batch", "A batch", {"row": Form("Z = X @ W + b", {"X": "BM", "W": "MN", "b": "1N"}),
                               "column": Form("F = W @ X + b", {"X": "MB", "W": "NM", "b": "N1"})}, {"B": 3, "M": 4, "N": 2}, ("W", "X", "b")),
    Level("relu", "ReLU", {"row": Form("H = relu(X @ W)", {"X": "BM", "W": "MN"}), "column": Form("H = relu(W @ X)", {"X": "MB", "W": "NM"})},
          {"B": 3, "M": 4, "N": 2}, ("Z", "W", "X")),
    Level("chain", "Two layers", {"row": Form("Y = X @ U @ V", {"X": "BM", "U": "MK", "V": "KN"}),
                                  "column": Form("Y = V @ U @ X", {"X": "MB", "U": "KM", "V": "NK"})}, {"B": 3, "M": 4, "K": 2, "N": 5},
                                  ("X", "U", "V")),
    Level("tensor", "A sequence", {"row": Form("Z = X @ W + b", {"X": "SM", "W": "MN", "b": "1N"})}, {"S": 6, "M": 4, "N": 2}, ("W", "X", "b"),
          "X has three axes: samples × places × inputs, 2 × 3 × 4. A product works on the last one; the first two stand on top of each other, six "
          "rows in all."),
)
