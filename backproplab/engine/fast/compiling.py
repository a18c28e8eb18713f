"""`bl.compile`: a function and its gradients as one fast program."""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..calling import BoundCall, bound_call
from ..errors import InputError, listed
from ..outputs import function_name
from ..values import shortened
from . import replay
from .family import Family, identifier
from .forms import Form, Variant
from .packing import Packing


class Program(functools.partial):
    """A compiled function: ``value, grads = program(**inputs)``.

    It is a partial of the function that runs, so that calling it costs next to nothing. Its results are Python floats and arrays;
    `grads` is a dict by input. It may be called from several threads: one at a time writes into the buffers. Made with `copy=False` it
    may not, since another thread's call overwrites what this one got. It can be pickled: by its text, for the shapes that it has met.

    Attributes
    ----------
    source : str
        The readable program, of the first inputs. It runs on NumPy alone.
    fast_source : str
        What runs instead of it; the readable program where there is no fast form.
    refusal : str
        Why there is no fast form; '' when there is one.
    fallbacks : int
        Calls so far that the readable program answered: there is no fast form, or a float refused (log of 0, x / 0, an overflow).
    recompile : bool
        Compile again for inputs of other shapes, and where the function branches otherwise (the default), or refuse them.
    nbytes : int
        Size of the buffers that it keeps.
    """

    family: Family

    @property
    def source(self) -> str:
        return self.family.variants[0].form.text.source

    @property
    def fast_source(self) -> str:
        form = self.family.variants[0].form
        return form.fast.source if form.fast else form.text.source

    @property
    def refusal(self) -> str: return self.family.variants[0].form.refusal

    @property
    def fallbacks(self) -> int: return self.family.fallbacks

    @property
    def recompile(self) -> bool: return self.family.recompile

    @recompile.setter
    def recompile(self, yes: bool) -> None: self.family.recompile = bool(yes)

    @property
    def nbytes(self) -> int: return sum(v.form.fast.nbytes for v in self.family.variants if v.form.fast)

    def __repr__(self) -> str:
        form = self.family.variants[0].form
        how = f"fast, {form.fast.count} values, {self.nbytes} bytes of buffers" if form.fast else f"readable: {form.refusal}"
        return f"<Program of {self.family.name}({', '.join(form.text.inputs)}): {how}; {self.fallbacks} calls answered by the readable form>"

    def __reduce__(self) -> Any:
        f = self.family
        assert f.call is not None
        variants = [v.form.pickled() if hasattr(v.form, "pickled") else (v.form.text, list(map(packed, v.form.examples)), v.decisions)
                    for v in f.variants]
        call = f.call._replace(args=(), kwargs={}, inputs=dict.fromkeys(f.call.inputs))
        return _restored, (f.name, call, f.wrt, f.dtype.str, f.copy, f.recompile, variants)


def packed(v: Any) -> Any:
    """A stand-in as it is pickled: an array of real numbers is a shape and a type."""
    return (v.shape, v.dtype.str) if v.__class__ is np.ndarray and v.dtype.kind == "f" else v


def unpacked(v: Any) -> Any:
    return np.ones(v[0], v[1]) if isinstance(v, tuple) else v


def _restored(name: str, call: Any, wrt: Any, dtype: str, copy: bool, recompile: bool, variants: list[Any]) -> Program:
    family = Family(None, call, wrt, np.dtype(dtype), copy, None)
    family.name, family.recompile = name, recompile
    for v in variants:
        if isinstance(v, replay.Pickled):
            family.adopt(Variant(replay.Replay.restored(v), None, family.dtype))
        else:
            text, examples, decisions = v
            family.adopt(Variant(Form(text, list(map(unpacked, examples)), family.dtype, copy), decisions, family.dtype))
    return entered(family)


