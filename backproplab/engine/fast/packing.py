"""Inputs in dicts, lists and dataclasses: a few lines of text that take them apart for a program, and put its gradients together again.

`containers.flattened` does this for any call. A compiled program has seen the structure once; written out as Python, taking it apart
costs a tenth of that, which counts for a network of many small layers. Other structures than the one it was written for go elsewhere.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..containers import Slot, entries, rebuilt


class Packing:
    """Writes the text.

    Parameters
    ----------
    name : str
        Of the function.
    structure : mapping of str to template
        By argument, as `calling.bound_call` gives it.
    asked : collection of str
        The leaves that have a gradient.
    seed : str
        The argument that is handed on as the last one; "" for none.
    """

    def __init__(self, name: str, structure: Mapping[str, Any], asked: Collection[str], seed: str = "") -> None:
        self.name, self.structure, self.asked, self.seed = name, structure, set(asked), seed
        self.tests: list[str] = []
        self.lines: list[str] = []
        self.leaves: list[str] = []
        self.scope: dict[str, Any] = {"rebuilt": rebuilt}
        for n, template in structure.items():
            self.take_apart(n, template)

    def bound(self, thing: Any) -> str:
        """A name for an object that the text needs: inputs have no names like this."""
        name = f"_thing{len(self.scope)}_"
        self.scope[name] = thing
        return name

    def take_apart(self, here: str, template: Any) -> None:
        """Lines for what stands under the name `here`."""
        if template.__class__ is Slot:
            self.leaves.append(here)
            return
        kind = self.bound(template.__class__)
        parts = list(entries(template))
        inside = [t.name if t.__class__ is Slot else f"_part{len(self.lines)}_{k}_" for k, (_, t) in enumerate(parts)]
        self.lines.append(f"if {here}.__class__ is not {kind}: raise KeyError")
        if isinstance(template, dict):
            self.lines.append(f"if len({here}) != {len(parts)}: raise KeyError")
            self.lines += [f"{name} = {here}[{self.bound(key)}]" for name, (key, _) in zip(inside, parts, strict=True)]
        elif dataclasses.is_dataclass(template):
            self.lines += [f"{name} = {here}.{key}" for name, (key, _) in zip(inside, parts, strict=True)]
        else:
            self.lines.append(f"[{', '.join(inside)}] = {here}")
        for name, (_, t) in zip(inside, parts, strict=True):
            self.take_apart(name, t)

    def put_together(self, template: Any) -> str:
        """The text of gradients in the structure of a template; None stands for a leaf without one."""
        if template.__class__ is Slot:
            return f"g[{template.name!r}]" if template.name in self.asked else "None"
        inside = [self.put_together(t) for _, t in entries(template)]
        if template.__class__ is list:
            return f"[{', '.join(inside)}]"
        return f"rebuilt({self.bound(template)}, [{', '.join(inside)}])"

    def function(self, run: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
        """(arguments) -> (value, gradients by argument); `run` takes the leaves, `otherwise` arguments of another structure by name."""
        found = [f"{n!r}: {text}" for n, t in self.structure.items() if "g[" in (text := self.put_together(t))]
        arguments = [*self.structure, *([self.seed] if self.seed else [])]
        handed_on = [*self.leaves, *([self.seed] if self.seed else [])]
        self.scope |= {"_run_": run, "_otherwise_": otherwise}
        text = "\n".join([f"def {self.name}({', '.join([f'{n}=None' for n in arguments])}):", "    try:",
                          *[f"        {line}" for line in self.lines or ["pass"]], "    except (KeyError, ValueError, AttributeError):",
                          f"        _leaves_ = _otherwise_({', '.join([f'{n}={n}' for n in arguments])})",
                          "    else:", f"        _leaves_ = {', '.join(handed_on)},",
                          "    value, g = _run_(*_leaves_)", f"    return value, {{{', '.join(found)}}}", ""])
        exec(compile(text, f"<containers of {self.name}>", "exec"), self.scope)
        return self.scope[self.name]
