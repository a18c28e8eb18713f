"""A derivation: the forward and the backward pass of a run, side by side, in a course's letters.

Every line is an expression of the run, typeset: the very rules that ran, in the order they ran. What a reader does by habit is done
first: the 1 at the output is multiplied in, e^a is written where the rule names its output, products are tidied. The raw form leaves
all that out.
"""
from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError
from ..engine.expressions import ONE, Call, Expression, substitute, total, unsigned
from ..engine.folding import Contribution, Variable
from ..engine.run import Run, as_run
from .latex import latex
from .layout import SIGN, SUM, Layout, Row, sign
from .notations import Notation
from .numerals import number, numbers
from .plain import plain
from .setting import Setting
from .tidy import tidy
from .typeset import typeset

# Functions whose derivative is written with the function itself, e^a. Every other output is named: y (1 - y), 1 - h^2.
WRITTEN_OUT = ("np.exp", "np.sqrt", "**")
TINY = 6                                  # expressions in an output that may be written out
TERMS = 8                                 # contributions that are all shown; of a longer sum the first and the last
LONG = 60                                 # expressions in a formula that is repeated with numbers
ENTRIES = 4                               # numbers of an array that are shown; a larger one by its shape
LINES = 120                               # variables that are all shown; of a longer program the first and the last
WIDE = 120                                # characters of a line: beyond, the backward pass stands under the forward pass


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One formula of a derivation: name = expression = numbers = value.

    Attributes
    ----------
    phase : str
        "forward" or "backward".
    variable : str
        The variable that is computed, or that the gradient belongs to.
    name : Layout
        Its letter, or its gradient's.
    expression : Expression or None
        None where the value is given: an input, the gradient of the output.
    formula : Layout or None
        The expression, typeset; a long sum shortened.
    substituted : Layout or None
        The same with numbers, where they were asked for and every name is a number.
    value : float64 or ndarray
    digits : int
    """

    phase: str
    variable: str
    name: Layout
    expression: Expression | None
    formula: Layout | None
    substituted: Layout | None
    value: Any
    digits: int

    @property
    def result(self) -> Layout | None:
        """The value, typeset; None for an array that is shown by its shape."""
        if np.ndim(self.value) == 0:
            return number(self.value, "", self.digits)
        return numbers(np.asarray(self.value).tolist(), "", self.digits) if 0 < np.size(self.value) <= ENTRIES else None

    @property
    def sides(self) -> list[Layout]:
        """What stands between equals signs after the name; what would be said twice is left out."""
        out: list[Layout] = []
        for side in (self.formula, self.substituted, self.result):
            if side is not None and (not out or plain(side) != plain(out[-1])):
                out.append(side)
        return out

    @property
    def latex(self) -> str:
        """LaTeX, without dollar signs."""
        shape = rf" \in {space(np.shape(self.value))}" if self.result is None and not self.sides else ""
        return " = ".join([latex(self.name), *map(latex, self.sides)]) + shape

    def __str__(self) -> str:
        return " = ".join([plain(self.name), *map(plain, self.sides)])


def space(shape: tuple[int, ...]) -> str:
    r"""\mathbb{R}^{3 \times 2}."""
    crossed = r" \times ".join(map(str, shape))
    return rf"\mathbb{{R}}^{{{crossed}}}" if shape else r"\mathbb{R}"


def shape_text(shape: tuple[int, ...]) -> str:
    return f"shape {shape}"


class Derivation:
    """Forward and backward pass of a run as formulas. It renders in Jupyter; `str` gives text, `.latex` the LaTeX.

    Attributes
    ----------
    run : Run
    setting : Setting
        What its letters mean.
    raw : bool
    numbers : bool
    """

    def __init__(self, run: Run, setting: Setting, raw: bool = False, numbers: bool = False) -> None:
        self.run, self.setting, self.raw, self.numbers = run, setting, raw, numbers

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
        formula = None if v.expression is None else typeset(v.expression, self.setting)
        return self._line("forward", v, self.setting.symbol(symbol_of(self.run, v)), v.expression, formula, v.value)

    def _backward(self, v: Variable) -> Line:
        terms = [contribution(self.run, c, self.raw) for c in v.uses]
        e = total(terms) if terms else None
        if e is not None and not self.raw:
            e = tidy(e, self.run.scope) if len(terms) <= TERMS else e
        formula = None if e is None else typeset(e, self.setting) if len(terms) <= TERMS else self._shortened(terms)
        return self._line("backward", v, self.setting.gradient(v.name), e, formula, v.gradient)

    def _line(self, phase: str, v: Variable, name: Layout, e: Expression | None, formula: Layout | None, value: Any) -> Line:
        substituted = None
        if self.numbers and isinstance(e, Call) and e.size <= LONG and np.ndim(value) == 0 and self.setting.numeric(e):
            substituted = typeset(e, self.setting, True)
        return Line(phase, v.name, name, e, formula, substituted, value, self.setting.digits)

    def _shortened(self, terms: list[Expression]) -> Layout:
        """The first three terms of a long sum, dots, the last."""
        parts: list[Layout] = [typeset(total(terms[:3]), self.setting), sign("+"), sign("⋯")]
        minus, last = unsigned(terms[-1])
        return Row((*parts, sign("−" if minus else "+"), typeset(last, self.setting, level=SIGN)), SUM)

    # ---- as text and as LaTeX ----------------------------------------------------------------------------------------------

    def _shown(self) -> tuple[list[Line | None], list[Line | None]]:
        """The lines to show; None where lines are left out."""
        every, back = list(self.run.variables.values()), self._reversed()
        return _cut(every, self._forward), _cut(back, self._backward)

    def __str__(self) -> str:
        forward, backward = (_columns([_cells(line) for line in lines]) for lines in self._shown())
        left = max([_width(t) for t in forward], default=0)
        if left + max([_width(t) for t in backward], default=0) + 4 > WIDE:
            return "\n".join(["forward", *[f"  {t}" for t in forward], "backward", *[f"  {t}" for t in backward]])
        rows = [("forward", "backward")]
        for k in range(max(len(forward), len(backward))):
            rows.append((forward[k] if k < len(forward) else "", backward[k] if k < len(backward) else ""))
        left = max(left, len("forward"))
        return "\n".join((a + " " * (left - _width(a) + 4) + b).rstrip() for a, b in rows)

    __repr__ = __str__

    @property
    def latex(self) -> str:
        """LaTeX of the whole, without dollar signs: an ``alignedat`` environment."""
        forward, backward = self._shown()
        apart = [[_tex(line) for line in lines] for lines in (forward, backward)]
        heads = [(r"&\textbf{forward}&&", r"&\textbf{backward}&&")]
        if self._wide(forward, backward):
            rows = [heads[0][0], *apart[0], r"&&&", heads[0][1], *apart[1]]
            return "\\begin{alignedat}{2}\n" + " \\\\\n".join(rows) + "\n\\end{alignedat}"
        pairs = heads + [(apart[0][k] if k < len(apart[0]) else "&&&", apart[1][k] if k < len(apart[1]) else "&&&")
                         for k in range(max(map(len, apart)))]
        return "\\begin{alignedat}{4}\n" + " \\\\\n".join(rf"{a} &\qquad {b}" for a, b in pairs) + "\n\\end{alignedat}"

    def _wide(self, forward: list[Line | None], backward: list[Line | None]) -> bool:
        return sum(max([len(str(line)) for line in lines if line is not None], default=0) for lines in (forward, backward)) > WIDE

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"


def _cut(every: list[Variable], make: Callable[[Variable], Line]) -> list[Line | None]:
    if len(every) <= LINES:
        return [make(v) for v in every]
    half = LINES // 2
    return [*[make(v) for v in every[:half]], None, *[make(v) for v in every[-half:]]]


def _cells(line: Line | None) -> tuple[str, str, str]:
    """(name, formula, result) of a line of text."""
    if line is None:
        return "...", "", ""
    sides = [f"= {plain(s)}" for s in line.sides]
    last = sides.pop() if line.result is not None else shape_text(np.shape(line.value))
    return plain(line.name), " ".join(sides), last


def _columns(lines: list[tuple[str, str, str]]) -> list[str]:
    """Lines with their equals signs under each other; a line without a formula has its value next to its name."""
    names = max([_width(n) for n, _, _ in lines], default=0)
    formulas = max([_width(f) for _, f, _ in lines], default=0)
    out = []
    for name, formula, last in lines:
        text = name + " " * (names - _width(name) + 1)
        out.append((text + (formula + " " * (formulas - _width(formula) + 1) if formula else "") + last).rstrip())
    return out


def _tex(line: Line | None) -> str:
    """name &= formula &&= value."""
    if line is None:
        return r"\vdots\;&&&"
    sides = [latex(s) for s in line.sides]
    if line.result is None:
        return f"{latex(line.name)} &" + (f"= {' = '.join(sides)} " if sides else "") + rf"&&\in {space(np.shape(line.value))}"
    last = sides.pop()
    return f"{latex(line.name)} &= " + (f"{' = '.join(sides)} &&{{}}= {last}" if sides else f"{last} &&")


def _width(text: str) -> int:
    """Columns that a terminal gives to a text."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


