"""The typesetter: names as a reader expects them, brackets where they are needed, nothing injected, the same bytes every time."""
import functools
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

import backproplab as bl
from backproplab.engine.expressions import Call, Constant, Symbol
from backproplab.engine.rules import OPERATIONS
from backproplab.engine.samples import sampled
from backproplab.notation import NOTATIONS, Glyphs, Setting, derivation, digits, latex, letter, plain, read, signed, typeset
from backproplab.notation.layout import Atom
from tests.notation.reference import CASES, run

PARSER = MathTextParser("path")
SAMPLES = [text for op in OPERATIONS.values() for text in op.samples]
HOSTILE = [
    "<b>x</b>", "<script>alert(1)</script>", "\\input{/etc/passwd}", "\\def\\x{\\x}\\x", "}{", "$x$", "a&b", "%", "#", "~", "^", "_", "__", "a__b",
    "\\", "x" * 200, "😀", "𝑥", "家", "x\u0301\u0302\u0303", "a b", "'", '"', "`", "\\right)", "\\begin{alignedat}", "", " ", "\u202e", "\x07", "if",
    "∂", "Σ", "1", "-", "α_β", "theta", "np", "\\\\", "\n"]


@functools.cache
def parses(tex):
    assert tex.count("{") - tex.count(r"\{") == tex.count("}") - tex.count(r"\}") and tex.count(r"\left") == tex.count(r"\right"), tex
    PARSER.parse(f"${tex}$")


# ---- every operation, every case ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", SAMPLES)
def test_every_operation_is_typeset(text):
    f, inputs = sampled(text)
    shape = np.shape(f(**inputs))
    r = bl.trace(f, inputs=inputs, cotangent=np.ones(shape) if shape else None)
    for options in ({"raw": True}, {"notation": "leibniz"}, {"notation": "code"}):
        d = derivation(r, **options)
        for line in [*d.forward, *d.backward]:
            assert plain(line.name) and all(map(plain, line.between))
            for side in (line.name, *line.between):
                parses(latex(side))


WAYS = ({"chain": True, "numbers": True, "notation": "bar"}, {"vectors": "row", "shapes": True, "notation": "delta"},
        {"layout": "numerator", "notation": "nabla"})


@pytest.mark.parametrize("name, options", [(name, WAYS[k % 3]) for k, name in enumerate(CASES)])
def test_every_reference_case_is_typeset(name, options):
    d = derivation(run(name), **options)
    for line in d.backward:
        for side in [line.name, *line.sides, *([line.dimensions] if line.dimensions else [])]:
            parses(latex(side))


# ---- names --------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, tex", [
    ("x", "x"), ("theta", r"\theta"), ("W1", "W_{1}"), ("y_star", "y^{*}"), ("g_x", "g_{x}"), ("h_1", "h_{1}"), ("loss", r"\mathrm{loss}"),
    ("x_hat", r"\hat{x}"), ("x_bar", r"\bar{x}"), ("W_ij", r"W_{\mathrm{ij}}"), ("learning_rate", r"\mathrm{learning\ rate}"),
    ("dW1", r"\mathrm{dW}_{1}"), ("lam", r"\lambda"),
    ("theta_1", r"\theta_{1}"), ("ŷ", r"\hat{y}"), ("θ", r"\theta"), ("Omega", r"\Omega"), ("W_1_2", "W_{1, 2}"), ("x_prime", r"x^{\prime}"),
    ("x_train", r"x_{\mathrm{train}}"), ("x_mean_of_the_batch", r"\mathrm{x\ mean\ of\ the\ batch}"),
    ("yhat", r"\hat{y}"), ("ystar", "y^{*}"), ("yhat1", r"\hat{y}_{1}"), ("that", r"\mathrm{that}"), ("y_hat_batch", r"\hat{y}_{\mathrm{batch}}"),
    ("h_t_minus_1", "h_{t - 1}"), ("theta_t_plus_1_i", r"\theta_{t + 1, i}"), ("w_dot_x", r"w_{\mathrm{dot}, x}")])
def test_names_as_a_reader_expects_them(name, tex):
    assert latex(letter(name)) == tex and plain(letter(name)) == name
    parses(tex)


def test_the_gradient_of_a_letter_with_an_index():
    assert latex(Setting({"W1": 2}, {"g_W1": "W1"}).gradient("W1")) == "g_{W_{1}}"


@pytest.mark.parametrize("notation, tex", [("leibniz", r"x\,(\frac{\partial y}{\partial a})^{\top}"), ("nabla", r"x\,(\nabla_{a}y)^{\top}"),
                                           ("bar", r"x\,\overline{a}^{\top}"), ("g", r"x\,g_{a}^{\top}")])
def test_what_bears_a_transpose_is_seen(notation, tex):
    setting = Setting({"x": 1, "a": 1, "g_a": 1}, {"g_a": "a"}, notation=NOTATIONS[notation])
    assert latex(typeset(Call("np.outer", (Symbol("x"), Symbol("g_a"))), setting)).replace(r"\left", "").replace(r"\right", "").replace(
        "( ", "(").replace(" )", ")") == tex


