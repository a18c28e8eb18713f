"""Rows and columns: every formula, computed with real matrices, gives the value or the gradient as it lies on paper."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.expressions import evaluate, heads
from backproplab.notation import contribution, plain, tidy, typeset
from backproplab.notation.orientation import Orientation, TooManyAxes
from backproplab.notation.setting import Setting
from tests.notation.reference import CASES, run

# Functions that are given a vector as it is, whichever way it lies: NumPy's own would take the wrong axis of a matrix.
AS_THEY_ARE = {"index", "softmax", "log_softmax", "logsumexp", "scatter", "np.concatenate", "np.stack", "np.reshape", "np.max", "np.min",
               "first_largest"}
WAYS = [("column", None), ("row", None), ("column", "denominator"), ("column", "numerator"), ("column", "mixed"), ("row", "numerator"),
        ("row", "denominator")]


def on_paper(r, o):
    """The scope with matrices in the place of arrays: every vector a row or a column, every gradient as it lies."""
    scope = dict(r.scope)
    for name in r.variables:
        value = np.asarray(r.values.get(name, r.scope.get(name)))
        scope[name] = value.reshape(o.shape(value.shape)) if value.ndim == 1 else value
    for symbol in r.gradient_symbols.values():
        value = np.asarray(r.scope[symbol])
        shape = o.shape(value.shape, gradient=True)
        scope[symbol] = value.T if value.ndim == 2 and o.gradient_is(2) else value.reshape(shape)
    return scope


def lines(r, o):
    """(name, expression on paper, value on paper) of every line."""
    scope = on_paper(r, o)
    for v in r.variables.values():
        if v.expression is not None:
            yield v.name, v.expression, o.value(v.expression), scope[v.name], scope
        if v.uses:
            from backproplab.engine.expressions import total
            e = tidy(total([contribution(r, c) for c in v.uses]), r.scope)
            yield f"g_{v.name}", e, o.gradient(e, np.ndim(v.value)), scope[r.gradient_symbols[v.name]], scope


def checked(name, vectors, layout):
    """How many lines were computed with matrices; fails where one does not hold."""
    r = run(name)
    o = Orientation(Setting.of(r), vectors, layout)
    count = 0
    try:
        for said, plain_form, e, wanted, scope in lines(r, o):
            if set(heads(plain_form)) & AS_THEY_ARE:
                continue
            with np.errstate(all="ignore"):
                found = np.asarray(evaluate(e, scope))
            fits = np.broadcast_shapes(found.shape, np.shape(wanted)) == np.shape(wanted) or np.size(wanted) == found.size == 1
            assert fits and np.allclose(found, wanted, rtol=1e-11, atol=1e-12), (said, str(e), found.shape, np.shape(wanted))
            count += 1
    except TooManyAxes:
        pass
    return count


@pytest.mark.parametrize("vectors, layout", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_every_line_holds_with_real_matrices(name, vectors, layout):
    checked(name, vectors, layout)


def test_most_lines_are_computed():
    assert sum(checked(name, "column", "numerator") for name in CASES) > 600


def test_a_wrong_orientation_is_noticed():
    r = run("notes_two_layer_linear")
    o = Orientation(Setting.of(r), "column", "numerator")
    wrong = Orientation(Setting.of(r), "column", None)
    scope = on_paper(r, o)
    e = wrong.gradient(contribution(r, r.variables["h"].uses[0]), 1)
    with pytest.raises(ValueError):
        evaluate(e, scope)


@pytest.mark.parametrize("vectors, layout, wanted", [
    ("column", None, "g_a x^⊤"), ("row", None, "g_a^⊤ x"), ("column", "numerator", "x g_a"), ("column", "mixed", "g_a^⊤ x^⊤"),
    ("row", "denominator", "g_a x")])
def test_the_gradient_of_a_matrix_in_each_way(vectors, layout, wanted):
    d = bl.derivation(run("notes_two_layer_relu_squared"), vectors=vectors, layout=layout)
    line = next(line for line in d.backward if line.variable == "W1")
    assert plain(line.formula) == wanted


def test_shapes_stand_in_the_place_of_names():
    d = bl.derivation(run("notes_two_layer_relu_squared"), vectors="column", shapes=True)
    line = next(line for line in d.backward if line.variable == "W1")
    assert line.shape == (3, 2) and plain(line.dimensions) == "[3 × 1] [1 × 2]"
    assert "a  = W1 x + b1        shape (3, 1) = [3 × 2] [2 × 1] + [3 × 1]" in str(d)


def test_more_than_two_axes_are_left_as_they_are():
    r = run("gwu_tensor_chain_rule")
    assert str(bl.derivation(r, vectors="column"))
    with pytest.raises(TooManyAxes):
        Orientation(Setting.of(r)).value(r.variables["Y"].expression)


@pytest.mark.parametrize("options", [{"layout": "sideways"}, {"vectors": "both"}])
def test_an_unknown_way_is_refused(options):
    with pytest.raises(bl.InputError, match="not known"):
        bl.derivation(run("notes_A_BC"), **options)


def test_an_input_called_as_an_option_is_explained():
    with pytest.raises(bl.InputError, match="inputs="):
        bl.derivation(lambda layout: layout * 2, layout="numerator")
    assert str(bl.derivation(lambda layout: layout * 2, inputs={"layout": 3.0}).backward[-1]) == "g_layout = 2"


def test_typeset_products_of_vectors_on_paper():
    o = Orientation(Setting({"x": 1, "y": 1, "W": 2}), "column")
    from dataclasses import replace

    from backproplab.notation import read
    for typed, wanted in (("x @ y", "x^⊤ y"), ("outer(x, y)", "x y^⊤"), ("x @ W", "W^⊤ x"), ("W @ x", "W x"), ("W + x", "W + x^⊤")):
        e = o.value(read(typed, ["x", "y", "W"], o.setting.ndims))
        assert plain(typeset(e, replace(o.setting, products=o.products))) == wanted
