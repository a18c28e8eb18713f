"""Does a formula hold? A typed equation is read and computed over the values and the gradients of a run, and both sides are compared.

This decides by numbers at one point, so it can be wrong about a formula that holds there by chance; it is never wrong about a formula
that does not hold. Shapes count: a row is not a column.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError
from ..engine.expressions import Expression
from ..engine.run import Run
from .notations import NOTATIONS
from .numerals import digits
from .reader import sides
from .tokens import FormulaError
from .values import value

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class FormulaCheck:
    """What became of a formula.

    Attributes
    ----------
    formula : str
    holds : bool
        Also its truth value.
    why : str
        One or two sentences.
    left, right : Expression or None
        The two sides; None where the formula cannot be read.
    wanted, found : float64, ndarray or None
        Their values; None where they cannot be computed.
    """

    formula: str
    holds: bool
    why: str
    left: Expression | None = None
    right: Expression | None = None
    wanted: Any = None
    found: Any = None

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return f"{self.formula}\n{self.why}"


def typed_names(run: Run) -> dict[str, str]:
    """What may be typed for a run -> its symbol: the variables, and the gradients in every notation."""
    names = {s: s for s in [*run.variables, *run.gradient_symbols.values()]}
    for variable, symbol in run.gradient_symbols.items():
        for n in NOTATIONS.values():
            for template in (n.text, *n.typed):
                if template:
                    names.setdefault(template.format(variable=variable, output=run.output), symbol)
    return names


def check_formula(run: Run | Mapping[str, Any], formula: str, tolerance: float = TOLERANCE) -> FormulaCheck:
    """Check an equation such as ``g_a = g_d e^a + g_e / b``.

    Parameters
    ----------
    run : Run, or mapping of str to value
        Where the names are looked up: variables by the author's names, gradients as ``g_a``, ``∂y/∂a``, ``dy/da`` or ``a_bar``.
    formula : str
        Two sides with = between them, as a program or as a book writes them: see `read`.
    tolerance : float
        How far apart the sides may be, relative to the largest entry.

    Returns
    -------
    FormulaCheck
        True where the formula holds, with a sentence where it does not: it cannot be read, shapes do not fit, or the numbers differ.

    Raises
    ------
    InputError
        When `run` is neither a run nor names with their values.

    Examples
    --------
    >>> bool(check_formula({"x": 3.0, "y": 9.0}, "y = x^2")), bool(check_formula({"x": 3.0, "y": 9.0}, "y = 2x"))
    (True, False)
    """
    if isinstance(run, Run):
        scope, names = run.scope, typed_names(run)
    elif isinstance(run, Mapping):
        scope, names = run, {n: n for n in run}
    else:
        raise InputError("checking a formula", f"its run is {run!r}", "Give a run, or a dict of names and their values.")
    known = {s: np.shape(scope[s]) for s in set(names.values())}
    ndims = {s: len(shape) for s, shape in known.items()}
    reading: tuple[bool | None, ...] = (True, False) if "e" in names.values() else (None,)       # e^a where a variable is called e
    checks = [_checked(formula, scope, names, ndims, known, euler, tolerance) for euler in reading]
    return next((c for c in checks if c.holds), checks[0])


def _checked(formula: str, scope: Mapping[str, Any], names: Mapping[str, str], ndims: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]],
             euler: bool | None, tolerance: float) -> FormulaCheck:
    try:
        left, right = sides(formula, names, ndims, euler, shapes)
    except FormulaError as error:
        return FormulaCheck(formula, False, f"It cannot be read: {error.came_in}. {error.instead}")
    try:
        wanted, found = value(left, scope), value(right, scope)
    except FormulaError as error:
        return FormulaCheck(formula, False, f"It cannot be computed: {error.attempted}, {error.came_in}. {error.instead}", left, right)
    wanted, found = np.asarray(wanted, float), np.asarray(found, float)
    said = str(left) if left.size <= 6 else "the left side"
    if wanted.shape != found.shape:
        return FormulaCheck(formula, False, f"The right side has the shape {found.shape}, {said} has the shape {wanted.shape}.", left, right,
                            wanted[()], found[()])
    scale = max([1.0, *np.abs(wanted[np.isfinite(wanted)]).ravel()]) if wanted.size < 10**6 else float(np.nanmax(np.abs(wanted)))
    holds = bool(np.allclose(found, wanted, rtol=tolerance, atol=tolerance * scale * 1e-3, equal_nan=False))
    if holds:
        return FormulaCheck(formula, True, "It holds.", left, right, wanted[()], found[()])
    if wanted.ndim == 0:
        why = f"The right side is {digits(found)}, {said} is {digits(wanted)}."
    else:
        at = np.unravel_index(int(np.nanargmax(np.where(np.isfinite(found - wanted), np.abs(found - wanted), np.inf))), wanted.shape)
        place = f"[{', '.join(map(str, at))}]"
        why = f"At {place} the right side is {digits(found[at])}, {said}{place} is {digits(wanted[at])}."
    return FormulaCheck(formula, False, why, left, right, wanted[()], found[()])
