"""What each kind of question says: to a right answer, to a known mistake, to another wrong one, to what cannot be read."""
import itertools

import networkx
import numpy as np
import pytest

from backproplab.questions import KINDS, QUESTIONS, Question, QuestionError, judge, question, variant

CHAIN = "a = x * z; b = np.sin(a); y = b * a"
LAYER = "Z = X @ W; J = np.sum(np.square(Z))"
X, W = [[1.0, 2.0], [3.0, -1.0], [0.5, 1.5]], [[1.0, -0.5], [0.2, 0.8]]
DECLARED = {
    "number": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}, "asked": "a"}, "array": {"program": LAYER, "at": {"X": X, "W": W}, "asked": "W"},
    "shape": {"program": LAYER, "at": {"X": X, "W": W}, "asked": "X"}, "formula": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}, "asked": "a"},
    "function": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}}, "graph": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}},
    "order": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}}, "error": {"program": CHAIN, "at": {"x": 1.3, "z": 0.7}},
    "choice": {"options": [("the sum", True, "Small changes add up."), ("the mean", False, "Nothing is divided."),
                           ("the last", False, "It replaced the rest.")], "fixed": True},
    "task": {"name": "back", "forward": lambda x, z: np.sin(x * z), "wrt": ("x", "z"), "inputs": lambda draw: {"x": draw.real(), "z": 0.7},
             "partial": True, "wrong": [(lambda x, z: (np.cos(x * z), x * np.cos(x * z)), "The inner derivative is missing.", "Multiply by it.")]},
}


@pytest.fixture(scope="module")
def posed():
    made = {}
    for kind, parameters in DECLARED.items():
        question(f"test {kind}", "none", kind, "" if kind != "choice" else "What is it?", **parameters)
        made[kind] = variant(f"test {kind}", 1)
        del QUESTIONS[f"test {kind}"]
    return made


def right_function(x, z):
    a = x * z
    g_a = np.cos(a) * a + np.sin(a)
    return {"x": g_a * z, "z": g_a * x}


def only_one_path(x, z):
    a = x * z
    return np.cos(a) * a * z, np.cos(a) * a * x


def breaks(x, z):
    raise ValueError("no idea")


