"""backproplab: write an ordinary NumPy function; see, step, predict, derive and check its backpropagation.

This file stands above all rooms and loads them when they are first used: `import backproplab` alone loads NumPy and nothing heavy.
"""
from __future__ import annotations

import importlib
from typing import Any

from .engine import (
    BackpropError,
    GradientCheck,
    InputError,
    NotScalarError,
    NumericalWarning,
    RuleError,
    Run,
    ShapeError,
    Step,
    TraceError,
    UnknownNameError,
    binary_cross_entropy_with_logits,
    check_gradients,
    grad,
    jacobian,
    jvp,
    leaky_relu,
    log_softmax,
    logsumexp,
    one_hot,
    operation,
    operations,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
    source,
    squared_error,
    static,
    stop_gradient,
    trace,
    value_and_grad,
    vjp,
)
from .engine.check import hooks
from .engine.hooks import hooks as connected

__version__ = "0.1.0"

# A public name -> the room that holds it; loaded on first use.
_ROOMS = {
    "compile": "engine.fast.compiling",
    "derivative_shape": "calculus",
    "draw": "drawing", "draw_network": "drawing", "svg": "drawing",
    "check_formula": "notation", "conventions": "notation", "derivation": "notation", "derivative_steps": "notation",
    "diagnose": "questions",
    "stepper": "widgets", "quiz": "widgets", "shape_bench": "widgets", "shape_quiz": "widgets", "jacobian_viewer": "widgets", "save_html": "widgets",
    "vanishing_lab": "widgets", "dead_relu_lab": "widgets", "training_lab": "widgets",
}
_SUBPACKAGES = ("calculus", "drawing", "engine", "exercises", "experiments", "nn", "notation", "questions", "widgets")

__all__ = ["BackpropError", "GradientCheck", "InputError", "NotScalarError", "NumericalWarning", "RuleError", "Run", "ShapeError", "Step",
           "TraceError", "UnknownNameError", "binary_cross_entropy_with_logits", "check_formula", "check_gradients", "compile", "conventions",
           "dead_relu_lab", "derivation", "derivative_shape", "derivative_steps", "diagnose", "draw", "draw_network", "grad", "jacobian",
           "jacobian_viewer", "jvp", "leaky_relu", "log_softmax", "logsumexp", "one_hot", "operation", "operations", "quiz", "relu", "save_html",
           "shape_bench", "shape_quiz", "sigmoid", "softmax", "softmax_cross_entropy", "softplus", "source", "squared_error", "static", "stepper",
           "stop_gradient", "svg", "trace", "training_lab", "value_and_grad", "vanishing_lab", "vjp"]


def _name_mistake(run: Run, name: str, claim: Any) -> str:
    """Loads the room of questions when a claimed gradient is wrong, and not before."""
    return str(importlib.import_module(".questions.diagnosis", __name__).name_mistake(run, name, claim))


hooks["diagnose"] = _name_mistake
connected["read_formula"] = lambda *given: importlib.import_module(".notation", __name__).read_freely(*given)
connected["formula_value"] = lambda *given: importlib.import_module(".notation", __name__).value(*given)


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        found = getattr(importlib.import_module(f".{_ROOMS[name]}", __name__), name)
        globals()[name] = found
        return found
    if name in _SUBPACKAGES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_SUBPACKAGES, "__version__"])
