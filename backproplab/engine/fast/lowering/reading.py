"""From text to values: reads a program of straight lines, in which names are bound to values.

What is known when the program is compiled (shapes, axes, numbers, tests on them) is decided here and stays a plain Python object; all
else becomes a `Value`. A call of a function that the text defines above is read in its place; one whose body cannot be read, such as
a loop, is called as it is.
"""
from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .primitives import SHAPES, Primitives
from .values import Builder, NotLowerable, Slot, Value, numpy_function

Known = dict[Any, tuple[str | None, Callable[..., Any]]]
BINARY: Known = {ast.Add: ("add", operator.add), ast.Sub: ("subtract", operator.sub), ast.Mult: ("multiply", operator.mul),
          ast.Div: ("divide", operator.truediv), ast.Pow: ("power", operator.pow), ast.MatMult: ("matmul", operator.matmul),
          ast.Mod: ("remainder", operator.mod), ast.FloorDiv: ("floor_divide", operator.floordiv),
          ast.BitAnd: ("bitwise_and", operator.and_), ast.BitOr: ("bitwise_or", operator.or_)}
UNARY: Known = {ast.USub: ("negative", operator.neg), ast.UAdd: ("positive", operator.pos), ast.Invert: ("invert", operator.invert),
         ast.Not: (None, operator.not_)}
COMPARISONS: Known = {ast.Gt: ("greater", operator.gt), ast.GtE: ("greater_equal", operator.ge), ast.Lt: ("less", operator.lt),
               ast.LtE: ("less_equal", operator.le), ast.Eq: ("equal", operator.eq), ast.NotEq: ("not_equal", operator.ne),
               ast.Is: (None, operator.is_), ast.IsNot: (None, operator.is_not)}
NEVER = object()


