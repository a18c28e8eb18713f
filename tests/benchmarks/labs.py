"""How long from a slider to the redrawn charts in real JupyterLab, kernel included; and how fast Cancel ends a training.

    python -m tests.benchmarks.labs

A slider is moved, Python computes the new start (the training follows when the slider rests), and the time is taken at the second
animation frame after the charts have changed. Forty moves in Chromium, medians and 95th percentiles.
"""
from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests import browser as driving

LABS = {"vanishing, depth 1-50": ("bl.vanishing_lab(predict=False)", "Hidden layers"),
        "vanishing, A | B": ("bl.vanishing_lab(compare=True, predict=False)", "Hidden layers"),
        "dead ReLU, bad step": ("bl.dead_relu_lab(predict=False)", "The bad step, times the rate"),
        "dead ReLU, A | B": ("bl.dead_relu_lab(compare=True, predict=False)", "The bad step, times the rate"),
        "training, rate": ("bl.training_lab(predict=False)", "Learning rate")}
_MOVED = """async ([nth, label]) => {
  const root = document.querySelectorAll('.bl')[nth], times = [];
  const input = [...root.querySelectorAll('label')].find(l => l.textContent === label).control;
  const frame = () => new Promise(done => requestAnimationFrame(done));
  for (let i = 0; i < 40; i++) {
    await new Promise(done => setTimeout(done, 60));
    const cols = root.querySelector('.bl-cols'), before = root.querySelector('.bl-code').value, start = performance.now();
    const count = Number(input.max) + 1, now = Number(input.value), next = (now + 1 + 7 * i) % count;
    input.value = next === now ? (now + 1) % count : next;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    while (root.querySelector('.bl-code').value === before) await frame();
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""


def main(only: str = "") -> None:
    from playwright.sync_api import sync_playwright
    chosen = {name: one for name, one in LABS.items() if only in name}
    with tempfile.TemporaryDirectory() as place, driving.lab(Path(place) / "lab") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driving.chromium(), args=driving.FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        driving.run_notebook(page, server, "import backproplab as bl", *[call for call, _ in chosen.values()])
        page.wait_for_function(f"document.querySelectorAll('.bl').length === {len(chosen)}")
        for nth, (name, (_, label)) in enumerate(chosen.items()):
            page.evaluate(_MOVED, [nth, label])                                       # once to warm up
            times = sorted(page.evaluate(_MOVED, [nth, label]))
            print(f"{name}: slider to painted median {statistics.median(times):.0f} ms, 95th percentile {times[37]:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
