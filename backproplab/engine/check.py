"""Gradients checked by the definition, and a learner's gradients checked against the engine's."""
from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .calling import BoundCall, active_inputs, bound_call
from .containers import filled
from .differences import DIRECTIONS, by_direction, by_entry
from .errors import InputError, NotScalarError, TraceError, listed
from .hooks import hooks
from .node import Node
from .outputs import chosen
from .run import Run, trace
from .tracing import record
from .values import described, shown
from .wording import written

MOST = 1000                       # entries of one input that are stepped one by one; a larger one is tried along random directions
NEAR = 1e-4                       # how close to a kink counts as on it
WIDTH = 100                       # columns of a line under the table


class Row(NamedTuple):
    """One input, checked.

    Attributes
    ----------
    name : str
    shape : tuple of int
    gradient : ndarray
        What is being checked: the engine's, or the claimed one; of a large input its products with random directions.
    expected : ndarray
        The central differences; for a claim the engine's gradient.
    errors : ndarray
        Difference of each entry, relative to the size of the gradient.
    error : float
        The largest of them.
    worst : tuple of int
        Where.
    verdict : str
        "ok", "wrong", "kink" or "wrong shape".
    reason : str
    step : float
        The step of the differences at `worst`; 0 for a claim.
    directions : int
        0 when every entry was stepped by itself.
    """

    name: str
    shape: tuple[int, ...]
    gradient: Any
    expected: Any
    errors: Any
    error: float
    worst: tuple[int, ...]
    verdict: str
    reason: str = ""
    step: float = 0.0
    directions: int = 0


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
        stepped = any(r.step for r in self.rows)
        head = ["input", "shape", "gradient", "expected", "relative error", *(["step"] if stepped else []), ""]
        table = [head] + [[r.name, "x".join(map(str, r.shape)) or "scalar", _at(r.gradient, r), _at(r.expected, r), _error(r),
                           *([f"{r.step:.1e}"] if stepped else []), r.verdict] for r in self.rows]
        widths = [max(len(row[k]) for row in table) for k in range(len(head))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table]
        notes = [textwrap.fill(f"{r.name}: {r.reason}", WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
                 for r in self.rows if r.reason]
        return "\n".join([self.title, *lines, *notes])


def _at(value: Any, row: Row) -> str:
    if row.verdict == "wrong shape":
        return f"shape {np.shape(value)}"
    if np.ndim(value) == 0:
        return f"{float(value) + 0.0:.6g}"
    if not np.size(value):
        return "empty"
    place = f"direction {row.worst[0]}" if row.directions else f"[{', '.join(map(str, row.worst))}]"
    return f"{float(np.asarray(value)[row.worst]) + 0.0:.6g} at {place}"       # + 0.0: not "-0"


def _error(r: Row) -> str:
    """In powers of ten: the last digits differ between machines."""
    if not np.isfinite(r.error):
        return "inf"
    return "0" if r.error == 0 else f"< 1e-{int(np.floor(-np.log10(r.error)))}" if r.error < 1e-5 else f"{r.error:.2g}"


def check_gradients(f: Callable[..., Any], /, *args: Any, claimed: Any = None, wrt: Any = None, inputs: Mapping[str, Any] | None = None,
                    output: Any = None, tolerance: float = 1e-6, **named: Any) -> GradientCheck:
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
    output : int or str, optional
        Which of several outputs.
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
    TraceError
        When the function returns another value with the same inputs, as one that draws random numbers does.

    Notes
    -----
    An input of more than 1000 entries is tried along 20 random directions instead of entry by entry.
    """
    call = bound_call(f, args, named, inputs, "check_gradients", {"wrt": wrt, "claimed": claimed, "output": output})
    active = active_inputs(call, wrt)
    run = trace(f, *args, wrt=wrt, output=output, inputs=inputs, **named)
    wanted = [n for n, node in run.graph.inputs.items() if node.active and (active is None or n in active)]
    title = f"{run.name}({', '.join(call.structure)}): {run.output} = {shown(run.value)}"
    if claimed is not None:
        claims = _claims(claimed, run, wanted, call)
        return GradientCheck(f"{title}; your gradients against the engine's", tuple([_claim_row(run, n, g, tolerance) for n, g in claims.items()]))
    choose = chosen(output, None, f) if output is not None else None
    plain = dict(run.inputs)

    def value(name: str, x: Any) -> float:
        now = {**plain, name: x}
        if choose is not None:                                          # a variable inside the function can only be read in a trace
            return float(record(f, call.args, call.kwargs, now, choose=choose, quiet=True).output.value)
        got = f(*[filled(a, now.__getitem__) for a in call.args], **{k: filled(a, now.__getitem__) for k, a in call.kwargs.items()})
        if np.shape(got) != ():
            raise NotScalarError(f"checking the gradients of {run.name}", f"without tracing it returns an array of shape {np.shape(got)}",
                                 "Return one number.")
        return float(got)
    first = next(iter(plain))
    with np.errstate(all="ignore"):                                     # the trace has said what there is to say
        again = value(first, plain[first])
    if not np.isclose(again, float(run.value), rtol=1e-9, equal_nan=True):
        raise TraceError(f"checking the gradients of {run.name}",
                         f"traced it returns {shown(run.value)}, and called again with the same inputs {shown(again)}",
                         "A derivative belongs to a function that depends on its inputs alone: draw random numbers outside and hand them in, "
                         "count no calls, and ask no isinstance(x, float).")
    rows = tuple([_row(run, n, value, tolerance) for n in wanted])
    return GradientCheck(f"{title}; the engine's gradients against central differences", rows)


def _row(run: Run, name: str, value: Callable[[str, Any], float], tolerance: float) -> Row:
    x, g, here = np.array(run.inputs[name], float), np.asarray(run.grads[name], float), float(run.value)
    large = x.size > MOST

    def along(moved: Any) -> float:
        return value(name, moved)
    tried = by_direction(along, x, g, here, tolerance) if large else by_entry(along, x, g, here, tolerance)
    found = np.array([s.central for _, s in tried], float).reshape((len(tried),) if large else x.shape)
    checked = np.array([float(np.sum(g * d)) for d, _ in tried]) if large else g
    size = max(float(np.max(np.abs(checked), initial=0.0)), float(np.max(np.abs(found), initial=0.0)), 1e-8)
    kinks = []
    for k, (where, s) in enumerate(tried):
        place = (k,) if large else where
        low, high = sorted((s.left, s.right))
        if s.bent and low - tolerance * size <= checked[place] <= high + tolerance * size:
            kinks.append((place, s))
            found[place] = checked[place]
    errors = _relative(checked, found, size)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(errors)), errors.shape)) if errors.size else ()
    error = float(errors[worst]) if errors.size else 0.0
    slopes = [s for _, s in tried]
    flat = int(np.ravel_multi_index(worst, errors.shape)) if worst else 0
    step = slopes[flat].step if slopes else 0.0
    rounding = slopes[flat].rounding / size if slopes else 0.0          # a value much larger than its gradient hides it
    verdict = "ok" if error <= max(tolerance, 4 * rounding) else "wrong"
    reason = "" if verdict == "ok" else f"the gradient and the slope differ by {error:.2g} of the largest entry."
    if not np.isfinite(here):
        reason = f"{run.output} = {shown(run.value)} here, and a function has a derivative only where its value is finite."
    elif verdict == "wrong" and not np.isfinite(found).all():
        reason = f"the function is not finite near {name} = {described(x)}, so it has no slope there: check where it is defined."
    if kinks and verdict == "ok":
        (place, s), verdict, worst = kinks[0], "kink", kinks[0][0]
        where = "" if large or not place else f"[{', '.join(map(str, place))}]"
        at = "along a random direction" if large else f"at {name}{where} = {float(x[place]):.6g}"
        reason = (f"no derivative exists {at}: the slope is {s.left:.4g} on the left and {s.right:.4g} on the right"
                  f"{kink_of(run)}. The engine chooses {float(checked[place]):.4g}.")
    return Row(name, x.shape, checked, found, errors, error, worst, verdict, reason, step, DIRECTIONS if large else 0)


def kink_of(run: Run) -> str:
    """', where relu(z) has its kink' for the operations that sit on a kink at this point."""
    found = []
    for n in run.graph.nodes:
        if n.op is not None and n.op.kink is not None:
            values = [v.value if isinstance(v, Node) else v for v in n.inputs]
            if np.any(np.asarray(n.op.kink(*values, **(n.constants or {}))) < NEAR):
                found.append(written(n.op, n.inputs, n.constants or {}))
    return f", where {listed(dict.fromkeys(found))} {'has its kink' if len(set(found)) == 1 else 'have their kinks'}" if found else ""


def _relative(a: Any, b: Any, size: float) -> Any:
    gap = np.abs(np.asarray(a) - b) / size
    return np.where(np.isnan(gap), np.where(np.isnan(a) & np.isnan(b), 0.0, np.inf), gap)


def _claims(claimed: Any, run: Run, wanted: list[str], call: BoundCall) -> dict[str, Any]:
    """The claimed gradients by input.

    Raises
    ------
    InputError
    """
    attempted = f"checking the claimed gradients of {run.name}"
    if callable(claimed):
        structured = {p: filled(t, run.inputs.__getitem__) for p, t in call.structure.items()}
        if takes(claimed, (), structured):
            claimed = claimed(**structured)
        elif takes(claimed, tuple(structured.values()), {}):
            claimed = claimed(*structured.values())
        else:
            raise InputError(attempted, f"the claimed function cannot be called with {listed(structured)}",
                             f"Let it take the same inputs, ({', '.join(structured)}), and return the gradients.")
        if not isinstance(claimed, (dict, tuple)) and len(wanted) == 1:
            claimed = {wanted[0]: claimed}
    if isinstance(claimed, tuple):
        if len(claimed) != len(wanted):
            raise InputError(attempted, f"{len(claimed)} gradients came for {len(wanted)} inputs",
                             f"Give one each for {listed(wanted)}, in that order.")
        claimed = dict(zip(wanted, claimed, strict=True))
    if not isinstance(claimed, dict) or not claimed:
        raise InputError(attempted, f"claimed= is {claimed!r}", f"Give a dict such as {{'{wanted[0]}': ...}}, or a function that returns one.")
    for n, g in claimed.items():
        if n not in wanted:
            raise InputError(attempted, f"it claims a gradient for {n!r}", f"The inputs with a gradient are {listed(wanted)}.")
        try:
            if g is None or isinstance(g, (str, bytes)):
                raise TypeError
            np.asarray(g, float)
        except (TypeError, ValueError):
            raise InputError(attempted, f"the claim for {n} is {g!r}", "A gradient is a number or an array of numbers.") from None
    return claimed


def takes(function: Any, args: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
    """Can the function be called like this?"""
    try:
        inspect.signature(function).bind(*args, **named)
    except TypeError:
        return False
    except ValueError:                                                  # it has no signature, like some of NumPy's: by position, then
        return not named
    return True


def _claim_row(run: Run, name: str, claim: Any, tolerance: float) -> Row:
    right, claim = np.asarray(run.grads[name], float), np.asarray(claim, float)
    if right.shape != claim.shape:
        hint = " It is the transpose." if right.ndim == 2 and claim.shape == right.T.shape and np.allclose(claim.T, right) else ""
        why = f"a gradient has the shape of its variable, {right.shape}; the claim has shape {claim.shape}.{hint}"
        return Row(name, right.shape, claim, right, np.inf, np.inf, (), "wrong shape", why)
    errors = _relative(claim, right, max(float(np.max(np.abs(right), initial=0.0)), 1e-12))
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(errors)), errors.shape)) if errors.size else ()
    error = float(errors[worst]) if errors.size else 0.0
    if error <= tolerance:
        return Row(name, right.shape, claim, right, errors, error, worst, "ok")
    reason = "it holds a value that is not a finite number." if not np.isfinite(claim).all() else \
        hooks["diagnose"](run, name, claim) if "diagnose" in hooks else ""
    return Row(name, right.shape, claim, right, errors, error, worst, "wrong", reason)
