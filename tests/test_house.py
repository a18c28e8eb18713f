"""The house: who may use whom, what importing costs, and what the tree must not name.

Every rule is a function that returns what breaks it, and has a test in which it finds a planted breach.
"""
from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "backproplab"

# A room uses itself and the rooms on floors below its own, and no other room of its floor. A new room is entered here first.
FLOORS = {
    "engine": 1,
    "calculus": 2, "nn": 2,
    "notation": 3,
    "drawing": 4,
    "questions": 5, "experiments": 5,
    "widgets": 6,
    "exercises": 7,
    "grading": 8,
    "lessons": 8,       # used by the command, and by the build hook without the rest: it imports the standard library alone
    "serving": 8,
    "cli": 9,
    "__main__": 10,     # `python -m backproplab`
    "__init__": 10,     # joins the rooms, so it stands above them
}


def imported(source: str, package: str) -> Iterator[tuple[int, str]]:
    """(line, room) for every import of this package in a source text that lies in `package`, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[:len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            # `from backproplab import drawing` names a room; `from backproplab import trace` a thing of the top.
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "backproplab" else [module]
        else:
            continue
        for parts in (name.split(".") for name in names):
            if parts[0] == "backproplab":
                yield node.lineno, parts[1] if len(parts) > 1 and parts[1] in FLOORS else "__init__"


def breaches(room: str, source: str, package: str) -> list[str]:
    """The imports in a source text of a room that go sideways or up."""
    found = [f"line {line}: {room} (floor {FLOORS[room]}) imports {other} (floor {FLOORS[other]})"
             for line, other in imported(source, package) if other != room and FLOORS[other] >= FLOORS[room]]
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and room != "__init__"]
    # f"{__name__}.{file}" finds the files of the folder itself, which no floor forbids.
    hidden = [f"line {call.lineno}: {room} imports by a name given at run time" for call in calls
              if ast.unparse(call.func).endswith(("import_module", "__import__")) and not ast.unparse(call.args[0]).startswith("f'{__name__}.")]
    return found + hidden


def room_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_has_a_floor():
    assert {room_of(path) for path in SOURCES} <= FLOORS.keys()


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(PACKAGE).as_posix() for path in SOURCES])
def test_a_floor_imports_only_from_floors_below(path):
    package = ".".join(["backproplab", *path.relative_to(PACKAGE).parent.parts])
    assert breaches(room_of(path), path.read_text(encoding="utf-8"), package) == []


@pytest.mark.parametrize("room, package, source", [
    ("engine", "backproplab.engine", "from ..notation import latex"),
    ("engine", "backproplab.engine", "from .. import drawing"),
    ("engine", "backproplab.engine.vocabulary", "from ...widgets.state import state"),
    ("engine", "backproplab.engine", "import backproplab.widgets as w"),
    ("engine", "backproplab.engine", "def f():\n    from backproplab.questions import bank"),
    ("engine", "backproplab.engine", "if TYPE_CHECKING:\n    from backproplab import notation"),
    ("drawing", "backproplab.drawing", "import numpy as np\nimport backproplab as bl"),
    ("drawing", "backproplab.drawing", "from backproplab import trace"),
    ("calculus", "backproplab.calculus", "from ..nn import layers"),
    ("cli", "backproplab", "from . import __version__"),
    ("engine", "backproplab.engine", "import importlib\nimportlib.import_module('.widgets', 'backproplab')"),
    ("questions", "backproplab.questions", "from importlib import import_module\nimport_module(f'{room}.{name}')"),
])
def test_an_import_from_above_or_beside_is_found(room, package, source):
    assert len(breaches(room, source, package)) == 1


@pytest.mark.parametrize("room, package, source", [
    ("drawing", "backproplab.drawing", "from ..engine import Run\nfrom .layers import Layers\nfrom . import routes"),
    ("engine", "backproplab.engine.vocabulary", "from ..rules import operation\nfrom . import shaping\nfrom ...engine import run"),
    ("widgets", "backproplab.widgets", "import networkx\nfrom backproplab import drawing\nimport backproplab.engine.graph"),
    ("cli", "backproplab", "from . import serving\nfrom .lessons import hand_out"),
    ("__init__", "backproplab", "from .engine import trace\nfrom . import widgets"),
    ("questions", "backproplab.questions.bank", "from importlib import import_module\nimport_module(f'{__name__}.{name}')"),
])
def test_an_import_from_below_or_of_the_rooms_own_is_fine(room, package, source):
    assert breaches(room, source, package) == []


def test_what_the_build_hook_loads_imports_the_standard_library_alone():
    tree = ast.parse((PACKAGE / "lessons.py").read_text(encoding="utf-8"))
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    assert modules and {name.split(".")[0] for name in modules} <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]


# What importing costs -----------------------------------------------------------------------------------------------------------

HEAVY = {"networkx", "matplotlib", "ipywidgets", "anywidget", "IPython", "jupyterlab", "pandas", "scipy"}


def loaded(statement: str) -> set[str]:
    """The top-level modules that a statement loads in a new Python, without NumPy and the standard library."""
    script = f"import sys, numpy as np; before = set(sys.modules)\n{statement}\nprint(*(set(sys.modules) - before), sep='\\n')"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name.split(".")[0] for name in told.split()} - sys.stdlib_module_names - {"numpy"}


def test_importing_the_package_loads_numpy_and_nothing_else():
    assert loaded("import backproplab") == {"backproplab"}


def test_tracing_and_printing_load_nothing_more():
    work = "f = lambda x, z: np.exp(x * z); run = bl.trace(f, 2.0, 3.0); run.steps; bl.source(run); bl.check_gradients(f, 2.0, 3.0)"
    assert loaded(f"import backproplab as bl; {work}") == {"backproplab"}


def test_the_command_loads_nothing_heavy_before_it_is_needed():
    assert loaded("import backproplab.cli").isdisjoint(HEAVY)


def test_a_heavy_import_is_found():
    assert "networkx" in loaded("import backproplab, networkx") & HEAVY


# What the tree must not name ----------------------------------------------------------------------------------------------------

TEXTS = {".py", ".md", ".toml", ".cfg", ".ipynb", ".js", ".css", ".json", ".html", ".svg", ".txt", ".yml", ".yaml", ".sh", ""}
SKIPPED = re.compile(r"\.(git|venv.*|ipynb_checkpoints|hypothesis|\w+_cache)|__pycache__|build|dist|backproplab-lessons")


def files() -> list[Path]:
    """The text files of the tree: what git knows or would take; without git, whatever lies there."""
    found = [path for path in ROOT.rglob("*") if not any(map(SKIPPED.fullmatch, path.relative_to(ROOT).parts))]
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True)
        if listed.returncode == 0:
            found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return sorted(path for path in found if path.is_file() and path.suffix in TEXTS)


# In brackets, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w./~])/(?:home|Users|root|work|tmp|opt|mnt|srv)/[\w.-]|\b[A-Z]:[\\][\\]?\w",
    "a package registry": r"py[p]i\.(?:org|python)|python[h]osted|anaconda\.(?:org|com)|npm[j]s|registr[y]\.|unpk[g]|jsdeliv[r]"
                          r"|--(?:extra-)?index[-]url",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def named(text: str) -> list[str]:
    """What a text names that it should not: kind and wording."""
    return [f"{kind}: {match[0]!r}" for kind, pattern in FORBIDDEN.items() for match in re.finditer(pattern, text)]


def test_the_tree_names_no_machine_and_no_registry():
    assert {path.relative_to(ROOT).as_posix(): found for path in files() if (found := named(text_of(path)))} == {}


@pytest.mark.parametrize("parts", [
    ("see /ho", "me/ann/notes"), ("File \"/wo", "rk/main/x.py\""), ("`/tm", "p/ipykernel_12/3.py`"), ("C:", "\\\\Users\\\\ann"),
    ("https://py", "pi.org/simple"), ("--index", "-url https://x"), ("https://cdn.jsde", "livr.net/npm/x"),
])
def test_a_machines_path_or_a_registry_is_found(parts):
    assert len(named("".join(parts))) >= 1


@pytest.mark.parametrize("text", ["notebooks/lessons", "lab/tree/04.ipynb", "x/work/y", "a / b", "~/mine", "https://x.org/home/x",
                                  "../root/x", "see x:\\y"])
def test_an_ordinary_path_is_fine(text):
    assert named(text) == []


def test_one_place_holds_the_repositorys_address():
    address = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
    assert [path.name for path in files() if address.removeprefix("https://") in text_of(path)] == ["pyproject.toml"]


def test_no_solution_lies_where_it_would_be_handed_out():
    assert [path for path in (ROOT / "notebooks").rglob("*") if "solution" in path.name.lower()] == []


def test_notebooks_and_data_are_valid_json():
    for path in files():
        if path.suffix in (".ipynb", ".json"):
            json.loads(path.read_text(encoding="utf-8"))
