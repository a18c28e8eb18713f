"""What a rewrite is: a class with a match, a guard and a build, declared under the primitives that it looks at."""
from __future__ import annotations

from typing import Any

import numpy as np

from .values import Value

Found = tuple[Any, ...] | None


class Rewrite:
    """One rewrite. `patterns` are the kinds, or the names of ufuncs, that it looks at."""

    def __init__(self, declared: type, patterns: tuple[str, ...]) -> None:
        self.name, self.reason, self.patterns = declared.__name__, (declared.__doc__ or "").strip(), patterns
        self.match, self.guard, self.build = (staticmethod(declared.__dict__[part]).__func__ for part in ("match", "guard", "build"))

    def __repr__(self) -> str:
        return f"<rewrite {self.name}: {self.reason.splitlines()[0]}>"


REWRITES: dict[str, Rewrite] = {}


def rewrite(*patterns: str) -> Any:
    """Declare a rewrite from a class with the functions match(detail, args), guard(detail, args, *found), build(b, *found)."""
    def declare(cls: type) -> Rewrite:
        made = REWRITES[cls.__name__] = Rewrite(cls, patterns)
        return made
    return declare


def number(v: Value) -> Any:
    """The number that a value always is, or None."""
    return v.example if v.is_const and v.is_scalar else None


def is_whole_result(x: Value, args: tuple[Value, ...]) -> bool:
    """Has x by itself the shape and the dtype that it has together with the others, and is it real?"""
    examples = [a.example for a in args]
    if np.shape(x.example) != np.broadcast_shapes(*map(np.shape, examples)):
        return False
    dtype = np.result_type(x.example)
    return dtype.kind == "f" and dtype == np.result_type(*examples)
