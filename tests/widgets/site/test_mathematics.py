"""LaTeX as outlines: what lessons write is set, in the right places; what is not known is refused by name."""
import re
import subprocess
import sys

import pytest

import backproplab as bl
from backproplab.notation import NOTATIONS
from backproplab.widgets.site.latex import ENVIRONMENTS, MathematicsError, split
from backproplab.widgets.site.mathematics import Mathematics
from tests.drawing.functions import CASES, case_run

WRITTEN = [
    r"y = e^{xz} + \frac{xz}{\ln x}", r"f = \frac{1}{1 + e^{-(w_0 x_0 + w_1)}}",
    r"\frac{\partial L}{\partial x} = \sum_{i=1}^{n} \frac{\partial L}{\partial y_i}",
    r"\nabla_W L = \left( \frac{1}{N} X^\top (p - y) \right) \odot \mathbf{m}", r"\mathbb{R}^{n \times m}", r"\hat{y} = \sigma(W^{[2]} a^{[1]})",
    r"\text{ReLU}(x) = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", r"\textbf{two words}", r"\displaystyle \tfrac{1}{2}",
    r"J = \begin{bmatrix} \frac{\partial y_1}{\partial x_1} & \cdots \\ \vdots & \ddots \end{bmatrix}^\top", r"\lVert x \rVert", r"g_c \cos b",
    r"\begin{aligned} a &= b \\[4pt] c &= \begin{pmatrix} 1 & 2 \end{pmatrix} \end{aligned}", r"\left\{ \begin{array}{lr} a & b \end{array} \right.",
    r"x × y ⊙ z · w", r"\bigl( x \bigr)", r"\boldsymbol{\theta}", r"\overline{v} \to \infty",
]


@pytest.mark.parametrize("tex", WRITTEN)
@pytest.mark.parametrize("display", [False, True])
def test_what_lessons_write_is_set_and_stays_inside_its_box(tex, display):
    box = Mathematics().box(tex, display)
    assert box.marks and box.w > 0 and box.up > 0
    for _, x, y, scale in box.marks:
        assert -1 <= x <= box.w and -box.up - 1 <= y <= box.down + 120 * scale
    for x, y, w, h in box.bars:
        assert w > 0 and h > 0 and x >= -1 and x + w <= box.w + 1 and -box.up - 1 <= y and y + h <= box.down + 1


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_derivation_is_set(notation):
    for case in CASES[::8]:
        assert Mathematics().box(bl.derivation(case_run(case), notation=notation).latex, True).marks


@pytest.mark.parametrize("tex, told", [
    (r"\nosuch{x}", r"\\nosuch"),
    (r"\begin{tikz} x \end{tikz}", r"\\begin\{tikz\}"), (r"\frac{\begin{matrix}a\end{matrix}}{b}", "inside braces"),
    (r"\begin{matrix} a", "without its end"),
    (r"a \end{matrix}", r"\\end\{matrix\}"), (r"\frac{a}{", "Expected"), (r"x^", "Expected"), (r"{", "Expected"),
])
def test_what_is_not_known_is_refused_by_name(tex, told):
    with pytest.raises(MathematicsError, match=told):
        Mathematics().box(tex)


def test_fractions_are_large_in_a_formula_of_its_own_and_small_in_a_line():
    formulas = Mathematics()
    heights = [formulas.box(r"\frac{a}{b}", display) for display in (True, False)]
    assert heights[0].up + heights[0].down > 1.3 * (heights[1].up + heights[1].down)
    inner = [formulas.box(r"e^{\frac{a}{b}}", display) for display in (True, False)]
    assert inner[0] == inner[1]


def test_equations_stand_under_each_other_at_their_sign():
    formulas = Mathematics()
    (equals,) = {key for key, *_ in formulas.box("=").marks}
    box = formulas.box(r"\begin{aligned} a &= 1 \\ abc &= 22 \\ a + b + c &= 3 \end{aligned}")
    places = [(x, y) for key, x, y, _ in box.marks if key == equals]
    assert len(places) == 3 and len({round(x, 1) for x, _ in places}) == 1 and len({y for _, y in places}) == 3


def test_a_matrix_is_centred_on_the_axis_and_its_exponent_stands_at_its_top():
    formulas = Mathematics()
    body = formulas.box(r"\begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}")
    assert body.up - 25 == pytest.approx(body.down + 25)
    assert formulas.box(r"\begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}^2").marks[-1][2] < -body.up / 2


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_sets_its_cells(name):
    argument = "{ll}" if ENVIRONMENTS[name].argument else ""
    formulas = Mathematics()
    box = formulas.box(rf"\begin{{{name}}}{argument} q & r \\ s & t \end{{{name}}}")
    keys = [key for letter in "qrst" for key, *_ in formulas.box(letter).marks]
    assert [key for key, *_ in box.marks if key in keys] == keys


def test_separators_in_braces_and_inner_environments_separate_nothing():
    inner = r" \begin{matrix} d & e \end{matrix} "
    assert split(rf"a & {{b & c}} &{inner}& \& f", "&") == ["a ", " {b & c} ", inner, r" \& f"]
    assert split(r"a \\ b \\[2pt] c", "\\\\") == ["a ", " b ", " c"]


def test_a_transpose_stands_close_as_any_exponent():
    formulas = Mathematics()
    assert formulas.box(r"w^\top x").w == pytest.approx(formulas.box(r"w^{\top}x").w) and formulas.box(r"w^\top x").w < formulas.box("w^{TT} x").w


def test_an_outline_is_in_the_page_once():
    formulas = Mathematics()
    drawn = formulas.svg("x + x") + formulas.svg("x")
    (key,) = {key for key, *_ in formulas.box("x").marks}
    assert drawn.count(f'"#g{key}"') == 3 and formulas.outlines.count(f'id="g{key}"') == 1
    assert set(re.findall(r'#(g\d+)"', drawn)) == set(re.findall(r'id="(g\d+)"', formulas.outlines))


def test_the_same_bytes_whatever_the_hash_seed():
    script = f"from backproplab.widgets.site.mathematics import Mathematics as M; m = M(); print([m.svg(t) for t in {WRITTEN!r}], m.outlines)"
    told = {subprocess.run([sys.executable, "-c", script], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True, text=True,
                           check=True).stdout for seed in "12"}
    assert len(told) == 1


def test_a_rule_stands_between_the_rows_it_separates():
    """The lectures' tables have one under their head; without the command the box is the same, less the rule."""
    ruled = Mathematics().box(r"\begin{array}{l|l} a & b \\[0.4ex] \hline c & d \end{array}")
    plain = Mathematics().box(r"\begin{array}{l|l} a & b \\[0.4ex] c & d \end{array}")
    (x, y, width, _), = ruled.bars
    assert plain.bars == [] and (ruled.w, ruled.up, ruled.down) == (plain.w, plain.up, plain.down) and (x, width) == (0.0, ruled.w)
    assert all(sorted(m[2] for m in ruled.marks)[k] < y for k in (0, 1)) and y < max(m[2] for m in ruled.marks)
