"""The bench's questions and the shape quiz: gradients by the definition, lines by their axes, own formulas, nonsense."""
import json

import numpy as np
import pytest

import backproplab as bl
from backproplab.questions import Outcome, Record, judge
from backproplab.widgets.shapes_formulas import Built, evaluated, named_axes, read_forward
from backproplab.widgets.shapes_levels import LEVELS
from backproplab.widgets.shapes_quiz import LEVELS as QUIZ_LEVELS
from backproplab.widgets.shapes_variants import bench_state, level_variants, own_level

STATE = bench_state()


def read_built(text):
    """A line of the bench's language as boxes: str(Built), undone."""
    total = None
    if text.startswith("sum"):
        total, text = int(text[3]), text[5:-1]
    words = text.split()
    return Built(tuple((w.removesuffix(".T"), w.endswith(".T")) for w in words[::2]), tuple(words[1::2]), total)


def arrays(variant):
    return {n: np.array(p["values"], float) for n, p in variant["pieces"].items()}


def differences(variant, formula, name):
    """The gradient of sum(G * out) by central differences, in the variable's own shape."""
    forward, values = read_forward(formula), arrays(variant)
    g = values["G"]
    if forward.relu == name:
        def f(v):
            return np.maximum(v, 0)
    else:
        def f(v):
            inner = forward.inner({**values, name: v})
            return np.maximum(inner, 0) if forward.relu else inner
    g = g if g.shape == f(values[name]).shape and variant["pieces"]["G"]["axes"] == variant["pieces"][variant["out"]]["axes"] else g.T
    found, h = np.zeros(values[name].shape), 1e-4
    for k in np.ndindex(*found.shape):
        step = np.zeros(found.shape)
        step[k] = h
        found[k] = np.sum(g * (f(values[name] + step) - f(values[name] - step))) / (2 * h)
    return found


@pytest.mark.parametrize("key", list(STATE["variants"]))
def test_truths_are_the_gradients_and_answers_are_right_by_name(key):
    variant = STATE["variants"][key]
    level, form, _, layout = key.split("/")
    formula = next(lv for lv in LEVELS if lv.id == level).forms[form].formula
    axes = {n: tuple(p["axes"]) for n, p in variant["pieces"].items()}
    for ask in variant["asks"]:
        want = differences(variant, formula, ask["name"])
        turned = layout == "numerator" and axes[ask["name"]][0] != "1"
        np.testing.assert_allclose(ask["truth"], want.T if turned else want, atol=1e-6)
        built = read_built(ask["answer"])
        np.testing.assert_allclose(evaluated(built, arrays(variant)), ask["truth"], atol=1e-6)
        assert list(named_axes(built, axes)) == ask["target"]
        assert len(ask["hints"]) == 3 and (ask["answer"] == "G" or not any(ask["answer"] in hint for hint in ask["hints"]))
        for rule, line in ask["wrong"]:
            found = evaluated(read_built(line), arrays(variant))
            assert rule in STATE["rules"] and (found.shape != np.shape(ask["truth"]) or not np.allclose(found, ask["truth"]))
    assert set(variant["counts"]) == {a for pair in axes.values() for a in pair} - {"1"}


def test_with_different_sides_the_shape_tells_and_with_equal_ones_it_does_not():
    def told(key):
        asks = STATE["variants"][key]["asks"]
        values = arrays(STATE["variants"][key])
        wrong = [np.shape(evaluated(read_built(line), values)) != np.shape(a["truth"]) for a in asks for _, line in a["wrong"]]
        return sum(wrong) / len(wrong)
    assert told("batch/row/distinct/denominator") > 0.7 > 0.35 > told("batch/row/equal/denominator")


