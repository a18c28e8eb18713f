"""How a course writes the gradient of the output by a variable: data, one declaration for each notation."""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.errors import UnknownNameError, listed
from .layout import Atom, Layout, Script, mapped

VARIABLE, OUTPUT = Atom("variable", "word", "slot"), Atom("output", "word", "slot")      # the places that `filled` fills


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
    """

    name: str
    about: str
    gradient: Layout


NOTATIONS = {n.name: n for n in (
    Notation("g", "g with an index: the gradient of the output by the variable in the index.", Script(Atom("g"), sub=VARIABLE)),
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
