"""What each course has agreed on, as data, and the one switch for all of it."""
from __future__ import annotations

import contextlib
from dataclasses import replace
from types import TracebackType
from typing import Any

from ..engine.errors import InputError, UnknownNameError, listed
from ..engine.settings import DEFAULT, Settings, choose, chosen, settings
from .notations import notation

# The lectures' courses. Where a lecture mixes conventions, its worked examples decide.
PRESETS = {s.name: s for s in (
    Settings("cmu", "g", "denominator", None, "column", -1,
             "g_x for gradients, columns, denominator layout; the objective is the log-likelihood as printed, without its minus sign."),
    Settings("row-vectors", "leibniz", "numerator", None, "row", 1,
             "∂e/∂x for gradients, data as rows (z = x W), Jacobians with a row for each output."),
    Settings("cs4644", "bar", "numerator", "mixed", "column", 1,
             "A bar for gradients, columns; the gradient by a vector is a row, by a matrix it has the matrix's shape."),
    Settings("notes", "leibniz", "denominator", None, "column", 1,
             "∂L/∂W for gradients, columns (f = W x + b), each gradient in the shape of its variable."),
    Settings("gwu", "nabla", "numerator", None, "column", 1,
             "∇_x J for gradients, columns, Jacobians with a row for each output: the gradient is the transposed Jacobian times the one above."),
)}
CHOICES = {"layout": ("numerator", "denominator"), "gradients": (None, "numerator", "denominator", "mixed"), "vectors": (None, "column", "row"),
           "loss_sign": (1, -1)}
_KEEP: Any = object()


class Conventions:
    """A choice that was made. In a with statement it ends with the block.

    Attributes
    ----------
    settings : Settings
    """

    def __init__(self, made: Settings, before: Settings | None) -> None:
        self.settings, self._before = made, before
        self._blocks: list[contextlib.AbstractContextManager[Settings]] = []

    def __enter__(self) -> Settings:
        if self._before is not None:                                     # it was for this block only
            choose(self._before)
            self._before = None
        block = chosen(self.settings)
        self._blocks.append(block)
        return block.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._blocks.pop().__exit__(kind, error, trace)

    def __repr__(self) -> str:
        s = self.settings
        return f"conventions {s.name!r}: {s.about}"


def conventions(name: str | None = _KEEP, /, **changes: Any) -> Conventions:
    """Choose a course's conventions, for the session or, in a with statement, for a block.

    Parameters
    ----------
    name : str or None
        "cmu", "row-vectors", "cs4644", "notes", "gwu"; None for this package's own. Without it nothing changes but what `changes` say.
    **changes
        notation, layout, gradients, vectors, loss_sign: see `Settings`. The sign of the loss decides what `nn.as_printed`
        gives; it is never applied to a computation: a function that is written as a log-likelihood is differentiated as one.

    Returns
    -------
    Conventions
        Says what was chosen.

    Raises
    ------
    UnknownNameError
        For a course or a notation that is not known.
    InputError
        For a change that cannot be.

    Examples
    --------
    >>> with conventions("notes"):
    ...     settings().vectors
    'column'
    """
    if name is _KEEP:
        made = settings()
    elif name is None:
        made = DEFAULT
    else:
        found = PRESETS.get(name) if isinstance(name, str) else None
        if found is None:
            raise UnknownNameError(f"choosing the conventions {name!r}", f"there are {listed([repr(p) for p in PRESETS])}, and None for our own",
                                   "Use one of these names.")
        made = found
    for key, choice in changes.items():
        if key == "notation":
            choice = notation(choice).name if isinstance(choice, str) else choice
        elif key not in CHOICES:
            raise InputError(f"choosing conventions with {key}=", f"it is {choice!r}", f"What can be chosen is notation, {listed(CHOICES)}.")
        elif choice not in CHOICES[key]:
            raise InputError(f"choosing conventions with {key}=", f"it is {choice!r}", f"It is {listed(map(repr, CHOICES[key]), 'or')}.")
        made = replace(made, **{key: choice})
    if name is _KEEP and not changes:
        return Conventions(made, None)
    return Conventions(made, choose(made))