GRADIENT = np.cos(0.91) * 0.91 + np.sin(0.91)                         # of a
FORK = "`a` is used twice, in `b` and `y`"
GRAPH = "x -> a, z -> a, a -> b, b -> y, a -> y"
SAID = [
    # kind, answer, verdict, mistakes, words
    ("number", f"{GRADIENT:.5g}", "right", (), ""),
    ("number", "g_a = " + f"{GRADIENT:.4f}".replace(".", ","), "right", (), ""),
    ("number", f"{np.cos(0.91) * 0.91:.5g}", "looks like", ("one-path",), FORK),
    ("number", f"{-GRADIENT:.5g}", "looks like", ("sign",), "except for its sign"),
    ("number", "1.34", "rounded", (), "Keep five digits"),
    ("number", "77.7", "unknown", (), "write upstream times local for each of them, then add"),
    ("number", "abc", "unreadable", (), "put the value of abc in"), ("number", "", "unreadable", (), "Nothing was typed"),
    ("number", None, "unreadable", (), "write a number"),
    ("array", [[20.4, -10.65], [2.4, 11.85]], "right", (), ""), ("array", "20.4 -10.65; 2.4 11.85", "right", (), ""),
    ("array", [[20.4, 2.4], [-10.65, 11.85]], "looks like", ("transpose",), "other layout"),
    ("array", [[1, 2], [3, 4]], "unknown", (), "Write the shapes of `g_Z` and of `W`"), ("array", [1, 2, 3], "shape", (), "3 numbers"),
    ("array", "[[1, 2], [3]]", "unreadable", (), "rows differ"),
    ("shape", "(3, 2)", "right", (), ""), ("shape", (3, 2), "right", (), ""), ("shape", "2x3", "wrong", ("shape",), "transposed"),
    ("shape", "scalar", "wrong", ("shape",), "single number"), ("shape", "(9, 9)", "wrong", (), "Not this one"),
    ("shape", "big", "unreadable", (), "whole numbers"),
    ("formula", "g_b * cos(a) + g_y * b", "right", (), ""), ("formula", "g_a = g_y b + cos(a) g_b", "right", (), ""),
    ("formula", "g_b * cos(a)", "looks like", ("one-path",), f"{FORK}, and `g_b * cos(a)` is what comes back through `b` alone"),
    ("formula", "g_b + g_y", "wrong", (), "At `x` = 1.3, `z` = 0.7 it gives 1.91, and the gradient there is 1.348"),
    ("formula", "1/0", "wrong", ("number",), ""), ("formula", "g_b * 9**9**9", "wrong", (), ""),
    ("formula", "exp(exp(exp(9)))", "wrong", ("number",), ""),
    ("formula", "1.348", "wrong", ("number",), "holds whatever the inputs"), ("formula", "q * 2", "unreadable", (), "q is not a name here"),
    ("formula", "g_x", "unreadable", (), "not known yet"), ("formula", "g_a", "unreadable", (), "g_a"), ("formula", 3, "unreadable", (), "as text"),
    ("formula", "__import__('os')", "unreadable", (), ""), ("formula", "", "unreadable", (), "Nothing was typed"),
    ("function", right_function, "right", (), ""), ("function", only_one_path, "looks like", ("one-path",), "For `x`, `a` is used twice"),
    ("function", lambda x, z: {"x": 1.0, "z": 2.0}, "unknown", (), "For `x`, no common mistake gives 1"),
    ("function", lambda x, z: {"x": np.nan, "z": 2.0}, "wrong", ("infinite",), "not finite"),
    ("function", lambda x, z: {"x": "1", "z": [1, 2]}, "", (), ""),
    ("function", lambda x, z: {"x": 1.0}, "wrong", ("count",), "Return a dict or a tuple"),
    ("function", lambda x: x, "wrong", (), "Begin with def gradients(x, z):"), ("function", breaks, "wrong", (), "ValueError: no idea"),
    ("function", lambda x, z: None, "wrong", ("count",), "It returned nothing"),
    ("function", 3.0, "unreadable", (), "without calling it"),
    ("task", lambda x, z: (z * np.cos(x * z), x * np.cos(x * z)), "right", (), ""), ("task", breaks, "wrong", ("raised",), "ValueError: no idea"),
    ("task", lambda x, z: {"z": x * np.cos(x * z), "x": z * np.cos(x * z)}, "right", (), ""), ("task", 3.0, "unreadable", (), "without calling it"),
    ("task", lambda x, z: (np.cos(x * z), x * np.cos(x * z)), "wrong", ("known",), "inner derivative"),
    ("task", lambda x, z: (1.0, 1.0), "wrong", ("values",), "`x` has other values"),
    ("task", lambda x, z: 1.0, "wrong", ("count",), "return x, z"), ("task", ..., "unreadable", (), "in place of the three dots"),
    ("task", lambda x, z: ([1.0], 1.0), "shape", ("shape",), "`x` has shape (1,)"),
    ("task", lambda x, z: ("1", 1.0), "wrong", ("type",), "no number"),
    ("task", lambda x, z: (np.nan, 1.0), "wrong", ("infinite",), "not finite"),
    ("graph", GRAPH, "right", (), ""), ("graph", "y ← b", "unreadable", (), "Write an edge as x -> a"),
    ("graph", [("x", "a"), ("z", "a"), ("a", "b"), ("b", "y"), ("a", "y")], "right", (), ""),
    ("graph", networkx.DiGraph([("x", "a"), ("z", "a"), ("a", "b"), ("b", "y"), ("a", "y")]), "right", (), ""),
    ("graph", GRAPH.replace("a", "h").replace("b", "k"), "right", (), "names of your own"),
    ("graph", GRAPH.replace("b", "k"), "right", (), "names of your own"),
    ("graph", GRAPH.replace("y", "q").replace("b", "y"), "wrong", ("edges",), "Missing"),
    ("graph", GRAPH.replace("a", "?").replace("x", "a").replace("?", "x").replace("b", "k"), "wrong", ("reversed",), "wrong way"),
    ("graph", GRAPH.replace("x -> a", "a -> x"), "wrong", ("reversed",), "`a -> x` points the wrong way"),
    ("graph", "x -> a, z -> a, a -> b, b -> y", "wrong", ("edges",), "Missing: `a -> y`"),
    ("graph", GRAPH + ", x -> y", "wrong", ("edges",), "Not in the program: `x -> y`"),
    ("graph", GRAPH + ", y -> x", "wrong", ("cycle",), "goes round in a circle"), ("graph", "", "unreadable", (), "at least one"),
    ("error", "x", "unreadable", (), "number of a line, 1 to 4"), ("error", 9, "unreadable", (), "1 to 4"),
    ("choice", "A", "right", (), "Small changes add up."), ("choice", 2, "wrong", (), "Nothing is divided."),
    ("choice", "the last", "wrong", (), "It replaced the rest."), ("choice", "Z", "unreadable", (), "A to C"),
    ("choice", "", "unreadable", (), "A to C"),
    ("order", "A", "unreadable", (), "Name each of the 5 steps once"), ("order", 7, "unreadable", (), "Write the letters"),
]


@pytest.mark.parametrize("kind, answer, verdict, names, words", SAID, ids=[f"{k}-{n}" for n, (k, *_) in enumerate(SAID)])
def test_what_is_said(posed, kind, answer, verdict, names, words):
    outcome = judge(posed[kind], answer)
    text = f"{outcome.reason} {outcome.action}"
    assert words in text
    if verdict:
        assert (outcome.verdict, outcome.names) == (verdict, names)
    assert outcome.right == (verdict in ("right", "rounded")) and bool(outcome) == outcome.right
    if not outcome.right:
        assert outcome.reason.rstrip()[-1] in ".?:)", outcome.reason
    assert "{" not in text and "  " not in text.strip() and text.count("`") % 2 == 0


