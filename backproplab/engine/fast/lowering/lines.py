"""From values to lines: a line of the fast program for each array, an expression for each number.

An array's line is a NumPy call that writes into a buffer (`out=`), under the name that the readable program has for it. Numbers become
Python expressions, written into the line that uses them.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from . import ordering, scalars
from .memory import Memory
from .names import Names, hint_of, is_plain
from .values import Slot, Value, view_of


class Lines:
    """Writes the lines of one program.

    Parameters
    ----------
    values : list of Value
        All values, in the order in which they were made.
    inputs : list of Value
    returned
        What the program returns: a value, or tuples and dicts of them.
    name : str
    fresh : bool
        Returned arrays are new in each call; otherwise they are buffers, which the next call overwrites.
    """

    def __init__(self, values: list[Value], inputs: list[Value], returned: Any, name: str, fresh: bool = False) -> None:
        self.name, self.inputs, self.fresh = name, inputs, fresh
        self.names = Names(name)
        self.parameters = {v: self.names.unused(v.name or "x") for v in inputs}
        self.like, self.lock, self.elsewhere = map(self.names.unused, ("like", "lock", "elsewhere"))
        self.returned = returned
        values = list(values)
        self.outputs = ordering.apart(values, list(ordering.leaves(returned)), fresh)
        self.order = ordering.needed(values, self.outputs)
        self.called = {v: self.names.unused(v.name or "") for v in self.order if v.name}             # as the readable program calls them
        self.memory = Memory(self.order, self.outputs, self.names.unused, fresh)
        self.uses: dict[Value, int] = {}
        for v in self.order:
            for a in v.args:
                self.uses[a] = self.uses.get(a, 0) + (1 if v.is_scalar else 2)
        for v in self.outputs:
            self.uses[v] = self.uses.get(v, 0) + 2
        self.lines: list[str] = []
        self.text: dict[Value, str] = {}         # what stands for a value in the text
        self.level: dict[Value, int] = {}        # how tightly that binds, for numbers
        self.depth: dict[Value, int] = {}
        self.scope: dict[str, Any] = {}          # arrays that the text names
        self.views: dict[str, str] = {}          # those that show another array, by its name
        self.whole: dict[Any, str] = {}          # a place in memory -> the array there, seen as whole numbers
        self.boxes: dict[Any, str] = {}          # numbers among arrays: arrays without axes

    # ---- names and operands ---------------------------------------------------------------------------------------------------

    def bound(self, hint: str, thing: Any) -> str:
        name = self.names.unused(hint)
        self.scope[name] = thing
        return name

    def operand(self, v: Value, dtype: Any = None) -> str:
        """The text of an operand among arrays; a number becomes an array without axes, of the dtype that the others have."""
        if not v.is_scalar:
            if v.is_const and v not in self.text:
                self.text[v] = self.bound(hint_of(v.example), v.example)
                self.memory.array[v] = v.example
            return self.text[v]
        if dtype is None or dtype.kind != "f" and not v.is_const:
            return scalars.literal(v, False) if v.is_const else self.text[v]
        key = (repr(v.example) if v.is_const else v, dtype)
        if key not in self.boxes:
            if v.is_const:
                self.boxes[key] = self.bound(hint_of(v.example), np.array(v.example, dtype))
            else:
                self.boxes[key] = self.bound("box", np.empty((), dtype))
                self.lines.append(f"{self.boxes[key]}[()] = {self.text[v]}")
        return self.boxes[key]

    def line(self, v: Value, text: str) -> None:
        self.text[v] = self.called.get(v) or self.names.temporary()
        self.lines.append(f"{self.text[v]} = {text}")

    # ---- numbers --------------------------------------------------------------------------------------------------------------

    def number(self, v: Value) -> None:
        if not scalars.is_expressible(v):
            self.number_line(v, self.number_from_array(v))
            return
        if scalars.repeats(v):
            for a in v.args:
                if not a.is_const and not self.text[a].isidentifier():
                    self.number_line(a, self.text[a])

        def operand(k: int, real: bool) -> tuple[str, int]:
            a = v.args[k]
            if a.is_const:
                text = scalars.literal(a, real)
                return text, scalars.TEXT["negative"][1] if text[0] == "-" else scalars.CALL
            return self.text[a], self.level[a]
        text, level = scalars.expression(v, operand)
        depth = 1 + max([self.depth.get(a, 0) for a in v.args], default=0)
        if self.uses[v] == 1 and depth < scalars.DEEPEST:
            self.text[v], self.level[v], self.depth[v] = text, level, depth
        else:
            self.number_line(v, text)

    def number_line(self, v: Value, text: str) -> None:
        self.line(v, text)
        self.level[v], self.depth[v] = scalars.CALL, 0

    def number_from_array(self, v: Value) -> str:
        if v.kind == "dot":
            text = f"np.dot({', '.join(map(self.operand, v.args))})"
        elif v.kind == "reduce":
            text = f"np.{v.detail[0]}.reduce({self.operand(v.args[0])}, axis={v.detail[1]!r})"
        elif v.kind == "gather":
            text = f"{self.operand(v.args[0])}[{self.index(v.detail, v.args[1:])}]"
        elif v.kind == "view":
            text = self.view_text(v)
        elif v.kind == "cast":
            text = self.text[v.args[0]]
        else:
            text = self.call_text(v)
        return f"{scalars.PYTHON[scalars.kind_of(v)]}({text})"

    # ---- arrays ---------------------------------------------------------------------------------------------------------------

    def into(self, v: Value, i: int, call: str, over: tuple[Value, ...] = ()) -> None:
        """A line that calls a function which can write into an array."""
        out = self.memory.place(v, i, over)
        self.line(v, f"{call}, out={out})" if out else f"{call})")

    def copied(self, v: Value, i: int, x: Value) -> str:
        """An array of its own that starts as a copy of x, or x's own where nobody reads that again; its name."""
        here = self.memory.array.get(x)
        source = self.operand(x)
        out = self.memory.place(v, i, (x,))
        if out is None:
            self.line(v, f"np.array({source})")
        else:
            if self.memory.array[v] is not here:
                self.lines.append(f"np.copyto({out}, {source})")
            self.line(v, out)
        return self.text[v]

    def write_ufunc(self, v: Value, i: int) -> None:
        f = getattr(np, v.detail)
        dtype = np.result_type(*[a.example for a in v.args])
        args = ", ".join([self.operand(a, dtype) for a in v.args])
        self.into(v, i, f"np.{v.detail}({args}", v.args if f.signature is None else ())

    def write_dot(self, v: Value, i: int) -> None:
        self.into(v, i, f"np.dot({', '.join([self.operand(a) for a in v.args])}")

    def write_reduce(self, v: Value, i: int) -> None:
        name, axis, keepdims = v.detail
        self.into(v, i, f"np.{name}.reduce({self.operand(v.args[0])}, axis={axis!r}{', keepdims=True' if keepdims else ''}")

    def write_cast(self, v: Value, i: int) -> None:
        source, out = self.operand(v.args[0]), self.memory.place(v, i)
        if out is None:
            self.line(v, f"np.array({source}, {self.bound('dtype', v.example.dtype)})")
        else:
            self.lines.append(f"np.copyto({out}, {source}, casting='unsafe')")
            self.line(v, out)

    def write_where(self, v: Value, i: int) -> None:
        test, x, y = v.args
        self.line(v, f"np.where({self.operand(test)}, {self.operand(x, v.example.dtype)}, {self.operand(y, v.example.dtype)})")

    def write_mask(self, v: Value, i: int) -> None:
        x, mask, new = v.args
        number = self.operand(new, v.example.dtype)
        self.lines.append(f"np.putmask({self.copied(v, i, x)}, {self.operand(mask)}, {number})")

    def write_keep(self, v: Value, i: int) -> None:
        x, mask = v.args
        bits = self.bits(x)
        out = self.memory.place(v, i, (x,))
        if out is None:
            self.line(v, f"np.multiply({bits}, {self.operand(mask)}).view(np.{v.example.dtype})")
        else:
            self.text[v] = out
            self.lines.append(f"np.multiply({bits}, {self.operand(mask)}, out={self.bits(v)})")
            self.line(v, out)

    def bits(self, x: Value) -> str:
        """An array of real numbers seen as whole ones with the same bits."""
        whole, source, here = f"int{8 * x.example.itemsize}", self.operand(x), self.memory.array.get(x)
        if here is None:
            return f"{source}.view(np.{whole})"
        place = here.__array_interface__["data"], here.shape, here.strides
        if place not in self.whole:
            self.whole[place] = self.bound(f"{source}_bits", here.view(whole))
            self.views[self.whole[place]] = source
        return self.whole[place]

    def write_put(self, v: Value, i: int) -> None:
        x, new, *parts = v.args
        number = self.operand(new, v.example.dtype) if new.is_scalar else self.operand(new)
        index = self.index(v.detail, parts)
        self.lines.append(f"{self.copied(v, i, x)}[{index}] = {number}")

    def write_add_at(self, v: Value, i: int) -> None:
        x, new, *parts = v.args
        number = self.operand(new, v.example.dtype) if new.is_scalar else self.operand(new)
        index = self.index(v.detail, parts)
        out = self.copied(v, i, x)
        self.lines.append(f"np.add.at({out}, ({index}), {number})" if parts else f"{out}[{index}] += {number}")

    def write_view(self, v: Value, i: int) -> None:
        x = v.args[0]
        source = self.operand(x)
        here = self.memory.array.get(x)
        if here is not None:                                            # a buffer of ours: the view of it is made once
            view = view_of(v.detail, here)
            if np.may_share_memory(view, here):
                self.memory.array[v] = view
                self.text[v] = self.bound(f"{source}_{v.detail[0]}", view)
                self.views[self.text[v]] = source
                return
        self.line(v, self.view_text(v))

    def view_text(self, v: Value) -> str:
        method, *rest = v.detail
        x = self.operand(v.args[0])
        if method == "T":
            return f"{x}.T"
        if method == "index":
            return f"{x}[{self.index(rest[0], ())}]"
        inside = ", ".join(map(repr, rest))
        if method == "broadcast_to" or v.args[0].is_scalar:
            return f"np.{method}({', '.join([x, *map(repr, rest)])})"
        return f"{x}.{method}({inside})"

    def write_gather(self, v: Value, i: int) -> None:
        self.line(v, f"{self.operand(v.args[0])}[{self.index(v.detail, v.args[1:])}]")

    def write_call(self, v: Value, i: int) -> None:
        self.line(v, self.call_text(v))

    def call_text(self, v: Value) -> str:
        function, positional, keywords = v.detail

        def show(d: Any) -> str:
            if d.__class__ is Slot:
                return self.operand(v.args[d])
            if isinstance(d, list):
                return f"[{', '.join(map(show, d))}]"
            if isinstance(d, tuple):
                return f"({', '.join(map(show, d))}{',' if len(d) == 1 else ''})"
            return repr(d) if d is None or isinstance(d, (bool, int, float, str)) and d == d and is_plain(d) else self.bound("c", d)
        called = str(getattr(function, "__name__", ""))
        name = f"np.{called}" if getattr(np, called, None) is function else self.callee(function)
        return f"{name}({', '.join([show(d) for d in positional] + [f'{k}={show(d)}' for k, d in keywords.items()])})"

    def callee(self, function: Any) -> str:
        for name, thing in self.scope.items():
            if thing is function:
                return name
        return self.bound(function.__name__, function)

    def index(self, detail: Any, parts: Any) -> str:
        def one(d: Any) -> str:
            if d.__class__ is Slot:
                return self.operand(parts[d])
            if isinstance(d, slice):
                return ":".join(["" if p is None else str(p) for p in (d.start, d.stop)]) + ("" if d.step is None else f":{d.step}")
            return "..." if d is Ellipsis else repr(d)
        return ", ".join(map(one, detail)) + ("," if len(detail) == 1 else "") if isinstance(detail, tuple) and detail else one(detail)

    def write(self) -> None:
        """All lines, in order."""
        for i, v in enumerate(self.order):
            if v.is_scalar:
                self.number(v)
            else:
                getattr(self, f"write_{v.kind}")(v, i)
            self.memory.release(i)
