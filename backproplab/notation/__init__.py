"""How mathematics is written: names as letters, expressions as formulas, derivations in a course's own notation.

An expression is typeset once, into a `Layout`; LaTeX, plain text and glyph outlines are readings of it and cannot disagree.
"""
from .derivation import Derivation, Line, contribution, derivation
from .glyphs import Glyphs
from .latex import latex
from .letters import letter
from .notations import NOTATIONS, Notation, notation
from .numerals import digits, signed
from .plain import plain
from .setting import Setting
from .tidy import tidy
from .typeset import typeset

__all__ = ["NOTATIONS", "Derivation", "Glyphs", "Line", "Notation", "Setting", "contribution", "derivation", "digits", "latex", "letter", "notation", "plain", "signed", "tidy", "typeset"]
