"""What the letters of one run mean: which names are arrays, which symbols are gradients and of what, and what their numbers are.

The typesetter asks here; it never looks at a run itself, so formulas can be set for any names.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any

import numpy as np

from ..engine.expressions import Call, Constant, Expression, Symbol
from .layout import Atom, Layout, Named, Script, coloured
from .letters import letter, letters
from .notations import NOTATIONS, Notation, filled, notation
from .numerals import DIGITS


@dataclass(frozen=True)
class Setting:
    """The meaning of the names in a formula.

    Attributes
    ----------
    ndims : mapping of str to int
        Number of axes of what a name stands for; a name that is missing is a scalar.
    gradients : mapping of str to str
        The symbol of a gradient -> the variable it belongs to.
    values : mapping of str to value
        Numbers to put in the place of names, where numbers are asked for.
    output : str
        The variable that is differentiated.
    notation : Notation
    digits : int
        Significant digits of numbers.
    products : mapping of Expression to int
        Matrix products of rows and columns (see `orientation`), and how many axes each has in NumPy.
    """

    ndims: Mapping[str, int] = field(default_factory=dict)
    gradients: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    output: str = "y"
    notation: Notation = NOTATIONS["g"]
    digits: int = DIGITS
    products: Mapping[Expression, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Any, notation_name: str | Notation = "g", digits: int = DIGITS) -> Setting:
        """The setting of a run."""
        values = {n: run.scope[n] for n in [*run.variables, *run.gradient_symbols.values()] if n in run.scope}
        return cls({n: np.ndim(v) for n, v in values.items()}, {s: v for v, s in run.gradient_symbols.items()}, values, run.output,
                   notation(notation_name), digits)

    # ---- names ---------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _letters(self) -> Mapping[str, Layout]:
        """Every name and every gradient's symbol -> its letter, no two alike."""
        return _lettered(tuple(self.ndims), tuple(self.gradients.items()), self.notation, self.output)

    def _chosen(self) -> Mapping[str, Layout]:
        from .latex import latex
        names = [n for n in dict.fromkeys([*self.ndims, *self.gradients.values()]) if n not in self.gradients]
        found: dict[str, Layout] = {n: Named(n, Atom(n, "mono")) for n in names} if self.notation.code else dict(letters(names))
        seen = {latex(made) for made in found.values()}
        output = found.get(self.output) or letter(self.output)
        for symbol, variable in self.gradients.items():
            body = filled(self.notation.gradient, found[variable], output)
            for made in (Atom(symbol, "mono"),) if self.notation.code else (body, letter(symbol), Atom(symbol, "mono")):
                if latex(made) not in seen:
                    break
            seen.add(latex(made))
            found[symbol] = coloured(Named(self.spelled(variable, symbol), made), "g")
        return found

    @functools.cached_property
    def _indexed(self) -> frozenset[str]:
        """The letters that some name has with an index: x, where there is x0."""
        from .latex import latex
        bodies = [made.body for made in self._letters.values() if isinstance(made, Named)]
        return frozenset(latex(body.base) for body in bodies if isinstance(body, Script) and body.sub is not None)

    def has_indexed(self, base: Layout) -> bool:
        """Is there a name that is this letter with an index? Then x[0] could be read as x0."""
        from .latex import latex
        return latex(base) in self._indexed

    def spelled(self, variable: str, symbol: str) -> str:
        """A gradient in plain text; the program's name for it where another variable is called so."""
        said = self.notation.text.format(variable=variable, output=self.output)
        return said if said and said not in self.ndims and said not in self.gradients.values() else symbol

    def symbol(self, name: str) -> Layout:
        """The letter of a variable, or of a gradient by its symbol."""
        found = self._letters.get(name)
        return letter(name) if found is None else found

    def gradient(self, variable: str) -> Layout:
        """The gradient of the output by a variable, in this notation."""
        for symbol, name in self.gradients.items():
            if name == variable:
                return self.symbol(symbol)
        return coloured(filled(self.notation.gradient, self.symbol(variable), self.symbol(self.output)), "g")

    # ---- numbers -------------------------------------------------------------------------------------------------------

    def scalar(self, e: Expression) -> tuple[Any, str] | None:
        """(number, role) of a name that stands for one number, or of one entry of an array; None for everything else."""
        if isinstance(e, Symbol) and e.name in self.values and np.ndim(self.values[e.name]) == 0:
            return self.values[e.name], "g" if e.name in self.gradients else "v"
        if not (isinstance(e, Call) and e.head == "index"):
            return None
        if isinstance(e.args[0], Symbol) and e.args[0].name in self.values and isinstance(e.args[1], Constant):
            entry = np.asarray(self.values[e.args[0].name])[e.args[1].value]
            return (entry, "g" if e.args[0].name in self.gradients else "v") if np.ndim(entry) == 0 else None
        return None

    def numeric(self, e: Expression) -> bool:
        """Can every name in e be replaced by its number?"""
        if isinstance(e, Constant) or self.scalar(e) is not None:
            return True
        return isinstance(e, Call) and all(map(self.numeric, e.args)) and all(self.numeric(v) for _, v in e.keywords)

    # ---- arrays --------------------------------------------------------------------------------------------------------

    def ndim(self, e: Expression) -> int:
        """Axes of e as a reader sees it: a number that was only repeated to a shape still counts as a number."""
        if isinstance(e, Symbol):
            return self.ndims.get(e.name, 0)
        if isinstance(e, Constant):
            return np.ndim(e.value) if isinstance(e.value, (np.ndarray, list)) else 0
        assert isinstance(e, Call)
        if e.head == "@" and e in self.products:
            return self.products[e]
        inner = [self.ndim(a) for a in e.args]
        rule = _AXES.get(e.head)
        return rule(e, inner) if rule else max(inner, default=0)


