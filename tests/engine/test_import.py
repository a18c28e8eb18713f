"""`import backproplab` loads NumPy and nothing heavy."""
import subprocess
import sys

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
