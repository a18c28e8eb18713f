"""One declaration, three readings.

An operation is a class with two plain functions, `forward(x, y, ...)` and `backward(g, out, x, y, ...)`. The functions are *run* to
compute, and *read*: `reading.specialise` turns their source into expressions in which a node's names stand for the inputs and its
constants and shapes are filled in. Those expressions are what is printed as NumPy and typeset. No derivative is written twice.

A parameter without a default is an input, one with a default a constant of the node (axis, keepdims, key). The body of a rule may
hold `name = expression`, `if <constants and shapes>:` and `return`. An operation that stands for a NumPy function is printed as its
forward expression; one of our own is printed as a call of its name, with its definition above the program.
"""
from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import BackpropError, RuleError
from .marks import LITERAL
from .rule import Rule
from .values import frozen

VOCABULARY = __name__.rpartition(".")[0] + ".vocabulary."
NUMPY: dict[Any, Operation] = {}                 # a NumPy function (or operator.getitem) -> the operation that stands for it
OPERATIONS: dict[str, Operation] = {}            # name -> operation, the latest declaration of that name
NUMERIC = (float, int, np.ndarray, np.generic)   # values that go into an operation as they are


SHORTER = {"absolute": "abs", "amax": "max", "amin": "min"}              # NumPy's second names, as people write them


def written_name(function: Any) -> str:
    """A NumPy function as it is written: np.exp, np.linalg.norm."""
    name = SHORTER.get(function.__name__, function.__name__)
    return f"np.linalg.{name}" if function.__module__ == "numpy.linalg" else f"np.{name}"


class Operation:
    """A declared operation. Calling it computes on numbers and arrays, and records on traced values.

    Attributes
    ----------
    name : str
    inputs : tuple of str
        Its parameters without a default. `variadic` operations have one, a sequence.
    defaults : dict
        Its constants and their defaults.
    own : bool
        True when it stands for no NumPy function and is therefore printed as a call of its name.
    forward, backward : Rule, Rule or None
        The two functions as they are read. What has no backward passes no gradient on.
    run : callable
        The forward function as it is computed.
    samples : tuple of str
        Expressions that use it, in the arrays of `backproplab.engine.samples`: every law is tested on them.
    refuse, caution : callable or None
        (*inputs, **constants) -> a sentence when these shapes are an error, or deserve a warning; {0} and {1} stand for the names.
    kink : callable or None
        (*inputs, **constants) -> how far every entry is from the nearest point without a derivative.
    received : callable or None
        (*args, **kwargs) of a call -> (inputs, constants), where NumPy's signature is not `forward`'s. Arguments that it does not take
        are a TypeError of what came in and what to write instead.
    spelled : Rule or None
        How a call is written, where that is not its inputs and then its constants.
    leading : tuple of str
        The constants that a call writes before its inputs, as np.einsum does with its subscripts.
    public : bool
        False for an operation that only rules call.
    functions : tuple
        The NumPy functions that it stands for.
    hint : dict of str to str
        What to write instead where it has no finite value, by NumPy's word for the trouble.
    printed : callable
        The function whose text stands above a program that calls it: `forward`, if not another that does the same.
    """

    def __init__(self, cls: type, functions: tuple[Any, ...]) -> None:
        forward = cls.__dict__.get("forward")
        if not inspect.isfunction(forward):
            raise RuleError(f"declaring the operation {cls.__name__}", "it has no function called `forward`",
                            "Write `def forward(x, y): return ...` and `def backward(g, out, x, y): return ..., ...`.")
        if "self" in inspect.signature(forward).parameters:
            raise RuleError(f"declaring the operation {cls.__name__}", "its forward takes self",
                            "forward and backward are plain functions, no object is made: leave out self.")
        self.name = self.__name__ = cls.__name__.rstrip("_")             # sum_ stands for np.sum
        self.__doc__ = inspect.getdoc(cls)
        self.samples: tuple[str, ...] = tuple(getattr(cls, "samples", ()))
        self.__module__ = cls.__module__
        self.own = not functions
        self.public = getattr(cls, "public", True)
        self.functions = functions
        self.run: Callable[..., Any] = forward
        self.refuse = declared(cls, "refuse")
        self.caution = declared(cls, "caution")
        self.kink = declared(cls, "kink")
        self.received = declared(cls, "received")
        self.leading: tuple[str, ...] = tuple(getattr(cls, "leading", ()))
        self.hint: dict[str, str] = getattr(cls, "hint", {})
        self.printed: Callable[..., Any] = declared(cls, "printed") or forward
        self.forward = Rule(forward, readable=not self.own)
        self.spelled = Rule(declared(cls, "spelled")) if "spelled" in cls.__dict__ else None
        self.signature = self.__signature__ = inspect.signature(forward)
        parameters = self.signature.parameters.values()
        self.variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        self.inputs = tuple(p.name for p in parameters if p.default is p.empty)
        self.defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
        self.backward = self._backward(cls)
        self._parts: dict[int, Callable[..., Any]] = {}

    @functools.cached_property
    def spelling(self) -> str:
        """What is written to call it: np.exp, bl.softmax."""
        return written_name(self.functions[0]) if self.functions else f"bl.{self.name}"

    @functools.cached_property
    def asks_literals(self) -> bool:
        """Does its derivative depend on a number in the author's code?"""
        return self.backward is not None and any(
            isinstance(n, ast.Name) and callable(self.backward.scope.get(n.id)) and self.backward.scope.get(n.id) in LITERAL
            for n in ast.walk(self.backward.tree))

    def read(self) -> None:
        """Read both functions now.

        Raises
        ------
        RuleError
            When one cannot be read, or returns another number of gradients than there are inputs; with the line.
        """
        assert self.forward.body and (self.backward is None or self.backward.body)
        if self.backward is None or self.variadic:
            return
        for r in (n for n in ast.walk(self.backward.tree) if isinstance(n, ast.Return)):
            count = len(r.value.elts) if isinstance(r.value, ast.Tuple) else 1
            if count != len(self.inputs):
                raise RuleError(f"declaring the operation {self.name}",
                                f"line {r.lineno} returns {count} gradient{'s' * (count != 1)} for {len(self.inputs)} inputs",
                                f"Return one gradient for each of {', '.join(self.inputs)}, in that order; None where there is none.")

    def _backward(self, cls: type) -> Rule | None:
        function = cls.__dict__.get("backward")
        if function is None:
            return None
        wanted = ["g", "out", *self.inputs, *self.defaults, *(["i"] if self.variadic else [])]
        found = list(inspect.signature(function).parameters)
        if found[2:] != wanted[2:] or len(found) < 2:
            raise RuleError(f"declaring the operation {self.name}", f"its backward takes ({', '.join(found)})",
                            f"It must take the incoming gradient, the output, then exactly what forward takes: ({', '.join(wanted)}).")
        return Rule(function)

    def gradient(self, i: int) -> Callable[..., Any]:
        """The function (g, out, *inputs, **constants) -> gradient of input i, before broadcasting is summed away."""
        assert self.backward is not None
        part = self._parts.get(i)
        if part is None:
            if self.variadic:
                whole = self.backward.function

                def part(g: Any, out: Any, *xs: Any, **constants: Any) -> Any:
                    return whole(g, out, *xs, i=i, **constants)
            else:
                part = self.backward.part(i)
            self._parts[i] = part
        return part

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """(inputs, constants) of a call written as NumPy's is.

        Raises
        ------
        TypeError
            For arguments that it does not take.
        """
        if self.received is not None:
            return self.received(*args, **kwargs)
        if self.variadic:
            xs, rest = tuple(args[0]), args[1:]
            given = {**dict(zip(self.defaults, rest, strict=False)), **kwargs}
            if len(rest) > len(self.defaults) or set(given) - set(self.defaults):
                raise TypeError(f"takes a sequence and {', '.join(self.defaults)}")
            return xs, {**self.defaults, **given}
        if self.functions and "keepdims" in self.defaults and len(args) > 2:
            raise TypeError("too many positional arguments")            # the third is NumPy's dtype or out
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple([bound.arguments[n] for n in self.inputs]), {n: bound.arguments[n] for n in self.defaults}

    def checked(self, *inputs: Any, **constants: Any) -> Any:
        """forward, on values, with the shapes looked at first.

        Raises
        ------
        ShapeError
            When the operation refuses them.
        """
        if self.refuse is not None:
            from .mismatch import refusal
            refusal(self, inputs, list(inputs), constants, None)
        return self.run(*inputs, **constants)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from .recording import apply
        try:
            inputs, constants = self.bind(args, kwargs)
        except BackpropError:
            raise
        except TypeError as error:
            from .refusals import miscalled
            raise miscalled(self, error) from None
        if self.own:
            inputs = tuple([v if isinstance(v, NUMERIC) or hasattr(v, "home") else frozen(v, f"an input of bl.{self.name}") for v in inputs])
        return apply(self, inputs, constants)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> Any:
        return named, (self.name,)


