"""What Binder does, on this machine and without Docker: an environment like its image, `binder/`, JupyterLab, every lesson run in it.

    python -m tests.launch [--short] [--python PYTHON]

The long form installs from a package index into a fresh environment: first what the image brings (the versions in repo2docker's own
lock file), then binder/requirements.txt, then runs binder/postBuild, and reports packages, megabytes and seconds. The short form,
which the tests use, borrows the libraries of the running environment instead and downloads nothing; postBuild and JupyterLab are the
same. Both need Chromium.
"""
from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backproplab import lessons
from tests import browser as driving
from tests import notebook_files as nb

BASE_URL = "/user/someone/"               # Binder serves each learner below an address of their own
PYTHON = "3.12"
# Of the image's packages, those that its recipe asks for and those that ours meet; pip adds what they need.
IMAGE = ("jupyterlab", "notebook", "ipywidgets", "jupyter_server", "ipykernel", "packaging", "python-dateutil", "typing_extensions", "traitlets")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "dist", "build", "*-lessons")


class LaunchError(Exception):
    """The launch did not do what Binder's has to do."""


@dataclass
class Report:
    """What was found: for each stage (packages, megabytes, seconds), and the lessons that ran."""

    stages: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    lessons: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        stages = [f"{name:24} {packages:4} packages {size:6.0f} MB {seconds:6.1f} s" for name, (packages, size, seconds) in self.stages.items()]
        return "\n".join([*stages, *(f"{name:24} opened and run in {seconds:.1f} s" for name, seconds in self.lessons.items())])


def image_pins() -> list[str]:
    """The image's packages as pip writes them, from repo2docker's lock file."""
    import repo2docker.buildpacks.conda as conda

    lock = Path(conda.__file__).with_name(f"environment.py-{PYTHON}-linux-64.lock").read_text(encoding="utf-8")
    found = {name.replace("_", "-"): version for name, version in re.findall(r"/([\w.-]+?)-(\d[\w.]*)-[^-/]+\.(?:conda|tar\.bz2)", lock)}
    return [f"{name}=={found[name.replace('_', '-')]}" for name in IMAGE]


