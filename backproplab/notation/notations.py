"""How a course writes the gradient of the output by a variable: data, one declaration for each notation.

A course's own notation is one more declaration, given to `derivation(notation=...)` or put into `NOTATIONS`.
"""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.errors import UnknownNameError, listed
from .layout import Atom, Fraction, Layout, Over, Row, Script, mapped, sign

VARIABLE, OUTPUT = Atom("variable", "word", "slot"), Atom("output", "word", "slot")      # the places that `filled` fills
PARTIAL = sign("∂")


@dataclass(frozen=True, slots=True)
class Notation:
    """A course's letters.

    Attributes
    ----------
    name : str
    about : str
        One sentence, for a reader who meets it for the first time.
    gradient : Layout
        The gradient of OUTPUT by VARIABLE.
    text : str
        The same in plain text, with {variable} and {output}; empty for the name that the printed program uses, g_x.
    typed : tuple of str
        Other ways in which it is typed; the reader takes them too.
    code : bool
        Formulas are written as the program's text.
    """

    name: str
    about: str
    gradient: Layout
    text: str = ""
    typed: tuple[str, ...] = ()
    code: bool = False


NOTATIONS = {n.name: n for n in (
    Notation("g", "g with an index: the gradient of the output by the variable in the index.", Script(Atom("g"), sub=VARIABLE)),
    Notation("leibniz", "A fraction: how fast the output changes with the variable below the line.",
             Fraction(Row((PARTIAL, OUTPUT)), Row((PARTIAL, VARIABLE))), "∂{output}/∂{variable}", ("d{output}/d{variable}", "d{output}_d{variable}")),
    Notation("bar", "A bar over the variable: its adjoint, the gradient of the output by it.", Over(VARIABLE),
             "{variable}_bar", ("bar({variable})",)),
    Notation("delta", "δ with an index: the error signal at the variable.", Script(Atom("δ"), sub=VARIABLE), "δ_{variable}", ("delta_{variable}",)),
    Notation("nabla", "∇ with an index: the gradient of the output by the variable in the index.",
             Row((Script(sign("∇"), sub=VARIABLE), OUTPUT)), "∇_{variable} {output}"),
    Notation("code", "As the printed program says it.", Script(Atom("g"), sub=VARIABLE), code=True),
)}


def notation(name: str | Notation) -> Notation:
    """The notation of that name.

    Raises
    ------
    UnknownNameError
        When there is none, with the names of those there are.
    """
    if isinstance(name, Notation):
        return name
    try:
        return NOTATIONS[name]
    except (KeyError, TypeError):
        raise UnknownNameError(f"typesetting in the notation {name!r}", f"the notations are {listed(map(repr, NOTATIONS))}",
                               "Use one of these names.") from None


def filled(template: Layout, variable: Layout, output: Layout) -> Layout:
    """A notation's template with the letters of a variable and of the output in their places."""
    return mapped(template, lambda a: variable if a == VARIABLE else output if a == OUTPUT else a)
