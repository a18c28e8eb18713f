"""Is a derivative that somebody wrote down right? Its shape and its numbers say so, and where they do not, what it looks like."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, listed
from ..engine.expressions import Call, Expression, Symbol, symbols, text
from .columns import in_columns, in_numpy
from .derivatives import Derivative, close, derivative, numbers
from .forms import tidied
from .kinds import LAYOUTS
from .reading import expression
from .words import cut


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RuleCheck:
    """What became of a claimed derivative.

    Attributes
    ----------
    of, wrt, claimed, layout : str
    holds : bool
        Also its truth value.
    why : str
        One or two sentences.
    mistake : str
        What it looks like: an id of `MISTAKES`, "layout", "shape", "transpose", "unreadable", or "".
    right : str
        The derivative as a formula; "" where it has no short form.
    shape : tuple of int
        Of the derivative, vectors being columns.
    wanted, found : ndarray or None
        The numbers of both; `found` is None where it cannot be computed.
    derivative : Derivative
    """

    of: str
    wrt: str
    claimed: str
    layout: str
    holds: bool
    why: str
    mistake: str
    right: str
    shape: tuple[int, ...]
    wanted: np.ndarray
    found: np.ndarray | None
    derivative: Derivative

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        head = f"d({self.of})/d{self.wrt} = {cut(self.claimed)} in {self.layout} layout: {'right' if self.holds else 'not so'}"
        return f"{head}\n{self.why}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A slip in a derivative: `test(claim, right, again)` on numbers, where `again(values)` gives both at other values."""

    id: str
    test: Callable[[np.ndarray, np.ndarray, Callable[[], tuple[np.ndarray, np.ndarray] | None]], bool]
    say: str                     # with {squares} and {turned}: the square matrices, and the same ones turned


def _symmetric(claim: np.ndarray, right: np.ndarray, again: Callable[[], tuple[np.ndarray, np.ndarray] | None]) -> bool:
    pair = again()
    return pair is not None and close(*pair)


MISTAKES = (
    Mistake("sign", lambda c, r, again: close(-c, r), "Every number has the wrong sign."),
    Mistake("half", lambda c, r, again: close(2 * c, r), "Every number is half of what it must be: a factor 2 is missing, or one of two equal "
            "terms."),
    Mistake("double", lambda c, r, again: close(c, 2 * r), "Every number is twice what it must be."),
    Mistake("symmetric", _symmetric, "It holds only for symmetric {squares}: otherwise {turned} is needed beside it."),
)


def check_rule(of: Any, wrt: str, claimed: Any, layout: str | None = None, shapes: Mapping[str, Sequence[int]] | None = None) -> RuleCheck:
    """Check a derivative that somebody claims.

    Parameters
    ----------
    of : str or Expression
        The formula that is differentiated, such as "B.T @ x".
    wrt : str
    claimed : str or Expression
        Its derivative as claimed. Vectors are columns, so ``b`` and ``b.T`` are two things; what only NumPy can read (``Q @ x + x @ Q``)
        is taken as NumPy takes it.
    layout : str, optional
        "numerator" or "denominator"; by default the session's.
    shapes : mapping of str to tuple of int, optional
        As for `derivative`.

    Returns
    -------
    RuleCheck
        True where shape and numbers are right; otherwise with what is wrong, and the right form.

    Raises
    ------
    FormulaError, UnknownNameError, InputError, ShapeError
        As `derivative`, for the formula that is differentiated.

    Examples
    --------
    >>> check_rule("B.T @ x", wrt="x", claimed="B.T", layout="denominator")
    d(B.T @ x)/dx = B.T in denominator layout: not so
    It has the shape 2 × 3, the derivative 3 × 2: that is its numerator layout. In denominator layout rows are inputs: B.
    """
    right = derivative(of, wrt, layout, shapes)
    said = claimed if isinstance(claimed, str) else text(claimed) if isinstance(claimed, Expression) else repr(claimed)
    try:
        e = expression(claimed, {n: np.ndim(v) for n, v in right.values.items()}, "the claimed derivative")
    except BackpropError as error:
        return _checked(right, said, False, f"It cannot be read: {error.came_in}. {error.instead}", "unreadable", None)
    strange = [n for n in dict.fromkeys(symbols(e)) if n not in right.values]
    if strange:
        names = ", ".join(right.values)
        return _checked(right, said, False, f"{strange[0]} is not a name of {text(right.of)}: its names are {names}.", "unreadable", None)
    return _judged(right, e, said)


def _checked(right: Derivative, said: str, holds: bool, why: str, mistake: str, found: np.ndarray | None) -> RuleCheck:
    form = text(right.form) if right.form is not None else ""
    return RuleCheck(text(right.of), right.wrt, said, right.layout, holds, why, mistake, form, right.array.shape, right.array, found, right)


