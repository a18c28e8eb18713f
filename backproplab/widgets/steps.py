"""One step of the stepper as data: what it says, its formulas, its question and its ledger."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..drawing import grid, shape_text
from ..engine.expressions import Call, Constant, Expression, Symbol, heads, symbols
from ..engine.folding import Contribution, Variable
from ..engine.run import Run, Step
from ..notation import digits, signed
from . import words
from .figures import DIGITS, array_places, column, factor, factors
from .formulas import LABEL, Formulas

SIGNS = {"+": "+", "-": "−", "*": "⊙", "@": "·", "/": "/"}
MEETING = {"@": "", "*": " ⊙ ", "np.outer": " ⊗ "}         # two arrays on a ticket, by the operation in which they meet
ARGUMENTS = 3                             # grids in front of the arrow, at the most


def step_data(step: Step, run: Run, formulas: Formulas, lines: dict[str, int], asks: list[dict[str, Any]]) -> dict[str, Any]:
    """A step as the page reads it. `lines`: a variable's name -> the row of the listing that makes it; `asks`: what may be asked."""
    v = step.variable
    data = {"phase": step.phase, "node": v.name, "line": lines[v.name], "sym": None, "num": None, "asks": asks, "note": ""}
    return data | (_forward(v, run, formulas) if step.phase == "forward" else _backward(v, run, formulas))


# ---- forward -----------------------------------------------------------------------------------------------------------------

def _forward(v: Variable, run: Run, formulas: Formulas) -> dict[str, Any]:
    data: dict[str, Any] = {
        "title": f"{'Compute' if v.expression is not None else 'Given' if v.role == 'constant' else 'Input'} {v.name}",
        "words": words.forward(v, formulas.setting), "note": words.later(v), "edges": [f"{i}>{v.name}" for i in dict.fromkeys(v.inputs)],
        "value": digits(v.value, DIGITS) if np.ndim(v.value) == 0 else shape_text(v.value), "num": formulas.value_in_numbers(v)}
    if v.expression is None:
        if np.ndim(v.value):
            data["show"] = [_figure(v.value, "v", formulas.label(v.name, LABEL))]
        return data
    data["sym"] = formulas.value(v)
    if np.ndim(v.value) or any(np.ndim(run.values.get(n, 0)) for n in v.inputs):
        data["show"] = _row(v.expression, v.value, run, formulas, formulas.label(v.name, LABEL), "v")
    return data


def _figure(value: Any, role: str, label: dict[str, Any]) -> dict[str, Any]:
    return grid(value, role) | {"label": label}


def _row(e: Expression, result: Any, run: Run, formulas: Formulas, label: dict[str, Any], role: str) -> list[Any]:
    """What goes in and what comes out: the operands of a sum or product with their signs, or the arguments of a function."""
    end = _figure(result, role, label)
    if isinstance(e, Call) and e.head in SIGNS:
        return [*_spread(e, run, formulas, 2), "=", end]
    row: list[Any] = []
    for name in list(dict.fromkeys(symbols(e)))[:ARGUMENTS]:
        row += [","] if row else []
        row.append(_figure(run.scope[name], _role(name, run), formulas.expression(Symbol(name))))
    return [*row, "→", end]


def _spread(e: Expression, run: Run, formulas: Formulas, depth: int) -> list[Any]:
    if isinstance(e, Call) and e.head in SIGNS and depth:
        return [*_spread(e.args[0], run, formulas, depth - 1), SIGNS[e.head], *_spread(e.args[1], run, formulas, 0)]
    if isinstance(e, Constant) and np.ndim(e.value) == 0:
        return [digits(e.value, DIGITS)]
    role = _role(e.name, run) if isinstance(e, Symbol) else "v"
    return [_figure(run.evaluate(e), role, formulas.expression(e))]


def _role(name: str, run: Run) -> str:
    return "g" if name in run.gradient_symbols.values() else "v"


# ---- backward ----------------------------------------------------------------------------------------------------------------

