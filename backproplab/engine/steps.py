"""The steps of both passes: one variable visited, with the numbers and expressions that are shown there."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .expressions import Constant, Expression, substitute, symbols, total
from .variables import Contribution, Variable


class Step:
    """One variable visited, forward or backward.

    Attributes
    ----------
    phase : str
        "forward", "backward", or "tangent" (forward mode).
    variable : Variable
    value : float64 or ndarray
        Forward: the variable's value. Backward: its gradient. Tangent: how it changes along the direction.
    contributions : tuple of Contribution
        Backward: one for each consumer, with upstream, local derivative, their product and the running sum.
    increments : tuple of Increment
        What the pushing form of the backward pass adds to other variables while it visits this one.
    """

    __slots__ = ("phase", "variable", "value", "contributions", "increments", "_scope", "_written")

    def __init__(self, phase: str, variable: Variable, value: Any, scope: Scope, contributions: tuple[Contribution, ...] = (),
                 increments: tuple[Increment, ...] = (), written: Expression | None = None) -> None:
        self.phase, self.variable, self.value, self.contributions, self.increments = phase, variable, value, contributions, increments
        self._scope, self._written = scope, written

    @property
    def name(self) -> str:
        return self.variable.name

    @property
    def line(self) -> int:
        return self.variable.line

    @property
    def expression(self) -> Expression | None:
        """Forward: what computes the variable; None for an input. Backward: the sum of the contributions.

        None where there is none: at the output, whose gradient is given, and at a variable that the output does not use.
        """
        if self._written is not None or self.phase == "tangent":
            return self._written
        if self.phase == "forward":
            return self.variable.expression
        return total([c.expression for c in self.contributions]) if self.contributions else None

    @property
    def substituted(self) -> Expression | None:
        """The expression with the values of scalar variables put in; None when it names an array."""
        return self._scope.substituted(self.expression)

    def __repr__(self) -> str:
        return f"<Step {self.phase} {self.name}>"


class Increment:
    """A push: `target`'s gradient grows from `before` to `after` by `value`, the upstream times the local derivative.

    Attributes
    ----------
    target : str
    contribution : Contribution
    before, value, after : float64 or ndarray
    """

    __slots__ = ("target", "contribution", "before", "after")

    def __init__(self, target: str, contribution: Contribution, before: Any, after: Any) -> None:
        self.target, self.contribution, self.before, self.after = target, contribution, before, after

    value = property(lambda self: self.contribution.value)
    expression = property(lambda self: self.contribution.expression)

    def __repr__(self) -> str:
        return f"<{self.target} += {self.expression}>"


class Scope:
    """What the symbols of a run's expressions stand for."""

    def __init__(self, values: Any) -> None:
        self._values = values                                           # called when first asked

    def substituted(self, e: Expression | None) -> Expression | None:
        """e with the numbers of its scalar variables and gradients put in; None when e is None or names an array."""
        if e is None:
            return None
        values: Mapping[str, Any] = self._values()
        used = set(symbols(e))
        if any(s not in values or np.ndim(values[s]) for s in used):
            return None
        return substitute(e, {s: Constant(values[s]) for s in used})
