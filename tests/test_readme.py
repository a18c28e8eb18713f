"""README.md is the first lesson: its commands are the ones that are tried, its example runs, its links lead somewhere."""
from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


SH, POWERSHELL, (EXAMPLE,) = blocks("sh"), blocks("powershell"), blocks("python")


def test_there_are_two_set_up_commands_of_one_line_each():
    assert len(SH) == 2 and all(block.count("\n") == 1 for block in SH)


def test_each_command_makes_its_own_environment_and_installs_one_extra_of_ours():
    """So that they work where the system's Python refuses to install for everyone."""
    for command, extra in zip(SH, ("lab", "test"), strict=True):
        venv, install, _ = command.split(" && ")
        assert shlex.split(venv) == ["python3", "-m", "venv", ".venv"]
        assert shlex.split(install) == [".venv/bin/pip", "install", "-e", f".[{extra}]"]
        assert extra in PROJECT["optional-dependencies"]


def test_one_command_ends_with_the_first_lesson_the_other_with_the_tests():
    assert SH[0].split(" && ")[-1].split() == [".venv/bin/backproplab", "lab"]
    assert SH[1].split(" && ")[-1].split()[:3] == [".venv/bin/python", "-m", "pytest"]


def test_the_windows_forms_are_the_same_commands_and_marked_as_not_run():
    def on_windows(command: str) -> str:
        return command.replace("python3", "py").replace(" && ", "; ").replace(".venv/bin/", ".venv\\Scripts\\")
    assert [on_windows(command) for command in SH] == POWERSHELL
    assert "not run by us" in README.partition("```powershell")[0].splitlines()[-2]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_continuous_integration_runs_the_test_command_as_it_stands():
    shown = subprocess.run(["bash", ROOT / ".ci" / "run", "--show-test-command"], capture_output=True, text=True, check=True).stdout
    assert shown == SH[1]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("readme, shown", [
    (README.replace("pytest -n 2", "pytest -n 3"), SH[1].replace("pytest -n 2", "pytest -n 3")),
    (README.replace("## Set up", "## Elsewhere"), ""),
    (README.replace("```sh", "```bash"), ""),
], ids=["another command", "no such section", "no such block"])
def test_continuous_integration_reads_the_readme_and_says_when_it_cannot(tmp_path, readme, shown):
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    ended = subprocess.run(["bash", tmp_path / ".ci" / "run", "--show-test-command"], capture_output=True, text=True)
    assert (ended.stdout, ended.returncode) == (shown, 0 if shown else 1)
    assert ("Set up" in ended.stderr) == (not shown)


def test_the_python_version_is_the_packages():
    assert f"Python {PROJECT['requires-python'].removeprefix('>=')} or newer" in README


def test_the_picture_comes_before_the_prose_and_every_link_in_the_tree_leads_somewhere():
    lines = [line for line in README.splitlines() if line]
    assert lines[0] == "# backproplab" and lines[1].startswith("![")
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert targets and [target for target in targets if not (ROOT / target).exists()] == []


def test_there_is_no_badge_of_a_service_that_may_not_be_there():
    assert not re.findall(r"!\[[^\]]*\]\(https?:", README)


COMMENTED = re.compile(r"^(\S.*?) +# ((?:-?\d+\.\d+(?:\.\.\.)?(?:, )?)+)", re.MULTILINE)
SHOW = """
import runpy, sys
scope = runpy.run_path(sys.argv[1])
for expression in sys.argv[2:]:
    value = eval(expression, scope)
    print(*map(float, value if isinstance(value, tuple) else (value,)))
"""


def test_the_example_runs_and_gives_the_numbers_beside_it(tmp_path):
    claims = {expression: values.split(", ") for expression, values in COMMENTED.findall(EXAMPLE)}
    assert len(claims) == 2
    (tmp_path / "example.py").write_text(EXAMPLE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    ended = subprocess.run([sys.executable, "-c", SHOW, tmp_path / "example.py", *claims], cwd=tmp_path, env=environment,
                           capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    shown = [line.split() for line in ended.stdout.splitlines()[-len(claims):]]
    for values, numbers in zip(claims.values(), shown, strict=True):
        for value, number in zip(values, numbers, strict=True):
            assert number.startswith(value.removesuffix("...")), (value, number)
    assert "g_a = g_d * d" in ended.stdout and ended.stderr == ""


def test_both_licenses_are_told():
    told = README.partition("## License")[2]
    assert "BSD-3-Clause" in told and "CC BY 4.0" in told
