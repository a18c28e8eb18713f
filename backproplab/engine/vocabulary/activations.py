"""What NumPy lacks: activations and their stable relatives. Printed as a call, with the definition above the program."""
import numpy as np

from ..rules import operation
from .reductions import expanded


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


@operation
class softmax:
    """e^x divided by its sum along an axis, shifted by the largest entry so that nothing overflows."""
    samples = "softmax(M)", "softmax(M, axis=0)"

    def forward(x, axis=-1):
        e = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return e / np.sum(e, axis=axis, keepdims=True)

    def backward(g, out, x, axis=-1): return out * (g - np.sum(g * out, axis=axis, keepdims=True))


@operation
class logsumexp:
    """The logarithm of the sum of e^x along an axis, shifted so that nothing overflows; its gradient is the softmax."""
    samples = "logsumexp(M)", "logsumexp(M, axis=0, keepdims=True)"

    def forward(x, axis=-1, keepdims=False):
        largest = np.max(x, axis=axis, keepdims=True)
        total = largest + np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True))
        return total if keepdims else np.squeeze(total, axis)

    def backward(g, out, x, axis=-1, keepdims=False): return np.reshape(g, expanded(np.shape(x), axis)) * softmax(x, axis)


@operation
class log_softmax:
    """The logarithm of the softmax, computed as x - logsumexp(x)."""
    samples = "log_softmax(M)", "log_softmax(M, axis=0)"
    def forward(x, axis=-1): return x - logsumexp(x, axis, True)
    def backward(g, out, x, axis=-1): return g - np.exp(out) * np.sum(g, axis=axis, keepdims=True)