class Reader:
    """Reads functions of one text.

    Parameters
    ----------
    builder : Builder
    functions : mapping of str to ast.FunctionDef
        The functions that the text defines.
    scope : mapping of str to object
        The same functions, and constants, as Python objects.
    """

    def __init__(self, builder: Builder, functions: Mapping[str, ast.FunctionDef], scope: Mapping[str, Any]) -> None:
        self.b, self.numpy, self.functions, self.scope = builder, Primitives(builder), functions, scope
        self.names: dict[str, Any] = {}
        self.own: set[str] = set()               # names of arrays that no other name shows: these may be updated in place
        self.depth = 0

    def read(self, function: ast.FunctionDef, inputs: dict[str, Any]) -> Any:
        """What the function returns: a value, or a tuple or dict of them as written.

        Raises
        ------
        NotLowerable
            For a statement or an expression that has no fast form.
        """
        self.names, self.own = dict(inputs), set()
        found = self.body(function.body)
        if found is NEVER:
            raise NotLowerable("a function without return")
        return found

    def body(self, statements: list[ast.stmt]) -> Any:
        for s in statements:
            if isinstance(s, ast.Return):
                return self.returned(s.value)
            if isinstance(s, ast.Assign) and len(s.targets) == 1 and isinstance(s.targets[0], ast.Name):
                self.assign(s.targets[0].id, s.value)
            elif isinstance(s, ast.If):
                test = self.visit(s.test)
                if isinstance(test, Value):
                    raise NotLowerable(f"a branch on values: {ast.unparse(s.test)}")
                found = self.body(s.body if test else s.orelse)
                if found is not NEVER:
                    return found
            elif isinstance(s, (ast.AugAssign, ast.Expr)) and not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)):
                self.update(s)
            elif not isinstance(s, (ast.Expr, ast.Pass)):
                raise NotLowerable(ast.unparse(s).splitlines()[0])
        return NEVER

    def returned(self, e: ast.expr | None) -> Any:
        if isinstance(e, ast.Tuple):
            return tuple([self.returned(x) for x in e.elts])
        if isinstance(e, ast.Dict):
            return {ast.literal_eval(k): self.returned(v) for k, v in zip(e.keys, e.values, strict=True)}    # type: ignore[arg-type]
        if isinstance(e, ast.Constant) and e.value is None or e is None:
            return None
        return self.visit(e)

    # ---- names and updates ------------------------------------------------------------------------------------------------

    def assign(self, name: str, e: ast.expr) -> None:
        found = self.visit(e)
        if self.own:                                                    # arrays named in e: the new name may show them
            self.own -= {n.id for n in ast.walk(e) if isinstance(n, ast.Name)} | {name}
        if isinstance(e, ast.Call) and isinstance(found, Value):
            called = e.func.attr if isinstance(e.func, ast.Attribute) else ""
            if called in ("copy", "zeros", "ones", "zeros_like", "ones_like", "full"):
                self.own.add(name)
        if isinstance(found, Value) and found.name is None and not found.is_const and not self.depth:
            found.name = name
        self.names[name] = found

    def update(self, s: ast.AugAssign | ast.Expr) -> None:
        """`name[index] -= e` and `np.add.at(name, index, e)` of an array that was just made, and that no other name shows: a new value."""
        op: str | None = "add_at"
        place: ast.expr | None = None
        if isinstance(s, ast.Expr):
            if isinstance(s.value, ast.Call) and ast.unparse(s.value.func) == "np.add.at" and len(s.value.args) == 3:
                place, index, e = s.value.args
        elif isinstance(s.target, ast.Subscript):
            op, place, index, e = BINARY[type(s.op)][0], s.target.value, s.target.slice, s.value
        if not isinstance(place, ast.Name) or place.id not in self.own:
            raise NotLowerable(f"a change in place: {ast.unparse(s)}")
        x = self.value(place)
        detail, parts = self.index(index)
        new = self.value(e)
        if op == "add_at":
            self.names[place.id] = self.b.make("add_at", detail, x, new, *parts)
            return
        old = self.b.add("gather", detail, (x, *parts)) if parts else self.b.make("view", ("index", detail), x)
        self.names[place.id] = self.b.make("put", detail, x, self.b.ufunc(str(op), old, new), *parts)

    # ---- expressions ------------------------------------------------------------------------------------------------------

    def value(self, e: ast.expr) -> Value: return self.numpy.value(self.visit(e))

    def visit(self, e: ast.expr) -> Any:
        """A Value, or a plain Python object for what is known when compiling."""
        method = getattr(self, f"visit_{e.__class__.__name__}", None)
        if method is None:
            raise NotLowerable(ast.unparse(e))
        return method(e)

    def visit_Constant(self, e: ast.Constant) -> Any: return e.value

    def visit_Name(self, e: ast.Name) -> Any:
        if e.id in self.names:
            return self.names[e.id]
        found = self.scope.get(e.id, NEVER)
        if found is NEVER or callable(found):
            raise NotLowerable(f"the name {e.id}")
        return found

    def visit_Tuple(self, e: ast.Tuple) -> Any: return tuple([self.visit(x) for x in e.elts])
    def visit_List(self, e: ast.List) -> Any: return [self.visit(x) for x in e.elts]

    def visit_BinOp(self, e: ast.BinOp) -> Any:
        name, plain = BINARY[type(e.op)]
        return self.numpy.operation(name, plain, self.visit(e.left), self.visit(e.right))

    def visit_UnaryOp(self, e: ast.UnaryOp) -> Any:
        name, plain = UNARY[type(e.op)]
        return self.numpy.operation(name, plain, self.visit(e.operand))

    def visit_Compare(self, e: ast.Compare) -> Any:
        if len(e.ops) > 1 or type(e.ops[0]) not in COMPARISONS:
            raise NotLowerable(ast.unparse(e))
        name, plain = COMPARISONS[type(e.ops[0])]
        return self.numpy.operation(name, plain, self.visit(e.left), self.visit(e.comparators[0]))

    def visit_BoolOp(self, e: ast.BoolOp) -> Any:
        for x in e.values:
            found = self.visit(x)
            if isinstance(found, Value):
                raise NotLowerable(ast.unparse(e))
            if bool(found) is isinstance(e.op, ast.Or):
                break
        return found

    def visit_IfExp(self, e: ast.IfExp) -> Any:
        test = self.visit(e.test)
        if isinstance(test, Value):
            raise NotLowerable(f"a branch on values: {ast.unparse(e.test)}")
        return self.visit(e.body if test else e.orelse)

    def visit_Attribute(self, e: ast.Attribute) -> Any:
        if is_numpy(e.value):
            return numpy_function(e.attr)
        x = self.visit(e.value)
        if e.attr in SHAPES:
            return SHAPES[e.attr](x.example if isinstance(x, Value) else x)
        if e.attr == "T" and isinstance(x, Value):
            return self.b.make("view", ("T",), x)
        if e.attr == "dtype" and isinstance(x, Value):
            return np.asarray(x.example).dtype
        raise NotLowerable(ast.unparse(e))

    def visit_Subscript(self, e: ast.Subscript) -> Any:
        if ast.unparse(e.value) == "np.s_":
            return self.index(e.slice)[0]
        x = self.visit(e.value)
        if not isinstance(x, Value):
            return x[self.numpy.static(self.visit(e.slice))] if not isinstance(e.slice, ast.Slice) else x[self.index(e.slice)[0]]
        detail, parts = self.index(e.slice)
        if parts:
            return self.b.make("gather", detail, x, *parts)
        picked = x.example[detail]
        return self.b.make("view", ("index", detail), x) if np.ndim(picked) else self.b.make("gather", detail, x)

    def index(self, e: ast.expr) -> tuple[Any, list[Value]]:
        """An index as a detail with Slots, and the array values that fill them."""
        parts: list[Value] = []

        def one(x: Any) -> Any:
            if isinstance(x, ast.Slice):
                return slice(*[None if p is None else self.numpy.static(self.visit(p)) for p in (x.lower, x.upper, x.step)])
            found = self.visit(x) if isinstance(x, ast.expr) else x
            if isinstance(found, tuple):
                return tuple([one(i) for i in found])
            if isinstance(found, list):
                found = self.numpy.sequence(found)
            if isinstance(found, (np.ndarray, np.generic)):
                found = self.b.const(found)
            if not isinstance(found, Value):
                return found
            if found.is_const and found.is_scalar and not isinstance(found.example, (bool, np.bool_)):
                return int(found.example)
            parts.append(found)
            return Slot(len(parts) - 1)
        detail = tuple([one(x) for x in e.elts]) if isinstance(e, ast.Tuple) else one(e)
        return detail, parts

    # ---- calls ------------------------------------------------------------------------------------------------------------

    def visit_Call(self, e: ast.Call) -> Any:
        keywords = {}
        for k in e.keywords:
            if k.arg is None:
                raise NotLowerable(ast.unparse(e))
            keywords[k.arg] = self.visit(k.value)
        args = [self.visit(a) for a in e.args if not isinstance(a, ast.Starred)]
        if len(args) != len(e.args):
            raise NotLowerable(ast.unparse(e))
        if isinstance(e.func, ast.Attribute):
            path = ast.unparse(e.func)
            if path.startswith("np."):
                return self.numpy.call(path[3:], args, keywords)
            return self.numpy.call(e.func.attr, [self.visit(e.func.value), *args], keywords)
        name = e.func.id if isinstance(e.func, ast.Name) else ""
        if name == "len":
            return len(args[0].example if isinstance(args[0], Value) else args[0])
        if name in self.functions and name in self.scope:
            return self.inlined(name, args, keywords)
        raise NotLowerable(f"a call of {ast.unparse(e.func)}")

    def inlined(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """A function of the text, read in place of its call; where that cannot be, called."""
        function = self.scope[name]
        try:
            bound = inspect.signature(function).bind(*args, **keywords)
        except TypeError as error:
            raise NotLowerable(f"{name}: {error}") from None
        bound.apply_defaults()
        kept = self.names, self.own
        self.names, self.own = dict(bound.arguments), set()
        self.depth += 1
        try:
            found = self.body(self.functions[name].body)
            if found is not NEVER and not isinstance(found, (tuple, dict)):
                return found
        except NotLowerable:
            pass
        finally:
            self.names, self.own = kept
            self.depth -= 1
        return self.numpy.opaque(function, args, keywords)


def is_numpy(e: ast.expr) -> bool:
    return isinstance(e, ast.Name) and e.id in ("np", "numpy")
