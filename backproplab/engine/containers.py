"""Parameters in dicts, lists, tuples and dataclasses, nested as the author likes.

`flattened` takes a container apart into named leaves and a template in which `Slot`s stand for them; `filled` puts it together again
with other leaves: traced values to call the function, gradients to give back.
"""
from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


class Slot:
    """Stands for an input, by its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"


def is_container(value: Any) -> bool:
    """A dict, a dataclass, or a list or tuple that holds arrays or containers. A list of plain numbers is an array."""
    if isinstance(value, dict) or dataclasses.is_dataclass(value) and not isinstance(value, type):
        return True
    return isinstance(value, (list, tuple)) and any(is_leaf_array(v) or is_container(v) for v in value)


def is_leaf_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 or hasattr(value, "home")


def entries(value: Any) -> Iterator[tuple[Any, Any]]:
    """(key, entry) of a container, in its order."""
    if isinstance(value, dict):
        yield from value.items()
    elif dataclasses.is_dataclass(value):
        yield from ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
    else:
        yield from enumerate(value)


def flattened(name: str, value: Any, leaves: dict[str, Any]) -> Any:
    """The template of `value`; its leaves are added to `leaves` under names such as params_W and layers_0_b.

    Raises
    ------
    KeyError
        When two leaves would have one name.
    """
    if not is_container(value):
        if name in leaves:
            raise KeyError(name)
        leaves[name] = value
        return Slot(name)
    return rebuilt(value, [flattened(f"{name}_{''.join(c if c.isalnum() else '_' for c in str(k))}", v, leaves) for k, v in entries(value)])


def filled(template: Any, leaf: Callable[[str], Any]) -> Any:
    """The template with every Slot replaced by leaf(its name); what holds no Slot is left as it is."""
    if template.__class__ is Slot:
        return leaf(template.name)
    if isinstance(template, dict) or dataclasses.is_dataclass(template) and not isinstance(template, type) \
            or isinstance(template, (list, tuple)) and any(True for _ in slots(template)):
        return rebuilt(template, [filled(v, leaf) for _, v in entries(template)])
    return template


def slots(template: Any) -> Iterator[Slot]:
    """The Slots inside, in order."""
    if template.__class__ is Slot:
        yield template
    elif isinstance(template, (dict, list, tuple)) or dataclasses.is_dataclass(template) and not isinstance(template, type):
        for _, v in entries(template):
            yield from slots(v)


def rebuilt(like: Any, values: list[Any]) -> Any:
    """A container of the same kind with other entries."""
    if isinstance(like, dict):
        made = copy.copy(like)
        made.update(zip(like, values, strict=True))
        return made
    if dataclasses.is_dataclass(like) and not isinstance(like, type):
        new: Any = copy.copy(like)                                      # frozen ones too, and without running __init__
        for f, v in zip(dataclasses.fields(like), values, strict=True):
            object.__setattr__(new, f.name, v)
        return new
    if isinstance(like, tuple):
        return type(like)(*values) if hasattr(like, "_fields") else tuple(values)
    return list(values)
