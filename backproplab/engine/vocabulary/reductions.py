"""Operations that reduce axes, and the helpers that bring a reduced gradient back into shape.

A gradient comes back along an axis that is gone: np.expand_dims puts it there again, with length 1, and broadcasting does the rest.
"""
import numpy as np

from ..marks import static
from ..rules import operation


@static
def lost(out, x, axis):
    """The axes, counted from the front, that reducing x took away; () where none is missing or broadcasting will do."""
    if np.ndim(out) in (0, np.ndim(x)):
        return ()
    return tuple(sorted(int(k) % np.ndim(x) for k in np.atleast_1d(axis)))


@static
def axes_of(x, axis):
    """The axes that a reduction goes over, counted from the front."""
    if axis is None or np.ndim(x) == 0:
        return tuple(range(np.ndim(x)))
    return tuple(sorted(int(k) % np.ndim(x) for k in np.atleast_1d(axis)))


@operation(np.sum)
class sum_:
    """The sum along an axis; its gradient is copied back to every entry that was added."""
    samples = "np.sum(M)", "np.sum(M, 0)", "M.sum(axis=-1, keepdims=True)", "T.sum(axis=(0, 2))"
    def forward(x, axis=None, keepdims=False): return np.sum(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if lost(out, x, axis):
            return np.broadcast_to(np.expand_dims(g, lost(out, x, axis)), np.shape(x))
        return np.broadcast_to(g, np.shape(x))


@operation(np.mean)
class mean:
    """The mean along an axis; every entry receives its share of the gradient."""
    samples = "M.mean()", "np.mean(M, axis=1)", "np.mean(T, axis=(0, 1), keepdims=True)"
    def forward(x, axis=None, keepdims=False): return np.mean(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if lost(out, x, axis):
            return np.broadcast_to(np.expand_dims(g / (np.size(x) / np.size(out)), lost(out, x, axis)), np.shape(x))
        if np.size(out) == 1:
            return np.broadcast_to(g / np.size(x), np.shape(x))
        return np.broadcast_to(g / (np.size(x) / np.size(out)), np.shape(x))


@operation(np.var)
class var:
    """The mean squared distance from the mean; with ddof=1 the sum is divided by one less than the count."""
    samples = "np.var(M)", "M.var(axis=0)", "np.var(T, axis=(0, 2), ddof=1, keepdims=True)"
    def forward(x, axis=None, ddof=0, keepdims=False): return np.var(x, axis=axis, ddof=ddof, keepdims=keepdims)

    def received(x, axis=None, *, ddof=0, keepdims=False): return (x,), {"axis": axis, "ddof": ddof, "keepdims": keepdims}

    def backward(g, out, x, axis=None, ddof=0, keepdims=False):
        if lost(out, x, axis):
            return np.expand_dims(g, lost(out, x, axis)) * 2 * (x - np.mean(x, axis=axis, keepdims=True)) / (np.size(x) / np.size(out) - ddof)
        return g * 2 * (x - np.mean(x, axis=axis, keepdims=True)) / (np.size(x) / np.size(out) - ddof)


@static
def to_the_end(x, axis):
    """Order of the axes with those of the reduction last."""
    return tuple(k for k in range(np.ndim(x)) if k not in axes_of(x, axis)) + axes_of(x, axis)


@static
def back_again(x, axis):
    """The permutation that undoes `to_the_end`."""
    return tuple(int(k) for k in np.argsort(to_the_end(x, axis)))


@static
def in_one(x, axis):
    """Shape with the axes of the reduction last and in one."""
    return tuple(n for k, n in enumerate(np.shape(x)) if k not in axes_of(x, axis)) + (-1,)


@static
def moved(x, axis):
    """Shape with the axes of the reduction last."""
    return tuple(np.shape(x)[k] for k in to_the_end(x, axis))


@operation(np.prod)
class prod:
    """The product along an axis. The gradient of an entry is the product of the others, found without dividing, so that zeros are right."""
    samples = "np.prod(v)", "np.prod(M, axis=1)", "M.prod()", "np.prod(T, axis=(0, 1), keepdims=True)"
    def forward(x, axis=None, keepdims=False): return np.prod(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if np.ndim(x) < 2:
            return g * product_of_others(x)
        others = product_of_others(np.reshape(np.transpose(x, to_the_end(x, axis)), in_one(x, axis)))
        whole = np.transpose(np.reshape(others, moved(x, axis)), back_again(x, axis))
        if lost(out, x, axis):
            return np.expand_dims(g, lost(out, x, axis)) * whole
        return g * whole


@static
def unit(x):
    """The identity matrix of the last axis, as a mask."""
    return np.eye(np.shape(x)[-1]) > 0


@static
def off(x):
    """0 on the diagonal, 1 elsewhere, for the last axis."""
    return 1 - np.eye(np.shape(x)[-1])


@operation
class product_of_others:
    """For every entry, the product of all other entries of its row. Its own derivative takes n * n numbers for a row of n."""
    public = False
    samples = "product_of_others(v)", "product_of_others(M)"

    def forward(x):
        if np.ndim(x) == 0:
            return np.ones(())
        ones = np.ones(np.shape(x[..., :1]))
        before = np.cumprod(np.concatenate([ones, x[..., :-1]], axis=-1), axis=-1)
        after = np.cumprod(np.concatenate([ones, x[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
        return before * after

    def backward(g, out, x):
        if np.ndim(x) == 0:
            return g * 0
        others = product_of_others(np.where(unit(x), 1, x[..., None, :]))
        return np.sum(g[..., None, :] * others * off(x), axis=-1)


@operation
class first_largest:
    """1 at the first largest entry along the axes, 0 elsewhere: where the gradient of a maximum goes."""
    public = False

    def forward(x, axis=None):
        every = axis is None or np.ndim(x) == 0
        axes = tuple(range(np.ndim(x))) if every else tuple(sorted(int(k) % np.ndim(x) for k in np.atleast_1d(axis)))
        order = tuple(k for k in range(np.ndim(x)) if k not in axes) + axes
        last = np.transpose(x, order)
        rows = np.reshape(last, np.shape(last)[:np.ndim(x) - len(axes)] + (-1,))
        mask = np.zeros(np.shape(rows))
        np.put_along_axis(mask, np.expand_dims(np.argmax(rows, axis=-1), -1), 1.0, -1)
        return np.transpose(np.reshape(mask, np.shape(last)), np.argsort(order))


def runner_up(x, axis):
    """By how much the largest entry leads."""
    rows = np.reshape(np.transpose(x, to_the_end(x, axis)), in_one(x, axis))
    return np.diff(np.sort(rows, axis=-1)[..., -2:], axis=-1) if np.shape(rows)[-1] > 1 else np.array(np.inf)


@operation(np.max, np.amax)
class max_:
    """The largest entry along an axis; a tie goes to the first."""
    samples = "np.max(M)", "M.max(axis=1)", "np.max(M, axis=0, keepdims=True)", "np.amax(T, axis=(0, 2))"
    def forward(x, axis=None, keepdims=False): return np.max(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if lost(out, x, axis):
            return np.expand_dims(g, lost(out, x, axis)) * first_largest(x, axis=axis)
        return g * first_largest(x, axis=axis)

    def kink(x, axis=None, keepdims=False): return runner_up(x, axis)


@operation(np.min, np.amin)
class min_:
    """The smallest entry along an axis; a tie goes to the first."""
    samples = "np.min(M)", "M.min(axis=1)", "np.amin(M, axis=0, keepdims=True)"
    def forward(x, axis=None, keepdims=False): return np.min(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if lost(out, x, axis):
            return np.expand_dims(g, lost(out, x, axis)) * first_largest(-x, axis=axis)
        return g * first_largest(-x, axis=axis)

    def kink(x, axis=None, keepdims=False): return runner_up(-x, axis)


@static
def reverse(x, axis):
    """Index that turns an array round along one axis."""
    return (slice(None),) * (axis % np.ndim(x)) + (slice(None, None, -1),)


@operation(np.cumsum)
class cumsum:
    """Running sums along an axis; the gradient runs the other way. Without an axis the array is flattened, as NumPy does."""
    samples = "np.cumsum(v)", "np.cumsum(M, axis=0)", "M.cumsum(1)", "np.cumsum(M)"
    def forward(x, axis=None): return np.cumsum(x, axis=axis)

    def backward(g, out, x, axis=None):
        if axis is None or np.ndim(x) == 0:
            return np.reshape(np.cumsum(g[::-1])[::-1], np.shape(x))
        return np.cumsum(g[reverse(x, axis)], axis=axis)[reverse(x, axis)]


@operation(np.linalg.norm)
class norm:
    """The Euclidean length along an axis, of all entries without one; at 0 the derivative is chosen to be 0."""
    samples = "np.linalg.norm(v)", "np.linalg.norm(M)", "np.linalg.norm(M, axis=1)", "np.linalg.norm(M, axis=0, keepdims=True)"

    def received(x, ord=None, axis=None, keepdims=False):
        if not (ord is None or ord == 2 and (np.ndim(x) == 1 or isinstance(axis, int))):
            raise TypeError(f"ord={ord!r}", "Only the Euclidean norm is here: for others write np.sum(np.abs(x)) or np.max(np.abs(x)).")
        return (x,), {"axis": axis, "keepdims": keepdims}

    def forward(x, axis=None, keepdims=False): return np.linalg.norm(x, axis=axis, keepdims=keepdims)

    def backward(g, out, x, axis=None, keepdims=False):
        if lost(out, x, axis):
            return np.expand_dims(g, lost(out, x, axis)) * x / np.expand_dims(np.where(out == 0, 1, out), lost(out, x, axis))
        return g * x / np.where(out == 0, 1, out)

    def kink(x, axis=None, keepdims=False): return np.linalg.norm(x, axis=axis)
