"""Compiled programs beside the same gradients written by hand, and beside other libraries where they are installed.

Run by hand, on one thread, with the processor's own BLAS kernels::

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE python tests/benchmarks/programs.py [--rounds 31] [--only A1] [--readme]

Gradients are checked before anything is timed. All contenders of a row run in turn, round after round, so that a machine that is busy
slows them all. Times are processor seconds; a number is the median over the rounds of the ratio to the hand-written form. ``--readme``
writes the table into the README.
"""
# ruff: noqa: E402
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")                                    # before NumPy is loaded

import argparse
import ast
import gc
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
import models
import peers

import backproplab as bl
from backproplab.engine.fast import lowering
from backproplab.engine.program import program
from backproplab.engine.tracing import Slot, record

SAMPLE = 0.004                                   # seconds that one sample takes at least
SLOW = 2.0                                       # seconds from which a contender is timed once only


def flat(found: Any) -> list[Any]:
    """The arrays in a gradient, in order."""
    if isinstance(found, (list, tuple)):
        return [a for x in found for a in flat(x)]
    return [np.asarray(found, float)]


def check(name: str, row: Any, got: Any, want: Any) -> None:
    """Stop when a contender computes something else."""
    tolerance = 2e-3 if row.options.get("dtype") is np.float32 else 1e-6 if row.nodes else 1e-8
    assert np.isclose(got[0], want[0], rtol=tolerance), (row.name, name, got[0], want[0])
    for n in row.wrt:
        for a, b in zip(flat(got[1][n]), flat(want[1][n]), strict=True):
            assert np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=tolerance, atol=tolerance * (1e-4 + np.max(np.abs(b)))), (row.name, name, n)


def contenders(row: Any) -> dict[str, Callable[[], Any]]:
    """By name, functions without arguments that compute value and gradients, checked."""
    values = list(row.inputs.values())
    names = list(row.inputs)
    wrt = [n for n in names if n in row.wrt] if row.name[:2] != "S2" else row.wrt
    hand = row.hand(row.inputs)
    want = hand(*values)
    compiled = bl.compile(row.make(np, bl), *values, wrt=wrt, copy=False, **row.options)
    assert not compiled.refusal, (row.name, compiled.refusal)
    found: dict[str, Callable[[], Any]] = {"hand": lambda: hand(*values), "compiled": lambda: compiled(*values)}
    if not row.scalar:
        copying = bl.compile(row.make(np, bl), *values, wrt=wrt, **row.options)
        found["compiled, copies"] = lambda: copying(*values)
    if row.plain and row.options.get("dtype") is not np.float32:         # a printed program computes in float64
        plain = row.plain(row.inputs)
        found["hand, plain"] = lambda: plain(*values)
        readable = compiled.family.variants[0].form.function
        leaves = values if not any(isinstance(v, list) for v in values) else [a for v in values for a in (v if isinstance(v, list) else [v])]
        check("hand, plain", row, plain(*values), want)
        found["printed"] = lambda: readable(*leaves)
    for name, make in peers.installed().items():
        if name == "jax" and row.nodes > 1000 or name == "autograd" and row.nodes > 10_000 or name != "jax" and row.options.get("straight_line"):
            continue
        run = make(row)
        if run is not None:
            found[name] = lambda run=run: run(*values)                   # type: ignore[misc]
    for name, run in found.items():
        if name != "printed":
            check(name, row, run(), want)
    assert compiled.fallbacks == 0, row.name
    return found


def race(row: Any, rounds: int) -> dict[str, list[float]]:
    """Seconds of one call, for each contender and round; the rounds are interleaved."""
    found = contenders(row)
    times: dict[str, list[float]] = {n: [] for n in found}
    calls = {}
    for name, run in found.items():
        start = time.process_time()
        run()
        once = time.process_time() - start
        calls[name] = max(1, min(100_000, round(SAMPLE / max(once, 1e-7))))
        if once > SLOW:
            times[name].append(once)
    for k in range(rounds):
        for name, run in list(found.items())[k % len(found):] + list(found.items())[:k % len(found)]:
            if times[name] and times[name][0] > SLOW or times[name] and calls[name] == 1 and times[name][0] > .1 and len(times[name]) >= 7:
                continue
            gc.collect(0)
            start = time.process_time()
            for _ in range(calls[name]):
                run()
            times[name].append((time.process_time() - start) / calls[name])
    return times


def ratios(times: dict[str, list[float]]) -> dict[str, float]:
    """Each contender's time, as a multiple of the hand-written form's: the median over the rounds of what stood side by side."""
    hand = times["hand"]
    return {n: statistics.median([a / b for a, b in zip(t, hand, strict=False)]) if len(t) > 1 else t[0] / statistics.median(hand)
            for n, t in times.items()}


