"""Experiments without a screen: vanishing sigmoids, dead ReLUs, and a training to look at from all sides. The labs draw what these compute.

    from backproplab.experiments import vanishing
    settings = vanishing.Vanishing(depth=30)
    print(vanishing.summary(settings, vanishing.start(settings), vanishing.training(settings)))

Settings are records with a short code; runs are plain data; `claims` holds what the text says of them, with the bounds it is held to.
"""
from . import claims, dead, training_lab, vanishing
from .across import across
from .claims import CLAIMS, Claim
from .dead import Dead
from .dying import expected_dead
from .paths import path
from .propagation import expected_line, factors
from .training_lab import TrainingLab
from .vanishing import Vanishing

__all__ = ["CLAIMS", "Claim", "Dead", "TrainingLab", "Vanishing", "across", "claims", "dead", "expected_dead", "expected_line", "factors",
           "path", "training_lab", "vanishing"]
