"""The lab of dead ReLUs: what the page is told, against the model; the bad step in the stepper, against the step that was taken."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.errors import InputError
from backproplab.experiments.dead import BAD_STEP, PRESETS, Dead, run
from backproplab.widgets.dead_relu_lab import FRAMES, ask, bad_step, chosen, exact, first, later, packed, strength, sweep
from tests.widgets import nodes


@pytest.mark.parametrize("count, at", [(10, None), (36, 3), (101, 20), (101, 0), (301, None), (301, 298)])
def test_the_steps_that_are_drawn_hold_both_ends_and_those_around_the_bad_one(count, at):
    steps = chosen(count, at)
    assert steps == sorted(set(steps)) and steps[0] == 0 and steps[-1] == count - 1 and len(steps) <= max(FRAMES, 10)
    assert at is None or count <= FRAMES or {at, min(at + 1, count - 1), max(at - 1, 0)} <= set(steps)


def test_what_the_page_is_told_is_what_the_run_did():
    settings = BAD_STEP.but(seed=203)
    told, seen = first(settings), run(settings, record=True)
    for k, step in enumerate(told["steps"]):
        assert told["dead"][k] == "".join("1" if d else "0" for d in seen.dead[step])
        np.testing.assert_allclose(told["share"][k], 100 * seen.share[step], atol=0.51)
        np.testing.assert_allclose(told["gradient"][k], seen.frames[step].gradient, rtol=0.051)       # two digits travel
        np.testing.assert_allclose(told["output"][k], seen.output[step], rtol=0.051)
    killed = seen.killed(20)
    assert f"The step at 20 killed {len(killed)}" in told["words"] and f"{len(killed)} had a negative weight" in told["words"]
    assert told["exact"] is None and exact(Dead(bias=-2.0)) == pytest.approx(0.42, abs=0.1)


@pytest.mark.parametrize("remedy", ["none", "leaky", "centred"])
def test_what_is_expected_is_what_starts_dead(remedy):
    begun = [Dead(bias=-2.0, offset=1.0, remedy=remedy, units=64, steps=0, seed=seed) for seed in range(200, 220)]
    assert np.mean([exact(one) for one in begun]) == pytest.approx(np.mean([run(one).dead[0] for one in begun]), abs=0.035)


@pytest.mark.parametrize("settings", [BAD_STEP, Dead(bias=-3.0), Dead(units=4), Dead(units=1, bias=-20.0),
                                      PRESETS["units that come back"].but(steps=60)])
def test_the_right_answer_holds_the_count(settings):
    seen = run(settings)
    asked = ask(settings, seen)
    low, *more = asked["answers"][asked["right"]].replace(" or ", " to ").split(" to ")
    assert int(low) <= seen.dead[-1].sum() <= int((more or [low])[0])
    ends = [int(text.replace(" or ", " to ").split(" to ")[-1]) for text in asked["answers"]]
    assert ends == sorted(set(ends)) and ends[-1] == settings.units


@pytest.mark.parametrize("change", [{}, {"one_class": False}, {"remedy": "leaky"}])
def test_the_stepper_shows_the_gradient_that_the_bad_step_took(change):
    settings = BAD_STEP.but(seed=201, **change)
    before, after = (run(settings.but(steps=k)).params for k in (20, 21))
    moved = {"W": after[0]["W"] - before[0]["W"], "b": after[0]["b"] - before[0]["b"], "v": after[1]["W"] - before[1]["W"],
             "c": after[1]["b"] - before[1]["b"]}
    whole = bad_step(settings).run
    for name, step in moved.items():
        np.testing.assert_allclose(-settings.rate * settings.spike * whole.grads[name], step, rtol=1e-9, atol=1e-12)
    one = bad_step(settings, 5).run
    np.testing.assert_allclose(one.grads["w"], whole.grads["W"][:, 4], rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose([one.grads["b"], one.grads["v"]], [whole.grads["b"][4], whole.grads["v"][4, 0]], rtol=1e-9, atol=1e-14)
    assert one.value == pytest.approx(float(whole.value), rel=1e-12)


@pytest.mark.parametrize("settings, unit", [(Dead(bias=-3.0), None), (BAD_STEP.but(depth=2), None), (BAD_STEP.but(remedy="batch norm"), None),
                                            (BAD_STEP, 13), (BAD_STEP, 0), (BAD_STEP, 1.5)])
def test_a_bad_step_that_is_not_there_is_refused(settings, unit):
    with pytest.raises(InputError):
        bl.dead_relu_lab(settings).bad_step(unit)


def test_the_strength_is_varied_and_twenty_seeds_are_counted():
    settings = Dead(bias=-2.0, steps=2, points=16)
    found = sweep(settings, None, None)
    means = [row["mean"] for row in found["rows"]]
    assert found["field"] == "biases at the start" and means == sorted(means) and means[0] < means[-1]
    assert all(row["low"] <= row["mean"] <= row["high"] for row in found["rows"])
    told: list = []
    seeds = later(settings, first(settings), lambda *p: told.append(p), None)["seeds"]
    assert told[-1] == (20, 20) and [len(g["values"]) for g in seeds["groups"]] == [20, 20] and "mark" in seeds["groups"][0]
    assert later(settings, {}, None, lambda: True)["seeds"]["groups"] == [] and sweep(settings, None, lambda: True)["rows"] == []
    assert [strength(s) for s in (BAD_STEP, Dead(offset=2.0), Dead())] == ["spike", "offset", "bias"]


GEOMETRY = """
const box = { x0: -1, x1: 1, y0: -1, y1: 1 };
console.log(JSON.stringify({ cut: data.lines.map(([w, b]) => crossings(w, b, box)), foot: data.lines.map(([w, b]) => foot(w, b, [0.5, -0.25])),
  lit: data.lines.map(([w, b]) => lit(data.X, w, b)), bits: data.bits.map((t) => bits(t, data.count)),
  numbers: [0, 1, -0.5, 1234.5, 6.9e5, 1.4e-6, 9.96e-7, NaN].map(number), ticks: [ticks(0, 1, 5), ticks(-3.2, 4.1, 4), ticks(0, 0, 4)],
  begin: data.results.map(begin), stacked: stacked([1, 1, 2], (v) => 9 * v, 9) }));
