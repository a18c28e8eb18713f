"""The neural network inside a function, as units or as blocks."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.drawing import DrawingError, network
from backproplab.drawing.checks import faults
from backproplab.drawing.structure import structure
from tests.drawing.functions import every_run

RUNS = every_run()


def one_layer(X, W, b, y):
    p = bl.sigmoid(X @ W + b)
    loss = np.mean((p - y) ** 2)
    return loss


def with_turned_weights(x, W1, W2, t):
    a = W1 @ x
    z = np.tanh(a)
    y = W2 @ z
    J = np.sum((y - t) ** 2)
    return J


def test_a_function_whose_input_goes_past_the_units_is_no_network():
    with pytest.raises(DrawingError, match="x goes past its units, into b"):
        network(RUNS["classic"])


def test_what_compares_with_an_input_does_not_go_past_the_units():
    def autoencoder(x, W, V):
        h = np.tanh(W @ x)
        r = np.tanh(V @ h)
        loss = np.sum((r - x) ** 2)
        return loss
    made = structure(bl.trace(autoencoder, np.ones(3), np.ones((2, 3)), np.ones((3, 2))))
    assert made.layers == (("x",), ("h",), ("r",))


def test_the_labels_of_crowded_layers_cover_no_other_edge_that_they_need_not():
    """Of two places that are free, a weight takes the one where fewer edges pass."""
    from backproplab.drawing.network import ALONG, _free
    assert _free((0, 0), (100, 0), (10, 10), [], []) == (100 * ALONG[0], 0)
    assert _free((0, 0), (100, 0), (10, 10), [], [((30, -50), (30, 50))])[0] != 30
    assert _free((0, 0), (100, 0), (10, 10), [(25, -5, 35, 5)], [])[0] not in (30, 25, 35)


def test_an_intercept_folded_into_the_weights_is_no_unit():
    """A 1 in front of the units, in the program or at its head: the weights keep the numbers of their columns, the first is the intercept's."""
    one = np.ones(1)

    def folded(x, alpha, beta, t):
        z = np.tanh(alpha @ np.concatenate((one, x)))
        z1 = np.concatenate([[1.0], z])
        y = beta @ z1
        J = (y - t) ** 2
        return J
    run = bl.trace(folded, np.array([2.0, 3.0]), np.ones((3, 3)), np.ones(4), 1.0)
    assert structure(run).layers == (("x",), ("z",), ("y",))
    made = network(run)
    assert list(made.boxes) == ["x[1]", "x[2]", "z[1]", "z[2]", "z[3]", "y"]
    assert made.edges["x[1]", "z[2]"].label[0].data["say"].startswith("alpha") and len(made.edges) == 9
    assert faults(made) == []

    def joined(x, u, W, t):                                  # what is joined is no 1: two kinds of inputs, nothing is guessed
        y = W @ np.concatenate((x, u))
        return (y - t) ** 2
    with pytest.raises(DrawingError):
        network(bl.trace(joined, np.array([2.0]), np.array([3.0]), np.ones(2), 1.0))


def linear(x1, x2, w1, w2, b):
    y = w1 * x1 + w2 * x2 + b
    return y


def own_sigmoid(x1, x2, w1, w2, b):
    a = x1 * w1 + x2 * w2 + b
    z = 1 / (1 + np.exp(-a))
    return z


def test_a_network_in_scalars():
    s = structure(RUNS["net"])
    assert s.layers == (("x1", "x2", "x3"), ("z1_1", "z1_2", "z1_3", "z1_4"), ("z2_1", "z2_2"), ("z3_1",))
    assert s.weights["x2", "z1_3"] == "w1_32" and s.weights["z2_2", "z3_1"] == "w3_12" and len(s.weights) == 12 + 8 + 2


def test_a_network_in_matrices_without_intercepts_and_loss():
    assert structure(RUNS["mlp"]).layers == (("X",), ("H",), ("P",))
    assert structure(bl.trace(one_layer, np.ones((4, 3)), np.ones((3, 2)), np.ones(2), np.ones((4, 2)))).layers == (("X",), ("p",))
    turned = structure(bl.trace(with_turned_weights, np.ones(3), np.ones((2, 3)), np.ones((1, 2)), np.ones(1)))
    assert turned.layers == (("x",), ("z",), ("y",)) and turned.turned == {"W1", "W2"} and turned.sizes == {"x": 3, "z": 2, "y": 1}


def test_gate_by_gate_and_own_functions_are_understood():
    assert structure(RUNS["neuron"]).layers == (("x0", "x1"), ("out",))
    assert structure(bl.trace(linear, 1.0, 2.0, 3.0, 4.0, 5.0)).layers == (("x1", "x2"), ("y",))
    assert structure(bl.trace(own_sigmoid, 1.0, 2.0, 3.0, 4.0, 5.0)).weights == {("x1", "z"): "w1", ("x2", "z"): "w2"}


def test_units_and_their_weights():
    d = network(RUNS["mlp"])
    assert [len(layer) for layer in d.layers] == [4, 3, 2] and len(d.edges) == 12 + 6
    (label,) = d.edges["X[2]", "H[3]"].label
    assert label.data["tex"] == "W_{23}^{(1)}"                # not W_{123}, which could be an entry of any W
    turned = network(bl.trace(with_turned_weights, np.ones(3), np.ones((2, 3)), np.ones((1, 2)), np.ones(1)))
    assert "23" in turned.edges["x[3]", "z[2]"].label[0].data["tex"]


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (3, 4, 2, 1), (3, 4, 4, 2), (1, 1), (2, 3, 3, 3, 3, 1), (5, 6)])
def test_nothing_covers_anything(sizes):
    assert faults(network(sizes)) == [] and faults(network(sizes, blocks=True)) == []
    assert len(network(sizes).edges) == sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


def test_a_large_network_has_no_labels_unless_asked():
    assert not any(e.label for e in network((12, 12, 2)).edges.values())
    assert all(e.label for e in network((12, 12, 2), weights=True).edges.values())


def test_blocks():
    d = network(RUNS["net"], blocks=True)
    assert [b.title for b in d.boxes.values()] == ["layer 1: x1, x2, x3, 3 units", "layer 2: z1_1, …, z1_4, 4 units", "layer 3: z2_1, z2_2, 2 units",
                                                   "layer 4: z3_1, 1 unit"]
    assert len(d.edges) == 3


@pytest.mark.parametrize("wrong", [(), (3,), (2, 0), (2, 1.5), (2, "3"), (2, True), (300, 2), RUNS["chain"], RUNS["index"]])
def test_what_is_no_network_is_refused_in_words(wrong):
    with pytest.raises(DrawingError, match=r"drawing (a|the) network"):
        network(wrong)


def test_as_a_figure():
    figure = bl.drawing.draw_network((2, 2, 1))
    assert figure.drawing.title == "Neural network with layers of 2, 2 and 1 units"


@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 4, 2, 1), (4, 3, 2), (5, 5, 3)])
def test_the_weights_of_a_unit_stand_together(sizes):
    """From top to bottom along a layer, the labels come unit by unit, and each unit's in the order of what they lead to."""
    made = network(sizes)
    order = list(made.boxes)
    for row in made.layers[:-1]:
        labels = sorted((e.label[0].rect[1], e.source, e.target) for e in made.edges.values() if e.source in row)
        assert [(s, t) for _, s, t in labels] == sorted([(s, t) for _, s, t in labels], key=lambda e: (order.index(e[0]), order.index(e[1])))
