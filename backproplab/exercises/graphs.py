"""A graph of gates: `check_graph` tries a learner's ComputationalGraph, which runs gates forward and then, in reverse, backward.

The graph is given as a program: lines ``(name, gate class, names of its inputs)`` in topological order.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.errors import InputError, listed
from ..engine.expressions import Symbol, evaluate, substitute, text
from ..engine.run import Run, as_run
from .calling import attempt
from .cases import CASES
from .gates import gate, told, unwritten
from .mistakes import named
from .report import Fault, Report, agree, called, number

Line = tuple[str, type, tuple[str, ...]]


def gate_program(f: Any, /, *args: Any, **inputs: Any) -> list[Line]:
    """A run, or a function at its inputs, as lines of gates for a ComputationalGraph.

    Parameters
    ----------
    f : Run or callable
    *args, **inputs
        The inputs of a function, as for `trace`.

    Returns
    -------
    list of (str, type, tuple of str)
        One line for each computed variable, in topological order: its name, a gate class, the names of the gate's inputs. Lines that do the
        same have the same class.

    Examples
    --------
    >>> import backproplab as bl
    >>> def f(x, y, z):
    ...     q = x * y
    ...     f = q * z
    ...     return f
    >>> for name, gate, inputs in gate_program(f, 2.0, 3.0, 5.0):
    ...     print(name, gate.__name__, inputs)
    q Multiply ('x', 'y')
    f Multiply ('q', 'z')
    """
    run = as_run(f, args, inputs)
    classes: dict[str, type] = {}
    lines: list[Line] = []
    for name, v in run.variables.items():
        if v.expression is None:
            continue
        names = tuple(dict.fromkeys(v.inputs))
        places = dict(zip(names, "xyzuvwabcdefghijklmnopqrst", strict=False))
        template = substitute(v.expression, {n: Symbol(p) for n, p in places.items()})
        key = text(template)
        if key not in classes:
            classes[key] = gate(operation_of(run, template, tuple(places.values())), v.operation.title() or "Gate")
        lines.append((name, classes[key], names))
    return lines


def operation_of(run: Run, template: Any, names: tuple[str, ...]) -> Any:
    return lambda *xs: evaluate(template, {**run.scope, **dict(zip(names, xs, strict=True))})


def check_graph(cls: Any) -> Report:
    """Try a learner's ComputationalGraph.

    Parameters
    ----------
    cls : type
        Called with a program, lines ``(name, gate class, names of its inputs)`` in topological order, as `gate_program` makes them. Its
        objects have ``forward(inputs)``, a dict of numbers, which returns the value of the last line, and ``backward()``, which returns a
        dict with the gradient of every input.

    Returns
    -------
    Report
        ``.passed``, and what is wrong in words: assignment instead of increment, one gate object for several lines, the wrong order,
        gradients kept from the pass before, and others.

    Raises
    ------
    InputError
        When `cls` is no class.
    """
    if not isinstance(cls, type):
        raise InputError("checking a graph of gates", f"a {type(cls).__name__} came", "Give the class itself: check_graph(ComputationalGraph).")
    faults: list[str] = []
    right: list[str] = []
    for case in CASES:
        run = case.run()
        try:
            try_case(cls, run)
            right.append(f"{case.title}: {listed(f'g_{n} = {number(run.grads[n])}' for n in run.inputs)}.")
        except Fault as fault:
            faults.append(f"{case.title}: {fault}")
    if not faults:
        faults += repeated(cls, CASES[0].run(), CASES[4].run())
    return Report(cls.__name__, tuple(right), tuple(faults))


def try_case(cls: type, run: Run) -> None:
    """One program, forward and backward."""
    program = gate_program(run)
    graph = attempt(f"{cls.__name__}(program)", cls, [*program])
    value = attempt(f"forward({dict_of(run)})", lambda: graph.forward(dict(run.inputs)))
    if value is None:
        raise Fault("forward returns nothing: return the value of the last line.")
    if not agree(value, run.value):
        raise Fault(f"forward gives {told(value)} at {called(dict(run.inputs))}, and {run.output} is {number(run.value)}.")
    judge(attempt("backward()", lambda: graph.backward()), run, program)


def dict_of(run: Run) -> str:
    return "{" + ", ".join(f"{n!r}: {number(v)}" for n, v in run.inputs.items()) + "}"


def judge(got: Any, run: Run, program: list[Line]) -> None:
    """The gradients of one backward pass.

    Raises
    ------
    Fault
    """
    found = gradients_of(got, tuple(run.inputs))
    wrong = [n for n in run.inputs if not agree(found[n], run.grads[n])]
    if not wrong:
        return
    order = (*run.inputs, *(name for name, _, _ in program))
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(run.inputs, ()) | {name: names for name, _, names in program}
    looks = named({n: found[n] for n in run.inputs}, order, parents, sends(program, dict(run.inputs)))
    said = f"the gradient of {wrong[0]} is {told(found[wrong[0]])}, and the engine has {number(run.grads[wrong[0]])}."
    raise Fault(f"{said} A common mistake gives this: {looks}" if looks else
                f"{said} Compare what each gate sends back with what its inputs receive.")


def gradients_of(got: Any, wanted: tuple[str, ...]) -> dict[str, Any]:
    """A dict with an entry for each wanted variable.

    Raises
    ------
    Fault
    """
    shape = "{" + ", ".join(f"{n!r}: ..." for n in wanted[:3]) + (", ..." if len(wanted) > 3 else "") + "}"
    if got is None:
        raise Fault(f"the gradients are not returned: end with return and a dict, {shape}.")
    if not isinstance(got, Mapping):
        raise Fault(f"what comes back is a {type(got).__name__}: return a dict of gradients by name, {shape}.")
    missing = [n for n in wanted if n not in got]
    if missing:
        raise Fault(f"there is no gradient for {listed(missing)}: return {shape}.")
    for n in wanted:
        if got[n] is None or got[n] is ...:
            raise Fault(unwritten(n, got[n]))
    return {n: got[n] for n in wanted}


def sends(program: list[Line], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What each line sends back: rightly, and with one gate object for all lines of a class."""
    own = {name: cls() for name, cls, _ in program}
    shared = {cls: cls() for _, cls, _ in program}
    classes = {name: cls for name, cls, _ in program}
    values = dict(inputs)
    for name, cls, names in program:
        values[name] = own[name].forward(*[values[n] for n in names])
        shared[cls].forward(*[values[n] for n in names])
    return {"right": lambda name, g: own[name].backward(float(g)), "shared": lambda name, g: shared[classes[name]].backward(float(g))}


def repeated(cls: type, first: Run, second: Run) -> list[str]:
    """Passes one after the other, and two graphs side by side."""
    try:
        graph, other = (attempt(f"{cls.__name__}(program)", cls, gate_program(run)) for run in (first, second))
        graph.forward(dict(first.inputs))
        other.forward(dict(second.inputs))
        judge(attempt("backward()", graph.backward), first, gate_program(first))
    except Fault:
        return ["Two graphs at once disturb each other: keep values and gradients on self, not on the class or in a global name."]
    try:
        again = gradients_of(attempt("a second backward()", graph.backward), tuple(first.inputs))
        if not all(agree(again[n], first.grads[n]) for n in again):
            n = next(n for n in again if not agree(again[n], first.grads[n]))
            return [f"backward() once more gives {told(again[n])} for {n}, where it gave {number(first.grads[n])}: every pass begins with all "
                    "gradients 0."]
        moved = {n: v + 1.0 for n, v in first.inputs.items()}
        attempt("a second forward()", graph.forward, moved)
        run = as_run(first.function, (), moved)
        judge(attempt("backward()", graph.backward), run, gate_program(run))
    except Fault as fault:
        return [f"Used again with other inputs: {fault}"]
    return []
