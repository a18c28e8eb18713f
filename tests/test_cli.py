"""The command line: what it says, what it passes on and the code it ends with. No JupyterLab is started here."""
from __future__ import annotations

import io
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

from backproplab import cli, lessons, serving
from tests import notebook_files as nb

FIRST = "04_by_hand.ipynb"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and an installation with two lessons."""
    for name in (FIRST, "10_later.ipynb"):
        nb.write(tmp_path / "installed" / name, nb.executed_lesson(name))
    monkeypatch.setattr(cli, "lessons_folder", lambda: tmp_path / "installed")
    monkeypatch.setattr(cli, "exercises_folder", lambda: None)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What `serve` was asked for: (folder, lesson, options) of each call; it ends at once and well."""
    calls: list[tuple] = []
    monkeypatch.setattr(serving, "serve", lambda folder, lesson, options, say: calls.append((folder, lesson, list(options))) or 0)
    return calls


def test_lab_copies_into_the_default_folder_and_opens_the_lowest_number(place, served, capsys):
    assert cli.main(["lab"]) == cli.DONE
    assert served == [(place / "backproplab-lessons", FIRST, [])]
    assert (place / "backproplab-lessons" / FIRST).exists()
    assert capsys.readouterr().out == f"Copied 2 lessons into {place / 'backproplab-lessons'}\n"


