"""A learner declares an operation: six lines, checked at once."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.rules import NUMPY, OPERATIONS


def test_six_lines_are_enough():
    @bl.operation
    class cube:
        """x * x * x."""
        def forward(x): return x * x * x
        def backward(g, out, x): return g * 3 * x**2
    run = bl.trace(lambda x: np.sum(cube(x)), np.array([1.0, 2.0]))
    assert run.grads["x"].tolist() == [3, 12] and "def cube(x):" in bl.source(run) and cube(2.0) == 8
    scope = {}
    exec(bl.source(run), scope)
    assert scope[run.program.name](np.array([1.0, 2.0]))[1]["x"].tolist() == [3, 12]
    assert bl.grad(bl.grad(lambda x: cube(x)))(2.0) == 12 and bl.jvp(lambda x: cube(x), (2.0,), (1.0,)) == (8, 12)
    assert list(bl.trace(lambda x: cube(x), 2.0).expanded("cube").variables["y"].inputs) == ["x"]


def test_a_numpy_function_that_is_missing():
    try:
        @bl.operation(np.arctan)
        class arctan:
            """The angle whose tangent is x."""
            def forward(x): return np.arctan(x)
            def backward(g, out, x): return g / (1 + x**2)
        assert bl.check_gradients(lambda x: np.sum(np.arctan(x)),
                                  np.array([0.3, -2.0])) and "np.arctan(x)" in bl.source(bl.trace(lambda x: np.arctan(x), 1.0))
    finally:
        NUMPY.pop(np.arctan, None)
        OPERATIONS.pop("arctan", None)


WRONG = {
    "a wrong sign": ("def forward(x): return np.sin(x)", "def backward(g, out, x): return -g * np.cos(x)", "central difference"),
    "a missing factor": ("def forward(x): return x * x", "def backward(g, out, x): return g * x", "central difference"),
    "g forgotten": ("def forward(x): return x * 2", "def backward(g, out, x): return 2 * np.ones(np.shape(x))", "central difference"),
    "gradients exchanged": ("def forward(x, y): return x / y", "def backward(g, out, x, y): return -g * x / y**2, g / y", "gradient for x"),
    "one gradient for two inputs": ("def forward(x, y): return x * y", "def backward(g, out, x, y): return g * y", "1 gradient for 2 inputs"),
    "a transposed gradient": ("def forward(x): return x * 1", "def backward(g, out, x): return g.T", "(3, 2)"),
    "a rule that fails": ("def forward(x): return x * 1", "def backward(g, out, x): return g * np.reshape(x, (7, 7))", "ValueError"),
    "other parameters": ("def forward(x): return x", "def backward(g, out, z): return g", "(g, out, x)"),
    "a loop": ("def forward(x): return x", "def backward(g, out, x):\n        for k in range(2):\n            g = g * 1\n        return g",
               "for k in range(2)"),
    "an update": ("def forward(x): return x", "def backward(g, out, x):\n        g += x\n        return g", "g += x"),
    "a test of values": ("def forward(x): return x", "def backward(g, out, x):\n        if x > 0:\n            return g\n        return g",
                         "np.where"),
    "a function of its own": ("def forward(x): return x", "def backward(g, out, x): return helper(g)", "helper"),
    "no forward": ("", "def backward(g, out, x): return g", "no function called `forward`"),
}


@pytest.mark.parametrize("forward, backward, word", WRONG.values(), ids=WRONG)
def test_a_wrong_declaration_is_refused_at_once(forward, backward, word, tmp_path):
    import importlib.util
    path = tmp_path / "declared.py"
    path.write_text("import numpy as np\nimport backproplab as bl\ndef helper(g): return g\n"
                    f"@bl.operation\nclass planted:\n    {forward or 'pass'}\n    {backward}\n",
                    encoding="utf-8")
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location("declared", path))
    with pytest.raises(bl.RuleError) as caught:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    assert word in str(caught.value) and caught.value.attempted and caught.value.came_in and caught.value.instead
    assert "planted" not in OPERATIONS


def test_numpys_own_derivative_is_not_replaced():
    with pytest.raises(bl.RuleError, match="declared already"):
        @bl.operation(np.exp)
        class exp:
            def forward(x): return np.exp(x)
            def backward(g, out, x): return g * out


def test_what_cannot_be_read_is_said():
    with pytest.raises(bl.RuleError, match="notebook cell"):
        exec("import backproplab as bl\n@bl.operation\nclass typed:\n    def forward(x): return x\n    def backward(g, out, x): return g\n", {})


def test_every_operation_of_the_vocabulary_passes_the_check():
    from backproplab.engine.registration import check
    for op in OPERATIONS.values():
        check(op)


def test_in_a_notebook():
    IPython = pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("import numpy as np\nimport backproplab as bl\n@bl.operation\nclass quart:\n    '''x to the fourth.'''\n"
                       "    def forward(x): return x**4\n    def backward(g, out, x): return g * 4 * x**3\n")
        result = shell.run_cell("def f(x):\n    a = quart(x)\n    return a * 2\nr = bl.trace(f, 2.0)\n"
                                "(r.grads['x'], list(r.variables), [v.line for v in r.variables.values()])")
        assert result.result == (64, ["x", "a", "y"], [0, 2, 3]), IPython.__version__
    finally:
        InteractiveShell.clear_instance()


def declared_relu():
    """A learner's relu, twice as steep as ours; the registry forgets it at the end of the test."""
    @bl.operation
    class relu:
        """2 max(x, 0)."""
        def forward(x): return np.maximum(x, 0) * 2
        def backward(g, out, x): return np.where(x > 0, 2 * g, 0)
    return relu


def test_a_name_that_is_taken_mixes_nothing_up(monkeypatch):
    """A program has one relu: two in one function are refused, and each alone stays itself whatever was declared since."""
    for name in ("relu", "sigmoid"):
        monkeypatch.setitem(OPERATIONS, name, OPERATIONS[name])          # put back afterwards
    steep = declared_relu()

    @bl.operation
    class sigmoid:
        """Not a sigmoid at all."""
        def forward(x): return x * 7.0
        def backward(g, out, x): return g * 7.0
    alone = bl.trace(lambda x: steep(x), 3.0)
    assert alone.value == alone.program(3.0)[0] == 6 and bl.trace(lambda x: bl.relu(x), 3.0).program(3.0)[0] == 3
    both = bl.trace(lambda x: bl.relu(x) + steep(x), 3.0)
    assert both.value == 9 and both.grads["x"] == 3
    for ask in (lambda: bl.source(both), lambda: both.steps):
        with pytest.raises(bl.RuleError, match="two different operations called relu"):
            ask()
    smooth = bl.trace(lambda x: bl.softplus(x), 0.5)                     # its rule calls our sigmoid
    assert smooth.variables["x"].uses[0].local == smooth.grads["x"] == bl.sigmoid(0.5) == smooth.program(0.5)[1]["x"]


def test_decorating_something_else_is_said():
    with pytest.raises(bl.RuleError, match="Put it on a class"):
        @bl.operation
        def cube(x):
            return x**3
    with pytest.raises(bl.RuleError, match="leave out self"):
        @bl.operation
        class cubed:
            def forward(self, x): return x**3
            def backward(self, g, out, x): return g * 3 * x**2
