"""Gates: one operation with `forward` and `backward`, remembering in between what the local derivatives need.

`gate` makes a right one from an operation of the engine, for graphs to be built of; `check_gate` tries a learner's own.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.errors import BackpropError, InputError
from ..engine.run import Run, trace
from ..questions import diagnose
from ..questions.sentences import plain
from .calling import attempt
from .report import Fault, Report, agree, called, number, told_shape

SCALARS = ((3.0, -1.5), (2.0, 0.75), (-0.5, 1.25), (0.4, 0.4))           # the last is a tie: its gradients are a choice and are not judged
UPSTREAM = 2.5
_DRAW = np.random.RandomState(5)
MATRICES = (_DRAW.uniform(-1.5, 1.5, (2, 3)), _DRAW.uniform(-1.5, 1.5, (3, 4)))
SQUARES = (_DRAW.uniform(-1.5, 1.5, (3, 3)), _DRAW.uniform(-1.5, 1.5, (3, 3)))     # shapes tell nothing here, numbers do


def gate(operation: Callable[..., Any], name: str = "") -> type:
    """A gate class made from an operation: its backward is the engine's.

    Parameters
    ----------
    operation : callable
        A function of NumPy operations: np.multiply, bl.sigmoid, lambda x: 3 * x.
    name : str, optional
        The class's name.

    Returns
    -------
    type
        A class with ``forward(*inputs)``, which returns the value, and ``backward(g)``, which returns a list with one gradient for
        each input.

    Examples
    --------
    >>> Multiply = gate(np.multiply, "Multiply")
    >>> one = Multiply()
    >>> print(one.forward(3.0, -1.5), *one.backward(2.5))
    -4.5 -3.75 7.5
    """
    class Gate:
        def forward(self, *inputs: Any) -> Any:
            self.inputs = inputs
            return operation(*inputs)

        def backward(self, g: Any) -> list[Any]:
            run = run_of(operation, named(self.inputs), g)
            return [run.grads[n] for n in run.inputs]

    Gate.__name__ = Gate.__qualname__ = name or getattr(operation, "__name__", "Gate").strip("<>").title()
    return Gate


def named(inputs: tuple[Any, ...], names: tuple[str, ...] = ()) -> dict[str, Any]:
    return dict(zip(names or tuple("xyzuvw"), inputs, strict=False))


def run_of(operation: Callable[..., Any], inputs: Mapping[str, Any], upstream: Any) -> Run:
    """One operation traced at inputs with these names, its output weighted by the upstream gradient."""
    parameters = ", ".join(inputs)
    call = eval(f"lambda {parameters}: _operation({parameters})", {"_operation": operation})
    return trace(call, inputs=dict(inputs), cotangent=upstream)


def check_gate(cls: Any, operation: Callable[..., Any]) -> Report:
    """Try a learner's gate against the engine.

    Parameters
    ----------
    cls : type
        A class whose objects have ``forward(self, x, ...)``, which returns the value, and ``backward(self, g)``, which returns a list
        with one gradient for each input. Call it without arguments to make one gate.
    operation : callable
        What the gate is to compute: np.multiply, np.maximum, np.exp, bl.sigmoid, np.matmul, or a function of your own.

    Returns
    -------
    Report
        ``.passed``, and what is wrong in words: the local derivative without the upstream, inputs not switched, gradients in the wrong
        order, a cache that two gates share, and others.

    Raises
    ------
    InputError
        When `cls` is no class, or `operation` is nothing that can be traced.
    """
    if not isinstance(cls, type):
        raise InputError("checking a gate", f"a {type(cls).__name__} came",
                         "Give the class and what it computes: check_gate(Multiply, np.multiply).")
    if not callable(operation):
        raise InputError(f"checking the gate {cls.__name__}", f"a {type(operation).__name__} came in place of a function",
                         "Give what it computes: check_gate(Multiply, np.multiply).")
    try:
        points = list(points_of(cls, operation))
        done = [f"forward: {len(points)} values agree with the engine's."]
        for point in points:
            forward(cls, operation, point)
        tried = [p for p in points if not tied(p)]
        for point in tried:
            backward(cls, operation, point)
        done.append(f"backward: so do {sum(len(p) for p in tried)} gradients, at upstream gradients other than 1.")
        apart(cls, operation, tried[0], tried[-1])
        done.append("two gates of this class do not disturb each other, and one can be used again.")
    except Fault as fault:
        return Report(cls.__name__, (), (str(fault),))
    return Report(cls.__name__, tuple(done))


def parameters_of(cls: type, count: int) -> tuple[str, ...]:
    """The learner's names for the inputs, where `forward` has as many."""
    try:
        names = tuple(inspect.signature(cls.forward).parameters)[1:]      # type: ignore[attr-defined]
    except (TypeError, ValueError, AttributeError):
        names = ()
    return names if len(names) == count and all(n.isidentifier() for n in names) else tuple("xyzuvw"[:count])