def test_two_names_never_look_the_same():
    setting = Setting(dict.fromkeys(["W1", "W_1", "lam", "lambda_", "theta", "θ"], 0))
    shown = [latex(setting.symbol(n)) for n in setting.ndims]
    assert len(set(shown)) == len(shown)


def test_an_entry_and_a_variable_never_look_the_same():
    """x[0] is x with an index, but not beside a variable called x0."""
    entry = Call("index", (Symbol("x"), Constant(0)))
    assert latex(typeset(entry, Setting({"x": 1}))) == "x_{0}" == latex(letter("x0"))
    assert latex(typeset(entry, Setting({"x": 1, "x0": 0}))) == "x[0]"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_typeset_and_nothing_of_them_is_read(name):
    tex = latex(letter(name))
    parses(tex)
    allowed = {"mathrm", "mathtt", "mathbf", "hat", "tilde", "acute", "grave", "bar", "dot", "backslash", "wedge", "sim", "prime", "alpha",
               "beta", "theta", "sum", "Sigma", "operatorname"}
    assert set(re.findall(r"\\([A-Za-z]+)", tex)) <= allowed, tex
    assert not re.search(r"(?<!\\)[$%#&~]", tex), tex
    Glyphs().formula(letter(name), 15)


@pytest.mark.parametrize("name", [n for n in HOSTILE if n])
def test_a_function_with_hostile_names_is_derived(name):
    d = derivation(lambda **k: k[name] * k[name] + np.sin(k[name]), inputs={name: 2.0})
    assert len(str(d).splitlines()) >= 3
    for line in d.backward:
        parses(line.latex)


# ---- brackets and signs -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("typed, text, tex", [
    ("-(a + b)", "−(a + b)", "-(a + b)"),
    ("a - (b - c)", "a − (b − c)", "a - (b - c)"),
    ("a (b + c)", "a (b + c)", r"a\,(b + c)"),
    ("(a + b)^2", "(a + b)^2", "(a + b)^{2}"),
    ("(-a)^2", "(−a)^2", "(-a)^{2}"),
    ("a^-b", "a^(−b)", "a^{-b}"),
    ("a / b / c", "(a / b) / c", r"\frac{\frac{a}{b}}{c}"),
    ("a / (b c)", "a / (b c)", r"\frac{a}{b\,c}"),
    ("a * -b", "a (−b)", r"a\,(-b)"),
    ("exp(-a/b)", "e^(−a / b)", r"\mathrm{e}^{-a/b}"),
    ("sin(a) b", "sin(a) b", r"\sin(a)\,b"),
    ("b sin(a)", "b sin a", r"b \sin a"),
    ("sin(a + b)", "sin(a + b)", r"\sin(a + b)"),
    ("sqrt(a + b) c", "√(a + b) c", r"\sqrt{a + b}\,c"),
    ("abs(a)", "|a|", "|a|"),
    ("(a > 0) * b", "(a > 0) b", r"(a > 0)\,b"),
    ("2 * 3", "2 · 3", r"2 \cdot 3"),
    ("maximum(a, 0)", "max(a, 0)", r"\max(a, 0)")])
def test_brackets_and_signs(typed, text, tex):
    layout = typeset(read(typed, "abc"))
    assert (plain(layout), latex(layout)) == (text, tex)


@pytest.mark.parametrize("mask, text", [(("<", 0, "x"), "[x > 0]"), (("<=", 0, "x"), "[x ≥ 0]"), ((">", "x", 0), "[x > 0]"),
                                        (("<", "x", "y"), "[x < y]")])
def test_a_mask_says_first_what_is_compared(mask, text):
    head, *sides = mask
    mask = Call(head, tuple(Symbol(s) if isinstance(s, str) else Constant(s) for s in sides))
    assert plain(typeset(Call("np.where", (mask, Constant(1), Constant(0))))) == text
    assert plain(typeset(Call("np.where", (mask, Constant(0), Constant(1))))) == text.translate(str.maketrans("><≥≤", "≤≥<>"))


@pytest.mark.parametrize("value, text", [
    (404.853739609282, "404.854"), (-0.0, "0"), (1e-10, "1e−10"), (1234567.0, "1.23457e6"), (0.00012345678, "0.000123457"), (np.nan, "NaN"),
    (-np.inf, "−∞"),
    (3, "3"), (True, "True")])
def test_numbers_have_six_digits(value, text):
    assert digits(value) == text


def test_gradients_carry_their_sign():
    assert (signed(1.5), signed(-1.5), signed(0.0)) == ("+1.5", "−1.5", "0")


def test_large_constants_are_shown_by_their_shape():
    assert plain(typeset(Constant(np.zeros((3, 4))))) == "array_{3 × 4}"
    assert plain(typeset(Constant(np.array([1.0, 2.5])))) == "(1, 2.5)"


