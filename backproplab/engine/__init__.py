"""The engine: an ordinary NumPy function in, its graph, gradients, steps and printed program out. It loads NumPy and nothing else."""
from .check import GradientCheck, check_gradients
from .errors import (
    BackpropError,
    InputError,
    NotScalarError,
    NumericalWarning,
    RuleError,
    ShapeError,
    TraceError,
    UnknownNameError,
)
from .rules import operation, static
from .run import Run, Step, source, trace
from .transforms import grad, jvp, value_and_grad
from .vocabulary import log_softmax, logsumexp, relu, sigmoid, softmax

__all__ = ["BackpropError", "GradientCheck", "InputError", "NotScalarError", "NumericalWarning", "RuleError", "Run", "ShapeError", "Step",
           "TraceError", "UnknownNameError", "check_gradients", "grad", "jvp", "log_softmax", "logsumexp", "operation", "relu", "sigmoid",
           "softmax", "source", "static", "trace", "value_and_grad"]
