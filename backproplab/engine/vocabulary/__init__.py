"""The operations, declared once each. `x, y` are inputs, `g` the incoming gradient, `out` the value computed forward; a parameter
with a default is a constant of the node.

The set is closed: every function that a backward rule calls is itself declared here, so a printed program can be traced again.
Nobody sums broadcasting away here: the walk does it once, where shapes differ. `samples` are expressions in the arrays of
`backproplab.engine.samples`; one test puts each of them through every law.
"""
from . import activations, choices, comparisons, elementwise, losses, products, reductions, shaping
from .activations import leaky_relu, log_softmax, logsumexp, relu, sigmoid, softmax, softplus, stop_gradient
from .losses import binary_cross_entropy_with_logits, one_hot, softmax_cross_entropy, squared_error

__all__ = ["activations", "binary_cross_entropy_with_logits", "choices", "comparisons", "elementwise", "leaky_relu", "log_softmax", "logsumexp",
           "losses", "one_hot", "products", "reductions", "relu", "shaping", "sigmoid", "softmax", "softmax_cross_entropy", "softplus",
           "squared_error", "stop_gradient"]
