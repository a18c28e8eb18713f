"""Other libraries, when they are installed: each turns a row of models.py into a function that returns (value, gradients)."""
from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from row import Row


def with_autograd(row: Row) -> Callable[..., Any]:
    """HIPS autograd."""
    import autograd
    import autograd.numpy as anp

    def softmax_cross_entropy(s: Any, y: Any) -> Any:
        top = anp.max(s, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(s - top), axis=1)) + top[:, 0] - s[anp.arange(len(y)), y])
    ops = SimpleNamespace(relu=lambda x: anp.maximum(x, 0), softmax_cross_entropy=softmax_cross_entropy, softplus=lambda x: anp.logaddexp(0.0, x),
                          sigmoid=lambda x: 0.5 * (anp.tanh(0.5 * x) + 1))
    f, names = row.make(anp, ops), list(row.inputs)
    both = autograd.value_and_grad(lambda chosen, *all_: f(*[chosen.get(n, v) for n, v in zip(names, all_, strict=True)]))

    def run(*values: Any) -> Any:
        given = dict(zip(names, values, strict=True))
        return both({n: given[n] for n in row.wrt}, *values)
    return run


def with_jax(row: Row) -> Callable[..., Any]:
    """jax.jit, on the processor."""
    import jax
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def softmax_cross_entropy(s: Any, y: Any) -> Any:
        return -jnp.mean(jax.nn.log_softmax(s)[jnp.arange(s.shape[0]), y])
    ops = SimpleNamespace(relu=lambda x: jnp.maximum(x, 0), softmax_cross_entropy=softmax_cross_entropy, softplus=jax.nn.softplus,
                          sigmoid=jax.nn.sigmoid)
    f, names = row.make(jnp, ops), list(row.inputs)
    places = tuple([names.index(n) for n in row.wrt])
    both = jax.jit(jax.value_and_grad(f, argnums=places))

    def run(*values: Any) -> Any:
        value, found = both(*values)
        jax.block_until_ready(found)
        return value, dict(zip(row.wrt, found, strict=True))
    return run


def with_micrograd(row: Row) -> Callable[..., Any] | None:
    """micrograd; functions that it lacks are written in its own way."""
    if not row.scalar or row.nodes > 1000:                               # its sort recurses
        return None
    from micrograd.engine import Value

    def unary(function: Any, slope: Any, name: str) -> Any:
        def apply(x: Any) -> Any:
            out = Value(function(x.data), (x,), name)

            def back() -> None:
                x.grad += slope(x.data, out.data) * out.grad
            out._backward = back
            return out
        return apply
    functions = SimpleNamespace(
        exp=unary(math.exp, lambda x, y: y, "exp"), log=unary(math.log, lambda x, y: 1 / x, "log"),
        sin=unary(math.sin, lambda x, y: math.cos(x), "sin"), tanh=unary(math.tanh, lambda x, y: 1 - y * y, "tanh"))
    ops = SimpleNamespace(softplus=unary(lambda x: np.logaddexp(0, x), lambda x, y: 1 / (1 + math.exp(-x)), "softplus"))
    f, names = row.make(functions, ops), list(row.inputs)

    def run(*values: Any) -> Any:
        given = [Value(v) for v in values]
        out = f(*given)
        out.backward()
        return out.data, {n: v.grad for n, v in zip(names, given, strict=True) if n in row.wrt}
    return run


def with_torch(row: Row) -> Callable[..., Any] | None:
    """torch, eager, on the processor."""
    import torch
    torch.set_num_threads(1)
    names = list(row.inputs)

    def softmax_cross_entropy(s: Any, y: Any) -> Any:
        return torch.nn.functional.cross_entropy(s, y)
    ops = SimpleNamespace(relu=torch.relu, softmax_cross_entropy=softmax_cross_entropy, softplus=torch.nn.functional.softplus, sigmoid=torch.sigmoid)
    module = SimpleNamespace(exp=torch.exp, log=torch.log, sin=torch.sin, tanh=torch.tanh, mean=torch.mean,
                             sum=lambda x, axis: torch.sum(x, dim=axis), zeros=lambda shape: torch.zeros(shape, dtype=torch.float64))
    f = row.make(module, ops)

    def tensor(v: Any, asked: bool) -> Any:
        if isinstance(v, list):
            return [tensor(x, asked) for x in v]
        made = torch.tensor(v, dtype=torch.float64) if isinstance(v, float) else torch.from_numpy(v)
        return made.requires_grad_() if asked else made

    def gradient(t: Any) -> Any:
        return [gradient(x) for x in t] if isinstance(t, list) else t.grad.numpy()

    def run(*values: Any) -> Any:
        given = {n: tensor(v, n in row.wrt) for n, v in zip(names, values, strict=True)}
        for t in [x for n in row.wrt for x in (given[n] if isinstance(given[n], list) else [given[n]])]:
            t.grad = None
        out = f(*given.values())
        out.backward()
        return out.item(), {n: gradient(given[n]) for n in row.wrt}
    return run


PEERS = {"micrograd": with_micrograd, "autograd": with_autograd, "torch": with_torch, "jax": with_jax}


def installed() -> dict[str, Any]:
    return {n: make for n, make in PEERS.items() if importlib.util.find_spec(n) is not None}
