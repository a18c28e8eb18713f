"""A derivation: the forward and the backward pass of a run, side by side, in a course's letters.

Every line is an expression of the run, typeset: the very rules that ran, in the order they ran. What a reader does by habit is done
first: the 1 at the output is multiplied in, e^a is written where the rule names its output, products are tidied. The raw form leaves
all that out.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from ..engine.errors import InputError, listed
from ..engine.expressions import Call, Expression, total, unsigned
from ..engine.folding import Variable
from ..engine.run import Run, as_run
from ..engine.settings import settings
from .contributions import contribution
from .layout import SIGN, SUM, TIMES, Fraction, Layout, Named, Row, sign
from .lines import Line, as_latex, as_text
from .modules import module
from .notations import PARTIAL, Notation
from .orientation import Orientation, TooManyAxes
from .plain import plain
from .setting import Setting
from .table import Entry, table_latex, table_text
from .tidy import tidy
from .typeset import typeset

TERMS = 8                                 # contributions that are all shown; of a longer sum the first and the last
LONG = 60                                 # expressions in a formula that is repeated with numbers or shapes
Made = TypeVar("Made")
LINES = 120                               # variables that are all shown; of a longer program the first and the last


class Derivation:
    """Forward and backward pass of a run as formulas. It renders in Jupyter; `str` gives text, `.latex` the LaTeX.

    Attributes
    ----------
    run : Run
    setting : Setting
        What its letters mean.
    orientation : Orientation or None
        Rows and columns; None where 1-D arrays stay what NumPy makes of them.
    raw, chain, numbers, shapes : bool
        What was asked for.
    table : bool or mapping of str to str
        As a table with a row for each module, and names for the modules.
    """

    def __init__(self, run: Run, setting: Setting, orientation: Orientation | None = None, raw: bool = False, chain: bool = False,
                 numbers: bool = False, shapes: bool = False, table: bool | Mapping[str, str] = False) -> None:
        self.run, self.orientation, self.raw, self.chain, self.numbers, self.shapes = run, orientation, raw, chain, numbers, shapes
        self.table = table
        self.setting = setting if orientation is None else replace(setting, products=orientation.products)

    @functools.cached_property
    def forward(self) -> tuple[Line, ...]:
        """A line for each variable, in the order of computation."""
        return tuple([self._forward(v) for v in self.run.variables.values()])

    @functools.cached_property
    def backward(self) -> tuple[Line, ...]:
        """A line for each gradient, from the output back."""
        return tuple([self._backward(v) for v in self._reversed()])

    def _reversed(self) -> list[Variable]:
        return [s.variable for s in self.run.steps if s.phase == "backward"]

    def _forward(self, v: Variable) -> Line:
        e, formula = v.expression, None
        if e is not None:
            e = self._oriented(e, None)
            formula = typeset(e, self.setting)
        return self._line("forward", v, self.setting.symbol(v.name), e, formula, v.value)

    def _backward(self, v: Variable) -> Line:
        terms = [contribution(self.run, c, self.raw, named=self.setting.notation.code) for c in v.uses]
        e = total(terms) if terms else None
        formula = None
        if e is not None and len(terms) <= TERMS:
            e = self._oriented(e if self.raw else tidy(e, self.run.scope), np.ndim(v.value))
            formula = typeset(e, self.setting)
        elif e is not None:
            formula = self._shortened(terms)
        return self._line("backward", v, self.setting.gradient(v.name), e, formula, v.gradient)

    def _oriented(self, e: Expression, gradient_of: int | None) -> Expression:
        """The expression with rows and columns, where they were asked for; as it is where an array has more than two axes."""
        if self.orientation is None:
            return e
        try:
            made = self.orientation.value(e) if gradient_of is None else self.orientation.gradient(e, gradient_of)
        except TooManyAxes:
            return e
        return made

    def _line(self, phase: str, v: Variable, name: Layout, e: Expression | None, formula: Layout | None, value: Any) -> Line:
        between = [formula] if formula is not None else []
        readable = isinstance(e, Call) and e.size <= LONG
        if self.chain and phase == "backward" and len(v.uses) <= TERMS and any(c.consumer != self.run.output for c in v.uses):
            between.insert(0, self._chained(v))
        if self.numbers and readable and np.ndim(value) == 0 and self.setting.numeric(e):            # type: ignore[arg-type]
            between.append(typeset(e, self.setting, True))                                           # type: ignore[arg-type]
        dimensions = None
        if self.shapes and readable:
            dimensions = typeset(e, self.setting, shapes=self._shapes)                               # type: ignore[arg-type]
        shape = np.shape(value) if self.orientation is None else self.orientation.shape(np.shape(value), phase == "backward")
        return Line(phase, v.name, name, e, tuple(between), formula, value, shape, dimensions, self.shapes, self.setting.digits)

    @functools.cached_property
    def _shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Name -> its shape on paper."""
        found = {n: np.shape(v) for n, v in self.setting.values.items()}
        if self.orientation is None:
            return found
        return {n: self.orientation.shape(s, n in self.setting.gradients) for n, s in found.items()}

    def _chained(self, v: Variable) -> Layout:
        """The chain rule: for every consumer, its gradient times its derivative by this variable."""
        parts: list[Layout] = []
        for c in v.uses:
            below, above = (Row((PARTIAL, self.setting.symbol(n))) for n in (v.name, c.consumer))
            local = Named(f"{plain(above)}/{plain(below)}", Fraction(above, below))
            parts += [*([sign("+")] if parts else []), self.setting.gradient(c.consumer), sign(TIMES), local]
        return Row(tuple(parts), SUM)

    def _shortened(self, terms: list[Expression]) -> Layout:
        """The first three terms of a long sum, dots, the last."""
        minus, last = unsigned(terms[-1])
        parts = (typeset(total(terms[:3]), self.setting), sign("+"), sign("⋯"), sign("−" if minus else "+"), typeset(last, self.setting, level=SIGN))
        return Row(parts, SUM)

    @property
    def entries(self) -> tuple[Entry | None, ...]:
        """The rows of the table, from the output back: a module, what it computes, and the gradients that it completes; None for some left out."""
        return tuple(_cut([v for v in list(self.run.variables.values())[::-1] if v.expression is not None], self._entry))

    def _entry(self, v: Variable) -> Entry:
        names = self.table if isinstance(self.table, Mapping) else {}
        finished = [self.run.variables[n] for n in dict.fromkeys(v.inputs) if self._completes(v, n)]
        if v.name == self.run.output and self.run.cotangent is not None:
            finished.insert(0, v)
        return Entry(names.get(v.name) or module(v, self.run), v.name, self._forward(v), tuple([self._backward(u) for u in finished]))

    def _completes(self, v: Variable, name: str) -> bool:
        """Is v the last whose contribution this gradient waits for: the first that uses it?"""
        return name in self._with_gradient and self.run.variables[name].uses[0].consumer == v.name

    @functools.cached_property
    def _with_gradient(self) -> frozenset[str]:
        return frozenset([v.name for v in self._reversed() if v.uses])

    # ---- as text and as LaTeX ----------------------------------------------------------------------------------------------

    def _shown(self) -> tuple[list[Line | None], list[Line | None]]:
        """The lines to show; None where lines are left out."""
        return _cut(list(self.run.variables.values()), self._forward), _cut(self._reversed(), self._backward)

    def __str__(self) -> str:
        return table_text(self.entries, self.numbers or self.shapes) if self.table else as_text(*self._shown())

    __repr__ = __str__

    @property
    def latex(self) -> str:
        """LaTeX of the whole, without dollar signs."""
        return table_latex(self.entries, self.numbers or self.shapes) if self.table else as_latex(*self._shown())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"


