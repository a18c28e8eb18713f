"""Style "boxes": nothing covers anything, whatever the function; the same bytes every time."""
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import backproplab as bl
from backproplab.drawing import checks, drawing, svg
from backproplab.drawing.checks import faults
from backproplab.drawing.marks import Formula, Grid, Text
from backproplab.drawing.shapes import straight
from tests.drawing.functions import case_runs, every_run, odd_runs, tickets_of

RUNS = every_run()
ways = pytest.mark.parametrize("way", [{}, {"direction": "down"}, {"tickets": True}, {"tickets": True, "direction": "down"}, {"numbers": False},
                                       {"numbers": False, "direction": "down"}],
                               ids=["right", "down", "right with tickets", "down with tickets", "without numbers", "down without numbers"])


def options(run, way):
    return {**way, "tickets": tickets_of(run)} if way.get("tickets") else way


@ways
def test_nothing_covers_anything(way):
    half = {"right": 0, "down": 1}[way.get("direction", "right")]
    some = list(RUNS)[half::2] if way.get("numbers") is False else list(RUNS)       # without numbers each function in one direction
    found = {name: faults(drawing(RUNS[name], **options(RUNS[name], way))) for name in some}
    assert {n: f for n, f in found.items() if f} == {}


def test_there_are_89_reference_cases():
    assert len(case_runs()) == 89


def test_every_edge_of_a_fork_has_a_place_for_its_ticket():
    run = RUNS["classic"]
    d = drawing(run, tickets=tickets_of(run))
    assert all(e.ticket is not None and e.ticket_size is not None for e in d.edges.values())
    assert d.edges["a", "d"].ticket_text == tickets_of(run)["a", "d"]


# ---- each check finds a planted fault ------------------------------------------------------------------------------------

def planted(name, run="classic", **changes):
    d = drawing(RUNS[run], tickets=tickets_of(RUNS[run]))
    box = d.boxes[name]
    return replace(d, boxes={**d.boxes, name: replace(box, **{k: f(box, d) if callable(f) else f for k, f in changes.items()})})


def with_edge(key, run="classic", **changes):
    d = drawing(RUNS[run], tickets=tickets_of(RUNS[run]))
    return replace(d, edges={**d.edges, key: replace(d.edges[key], **{k: f(d) for k, f in changes.items()})})


def centre(b):
    return (b.x + b.w / 2, b.y + b.h / 2)


def test_a_node_over_another_is_found():
    assert any("overlap" in f for f in checks.nodes_over_nodes(planted("a", x=lambda b, d: d.boxes["b"].x + 5, y=lambda b, d: d.boxes["b"].y + 5)))


def test_a_name_over_another_node_is_found():
    low = planted("b", outside=lambda b, d: tuple(replace(m, x=d.boxes["c"].x + 3, y=d.boxes["c"].y + 20) for m in b.outside))
    assert any("overlap" in f for f in checks.nodes_over_nodes(low))


def test_an_edge_over_a_node_is_found():
    d = with_edge(("b", "e"), route=lambda d: (straight(centre(d.boxes["b"]), centre(d.boxes["c"])),))
    assert "the edge b to e runs over c" in list(checks.edges_over_nodes(d))


def test_an_edge_over_the_number_of_its_own_node_is_found():
    d = with_edge(("b", "e"), route=lambda d: (straight((d.boxes["b"].x - 2, d.boxes["b"].y + 50), (d.boxes["b"].x + 90, d.boxes["b"].y + 50)),))
    assert "the edge b to e runs over b" in list(checks.edges_over_nodes(d))


def test_a_ticket_over_a_node_is_found():
    assert "the ticket of a to d covers c" in list(checks.tickets_over_nodes(with_edge(("a", "d"), ticket=lambda d: centre(d.boxes["c"]))))


def test_a_ticket_over_a_ticket_of_the_same_variable_is_found():
    d = with_edge(("a", "d"), ticket=lambda d: d.edges["a", "f"].ticket)
    assert list(checks.tickets_over_tickets(d)) == ["the tickets of a to d and to f cover each other"]


def test_text_that_reaches_out_of_its_box_is_found():
    wide = planted("a", w=8.0)
    assert any("reaches out of a" in f for f in checks.text_outside(wide))
    round_ = planted("a", shape="circle", inside=lambda b, d: (Text("0123456789", b.x, b.y + 20, 12),))
    assert any("reaches out of a" in f for f in checks.text_outside(round_))


def test_text_over_text_is_found():
    d = planted("a", outside=lambda b, d: (*b.outside, Text("7", b.x + 3, b.y + b.h + 14, 12)))
    assert any("cover each other" in f for f in checks.text_over_text(d))


def test_a_label_over_a_node_is_found():
    d = with_edge(("a", "d"), label=lambda d: (Text("w", *centre(d.boxes["c"])),))
    assert any("covers c" in f for f in checks.labels_over_nodes(d))


def test_something_off_the_page_is_found():
    assert any("edge of the page" in f for f in checks.off_the_page(planted("y", x=lambda b, d: d.size[0] - 10)))


def test_an_empty_box_is_found():
    assert list(checks.empty_nodes(planted("a", inside=()))) == ["a is empty"]


def test_units_out_of_order_are_found():
    d = drawing(RUNS["net"])
    assert list(checks.units_out_of_order(d)) == []
    turned = replace(d, layers=tuple(layer[::-1] for layer in d.layers))
    assert any("stands before w1_1" in f for f in checks.units_out_of_order(turned))


