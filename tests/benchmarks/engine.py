"""Recording, the backward pass and printing: time and memory a node, how they grow, and where they stand beside micrograd's design.

Run by hand: ``python tests/benchmarks/engine.py``. Times are processor seconds, the best of three; only ratios and orders mean much.
"""
from __future__ import annotations

import gc
import platform
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import number_models
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
import backproplab as bl
from backproplab.engine.program import program
from backproplab.engine.tracing import Slot, record
from backproplab.engine.walk import backward
from tests.worked_example import example


def chain(n: int) -> Callable[[Any], Any]:
    """A loop that binds one name again and again: the chain that programs.py compiles."""
    return number_models.chain(n).make(np, bl)


def scattered(n: int) -> Callable[..., Any]:
    """A random graph of unnamed values."""
    draw = np.random.RandomState(0)
    pairs = [tuple(int(k) for k in draw.randint(max(0, i - 48), i + 2, 2)) for i in range(n)]
    kinds = [lambda a, b: a * b, lambda a, b: a + b, lambda a, b: a - b * 0.5, lambda a, b: np.tanh(a * b)]

    def f(x, y):
        values = [x, y]
        for k, (i, j) in enumerate(pairs):
            values.append(kinds[k % 4](values[i], values[j]))
        return sum(values[-50:])
    return f


class Value:
    """micrograd's way, written out: a closure and a set for every node, constants as nodes; its sort is iterative here, to go deep."""

    def __init__(self, data: float, children: tuple[Any, ...] = (), op: str = "") -> None:
        self.data, self.grad, self._backward = data, 0.0, lambda: None
        self._prev, self._op = set(children), op

    def __mul__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def back() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = back
        return out

    def backward(self) -> None:
        order: list[Value] = []
        visited: set[Value] = set()
        stack: list[tuple[Value, bool]] = [(self, False)]
        while stack:
            v, done = stack.pop()
            if done:
                order.append(v)
            elif v not in visited:
                visited.add(v)
                stack.append((v, True))
                stack += [(child, False) for child in v._prev]
        self.grad = 1.0
        for v in reversed(order):
            v._backward()


def scaled(n: int) -> Callable[[Any], Any]:
    def f(x):
        for _ in range(n):
            x = x * 0.99999
        return x
    return f


def best(f: Callable[[], Any], times: int = 3) -> float:
    found = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        f()
        found.append(time.process_time() - start)
    return min(found)


def recorded(f: Any, args: dict[str, float]) -> Any:
    return record(f, (), {n: Slot(n) for n in args}, args)


def bytes_per_node(f: Any, args: dict[str, float]) -> float:
    recorded(f, args)
    gc.collect()
    tracemalloc.start()
    graph = recorded(f, args)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held / len(graph.nodes)


def main() -> None:
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    once = best(lambda: [bl.trace(example, 2.0, 3.0).steps for _ in range(100)]) / 100
    printed = best(lambda: [program(bl.trace(example, 2.0, 3.0).graph, ["x", "z"]).function for _ in range(20)]) / 20
    print(f"e^(xz) example: trace with all Steps {once * 1e6:.0f} us, print and compile {printed * 1e6:.0f} us")
    print(f"{'':22s}{'nodes':>9s}{'record':>9s}{'backward':>9s}{'Steps':>9s}{'print':>9s}{'compile':>9s}{'bytes':>7s}   us a node")
    grown: dict[str, list[tuple[int, float]]] = {}
    for name, make, args in (("chain of named values", chain, {"x": 0.3}), ("random, unnamed", scattered, {"x": 0.3, "y": 0.5})):
        for n in (1000, 10_000, 100_000):
            f = make(n)
            graph = recorded(f, args)
            count = len(graph.nodes)
            times = 1 if n > 10_000 else 3
            record_time, back = best(lambda f=f, a=args: recorded(f, a), times), best(lambda g=graph: backward(g), times)
            steps = best(lambda f=f, a=args: bl.trace(f, **a).steps, times)
            shown = best(lambda g=graph, a=args: program(g, list(a)), times)
            made = [program(graph, list(args))]
            compiled = best(lambda p=made: p.pop().function, 1)
            row = [record_time, back, steps, shown, compiled]
            print(f"{name:22s}{count:9d}" + "".join(f"{t / count * 1e6:9.1f}" for t in row) + f"{bytes_per_node(f, args):7.0f}")
            grown.setdefault(name, []).append((count, record_time + back))
            del graph
    for n in (100_000, 1_000_000):
        took = best(lambda n=n: bl.value_and_grad(scaled(n))(1.0), 1)

        def theirs(n: int = n) -> None:
            x = start = Value(1.0)
            for _ in range(n):
                x = x * 0.99999
            x.backward()
            assert start.grad > 0
        peer = best(theirs, 1)
        print(f"value_and_grad of a chain of {n}: {took / n * 1e6:.1f} us a node, {took / peer:.2f} of micrograd's way")
        grown.setdefault("value_and_grad", []).append((n, took))
    for name, points in grown.items():
        (a, s), (b, t) = points[0], points[-1]
        print(f"{name}: grows with exponent {np.log(t / s) / np.log(b / a):.2f}")


if __name__ == "__main__":
    main()