def test_the_state_is_small_and_the_same_every_time():
    text = json.dumps(STATE, ensure_ascii=False, separators=(",", ":"))
    assert len(text) < 200_000 and text == json.dumps(bench_state(), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("formula, answers", [
    ("Z = X @ W.T", ["G @ W", "G.T @ X"]), ("A = B * C", ["G * C", "G * B"]), ("Y = A @ B @ C", ["G @ C.T @ B.T", "A.T @ G @ C.T", "B.T @ A.T @ G"]),
    ("y = x @ W", ["G @ W.T", "x.T @ G"]), ("f = W @ x", ["G @ x.T", "W.T @ G"]), ("H = relu(X @ W.T)", ["G * R @ W", "G.T * R.T @ X"]),
    ("Z = X @ W + b", ["G @ W.T", "X.T @ G", "sum0(G)"]), ("H = np.maximum(0, X @ W + b)", ["G * R @ W.T", "X.T @ G * R", "sum0(G * R)"]),
    ("Z = X·W", ["G @ W.T", "X.T @ G"])])
def test_formulas_of_ones_own(formula, answers):
    variant = next(iter(level_variants(own_level(formula)).values()))
    found = [a["answer"] for a in variant["asks"]]
    values = arrays(variant)
    for ask, line in zip(variant["asks"], answers, strict=True):
        np.testing.assert_allclose(evaluated(read_built(line), values), ask["truth"], err_msg=str(found))


def test_axes_and_sizes_of_ones_own():
    level = own_level("A = B @ C", {"B": "PQ"}, {"P": 5})
    assert level.forms["row"].axes["B"] == "PQ" and level.forms["row"].axes["C"][0] == "Q" and level.sizes["P"] == 5


@pytest.mark.parametrize("given", [
    ("Z = X @ X",), (3,), (None,), ("Z = ",), ("Z = X",), ("Z = X @ W @ V @ U @ Q",), ("G = X @ W",), ("Z = tanh(X)",), ("Zz = X @ W",),
    ("Z = X @ W + b + c",), ("Z = X @ (W @ V)",), ("x = 1",),
    ("Z = X * Y @ W",), ("Z = X @ W" * 50,), ("__import__('os')",), ("Z = X @ W", {"Q": "AB"}), ("Z = X @ W", {"X": "ABC"}),
    ("Z = X @ W", {"X": "AB", "W": "CD"}), ("Z = X @ W", {}, {"B": 10**9}),
    ("Z = X @ W", {}, {"Q": 3}), ("Z = X @ W", {}, {"B": 2.5}), ("Z = X @ W", 3), ("Z = X @ W", {}, 3), ("A = B * C", {"B": "MN", "C": "NM"})])
def test_what_cannot_be_put_on_the_bench_is_refused_at_once(given):
    with pytest.raises(bl.BackpropError) as error:
        if given == (None,):
            own_level(None)
        else:
            bl.shape_bench(*given)
    assert error.value.instead


@pytest.mark.parametrize("options", [{"level": "hard"}, {"layout": "rows"}, {"axes": {"X": "BM"}}])
def test_options_that_do_not_exist(options):
    with pytest.raises(bl.BackpropError):
        bl.shape_bench(**options)


def test_the_bench_begins_in_the_sessions_layout():
    assert bl.shape_bench().place["layout"] == "denominator"
    with bl.conventions(gradients="numerator"):
        assert bl.shape_bench().place["layout"] == "numerator"
    assert repr(bl.shape_bench()).startswith("<ShapeBench: Two matrices, One sample")


def test_answers_are_kept_once(tmp_path):
    kept = Record(tmp_path / "record.json")
    bench = bl.shape_bench(keep=kept)
    key = "batch/row/distinct/denominator/W"
    bench.answers = {key: {"shape": {"right": True, "tries": 1}, "tries": 1, "hints": 0, "mistakes": ["transpose"]}}
    bench.answers = {key: {"shape": {"right": True, "tries": 1}, "done": True, "right": True, "tries": 2, "hints": 1, "mistakes": ["transpose"]}}
    bench.answers = {**bench.answers, "other": {"tries": 1}}
    assert len(kept.entries) == 2 and kept.entries[1]["mistakes"] == ["transpose"] and kept.entries[1]["tries"] == 2
    assert [r.objective for r in Record(tmp_path / "record.json").rows()] and kept.practice(2)


# The quiz ---------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("level", [*QUIZ_LEVELS, "all"])
def test_quiz_questions_have_one_right_shape_and_reasons_for_the_others(level):
    for seed in range(5):
        for p in bl.shape_quiz(level, 14, seed=seed).posed:
            assert judge(p, str(tuple(p.answer))).right
            wrong = [w["value"] for w in p.wrong]
            assert p.answer not in wrong and len(wrong) >= 3 and len({str(w) for w in wrong}) == len(wrong)
            for w in p.wrong:
                said: Outcome = judge(p, str(tuple(w["value"])) if w["value"] else "scalar")
                assert not said.right and len(said.reason) > 15
            assert len(p.hints) == 2


def test_the_quiz_goes_from_vectors_to_tensors_and_repeats_itself():
    asked = [len(p.answer) for p in bl.shape_quiz(count=14).posed]
    assert asked[0] == 2 and max(asked[-4:]) >= 4
    assert bl.shape_quiz(seed=3).state == bl.shape_quiz(seed=3).state != bl.shape_quiz(seed=4).state
    assert all("numerator" in p.prompt for p in bl.shape_quiz(layout="numerator").posed)


@pytest.mark.parametrize("given", [{"level": "x"}, {"level": []}, {"count": 0}, {"count": 2.5}, {"count": True}, {"count": 10**9},
                                   {"layout": "rows"}])
def test_quiz_nonsense(given):
    with pytest.raises(bl.BackpropError):
        bl.shape_quiz(**given)
