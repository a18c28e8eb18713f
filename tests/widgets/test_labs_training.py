"""The training lab: what the page is told, against the model; the network that the page computes; contours; trainings that run away."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.experiments.training_lab import PRESETS, TrainingLab, boundary, teach
from backproplab.widgets.training_lab import ANSWERS, NUMBERS, QUICK, first, kept, later, looks, seeds, sweep, work
from tests.widgets import nodes

SMALL = TrainingLab(points=40, width=4, steps=60)
LONG = TrainingLab(points=40, width=32, depth=3, steps=2000, batch=0)

NETWORK = """
const xs = [-1, 0, 1, 2], ys = [-2, 0, 1], bumps = gridPoints(xs, ys).map(([x, y]) => x * x + y);
console.log(JSON.stringify({ p: data.results.map((r) => probabilities(r.params.at(-1), r.sizes, r.activation, data.points)),
  grid: gridPoints([0, 1], [5, 6]), plane: contour(gridPoints(xs, ys).map(([x, y]) => x + y), xs, ys, 0.25), none: contour(bumps, xs, ys, 99).length,
  saddle: contour([1, 0, 0, 1], [0, 1], [0, 1], 0.5).length, shades: shaded([0, 0.5, 1, null], 2, (i, j) => `${i},${j}`).map(Boolean) }));
"""


def test_the_page_computes_the_network_and_its_lines(tmp_path):
    results, wanted = [], []
    points = np.random.RandomState(0).randn(50, 2)
    for change in ({}, {"depth": 0}, {"activation": "relu", "depth": 3, "width": 1}, {"activation": "sigmoid"}, {"activation": "softplus"},
                   {"activation": "leaky_relu"}):
        settings = SMALL.but(**change)
        results.append(first(settings))
        wanted.append(1 / (1 + np.exp(-settings.network(kept(settings).path[-1], points)[:, 0])))
    no_page = "globalThis.document = { createElementNS: () => ({ setAttribute() {}, append() {} }) };"
    got = nodes.run("lab-training.js", no_page + NETWORK, {"results": results, "points": points.tolist()}, tmp_path)
    np.testing.assert_allclose(got["p"], wanted, atol=2e-3)                     # parameters travel with four digits
    assert got["grid"] == [[0, 5], [1, 5], [0, 6], [1, 6]] and got["none"] == 0 and got["saddle"] == 2
    assert len(got["plane"]) > 2 and all(x + y == pytest.approx(0.25) for segment in got["plane"] for x, y in segment)
    assert got["shades"] == [False, False, False, False, True, False, False, False, True]


def test_what_the_page_is_told_is_what_the_training_did():
    told, lesson = first(SMALL), teach(SMALL, looks(SMALL))
    assert told["steps"] == lesson.at and told["steps"][-1] == 60
    for part, names in zip(SMALL.parts, ("Xy", "Ab"), strict=True):
        np.testing.assert_allclose(told[names[0]], part.X, atol=5e-4)
        assert told[names[1]] == part.y[:, 0].tolist()
    np.testing.assert_allclose(told["history"]["train"], lesson.trained.history.train, rtol=5e-3)
    assert told["right"][-1] == pytest.approx(SMALL.network.accuracy(lesson.trained.params, *SMALL.parts[1]), abs=1e-3)
    assert {**told, **later(SMALL, told, None, None)}["plane"].keys() == {"path", "random"}


def test_a_long_training_waits_and_is_judged_when_it_is_done():
    assert work(SMALL) < QUICK < work(LONG)
    waiting = first(LONG)
    assert waiting["ask"]["right"] is None and waiting["history"] is None and waiting["steps"] == [0]
    told = []
    done = later(LONG, waiting, lambda *p: told.append(p), None)
    assert told and done["ask"]["right"] in range(len(ANSWERS)) and done["steps"][-1] == 2000
    cut = later(LONG, waiting, None, lambda: True)
    assert "cancelled" in cut["stopped"] and cut["ask"]["right"] != 3 and "plane" not in cut


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_explained(name):
    settings = PRESETS[name].but(steps=min(PRESETS[name].steps, 400))
    told = {**first(settings), **(later(settings, {}, None, None) if work(settings) > QUICK else {})}
    asked = told["ask"]
    word = {"all weights 0": "nothing ever tells them apart", "steps too long": "higher than it began", "steps too short": "hardly moved",
            "circles without a hidden layer": "a straight line"}.get(name, "%")
    assert word in asked["told"] and asked["right"] == sum(told["right"][-1] >= share for share in (0.65, 0.9))


def test_a_training_that_runs_away_is_told_and_drawn_as_far_as_it_went():
    wild = SMALL.but(rate=1000.0, activation="relu")
    told = first(wild)
    assert told["ask"]["right"] == 3 and "too long" in told["ask"]["told"] and later(wild, told, None, None).get("plane") is None
    assert np.isfinite([v for layer in told["params"][-1] for part in layer for v in part]).all()
    lab = bl.training_lab(wild)
    assert len(lab.figure().axes) == 3 and lab.shown["sides"][0]["stopped"]


@pytest.mark.parametrize("settings", [SMALL, LONG, TrainingLab(width=64, depth=10), TrainingLab(steps=1)])
def test_what_travels_is_bounded(settings):
    sizes = settings.network.sizes
    count = sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))
    frames = settings.steps // looks(settings) + 2
    assert 2 <= frames <= 42 and frames * count <= max(2 * NUMBERS, 7 * count)


def test_rates_are_swept_and_seeds_are_tried():
    rows = sweep(SMALL.but(steps=10, activation="relu"), None, None)["rows"]
    assert [row["rate"] for row in rows] == sorted(row["rate"] for row in rows) and len(rows) == 12
    found = seeds(SMALL.but(steps=10), None, None)
    assert found["words"].startswith("20 seeds from 200") and all(len(g["values"]) == 20 for g in found["groups"])
    asked = []
    cut = seeds(SMALL.but(steps=10), None, lambda: asked.append(1) or len(asked) > 25)                    # in the third
    assert cut["words"].startswith("2 seeds from 200")
    assert seeds(SMALL, None, lambda: True)["groups"] == [] and sweep(SMALL, None, lambda: True)["rows"] == []


def test_the_figures_boundary_is_the_models():
    lab = bl.training_lab(SMALL)
    lesson = kept(SMALL)
    seen = boundary(SMALL.network, lesson.path[-1], np.concatenate([SMALL.parts[0].X, SMALL.parts[1].X]))
    assert np.isfinite(seen.p).all() and len(lab.figure().axes) == 3
