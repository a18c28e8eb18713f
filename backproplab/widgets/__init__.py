"""Widgets for notebooks, and the same as pages that need no kernel.

A widget is an ES module, a style sheet and one JSON state in which everything that can be shown is computed beforehand.
"""
from .page import save_html
from .quiz import Quiz, quiz
from .stepper import Stepper, stepper

__all__ = ["Quiz", "Stepper", "quiz", "save_html", "stepper"]
