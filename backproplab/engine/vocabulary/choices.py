"""Operations that choose between values: the gradient goes to what was chosen. At a tie it goes to the first."""
import numpy as np

from ..rules import operation


@operation(np.abs)
class absolute:
    """|x|; the derivative at 0 is chosen to be 0."""
    samples = "np.abs(M)", "abs(v)"
    def forward(x): return np.abs(x)
    def backward(g, out, x): return g * np.sign(x)
    def kink(x): return np.abs(x)


@operation(np.maximum)
class maximum:
    """The larger of x and y, entry by entry: the gradient router. A tie goes to the first."""
    samples = "np.maximum(M, v)", "np.maximum(0, M)"
    def forward(x, y): return np.maximum(x, y)
    def backward(g, out, x, y): return np.where(x >= y, g, 0), np.where(x >= y, 0, g)
    def kink(x, y): return np.abs(x - y)


@operation(np.minimum)
class minimum:
    """The smaller of x and y, entry by entry. A tie goes to the first."""
    samples = "np.minimum(M, v)",
    def forward(x, y): return np.minimum(x, y)
    def backward(g, out, x, y): return np.where(x <= y, g, 0), np.where(x <= y, 0, g)
    def kink(x, y): return np.abs(x - y)


@operation(np.clip)
class clip:
    """x kept between two numbers; what was cut off gets no gradient, and at the edge itself x counts as kept."""
    samples = "np.clip(M, -.5, .5)", "M.clip(min=0)", "np.clip(M, None, .3)"

    def received(a, a_min=None, a_max=None, min=None, max=None):
        low, high = a_min if min is None else min, a_max if max is None else max
        if hasattr(low, "home") or hasattr(high, "home"):
            raise TypeError("one of its bounds is traced", "They are plain numbers: for traced ones write np.minimum(np.maximum(x, low), high).")
        return (a,), {"a_min": low, "a_max": high}

    def forward(x, a_min=None, a_max=None): return np.clip(x, a_min, a_max)
    def backward(g, out, x, a_min=None, a_max=None): return np.where(x == out, g, 0)
    def kink(x, a_min=None, a_max=None): return np.minimum(*[np.abs(x - np.inf if edge is None else x - edge) for edge in (a_min, a_max)])


@operation(np.where)
class where:
    """x where the mask holds, y elsewhere; the mask gets no gradient."""
    samples = "np.where(M > v, M * v, v)",
    def forward(mask, x, y): return np.where(mask, x, y)
    def backward(g, out, mask, x, y): return None, np.where(mask, g, 0), np.where(mask, 0, g)
