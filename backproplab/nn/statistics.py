"""What is looked at now and then while a network trains: the size of every gradient, the layers' activations, the dead units."""
from __future__ import annotations

from typing import Any

import numpy as np

from .network import Network
from .trees import leaves


def gradient_norms(gradients: Any) -> dict[str, float]:
    """The length of the gradient of every parameter, by its name: params_0_W, params_0_b, ...

    Parameters
    ----------
    gradients : container of arrays

    Returns
    -------
    dict of str to float
    """
    return {name: float(np.sqrt(np.sum(np.square(g)))) for name, g in leaves(gradients).items()}


def activation_statistics(network: Network, params: Any, X: np.ndarray) -> list[dict[str, float]]:
    """For every hidden layer the mean and deviation of its activations, and the share of units that are active on no example.

    Parameters
    ----------
    network : Network
    params : list of dict
    X : array (n, features)

    Returns
    -------
    list of dict
        With the keys mean, deviation and dead, from the first hidden layer on. Dead is a statement about these examples: z <= 0 on all of
        them. For activations that have no dead half (sigmoid, tanh) it counts units that stay below 0, and means little.
    """
    examples = 0 if network.form == "row" else 1
    return [{"mean": float(np.mean(a)), "deviation": float(np.std(a)), "dead": float(np.mean(np.max(z, axis=examples) <= 0))}
            for z, a, _ in network.layers(params, X)]


def where_it_broke(network: Network | None, params: Any, X: np.ndarray) -> str:
    """The first place at which a number is not finite, going forward: data, then each layer's parameters and what it computes."""
    if not np.all(np.isfinite(X)):
        return "the data X"
    bad = [name for name, p in leaves(params).items() if not np.all(np.isfinite(p))]
    if network is not None:
        with np.errstate(all="ignore"):
            for k, layer in enumerate(network.layers(params, X)):
                own = [name for name in bad if name.startswith(f"params_{k}_")]
                if own:
                    return f"layer {k + 1}, in its {' and '.join(own)}"
                if not np.all(np.isfinite(layer.h)):
                    return f"layer {k + 1}, in its activations"
            if not bad and not np.all(np.isfinite(network(params, X))):
                return f"layer {len(params)}, the output"
    return f"layer {len(params)}, the output, in its {' and '.join(bad)}" if bad and network is not None else \
        f"the parameters {' and '.join(bad)}" if bad else "the loss"
