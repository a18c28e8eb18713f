"""The reader of typed formulas: what a learner types, kindly; nonsense, firmly; anything dangerous, never."""
import contextlib

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from backproplab.engine.errors import BackpropError
from backproplab.notation import FormulaError, Setting, plain, read, sides, typeset, value
from tests.notation.reference import close, worth
from tests.notation.test_tidy import expressions

NAMES = ["x", "y", "t", "z", "a", "g_y", "W", "g", "v"]
NDIMS = {"W": 2, "g": 1, "v": 1}


def python(formula, **options):
    return str(read(formula, NAMES, NDIMS, **options))


@pytest.mark.parametrize("typed, wanted", [
    ("g_y * np.exp(a)", "g_y * np.exp(a)"),
    ("g_y e^a", "g_y * np.exp(a)"),
    ("2x(y − t)", "2 * x * (y - t)"),
    ("-2 (y - t) x", "-(2 * (y - t) * x)"),
    ("y(1-y)", "y * (1 - y)"),
    ("xz", "x * z"),
    ("x² + x³", "x ** 2 + x ** 3"),
    ("x^-1", "x ** (-1)"),
    ("-x^2", "-x ** 2"),
    ("a × b".replace("b", "x"), "a * x"),
    ("a · x ÷ y", "a * x / y"),
    ("g_y a / x^2", "g_y * a / x ** 2"),
    ("cos x sin y", "np.cos(x) * np.sin(y)"),
    ("sin^2 x", "np.sin(x) ** 2"),
    ("ln y / 3", "np.log(y) / 3"),
    ("√x y", "np.sqrt(x) * y"),
    ("|x − y|", "np.abs(x - y)"),
    ("σ(a)", "sigmoid(a)"),
    ("max(x, 0)", "np.maximum(x, 0)"),
    ("W v", "W @ v"),
    ("W^T g", "W.T @ g"),
    ("Wᵀ g", "W.T @ g"),
    ("W' g", "W.T @ g"),
    ("g v^T", "np.outer(g, v)"),
    ("g · v", "g @ v"),
    ("g ⊙ v", "g * v"),
    ("2 W v", "2 * W @ v"),
    ("g_y W^⊤ g", "g_y * W.T @ g"),
    ("g [v > 0]", "g * np.where(v > 0, 1, 0)"),
    ("(v > 0) * g", "(v > 0) * g"),
    ("Σ g ⊙ v", "np.sum(g * v)"),
    ("Σ_{axis 0} W + x", "np.sum(W, axis=0) + x"),
    ("W[:, 0] + v[1:3] + W[0][1]", "W[:, 0] + v[1:3] + W[0][1]"),
    ("v[:, None].T", "v[:, None].T"),
    ("W.sum(axis=0)", "np.sum(W, axis=0)"),
    ("np.array([[1, 2], [3, x]])", "np.array([[1, 2], [3, x]])"),
    ("2exp(x)", "2 * np.exp(x)"),
    ("1.5e3 x", "1500.0 * x"),
    ("pi x", "3.141592653589793 * x"),
])
def test_what_a_learner_types(typed, wanted):
    assert python(typed) == wanted


@pytest.mark.parametrize("typed, says", [
    ("", "nothing was typed"), ("   ", "nothing was typed"), ("x +", "ends where something must follow"),
    ("x * * y", "a name or a number must stand"),
    ("(x", r"no \)"), ("x)", "cannot go on"), ("[x", r"no \]"), ("|x", "no partner"), ("exp()", "no argument"),
    ("exp", "no argument"),
    ("1/2 x", "two ways"), ("sin x y", "two ways"), ("q7", "not a name here"), ("g_x", "Did you mean g_y"), ("x = 1", "= too many"),
    ("1,5 * x", "comma"), ("'x'", "quotes"), ("x; y", "means nothing here"), ("x $ y", "means nothing here"), ("😀", "means nothing here"),
    ("sin(x, y)", "2 arguments"), ("np.exp(x, out=y)", "out="), ("np.linalg.inv(W)", "not on the list"), ("np.load", "not on the list"),
    ("x.__class__", "not on the list"), ("__import__('os').system('ls')", "not a name here"), ("open('f')", "not a name here"),
    ("lambda: x", "not a name here"), ("[i for i in v]", "not a name here"), ("x if y else z", "not a name here"), ("eval('x')", "not a name here"),
    ("v[v > 0]", "index"), ("x[1.5]", "whole number"), ("x" * 3000, "3000 characters"), ("(" * 60 + "x" + ")" * 60, "brackets stand inside"),
    ("x**" * 300 + "x", "nested too deeply"), ("+".join(["x"] * 900), "more than|characters"), ("1" * 50, "50 characters"), ("unit[0]", "how long"),
    ("x < y < t", "two comparisons"), ("\\frac{x}{y}", "means nothing here"), ("x\x00", "means nothing here")])
