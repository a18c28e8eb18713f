"""A release in a course of nbgrader's: it generates the assignment from ours unchanged, and marks by our public checks.

nbgrader brings a server and a database along, so continuous integration goes without; with the extra `nbgrader` this runs.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from backproplab.exercises.release import release
from tests import browser
from tests.make_exercises import sources

pytest.importorskip("nbgrader", reason="the extra nbgrader is not installed")
NAME = "10_dead_units.ipynb"
SOURCE = next((s for s in sources() if s.name == NAME), None)
pytestmark = pytest.mark.skipif(SOURCE is None, reason="solutions are in the repository alone, not in a source distribution")

SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({s.student.id: [s.score, s.max_score] for s in book.assignment_submissions("ps1")}))
"""


def _environment(course):
    """Settings of its own, and its folder of commands: nbgrader calls alembic by name."""
    made = browser.own_settings(course / "settings")
    return {**made, "PATH": os.pathsep.join([os.path.dirname(sys.executable), made.get("PATH", "")])}


def nbgrader(course, *words):
    command = [sys.executable, "-m", "nbgrader", *words, f"--course-dir={course}"]
    ended = subprocess.run(command, cwd=course, env=_environment(course), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-3000:]


def handed_in(notebook, answers):
    """A student's notebook with answers written into its cells."""
    made = json.loads(json.dumps(notebook))
    for cell in made["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    return json.dumps(made)


def test_the_assignment_is_generated_unchanged_and_public_checks_are_marked(tmp_path):
    release(SOURCE, tmp_path / "source" / "ps1")
    ours = json.loads((tmp_path / "source" / "ps1" / NAME).read_text())
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///gradebook.db'\n")
    nbgrader(tmp_path, "generate_assignment", "ps1", "--create")
    theirs = json.loads((tmp_path / "release" / "ps1" / NAME).read_text())
    assert [(c["id"], "".join(c["source"])) for c in theirs["cells"]] == [(c["id"], "".join(c["source"])) for c in ours["cells"]]
    solved = {c["id"]: "".join(c["source"]).partition("\n")[2] for c in json.loads(SOURCE.read_text())["cells"] if c["id"] in
              ("which-units-are-dead", "how-often-a-unit-is-on", "gradients-with-dead-units", "leaky-backward", "through-many-sigmoids")}
    wrong = {"which-units-are-dead": "def dead_units(X, W, b):\n    return np.any(X @ W + b <= 0, axis=0)"}
    for student, answers in {"ann": solved, "bob": solved | wrong, "zoe": {}}.items():
        folder = tmp_path / "submitted" / student / "ps1"
        os.makedirs(folder)
        (folder / NAME).write_text(handed_in(theirs, answers))
    nbgrader(tmp_path, "autograde", "ps1", "--create")
    told = subprocess.run([sys.executable, "-c", SCORES], cwd=tmp_path, env=_environment(tmp_path), capture_output=True,
                          text=True, check=True).stdout
    assert json.loads(told) == {"ann": [8, 8], "bob": [6, 8], "zoe": [0, 8]}
