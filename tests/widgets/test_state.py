"""What the stepper shows is what the engine computed, for every reference case and for functions nobody prepared."""
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import backproplab as bl
from backproplab.widgets.state import stepper_state
from tests.engine.test_reference_cases import CASES, written
from tests.worked_example import example

SCALAR_CASES = [c for c in CASES if c["kind"] != "jacobian"]


def compact(state):
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


@pytest.mark.parametrize("case", SCALAR_CASES, ids=[c["id"] for c in SCALAR_CASES])
def test_every_case_has_a_state_that_agrees_with_its_run(case):
    f, inputs = written(case)
    run = bl.trace(f, **inputs)
    state = stepper_state(run)
    compact(state)
    assert [n["id"] for n in state["nodes"]] == list(run.variables)
    forward = [s for s in state["steps"] if s["phase"] == "forward"]
    assert [s["node"] for s in forward] == list(run.variables)
    for n in state["nodes"]:
        v = run.variables[n["id"]]
        if np.ndim(v.value) == 0:
            assert read(n["value"]) == pytest.approx(float(v.value), rel=5e-4)
            if v.gradient is not None:
                assert read(n["grad"]) == pytest.approx(float(v.gradient), rel=5e-4, abs=1e-12)
        assert n["fork"] == (len(v.uses) > 1)
        assert state["wide"]["nodes"][n["id"]] and state["tall"]["nodes"][n["id"]]
    for s in state["steps"]:
        for edge in s["edges"]:
            assert edge in state["wide"]["edges"] and edge in state["tall"]["edges"]
        for formula in filter(None, (s["sym"], s["num"])):
            for part in formula.get("parts", [formula]):
                assert all(0 <= m[0] < len(state["glyphs"]) for m in part["m"])
        if s["phase"] == "backward":
            v = run.variables[s["node"]]
            assert [c["by"] for c in s["contribs"]] == [c.consumer for c in v.uses]
            for shown, c in zip(s["contribs"], v.uses, strict=True):
                if "shown" in shown:
                    assert read(shown["shown"]) == pytest.approx(float(c.value), rel=1e-3, abs=1e-9)
                    assert read(shown["up"]) * read(shown["loc"]) == pytest.approx(float(c.value), rel=2e-3, abs=1e-9)
        for ask in s["asks"]:
            if ask["kind"] in ("value", "gradient"):
                target = run.variables[s["node"]]
                assert ask["answer"] == pytest.approx(target.value if s["phase"] == "forward" else target.gradient, rel=1e-9)


def test_the_classic_reads_as_in_the_lecture():
    state = stepper_state(bl.trace(example, x=2.0, z=3.0))
    step = next(s for s in state["steps"] if s["phase"] == "backward" and s["node"] == "a")
    assert step["sym"]["say"] == "g_a = g_d · e^a + g_e · 1 / b − g_f · c / a^2"
    assert step["num"]["tex"].endswith("= +404.9")
    assert [c["prod"] for c in step["contribs"]] == ["+403.4", "+1.443", "−0.01775"]
    assert state["head"]["say"].startswith("y = e^(x z) + ") and state["at"] == "x = 2,  z = 3"


def test_its_size_is_within_budget():
    assert len(compact(stepper_state(bl.trace(example, x=2.0, z=3.0))).encode()) < 200_000


def test_the_state_is_the_same_whatever_the_hash_seed():
    program = ("import numpy as np, json, hashlib\nimport backproplab as bl\nfrom backproplab.widgets.state import stepper_state\n"
               "def f(x, z):\n    a = x * z\n    b = np.log(x)\n    y = np.exp(a) + a / b + np.sin(b)\n    return y\n"
               "print(hashlib.sha256(json.dumps(stepper_state(bl.trace(f, x=2.0, z=3.0))).encode()).hexdigest())")
    seen = {subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True,
                           check=True).stdout for seed in ("0", "1", "77")}
    assert len(seen) == 1


