"""The one form in which mathematics travels through this package.

An expression is a `Symbol` (a name), a `Constant` (a number, a shape, an index) or a `Call` of an operator or function on
expressions. Rules are read into expressions, programs are printed from them, formulas are typeset from them. Expressions are
immutable and never reordered: what is printed computes the same floating-point numbers as what was run.

Heads of calls: the operators `+ - * / ** @`, `neg`, the comparisons, `index` (the second argument is the key), `.T`, `.shape`,
`.size`, `list` and `tuple`; every other head is the function as it is written in a program, such as `np.exp` or `sigmoid`.
"""
from .simplify import simplify, spine, substitute, total, unsigned
from .text import evaluate, key, literal, text
from .tree import COMPARISONS, ONE, ZERO, Call, Constant, Expression, Symbol, heads, number, same, symbols

__all__ = ["COMPARISONS", "ONE", "ZERO", "Call", "Constant", "Expression", "Symbol", "evaluate", "heads", "key", "literal", "number", "same",
           "simplify", "spine", "substitute", "symbols", "text", "total", "unsigned"]
