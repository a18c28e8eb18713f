"""The derivative of a formula by one of its names: its numbers from the engine, its form from the rules of the operations."""
from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, InputError, ShapeError, TraceError, UnknownNameError, listed
from ..engine.expressions import Expression, evaluate, substitute, symbols, text, total
from ..engine.jacobian import jacobian
from ..engine.rules import OPERATIONS
from ..engine.run import trace
from .columns import in_columns
from .forms import as_columns, flat_vectors, taken_out, tidied, turned
from .inferring import Inferred
from .local import LARGEST, refuse_large
from .reading import expression, value
from .shapes import DerivativeShape, checked_layout, derivative_shape
from .tables import TABLES
from .words import named_type

NEAR = 1e-8
LAYOUT_FORMS = {"denominator": lambda e: e, "numerator": lambda e: tidied(turned(e))}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Derivative:
    """A formula's derivative.

    Attributes
    ----------
    of : Expression
    wrt, layout : str
    values : mapping of str to array
        Where its numbers were taken: small, all different, the same every time.
    shape : DerivativeShape
    form : Expression or None
        The derivative as a formula, vectors being columns; None where it cannot be written with matrix products alone.
    product : Expression or None
        What the backward pass computes instead, with the upstream's symbol inside.
    array : ndarray
        Its numbers: (outputs, inputs) or turned; for a number by a matrix in the matrix's shape, or turned.
    """

    of: Expression
    wrt: str
    layout: str
    values: Mapping[str, Any]
    shape: DerivativeShape
    form: Expression | None
    product: Expression | None
    array: np.ndarray

    def __repr__(self) -> str:
        letters = " × ".join(self.shape.symbolic) or "a number"
        lines = [f"d({text(self.of)})/d{self.wrt} = {text(self.form) if self.form is not None else '(no short form)'}",
                 f"{self.shape.name}, {letters} in {self.layout} layout"]
        if self.product is not None:
            lines.append(f"backward, without forming it: {text(self.product)}")
        return "\n".join(lines)


def derivative(of: Any, wrt: str, layout: str | None = None, shapes: Mapping[str, Sequence[int]] | None = None) -> Derivative:
    """The derivative of a formula.

    Parameters
    ----------
    of : str or Expression
        Such as "x.T @ Q @ x". A name with a capital letter is a matrix, any other a vector (a, c and lam are numbers).
    wrt : str
        The name to differentiate by.
    layout : str, optional
        "numerator" or "denominator"; by default the session's.
    shapes : mapping of str to tuple of int, optional
        Shapes of names for which the usual ones are wrong, such as ``{"b": ()}`` for a number.

    Returns
    -------
    Derivative

    Raises
    ------
    FormulaError, UnknownNameError, InputError
        For a formula that cannot be read, a name that is not in it, a shape that is none.
    ShapeError
        When the shapes do not fit, or the derivative has more than two axes or a million entries.

    Examples
    --------
    >>> derivative("B.T @ x", "x", "denominator")
    d(B.T @ x)/dx = B
    Jacobian, M × N in denominator layout
    backward, without forming it: B @ g_y
    """
    layout = checked_layout(layout)
    given = _checked_shapes(shapes)
    e = expression(of, {n: len(s) for n, s in given.items()}, "the formula")
    return _derivative(e, wrt, layout, given)


def _derivative(e: Expression, wrt: str, layout: str, given: Mapping[str, tuple[int, ...]]) -> Derivative:
    said = f"differentiating {text(e)} by {wrt if isinstance(wrt, str) and wrt.isidentifier() else repr(wrt)}"
    names = list(dict.fromkeys(symbols(e)))
    if wrt not in names:
        if not names:
            raise UnknownNameError(said, "it has no names", "Write a formula with a name in it.")
        raise UnknownNameError(said, f"its names are {listed(names)}", "Choose one of these.")
    unknown = [n for n in given if n not in names]
    if unknown:
        raise UnknownNameError(said, f"a shape came for {listed(unknown)}", f"Its names are {listed(names)}.")
    found = Inferred(e, given, said)
    for n, s in found.shapes.items():
        if math.prod(s) > LARGEST:
            raise ShapeError(said, f"{n} would have {math.prod(s):,} entries", f"At most {LARGEST:,} are computed; a small shape shows the same.")
    values = drawn(found.shapes)
    out = value(e, values)
    of_shape = np.shape(out)
    if len(of_shape) + len(found.shapes[wrt]) > 2:
        tensor = derivative_shape(of_shape, found.shapes[wrt], layout)
        raise ShapeError(said, f"the result has {len(of_shape)} axes and {wrt} has {len(found.shapes[wrt])}: the derivative has "
                         f"{len(tensor.symbolic)}",
                         "A formula with matrix products cannot hold it. Take bl.jacobian for its numbers, or the gradient of a loss.")
    refuse_large(said, "the result", of_shape, wrt, found.shapes[wrt], "the backward pass multiplies without forming it")
    shape = _shape(e, found, wrt, of_shape, layout)
    array = numbers(e, wrt, values, layout)
    product, form = _form(e, wrt, values, found.shapes[wrt], of_shape)
    row = next((r for r in TABLES if r.wrt == wrt and expression(r.of, {n: len(s) for n, s in r.shapes}, "a table") == e), None)
    if row is not None:
        listed_form = expression(getattr(row, layout), {n: len(s) for n, s in found.shapes.items()}, "a table")
        if not set(symbols(listed_form)) - set(names) and _agrees(listed_form, values, array):
            form = listed_form
            return Derivative(e, wrt, layout, values, shape, form, product, array)
    if form is not None:
        form = LAYOUT_FORMS[layout](form) if not (of_shape == () == found.shapes[wrt]) else form
        form = form if _agrees(form, values, array) else None
    return Derivative(e, wrt, layout, values, shape, form, product, array)


