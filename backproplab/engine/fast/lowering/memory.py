"""Memory: who reads an array last, and which array a new value may be written into.

Every array that a fast program makes lives in a buffer, allocated once, when the program is compiled. A buffer is free again after the
last reader of all values that are seen in it, and an elementwise result may be written straight over an operand that nobody reads
again. Both are safe only because a value knows whose memory it shows: a view keeps the buffer of its base.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .values import Value


class Memory:
    """Buffers of one program.

    Parameters
    ----------
    order : list of Value
        The values that are computed, in this order.
    outputs : list of Value
    names : callable
        A hint -> a name that is not taken.
    fresh : bool
        Outputs are new arrays in each call, and take no buffer.
    """

    def __init__(self, order: list[Value], outputs: list[Value], names: Any, fresh: bool) -> None:
        self.names, self.fresh = names, set(outputs) if fresh else set()
        self.last = last_readers(order, outputs)
        self.dying: dict[int, list[Value]] = {}
        for base, i in self.last.items():
            self.dying.setdefault(i, []).append(base)
        self.buffers: dict[str, np.ndarray] = {}                        # name in the program -> the array, one for each shape of a buffer
        self.bases: list[np.ndarray] = []
        self.array: dict[Value, np.ndarray] = {}                        # a value -> the array of ours that it is seen in
        self._base: dict[Value, int] = {}                               # a value -> its buffer
        self._free: dict[Any, list[int]] = {}                           # (size, dtype) -> buffers that nobody reads
        self._shaped: dict[Any, str] = {}                               # (buffer, shape) -> name

    def place(self, v: Value, i: int, over: Iterable[Value] = ()) -> str | None:
        """The name of the array that the i-th value is written into; None for an output that is a new array in each call.

        `over`: operands that it may overwrite, because it reads each of their entries before it writes there.
        """
        if v in self.fresh:
            return None
        e = v.example
        for a in over:
            if self.may_overwrite(v, a, i):
                return self.put(v, self._base.pop(a))
        free = self._free.get((e.size, e.dtype.str))
        if free:
            return self.put(v, free.pop())
        self.bases.append(np.empty(e.size, e.dtype))
        return self.put(v, len(self.bases) - 1)

    def may_overwrite(self, v: Value, a: Value, i: int) -> bool:
        """Is v the last to read a, in the same form? With a view of a among its other operands NumPy would first make a copy."""
        return (a in self._base and self.last[a] == i and a.example.shape == v.example.shape and a.example.dtype == v.example.dtype
                and all(b is a or a not in b.memory for b in v.args))

    def put(self, v: Value, k: int) -> str:
        shape = v.example.shape
        name = self._shaped.get((k, shape))
        if name is None:
            name = self._shaped[k, shape] = self.names(f"buf{k + 1}")
            self.buffers[name] = self.bases[k].reshape(shape)
        self._base[v], self.array[v] = k, self.buffers[name]
        return name

    def release(self, i: int) -> None:
        """After the i-th value: what nobody reads any more is free."""
        for base in self.dying.get(i, ()):
            k = self._base.pop(base, None)
            if k is not None:
                self._free.setdefault((self.bases[k].size, self.bases[k].dtype.str), []).append(k)

    @property
    def nbytes(self) -> int:
        return sum(b.nbytes for b in self.bases)


def last_readers(order: list[Value], outputs: list[Value]) -> dict[Value, int]:
    """For each value that has memory of its own, the position of the last value that reads it, itself or through a view."""
    last: dict[Value, int] = {}
    for i, v in enumerate(order):
        for a in v.args:
            for base in a.memory:
                last[base] = i
    for v in outputs:
        for base in v.memory:
            last[base] = len(order)
    return last