def declared(cls: type, name: str) -> Any:
    """The plain function of that name in a declaration, or None."""
    found = cls.__dict__.get(name)
    return found.__func__ if isinstance(found, staticmethod) else found


def named(name: str) -> Operation:
    """The operation of that name; how operations are unpickled."""
    return OPERATIONS[name]


def operation(*functions: Any) -> Any:
    """Declare an operation from a class with `forward` and, where it has a derivative, `backward`.

    Parameters
    ----------
    *functions
        The NumPy functions it stands for, as in ``@operation(np.multiply)``. A bare ``@operation`` declares one of your own.

    Returns
    -------
    Operation
        In place of the class. It computes on arrays, records on traced values, prints and typesets.

    Raises
    ------
    RuleError
        When a function cannot be read, with the line; when a NumPy function is declared already.

    Examples
    --------
    >>> @operation
    ... class cube:
    ...     "x * x * x"
    ...     def forward(x): return x * x * x
    ...     def backward(g, out, x): return g * 3 * x**2
    """
    if len(functions) == 1 and inspect.isfunction(functions[0]) and not functions[0].__module__.startswith("numpy"):
        name = functions[0].__name__
        raise RuleError(f"declaring the operation {name}", "@operation was put on a function",
                        f"Put it on a class: `class {name}:` with `def forward(x): ...` and `def backward(g, out, x): ...` inside.")
    if len(functions) == 1 and inspect.isclass(functions[0]):
        return _declare(functions[0], ())
    return lambda cls: _declare(cls, functions)


def _declare(cls: type, functions: tuple[Any, ...]) -> Operation:
    for f in functions:
        if not callable(f):
            raise RuleError(f"declaring the operation {cls.__name__}", f"@operation was given {f!r}",
                            "Give it the NumPy functions that it stands for, as in @operation(np.exp), or nothing.")
        if f in NUMPY and NUMPY[f].__module__ != cls.__module__:
            raise RuleError(f"declaring the operation {cls.__name__} for np.{f.__name__}", f"np.{f.__name__} is declared already",
                            "Write a bare @operation and call yours by its own name: everything else keeps NumPy's derivative.")
    op = Operation(cls, functions)
    if not cls.__module__.startswith(VOCABULARY):                       # ours are read by a test, and else when they are needed
        op.read()
        from .registration import check
        check(op)
    for f in functions:
        NUMPY[f] = op
    OPERATIONS[op.name] = op
    return op
