"""From lines to a program: the text from its first line to its last, compiled.

It begins at a door, which sends inputs of another shape or type elsewhere. Whatever Python's floats refuse is sent elsewhere too: to the
readable program, which gives infinities and NaN as NumPy does. While the lines write into buffers, a lock is held.
"""
from __future__ import annotations

import threading
from typing import Any

import numpy as np

from . import scalars
from .fast import Fast
from .lines import Lines
from .values import NotLowerable


class Writer(Lines):
    """Writes one program: the lines, and what stands around them."""

    def program(self) -> Fast:
        """Write it, and compile it."""
        for v in self.inputs:
            self.text[v], self.level[v] = self.parameters[v], scalars.CALL
        self.write()
        names = ", ".join([self.text[v] for v in self.inputs])
        body = self.lines + [f"return {self.answer(iter(self.outputs), self.returned)}"]
        shared = {**self.memory.buffers, **{n: x for n, x in self.scope.items() if n.startswith("box")}}
        if shared:
            body = [f"with {self.lock}:", *[f"    {line}" for line in body]]
        text = "\n".join([f"def {self.name}({', '.join([f'{self.text[v]}=None' for v in self.inputs])}):",
                          *[f"    {line}" for line in self.door(names)], "    try:",
                          *[f"        {line}" for line in body], "    except (ArithmeticError, ValueError):",
                          f"        return {self.elsewhere}({names})", ""])
        legend = self.legend()
        scope = {**self.memory.buffers, **self.scope, self.lock: threading.Lock()}
        return Fast(text, legend, scope, self.name, tuple(self.parameters.values()), self.elsewhere, len(self.order), self.memory.nbytes)

    def numbers(self, here: dict[str, str]) -> tuple[list[str], list[str]]:
        """(lines, results) for single numbers, where an input is written as `here` says.

        Raises
        ------
        NotLowerable
            When there are arrays.
        """
        for v in self.inputs:
            self.text[v], self.level[v] = here[v.name or ""], scalars.CALL
        for v in self.outputs:
            self.uses[v] -= 1                    # a result may be an expression
        for v in self.order:
            if not scalars.is_expressible(v):
                raise NotLowerable(f"a {v.kind} among single numbers")
            self.number(v)
        return self.lines, [self.answer(iter([v]), v) for v in self.outputs]

    def door(self, names: str) -> list[str]:
        """Numbers must be Python floats and arrays must look like the examples; all else goes elsewhere."""
        used = [v for v in self.inputs if v in self.uses]
        tests = []
        arrays = [self.text[v] for v in used if not v.is_scalar]
        for kind, python in (("f", "float"), ("i", "int"), ("b", "bool"), ("array", "np.ndarray")):
            found = arrays if kind == "array" else [self.text[v] for v in used if v.is_scalar and scalars.kind_of(v) == kind]
            if found:                            # quicker than type(x), and a chain of any length is one test
                tests.append(f"not {' is '.join([f'{n}.__class__' for n in found])} is {python}")
        if arrays:
            self.scope[self.like] = tuple([x for v in used if not v.is_scalar for x in (v.example.shape, v.example.dtype)])
            tests.append(f"({', '.join([f'{n}.shape, {n}.dtype' for n in arrays])}) != {self.like}")
        return [f"if {' or '.join(tests)}:", f"    return {self.elsewhere}({names})"] if tests else []

    def answer(self, outputs: Any, shape: Any) -> str:
        if isinstance(shape, dict):
            return "{" + ", ".join([f"{k!r}: {self.answer(outputs, x)}" for k, x in shape.items()]) + "}"
        if isinstance(shape, tuple):
            return "(" + "".join([f"{self.answer(outputs, x)}, " for x in shape]).rstrip(" ").removesuffix("," if len(shape) > 1 else "") + ")"
        if shape is None:
            return "None"
        v = next(outputs)
        return scalars.literal(v, scalars.kind_of(v) == "f") if v.is_const and v.is_scalar else self.text[v]

    def legend(self) -> str:
        """What the names in the text stand for, as comments: names of the same kind in one line."""
        kinds: dict[str, list[str]] = {}
        for name, thing in {**self.memory.buffers, **self.scope}.items():
            if name in self.memory.buffers:
                what = f"a buffer of shape {thing.shape}" + ("" if thing.dtype == np.float64 else f" and type {thing.dtype}")
            elif not isinstance(thing, np.ndarray):
                continue
            elif name in self.views:
                what = f"{self.views[name]} seen " + ("as whole numbers" if name.endswith("_bits") else f"with the shape {thing.shape}")
            else:
                what = f"an array of shape {thing.shape}" if thing.ndim else "a number" if name.startswith("box") else f"the number {thing[()]}"
            kinds.setdefault(what, []).append(name)
        return "".join([f"# {', '.join(names)}: {what}\n" for what, names in kinds.items()])
