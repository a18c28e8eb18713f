"""The labs without a browser: settings from codes and pages, long work and its end, what a page holds, and refusals in words."""
import asyncio
import json

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.errors import BackpropError
from backproplab.experiments import TrainingLab
from backproplab.experiments.dead import BAD_STEP
from backproplab.experiments.vanishing import PRESETS, Vanishing, start, training
from backproplab.widgets.lab_work import Work
from backproplab.widgets.labs import in_words, rounded
from backproplab.widgets.vanishing_lab import ANSWERS, note, place_of, seeds

SMALL = Vanishing(depth=3, width=4, points=16, steps=20)
MAKERS = {"vanishing": (bl.vanishing_lab, SMALL), "dead": (bl.dead_relu_lab, BAD_STEP.but(steps=30)),
          "training": (bl.training_lab, TrainingLab(points=30, width=3, steps=40))}


@pytest.fixture(scope="module", params=MAKERS)
def lab(request):
    make, settings = MAKERS[request.param]
    return make(settings)


def wish(lab, *sides, **more):
    lab.wanted = {"number": lab.shown["number"] + 1, "sides": list(sides), **more}
    return lab.shown


def test_a_lab_is_json_and_says_what_it_is(lab):
    json.dumps([lab.state, lab.shown], allow_nan=False)
    assert repr(lab) == f"<{type(lab).__name__}: {lab.settings.code}>"
    assert {p["code"] for p in lab.state["presets"]} <= {r["code"] for r in lab.state["kept"]}
    assert all(r["words"] and r["ask"]["question"] and 0 <= r["ask"]["right"] < len(r["ask"]["answers"]) for r in lab.state["kept"])


def test_every_option_of_every_control_can_be_set_and_the_code_comes_back(lab):
    for control in lab.kind.controls:
        for text, change in control.options:
            settings = lab.settings.but(**lab.kind.cast(change))
            assert text and lab.kind.settings.from_code(settings.code) == settings


def test_values_and_codes_from_the_page_are_the_same_settings(lab):
    shown = lab.shown["sides"][0]["values"]
    values = {name: int(v) if isinstance(v, float) and v.is_integer() else v for name, v in shown.items()}       # 1.0 is 1 in JavaScript
    by_values, by_code = wish(lab, {"values": values})["sides"][0], wish(lab, {"code": lab.settings.code})["sides"][0]
    assert by_values == by_code and by_values["code"] == lab.settings.code


def test_absurd_settings_are_refused_in_words_and_what_was_shown_stays(lab):
    before = lab.shown["sides"]
    values = before[0]["values"]
    for side in ({"code": f"{lab.kind.settings.title} seed=-1"}, {"code": "weather depth=3"}, {"code": ""}, {"code": "nonsense"},
                 {"values": {**values, "steps": 10 ** 9}}, {"values": {**values, "steps": "many"}}, {"values": {"height": 3}}):
        shown = wish(lab, side)
        assert shown["sides"] == before and len(shown["problem"]) > 10 and "Traceback" not in shown["problem"]
    assert wish(lab, {"code": lab.settings.code})["problem"] == ""


def test_two_settings_side_by_side(lab):
    shown = wish(lab, {"code": lab.settings.code}, {"other": True})
    assert len(shown["sides"]) == 2 and shown["sides"][0]["code"] != shown["sides"][1]["code"] and " in A and " in shown["difference"]
    assert all(r["later"] for r in shown["sides"]) and " | " in repr(lab)
    axes = lab.figure().axes
    assert len(axes) % 2 == 0 and any(one.lines for one in axes)
    assert len(wish(lab, {"code": shown["sides"][0]["code"]})["sides"]) == 1


def test_functions_refuse_what_is_no_setting():
    for make, settings in MAKERS.values():
        for given, changes in ((3, {}), ("nonsense", {}), (None, {"dept": 3}), (None, {"seed": -1}), (f"{settings.title} seed=x", {})):
            with pytest.raises(BackpropError):
                make(given, **changes)
        assert make(settings.code).settings == settings and make(settings, seed=7).settings.seed == 7


# ---- long work -------------------------------------------------------------------------------------------------------------------

def counting(progress, cancel):
    for k in range(400):
        if cancel():
            return k
        progress(k, 400)
        threading_pause()
    return 400


def threading_pause():
    import time
    time.sleep(0.005)


@pytest.mark.parametrize("act", ["finish", "cancel", "drop"])
def test_work_goes_on_beside_the_loop_and_ends_when_told(act):
    told, ends = [], []

    async def main():
        made = (lambda progress, cancel: progress(1, 2) or 7) if act == "finish" else counting
        work = Work(made, lambda *given: told.append(given), lambda *given: ends.append(given), 0.0)
        work.start()
        await asyncio.sleep(0.25)
        if act != "finish":
            getattr(work, act)()
            count = len(told)
            await asyncio.sleep(0.1)
            assert len(told) == count > 0
    asyncio.run(main())
    assert ends == [(7, None)] if act == "finish" else ends == [] if act == "drop" else 0 < ends[0][0] < 400