# ---- what a picture says -------------------------------------------------------------------------------------------------

def test_roles():
    d = drawing(RUNS["mlp"])
    assert {n: b.role for n, b in d.boxes.items()} == {
        "X": "constant", "W1": "parameter", "b1": "parameter", "W2": "parameter", "b2": "parameter", "Y": "constant", "lam": "constant",
        "H": "operation", "P": "operation", "R": "operation", "data": "operation", "reg": "operation", "loss": "output"}
    assert drawing(RUNS["classic"]).boxes["x"].role == "input"
    assert drawing(RUNS["classic"], parameters=["z"]).boxes["z"].role == "parameter"


def test_values_below_left_gradients_below_right_and_signed():
    b = drawing(RUNS["classic"]).boxes["a"]
    value, gradient = [m for m in b.outside if isinstance(m, Text)]
    assert (value.text, gradient.text) == ("6", "+404.9")
    assert value.rect[0] < b.x + 4 and gradient.rect[2] > b.x + b.w - 4 and value.rect[1] > b.y + b.h


def test_a_card_keeps_room_for_its_gradient_and_says_its_shapes():
    b = drawing(RUNS["mlp"]).boxes["W1"]
    value, gradient = [m for m in b.inside if isinstance(m, Grid)]
    assert value.badge.text == "4×3" and gradient.badge.text == "grad 4×3"


def test_large_arrays_show_their_corner_and_flat_ones_their_rows():
    d = drawing(RUNS["large"])
    grid = d.nodes["X"]["grid"]
    assert grid["shape"] == "50×10 corner" and len(grid["cells"]) == 6
    assert drawing(RUNS["three axes"]).nodes["x"]["grid"]["shape"] == "2×3×4 as 6 rows"
    assert "10⁻" in drawing(RUNS["three axes"]).nodes["y"]["grid"]["shape"]


def test_grids_of_any_numbers():
    from backproplab.drawing.grids import grid
    assert grid(np.array([np.nan, np.inf, -np.inf, -0.0]), "v")["cells"] == [["NaN", "∞", "−∞", "0.00"]]
    assert grid(np.zeros((0, 3)), "v")["cells"] == [["empty"]]
    assert grid(np.array([True, False]), "v")["cells"] == [["True", "False"]]
    assert grid(np.array([3, -4]), "v")["cells"] == [["3", "−4"]]


def test_a_long_formula_is_abbreviated_not_shrunk_away():
    d = drawing(RUNS["long formula"])
    formulas = [m for m in d.boxes["y"].inside if isinstance(m, Formula)]
    assert all(f.scale >= 0.7 for f in formulas) and "np.exp" in d.boxes["y"].title


def test_data_for_the_widget():
    run = RUNS["mlp"]
    d = drawing(run, tickets=tickets_of(run))
    data = d.as_data()
    assert set(data) == {"x", "y", "w", "h", "down", "nodes", "edges", "cell", "spots"} and list(data["nodes"]) == list(run.variables)
    assert set(data["edges"]["W1>H"]) == {"d", "r", "tip", "back", "at", "size"} and set(data["spots"]["W1"]) == {"v", "g", "fn"}
    assert set(d.nodes["H"]) == {"id", "label", "fn", "role", "value", "grad", "fork", "leaf", "written", "line", "grid", "shape", "ggrid"}
    assert "spots" not in drawing(RUNS["classic"]).as_data()


# ---- refusals ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("wrong", [{"style": "circles"}, {"direction": "up"}, {"theme": "neon"}])
def test_an_option_that_does_not_exist_is_refused_in_words(wrong):
    with pytest.raises(bl.drawing.DrawingError, match=r"(?s).*(boxes|right|light).*"):
        svg(RUNS["classic"], **wrong)


def test_more_than_two_thousand_boxes_are_refused_in_words():
    def long(x):
        for _ in range(2001):
            x = x + 1
        return x

    run = bl.trace(long, 1.0)
    with pytest.raises(bl.drawing.DrawingError, match="2002 variables"):
        drawing(run, groups={})
    with pytest.raises(bl.drawing.DrawingError, match="2002 variables"):
        drawing(run, style="variables")                       # which folds nothing
    assert len(drawing(run).boxes) == 4                       # the repeated block is folded by itself


# ---- the same bytes ------------------------------------------------------------------------------------------------------

def digests():
    """Of pictures of every other function, in both directions."""
    return [hashlib.sha256(svg(run, direction=direction, tickets=tickets_of(run)).encode()).hexdigest()
            for run in list(odd_runs().values())[::2] for direction in ("right", "down")]


def test_identical_bytes_whatever_the_hash_seed():
    """This process, which has drawn much before, and a fresh one with another seed."""
    root = Path(__file__).parents[2]
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    fresh = subprocess.run([sys.executable, "-c", "from tests.drawing.test_boxes import digests\nprint(*digests())"], capture_output=True, text=True,
                           check=True, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}).stdout
    assert fresh.split() == digests() and len(set(fresh.split())) > 10


def test_svg_is_the_same_twice():
    assert hashlib.sha256(svg(RUNS["mlp"]).encode()).digest() == hashlib.sha256(svg(RUNS["mlp"]).encode()).digest()
