"""The whole path of one homework: released to a class, opened in JupyterLab by a student, solved cell by cell, checked, saved, and marked."""
from __future__ import annotations

import json
import shutil

import pytest

from backproplab.exercises.banks import CODE, load_bank
from backproplab.exercises.release import release
from backproplab.exercises.seeds import fingerprint, variant_seed
from backproplab.questions import QUESTIONS, variant
from tests import browser as driving
from tests import notebook_files as nb
from tests.make_exercises import sources

SOURCE = next((s for s in sources() if s.name == "10_dead_units.ipynb"), None)
pytestmark = pytest.mark.skipif(SOURCE is None, reason="solutions are in the repository alone, not in a source distribution")
KEY = b"the key of a course, 32 bytes..."
INDEX = "id => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(c => c.model.id === id)"
SHOWN = """async id => {
  const panel = window.jupyterapp.shell.currentWidget, at = panel.content.widgets.findIndex(c => c.model.id === id);
  panel.content.activeCellIndex = at;
  panel.content.deselectAll();
  await window.jupyterapp.commands.execute('notebook:run-cell');
  return panel.content.widgets[at].model.outputs.toJSON().map(o => o.evalue ?? o.text ?? o.data['text/plain']).flat().join('');
}"""
SAVE = "() => window.jupyterapp.shell.currentWidget.context.save()"


def write(page, id, text):
    """Click into a cell, and type over what is there."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(page.evaluate(INDEX, id))
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def text_of(page, id):
    return page.evaluate("id => window.jupyterapp.shell.currentWidget.content.widgets.find(c => c.model.id === id).model.sharedModel.getSource()", id)


def test_a_student_solves_what_was_released_and_is_told_at_every_step(page, lab_server, tmp_path):
    (tmp_path / "roster.csv").write_text("student\nann\nbob\n")
    (tmp_path / "key").write_bytes(KEY)
    release(SOURCE, tmp_path / "out", students=tmp_path / "roster.csv", course_key=tmp_path / "key")
    shutil.copy(tmp_path / "out" / "ann" / SOURCE.name, lab_server.root / SOURCE.name)
    texts = {c["id"]: "".join(c["source"]) for c in nb.read(SOURCE)["cells"]}
    solutions = {id: text.partition("\n")[2] for id, text in texts.items() if text.startswith("# question: ")}

    driving.open_notebook(page, lab_server, SOURCE.name)
    told = driving.run_all(page)
    assert told and "NotYetError" in told[0]                           # nothing is solved yet
    write(page, "which-units-are-dead-check", "pass")
    assert "demand()" in text_of(page, "which-units-are-dead-check")  # a check is locked

    for id in (id for id in solutions if QUESTIONS[id].kind not in CODE):
        right = variant(id, variant_seed(KEY, "ann", id)).answer
        write(page, id, text_of(page, id).replace("answer = ...", f"answer = '{'ABCD'[right - 1]}'"))
        assert page.evaluate(SHOWN, id).startswith("Not yet. ")
        write(page, id, text_of(page, id).replace(f"'{'ABCD'[right - 1]}'", f"'{'ABCD'[right]}'"))
        assert page.evaluate(SHOWN, id).startswith("Right.")

    write(page, "which-units-are-dead", solutions["which-units-are-dead"].replace("np.all", "np.any"))
    page.evaluate(SHOWN, "which-units-are-dead")
    assert "those still learn" in page.evaluate(SHOWN, "which-units-are-dead-check")
    marked = [id for id in solutions if QUESTIONS[id].kind in CODE]
    for id in marked:
        write(page, id, solutions[id])
        page.evaluate(SHOWN, id)
        assert f"{id}: right." in page.evaluate(SHOWN, f"{id}-check")
    assert driving.run_all(page) == []
    page.evaluate(SAVE)

    saved = (lab_server.root / SOURCE.name).read_bytes()
    made = json.loads(saved)
    assert made["metadata"]["backproplab"] == {"student": "ann", "key": fingerprint(KEY)}
    assert {c["id"] for c in made["cells"]} >= set(solutions)
    from backproplab.grading.marking import Marking, mark
    from backproplab.grading.probing import proven
    isolation, _ = proven()
    if isolation.enough:
        bank = load_bank(SOURCE)
        result = mark(Marking(bank, isolation, key=b"hidden inputs", course_key=KEY), "ann", SOURCE.name, saved)
        assert result["score"] == result["max_score"] == 8
        assert all(q["verdict"] == "correct" for q in result["questions"])