def launch(place: Path, python: str = sys.executable, short: bool = False, only: int | None = None) -> Report:
    """Build and launch in an empty folder; see the top of this file.

    Parameters
    ----------
    place : Path
        An empty folder; the repository is copied to its `home`, which postBuild writes to.
    python : str
        The interpreter of the fresh environment; in the short form that of the running one.
    short : bool
        Without an index.
    only : int, optional
        How many lessons to run.

    Raises
    ------
    LaunchError
        When a command fails, the copy is not as a learner should get it, or a lesson ends with an error.
    """
    home, env, report = place / "home", place / "env", Report()
    shutil.copytree(driving.ROOT, home, ignore=LEFT_OUT)
    environment = driving.own_settings(place / "jupyter") | {"PATH": f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(home)}
    environment = {name: value for name, value in environment.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    if short:
        _borrowed(env)
        environment["PIP_NO_BUILD_ISOLATION"] = "0"       # which pip reads as: build with what is here
        environment["PIP_NO_INDEX"] = "1"
    else:
        # Whatever Python this machine has: for the image's there must be a wheel of each pin, and no two may exclude each other.
        elsewhere = ["--dry-run", "--target", place / "none", "--python-version", PYTHON, "--only-binary=:all:", *image_pins()]
        _run([sys.executable, "-m", "pip", "install", "--quiet", *elsewhere, "-r", home / "binder" / "requirements.txt"], home, environment)
        _run([python, "-m", "venv", env], home, environment)
        for stage, wanted in (("the image", image_pins()), ("requirements.txt", ["-r", home / "binder" / "requirements.txt"])):
            with _measured(report, stage, env):
                _run([env / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], home, environment)
    with _measured(report, "postBuild", env):
        _run([home / "binder" / "postBuild"], home, environment)
    if not short:
        _run([env / "bin" / "python", "-m", "pip", "check"], home, environment)
    copies = _learners_copies(home)
    with _jupyterlab(home, env, environment, place / "lab.log") as server:
        _opens_the_first(server, copies[0])
        report.lessons = _run_lessons(server, copies[:only])
    return report


def _borrowed(env: Path) -> None:
    """An environment that finds the libraries of the running one, and has its own place for what is installed into it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", env], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(env), "platbase": str(env)}))
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    (env / "share").mkdir(exist_ok=True)
    (env / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")


@contextlib.contextmanager
def _measured(report: Report, stage: str, env: Path) -> Iterator[None]:
    started = time.monotonic()
    yield
    site = Path(sysconfig.get_path("purelib", vars={"base": str(env), "platbase": str(env)}))
    site = next((env / "lib").glob("python*")) / "site-packages" if not site.exists() else site
    size = sum(path.stat().st_size for path in env.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6
    report.stages[stage] = len(list(site.glob("*.dist-info"))), size, time.monotonic() - started


def _run(command: list, folder: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run([str(word) for word in command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode:
        raise LaunchError(f"{' '.join(map(str, command))} ended with {ended.returncode}:\n{ended.stdout[-3000:]}")


def _learners_copies(home: Path) -> list[Path]:
    """The lessons as postBuild made them, each without an output."""
    copies = lessons.lesson_files(home / "backproplab-lessons")
    originals = lessons.lesson_files(driving.ROOT / "notebooks" / "lessons")
    if [path.name for path in copies] != [path.name for path in originals]:
        raise LaunchError(f"The learner's copy holds {[path.name for path in copies]}")
    seen = [path.name for path in copies if any(cell.get("outputs") or cell.get("execution_count") for cell in nb.read(path)["cells"])]
    if seen:
        raise LaunchError(f"Outputs are left in {seen}")
    return copies


@contextlib.contextmanager
def _jupyterlab(home: Path, env: Path, environment: dict[str, str], log: Path) -> Iterator[driving.LabServer]:
    port = driving.free_port()
    command = [env / "bin" / "python", "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.base_url={BASE_URL}",
               "--LabApp.expose_app_in_browser=True", "--LabApp.news_url="]
    with open(log, "w") as output:
        process = subprocess.Popen([str(word) for word in command], cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    server = driving.LabServer(f"http://127.0.0.1:{port}{BASE_URL.rstrip('/')}", home)
    try:
        driving.wait_for(server.url, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _opens_the_first(server: driving.LabServer, lesson: Path) -> None:
    """Whoever comes without a link to a lesson is led to the first."""
    with urllib.request.urlopen(server.url + "/", timeout=60) as reply:
        if not reply.url.endswith(f"{BASE_URL}lab/tree/backproplab-lessons/{lesson.name}"):
            raise LaunchError(f"{server.url}/ leads to {reply.url}")


def _run_lessons(server: driving.LabServer, copies: list[Path]) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    seconds = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driving.chromium(), args=driving.FLAGS)
        for lesson in copies:
            started = time.monotonic()
            with driving.watched_page(browser) as page:
                driving.open_notebook(page, server, f"backproplab-lessons/{lesson.name}")
                errors = driving.run_all(page)
                driving.shut_kernel_down(page)
            if errors:
                raise LaunchError(f"{lesson.name}: {errors}")
            seconds[lesson.name] = time.monotonic() - started
        browser.close()
    return seconds


def _interpreter() -> str:
    """The image's Python if this machine has it, else the running one."""
    found = shutil.which(f"python{PYTHON}")
    works = found and subprocess.run([found, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0
    return found if found and works else sys.executable


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.launch", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="borrow this environment's libraries; nothing is downloaded")
    parser.add_argument("--python", help=f"the interpreter of the fresh environment; by default python{PYTHON}, else this one")
    options = parser.parse_args(arguments)
    python = options.python or _interpreter()
    print(f"With {python}", flush=True)
    with tempfile.TemporaryDirectory(prefix="backproplab-launch-") as place:
        try:
            print(launch(Path(place), python, options.short))
        except LaunchError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
