"""What a step says. Names stand in `backticks`; the page sets them as variables."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..engine.expressions import Call, Constant, Expression, Symbol, heads, number
from ..engine.folding import Variable
from ..engine.run import Run
from ..notation import Setting, plain, typeset

TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
COUNT = {2: "two", 3: "three", 4: "four"}
PRODUCT = "upstream\u00a0×\u00a0local"

# An operation that stands alone in its box -> what it does to its operands.
DOES = {
    "multiply": "Multiply {0} by {1}.", "add": "Add {0} and {1}.", "subtract": "Subtract {1} from {0}.", "divide": "Divide {0} by {1}.",
    "exp": "Raise e to the power {0}.", "log": "Take the natural logarithm of {0}.", "sin": "Take the sine of {0}.", "cos": "Take the cosine of {0}.",
    "negative": "Turn the sign of {0} round.", "tanh": "Take the hyperbolic tangent of {0}.", "sqrt": "Take the square root of {0}.",
    "sigmoid": "Squash {0} into (0, 1) with the sigmoid.", "relu": "Keep what is positive of {0}, set the rest to zero.",
    "power": "Raise {0} to the power {1}.", "square": "Square {0}.", "matmul": "Multiply {0} by {1}: rows times columns.",
    "sum_": "Add up the entries of {0}.", "mean": "Take the mean of the entries of {0}.", "transpose": "Turn rows of {0} into columns.",
    "maximum": "Take the larger of {0} and {1}.", "minimum": "Take the smaller of {0} and {1}.", "absolute": "Drop the sign of {0}."}


def named(names: Sequence[str]) -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{n}`" for n in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def times(n: int) -> str:
    return TIMES.get(n, f"{n} times")


def forward(v: Variable, setting: Setting) -> str:
    """How the value comes about."""
    if v.expression is None:
        return f"`{v.name}` is given."
    operands = _operands(v.expression)
    if v.operation == "maximum" and number(operands[0]) == 0:
        return f"Keep what is positive of {_told(operands[1], setting)}, set the rest to zero."
    if v.operation in DOES and len(operands) >= DOES[v.operation].count("{"):
        return DOES[v.operation].format(*[_told(e, setting) for e in operands])
    terms = _terms(v.expression)
    if len(terms) > 1 and all(isinstance(t, Symbol) for t in terms):
        return f"Add {named([str(t) for t in terms])}."
    if isinstance(v.expression, Symbol):
        return f"Another name for {_told(v.expression, setting)}."
    if v.count == 1 and isinstance(v.expression, Call) and v.inputs:
        what = "Take entries of" if v.expression.head == "index" else f"Apply {v.expression.head.removeprefix('np.')} to"
        return f"{what} {named(v.inputs)}."
    return f"{v.count} operations in one line, on {named(v.inputs)}: one variable, so one box." if v.inputs else "Made of constants alone."


def later(v: Variable) -> str:
    """What becomes of the value."""
    by = [c.consumer for c in v.uses]
    if len(by) > 1:
        return f"Used by {named(by)}: {COUNT.get(len(by), len(by))} contributions will come back and add up."
    if by:
        return f"Used by `{by[0]}`."
    return "This is the output: the forward pass ends here." if v.role == "output" else ""


def backward(v: Variable, run: Run) -> tuple[str, str]:
    """(how the gradient comes about, a remark)."""
    by = [c.consumer for c in v.uses]
    if v.role == "output" and (np.ndim(v.value) or run.cotangent is not None):
        return "The backward pass starts here, with the cotangent: how much each entry of the output counts.", ""
    if v.role == "output":
        return ("The output changes one for one with itself. Every backward pass starts with this 1.",
                "From here each step multiplies an upstream gradient by a local derivative.")
    if not by:
        return f"Nothing that leads to `{run.output}` uses `{v.name}`: however it changes, `{run.output}` does not. Its gradient is 0.", ""
    if len(by) > 1:
        return f"`{v.name}` is used {times(len(by))}: by {named(by)}. Each use sends back {PRODUCT}; the gradient is their sum.", ""
    if np.ndim(v.value) == 0 and v.uses[0].local is not None and np.ndim(v.uses[0].upstream) == 0:
        return f"`{v.name}` is used once, by `{by[0]}`. Take the gradient of `{by[0]}` and multiply it by the local derivative.", ""
    consumer = run.variables[by[0]]
    summed = "np.sum" in set(heads(v.uses[0].expression)) and np.size(v.value) < np.size(consumer.value)
    remark = "Copied forward, so summed backward." if summed else "A gradient always has the shape of its variable." if np.ndim(v.value) else ""
    return f"`{v.name}` is used once, by `{by[0]}`. Send the gradient of `{by[0]}` back through that line.", remark


def _operands(e: Expression) -> tuple[Expression, ...]:
    return e.args if isinstance(e, Call) else ()


def _terms(e: Expression) -> list[Expression]:
    terms = []
    while isinstance(e, Call) and e.head == "+":
        terms.append(e.args[1])
        e = e.args[0]
    return [e, *terms[::-1]]


def _told(e: Expression, setting: Setting) -> str:
    """An operand in prose."""
    return plain(typeset(e, setting)) if isinstance(e, Constant) else f"`{plain(typeset(e, setting))}`"
