"""A layout as LaTeX, within what both MathJax and matplotlib's mathtext read."""
from __future__ import annotations

import re
import unicodedata

from .layout import BIN, REL, SIGNS, Atom, Brackets, Fraction, Layout, Named, Over, Root, Row, Script, flat, spaced
from .letters import COMMANDS

ACCENTS = {"\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0306": "breve", "\u0307": "dot",
           "\u0308": "ddot", "\u030c": "check", "\u20d7": "vec"}
FUNCTIONS = {"sin", "cos", "tan", "tanh", "sinh", "cosh", "arcsin", "arccos", "arctan", "ln", "log", "exp", "max", "min"}
# mathtext has no \\&: the wide ampersand is read by both.
ESCAPED = {"_": r"\_", "#": r"\#", "$": r"\$", "%": r"\%", "&": "\uff06", "{": r"\{", "}": r"\}", "\\": r"\backslash ", "^": r"\wedge ",
           "~": r"\sim ", " ": r"\ ", "'": r"\prime ", '"': r"\prime\prime ", "`": r"\prime "}
STYLES = {"word": "mathrm", "bold": "mathbf", "mono": "mathtt"}
_OPERATORS = re.compile(r"[-+*/<>=,:;!]")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")


def latex(layout: Layout) -> str:
    """The LaTeX of a layout, without dollar signs.

    Examples
    --------
    >>> latex(Fraction(Atom("a"), Atom("b")))
    '\\\\frac{a}{b}'
    """
    if isinstance(layout, Atom):
        return atom(layout)
    if isinstance(layout, Row):
        return _row(layout)
    if isinstance(layout, Named):
        return latex(layout.body)
    if isinstance(layout, Fraction):
        return rf"\frac{{{latex(layout.top)}}}{{{latex(layout.bottom)}}}"
    if isinstance(layout, Script):
        base, sub, sup = layout.parts()
        body = latex(base)
        if isinstance(base, Script):                                     # an index of an index: TeX refuses x_{1}_{2}
            body = f"{{{body}}}"
        return body + (f"_{{{latex(sub)}}}" if sub else "") + (f"^{{{latex(sup)}}}" if sup else "")
    if isinstance(layout, Brackets):
        left, right = layout.pair[0], layout.pair[1]
        return rf"\left{left} {latex(layout.body)} \right{right}" if layout.tall else f"{left}{latex(layout.body)}{right}"
    if isinstance(layout, Over):
        return rf"\overline{{{latex(layout.body)}}}"
    assert isinstance(layout, Root)
    return rf"\sqrt{{{latex(layout.body)}}}"


def _row(layout: Row) -> str:
    out = ""
    last = ""
    for part, gap, _, kind in spaced(flat(layout)):
        piece = latex(part)
        if kind in (BIN, REL) or last in (BIN, REL):
            out += " " if out else ""
        elif kind == "times":
            out += r"\,"
        elif gap or _ENDS_IN_COMMAND.search(out) and piece[:1].isalnum():
            out += " "
        out += piece
        last = kind
    return out


def atom(a: Atom) -> str:
    """The LaTeX of one atom."""
    if a.kind == "sign":
        return SIGNS[a.text][0]
    if a.kind == "number":
        return {"∞": r"\infty", "−∞": r"-\infty", "+∞": r"+\infty", "NaN": r"\mathrm{NaN}"}.get(a.text, a.text.replace("−", "-"))
    if a.kind == "function":
        if a.text == "Σ":
            return r"\sum"
        if a.text == "σ":
            return r"\sigma"
        return rf"\{a.text}" if a.text in FUNCTIONS else rf"\operatorname{{{escaped(a.text)}}}"
    if a.kind == "letter":
        return _letter(a.text)
    body = escaped(a.text)
    if a.kind == "mono":                                                 # in braces a sign is no operator: a**2, not a * * 2
        body = _OPERATORS.sub(r"{\g<0>}", body)
    return rf"\{STYLES[a.kind]}{{{body}}}"


def _letter(text: str) -> str:
    base, *accents = list(unicodedata.normalize("NFD", text))
    out = COMMANDS.get(base) or ESCAPED.get(base, base).strip()
    for mark in accents:
        out = rf"\{ACCENTS[mark]}{{{out}}}" if mark in ACCENTS else out + mark
    return out


def escaped(text: str) -> str:
    """Text between the braces of \\mathrm{...}: nothing in it is read as a command."""
    out = ""
    for c in text:
        piece = ESCAPED.get(c) or (COMMANDS[c] + " " if c in COMMANDS else c if c.isprintable() else r"\ ")
        out += piece
    return out.rstrip() if not out.endswith("\\ ") else out
