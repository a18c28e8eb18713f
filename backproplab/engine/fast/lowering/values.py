"""Values: what a program computes, one NumPy primitive at a time.

A `Value` is one primitive applied to earlier values, and never changes. It is computed once, on example inputs, when it is made: its
shape and dtype are then facts and need no rules of inference. `KINDS` says what each kind of value means, in plain NumPy; whatever is
rewritten or emitted later must keep that meaning.

The `Builder` makes values. The same primitive of the same arguments is the same value, so a subexpression that two lines share is
computed once; and what depends on constants only becomes a constant.
"""
from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

WEAK = (float, int, bool)                        # Python numbers: they take the dtype of the array they meet
KEPT_WEAK = {"add", "subtract", "multiply", "divide", "power", "remainder", "floor_divide", "negative", "positive", "square", "reciprocal",
             "greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}


class NotLowerable(ValueError):
    """The program holds something that has no fast form: its readable form is run instead."""


class Slot(int):
    """Stands for the n-th argument inside a static detail: an index, or the arguments of a call."""


def fill(detail: Any, args: Any) -> Any:
    """The detail with every Slot replaced by its argument."""
    if detail.__class__ is Slot:
        return args[detail]
    if isinstance(detail, (tuple, list)):
        return type(detail)([fill(d, args) for d in detail])
    return detail


class Value:
    """One primitive of a program.

    Attributes
    ----------
    kind : str
        A key of KINDS, or "input" or "const".
    detail
        What NumPy needs besides arrays: the name of a ufunc, an axis, a shape, an index.
    args : tuple of Value
    example : number or ndarray
        Its value on the example inputs.
    name : str or None
        What the readable program calls it.
    """

    __slots__ = ("kind", "detail", "args", "example", "name", "is_scalar", "is_const", "_memory")

    def __init__(self, kind: str, detail: Any, args: tuple[Value, ...], example: Any) -> None:
        self.kind, self.detail, self.args, self.example = kind, detail, args, example
        self.name: str | None = None
        self.is_scalar = example.__class__ is float or np.ndim(example) == 0
        self.is_const = kind == "const"
        self._memory: tuple[Value, ...] | None = None

    @property
    def memory(self) -> tuple[Value, ...]:
        """The values whose arrays this one may show: a view shows its base, and of a function that is not known it is assumed."""
        if self._memory is None:
            if self.kind == "view":
                self._memory = self.args[0].memory
            elif self.kind == "call" and not self.is_scalar:
                self._memory = tuple(dict.fromkeys([r for a in self.args for r in a.memory]))
            else:
                self._memory = ()
        return self._memory or (self,)           # never stored: a value that refers to itself waits for the cyclic collector

    @property
    def owns_memory(self) -> bool:
        """Is it an array that the program makes itself, whole and in C order, so that reshaping it copies nothing?"""
        return not self.is_scalar and self.kind in ("ufunc", "dot", "reduce", "put", "add_at", "mask", "keep", "cast")


# ---- what each kind means ---------------------------------------------------------------------------------------------------

def numpy_function(name: str) -> Any:
    """The NumPy function of that name; it may be dotted, as in linalg.norm.

    Raises
    ------
    NotLowerable
    """
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise NotLowerable(f"np.{name} does not exist")
    return found


def of_ufunc(name: str, *args: Any) -> Any:
    out = getattr(np, name)(*args)
    if isinstance(out, np.generic) and name in KEPT_WEAK and all(a.__class__ in WEAK for a in args):
        return out.item()                        # Python numbers stay weak: 3 ** 2 must not make a float32 program float64
    return out


def view_of(detail: Any, x: Any) -> Any:
    method, *rest = detail
    if method == "index":
        return x[rest[0]]
    return x.T if method == "T" else getattr(np, method)(x, *rest)


def with_entries(index: Any, x: Any, new: Any, *parts: Any) -> Any:
    out = x.copy()
    out[fill(index, parts)] = new
    return out


def with_added(index: Any, x: Any, new: Any, *parts: Any) -> Any:
    out = x.copy()
    np.add.at(out, fill(index, parts), new)
    return out


def masked(_: Any, x: Any, mask: Any, new: Any) -> Any:
    out = x.copy()
    out[mask] = new
    return out


def kept(_: Any, x: Any, mask: Any) -> Any:
    return np.where(mask, x, x.dtype.type(0))


def chosen(_: Any, test: Any, x: Any, y: Any) -> Any:
    out = np.where(test, x, y)
    return out if out.ndim else out.flat[0]


def called(detail: Any, *args: Any) -> Any:
    function, positional, keywords = detail
    return function(*fill(positional, args), **keywords)


KINDS: dict[str, Callable[..., Any]] = {
    "ufunc": of_ufunc,                                                                  # detail: its name
    "reduce": lambda detail, x: getattr(np, detail[0]).reduce(x, axis=detail[1], keepdims=detail[2]),
    "dot": lambda _, x, y: np.dot(x, y),
    "view": view_of,                                                                    # the same memory, seen otherwise
    "gather": lambda index, x, *parts: x[fill(index, parts)],                           # entries of x, in memory of their own
    "put": with_entries,                                                                # x with other entries at an index
    "add_at": with_added,                                                               # x with something added at an index
    "mask": masked,                                                                     # x, and a number where a mask is true
    "keep": kept,                                                                       # x where a mask is true, and zero elsewhere
    "where": chosen,
    "cast": lambda dtype, x: np.asarray(x).astype(dtype)[()],
    "call": called,                                                                     # any other function
}


# ---- making values ----------------------------------------------------------------------------------------------------------

def frozen_detail(x: Any) -> Any:
    """A hashable key for a detail; 1, 1.0 and True are three."""
    if x is None or x.__class__ is str:
        return x
    if isinstance(x, (list, tuple)):
        return (x.__class__, *map(frozen_detail, x))
    if isinstance(x, dict):
        return tuple([(k, frozen_detail(v)) for k, v in x.items()])
    if isinstance(x, slice):
        return (slice, frozen_detail(x.start), frozen_detail(x.stop), frozen_detail(x.step))
    return (x.__class__, repr(x))


def is_known(args: tuple[Value, ...]) -> bool:
    """Are they all constants?"""
    return all(a.is_const for a in args)


class Builder:
    """Makes values, each once, simplified.

    Parameters
    ----------
    rewrites : collection of Rewrite
        Local simplifications, as in `rewrites.REWRITES`.
    dtype : np.float32, optional
        Makes it the dtype of all real numbers: where NumPy would choose float64 for want of another, this is taken.
    """

    def __init__(self, rewrites: Collection[Any] = (), dtype: Any = None) -> None:
        self.narrow = np.dtype(dtype) if dtype is not None and np.dtype(dtype) != np.float64 else None
        self.rewrites: dict[str, list[Any]] = {}
        for r in rewrites:
            for key in r.patterns:
                self.rewrites.setdefault(key, []).append(r)
        self.values: list[Value] = []            # all but constants, in the order in which they were made
        self._known: dict[Any, Value] = {}

    def input(self, name: str, example: Any) -> Value:
        made = Value("input", name, (), example)
        made.name = name
        self.values.append(made)
        return made

    def const(self, x: Any) -> Value:
        """The value that always is x."""
        if self.narrow is not None and getattr(x, "dtype", None) == np.float64:
            x = x.astype(self.narrow) if np.ndim(x) else float(x)
        key = ("const", x.__class__, repr(x)) if np.ndim(x) == 0 else ("const", x.dtype.str, x.shape, x.tobytes())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Value("const", None, (), x)
        return found

    def make(self, kind: str, detail: Any, *args: Value) -> Value:
        """The value of a primitive, after the first rewrite that applies."""
        for key in (kind, detail) if kind == "ufunc" else (kind,):
            for r in self.rewrites.get(key, ()):
                found = r.match(detail, args)
                if found is not None and r.guard(detail, args, *found):
                    return r.build(self, *found)
        return self.add(kind, detail, args)

    def ufunc(self, name: str, *args: Value) -> Value:
        return self.make("ufunc", name, *args)

    def add(self, kind: str, detail: Any, args: tuple[Value, ...]) -> Value:
        """The value of a primitive as it stands.

        Raises
        ------
        NotLowerable
            When NumPy refuses it on the example inputs.
        """
        key = (kind, detail if detail.__class__ is str else frozen_detail(detail), *args)
        found = self._known.get(key)
        if found is not None:
            return found
        try:
            example = KINDS[kind](detail, *[a.example for a in args])
        except (TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError) as error:
            raise NotLowerable(f"{kind} {detail if isinstance(detail, str) else ''}: {error}") from None
        if example.__class__ is np.ndarray:
            example.setflags(write=False)        # a function that wrote into its arguments would be noticed here
        if self.narrow is not None and getattr(example, "dtype", None) == np.float64:
            made = self.narrowed(kind, detail, args, example)
        elif is_known(args):
            made = self.const(example)
        else:
            made = Value(kind, detail, args, example)
            self.values.append(made)
        self._known[key] = made
        return made

    def narrowed(self, kind: str, detail: Any, args: tuple[Value, ...], example: Any) -> Value:
        """A value that came out as float64 in a float32 program: its whole numbers and truth values are read as float32."""
        if is_known(args):
            return self.const(example)
        if np.ndim(example) == 0:
            made = Value(kind, detail, args, float(example))
            self.values.append(made)
            return made
        if kind == "ufunc":
            real = tuple([a if a.is_scalar or a.example.dtype.kind == "f" else self.add("cast", self.narrow.str, (a,)) for a in args])    # type: ignore[union-attr]
            if real != args:
                return self.ufunc(detail, *real)
        made = Value(kind, detail, args, example)
        self.values.append(made)
        return self.add("cast", self.narrow.str, (made,))               # type: ignore[union-attr]
