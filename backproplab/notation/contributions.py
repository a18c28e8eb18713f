"""What one consumer sends back, as a reader expects it: the seed multiplied in, e^a where the rule names its output, products tidied."""
from __future__ import annotations

from ..engine.errors import InputError
from ..engine.expressions import ONE, Call, Expression, substitute
from ..engine.folding import Contribution
from ..engine.run import Run
from .tidy import tidy

# Functions whose derivative is written with the function itself, e^a. Every other output is named: y (1 - y), 1 - h^2.
WRITTEN_OUT = ("np.exp", "np.sqrt", "**")
TINY = 6                                  # expressions in an output that may be written out


def contribution(run: Run, c: Contribution, raw: bool = False, local: bool = False, named: bool = False) -> Expression:
    """What one consumer sends back, as a reader expects it.

    Parameters
    ----------
    run : Run
    c : Contribution
        One of a variable's uses.
    raw : bool
        As the rule says it: an output by its name, the 1 at the output as a factor.
    local : bool
        The local derivative in the place of the whole contribution.
    named : bool
        An output by its name, everything else as a reader expects it.

    Returns
    -------
    Expression
        Equal to ``c.value`` (to ``c.local``) over ``run.scope``, within rounding.

    Raises
    ------
    InputError
        For the local derivative of a consumer that does not work entry by entry: it is an operator, not a number.
    """
    e = c.local_expression if local else c.expression
    if e is None:
        raise InputError(f"writing the local derivative of {c.consumer} in {run.name}", f"what it sends back is {c.expression}",
                         "It does not work entry by entry, so its local derivative is what it does to the upstream: leave local= out.")
    if raw:
        return e
    consumer = run.variables[c.consumer].expression
    known: dict[str, Expression] = {}
    if not named and isinstance(consumer, Call) and consumer.head in WRITTEN_OUT and consumer.size <= TINY:
        known[c.consumer] = consumer
    if c.consumer == run.output and run.cotangent is None:
        known[run.gradient_symbols[c.consumer]] = ONE                    # the backward pass starts with 1
    return tidy(substitute(e, known), run.scope)
