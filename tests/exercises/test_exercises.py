"""The exercises: in step with their sources, solvable, refused in words while they are not, and wrong solutions named for what they are."""
from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from backproplab.exercises import check
from backproplab.exercises.banks import CODE, BankError, load_bank
from backproplab.exercises.release.notebooks import own_answer, own_check
from backproplab.exercises.report import NotYetError
from backproplab.questions import QUESTIONS
from tests import notebook_files as nb
from tests.make_exercises import EXERCISES, ROOT, sources, student_version

SOURCES = sources()
pytestmark = pytest.mark.skipif(not SOURCES, reason="solutions are in the repository alone, not in a source distribution")
each = pytest.mark.parametrize("source", SOURCES, ids=[s.stem for s in SOURCES])


def text(cell):
    return "".join(cell["source"])


def asked(source):
    """The ids of a source's questions, in order."""
    return [m[1] for c in nb.read(source)["cells"] if (m := re.match(r"# question: (\S+)", text(c)))]


def run(cells):
    """Run code cells; what the last line of each shows, or its error, by the cell's id."""
    scope, shown = {}, {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(text(cell)).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        try:
            exec(compile(ast.Module(body, []), cell["id"], "exec"), scope)
            shown[cell["id"]] = eval(compile(ast.Expression(last.value), cell["id"], "eval"), scope) if last else None
        except Exception as error:
            shown[cell["id"]] = error
    return shown


def test_there_are_nine_and_the_numbers_are_the_lessons():
    assert [s.name[:2] for s in SOURCES] == ["04", "05", "06", "07", "08", "09", "10", "11", "12"]
    assert [s.name for s in SOURCES] == sorted(p.name for p in EXERCISES.glob("*.ipynb"))


@each
def test_what_students_get_is_what_the_source_makes(source):
    assert student_version(source) == (EXERCISES / source.name).read_bytes(), "python -m tests.make_exercises"


@each
def test_an_exercise_has_minutes_practice_and_marked_questions_each_with_its_check(source):
    ids, cells = asked(source), {c["id"]: text(c) for c in nb.read(source)["cells"]}
    assert 5 <= len(ids) <= 8 and re.search(r"\*\d+ minutes\. You need", cells["head"])
    assert {QUESTIONS[id].kind in CODE for id in ids} == {True, False}
    for id in ids:
        if QUESTIONS[id].kind in CODE:
            assert cells[f"{id}-check"] == f"# check: {id}\n{own_check(QUESTIONS[id])}"
        else:
            assert cells[id].endswith(own_answer(QUESTIONS[id], 0))
    student = {c["id"]: text(c) for c in nb.read(EXERCISES / source.name)["cells"]}
    for id in ids:
        marked = QUESTIONS[id].kind in CODE
        assert student[id].startswith(f"# {'Marked' if marked else 'Practice'}: {id}\n")
        assert student[f"{id}-text"].startswith("**Marked, " if marked else "**Practice, not marked.**")


@each
def test_solved_everything_is_right_and_as_handed_out_nothing_is_and_it_is_said_in_words(source):
    solved, given = run(nb.read(source)["cells"]), run(nb.read(EXERCISES / source.name)["cells"])
    for id in asked(source):
        if QUESTIONS[id].kind in CODE:
            assert solved[f"{id}-check"].passed, solved[f"{id}-check"]
            assert isinstance(given[f"{id}-check"], NotYetError) and "not yet" in str(given[f"{id}-check"])
        else:
            assert solved[id] and repr(solved[id]).startswith("Right.")
            assert not given[id] and "Put your answer in place of the three dots" in repr(given[id])


# A wrong solution is the right one with one change; each is told for what it is.
PLANTED = [
    ("07_layers", "linear-rows-backward", "g.sum(axis=0)", "g", "not summed over them"),
    ("07_layers", "linear-rows-backward", "g.sum(axis=0)", "g.mean(axis=0)", "it is a sum"),
    ("07_layers", "linear-rows-backward", "X.T @ g", "g.T @ X", "transposed"),
    ("07_layers", "linear-columns-backward", "g.sum(axis=1)", "g", "not summed over them"),
    ("07_layers", "relu-backward", "np.where(Z > 0, g, 0)", "g", "The mask is missing"),
    ("07_layers", "relu-backward", "np.where(Z > 0, g, 0)", "np.where(g > 0, g, 0)", "mask is that of the upstream"),
    ("07_layers", "relu-backward", "    return np.where(Z > 0, g, 0)", "    g *= Z > 0\n    return g", "changed its inputs in place"),
    ("07_layers", "softmax-backward", "P * (g - np.sum(g * P, axis=1, keepdims=True))", "g * P * (1 - P)", "the diagonal of the Jacobian alone"),
    ("07_layers", "softmax-cross-entropy-backward", " / len(labels)", "", "The mean was forgotten"),
    ("06_shapes", "gradient-of-a-product", "g @ C.T", "g @ C", "has `C` unturned"),
    ("06_shapes", "gradient-of-a-product", "B.T @ g", "(B.T @ g).T", "is transposed"),
    ("06_shapes", "quadratic-form", "(A + A.T) @ x", "2 * A @ x", "For `x`"),
    ("05_gates_and_engine", "backward-over-edges", "gradient[s] += ", "gradient[s] = ", "overwritten, not added"),
    ("05_gates_and_engine", "version-b-by-hand", "g_t += ", "g_t = ", "is used twice"),
    ("05_gates_and_engine", "central-differences", "wave(x - step)) / (2 * h)", "wave(x)) / h", "to one side only"),
    ("04_by_hand", "by-hand-as-a-program", "g_v = 1 + g_w * u", "g_v = g_w * u", "is used twice"),
    ("04_by_hand", "claim-downhill", "x - rate * g_a * z, z - rate", "x + rate * g_a * z, z + rate", "goes uphill"),
    ("08_sigmoid_networks", "logistic-batch", " / len(t)", "", "a mean was treated as a sum"),
    ("08_sigmoid_networks", "two-hidden-sigmoid-layers", "g_A1.sum(axis=0)", "g_A1[-1]", "does not add them all"),
    ("09_relu_networks", "two-relu-layers-squared", " / len(X)", "", "a mean was treated as a sum"),
    ("09_relu_networks", "two-relu-layers-squared", " * (Z1 > 0)", "", "is not positive"),
    ("09_relu_networks", "two-relu-layers-softmax", "X.T @ g_Z1", "g_Z1.T @ X", "other layout"),
    ("09_relu_networks", "two-relu-layers-softmax", "    Z1 = X @ W1 + b1", "    X -= 1\n    Z1 = X @ W1 + b1", "in place"),
    ("09_relu_networks", "three-relu-layers-squared", "g_Z2.sum(axis=0)", "g_Z2", "Sum `g_Z2` over the batch axis"),
    ("10_dead_units", "which-units-are-dead", "np.all", "np.any", "some example"),
    ("10_dead_units", "leaky-backward", "0.1 * g", "0 * g", "nothing leaks"),
    ("11_training", "one-regularised-step", " + 2 * lam * W", "", "The penalty is missing"),
    ("11_training", "an-epoch-of-sgd", "w = w - rate * (", "w = w - rate * 0.5 * (", "other values"),
    ("11_training", "an-epoch-of-sgd", "2 * lam", "lam", "The penalty is halved"),
    ("12_errata_and_any_graph", "quadratic-form-as-printed", "A @ w + A.T @ w, A.T @ w - A @ w", "2 * A @ w, 0 * w", "as printed"),
    ("12_errata_and_any_graph", "linear-map-as-printed", "B @ g", "B.T @ g", "`B.T` where `B` belongs"),
    ("12_errata_and_any_graph", "any-graph", "] += ", "] = ", "overwritten, not added"),
]


def planted(name, id, old, new):
    """The source of a cell with one change."""
    (cell,) = (text(c) for c in nb.read(ROOT / "tests" / "solutions" / f"{name}.ipynb")["cells"] if c["id"] == id)
    assert cell.count(old) >= 1, f"{id} has no {old!r}"
    return cell.replace(old, new)


@pytest.mark.parametrize("name, id, old, new, words", PLANTED, ids=[f"{p[1]}: {p[3].strip()[:30] or 'without ' + p[2].strip()}" for p in PLANTED])
def test_a_wrong_solution_is_told_for_what_it_is(name, id, old, new, words):
    scope = {"np": np}
    exec(planted(name, id, old, new), scope)
    (given,) = (v for k, v in scope.items() if k not in ("np", "__builtins__"))
    report = check(id, given)
    assert not report.passed and words.replace("`", "") in report.faults[0], report
    with pytest.raises(NotYetError, match="Mend your cell"):
        report.demand()


def test_nbval_is_red_where_a_solution_or_a_practice_answer_is_wrong(tmp_path):
    """The sources themselves are collected by nbval where they lie; here is one of them with a wrong function, and one with a wrong answer."""
    source = ROOT / "tests" / "solutions" / "10_dead_units.ipynb"
    right = nb.read(source)
    kept = [c for c in right["cells"] if c["id"] in ("imports", "which-units-are-dead", "which-units-are-dead-check", "does-it-wake-by-itself")]
    for name, (old, new) in {"right": ("", ""), "function": ("np.all", "np.any"), "answer": ("answer = 'C'", "answer = 'A'")}.items():
        changed = json.loads(json.dumps(right | {"cells": kept}))
        for c in changed["cells"]:
            c["source"] = text(c).replace(old, new)
        nb.write(tmp_path / f"{name}.ipynb", changed)
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--rootdir", ".", tmp_path]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    failed = set(re.findall(r"^FAILED .*?(\w+)\.ipynb::Cell (\d+)", told, re.MULTILINE))
    assert {name for name, _ in failed} == {"function", "answer"} and len(re.findall(r"^PASSED", told, re.MULTILINE)) == 10, told


def test_every_solution_gets_full_marks_through_the_sandbox():
    from backproplab.grading.marking import Marking, mark
    from backproplab.grading.probing import proven
    isolation, _ = proven()
    if not isolation.enough:
        pytest.skip("no isolation on this machine")
    for source in SOURCES:
        bank = load_bank(EXERCISES / source.name)
        result = mark(Marking(bank, isolation, key=b"hidden inputs"), "ann", source.name, source.read_bytes())
        assert result["score"] == result["max_score"] > 0 and result["errors"] == [], (source.name, result)


@each
def test_an_exercise_is_the_bank_of_its_questions(source):
    solved, given = load_bank(source), load_bank(EXERCISES / source.name)
    assert list(solved.questions) == list(given.questions) == asked(source) and solved.digest == given.digest and given.ours
    assert {id for id in given.questions if given.marks(id)} == {id for id in asked(source) if QUESTIONS[id].kind in CODE}


@pytest.mark.parametrize("cells, words", [
    ([], "asks no question"), ([nb.code_cell("# Marked: not-ours\n")], "'not-ours', which is not in the package"), (None, "not a notebook")])
def test_a_notebook_that_is_no_exercise_of_ours_is_told(tmp_path, cells, words):
    (tmp_path / "n.ipynb").write_text("{" if cells is None else json.dumps(nb.notebook(*cells)))
    with pytest.raises(BankError, match=words):
        load_bank(tmp_path / "n.ipynb")
