"""Text of Python functions: the definitions that a printed program needs above it, and the author's own lines beside a graph."""
from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .errors import RuleError
from .expressions import literal
from .rule import syntax_tree, without_docstring
from .rules import Operation


def definitions(calls: dict[str, Operation]) -> list[str]:
    """Definitions of the operations that a program calls, and of those that their forward functions call, callees first."""
    done: dict[str, str] = {}
    constants: dict[str, str] = {}

    def add(op: Operation) -> None:
        if op.name in done:
            return
        tree = syntax_tree(op.printed)
        scope = {**op.run.__globals__, **op.forward.outer}
        local = {a.arg for a in tree.args.args} | {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for name in sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - local - {"np"}):
            used = scope.get(name)
            if isinstance(used, Operation):
                add(used)
            elif isinstance(used, (bool, int, float, np.generic, np.ndarray)):
                constants[name] = f"{name} = {literal(used)}"
            elif inspect.isfunction(used):
                raise RuleError(f"printing the definition of {op.name}", f"its forward calls {name}()",
                                "The printed program must run on NumPy alone: write it into forward, or declare it with @bl.operation.")
        tree.name = op.name
        tree.body = without_docstring(tree.body)
        done[op.name] = ast.unparse(tree)
    for op in calls.values():
        add(op)
    return (["\n".join(constants.values())] if constants else []) + list(done.values())


def lines_of(function: Callable[..., Any], used: Iterable[int]) -> tuple[tuple[int, str], ...]:
    """(line number, text) of the author's function without its blank lines; helpers of the same file whose lines ran stand above.

    Returns
    -------
    tuple
        Empty when Python knows no source, as for a function made by exec().
    """
    function = inspect.unwrap(function)
    try:
        path = inspect.getsourcefile(function)
        own, first = inspect.getsourcelines(function)
    except (OSError, TypeError):
        return ()
    blocks = [(first, own)]
    stray = {n for n in used if n and not first <= n < first + len(own)}
    if stray and path:
        try:
            module = ast.parse("".join(linecache.getlines(path)))
        except SyntaxError:
            module = ast.Module([], [])
        lines = linecache.getlines(path)
        for part in ast.walk(module):
            if isinstance(part, ast.FunctionDef) and part.end_lineno and any(part.lineno <= n <= part.end_lineno for n in stray):
                blocks.insert(-1, (part.lineno, lines[part.lineno - 1:part.end_lineno]))
                stray -= set(range(part.lineno, part.end_lineno + 1))
    out = []
    for start, block in blocks:
        for k, line in enumerate(textwrap.dedent("".join(block)).splitlines()):
            if line.strip():
                out.append((start + k, line.rstrip()))
    return tuple(out)
