"""How mathematics is written: names as letters, expressions as formulas, derivations in a course's own notation.

An expression is typeset once, into a `Layout`; LaTeX, plain text and glyph outlines are readings of it and cannot disagree.
"""
from .checker import FormulaCheck, check_formula, typed_names
from .derivation import Derivation, Line, contribution, derivation
from .glyphs import Glyphs
from .latex import latex
from .letters import letter
from .notations import NOTATIONS, Notation, notation
from .numerals import digits, signed
from .plain import plain
from .reader import read, sides
from .setting import Setting
from .tidy import tidy
from .tokens import FormulaError
from .typeset import typeset
from .values import value

__all__ = [
    "NOTATIONS", "Derivation", "FormulaCheck", "FormulaError", "Glyphs", "Line", "Notation", "Setting", "check_formula", "contribution", "derivation",
    "digits", "latex", "letter", "notation", "plain", "read", "sides", "signed", "tidy", "typed_names", "typeset", "value"]
