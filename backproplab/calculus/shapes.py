"""The shape of a derivative, before any number of it is computed: in letters and in numbers, in either layout."""
from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError, UnknownNameError, listed
from ..engine.settings import settings
from ..engine.values import shortened
from .kinds import BY_KIND, LAYOUTS, KindTable, kind_of
from .words import named_type

OF, WRT = "MNKLHR", "PQSTUV"              # letters of the axes, in order
MOST_AXES = 6
_TURNED = (("scalar", "matrix"), ("matrix", "scalar"))      # the two kinds that one layout turns
_NUMBER = re.compile(r"\d{1,12}")
_LETTER = re.compile(r"[^\W\d_]\w{0,11}")


@dataclass(frozen=True, slots=True, repr=False)
class DerivativeShape:
    """What a derivative looks like.

    Attributes
    ----------
    of, wrt : tuple of str
        The axes of what is differentiated, and of what it is differentiated by, in letters.
    layout : str
        "numerator" or "denominator".
    symbolic : tuple of str
        Its axes in letters; "1" for a side of length one; () for a number.
    concrete : tuple of int or None
        Its axes in numbers; None where a length is not known.
    name : str
        "derivative", "gradient", "tangent", "Jacobian" or "Jacobian tensor".
    entry : str
        What stands at one place of it.
    why : str
    """

    of: tuple[str, ...]
    wrt: tuple[str, ...]
    layout: str
    symbolic: tuple[str, ...]
    concrete: tuple[int, ...] | None
    name: str
    entry: str
    why: str
    _flat: tuple[tuple[str, str], tuple[int, int] | None]

    @property
    def entries(self) -> int | None:
        """How many numbers it holds."""
        return None if self.concrete is None else math.prod(self.concrete)

    @property
    def flattened(self) -> tuple[int, int] | None:
        """Its shape as a matrix: all outputs by all inputs (numerator), or all inputs by all outputs."""
        return self._flat[1]

    @property
    def other(self) -> DerivativeShape:
        """The same derivative in the other layout."""
        known = dict(zip(self._letters(), self._lengths(), strict=True)) if self.concrete is not None else {}
        return _made([(a, known.get(a)) for a in self.of], [(a, known.get(a)) for a in self.wrt], LAYOUTS[self.layout == "numerator"])

    def _letters(self) -> list[str]:
        return [a for a in self.symbolic if a != "1"]

    def _lengths(self) -> list[int]:
        assert self.concrete is not None
        return [n for a, n in zip(self.symbolic, self.concrete, strict=True) if a != "1"]

    def __repr__(self) -> str:
        letters = " × ".join(self.symbolic) or "a number"
        numbers = " × ".join(map(str, self.concrete)) if self.concrete else ""
        numbers = "" if numbers in ("", letters) else f" = {numbers}"
        lines = [f"{self.name}, {letters}{numbers} in {self.layout} layout: {self.entry}", self.why]
        if len(self.symbolic) > 2:
            rows, columns = self._flat[0]
            flat = f" = {' × '.join(f'{n:,}' for n in self._flat[1])}" if self._flat[1] else ""
            lines.append(f"As a matrix, flattened row by row: {rows} × {columns}{flat}.")
        return "\n".join(lines)


def derivative_shape(of: Any, wrt: Any, layout: str | None = None) -> DerivativeShape:
    """The shape of a derivative.

    Parameters
    ----------
    of, wrt : tuple, str or ndarray
        The shape of what is differentiated and of what it is differentiated by: ``()`` or "scalar", ``(3,)``, ``(4, 2)``, letters as in
        ``"B x N"`` or ``("B", "N")``, both as in ``"B=3 x N=2"``, or an array whose shape is meant.
    layout : str, optional
        "numerator": rows are outputs; "denominator": rows are inputs. By default the session's.

    Returns
    -------
    DerivativeShape

    Raises
    ------
    InputError
        For a shape that cannot be read.
    UnknownNameError
        For another layout.

    Examples
    --------
    >>> derivative_shape((), (4, 2), "denominator")
    gradient, P × Q = 4 × 2 in denominator layout: ∂y/∂X_pq at row p, column q
    One number for each entry of X: in denominator layout it lies as X lies, in numerator layout turned.
    >>> derivative_shape("M", "P", "numerator").symbolic
    ('M', 'P')
    """
    layout = checked_layout(layout)
    taken = {a for a, _ in read_axes(wrt, WRT, "wrt")}
    found = read_axes(of, [c for c in OF if c not in taken], "of")
    by = read_axes(wrt, [c for c in WRT if c not in {a for a, _ in found}], "wrt")
    known = {a: n for a, n in [*found, *by] if n is not None}
    _one_length("reading the shapes of= and wrt=", [*found, *by])
    return _made([(a, known.get(a)) for a, _ in found], [(a, known.get(a)) for a, _ in by], layout)


def kinds(layout: str | None = None) -> KindTable:
    """The nine kinds of derivative with their shapes, as a table.

    Returns
    -------
    KindTable
        It shows itself in a notebook; `rows()` gives its cells.

    Raises
    ------
    UnknownNameError
        For another layout.
    """
    return KindTable(checked_layout(layout))


