"""The backward pass as textbooks write it, in three forms, on the variables of a run.

*Pull* (Version A): visit every variable in reverse topological order; its gradient is the sum, over its consumers, of upstream times
local. *Push* (Version B): all gradients start at 0 but the output's; visit every variable in reverse topological order, and
increment the gradient of each of its inputs. *Table*: a dict, filled from the output back, each entry computed from entries that
stand already. All three compute the same numbers, up to the order in which a sum is added up.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UnknownNameError
from .expressions import Call, Constant, Expression, Symbol, evaluate, substitute, total
from .steps import Increment, Scope, Step
from .variables import Variable

if TYPE_CHECKING:
    from .run import Run

VERSIONS = {"A": "pull", "B": "push", "pull": "pull", "push": "push", "grad_table": "table", "table": "table"}


def backward_steps(run: Run, version: str = "A") -> tuple[Step, ...]:
    """Steps of the backward pass in one of its textbook forms.

    Parameters
    ----------
    run : Run
    version : str
        "A" or "pull", "B" or "push", "grad_table".

    Returns
    -------
    tuple of Step
        Pull: a step's contributions are what its consumers send. Push: a step's increments are what it sends to its inputs. Table:
        a step's expression reads entries of ``grad_table``.

    Raises
    ------
    UnknownNameError
    """
    found = VERSIONS.get(version) if isinstance(version, str) else None
    if found is None:
        raise UnknownNameError(f"asking for version {version!r} of the backward pass", f"there are {', '.join(VERSIONS)}", "Use one of these.")
    return {"pull": pull, "push": push, "table": table}[found](run)


def pull(run: Run) -> tuple[Step, ...]:
    """Version A: every gradient is gathered once, when the variable is visited."""
    gradients: dict[str, Any] = {}
    steps = []
    for v in visited(run):
        g = run.variables[v.name].gradient if v.role == "output" else np.zeros(v.shape)[()]
        for k, c in enumerate(v.uses):
            assert c.consumer in gradients                               # consumers come later in the computation, so earlier here
            g = c.value if k == 0 else g + c.value
        gradients[v.name] = g
        steps.append(Step("backward", v, g, run._scope, v.uses))
    return tuple(steps)


def push(run: Run) -> tuple[Step, ...]:
    """Version B: every gradient starts at 0 and grows; when its variable is visited it is complete."""
    order = visited(run)
    gradients = {v.name: np.zeros(v.shape)[()] for v in order}
    gradients[run.output] = run.variables[run.output].gradient
    sends: dict[str, list[tuple[Variable, Any]]] = {}
    for v in order:
        for c in v.uses:
            sends.setdefault(c.consumer, []).append((v, c))
    steps = []
    for u in order:
        increments = []
        own = {target.name: (target, c) for target, c in sends.get(u.name, ())}
        for name in [n for n in u.inputs if n in own]:
            target, c = own[name]
            before = gradients[name]
            gradients[name] = before + c.value
            increments.append(Increment(name, c, before, gradients[name]))
        steps.append(Step("backward", u, gradients[u.name], run._scope, increments=tuple(increments)))
    return tuple(steps)


def table(run: Run) -> tuple[Step, ...]:
    """The grad_table form: ``grad_table['a'] = grad_table['d'] * np.exp(a) + ...``."""
    entry = {symbol: Call("index", (Symbol("grad_table"), Constant(name))) for name, symbol in run.gradient_symbols.items()}
    grad_table: dict[str, Any] = {}
    steps = []
    for v in visited(run):
        if v.role == "output":
            grad_table[v.name] = v.gradient
            written: Expression = Constant(1.0)
        else:
            written = substitute(total([c.expression for c in v.uses]), entry) if v.uses else Constant(0.0)
            grad_table[v.name] = entry_value(run, written, grad_table, v)
        plain = total([c.expression for c in v.uses]) if v.uses else None
        steps.append(Step("backward", v, grad_table[v.name], TableScope(run._scope, plain), v.uses, written=written))
    return tuple(steps)


class TableScope(Scope):
    """Puts numbers into an entry's expression as into the one with the gradients' own symbols."""

    def __init__(self, scope: Scope, plain: Expression | None) -> None:
        self._scope, self._plain = scope, plain

    def substituted(self, e: Expression | None) -> Expression | None:
        return self._scope.substituted(self._plain)


def entry_value(run: Run, written: Expression, grad_table: dict[str, Any], v: Variable) -> Any:
    """The entry, computed from the entries that stand already."""
    value = evaluate(written, {**run.scope, "grad_table": grad_table})
    return np.broadcast_to(value, v.shape)[()] if np.shape(value) != v.shape else np.float64(value) if not v.shape else value


def visited(run: Run) -> list[Variable]:
    """Variables with a gradient, in reverse topological order."""
    return [v for v in reversed(list(run.variables.values())) if v.gradient is not None]
