"""How mathematics is written: names as letters, expressions as formulas, derivations in a course's own notation.

An expression is typeset once, into a `Layout`; LaTeX, plain text and glyph outlines are readings of it and cannot disagree.
"""
from .checker import FormulaCheck, check_formula, typed_names
from .conventions import PRESETS, Conventions, conventions
from .derivation import Derivation, contribution, derivation
from .free import names_in, read_freely
from .glyphs import Glyphs
from .latex import latex
from .letters import letter
from .lines import Line
from .notations import NOTATIONS, Notation, notation
from .numerals import digits, signed
from .plain import plain
from .reader import read, sides
from .setting import Setting
from .stepwise import STEPWISE, Steps, derivative_steps
from .tidy import tidy
from .tokens import FormulaError
from .typeset import typeset
from .values import value

__all__ = [
    "NOTATIONS", "PRESETS", "STEPWISE", "Conventions", "Derivation", "FormulaCheck", "FormulaError", "Glyphs", "Line", "Notation",
    "Setting", "Steps", "check_formula", "contribution", "conventions", "derivation", "derivative_steps", "digits", "latex", "letter",
    "names_in", "notation", "plain", "read", "read_freely", "sides", "signed", "tidy", "typed_names", "typeset", "value"]
