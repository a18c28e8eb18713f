"""Every rule of every convention: this package's pictures keep it, and a planted mistake breaks that rule and is named."""
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

import backproplab as bl
from backproplab.drawing import CONVENTIONS, check_convention, drawing, network
from backproplab.drawing.marks import Text
from tests.drawing.functions import case_runs, every_run

RUNS = every_run()


def broken(picture, convention=None, run=None):
    return [b.rule for b in check_convention(picture, convention, run)]


@pytest.mark.parametrize("style", ["boxes", "variables", "gates"])
def test_our_pictures_keep_their_convention(style):
    some = [*list(case_runs())[::6], "classic", "mlp", "net", "twice", "chain"]
    found = {n: broken(drawing(RUNS[n], style=style, direction=d), run=RUNS[n] if style == "boxes" else None) for n in some
             for d in ("right", "down")}
    assert {n: b for n, b in found.items() if b} == {}


def test_our_networks_keep_their_convention():
    for what in ((2, 2, 1), (3, 4, 4, 2), RUNS["net"], RUNS["mlp"], RUNS["neuron"]):
        assert broken(network(what)) == []


def test_a_figure_can_be_checked():
    assert broken(bl.draw(RUNS["classic"])) == []
    assert str(check_convention(bl.draw(RUNS["classic"]))) == "Every rule of this convention is kept."


# ---- planted mistakes ----------------------------------------------------------------------------------------------------

def box(d, name, **changes):
    return replace(d, boxes={**d.boxes, name: replace(d.boxes[name], **changes)})


def edge(d, key, **changes):
    return replace(d, edges={**d.edges, key: replace(d.edges[key], **changes)})


CLASSIC = drawing(RUNS["classic"])
VARIABLES = drawing(RUNS["classic"], style="variables")
GATES = drawing(RUNS["classic"], style="gates")
NETWORK = network((2, 2, 1))
without = {n: b for n, b in CLASSIC.boxes.items() if n != "z"}
back = replace(CLASSIC.edges["y", "y"] if ("y", "y") in CLASSIC.edges else CLASSIC.edges["d", "y"], source="y", target="x")

MISTAKES = {
    ("boxes", "rectangles"): box(CLASSIC, "a", shape="circle"),
    ("boxes", "function inside"): box(CLASSIC, "a", inside=()),
    ("boxes", "name outside"): box(CLASSIC, "a", outside=()),
    ("boxes", "edges without labels"): edge(CLASSIC, ("a", "d"), label=(Text("exp", 0, 0),)),
    ("boxes", "directed edges"): edge(CLASSIC, ("a", "d"), head=False),
    ("boxes", "no circles"): replace(CLASSIC, edges={**CLASSIC.edges, ("y", "x"): back}),
    ("boxes", "everything is a node"): replace(CLASSIC, boxes=without, edges={k: e for k, e in CLASSIC.edges.items() if "z" not in k}),
    ("boxes", "edges as in the function"): edge(CLASSIC, ("a", "d"), source="d", target="a"),
    ("network", "circles"): box(NETWORK, "z1_1", shape="box"),
    ("network", "variable inside"): box(NETWORK, "z1_1", inside=()),
    ("network", "weights on edges"): edge(NETWORK, ("x0_1", "z1_1"), label=()),
    ("network", "no intercept"): box(NETWORK, "x0_1", inside=(Text("1", 0, 0),)),
    ("network", "no loss"): box(NETWORK, "y2_1", role="loss"),
    ("variables", "variables are circles"): box(VARIABLES, "a", shape="box"),
    ("variables", "variable inside"): box(VARIABLES, "a", inside=()),
    ("variables", "operations on edges"): box(VARIABLES, "·a", outside=()),
    ("variables", "inputs join"): edge(VARIABLES, ("z", "·a"), target="a"),
    ("gates", "round gates"): box(GATES, "a", shape="box"),
    ("gates", "operator inside"): box(GATES, "a", inside=()),
    ("gates", "numbers at wires"): box(GATES, "a", outside=tuple(replace(m, role={"v": "g", "g": "v"}.get(m.role, m.role)) if isinstance(m, Text)
                                                                 else m
                                                                  for m in GATES.boxes["a"].outside)),
    ("gates", "no circles"): replace(GATES, edges={**GATES.edges, ("y", "x"): replace(GATES.edges["a", "d"], source="y", target="x")}),
}


