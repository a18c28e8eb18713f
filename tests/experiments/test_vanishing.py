"""The vanishing-sigmoid model against a network written by hand, its theory against integrals, its settings against nonsense."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.experiments import across, expected_line, factors
from backproplab.experiments.paths import path
from backproplab.experiments.vanishing import PRESETS, REMEDIES, Vanishing, start, summary, training


def by_hand(settings):
    """Deltas and weight gradients of a plain sigmoid network, as one writes them without an engine."""
    X, y = settings.data
    W = [layer["W"] for layer in settings.start]
    H, h = [X], X
    for w in W[:-1]:
        h = 1 / (1 + np.exp(-(h @ w)))
        H.append(h)
    d = 1 / (1 + np.exp(-(h @ W[-1]))) - y
    gradients, deltas = [H[-1].T @ d / len(X)], []
    for k in range(len(W) - 2, -1, -1):
        d = (d @ W[k + 1].T) * H[k + 1] * (1 - H[k + 1])
        deltas.append(np.sqrt((d * d).sum(1).mean()))
        gradients.append(H[k].T @ d / len(X))
    return deltas[::-1], [np.linalg.norm(g) for g in gradients[::-1]]


@pytest.mark.parametrize("depth", [1, 3, 12])
def test_gradients_are_those_written_by_hand(depth):
    settings = Vanishing(depth=depth, seed=201)
    seen, (deltas, gradients) = start(settings), by_hand(settings)
    assert np.allclose(seen.delta, deltas, rtol=1e-9) and np.allclose(seen.gradient, gradients, rtol=1e-9)


def test_what_is_told_of_every_layer():
    """Quantiles, shares and the line of 1/4 against NumPy's own; the first step's movement against the gradient that made it."""
    settings = Vanishing(depth=4, seed=204, steps=1)
    seen, (X, _) = start(settings), settings.data
    for k, (z, a, _) in enumerate(settings.network.layers(settings.start, X)):
        assert np.allclose(seen.z[k], np.quantile(z, [0.05, 0.25, 0.5, 0.75, 0.95]), rtol=1e-12)
        assert np.allclose(seen.slope[k], np.quantile(a * (1 - a), [0.05, 0.25, 0.5, 0.75, 0.95]), rtol=1e-12)
        assert np.allclose(seen.histogram[k], np.histogram(a, 14, (0, 1))[0] / a.size, rtol=1e-12)
    assert np.allclose(seen.quarter, seen.delta[-1] / np.array([64, 16, 4, 1]), rtol=1e-12)
    moved = [settings.step_length * g / np.linalg.norm(layer["W"]) for g, layer in zip(seen.gradient, settings.start, strict=True)]
    assert np.allclose(training(settings).moved[-1], moved, rtol=1e-7)
    assert seen.expected is not None and all(start(settings.but(remedy=r)).expected is None for r in ("residual", "batch norm"))
    assert start(settings.but(activation="tanh")).quarter is None


def test_the_theorys_factors():
    """Against integrals over many points, and against what is known: ReLU with He's start passes on exactly 1."""
    z = np.random.RandomState(0).standard_normal(400_000)
    s = 1 / (1 + np.exp(-z))
    assert np.isclose(factors("sigmoid", 1.0, 1)[0], np.sqrt(np.mean((s * (1 - s)) ** 2)), rtol=2e-3)
    assert np.allclose(factors("relu", np.sqrt(2), 10), 1, rtol=1e-12) and np.allclose(factors("linear", 0.7, 5), 0.7)
    assert np.isclose(expected_line("sigmoid", 1.0, 10, 1.0)[0] ** (1 / 9), 0.233, atol=5e-4)
    assert np.allclose(expected_line("linear", 0.5, 4, 8.0), [1, 2, 4, 8])


def test_a_path_is_a_product_of_slopes_and_weights():
    settings = Vanishing(depth=5, seed=202)
    steps = path(settings, example=7)
    assert [p.layer for p in steps] == [5, 4, 3, 2, 1]
    assert np.isclose(steps[-1].product, np.prod([p.slope * p.weight for p in steps])) and all(0 < p.slope <= 0.25 for p in steps)
    for k in range(settings.width):                                       # from the top down, no other unit makes the product larger
        for at, step in enumerate(steps[:2]):
            units = [p.unit for p in steps][::-1]
            units[4 - at] = k
            assert abs(path(settings, 7, units)[at].product) <= abs(step.product)
    # All paths to unit u of layer 1 together are the gradient of the logit by its sum
    small = Vanishing(depth=2, width=3, seed=202)
    X = small.data.X
    gradient = bl.grad(lambda n: np.sum(small.network.outputs(small.start, X, n)[7]))([np.zeros((128, 3)), np.zeros((128, 3))])[0][7]
    assert np.allclose([sum(path(small, 7, [u, v])[-1].product for v in range(3)) for u in range(3)], gradient, rtol=1e-9)


