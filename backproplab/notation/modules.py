"""What a lecture calls the step that computes a variable: Linear, Sigmoid, Loss. A table from what is written to the name.

A step without a name of its own has none in the table of a derivation either: nothing is guessed.
"""
from __future__ import annotations

import functools
from collections.abc import Mapping

from ..engine.expressions import Call, Constant, Expression, Symbol, heads
from ..engine.folding import Variable
from ..engine.run import Run
from .reader import read

# Formulas of one variable u, in all the ways in which a program writes them. Operations that are not here go by their own name.
FORMULAS = {"Sigmoid": ("sigmoid(u)", "1 / (1 + exp(-u))", "exp(u) / (1 + exp(u))", "exp(u) / (exp(u) + 1)", "1 / (exp(-u) + 1)"),
            "ReLU": ("relu(u)", "maximum(0, u)", "maximum(u, 0)"), "Tanh": ("tanh(u)",), "Softmax": ("softmax(u)",)}
OPERATIONS = {"+": "Sum", "-": "Difference", "*": "Product", "/": "Quotient", "**": "Power", "neg": "Minus", "@": "Linear",
              "np.exp": "Exponential", "np.log": "Logarithm", "np.sin": "Sine", "np.cos": "Cosine", "np.square": "Square", "np.sqrt": "Square root",
              "np.sum": "Sum", "np.mean": "Mean", "log_softmax": "Log-softmax", "leaky_relu": "Leaky ReLU", "softplus": "Softplus"}
# An output that holds one of these measures how wrong a prediction is.
MEASURES = {"np.log", "log_softmax", "**", "np.square", "squared_error", "softmax_cross_entropy", "binary_cross_entropy_with_logits", "np.abs"}
WHOLE = ("squared_error", "softmax_cross_entropy", "binary_cross_entropy_with_logits")            # a loss in one operation
TURNED = (".T", "np.transpose")


def module(v: Variable, run: Run) -> str:
    """The name of the step that computes a variable; empty where it has none.

    Parameters
    ----------
    v : Variable
        With an expression.
    run : Run

    Returns
    -------
    str
    """
    e = v.expression
    if not isinstance(e, Call):
        return ""
    for name, formulas in _formulas().items():
        for formula in formulas:
            inner = _inside(e, formula)
            if isinstance(inner, Symbol):
                return name
            if inner is not None and _is_linear(inner, run):
                return f"Linear, {name}"
    output = v.name == run.output and not v.shape
    if output and e.head in WHOLE:
        return "Loss"
    if all(isinstance(a, (Symbol, Constant)) for a in e.args):
        return OPERATIONS.get(e.head, e.head.removeprefix("np.").replace("_", " ").capitalize())
    if _is_linear(e, run):
        return "Linear"
    if all(map(_name, _terms(e))):
        return "Sum"
    return "Loss" if output and MEASURES.intersection(heads(e)) else ""


@functools.cache
def _formulas() -> Mapping[str, tuple[Expression, ...]]:
    return {name: tuple([read(f, ["u"]) for f in formulas]) for name, formulas in FORMULAS.items()}


def _inside(e: Expression, formula: Expression) -> Expression | None:
    """What stands in the place of u, where e is this formula; else None."""
    found: Expression | None = None
    stack = [(e, formula)]
    while stack:
        now, wanted = stack.pop()
        if isinstance(wanted, Symbol):
            if found is not None and found != now:
                return None
            found = now
        elif isinstance(wanted, Call):
            if not isinstance(now, Call) or now.head != wanted.head or len(now.args) != len(wanted.args) or now.keywords:
                return None
            stack += zip(now.args, wanted.args, strict=True)
        elif now != wanted:
            return None
    return found


def _terms(e: Expression) -> list[Expression]:
    found, stack = [], [e]
    while stack:
        now = stack.pop()
        if isinstance(now, Call) and now.head in ("+", "-"):
            stack += now.args
        else:
            found.append(now)
    return found


def _is_linear(e: Expression, run: Run) -> bool:
    """A weighted sum: names times inputs, plus inputs. (What multiplies two computed values, or adds one, is none.)"""
    products = 0
    for term in _terms(e):
        if isinstance(term, Call) and term.head == "np.sum" and not term.keywords and len(term.args) == 1:
            term = term.args[0]
        if isinstance(term, Call) and term.head in ("*", "@") and all(map(_name, term.args)) and any(_given(a, run) for a in term.args):
            products += 1
        elif not _given(term, run):
            return False
    return products > 0


def _name(e: Expression) -> bool:
    """A name, a number, an entry or a transpose."""
    return isinstance(_bare(e), (Symbol, Constant))


def _given(e: Expression, run: Run) -> bool:
    """An input or a number."""
    e = _bare(e)
    return isinstance(e, Constant) or isinstance(e, Symbol) and e.name in run.variables and run.variables[e.name].expression is None


def _bare(e: Expression) -> Expression:
    return e.args[0] if isinstance(e, Call) and (e.head in TURNED or e.head == "index") else e
