"""Derivatives derived line by line, where a lecture does it: data, each line with the reason for it.

Every line is a formula that the reader reads, so a test can compute it: all lines of one derivation are equal, and equal to the
derivative.
"""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.errors import UnknownNameError, listed
from ..engine.expressions import Expression, Symbol, substitute
from .latex import latex
from .layout import Fraction, Layout, Named, Row, equation
from .letters import letter
from .notations import PARTIAL
from .plain import plain
from .reader import read
from .setting import Setting
from .typeset import typeset


@dataclass(frozen=True, slots=True)
class Stepwise:
    """A derivation in steps, in the letters x and y: y is the output, x the variable.

    Attributes
    ----------
    operation : str
    definition : str
        What y is.
    steps : tuple of (str, str)
        Each a formula for the derivative, and why it follows.
    """

    operation: str
    definition: str
    steps: tuple[tuple[str, str], ...]


STEPWISE = {s.operation: s for s in (
    Stepwise("sigmoid", "1 / (1 + exp(-x))", (
        ("exp(-x) / (exp(-x) + 1)^2", "the chain rule; two minus signs cancel"),
        ("(exp(-x) + 1 - 1) / (exp(-x) + 1 + 1 - 1)^2", "add 1 and take it away again, above and below"),
        ("(exp(-x) + 1 - 1) / (exp(-x) + 1)^2", "below, the two cancel"),
        ("(exp(-x) + 1) / (exp(-x) + 1)^2 - 1 / (exp(-x) + 1)^2", "split the fraction"),
        ("1 / (exp(-x) + 1) - 1 / (exp(-x) + 1)^2", "cancel a factor in the first part"),
        ("1 / (exp(-x) + 1) - (1 / (exp(-x) + 1)) * (1 / (exp(-x) + 1))", "write the square as a product"),
        ("(1 / (exp(-x) + 1)) * (1 - 1 / (exp(-x) + 1))", "take the common factor out"),
        ("y (1 - y)", "both factors hold the sigmoid itself"))),
    Stepwise("tanh", "sinh(x) / cosh(x)", (
        ("(cosh(x) * cosh(x) - sinh(x) * sinh(x)) / cosh(x)^2", "the quotient rule: sinh gives cosh, cosh gives sinh"),
        ("cosh(x)^2 / cosh(x)^2 - sinh(x)^2 / cosh(x)^2", "split the fraction"),
        ("1 - (sinh(x) / cosh(x))^2", "cancel in the first part, one square in the second"),
        ("1 - y^2", "what is squared is tanh itself"))),
    Stepwise("neg_log_sigmoid", "-ln(sigmoid(x))", (
        ("-(1 / sigmoid(x)) * (sigmoid(x) * (1 - sigmoid(x)))", "the chain rule: the logarithm, then the sigmoid"),
        ("-(1 - sigmoid(x))", "the sigmoid cancels"),
        ("sigmoid(x) - 1", "the prediction minus the label 1"))),
)}


class Steps:
    """A derivation in steps, in letters of your choice; it renders in Jupyter and prints as text.

    Attributes
    ----------
    operation : str
    definition : Expression
    expressions : tuple of Expression
        One for each step.
    reasons : tuple of str
    """

    def __init__(self, stepwise: Stepwise, variable: str, output: str) -> None:
        letters = {"x": Symbol(variable), "y": Symbol(output)}
        self.operation, self.variable, self.output = stepwise.operation, variable, output
        self.definition = substitute(read(stepwise.definition, ["x", "y"]), letters)
        self.expressions: tuple[Expression, ...] = tuple([substitute(read(f, ["x", "y"]), letters) for f, _ in stepwise.steps])
        self.reasons = tuple([why for _, why in stepwise.steps])
        self._setting = Setting({variable: 0, output: 0})

    @property
    def name(self) -> Layout:
        """The derivative's letter."""
        above, below = (Row((PARTIAL, letter(n))) for n in (self.output, self.variable))
        return Named(f"∂{self.output}/∂{self.variable}", Fraction(above, below))

    def __len__(self) -> int:
        return len(self.expressions)

    def __str__(self) -> str:
        lines = [plain(equation(letter(self.output), typeset(self.definition, self._setting)))]
        formulas = [plain(typeset(e, self._setting)) for e in self.expressions]
        name, wide = plain(self.name), max(map(len, formulas))
        for k, (formula, why) in enumerate(zip(formulas, self.reasons, strict=True)):
            lines.append(f"{name if k == 0 else ' ' * len(name)} = {formula:<{wide}}   ({k + 1}) {why}")
        return "\n".join(lines)

    __repr__ = __str__

    @property
    def latex(self) -> str:
        """LaTeX of the whole, without dollar signs."""
        rows = [rf"{latex(letter(self.output))} &= {latex(typeset(self.definition, self._setting))} &&"]
        for k, (e, why) in enumerate(zip(self.expressions, self.reasons, strict=True)):
            rows.append(rf"{latex(self.name) if k == 0 else ''} &= {latex(typeset(e, self._setting))} &&\quad \text{{({k + 1}) {why}}}")
        return "\\begin{alignedat}{2}\n" + " \\\\[0.8ex]\n".join(rows) + "\n\\end{alignedat}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"


def derivative_steps(operation: str, variable: str = "x", output: str = "y") -> Steps:
    """The derivative of an operation, derived in steps.

    Parameters
    ----------
    operation : str
        "sigmoid" (eight steps), "tanh" or "neg_log_sigmoid".
    variable, output : str
        The letters.

    Returns
    -------
    Steps

    Raises
    ------
    UnknownNameError
        For an operation that is not derived here.

    Examples
    --------
    >>> len(derivative_steps("sigmoid", "b", "s"))
    8
    """
    try:
        found = STEPWISE[operation]
    except (KeyError, TypeError):
        raise UnknownNameError(f"deriving the derivative of {operation!r} in steps", f"there are steps for {listed(map(repr, STEPWISE))}",
                               "Use one of these, or bl.derivation for the rule of any operation.") from None
    return Steps(found, variable, output)