def test_training_is_deterministic_watched_and_can_be_cancelled():
    settings, told = Vanishing(depth=2, steps=60, seed=203), []
    a, b = training(settings, lambda step, steps: told.append((step, steps))), training(settings)
    assert a.loss == b.loss and np.array_equal(a.moved, b.moved) and told[-1] == (60, 60) and a.steps[0] == 0 and a.steps[-1] == 60
    assert a.moved[0].max() == 0 and a.loss[-1] < a.loss[0] and a.unmoved.max() < 0.05
    assert "cancelled at step 0" in training(settings, cancel=lambda: True).stopped
    wild = settings.but(activation="relu", rate=1000.0, depth=12)
    assert "The steps are too long" in training(wild).stopped and "The steps are too long" in summary(wild, start(wild), training(wild))
    some = settings.but(batch=16, steps=1)
    rows = np.random.RandomState(some.seed).permutation(len(some.data.X))[:16]
    _, g = bl.value_and_grad(some.network.objective("logistic"), wrt="params")(some.start, some.data.X[rows], some.data.y[rows])
    by_rows = [np.linalg.norm(some.step_length * one["W"]) / np.linalg.norm(layer["W"]) for one, layer in zip(g, some.start, strict=True)]
    assert np.allclose(training(some).moved[-1], by_rows, rtol=1e-7) and training(settings.but(batch=16)).loss != a.loss


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_codes_and_summaries(name):
    settings = PRESETS[name]
    assert Vanishing.from_code(settings.code) == settings
    seen = start(settings)
    assert np.all(np.isfinite(seen.delta)) and np.allclose(seen.histogram.sum(1), 1) and f"{settings.depth} layers" in summary(settings, seen)


def test_remedies_are_single_changes_and_say_what_they_leave():
    assert all(len(r.change) == 1 and r.does and r.leaves and Vanishing().but(**r.change) for r in REMEDIES.values())


def test_the_summary_says_that_nothing_moved():
    settings = Vanishing(depth=30, steps=20)
    assert "not one bit changed" in summary(settings, start(settings), training(settings))


@given(st.integers(1, 50), st.integers(1, 128), st.sampled_from(["sigmoid", "tanh"]), st.floats(0, 20), st.integers(0, 2 ** 31 - 1))
def test_a_code_brings_the_settings_back(depth, width, activation, scale, seed):
    settings = Vanishing(depth=depth, width=width, activation=activation, scale=scale, seed=seed, remedy="batch norm")
    assert Vanishing.from_code(f"  {settings.code}  ") == settings


@pytest.mark.parametrize("make, said", [
    (lambda: Vanishing(depth=51), "from 1 to 50"), (lambda: Vanishing(depth=2.5), "whole number"), (lambda: Vanishing(width=0), "width=0"),
    (lambda: Vanishing(depth=True), "depth=True"), (lambda: Vanishing(scale=float("nan")), "scale=nan"),
    (lambda: Vanishing(activation="rellu"), "sigmoid"),
    (lambda: Vanishing(rate=-1.0), "from 0 to 1000"), (lambda: Vanishing(seed=-1), "seed=-1"),
    (lambda: Vanishing.from_code("dead bias=-3"), "another"),
    (lambda: Vanishing.from_code(""), "does not begin"), (lambda: Vanishing.from_code("vanishing dept=3"), "Did you mean depth"),
    (lambda: Vanishing.from_code("vanishing depth=three"), "depth='three'"), (lambda: Vanishing.from_code("vanishing depth"), "is no setting"),
])
def test_absurd_settings_are_refused_in_words(make, said):
    with pytest.raises(bl.BackpropError, match=said):
        make()


def test_a_and_b_are_compared_in_a_sentence():
    a = Vanishing()
    assert a.differences(a.but(scale=4.0)) == "scale is 1.0 in A and 4.0 in B." and a.differences(a) == "A and B have the same settings."


def test_across_seeds_can_be_watched_and_cancelled():
    told = []
    assert across(Vanishing(), lambda s: s.seed, [5, 6, 7], lambda k, n: told.append((k, n)), lambda: len(told) == 2) == [5, 6]
    assert told == [(1, 3), (2, 3)]
