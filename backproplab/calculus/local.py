"""Local Jacobians: what one variable of a run does to another, as a matrix, and what the backward pass does instead of forming it.

The matrix is made from the rule itself: the rule is linear in the upstream gradient, so one unit vector for each output gives a row.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError, ShapeError, UnknownNameError, listed
from ..engine.expressions import Expression, evaluate, symbols, total
from ..engine.run import Run
from ..engine.values import shortened
from .layouts import converted, flattened
from .shapes import checked_layout
from .structure import BYTES, Structure, sized, structure
from .words import named_type

LARGEST = 1_000_000                       # entries of a Jacobian that is formed
PROBES = 4                                # other points at which an entry must be zero, to count as always zero


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LocalJacobian:
    """One edge of a run.

    Attributes
    ----------
    of, wrt : str
        The variable that is computed, and the one it is computed from.
    of_shape, wrt_shape : tuple of int
    product : Expression
        What the backward pass computes instead: the vector-Jacobian product, with the upstream's symbol inside.
    upstream : str
        That symbol.
    run : Run
    """

    of: str
    wrt: str
    of_shape: tuple[int, ...]
    wrt_shape: tuple[int, ...]
    product: Expression
    upstream: str
    run: Run

    @property
    def entries(self) -> int:
        return math.prod(self.of_shape) * math.prod(self.wrt_shape)

    @property
    def bytes(self) -> int:
        """Of the whole Jacobian as float64."""
        return self.entries * BYTES

    @property
    def kept(self) -> int:
        """Bytes of the arrays that the product reads instead, the upstream included."""
        return sum(np.size(self.run.scope[s]) * BYTES for s in set(symbols(self.product)) if s in self.run.scope)

    def times(self, g: Any) -> Any:
        """The vector-Jacobian product g J, in the shape of `wrt`, without the Jacobian.

        Raises
        ------
        ShapeError
            When g does not have the shape of `of`.
        InputError
            When it holds no numbers.
        """
        try:
            g = np.asarray(g, float)
        except (TypeError, ValueError):
            raise InputError(f"multiplying a vector with ∂{self.of}/∂{self.wrt}", f"it is {shortened(g)}",
                             f"It is one number for each entry of {self.of}: {self.of_shape}.") from None
        if g.shape != self.of_shape:
            raise ShapeError(f"multiplying a vector with ∂{self.of}/∂{self.wrt}", f"it has the shape {g.shape}",
                             f"It is one number for each entry of {self.of}: {self.of_shape}.")
        return self._times(g, self.run.scope)[()]

    def _times(self, g: np.ndarray, scope: Mapping[str, Any]) -> np.ndarray:
        """g J, computed from these values."""
        found = np.asarray(evaluate(self.product, {**scope, self.upstream: g[()]}), float)
        return np.broadcast_to(found, self.wrt_shape).copy()

    def _formed(self, scope: Mapping[str, Any]) -> np.ndarray:
        """The Jacobian at these values, of shape ``of + wrt``: one unit vector for each output gives a row."""
        rows = []
        for k in np.ndindex(*self.of_shape):
            unit = np.zeros(self.of_shape)
            unit[k] = 1.0
            rows.append(self._times(unit, scope))
        return np.array(rows, float).reshape(self.of_shape + self.wrt_shape)

    def array(self, layout: str | None = None) -> np.ndarray:
        """The Jacobian with index tuples: shape ``of + wrt`` in numerator layout, ``wrt + of`` in denominator layout.

        Raises
        ------
        ShapeError
            When it would have more than a million entries.
        """
        layout = checked_layout(layout)
        self._refuse_large()
        made = self._formed(self.run.scope) + 0.0                        # a zero has no sign to be read
        return converted(made, self.of_shape, self.wrt_shape, "numerator", layout)

    def matrix(self, layout: str | None = None, order: str = "C") -> np.ndarray:
        """The Jacobian flattened: all outputs by all inputs, or turned."""
        layout = checked_layout(layout)
        return flattened(self.array(layout), self.of_shape, self.wrt_shape, layout, order)

    def _refuse_large(self) -> None:
        instead = f"{self.upstream} goes back with {self.product}"
        refuse_large(f"forming ∂{self.of}/∂{self.wrt}", self.of, self.of_shape, self.wrt, self.wrt_shape, instead)

    def elsewhere(self) -> list[tuple[dict[str, Any], np.ndarray]]:
        """The Jacobian at other points, the same ones every time: (values of the variables, matrix in numerator layout) for each.

        Points at which it is not a number are left out.
        """
        self._refuse_large()
        draw = np.random.RandomState(7)
        made = [self._moved(draw, positive=k % 2 == 1) for k in range(PROBES)]           # logarithms and roots want positive numbers
        return [m for m in made if np.isfinite(m[1]).all()]

    def pattern(self) -> np.ndarray:
        """Where it can be other than zero: at the run's point or at other points, in numerator layout, flattened.

        Found by trying other points; right unless an entry is zero at all of them by chance.
        """
        return np.any([m != 0 for m in [self.matrix("numerator"), *(m for _, m in self.elsewhere())]], axis=0)

    def _moved(self, draw: np.random.RandomState, positive: bool) -> tuple[dict[str, Any], np.ndarray]:
        """The Jacobian where every variable that the product reads has other values."""
        reads = [s for s in dict.fromkeys(symbols(self.product)) if s in self.run.scope and s != self.upstream]
        consumer = self.run.variable(self.of)
        changed: dict[str, Any] = {}
        for s in dict.fromkeys([*reads, *consumer.inputs]):
            v = np.asarray(self.run.scope[s])
            if v.dtype.kind == "f" and s != self.of:
                size = np.where(v == 0, 0.5, np.abs(v)) * draw.uniform(0.5, 1.5, v.shape)
                changed[s] = ((1.0 if positive else draw.choice([-1.0, 1.0], v.shape)) * draw.permutation(size.ravel()).reshape(v.shape))[()]
        with np.errstate(all="ignore"):
            if consumer.expression is not None:                          # a rule may read its own output
                changed[self.of] = evaluate(consumer.expression, {**self.run.scope, **changed})
            made = self._formed({**self.run.scope, **changed})
        return changed, made.reshape(math.prod(self.of_shape), math.prod(self.wrt_shape))

    @property
    def structure(self) -> Structure:
        """What it is made of."""
        return structure(self.matrix("numerator"), self.pattern())

    def __repr__(self) -> str:
        shape = f"{math.prod(self.of_shape):,} × {math.prod(self.wrt_shape):,}"
        lines = [f"∂{self.of}/∂{self.wrt}: {shape}, {self.entries:,} numbers, {sized(self.bytes)}"]
        if self.entries <= LARGEST:
            s = self.structure
            lines.append(f"{s.name}: {s.free:,} of {s.entries:,} entries can be other than 0. {s.say}")
        lines.append(f"never formed: {self.upstream} goes back with {self.product}, which reads {sized(self.kept)}")
        return "\n".join(lines)


def refuse_large(attempted: str, of: str, of_shape: tuple[int, ...], wrt: str, wrt_shape: tuple[int, ...], instead: str) -> None:
    """Say no before the memory does."""
    entries = math.prod(of_shape) * math.prod(wrt_shape)
    if entries > LARGEST:
        raise ShapeError(attempted, f"{of} has {math.prod(of_shape):,} entries and {wrt} {math.prod(wrt_shape):,}: the Jacobian would hold "
                         f"{entries:,} numbers, {sized(entries * BYTES)}",
                         f"At most {LARGEST:,} are formed. You do not need it: {instead}.")


def local_jacobian(run: Run, of: str, wrt: str) -> LocalJacobian:
    """The local Jacobian of one variable by another that it is computed from directly.

    Parameters
    ----------
    run : Run
    of, wrt : str
        Names of variables; `wrt` stands in the expression of `of`.

    Returns
    -------
    LocalJacobian

    Raises
    ------
    UnknownNameError
        When a name is not a variable.
    InputError
        When `of` is not computed from `wrt` directly, or `wrt` has no gradient.

    Examples
    --------
    >>> import backproplab as bl
    >>> run = bl.trace(lambda z: np.tanh(z), np.array([0.5, -1.0]), cotangent=[1.0, 1.0])
    >>> local_jacobian(run, "y", "z").structure.name
    'diagonal'
    """
    if not isinstance(run, Run):
        raise InputError("taking a local Jacobian", f"its run is {named_type(run)}", "Trace the function first: run = bl.trace(f, x=...).")
    consumer, source = run.variable(of), run.variable(wrt)
    uses = [c for c in source.uses if c.consumer == of]
    if not uses:
        users = listed(dict.fromkeys(c.consumer for c in source.uses)) or "no variable with a gradient"
        raise InputError(f"taking the local Jacobian ∂{of}/∂{wrt} in {run.name}", f"{wrt} is used by {users}",
                         f"A local Jacobian belongs to one edge. For the whole way from {wrt} to {of}, use bl.jacobian.")
    return LocalJacobian(of, wrt, consumer.shape, source.shape, total([c.expression for c in uses]), run.gradient_symbols[of], run)


def local_jacobians(run: Run) -> Iterator[LocalJacobian]:
    """The local Jacobians of all edges of a run, in the order of computation."""
    if not isinstance(run, Run):
        raise InputError("taking local Jacobians", f"the run is {named_type(run)}", "Trace the function first: run = bl.trace(f, x=...).")
    for v in run.variables.values():
        for name in v.inputs:
            try:
                source = run.variable(name)
            except UnknownNameError:
                continue
            if any(c.consumer == v.name for c in source.uses):
                yield local_jacobian(run, v.name, name)