def _cut(every: list[Variable], make: Callable[[Variable], Made]) -> list[Made | None]:
    if len(every) <= LINES:
        return [make(v) for v in every]
    half = LINES // 2
    return [*[make(v) for v in every[:half]], None, *[make(v) for v in every[-half:]]]


LAYOUTS, VECTORS = ("denominator", "numerator", "mixed"), ("column", "row")


def derivation(run: Run | Callable[..., Any], /, *args: Any, notation: str | Notation | None = None, layout: str | None = None,
               vectors: str | None = None, raw: bool = False, chain: bool = False, numbers: bool = False, shapes: bool = False,
               table: bool | Mapping[str, str] = False, inputs: Mapping[str, Any] | None = None, **named: Any) -> Derivation:
    """The forward and the backward pass as formulas.

    Parameters
    ----------
    run : Run or callable
        A callable is traced first, with the inputs given.
    *args, **named
        Its inputs, by position or by name.
    notation : str or Notation, optional
        How gradients are written: "g", "leibniz", "bar", "delta", "nabla", "code" (see `NOTATIONS`), or one of your own. By default, as
        for layout and vectors, what `conventions` chose.
    layout : str, optional
        How gradients lie: "denominator", a column by a vector, and by a matrix in its shape; "numerator", a row by a vector, and by a
        matrix transposed; "mixed", a row by a vector, and by a matrix in its shape.
    vectors : str, optional
        What a 1-D array is: a "column" or a "row". Without it, and without a layout, formulas say what NumPy computes.
    raw : bool
        The rules as they ran: nothing tidied, an output by its name, the 1 at the output as a factor.
    chain : bool
        The chain rule before each gradient's formula.
    numbers : bool
        Every formula of scalars also with its numbers put in.
    shapes : bool
        Every formula of arrays also with shapes in the place of names.
    table : bool or dict
        The lectures' table: a row for each module (Loss, Sigmoid, Linear), from the output back, formulas only; values come with
        ``numbers`` or ``shapes``. A dict gives modules names of your own by the variables they compute: ``{"z": "Hidden layer"}``.
    inputs : dict, optional
        Inputs by name, for names that are options here.

    Returns
    -------
    Derivation
        It renders in Jupyter, prints as text, and has ``.latex``, ``.forward`` and ``.backward``.

    Raises
    ------
    UnknownNameError
        For a notation that does not exist.
    InputError
        As `trace`, for a callable; for a layout or vectors that are not known.

    Examples
    --------
    >>> import numpy as np
    >>> def f(x):
    ...     s = np.exp(x)
    ...     y = s * x
    ...     return y
    >>> print(derivation(f, 0.0))
    forward      backward
    x = 0        g_y = 1
    s = e^x = 1  g_s = x           = 0
    y = s x = 0  g_x = g_s e^x + s = 1
    """
    options = {"notation": notation, "layout": layout, "vectors": vectors, "raw": raw or None, "chain": chain or None,
               "numbers": numbers or None, "shapes": shapes or None, "table": table or None}
    _no_clash(run, options, inputs)
    for key, choice, known in (("layout", layout, LAYOUTS), ("vectors", vectors, VECTORS)):
        if choice is not None and choice not in known:
            raise InputError(f"writing a derivation with {key}={choice!r}", "that is not known", f"It is {listed(map(repr, known), 'or')}.")
    default = settings()
    made = as_run(run, args, {**(inputs or {}), **named})
    setting = Setting.of(made, default.notation if notation is None else notation)
    layout, vectors = layout or default.gradients, vectors or default.vectors
    orientation = Orientation(setting, vectors or "column", layout) if layout or vectors else None
    unknown = [n for n in table if n not in made.variables] if isinstance(table, Mapping) else []
    if unknown:
        raise InputError(f"naming the modules of {made.name} with table=", f"there is no variable {listed(unknown, 'or')}",
                         f"Name {listed([v.name for v in made.variables.values() if v.expression is not None], 'or')}.")
    return Derivation(made, setting, orientation, raw, chain, numbers, shapes, table)


def _no_clash(run: Any, options: Mapping[str, Any], inputs: Mapping[str, Any] | None) -> None:
    """An input of the function that is called as an option is: say how to give it."""
    import inspect
    try:
        parameters = inspect.signature(run).parameters
    except (TypeError, ValueError):
        return
    for name, given in options.items():
        if name in parameters and given is not None and name not in (inputs or {}):
            raise InputError(f"writing the derivation of {getattr(run, '__name__', 'the function')}({', '.join(parameters)})",
                             f"{name}= is an input of it and an option of bl.derivation", f"Give that input in the dict: inputs={{'{name}': ...}}.")
