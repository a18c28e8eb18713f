"""Lowering: from the text of a readable program to a fast form of it, as quick as a good engineer writes it by hand.

The pipeline, a file each:

1. `reading` walks the text once. What is known by now (shapes, axes, tests on them) is decided; functions that the text defines are
   read in place of their calls. `primitives` tells what a call of NumPy is made of.
2. `values` makes those primitives: never changed, each once. What depends on constants only is a constant.
3. `rewrites` replaces a primitive by a cheaper one that computes the same, as it is made; `rewriting` says what a rewrite is.
4. `ordering` puts them in a good order without dead code. `memory` gives each array a buffer until its last reader, and lets a result
   overwrite an operand that is not read again.
5. `lines` writes a line for each array, with `out=`, and `scalars` an expression for each number; `names` has names for what the readable
   program does not name. `writing` makes a program of them, and `fast` is what comes out.

All of it knows NumPy and nothing of our operations or their derivatives, so that nothing here imports from the rest of the package: it
lowers any text of straight lines. What it cannot read is refused with `NotLowerable`, and the readable program is used as it is. To
follow it, begin with `reading`, `values` and `lines`.
"""
from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from .reading import Reader
from .rewrites import REWRITES
from .rewriting import Rewrite
from .values import Builder, NotLowerable, Value
from .writing import Fast, Writer


def lower(source: str, *examples: Any, known: Mapping[str, Any] | None = None, dtype: Any = None, fresh: bool = False,
          rewrites: Collection[Rewrite] | None = None) -> Fast:
    """The fast form of the last function in a text.

    Parameters
    ----------
    source : str
        Functions of straight lines on NumPy; the last is the program, the others are its helpers.
    *examples : float, int or ndarray
        Its inputs, of the shapes and dtypes that it will be called with. The fast form holds for these shapes.
    known : dict of str to value, optional
        Parameters that always have this value; they are no inputs of the fast form.
    dtype : np.float32, optional
        Take it for real numbers, where NumPy would take float64 for want of another.
    fresh : bool
        Return new arrays from each call, instead of buffers that the next call overwrites.
    rewrites : collection of Rewrite, optional
        By default all of them.

    Returns
    -------
    Fast
        Set its `elsewhere` before you call it.

    Raises
    ------
    NotLowerable
        For loops, branches on values, and whatever else is no straight line of NumPy.
    """
    return prepared(source, examples, known, dtype, fresh, rewrites).program()


def numbers_only(source: str, examples: dict[str, float], here: dict[str, str]) -> tuple[list[str], list[str]]:
    """(lines, results) of a program of single numbers, to be written into another text, in which its inputs are called as in `here`.

    Raises
    ------
    NotLowerable
    """
    return prepared(source, tuple(examples.values()), None, None, False, None).numbers(here)


def prepared(source: str, examples: tuple[Any, ...], known: Mapping[str, Any] | None, dtype: Any, fresh: bool,
             rewrites: Collection[Rewrite] | None) -> Writer:
    """Everything but the writing."""
    tree = ast.parse(textwrap.dedent(source))
    functions = {s.name: s for s in tree.body if isinstance(s, ast.FunctionDef)}
    if not functions:
        raise NotLowerable("a text without a function")
    function = list(functions.values())[-1]
    helpers = ast.Module([s for s in tree.body if s is not function], [])
    scope: dict[str, Any] = {"np": np}
    exec(compile(helpers, "<readable form>", "exec"), scope)
    builder = Builder(REWRITES.values() if rewrites is None else rewrites, dtype)
    with np.errstate(all="ignore"):
        given = {a.arg: builder.const(known[a.arg]) for a in function.args.args if known and a.arg in known}
        names = [a.arg for a in function.args.args if a.arg not in given]
        inputs = [builder.input(n, x) for n, x in zip(names, examples, strict=True)]
        given |= dict(zip(names, inputs, strict=True))
        found = Reader(builder, functions, scope).read(function, given)
        returned = as_values(builder, found)
    return Writer(builder.values, inputs, returned, function.name, fresh)


def as_values(builder: Builder, found: Any) -> Any:
    """What a program returns, with a constant value for what is known already."""
    if isinstance(found, dict):
        return {k: as_values(builder, x) for k, x in found.items()}
    if isinstance(found, tuple):
        return tuple([as_values(builder, x) for x in found])
    return found if isinstance(found, Value) or found is None else builder.const(found)


__all__ = ["REWRITES", "Fast", "NotLowerable", "lower"]
