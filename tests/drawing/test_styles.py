"""The other styles: nothing covers anything on any function, and each says what its convention says."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.drawing import drawing, svg
from backproplab.drawing.checks import faults
from backproplab.drawing.marks import Formula, Text
from tests.drawing.functions import every_run

RUNS = every_run()


@pytest.mark.parametrize("style", ["variables", "gates", "derivatives"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_nothing_covers_anything(style, direction):
    half = {"right": 0, "down": 1}[direction]
    some = list(RUNS)[half::2] if style == "derivatives" else list(RUNS)      # those are the largest: each function in one direction
    found = {name: faults(drawing(RUNS[name], style=style, direction=direction)) for name in some}
    assert {n: f for n, f in found.items() if f} == {}


def said(marks):
    return [m.data["say"] if isinstance(m, Formula) else m.text for m in marks]


def test_gates_have_values_above_and_gradients_below_their_wire():
    d = drawing(RUNS["classic"], style="gates")
    b = d.boxes["a"]
    assert said(b.inside) == ["×"] and said(b.outside) == ["a", "6", "+404.9"]
    value, gradient = [m for m in b.outside if isinstance(m, Text)]
    assert value.rect[3] < b.y + b.h / 2 < gradient.rect[1]


def test_a_square_has_two_wires():
    d = drawing(bl.trace(lambda x: x * x, 3.0), style="gates")
    wires = [e for e in d.edges.values() if (e.source, e.target) == ("x", "y")]
    assert len(wires) == 2 and wires[0].route != wires[1].route


@pytest.mark.parametrize("f, sign", [(lambda x: x + 1, "+1"), (lambda x: 2 * x, "×2"), (lambda x: x**2, "(·)^2"),
                                     (lambda x: 1 / x, "1 / ·"), (lambda x: 1 - x, "1 − ·"),
                                     (lambda x: -x, "−"), (lambda x: np.exp(x), "exp"), (lambda x: np.log(x), "ln"),
                                     (lambda x: np.maximum(x, 0), "max(·, 0)")])
def test_signs_of_operations(f, sign):
    d = drawing(bl.trace(f, 3.0), style="gates")
    (shown,) = said(d.boxes["y"].inside)
    assert shown.replace(" ", "") == sign.replace(" ", "")


def test_variables_join_at_a_dot_that_says_the_operation():
    d = drawing(RUNS["classic"], style="variables")
    assert d.boxes["·a"].shape == "dot" and said(d.boxes["·a"].outside) == ["×"]
    assert {(e.source, e.target) for e in d.edges.values() if "a" in (e.target.lstrip("·"),)} == {("x", "·a"), ("z", "·a"), ("·a", "a")}


def test_derivative_nodes_compute_the_gradients():
    run = RUNS["classic"]
    d = drawing(run, style="derivatives")
    assert set(d.boxes) == {*run.variables, *run.gradient_symbols.values()}
    assert {e.source for e in d.edges.values() if e.target == "g_b"} == {"g_c", "b", "g_e", "a"}
    assert d.edges["g_c", "g_b"].kind == "backward" and d.edges["b", "g_b"].kind == ""


def test_hostile_names_are_drawn_safely():
    scope = {}
    long = "very" + "_long" * 40
    exec(f"def f(ünïcode_ß, W_1, {long}):\n    theta = ünïcode_ß * W_1\n    frac = theta + {long}\n    return frac", scope)
    run = bl.trace(scope["f"], 1.0, 2.0, 3.0)
    for style in ("boxes", "variables", "gates", "derivatives"):
        d = drawing(run, style=style)
        assert faults(d) == [] and d.size[0] < 1600
        assert "<script" not in svg(d)


def test_author_text_is_escaped():
    run = bl.trace(lambda x: x * 2, 1.0)
    run.name = '<script>alert("1")</script>&\x00'
    text = svg(run)
    assert "<script" not in text and "&lt;script&gt;" in text and "\x00" not in text


@pytest.mark.parametrize("name", ["<script>alert('1')</script>", "\\frac{a}{b} $x_1$ % & #", "🙂 層", "a" * 200, '"quoted" & \x07'])
@pytest.mark.parametrize("style", ["boxes", "gates"])
def test_hostile_names_of_groups(name, style, tmp_path):
    import xml.etree.ElementTree as ET
    d = drawing(RUNS["classic"], style=style, groups={name: ["b", "c"]})
    assert faults(d) == [] and d.size[0] < 1200
    root = ET.fromstring(svg(d))
    assert root.tag.endswith("svg") and "<script" not in svg(d)
    assert not [e.get("id") for e in root.iter() if e.get("id") and " " in e.get("id")]
    for kind in ("png", "pdf"):
        assert bl.drawing.save(d, tmp_path / f"a.{kind}").stat().st_size > 2000


def test_a_name_in_a_picture_stands_clear_of_its_box():
    """An index that has an index hangs deeper: the name is raised."""
    made = drawing(bl.trace(lambda W1: W1 * W1, 2.0), style="derivatives")
    names = {n: [m for m in b.outside if isinstance(m, Formula)] for n, b in made.boxes.items()}
    assert len(names["g_W1"]) == 1
    assert all(m.rect[3] <= made.boxes[n].y - 2 for n, marks in names.items() for m in marks)