ODD = {
    "square": (lambda x: x * x, {"x": 3.0}),
    "lambda": (lambda x, w: np.tanh(x * w) ** 2, {"x": 0.5, "w": 2.0}),
    "unused input": (lambda x, y: x * 2, {"x": 1.0, "y": 2.0}),
    "builtin sum": (lambda x: sum([x * k for k in range(1, 9)]), {"x": 1.5}),
    "index": (lambda v: v[0] * v[1] + v[2], {"v": np.array([1.0, 2.0, 3.0])}),
    "large array": (lambda X: np.sum(X * X), {"X": np.arange(500.0).reshape(50, 10)}),
    "three axes": (lambda T: np.mean(T ** 2), {"T": np.arange(24.0).reshape(2, 3, 4)}),
    "empty array": (lambda v: np.sum(v) + 1.0, {"v": np.zeros((0, 3))}),
    "names": (lambda L, g_L: np.exp(L) * g_L, {"L": 1.0, "g_L": 2.0}),
    "unicode": (lambda θ, ü: np.sin(θ) * ü, {"θ": 1.0, "ü": 2.0}),
    "whole numbers": (lambda X, k: np.sum(X[k] * 2.0), {"X": np.eye(3), "k": np.array([0, 2])}),
    "huge": (lambda x: x * 1e200, {"x": 1e100}),
    "tiny": (lambda x: x * 1e-200, {"x": 1e-100}),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_functions_have_a_state(name):
    f, inputs = ODD[name]
    widget = bl.stepper(f, inputs=inputs)
    text = compact(widget.state)
    assert "NaN," not in text and len(widget.state["steps"]) >= 3
    assert repr(widget) == repr(bl.stepper(f, inputs=inputs)) and repr(widget).startswith("<Stepper ")


def test_infinite_and_undefined_numbers_can_be_shown():
    with pytest.warns(bl.NumericalWarning):
        widget = bl.stepper(lambda x: np.log(x) + x, x=0.0)
    compact(widget.state)
    assert "∞" in widget.state["nodes"][-1]["value"]
    assert all(np.isfinite(a["answer"]) for s in widget.state["steps"] for a in s["asks"])


def test_a_chain_of_sixty_fits_into_a_state():
    def chain(x):
        h = x
        for _ in range(60):
            h = np.tanh(h)
        return h
    assert len(stepper_state(bl.trace(chain, x=0.5))["nodes"]) == 61


def test_where_a_stepper_begins():
    run = bl.trace(example, x=2.0, z=3.0)
    assert [bl.stepper(run, step=k).step for k in (0, 3, -1, 99, -99)] == [0, 3, 17, 17, 0]
    assert bl.stepper(run, predict=True).predict is True
    assert (bl.stepper(run, predict="local").predict, bl.stepper(run, predict="local").level) == (True, "local")
    with pytest.raises(bl.InputError, match="'upstream'"):
        bl.stepper(run, predict="everything")


def test_a_run_with_inputs_is_refused():
    with pytest.raises(bl.InputError, match="holds its inputs already"):
        bl.stepper(bl.trace(example, x=2.0, z=3.0), x=1.0)


@pytest.mark.parametrize("thing", [3, "f", None])
def test_what_is_no_function_is_refused(thing):
    with pytest.raises(bl.InputError, match="not a function"):
        bl.stepper(thing, x=1.0)


def test_inputs_typed_in_the_page_make_a_new_run():
    widget = bl.stepper(example, x=2.0, z=3.0)
    before = widget.state
    widget.wanted = {"inputs": {"x": "1/2", "z": "−1,25"}, "number": 1}
    assert widget.answered == 1 and widget.problem == "" and widget.run.inputs["x"] == 0.5 and widget.run.inputs["z"] == -1.25
    assert widget.state["nodes"][0]["value"] == "0.5"
    widget.wanted = {"inputs": {"x": "abc"}, "number": 2}
    assert widget.answered == 2 and "number" in widget.problem and widget.state["nodes"][0]["value"] == "0.5"
    widget.wanted = {"inputs": {"x": "1"}, "number": 3}
    assert widget.answered == 3 and widget.problem != "" and widget.state["nodes"][0]["value"] == "1"
    widget.wanted = {"inputs": {"x": "2", "z": "3"}, "number": 4}
    assert widget.state == before


def test_arrays_typed_in_the_page_keep_their_shape_or_are_refused_in_words():
    widget = bl.stepper(lambda v, w: np.sum(v * w), v=np.array([1.0, 2.0]), w=3.0)
    widget.wanted = {"inputs": {"v": "[4, 5]"}, "number": 1}
    assert widget.run.inputs["v"].tolist() == [4, 5]
    widget.wanted = {"inputs": {"v": "[[1, 2], [3]]"}, "number": 2}
    assert widget.problem and widget.run.inputs["v"].tolist() == [4, 5]


def test_operations_can_be_shown_one_by_one():
    widget = bl.stepper(lambda x: np.exp(-x * x), x=0.5)
    few = len(widget.state["nodes"])
    widget.wanted = {"folded": False, "number": 1}
    assert len(widget.state["nodes"]) > few and widget.state["folded"] is False


def test_a_small_state_carries_every_notation_and_a_large_one_only_its_own():
    state = stepper_state(bl.trace(example, x=2.0, z=3.0))
    names = {letters["name"] for letters in state["letters"]}
    assert set(state["notations"]) == names - {"g"} and len(names) >= 2
    leibniz = state["notations"]["leibniz"]
    step = next(i for i, s in enumerate(state["steps"]) if s["phase"] == "backward" and s["node"] == "a")
    assert leibniz[str(step)]["sym"]["say"] != state["steps"][step]["sym"]["say"]

    def wide(x):
        return sum([np.sin(k * x) for k in range(30)]) * x
    assert stepper_state(bl.trace(wide, x=0.5).unfolded())["notations"] == {}


def test_the_letters_are_those_of_the_conventions():
    with bl.conventions("cs4644"):
        chosen = bl.stepper(example, x=2.0, z=3.0).state["letter"]
    assert chosen == bl.conventions("cs4644").settings.notation != "g"
    bl.conventions(None)
    assert bl.stepper(example, x=2.0, z=3.0).state["letter"] == "g"
    assert bl.stepper(example, x=2.0, z=3.0, notation="bar").state["letter"] == "bar"
    with pytest.raises(bl.UnknownNameError, match="'leibniz'"):
        bl.stepper(example, x=2.0, z=3.0, notation="greek")


def test_predictions_are_noted_once_in_the_learners_record(tmp_path):
    kept = bl.questions.Record(tmp_path / "record.json")
    widget = bl.stepper(example, x=2.0, z=3.0, predict=True, keep=kept)
    widget.answers = {"15:gradient": {"done": False, "right": False, "tries": 1, "hints": 0, "text": "1.4427"}}
    assert kept.entries == []
    done = {"15:gradient": {"done": True, "right": True, "tries": 2, "hints": 0, "text": "404.85"}}
    widget.answers = done
    widget.answers = done | {"16:gradient": {"done": False, "right": False, "tries": 0, "hints": 1, "text": ""}}
    assert len(kept.entries) == 1 and kept.entries[0]["right"] and kept.entries[0]["tries"] == 2
