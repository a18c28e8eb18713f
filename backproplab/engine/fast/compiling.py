"""`bl.compile`: a function and its gradients as one fast program.

A `Program` holds one *variant* for each set of shapes (and of answers, where the function branches on values) that it has met. A
variant is a straight line: the printed program of one recorded graph, lowered to its fast form. Inputs that a variant was not made for
go through one slow door, `Family.elsewhere`, which finds or makes the right one.
"""
from __future__ import annotations

import builtins
import functools
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..calling import BoundCall, active_inputs, bound_call
from ..errors import BackpropError, InputError, NotScalarError, ShapeError, listed
from ..outputs import function_name, without_gradient
from ..program import program
from ..tracing import record
from ..values import frozen, shortened
from . import NotLowerable, lower, replay
from .packing import OtherStructure, Packing

LONG = 20_000                                    # recorded scalar operations from which tables are replayed


class Text(NamedTuple):
    """A printed program, as plain data: what a variant is made from, and what is pickled."""

    source: str
    name: str
    inputs: tuple[str, ...]
    seed: str                                    # the parameter for the gradient at the output; "" for an output that is one number
    captured: dict[str, Any]
    wrt: tuple[str, ...]                         # the inputs that have a gradient


class Decisions(NamedTuple):
    """What the function decided by looking at values: the program that computes it again, and the answers for which the variant holds."""

    text: Text
    answers: tuple[bool, ...]
    said: tuple[str, ...]


class Form:
    """One text that is run: fast where it can be, readable where it must be.

    Parameters
    ----------
    text : Text
    examples : list of number or ndarray
        Of the shapes and types that it is made for.
    dtype : dtype
        Of the real numbers that go in and come out.
    fresh : bool
        Give new arrays, not buffers.
    """

    def __init__(self, text: Text, examples: list[Any], dtype: np.dtype, fresh: bool) -> None:
        self.text, self.dtype, self.wrt = text, dtype, text.wrt
        self.signature = signature(examples)
        self.refusal = ""
        self.fast = None
        try:
            self.fast = lower(text.source, *examples, known=text.captured, dtype=dtype, fresh=fresh)
        except NotLowerable as error:
            self.refusal = str(error)
        self.run: Callable[..., Any] = self.fast.run if self.fast else self.readable
        self.examples = [stand_in(v) for v in examples]

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """The function that the text defines."""
        scope: dict[str, Any] = {}
        exec(builtins.compile(self.text.source, f"<program {self.text.name}>", "exec"), scope)
        return scope[self.text.name]

    def readable(self, *values: Any) -> Any:
        """The text as it stands, in NumPy's numbers; the answer as the fast form gives it."""
        strong = [np.float64(v) if v.__class__ is float else v for v in values]
        tail = strong[len(self.text.inputs):]
        with np.errstate(all="ignore"):
            return self.plain(self.function(*strong[:len(self.text.inputs)], *self.text.captured.values(), *tail))

    def plain(self, found: Any) -> Any:
        """Python numbers for NumPy's, arrays of the program's dtype, each with memory of its own."""
        if isinstance(found, tuple):
            return tuple([self.plain(x) for x in found])
        if isinstance(found, dict):
            return {k: self.plain(x) for k, x in found.items()}
        if found is None or np.ndim(found) == 0:
            return found if found is None else np.asarray(found).item()
        return np.array(found, self.dtype if found.dtype.kind == "f" else None)


def signature(values: list[Any]) -> tuple[Any, ...]:
    """What a fast form looks at: shapes and types."""
    return tuple([(v.shape, v.dtype.str) if v.__class__ is np.ndarray else v.__class__ for v in values])


class Variant:
    """A value-and-gradients form, and the decisions for which it holds."""

    def __init__(self, form: Any, decisions: Decisions | None, dtype: np.dtype) -> None:
        self.form, self.decisions = form, decisions
        self.decide = Form(decisions.text, form.examples[:len(decisions.text.inputs)], dtype, False) if decisions else None
        if self.decide and self.decide.fast:
            self.decide.fast.elsewhere = self.decide.readable

    def holds(self, values: list[Any]) -> str:
        """'' when the function decides the same for these inputs; otherwise what is different, in words."""
        if self.decisions is None or self.decide is None:
            return ""
        found = np.asarray(self.decide.run(*values[:len(self.decisions.text.inputs)])).ravel() != 0
        return next((f"{said}, and is {now} here" for said, was, now in zip(self.decisions.said, self.decisions.answers, found.tolist(), strict=True)
                     if was != now), "")


