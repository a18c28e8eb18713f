"""Parameters are containers: dicts, lists, tuples and dataclasses of arrays, nested as you like. Two functions walk them.

`mapped` makes a container of the same kind, leaf by leaf: an optimiser's step is one call of it. `leaves` lists what is inside, by name.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.containers import entries, filled, flattened, is_container, rebuilt
from ..engine.errors import ShapeError

# What a bias is usually called: b, b1, b_out, bias, bias2. Others are named where it matters.
BIAS = re.compile(r"b(ias)?_?(\d+|out)?")


def mapped(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """f of every leaf, in a container of the same structure.

    Parameters
    ----------
    f : callable
        (leaf, the leaves at the same place in the others) -> new leaf.
    tree, *others : container of arrays
        Of one structure.

    Returns
    -------
    container
        As `tree`.

    Raises
    ------
    ShapeError
        When the others have another structure.
    """
    if tree.__class__ is dict and all(v.__class__ is np.ndarray for v in tree.values()) \
            and all(o.__class__ is dict and o.keys() == tree.keys() for o in others):
        return {k: f(v, *[o[k] for o in others]) for k, v in tree.items()}                # the short way, for a training loop
    if not is_container(tree):
        return f(tree, *others)
    own = [v for _, v in entries(tree)]
    beside = []
    for other in others:
        if not is_container(other) or [k for k, _ in entries(other)] != [k for k, _ in entries(tree)]:
            raise ShapeError("walking two containers of parameters side by side", f"one is {outline(tree)}, the other {outline(other)}",
                             "They must have one structure: gradients come in the structure of their parameters, so pass them on as they are.")
        beside.append([v for _, v in entries(other)])
    return rebuilt(tree, [mapped(f, *together) for together in zip(own, *beside, strict=True)])


def outline(tree: Any) -> str:
    """What a container holds, in a few words."""
    if not is_container(tree):
        return f"an array of shape {np.shape(tree)}"
    return f"a {type(tree).__name__} with {', '.join(str(k) for k, _ in entries(tree)) or 'nothing'}"


def leaves(tree: Any, name: str = "params") -> dict[str, Any]:
    """Every leaf by its name, as the engine names them: params_0_W, params_0_b, ...

    Returns
    -------
    dict of str to array
        In the container's order.
    """
    found: dict[str, Any] = {}
    flattened(name, tree, found)
    return found


def taken_apart(tree: Any, name: str = "params") -> tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]:
    """A container taken apart: its leaves by name, and the function that puts others in their places."""
    found: dict[str, Any] = {}
    template = flattened(name, tree, found)
    return found, lambda values: filled(template, values.__getitem__)


def is_bias(key: Any, biases: tuple[str, ...] = ()) -> bool:
    """Whether a key of a container names a bias: b, b1, bias, bias_2, or one of `biases`."""
    return isinstance(key, str) and (key in biases or BIAS.fullmatch(key) is not None)


def weights_of(tree: Any, biases: bool = False, named: tuple[str, ...] = ()) -> list[Any]:
    """The leaves that a penalty counts: the weights, and the biases where they are asked for."""
    found: list[Any] = []
    for key, value in entries(tree) if is_container(tree) else [(None, tree)]:
        if is_container(value):
            found += weights_of(value, biases, named)
        elif biases or not is_bias(key, named):
            found.append(value)
    return found
