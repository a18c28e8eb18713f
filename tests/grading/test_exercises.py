"""The nine exercises through the real sandbox: a correct solution gets all, a notebook as it was handed out gets nothing."""
from pathlib import Path

import pytest

from backproplab.exercises.banks import Bank, package_bank
from backproplab.grading.marking import Marking, mark
from backproplab.grading.notebooks import read_notebook

ROOT = Path(__file__).resolve().parents[2]
SOLVED = sorted((ROOT / "tests" / "solutions").glob("*.ipynb"))


def marked(file, isolation):
    data = file.read_bytes()
    ids = {id for cell in read_notebook(data).cells for id in cell.ids}
    ours = package_bank()
    bank = Bank({id: q for id, q in ours.questions.items() if id in ids}, ours.digest, True, "backproplab")
    assert any(bank.marks(id) for id in bank.questions)
    return mark(Marking(bank, isolation, key=b"key"), "ann", file.name, data)


@pytest.mark.parametrize("file", SOLVED, ids=[file.stem for file in SOLVED])
def test_a_correct_solution_gets_full_marks(file, isolation):
    result = marked(file, isolation)
    assert result["score"] == result["max_score"] > 0, [(q["id"], q["message"]) for q in result["questions"] if q["verdict"] != "correct"]
    assert [q["id"] for q in result["questions"] if q["verdict"] != "correct" and (q["marked"] or q["code"] != "blank")] == []


@pytest.mark.parametrize("file", SOLVED, ids=[file.stem for file in SOLVED])
def test_what_was_handed_out_gets_nothing(file, isolation):
    result = marked(ROOT / "notebooks" / "exercises" / file.name, isolation)
    assert result["score"] == 0 and result["max_score"] > 0
    assert {(q["verdict"], q["code"], q["share"]) for q in result["questions"]} <= {("wrong", "blank", 0.0), ("wrong", "nothing", 0.0)}


def test_there_are_nine_where_the_solutions_are():
    if not SOLVED:
        pytest.skip("the solutions are in no sdist")
    assert len(SOLVED) == len(list((ROOT / "notebooks" / "exercises").glob("*.ipynb"))) == 9
