"""From a rule to expressions: specialise its syntax tree to one node.

Inputs become symbols, constants and shapes are filled in, tests on them are decided. An expression of a rule is *static* when it
depends only on constants and on shapes (`np.shape(x)`, `np.ndim(x)`, a helper marked @static); static parts become constants, except
that a program asks for shapes itself (`X.shape`), so that it holds for another batch too. What is read depends on shapes and
constants only, so a loop of a thousand equal operations reads its rule once (`template`).
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .expressions import Call, Constant, Expression, Symbol, same, simplify
from .marks import ARRANGING, STATIC
from .rule import Rule
from .rules import NUMPY, Operation, written_name

BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@"}
COMPARE = {ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}
METHODS = {"astype", "copy"}                      # methods of arrays that are no functions of NumPy's: not for rules
ASKED: dict[Any, str] = {np.shape: ".shape", np.size: ".size"}    # questions of shape that a program can ask itself


class Template(NamedTuple):
    """A rule in its own letters, for given shapes and constants."""

    temporaries: tuple[tuple[str, Expression], ...]
    expression: Expression | None                 # None: not differentiable in this input
    shape: tuple[int, ...]                        # of the gradient, before broadcasting is summed away
    calls: tuple[Operation, ...]                  # operations of our own that it calls by name
    shaped: tuple[str, ...] = ()                  # letters whose shapes it asks for: they stand as the symbol `shape of x`


class Reader:
    """Reads one rule for one set of shapes and constants.

    Parameters
    ----------
    rule : Rule
    known : mapping of str to Expression
        What each of the rule's names stands for: a symbol for an input, for g and for out.
    values : mapping of str to value
        Arrays of the inputs' shapes under the same names; only static parts look at them.
    constants : mapping of str to value
        The node's constants.
    ask_shapes : bool
        Keep `np.shape(x)` as a question that the program asks, instead of the sizes found now.

    Attributes
    ----------
    calls : dict of str to Operation
        Operations of our own that the rule was found to call.
    shaped : list of str
        Letters whose shapes it was found to ask for.
    """

    def __init__(self, rule: Rule, known: Mapping[str, Expression], values: Mapping[str, Any], constants: Mapping[str, Any],
                 ask_shapes: bool = False) -> None:
        self.rule, self.ask_shapes = rule, ask_shapes
        self.shaped: list[str] = []
        self.known = dict(known)                                        # a rule's names -> expressions
        self.constants = dict(constants)
        self.scope = {**rule.outer, **values, **constants}              # decides static parts
        self.calls: dict[str, Operation] = {}

    def returned(self, emit: Callable[[Expression, str], Expression]) -> list[Expression | None]:
        """Expressions that the rule returns; `emit(expression, name)` takes its temporaries and gives back what stands for them."""
        body = list(self.rule.body)
        while body:
            s = body.pop(0)
            if isinstance(s, ast.If):
                if not self.is_static(s.test):
                    raise self.rule.fail(s.lineno, f"`if {ast.unparse(s.test)}:` looks at values",
                                         "A rule may test constants and shapes only; choose between values with np.where.")
                body[:0] = s.body if self.evaluate(s.test) else s.orelse
            elif isinstance(s, ast.Assign):
                name = s.targets[0].id                                   # type: ignore[attr-defined]
                if self.is_static(s.value):
                    self.scope[name] = self.constants[name] = self.evaluate(s.value)
                    self.known.pop(name, None)
                else:
                    self.known[name] = emit(simplify(self.read(s.value)), name)
                    self.constants.pop(name, None)
            elif isinstance(s, ast.Return):
                many = s.value.elts if isinstance(s.value, ast.Tuple) else [s.value]
                return [None if isinstance(e, ast.Constant) and e.value is None else self.read(e) for e in many]    # type: ignore[arg-type]
        raise self.rule.fail(self.rule.tree.lineno, "it reached its end without `return`", "Return one gradient for each input.")

    def is_static(self, e: ast.expr) -> bool:
        """Does e depend on constants and shapes only?

        The inputs of a @static helper count as static whatever they are, because it looks at their shapes only.
        """
        if isinstance(e, ast.Call):
            function = self.resolve(e.func)
            if callable(function) and function in STATIC:
                return all(isinstance(a, ast.Name) or isinstance(a, ast.Subscript) and isinstance(a.value, ast.Name)
                           and self.is_static(a.slice) or self.is_static(a) for a in e.args)
            return False
        if isinstance(e, ast.Name):
            return e.id in self.constants or e.id not in self.known
        if isinstance(e, ast.Attribute):
            return isinstance(e.value, ast.Name) and e.value.id == "np" and isinstance(getattr(np, e.attr, None), (int, float))
        if isinstance(e, (ast.Lambda, ast.ListComp, ast.GeneratorExp)):
            return False
        return all(self.is_static(c) for c in ast.iter_child_nodes(e) if isinstance(c, ast.expr))

    def resolve(self, func: ast.expr) -> Any:
        """The object that the rule calls, or None for a method."""
        try:
            return eval(ast.unparse(func), self.rule.scope, self.rule.outer)
        except (NameError, AttributeError, TypeError):
            return None

    def evaluate(self, e: ast.expr) -> Any:
        """The value of a static part."""
        return eval(compile(ast.fix_missing_locations(ast.Expression(e)), "<rule>", "eval"), self.rule.scope, {"_shape": np.shape, **self.scope})

    def read(self, e: ast.expr) -> Expression:
        """The expression for a part of the rule.

        Raises
        ------
        RuleError
            For what cannot be typeset, naming the line.
        """
        if isinstance(e, ast.Name):
            if e.id in self.constants:
                return Constant(self.constants[e.id])
            if e.id in self.known:
                return self.known[e.id]
            return Constant(self.evaluate(e))
        if isinstance(e, ast.Subscript) and isinstance(e.value, ast.Name) and self.is_sequence(e.value.id):
            taken = self.known[e.value.id].args[self.evaluate(e.slice)]          # type: ignore[attr-defined]
            return Call("tuple", taken) if isinstance(taken, tuple) else taken
        if isinstance(e, ast.IfExp) and self.is_static(e.test):
            return self.read(e.body if self.evaluate(e.test) else e.orelse)
        if self.is_static(e) and not (self.ask_shapes and self.asks(e)):
            return Constant(self.evaluate(e))
        match e:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
                return Call(BINARY[type(op)], (self.read(left), self.read(right)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Call("neg", (self.read(operand),))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
                return Call(COMPARE[type(op)], (self.read(left), self.read(right)))
            case ast.Attribute(value=value, attr="T"):
                return Call(".T", (self.read(value),))
            case ast.Subscript(value=value, slice=key):
                if isinstance(key, ast.Call) and self.resolve(key.func) in ARRANGING:
                    return Call("index", (self.read(value), self.read(key)))
                if not self.is_static(key):
                    raise self.rule.fail(e.lineno, f"`{ast.unparse(e)}` has an index that is computed from values",
                                         "An index in a rule may depend on constants and shapes only.")
                return Call("index", (self.read(value), Constant(self.evaluate(key))))
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return Call("tuple" if isinstance(e, ast.Tuple) else "list", tuple([self.read(i) for i in elts]))
            case ast.Call():
                return self.call(e)
        raise self.rule.fail(e.lineno, f"`{ast.unparse(e)}` is not an expression that can be typeset",
                             "Write it with operators, NumPy functions, operations, and indices.")

    def asks(self, e: ast.expr) -> bool:
        """Does a static expression hold np.shape(x) or np.size(x) of an array, outside helpers that want numbers?"""
        if isinstance(e, ast.Call):
            if self.resolve(e.func) not in ASKED:
                return False
            return self.evaluate(ast.Call(ast.Name("_shape", ast.Load()), e.args, [])) != ()
        if isinstance(e, ast.BinOp):
            return self.asks(e.left) or self.asks(e.right)
        return isinstance(e, ast.Subscript) and self.asks(e.value)

    def is_sequence(self, name: str) -> bool:
        """Is it the name of all inputs of a variadic operation?"""
        found = self.known.get(name)
        return isinstance(found, Call) and found.head == "tuple"

    def call(self, e: ast.Call) -> Expression:
        """A call, without the keywords that stand at the callee's own default."""
        function, args = self.resolve(e.func), list(e.args)
        if function in ASKED:
            return self.shape_question(ASKED[function], self.read(e.args[0]))
        if callable(function) and function in ARRANGING:
            return expressed(function(*[self.known[a.id] if isinstance(a, ast.Name) and a.id in self.known else self.evaluate(a) for a in e.args]))
        if function is None and isinstance(e.func, ast.Attribute) and hasattr(np, e.func.attr) and e.func.attr not in METHODS:
            function, args = getattr(np, e.func.attr), [e.func.value, *args]      # x.sum(axis=0) is np.sum(x, axis=0)
        if isinstance(function, Operation):
            head, usual = function.name, function.defaults
            self.calls[head] = function
        elif getattr(np, getattr(function, "__name__", ""), None) is function and function is not None:
            head = written_name(function)
            usual = NUMPY[function].defaults if function in NUMPY else {}
        elif function in NUMPY:
            head, usual = written_name(function), NUMPY[function].defaults
        else:
            raise self.rule.fail(e.lineno, f"`{ast.unparse(e)}` calls {ast.unparse(e.func)}",
                                 "A rule may call NumPy functions, declared operations, and helpers marked @static that look only at "
                                 "constants and shapes.")
        keywords = []
        for k in e.keywords:
            if k.arg is None:
                raise self.rule.fail(e.lineno, f"`{ast.unparse(e)}` passes **keywords", "Name each keyword.")
            if not (k.arg in usual and self.is_static(k.value) and same(self.evaluate(k.value), usual[k.arg])):
                keywords.append((k.arg, self.read(k.value)))
        read: list[Expression] = []
        for a in args:
            if isinstance(a, ast.Starred):
                inside = self.read(a.value)
                read += inside.args if isinstance(inside, Call) and inside.head == "tuple" else map(Constant, inside.value)  # type: ignore[attr-defined]
            else:
                read.append(self.read(a))
        return Call(head, tuple(read), tuple(keywords))

    def shape_question(self, head: str, x: Expression) -> Expression:
        """x.shape, kept as a question: the printer puts a named variable of that shape in the place of `shape of x`."""
        assert isinstance(x, Symbol)
        self.shaped.append(x.name)
        return Call(head, (Symbol(f"shape of {x.name}"),))


