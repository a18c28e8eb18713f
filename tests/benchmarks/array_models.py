"""Rows of arrays: networks, wide, deep, residual, recurrent and convolutional."""
from __future__ import annotations

from typing import Any

import numpy as np
from row import Row, draw


def digits(batch: int, dtype: Any = np.float64) -> Row:
    def make(np: Any, ops: Any) -> Any:
        def digits(X, y, W1, b1, W2, b2):
            h = ops.relu(X @ W1 + b1)
            s = h @ W2 + b2
            return ops.softmax_cross_entropy(s, y)
        return digits

    def hand(inputs: Any) -> Any:
        n, rows = batch, np.arange(batch)
        z, h, gh = (np.empty((n, 100), dtype) for _ in range(3))
        mask = np.empty((n, 100), bool)
        s, p = np.empty((n, 10), dtype), np.empty((n, 10), dtype)
        top, total = np.empty((n, 1), dtype), np.empty((n, 1), dtype)
        gW1, gb1, gW2, gb2 = (np.empty(shape, dtype) for shape in ((784, 100), 100, (100, 10), 10))
        ones, share, zero, hT = np.ones(n, dtype), dtype(1 / n), dtype(0), h.T

        def run(X, y, W1, b1, W2, b2):
            np.dot(X, W1, out=z)
            np.add(z, b1, out=z)
            np.maximum(z, zero, out=h)
            np.dot(h, W2, out=s)
            np.add(s, b2, out=s)
            np.maximum.reduce(s, axis=1, keepdims=True, out=top)
            np.subtract(s, top, out=s)
            np.exp(s, out=p)
            np.add.reduce(p, axis=1, keepdims=True, out=total)
            loss = float(np.dot(np.log(total).ravel(), ones) - np.dot(s[rows, y], ones)) / n
            np.divide(p, total, out=p)
            p[rows, y] -= 1
            np.multiply(p, share, out=p)
            np.dot(hT, p, out=gW2)
            np.dot(ones, p, out=gb2)
            np.dot(p, W2.T, out=gh)
            np.greater(z, zero, out=mask)
            np.multiply(gh, mask, out=gh)
            np.dot(X.T, gh, out=gW1)
            np.dot(ones, gh, out=gb1)
            return loss, {"W1": gW1, "b1": gb1, "W2": gW2, "b2": gb2}
        return run

    def plain(inputs: Any) -> Any:
        rows = np.arange(batch)

        def run(X, y, W1, b1, W2, b2):
            z = X @ W1 + b1
            h = np.maximum(z, 0)
            s = h @ W2 + b2
            s = s - s.max(axis=1, keepdims=True)
            e = np.exp(s)
            total = e.sum(axis=1, keepdims=True)
            loss = np.mean(np.log(total[:, 0]) - s[rows, y])
            p = e / total
            p[rows, y] -= 1
            p = p / batch
            gh = (p @ W2.T) * (z > 0)
            return float(loss), {"W1": X.T @ gh, "b1": gh.sum(axis=0), "W2": h.T @ p, "b2": p.sum(axis=0)}
        return run
    random = draw(3)
    inputs = {"X": random.randn(batch, 784), "y": random.randint(0, 10, batch), "W1": random.randn(784, 100) / 28, "b1": random.randn(100) / 10,
              "W2": random.randn(100, 10) / 10, "b2": random.randn(10) / 10}
    inputs = {n: v.astype(dtype) if v.dtype.kind == "f" else v for n, v in inputs.items()}
    kind = "" if dtype is np.float64 else ", float32"
    return Row(f"A1 MLP 784-100-10, batch {batch}{kind}", make, inputs, ["W1", "b1", "W2", "b2"], hand, plain, options={"dtype": dtype})


