"""Groups folded and opened, repeated blocks found, paths listed and counted, the backward step."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backproplab as bl
from backproplab.drawing import DrawingError, count_paths, drawing, paths, repeats
from backproplab.drawing.checks import faults
from backproplab.engine.errors import UnknownNameError
from tests.drawing.functions import every_run

RUNS = every_run()
SIGMOID = {"sigmoid": ["t1", "t2", "t3", "out"]}


def test_a_sigmoid_of_four_gates_is_folded_into_one_and_opened_again():
    run = RUNS["neuron"]
    whole, one, open_ = (drawing(run, style="gates", **o) for o in ({}, {"groups": SIGMOID}, {"groups": SIGMOID, "opened": "sigmoid"}))
    assert len(whole.boxes) == len(one.boxes) + 3 and "sigmoid" in one.boxes and [e.source for e in one.edges.values()
                                                                                  if e.target == "sigmoid"][0] == "f"
    assert set(open_.boxes) == set(whole.boxes) and open_.frames[0].names == tuple(SIGMOID["sigmoid"])
    assert faults(one) == faults(open_) == []
    left, top, right, bottom = open_.frames[0].rect
    assert all(left < b.x and b.x + b.w < right and top < b.y and b.y + b.h < bottom for n, b in open_.boxes.items() if n in SIGMOID["sigmoid"])


def test_a_folded_box_shows_its_results_numbers():
    d = drawing(RUNS["mlp"], groups={"penalty": ["reg"], "hidden layer": ["b1", "H"]})
    assert d.boxes["hidden layer"].title.startswith("hidden layer, a group of 2 variables") and d.nodes["hidden layer"]["members"] == ["b1", "H"]
    assert d.nodes["penalty"]["grad"] == "+0.01" and faults(d) == []


@pytest.mark.parametrize("groups, what", [({"g": ["q"]}, "'q' is no variable"), ({"g": []}, "no members"),
                                          ({"g": ["a"], "h": ["a"]}, "already belongs"),
                                          ({"b": ["a"]}, "name of a variable"), ({"g": ["b", "e"]}, None), ({"g": ["a", "y"]}, "come back into it")])
def test_groups_that_cannot_be(groups, what):
    if what is None:
        assert "g" in drawing(RUNS["classic"], groups=groups).boxes
        return
    with pytest.raises(DrawingError, match=what):
        drawing(RUNS["classic"], groups=groups)


def test_opening_what_is_no_group():
    with pytest.raises(DrawingError, match="there are the groups"):
        drawing(RUNS["classic"], groups={"g": ["a"]}, opened=["h"])


def deep(x, W, b):
    h = x
    for k in range(50):
        a = h @ W[k] + b[k]
        h = np.tanh(a)
    y = np.sum(h)
    return y


def test_fifty_layers_are_folded_by_themselves():
    rs = np.random.RandomState(0)
    run = bl.trace(deep, rs.randn(2, 3), 0.5 * rs.randn(50, 3, 3), rs.randn(50, 3))
    for style in ("boxes", "gates"):
        d = drawing(run, style=style)
        assert "48 × h" in d.boxes and len(d.boxes) < 20 and faults(d) == []
    assert len(drawing(run, groups={}, numbers=False).boxes) == len(run.variables)


def test_layers_with_parameters_of_their_own_take_them_along():
    def net(x, **w):
        for k in range(6):
            x = np.tanh(x * w[f"w{k}"])
        return x

    run = bl.trace(net, 1.0, **{f"w{k}": 0.5 for k in range(6)})
    ((name, members),) = repeats(run).items()
    assert name == "4 × x" and set(members) == {"w1", "w2", "w3", "w4", "x_2", "x_3", "x_4", "x_5"}


def test_what_does_not_repeat_one_after_another_is_not_folded():
    assert repeats(RUNS["classic"]) == {} and repeats(RUNS["net"]) == {}


# ---- paths ---------------------------------------------------------------------------------------------------------------

def test_paths_are_listed_counted_and_their_products_add_up_to_the_gradient():
    run = RUNS["classic"]
    found = paths(run, "x")
    assert [str(p) for p in found] == ["x → a → d → y", "x → a → e → y", "x → a → f → y", "x → b → c → f → y", "x → b → e → y"]
    assert count_paths(run, "x") == 5 and count_paths(run, "x", "b") == 1 and count_paths(run, "z", "b") == 0 and paths(run, "z", "b") == []
    assert np.isclose(sum(p.product for p in found), run.grads["x"], rtol=1e-12)


def test_a_chain_of_sixty_forks_is_counted_without_listing():
    def forks(x):
        for _ in range(60):
            a, b = np.sin(x), np.cos(x)
            x = a * b
        return x

    run = bl.trace(forks, 0.3)
    assert count_paths(run, "x") == 2**60 and len(paths(run, "x", most=10)) == 10


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from("+*s")), min_size=1, max_size=8))
def test_the_products_of_all_paths_add_up_on_any_graph(plan):
    def f(x, z):
        known = [x, z]
        for i, j, how in plan:
            p, q = known[i % len(known)], known[j % len(known)]
            v = p + q if how == "+" else p * q if how == "*" else np.sin(p)
            known.append(v)
        total = known[0] * known[1] + known[-1]
        return total

    run = bl.trace(f, 0.7, -0.4)
    for name in ("x", "z"):
        found = paths(run, name)
        assert len(found) == count_paths(run, name)
        assert np.isclose(sum(p.product for p in found), run.grads[name], rtol=1e-9, atol=1e-12)


def test_a_path_is_pointed_out_in_every_style():
    for style in ("boxes", "variables", "gates"):
        d = drawing(RUNS["classic"], style=style, path=["x", "b", "e"])
        assert [n for n, b in d.boxes.items() if b.marked] == [n for n in d.boxes if n in ("x", "b", "e")]
        assert {(e.source.lstrip("·"), e.target.lstrip("·")) for e in d.edges.values() if e.marked} >= {("x", "b"), ("b", "e")}
    every = drawing(RUNS["classic"], path="z")
    assert {k for k, e in every.edges.items() if e.marked} == {("z", "a"), ("a", "d"), ("a", "e"), ("a", "f"), ("d", "y"), ("e", "y"), ("f", "y")}


def test_a_path_that_is_none():
    with pytest.raises(DrawingError, match="d does not use x, it uses a"):
        drawing(RUNS["classic"], path=["x", "d"])
    with pytest.raises(UnknownNameError):
        drawing(RUNS["classic"], path="q")
    with pytest.raises(UnknownNameError):
        paths(RUNS["classic"], "q")


# ---- the backward step ---------------------------------------------------------------------------------------------------

def test_each_consumers_contribution_stands_on_its_own_edge():
    d = drawing(RUNS["classic"], backward="a")
    assert {k: e.ticket_text for k, e in d.edges.items() if e.marked} == {
        ("a", "d"): ("1 × 403", "+403.4", "1"), ("a", "e"): ("1 × 1.44", "+1.443", "2"), ("a", "f"): ("1 × (−0.0177)", "−0.01775", "3")}
    assert d.boxes["a"].tone == ("now", "back") and faults(d) == []


def test_every_backward_step_of_every_odd_function_is_readable():
    from tests.drawing.functions import odd_runs
    for name, run in odd_runs().items():
        if len(run.variables) < 20:
            for v in run.variables:
                assert faults(drawing(run, backward=v)) == [], (name, v)


def test_a_backward_step_needs_boxes():
    with pytest.raises(DrawingError, match="no place for backward"):
        drawing(RUNS["classic"], backward="a", style="gates")


@pytest.mark.parametrize("style, option, others", [("variables", {"groups": {"g": ["a"]}}, "boxes or gates"),
                                                   ("derivatives", {"groups": {"g": ["a"]}}, "boxes or gates"),
                                                   ("gates", {"tickets": {("a", "d"): ("1", "2")}}, "choose boxes")])
def test_an_option_that_a_style_has_no_place_for_is_refused(style, option, others):
    with pytest.raises(DrawingError, match=f"(?s)no place for.*{others}"):
        drawing(RUNS["classic"], style=style, **option)