class Family:
    """All variants of one function.

    Attributes
    ----------
    function : callable or None
        None after unpickling: a program is pickled by its text.
    recompile : bool
        Make a variant for shapes and decisions that were not met before; otherwise they are refused.
    fallbacks : int
        Calls that the readable program answered.
    """

    def __init__(self, function: Any, call: BoundCall | None, wrt: Any, dtype: np.dtype, copy: bool, straight_line: bool | None) -> None:
        self.function, self.call, self.wrt, self.dtype, self.copy, self.straight_line = function, call, wrt, dtype, copy, straight_line
        self.name = function_name(function) if function is not None else ""
        self.variants: list[Variant] = []
        self.recompile, self.fallbacks = True, 0
        self.lock = threading.RLock()

    # ---- making variants --------------------------------------------------------------------------------------------------------

    def grow(self, call: BoundCall, seed: Any = None) -> Variant:
        """Trace the function at these inputs, print it, lower it."""
        inputs = {n: np.asarray(v, float)[()] if np.asarray(v).dtype.kind == "f" else v for n, v in call.inputs.items()}
        active = active_inputs(call, self.wrt)
        graph = record(self.function, call.args, call.kwargs, inputs, active)
        if not graph.output.active:
            raise without_gradient(graph, self.function)
        values = [self.coerced(n, v) for n, v in call.inputs.items()]
        form = self.replayed(graph)
        if form is None:
            wrt = [n for n, node in graph.inputs.items() if node.active]
            vector = graph.output.shape != ()
            form = Form(text_of(program(graph, wrt, cotangent=vector, name=identifier(self.name)), len(inputs), vector, wrt),
                        values + ([np.zeros(graph.output.shape, self.dtype)] if vector else []), self.dtype, self.copy)
        variant = Variant(form, self.decided(graph, call, inputs, active), self.dtype)
        return self.adopt(variant)

    def replayed(self, graph: Any) -> Any:
        """The form by tables, for a long program of single numbers; None where a straight line is better, or asked for."""
        long = len(graph.nodes) > LONG if self.straight_line is None else not self.straight_line
        if not long or not replay.can(graph):
            return None
        try:
            return replay.Replay.of(graph, identifier(self.name))
        except NotLowerable:
            return None

    def adopt(self, variant: Variant) -> Variant:
        if getattr(variant.form, "fast", None):
            variant.form.fast.elsewhere = functools.partial(self.elsewhere, variant)
        self.variants.append(variant)
        return variant

    def decided(self, graph: Any, call: BoundCall, inputs: dict[str, Any], active: Any) -> Decisions | None:
        """The tests of the function's branches, as a program of their own: traced once more, with the tests as the output."""
        if not graph.branches:
            return None
        from ..program import decided
        said = decided(graph)
        branches = list(dict.fromkeys(graph.branches))
        if len(said) < len(branches):
            raise InputError(f"compiling {self.name}", f"it looks at values to decide {len(branches)} times",
                             "A compiled program is one straight line: write np.where for choices, or compile the part inside the loop.")

        def tests(result: Any, again: Any) -> Any:
            return np.concatenate([np.ravel(np.where(b.node != 0, 1.0, 0.0)) for b in dict.fromkeys(again.branches)])
        looked = record(self.function, call.args, call.kwargs, inputs, active, choose=tests, quiet=True)
        return Decisions(text_of(program(looked, [], name="decisions"), len(inputs), False, []), tuple([b.answer for b in branches]), tuple(said))

    # ---- running ----------------------------------------------------------------------------------------------------------------

    def coerced(self, name: str, value: Any) -> Any:
        """An input as the programs take it: a Python number, or an array; real numbers in the program's dtype.

        Raises
        ------
        InputError
            For what is no real number.
        """
        if value.__class__ is float or value.__class__ is np.ndarray and value.ndim and (value.dtype == self.dtype or value.dtype.kind in "iub"):
            return value
        if value is None or isinstance(value, (str, bytes)):
            came = f"no value came for {name}" if value is None else f"{name} is text, {shortened(value)}"
            raise InputError(f"running the compiled {self.name}", came, f"Give a number or an array: {name}=...")
        found = frozen(value, f"the input {name}")
        if np.ndim(found) == 0:
            return found.item()
        return found.astype(self.dtype) if found.dtype.kind == "f" else found

    def elsewhere(self, variant: Variant, *given: Any) -> Any:
        """Inputs that a fast form sent away: not as it was made for, or with numbers that Python's floats refuse."""
        text = variant.form.text
        values = [self.coerced(n, v) for n, v in zip(text.inputs, given, strict=False)]
        seed = given[len(text.inputs)] if text.seed else None
        if text.seed:
            values.append(self.seed_for(variant, seed))
        if signature(values) != variant.form.signature:
            return self.run(values[:len(text.inputs)], seed)
        if all(map(_is, values, given)):                                # it looked right, so a float refused
            self.fallbacks += 1
            return variant.form.readable(*values)
        return variant.form.run(*values)

    def seed_for(self, variant: Variant, seed: Any) -> Any:
        """The gradient at the output.

        Raises
        ------
        NotScalarError
            When none came.
        """
        if seed is None:
            shape = variant.form.examples[-1].shape
            raise NotScalarError(f"running the compiled {self.name}", f"its output is an array of shape {shape}, and no cotangent came",
                                 f"Say how much each entry of the output counts: {variant.form.text.seed}=, an array of shape {shape}.")
        return self.coerced(variant.form.text.seed, seed)

    def run(self, values: list[Any], seed: Any = None) -> Any:
        """Value and gradients by the variant for these inputs, which is made if need be.

        Raises
        ------
        ShapeError, BackpropError
            When it is not to be made.
        """
        with self.lock:
            kind = signature(values)
            known = [v for v in self.variants if v.form.signature[:len(values)] == kind]
            why = ""
            for v in known:
                why = v.holds(values)
                if not why:
                    return self.answer(v, values, seed)
            if self.function is None or not self.recompile:
                raise self.refused(values, why)
            assert self.call is not None
            inputs = dict(zip(self.call.inputs, values, strict=True))
            return self.answer(self.grow(self.call._replace(inputs=inputs), seed), values, seed)

    def answer(self, variant: Variant, values: list[Any], seed: Any) -> Any:
        form = variant.form
        if not form.text.seed and seed is not None:
            raise InputError(f"running the compiled {self.name}", f"cotangent= is {shortened(seed)}, and the output is one number",
                             "A number needs no cotangent: leave it out.")
        if form.text.seed:
            values = [*values, self.seed_for(variant, seed)]
            if signature(values) != form.signature:
                raise ShapeError(f"running the compiled {self.name}",
                                 f"the cotangent has shape {np.shape(seed)}, the output {form.examples[-1].shape}",
                                 "The cotangent holds one number for each entry of the output: give it the output's shape.")
        if form.refusal:
            self.fallbacks += 1
        return form.run(*values)

    def refused(self, values: list[Any], why: str) -> BackpropError:
        instead = ("It came out of a pickle, which holds the text of its programs and not the function: compile the function again."
                   if self.function is None else "Set its .recompile to True, or compile the function again for these inputs.")
        if why:
            return BackpropError(f"running the compiled {self.name}", why, instead)
        names = self.variants[0].form.text.inputs
        examples = self.variants[0].form.examples
        other = [f"{n} is {described(v)} where the program takes {described(e)}" for n, v, e in zip(names, values, examples, strict=False)
                 if signature([v]) != signature([e])]
        return ShapeError(f"running the compiled {self.name}", listed(other), instead)


