"""The lectures' algorithms under their own names, line by line as printed: each is equal to what the engine computes.

`nn_forward`, `nn_backward` and `sgd` are NNForward, NNBackward and Algorithm 1 of CMU 10-301; `algorithm_6_3` and `algorithm_6_4` are
the improved passes of GWU CS 4364. They are written to be read beside the lecture; to train, use `train`.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..engine import grad, vjp
from .functions import sigmoid


class Intermediates(NamedTuple):
    """The object o of NNForward: everything that NNBackward reads again.

    Attributes
    ----------
    x : array (1 + M,)
        With x_0 = 1 in front, which makes the first column of alpha the intercepts.
    a : array (D,)
    z : array (1 + D,)
        With z_0 = 1 in front.
    b, y_hat, J : float
    """

    x: np.ndarray
    a: np.ndarray
    z: np.ndarray
    b: float
    y_hat: float
    J: float


def nn_forward(x: Any, y: float, alpha: np.ndarray, beta: np.ndarray) -> Intermediates:
    """NNForward: one hidden layer of sigmoids, a sigmoid output, cross-entropy.

    J is the cross-entropy, -(y log y_hat + (1 - y) log(1 - y_hat)). The lecture prints it without the minus sign, as a log-likelihood;
    with the descent of its Algorithm 1 that would make the network worse.

    Parameters
    ----------
    x : array (1 + M,)
        One example, x_0 = 1.
    y : float
        Its label, 0 or 1.
    alpha : array (D, 1 + M)
    beta : array (1 + D,)

    Returns
    -------
    Intermediates
    """
    a = alpha @ x
    z = np.concatenate([[1.0], sigmoid(a)])
    b = beta @ z
    y_hat = sigmoid(b)
    J = np.logaddexp(0, b) - y * b                      # -(y log y_hat + (1 - y) log(1 - y_hat)), never taking the logarithm of 0
    return Intermediates(np.asarray(x, float), a, z, b, y_hat, J)


def nn_backward(x: Any, y: float, alpha: np.ndarray, beta: np.ndarray, o: Intermediates) -> tuple[np.ndarray, np.ndarray]:
    """NNBackward: the gradients of J by alpha and beta.

    Parameters
    ----------
    x, y, alpha, beta
        As for `nn_forward`.
    o : Intermediates
        What it returned.

    Returns
    -------
    (g_alpha, g_beta)
        In the shapes of alpha and beta.
    """
    g_b = o.y_hat - y                                    # g_J * dJ/dy_hat * dy_hat/db, in one: sure and wrong does not divide 0 by 0
    g_beta = g_b * o.z
    g_z = g_b * beta[1:]                                 # z_0 is the constant 1, so nothing goes back to it
    g_a = g_z * o.z[1:] * (1 - o.z[1:])
    g_alpha = np.outer(g_a, x)
    return g_alpha, g_beta


class Epochs(NamedTuple):
    """What Algorithm 1 returns, and the curves it evaluates: the mean cross-entropy after every epoch."""

    alpha: np.ndarray
    beta: np.ndarray
    train: list[float]
    test: list[float]


def sgd(data: Sequence[tuple[Any, float]], test: Sequence[tuple[Any, float]], alpha: np.ndarray, beta: np.ndarray, gamma: float = 0.1,
        epochs: int = 10) -> Epochs:
    """Algorithm 1, SGD: one step for each example, in the order given; both mean losses after every epoch.

    Parameters
    ----------
    data, test : sequence of (x, y)
        Examples as `nn_forward` takes them.
    alpha, beta : array
        Where to start. They are not changed.
    gamma : float
        The learning rate.
    epochs : int

    Returns
    -------
    Epochs
    """
    curves: tuple[list[float], list[float]] = ([], [])
    for _ in range(epochs):
        for x, y in data:
            o = nn_forward(x, y, alpha, beta)
            g_alpha, g_beta = nn_backward(x, y, alpha, beta, o)
            alpha = alpha - gamma * g_alpha
            beta = beta - gamma * g_beta
        for curve, examples in zip(curves, (data, test), strict=True):
            curve.append(float(np.mean([nn_forward(x, y, alpha, beta).J for x, y in examples])) if len(examples) else np.nan)
    return Epochs(alpha, beta, *curves)


class Activations(NamedTuple):
    """What Algorithm 6.3 leaves for 6.4: h(0) ... h(l), a(1) ... a(l), and J = L + lambda Omega."""

    h: list[Any]
    a: list[Any]
    J: float


def algorithm_6_3(W: list[Any], b: list[Any], x: Any, y: Any, f: Any, L: Callable[[Any, Any], Any], Omega: Callable[[Any, Any], Any] | None = None,
                  lam: float = 0.0) -> Activations:
    """Algorithm 6.3, improved forward propagation, for any depth l.

    Parameters
    ----------
    W, b : list of array
        W(k) of shape (units, inputs) and b(k) of shape (units,), k = 1 ... l.
    x, y : array
    f : callable, or list of callable
        The activation of all layers, or of each.
    L : callable
        (y_hat, y) -> the loss.
    Omega : callable, optional
        (W, b) -> the size of the parameters, such as 1/2 sum of w^2.
    lam : float
        The lambda of J = L + lambda Omega. The lecture's slide on objectives has a minus sign here.

    Returns
    -------
    Activations
    """
    h: list[Any] = [x]
    a: list[Any] = []
    for k in range(len(W)):
        a.append(b[k] + W[k] @ h[-1])
        h.append(each(f, len(W))[k](a[-1]))
    J = L(h[-1], y)
    return Activations(h, a, J + lam * Omega(W, b) if Omega is not None else J)


def algorithm_6_4(W: list[Any], b: list[Any], x: Any, y: Any, f: Any, L: Callable[[Any, Any], Any], Omega: Callable[[Any, Any], Any] | None = None,
                  lam: float = 0.0, forward: Activations | None = None) -> tuple[list[Any], list[Any]]:
    """Algorithm 6.4, improved back-propagation, after 6.3.

    Parameters
    ----------
    W, b, x, y, f, L, Omega, lam
        As for `algorithm_6_3`. The derivatives f', and the gradients of L and Omega, are the engine's.
    forward : Activations, optional
        What 6.3 returned; by default it is run here.

    Returns
    -------
    (gradients of J by W, by b)
        Lists of arrays in their shapes.
    """
    kept = forward if forward is not None else algorithm_6_3(W, b, x, y, f, L, Omega, lam)
    regular: list[list[Any]] = [[0.0] * len(W), [0.0] * len(b)]
    if Omega is not None:
        regular = list(vjp(lambda params: Omega(params[0], params[1]), (list(W), list(b)))[1](1.0))
    g_W: list[Any] = [None] * len(W)
    g_b: list[Any] = [None] * len(W)
    g = grad(lambda y_hat: L(y_hat, y))(kept.h[-1])
    for k in range(len(W) - 1, -1, -1):
        g = g * slope(each(f, len(W))[k], kept.a[k])
        g_b[k] = g + lam * regular[1][k]
        g_W[k] = np.outer(g, kept.h[k]) + lam * regular[0][k]
        g = W[k].T @ g
    return g_W, g_b


def each(f: Any, layers: int) -> list[Callable[[Any], Any]]:
    """One activation for each layer."""
    return list(f) if isinstance(f, (list, tuple)) else [f] * layers


def slope(f: Callable[[Any], Any], a: Any) -> Any:
    """f'(a), entry by entry, for an f that treats each entry by itself."""
    return vjp(f, a)[1](np.ones(np.shape(a)))