@pytest.fixture
def exercises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exercise in the installation."""
    nb.write(tmp_path / "ours" / FIRST, nb.executed_lesson("An exercise"))
    monkeypatch.setattr(cli, "exercises_folder", lambda: tmp_path / "ours")
    return tmp_path / "ours"


def test_lab_copies_the_exercises_beside_the_lessons_and_keeps_what_was_written_in_them(place, served, exercises, capsys):
    assert cli.main(["lab", "mine"]) == cli.DONE
    assert capsys.readouterr().out == f"Copied 2 lessons into {place / 'mine'}\nCopied 1 exercise into {place / 'mine' / 'exercises'}\n"
    assert served == [(place / "mine", FIRST, [])]
    target = place / "mine" / "exercises" / FIRST
    made = nb.read(target)
    assert all(cell["outputs"] == [] for cell in made["cells"] if cell["cell_type"] == "code")
    made["cells"].append(nb.code_cell("mine = 1"))
    nb.write(target, made)
    theirs = target.read_bytes()
    nb.write(exercises / FIRST, nb.executed_lesson("A newer edition"))
    cli.main(["lab", "mine"])
    assert target.read_bytes() == theirs and f"Kept your {FIRST}: you changed it." in capsys.readouterr().out
    cli.main(["lab", "mine", "--refresh"])
    (aside,) = (path for path in target.parent.glob("04_by_hand.2*.ipynb"))
    assert aside.read_bytes() == theirs and "A newer edition" in target.read_text()


def test_a_file_of_theirs_in_the_place_of_the_exercises_stops_nothing(place, served, exercises, capsys):
    (place / "mine").mkdir()
    (place / "mine" / "exercises").write_text("my notes")
    assert cli.main(["lab", "mine"]) == cli.DONE
    assert "The exercises were not copied." in capsys.readouterr().out and len(served) == 1
    assert (place / "mine" / "exercises").read_text() == "my notes"


PASSED_ON = {
    "--port=9999": ("backproplab-lessons", ["--port=9999"]),
    "--port 9999": ("backproplab-lessons", ["--port", "9999"]),
    "mine": ("mine", []),
    "mine --port 9999": ("mine", ["--port", "9999"]),
    "mine --no-browser": ("mine", ["--no-browser"]),
    "--no-browser mine": ("mine", ["--no-browser"]),
    "--no-browser mine --port=9999 --refresh --ip=0.0.0.0": ("mine", ["--no-browser", "--port=9999", "--ip=0.0.0.0"]),
    "mine -- --port=9999": ("mine", ["--port=9999"]),
    "--ServerApp.allow_origin=* --debug -y": ("backproplab-lessons", ["--ServerApp.allow_origin=*", "--debug", "-y"]),
    ".": ("", []),
    "deep/er/../folder": ("deep/folder", []),
}


@pytest.mark.parametrize("line", PASSED_ON)
def test_the_folder_is_ours_and_unknown_options_are_jupyterlabs(place, served, line):
    folder, options = PASSED_ON[line]
    assert cli.main(["lab", *line.split()]) == cli.DONE
    assert served == [(place / folder, FIRST, options)]


@pytest.mark.parametrize("name", ["my lessons", "Übung ∂L∂w", "a'b"])
def test_odd_names_are_taken_as_they_are(place, served, name, capsys):
    assert cli.main(["lab", name]) == cli.DONE
    assert served[0][0] == place / name and name in capsys.readouterr().out


def test_a_tilde_that_the_shell_left_alone_is_the_home_folder(place, served, monkeypatch):
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("USERPROFILE", str(place))
    cli.main(["lab", "~/mine"])
    assert served[0][0] == place / "mine"


MISUSES = {
    "two folders": ["lab", "my", "lessons"],
    "a folder after an option with its value": ["lab", "--port=9999", "mine"],
    "two words after an option": ["lab", "--port", "9999", "mine"],
    "an empty name": ["lab", ""],
    "no such command": ["lap"],
    "an option without a command": ["--refresh"],
    "a value for our option": ["lab", "--refresh=now"],
}


@pytest.mark.parametrize("arguments", MISUSES.values(), ids=MISUSES)
def test_misuse_is_said_before_anything_is_copied(place, served, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == cli.MISUSED and served == [] and list(place.iterdir()) == []
    assert "backproplab" in capsys.readouterr().err


def test_a_second_folder_is_named_in_the_complaint(place, served, capsys):
    with pytest.raises(SystemExit):
        cli.main(["lab", "my", "lessons"])
    assert "'lessons'" in capsys.readouterr().err


def test_no_command_shows_the_help_and_is_misuse(capsys):
    assert cli.main([]) == cli.MISUSED
    assert "lab" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"backproplab {version('backproplab')}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["lab", "--help"]])
def test_help_lists_every_exit_code_and_fits_a_terminal(arguments, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr().out
    assert ended.value.code == 0
    for code in (cli.DONE, cli.UNUSABLE, cli.MISUSED, cli.NO_JUPYTERLAB, cli.JUPYTERLAB_FAILED, cli.INTERRUPTED):
        assert f"\n  {code} " in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_help_of_lab_names_folder_default_and_options(capsys):
    with pytest.raises(SystemExit):
        cli.main(["lab", "--help"])
    told = capsys.readouterr().out
    assert all(word in told for word in ("FOLDER", "backproplab-lessons", "--refresh", "--no-browser", "--port=9999", "Ctrl-C"))


def change(path: Path) -> None:
    made = nb.read(path)
    made["cells"].append(nb.code_cell("print('mine')", name="mine"))
    nb.write(path, made)


def test_what_was_kept_put_aside_and_updated_is_told(place, served, capsys):
    cli.main(["lab", "mine"])
    change(place / "mine" / FIRST)
    nb.write(place.parent / "installed" / "10_later.ipynb", nb.executed_lesson("newer"))
    capsys.readouterr()
    cli.main(["lab", "mine"])
    assert capsys.readouterr().out.splitlines() == [
        f"Your lessons are in {place / 'mine'}",
        "Updated 1 lesson that you had not changed: 10_later.ipynb",
        f"Kept your {FIRST}: you changed it. With --refresh it is put aside and a fresh copy made.",
    ]
    cli.main(["lab", "mine", "--refresh"])
    aside = next(path.name for path in (place / "mine").glob("04_by_hand.2*"))
    assert f"Your {FIRST} is now {aside}; a fresh copy stands in its place." in capsys.readouterr().out


def test_an_unusable_folder_is_one_sentence(place, served, capsys):
    (place / "file").write_text("mine")
    assert cli.main(["lab", "file"]) == cli.UNUSABLE
    said = capsys.readouterr()
    assert said.err == f"backproplab: {place / 'file'} is a file, not a folder; please name another folder.\n"
    assert said.out == "" and served == []


def test_without_lessons_is_one_sentence(place, served, monkeypatch, capsys):
    def none() -> Path:
        raise lessons.HandOutError("This installation of backproplab holds no lessons.")
    monkeypatch.setattr(cli, "lessons_folder", none)
    assert cli.main(["lab"]) == cli.UNUSABLE
    assert capsys.readouterr().err == "backproplab: This installation of backproplab holds no lessons.\n"


def test_without_jupyterlab_one_sentence_names_the_extra_and_nothing_is_copied(place, served, monkeypatch, capsys):
    monkeypatch.setattr(serving, "installed", lambda: False)
    assert cli.main(["lab"]) == cli.NO_JUPYTERLAB
    said = capsys.readouterr().err
    assert said == 'backproplab: JupyterLab is not installed here; this brings it: pip install "backproplab[lab]"\n'
    assert served == [] and list(place.iterdir()) == []


def test_jupyterlabs_own_failure_is_told_with_its_code(place, monkeypatch, capsys):
    monkeypatch.setattr(serving, "serve", lambda *_: 7)
    assert cli.main(["lab"]) == cli.JUPYTERLAB_FAILED
    assert "exit code 7" in capsys.readouterr().err


def test_an_interrupt_while_copying_is_no_traceback(place, served, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr(cli, "hand_out", interrupted)
    assert cli.main(["lab"]) == cli.INTERRUPTED


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_that_cannot_show_a_name_still_gets_the_sentence(place, monkeypatch, encoding):
    (place / "∂L").write_text("a file")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main(["lab", "∂L"]) == cli.UNUSABLE
    assert ("∂L is a file" if encoding == "utf-8" else "\\u2202L is a file") in terminal.buffer.getvalue().decode(encoding)


def test_the_installed_script_is_this_command():
    (script,) = (one for one in entry_points(group="console_scripts") if one.name == "backproplab")
    assert script.load() is cli.main


def test_without_the_scripts_folder_on_the_path_python_runs_the_command():
    ran = subprocess.run([sys.executable, "-m", "backproplab", "--version"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and ran.stdout.startswith("backproplab ")
