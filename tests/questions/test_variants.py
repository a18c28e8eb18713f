"""Variants are the same everywhere, screened, and say what they can tell apart. All of them: `python -m tests.questions.screen`."""
import inspect
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from backproplab.engine.errors import InputError
from backproplab.questions import KINDS, QUESTIONS, QuestionError, judge, question, report, screening, variant
from backproplab.questions.draws import Draw
from backproplab.questions.generators import OPERATIONS, Program, network_program, scalar_program, uses_of
from backproplab.questions.kinds.programs import fair
from tests.questions.programs import example
from tests.questions.screen import passing

SEEDS = (0, 1, 7)
each = pytest.mark.parametrize("id", QUESTIONS)


@each
def test_a_sample_of_variants_is_fair(id):
    for found in screening([id], SEEDS):
        assert found.fair, str(found)


@each
def test_the_right_answer_is_right_and_the_wrong_ones_are_not(id):
    for seed in SEEDS:
        posed = variant(id, seed)
        answer = posed.answer
        if posed.kind == "formula":
            answer = answer.split("=", 1)[1]
        elif posed.kind == "function":
            scope = {}
            exec(answer, scope)
            inner = scope["f"]
            answer = lambda inner=inner, **at: inner(**at)[1]          # noqa: E731
        elif posed.kind == "task":
            answer = posed.facts["parameters"]["solution"]
        elif posed.kind == "choice":
            answer = answer + 1
        elif posed.kind == "order":
            answer = [k + 1 for k in answer]
        outcome = judge(posed, answer)
        assert outcome.right and outcome.share == 1, (id, seed, outcome)
        for w in posed.wrong:
            outcome = judge(posed, w["value"])
            assert not outcome.right, (id, seed, w)
            if posed.kind in ("number", "array"):
                assert outcome.verdict == "looks like" and outcome.names[0] in w["names"]


@each
def test_a_variant_is_json_and_the_same_for_its_seed(id):
    posed = variant(id, 3)
    text = json.dumps(posed.data, allow_nan=False)
    assert json.loads(text) == posed.data
    assert json.dumps(variant(id, 3).data) == text
    assert "{" not in posed.prompt and posed.prompt.count("`") % 2 == 0


def test_other_seeds_pose_other_numbers():
    answers = {variant("fork-of-two", seed).answer for seed in range(12)}
    assert len(answers) > 8


def test_variants_are_the_same_whatever_the_hash_seed():
    code = "import json; from backproplab.questions import QUESTIONS, variant; print(json.dumps([variant(q, 5).data for q in QUESTIONS]))"
    texts = []
    for seed in ("0", "4242"):
        done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
        texts.append(done.stdout)
    assert texts[0] == texts[1] and len(texts[0]) > 1000


def test_draws_are_fixed_for_ever():
    draw = Draw("chain", 3)
    assert [draw.below(10) for _ in range(8)] == [6, 4, 9, 5, 4, 7, 2, 7]
    assert Draw("chain", 3).readable(0.3, 3.0) == 2.2


def test_programs_are_fixed_for_ever():
    """A number of a seed that a class was given once is the same with every version of Python and of this package."""
    program = scalar_program(Draw("pinned"), 6, 2, 1)
    assert program.lines == ["a = z / x", "b = np.square(a)", "c = b - a", "d = sigmoid(a)", "h = np.maximum(c, z)", "i = h + d"]
    assert program.inputs == {"x": -1.6, "z": -2.0}
    assert network_program(Draw("pinned"), (2, 2, 2), ("tanh",)).inputs == {
        "X": [[-0.1, -1.2], [0.4, -0.3]], "W": [[1.1, 0.8], [1.4, -0.7]], "b": [1.1, -1.1], "Y": [[1.4, -0.8], [-0.1, 1.1]]}


def test_the_report_finds_a_planted_collision():
    posed = variant("fork-of-two", 1)
    hidden = {"value": posed.answer * 1.0005, "why": "", "action": "", "names": ["planted"]}
    twin = {**posed.wrong[0], "value": posed.wrong[0]["value"] * 1.0002, "names": ["twin"]}
    found = report(type(posed)(**{**{n: getattr(posed, n) for n in posed.__slots__}, "wrong": (*posed.wrong, hidden, twin)}))
    assert found.hidden == ("planted",) and found.doubled == 1 and not found.fair
    assert "passes as right: planted" in str(found)
    assert report(posed).fair and "one-path" in str(report(posed))


def test_at_the_classic_point_the_screen_refuses():
    """At x = 2, z = 3 of the e^xz example e^6 swamps the rest: many wrong rules are nearly right."""
    source = inspect.getsource(example)
    assert fair(Program(source, {"x": 2.0, "z": 3.0}), ["a"], False) is None
    posed = variant("fork-of-three", 1)                               # the same program, where a fair draw put it
    assert fair(Program(source, dict(posed.facts["run"].inputs)), [posed.facts["asked"]], False) is not None


@pytest.mark.parametrize("id", [i for i, q in QUESTIONS.items() if q.kind in ("number", "array")])
def test_no_mistake_planted_in_the_program_passes_as_right(id):
    for seed in (3, 5):
        assert passing(variant(id, seed)) == []