def entered(family: Family) -> Program:
    """The program of a family: by the shortest way in that its inputs and branches allow."""
    first, call = family.variants[0], family.call
    assert call is not None
    plain = all(getattr(t, "name", None) == n for n, t in call.structure.items()) and list(call.structure) == list(call.inputs)
    form = first.form
    if plain and form.fast and first.decisions is None and form.fast.parameters == (*call.inputs, *([form.text.seed] if form.text.seed else [])):
        made = Program(form.fast.run)
    else:
        made = Program(through_containers(family, call))
    made.family = family
    return made


def through_containers(family: Family, call: BoundCall) -> Callable[..., Any]:
    """The way in for inputs in dicts, lists and dataclasses, and for functions that branch on values."""
    first = family.variants[0]
    seed = first.form.text.seed

    def run(*leaves: Any) -> Any:
        values = [family.coerced(n, v) for n, v in zip(call.inputs, leaves, strict=False)]
        return family.run(values, leaves[-1] if seed else None)

    def otherwise(**arguments: Any) -> tuple[Any, ...]:
        """The leaves of another structure, the long way, which explains what is wrong."""
        given = {n: v for n, v in arguments.items() if v is not None and n != seed}
        if family.function is None:
            raise InputError(f"running the compiled {family.name}", "it came with other inputs than it was compiled for",
                             f"Its inputs are {listed(call.structure)}.")
        now = bound_call(family.function, (), {}, given, "compile", {})
        if list(now.inputs) != list(call.inputs):
            raise InputError(f"running the compiled {family.name}", f"it came with the inputs {listed(now.inputs)}",
                             f"It was compiled for {listed(call.inputs)}: give the same, or compile it again.")
        return (*now.inputs.values(), *([arguments[seed]] if seed else []))
    straight = first.form.fast and first.decisions is None
    return Packing(identifier(family.name), call.structure, first.form.wrt, seed).function(first.form.run if straight else run, otherwise)


def compile(f: Callable[..., Any], /, *args: Any, wrt: Any = None, dtype: Any = None, copy: bool = True, straight_line: bool | None = None,
             inputs: Mapping[str, Any] | None = None, **named: Any) -> Program:
    """A fast program for the value and the gradients of a function.

    Parameters
    ----------
    f : callable
        As for `trace`. It is traced once, printed as a NumPy program, and that is made fast: Python floats for single numbers,
        preallocated buffers for arrays.
    *args, **named
        Inputs, of the shapes that the program will be called with.
    wrt : str or list of str, optional
        The inputs whose gradients are returned; by default all of real numbers. What nobody asks for is not computed.
    dtype : np.float64 or np.float32, optional
        Of the arrays that go in and come out; float64 by default.
    copy : bool
        Return new arrays. With False the program returns its own buffers, which its next call overwrites: faster, and for a training
        loop enough; do not hand them in again as inputs.
    straight_line : bool, optional
        Compile scalar programs of any length (True), or replay tables of their operations (False). By default tables are replayed from
        20 000 operations on, where compiling takes seconds.
    inputs : dict, optional
        Inputs by name, for names that are options here too.

    Returns
    -------
    Program
        ``value, grads = program(**inputs)``: Python floats or arrays, and a dict of gradients by input. An array output needs a
        ``cotangent=`` in each call.

    Raises
    ------
    InputError, TraceError, ShapeError
        As `trace`.

    Examples
    --------
    >>> program = compile(lambda x, z: x * z + x, 2.0, 3.0)
    >>> program(x=2.0, z=3.0)
    (8.0, {'x': 4.0, 'z': 2.0})
    """
    __tracebackhide__ = True
    options = {"wrt": wrt, "dtype": dtype, "copy": None if copy is True else copy, "straight_line": straight_line}
    call = bound_call(f, args, named, inputs, "compile", options)
    kind = np.dtype(np.float64 if dtype is None else dtype)
    if kind not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise InputError(f"compiling {function_name(f)}", f"dtype= is {shortened(dtype)}", "Give np.float64 or np.float32.")
    family = Family(f, call, wrt, kind, copy, straight_line)
    family.grow(call)
    return entered(family)
