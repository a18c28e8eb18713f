"""The one place where training meets the engine: an objective is compiled once, and then runs as fast as one written by hand.

The parameters are taken apart once, before the first step: what runs is a function of arrays, not of containers.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..engine.fast.compiling import compile as compiled_program
from .trees import taken_apart


def compiled(objective: Callable[..., Any], params: Any, *examples: Any) -> Callable[..., tuple[float, dict[str, Any]]]:
    """The value of an objective and its gradient by every leaf of its parameters, as one program.

    Parameters
    ----------
    objective : callable
        (params, *rest) -> one number.
    params : container of arrays
    *examples : array
        The rest, of the shapes that it will be called with; other shapes are compiled when they come.

    Returns
    -------
    callable
        (leaves, *rest) -> (value, gradients), both dicts as `leaves(params)` makes them. The gradients are buffers: the next call
        overwrites them.
    """
    values, assembled = taken_apart(params)
    names = list(values)
    rest = list(inspect.signature(objective).parameters)[1:1 + len(examples)]

    def flat(*given: Any) -> Any:
        return objective(assembled(dict(zip(names, given, strict=False))), *given[len(names):])
    flat.__name__ = getattr(objective, "__name__", "objective")
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    flat.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in [*names, *rest]])    # type: ignore[attr-defined]
    program = compiled_program(flat, *values.values(), *examples, wrt=names, copy=False)

    def run(leaves: dict[str, Any], *others: Any) -> tuple[float, dict[str, Any]]:
        value, found = program(*leaves.values(), *others)
        return value, {n: found[n] for n in names}
    return run
