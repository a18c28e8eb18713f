"""What a learner types, understood kindly: a number, an array, a shape.

A unicode minus, a decimal comma, 1e3, 3/4, sqrt(2), a name in front (g_a = 3) are all read; what cannot be a number is answered with
one sentence.
"""
from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arithmetic import LONGEST, AnswerError, cannot, refuse_words, tidied, with_point, within_bounds, worked_out

__all__ = ["LONGEST", "AnswerError", "Typed", "array", "cannot", "number", "shape", "tidied"]

MOST = 10_000                             # entries of a typed array
NOTHING = "Nothing was typed: write the numbers, such as [1, 2, 3]."
PLAIN = re.compile(r"[-+]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([-+]?\d+))?")


@dataclass(frozen=True, eq=False, slots=True)
class Typed:
    """An answer that was understood.

    Attributes
    ----------
    value : float or ndarray
    unit : float
        What one unit of the last typed digit is worth; 0 when the number is exact (3/4, sqrt(2)), and for arrays.
    text : str
        As it was typed, tidied.
    units : ndarray or None
        For a typed array: the unit of every entry.
    """

    value: Any
    unit: float = 0.0
    text: str = ""
    units: Any = None


def number(given: Any) -> Typed:
    """A number, typed or given.

    Parameters
    ----------
    given : str, int, float or NumPy scalar

    Returns
    -------
    Typed

    Raises
    ------
    AnswerError
        For what is no finite number, in one sentence.

    Examples
    --------
    >>> number("−3,5").value, number("g_a = 2/3").value, number("1e3").unit
    (-3.5, 0.6666666666666666, 1000.0)
    """
    if not isinstance(given, str):
        return _given(given)
    text = tidied(given)
    text = re.sub(r"^[^=≈~]*[=≈~]", "", text).strip() if re.match(r"^[^\d=]*[=≈~]", text) else text
    refuse_words(text, given)
    if text.startswith(("[", "(")) and "," in text or ";" in text or "\n" in text.strip():
        raise cannot(given, "One number is asked here, and this looks like several.")
    percent = text.endswith("%")
    text = with_point(text.rstrip("% ").strip(), given)
    match = PLAIN.fullmatch(text)
    if match:
        value = float(text)
        unit = 10.0 ** (min(300, max(-300, int(match[3] or 0))) - len(match[1] or match[2] or ""))
    else:
        value, unit = worked_out(text, given), 0.0
    if percent:
        value, unit = value / 100, unit / 100
    return Typed(within_bounds(value, given), unit, text)


def array(given: Any) -> Typed:
    """An array: nested lists, rows separated by semicolons or lines, entries by commas or spaces.

    Returns
    -------
    Typed
        Its value an ndarray; of shape () for a single number.

    Raises
    ------
    AnswerError

    Examples
    --------
    >>> array("1 2; 3 4").value.tolist(), array("[[1, 2], [3, 4.5]]").value.shape
    ([[1.0, 2.0], [3.0, 4.0]], (2, 2))
    """
    if not isinstance(given, str):
        try:
            value = np.array(given, float)
        except (TypeError, ValueError):
            raise cannot(repr(given), "This is no array of numbers: every row needs as many entries as the others.") from None
        if not np.all(np.isfinite(value)):
            raise cannot(repr(given), "Every entry must be a finite number; this has NaN or an infinity in it.")
        return Typed(value, 0.0, "")
    text = tidied(given)
    text = re.sub(r"^[^\[\]()=\d]*=", "", text).strip()
    text = re.sub(r"^(?:np\.)?(?:array|asarray)\s*\((.*)\)$", r"\1", text, flags=re.S).strip()
    refuse_words(text, given)
    rows = _nested(text, given)
    try:
        values, units = np.array(_each(rows, 0), float), np.array(_each(rows, 1), float)
    except ValueError:
        raise cannot(given, "The rows differ in length: an array needs the same number of entries in each.") from None
    if not values.size:
        raise cannot(given, NOTHING)
    if values.size > MOST:
        raise cannot(given, f"That is {values.size} entries, far more than any answer here has.")
    return Typed(values[()] if values.ndim else float(values), 0.0, text, units)


