"""The lectures' table: modules from the output back, each gradient where it is complete."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.errors import InputError
from backproplab.notation import derivation
from tests.notation.reference import CASES, run


def linear(weights, v):
    return weights @ v


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def network(x, alpha, beta, y_star):
    a = linear(alpha, x)
    z = sigmoid(a)
    b = linear(beta, z)
    y = bl.sigmoid(b)
    J = y_star * np.log(y) + (1 - y_star) * np.log(1 - y)
    return J


INPUTS = {"x": np.ones(3), "alpha": np.ones((2, 3)) / 4, "beta": np.array([1.0, -2.0]), "y_star": 1.0}


def traced(wrt=("x", "alpha", "beta")):
    return bl.trace(network, inputs=INPUTS, wrt=list(wrt))


def test_the_table_of_a_hidden_layer():
    assert str(derivation(traced(), table=True)) == """\
           Forward                                     Backward
Loss       J = y_star ln y + (1 − y_star) ln(1 − y)    g_y = y_star / y − (1 − y_star) / (1 − y)
Sigmoid    y = sigmoid(b)                              g_b = g_y y (1 − y)
Linear     b = beta · z                                g_beta = g_b z
                                                       g_z = g_b beta
Sigmoid    z = 1 / (1 + e^(−a))                        g_a = g_z ⊙ e^(−a) / (1 + e^(−a))^2
Linear     a = alpha x                                 g_alpha = g_a x^⊤
                                                       g_x = alpha^⊤ g_a"""


def test_it_speaks_every_notation_and_shows_the_chain_rule_and_numbers():
    text = str(derivation(traced(), table=True, notation="leibniz", chain=True))
    assert "∂J/∂b = ∂J/∂y ∂y/∂b = ∂J/∂y y (1 − y)" in text and "0." not in text
    assert "y = sigmoid(b) = sigmoid(" in str(derivation(traced(), table=True, numbers=True))
    assert "shape (2, 3) = [2 × 1] [1 × 3]" in str(derivation(traced(), table=True, shapes=True, vectors="column"))


def test_modules_can_be_named():
    assert "Hidden layer    z = " in str(derivation(traced(), table={"z": "Hidden layer"}))
    with pytest.raises(InputError, match="there is no variable q"):
        derivation(traced(), table={"q": "Hidden layer"})


@pytest.mark.parametrize("name", list(CASES))
def test_each_gradient_stands_once_and_after_all_that_it_needs(name):
    """The rows are an order in which the backward pass can be worked out by hand."""
    r = run(name)
    lines = [line.variable for e in derivation(r, table=True).entries for line in e.backward]
    wanted = {s.variable.name for s in r.steps if s.phase == "backward" and s.variable.uses}
    assert len(lines) == len(set(lines)) and set(lines) - {r.output} == wanted
    place = {v: k for k, v in enumerate([r.output, *lines])}
    assert all(place[c.consumer] < place[v] for v in lines for c in r.variables[v].uses)


@pytest.mark.parametrize("body, name", [
    ("w * x + b", "Linear"), ("w @ v + b", "Linear"), ("np.sum(w2 * v)", "Linear"), ("np.maximum(0, w * x + b)", "Linear, ReLU"),
    ("bl.sigmoid(w * x)", "Linear, Sigmoid"), ("np.exp(w) / (1 + np.exp(w))", "Sigmoid"), ("1 / (1 + np.exp(-w))", "Sigmoid"),
    ("1 / (1 + np.exp(-w * x)) + b", ""), ("1 / (1 + np.exp(w))", ""), ("np.exp(w) / (1 + np.exp(b))", ""), ("w + x + b", "Sum"),
    ("w * x", "Product"), ("w * x + np.sin(b)", ""),
    ("(w - x) ** 2", "Loss"), ("w ** 2", "Power"), ("np.tanh(w)", "Tanh"), ("bl.softmax_cross_entropy(v, 0)", "Loss"), ("np.sin(w) * x", "")])
def test_names_of_modules(body, name):
    scope = {"np": np, "bl": bl}
    exec(f"def f(w, x, b, v, w2):\n    y = {body}\n    return y\n", scope)
    vector = np.array([1.0, 2.0])
    w = vector if "@" in body else 1.5
    r = bl.trace(scope["f"], w, 2.0, 0.5, vector, vector)
    assert derivation(r, table=True).entries[0].module == name


def test_a_product_of_two_computed_values_is_not_called_linear():
    def f(x):
        u = np.sin(x)
        y = u * u + u
        return y
    assert [e.module for e in derivation(f, 1.0, table=True).entries] == ["", "Sine"]


def test_a_long_program_is_cut_in_the_table_too():
    def f(x):
        for _ in range(300):
            x = np.sin(x)
        return x
    d = derivation(f, 1.0, table=True)
    assert len(d.entries) == 121 and "..." in str(d) and r"\vdots" in d.latex