def test_a_mistake_that_is_right_by_chance_is_found_by_both_routes(monkeypatch):
    """Where x = z the wrong factor of x * z is the right one: such numbers are not drawn, and the second route would notice."""
    equal = Program("def f(x, z):\n    a = x * z\n    b = np.exp(a)\n    y = b * z\n    return y\n", {"x": 0.7, "z": 0.7})
    assert fair(equal, ["x"], False) is None
    assert fair(Program(equal.source, {"x": 0.7, "z": 1.3}), ["x"], False) is not None
    monkeypatch.setattr("backproplab.questions.kinds.programs.by_chance", lambda *args: frozenset())
    question("equal", "none", "number", program="a = x * z; b = np.exp(a); y = b * z", at={"x": 0.7, "z": 0.7}, asked="x")
    try:
        assert ("mul-own", "here", 1) in passing(variant("equal", 1))
    finally:
        del QUESTIONS["equal"]


def test_a_question_that_cannot_be_fair_says_so():
    try:
        question("constant", "none", "number", program="y = x + 0", at={"x": (0.5, 2.5)}, asked="x")
        with pytest.raises(QuestionError, match="fair to ask"):
            variant("constant", 1)
    finally:
        del QUESTIONS["constant"]


def test_one_declaration_adds_a_question():
    """All that it takes, in a file of the bank or in a notebook cell."""
    try:
        made = question("cube", "multiply along a path", "number", program="a = x**3; y = np.sin(a)", at={"x": (0.5, 1.4)}, asked="x")
        assert QUESTIONS["cube"] is made
        posed = variant("cube", 1)
        x = posed.facts["run"].values["x"]
        assert posed.answer == pytest.approx(3 * x**2 * np.cos(x**3))
        assert judge(posed, posed.answer)
    finally:
        del QUESTIONS["cube"]


@pytest.mark.parametrize("parameters, words", [
    ({"program": "a = x * z; y = np.exp(a)"}, "at={'x'"),
    ({"program": "a = x * z; y = np.exp(a)", "at": {"x": (0.5, 2.0)}}, "NameError, in line 2: `a = x * z`: name 'z' is not defined"),
    ({"program": "y = x @ x", "at": {"x": (0.5, 2.0)}}, "TraceError: computing x @ x, in line 2: `y = x @ x`: x is a single number"),
    ({"program": lambda draw: draw.nothing()}, "AttributeError"),
])
def test_what_stops_an_author_is_told_with_the_question_it_stopped(parameters, words):
    made = question("stops", "none", "number", asked="x", **parameters)
    del QUESTIONS["stops"]
    with pytest.raises(QuestionError) as info:
        variant(made, 0)
    assert info.value.attempted == "posing the question 'stops'" and words in str(info.value) and str(info.value).count("\n") == 2


@pytest.mark.parametrize("kind, parameters, words", [("number", {}, "it lacks program"),
                                                     ("number", {"program": "y = x", "colour": 1}, "it has colour"),
                                                     ("riddle", {}, "its kind is 'riddle'")])
def test_a_question_declared_wrongly_says_what_its_kind_takes(kind, parameters, words):
    with pytest.raises(QuestionError) as info:
        question("wrong", "none", kind, **parameters)
    assert words in str(info.value) and "wrong" not in QUESTIONS


# ---- generators ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("size, inputs, forks", [(2, 1, 0), (5, 2, 1), (8, 3, 2), (12, 2, 3), (15, 1, 2)])
def test_a_random_program_is_what_was_asked_for(size, inputs, forks):
    for seed in range(5):
        program = scalar_program(Draw("test", seed), size, inputs, forks)
        assert len(program.lines) == size and len(program.inputs) == inputs
        assert sum(n > 1 for n in uses_of(program).values()) >= forks
        run = program.run()
        assert set(run.variables) == {*program.inputs, *(line.split(" = ")[0] for line in program.lines)}
        assert all(np.isfinite(v) for v in run.values.values()) and [text for _, text in run.code][1:-1]


def test_a_random_program_keeps_to_its_operations():
    program = scalar_program(Draw("only"), 6, 2, 1, operations=("multiply", "sin"))
    assert all("*" in line or "np.sin" in line for line in program.lines)
    with pytest.raises(InputError, match="Take 2 to 15 operations"):
        scalar_program(Draw("only"), 6, 2, 1, operations=("cube",))
    assert set(OPERATIONS) >= {"multiply", "exp", "maximum"}


def test_networks_have_the_shapes_asked_for():
    run = network_program(Draw(1), (5, 4, 3, 2), ("relu", "tanh"), "cross-entropy").run()
    assert [np.shape(run.values[n]) for n in ("X", "W1", "b1", "W2", "b2", "Y")] == [(5, 4), (4, 3), (3,), (3, 2), (2,), (5, 2)]
    with pytest.raises(InputError, match="batch of at least 2"):
        network_program(Draw(1), (1, 2, 2), ("",))


def test_every_kind_has_a_question():
    assert {q.kind for q in QUESTIONS.values()} == set(KINDS)
