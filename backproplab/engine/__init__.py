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
from .jacobian import jacobian
from .refusals import operations
from .rules import operation, static
from .run import Run, source, trace
from .steps import Step
from .transforms import grad, jvp, value_and_grad, vjp
from .vocabulary import (
    binary_cross_entropy_with_logits,
    leaky_relu,
    log_softmax,
    logsumexp,
    one_hot,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
    squared_error,
    stop_gradient,
)

__all__ = ["BackpropError", "GradientCheck", "InputError", "NotScalarError", "NumericalWarning", "RuleError", "Run", "ShapeError", "Step",
           "TraceError", "UnknownNameError", "binary_cross_entropy_with_logits", "check_gradients", "grad", "jacobian", "jvp", "leaky_relu",
           "log_softmax", "logsumexp", "one_hot", "operation", "operations", "relu", "sigmoid", "softmax", "softmax_cross_entropy", "softplus",
           "source",
           "squared_error", "static", "stop_gradient", "trace", "value_and_grad", "vjp"]