def deep(layers: int = 50, width: int = 32, batch: int = 16) -> Row:
    def make(np: Any, ops: Any) -> Any:
        def deep(X, Ws, bs):
            h = X
            for W, b in zip(Ws, bs, strict=True):
                h = ops.sigmoid(h @ W + b)
            return np.mean(h * h)
        return deep

    def hand(inputs: Any) -> Any:
        hs = [np.empty((batch, width)) for _ in range(layers)]
        hTs = [h.T for h in hs]
        gWs, gbs = [np.empty((width, width)) for _ in range(layers)], [np.empty(width) for _ in range(layers)]
        g, e, t, mask, ones, one = np.empty((batch, width)), np.empty((batch, width)), np.empty((batch, width)), np.empty((batch, width), bool), \
            np.ones(batch), np.array(1.0)
        two, zero = np.array(2.0 / (batch * width)), np.array(0.0)

        def run(X, Ws, bs):
            x = X
            for W, b, h in zip(Ws, bs, hs, strict=True):
                np.dot(x, W, out=h)
                np.add(h, b, out=h)
                np.abs(h, out=e)                                         # the stable sigmoid: e^-|x| never overflows
                np.negative(e, out=e)
                np.exp(e, out=e)
                np.greater_equal(h, zero, out=mask)
                np.add(e, one, out=t)
                np.putmask(e, mask, one)
                np.divide(e, t, out=h)
                x = h
            flat = x.reshape(-1)
            loss = float(np.dot(flat, flat)) / x.size
            np.multiply(x, two, out=g)
            for i in range(layers - 1, -1, -1):
                h = hs[i]
                np.multiply(g, h, out=g)
                np.subtract(one, h, out=t)
                np.multiply(g, t, out=g)
                np.dot(ones, g, out=gbs[i])
                np.dot(hTs[i - 1] if i else X.T, g, out=gWs[i])
                if i:
                    np.dot(g, Ws[i].T, out=t)
                    np.copyto(g, t)
            return loss, {"Ws": gWs, "bs": gbs}
        return run

    def plain(inputs: Any) -> Any:
        def run(X, Ws, bs):
            hs = [X]
            for W, b in zip(Ws, bs, strict=True):
                z = hs[-1] @ W + b
                e = np.exp(-np.abs(z))
                hs.append(np.where(z >= 0, 1, e) / (1 + e))
            g = hs[-1] * (2 / hs[-1].size)
            gWs, gbs = [None] * layers, [None] * layers
            for i in range(layers - 1, -1, -1):
                gz = g * hs[i + 1] * (1 - hs[i + 1])
                gWs[i], gbs[i] = hs[i].T @ gz, gz.sum(axis=0)
                if i:
                    g = gz @ Ws[i].T
            return float(np.mean(hs[-1] * hs[-1])), {"Ws": gWs, "bs": gbs}
        return run
    random = draw(4)
    inputs = {"X": random.randn(batch, width), "Ws": [random.randn(width, width) / 3 for _ in range(layers)],
              "bs": [random.randn(width) / 3 for _ in range(layers)]}
    return Row(f"A2 {layers} layers of {width} sigmoid units, batch {batch}", make, inputs, ["Ws", "bs"], hand, plain)


def residual(blocks: int = 12, width: int = 32, batch: int = 16) -> Row:
    def make(np: Any, ops: Any) -> Any:
        def residual(X, Y, As, bs, Bs):
            h = X
            for A, b, B in zip(As, bs, Bs, strict=True):
                h = h + np.tanh(h @ A + b) @ B
            return np.mean((h - Y) ** 2)
        return residual

    def hand(inputs: Any) -> Any:
        new = lambda: np.empty((batch, width))                          # noqa: E731
        hs, ts = [new() for _ in range(blocks)], [new() for _ in range(blocks)]
        hTs, tTs = [h.T for h in hs], [t.T for t in ts]
        g, u, v, ones = new(), new(), new(), np.ones(batch)
        gAs, gBs = [np.empty((width, width)) for _ in range(blocks)], [np.empty((width, width)) for _ in range(blocks)]
        gbs = [np.empty(width) for _ in range(blocks)]
        scale, one = np.array(2.0 / (batch * width)), np.array(1.0)

        def run(X, Y, As, bs, Bs):
            x = X
            for A, b, B, t, h in zip(As, bs, Bs, ts, hs, strict=True):
                np.dot(x, A, out=t)
                np.add(t, b, out=t)
                np.tanh(t, out=t)
                np.dot(t, B, out=h)
                np.add(x, h, out=h)
                x = h
            np.subtract(x, Y, out=g)
            flat = g.reshape(-1)
            loss = float(np.dot(flat, flat)) / g.size
            np.multiply(g, scale, out=g)
            for i in range(blocks - 1, -1, -1):
                np.dot(tTs[i], g, out=gBs[i])
                np.dot(g, Bs[i].T, out=u)
                np.multiply(ts[i], ts[i], out=v)
                np.subtract(one, v, out=v)
                np.multiply(u, v, out=u)
                np.dot(ones, u, out=gbs[i])
                np.dot(hTs[i - 1] if i else X.T, u, out=gAs[i])
                if i:
                    np.dot(u, As[i].T, out=v)
                    np.add(g, v, out=g)
            return loss, {"As": gAs, "bs": gbs, "Bs": gBs}
        return run
    random = draw(5)
    inputs = {"X": random.randn(batch, width), "Y": random.randn(batch, width), "As": [random.randn(width, width) / 6 for _ in range(blocks)],
              "bs": [random.randn(width) / 6 for _ in range(blocks)], "Bs": [random.randn(width, width) / 6 for _ in range(blocks)]}
    return Row(f"Residual net, {blocks} blocks of {width}, batch {batch}", make, inputs, ["As", "bs", "Bs"], hand)


