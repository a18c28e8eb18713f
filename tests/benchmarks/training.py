"""One training step beside the same step written by hand in NumPy: forward, backward, update. Digits' sizes and others.

Run by hand: ``python tests/benchmarks/training.py``. Times are processor seconds, the best of several;
the two alternate, so that a busy machine slows both. Only the ratio means much.
"""
from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from backproplab import nn


def by_hand(params, X, y, steps, batch, rate, random):
    """Three layers of ReLU and softmax cross-entropy, as a good engineer writes them; the loss is looked at each step, as `train` does."""
    (W1, b1), (W2, b2), (W3, b3) = ([p["W"], p["b"]] for p in params)
    n, rows = len(X), np.arange(batch)
    order, losses = random.permutation(n), []
    for step in range(steps):
        at = step % (n // batch)
        if at == 0 and step:
            order = random.permutation(n)
        chosen = order[at * batch:(at + 1) * batch]
        x, t = X[chosen], y[chosen]
        z1 = x @ W1 + b1
        h1 = np.maximum(z1, 0)
        z2 = h1 @ W2 + b2
        h2 = np.maximum(z2, 0)
        f = h2 @ W3 + b3
        e = np.exp(f - f.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        losses.append(-np.log(p[rows, t]).mean())
        p[rows, t] -= 1
        p /= batch
        d2 = (p @ W3.T) * (z2 > 0)
        d1 = (d2 @ W2.T) * (z1 > 0)
        W3, b3 = W3 - rate * (h2.T @ p), b3 - rate * p.sum(0)
        W2, b2 = W2 - rate * (h1.T @ d2), b2 - rate * d2.sum(0)
        W1, b1 = W1 - rate * (x.T @ d1), b1 - rate * d1.sum(0)
    return losses


def compare(sizes, batch, steps=1000, rounds=9):
    """(milliseconds a step by hand, ratio of `train` to it, milliseconds of compiling), with the losses checked equal first."""
    random = np.random.RandomState(0)
    X, y = random.standard_normal((1024, sizes[0])), random.randint(0, sizes[-1], 1024)
    net = nn.Network(sizes)
    start, objective = net.start("he", seed=1), net.objective("softmax")

    def hand():
        return by_hand(start, X, y, steps, batch, 0.05, np.random.RandomState(0))

    def ours(steps=steps):
        return nn.train(objective, start, (X, y), steps, batch=batch, optimiser=nn.SGD(0.05), every=None, seed=0).history.batch
    assert np.allclose(hand(), ours(), rtol=1e-9)
    seconds = {"hand": [], "ours": [], "compiling": []}
    for _ in range(rounds):
        for name, work in (("hand", hand), ("ours", ours), ("compiling", lambda: ours(0))):
            began = time.process_time()
            work()
            seconds[name].append(time.process_time() - began)
    best = {name: min(taken) for name, taken in seconds.items()}
    return best["hand"] / steps * 1e3, (best["ours"] - best["compiling"]) / best["hand"], best["compiling"] * 1e3


if __name__ == "__main__":
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"{'sizes':<20}{'batch':>6}{'by hand, ms':>13}{'train / hand':>14}{'compiling, ms':>15}")
    for sizes, batch in (((64, 64, 64, 10), 32), ((64, 64, 64, 10), 256), ((784, 100, 100, 10), 32), ((2, 16, 16, 2), 32)):
        ms, ratio, compiling = compare(sizes, batch)
        print(f"{'-'.join(map(str, sizes)):<20}{batch:>6}{ms:>13.3f}{ratio:>14.2f}{compiling:>15.1f}")
