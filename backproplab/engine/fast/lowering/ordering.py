"""What a fast program computes, and in which order: outputs with memory of their own, no dead code, readers before what they read changes."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .values import Value


def leaves(returned: Any) -> Iterator[Value]:
    """The values in what a program returns, in order."""
    if isinstance(returned, Value):
        yield returned
    elif isinstance(returned, (tuple, dict)):
        for x in returned.values() if isinstance(returned, dict) else returned:
            yield from leaves(x)


def apart(values: list[Value], outputs: list[Value], fresh: bool) -> list[Value]:
    """Outputs with memory of their own: an input, a constant, a view, or one array under two names is copied.

    The copies are added to `values`. With `fresh` a view is copied too, as its base would stay in a buffer.
    """
    taken: set[Value] = set()
    found = []
    for v in outputs:
        if not v.is_scalar:
            base = v.memory[0]
            shown = v.kind in ("view", "call") and fresh or base.kind in ("input", "const", "call", "gather", "where")
            if shown or len(v.memory) > 1 or base in taken:
                copy = Value("cast", v.example.dtype.str, (v,), v.example.copy())
                copy.name = v.name
                values.append(copy)
                v = copy
            taken.update(v.memory)
        found.append(v)
    return found


def needed(values: list[Value], outputs: list[Value]) -> list[Value]:
    """The values that the outputs depend on: everything else is dead code."""
    wanted = set(outputs)
    for v in reversed(values):
        if v in wanted:
            wanted.update(v.args)
    return readers_first(results_soon([v for v in values if v in wanted and v.kind != "input"], outputs))


def results_soon(order: list[Value], outputs: list[Value]) -> list[Value]:
    """The same order, but an array that is only returned is computed as soon as it can be, and a view just before its first reader.

    The gradient of a weight is then computed while its operands are still in the processor's cache, and their buffers are free sooner.
    """
    read = {a for v in order for a in v.args}
    early = {v for v in outputs if v not in read and not v.is_scalar and v.kind != "view"}
    lazy = {v for v in order if v.kind == "view" and not v.is_scalar and v not in outputs}
    place = {v: i for i, v in enumerate(order)}
    after: dict[Value, list[Value]] = {}         # a value -> the results that can be computed once it is known

    def seen(a: Value) -> Value:
        while a in lazy:
            a = a.args[0]
        return a
    for v in order:
        if v in early:
            last = max([seen(a) for a in v.args if seen(a) in place], key=place.__getitem__, default=None)
            if last is None:
                early.remove(v)                  # it needs inputs only
            else:
                after.setdefault(last, []).append(v)
    made: list[Value] = []
    known: set[Value] = set()

    def make(v: Value) -> None:
        if v not in known:
            for a in v.args:
                if a in lazy:
                    make(a)
            known.add(v)
            made.append(v)
            for result in after.get(v, ()):
                make(result)
    for v in order:
        if v not in lazy and v not in early:
            make(v)
    return made


def readers_first(order: list[Value]) -> list[Value]:
    """The same order, but where one value changes a copy of x and another reads x later, that reader comes first: no copy is needed."""
    place = {v: i for i, v in enumerate(order)}
    readers: dict[Value, list[Value]] = {}
    for v in order:
        for a in dict.fromkeys(v.args):
            readers.setdefault(a, []).append(v)
    early: dict[Value, list[Value]] = {}         # a value -> those that are computed just before it
    moved: set[Value] = set()
    for i, v in enumerate(order):
        if v.kind in ("mask", "put", "add_at") and v not in moved:
            later = [u for u in readers[v.args[0]] if place[u] > i]
            if len(later) == 1 and later[0] not in moved and all(a not in moved and place.get(a, -1) < i for a in later[0].args):
                early.setdefault(v, []).append(later[0])
                moved.add(later[0])
    if not moved:
        return order
    return [u for v in order if v not in moved for u in (*early.get(v, ()), v)]