def _backward(v: Variable, run: Run, formulas: Formulas) -> dict[str, Any]:
    told, remark = words.backward(v, run)
    scalar = np.ndim(v.gradient) == 0
    data: dict[str, Any] = {"title": f"Gradient of {v.name}", "words": told, "note": remark, "edges": [f"{v.name}>{c.consumer}" for c in v.uses],
                            "grad": signed(v.gradient, DIGITS) if scalar else shape_text(v.gradient), "contribs": []}
    if not v.uses:
        data["sym"] = formulas.seed(v)
        if not scalar:
            data["show"] = [_figure(v.gradient, "g", formulas.gradient_label(v.name))]
        return data
    data |= {"sym": formulas.gradient(v), "num": formulas.gradient_in_numbers(v)}
    if scalar and all(c.local is not None and np.ndim(c.local) == 0 and np.ndim(c.upstream) == 0 for c in v.uses):
        data["contribs"] = _scalar_rows(v, formulas)
        return data
    data["contribs"] = _array_rows(v, run, formulas)
    if len(v.uses) == 1:
        data["show"] = _row(formulas.sent(v.uses[0]), v.gradient, run, formulas, formulas.gradient_label(v.name), "g")
    return data


def _scalar_rows(v: Variable, formulas: Formulas) -> list[dict[str, Any]]:
    parts = [float(c.value) for c in v.uses]
    shown, sums, places = column(parts)
    out = []
    for k, c in enumerate(v.uses):
        up, local = factors(float(c.upstream), float(c.local), parts[k], places)
        e = formulas.local(c)
        out.append({"by": c.consumer, "edge": f"{v.name}>{c.consumer}", "line1": ticket_rule(c), "prod": ticket_sum(c), "up": up, "loc": local,
                    "shown": shown[k], "sum": sums[k], "p": _plain(c.value), "s": _plain(c.running),
                    "local": None if isinstance(e, Constant) else formulas.expression(e)})
    return out


def _array_rows(v: Variable, run: Run, formulas: Formulas) -> list[dict[str, Any]]:
    parts = np.array([c.value for c in v.uses], float)
    sums = np.cumsum(parts, 0)
    with np.errstate(invalid="ignore"):
        finite = np.abs(np.concatenate([parts, sums]))
    peak = float(np.max(finite, initial=0.0, where=np.isfinite(finite)))
    places = array_places(parts)
    return [{"by": c.consumer, "edge": f"{v.name}>{c.consumer}", "array": True, "line1": ticket_rule(c, run), "prod": ticket_sum(c),
             "up": shape_text(c.upstream), "rule": formulas.expression(formulas.sent(c)),
             "part": grid(parts[k], "g", peak=peak, places=places), "upto": grid(sums[k], "g", peak=peak, places=places)}
            for k, c in enumerate(v.uses)]


def _plain(v: Any) -> float:
    """A number that JSON can carry, for the bars of the waterfall."""
    return float(v) if np.isfinite(v) else 0.0


# ---- tickets -----------------------------------------------------------------------------------------------------------------

def ticket_rule(c: Contribution, run: Run | None = None) -> str:
    """The small line of a ticket: upstream x local, or the shapes that meet."""
    if c.local is not None and np.ndim(c.local) == 0 and np.ndim(c.upstream) == 0 and np.ndim(c.value) == 0:
        return f"{digits(c.upstream, 3)} × {factor(c.local)}"
    e = c.expression
    if run is not None and isinstance(e, Call) and e.head in MEETING:
        a, b = (run.evaluate(x) for x in e.args[:2])
        if np.ndim(a) and np.ndim(b):
            return f"({shape_text(a)}){MEETING[e.head]}({shape_text(b)})"
    return f"{'Σ of' if 'np.sum' in set(heads(e)) else 'upstream'} {shape_text(c.upstream)}"


def ticket_sum(c: Contribution) -> str:
    """The bold line: the contribution, or its shape."""
    return signed(c.value, DIGITS) if np.ndim(c.value) == 0 else shape_text(c.value)
