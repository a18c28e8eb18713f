"""Questions in a code cell: what stands there is plain text, the same every time; and one short file adds a question or a misconception."""
import os
import re
import runpy
import subprocess
import sys

import pytest

from backproplab.engine.errors import UnknownNameError
from backproplab.questions import KINDS, MISCONCEPTIONS, QUESTIONS, ask, bank, diagnose, misconceptions, question
from tests import notebook_files as nb
from tests.questions.programs import written

PROGRAM = {"program": "a = x * z; b = np.sin(a); y = b * a", "at": {"x": 1.3, "z": 0.7}}


@pytest.fixture
def asked():
    question("test fork", "none", "number", asked="a", **PROGRAM)
    yield ask("test fork")
    del QUESTIONS["test fork"]


def test_a_question_reads_as_text(asked):
    assert repr(asked).splitlines() == ["What is the gradient of y by a? Five digits, please.", "    a = x * z", "    b = np.sin(a)", "    y = b * a",
                                        "at x = 1.3, z = 0.7", "Answer with a number: .check(...)"]


def test_an_answer_reads_as_text(asked):
    wrong = asked.check("0.55867")
    assert not wrong and repr(wrong) == ("Not yet. A common mistake gives this: a is used twice, in b and y, and 0.55867 is what comes back "
                                       "through b alone. "
                                         "Write one contribution for each use of a, then add them up.")
    assert repr(asked.check("many")) == "Not read: A number is asked here: put the value of many in."
    assert asked.tries == 1 and not asked.done                       # what was not read is no try
    assert repr(asked.check("1.348")) == "Right." and asked.check("1.348") and asked.done


def test_hints_come_one_at_a_time_and_then_the_last_stays(asked):
    said = [asked.hint() for _ in range(4)]
    assert [s.split(":")[0] for s in said] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    assert said[0] == "Hint 1 of 3: a is used by b and y: each sends back upstream times local, and the gradient is their sum."
    assert "1.348" not in " ".join(said) and repr(said[0]) == said[0]
    assert ask("one-or-both").hint() == "There is no hint to this question."


def test_the_answer_can_be_revealed_and_other_numbers_asked():
    asked = ask("fork-of-two", 3)
    assert re.fullmatch(r"The answer is −?[\d.]+\.", asked.reveal())
    other = asked.again()
    assert other.posed.seed == 4 and other.posed.answer != asked.posed.answer and not other.done
    assert asked.again("mine").posed.seed == "mine" and asked.again("mine").again().posed.seed == "mine+"
    assert ask("program-a-neuron").reveal().startswith("One answer is:\n\nimport numpy as np")


def test_an_unknown_question_is_answered_with_its_neighbours():
    with pytest.raises(UnknownNameError, match="fork-of-two"):
        ask("fork of two")
    with pytest.raises(UnknownNameError):
        ask(None)


@pytest.mark.parametrize("id", QUESTIONS)
def test_every_question_can_be_asked_in_a_cell(id):
    asked = ask(id, 2)
    text = repr(asked)
    assert "`" not in text and "{" not in text.replace("Σ_{", "") and text.endswith(f"Answer with {KINDS[asked.posed.kind].answers}: .check(...)")
    assert repr(asked.check(object())).startswith("Not read:") and asked.tries == 0
    assert "`" not in asked.hint() + asked.reveal()


# ---- in a notebook -------------------------------------------------------------------------------------------------------------

def cells(asked):
    """Source and text of the cells of a small lesson."""
    yield "asked = bl.questions.ask('fork-of-two', 3)\nasked", repr(asked)
    for call in ("check('what?')", "check(123.4)", "hint()", "reveal()"):
        yield f"asked.{call}", repr(eval(f"asked.{call}", {"asked": asked}))


def shown(source, text, k):
    value = {"output_type": "execute_result", "execution_count": k, "metadata": {}, "data": {"text/plain": text.splitlines(keepends=True)}}
    return nb.code_cell(source, k, [value], f"c{k}")


def test_a_notebook_with_questions_is_the_same_every_time(tmp_path):
    """nbval runs the cells with another hash seed and compares; the last cell's text has a planted change, which it finds."""
    lines = [*cells(ask("fork-of-two", 3)), ("asked.hint()", "Hint 2 of 3: add them up.")]
    made = nb.notebook(nb.code_cell("import backproplab as bl", 1, name="c1"), *[shown(*line, k) for k, line in enumerate(lines, 2)])
    path = nb.write(tmp_path / "asks.ipynb", made)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
               "--rootdir", tmp_path]
    done = subprocess.run([*command, path], env={**os.environ, "PYTHONHASHSEED": "77"}, capture_output=True, text=True)
    assert "1 failed, 6 passed" in done.stdout and "add them up" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]


# ---- one short file adds one ---------------------------------------------------------------------------------------------------

QUESTION = """
from backproplab.questions import question

question("cube", "multiply along a path", "number", program="a = x**3; y = np.sin(a)", at={"x": (0.5, 1.4)}, asked="x")
"""
MISCONCEPTION = """
from backproplab.questions import Case, misconception
from backproplab.questions.misconceptions import rule

misconception(
    "cos-as-sec", rule("cos", 0, lambda g, out, x: g / np.cos(x)),
    reason="{subject} divides by the cosine.", action="The derivative of cos is −sin: here {local}.",
    recognises=Case("y = np.cos(x)", {"x": 1.0}, "x", 1.850816), refuses=Case("y = np.cos(x)", {"x": 1.0}, "x", 0.841471))
"""


def try_cube():
    asked = ask("cube", 1)
    assert asked.check(asked.posed.answer) and not asked.check(77)
    assert asked.posed.objective == "multiply along a path"


def try_sec():
    run = written("y = np.cos(x)", {"x": 1.0})
    said = str(diagnose(run, {"x": "1.8508"})["x"])
    assert said == "x: Not yet. A common mistake gives this: 1.8508 divides by the cosine. The derivative of cos is −sin: here −0.84147."


@pytest.mark.parametrize("text, package, known, id, attempt", [
    (QUESTION, bank, QUESTIONS, "cube", try_cube), ("import numpy as np\n" + MISCONCEPTION, misconceptions, MISCONCEPTIONS, "cos-as-sec", try_sec)],
    ids=["question", "misconception"])
@pytest.mark.parametrize("inside", [True, False], ids=["in its folder", "elsewhere"])
def test_one_short_file_adds_one(tmp_path, monkeypatch, text, package, known, id, attempt, inside):
    """A file in the folder is found by itself; one elsewhere, or a cell of a notebook, is run by whoever wants it."""
    file = tmp_path / "a_subject_of_ones_own.py"
    file.write_text(text, encoding="utf-8")
    order = list(known)
    assert id not in known and len(text.strip().splitlines()) <= 10
    try:
        if inside:
            monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
            package.load()
        else:
            runpy.run_path(str(file))
        assert list(known) == [*order, id]                           # the others stay, in their order
        attempt()
    finally:
        known.pop(id, None)
        sys.modules.pop(f"{package.__name__}.{file.stem}", None)


def test_the_docstrings_show_how():
    assert "question(" in question.__doc__ and ">>> made = question(" in question.__doc__
    assert ">>> made = misconception(" in misconceptions.misconception.__doc__
