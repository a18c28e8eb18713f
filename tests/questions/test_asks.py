"""What may be asked at a step, as data that a page without a kernel can use."""
import json

import numpy as np
import pytest

from backproplab.questions import FADING, TOLERANCE, ask_step, asks
from backproplab.questions.matching import verdict
from backproplab.questions.typed import number
from tests.questions.programs import example_run, layer_run, written

RUNS = {"example": example_run, "classic": lambda: example_run(2.0, 3.0), "layer": layer_run,
        "twice": lambda: written("a = x * x; y = np.exp(a) / a", {"x": 0.7})}
each_run = pytest.mark.parametrize("name", RUNS)


def every(name):
    run = RUNS[name]()
    return run, [(s, a) for s, found in zip(run.steps, asks(run), strict=True) for a in found]


def expected(run, step, ask):
    """The asked number, read from the steps alone."""
    v = step.variable
    whole = v.value if step.phase == "forward" else v.gradient
    use = next((c for c in v.uses if c.consumer == ask.get("through")), None)
    return {"value": lambda: whole, "gradient": lambda: whole, "upstream": lambda: use.upstream, "local": lambda: use.local,
            "product": lambda: use.value, "sum": lambda: use.running, "shape": lambda: np.shape(whole),
            "entry": lambda: np.asarray(whole)[tuple(ask["at"])], "row": lambda: np.asarray(whole)[tuple(ask["at"])]}[ask["kind"]]()


@each_run
def test_every_answer_is_the_number_of_the_step(name):
    run, found = every(name)
    assert found
    for step, ask in found:
        np.testing.assert_allclose(ask["answer"], expected(run, step, ask), rtol=1e-9)


@each_run
def test_no_wrong_answer_passes_as_right_or_as_another(name):
    for _, ask in every(name)[1]:
        if ask["kind"] == "shape":
            assert ask["answer"] not in [w["value"] for w in ask["wrong"]]
            continue
        values = [np.array(w["value"]) for w in ask["wrong"]]
        for k, v in enumerate(values):
            assert np.max(np.abs(v - ask["answer"])) > TOLERANCE.close * np.max(np.abs(ask["answer"])), ask
            for w in values[:k]:
                assert np.max(np.abs(v - w)) > 1e-3 * max(np.max(np.abs(v)), np.max(np.abs(w))), ask


@each_run
def test_asks_are_json_and_sentences_are_whole(name):
    run, found = every(name)
    again = json.loads(json.dumps([a for _, a in found], allow_nan=False))
    assert again == [a for _, a in found]
    for _, ask in found:
        for text in [ask["question"], *ask["hints"], *(t for w in ask["wrong"] for t in (w["why"], w["action"]))]:
            assert text and "{" not in text.replace("_{axis", "") and "None" not in text and "  " not in text
            assert text.count("`") % 2 == 0
        assert 1 <= len(ask["hints"]) <= 3


def test_hints_go_from_the_principle_to_the_numbers():
    run = example_run(2.0, 3.0)
    step = next(s for s in run.steps if s.phase == "backward" and s.name == "a")
    ask = ask_step(run, step)[-1]
    assert ask["kind"] == "gradient"
    assert ask["hints"][0] == "`a` is used by `d`, `e` and `f`: each sends back upstream times local, and the gradient is their sum."
    assert ask["hints"][1].startswith("`g_a` = g_d ")
    assert ask["hints"][2] == "1 × 403.43 + 1 × 1.4427 + 1 × (−0.017749)"


@each_run
def test_hints_and_questions_do_not_give_the_answer_away(name):
    from backproplab.questions.sentences import shown
    for step, ask in every(name)[1]:
        use = next((c for c in step.variable.uses if c.consumer == ask.get("through")), None)
        one = use is not None and ask["kind"] == "product" and 1.0 in (abs(use.upstream), abs(use.local))      # 1 times it says it all
        if ask["kind"] in ("upstream", "product", "sum", "entry") and not ask.get("trivial") and not one:
            assert shown(ask["answer"]) not in " ".join([ask["question"], *ask["hints"]]).replace("(", " ").replace(")", " ").split()
        if ask["kind"] == "local" and not ask.get("trivial"):
            assert all(shown(ask["answer"]) not in w["action"].split() for w in ask["wrong"])


def test_a_ledger_is_asked_in_its_order():
    run = example_run()
    step = next(s for s in run.steps if s.phase == "backward" and s.name == "a")
    kinds = [(a["kind"], a.get("through")) for a in ask_step(run, step)]
    assert kinds == [("upstream", "d"), ("local", "d"), ("product", "d"), ("upstream", "e"), ("local", "e"), ("product", "e"), ("sum", "e"),
                     ("upstream", "f"), ("local", "f"), ("product", "f"), ("gradient", None)]
    assert {k for kinds in FADING.values() for k in kinds} == {"value", "upstream", "local", "product", "sum", "gradient", "shape", "entry", "row"}


def test_the_whole_example_stays_small():
    assert len(json.dumps(asks(example_run(2.0, 3.0)), ensure_ascii=False).encode()) < 70_000


def test_given_values_and_the_seed_are_not_asked():
    run = example_run()
    for step, found in zip(run.steps, asks(run), strict=True):
        if step.variable.role == "input" and step.phase == "forward" or step.variable.role == "output" and step.phase == "backward":
            assert found == []


def test_what_is_not_finite_is_not_asked():
    with pytest.warns(RuntimeWarning):
        run = written("a = x * x; b = np.exp(a); y = b * x", {"x": 40.0})
    for _, found in zip(run.steps, asks(run), strict=True):
        json.dumps(found, allow_nan=False)


def test_the_classic_mistake_is_named_where_it_is_nearly_right():
    """At x = 2, z = 3 what comes back through d alone is only 0.35 % away from the whole gradient of a."""
    run, found = every("classic")
    ask = next(a for s, a in found if a["of"] == "a" and a["kind"] == "gradient")
    values = [w["value"] for w in ask["wrong"]]
    for text in ("403.43", "403.4"):
        said, near = verdict(number(text), ask["answer"], values)
        assert said == "looks like" and "`a` is used three times" in ask["wrong"][near[0]]["why"] and "`d` alone" in ask["wrong"][near[0]]["why"]
    assert verdict(number("404.85"), ask["answer"], values)[0] == "right"
    assert verdict(number("403"), ask["answer"], values)[0] == "rounded"                # three digits do not accuse