def test_a_reshaping_is_seen_where_it_matters():
    setting = Setting({"X": 3, "v": 1}, values={"X": np.zeros((2, 3, 4)), "v": np.zeros(3)})
    assert plain(typeset(Call("np.reshape", (Symbol("X"), Constant((2, 12)))), setting)) == "reshape(X, (2, 12))"
    assert plain(typeset(Call("np.reshape", (Symbol("v"), Constant((3, 1)))), setting)) == "v"


@pytest.mark.parametrize("key", [0, slice(1, 3), None, ..., (0, 1), (slice(None), 0), np.array([0, 2]), np.array([[0, 1], [2, 0]]),
                                 (slice(None), np.array([0, 2])), (np.array([0, 2]), np.array([1, 1])), np.ones((3, 4), bool)])
def test_an_indexed_array_has_the_axes_that_numpy_gives_it(key):
    X = np.zeros((3, 4))
    assert Setting({"X": 2}).ndim(Call("index", (Symbol("X"), Constant(key)))) == np.ndim(X[key])


# ---- glyphs -------------------------------------------------------------------------------------------------------------------

def reach(path):
    """(left, right, top, bottom) of an outline, from its points: curves stay within theirs."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", path)]
    return min(numbers[::2]), max(numbers[::2]), min(numbers[1::2]), max(numbers[1::2])


def overhang(formula, outlines):
    """How far marks and bars reach out of the box, in pixels."""
    w, up, down = formula["w"], formula["up"], formula["down"]
    out = [0.0]
    for key, x, y, scale, _ in formula["m"]:
        left, right, top, bottom = reach(outlines[key])
        out += [-(x + left * scale), x + right * scale - w, -up - (y + top * scale), y + bottom * scale - down]
    for x, y, bw, bh, _ in formula["b"]:
        out += [-x, x + bw - w, -up - y, y + bh - down]
    return max(out)


@pytest.mark.parametrize("name, notation", [(name, ("g", "leibniz", "bar")[k % 3]) for k, name in enumerate(CASES)])
def test_a_box_encloses_its_marks(name, notation):
    glyphs, size = Glyphs(), 20
    d = derivation(run(name), notation=notation, numbers=True)
    for line in [*d.forward, *d.backward]:
        for side in [line.name, *line.sides]:
            out = overhang(glyphs.formula(side, size), glyphs.outlines)
            assert out < 0.08 * size, plain(side)        # an italic letter may lean out at the left


def test_code_is_set_as_a_typewriter_sets_it():
    """Every character as wide as the next, a sign no wider than a letter; in LaTeX no sign of it is an operator."""
    glyphs = Glyphs()
    one, *others = [glyphs.formula(Atom(text, "mono"), 20) for text in ("x", "a ** 2", "b >= 0", "np.cos")]
    assert [round(o["w"] / one["w"], 2) for o in others] == [6, 6, 6]
    assert all(overhang(o, glyphs.outlines) < 0.5 for o in others)
    assert latex(Atom("a**2>=b", "mono")) == r"\mathtt{a{*}{*}2{>}{=}b}"
    parses(latex(Atom("a ** 2 >= b != c[0:1, -1] @ d.T / {e: 'f'}", "mono")))


def test_a_mark_outside_its_box_is_noticed():
    glyphs = Glyphs()
    formula = glyphs.formula(letter("x"), 20)
    assert overhang(formula, glyphs.outlines) < 1.6
    assert overhang({**formula, "w": formula["w"] - 5}, glyphs.outlines) > 1.6


def test_an_outline_is_stored_once():
    glyphs = Glyphs()
    for size in (10, 20):
        glyphs.formula(typeset(read("x + x + x", "x")), size)
    assert len(glyphs.outlines) == 2


def test_glyphs_are_the_same_bytes_whatever_the_hash_seed():
    code = ("from backproplab.notation import Glyphs, letter, read, typeset\n"
            "g = Glyphs()\n"
            "print([g.formula(typeset(read(t, ['x', 'y', 'theta'])), 17) for t in ('x^2 / sqrt(y)', 'exp(-theta x)', '(x/y)^2')], g.outlines)\n"
            "print(g.formula(letter('家 x'), 12))\n")
    out = {subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
           for seed in "07"}
    assert len(out) == 1 and len(out.pop()) > 1000


@pytest.mark.parametrize("axis, inner, ndims, text", [
    (-1, Symbol("P"), {"P": 2}, "Σ_axis 1 P"), (-2, Symbol("P"), {"P": 2}, "Σ_axis 0 P"), (-1, Symbol("P"), {}, "Σ_axis -1 P"),
    (-1, Call("np.expand_dims", (Symbol("P"), Constant(0))), {"P": 1}, "Σ_axis -1 P")])
def test_an_axis_counts_from_the_front_where_that_is_known(axis, inner, ndims, text):
    """"axis -1" could be read as a difference."""
    made = plain(typeset(Call("np.sum", (inner,), (("axis", Constant(axis)),)), Setting(ndims)))
    assert re.sub(r"[{}()]", "", made).replace("−", "-") == text