def expressed(arranged: Any) -> Expression:
    """What an arranging helper gave back, as an expression: an index of constants and expressions."""
    if isinstance(arranged, Expression):
        return arranged
    if isinstance(arranged, tuple) and any(isinstance(a, Expression) for a in arranged):
        return Call("tuple", tuple([expressed(a) for a in arranged]))
    return Constant(arranged)


SPELLED = -1                                      # in the place of an input's position: how a call of the operation is written
MOST = 20_000                                     # templates remembered
_templates: dict[Any, Template] = {}


def template(op: Operation, shapes: tuple[tuple[int, ...], ...], constants: Mapping[str, Any], values: tuple[Any, ...],
             out: Any, i: int | None = None, ask_shapes: bool = False) -> Template:
    """One function of an operation, read for given shapes and constants, in the rule's own letters.

    Which one says `i`: the position of an input for its gradient, None for the forward expression, SPELLED for how a call is written.
    `values` and `out` are arrays of the right shapes; a rule may look at nothing else of them, but for numbers of the author's.
    """
    key = (op, i, ask_shapes, shapes, np.shape(out), *map(fingerprint, constants.values()))
    if op.asks_literals:
        key += tuple([v if v.__class__ is int or v.__class__ is float else None for v in values])
    found = _templates.get(key)
    if found is None:
        if len(_templates) > MOST:
            _templates.clear()
        found = _templates[key] = _read_template(op, dict(constants), values, out, i, ask_shapes)
    return found


