"""The bench's arithmetic and diagnosis, the page's own modules run by Node: against NumPy, and against planted mistakes."""
import collections
import random

import numpy as np
import pytest

from backproplab.widgets.shapes_formulas import Built, evaluated, named_axes
from backproplab.widgets.shapes_variants import bench_state
from tests.widgets import nodes

STATE = bench_state()
PLANTED = {"transpose": {"transpose", "layout", "order"}, "order": {"order", "transpose", "layout"}}
ASKS = [(key, i) for key, v in STATE["variants"].items() for i in range(len(v["asks"]))]

EVALUATE = """
console.log(JSON.stringify(data.cases.map(([pieces, line]) => { const { factors, operators, sum } = readLine(line);
  const r = evaluate(factors, operators, sum, pieces);
  return r.value && { values: r.value.values, axes: r.value.axes, named: r.joints.every((j) => j.named) }; })));
"""
DIAGNOSE = """
console.log(JSON.stringify(data.lines.map(([key, i, line]) => { const variant = data.state.variants[key];
  const { factors, operators, sum } = readLine(line);
  const found = diagnose(evaluate(factors, operators, sum, variant.pieces), factors, variant.asks[i], variant, data.state.rules, key.split("/")[3]);
  return [found.gate, found.id, [found.name, found.say, found.next].join(" ")]; })));
"""


def lines(count):
    """Random lines on random boxes, most of which do not join."""
    draw = random.Random(11)
    made = []
    for _ in range(count):
        sizes = {"1": 1, **{a: draw.choice([2, 3, 3]) for a in "BMN"}}
        axes = {n: (draw.choice("BMN1"), draw.choice("BMN1")) for n in "XYZ"}
        pieces = {n: {"axes": list(a), "values": [[draw.randint(-3, 3) for _ in range(sizes[a[1]])] for _ in range(sizes[a[0]])]} for n,
                  a in axes.items()}
        n = draw.randint(1, 4)
        built = Built(tuple((draw.choice("XYZ"), draw.random() < 0.5) for _ in range(n)), tuple(draw.choice("@@@**") for _ in range(n - 1)),
                      draw.choice([None, None, 0, 1]))
        made.append((pieces, axes, built))
    return made


def test_the_page_multiplies_as_numpy_does(tmp_path):
    cases = lines(3000)
    got = nodes.run("shapes-arithmetic.js", EVALUATE, {"cases": [[p, str(b)] for p, _, b in cases]}, tmp_path)
    joined = 0
    for (pieces, axes, built), page in zip(cases, got, strict=True):
        want = evaluated(built, {n: np.array(p["values"], float) for n, p in pieces.items()})
        assert (page is None) == (want is None), str(built)
        if want is not None:
            joined += 1
            np.testing.assert_allclose(page["values"], want, atol=1e-9, err_msg=str(built))
            named = named_axes(built, axes)
            assert page["named"] == (named is not None) and (named is None or tuple(page["axes"]) == named), str(built)
    assert joined > 400


def test_every_answer_is_accepted_for_the_right_reason(tmp_path):
    asked = [[key, i, STATE["variants"][key]["asks"][i]["answer"]] for key, i in ASKS]
    got = nodes.run("shapes-diagnosis.js", DIAGNOSE, {"state": STATE, "lines": asked}, tmp_path)
    assert {tuple(g[:2]) for g in got} == {(4, "right")} and len(got) > 100


def test_every_known_mistake_is_refused_and_named_and_the_names_are_the_planted_ones(tmp_path):
    asked = [(key, i, rule, line) for key, i in ASKS for rule, line in STATE["variants"][key]["asks"][i]["wrong"]]
    got = nodes.run("shapes-diagnosis.js", DIAGNOSE, {"state": STATE, "lines": [[k, i, line] for k, i, _, line in asked]}, tmp_path)
    matrix = collections.Counter((rule, name) for (_, _, rule, _), (_, name, _) in zip(asked, got, strict=True))
    assert all(gate < 4 and len(text) > 40 for gate, _, text in got)
    strange = {(rule, name): n for (rule, name), n in matrix.items() if name != rule and name not in PLANTED.get(rule, {"layout", rule})}
    assert not strange
    assert not any(name in ("other", "shape", "lucky") for _, name in matrix), matrix


def test_every_line_that_can_be_built_is_judged_by_its_numbers(tmp_path):
    """All products of up to three boxes of the tray, on the level where every side has length 3: right numbers, and only those, are accepted."""
    draw = random.Random(5)
    made = []
    for key, i in ASKS:
        variant = STATE["variants"][key]
        for _ in range(120):
            n = draw.randint(1, 3)
            built = Built(tuple((draw.choice(variant["tray"]), draw.random() < 0.5) for _ in range(n)),
                          tuple(draw.choice("@@*") for _ in range(n - 1)), draw.choice([None, None, 0, 1]))
            made.append((key, i, built))
    got = nodes.run("shapes-diagnosis.js", DIAGNOSE, {"state": STATE, "lines": [[k, i, str(b)] for k, i, b in made]}, tmp_path)
    for (key, i, built), (gate, name, text) in zip(made, got, strict=True):
        variant = STATE["variants"][key]
        truth = np.array(variant["asks"][i]["truth"], float)
        value = evaluated(built, {n: np.array(p["values"], float) for n, p in variant["pieces"].items()})
        right = value is not None and value.shape == truth.shape and np.allclose(value, truth, atol=1e-6)
        assert (gate == 4) == right, (key, str(built), name)
        assert name != "lucky" and (right or len(text) > 30)


SHAPES = """
console.log(JSON.stringify(data.map(([typed, key, i, state]) => { const v = state.variants[key];
  return judgeShape(typed, v.asks[i], v, key.split("/")[3]); })));
"""


def test_predicted_shapes_are_told_why(tmp_path):
    small = {"variants": {k: STATE["variants"][k] for k in ("batch/row/distinct/denominator", "batch/row/distinct/numerator")}}
    d, n = small["variants"]
    cases = [([4, 2], d, 0, "right", "shape of W"), (["M", "n"], d, 0, "right", ""), ([2, 4], d, 0, "wrong", "numerator layout"),
             ([3, 2], d, 0, "wrong", "shape of G"), ([], d, 0, "wrong", "L is one number"),
             ([4], d, 0, "wrong", "rows and columns"), ([2, 4], n, 0, "right", "turned"), ([4, 2], n, 0, "wrong", "denominator layout"),
             ([1, 2], d, 2, "right", ""), ([7, 7], d, 0, "wrong", "how many rows")]
    got = nodes.run("shapes-diagnosis.js", SHAPES, [[typed, key, i, small] for typed, key, i, _, _ in cases], tmp_path)
    for (typed, _, _, kind, said), page in zip(cases, got, strict=True):
        assert page["kind"] == kind and said in page["text"], (typed, page)


@pytest.mark.parametrize("entry", ["shapes-bench.js", "jacobian-viewer.js", "quiz.js", "stepper.js"])
def test_joined_scripts_declare_each_name_once(entry, tmp_path):
    """Parts share one scope once they are joined: two of the same name would stop the whole widget."""
    assert nodes.run(entry, "console.log(1);", None, tmp_path) == 1