def _judged(right: Derivative, e: Expression, said: str) -> RuleCheck:
    want = right.array
    form = f" It is {text(right.form)}." if right.form is not None else ""
    found = in_columns(e, right.values)
    if found is None:                                                    # a formula that only NumPy can read
        found = in_numpy(e, right.values)
        if found is None:
            return _checked(right, said, False, f"Its factors do not fit together: {_shapes(e, right)}.{form}", "shape", None)
        if found.ndim == 1 and 1 in want.shape:
            found = found.reshape(want.shape) if found.size == want.size else found
    if found.ndim == 0 and want.size == 1:
        found = found.reshape(want.shape)
    if close(found, want):
        if _still(right, e):
            return _checked(right, said, True, "Shape and numbers agree.", "", found)
        return _checked(right, said, False, f"It agrees at the values tried first, by chance, and not at others.{form}", "", found)
    other = LAYOUTS[right.layout == "numerator"]
    if found.ndim == 2 and close(found.T, want) and _still(right, e, turned=True):
        rows = "rows are inputs" if right.layout == "denominator" else "rows are outputs"
        shapes = "Every number is right but lies on the other side of the diagonal"
        if found.shape != want.shape:
            shapes = f"It has the shape {_by(found.shape)}, the derivative {_by(want.shape)}"
        it = f"{rows}: {text(right.form)}." if right.form is not None else f"{rows}."
        return _checked(right, said, False, f"{shapes}: that is its {other} layout. In {right.layout} layout {it}", "layout", found)
    def where_symmetric() -> tuple[np.ndarray, np.ndarray] | None:
        return _where_symmetric(right, e)
    slip = next((m for m in MISTAKES if found.shape == want.shape and m.test(found, want, where_symmetric)), None)
    name = _turning(right, e) if slip is None or slip.id == "symmetric" else ""      # which one must be turned says more
    if slip is not None and not name:
        squares = _squares(right)
        say = slip.say.format(squares=listed(squares), turned=listed(f"{n}.T" for n in squares))
        return _checked(right, said, False, say + form, slip.id, found)
    if name:
        shapes = "" if found.shape == want.shape else f"It has the shape {_by(found.shape)}, the derivative {_by(want.shape)}. "
        return _checked(right, said, False, f"{shapes}{name} must be turned.{form}", "transpose", found)
    if found.shape != want.shape:
        return _checked(right, said, False, f"It has the shape {_by(found.shape)}, the derivative {_by(want.shape)}.{form}", "shape", found)
    at = np.unravel_index(int(np.argmax(np.abs(found - want))), want.shape) if want.ndim else ()
    where = f"at [{', '.join(map(str, at))}] " if at else ""
    return _checked(right, said, False, f"The shape is right, the numbers are not: {where}it is {found[at]:.4g} and must be {want[at]:.4g}.{form}",
                    "", found)


def _still(right: Derivative, e: Expression, turned: bool = False) -> bool:
    """Does it hold at other values too? One point may agree by chance."""
    draw = np.random.RandomState(1)
    values = {n: np.asarray(v * draw.uniform(0.6, 1.4, np.shape(v)))[()] for n, v in right.values.items()}
    want = numbers(right.of, right.wrt, values, right.layout)
    made = in_columns(e, values)
    if made is None:
        made = in_numpy(e, values)
    return made is not None and close(np.reshape(made.T if turned else made, want.shape), want)


def _squares(right: Derivative) -> list[str]:
    return [n for n, v in right.values.items() if np.ndim(v) == 2 and np.shape(v)[0] == np.shape(v)[1] and n != right.wrt]


def _where_symmetric(right: Derivative, e: Expression) -> tuple[np.ndarray, np.ndarray] | None:
    """Claim and derivative where all square matrices are symmetric; None where there is none, or it cannot be computed."""
    square = _squares(right)
    if not square:
        return None
    values = {n: (v + v.T) / 2 if n in square else v for n, v in right.values.items()}
    made = in_columns(e, values)
    want = numbers(right.of, right.wrt, values, right.layout)
    return (made, want) if made is not None and made.shape == want.shape else None


def _turning(right: Derivative, e: Expression) -> str:
    """The one name that must be turned for the claim to be right; "" when there is none."""
    for name in dict.fromkeys(symbols(e)):
        if np.ndim(right.values[name]):
            made = in_columns(_with_turned(e, name), right.values)
            if made is not None and close(made, right.array):
                return name
    return ""


def _with_turned(e: Expression, name: str) -> Expression:
    if isinstance(e, Symbol):
        return Call(".T", (e,)) if e.name == name else e
    if not isinstance(e, Call):
        return e
    return tidied(Call(e.head, tuple(_with_turned(a, name) for a in e.args), e.keywords))


def _by(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape)) or "of a number"


def _shapes(e: Expression, right: Derivative) -> str:
    def said(n: str) -> str:
        shape = np.shape(right.values[n])
        return f"{n} is {_by(shape + (1,) * (2 - len(shape)) if shape else shape).replace('of a', 'a')}"
    return ", ".join(said(n) for n in dict.fromkeys(symbols(e)))
