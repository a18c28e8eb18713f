"""Operations that move entries without changing a number, and the indexing of arrays."""
import operator
from typing import NamedTuple

import numpy as np

from ..marks import arranging, static
from ..rules import operation


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
    return None if axes is None else tuple(int(k) for k in np.argsort(np.array(axes) % len(axes)))


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


@operation(np.ravel)
class ravel:
    """All entries in one row."""
    samples = "np.ravel(M)", "M.flatten()"
    def forward(x): return np.ravel(x)
    def backward(g, out, x): return np.reshape(g, np.shape(x))


@operation(np.squeeze)
class squeeze:
    """Without the axes of length 1."""
    samples = "np.squeeze(M[:, :1])", "M[:, None].squeeze(axis=1)"
    def forward(x, axis=None): return np.squeeze(x, axis)
    def backward(g, out, x, axis=None): return np.reshape(g, np.shape(x))


@operation(np.expand_dims)
class expand_dims:
    """With a new axis of length 1."""
    samples = "np.expand_dims(M, 1)", "np.expand_dims(v, (0, 2))"
    def forward(x, axis=0): return np.expand_dims(x, axis)
    def backward(g, out, x, axis=0): return np.reshape(g, np.shape(x))


@operation(np.transpose)
class transpose:
    """The axes in another order; by default reversed."""
    samples = "M.T", "np.transpose(T, (2, 0, 1))", "T.transpose(1, 0, -1)"

    def forward(x, axes=None):
        if axes is None:
            return x.T
        return np.transpose(x, axes)

    def backward(g, out, x, axes=None):
        if axes is None:
            return g.T
        return np.transpose(g, inverse(axes))


@operation(np.swapaxes)
class swapaxes:
    """Two axes exchanged."""
    samples = "np.swapaxes(T, 0, 2)",
    def forward(x, axis1=-1, axis2=-2): return np.swapaxes(x, axis1, axis2)
    def backward(g, out, x, axis1=-1, axis2=-2): return np.swapaxes(g, axis1, axis2)


class Hole(NamedTuple):
    """Stands in an index for the operation's input of that position."""

    position: int


@arranging
def placed(key, xs):
    """The index `key` with its holes filled by inputs."""
    if isinstance(key, Hole):
        return xs.args[key.position] if hasattr(xs, "args") else xs[key.position]
    if isinstance(key, tuple):
        return tuple([placed(k, xs) for k in key])
    return key


def opened(x, key):
    """(inputs, key with holes): whatever is traced in an index becomes an input, and the rest is copied."""
    xs = [x]

    def hole(k):
        if isinstance(k, tuple):
            return tuple([hole(i) for i in k])
        if hasattr(k, "home"):
            xs.append(k)
            return Hole(len(xs) - 1)
        return np.array(k) if isinstance(k, (np.ndarray, list)) else k
    opened_key = hole(key)
    return tuple(xs), opened_key


@operation(operator.getitem)
class getitem:
    """x[key]: the gradient returns to the entries that were taken, and the others get 0."""
    samples = ("M[1:, 0]", "M[[0, 0, 2]]", "M[None, ..., 1]", "M[np.arange(3), np.array([0, 1, 1])]", "v[-1]", "M[M > 0]",
               "v[np.array([True, False, True, True])]",
               "M[np.arange(3), np.argmax(M, axis=1)]")

    def received(x, key):
        xs, key = opened(x, key)
        return xs, {"key": key}

    def forward(*xs, key=()): return xs[0][placed(key, xs)]
    def backward(g, out, *xs, key=(), i=0): return scatter(g, placed(key, xs), np.shape(xs[0]))


@operation
class scatter:
    """An array of zeros with x added at key: the transpose of x[key]."""
    public = False
    samples = "scatter(M, (slice(0, 3),), (5, 4))", "scatter(v, np.argmax(T, axis=2)[0, [0, 1, 2, 0]], (9,))"

    def received(x, key, shape=()):
        xs, key = opened(x, key)
        return xs, {"key": key, "shape": tuple(shape)}

    def forward(*xs, key=(), shape=()):
        whole = np.zeros(shape)
        np.add.at(whole, placed(key, xs), xs[0])
        return whole

    def printed(x, key, shape):
        whole = np.zeros(shape)
        np.add.at(whole, key, x)
        return whole

    def spelled(*xs, key=(), shape=()): return scatter(xs[0], placed(key, xs), shape)
    def backward(g, out, *xs, key=(), shape=(), i=0): return g[placed(key, xs)]


@operation(np.concatenate)
class concatenate:
    """Arrays joined along an axis they have."""
    samples = "np.concatenate((M, M[:, :2], M), axis=1)", "np.concatenate([v, w])"
    def forward(*xs, axis=0): return np.concatenate(xs, axis=axis)
    def backward(g, out, *xs, axis=0, i=0): return g[span(xs, axis, i)]


@operation(np.stack)
class stack:
    """Arrays of one shape along a new axis."""
    samples = "np.stack([v, w], 1)", "np.stack([a, a * a])"
    def forward(*xs, axis=0): return np.stack(xs, axis=axis)
    def backward(g, out, *xs, axis=0, i=0): return g[layer(xs[i], axis, i)]