def option(e: Call, name: str, position: int) -> Any:
    """A constant argument, given by keyword or by position; None where it is left out."""
    for key, value in e.keywords:
        if key == name and isinstance(value, Constant):
            return value.value
    if len(e.args) > position and isinstance(e.args[position], Constant):
        return e.args[position].value                                    # type: ignore[attr-defined]
    return None


def _product(e: Call, inner: list[int]) -> int:
    left, right = inner
    if left == 1 or right == 1:
        return max(0, left + right - 2)
    return max(inner)


def _reduced(e: Call, inner: list[int]) -> int:
    axis = option(e, "axis", 1)
    if axis is None:
        return 0
    return inner[0] if option(e, "keepdims", 2) else max(0, inner[0] - np.size(axis))


def _indexed(e: Call, inner: list[int]) -> int:
    key: Any
    if isinstance(e.args[1], Constant):
        key = e.args[1].value
    else:                                                                # X[rows, y]: what is computed indexes like an array of whole numbers
        parts = e.args[1].args if isinstance(e.args[1], Call) and e.args[1].head == "tuple" else (e.args[1],)
        key = tuple([p.value if isinstance(p, Constant) else np.zeros((1,) * inner[1], int) for p in parts])
    taken, left, advanced = 0, 0, -1
    for k in key if isinstance(key, tuple) else (key,):
        if k is None:
            left += 1
        elif isinstance(k, slice):
            taken, left = taken + 1, left + 1
        elif not isinstance(k, EllipsisType):
            array = np.asarray(k)
            taken += array.ndim if array.dtype == bool else 1
            advanced = max(advanced, 1 if array.dtype == bool else array.ndim)
    return max(0, inner[0] - taken + left + max(0, advanced))


def _first(e: Call, inner: list[int]) -> int:
    return inner[0]


_SAME = ("np.broadcast_to", "np.reshape", "np.transpose", "np.swapaxes", "np.expand_dims", "np.squeeze", "softmax", "log_softmax", "first_largest",
         ".T")
_AXES: dict[str, Callable[[Call, list[int]], int]] = {
    "@": _product, "index": _indexed, **dict.fromkeys(("np.sum", "np.mean", "np.max", "np.min", "np.prod", "np.trace", "logsumexp"), _reduced),
    "np.outer": lambda e, inner: 2, "scatter": lambda e, inner: len(option(e, "shape", 2) or (0,)), "np.stack": lambda e, inner: max(inner) + 1,
    "list": lambda e, inner: max(inner, default=0) + 1, **dict.fromkeys(_SAME, _first)}


@functools.lru_cache(maxsize=32)
def _lettered(names: tuple[str, ...], gradients: tuple[tuple[str, str], ...], notation: Notation, output: str) -> Mapping[str, Layout]:
    """The letters of a run. A page has several pictures and formulas of one run, each with a setting of its own; its letters are the same."""
    return Setting(dict.fromkeys(names, 0), dict(gradients), output=output, notation=notation)._chosen()
