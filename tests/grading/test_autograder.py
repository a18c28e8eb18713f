"""The autograder's zip, unpacked and run as Gradescope would; never in its own container."""
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from backproplab.grading import autograder
from backproplab.grading.layers import BASIC, Isolation
from backproplab.grading.marking import mark
from tests.grading.notebooks import BANK_FILE, FULL, notebook

EXERCISES = Path(__file__).resolve().parents[2] / "notebooks" / "exercises"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    root = tmp_path_factory.mktemp("autograder")
    (root / "our.key").write_bytes(b"a course's key of a good length\n")
    names = autograder.write_autograder(root / "a.zip", BANK_FILE, root / "our.key")
    with zipfile.ZipFile(root / "a.zip") as archive:
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "submission" / "hw.ipynb").write_bytes(notebook())
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"email": "ann@example.org"}]}))
    return root, names


def test_a_submission_is_marked_by_what_is_in_the_zip(isolation, unpacked):
    root, _ = unpacked
    subprocess.run([sys.executable, root / "source" / "run_autograder"], check=True, cwd=root, env=os.environ | {"PYTHONPATH": ""})
    result = json.loads((root / "results" / "results.json").read_bytes())
    assert result["score"] == FULL and len(result["tests"]) == 5 and result["extra_data"]["layers"]


def test_hidden_inputs_of_two_autograders_differ_also_without_a_course_key(tmp_path):
    for name in ("a", "b"):
        autograder.write_autograder(tmp_path / f"{name}.zip", BANK_FILE)
    a, b = (zipfile.ZipFile(tmp_path / f"{name}.zip").read("secret") for name in ("a", "b"))
    assert len(a) == len(b) == 64 and a != b


def test_what_is_no_file_of_the_student_is_not_read(isolation, tmp_path):
    autograder.write_autograder(tmp_path / "a.zip", BANK_FILE)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "source")
    place = tmp_path / "submission"
    (place / "zz-folder.ipynb").mkdir(parents=True)
    (tmp_path / "other.ipynb").write_bytes(notebook())
    os.symlink(tmp_path / "other.ipynb", place / "zz-link.ipynb")
    os.mkfifo(place / "zz-pipe.ipynb")
    assert "no notebook" in json.loads(autograder.autograde(tmp_path))["output"]
    (place / "hw.ipynb").write_bytes(notebook({"pick": "answer = 'B'"}))
    assert json.loads(autograder.autograde(tmp_path))["score"] == FULL - 1


def test_there_gradescope_says_who_it_is_and_the_notebook_does_not(isolation, unpacked, monkeypatch):
    root, _ = unpacked
    seen = []
    monkeypatch.setattr(autograder, "mark", lambda marking, student, *more: seen.append((student, marking.listed(student))) or mark(
        marking, student, *more))
    autograder.autograde(root)
    assert seen == [("ann@example.org", "ann@example.org")]


def test_a_folder_that_nobody_installed_knows_its_version(monkeypatch):
    from backproplab.grading import marking

    def missing(name):
        raise marking.PackageNotFoundError(name)
    known = marking.own_version()
    monkeypatch.setattr(marking, "version", missing)
    assert marking.own_version() == known


