"""The characters and the arithmetic of a typed answer: one kind of minus and point, numbers, roots and a few functions.

Text is never evaluated as Python: it is parsed, and only arithmetic and a few functions are followed.
"""
from __future__ import annotations

import ast
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from ..engine.errors import BackpropError

LONGEST = 400                             # characters of an answer
LARGEST = 1e100
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log": math.log, "log10": math.log10, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "tanh": math.tanh, "abs": abs}
NAMES = {"pi": math.pi, "e": math.e}
MINUS = dict.fromkeys(map(ord, "−–—‐‑‒﹣－"), "-")
TIMES = dict.fromkeys(map(ord, "×·⋅∙"), "*")
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
FRACTION = re.compile(r"(\d+)?\s*([¼½¾⅐-⅞↉])")
QUOTES = dict.fromkeys(map(ord, "`'\"“”‘’$"), None)


class AnswerError(BackpropError, ValueError):
    """An answer that cannot be read; the message is one sentence for the learner."""

    def __str__(self) -> str:
        return self.instead or self.attempted


def cannot(text: str, sentence: str) -> AnswerError:
    """The error for an answer that cannot be read, with what to say about it."""
    shown = text if len(text) <= 40 else text[:37] + "..."
    return AnswerError(f"reading the answer {shown!r}", "", sentence)


def tidied(text: str) -> str:
    """One kind of digit, minus, times sign, fraction and space; quotation marks, code marks and what cannot be seen gone.

    Raises
    ------
    AnswerError
        When it is longer than any answer.
    """
    if len(text) > LONGEST and not any(c in text for c in ",;\n ") or len(text) > 20 * LONGEST:
        raise cannot(text, f"That is {len(text)} characters, longer than any answer here: write the number itself.")
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")          # copied along: zero-width spaces, marks of direction
    text = FRACTION.sub(lambda m: f"({m[1]}+{slashed(m[2])})" if m[1] else f"({slashed(m[2])})", text).replace("⁄", "/")
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: f"^({m[0].translate(RAISED)})", text)
    out = unicodedata.normalize("NFKC", text.translate(MINUS | TIMES)).translate(MINUS | TIMES | QUOTES)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in out).strip()


def slashed(fraction: str) -> str:
    """½ as 1/2."""
    return unicodedata.normalize("NFKC", fraction).replace("⁄", "/")


def refuse_words(text: str, given: str) -> None:
    """An AnswerError for nothing, NaN and infinity, each in its own sentence."""
    low = text.lower()
    if not text:
        raise cannot(given, "Nothing was typed: write a number, such as 0.25 or 1/4.")
    if re.fullmatch(r"[-+]?nan|n/a|undefined", low):
        raise cannot(given, "NaN is what is left when a calculation breaks down; the answer here is a finite number.")
    if re.fullmatch(r"[-+]?(inf(inity)?|∞|oo)", low):
        raise cannot(given, "The answer here is a finite number: look for a division by zero on the way.")


def with_point(text: str, given: str) -> str:
    """Decimal commas and spaces between groups of three digits, where there is one way to read them."""
    text = re.sub(r"(?<=\d)[ _'’](?=\d{3}(?!\d))", "", text)
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text):
        point, whole = text.replace(",", "."), text.replace(",", "")
        raise cannot(given, f"{text} can be read in two ways: write it with a point, {point}, or without the comma, {whole}.")
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+\.\d*", text):
        return text.replace(",", "")
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+,\d*", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3}){2,}", text):
        return text.replace(",", "")
    return re.sub(r"(?<=\d),(?=\d)", ".", text) if text.count(",") == 1 else text


def worked_out(text: str, given: str) -> float:
    """Numbers, + - * / ^, roots and a few functions."""
    text = re.sub(r"√\s*(\d+(?:\.\d+)?|\()", lambda m: f"sqrt{m[1]}" if m[1] == "(" else f"sqrt({m[1]})", text)
    text = text.replace("^", "**").replace("π", "pi").replace("np.", "").replace("math.", "")
    text = re.sub(r"(?<=\d)\s*(?=sqrt|pi\b|\()", "*", text)
    text = re.sub(r"\b(ln|log|sqrt|exp|sin|cos|tan|tanh)\s+(\d+(?:\.\d+)?)", r"\1(\2)", text)
    if len(text) > LONGEST:
        raise cannot(given, "That is longer than any answer here: write the number itself.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        several = re.fullmatch(r"[-+.\d]+(\s+[-+.\d]+)+", text)
        raise cannot(given, "One number is asked here, and this looks like several." if several else
                     "This is not a number that can be read: write it like 0.25, -3.5e-2, 1/4 or sqrt(2).") from None
    try:
        return _followed(tree, given, 0)
    except AnswerError:
        raise
    except ZeroDivisionError:
        raise cannot(given, "That divides by zero.") from None
    except (OverflowError, RecursionError):
        raise cannot(given, "That number is too large.") from None
    except (ValueError, TypeError):
        raise cannot(given, "That has no value among the real numbers.") from None


def _followed(e: ast.expr, given: str, depth: int) -> float:
    if depth > 40:
        raise cannot(given, "That is nested too deeply: write the number itself.")
    match e:
        case ast.Constant(value=int() | float() as v) if not isinstance(v, bool):
            return float(v)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=x):
            v = _followed(x, given, depth + 1)
            return -v if isinstance(op, ast.USub) else v
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _followed(left, given, depth + 1), _followed(right, given, depth + 1)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
                case ast.Pow():
                    v = a ** b
                    if isinstance(v, complex):
                        raise ValueError
                    return v
        case ast.Name(id=name) if name.lower() in NAMES:
            return NAMES[name.lower()]
        case ast.Name(id=name):
            raise cannot(given, f"A number is asked here: put the value of {name} in.")
        case ast.Call(func=ast.Name(id=name), args=[x], keywords=[]) if name in FUNCTIONS:
            return float(FUNCTIONS[name](_followed(x, given, depth + 1)))
        case ast.Tuple() | ast.List():
            raise cannot(given, "One number is asked here, and this looks like several.")
    raise cannot(given, "This is not a number that can be read: write it like 0.25, -3.5e-2, 1/4 or sqrt(2).")


def within_bounds(value: float, given: Any) -> float:
    """The same number; an AnswerError when it is none, or larger than any answer."""
    if math.isnan(value):
        raise cannot(str(given), "NaN is what is left when a calculation breaks down; the answer here is a finite number.")
    if math.isinf(value) or abs(value) > LARGEST:
        raise cannot(str(given), "That number is out of all bounds: look for a slip in the exponent.")
    return value
