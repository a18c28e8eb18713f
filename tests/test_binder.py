"""`binder/` makes what Binder needs: the right Python, pins before the sources, the package and the learner's copy; and it launches."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import browser as driving
from tests import launch
from tests import notebook_files as nb

BINDER = driving.ROOT / "binder"
PROJECT = tomllib.loads((driving.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = (BINDER / "requirements.txt").read_text(encoding="utf-8")


def faults(requirements: str) -> list[str]:
    """What would make Binder's image wrong, or build it anew at every commit."""
    lines = [line for line in requirements.splitlines() if line and not line.startswith("#")]
    pins = dict(line.split("==") for line in lines if re.fullmatch(r"[\w.-]+==[\d.]+", line))
    pins |= {name: version for name, version in (pin.split("==") for pin in launch.image_pins()) if name not in pins}
    found = [f"{line}: neither flat nor pinned" for line in lines if not re.fullmatch(r"[\w.-]+==[\d.]+", line)]
    found += ["out of order"] * (lines != sorted(lines))
    known = {canonicalize_name(name): version for name, version in pins.items()}
    for wanted in map(Requirement, PROJECT["dependencies"]):
        version = known.get(canonicalize_name(wanted.name))
        if version is None or version not in wanted.specifier:
            found.append(f"{wanted} is not met by {version}")
    return found


def test_the_pins_are_flat_and_meet_what_the_package_asks_for():
    assert faults(REQUIREMENTS) == []


@pytest.mark.parametrize("planted, fault", [
    (REQUIREMENTS + "-e .\n", "-e ."), (REQUIREMENTS + ".\n", "."), ("-r other.txt\n" + REQUIREMENTS, "-r other.txt"),
    (REQUIREMENTS.replace("numpy==", "numpy>="), "numpy>="), (re.sub("networkx.*\n", "", REQUIREMENTS), "networkx"),
    (re.sub("matplotlib==.*", "matplotlib==3.9.0", REQUIREMENTS), "matplotlib"), (REQUIREMENTS + "zlib @ https://x.org/z.whl\n", "zlib @"),
    (REQUIREMENTS + "aaa==1\n", "out of order"),
])
def test_a_planted_fault_in_the_pins_is_found(planted, fault):
    assert [found for found in faults(planted) if fault in found]


def test_post_build_can_be_executed():
    assert os.access(BINDER / "postBuild", os.X_OK)
    if shutil.which("git") and (driving.ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "--stage", "binder/postBuild"], cwd=driving.ROOT, capture_output=True, text=True).stdout
        assert listed.startswith("100755")


def dockerfile(tree) -> str:
    """What repo2docker would build from a tree, without Docker."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", tree]
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture
def tree(tmp_path):
    """What repo2docker looks at."""
    shutil.copytree(BINDER, tmp_path / "tree" / "binder")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(driving.ROOT / name, tmp_path / "tree")
    return tmp_path / "tree"


def order(text: str) -> tuple[int, ...]:
    """Where the image gets its Python, installs the pins, gets the sources, and runs postBuild."""
    lock = f"environment-2epy-2d{launch.PYTHON.replace('.', '-2e')}"           # as repo2docker writes environment.py-3.12
    return tuple(text.find(piece) for piece in (lock, "pip install --no-cache-dir -r", "COPY --chown=0:0 src/ ", "./binder/postBuild"))


def test_the_image_has_its_python_and_the_pins_before_the_sources_and_runs_post_build(tree):
    places = order(dockerfile(tree))
    assert -1 not in places and list(places) == sorted(places)


def test_a_pin_file_that_names_the_sources_is_seen_in_the_image(tree):
    (tree / "binder" / "requirements.txt").write_text(REQUIREMENTS + "-e .\n")
    python, pins, sources, post_build = order(dockerfile(tree))
    assert python < sources < pins or pins == -1


def test_the_short_launch_opens_the_first_lesson_and_runs_it(browser, tmp_path):
    """`browser` is asked for only so that the test is skipped, or fails, where there is none: the launch starts its own."""
    report = launch_in_a_process(tmp_path)
    assert re.search(r"^postBuild +1 packages", report, re.MULTILINE) and len(re.findall("opened and run", report)) == 1


def launch_in_a_process(place) -> str:
    """In a process of its own: two playwrights in one thread refuse each other."""
    script = f"from pathlib import Path; from tests.launch import launch; print(launch(Path({str(place)!r}), short=True, only=1))"
    ended = subprocess.run([sys.executable, "-c", script], cwd=driving.ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_command_that_fails_ends_the_launch(tmp_path):
    with pytest.raises(launch.LaunchError, match="ended with 3"):
        launch._run([sys.executable, "-c", "print('why'); raise SystemExit(3)"], tmp_path, dict(os.environ))


def test_outputs_left_in_the_learners_copy_and_a_missing_lesson_are_seen(tmp_path):
    originals = launch.lessons.lesson_files(driving.ROOT / "notebooks" / "lessons")
    with pytest.raises(launch.LaunchError, match="holds"):
        launch._learners_copies(tmp_path)
    for path in originals:
        nb.write(tmp_path / "backproplab-lessons" / path.name, nb.executed_lesson())
    with pytest.raises(launch.LaunchError, match="Outputs are left"):
        launch._learners_copies(tmp_path)
