"""Gradients checked by the definition: a small step to either side of every entry.

The central difference (f(x + h) - f(x - h)) / 2h errs by about h**2 / 6 times the third derivative, plus rounding of about
eps * |f| / h; h near the cube root of eps balances the two (Numerical Recipes, section 5.7).
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .calling import active_inputs, bound_call
from .errors import InputError, listed
from .run import Run, trace
from .containers import Slot
from .tracing import function_name

MOST = 1000                       # entries of one input that are stepped; of a larger one an even selection


class Row(NamedTuple):
    """One input, checked."""

    name: str
    shape: tuple[int, ...]
    gradient: Any                 # what is being checked: the engine's, or the claimed one
    expected: Any                 # the central differences, or for a claim the engine's gradient
    error: float                  # the largest difference, relative to the size of the gradient
    worst: tuple[int, ...]        # where
    verdict: str                  # "ok", "wrong", "kink", "wrong shape"
    reason: str = ""


class GradientCheck(NamedTuple):
    """The outcome of `check_gradients`; true when every gradient is right."""

    title: str
    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        return all(r.verdict in ("ok", "kink") for r in self.rows)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        head = ["input", "shape", "gradient", "expected", "relative error", ""]
        table = [head] + [[r.name, "x".join(map(str, r.shape)) or "scalar", _at(r.gradient, r), _at(r.expected, r), _error(r), r.verdict] for r in self.rows]
        widths = [max(len(row[k]) for row in table) for k in range(len(head))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table]
        notes = [f"{r.name}: {r.reason}" for r in self.rows if r.reason]
        return "\n".join([self.title, *lines, *notes])


def _at(value: Any, row: Row) -> str:
    if row.verdict == "wrong shape":
        return f"shape {np.shape(value)}"
    if np.ndim(value) == 0:
        return f"{float(value):.6g}"
    return f"{float(np.asarray(value)[row.worst]):.6g} at [{', '.join(map(str, row.worst))}]"


def _error(r: Row) -> str:
    """In powers of ten: the last digits differ between machines."""
    if not np.isfinite(r.error):
        return "inf"
    return "0" if r.error == 0 else f"< 1e-{int(np.floor(-np.log10(r.error)))}" if r.error < 1e-5 else f"{r.error:.2g}"


Diagnose = Callable[[Run, str, Any], str]
hooks: dict[str, Diagnose] = {}    # "diagnose": the room of questions names the mistake behind a wrong claim


def check_gradients(f: Callable[..., Any], /, *args: Any, claimed: Any = None, wrt: Any = None, inputs: Mapping[str, Any] | None = None,
                    tolerance: float = 1e-6, **named: Any) -> GradientCheck:
    """Check gradients against central differences; or check your own against the engine's.

    Parameters
    ----------
    f : callable
        Returns one number.
    *args, **named, inputs
        Its inputs, as for `trace`.
    claimed : dict of str to gradient, or callable, optional
        Your gradients: by input's name, or a function of the same inputs that returns such a dict, a tuple in the order of the
        inputs, or, for one input, the gradient itself.
    wrt : str or list of str, optional
        The inputs to check.
    tolerance : float
        Relative to the size of the gradient.

    Returns
    -------
    GradientCheck
        A table; ``bool(check)`` tells whether all is right. At a kink, where no derivative exists, the engine's choice is accepted
        when it lies between the slopes of the two sides.

    Raises
    ------
    InputError
        As `trace`; for a claim that is neither a dict nor a function, or that names no input.

    Notes
    -----
    An input of more than 1000 entries is checked at 1000 of them, evenly spread.
    """
    options = {"wrt": wrt, "claimed": claimed}
    call = bound_call(f, args, named, inputs, "check_gradients", options)
    run = trace(f, wrt=wrt, inputs=call.inputs) if not args and not any(isinstance(a, Slot) and a.name not in call.inputs for a in call.args) else trace(f, *args, wrt=wrt, inputs=inputs, **named)
    active_inputs(call, wrt)
    wanted = [n for n, node in run.graph.inputs.items() if node.active]
    title = f"{function_name(f)}({', '.join(call.inputs)}): {run.output} = {np.float64(run.value):.6g}" if np.ndim(run.value) == 0 else function_name(f)
    if claimed is not None:
        claims = _claims(claimed, run, wanted)
        return GradientCheck(f"{title}; your gradients against the engine's", tuple(_claim_row(run, n, g, tolerance) for n, g in claims.items()))
    plain = dict(run.inputs)

    def value(name: str, x: Any) -> float:
        now = {**plain, name: x}
        return float(f(*[now[a.name] if isinstance(a, Slot) else a for a in call.args],
                       **{k: now[a.name] if isinstance(a, Slot) else a for k, a in call.kwargs.items()}))
    return GradientCheck(f"{title}; the engine's gradients against central differences", tuple(_row(run, n, value, tolerance) for n in wanted))


def _row(run: Run, name: str, value: Callable[[str, Any], float], tolerance: float) -> Row:
    x, g = np.array(run.inputs[name], float), np.asarray(run.grads[name], float)
    places = [np.unravel_index(k, x.shape) for k in np.unique(np.linspace(0, x.size - 1, min(x.size, MOST)).astype(int))] if x.size else []
    found, scale, here = np.array(g), float(np.max(np.abs(g), initial=0.0)), float(run.value)
    kinks = []
    for k in places:
        h = 6e-6 * max(1.0, abs(float(x[k])))
        sides = []
        for step in (h, -h):
            moved = x.copy()
            moved[k] += step
            with np.errstate(all="ignore"):
                sides.append(value(name, moved[()]))
        right, left = (sides[0] - here) / h, (here - sides[1]) / h
        found[k] = (sides[0] - sides[1]) / (2 * h)
        bent = abs(right - left) > 1e-3 * max(abs(right), abs(left))
        if bent and abs(found[k] - g[k]) > tolerance * max(scale, abs(found[k])) and min(left, right) - tolerance <= g[k] <= max(left, right) + tolerance:
            kinks.append((k, left, right))
            found[k] = g[k]
    size = max(scale, float(np.max(np.abs(found), initial=0.0)), 1e-8)
    worst, error = _worst(g, found, size)
    rounding = 4e-16 * abs(here) / (6e-6 * size)                        # a value much larger than its gradient hides it
    verdict = "ok" if error <= max(tolerance, 20 * rounding) else "wrong"
    reason = ""
    if kinks and verdict == "ok":
        k, left, right = kinks[0]
        where = f"[{', '.join(map(str, k))}]" if k else ""
        verdict, worst = "kink", tuple(int(i) for i in k)
        reason = f"no derivative exists at {name}{where} = {float(x[k]):.6g}: the slope is {left:.4g} on the left and {right:.4g} on the right. The engine chooses {float(g[k]):.4g}."
    return Row(name, x.shape, g, found, error, worst, verdict, reason)


def _worst(a: Any, b: Any, size: float) -> tuple[tuple[int, ...], float]:
    gap = np.abs(a - b) / size
    gap = np.where(np.isnan(gap), np.inf, gap)
    if not gap.size:
        return (), 0.0
    k = np.unravel_index(int(np.argmax(gap)), gap.shape)
    return tuple(int(i) for i in k), float(gap[k])


def _claims(claimed: Any, run: Run, wanted: list[str]) -> dict[str, Any]:
    attempted = f"checking the claimed gradients of {run.name}"
    if callable(claimed):
        claimed = claimed(**run.inputs) if _takes(claimed, run.inputs) else claimed(*run.inputs.values())
        if not isinstance(claimed, (dict, tuple)) and len(wanted) == 1:
            claimed = {wanted[0]: claimed}
    if isinstance(claimed, tuple):
        if len(claimed) != len(wanted):
            raise InputError(attempted, f"{len(claimed)} gradients came for {len(wanted)} inputs", f"Give one each for {listed(wanted)}, in that order.")
        claimed = dict(zip(wanted, claimed, strict=True))
    if not isinstance(claimed, dict) or not claimed:
        raise InputError(attempted, f"claimed= is {claimed!r}", f"Give a dict such as {{'{wanted[0]}': ...}}, or a function that returns one.")
    for n, g in claimed.items():
        if n not in wanted:
            raise InputError(attempted, f"it claims a gradient for {n!r}", f"The inputs with a gradient are {listed(wanted)}.")
        try:
            np.asarray(g, float)
        except (TypeError, ValueError):
            raise InputError(attempted, f"the claim for {n} is {g!r}", "A gradient is a number or an array of numbers.") from None
    return claimed


def _takes(function: Any, inputs: Mapping[str, Any]) -> bool:
    try:
        inspect.signature(function).bind(**inputs)
    except (TypeError, ValueError):
        return False
    return True


def _claim_row(run: Run, name: str, claim: Any, tolerance: float) -> Row:
    right, claim = np.asarray(run.grads[name], float), np.asarray(claim, float)
    if right.shape != claim.shape:
        hint = " It is the transpose." if right.ndim == 2 and claim.shape == right.T.shape and np.allclose(claim.T, right) else ""
        why = f"a gradient has the shape of its variable, {right.shape}; the claim has shape {claim.shape}.{hint}"
        return Row(name, right.shape, claim, right, np.inf, (), "wrong shape", why)
    size = max(float(np.max(np.abs(right), initial=0.0)), 1e-12)
    worst, error = _worst(claim, right, size)
    if error <= tolerance:
        return Row(name, right.shape, claim, right, error, worst, "ok")
    reason = hooks["diagnose"](run, name, claim) if "diagnose" in hooks else ""
    return Row(name, right.shape, claim, right, error, worst, "wrong", reason)