def recurrent(steps: int = 20, width: int = 32, features: int = 8, batch: int = 16) -> Row:
    def make(np: Any, ops: Any) -> Any:
        def recurrent(X, Y, U, W, b, V):
            h = np.zeros((batch, width))
            for t in range(steps):
                h = np.tanh(X[:, t] @ U + h @ W + b)
            return np.mean((h @ V - Y) ** 2)
        return recurrent

    def hand(inputs: Any) -> Any:
        hs = [np.zeros((batch, width)) for _ in range(steps + 1)]
        hTs = [h.T for h in hs]
        u, v, ones, one = np.empty((batch, width)), np.empty((batch, width)), np.ones(batch), np.array(1.0)
        r = np.empty((batch, 1))
        gU, gW, gb, gV = np.empty((features, width)), np.empty((width, width)), np.empty(width), np.empty((width, 1))
        tU, tW, tb = np.empty_like(gU), np.empty_like(gW), np.empty_like(gb)
        scale = np.array(2.0 / batch)

        def run(X, Y, U, W, b, V):
            for t in range(steps):
                h = hs[t + 1]
                np.dot(X[:, t], U, out=h)
                np.dot(hs[t], W, out=u)
                np.add(h, u, out=h)
                np.add(h, b, out=h)
                np.tanh(h, out=h)
            np.dot(hs[-1], V, out=r)
            np.subtract(r, Y, out=r)
            flat = r.reshape(-1)
            loss = float(np.dot(flat, flat)) / batch
            np.multiply(r, scale, out=r)
            np.dot(hTs[-1], r, out=gV)
            np.dot(r, V.T, out=u)
            for t in range(steps - 1, -1, -1):
                h = hs[t + 1]
                np.multiply(h, h, out=v)
                np.subtract(one, v, out=v)
                np.multiply(u, v, out=v)
                last = t == steps - 1
                np.dot(ones, v, out=gb if last else tb)
                np.dot(hTs[t], v, out=gW if last else tW)
                np.dot(X[:, t].T, v, out=gU if last else tU)
                if not last:
                    np.add(gb, tb, out=gb)
                    np.add(gW, tW, out=gW)
                    np.add(gU, tU, out=gU)
                if t:
                    np.dot(v, W.T, out=u)
            return loss, {"U": gU, "W": gW, "b": gb, "V": gV}
        return run
    random = draw(6)
    inputs = {"X": random.randn(batch, steps, features), "Y": random.randn(batch, 1), "U": random.randn(features, width) / 3,
              "W": random.randn(width, width) / 6, "b": random.randn(width) / 3, "V": random.randn(width, 1)}
    return Row(f"RNN of {width} units unrolled over {steps} steps, batch {batch}", make, inputs, ["U", "W", "b", "V"], hand)


def convolution(batch: int = 16, size: int = 12) -> Row:
    inner = size - 2

    def make(np: Any, ops: Any) -> Any:
        def convolution(X, K, b, w):
            z = b
            for i in range(3):
                for j in range(3):
                    z = z + X[:, i:i + inner, j:j + inner] * K[i, j]
            h = ops.relu(z)
            return np.mean((np.sum(h * w, axis=(1, 2)) - 1.0) ** 2)
        return convolution

    def hand(inputs: Any) -> Any:
        z, t, h = (np.empty((batch, inner, inner)) for _ in range(3))
        mask = np.empty((batch, inner, inner), bool)
        gK, gw, zero = np.empty((3, 3)), np.empty((inner, inner)), np.array(0.0)
        hflat, gflat, ones = h.reshape(batch, -1), t.reshape(-1), np.ones(batch)

        def run(X, K, b, w):
            z.fill(b)
            for i in range(3):
                for j in range(3):
                    np.multiply(X[:, i:i + inner, j:j + inner], K[i, j], out=t)
                    np.add(z, t, out=z)
            np.maximum(z, zero, out=h)
            r = np.dot(hflat, w.reshape(-1)) - 1.0
            g = r * (2.0 / batch)
            np.dot(g, hflat, out=gw.reshape(-1))
            np.multiply(g[:, None, None], w, out=t)
            np.greater(z, zero, out=mask)
            np.multiply(t, mask, out=t)
            for i in range(3):
                for j in range(3):
                    np.multiply(X[:, i:i + inner, j:j + inner], t, out=h)
                    gK[i, j] = h.sum()
            return float(np.dot(r, r)) / batch, {"K": gK, "b": float(gflat.sum()), "w": gw}
        del ones
        return run
    random = draw(7)
    inputs = {"X": random.randn(batch, size, size), "K": random.randn(3, 3), "b": 0.1, "w": random.randn(inner, inner) / inner}
    return Row(f"Convolution 3x3 by slicing, {batch} images of {size}x{size}", make, inputs, ["K", "b", "w"], hand)