@pytest.mark.parametrize("rule", MISTAKES, ids=" ".join)
def test_a_planted_mistake_is_named(rule):
    convention, name = rule
    assert name in broken(MISTAKES[rule], convention, RUNS["classic"] if convention == "boxes" else None)
    assert name in str(check_convention(MISTAKES[rule], convention, RUNS["classic"] if convention == "boxes" else None))


def test_every_rule_has_a_planted_mistake():
    assert set(MISTAKES) == {(c, r.name) for c, (_, rules) in CONVENTIONS.items() for r in rules}


# ---- a learner's own graph -----------------------------------------------------------------------------------------------

def own():
    g = nx.DiGraph()
    for n in ("x", "z"):
        g.add_node(n, shape="box", inside=n)
    g.add_node("a", shape="box", inside="x z", outside="a")
    g.add_edges_from([("x", "a"), ("z", "a")])
    return g


def test_a_learners_graph():
    run = bl.trace(lambda x, z: x * z, 2.0, 3.0)
    g = nx.relabel_nodes(own(), {"a": run.output})
    assert broken(g, "boxes", run) == []
    g.nodes["x"]["shape"] = "circle"
    g.edges["x", run.output]["label"] = "times"
    assert broken(g, "boxes", run) == ["rectangles", "edges without labels"]


def test_an_arrow_that_points_the_wrong_way_is_told_so():
    g = own()
    g.remove_edge("x", "a")
    g.add_edge("a", "x")
    run = bl.trace(lambda x, z: x * z, 2.0, 3.0)
    assert "the wrong way" in str(check_convention(nx.relabel_nodes(g, {"a": run.output}), "boxes", run))


def test_a_loss_in_a_network_is_named():
    run = RUNS["net"]
    g = nx.DiGraph()
    g.add_node("z3_1", shape="circle", inside="y")
    g.add_node("loss", shape="circle", inside="J")
    g.add_edge("z3_1", "loss", label="1")
    assert broken(g, "network", run) == ["no loss"]


def test_a_computation_graph_is_no_network_diagram_and_every_reason_is_named():
    """The figure knows its function: weights, intercept, label and loss are found without giving the run again."""
    def net(x1, x2, w1, w2, b, t):
        z = 1 / (1 + np.exp(-(w1 * x1 + w2 * x2 + b)))
        L = (z - t) ** 2
        return L
    run = bl.trace(net, 1.0, 2.0, .1, .2, .3, 1.0)
    found = {b.rule: b for b in check_convention(bl.draw(run), "network")}
    assert set(found) == {"circles", "weights on edges", "no intercept", "no loss"}
    assert found["no loss"].where == ("L is no unit of the network",)
    assert found["no intercept"].where == ("w1 is a weight, it belongs on an edge", "w2 is a weight, it belongs on an edge", "b is no unit",
                                           "t is no unit")
    assert str(found["circles"]).endswith("and 2 more.")
    assert check_convention(bl.draw_network(run)) == ()
    assert "no intercept" not in broken(bl.draw(RUNS["classic"]), "network")           # no network in it: nothing to say about units


@pytest.mark.parametrize("wrong", [("boxes", 3), ("cubes", nx.DiGraph()), (None, nx.DiGraph())])
def test_what_cannot_be_checked_is_refused_in_words(wrong):
    with pytest.raises(bl.drawing.DrawingError, match=r"(?s).*(Choose one of these|networkx.DiGraph)"):
        check_convention(wrong[1], wrong[0])
