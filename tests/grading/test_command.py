"""The commands: what they say, how they end, and where they refuse."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backproplab import cli
from backproplab.grading import command, probing
from backproplab.grading.layers import BASIC, Isolation
from tests.grading.notebooks import BANK_FILE, FULL, notebook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture()
def handed_in(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    for student in ("ann", "bob"):
        (place / f"{student}.ipynb").write_bytes(notebook())
    return place


@pytest.fixture()
def proven_once(proofs, monkeypatch):
    """The layers were proven for the session; what is tested here is something else."""
    monkeypatch.setattr(probing, "proven", lambda: proofs)


def run(*words):
    return cli.main([str(word) for word in words])


def test_a_class_is_marked_and_reported(isolation, handed_in, tmp_path, capsys):
    out = tmp_path / "out"
    assert run("grade", BANK_FILE, handed_in, "--out", out, "--time", 2) == 0
    told = capsys.readouterr().out
    assert "2 notebooks: 2 marked, 0 were marked before, 0 faults." in told and f"median {FULL:g}" in told
    assert run("grade", BANK_FILE, handed_in, "--out", out, "--time", 2, "--only", "ann", "--regrade") == 0
    assert "1 notebook: 1 marked" in capsys.readouterr().out
    assert run("report", out) == 0
    assert "scores.csv: 2 of 2 students" in capsys.readouterr().out and (out / "report" / "class.html").is_file()
    assert (out / "secret").stat().st_mode & 0o077 == 0


def test_with_the_roster_who_handed_in_nothing_is_told(isolation, proven_once, handed_in, tmp_path, capsys):
    (tmp_path / "roster.csv").write_text("email,name\nann@x.edu,Ann\nbob@x.edu,Bob\neve@x.edu,Eve\n")
    out = tmp_path / "out"
    assert run("grade", BANK_FILE, handed_in, "--out", out, "--students", tmp_path / "roster.csv") == 0
    assert run("report", out) == 0
    assert "1 of the 3 on the roster handed in nothing: eve@x.edu" in capsys.readouterr().out
    assert run("grade", BANK_FILE, handed_in, "--out", out, "--students", tmp_path / "nowhere.csv") == 1
    assert "roster nowhere.csv" in capsys.readouterr().err


def test_the_questions_of_the_package_are_a_bank_at_once(isolation, proven_once, tmp_path, capsys):
    (tmp_path / "ann.ipynb").write_bytes(notebook({"which-end-first": "answer = 'A'"}))
    assert run("grade", "backproplab", tmp_path / "ann.ipynb", "--out", tmp_path / "out") == 0
    result = json.loads(next((tmp_path / "out" / "marked").glob("*.json")).read_bytes())
    assert len(result["questions"]) > 30 and all(q["kind"] in ("function", "task") for q in result["questions"] if q["marked"])


def test_probe_says_what_holds(isolation, capsys):
    assert run("grade", "--probe") == 0
    told = capsys.readouterr().out
    assert "seccomp" in told and "BROKEN" not in told and told.rstrip().endswith("Notebooks are marked here.")


def without_isolation(monkeypatch):
    monkeypatch.setattr(probing, "offered", lambda: Isolation(BASIC))


def test_without_isolation_nothing_is_marked_unless_it_is_said_and_then_every_result_says_so(handed_in, tmp_path, monkeypatch, capsys):
    without_isolation(monkeypatch)
    out = tmp_path / "out"
    assert run("grade", BANK_FILE, handed_in, "--out", out) == command.NO_ISOLATION
    assert "no isolation holds here: it takes seccomp" in capsys.readouterr().err and not out.exists()
    assert run("grade", "--probe") == command.NO_ISOLATION
    assert "Nothing is marked here." in capsys.readouterr().out
    assert run("grade", BANK_FILE, handed_in, "--out", out, "--unsafe") == 0
    assert "2 were marked without isolation" in capsys.readouterr().out
    run("report", out)
    assert "Marked without isolation" in (out / "report" / "students" / "ann.html").read_text()
    assert json.loads((out / "report" / "gradescope" / "ann.json").read_text())["extra_data"]["unsafe"] is True


def test_with_isolation_unsafe_changes_nothing(isolation, proven_once, handed_in, tmp_path, capsys):
    assert run("grade", BANK_FILE, handed_in, "--out", tmp_path / "out", "--unsafe") == 0
    assert "without isolation" not in capsys.readouterr().out


@pytest.mark.parametrize("platform, name", [("darwin", "macOS"), ("win32", "Windows")])
def test_where_there_are_no_such_layers_it_is_refused_with_the_way_that_works(platform, name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", platform)
    assert run("grade", BANK_FILE, ".", "--out", "x") == command.NO_ISOLATION
    told = capsys.readouterr().err
    assert name in told and "Linux" in told and "--probe" in told


@pytest.mark.parametrize("words, said", [
    (["nothing.py", "IN", "--out", "OUT"], "no such file"), (["BANK", "nowhere", "--out", "OUT"], "There is no"),
    (["BANK", "EMPTY", "--out", "OUT"], "no notebook"), (["BANK", "IN", "--out", "FILE"], "cannot be used"),
    (["BANK", "IN", "--out", "OUT", "--only", "eve"], "Nobody called 'eve'"),
    (["BANK", "IN", "--out", "OUT", "--pattern", "("], "no regular expression"),
    (["BANK", "IN", "--out", "OUT", "--course-key", "nowhere"], "nowhere"), (["BAD", "IN", "--out", "OUT"], "declares no question"),
    (["BANK", "IN", "--out", "OUT", "--scheduler", "tcp://127.0.0.1:1"], "No cluster answers")], ids=range(9))
def test_what_cannot_be_used_is_told_in_a_sentence(words, said, isolation, proven_once, handed_in, tmp_path, monkeypatch, capsys):
    from backproplab.grading import cluster
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "bad.py").write_text("x = 1\n")
    places = {"BANK": BANK_FILE, "IN": handed_in, "BAD": tmp_path / "bad.py"} | {n.upper(): tmp_path / n for n in ("out", "empty", "file")}
    assert run("grade", *(places.get(word, word) for word in words)) == 1
    told = capsys.readouterr().err
    assert said in told and told.startswith("backproplab: ") and "Traceback" not in told


@pytest.mark.parametrize("words", [["grade"], ["grade", "b", "s"], ["grade", "b", "s", "--out", "o", "--jobs", "0"], ["report"],
                                   ["grade", "b", "s", "--out", "o", "--memory", "10"], ["grade", "b", "s", "--out", "o", "--time", "x"]])
def test_what_is_not_understood_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2


def test_reporting_what_is_not_there_is_told(tmp_path, capsys):
    assert run("report", tmp_path / "nothing") == 1
    assert "There are no results" in capsys.readouterr().err


@pytest.mark.skipif(os.getuid() != 0 or shutil.which("setpriv") is None, reason="needs a root who can become an ordinary user")
def test_an_ordinary_user_has_the_layers_too(isolation, tmp_path_factory):
    """As root the tests above ran as root; here the probes run as somebody else, where that user can read this Python at all."""
    python = os.path.realpath(sys.executable)
    as_user = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]
    if subprocess.run([*as_user, python, "-c", "import numpy, os, sys; os.stat(sys.executable)"], capture_output=True, cwd=ROOT,
                      env={"PYTHONPATH": os.pathsep.join(sys.path)}).returncode:
        pytest.skip("another user cannot read this Python")
    told = subprocess.run([*as_user, python, "-m", "backproplab.cli", "grade", "--probe"], capture_output=True, text=True, cwd=ROOT,
                          env={"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "TMPDIR": "/tmp", "PATH": os.environ["PATH"]})
    assert told.returncode == 0 and "an ordinary user" in told.stdout, told.stdout + told.stderr


def test_a_reader_that_has_enough_is_no_error(isolation, tmp_path):
    told = subprocess.run(["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -u -m backproplab.cli grade --probe | head -1"], capture_output=True,
                          text=True, cwd=ROOT)
    assert told.stderr == "" and told.stdout.startswith("linux") and told.returncode == 0


def test_what_names_of_files_hold_does_nothing_to_a_terminal(tmp_path, capsys):
    """Three notebooks in a folder whose name clears the screen; lines of a sentence stay lines."""
    folder = tmp_path / "in" / "\x1b[2Jbob"
    folder.mkdir(parents=True)
    for name in "abc":
        (folder / f"{name}.ipynb").write_bytes(notebook())
    (tmp_path / "bank.py").write_text("x = (")
    assert command.complain(1, "one\ntwo \x1b[2J") == 1 and capsys.readouterr().err == "backproplab: one\ntwo \N{REPLACEMENT CHARACTER}[2J\n"
    assert cli.main(["grade", str(BANK_FILE), str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert "\x1b" not in told and "\N{REPLACEMENT CHARACTER}[2Jbob" in told
