"""A traced value: the number that the author's code has now, and how it was computed.

This is the record alone. What it does in an expression stands in `operators`, how an operation becomes a node in `recording`. What a
traced value cannot do (become a Python float, be written into) is refused here by name, with what to write instead.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from . import naming
from .graph import Branch, Home, current
from .refusals import refused
from .rules import NUMPY, OPERATIONS, Operation
from .values import described, shortened
from .wording import written


class Node:
    """One recorded value, array-like.

    Attributes
    ----------
    op : Operation or None
        What computed it; None for an input and for a captured array.
    inputs : tuple of Node or number
        In the order in which they are written, with repetition: x * x has two.
    constants : dict or None
        The operation's constants (axis, shape, index) by name; None where it has none.
    value : float64, read-only ndarray, or bool
    place : Place
        The author's name for it (None for a sub-expression) and the line in the author's file (0 when not known).
    home : Home
        The same object for all nodes of one graph.
    active : bool
        Does a gradient flow through it?
    """

    __slots__ = ("op", "inputs", "constants", "value", "place", "home", "active")
    __array_priority__ = 1000

    def __init__(self, op: Operation | None, inputs: tuple[Any, ...], constants: dict[str, Any] | None, value: Any,
                 place: naming.Place, home: Home, active: bool) -> None:
        self.op, self.inputs, self.constants, self.value = op, inputs, constants, value
        self.place, self.home, self.active = place, home, active

    name = property(lambda self: self.place.name)
    line = property(lambda self: self.place.line)
    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.asarray(self.value).dtype)
    T = property(lambda self: NUMPY[np.transpose](self))

    @property
    def label(self) -> str:
        """How a message calls it: by its name, or as it is written."""
        return self.name or (f"({written(self.op, self.inputs, self.constants or {})})" if self.op else "a value")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise refused(f"putting the traced value {self.label} into an ordinary array", f"it is {self!r}",
                      "An ordinary array would lose the graph: write np.stack([a, b]) where you wrote np.array([a, b]) or the list [a, b] in "
                      "np.sum([a, b]), and build a result from its parts with np.stack or np.concatenate where you assign into np.zeros(...).")

    # ---- what Python asks -----------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        frame = naming.author_frame(sys._getframe(1))
        if np.size(self.value) != 1:
            called = frame is not None and naming.destined(frame, True)[0] is naming.LATER
            raise refused(f"asking whether {self.label} is true", f"it is an array of shape {self.shape}",
                          "max() and min() ask which of two arrays is larger as a whole, and there is one answer for each entry: write "
                          "np.maximum(a, b) or np.minimum(a, b)." if called else
                          "An array has one answer for each entry: choose between values with np.where(mask, a, b), take the larger with "
                          "np.maximum(a, b), or reduce it first, as in np.all(mask).")
        answer = bool(self.value)
        graph = current.get()
        while graph is not None and graph.home is not self.home:
            graph = graph.enclosing
        if graph is not None:
            graph.branches.append(Branch(frame.f_lineno if frame else 0, self, answer))
        return answer

    def _plain_number(self, *args: Any) -> Any:
        raise refused(f"turning the traced value {self.label} into a plain Python number", f"it is {self!r}",
                      "A plain number has no graph, so the derivative would be lost: write np.sin(x) for math.sin(x), leave out float(...) and "
                      "round(...), index with ordinary integers, and put no traced value into np.zeros(...): use np.stack.")
    __float__ = __int__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _plain_number

    def __index__(self) -> Any:
        raise refused(f"counting or indexing with {self.label}", f"it is {self!r}, a traced value",
                      "range(...) and the index of a list need a plain whole number, which has no gradient: keep it out of the inputs, as in "
                      "bl.trace(lambda x: f(x, 3), 2.0).")

    def _jumps(self, *args: Any) -> Any:
        raise refused(f"computing with {self.label}", "the operators // and % are not in the vocabulary of traceable operations",
                      "They jump, and have no useful derivative: divide with /, or compute whole numbers outside the function.")
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _jumps

    def _of_bits(self, *args: Any) -> Any:
        raise refused(f"computing with {self.label}", "the operators ^, << and >> work on the bits of whole numbers",
                      "A power is written ** in Python: x ** 2 for the square of x. Where one of two masks holds, write a != b.")
    __xor__ = __rxor__ = __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _of_bits

    def __len__(self) -> int:
        if not np.ndim(self.value):
            raise refused(f"asking for the length of {self.label}", f"it is a single number, {self!r}", "Only an array has a length.")
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not np.ndim(self.value):
            raise refused(f"taking {self.label} apart", f"it is a single number, {self!r}",
                          "Only an array has entries: leave out the loop or the unpacking.")
        frame = naming.author_frame(sys._getframe(1))
        names = naming.destined(frame)[0] if frame else None            # a, b = traced
        items = [self[i] for i in range(len(self.value))]
        for item, name in zip(items, names if isinstance(names, tuple) else (), strict=False):
            item.place = naming.Place(name, item.line)
        return iter(items)

    def __getitem__(self, key: Any) -> Any:
        return OPERATIONS["getitem"](self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise refused(f"assigning into the traced value {self.label}", f"its shape is {self.shape}, its index {shortened(key)}",
                      "That would change a value which is in the graph already: build a new one with np.where, np.stack or np.concatenate.")

    def __format__(self, spec: str) -> str:
        return format(self.value if np.ndim(self.value) == 0 and spec else repr(self), spec)

    def __repr__(self) -> str:
        return f"<{self.name or 'unnamed'} = {described(self.value)}>"

    def __copy__(self) -> Node:
        return self                                                     # it does not change, and a second one would not be in the graph

    def __deepcopy__(self, memo: Any) -> Node:
        return self

    __hash__ = object.__hash__
