"""Layout: lines, positions from outside, order of units, crossings, time that grows gently."""
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backproplab as bl
from backproplab.drawing import DrawingError, drawing, layered_layout
from backproplab.drawing.checks import edges_over_nodes, faults, nodes_over_nodes
from backproplab.drawing.layers import by_use, simplex_layers, with_lanes
from backproplab.drawing.ordering import crossings, orders
from tests.drawing.functions import every_run, tickets_of

RUNS = every_run()


@pytest.mark.parametrize("style", ["boxes", "variables", "gates"])
def test_nothing_covers_anything_in_lines(style):
    some = list(RUNS) if style == "boxes" else list(RUNS)[::2] if style == "gates" else list(RUNS)[1::2]
    found = {name: faults(drawing(RUNS[name], style=style, wrap=500)) for name in some}
    assert {n: f for n, f in found.items() if f} == {}


def test_a_chain_of_thirty_fits_a_page():
    d = drawing(RUNS["chain"], wrap=900, tickets=tickets_of(RUNS["chain"]))
    assert d.size[0] < 1100 and faults(d) == []
    assert drawing(RUNS["chain"], tickets=tickets_of(RUNS["chain"])).size[0] > 5000


def test_lines_are_about_as_long_and_cut_where_few_edges_pass():
    d = drawing(RUNS["mlp"], style="gates", groups={}, wrap=1300)
    rows = {round(d.boxes[n].y + d.boxes[n].h / 2) for n in ("R", "loss")}
    assert len(rows) == 2 and d.size[0] < 1350
    assert "reg" in d.boxes and abs(d.boxes["data"].y + d.boxes["data"].h / 2 - d.boxes["loss"].y - d.boxes["loss"].h / 2) < 1   # in the same line
    chain = drawing(RUNS["chain"], wrap=900)
    by_line = [sum(b.y == y for b in chain.boxes.values()) for y in sorted({b.y for b in chain.boxes.values()})]
    assert max(by_line) - min(by_line) <= 1 and sum(by_line) == 31


@pytest.mark.parametrize("layout", ["dot", 3, [(0, 0)]])
def test_what_is_no_layout_is_refused(layout):
    with pytest.raises(DrawingError, match="Give a function, such as networkx.spring_layout, or a dict"):
        drawing(RUNS["classic"], layout=layout)


def test_matrices_read_downwards_without_a_staircase():
    """The inputs of one product stand in one layer."""
    d = drawing(RUNS["mlp"], direction="down")
    below = {n: d.boxes[n].y + d.boxes[n].h for n in ("X", "W1", "b1")}
    assert max(below.values()) - min(below.values()) < 1 and d.size[1] < 1200


def test_a_picture_narrower_than_its_line_stays_as_it_is():
    assert drawing(RUNS["classic"], wrap=5000).as_data() == drawing(RUNS["classic"]).as_data()


def test_lines_are_for_pictures_that_read_to_the_right():
    with pytest.raises(DrawingError, match="Leave out one of them"):
        drawing(RUNS["classic"], wrap=500, direction="down")


@pytest.mark.parametrize("layout", [nx.circular_layout, nx.multipartite_layout, nx.shell_layout, nx.spiral_layout, layered_layout,
                                    lambda g: nx.spring_layout(g, seed=1)])
@pytest.mark.parametrize("style", ["boxes", "variables", "gates"])
def test_any_layout_of_networkx_is_accepted(layout, style):
    d = drawing(RUNS["classic"], layout=layout, style=style)
    assert not list(nodes_over_nodes(d)) and set(d.boxes) >= set(RUNS["classic"].variables)