def test_a_function_that_changes_its_inputs_is_told():
    question("test in place", "none", "function", program=LAYER, at={"X": X, "W": W}, asked="W")
    posed = variant("test in place", 1)
    del QUESTIONS["test in place"]

    def gradients(X, W):
        right = X.T @ (2 * (X @ W))
        W -= 0.1 * right
        return right
    assert judge(posed, gradients).names == ("in-place",)
    assert judge(posed, lambda X, W: X.T @ (2 * (X @ W)))


def test_every_order_that_works_is_right_and_no_other(posed):
    asked = posed["order"]
    lines = [t for t, _, _ in asked.options]
    for order in itertools.permutations(range(len(lines))):
        known, works = {"1"}, True
        for k in order:
            name, line = lines[k].split(" = ")
            works &= all(g in known for g in ("g_a", "g_b", "g_x", "g_z", "g_y") if g in line)
            known.add(name)
        outcome = judge(asked, [k + 1 for k in order])
        assert outcome.right == works
        assert works or "comes too early: it needs" in outcome.reason


def test_the_planted_error_is_the_line_that_differs_from_the_program(posed):
    asked = posed["error"]
    run = variant_run()
    wrong = [k for k, (line, _, _) in enumerate(asked.options, 1) if line.split(" = ")[1] not in str(run.program.source)]
    assert wrong == [asked.answer]
    for k in range(1, len(asked.options) + 1):
        outcome = judge(asked, k)
        assert outcome.right == (k == asked.answer)
        assert ("should read" in outcome.reason) == outcome.right


def variant_run():
    from tests.questions.programs import written
    return written(CHAIN, {"x": 1.3, "z": 0.7})


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_answer_is_shown_in_words(posed, kind):
    text = KINDS[kind].shown(posed[kind])
    assert text and "{" not in text.replace('{"', "") and "None" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_gets_all_it_needs_and_nothing_is_asked_twice(posed, kind):
    data = posed[kind].data
    assert {"id", "kind", "prompt", "answer", "wrong", "hints", "options", "code"} <= set(data)
    assert len(set(data["hints"])) == len(data["hints"])
    for w in data["wrong"]:
        assert set(w) == {"value", "why", "action", "names"} and w["why"]


@pytest.mark.parametrize("options, words", [([("a", True, "r")], "1 options"), ([("a", True, "r"), ("b", True, "r")], "2 of them right"),
                                            ([("a", True, ""), ("b", False, "r")], "reason")])
def test_a_choice_without_reasons_is_refused(options, words):
    question("test refused", "none", "choice", "?", options=options)
    try:
        with pytest.raises(QuestionError, match=words):
            variant("test refused")
    finally:
        del QUESTIONS["test refused"]


def test_a_task_is_right_only_where_every_trial_is_and_gives_each_result_its_share():
    made = question("test shares", "none", "task", name="both", outputs=("u", "v"), partial=True, solution=lambda x: (2 * x, 3 * x),
                    inputs=lambda draw: {"x": draw.readable(0.5, 2)})
    del QUESTIONS["test shares"]
    asked = variant(made, 0)
    first = asked.facts["trials"][0][0]["x"]
    assert len({float(inputs["x"]) for inputs, _ in asked.facts["trials"]}) > 1
    for given, share in ((lambda x: (2 * x, 3 * x), 1), (lambda x: (2 * x, x), 0.5), (lambda x: (x, x), 0),
                         (lambda x: (2 * x, 3 * x) if x == first else (x, 3 * x), 0.5)):
        outcome = judge(asked, given)
        assert outcome.right == (share == 1) and outcome.share == share


class Layer:
    def forward(self, X, W):
        self.X, self.W = X, W
        return X @ W

    def backward(self, g):
        return g @ self.W.T, self.X.T @ g


@pytest.mark.parametrize("outputs, said", [(None, "than asked: forward, backward"), (("Y", "dX"), "than asked: Y, dX"), (("Y", "dX", "dW"), "")])
def test_a_class_names_the_results_of_all_its_calls(outputs, said):
    named = {"outputs": outputs} if outputs else {}
    made = Question("layer", "o", "task", parameters={
        "name": "Layer", "solution": Layer, "calls": [("forward", ("X", "W")), ("backward", ("g",))],
        "inputs": lambda draw: {"X": draw.array(3, 2), "W": draw.array(2, 4), "g": draw.array(3, 4)}} | named)
    if not said:
        assert variant(made, 0).facts["parameters"]["outputs"] == outputs
        return
    with pytest.raises(QuestionError, match=f"(?s){said}.*of a class those of all its calls"):
        variant(made, 0)
