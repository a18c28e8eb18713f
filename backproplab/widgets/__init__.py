"""Widgets for notebooks, and the same as pages that need no kernel.

A widget is an ES module, a style sheet and one JSON state in which everything that can be shown is computed beforehand.
"""
from .dead_relu_lab import DeadReluLab, dead_relu_lab
from .jacobian import JacobianViewer, jacobian_viewer
from .page import save_html
from .quiz import Quiz, quiz
from .shapes import ShapeBench, shape_bench
from .shapes_quiz import shape_quiz
from .stepper import Stepper, stepper
from .training_lab import TrainingLabWidget, training_lab
from .vanishing_lab import VanishingLab, vanishing_lab

__all__ = ["DeadReluLab", "JacobianViewer", "Quiz", "ShapeBench", "Stepper", "TrainingLabWidget", "VanishingLab", "dead_relu_lab", "jacobian_viewer",
           "quiz", "save_html", "shape_bench", "shape_quiz", "stepper", "training_lab", "vanishing_lab"]
