"""Questions with the answer yes or no, and positions: nothing to differentiate. Masks choose in np.where, positions index."""
import numpy as np

from ..rules import operation


@operation(np.greater)
class greater:
    """x > y, a mask."""
    def forward(x, y): return x > y


@operation(np.less)
class less:
    """x < y, a mask."""
    def forward(x, y): return x < y


@operation(np.greater_equal)
class greater_equal:
    """x >= y, a mask."""
    def forward(x, y): return x >= y


@operation(np.less_equal)
class less_equal:
    """x <= y, a mask."""
    def forward(x, y): return x <= y


@operation(np.equal)
class equal:
    """x == y, a mask."""
    def forward(x, y): return x == y


@operation(np.not_equal)
class not_equal:
    """x != y, a mask."""
    def forward(x, y): return x != y


@operation(np.logical_and, np.bitwise_and)
class logical_and:
    """x and y, for masks; written x & y."""
    def forward(x, y): return np.logical_and(x, y)


@operation(np.logical_or, np.bitwise_or)
class logical_or:
    """x or y, for masks; written x | y."""
    def forward(x, y): return np.logical_or(x, y)


@operation(np.logical_not, np.invert)
class logical_not:
    """not x, for masks; written ~x."""
    def forward(x): return np.logical_not(x)


@operation(np.isnan)
class isnan:
    """Where x is not a number."""
    def forward(x): return np.isnan(x)


@operation(np.isfinite)
class isfinite:
    """Where x is neither infinite nor nan."""
    def forward(x): return np.isfinite(x)


@operation(np.all)
class all_:
    """Whether all entries of a mask hold."""
    def forward(x, axis=None, keepdims=False): return np.all(x, axis=axis, keepdims=keepdims)


@operation(np.any)
class any_:
    """Whether any entry of a mask holds."""
    def forward(x, axis=None, keepdims=False): return np.any(x, axis=axis, keepdims=keepdims)


@operation(np.argmax)
class argmax:
    """The position of the largest entry: a whole number, which may index."""
    def forward(x, axis=None): return np.argmax(x, axis=axis)


@operation(np.argmin)
class argmin:
    """The position of the smallest entry: a whole number, which may index."""
    def forward(x, axis=None): return np.argmin(x, axis=axis)


@operation(np.sign)
class sign:
    """-1, 0 or 1: constant almost everywhere, so no gradient."""
    def forward(x): return np.sign(x)