def test_what_cannot_be_read_is_said_in_three_parts(typed, says):
    with pytest.raises(FormulaError, match=says) as caught:
        read(typed, NAMES, NDIMS)
    e = caught.value
    assert e.attempted and e.came_in and e.instead and len(str(e)) < 500


@pytest.mark.parametrize("typed", [None, 3, b"x", ["x"]])
def test_only_text_is_read(typed):
    with pytest.raises(FormulaError, match="not text"):
        read(typed, NAMES)


def test_a_variable_called_e_is_asked_about():
    with pytest.raises(FormulaError, match="exponential"):
        read("e^x", ["e", "x"])
    assert str(read("e^x", ["e", "x"], euler=True)) == "np.exp(x)"
    assert str(read("e^x", ["e", "x"], euler=False)) == str(read("(e)^x", ["e", "x"])) == "e ** x"


def test_names_of_any_letters():
    assert str(read("∂y/∂a · x", {"∂y/∂a": "g_a", "x": "x"})) == "g_a * x"
    assert str(read("2 θ ŷ", ["θ", "ŷ"])) == "2 * θ * ŷ"
    assert str(read("e * N", ["e", "N"])) == "e * N"                     # letters that mean something elsewhere
    assert str(read("W^T", {"W": "W", "T": "T"})) == "W ** T"


@pytest.mark.parametrize("typed, says", [
    ("np.ones((100000, 100000))", "10,000,000,000"), ("np.eye(100000)", "entries"), ("np.broadcast_to(x, (100000, 100000))", "entries"),
    ("W @ v", "as long as the first axis"), ("W + v", "shapes must be equal"), ("W[7]", "does not exist"), ("x @ x", r"multiplied with \*"),
    ("np.reshape(W, (7, 7))", "NumPy says"), ("np.array([[1, 2], [3]])", "one shape")])
def test_what_cannot_be_computed_is_said(typed, says):
    scope = {"W": np.ones((2, 3)), "v": np.ones(2), "x": np.float64(2)}
    assert read("W v", scope) == read("W @ v", scope), "axes are known from the values"
    with pytest.raises(FormulaError, match=says):
        value(read(typed, scope, {n: np.ndim(v) for n, v in scope.items()}), scope)


def test_towers_of_powers_end_at_once():
    with np.errstate(all="ignore"):
        assert value(read("9**9**9**9", []), {}) == np.inf


def test_nothing_is_changed_by_computing():
    scope = {"x": np.array([1.0, 2.0])}
    value(read("maximum(x, 5) + exp(x)", scope, {"x": 1}), scope)
    np.testing.assert_array_equal(scope["x"], [1, 2])


@hypothesis.given(expressions)
@hypothesis.settings(max_examples=300)
def test_plain_text_is_read_back_to_the_same_value(e):
    """Brackets are right: text that is typeset, read and computed gives what the expression gives."""
    scope = {"a": np.float64(1.3), "b": np.float64(-0.7), "x": np.array([[0.4, 1.1, -2.3], [0.9, -0.6, 1.7]]),
             "y": np.array([2.2, -1.4, 0.3])}
    ndims = {n: np.ndim(v) for n, v in scope.items()}
    text = plain(typeset(e, Setting(ndims)))
    with np.errstate(all="ignore"):
        wanted = worth(e, scope)
        hypothesis.assume(np.all(np.isfinite(wanted)))
        hypothesis.assume("np.broadcast_to" not in str(e))               # it is not written, as it changes no number
        assert close(value(read(text, scope, ndims), scope), wanted, 1e-9), text


@hypothesis.given(st.text(alphabet="xyWg_1.()[]{}+-*/^@,:=<>|'Σ√·−⊤ npexsi", max_size=25) | st.text(max_size=15))
@hypothesis.settings(max_examples=400)
def test_any_text_is_read_or_refused_in_words(text):
    scope = {"x": np.float64(2), "y": np.float64(3), "W": np.ones((2, 2)), "g": np.ones(2)}
    try:
        value(read(text, scope, {n: np.ndim(v) for n, v in scope.items()}), scope)
    except BackpropError as e:
        assert e.attempted and e.instead


@pytest.mark.parametrize("piece", ["|", "\u221a", "-"])
def test_what_nests_without_brackets_is_refused_and_no_error_of_pythons(piece):
    for attempt in (lambda: read(piece * 3000 + "x", ["x"]), lambda: sides(f"{piece * 3000}x = x", ["x"])):
        with contextlib.suppress(FormulaError):
            attempt()
    with pytest.raises(FormulaError, match="nested too deeply"):
        read("|" * 300, ["x"])
    with pytest.raises(FormulaError, match="nested too deeply"):
        sides("|" * 300 + " = x", ["x"])