def checked_layout(layout: str | None) -> str:
    """A layout by its name; the session's for None.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    if layout is None:
        return settings().layout
    found = [name for name in LAYOUTS if isinstance(layout, str) and layout.strip().lower() == name]
    if not found:
        raise UnknownNameError(f"choosing the layout {layout!r}", f"the layouts are {listed(map(repr, LAYOUTS))}",
                               "In 'numerator' layout rows are outputs, in 'denominator' layout rows are inputs.")
    return found[0]


def read_axes(given: Any, letters: Sequence[str], name: str) -> list[tuple[str, int | None]]:
    """A shape as (letter, length) for each axis; the length is None where only a letter is known."""
    attempted = f"reading the shape {name}={given!r}" if not isinstance(given, np.ndarray) else f"reading the shape of {name}"
    if isinstance(given, np.ndarray):
        given = given.shape
    if isinstance(given, (bool, int, float)) or given is None:
        raise InputError(attempted, "it is one number, which may be a value or a length" if given is not None else "it is None",
                         "Write () for a number, (3,) for a vector of three, (4, 2) for a matrix.")
    if isinstance(given, str):
        text = given.strip().strip("()[]")
        if given.strip() and not re.search(r"\w", re.sub(r"\b(?:x|by)\b", "", text)) and text:
            raise InputError(attempted, "no axis stands in it", "An axis is a whole number, a letter, or both as in B=3.")
        given = [] if text.lower() in ("", "scalar", "a scalar", "number",
                                       "a number") else [p for p in re.split(r"\s*(?:×|\*|,|\bx\b|\bby\b)\s*|\s+", text) if p]
    try:
        parts = list(given) if not isinstance(given, (set, frozenset, dict)) else None      # without an order there is no shape
    except TypeError:
        parts = None
    if parts is None:
        raise InputError(attempted, f"it is {named_type(given)}", "Write a tuple such as (3,), or text such as 'B x N'.")
    if len(parts) > MOST_AXES:
        raise InputError(attempted, f"it has {len(parts)} axes", f"At most {MOST_AXES} axes are told apart here.")
    axes: list[tuple[str, int | None]] = []
    for k, p in enumerate(parts):
        letter, _, length = str(p).replace(" ", "").partition("=") if isinstance(p, str) else ("", "", str(p))
        if _NUMBER.fullmatch(letter):
            letter, length = "", letter
        if isinstance(p, (bool, float)) or letter and not _LETTER.fullmatch(letter) or length and not _NUMBER.fullmatch(length) or not (letter
                                                                                                                                        or length):
            raise InputError(attempted, f"its part {k + 1} is {shortened(p)}",
                             "An axis is a whole number of at most 12 digits, a letter, or both as in B=3.")
        axes.append((letter or letters[k], int(length) if length else None))
    _one_length(attempted, axes)
    return axes


def _one_length(attempted: str, axes: list[tuple[str, int | None]]) -> None:
    lengths: dict[str, int] = {}
    for a, n in axes:
        if n is not None and lengths.setdefault(a, n) != n:
            raise InputError(attempted, f"{a} is {lengths[a]} in one place and {n} in another", "One letter stands for one length.")


def _made(of: list[tuple[str, int | None]], wrt: list[tuple[str, int | None]], layout: str) -> DerivativeShape:
    kinds_met = kind_of(len(of)), kind_of(len(wrt))
    row = BY_KIND.get(kinds_met)
    first, last = (of, wrt) if layout == "numerator" else (wrt, of)
    one: list[tuple[str, int | None]] = [("1", 1)]
    if not of and not wrt:
        axes = []
    elif len(of) + len(wrt) == 1:
        axes = (first or one) + (last or one)
    else:
        axes = [*first, *last]
    if kinds_met in _TURNED:
        turned = (layout == "numerator") == (kinds_met == ("scalar", "matrix"))
        axes = axes[::-1] if turned else axes
    name = row.name if row else "gradient" if not of else "tangent" if not wrt else "Jacobian tensor"
    why = row.why if row else _why_tensor(of, wrt)
    lengths = [n for _, n in axes]
    concrete = tuple(n for n in lengths if n is not None) if None not in lengths else None
    flat_letters = _together(first), _together(last)
    flat = (math.prod(n for _, n in first if n is not None), math.prod(n for _, n in last if n is not None)) if concrete is not None else None
    return DerivativeShape(tuple(a for a, _ in of), tuple(a for a, _ in wrt), layout, tuple(a for a, _ in axes), concrete, name,
                           _entry(of, wrt, layout, axes, kinds_met in _TURNED), why, (flat_letters, flat))


def _together(axes: list[tuple[str, int | None]]) -> str:
    return "·".join(a for a, _ in axes) or "1"


def _why_tensor(of: list[tuple[str, int | None]], wrt: list[tuple[str, int | None]]) -> str:
    return f"One number for each entry of the output and each entry of the input: {len(of)} and {len(wrt)} indices."


def _entry(of: list[tuple[str, int | None]], wrt: list[tuple[str, int | None]], layout: str, axes: list[tuple[str, int | None]], turned: bool) -> str:
    """What stands at one place: ∂y_m/∂x_p at row m, column p."""
    def letter(base: str, found: list[tuple[str, int | None]]) -> str:
        big = base.upper() if len(found) > 1 else base
        low = [a.lower() for a, _ in found]
        return f"{big}_{(''.join(low) if all(len(a) == 1 for a in low) else ','.join(low))}" if found else big
    of_entry, wrt_entry = letter("y", of), letter("x", wrt)
    where = [a.lower() for a, _ in axes if a != "1"]
    text = f"∂{of_entry}/∂{wrt_entry}" if of or wrt else "dy/dx"
    if not where:
        return text
    if len(axes) == 2:
        rows, columns = (a.lower() for a, _ in axes)
        return f"{text} at row {rows}, column {columns}"
    return f"{text} at [{', '.join(where)}]"
