"""Four ways to differentiate, side by side: finite differences, symbols, forward mode, reverse mode; and what each costs.

With n inputs and m outputs, differences and forward mode work through the inputs one by one, reverse mode through the outputs. A loss
is one number and has millions of inputs: that is why networks are trained in reverse.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.calling import bound_call
from ..engine.differences import step_for
from ..engine.errors import InputError
from ..engine.expressions import Call, Constant, Expression, Symbol, evaluate, substitute, symbols
from ..engine.hooks import hooks
from ..engine.jacobian import jacobian
from ..engine.run import as_run, trace
from ..engine.transforms import jvp
from .local import LARGEST

EPS = float(np.finfo(float).eps)
MOST = 2000                               # evaluations of the function that are really done


@dataclass(frozen=True, slots=True)
class Way:
    """One way.

    Attributes
    ----------
    name : str
    passes : int
        Evaluations of the function, or passes through its graph, as counted.
    formula : str
        The count for n inputs and m outputs.
    error : float
        The largest difference from reverse mode, relative to the largest entry.
    exact : bool
        Right but for rounding, whatever the step.
    rounding : float
        What rounding alone may add to the error, relative as it is: two values, each known to its last digit, divided by the step.
    """

    name: str
    passes: int
    formula: str
    error: float
    exact: bool
    rounding: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Ways:
    """All of them, for one function.

    Attributes
    ----------
    inputs, outputs : int
        Entries: n and m.
    ways : tuple of Way
    """

    inputs: int
    outputs: int
    ways: tuple[Way, ...]

    def __getitem__(self, name: str) -> Way:
        return next(w for w in self.ways if w.name == name)

    def __repr__(self) -> str:
        width = max(len(w.name) for w in self.ways)
        counts = [f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((self.inputs, "input"), (self.outputs, "output"))]
        lines = [", ".join(counts)]
        for w in self.ways:
            said = "exact" if w.exact else f"error < {_bound(max(w.error, w.rounding))}"
            lines.append(f"{w.name.ljust(width)}  {w.passes:6} ({w.formula})  {said}")
        return "\n".join(lines)


def _bound(error: float) -> str:
    """A power of ten above an error; its digits are rounding, and differ between machines."""
    return f"1e{math.ceil(math.log10(2 * error)):d}" if error > 0 else "1e-16"


COSTS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "forward differences": ("n + 1 evaluations", lambda n, m: n + 1),
    "central differences": ("2 n evaluations", lambda n, m: 2 * n),
    "forward mode": ("n passes", lambda n, m: n),
    "reverse mode": ("m passes", lambda n, m: m),
}


def costs(n: int, m: int = 1) -> Mapping[str, int]:
    """Evaluations or passes for n inputs and m outputs, by way.

    Returns
    -------
    mapping of str to int
        By the names of `Way`.

    Raises
    ------
    InputError
        When n or m is no whole number from 1 on.

    Examples
    --------
    >>> costs(1_000_000)["reverse mode"]
    1
    """
    for v in (n, m):
        if isinstance(v, bool) or not isinstance(v, (int, np.integer)) or v < 1:
            raise InputError("counting what differentiating costs", f"n = {n!r}, m = {m!r}", "Both are whole numbers from 1 on.")
    return {name: count(int(n), int(m)) for name, (_, count) in COSTS.items()}


def ways(f: Callable[..., Any], /, *args: Any, **inputs: Any) -> Ways:
    """Differentiate a function in every way, counting, and compare.

    Parameters
    ----------
    f : callable
        Returns a number or an array.
    *args, **inputs
        As for `trace`; all inputs of real numbers are differentiated by.

    Returns
    -------
    Ways

    Raises
    ------
    InputError, TraceError
        As `trace`; when more than 2000 evaluations would be needed.
    """
    call = bound_call(f, args, inputs, None, "calculus.ways", {})
    reverse: dict[str, Any] = _by_name(jacobian(f, *args, **inputs), call.inputs)
    values = {n: np.asarray(call.inputs[n], float) for n in reverse}
    fixed = {n: v for n, v in call.inputs.items() if n not in reverse}
    n = sum(v.size for v in values.values())
    m = sum(np.size(j) for j in reverse.values()) // max(1, n)
    if 2 * n > MOST or n * m > LARGEST:
        raise InputError("differentiating in every way", f"there are {n:,} inputs and {m:,} outputs: {2 * n:,} evaluations",
                         f"At most {MOST:,} are done; costs({n}, {m}) counts without computing.")
    counted = 0

    def at(point: Mapping[str, Any]) -> np.ndarray:
        nonlocal counted
        counted += 1
        with np.errstate(all="ignore"):
            return np.asarray(f(**{**fixed, **{k: v[()] for k, v in point.items()}}), float)
    found = []
    scale = max(float(np.abs(j).max(initial=0)) for j in reverse.values()) or 1.0        # all zero: the error itself
    for name in ("forward differences", "central differences"):
        counted = 0
        here = at(values) if name == "forward differences" else None
        error = rounding = 0.0
        for key, v in values.items():
            for k in np.ndindex(*v.shape):
                h = step_for(float(v[k])) if here is None else 2.0 ** -26 * max(1.0, abs(float(v[k])))
                up = _moved(values, key, k, h)
                down = here if here is not None else at(_moved(values, key, k, -h))
                apart = h if here is not None else 2 * h
                slope = (at(up) - down) / apart
                rounding = max(rounding, 2 * EPS * float(np.abs(down).max(initial=0)) / apart)
                error = max(error, float(np.abs(slope - np.asarray(reverse[key])[(..., *k)]).max(initial=0)))
        found.append(Way(name, counted, COSTS[name][0], error / scale, False, rounding / scale))
    error, passes = 0.0, 0
    for key, v in values.items():
        for k in np.ndindex(*v.shape):
            directions = {other: np.zeros(w.shape)[()] for other, w in values.items()}
            unit = np.zeros(v.shape)
            unit[k] = 1.0
            directions[key] = unit[()]
            tangent = jvp(f, {**fixed, **{n: w[()] for n, w in values.items()}}, directions)[1]
            error = max(error, float(np.abs(np.asarray(tangent) - np.asarray(reverse[key])[(..., *k)]).max(initial=0)))
            passes += 1
    found.append(Way("forward mode", passes, COSTS["forward mode"][0], error / scale, True))
    found.append(Way("reverse mode", m, COSTS["reverse mode"][0], 0.0, True))
    return Ways(n, m, tuple(found))


def _by_name(found: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(found, dict):
        return found
    return {next(n for n, v in inputs.items() if np.asarray(v).dtype.kind in "fiu"): found}


def _moved(values: Mapping[str, Any], key: str, k: tuple[int, ...], h: float) -> dict[str, Any]:
    v = values[key].copy()
    v[k] += h
    return {**values, key: v}


# ---- symbols ------------------------------------------------------------------------------------------------------------------

SYMPY = {"np.exp": "exp", "np.log": "log", "np.sin": "sin", "np.cos": "cos", "np.tan": "tan", "np.tanh": "tanh", "np.sinh": "sinh", "np.cosh": "cosh",
         "np.sqrt": "sqrt", "np.abs": "Abs", "np.arctan": "atan", "np.arcsin": "asin", "np.arccos": "acos", "np.maximum": "Max", "np.minimum": "Min"}


def symbolic(f: Any, wrt: str, *args: Any, **inputs: Any) -> Any:
    """The derivative as a formula of sympy, for numbers.

    Parameters
    ----------
    f : str, or callable
        A formula such as "exp(x z) + sin(x)", or a function of numbers, traced at the inputs given.
    wrt : str

    Returns
    -------
    sympy expression
        ``.subs(...)``, ``.simplify()`` and the rest of sympy work on it.

    Raises
    ------
    InputError
        When sympy is not installed, or something in f is not for numbers.
    """
    try:
        import sympy
    except ImportError:
        raise InputError("differentiating by symbols", "sympy is not installed", "Install it with: pip install backproplab[symbolic]") from None
    if isinstance(f, (str, Expression)):
        e = _scalars(f) if isinstance(f, str) else f
    else:
        run = trace(f, *args, **inputs) if not hasattr(f, "variables") else as_run(f)
        e = _whole(run)
    if wrt not in set(symbols(e)):
        raise InputError(f"differentiating by {wrt}", f"the names are {', '.join(dict.fromkeys(symbols(e)))}", "Choose one of these.")
    letters = {n: sympy.Symbol(n, real=True) for n in symbols(e)}
    return sympy.diff(_to_sympy(e, letters, sympy), letters[wrt])


def _scalars(text: str) -> Expression:
    found: Expression = hooks["read_formula"](text, lambda name: 0, {})
    return found


def _whole(run: Any) -> Expression:
    """The output in terms of the inputs."""
    known: dict[str, Expression] = {}
    for name, v in run.variables.items():
        if np.ndim(v.value):
            raise InputError(f"differentiating {run.name} by symbols", f"{name} is an array of shape {np.shape(v.value)}",
                             "Symbols are for numbers here: take one entry.")
        if v.expression is not None:
            known[name] = substitute(v.expression, known)
            if known[name].size > LARGEST // 10:
                raise InputError(f"differentiating {run.name} by symbols", f"{name} alone has {known[name].size:,} parts: expressions swell",
                                 "Use reverse mode, which shares what is common.")
    return known.get(run.output, Symbol(run.output))


def _to_sympy(e: Expression, letters: Mapping[str, Any], sympy: Any) -> Any:
    if isinstance(e, Symbol):
        return letters[e.name]
    if isinstance(e, Constant):
        v = e.value
        return sympy.nsimplify(v, rational=True) if isinstance(v, (int, float)) and math.isfinite(v) else sympy.sympify(v)
    assert isinstance(e, Call)
    args = [_to_sympy(a, letters, sympy) for a in e.args]
    if e.head in ("+", "-", "*", "/", "**", "neg"):
        scope = {f"a{k}": a for k, a in enumerate(args)}
        parts = tuple(Symbol(n) for n in scope)
        return evaluate(Call(e.head, parts), scope)
    if e.head == "sigmoid":
        return 1 / (1 + sympy.exp(-args[0]))
    if e.head == "relu":
        return sympy.Max(args[0], 0)
    if e.head not in SYMPY:
        raise InputError("differentiating by symbols", f"{e.head} is not on the list",
                         f"Known are {', '.join(n.removeprefix('np.') for n in SYMPY)}.")
    return getattr(sympy, SYMPY[e.head])(*args)
