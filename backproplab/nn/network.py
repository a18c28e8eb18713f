"""A fully connected network: a few sizes and names, from which everything else follows.

`Network` holds no parameters. `start` draws them, `layers` shows what every layer computes, `objective` is the ordinary function
(params, X, y) -> one number that the engine differentiates and `train` makes small.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..engine.errors import InputError, ShapeError
from .initialisers import Initialiser, initialiser
from .layers import activation, batch_norm, linear, linear_column
from .losses import loss as loss_named


class Layer(NamedTuple):
    """What one hidden layer computes: z before the activation, a after it, h what the next layer reads (a, or x + a with a shortcut)."""

    z: Any
    a: Any
    h: Any


@dataclass(frozen=True)
class Network:
    """Hidden layers of one kind and a linear output, which holds logits or real numbers.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, units of each hidden layer, outputs: (2, 16, 16, 1).
    activation : str or callable
        Of the hidden layers: a name in `ACTIVATIONS`, or a function.
    residual : bool
        Add each hidden layer's input to its output, where the sizes are equal.
    normalised : bool
        Batch norm between the linear part and the activation, without scale and shift of its own.
    form : str
        "row": X is (n, features), W is (inputs, outputs). "column": X is (features, n), W is (outputs, inputs).

    Raises
    ------
    InputError, UnknownNameError
    """

    sizes: tuple[int, ...]
    activation: str | Callable[[Any], Any] = "relu"
    residual: bool = False
    normalised: bool = False
    form: str = "row"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(self.sizes))
        if len(self.sizes) < 2 or not all(isinstance(s, (int, np.integer)) and s > 0 for s in self.sizes):
            raise InputError("making a network", f"sizes={self.sizes!r}",
                             "Sizes are whole numbers above 0: inputs, units of each hidden layer, outputs, such as (2, 16, 1).")
        if self.form not in ("row", "column"):
            raise InputError("making a network", f"form={self.form!r}", 'Write "row" (x W + b, one example a row) or "column" (W x + b).')
        if self.normalised and self.form == "column":
            raise InputError("making a network", 'normalised=True with form="column"', "Batch norm is written for rows here: leave form as it is.")
        activation(self.activation)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.sizes) - 2

    def start(self, weights: str | Initialiser = "he", seed: int = 0, bias: float = 0.0,
              output: str | Initialiser | None = None) -> list[dict[str, Any]]:
        """Parameters to start from: a list with {"W": ..., "b": ...} for each layer.

        Parameters
        ----------
        weights : str or Initialiser
        seed : int
            Of the stream that the weights are drawn from, layer by layer.
        bias : float
            Of the hidden units; the output's is 0.
        output : str or Initialiser, optional
            For the last layer; by default as the others.

        Returns
        -------
        list of dict of str to array
        """
        random = np.random.RandomState(seed)
        params = []
        for k, (i, o) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            last = k == self.depth
            W = initialiser(output if last and output is not None else weights).draw(i, o, random)
            params.append({"W": W if self.form == "row" else np.ascontiguousarray(W.T), "b": np.full(o, 0.0 if last else float(bias))})
        return params

    def layers(self, params: Any, X: Any, nudges: Any = None) -> list[Layer]:
        """What every hidden layer computes.

        Parameters
        ----------
        params : list of dict
        X : array (n, features), or (features, n) in column form
        nudges : list of array, optional
            Added to the linear part of each hidden layer. The gradient by a nudge of 0 is dJ/dz, the layer's delta.

        Returns
        -------
        list of Layer
        """
        self.check(params, X)
        f, h, found = activation(self.activation), X, []
        form = linear if self.form == "row" else linear_column
        for k, layer in enumerate(params[:-1]):
            z = form(h, layer["W"], layer["b"])
            if nudges is not None:
                z = z + nudges[k]
            if self.normalised:
                z = batch_norm(z)
            a = f(z)
            h = h + a if self.residual and np.shape(a) == np.shape(h) else a
            found.append(Layer(z, a, h))
        return found

    def __call__(self, params: Any, X: Any) -> Any:
        """The network's outputs, (n, outputs), or (outputs, n) in column form."""
        return self.outputs(params, X, None)

    def outputs(self, params: Any, X: Any, nudges: Any) -> Any:
        """The same with nudges, as `layers` takes them."""
        found = self.layers(params, X, nudges)
        form = linear if self.form == "row" else linear_column
        return form(found[-1].h if found else X, params[-1]["W"], params[-1]["b"])

    def objective(self, loss: str | Callable[[Any, Any], Any], penalty: Callable[[Any], Any] | None = None) -> Callable[[Any, Any, Any], Any]:
        """J = L + lambda Omega as an ordinary function of (params, X, y).

        Parameters
        ----------
        loss : str or callable
            A name in `LOSSES`, or a function of (outputs, targets), one example a row.
        penalty : callable, optional
            `L2` or `L1`, or a function of the parameters.

        Returns
        -------
        callable
            (params, X, y) -> one number, y lying as the outputs do; it knows its network, for `train` to watch the layers.
        """
        chosen = loss_named(loss)

        def objective(params: Any, X: Any, y: Any) -> Any:
            f = self(params, X)
            J = chosen(f, y) if self.form == "row" else chosen(np.transpose(f), np.transpose(y))
            return J if penalty is None else J + penalty(params)
        objective.network = self                                        # type: ignore[attr-defined]
        return objective

    def accuracy(self, params: Any, X: Any, y: Any) -> float:
        """The share of examples whose class is right: a logit above 0, or the largest of several."""
        f = self(params, X)
        f, y = (f, y) if self.form == "row" else (np.transpose(f), np.transpose(y))
        if f.shape[-1] == 1:
            return float(np.mean((f > 0) == (np.reshape(y, f.shape) > 0.5)))
        wanted = y if np.ndim(y) == 1 else np.argmax(y, axis=-1)
        return float(np.mean(np.argmax(f, axis=-1) == wanted))

    def check(self, params: Any, X: Any) -> None:
        """Refuse parameters of another network, and inputs of another size.

        Raises
        ------
        ShapeError
        """
        if len(params) != len(self.sizes) - 1:
            raise ShapeError(f"running a network of sizes {self.sizes}", f"params holds {len(params)} layers",
                             f"It has {len(self.sizes) - 1} layers: take params from its start().")
        axis = -1 if self.form == "row" else 0
        if np.shape(X)[axis:][:1] != self.sizes[:1]:
            raise ShapeError(f"running a network of sizes {self.sizes} in {self.form} form", f"X has shape {np.shape(X)}",
                             f"Its {'last' if axis else 'first'} axis holds the {self.sizes[0]} features of an example.")
