"""Marking honest notebooks as students write them: full marks for right answers, whatever stands around them; and what wrong ones are told."""
import json
from types import SimpleNamespace

import numpy as np
import pytest

from backproplab.exercises.banks import Bank, package_bank
from backproplab.exercises.seeds import variant_seed
from backproplab.grading.marking import Marking, mark
from backproplab.grading.messages import ERRORS, MESSAGES, error_name, of_outcome
from backproplab.grading.sandbox import Limits
from backproplab.questions import KINDS, MISCONCEPTIONS, Question, variant
from backproplab.questions.model import mistaken
from tests.grading.notebooks import BANK, FULL, NUMPY, POINTS, RIGHT, cell, notebook, tree


@pytest.fixture(scope="module")
def marked(isolation):
    """Marks a notebook's bytes."""
    return lambda data, bank=BANK, **more: mark(Marking(bank, isolation, Limits(seconds=2.0), b"key", **more), "ann", "ann.ipynb", data)


CELLS = json.loads(notebook())["cells"]
PLOTS = ("%matplotlib inline\nimport matplotlib.pyplot as plt, seaborn as sns\nfrom IPython.display import display, HTML\nimport pandas as pd\n"
         "import torch.nn as nn\nfrom tqdm.auto import tqdm\nimport backproplab as bl\nbl.conventions(None)\n!pip install --quiet torch\n"
         "fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))\nfor ax in (left, right):\n    ax.plot([1, 2], [3, 4], label='a')\n"
         "with plt.style.context('ggplot'):\n    plt.show()\ndisplay(pd.DataFrame({'a': [1]}).head())\nbl.stepper(lambda x: x, x=1.0)\nhelp?\n"
         "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
         "steps = [k for k in tqdm(range(3))]\nassert steps == [0, 1, 2]\nfiles = !ls\n%time total = sum(steps)\nassert total == 3\n"
         "open('log.txt', 'w').write('x')\nimport time; time.sleep(100)\nname = input('Who? ')\n")
