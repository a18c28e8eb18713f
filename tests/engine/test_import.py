"""`import backproplab` loads NumPy and nothing heavy; the engine's docstring says where things are."""
import pathlib
import re
import subprocess
import sys

import backproplab.engine

HEAVY = ("networkx", "matplotlib", "ipywidgets", "anywidget", "IPython", "jupyterlab", "traitlets", "scipy", "pandas", "nbformat")
SCRIPT = """
import sys
import numpy
before = set(sys.modules)
import backproplab
new = set(sys.modules) - before
print(sorted(new))
"""


def loaded():
    out = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    return eval(out.stdout)


def test_nothing_heavy_is_loaded():
    new = loaded()
    assert not [m for m in new if m.split(".")[0] in HEAVY]
    rooms = {m.split(".")[1] for m in new if m.startswith("backproplab.") and "." in m}
    assert rooms == {"engine"}, "another room is loaded before it is used"


def test_only_the_standard_library_comes_on_top_of_numpy():
    assert {m.split(".")[0] for m in loaded()} - set(sys.stdlib_module_names) <= {"backproplab", "numpy"}


def test_the_map_names_every_file():
    """Who opens the engine reads in its docstring where things are: a new file is entered there."""
    home = pathlib.Path(backproplab.engine.__file__).parent
    files = {p.stem for p in home.glob("*.py")} | {p.name for p in home.iterdir() if (p / "__init__.py").exists()}
    told = set(re.findall(r"`(\w+)`", backproplab.engine.__doc__))
    assert files - {"__init__"} == told, f"missing: {sorted(files - told)}, gone: {sorted(told - files)}"