# ---- expressions of a run, for reading -----------------------------------------------------------------------------------------

def symbol_of(run: Run, v: Variable) -> str:
    """What a variable is called in expressions: its name."""
    return v.name


def contribution(run: Run, c: Contribution, raw: bool = False, local: bool = False) -> Expression:
    """What one consumer sends back, as a reader expects it.

    Parameters
    ----------
    run : Run
    c : Contribution
        One of a variable's uses.
    raw : bool
        As the rule says it: an output by its name, the 1 at the output as a factor.
    local : bool
        The local derivative in the place of the whole contribution.

    Returns
    -------
    Expression
        Equal to ``c.value`` (to ``c.local``) over ``run.scope``, within rounding.

    Raises
    ------
    InputError
        For the local derivative of a consumer that does not work entry by entry: it is an operator, not a number.
    """
    e = c.local_expression if local else c.expression
    if e is None:
        raise InputError(f"writing the local derivative of {c.consumer} in {run.name}", f"what it sends back is {c.expression}",
                         "It does not work entry by entry, so its local derivative is what it does to the upstream: leave local= out.")
    if raw:
        return e
    consumer = run.variables[c.consumer].expression
    known: dict[str, Expression] = {}
    if isinstance(consumer, Call) and consumer.head in WRITTEN_OUT and consumer.size <= TINY:
        known[c.consumer] = consumer
    if c.consumer == run.output and run.cotangent is None:
        known[run.gradient_symbols[c.consumer]] = ONE                    # the backward pass starts with 1
    return tidy(substitute(e, known), run.scope)


def derivation(run: Run | Callable[..., Any], /, *args: Any, notation: str | Notation = "g", raw: bool = False, numbers: bool = False,
               inputs: Mapping[str, Any] | None = None, **named: Any) -> Derivation:
    """The forward and the backward pass as formulas.

    Parameters
    ----------
    run : Run or callable
        A callable is traced first, with the inputs given.
    *args, **named
        Its inputs, by position or by name.
    notation : str or Notation
        How gradients are written: see `NOTATIONS`.
    raw : bool
        The rules as they ran: nothing tidied, an output by its name, the 1 at the output as a factor.
    numbers : bool
        Every formula of scalars also with its numbers put in.
    inputs : dict, optional
        Inputs by name, for names that are options here (notation, raw, numbers, inputs).

    Returns
    -------
    Derivation
        It renders in Jupyter, prints as text, and has ``.latex``.

    Raises
    ------
    UnknownNameError
        For a notation that does not exist.
    InputError
        As `trace`, for a callable.

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
    setting_of = functools.partial(Setting.of, notation_name=notation)
    made = as_run(run, args, {**(inputs or {}), **named})
    return Derivation(made, setting_of(made), raw, numbers)
