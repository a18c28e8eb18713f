"""Names as a reader expects them: theta is a Greek letter, W1 has an index, x_hat has a hat, loss is a word in upright type.

Hostile names are typeset safely: what LaTeX would read as a command is escaped where LaTeX is written.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .layout import Atom, Layout, Named, Row, Script, sign

# Greek letters by name. Those whose name LaTeX knows; `lam` and `eps` are what programs call lambda and epsilon.
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"}
COMMANDS = {letter: f"\\{name}" for name, letter in GREEK.items()}
GREEK |= {"lam": "λ", "eps": "ϵ"}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}      # x_hat: combining, after the letter
LONG = 14                                 # characters of the words in an index
MARKS = {"star": "*", "prime": "′"}       # y_star is y*
COUNTS = {"minus": "−", "plus": "+"}      # h_t_minus_1
JOINED = re.compile(r"([A-Za-z])(hat|bar|tilde|star|prime)")                         # yhat, as many programs write it
WORDS = {"what", "that", "chat", "Chat", "That", "What"}


def letter(name: str, role: str = "") -> Named:
    """The layout of a name.

    Parameters
    ----------
    name : str
        As the author writes it: theta, W1, x_1, y_star, learning_rate.
    role : str
        "v", "g" or "".

    Returns
    -------
    Named
        Its plain text is the name itself.

    Examples
    --------
    >>> latex(letter("W1")), latex(letter("theta_i")), latex(letter("loss"))
    ('W_{1}', '\\\\theta_{i}', '\\\\mathrm{loss}')
    """
    return Named(name, _body(name, role))


def _body(name: str, role: str) -> Layout:
    parts = [p for p in unicodedata.normalize("NFC", name).split("_") if p]
    if not parts or not all(map(_tame, parts)):
        return Atom(name or " ", "mono", role)
    head, *tails = parts
    base, digits = _number_behind(head)
    marks = [MARKS[t] for t in tails if t in MARKS]
    tails = [t for t in tails if t not in MARKS]
    one = _single(base)
    if one is None and not tails and (joined := JOINED.fullmatch(base)) and base not in WORDS:              # yhat, ystar
        one, tails = joined[1], [joined[2]] * (joined[2] in ACCENTS)
        marks += [MARKS[m] for m in MARKS if m == joined[2]]
    if one is not None and tails and tails[0] in ACCENTS and (tails[0] != "dot" or all(t.isdigit() for t in tails[1:])):   # w_dot_x: a product
        one, tails = one + ACCENTS[tails[0]], tails[1:]
    spelled_out = [t for t in tails if _single(_number_behind(t)[0]) is None and not t.isdigit()]
    if one is not None and (len(spelled_out) > 2 or sum(map(len, spelled_out)) > LONG):
        return Atom(" ".join(parts), "word", role)                       # an index of many words would be longer than the line
    if one is None and spelled_out:
        base, digits, tails = " ".join([head, *tails]), "", []           # learning_rate
    tails = _counted(tails)
    core: Layout = Atom(one, "letter", role) if one is not None else Atom(base, "word", role)
    below = ([Atom(digits, "number", role)] if digits else []) + [_tail(t, role) for t in tails]
    listed: list[Layout] = []
    for k, b in enumerate(below):
        listed += [sign(",", role), b] if k else [b]
    if not below and not marks:
        return core
    return Script(core, (Row(tuple(listed)) if len(listed) > 1 else listed[0]) if below else None,
                  Row(tuple(sign(m, role) for m in marks)) if len(marks) > 1 else sign(marks[0], role) if marks else None)


def _counted(tails: list[str]) -> list[str]:
    """h_t_minus_1 is h with the index t-1: a word that counts joins its neighbours."""
    out: list[str] = []
    k = 0
    while k < len(tails):
        if out and k < len(tails) - 1 and tails[k] in COUNTS and tails[k + 1].isdigit():
            out[-1] += COUNTS[tails[k]] + tails[k + 1]
            k += 2
        else:
            out.append(tails[k])
            k += 1
    return out


def _tail(t: str, role: str) -> Layout:
    for s in COUNTS.values():
        if s in t:
            before, after = t.split(s, 1)
            return Row((_tail(before, role), sign(s, role), _tail(after, role)))
    return Atom(t, "number", role) if t.isdigit() else _body(t, role)


def _tame(part: str) -> bool:
    """Letters and digits: what may be set as a letter or a word. Everything else is spelled."""
    return all(c.isalnum() or unicodedata.combining(c) for c in part)


def _number_behind(part: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?\D)([0-9]+)", part)
    return (found[1], found[2]) if found else (part, "")


def _single(base: str) -> str | None:
    """The one letter (with its accents, decomposed) that the base stands for, or None for a word."""
    if base in GREEK:
        return GREEK[base]
    whole = unicodedata.normalize("NFD", base)
    return whole if len([c for c in whole if not unicodedata.combining(c)]) == 1 and not base.isdigit() else None


def letters(names: Iterable[str]) -> dict[str, Named]:
    """The layouts of several names that meet in one formula: no two look the same.

    Where two would (W1 and W_1), the first keeps the letter and the later ones are spelled as they are written.
    """
    from .latex import latex
    found: dict[str, Named] = {}
    seen: set[str] = set()
    for name in dict.fromkeys(names):
        made = letter(name)
        key = latex(made)
        if key in seen:
            made = Named(name, Atom(name, "mono"))
        seen.add(key)
        found[name] = made
    return found