def _agrees(form: Expression, values: Mapping[str, Any], array: np.ndarray) -> bool:
    made = in_columns(form, values)
    return made is not None and close(made, array)


def close(a: Any, b: Any) -> bool:
    """Of one shape, and equal but for rounding."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=NEAR, atol=NEAR * max(1.0, float(np.abs(b).max(initial=0)))))


def drawn(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> dict[str, Any]:
    """Values for every name: the same every time, all different, away from 0 and 1, positive so that logarithms exist."""
    draw = np.random.RandomState(seed)
    return {n: np.asarray(np.round(draw.uniform(0.3, 2.7, s), 3))[()] for n, s in shapes.items()}


def numbers(e: Expression, wrt: str, values: Mapping[str, Any], layout: str) -> np.ndarray:
    """The derivative's numbers as a matrix, or as one number, vectors being columns."""
    constants = {n: v for n, v in values.items() if n != wrt}

    def f(x: Any) -> Any:
        return evaluate(e, {**OPERATIONS, **constants, wrt: x})
    try:
        j = np.asarray(jacobian(f, values[wrt], layout="numerator"), float)
    except TraceError:                                                   # nothing of x is left in it, as in x - x taken apart
        j = np.zeros(np.shape(value(e, values)) + np.shape(values[wrt]))
    except BackpropError as error:
        raise ShapeError(f"differentiating {text(e)} by {wrt}", error.came_in or error.attempted, error.instead) from None
    of_shape, wrt_shape = np.shape(value(e, values)), np.shape(values[wrt])
    if not of_shape and not wrt_shape:
        return j
    if len(wrt_shape) == 2:                                              # a number by a matrix
        return j.T if layout == "numerator" else j
    if len(of_shape) == 2:                                               # a matrix by a number
        return j if layout == "numerator" else j.T
    j = j.reshape(math.prod(of_shape), math.prod(wrt_shape))
    return j if layout == "numerator" else j.T


def _form(e: Expression, wrt: str, values: Mapping[str, Any], wrt_shape: tuple[int, ...],
          of_shape: tuple[int, ...]) -> tuple[Expression | None, Expression | None]:
    """(what the backward pass computes, the derivative in denominator layout)."""
    names = list(values)

    def f(*args: Any) -> Any:
        return evaluate(e, {**OPERATIONS, **dict(zip(names, args, strict=True))})
    f.__signature__ = _signature(names)                                  # type: ignore[attr-defined]
    try:
        run = trace(f, *values.values(), wrt=wrt, cotangent=np.full(of_shape, 0.7) if of_shape else None)
        uses = run.variables[wrt].uses
        if not uses or any(c.consumer != run.output for c in uses):
            return None, None
        g = run.gradient_symbols[run.output]
        product = tidied(flat_vectors(total([c.expression for c in uses]), run.evaluate))
        made = taken_out(product, g, run.evaluate)
    except BackpropError:
        return None, None
    names_output = {run.output: e} if run.output not in names else {}    # a rule may read its own output: 1 - y ** 2
    made = substitute(made, names_output) if made is not None else None
    return product, as_columns(made, lambda part: evaluate(part, {**OPERATIONS, "np": np, **values})) if made is not None else None


def _signature(names: Sequence[str]) -> Any:
    return inspect.Signature([inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in names])


def _shape(e: Expression, found: Inferred, wrt: str, of_shape: tuple[int, ...], layout: str) -> DerivativeShape:
    by = [f"{a}={n}" for a, n in zip(found.letters[wrt], found.shapes[wrt], strict=True)]
    of = [f"{a}={n}" for a, n in zip(found.letter_of(found.of), of_shape,
                                     strict=True)] if found.of is not None and len(found.of) == len(of_shape) else list(map(str, of_shape))
    return derivative_shape(tuple(of), tuple(by), layout)


def _checked_shapes(shapes: Mapping[str, Sequence[int]] | None) -> dict[str, tuple[int, ...]]:
    if shapes is None:
        return {}
    if not isinstance(shapes, Mapping):
        raise InputError("reading shapes=", f"it is {named_type(shapes)}", 'Write a dict: shapes={"B": (3, 2)}.')
    found = {}
    for n, s in shapes.items():
        if isinstance(s, np.ndarray):
            s = s.shape
        if not isinstance(s, (tuple, list)) or len(s) > 2 or not all(isinstance(k, (int, np.integer)) and not isinstance(k,
                                                                                                                         bool) and k > 0 for k in s):
            raise InputError(f"reading the shape of {n}", f"it is {s!r}", "A shape is (), (3,) or (3, 2), of whole numbers from 1 on.")
        found[str(n)] = tuple(int(k) for k in s)
    return found
