"""What is said about wrong gradients, and the account behind it."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.questions import AnswerError, diagnose, sentences
from backproplab.questions.account import Account
from backproplab.questions.draws import Draw
from backproplab.questions.generators import network_program, scalar_program
from tests.questions.programs import example, example_run, layer_run, written


def runs():
    yield from (example_run(), layer_run(), written("a = x * x; y = np.exp(a) / a * x", {"x": 0.7}))
    for k in range(12):
        yield scalar_program(Draw("account", k), 8, 2, 1).run()
    for k in range(4):
        yield network_program(Draw("account", k), (3, 2, 4, 2), ("relu", "")).run()


def test_the_account_replays_the_backward_pass():
    for run in runs():
        account = Account(run)
        for box in account.order:
            np.testing.assert_allclose(account.replay(box), run.grads[box.name], rtol=1e-12)
            for link in box.links:                                    # what is sent back is what the engine recorded
                found = next(c for c in run.variables[box.name].uses if c.consumer == link.consumer.name)
                np.testing.assert_allclose(link.send(found.upstream), found.value, rtol=1e-11, atol=1e-14)


def test_the_account_follows_a_learners_own_gradients():
    run = example_run()
    account = Account(run)
    d, a, x = (account.boxes[n] for n in "dax")
    extra = account.replay(a, fixed={d: 2.0}) - run.grads["a"]
    assert extra == pytest.approx(run.values["d"])                    # one more of what d sends back
    assert account.replay(x, fixed={d: 2.0}) - run.grads["x"] == pytest.approx(extra * run.values["z"])


def test_a_name_a_reason_and_an_action():
    run = example_run(2.0, 3.0)
    found = bl.diagnose(run, {"a": "403.4", "x": "1214.6"})
    assert list(found) == ["a", "x"]
    assert found["a"].names == ("one-path",)
    assert found["a"].reason == "`a` is used three times, in `d`, `e` and `f`, and 403.4 is what comes back through `d` alone."
    assert repr(found).splitlines()[0].startswith("a: Not yet. A common mistake gives this: a is used three times, in d, e and f, and 403.4 is")
    assert not found["a"]


def test_right_rounded_and_unknown():
    run = example_run(2.0, 3.0)
    assert bl.diagnose(run, {"a": 404.8537})["a"].verdict == "right"
    assert bl.diagnose(run, {"a": "406"})["a"].verdict == "rounded"
    unknown = bl.diagnose(run, {"a": "333.3"})["a"]
    assert unknown.verdict == "unknown" and "write upstream times local for each of them, then add" in str(unknown)


def test_a_step_that_follows_from_an_earlier_slip_is_right():
    run = example_run()
    wrong_d = 2.0
    account = Account(run)
    a = float(account.replay(account.boxes["a"], fixed={account.boxes["d"]: wrong_d}))
    found = bl.diagnose(run, {"d": wrong_d, "a": f"{a:.6g}"})
    assert not found["d"] and found["a"].verdict == "follow-through" and found["a"].right
    assert str(found["a"]) == "a: This step is right: it follows from your own d. Correct d first; then repeat this step."
    assert bl.diagnose(run, {"a": f"{a:.6g}"}, given={"d": wrong_d})["a"].verdict == "follow-through"
    assert bl.diagnose(run, {"a": f"{a:.6g}"})["a"].verdict != "follow-through"


def test_a_slip_further_up_is_placed_there():
    run = written("a = x * z; b = np.sin(a); c = b / w; y = np.exp(c)", {"x": 1.3, "z": 0.7, "w": 0.8})
    right = run.grads["x"]
    account = Account(run)
    wrong = account.replay(account.boxes["x"], fixed={account.boxes["b"]: run.grads["b"] * run.values["w"]})
    assert abs(wrong - right) > 0.01
    b = run.values["b"]
    own = right / np.cos(run.values["a"]) * b                         # sin kept as its own derivative, at a
    found = bl.diagnose(run, {"x": f"{own:.6g}"})["x"]
    assert found.ids == ("trig-same",) and "the slip is at `a`" in found.action and "`g_a` keeps sin" in found.reason


def test_arrays_layout_and_shape():
    run = written("Z = X @ W; J = np.sum(np.square(Z))", {"X": [[1.0, 2.0], [3.0, -1.0], [0.5, 1.5]], "W": [[1.0, -0.5], [0.2, 0.8]]})
    found = bl.diagnose(run, {"W": run.grads["W"].T})["W"]
    assert found.ids == ("layout",) and "in the other layout" in found.reason
    assert bl.diagnose(run, {"W": np.ones((5, 5))})["W"].verdict == "shape"
    assert bl.diagnose(run, {"W": run.grads["X"]})["W"].ids == ("transpose",)
    assert bl.diagnose(run, {"W": run.grads["W"]})["W"].verdict == "right"
    assert bl.diagnose(run, {"W": str(np.round(run.grads["W"], 3).tolist())})["W"].right


def test_the_output_and_an_unused_variable():
    run = example_run()
    assert bl.diagnose(run, {"y": 1})["y"].verdict == "right"
    assert "starts here" in str(bl.diagnose(run, {"y": 7.5})["y"])
    idle = written("a = 2 * x; y = a * a + 0 * z", {"x": 1.5, "z": 2.0})
    assert bl.diagnose(idle, {"z": 0})["z"].verdict == "right"


@pytest.mark.parametrize("answers, error", [({"q": 1}, bl.UnknownNameError),
                                            ({"x": "abc"}, AnswerError), ([1], bl.InputError), ({"x": None}, AnswerError)])
def test_what_cannot_be_diagnosed_is_said(answers, error):
    with pytest.raises(error):
        bl.diagnose(example_run(), answers)


def test_a_claim_is_named_by_check_gradients():
    def f(x, z):
        a = x * z
        b = np.log(x)
        y = a * b
        return y
    check = bl.check_gradients(f, x=2.0, z=3.0, claimed={"x": 3 * np.log(2.0), "z": 2 * np.log(2.0)})
    assert not check
    row = next(r for r in check.rows if r.name == "x")
    assert row.reason == ("Looks like this: x is used twice, in a and b, and 2.0794 is what comes back through a alone. "
                          "Write one contribution for each use of x, then add them up.")
    assert next(r for r in check.rows if r.name == "z").reason == ""


def test_of_two_names_the_one_that_fits_to_the_last_digit_is_given_alone():
    run = example_run(2.0, 3.0)
    forgotten = run.grads["a"] * 3                                    # 1214.561; the local derivative alone at b would give 1214.1
    row = bl.check_gradients(example, x=2.0, z=3.0, claimed={"x": forgotten}).rows[0]
    assert row.reason == ("Looks like this: x is used twice, in a and b, and 1214.6 is what comes back through a alone. "
                          "Write one contribution for each use of x, then add them up.")
    assert " Or: " in bl.check_gradients(example, x=2.0, z=3.0, claimed={"x": 1214.3}).rows[0].reason


def test_a_small_mistake_in_a_computed_gradient_is_named_and_a_rounded_one_is_not_accused():
    run = example_run(2.0, 3.0)
    without_f = run.values["d"] + 1 / run.values["b"]                 # 0.0044 % away from the gradient of a
    check = bl.check_gradients(example, x=2.0, z=3.0, claimed={"z": without_f * 2.0})
    assert "g_a leaves out what comes back through f" in check.rows[0].reason and "the slip is at a" in check.rows[0].reason
    rounded = bl.check_gradients(example, x=2.0, z=3.0, claimed={"z": 809.7}).rows[0].reason
    assert rounded == "This is off by 0.0009 % of its size: rounded on the way, or a small contribution is missing."


def test_a_long_reason_is_wrapped():
    check = bl.check_gradients(example, x=2.0, z=3.0, claimed={"x": 1214.3})
    lines = repr(check).splitlines()
    assert max(map(len, lines)) <= 100 and " ".join(line.strip() for line in lines[3:]) == f"x: {check.rows[0].reason}"


def test_diagnosis_is_the_same_whatever_was_asked_before():
    run = example_run()
    alone = str(diagnose(run, {"x": "1.234"})["x"])
    diagnose(run, {"a": "3.0", "b": "7.0"})
    assert str(diagnose(run, {"x": "1.234"})["x"]) == alone


def test_a_second_reading_goes_on_in_the_same_sentence():
    assert [sentences.lowered(text) for text in ("A maximum passes it on.", "It is.", "ReLU is.", "`A` is.", "")] == [
        "a maximum passes it on.", "it is.", "ReLU is.", "`A` is.", ""]
