"""Layers are functions: parameters in, values out. Nothing is stored, so the engine differentiates a network as it stands.

`linear` is the row form, one example a row; `linear_column` the column form, one example a column. The activations are the engine's
own, collected by name in `ACTIVATIONS`.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.errors import ShapeError, UnknownNameError, listed
from .functions import leaky_relu, relu, sigmoid, softmax, softplus


def linear(x: Any, W: Any, b: Any) -> Any:
    """x W + b, the row form.

    Parameters
    ----------
    x : array (n, inputs) or (inputs,)
        One example a row, or a single one.
    W : array (inputs, outputs)
    b : array (outputs,)

    Returns
    -------
    array (n, outputs) or (outputs,)

    Raises
    ------
    ShapeError
        When the inputs do not fit the rows of W.
    """
    if np.shape(x)[-1:] != np.shape(W)[:1]:
        raise misfit("row form, x W + b", x, W, f"W needs one row for each of the {size(x, -1)} inputs.",
                     np.shape(x)[-1:] == np.shape(W)[-1:])
    return x @ W + b


def linear_column(x: Any, W: Any, b: Any) -> Any:
    """W x + b, the column form.

    Parameters
    ----------
    x : array (inputs, n) or (inputs,)
        One example a column, or a single one.
    W : array (outputs, inputs)
    b : array (outputs,)

    Returns
    -------
    array (outputs, n) or (outputs,)

    Raises
    ------
    ShapeError
        When the inputs do not fit the columns of W.
    """
    if np.shape(x)[:1] != np.shape(W)[-1:]:
        raise misfit("column form, W x + b", x, W, f"W needs one column for each of the {size(x, 0)} inputs.",
                     np.shape(x)[:1] == np.shape(W)[:1])
    return W @ x + (b if len(np.shape(x)) == 1 else np.expand_dims(b, -1))


def size(x: Any, axis: int) -> int:
    """The length of an axis; 0 for a single number."""
    return np.shape(x)[axis] if np.shape(x) else 0


def misfit(form: str, x: Any, W: Any, needs: str, turned: bool) -> ShapeError:
    """Inputs that do not fit a weight matrix; `turned` says that its transpose would."""
    other = (" Its transpose fits: did you mean the other form? linear takes W as (inputs, outputs), linear_column as (outputs, inputs)."
             if turned else "")
    return ShapeError(f"a linear layer in the {form}", f"x has shape {np.shape(x)}, W has shape {np.shape(W)}", needs + other)


def batch_norm(z: Any, scale: Any = 1.0, shift: Any = 0.0, epsilon: float = 1e-12) -> Any:
    """Each unit brought to mean 0 and deviation 1 over the batch it is given, then scaled and shifted.

    It normalises by the batch at hand, in training and afterwards: no running means are kept.

    Parameters
    ----------
    z : array (n, units)
    scale, shift : array (units,) or float
    epsilon : float
        Added to the variance, so that a constant unit does not divide by 0.

    Returns
    -------
    array (n, units)
    """
    centred = z - np.mean(z, axis=0)
    normal = centred / np.sqrt(np.mean(centred ** 2, axis=0) + epsilon)
    return normal if _plain(scale, shift) else normal * scale + shift


def _plain(scale: Any, shift: Any) -> bool:
    """Whether scaling and shifting would change nothing, so that no operation is recorded for them."""
    return scale.__class__ is float and shift.__class__ is float and scale == 1.0 and shift == 0.0


def residual_block(x: Any, block: Callable[[Any], Any]) -> Any:
    """x + block(x): the gradient reaches x past the block as well as through it.

    Parameters
    ----------
    x : array
    block : callable
        array -> array of the same shape.

    Returns
    -------
    array, of the shape of x

    Raises
    ------
    ShapeError
        When the block changes the shape.
    """
    made = block(x)
    if np.shape(made) != np.shape(x):
        raise ShapeError("adding a block's output to its input", f"x has shape {np.shape(x)}, block(x) has shape {np.shape(made)}",
                         "A residual block keeps the shape: let its last layer have as many units as x has.")
    return x + made


def identity(x: Any) -> Any:
    """x: the activation of a linear network."""
    return x


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": sigmoid, "tanh": np.tanh, "relu": relu, "leaky_relu": leaky_relu, "softplus": softplus, "softmax": softmax, "linear": identity}


def activation(name: str | Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An activation by its name; a function is given back as it is.

    Raises
    ------
    UnknownNameError
    """
    if callable(name):
        return name
    if name not in ACTIVATIONS:
        raise UnknownNameError("choosing an activation", f"{name!r} came", f"There are {listed(ACTIVATIONS)}; or give a function of your own.")
    return ACTIVATIONS[name]