def stand_in(v: Any) -> Any:
    """A small value of the same shape and type; whole numbers are kept, they may be labels that must be in range."""
    return np.broadcast_to(v.dtype.type(1), v.shape) if v.__class__ is np.ndarray and v.dtype.kind == "f" else v


def _is(a: Any, b: Any) -> bool:
    return a is b


def described(v: Any) -> str:
    return f"an array of shape {v.shape} and type {v.dtype}" if isinstance(v, np.ndarray) else f"a number, {type(v).__name__}"


def identifier(name: str) -> str:
    return name if name.isidentifier() else "program"


def text_of(printed: Any, inputs: int, vector: bool, wrt: list[str]) -> Text:
    parameters = printed.parameters
    return Text(printed.source, printed.name, tuple(parameters[:inputs]), parameters[-1] if vector else "", dict(printed.captured), tuple(wrt))


# ---- what is public -------------------------------------------------------------------------------------------------------------

class Program(functools.partial):
    """A compiled function: ``value, grads = program(**inputs)``.

    It is a partial of the function that runs, so that calling it costs next to nothing. Its results are Python floats and arrays;
    `grads` is a dict by input. It may be called from several threads. It can be pickled: by its text, for the shapes that it has met.

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
    packing = Packing(call.structure, first.form.wrt)
    straight = first.form.run if first.form.fast and first.decisions is None else None

    def run(*args: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        cotangent = named.pop(seed, None) if seed else None
        try:
            leaves = packing.leaves(args, named)
        except OtherStructure:
            leaves = otherwise(args, named)
        if straight:
            value, found = straight(*leaves, cotangent) if seed else straight(*leaves)
        else:
            value, found = family.run([family.coerced(n, v) for n, v in zip(call.inputs, leaves, strict=True)], cotangent)
        return value, packing.packed(found)

    def otherwise(args: Any, named: Any) -> list[Any]:
        """The long way, which explains what is wrong."""
        if family.function is None:
            raise InputError(f"running the compiled {family.name}", "it came with other inputs than it was compiled for",
                             f"Its inputs are {listed(call.structure)}.")
        now = bound_call(family.function, args, named, None, family.name, {})
        if list(now.inputs) != list(call.inputs):
            raise InputError(f"running the compiled {family.name}", f"it came with the inputs {listed(now.inputs)}",
                             f"It was compiled for {listed(call.inputs)}: give the same, or compile it again.")
        return list(now.inputs.values())
    return run


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
