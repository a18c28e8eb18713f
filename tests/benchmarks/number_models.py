"""Rows of single numbers: the classic example, a small network, chains and random graphs, logistic regression."""
from __future__ import annotations

import math
from typing import Any

from row import Row, draw


def classic() -> Row:
    def make(np: Any, ops: Any) -> Any:
        def example(x, z):
            a = x * z
            b = np.log(x)
            c = np.sin(b)
            d = np.exp(a)
            e = a / b
            f = c / a
            return d + e + f
        return example

    def hand(inputs: Any) -> Any:
        log, sin, cos, exp = math.log, math.sin, math.cos, math.exp

        def run(x, z):
            a = x * z
            b = log(x)
            c = sin(b)
            d = exp(a)
            ga = d + 1.0 / b - c / (a * a)
            gb = cos(b) / a - a / (b * b)
            return d + a / b + c / a, {"x": ga * z + gb / x, "z": ga * x}
        return run
    return Row("S1 e^(xz) example, 10 operations", make, {"x": 2.0, "z": 3.0}, ["x", "z"], hand, scalar=True)


def scalar_network() -> Row:
    sizes = (2, 16, 16, 1)
    count = sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False))

    def make(np: Any, ops: Any) -> Any:
        def network(p, q, *w):
            values, k = [p, q], 0
            for n in sizes[1:]:
                new = []
                for _ in range(n):
                    z = w[k]
                    for v in values:
                        k += 1
                        z = z + w[k] * v
                    k += 1
                    new.append(np.tanh(z))
                values = new
            return values[0]
        return network

    def hand(inputs: Any) -> Any:
        tanh = math.tanh
        names = [f"w_{k}" for k in range(count)]

        def run(p, q, *w):
            layers, k = [[p, q]], 0
            for n in sizes[1:]:
                before, new = layers[-1], []
                for _ in range(n):
                    z = w[k]
                    for v in before:
                        k += 1
                        z += w[k] * v
                    k += 1
                    new.append(tanh(z))
                layers.append(new)
            gw, g = [0.0] * count, [1.0]
            for i in range(len(layers) - 1, 0, -1):
                before, here = layers[i - 1], layers[i]
                gb, m = [0.0] * len(before), len(before)
                k -= len(here) * (m + 1)
                for j, a in enumerate(here):
                    gz = g[j] * (1.0 - a * a)
                    at = k + j * (m + 1)
                    gw[at] = gz
                    for t in range(m):
                        gw[at + 1 + t] = gz * before[t]
                        gb[t] += gz * w[at + 1 + t]
                g = gb
            return layers[-1][0], dict(zip(names, gw, strict=True))
        return run
    weights = {f"w_{k}": float(v) for k, v in enumerate(draw(0).randn(count) / 3)}
    return Row("S2 scalar MLP 2-16-16-1", make, {"p": 0.4, "q": -0.7, **weights}, list(weights), hand, scalar=True)


def chain(n: int, **options: Any) -> Row:
    def make(np: Any, ops: Any) -> Any:
        def chain(x):
            for _ in range(n // 4):
                x = x * 1.01
                x = np.sin(x)
                x = x + 0.1
                x = np.tanh(x)
            return x
        return chain

    def hand(inputs: Any) -> Any:
        sin, cos, tanh = math.sin, math.cos, math.tanh

        def run(x):
            kept = []
            for _ in range(n // 4):
                u = x * 1.01
                x = tanh(sin(u) + 0.1)
                kept.append((u, x))
            g = 1.0
            for u, t in reversed(kept):
                g = g * (1.0 - t * t) * cos(u) * 1.01
            return x, {"x": g}
        return run
    form = {True: ", straight line", None: ""}[options.get("straight_line")]
    return Row(f"S3 chain of {n} operations{form}", make, {"x": 0.3}, ["x"], hand, scalar=True, nodes=n, options=options)


def scattered(n: int, **options: Any) -> Row:
    random, values, table, window = draw(1), [0.3, -0.2], [], max(48, n // 40)       # a wide window: a deep graph would be chaotic
    for at in range(n):
        kind, (i, j) = int(random.randint(4)), [int(v) for v in random.randint(max(0, at + 2 - window), at + 2, 2)]
        a, b = values[i], values[j]
        found = [a * b, a + b, a - b, math.tanh(a)]
        if abs(found[kind]) > 0.5:
            kind = 3                                                     # nothing runs away
        table.append((kind, i, j))
        values.append(found[kind])

    def make(np: Any, ops: Any) -> Any:
        def graph(x, y):
            values = [x, y]
            for kind, i, j in table:
                a, b = values[i], values[j]
                values.append(a * b if kind == 0 else a + b if kind == 1 else a - b if kind == 2 else np.tanh(a))
            return sum(values[1 - window:], values[-window])
        return graph

    def hand(inputs: Any) -> Any:
        tanh = math.tanh

        def run(x, y):
            v = [x, y]
            for kind, i, j in table:
                if kind == 0:
                    v.append(v[i] * v[j])
                elif kind == 1:
                    v.append(v[i] + v[j])
                elif kind == 2:
                    v.append(v[i] - v[j])
                else:
                    v.append(tanh(v[i]))
            d = [0.0] * len(v)
            for k in range(len(v) - window, len(v)):
                d[k] = 1.0
            for k in range(len(v) - 1, 1, -1):
                kind, i, j = table[k - 2]
                g = d[k]
                if kind == 0:
                    d[i] += g * v[j]
                    d[j] += g * v[i]
                elif kind == 1:
                    d[i] += g
                    d[j] += g
                elif kind == 2:
                    d[i] += g
                    d[j] -= g
                else:
                    d[i] += g * (1.0 - v[k] * v[k])
            return sum(v[1 - window:], v[-window]), {"x": d[0], "y": d[1]}
        return run
    form = {True: ", straight line", None: ""}[options.get("straight_line")]
    return Row(f"S4 random graph of {n} operations{form}", make, {"x": 0.3, "y": -0.2}, ["x", "y"], hand, scalar=True, nodes=n, options=options)


def logistic() -> Row:
    def make(np: Any, ops: Any) -> Any:
        def logistic(a, b, c, d, bias, p, q, r, s, y):
            z = a * p + b * q + c * r + d * s + bias
            return ops.softplus(z) - y * z
        return logistic

    def hand(inputs: Any) -> Any:
        exp, log1p = math.exp, math.log1p

        def run(a, b, c, d, bias, p, q, r, s, y):
            z = a * p + b * q + c * r + d * s + bias
            e = exp(-abs(z))
            g = (1.0 if z >= 0.0 else e) / (1.0 + e) - y
            return (z if z > 0.0 else 0.0) + log1p(e) - y * z, {"a": g * p, "b": g * q, "c": g * r, "d": g * s, "bias": g}
        return run
    values = dict(zip(["a", "b", "c", "d", "bias", "p", "q", "r", "s"], draw(2).randn(9).tolist(), strict=True))
    return Row("A3 logistic regression, 4 features", make, {**values, "y": 1.0}, ["a", "b", "c", "d", "bias"], hand, scalar=True)
