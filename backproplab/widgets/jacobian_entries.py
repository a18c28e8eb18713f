"""What stands at one place of a Jacobian, as a formula: recognised by its values at several points.

An entry such as W₁₂, 1 − h₁² or −p₁p₂ is compared with short formulas in the entries of the arrays that the rule reads. Agreement at
every point to nine digits names it; where nothing agrees, the number stands alone.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..calculus import LocalJacobian, entry_name, index_tuples

MOST = 80                                 # entries of arrays that are compared
NEAR = 1e-9


def entry_formulas(local: LocalJacobian, matrix: np.ndarray, elsewhere: Sequence[tuple[Mapping[str, Any], np.ndarray]]) -> list[list[str]]:
    """A formula for every entry in numerator layout; "" where none is recognised."""
    known = [(local.run.scope, matrix), *elsewhere]
    if len(known) < 3:
        return [["" for _ in row] for row in matrix]
    found = _candidates(local, [scope for scope, _ in known])
    every = np.array([m for _, m in known])
    outputs, inputs = ([entry_name(n, k) for k in index_tuples(s)] for n, s in ((local.of, local.of_shape), (local.wrt, local.wrt_shape)))
    return [[_named(every[:, i, j], found, (b, a)) for j, b in enumerate(inputs)] for i, a in enumerate(outputs)]


def _candidates(local: LocalJacobian, scopes: Sequence[Mapping[str, Any]]) -> list[tuple[str, np.ndarray]]:
    """(formula, its value at every point), the shortest first."""
    consumer = local.run.variable(local.of)
    names = [n for n in dict.fromkeys([*consumer.inputs, local.of]) if n in scopes[0] and np.asarray(scopes[0][n]).dtype.kind == "f"]
    atoms: list[tuple[str, np.ndarray, str]] = []
    for n in names:
        for k in index_tuples(np.shape(scopes[0][n])):
            atoms.append((entry_name(n, k), np.array([float(np.asarray(s.get(n, scopes[0][n]))[k]) for s in scopes]), n))
    atoms = atoms[:MOST]
    found: list[tuple[str, np.ndarray]] = [("1", np.ones(len(scopes)))]
    for text, v, _ in atoms:
        found += [(text, v), (f"−{text}", -v)]
    with np.errstate(all="ignore"):
        for text, v, n in atoms:
            found += [(f"2 {text}", 2 * v), (f"1 / {text}", 1 / v), (f"[{text} > 0]", (v > 0) * 1.0)]
            if n == local.of:
                found += [(f"{text} (1 − {text})", v * (1 - v)), (f"1 − {text}²", 1 - v * v)]
        for i, (a, v, n) in enumerate(atoms):
            for b, w, m in atoms[i:]:
                if n == m:
                    found += [(f"−{a} {b}", -v * w), (f"{a} {b}", v * w)]
    return found


def _named(values: np.ndarray, found: Sequence[tuple[str, np.ndarray]], own: Sequence[str]) -> str:
    """The first formula that agrees; one in the entry's own output or input before all others, since masks agree by chance."""
    if not values.any():
        return "0"
    agreeing = [text for text, v in found if np.isfinite(v).all() and np.allclose(v, values, rtol=NEAR, atol=NEAR)]
    return next((text for text in agreeing if text == "1" or any(n in text for n in own)), agreeing[0] if agreeing else "")
