"""Numbers as text: significant digits, a true minus sign, no exponent for usual sizes.

Printed numbers have at most six digits, so that a lesson prints the same on every machine.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .layout import PRODUCT, SIGN, Atom, Brackets, Layout, Row, Script, sign

DIGITS = 6
SMALLEST, LARGEST = 1e-4, 1e6             # between these a number is written without an exponent


def digits(value: Any, n: int = DIGITS) -> str:
    """A number with n significant digits.

    Parameters
    ----------
    value : number
        A float, an int (written in full below a million millions) or a bool.
    n : int
        Significant digits.

    Returns
    -------
    str
        With U+2212 as the minus sign; "NaN", "∞"; an exponent as in 1.2e−10.

    Examples
    --------
    >>> digits(404.853739609282), digits(-0.0177489, 4), digits(1e-10), digits(-0.0)
    ('404.854', '−0.01775', '1e−10', '0')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)) and abs(int(value)) < 10**12:
        return str(int(value)).replace("-", "−")
    v = float(value)
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "∞" if v > 0 else "−∞"
    if v == 0:
        return "0"
    text = f"{v:.{n}g}"
    if "e" in text and SMALLEST <= abs(v) < LARGEST:
        text = f"{v:.{max(0, n - 1 - math.floor(math.log10(abs(v))))}f}"
    mantissa, _, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if exponent else text).replace("-", "−")


def signed(value: Any, n: int = DIGITS) -> str:
    """The same with a plus sign in front of a positive number: how gradients are written."""
    text = digits(value, n)
    return f"+{text}" if text[0] not in "−NTF" and text != "0" else text


def number(value: Any, role: str = "v", n: int = DIGITS, plus: bool = False) -> Layout:
    """The layout of a number; an exponent becomes a power of ten."""
    text = signed(value, n) if plus else digits(value, n)
    mantissa, _, exponent = text.partition("e")
    if not exponent or text in ("True", "False"):
        return Atom(text, "word" if text in ("True", "False") else "number", role)
    power = Script(Atom("10", "number", role), sup=Atom(exponent, "number", role))
    return Row((Atom(mantissa, "number", role), sign("×", role), power), SIGN if text[0] in "−+" else PRODUCT)


def numbers(values: Any, role: str = "v", n: int = DIGITS) -> Layout:
    """A short array, (1, 2, 3); rows in brackets of their own."""
    parts: list[Layout] = []
    for k, v in enumerate(values):
        parts += [sign(",")] if k else []
        parts.append(numbers(v, role, n) if np.ndim(v) else number(v, role, n))
    return Brackets(Row(tuple(parts)))
