"""The variants of one compiled function, and the slow door that finds or makes the right one.

A variant is a straight line: the printed program of one recorded graph, lowered to its fast form. It holds for inputs of the shapes
and types that it was made for and, where the function branches on values, for the same answers. Whatever a fast form sends away comes
to `Family.elsewhere`: other shapes, lists and whole numbers, and what Python's floats refuse.
"""
from __future__ import annotations

import contextlib
import functools
import gc
import operator
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..calling import BoundCall, active_inputs
from ..errors import BackpropError, InputError, NotScalarError, ShapeError, listed
from ..outputs import function_name, without_gradient
from ..program import decided, program
from ..tracing import record
from ..values import frozen, shortened
from . import replay
from .forms import Decisions, Form, Variant, signature, text_of
from .lowering import NotLowerable

LONG = 20_000                                    # recorded scalar operations from which tables are replayed


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

    def grow(self, call: BoundCall) -> Variant:
        """The variant for these inputs: trace the function at them, print it, lower it.

        Raises
        ------
        InputError, TraceError, ShapeError
            As `trace`; InputError also for a function that branches on too many values.
        """
        inputs = {n: np.asarray(v, float)[()] if np.asarray(v).dtype.kind == "f" else v for n, v in call.inputs.items()}
        active = active_inputs(call, self.wrt)
        graph = record(self.function, call.args, call.kwargs, inputs, active)
        if not graph.output.active:
            raise without_gradient(graph, self.function)
        values = [self.coerced(n, v) for n, v in call.inputs.items()]
        with collector_paused():
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
        if all(map(operator.is_, values, given)):                                # it looked right, so a float refused
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
            return self.answer(self.grow(self.call._replace(inputs=inputs)), values, seed)

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


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Without the collector of cycles: syntax trees and values make none, and it would look through all of them again and again.

    For a program of ten thousand operations it took more than half of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def described(v: Any) -> str:
    return f"an array of shape {v.shape} and type {v.dtype}" if isinstance(v, np.ndarray) else f"a number, {type(v).__name__}"


def identifier(name: str) -> str:
    return name if name.isidentifier() else "program"
