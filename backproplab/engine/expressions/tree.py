"""Expression trees: what they are made of, and how to walk them."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

COMPARISONS = (">", "<", ">=", "<=", "==", "!=")


class Expression:
    """A Symbol, a Constant or a Call."""

    __slots__ = ()
    size = 1

    def __str__(self) -> str:
        from .text import text
        return text(self)


class Symbol(Expression):
    """A name: of a variable, of its gradient, of a parameter of a rule."""

    __slots__ = ("name",)
    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Symbol and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


class Constant(Expression):
    """A value known when the graph was recorded: a number, an axis, a shape, an index, a small array."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Constant and same(self.value, other.value)

    def __hash__(self) -> int:
        return hash(repr(self.value))

    def __repr__(self) -> str:
        return f"Constant({self.value!r})"


class Call(Expression):
    """`head` applied to `args`; `keywords` are (name, expression) pairs. `size` counts the expressions inside, itself included."""

    __slots__ = ("head", "args", "keywords", "size")
    __match_args__ = ("head", "args", "keywords")

    def __init__(self, head: str, args: tuple[Expression, ...], keywords: tuple[tuple[str, Expression], ...] = ()) -> None:
        self.head, self.args, self.keywords = head, args, keywords
        size = 1
        for a in args:
            size += a.size
        for _, v in keywords:
            size += v.size
        self.size = size

    def __eq__(self, other: object) -> bool:
        return (other.__class__ is Call and self.head == other.head and self.args == other.args
                and self.keywords == other.keywords)

    def __hash__(self) -> int:
        return hash((self.head, self.args, self.keywords))

    def __repr__(self) -> str:
        rest = "".join(f", {k}={v!r}" for k, v in self.keywords)
        return f"Call({self.head!r}, {', '.join(map(repr, self.args))}{rest})"


ONE, ZERO = Constant(1), Constant(0)


def same(a: Any, b: Any) -> bool:
    """Equal and of one type: 0, 0.0 and False are three different constants."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and bool(np.array_equal(a, b))
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, slice):
        return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    return bool(a == b)


def number(e: Expression) -> int | float | None:
    """The plain number that e is, or None. True and False are not numbers here."""
    if e.__class__ is Constant and type(e.value) in (int, float):
        return e.value
    return None


def symbols(e: Expression) -> Iterator[str]:
    """Names in the order in which they are written, with repetition."""
    stack = [e]
    while stack:
        now = stack.pop()
        if now.__class__ is Symbol:
            yield now.name
        elif isinstance(now, Call):
            stack += [v for _, v in reversed(now.keywords)]
            stack += reversed(now.args)


def heads(e: Expression) -> Iterator[str]:
    """Operators and functions that e calls, with repetition."""
    stack = [e]
    while stack:
        now = stack.pop()
        if isinstance(now, Call):
            yield now.head
            stack += [*now.args, *(v for _, v in now.keywords)]
