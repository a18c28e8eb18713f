"""What the Jacobian viewer shows: matrices by the definition, formulas that hold, products that agree."""
import json
import re

import numpy as np
import pytest

import backproplab as bl
from backproplab.calculus import entry_name, index_tuples
from backproplab.widgets.jacobian_state import EXAMPLES, examples, viewer_state

STATE = viewer_state()
NODES = {n["title"]: n for n in STATE["nodes"]}
STRUCTURES = {"z = xW, by x": "dense", "z = xW, by W": "sparse", "relu": "diagonal, of zeros and ones", "dead relu": "zero here, not everywhere",
              "sigmoid": "diagonal",
              "softmax": "diagonal minus an outer product", "σ of a matrix": "diagonal", "max of pairs": "selection: one 1 in each row",
              "bias": "identities, stacked",
              "skip connection": "identity", "reversal": "permutation", "tensors": "sparse"}


@pytest.mark.parametrize("title", list(EXAMPLES))
def test_matrices_are_the_jacobians(title):
    f, inputs, _, wrt = EXAMPLES[title]
    values = {n: np.asarray(v, float) for n, v in inputs.items()}
    want = bl.jacobian(f, inputs=values, wrt=wrt)
    m = NODES[title]["map"]
    np.testing.assert_allclose(m["values"], np.reshape(want, np.shape(m["values"])), atol=1e-5)
    np.testing.assert_allclose(m["result"], np.array(m["g"]) @ np.reshape(want, np.shape(m["values"])), atol=1e-5)
    assert m["structure"]["name"] == STRUCTURES[title]


@pytest.mark.parametrize("title", list(EXAMPLES))
def test_formulas_hold_at_a_point_they_were_not_found_at(title):
    """Each recognised formula is computed with the numbers of another point and compared with the Jacobian there."""
    f, inputs, of, wrt = EXAMPLES[title]
    draw = np.random.RandomState(99)
    values = {n: draw.uniform(0.3, 1.7, np.shape(v)) * draw.choice([-1, 1], np.shape(v)) for n, v in inputs.items()}
    scope = {**values, of: f(**values)}
    letters = {entry_name(n, k): float(np.asarray(v)[k]) for n, v in scope.items() for k in index_tuples(np.shape(v))}
    j = np.reshape(bl.jacobian(f, inputs=values, wrt=wrt), (np.size(scope[of]), -1))
    tried = 0
    for o, row in enumerate(NODES[title]["map"]["formulas"]):
        for i, text in enumerate(row):
            if not text:
                continue
            python = text.replace("−", "-").replace("[", "(").replace("]", ")").replace("²", "**2")
            python = re.sub(r"[^\W\d_]+[₀-₉,]+", lambda m: f"({letters[m[0]]!r})", python)
            python = re.sub(r"\) \(", ") * (", re.sub(r"^(-?)(\d+) \(", r"\1\2 * (", python))
            assert float(eval(python)) == pytest.approx(j[o, i], abs=1e-9), (text, python)
            tried += 1
    assert tried >= 6


def test_zeros_that_are_always_zero_are_told_from_zeros_of_this_point():
    relu = NODES["relu"]["map"]
    assert np.array_equal(relu["free"], np.eye(5)) and relu["values"][1][1] == 0 and relu["free"][1][1] == 1
    assert NODES["max of pairs"]["map"]["count"] == 6 and NODES["z = xW, by W"]["map"]["count"] == 8


def test_bytes_grow_with_the_axes():
    sizes = {z["width"]: z for z in NODES["z = xW, by W"]["sizes"]}
    assert sizes[1024]["jacobian"] == 8 * 1024**3 and sizes[1024]["kept"] == 16 * 1024 and sizes[1024]["shape"] == [1024, 1024**2]
    assert "nothing new" in NODES["z = xW, by W"]["map"]["structure"]["say"] and "those of W" in NODES["z = xW, by x"]["map"]["structure"]["say"]