"""


def test_the_pages_geometry_is_numpys(tmp_path):
    draw = np.random.RandomState(4)
    lines = [(draw.randn(2), draw.randn()) for _ in range(60)] + [(np.array([1.0, 0.0]), 0.5), (np.array([0.0, 2.0]), 0.5), (np.zeros(2), 1.0)]
    X, on = draw.randn(9, 2), draw.rand(20, 9) < 0.5
    results = [first(s) for s in (BAD_STEP, PRESETS["units that come back"].but(steps=120), Dead(bias=-3.0))]
    data = {"lines": [[w.tolist(), float(b)] for w, b in lines], "X": X.tolist(), "bits": [packed(row) for row in on], "count": 9, "results": results}
    got = nodes.run("lab-dead.js", GEOMETRY, data, tmp_path)
    inside = 0
    for (w, b), ends, near, lit in zip(lines, got["cut"], got["foot"], got["lit"], strict=True):
        assert all(abs(w @ p + b) < 1e-9 and np.abs(p).max() <= 1 + 1e-9 for p in np.array(ends).reshape(-1, 2))
        corners = np.array([[x, y] for x in (-1, 1) for y in (-1, 1)]) @ w + b
        assert len(ends) == (2 if corners.min() < 0 < corners.max() else 0)
        inside += len(ends) == 2
        if w.any():
            assert abs(w @ near + b) < 1e-9
        assert lit == (X @ w + b > 0).tolist()
    assert inside > 20 and got["bits"] == on.tolist()
    assert got["numbers"] == ["0", "1", "−0.5", "1235", "6.9·10⁵", "1.4·10⁻⁶", "1.0·10⁻⁶", "not finite"]
    assert got["ticks"] == [[0, 0.2, 0.4, 0.6, 0.8, 1], [-2, 0, 2, 4], [0]]
    assert got["stacked"] == {"placed": [[9, 0], [9, 1], [18, 0]], "highest": 2}
    killed = run(BAD_STEP).killed(20)
    assert got["begin"][0] in killed
    back = run(PRESETS["units that come back"].but(steps=120)).dead
    assert (back[:-1, got["begin"][1]] & ~back[1:, got["begin"][1]]).any()
    assert results[2]["dead"][-1][got["begin"][2]] == "1"


KEPT = """
const results = data.state.kept, a = results[0];
console.log(JSON.stringify({ all: data.state.controls.map((c) => reachable(results, c, a.values).length), near: nearest(results, a).code,
  none: kept(results, { values: { ...a.values, seed: 12345 } }) ?? null, code: kept(results, { code: a.code }).code }));
"""


def test_a_page_reaches_what_was_kept_and_nothing_else(tmp_path):
    lab = bl.dead_relu_lab()
    lab._whole(BAD_STEP.but(spike=30.0), later=False)
    got = nodes.run("lab-dead.js", KEPT, {"state": lab._state()}, tmp_path)
    labels = [c["label"] for c in lab.state["controls"]]
    assert got["all"][labels.index("The bad step, times the rate")] == 2 and got["all"][labels.index("Learning rate")] == 1
    assert got["near"] == BAD_STEP.but(spike=30.0).code and got["none"] is None and got["code"] == BAD_STEP.code


def test_a_preset_can_be_typed_as_its_button_says_it():
    """The button shows a minus sign; the name in code has a hyphen."""
    assert bl.dead_relu_lab("biases of −3").settings == bl.dead_relu_lab("biases of -3").settings == PRESETS["biases of -3"]