def fingerprint(v: Any) -> Any:
    """Something hashable that tells constants apart: 1, 1.0 and True, slices, arrays by their content."""
    if isinstance(v, (tuple, list)):
        return (v.__class__, *map(fingerprint, v))
    if isinstance(v, slice):
        return (slice, *map(fingerprint, (v.start, v.stop, v.step)))
    if isinstance(v, np.ndarray):
        return (v.shape, v.dtype.str, v.tobytes())
    return (v.__class__, v)


def _read_template(op: Operation, constants: dict[str, Any], values: tuple[Any, ...], out: Any, i: int | None, ask_shapes: bool) -> Template:
    rule = op.forward if i is None else op.spelled if i == SPELLED else op.backward
    assert rule is not None
    known: dict[str, Expression]
    if op.variadic:
        name = op.inputs[0]
        known = {name: Call("tuple", tuple([Symbol(f"{name}_{k}") for k in range(len(values))]))}
        scope: dict[str, Any] = {name: values}
    else:
        known = {n: Symbol(n) for n in op.inputs}
        scope = dict(zip(op.inputs, values, strict=True))
    shape: tuple[int, ...] = ()
    gradient = i is not None and i != SPELLED
    if gradient:
        g, result = rule.parameters[:2]
        known |= {g: Symbol(g), result: Symbol(result)}
        zero = np.zeros(np.shape(out))[()]
        scope |= {g: zero, result: out}
        with np.errstate(all="ignore"):
            shape = np.shape(op.gradient(i)(zero, out, *values, **constants))            # type: ignore[arg-type]
        if op.variadic:
            constants["i"] = i
    temporaries: list[tuple[str, Expression]] = []

    def emit(e: Expression, name: str) -> Expression:
        temporaries.append((f"${name}", e))                             # $: no name of the author's can look like this
        return Symbol(f"${name}")
    reader = Reader(rule, known, scope, constants, ask_shapes)
    many = reader.returned(emit)
    expression = many[i if gradient and len(many) > 1 else 0]            # type: ignore[index]
    if expression is not None and gradient:
        expression = simplify(expression)
    return Template(tuple(temporaries), expression, shape, tuple(reader.calls.values()), tuple(dict.fromkeys(reader.shaped)))
