"""The operations, declared once each. `x, y` are inputs, `g` the incoming gradient, `out` the value computed forward; a parameter
with a default is a constant of the node.

The set is closed: every function that a backward rule calls is itself declared here, so a printed program can be traced again.
Nobody sums broadcasting away here: the walk does it once, where shapes differ. `samples` are expressions in the arrays of
`backproplab.engine.samples`; one test puts each of them through every law.
"""
from . import activations, elementwise, products, reductions, shaping
from .activations import log_softmax, logsumexp, relu, sigmoid, softmax

__all__ = ["activations", "elementwise", "log_softmax", "logsumexp", "products", "reductions", "relu", "shaping", "sigmoid", "softmax"]
