"""Losses in their stable form. Each is the mean over the examples, their sum with reduction="sum", one by one with reduction="none"."""
import numpy as np

from ..rules import operation
from .activations import log_softmax, sigmoid, softmax, softplus  # noqa: F401  (rules call them)


def same_shape(x, y):
    """Why two arrays of different shapes are refused: broadcasting would pair every entry of one with every entry of the other."""
    if np.shape(x) == np.shape(y):
        return None
    try:
        made = np.broadcast_shapes(np.shape(x), np.shape(y))
    except ValueError:
        return "A loss compares entry by entry: give both one shape."
    return (f"A loss compares entry by entry, and broadcasting would silently make an array of shape {made} of them: give both one shape, for "
            f"example with np.squeeze, [:, None] or np.broadcast_to.")


@operation
class squared_error:
    """(x - y)**2: the mean over all entries. For the half sum of squares write 0.5 * squared_error(x, y, "sum").

    Parameters
    ----------
    x, y : number or array
        Of one shape: nothing is broadcast.
    reduction : str
        "mean", "sum" or "none".

    Returns
    -------
    float64; for "none" an array of x's shape

    Raises
    ------
    ShapeError
        When the shapes differ.
    """
    samples = "squared_error(M, P)", 'squared_error(v, w, "sum")', 'squared_error(v, w, reduction="none")', "squared_error(a, b)"

    def forward(x, y, reduction="mean"):
        squares = (x - y) ** 2
        return np.mean(squares) if reduction == "mean" else np.sum(squares) if reduction == "sum" else squares

    def backward(g, out, x, y, reduction="mean"):
        if reduction == "mean":
            return g * 2 * (x - y) / (np.size(x) / np.size(out)), g * 2 * (y - x) / (np.size(x) / np.size(out))
        return g * 2 * (x - y), g * 2 * (y - x)

    def refuse(x, y, reduction="mean"): return same_shape(x, y) or known(reduction)


@operation
class binary_cross_entropy_with_logits:
    """-y log s(x) - (1 - y) log(1 - s(x)) with the sigmoid s, from the logit x, never taking the logarithm of 0.

    Parameters
    ----------
    x : number or array
        Logits: what goes into the sigmoid.
    y : number or array
        Targets from 0 to 1, of x's shape.
    reduction : str
        "mean", "sum" or "none".

    Returns
    -------
    float64; for "none" an array of x's shape

    Raises
    ------
    ShapeError
        When the shapes differ.
    """
    samples = ("binary_cross_entropy_with_logits(M, P / 2)", 'binary_cross_entropy_with_logits(v, w, "sum")',
               'binary_cross_entropy_with_logits(v, w, reduction="none")')

    def forward(x, y, reduction="mean"):
        losses = np.logaddexp(0, x) - y * x
        return np.mean(losses) if reduction == "mean" else np.sum(losses) if reduction == "sum" else losses

    def backward(g, out, x, y, reduction="mean"):
        if reduction == "mean":
            return g * (sigmoid(x) - y) / (np.size(x) / np.size(out)), -g * x / (np.size(x) / np.size(out))
        return g * (sigmoid(x) - y), -g * x

    def refuse(x, y, reduction="mean"): return same_shape(x, y) or known(reduction)


@operation
class one_hot:
    """1 at the position of each label along a new last axis of `count` classes, 0 elsewhere.

    Returns
    -------
    ndarray
        Of shape ``labels' shape + (count,)``; no gradient flows to the labels.
    """
    def forward(labels, count=1): return (np.arange(count) == np.expand_dims(labels, -1)) * 1.0


@operation
class softmax_cross_entropy:
    """-sum of p log softmax(x) along the last axis, never taking the logarithm of 0.

    Parameters
    ----------
    x : array of shape (..., K)
        Logits: what goes into the softmax over K classes.
    p : array of shape (...) or (..., K)
        Labels, whole numbers from 0 to K - 1, which get no gradient; or probabilities.
    reduction : str
        "mean" over the examples, "sum" or "none".

    Returns
    -------
    float64; for "none" an array of shape (...)

    Raises
    ------
    ShapeError
        When p has another shape, or a label is no class.
    """
    samples = ("softmax_cross_entropy(M, np.array([0, 3, 1]))", "softmax_cross_entropy(M, softmax(P))", 'softmax_cross_entropy(M, P, "sum")',
               'softmax_cross_entropy(M, np.array([2, 0, 1]), reduction="none")', "softmax_cross_entropy(v, np.array(2))",
               'softmax_cross_entropy(M, P, "none")')

    def forward(x, p, reduction="mean"):
        chosen = p if np.ndim(p) == np.ndim(x) else one_hot(p, np.shape(x)[-1])
        losses = -np.sum(chosen * log_softmax(x), axis=-1)
        return np.mean(losses) if reduction == "mean" else np.sum(losses) if reduction == "sum" else losses

    def backward(g, out, x, p, reduction="mean"):
        share = np.expand_dims(g, -1) if np.ndim(g) > 0 else g
        if reduction == "mean":
            share = g / (np.size(x) / np.shape(x)[-1] if np.ndim(p) == np.ndim(x) else np.size(p))
        if np.ndim(p) == np.ndim(x):
            return share * (softmax(x) * np.sum(p, axis=-1, keepdims=True) - p), -share * log_softmax(x)
        return share * (softmax(x) - one_hot(p, np.shape(x)[-1])), None

    def refuse(x, p, reduction="mean"):
        if np.ndim(x) == 0:
            return "{0} must hold one logit for each class along its last axis: for a single logit use binary_cross_entropy_with_logits."
        if np.shape(p) == np.shape(x):
            return known(reduction)
        if np.shape(p) != np.shape(x)[:-1]:
            return f"{{1}} must hold one label for each row of {{0}}, shape {np.shape(x)[:-1]}, or a probability for each entry, shape {np.shape(x)}."
        labels = np.asarray(p, float)
        if not np.all((labels >= 0) & (labels < np.shape(x)[-1]) & (labels % 1 == 0)):
            return f"{{1}} must hold whole numbers from 0 to {np.shape(x)[-1] - 1}: {{0}} has {np.shape(x)[-1]} classes."
        return known(reduction)


def known(reduction):
    return None if reduction in ("mean", "sum", "none") else f'reduction={reduction!r} is not known: write "mean", "sum" or "none".'
