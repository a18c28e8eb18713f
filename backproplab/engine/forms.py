"""Other forms of a run: variables folded into the one that uses them, operations opened so that their inside is traced."""
from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import BackpropError, UnknownNameError, listed
from .rules import Operation

if TYPE_CHECKING:
    from .run import Run


def folded(run: Run, names: tuple[str, ...]) -> Run:
    """See `Run.folded`."""
    made = run._with(hidden=run._hidden | set(names))
    for name in names:
        v = run.variable(name)
        if name in made.variables:
            users = listed(dict.fromkeys(c.consumer for c in v.uses))
            given = {"input": "it is an input", "constant": "it is given", "output": "it is the output"}
            why = given.get(v.role, f"{users} use it")
            raise BackpropError(f"folding {name} in {run.name}", why, "A variable can be folded into the one variable that uses it.")
    return made


def expanded(run: Run, names: tuple[str, ...]) -> Run:
    """See `Run.expanded`."""
    if run._record_again is None:
        raise BackpropError(f"expanding {run.name}", "it is opened already, or not made by bl.trace",
                            "Open all that you want in one call, on a run that bl.trace made: run.expanded('a', 'b').")
    recorded = [n for n in run.graph.nodes if n.op is not None]
    there = list(dict.fromkeys(n.op.name for n in recorded if n.op is not None and can_be_opened(n.op)))
    places: set[int] = set()                                             # of operations to open, in the order of computation
    for name in names:
        inside = set(map(id, run.variables[name]._box.inside)) if name in run.variables else ()
        found = {k for k, n in enumerate(recorded) if id(n) in inside and n.op is not None and can_be_opened(n.op)}
        places |= found
        if not found and name not in there:
            raise UnknownNameError(f"expanding {name!r} in {run.name}",
                                   f"its operations that can be opened are {listed(there)}" if there else "none of its operations can be opened",
                                   "Only operations that are not NumPy's own can be opened, such as bl.softmax: give the name of one, or a "
                                   "variable that holds one.")
    opened = set(names or there)
    graph = run._record_again(lambda op, k: can_be_opened(op) and (op.name in opened or k in places))
    return type(run)(graph, run.cotangent, run.name, run.function, run._folded, run._hidden, None, run._call)


def can_be_opened(op: Operation) -> bool:
    """Is it an operation of our own with a derivative, whose forward function can be traced instead?"""
    return op.own and op.backward is not None
