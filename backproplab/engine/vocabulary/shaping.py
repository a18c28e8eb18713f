"""Operations that move entries without changing a number, and the indexing of arrays."""
import operator

import numpy as np

from ..rules import operation, static


@static
def span(xs, axis, i):
    """Index that cuts the i-th of the joined arrays out of the whole."""
    start = sum(np.shape(x)[axis] for x in xs[:i])
    return (slice(None),) * (axis % np.ndim(xs[i])) + (slice(start, start + np.shape(xs[i])[axis]),)


@static
def layer(x, axis, i):
    """Index that cuts the i-th of the stacked arrays out of the whole."""
    return (slice(None),) * (axis % (np.ndim(x) + 1)) + (i,)


@static
def inverse(axes):
    """The permutation of axes that undoes `axes`."""
    return None if axes is None else tuple(int(k) for k in np.argsort(axes))


@operation(np.broadcast_to)
class broadcast_to:
    """x repeated to a shape; the walk adds up what was repeated."""
    samples = "np.broadcast_to(v, (3, 4))",
    def forward(x, shape=()): return np.broadcast_to(x, shape)
    def backward(g, out, x, shape=()): return g


@operation(np.reshape)
class reshape:
    """The same entries in another shape."""
    samples = "M.reshape(2, 6)", "np.reshape(M, (-1,))"
    def forward(x, shape=()): return np.reshape(x, shape)
    def backward(g, out, x, shape=()): return np.reshape(g, np.shape(x))


@operation(np.transpose)
class transpose:
    """The axes in another order; by default reversed."""
    samples = "M.T", "np.transpose(T, (2, 0, 1))"
    def forward(x, axes=None): return np.transpose(x, axes)
    def backward(g, out, x, axes=None): return np.transpose(g, inverse(axes))


@operation(np.swapaxes)
class swapaxes:
    """Two axes exchanged."""
    samples = "np.swapaxes(T, 0, 2)",
    def forward(x, axis1=-1, axis2=-2): return np.swapaxes(x, axis1, axis2)
    def backward(g, out, x, axis1=-1, axis2=-2): return np.swapaxes(g, axis1, axis2)


@operation(operator.getitem)
class getitem:
    """x[key]: the gradient returns to the entries that were taken, and the others get 0."""
    samples = "M[1:, 0]", "M[[0, 0, 2]]", "M[None, ..., 1]", "M[np.arange(3), np.array([0, 1, 1])]", "v[-1]"
    def forward(x, key=()): return x[key]
    def backward(g, out, x, key=()): return scatter(g, key, np.shape(x))


@operation
class scatter:
    """An array of zeros with x added at key: the transpose of x[key]."""
    samples = "scatter(M, (slice(0, 3),), (5, 4))",

    def forward(x, key=(), shape=()):
        whole = np.zeros(shape)
        np.add.at(whole, key, x)
        return whole

    def backward(g, out, x, key=(), shape=()): return g[key]


@operation(np.concatenate)
class concatenate:
    """Arrays joined along an axis they have."""
    samples = "np.concatenate((M, M[:, :2], M), axis=1)",
    def forward(*xs, axis=0): return np.concatenate(xs, axis=axis)
    def backward(g, out, *xs, axis=0, i=0): return g[span(xs, axis, i)]


@operation(np.stack)
class stack:
    """Arrays of one shape along a new axis."""
    samples = "np.stack([v, w], 1)", "np.stack([a, a * a])"
    def forward(*xs, axis=0): return np.stack(xs, axis=axis)
    def backward(g, out, *xs, axis=0, i=0): return g[layer(xs[i], axis, i)]
