"""Operations that reduce axes, and the helpers that bring a reduced gradient back into shape."""
import numpy as np

from ..rules import operation, static


@static
def expanded(shape, axis):
    """Shape after a reduction over axis with keepdims."""
    axes = range(len(shape)) if axis is None else [int(k) % len(shape) for k in np.atleast_1d(axis)]
    return tuple(1 if k in axes else n for k, n in enumerate(shape))


@static
def count(shape, axis):
    """How many entries one reduction over axis adds up."""
    axes = range(len(shape)) if axis is None else np.atleast_1d(axis)
    return int(np.prod([shape[k] for k in axes], dtype=int))


@operation(np.sum)
class sum_:
    """The sum along an axis; its gradient is copied back to every entry that was added."""
    samples = "np.sum(M)", "np.sum(M, 0)", "M.sum(axis=-1, keepdims=True)", "T.sum(axis=(0, 2))"
    def forward(x, axis=None, keepdims=False): return np.sum(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        g = g if np.ndim(g) in (0, np.ndim(x)) else np.reshape(g, expanded(np.shape(x), axis))
        return np.broadcast_to(g, np.shape(x))


@operation(np.mean)
class mean:
    """The mean along an axis; every entry receives its share of the gradient."""
    samples = "M.mean()", "np.mean(M, axis=1)", "np.mean(T, axis=(0, 1), keepdims=True)"
    def forward(x, axis=None, keepdims=False): return np.mean(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        g = g if np.ndim(g) in (0, np.ndim(x)) else np.reshape(g, expanded(np.shape(x), axis))
        return np.broadcast_to(g / count(np.shape(x), axis), np.shape(x))


@operation
class first_largest:
    """1 at the first largest entry along an axis, 0 elsewhere: where the gradient of a maximum goes."""
    def forward(x, axis=None):
        flat = np.reshape(x, -1) if axis is None else x
        where = np.expand_dims(np.argmax(flat, axis=axis or 0), axis or 0)
        mask = np.zeros(np.shape(flat))
        np.put_along_axis(mask, where, 1.0, axis or 0)
        return np.reshape(mask, np.shape(x))


@operation(np.max)
class max_:
    """The largest entry along an axis; a tie goes to the first."""
    samples = "np.max(M)", "M.max(axis=1)", "np.max(M, axis=0, keepdims=True)"
    def forward(x, axis=None, keepdims=False): return np.max(x, axis=axis, keepdims=keepdims)
    def backward(g, out, x, axis=None, keepdims=False): return np.reshape(g, expanded(np.shape(x), axis)) * first_largest(x, axis=axis)