def cost(row: Any, repeats: int = 3) -> tuple[float, int]:
    """(seconds from the function to the compiled program, nodes of its graph), after a first time that fills the caches of rules."""
    f, values = row.make(np, bl), list(row.inputs.values())
    wrt = row.wrt
    times = []
    for _ in range(repeats + 1):
        start = time.process_time()
        bl.compile(f, *values, wrt=wrt, **row.options)
        times.append(time.process_time() - start)
    from backproplab.engine.calling import bound_call
    call = bound_call(f, tuple(values), {}, None, "compile", {})
    return min(times[1:]), len(record(f, call.args, call.kwargs, call.inputs).nodes)


def stages(row: Any) -> dict[str, float]:
    """Microseconds a node of each stage of compiling a function of single numbers; the best of three."""
    f, found = row.make(np, bl), {}
    for _ in range(3):
        gc.disable()                                                     # as `bl.compile` does
        clock = [time.process_time()]
        graph = record(f, (), {n: Slot(n) for n in row.inputs}, row.inputs)
        clock.append(time.process_time())
        text = program(graph, row.wrt).source
        clock.append(time.process_time())
        ast.parse(text)
        clock.append(time.process_time())
        writer = lowering.prepared(text, tuple(row.inputs.values()), None, None, False, None)
        clock.append(time.process_time())
        fast = writer.program()
        clock.append(time.process_time())
        compile(fast.source, row.name, "exec")
        clock.append(time.process_time())
        gc.enable()
        record_, print_, parse, read, write, compile_ = [(b - a) / len(graph.nodes) * 1e6 for a, b in zip(clock, clock[1:], strict=False)]
        now = {"record": record_, "print": print_, "parse": parse, "read and rewrite": read - parse, "write": write - compile_, "compile": compile_}
        found = {n: min(t, found.get(n, t)) for n, t in now.items()}
    return found


def machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next((line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), model)
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]    # type: ignore[call-overload, index]
    kernels = os.environ.get("OPENBLAS_CORETYPE", "chosen by itself")
    return (f"{model}, {os.cpu_count()} cores, one thread; Python {platform.python_version()}, NumPy {np.__version__} with {blas['name']} "
            f"{blas['version']}, kernels {kernels}")


def versions() -> str:
    import importlib.metadata
    return ", ".join([f"{n} {importlib.metadata.version(n)}" for n in peers.installed()])


def shown(x: float | None) -> str:
    return "" if x is None else f"{x:.2f}" if x < 10 else f"{x:.0f}"


def table(results: list[tuple[Any, dict[str, list[float]]]]) -> list[str]:
    """A Markdown table."""
    others = list(peers.installed())
    heads = ["value and all gradients", "by hand", "compiled / hand", "with copies / hand", *[f"{n} / compiled" for n in others]]
    lines = ["| " + " | ".join(heads) + " |",
             "|---|---|---|---|" + "---|" * len(others)]
    for row, times in results:
        r = ratios(times)
        by_hand = statistics.median(times["hand"])
        time_ = f"{by_hand * 1e6:.1f} µs" if by_hand < 1e-3 else f"{by_hand * 1e3:.1f} ms"
        lines.append(f"| {row.name} | {time_} | **{shown(r['compiled'])}** | {shown(r.get('compiled, copies'))} | "
                     + " | ".join([f"{shown(r[n] / r['compiled'])}x" if n in r else "" for n in others]) + " |")
    return lines


def into_readme(lines: list[str]) -> None:
    """Replace what stands between the two marks in the README."""
    path = HERE.parent.parent / "README.md"
    text = path.read_text(encoding="utf-8")
    begin, end = "<!-- programs: begin -->", "<!-- programs: end -->"
    before, rest = text.split(begin)
    path.write_text(before + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end)[1], encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=31)
    options.add_argument("--only", default="", help="rows whose name begins so")
    options.add_argument("--readme", action="store_true", help="write the table into README.md")
    asked = options.parse_args()
    sys.setrecursionlimit(10_000)
    about = machine()
    print(about, versions(), sep="\n")
    results = []
    for row in models.rows():
        if row.name.startswith(asked.only):
            times = race(row, asked.rounds)
            results.append((row, times))
            print(f"{row.name:52} hand {statistics.median(times['hand']) * 1e6:10.1f} us   "
                  + "  ".join([f"{n} {shown(x)}" for n, x in ratios(times).items() if n != "hand"]), flush=True)
    print("\nfrom the function to the compiled program (record, print, lower, compile)")
    for row in models.rows():
        if row.name.startswith(asked.only) and row.nodes <= 10_000:
            seconds, nodes = cost(row)
            print(f"{row.name:52} {seconds * 1e3:8.1f} ms, {nodes} nodes, {seconds / nodes * 1e6:.0f} us a node", flush=True)
    print("\nwhere that goes, us a node")
    for row in (models.chain(1000), models.scattered(1000)):
        print(f"{row.name:52} " + ", ".join([f"{n} {t:.0f}" for n, t in stages(row).items()]), flush=True)
    lines = table(results)
    print("", *lines, sep="\n")
    if asked.readme:
        into_readme(["", f"Measured on {about}; beside {versions()}.", "", *lines, ""])


if __name__ == "__main__":
    main()
