"""The dead-ReLU model: counts against a network written by hand, the exact fraction, what a run records, and what is refused."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.experiments import expected_dead
from backproplab.experiments.dead import BAD_STEP, PRESETS, REMEDIES, Dead, run, summary


def by_hand(settings):
    """The dead sets of a run with one hidden layer and its parameters at the end, without an engine."""
    X, y = settings.data
    (first, last), one = settings.start, y[:, 0] == 1
    W, b, v, c = first["W"], first["b"], last["W"], last["b"]
    dead = []
    for step in range(settings.steps + 1):
        dead.append((X @ W + b).max(0) <= 0)
        bad = step == settings.at and settings.one_class
        x, t = (X[one], y[one]) if bad else (X, y)
        z = x @ W + b
        h = np.maximum(z, 0)
        d = (1 / (1 + np.exp(-(h @ v + c))) - t) / len(x)
        dz = (d @ v.T) * (z > 0)
        gradients = x.T @ dz, dz.sum(0), h.T @ d, d.sum(0)
        rate = settings.rate * (settings.spike if step == settings.at else 1)
        if settings.remedy == "capped":
            rate = min(rate, 0.25 / np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients])))
        if step < settings.steps:
            less = settings.rate * settings.decay                         # of the weights, and at the ordinary rate
            W, b, v, c = (p - rate * g - less * p * (p.ndim == 2 or settings.decay_biases)
                          for p, g in zip((W, b, v, c), gradients, strict=True))
    return np.array(dead), (W, b, v, c)


@pytest.mark.parametrize("settings", [BAD_STEP.but(seed=204), Dead(bias=-2.0, seed=205, steps=30), BAD_STEP.but(seed=204, decay=0.1, steps=40),
                                      BAD_STEP.but(seed=204, decay=0.1, decay_biases=True, steps=40), BAD_STEP.but(seed=211, remedy="capped")])
def test_a_run_is_the_one_written_by_hand(settings):
    seen, (dead, params) = run(settings), by_hand(settings)
    assert np.array_equal(seen.dead, dead) and (seen.dead[-1].any() or settings.remedy == "capped")
    for layer, (W, b) in zip(seen.params, (params[:2], params[2:]), strict=True):
        assert np.allclose(layer["W"], W, rtol=1e-8) and np.allclose(layer["b"], b, rtol=1e-8)
    assert not seen.share[:, seen.dead[-1]][-1].any() and len(seen.loss) == settings.steps + 1


@given(st.floats(-3, 3), st.floats(0, 4))
def test_the_exact_fraction_is_a_probability_and_falls_with_the_bias(bias, offset):
    X = Dead(offset=offset, seed=206).data.X
    p, higher = expected_dead(X, bias=bias, angles=720), expected_dead(X, bias=bias + 0.5, angles=720)
    assert 0 <= higher <= p <= 1


def test_with_bias_0_none_starts_dead_that_sees_the_origin_inside():
    assert expected_dead(Dead(seed=206).data.X) == 0 and not run(Dead(seed=206, steps=0)).dead.any()
    assert expected_dead(np.array([[1.0, 0.0]]), bias=0.0) == pytest.approx(0.5, abs=1e-3)


def test_frames_for_the_pictures():
    seen = run(BAD_STEP.but(steps=25), record=True)
    assert [f.step for f in seen.frames] == list(range(26))
    last = seen.frames[-1]
    assert np.array_equal(last.on.any(0), ~seen.dead[-1]) and np.all(last.gradient[seen.dead[-1]] == 0)
    X = BAD_STEP.data.X
    assert np.array_equal(X @ last.W + last.b > 0, last.on)
    assert set(seen.killed(20)) == set(np.flatnonzero(~seen.dead[20] & seen.dead[21])) and len(seen.killed(20)) > 0
    with pytest.raises(bl.InputError, match="0 to 24"):
        seen.killed(25)


def test_the_lines_of_batch_norm_are_those_that_it_makes():
    settings = BAD_STEP.but(remedy="batch norm", steps=25)
    for frame in run(settings, record=True).frames:
        z = settings.data.X @ frame.W + frame.b
        assert np.array_equal((z > 0)[np.abs(z) > 1e-9], frame.on[np.abs(z) > 1e-9]) and frame.on.any(0).all()


def test_a_leaky_unit_that_is_never_on_has_a_gradient():
    seen = run(BAD_STEP.but(remedy="leaky"))
    assert seen.dead[-1].any() and seen.nonzero > 0 and "never on" in summary(BAD_STEP.but(remedy="leaky"), seen)


def test_a_run_can_be_watched_and_cancelled_and_stops_by_itself():
    told = []
    seen = run(BAD_STEP, progress=lambda step, steps: told.append(step), cancel=lambda: len(told) == 5)
    assert told == [0, 1, 2, 3, 4] and seen.stopped == "It was cancelled at step 4." and len(seen.dead) == 5


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_codes_and_summaries(name):
    settings = PRESETS[name]
    assert Dead.from_code(settings.code) == settings
    short = settings.but(steps=min(settings.steps, 30))
    assert f"of {settings.units} units start" in summary(short, run(short))


def test_the_summary_counts():
    settings = PRESETS["units that come back"].but(seed=200)
    seen = run(settings)
    assert (f"{seen.returns} came back" in summary(settings, seen)) == (seen.returns > 0)
    seen = run(BAD_STEP)
    assert f"The step at 20 killed {len(seen.killed(20))}." in summary(BAD_STEP, seen) and "not one bit" in summary(BAD_STEP, seen)


def test_remedies_say_what_they_leave():
    assert set(REMEDIES) | {"none"} == set(Dead.limits["remedy"].names) and all(r.does and r.leaves for r in REMEDIES.values())


@pytest.mark.parametrize("make, said", [
    (lambda: Dead(units=0), "from 1 to 64"), (lambda: Dead(remedy="dropout"), "batch norm"), (lambda: Dead(spike=float("inf")), "spike=inf"),
    (lambda: Dead(one_class=2), "one_class=2"), (lambda: Dead.from_code("dead one_class=maybe"), "one_class='maybe'"),
    (lambda: Dead(points=3), "points=3"),
])
def test_absurd_settings_are_refused_in_words(make, said):
    with pytest.raises(bl.BackpropError, match=said):
        make()
