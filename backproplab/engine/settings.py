"""The choices of a session: notation, layouts, rows or columns. Every room reads them here as its defaults; nobody passes them on.

A notebook's choice holds for the whole process, so that a cell finds what an earlier cell chose. A choice for one block of code is a
context variable: it ends with the block, and other threads do not see it.
"""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a course has agreed on.

    Attributes
    ----------
    name : str or None
        The preset that it comes from.
    notation : str
        How gradients are written: a name that notation knows.
    layout : str
        Of Jacobians: "numerator" (rows are outputs) or "denominator".
    gradients : str or None
        How the gradient of one number by a vector lies: None, in the shape of the vector; "denominator", as a column; "numerator", as a
        row, and by a matrix transposed; "mixed", as a row, and by a matrix in the matrix's shape.
    vectors : str or None
        What a 1-D array is in a formula: "column", "row", or None: what NumPy makes of it.
    loss_sign : int
        1 where the course writes the loss that is made small; -1 where it writes the log-likelihood without its minus sign. It is what
        `nn.as_printed` reads; no computation is multiplied by it, what is computed is what the author wrote.
    about : str
        One sentence.
    """

    name: str | None = None
    notation: str = "g"
    layout: str = "numerator"
    gradients: str | None = None
    vectors: str | None = None
    loss_sign: int = 1
    about: str = "Gradients as g with an index, in the shape of the value; Jacobians with a row for each output."


DEFAULT = Settings()
_session = [DEFAULT]
_block: ContextVar[Settings | None] = ContextVar("backproplab_settings", default=None)


def settings() -> Settings:
    """The choices that hold here: the block's, or else the session's."""
    return _block.get() or _session[0]


def choose(new: Settings) -> Settings:
    """Make a choice for the session; returns the one before."""
    before, _session[0] = _session[0], new
    return before


@contextlib.contextmanager
def chosen(new: Settings) -> Iterator[Settings]:
    """Make a choice for a block of code."""
    token = _block.set(new)
    try:
        yield new
    finally:
        _block.reset(token)
