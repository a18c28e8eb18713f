"""What a run shows of a function: its variables, and what each consumer sends back to them.

Expressions are made when they are asked for, so that a trace of a hundred thousand variables costs no more than its numbers.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .expressions import Expression

if TYPE_CHECKING:
    from .folding import Box, Folding


class Contribution:
    """One consumer's part in a gradient: upstream times local.

    Attributes
    ----------
    consumer : str
        The variable that uses this one.
    upstream : float64 or ndarray
        The consumer's gradient.
    value : float64 or ndarray
        The contribution, in the shape of this variable.
    running : float64 or ndarray
        The sum up to and including this contribution.
    """

    __slots__ = ("consumer", "upstream", "value", "running", "_folding", "_box", "_symbol")

    def __init__(self, consumer: str, upstream: Any, value: Any, running: Any, folding: Folding, box: Box, symbol: str) -> None:
        self.consumer, self.upstream, self.value, self.running = consumer, upstream, value, running
        self._folding, self._box, self._symbol = folding, box, symbol

    @property
    def expression(self) -> Expression:
        """What the consumer sends back, its gradient's symbol inside: ``g_e / b``, ``X.T @ g_Z``."""
        return self._folding.sent(self._box)[self._symbol]

    @property
    def local_expression(self) -> Expression | None:
        """The same with the upstream set to 1, where the consumer works entry by entry: ``1 / b``.

        None for an operator such as a matrix product, whose local derivative is what it does to the upstream.
        """
        return self._folding.local(self._box, self._symbol)

    @property
    def local(self) -> Any:
        """The value of the local derivative: float64, ndarray, or None."""
        e = self.local_expression
        if e is None:
            return None
        with np.errstate(all="ignore"):
            found = self._folding.evaluate(e)
        return np.float64(found) if np.ndim(found) == 0 else found

    def __repr__(self) -> str:
        return f"<Contribution of {self.consumer}: {self.expression}>"


class Variable:
    """A variable of the author's algorithm: one box of the drawing, one step of each pass.

    Attributes
    ----------
    name : str
        Unique: h, h_1, h_2 where the source binds h three times.
    written : str
        The name in the source.
    value : float64, ndarray or bool
    gradient : float64, ndarray or None
        Of the output by it, in its shape; None where no gradient is defined.
    line : int
        In the author's file; 0 when not known.
    role : str
        "input", "constant" (a captured array, or an input without a gradient), "operation" or "output".
    operation : str
        The operation's name when the box holds exactly one, else "".
    count : int
        Primitive operations inside.
    uses : tuple of Contribution
        In the author's order of use.
    """

    __slots__ = ("name", "written", "value", "gradient", "line", "role", "operation", "count", "uses", "_folding", "_box")

    def __init__(self, folding: Folding, box: Box, name: str, gradient: Any, role: str, uses: tuple[Contribution, ...]) -> None:
        n = box.node
        self.name, self.written, self.value, self.gradient, self.line, self.role = name, n.name or name, n.value, gradient, n.line, role
        self.operation = n.op.name if n.op and len(box.inside) == 1 else ""
        self.count, self.uses = len(box.inside), uses
        self._folding, self._box = folding, box

    @property
    def expression(self) -> Expression | None:
        """What computes it; None for an input or a captured array."""
        return self._folding.computes(self._box)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Variables that its expression names, in the order they are written."""
        return self._folding.read_by(self._box)

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.value)

    def __repr__(self) -> str:
        return f"<Variable {self.name}>"
