"""Inputs in dicts, lists and dataclasses, quickly: taken apart into the parameters of a program, and gradients put together in the same form.

`containers.flattened` does this for any call, with names. A program has seen the structure once, when it was compiled; so here a small
function for each part of it is made beforehand, and only checks that the same parts came.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from ..containers import Slot, entries, rebuilt, slots


class OtherStructure(Exception):
    """A container has other parts than the one that was compiled for."""


def unpacker(template: Any) -> Callable[[Any, list[Any]], None]:
    """A function (value, leaves) that appends the leaves of a value which is built like the template."""
    if template.__class__ is Slot:
        return lambda value, leaves: leaves.append(value)
    parts = [(k, unpacker(t)) for k, t in entries(template)]
    count, kind = len(parts), template.__class__
    by_attribute = dataclasses.is_dataclass(template)
    flat = all(t.__class__ is Slot for _, t in entries(template)) and not by_attribute and not isinstance(template, dict)

    def unpack(value: Any, leaves: list[Any]) -> None:
        if value.__class__ is not kind or not by_attribute and len(value) != count:
            raise OtherStructure
        if flat:
            leaves.extend(value)
            return
        for key, part in parts:
            try:
                part(getattr(value, key) if by_attribute else value[key], leaves)
            except KeyError:
                raise OtherStructure from None
    return unpack


def packer(template: Any) -> Callable[[Mapping[str, Any]], Any]:
    """A function from gradients by leaf to the template's structure; a leaf without gradient is None."""
    if template.__class__ is Slot:
        name = template.name
        return lambda found: found.get(name)
    parts = [packer(t) for _, t in entries(template)]
    if template.__class__ is list:
        return lambda found: [part(found) for part in parts]
    return lambda found: rebuilt(template, [part(found) for part in parts])


class Packing:
    """How the arguments of one function become the parameters of its program, and back.

    Parameters
    ----------
    structure : mapping of str to template
        By argument, as `calling.bound_call` gives it.
    asked : collection of str
        The leaves that have a gradient.
    """

    def __init__(self, structure: Mapping[str, Any], asked: Any) -> None:
        self.names = tuple(structure)
        self.unpackers = [unpacker(t) for t in structure.values()]
        self.packers = {n: packer(t) for n, t in structure.items() if any(s.name in asked for s in slots(t))}

    def leaves(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        """The parameters.

        Raises
        ------
        OtherStructure
            When other arguments came, or other containers.
        """
        given = dict(zip(self.names, args, strict=False))
        if len(args) > len(given) or named and not given.keys().isdisjoint(named):
            raise OtherStructure
        given.update(named)
        if len(given) != len(self.names):
            raise OtherStructure
        found: list[Any] = []
        for name, unpack in zip(self.names, self.unpackers, strict=True):
            if name not in given:
                raise OtherStructure
            unpack(given[name], found)
        return found

    def packed(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The gradients, by argument."""
        return {n: pack(found) for n, pack in self.packers.items()}