def test_any_function_of_ones_own():
    def net(X, W, b):
        Z = X @ W + b
        H = np.tanh(Z)
        loss = np.sum(H * H)
        return loss
    viewer = bl.jacobian_viewer(net, X=np.ones((2, 3)), W=np.ones((3, 2)) / 7, b=np.zeros(2))
    assert [n["title"] for n in viewer.state["nodes"]] == ["Z by X", "Z by W", "Z by b", "H by Z", "loss by H"]
    assert viewer.state["nodes"][3]["map"]["formulas"][0][0] == "1 − H₁₁²" and viewer.state["nodes"][4]["map"]["formulas"][0][0] == "2 H₁₁"
    shares = bl.jacobian_viewer(lambda z: bl.softmax(z), np.array([1.0, 2.0])).state["nodes"][0]["map"]
    assert shares["structure"]["name"] == "diagonal minus an outer product"
    assert json.dumps(viewer.state) and repr(viewer).startswith("<JacobianViewer: Z by X")


def test_absurd_sizes_are_told_and_not_formed():
    viewer = bl.jacobian_viewer(lambda x: np.tanh(x), np.ones(100_000))
    node = viewer.state["nodes"][0]
    assert node["map"] is None and node["entries"] == 10**10


def test_the_same_state_every_time():
    assert json.dumps(viewer_state(), sort_keys=True) == json.dumps(STATE, sort_keys=True) and len(json.dumps(STATE)) < 200_000
    assert len(list(examples())) == len(EXAMPLES)


@pytest.mark.parametrize("make", [lambda: bl.jacobian_viewer(x=3.0), lambda: bl.jacobian_viewer(layout="rows"),
                                  lambda: bl.jacobian_viewer(lambda x: x, 3.0), lambda: bl.jacobian_viewer(3),
                                  lambda: bl.jacobian_viewer(lambda x: x @ x, np.ones((2, 3))),
                                  lambda: bl.jacobian_viewer(bl.trace(lambda x: x * x, 2.0), x=3.0)])
def test_nonsense_is_refused(make):
    with pytest.raises(bl.BackpropError) as error:
        make()
    assert error.value.instead


@pytest.mark.parametrize("form, said", [(lambda x, W: x @ W, {"x": "g_z W^⊤", "W": "x^⊤ g_z"}),
                                        (lambda x, W: W.T @ x, {"x": "W g_z", "W": "x g_z^⊤"})],
                         ids=["rows", "columns"])
def test_a_product_lies_as_its_layer_is_written(form, said):
    """Row form and column form have other transposes; the viewer shows those of the line that it shows."""
    def layer(x, W):
        z = form(x, W)
        return z
    nodes = bl.jacobian_viewer(layer, x=np.ones(3), W=np.ones((3, 2))).state["nodes"]
    assert {n["wrt"]: n["said"] for n in nodes} == said


def test_zeros_have_no_sign_and_products_take_numbers():
    def layer(x, W):
        z = x @ W
        return z
    run = bl.trace(layer, x=-np.ones(2), W=np.ones((2, 2)), cotangent=np.ones(2))
    jacobian = bl.calculus.local_jacobian(run, "z", "W")
    assert not np.signbit(jacobian.matrix()[jacobian.matrix() == 0]).any()
    with pytest.raises(bl.InputError, match="one number for each entry of z"):
        jacobian.times("a")


@pytest.mark.parametrize("f, x, words", [(np.log, np.zeros(2), "infinite or not a number"),
                                         (lambda x: bl.softmax(x), np.array([np.nan, 1.0]), "not a number"),
                                         (np.tanh, np.ones(0), "an array is empty")], ids=["infinite", "nan", "empty"])
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_shown_is_said_and_can_be_saved(f, x, words, tmp_path):
    viewer = bl.jacobian_viewer(lambda x: f(x), x=x)
    node = viewer.state["nodes"][0]
    assert node["map"] is None and words in node["instead"]
    assert bl.save_html(viewer, tmp_path / "viewer.html").exists()
