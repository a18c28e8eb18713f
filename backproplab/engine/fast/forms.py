"""Forms: a printed program that is run, fast where it can be and readable where it must be; variants: forms with the branches they hold for."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .lowering import NotLowerable, lower


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
        exec(compile(self.text.source, f"<program {self.text.name}>", "exec"), scope)
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


def stand_in(v: Any) -> Any:
    """A small value of the same shape and type; whole numbers are kept, they may be labels that must be in range."""
    return np.broadcast_to(v.dtype.type(1), v.shape) if v.__class__ is np.ndarray and v.dtype.kind == "f" else v


def text_of(printed: Any, inputs: int, vector: bool, wrt: list[str]) -> Text:
    parameters = printed.parameters
    return Text(printed.source, printed.name, tuple(parameters[:inputs]), parameters[-1] if vector else "", dict(printed.captured), tuple(wrt))