def points_of(cls: type, operation: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """Inputs, by the learner's names, where the operation has a finite value: numbers if it takes them, else matrices."""
    count = inputs_of(operation)
    found = 0
    for given in (*SCALARS, MATRICES, SQUARES):
        if found and np.ndim(given[0]) and given is MATRICES:
            return                                                        # it takes numbers, and is perhaps written for them alone
        point = dict(zip(parameters_of(cls, count), given, strict=False))
        if len(point) < count:
            break
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(operation(*point.values()), float)
        except (BackpropError, ValueError, TypeError):
            continue
        if np.isfinite(value).all():
            found += 1
            yield point
    if not found:
        raise InputError(f"checking the gate {cls.__name__}", "the operation has no value at any point that is tried",
                         "Give an operation of one or two numbers or matrices, such as np.multiply or np.matmul.")


def inputs_of(operation: Callable[..., Any]) -> int:
    """How many inputs an operation has: those of a ufunc, else its parameters without a default."""
    if isinstance(operation, np.ufunc):
        return operation.nin
    if hasattr(operation, "inputs"):
        return len(operation.inputs)
    try:
        return len([p for p in inspect.signature(operation).parameters.values() if p.default is p.empty and p.kind in (0, 1)])
    except (TypeError, ValueError):
        return 2


def tied(point: Mapping[str, Any]) -> bool:
    values = list(point.values())
    return len(values) == 2 and np.ndim(values[0]) == 0 and bool(values[0] == values[1])


def made(cls: type) -> Any:
    return attempt(f"{cls.__name__}()", cls)


def forward(cls: type, operation: Callable[..., Any], point: Mapping[str, Any], one: Any = None) -> Any:
    """The gate after one forward call, its value found right."""
    one = made(cls) if one is None else one
    given = {n: np.array(v) if np.ndim(v) else v for n, v in point.items()}
    out = attempt(f"forward at {called(given)}", lambda: one.forward(*given.values()))
    with np.errstate(all="ignore"):
        right = operation(*point.values())
    if out is None:
        raise Fault("forward returns nothing: end it with return and the value.")
    if any(not np.array_equal(given[n], point[n]) for n in point):
        raise Fault("forward changes its inputs: make new arrays instead of writing into those that came in.")
    if not agree(out, right):
        raise Fault(f"forward at {called(given)} gives {told(out)}, and the engine has {number(right)}.")
    return one


def upstream_of(operation: Callable[..., Any], point: Mapping[str, Any]) -> Any:
    """An upstream gradient that is not 1, in the shape of the output."""
    shape = np.shape(operation(*point.values()))
    return UPSTREAM if shape == () else np.round(np.linspace(-1.5, 2.5, int(np.prod(shape))), 2).reshape(shape)


def backward(cls: type, operation: Callable[..., Any], point: Mapping[str, Any], one: Any = None) -> list[Any]:
    """The gradients of one backward call, found right."""
    one = forward(cls, operation, point) if one is None else one
    g = upstream_of(operation, point)
    where = f"backward at {called(dict(point))} with the upstream gradient {number(g) if np.ndim(g) == 0 else f'of shape {np.shape(g)}'}"
    got = attempt(where, lambda: one.backward(np.array(g) if np.ndim(g) else g))
    run = run_of(operation, point, g)
    names = list(point)
    got = listed_gradients(got, names)
    right = [run.grads[n] for n in names]
    wrong = [k for k in range(len(names)) if not agree(got[k], right[k])]
    if wrong:
        raise Fault(f"{where}: {mistake(run, operation, point, g, names, got, right, wrong)}")
    return got


def listed_gradients(got: Any, names: list[str]) -> list[Any]:
    """What backward returned, as a list with a gradient for each input."""
    wanted = f"[d{names[0]}]" if len(names) == 1 else f"[{', '.join(f'd{n}' for n in names)}]"
    if got is None:
        raise Fault(f"backward returns nothing: end it with return {wanted}.")
    if isinstance(got, np.ndarray) and len(names) == 1 or not isinstance(got, (list, tuple)):
        raise Fault(f"backward returns a {type(got).__name__}: return a list with one gradient for each input, {wanted}"
                    f"{', also for one input' if len(names) == 1 else ''}.")
    if len(got) != len(names):
        raise Fault(f"backward returns {len(got)} gradients, and the gate has {len(names)} input{'s' * (len(names) > 1)}: return {wanted}.")
    return list(got)


def mistake(run: Run, operation: Callable[..., Any], point: Mapping[str, Any], g: Any, names: list[str], got: list[Any], right: list[Any],
            wrong: list[int]) -> str:
    """What the wrong gradients look like."""
    with np.errstate(all="ignore"):
        ones = run_of(operation, point, np.ones(np.shape(g))[()])
    if len(names) == 2 and agree(got[0], right[1]) and agree(got[1], right[0]):
        switch = f" {names[0]} is to receive the upstream gradient times {names[1]}, and {names[1]} times {names[0]}."
        return (f"the two gradients have changed places: return [d{names[0]}, d{names[1]}], in the order of forward's inputs."
                f"{switch if agree(ones.grads[names[0]], point[names[1]]) else ''}")
    k = wrong[0]
    name, value, target = names[k], got[k], right[k]
    if value is None or value is ...:
        return unwritten(name, value)
    said = f"the gradient of {name} is {told(value)}, and the engine has {number(target)}."
    if np.shape(value) != np.shape(target):
        return f"the gradient of {name} is {told_shape(np.shape(value))}; it has the shape of {name}, so it is {told_shape(np.shape(target))}."
    if agree(value, ones.grads[name]):
        return f"{said} That is the local derivative alone: multiply it by the gradient that comes in."
    if agree(value, -np.asarray(target)):
        return f"{said} The sign is turned."
    try:
        known = diagnose(run, {name: value})[name]
    except (BackpropError, TypeError, ValueError):
        return said
    return f"{said} {plain(f'{known.reason} {known.action}')}".strip() if known.verdict == "looks like" else said


def apart(cls: type, operation: Callable[..., Any], first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    """Two gates at work at once, and one gate at work twice."""
    a = forward(cls, operation, first)
    forward(cls, operation, second)
    g = upstream_of(operation, first)
    right = [run_of(operation, first, g).grads[n] for n in first]

    def again(one: Any) -> list[Any]:
        return listed_gradients(attempt("backward, called once more,", one.backward, np.array(g) if np.ndim(g) else g), list(first))
    if not all(map(agree, again(a), right)):
        raise Fault(f"two gates share one memory: after a second {cls.__name__}() has gone forward, the first one's backward answers with the "
                    "second one's inputs. Keep them on self (self.x = x), not on the class or in a global name.")
    if not all(map(agree, again(a), right)):
        raise Fault("backward, called a second time, gives other gradients than the first time: return them fresh, and add nothing up inside the "
                    "gate. Summing over several uses is the graph's work.")
    one = forward(cls, operation, second)
    attempt("backward", one.backward, upstream_of(operation, second))
    forward(cls, operation, first, one)
    if not all(map(agree, again(one), right)):
        raise Fault("after a second forward, backward still answers for the first one: forward must store its inputs anew every time.")


def unwritten(name: str, value: Any) -> str:
    return f"the gradient of {name} is still {'None' if value is None else '`...`'}: that part is to be written."


def told(value: Any) -> str:
    try:
        return number(np.asarray(value, float)[()])
    except (TypeError, ValueError):
        return f"a {type(value).__name__}"
