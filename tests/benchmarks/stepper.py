"""How fast the stepper steps in real JupyterLab, how large its state is, and what `import backproplab` costs.

    python -m tests.benchmarks.stepper

Click to painted: from the click on Next to the second animation frame after it, over 40 steps in Chromium. Two frames at 60 Hz are
33 ms; the first of them is the wait for the next frame, whatever the page does. On a busy machine, run it again and take the best.
The import is given as a ratio to NumPy's, both in fresh interpreters, taken in turns.
"""
from __future__ import annotations

import inspect
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import browser as driving
from tests.worked_example import example

CELLS = f"import numpy as np\nimport backproplab as bl\n\n{inspect.getsource(example)}" + """
def mlp(X, W1, b1, W2, b2, T):
    H = np.maximum(0, X @ W1 + b1)
    P = H @ W2 + b2
    loss = np.mean(np.square(P - T)) + 0.01 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    return loss

def deep(x, **w):
    h = [x] * 6
    for layer in range(16):
        new = []
        for unit in range(6):
            z = sum([v * w[f"w{layer}_{unit}"] for v in h[unit % 3::2]])
            a = np.tanh(z)
            new.append(a)
        h = new
    y = sum(h)
    return y

def chain(x):
    h = x
    for _ in range(128):
        s = h * 1.01
        h = np.sin(s)
    return h

draw = np.random.RandomState(0)
weights = {f"w{layer}_{unit}": round(draw.randn(), 2) for layer in range(16) for unit in range(6)}
"""
STEPPERS = {"e^{xz}": "example, x=2.0, z=3.0",
            "two-layer net": "mlp, X=draw.randn(4, 3), W1=draw.randn(3, 4), "
                             "b1=draw.randn(4), W2=draw.randn(4, 2), b2=draw.randn(2), T=draw.randn(4, 2)",
            "a net of 290 boxes": "deep, x=0.5, **weights"}
_TIMED = """async () => {
  const root = [...document.querySelectorAll('.bp-stepper')].at(-1), times = [];
  const next = root.querySelector('.bp-next'), first = root.querySelector('.bp-first');
  const frame = () => new Promise(done => requestAnimationFrame(done));
  for (let i = 0; i < 40; i++) {
    if (next.disabled) { first.click(); await frame(); await frame(); }
    await new Promise(done => setTimeout(done, 40));
    const start = performance.now();
    next.click();
    await frame(); await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""


def stepping() -> None:
    from playwright.sync_api import sync_playwright

    import backproplab as bl
    with tempfile.TemporaryDirectory() as place, driving.lab(Path(place) / "lab") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driving.chromium(), args=driving.FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for name, call in STEPPERS.items():
            driving.run_notebook(page, server, CELLS, f"bl.stepper({call})")
            page.wait_for_selector(".bp-stepper")
            page.evaluate(_TIMED)                                        # once to warm up
            times = sorted(page.evaluate(_TIMED))
            scope: dict = {}
            exec(CELLS, scope)
            state = eval(f"bl.stepper({call}).state", scope)
            size = len(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()) / 1000
            print(f"{name}: click to painted median {statistics.median(times):.1f} ms, 95th percentile {times[37]:.1f} ms; state {size:.0f} kB")
        browser.close()
    start = time.perf_counter()
    scope = {}
    exec(CELLS, scope)
    bl.stepper(scope["example"], x=2.0, z=3.0)
    first = time.perf_counter() - start
    start = time.perf_counter()
    bl.stepper(scope["example"], x=2.0, z=3.0)
    print(f"bl.stepper(example): first call {first:.2f} s, then {1000 * (time.perf_counter() - start):.0f} ms")


def building(rounds: int = 5) -> None:
    """Making the state of 257 boxes, in seconds and against tracing, drawing and typesetting them alone."""
    import backproplab as bl
    from backproplab.widgets.state import stepper_state
    scope: dict = {}
    exec(CELLS, scope)
    run = bl.trace(scope["chain"], x=0.5)

    def best(act: Callable[[], object]) -> float:
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            act()
            times.append(time.perf_counter() - start)
        return min(times)
    whole, drawn = best(lambda: stepper_state(run)), best(lambda: bl.drawing.drawing(run, groups={}))
    print(f"the state of a chain of {len(run.variables)} boxes: {whole:.2f} s, {whole / drawn:.1f} times one layout of it ({drawn:.2f} s)")


def importing(rounds: int = 9) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}     # compiled files are part of any installation

    def seconds(module: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True, env=environment)
        return time.perf_counter() - start
    pairs = [(seconds("numpy"), seconds("backproplab")) for _ in range(rounds)]
    numpy, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"import backproplab: {ours:.3f} s, {ours / numpy:.2f} times import numpy ({numpy:.3f} s)")


if __name__ == "__main__":
    importing()
    building()
    stepping()
