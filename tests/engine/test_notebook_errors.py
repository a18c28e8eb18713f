"""In a notebook the learner's own lines are shown and the package's frames are not."""
import contextlib
import io
import warnings

import pytest

IPython = pytest.importorskip("IPython")


@pytest.fixture(scope="module")
def cell():
    """Run a cell and give back what is printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
    for setting in ("nocolor", "NoColor"):
        with contextlib.suppress(Exception):
            shell.colors = setting
            break

    def run(source):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            shell.run_cell(source)
        return out.getvalue()
    run("import math\nimport numpy as np\nimport backproplab as bl\n\ndef layer(X, W):\n    Z = X @ W\n    return np.sum(Z)\n"
        "def broken(x):\n    return undefined * x\ndef plain(x):\n    return math.sin(x)\n")
    yield run
    InteractiveShell.clear_instance()


def test_an_error_inside_the_function_shows_its_line(cell):
    shown = cell("bl.trace(layer, X=np.ones((3, 4)), W=np.ones((3, 2)))")
    assert "Z = X @ W" in shown and "ShapeError" in shown and "X has shape (3, 4)" in shown
    assert "/engine/" not in shown and "engine." not in shown and "site-packages" not in shown


@pytest.mark.parametrize("call", ["bl.trace(layer, X=np.ones((3, 4)))", "bl.grad(plain)(1.0)", "bl.check_gradients(plain, x='2')",
                                  "bl.trace(plain, 2.0).explain('q')"])
def test_the_packages_frames_are_hidden(cell, call):
    shown = cell(call)
    assert call in shown and "Error" in shown and "/engine/" not in shown


@pytest.mark.parametrize("call", ["bl.trace(broken, 1.0)", "bl.grad(broken)(1.0)", "bl.value_and_grad(broken)(1.0)"])
def test_an_error_of_the_learners_own_is_shown_without_them_too(cell, call):
    shown = cell(call)
    assert "return undefined * x" in shown and "NameError" in shown and "/engine/" not in shown


def test_a_plain_error_is_shown_whole_elsewhere():
    """Outside a notebook Python prints the traceback as always."""
    import traceback

    import backproplab as bl
    try:
        bl.trace(lambda x: x, "a")
    except bl.InputError as error:
        assert "calling.py" in "".join(traceback.format_exception(error))