def test_positions_by_name():
    where = {"x": (0, 0), "y": (3, 1)}
    for style in ("boxes", "variables"):
        d = drawing(RUNS["twice"], layout=where, style=style)
        assert d.boxes["y"].x > d.boxes["x"].x and d.boxes["y"].y < d.boxes["x"].y           # y upwards, as in networkx
    with pytest.raises(DrawingError, match="there is none for y"):
        drawing(RUNS["twice"], layout={"x": (0, 0)})
    with pytest.raises(DrawingError, match="have the same one"):
        drawing(RUNS["twice"], layout={"x": (0, 0), "y": (0, 0)})


# ---- the layered layout on graphs ----------------------------------------------------------------------------------------

def count(graph):
    layer = simplex_layers(graph, by_use(graph))
    rows = [[v for v in graph if layer[v] == k] for k in range(max(layer.values()) + 1)]
    layers = with_lanes(rows, graph)
    best = orders(layers, 1)[0]
    return crossings(best, layers.below), best, layers


def dag(seed, nodes):
    draw = np.random.RandomState(seed)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    for v in range(1, nodes):
        graph.add_edges_from((int(draw.randint(max(0, v - 25), v)), v) for _ in range(draw.choice([1, 1, 2, 2])))
    return graph


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30))
def test_layers_of_any_graph(seed, nodes):
    graph = dag(seed, nodes)
    layer = simplex_layers(graph)
    assert all(layer[u] < layer[v] for u, v in graph.edges) and min(layer.values()) == 0
    total = sum(layer[v] - layer[u] for u, v in graph.edges)
    longest = {}
    for v in nx.topological_sort(graph):
        longest[v] = max((longest[u] + 1 for u in graph.pred[v]), default=0)
    assert total <= sum(longest[v] - longest[u] for u, v in graph.edges)        # never longer edges than the obvious layers


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 25))
def test_positions_of_any_graph_keep_boxes_apart(seed, nodes):
    graph = dag(seed, nodes)
    places = layered_layout(graph, (60.0, 36.0))
    points = list(places.values())
    assert all(abs(a[0] - b[0]) >= 60 - 1e-6 or abs(a[1] - b[1]) >= 36 - 1e-6 for k, a in enumerate(points) for b in points[k + 1:])


def test_crossings_are_counted_right_and_few():
    two = nx.DiGraph([("a", "d"), ("b", "c")])
    two = nx.DiGraph()
    two.add_nodes_from("abcd")
    two.add_edges_from([("a", "d"), ("b", "c")])
    layers = with_lanes([["a", "b"], ["c", "d"]], two)
    assert crossings(layers.rows, layers.below) == 1 and count(two)[0] == 0
    complete = nx.DiGraph([(a, b) for a in "abc" for b in "xyz"])
    assert count(complete)[0] == 9


def test_units_keep_the_authors_order():
    d = drawing(RUNS["net"], direction="down")
    for names in (["x1", "x2", "x3"], [f"z1_{k}" for k in range(1, 5)], [f"a1_{k}" for k in range(1, 5)], ["z2_1", "z2_2"]):
        along = [d.boxes[n].x for n in names]
        assert along == sorted(along), names


def test_a_cycle_is_refused():
    with pytest.raises(ValueError, match="without cycles"):
        simplex_layers(nx.DiGraph([(1, 2), (2, 1)]))


def test_two_hundred_boxes_without_a_fault():
    plan = dag(0, 199)

    def f(x):
        known = [x]
        for v in range(1, 199):
            ins = sorted(plan.pred[v])
            w = np.sin(known[ins[0]]) if len(ins) == 1 else known[ins[0]] * known[ins[1]]
            known.append(w)
        total = sum(w for v, w in enumerate(known) if not plan.succ[v])
        return total

    d = drawing(bl.trace(f, 0.5), numbers=False, groups={})
    assert len(d.boxes) >= 190 and not list(nodes_over_nodes(d)) and not list(edges_over_nodes(d))


@pytest.mark.parametrize("wrap", [0, -1, float("nan")])
def test_a_line_has_a_width(wrap):
    with pytest.raises(DrawingError, match="Give a width in pixels"):
        drawing(RUNS["classic"], wrap=wrap)
