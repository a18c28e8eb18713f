"""From typed characters to tokens. Signs that look alike become one, names that were given win over everything else.

Nothing is decided here but where one token ends; `reader` knows what they mean.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..engine.errors import BackpropError

LONGEST = 2000                            # characters of a formula
DEEPEST = 40                              # brackets inside brackets
DIGITS = 30                               # characters of one number

# Signs that mean the same. The middle dot is kept: between vectors it is the inner product.
ALIKE = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "＋": "+", "∗": "*", "×": "*", "⊙": "*", "⁎": "*", "⋅": "·", "∙": "·",
    "•": "·", "÷": "/", "∕": "/", "⁄": "/", "≥": ">=", "≤": "<=", "⩾": ">=", "⩽": "<=", "≠": "!=", "＝": "=", "（": "(", "）": ")", "【": "[",
    "】": "]", "∑": "Σ", "’": "'", "′": "'", "ᵀ": "^⊤", "⊺": "⊤", "⟙": "⊤", "，": ","}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
SIGNS = ("**", ">=", "<=", "==", "!=", "->", *"+-*/@^()[]{},:=<>.'·√Σ|⊤_…")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NO_LETTERS = "".join(RAISED) + "ᵀ"       # Python counts them as letters
_NAME = re.compile(rf"[^\W\d{_NO_LETTERS}][^\W{_NO_LETTERS}]*")


class FormulaError(BackpropError, ValueError):
    """A typed formula that cannot be read, or that cannot be computed."""


def shortened(text: str, most: int = 60) -> str:
    return f"{text[:most - 1]}…" if len(text) > most else text


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is "number", "name", "text", "sign" or "end"; `gap`: a space stands in front; `at`: its place in the text."""

    kind: str
    text: str
    at: int
    gap: bool = False


def tokens(formula: str, names: Iterable[str] = ()) -> list[Token]:
    """The tokens of a formula, the last one of the kind "end".

    Parameters
    ----------
    formula : str
    names : iterable of str
        Names that may hold other characters than letters and digits, such as ∂y/∂a.

    Raises
    ------
    FormulaError
        When it is empty, too long, too deep, or holds a character that means nothing here.
    """
    if not isinstance(formula, str):
        raise FormulaError("reading a formula", f"it is {type(formula).__name__}, not text", "Write it in quotes, as in \"g_y * x\".")
    if not formula.strip():
        raise FormulaError("reading a formula", "nothing was typed", "Write an expression, such as g_y * x.")
    if len(formula) > LONGEST:
        raise FormulaError("reading a formula", f"it has {len(formula)} characters", f"At most {LONGEST} are read: give the parts names.")
    formula = unicodedata.normalize("NFC", formula)
    special = sorted((n for n in names if not _NAME.fullmatch(n)), key=len, reverse=True)
    out: list[Token] = []
    depth = k = 0
    gap = False
    while k < len(formula):
        c = formula[k]
        if c.isspace() or c in "\u200b\u2062":
            k, gap = k + 1, True
            continue
        token = _next(formula, k, special)
        if token is None:
            raise FormulaError(f"reading the formula `{shortened(formula)}`", f"the character {c!r} at place {k + 1} means nothing here",
                               "Use letters, numbers, + - * / ^ @, brackets, and functions such as exp(x).")
        made, length = token
        for t in made:
            out.append(Token(t.kind, t.text, k, gap))
            gap = False
            depth += (t.text in ("(", "[")) - (t.text in (")", "]")) if t.kind == "sign" else 0
            if depth > DEEPEST:
                raise FormulaError("reading a formula", f"more than {DEEPEST} brackets stand inside each other", "Give the inner parts names.")
        k += length
    return [*out, Token("end", "", len(formula), gap)]


def _next(formula: str, k: int, special: list[str]) -> tuple[list[Token], int] | None:
    """(tokens, characters) at place k."""
    for name in special:
        if formula.startswith(name, k):
            return [Token("name", name, k)], len(name)
    c = formula[k]
    number = _NUMBER.match(formula, k)
    if number:
        text = number[0]
        if len(text) > DIGITS:
            raise FormulaError(f"reading the number {text[:12]}…", f"it has {len(text)} characters", "Write it with an exponent, as in 1.5e30.")
        return [Token("number", text, k)], len(text)
    if c in RAISED:
        end = k
        while end < len(formula) and formula[end] in RAISED:
            end += 1
        digits = "".join(RAISED[d] for d in formula[k:end])
        minus = [Token("sign", "-", k)] if digits[0] == "-" else []
        return [Token("sign", "**", k), *minus, Token("number", digits.lstrip("-") or "0", k)], end - k
    if c not in "Σ" and c not in ALIKE:
        word = _NAME.match(formula, k)
        if word:
            whole = word[0]
            if formula[k + len(whole):k + len(whole) + 1] == "{":
                whole = whole.rstrip("_")                                # mean_{axis 0}: the underscore is a sign
            if whole:
                return [Token("name", whole, k)], len(whole)
    if c in "'\"" and (k == 0 or not (formula[k - 1].isalnum() or formula[k - 1] in ")]'_")):
        end = formula.find(c, k + 1)
        return ([Token("text", formula[k + 1:end], k)], end + 1 - k) if end > 0 else None
    if c in ALIKE:
        alike = ALIKE[c]
        return [Token("sign", s, k) for s in (("**", "⊤") if alike == "^⊤" else (alike,))], 1
    for s in SIGNS:
        if formula.startswith(s, k):
            return [Token("sign", "**" if s == "^" else s, k)], len(s)
    return None
