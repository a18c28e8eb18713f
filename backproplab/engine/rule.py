"""One function of an operation's declaration: run to compute, and read as a syntax tree to print and typeset.

Which statements a rule may hold is decided here; what they say is read in `reading`.
"""
from __future__ import annotations

import ast
import copy
import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from .errors import RuleError


class Rule:
    """One function of a declaration: runnable, and readable as a syntax tree with the line numbers of its file.

    The tree is read when it is first asked for: reading the whole vocabulary takes as long as importing NumPy, and a program needs
    a few operations of it.

    Attributes
    ----------
    function : callable
    readable : bool
        False for a forward function that is printed as it stands, above the program: it may hold any statement.
    scope, outer : dict of str to object
        What its names stand for: the globals of its module, and the variables of the functions around it.
    tree : ast.FunctionDef
    parameters : list of str
    """

    def __init__(self, function: Callable[..., Any], readable: bool = True) -> None:
        self.function, self.readable = function, readable
        self.scope = function.__globals__                               # live: a rule may call an operation declared after it

    @functools.cached_property
    def outer(self) -> dict[str, Any]:
        """The variables of the functions around it."""
        return dict(inspect.getclosurevars(self.function).nonlocals)

    @functools.cached_property
    def tree(self) -> ast.FunctionDef:
        return syntax_tree(self.function)

    @functools.cached_property
    def parameters(self) -> list[str]:
        return [a.arg for a in self.tree.args.args] + ([self.tree.args.vararg.arg] if self.tree.args.vararg else [])

    @functools.cached_property
    def body(self) -> list[ast.stmt]:
        """Its statements without the docstring.

        Raises
        ------
        RuleError
            When it holds a statement that a rule may not hold, naming the line.
        """
        body = without_docstring(self.tree.body)
        if self.readable:
            self._check(body)
        return body

    def _check(self, body: list[ast.stmt]) -> None:
        for s in body:
            if isinstance(s, ast.If):
                self._check(s.body)
                self._check(s.orelse)
            elif not (isinstance(s, ast.Return) and s.value is not None
                      or isinstance(s, ast.Assign) and len(s.targets) == 1 and isinstance(s.targets[0], ast.Name)):
                raise RuleError(f"reading the rule {self.function.__qualname__}",
                                f"line {s.lineno} holds `{ast.unparse(s).splitlines()[0]}`",
                                "A rule may hold `name = expression`, `if <constants or shapes>:` and `return expression` only, so that it "
                                "can be printed and typeset: write loops and updates with NumPy functions.")

    def fail(self, line: int, came_in: str, instead: str) -> RuleError:
        """The error for something in the rule, to be raised."""
        return RuleError(f"reading the rule {self.function.__qualname__}, line {line}", came_in, instead)

    def part(self, i: int) -> Callable[..., Any]:
        """The same function returning only its i-th gradient: what nobody asks for is not computed."""
        class Pick(ast.NodeTransformer):
            def visit_Return(self, s: ast.Return) -> ast.Return:
                value = s.value.elts[i] if isinstance(s.value, ast.Tuple) else s.value
                return ast.copy_location(ast.Return(value), s)
        tree = Pick().visit(copy.deepcopy(self.tree))
        tree.body = sliced(without_docstring(tree.body))
        # compiled inside a function of the same outer variables, with the file and the lines of the original for tracebacks
        factory = ast.parse(f"def factory({', '.join(self.outer)}): pass").body[0]
        assert isinstance(factory, ast.FunctionDef)
        factory.body = [tree, ast.Return(ast.Name(tree.name, ast.Load()))]
        made: dict[str, Any] = {}
        module = ast.fix_missing_locations(ast.Module([factory], []))
        exec(compile(module, self.function.__code__.co_filename, "exec"), self.scope, made)
        return made["factory"](**self.outer)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]


def sliced(body: list[ast.stmt]) -> list[ast.stmt]:
    """Drop assignments to names that nothing below reads."""
    kept: list[ast.stmt] = []
    needed: set[str] = set()
    for s in reversed(body):
        if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) and s.targets[0].id not in needed:
            continue
        kept.append(s)
        needed |= {n.id for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return kept[::-1]


def syntax_tree(function: Callable[..., Any]) -> ast.FunctionDef:
    """Syntax tree of a function, with the line numbers of its file."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise RuleError(f"reading the source of {getattr(function, '__qualname__', function)}", f"Python says: {error}",
                        "An operation is printed and typeset from its text: write it in a file or in a notebook cell, with `def`, not "
                        "in exec(), as a lambda, or at the plain >>> prompt.") from None
    if not isinstance(tree, ast.FunctionDef):
        raise RuleError(f"reading the source of {function.__qualname__}", f"found `{ast.unparse(tree).splitlines()[0]}`",
                        "Write forward and backward with `def`.")
    ast.increment_lineno(tree, first - 1)
    return tree