def shape(given: Any) -> tuple[int, ...]:
    """A shape: (3, 4), 3x4, 3 by 4, 3 4; () or "scalar" for a number.

    Raises
    ------
    AnswerError

    Examples
    --------
    >>> shape("3 × 4"), shape("(5,)"), shape("scalar")
    ((3, 4), (5,), ())
    """
    if isinstance(given, (tuple, list)) and all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in given):
        return tuple(int(n) for n in given)
    if isinstance(given, (int, np.integer)) and not isinstance(given, bool):
        return (int(given),)
    text = tidied(str(given)).lower()
    text = re.sub(r"^[^=\d(\[]*=", "", text).strip()
    if text in ("()", "( )", "[]", "scalar", "number", "a number", "a scalar"):
        return ()
    if not text:
        raise cannot(str(given), "Nothing was typed: write a shape such as (3, 4), or scalar.")
    parts = re.split(r"\s*(?:,|x|\*|by|\s)\s*", text.strip("()[] ").rstrip(","))
    if not all(re.fullmatch(r"\d{1,9}", p) for p in parts):
        raise cannot(str(given), "A shape is a list of whole numbers: write (3, 4), 3x4, or scalar for a single number.")
    return tuple(int(p) for p in parts)


def _given(given: Any) -> Typed:
    if isinstance(given, (bool, np.bool_)):
        raise cannot(repr(given), "True and False are no numbers: write 1 or 0.")
    if isinstance(given, (int, float, np.integer, np.floating)) or isinstance(given, np.ndarray) and given.ndim == 0 and given.dtype.kind in "fiu":
        try:
            value = float(given)
        except OverflowError:
            value = math.inf
        return Typed(within_bounds(value, str(given)), 0.0, repr(value))
    if given is None:
        raise cannot("None", "Nothing came: write a number.")
    if isinstance(given, (list, tuple, np.ndarray)):
        raise cannot(repr(given), "One number is asked here, and this is several.")
    raise cannot(repr(given), f"A number is asked here, and this is a {type(given).__name__}.")


def _nested(text: str, given: str) -> Any:
    """Nested lists of (value, unit)."""
    if "[" in text[1:] or text.startswith("(("):
        body = re.sub(r"[\])](?=\s*[\[(])", "],", text.replace("(", "[").replace(")", "]"))
        depth = 0
        parts: list[Any] = []
        stack = [parts]
        for piece in re.findall(r"\[|\]|[^\[\]]+", body):
            depth += (piece == "[") - (piece == "]")
            if depth < 0 or depth > 8:
                raise cannot(given, "The brackets do not match.")
            if piece == "[":
                stack[-1].append([])
                stack.append(stack[-1][-1])
            elif piece == "]":
                stack.pop()
            else:
                stack[-1] += [_entry(p, given) for p in re.split(r"[,\s]+", piece.strip(", \n\t")) if p]
        if depth or not all(isinstance(p, list) for p in parts):
            raise cannot(given, "The brackets do not match.")
        return parts[0] if len(parts) == 1 else parts
    inner = text.strip("[]() \n")
    if not inner.strip(",; \n"):
        raise cannot(given, NOTHING)
    rows = [r for r in re.split(r"[;\n]", inner) if r.strip()]
    made = [[_entry(p, given) for p in re.split(r"\s*,\s*|\s+", r.strip(", ")) if p] for r in rows]
    if len(made) == 1 and len(made[0]) == 1 and not text.startswith(("[", "(")):
        return made[0][0]
    return made if len(made) > 1 else made[0]


def _entry(text: str, given: str) -> tuple[float, float]:
    try:
        got = number(text)
    except AnswerError as error:
        raise cannot(given, f"The entry {text}: {error}") from None
    return got.value, got.unit


def _each(rows: Any, k: int) -> Any:
    return rows[k] if isinstance(rows, tuple) else [_each(r, k) for r in rows]
