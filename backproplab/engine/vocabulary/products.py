"""Products of vectors and matrices."""
import numpy as np

from ..rules import operation


@operation(np.matmul, np.dot)
class matmul:
    """x @ y, by the shapes that meet: inner product, matrix times vector, vector times matrix, matrices, stacks of matrices."""
    samples = "v @ w", "M @ v", "v @ N", "M @ N", "T @ N", "M.dot(N)"
    def forward(x, y): return x @ y

    def backward(g, out, x, y):
        if np.ndim(x) == 1 and np.ndim(y) == 1:
            return g * y, g * x
        if np.ndim(x) == 1:
            return y @ g, np.outer(x, g)
        if np.ndim(y) == 1:
            return np.outer(g, y), x.T @ g
        if np.ndim(x) == 2 and np.ndim(y) == 2:
            return g @ y.T, x.T @ g
        return g @ np.swapaxes(y, -1, -2), np.swapaxes(x, -1, -2) @ g


@operation(np.outer)
class outer:
    """Every entry of x times every entry of y."""
    samples = "np.outer(v, w)",
    def forward(x, y): return np.outer(x, y)
    def backward(g, out, x, y): return g @ y, x @ g
