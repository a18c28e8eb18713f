"""Single numbers: Python floats and the math module, in nested expressions.

NumPy takes a hundred times as long for one number as Python does. So a value without axes becomes a piece of text, which is written
into the text of the value that uses it; a value that is used twice becomes a line. What Python refuses where NumPy gives an infinity
or NaN (log of 0, x / 0, an overflow) raises, and the readable program then answers.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .values import Value

# Text of an operation on numbers, how tightly it binds, and how tightly it holds its operands (as in Python's grammar).
TEXT: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "where": ("{1} if {0} else {2}", 0, (1, 1, 0)),
    "maximum": ("{0} if {0} >= {1} or {0} != {0} else {1}", 0, (3, 3)),                  # keeps NaN, as NumPy does
    "minimum": ("{0} if {0} <= {1} or {0} != {0} else {1}", 0, (3, 3)),
    "logical_not": ("not {0}", 2, (2,)),
    "greater": ("{0} > {1}", 3, (4, 4)), "greater_equal": ("{0} >= {1}", 3, (4, 4)), "less": ("{0} < {1}", 3, (4, 4)),
    "less_equal": ("{0} <= {1}", 3, (4, 4)), "equal": ("{0} == {1}", 3, (4, 4)), "not_equal": ("{0} != {1}", 3, (4, 4)),
    "add": ("{0} + {1}", 4, (4, 5)), "subtract": ("{0} - {1}", 4, (4, 5)),
    "multiply": ("{0} * {1}", 5, (5, 6)), "divide": ("{0} / {1}", 5, (5, 6)), "square": ("{0} * {0}", 5, (6,)),
    "reciprocal": ("1.0 / {0}", 5, (6,)), "negative": ("-{0}", 6, (6,)), "positive": ("{0}", 6, (6,)),
}
MATH = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
        "absolute": "fabs", "fabs": "fabs", "power": "pow"}
SAME_IN_MATH = {"exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "hypot"}
CALL = 8                                         # binds tighter than every operator
DEEPEST = 12                                     # nested expressions: Python's parser has a limit, and readers too
PYTHON = {"f": "float", "i": "int", "u": "int", "b": "bool"}


def is_expressible(v: Value) -> bool:
    """Is it a function of single numbers alone?"""
    return v.kind in ("ufunc", "where") and all(a.is_scalar for a in v.args)


def kind_of(v: Value) -> str:
    """'f', 'i', 'u' or 'b': real number, whole number, truth value."""
    e = v.example
    return "f" if e.__class__ is float else np.asarray(e).dtype.kind


def literal(v: Value, real: bool) -> str:
    """A constant number as text; `real`: as a float, among floats."""
    x = v.example.item() if isinstance(v.example, (np.generic, np.ndarray)) else v.example
    if real:
        x = float(x)
    if isinstance(x, float) and not math.isfinite(x):
        return "math.nan" if math.isnan(x) else "math.inf" if x > 0 else "-math.inf"
    return repr(x)


def expression(v: Value, operand: Any) -> tuple[str, int]:
    """(text, how tightly it binds) of a function of numbers; `operand(k, real)` gives the text and the binding of the k-th."""
    name = v.detail if v.kind == "ufunc" else v.kind
    floats = kind_of(v) == "f"
    whole = [not (floats or any(kind_of(a) == "f" for a in v.args))] * len(v.args)
    if name == "where":
        whole[0] = True
    pattern, own, holds = TEXT.get(name, ("", CALL, (0,) * len(v.args)))
    if kind_of(v) == "b" and pattern and name in ("add", "multiply", "subtract", "maximum", "minimum"):
        pattern, own, holds = "", CALL, (0,) * len(v.args)              # NumPy's truth values add up to True, Python's to 2
    chooses = floats and name in ("where", "maximum", "minimum")
    texts = []
    for k, a in enumerate(v.args):
        text, level = operand(k, not whole[k])
        if chooses and not whole[k] and not a.is_const and kind_of(a) != "f":
            text, level = f"float({text})", CALL                        # what is chosen becomes the result as it is
        texts.append(f"({text})" if level < holds[k] else text)
    if pattern:
        return pattern.format(*texts), own
    inside = ", ".join(texts)
    known = MATH.get(name, name if name in SAME_IN_MATH else None)
    if known and floats:
        return f"math.{known}({inside})", CALL
    return f"{PYTHON[kind_of(v)]}(np.{name}({inside}))", CALL


def repeats(v: Value) -> bool:
    """Does its text hold an operand twice, so that the operand must be a name?"""
    name = v.detail if v.kind == "ufunc" else v.kind
    return name in ("maximum", "minimum", "square")