def test_an_error_in_the_work_is_handed_on():
    ends = []
    Work(lambda progress, cancel: 1 / 0, print, lambda made, problem: ends.append((made, in_words(problem)))).start()
    assert ends == [(None, "division by zero")]


def test_a_training_is_cancelled_and_done_again():
    async def main():
        lab = bl.vanishing_lab(SMALL)
        lab.wanted = {"number": 1, "sides": [{"code": "vanishing depth=30 steps=10000"}]}
        assert lab.shown["number"] == 1 and "training" not in lab.shown["sides"][0] and len(lab.shown["sides"][0]["delta"]) == 30
        for _ in range(100):
            await asyncio.sleep(0.05)
            if lab.progress.get("done"):
                break
        assert lab.progress["what"] == "Training" and lab.progress["all"] == 10000
        lab.cancel = 1
        for _ in range(100):
            await asyncio.sleep(0.02)
            if not lab.progress:
                break
        training = lab.shown["sides"][0]["training"]
        assert "cancelled" in training["stopped"] and training["loss"] and "cancelled" in lab.shown["sides"][0]["words"]
        lab.wanted = {"number": 2, "sides": [{"code": "vanishing depth=30 steps=10000"}], "task": "again"}
        await asyncio.sleep(0.1)
        assert lab.progress["what"] == "Training"
        lab.wanted = {"number": 3, "sides": [{"code": SMALL.code}]}                # a newer wish ends it
        await asyncio.sleep(0.3)
        assert lab.progress == {} and lab.shown["sides"][0]["code"] == SMALL.code
    asyncio.run(main())


def test_what_was_forgotten_is_computed_again():
    lab = bl.vanishing_lab(SMALL)
    for seed in range(70):
        wish(lab, {"values": {**lab.shown["sides"][0]["values"], "seed": seed, "depth": 1, "steps": 0}})
    assert len(lab._results) <= 62 and wish(lab, {"code": "vanishing"})["problem"] == ""


# ---- what vanishes ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("ratio, place", [(12.0, 0), (1.0, 1), (0.2, 1), (0.05, 2), (5e-4, 3), (1e-8, 4), (0.0, 4), (np.nan, 4)])
def test_predictions_are_marked_by_the_measured_ratio(ratio, place):
    assert place_of(ratio) == place < len(ANSWERS)


def test_what_is_shown_is_what_the_model_computes():
    result = bl.vanishing_lab(SMALL).shown["sides"][0]
    seen = start(SMALL)
    assert result["delta"] == rounded(seen.delta) and result["ask"]["right"] == place_of(seen.delta[0] / seen.delta[-1])
    assert len(result["histogram"]) == len(result["path"]) == 3 and result["training"]["moved"][0] == [None] * 4
    np.testing.assert_allclose(result["training"]["moved"][-1], np.log10(training(SMALL).moved[-1]), atol=0.051)
    assert rounded([1.23456, np.inf, [np.nan]]) == [1.23, None, [None]]


@pytest.mark.parametrize("change, name", [
    ({}, None), ({"activation": "tanh"}, "tanh"), ({"activation": "relu"}, "ReLU"), ({"rate": 10.0}, "a larger rate"),
    ({"scale": 4.0}, "large weights"), ({"remedy": "residual"}, "shortcuts"), ({"remedy": "batch norm", "scale": 4.0}, "batch norm")])
def test_the_remedy_that_is_explained_is_the_one_that_was_chosen(change, name):
    assert note(SMALL.but(**change)).get("name") == name


def test_seeds_are_summed_up_in_words_and_dots():
    lab = bl.vanishing_lab(SMALL)
    told = wish(lab, {"code": SMALL.code}, task="seeds", side=0)["sides"][0]["seeds"]
    assert told["words"].startswith("20 seeds from 200") and [len(g["values"]) for g in told["groups"]] == [20, 20]
    stuck = sum(training(SMALL.but(seed=seed)).loss[-1] > 0.69 for seed in range(200, 220))
    assert 0 < stuck < 20 and f" {stuck} of 20 do no better than a coin" in told["words"]


def test_a_seed_that_was_cut_short_is_not_counted():
    asked = []
    assert seeds(SMALL, None, lambda: asked.append(1) or len(asked) > 10)["words"].startswith("2 seeds from 200")     # in the third


def test_a_saved_page_holds_a_grid_of_settings(tmp_path):
    lab = bl.vanishing_lab(SMALL)
    page = bl.save_html(lab, tmp_path / "lab.html")
    codes = {r["code"] for r in lab.state["kept"]}
    assert {p.code for p in PRESETS.values() if p.depth == 10 and p.scale == 1 and p.loss == "logistic"} <= codes and len(codes) > 20
    assert page.stat().st_size < 200_000 and all(r["later"] for r in lab.state["kept"])
