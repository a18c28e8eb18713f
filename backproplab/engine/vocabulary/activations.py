"""What NumPy lacks: activations and their stable relatives. Printed as a call, with the definition above the program.

Each takes a number or an array and gives a float64 or an array of the same shape, `logsumexp` one without the axis.
"""
import numpy as np

from ..rules import operation


@operation
class sigmoid:
    """1 / (1 + e^-x), computed without overflow at either end; by its output, the derivative is out * (1 - out)."""
    samples = "sigmoid(M)", "sigmoid(a)"

    def forward(x):
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, 1, e) / (1 + e)

    def backward(g, out, x): return g * out * (1 - out)


@operation
class relu:
    """max(x, 0); the derivative at 0 is chosen to be 0."""
    samples = "relu(M)", "relu(a)"
    def forward(x): return np.maximum(x, 0)
    def backward(g, out, x): return np.where(x > 0, g, 0)
    def kink(x): return np.abs(x)


@operation
class leaky_relu:
    """x for x > 0 and slope * x below; the derivative at 0 is chosen to be the slope."""
    samples = "leaky_relu(M)", "leaky_relu(M, .2)"
    def forward(x, slope=0.01): return np.where(x > 0, x, slope * x)
    def backward(g, out, x, slope=0.01): return np.where(x > 0, g, slope * g)
    def kink(x, slope=0.01): return np.abs(x)


@operation
class softplus:
    """log(1 + e^x), computed without overflow; its derivative is the sigmoid."""
    samples = "softplus(M)",
    def forward(x): return np.logaddexp(0, x)
    def backward(g, out, x): return g * sigmoid(x)


@operation
class softmax:
    """e^x divided by its sum along an axis, shifted by the largest entry so that nothing overflows.

    Returns
    -------
    ndarray
        Of x's shape; the entries along the axis are positive and add up to 1.
    """
    samples = "softmax(M)", "softmax(M, axis=0)"

    def forward(x, axis=-1):
        e = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return e / np.sum(e, axis=axis, keepdims=True)

    def backward(g, out, x, axis=-1): return out * (g - np.sum(g * out, axis=axis, keepdims=True))


@operation
class logsumexp:
    """The logarithm of the sum of e^x along an axis, shifted so that nothing overflows; its gradient is the softmax.

    Returns
    -------
    float64 or ndarray
        Of x's shape without the axis; with keepdims=True the axis has length 1.
    """
    samples = "logsumexp(M)", "logsumexp(M, axis=0, keepdims=True)"

    def forward(x, axis=-1, keepdims=False):
        largest = np.max(x, axis=axis, keepdims=True)
        total = largest + np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True))
        return total if keepdims else np.squeeze(total, axis)

    def backward(g, out, x, axis=-1, keepdims=False):
        if keepdims:
            return g * softmax(x, axis)
        return np.expand_dims(g, axis) * softmax(x, axis)


@operation
class log_softmax:
    """The logarithm of the softmax, computed as x - logsumexp(x)."""
    samples = "log_softmax(M)", "log_softmax(M, axis=0)"
    def forward(x, axis=-1): return x - logsumexp(x, axis, True)
    def backward(g, out, x, axis=-1): return g - np.exp(out) * np.sum(g, axis=axis, keepdims=True)


@operation
class stop_gradient:
    """x itself, through which no gradient flows: what comes after treats it as a constant."""
    def forward(x): return x
