"""What we hand out: an sdist and the wheel built from it, looked into, and the wheel installed in a fresh environment and used.

They are built from a copy of the tree in which things are planted that must not, and things that must, find their way in.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psutil
import pytest

from backproplab import cli, lessons
from tests import browser
from tests import notebook_files as nb

ROOT = browser.ROOT
PLANTED = "99_planted.ipynb"
UNWANTED = ["tests/solutions/99_planted.txt", "notebooks/lessons/.ipynb_checkpoints/98_old-checkpoint.ipynb",
            "backproplab/engine/__pycache__/old.cpython-311.pyc", "backproplab-lessons/04_mine.ipynb", ".venv-3/lib/x.py"]
WANTED = ["backproplab/widgets/js/planted.js", "backproplab/widgets/css/planted.css"]


@dataclass(frozen=True)
class Built:
    """The planted tree, both archives, and what they hold: file name -> bytes, the sdist's without its top folder."""

    tree: Path
    wheel: Path
    wheel_files: dict[str, bytes]
    sdist_files: dict[str, bytes]


def build(tree: Path, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", out, tree], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    place = tmp_path_factory.mktemp("built")
    tree, out = place / "tree", place / "out"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv*", ".*_cache", "__pycache__", "dist", "*-lessons"))
    for name in (*UNWANTED, *WANTED):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("planted")
    nb.write(tree / "notebooks" / "lessons" / PLANTED, nb.executed_lesson())
    assert build(tree, out).returncode == 0
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        wheel_files = {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(sdist) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        sdist_files = {member.name.partition("/")[2]: archive.extractfile(member).read() for member in members}
    return Built(tree, wheel, wheel_files, sdist_files)


def metadata(built: Built):
    (name,) = (name for name in built.wheel_files if name.endswith(".dist-info/METADATA"))
    return BytesParser().parsebytes(built.wheel_files[name])


def test_the_wheel_is_pure_and_for_every_python_3(built):
    assert built.wheel.name == f"backproplab-{cli.version('backproplab')}-py3-none-any.whl"
    (wheel,) = (text for name, text in built.wheel_files.items() if name.endswith(".dist-info/WHEEL"))
    assert b"Root-Is-Purelib: true" in wheel
    assert not [name for name in built.wheel_files if name.endswith((".so", ".pyd", ".pyc"))]


def test_the_wheel_holds_the_package_and_nothing_beside_it(built):
    names = set(built.wheel_files)
    assert {name.partition("/")[0] for name in names} == {"backproplab", built.wheel.name.split("-py3")[0] + ".dist-info"}
    sources = {path.relative_to(built.tree).as_posix() for path in (built.tree / "backproplab").rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("backproplab/") and not re.search("/_(lessons|exercises)/", name)} == sources - set(UNWANTED)
    assert "backproplab/py.typed" in sources and set(WANTED) < sources


def test_the_wheel_holds_every_lesson_with_outputs_cleared(built):
    originals = {path.name: nb.read(path) for path in lessons.lesson_files(built.tree / "notebooks" / "lessons")}
    carried = {Path(name).name: json.loads(text) for name, text in built.wheel_files.items() if "backproplab/_lessons/" in name}
    assert carried.keys() == originals.keys() and PLANTED in carried
    for name, lesson in carried.items():
        assert [cell["source"] for cell in lesson["cells"]] == [cell["source"] for cell in originals[name]["cells"]]
        assert not [cell for cell in lesson["cells"] if cell.get("outputs") or cell.get("execution_count")]
        assert "widgets" not in lesson["metadata"]


def test_the_wheel_holds_every_exercise_as_students_get_it(built):
    originals = {path.name: nb.read(path) for path in lessons.lesson_files(built.tree / "notebooks" / "exercises")}
    carried = {Path(name).name: json.loads(text) for name, text in built.wheel_files.items() if "backproplab/_exercises/" in name}
    assert carried == originals and carried


def solution_lines(folder: Path) -> list[str]:
    """The lines between markers of the solved exercises that are long enough to be no coincidence, without their spaces."""
    told = "\n".join("".join(cell["source"]) + "\n" for path in lessons.lesson_files(folder) for cell in nb.read(path)["cells"])
    between = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", told, re.DOTALL)
    return sorted({line for text in between for line in map("".join, map(str.split, text.splitlines())) if len(line) > 24})


def solved_in(text: str, lines: list[str]) -> list[str]:
    squeezed = "".join(text.split())
    return [line for line in lines if line in squeezed]


@pytest.mark.parametrize("archive", ["wheel_files", "sdist_files"])
def test_no_line_of_a_solution_is_handed_out(built, archive):
    """Not in a notebook, and not in a bank either: what is right is computed there by a trace."""
    if not (ROOT / "tests" / "solutions").exists():
        pytest.skip("solutions are in the repository alone, not in a source distribution")
    lines = solution_lines(built.tree / "tests" / "solutions")
    assert len(lines) > 40
    places = [name for name in getattr(built, archive) if "exercises" in name and name.endswith(".ipynb") or "/bank/" in name]
    assert len(places) > 18
    assert {name: found for name in places if (found := solved_in(getattr(built, archive)[name].decode(), lines))} == {}
    assert solved_in((built.tree / "tests" / "solutions" / "07_layers.ipynb").read_text(), lines)


@pytest.mark.parametrize("archive", ["wheel_files", "sdist_files"])
def test_no_solution_no_checkpoint_and_no_learners_file_is_handed_out(built, archive):
    names = set(getattr(built, archive))
    assert names.isdisjoint(UNWANTED)
    assert not [name for name in names if "solutions" in name or "checkpoint" in name or "pycache" in name]


def test_the_sdist_holds_what_building_and_testing_need(built):
    """The wheel was built from it; the tests in it find the executed originals."""
    names = set(built.sdist_files)
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "CHANGELOG.md", ".ci/run", "tests/conftest.py"} <= names
    assert {f"notebooks/lessons/{path.name}" for path in lessons.lesson_files(built.tree / "notebooks" / "lessons")} <= names
    assert nb.executed_lesson() == json.loads(built.sdist_files[f"notebooks/lessons/{PLANTED}"])


def test_the_licenses_and_what_is_required_are_in_the_metadata(built):
    told = metadata(built)
    assert told["License-Expression"] == "BSD-3-Clause AND CC-BY-4.0"
    assert told.get_all("License-File") == ["LICENSE", "notebooks/LICENSE.md"]
    assert told["Requires-Python"] == ">=3.11"
    plain = {re.split(r"[>=; ]", one)[0] for one in told.get_all("Requires-Dist") if "extra" not in one}
    assert plain == {"numpy", "networkx", "matplotlib", "ipywidgets", "anywidget"}
    assert set(told.get_all("Provides-Extra")) == {"lab", "symbolic", "grading", "cluster", "nbgrader", "test", "dev"}


def test_the_same_tree_gives_the_same_bytes(built, tmp_path):
    assert build(built.tree, tmp_path, "--wheel", PYTHONHASHSEED="7").returncode == 0
    assert (tmp_path / built.wheel.name).read_bytes() == built.wheel.read_bytes()


def test_a_tree_without_lessons_gives_no_wheel(built, tmp_path):
    shutil.copytree(built.tree, tmp_path / "tree", ignore=shutil.ignore_patterns("lessons"))
    ended = build(tmp_path / "tree", tmp_path, "--wheel")
    assert ended.returncode and "no lessons in notebooks/lessons" in ended.stdout
    assert not list(tmp_path.glob("*.whl"))


def fresh(place: Path, wheel: Path, libraries: Path) -> Path:
    """A new environment that holds the wheel, and finds everything else in a folder of libraries; returns its folder of commands.

    Its dependencies are those of the running environment, so that nothing is downloaded; the package is its own.
    """
    venv.create(place, symlinks=os.name != "nt")
    commands = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", commands / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    (site / "libraries.pth").write_text(f"{libraries}\n")
    return commands


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Path:
    """The commands of a fresh environment with everything that the extra `lab` brings."""
    place = tmp_path_factory.mktemp("installed") / "env"
    commands = fresh(place, built.wheel, Path(sysconfig.get_path("purelib")))
    (place / "share").mkdir(exist_ok=True)
    (place / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
    return commands


def settings(place: Path) -> dict[str, str]:
    """Nothing of the user's, and nothing of the checkout either."""
    return {name: value for name, value in browser.own_settings(place).items() if name != "PYTHONPATH"}


def run(*command: str | Path, place: Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command run in a folder, as `settings` says."""
    ended = subprocess.run(command, cwd=place, env=settings(place), capture_output=True, text=True)
    return ended.returncode, ended.stdout, ended.stderr


def test_the_installed_package_is_the_wheels_and_its_widgets_come_along(installed, tmp_path):
    script = "import backproplab as bl; print(bl.__file__); print(bl.stepper, bl.draw, bl.derivation)"
    code, told, error = run(installed / "python", "-c", script, place=tmp_path)
    assert code == 0, error
    assert Path(told.splitlines()[0]).is_relative_to(installed.parent)


def test_the_installed_command_serves_the_first_lesson(built, installed, tmp_path, free_port):
    start = [installed / "backproplab", "lab", "--no-browser", f"--port={free_port}", "--ServerApp.port_retries=0"]
    first = lessons.lesson_files(built.tree / "notebooks" / "lessons")[0].name
    with subprocess.Popen(start, cwd=tmp_path, env=settings(tmp_path), stdout=subprocess.PIPE, text=True) as process:
        try:
            told = next(line.strip() for line in process.stdout if "http://" in line)
            base, page, token = re.fullmatch(r"(http://\S+?/)(lab/tree/\S+)(\?token=\w+)", told).groups()
            assert page == f"lab/tree/{quote(first)}"
            assert b"JupyterLab" in _answer(base + page + token)
            served = json.loads(_answer(f"{base}api/contents/{quote(first)}{token}"))["content"]
            code = [cell for cell in served["cells"] if cell["cell_type"] == "code"]
            assert code and all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
            server = psutil.Process(process.pid).children()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == cli.DONE
    assert (tmp_path / "backproplab-lessons" / first).exists()
    exercises = sorted((tmp_path / "backproplab-lessons" / "exercises").glob("*.ipynb"))
    assert [path.name for path in exercises] == [path.name for path in lessons.lesson_files(built.tree / "notebooks" / "exercises")]
    lines = solution_lines(built.tree / "tests" / "solutions")
    handed_out = [path for path in (tmp_path / "backproplab-lessons").rglob("*") if path.is_file()]
    assert [path for path in handed_out if "solution" in path.name or path in exercises and solved_in(path.read_text(), lines)] == []
    assert psutil.wait_procs(server, timeout=10)[1] == []


def _answer(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as reply:
        return reply.read()


RUN = """
import sys
import nbclient, nbformat
lesson = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(lesson, timeout=120).execute()
print([output for cell in lesson.cells for output in cell.get("outputs", [])])
"""


def test_the_first_lesson_runs_in_the_fresh_environment(built, installed, tmp_path):
    """The learner's copy, from the wheel: whatever the wheel forgot would be missed here."""
    copied = lessons.hand_out(tmp_path / "mine", source=built.tree / "notebooks" / "lessons").copied
    code, told, error = run(installed / "python", "-c", RUN, tmp_path / "mine" / copied[0], place=tmp_path)
    assert code == 0, error
    assert "output_type" in told


@pytest.fixture(scope="module")
def with_numpy_alone(built, tmp_path_factory) -> Path:
    """The commands of a fresh environment in which of all dependencies only NumPy can be found."""
    place = tmp_path_factory.mktemp("bare")
    (place / "libraries").mkdir()
    for library in Path(np.__file__).parent.parent.glob("numpy*"):
        (place / "libraries" / library.name).symlink_to(library)
    return fresh(place / "env", built.wheel, place / "libraries")


def test_the_engine_needs_numpy_alone(with_numpy_alone, tmp_path):
    script = "import backproplab as bl; print(bl.trace(lambda x, z: x * z, x=2.0, z=3.0).value)"
    assert run(with_numpy_alone / "python", "-c", script, place=tmp_path) == (0, "6.0\n", "")


def test_the_command_without_jupyterlab_is_one_sentence(with_numpy_alone, tmp_path):
    sentence = 'backproplab: JupyterLab is not installed here; this brings it: pip install "backproplab[lab]"\n'
    assert run(with_numpy_alone / "backproplab", "lab", place=tmp_path) == (cli.NO_JUPYTERLAB, "", sentence)
    assert list(tmp_path.glob("backproplab-lessons")) == []