def test_release_writes_it_beside_the_notebooks(tmp_path, capsys):
    from backproplab import cli
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
              "source": "# question: pick\n### BEGIN SOLUTION\nanswer = 'one'\n### END SOLUTION"}]
    (tmp_path / "hw.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    words = ["release", str(tmp_path / "hw.ipynb"), "--out", str(tmp_path / "out"), "--gradescope", str(tmp_path / "a.zip")]
    with pytest.raises(SystemExit):
        cli.main(words)
    assert cli.main([*words, "--bank", str(BANK_FILE)]) == 0 and "an autograder" in capsys.readouterr().out
    assert zipfile.ZipFile(tmp_path / "a.zip").read("bank/bank.py") == BANK_FILE.read_bytes()
    for ids, said in (("ann@x.edu\nbob@x.edu\n", False), ("ann@x.edu\nbob7\n", True)):
        (tmp_path / "roster.csv").write_text(ids)
        (tmp_path / "roster").mkdir(exist_ok=True)
        more = ["--students", str(tmp_path / "roster.csv"), "--course-key", str(tmp_path / "key"), "--bank", str(BANK_FILE)]
        assert cli.main([*words[:3], str(tmp_path / "roster" / ids[-3:-1]), *words[4:], *more]) == 0
        assert ("the roster calls one bob7" in capsys.readouterr().out) == said
    assert cli.main([*words[:-1], str(tmp_path / "nowhere" / "a.zip"), "--bank", str(BANK_FILE)]) == cli.UNUSABLE
    assert "the autograder cannot be written" in capsys.readouterr().err


def test_what_a_mac_or_jupyter_keeps_beside_a_notebook_is_not_marked(isolation, unpacked, tmp_path):
    """A capital comes before __MACOSX, so the copy was the last by name; notes beside the answers are not the answers."""
    root, _ = unpacked
    shutil.copytree(root / "source", tmp_path / "source")
    for name, data in (("Homework.IPYNB", notebook()), ("__MACOSX/._Homework.ipynb", b"\0"), (".ipynb_checkpoints/zz.ipynb", notebook({"pick": ""})),
                       ("zz_notes.ipynb", b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')):
        (tmp_path / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "submission" / name).write_bytes(data)
    tests = {t["number"]: t for t in json.loads(autograder.autograde(tmp_path))["tests"]}
    assert tests["linear"]["status"] == "passed" == tests["gate"]["status"]


def test_the_notebook_of_an_exercise_is_a_bank_there_too(isolation, tmp_path):
    handed_out = EXERCISES / "04_by_hand.ipynb"
    autograder.write_autograder(tmp_path / "a.zip", handed_out)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "source", [name for name in archive.namelist() if name.startswith(("bank/", "secret"))])
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "hw.ipynb").write_bytes(handed_out.read_bytes())
    result = json.loads(autograder.autograde(tmp_path))
    assert result["score"] == 0 and {t["output"][:17] for t in result["tests"]} == {"Nothing is answer", "Not answered yet:"}


def test_the_zip_holds_what_is_needed_and_no_solution(unpacked):
    _, names = unpacked
    assert {"setup.sh", "run_autograder", "bank/bank.py", "course.key", "backproplab/grading/inside/worker.py"} <= set(names)
    assert not [name for name in names if "solution" in name or "__pycache__" in name]
    setup = (unpacked[0] / "source" / "setup.sh").read_text()
    assert "pyseccomp" in setup and "landlockpy" in setup and "numpy" in setup and "pytest" not in setup


def test_where_nothing_isolates_there_is_no_score_and_it_says_why(unpacked, monkeypatch):
    monkeypatch.setattr(autograder, "proven", lambda: (Isolation(BASIC), []))
    result = json.loads(autograder.autograde(unpacked[0]))
    assert "score" not in result and "tests" not in result and "no isolation" in result["output"]


def test_a_results_file_is_there_whatever_happens(unpacked, isolation, tmp_path):
    root, _ = unpacked
    (tmp_path / "run_autograder").write_text((root / "source" / "run_autograder").read_text())      # with nothing beside it
    subprocess.run([sys.executable, "-S", tmp_path / "run_autograder"], check=True, cwd=tmp_path, env={"PATH": os.environ["PATH"]})
    result = json.loads((tmp_path / "results" / "results.json").read_bytes())
    assert "score" not in result and "not your fault" in result["output"]
    (tmp_path / "submission").mkdir()
    assert "no notebook" in json.loads(autograder.autograde(tmp_path))["output"]
    assert autograder.student(root) == "ann@example.org" and autograder.student(tmp_path) == ""