HONEST = {
    "as released": notebook(),
    "in another order": json.dumps(tree(CELLS[::-1])).encode(),
    "every cell twice": json.dumps(tree(CELLS + CELLS)).encode(),
    "plots, magics, other packages": notebook(before=PLOTS),
    "a cell that is timed": notebook({"linear": "%%time\n" + RIGHT["linear"], "gate": "%%capture out\n" + RIGHT["gate"]}),
    "magics beside lines that only begin like one": notebook({"linear": (
        "%matplotlib \\\n    inline\nn = (17\n     % 5)\nok = (1\n      != 2)\nassert n == 2 and ok\ns = \"\"\"a # (\n%b\n!c\"\"\"\n"
        "assert s == 'a # (\\n%b\\n!c'\n# it's (\n!ls (\nt = 1 \\\n  % 1\nd = {'}': '\\'(',\n'!': 1}\n") + RIGHT["linear"]}),
    "pasted from a console": notebook({"linear": "".join(f"{'...' if line[0] == ' ' else '>>>'} {line}\n" for line in RIGHT["linear"].splitlines()),
                                       "pick": "In [3]: answer = 'A'"}),
    "pasted with its indentation": notebook({"linear": "".join(f"    {line}\n" for line in RIGHT["linear"].splitlines())}),
    "awaiting": notebook({"pick": "import asyncio\nasync def pick():\n    await asyncio.sleep(0)\n    return 'A'\nanswer = await pick()"}),
    "numbers of a plot in text": notebook({"pick": "import seaborn\nprint(f'{seaborn.mean():.3f} {seaborn!r:>9}')\nanswer = 'A'"}),
    "a cell split in two": notebook({"linear": "import numpy as np", "rest": RIGHT["linear"]}),
    "more than is asked": notebook({
        "product": RIGHT["product"].replace("'z': g_a * x", "'z': g_a * x, 'loss': None, 'name': 'abc'"),
        "linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "{'dX': g @ W.T, 'dW': X.T @ g, 'cache': (X, 'abc')}")}),
    "shell and pages": notebook({"a": "%%bash\nls; rm -rf /", "b": "%%html\n<b>", "c": "%%writefile x.py\n1/0", "d": "print(1"}),
    "cells that stop": notebook({"a": "1 / 0", "b": "undefined", "c": "raise SystemExit", "d": "assert False", "e": "import nonsense.nonsense"}),
    "an error behind the answer": notebook({"linear": RIGHT["linear"] + "print(linear_backward(1))"}),
    "global state": notebook({"linear": "T = lambda M: M.T\n" + RIGHT["linear"].replace("W.T", "T(W)").replace("X.T", "T(X)")}),
    "helpers in other cells": notebook({"linear": "def linear_backward(X, W, g): return back(X, W, g)",
                                        "later": NUMPY + "def back(X, W, g): return g @ W.T, X.T @ g"}),
    "Windows lines": notebook({"linear": RIGHT["linear"].replace("\n", "\r\n")}),
    "a mark at the beginning": b"\xef\xbb\xbf" + notebook(),
    "names with accents": notebook({"linear": NUMPY + "def linear_backward(X, W, g):\n    gewichtsänderung, ∂X = X.T @ g, g @ W.T\n"
                                              "    return ∂X, gewichtsänderung".replace("∂", "d_")}),
    "another kernel's metadata": notebook(kernelspec={"name": "sagemath", "language": "sage"}, language_info={"name": "R"}, colab={"x": [1]}),
    "sources as lists": json.dumps(tree([c | {"source": c["source"].splitlines(keepends=True)} for c in CELLS])).encode(),
    "answers turned into text": json.dumps(tree([c | {"cell_type": "markdown"} for c in CELLS])).encode(),
    "nbgrader's ids alone": json.dumps(tree([cell("x", c["source"], metadata={"nbgrader": {"grade_id": c["id"], "solution": True}})
                                             for c in CELLS])).encode(),
    "metadata gone": json.dumps({"cells": [{"cell_type": "code", "id": c["id"], "source": c["source"]} for c in CELLS]}).encode(),
    "inputs overwritten": notebook({"linear": NUMPY + "def linear_backward(X, W, g):\n    dX, dW = g @ W.T, X.T @ g\n    X[:] = 0; W *= 0; g -= g\n"
                                                      "    return dX, dW"}),
    "lists": notebook({"linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "(g @ W.T).tolist(), (X.T @ g).tolist()")}),
    "a dict": notebook({"linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "{'dW': X.T @ g, 'dX': g @ W.T}")}),
    "a list of arrays": notebook({"linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "[g @ W.T, X.T @ g]")}),
    "column order": notebook({"linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "np.asfortranarray(g @ W.T), (g.T @ X).T")}),
    "single precision": notebook({"linear": RIGHT["linear"].replace("g @ W.T, X.T @ g", "np.float32(g @ W.T), np.float32(X.T @ g)")}),
    "other names for the inputs": notebook({"linear": NUMPY + "def linear_backward(inputs, weights, upstream):\n"
                                                              "    return upstream @ weights.T, inputs.T @ upstream"}),
    "arrays of no dimension": notebook({"product": RIGHT["product"].replace("g_a * z", "np.array(g_a * z)"), "pick": NUMPY + "answer = np.array(1)"}),
    "a tuple": notebook({"product": RIGHT["product"].replace("{'x': g_a * z, 'z': g_a * x}", "(g_a * z, g_a * x)")}),
    "a whole number": notebook({"pick": "answer = 1"}), "a float": notebook({"pick": "answer = 1.0"}),
    "its text": notebook({"pick": "answer = 'one'"}),
    "the class by another name": notebook({"gate": RIGHT["gate"].replace("class Gate", "class Mine") + "Gate = Mine"}),
    "a lambda": notebook({"linear": "linear_backward = lambda X, W, g: (g @ W.T, X.T @ g)"}),
    "typed hints and dataclasses": notebook(before="from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import Any\n"
                                                   "@dataclass\nclass Point:\n    x: Any = 1\nassert Point().x == 1"),
    "a lot printed": notebook(before="print('x' * 10**6)"),
    "ids gone, names unique": json.dumps(tree([cell(f"c{k}", c["source"]) if c["id"] in ("linear", "product", "gate") else c
                                               for k, c in enumerate(CELLS)])).encode(),
}


@pytest.mark.parametrize("name", HONEST)
def test_a_right_notebook_gets_full_marks(name, marked):
    result = marked(HONEST[name])
    assert (result["score"], result["max_score"]) == (FULL, FULL), [(q["id"], q["message"]) for q in result["questions"]] + result["errors"]


def test_cells_that_are_gone_cost_what_they_held(marked):
    result = marked(json.dumps(tree([c for c in CELLS if c["id"] != "product"])).encode())
    assert result["score"] == FULL - POINTS["product"]
    assert [q["message"] for q in result["questions"] if q["id"] == "product"] == [MESSAGES["missing"].format(name="product_gradients")]


SAID = [
    ("linear", "def linear_backward(X, W, g): return g @ W.T, X.T @ g / len(X)", "wrong", 0.5, "`dW` is divided by the number of rows."),
    ("linear", "def linear_backward(X, W, g): return g @ W.T, X.T @ g * 2", "wrong", 0.5, "`dW` has other values than asked."),
    ("linear", "def linear_backward(X, W, g): return g, X.T @ g", "wrong", 0.5, "`dX` has another shape than asked."),
    ("linear", "def linear_backward(X, W, g): return g @ W.T", "wrong", 0.0, "Another number of results came back than is asked."),
    ("linear", "def linear_backward(X): return X", "error", 0.0, "`linear_backward` raised TypeError."),
    ("linear", "def linear_backward(X, W, g): return 1 / 0", "error", 0.0, "`linear_backward` raised ZeroDivisionError."),
    ("linear", "def linear_backward(X, W, g, /): return g @ W.T, X.T @ g", "correct", 1.0, "Right."),
    ("linear", "def linear_backward(X, *, W, g): return g @ W.T, X.T @ g", "correct", 1.0, "Right."),
    ("linear", "def linear_backward(*given): X, W, g = given; return g @ W.T, X.T @ g", "correct", 1.0, "Right."),
    ("linear", "def linear_backward(**given): return given['g'] @ given['W'].T, given['X'].T @ given['g']", "correct", 1.0, "Right."),
    ("linear", "def linear_backward(X, W, g): raise LookupError", "error", 0.0, "`linear_backward` raised LookupError."),
    ("linear", "class NotHere(Exception): pass\ndef linear_backward(X, W, g): raise NotHere", "error", 0.0, "`linear_backward` raised an error."),
    ("linear", "from scipy.special import xlogy\ndef linear_backward(X, W, g): return xlogy(X, X) + 1, W", "error", 0.0,
     "a package that is not there"),
    ("linear", "import jax\ndef linear_backward(X, W, g): return np.exp(jax.vjp(X)), W", "error", 0.0, "a package that is not there"),
    ("linear", "linear_backward = 3", "error", 0.0, "`linear_backward` is no function."),
    ("linear", "1 / 0\ndef linear_backward(): pass", "error", 0.0, "The cell stopped with ZeroDivisionError before `linear_backward` was defined."),
    ("linear", "import backproplab as bl\ndef linear_backward(X, W, g): return bl.grad(g), bl.grad(X)", "error", 0.0, "use NumPy here"),
    ("linear", "def linear_backward(X, W, g): return X * float('nan'), W", "wrong", 0.0, "not finite"),
    ("product", NUMPY + "def product_gradients(x, z):\n    a = x * z\n    g = np.sin(a)\n    return g * z, g * x", "wrong", 0.0,
     "`x` has the numbers of a common mistake: what comes back along several paths is not added."),
    ("product", "def product_gradients(x, z): return 3.0, 3.0", "wrong", 0.0, "`x` has other values than asked."),
    ("product", "def product_gradients(x, z): return 3.0", "wrong", 0.0, "Another number of results came back than is asked."),
    ("product", "def product_gradients(x, z): return [[x, x], z]", "wrong", 0.0, "`x` has another shape than asked."),
    ("pick", "answer = 'two'", "wrong", 0.0, "Not right."), ("pick", "answer = 'Z'", "error", 0.0, "could not be read"),
    ("pick", "answer = object()", "error", 0.0, "of a kind that cannot be read"), ("pick", "", "error", 0.0, "does not define `answer`"),
    ("pick", "answer = ...", "wrong", 0.0, "Nothing is answered yet: give `answer` a value"),
    ("pick", "answer = None", "wrong", 0.0, "Nothing is answered yet"), ("typed", "answer = ...", "wrong", 0.0, "Nothing is answered yet"),
    ("linear", "def linear_backward(X, W, g): ...", "wrong", 0.0, "Not answered yet: `linear_backward` gives nothing back"),
    ("linear", "def linear_backward(X, W, g): return g @ W.T, None", "wrong", 0.0, "Not answered yet"),
    ("linear", "def linear_backward(X, W, g): return g @ W.T, 'x'", "error", 0.0, "something other than numbers"),
    ("linear", "linear_backward = ...", "wrong", 0.0, "Not answered yet: `linear_backward`"),
    ("product", "def product_gradients(x, z): ...", "wrong", 0.0, "Not answered yet: `product_gradients`"),
    ("gate", RIGHT["gate"].replace("return g * self.y, g * self.x", "..."), "wrong", 0.0, "Not answered yet: `Gate`"),
    ("typed", "answer = 5.1", "wrong", 0.0, ""), ("typed", "answer = 'x'", "error", 0.0, "could not be read"),
]


@pytest.mark.parametrize("id, text, verdict, share, words", SAID, ids=range(len(SAID)))
def test_what_a_wrong_answer_is_told(id, text, verdict, share, words, marked):
    result = marked(notebook({id: text}))
    q = next(q for q in result["questions"] if q["id"] == id)
    assert (q["verdict"], q["share"]) == (verdict, share) and words in q["message"], q
    assert result["score"] == FULL - POINTS.get(id, 0) * (1 - share)


SQUARE = Question("square", "o", "task", parameters={
    "name": "back", "forward": lambda X, W: np.tanh(X @ W), "wrt": ("X", "W"), "upstream": "g", "partial": True, "outputs": ("dX", "dW"),
    "inputs": lambda draw: {"X": draw.array(3, 3), "W": draw.array(3, 3), "g": draw.array(3, 3)}})
BACK = NUMPY + "C = []\ndef back(X, W, g):\n    C.append(1)\n    d = g * (1 - np.tanh(X @ W) ** 2)\n    return "
TRANSPOSE = "a product in the wrong order, or a wrong transpose"
VALUES = "`dX` has other values than asked."


@pytest.mark.parametrize("returned, message, mistakes", [
    ("d @ W, X.T @ d", "`dX` has the numbers of a common mistake: " + TRANSPOSE + ".", TRANSPOSE),
    ("d @ W.T, X @ d", "`dW` has the numbers of a common mistake: " + TRANSPOSE + ".", TRANSPOSE),
    ("d @ W.T, -X.T @ d", "`dW` has the numbers of a common mistake: a minus is lost.", "a minus is lost"),
    ("3 * d @ W.T, X.T @ d", VALUES, ""),
    ("(d @ W if len(C) < 2 else 3 * d @ W), X.T @ d", VALUES, "")], ids=["dX", "dW", "sign", "three times", "transposed once"])
def test_a_wrong_transpose_of_a_square_matrix_is_named_and_no_number_is_told(returned, message, mistakes, marked):
    q = marked(notebook({"square": BACK + returned}), Bank({"square": SQUARE}, "x", False, "b"))["questions"][0]
    assert (q["message"], q["mistakes"], q["verdict"], q["share"]) == (message, mistakes, "wrong", 0.5)


def test_a_result_holds_no_expected_value_and_no_hidden_input(marked):
    result = marked(notebook({"linear": "def linear_backward(X, W, g): raise ValueError(repr(X))", "typed": "answer = 5.1"}))
    text = json.dumps(result)
    assert "10.2" not in text and "array(" not in text and not {"answer", "expected", "inputs"} & set(text.split('"'))


def test_no_number_of_a_reason_is_taken_for_an_outputs_name():
    posed = SimpleNamespace(kind="task", facts={"parameters": {"outputs": ("dX", "dW")}})
    for reason, said in (("`dX` has other values than asked.", "`dX`"), ("`3.14159` has other values.", "A result"), ("no quotes", "A result")):
        assert of_outcome(posed, mistaken(reason, "", ("values",))) == ("values", {"output": said})


def test_only_pythons_own_errors_are_named():
    assert error_name("ValueError") == "ValueError" and error_name("X = [1.5, 2.5]") == "an error" and "KeyboardInterrupt" in ERRORS
    assert not any(set(m.title) & set("{}`") for m in MISCONCEPTIONS.values())


def test_typed_numbers_are_practice_and_the_packages_own_choices_too(marked):
    result = marked(notebook())
    assert [q["marked"] for q in result["questions"]] == [True, True, True, True, False] and result["questions"][-1]["verdict"] == "correct"
    ours = package_bank()
    some = {id: ours.questions[id] for id in ("which-end-first", "linear-rows-backward")}
    result = marked(notebook({"which-end-first": "answer = 'A'", "linear-rows-backward": NUMPY + (
        "def linear_rows_backward(X, W, b, g):\n    return g @ W.T, X.T @ g, g.sum(0)")}), Bank(some, "x", True, "ours"))
    assert [(q["id"], q["marked"], q["verdict"]) for q in result["questions"]][1] == ("linear-rows-backward", True, "correct")
    assert not result["questions"][0]["marked"] and result["max_score"] == 3


def test_each_student_is_judged_by_the_variant_that_was_released(marked):
    q = Question("free", "o", "number", parameters={"program": "a = x * z; y = a * a", "at": {"x": (0.5, 3.0), "z": (0.5, 3.0)}, "asked": "x"})
    bank, key = Bank({"free": q}, "x", False, "b"), b"a course's key of a good length"
    right = {who: variant(q, variant_seed(key, who, "free")).answer for who in ("ann", "bob")}
    assert right["ann"] != right["bob"]
    for released, verdict in (("ann", "correct"), ("bob", "wrong")):
        data = json.dumps(tree([cell("free", f"answer = {right['ann']!r}")], backproplab={"student": released})).encode()
        result = marked(data, bank, course_key=key)
        assert result["questions"][0]["verdict"] == verdict
        assert result["released_for"] == released and result["notes"] == []


@pytest.mark.parametrize("student, called, released, verdict", [
    ("ann", "", "ann@x.edu", "correct"), ("ann", "", "", "correct"), ("bob", "", "bob@x.edu", "wrong"), ("bob", "", "ann@x.edu", "wrong"),
    ("ann", "", "bob@x.edu", "correct"), ("zed", "", "ann@x.edu", "correct"), ("Ann Lee_12", "Ann Lee", "bob@x.edu", "correct"),
    ("leeann", "", "bob@x.edu", "correct"), ("yan", "", "an invented one", "wrong")])
def test_with_a_roster_who_is_on_it_is_marked_on_no_others_variant(student, called, released, verdict, isolation):
    q = Question("free", "o", "number", parameters={"program": "a = x * z; y = a * a", "at": {"x": (0.5, 3.0), "z": (0.5, 3.0)}, "asked": "x"})
    key, bank = b"a course's key of a good length", Bank({"free": q}, "x", False, "b")
    marking = Marking(bank, isolation, Limits(seconds=2.0), b"key", key, roster=(("ann@x.edu", "Lee, Ann"), ("bob@x.edu",)))
    anns = variant(q, variant_seed(key, "ann@x.edu", "free")).answer
    metadata = {"backproplab": {"student": released}} if released else {}
    result = mark(marking, student, "s.ipynb", json.dumps(tree([cell("free", f"answer = {anns!r}")], **metadata)).encode(), called)
    assert (result["questions"][0]["verdict"], result["notes"], result["released_for"]) == (verdict, result["notes"], released)
    assert bool(result["notes"]) == (student == "yan")


def test_an_invented_name_chooses_no_variant(isolation):
    q = Question("free", "o", "number", parameters={"program": "a = x * z; y = a * a", "at": {"x": (0.5, 3.0), "z": (0.5, 3.0)}, "asked": "x"})
    key, bank = b"a course's key of a good length", Bank({"free": q}, "x", False, "b")
    answers = {who: variant(q, variant_seed(key, who, "free")).answer for who in ("yan", "an invented one")}
    assert abs(answers["yan"] / answers["an invented one"] - 1) > 0.1
    marking = Marking(bank, isolation, Limits(seconds=2.0), b"key", key, roster=(("ann@x.edu",),))
    for who, verdict in (("yan", "correct"), ("an invented one", "wrong")):
        data = json.dumps(tree([cell("free", f"answer = {answers[who]!r}")], backproplab={"student": "an invented one"})).encode()
        assert mark(marking, "yan", "s.ipynb", data)["questions"][0]["verdict"] == verdict


def test_hidden_inputs_are_others_for_other_notebooks_and_other_keys_and_the_same_again(isolation):
    from backproplab.grading.marking import _posed
    linear = BANK.questions["linear"]
    trial = lambda key, data: _posed(Marking(BANK, isolation, key=key), linear, "ann", data).facts["trials"][0][0]["X"]      # noqa: E731
    assert np.array_equal(trial(b"k", b"1"), trial(b"k", b"1"))
    assert not np.array_equal(trial(b"k", b"1"), trial(b"k", b"2")) and not np.array_equal(trial(b"k", b"1"), trial(b"l", b"1"))


def test_a_question_that_cannot_be_posed_is_a_fault_and_never_a_zero(marked):
    def broken(draw):
        raise OSError("the bank's own")
    bad = Question("bad", "o", "task", parameters={"name": "f", "solution": lambda x: x, "inputs": broken})
    result = marked(notebook(), Bank({"bad": bad, **BANK.questions}, "x", False, "b"))
    assert result["score"] is None and result["verdict"] == "fault" and result["questions"][0]["score"] is None
    assert sum(q["score"] for q in result["questions"][1:]) == FULL


def test_a_variant_is_that_of_the_name_in_the_release_though_the_roster_has_another_first(marked, monkeypatch):
    """The same class, listed by login when it was released and by name when it is marked: everybody got another's variants."""
    seen = []
    monkeypatch.setattr("backproplab.grading.marking.variant_seed", lambda key, student, id: seen.append(student) or variant_seed(key, student, id))
    data = notebook(backproplab={"student": "ann7"})
    result = marked(data, roster=(("Ann", "ann7"), ("bob",)), course_key=b"c" * 32)
    assert set(seen) == {"ann7"} and result["released_for"] == "Ann" and result["notes"] == []
    seen.clear()
    result = marked(notebook(backproplab={"student": "bob"}), roster=(("ann", "ann7"), ("bob",)), course_key=b"c" * 32)
    assert set(seen) == {"ann"} and result["released_for"] == "bob"             # another's notebook is marked on one's own variants
    seen.clear()
    (note,) = marked(notebook(), course_key=b"c" * 32)["notes"]
    assert note.startswith("It is not known whose variant it is")


def test_a_name_that_two_questions_have_is_of_its_own_cell(marked):
    """The function of the cell before would have been taken for the answer of the next."""
    asked = {"program": "y = x * z", "at": {"x": (1.0, 2.0), "z": (1.0, 2.0)}, "name": "gradients"}
    both = [Question(id, "o", "function", parameters=asked, points=1) for id in ("one", "two")]
    made = json.dumps(tree([cell("one", "def gradients(x, z): return {'x': z, 'z': x}"), cell("two", "# nothing")])).encode()
    result = marked(made, Bank({q.id: q for q in both}, "x", True, "b"))
    assert [(q["score"], q["code"]) for q in result["questions"]] == [(1.0, "correct"), (0.0, "missing")]


def test_what_is_partly_not_answered_is_told_so(marked):
    result = marked(notebook({"product": "def product_gradients(x, z): return {'x': 1.0, 'z': None}"}))
    assert next(q["code"] for q in result["questions"] if q["id"] == "product") == "nothing"


def test_an_answer_that_our_judging_cannot_take_is_a_fault_of_ours(marked, monkeypatch):
    def breaks(self, posed, given):
        raise RecursionError
    monkeypatch.setattr(type(KINDS["choice"]), "judge", breaks)
    result = marked(notebook())
    assert result["verdict"] == "fault" and [q["verdict"] for q in result["questions"]].count("fault") == 1
