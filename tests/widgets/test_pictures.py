"""Pictures of a state: whatever the style and whichever groups are open, each shows every variable and carries every contribution."""
import copy

import pytest

import backproplab as bl
from backproplab.drawing import drawing
from backproplab.widgets.pictures import STYLES, key
from backproplab.widgets.state import stepper_state
from tests.engine.test_reference_cases import CASES, written
from tests.widgets.stepping import GROUPS, POINT, chain, two_layers
from tests.widgets.test_state import ODD
from tests.worked_example import example

SCALAR_CASES = [c for c in CASES if c["kind"] != "jacobian"][::3]


def faults(state, picture):
    """What a picture leaves out or makes up, in words."""
    names = {n["id"] for n in state["nodes"]}
    marked, folded = picture.get("marked"), picture.get("folded", [])
    inside = {m: f["id"] for f in folded for m in f["members"]}
    shown = [n["of"] for n in marked if not n.get("inner")] if marked else [n for n in picture["nodes"] if n in names]
    found = [f"{n} is not shown once" for n in names if shown.count(n) != (0 if n in inside else 1)]
    found += [f"a node stands for {n['of']}" for n in [*(marked or []), *folded] if n["of"] not in names]
    edges = {e for s in state["steps"] for e in s["edges"] if s["phase"] == "backward"}
    forward = {e for s in state["steps"] for e in s["edges"] if s["phase"] == "forward"}
    carried = {c for k, e in picture["edges"].items() for c in e.get("for", [k])}
    within = {e for e in edges | forward if (u := inside.get(e.split(">")[0])) and u == inside.get(e.split(">")[1])}
    found += [f"nothing carries {e}" for e in (edges | forward) - within - carried]
    return found + [f"{e} is carried, and is no contribution" for e in carried - forward - edges]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", SCALAR_CASES, ids=[c["id"] for c in SCALAR_CASES])
def test_every_style_shows_every_variable_and_carries_every_contribution(case, style):
    f, inputs = written(case)
    state = stepper_state(bl.trace(f, **inputs), style=style)
    assert state["picture"] == style
    for side in ("wide", "tall"):
        assert faults(state, state[side]) == []


@pytest.mark.parametrize("name", ["square", "builtin sum", "index", "large array", "three axes", "unused input", "whole numbers"])
def test_odd_functions_can_be_drawn_in_every_style(name):
    f, inputs = ODD[name]
    run = bl.trace(f, inputs=inputs)
    for style in STYLES:
        state = stepper_state(run, style=style)
        assert faults(state, state["wide"]) == [] and faults(state, state["tall"]) == []
        assert faults(stepper_state(run.unfolded(), style=style), stepper_state(run.unfolded(), style=style)["wide"]) == []


def test_a_missing_line_and_a_made_up_one_are_found():
    state = stepper_state(bl.trace(example, x=2.0, z=3.0), style="gates")
    picture = copy.deepcopy(state["wide"])
    picture["edges"]["a>d"]["for"] = ["a>x"]
    assert faults(state, picture) == ["nothing carries a>d", "a>x is carried, and is no contribution"]
    del picture["marked"][0]
    assert "x is not shown once" in faults(state, picture)


def test_a_small_state_carries_every_style_and_a_large_one_its_own():
    assert set(stepper_state(bl.trace(example, x=2.0, z=3.0))["pictures"]) == set(STYLES) - {"boxes"}
    assert set(stepper_state(bl.trace(example, x=2.0, z=3.0), style="gates")["pictures"]) == set(STYLES) - {"gates"}
    run = bl.trace(chain, x=0.5)
    assert stepper_state(run)["pictures"] == {}
    state = stepper_state(run, groups=bl.drawing.repeats(run))
    assert len(state["wide"]["nodes"]) == 4 and set(state["pictures"]) == {key("boxes", state["groups"])}


@pytest.mark.parametrize("opened", [(), ("first",), ("second",), ("first", "second")], ids=["none", "first", "second", "both"])
def test_every_way_of_opening_two_groups_is_there(opened):
    state = stepper_state(bl.trace(two_layers, **POINT), groups=GROUPS, opened=opened)
    assert len({state["picture"], *state["pictures"]} - {"variables", "gates"}) == 4
    for picture in (state["wide"], state["tall"], *[p[side] for p in state["pictures"].values() for side in ("wide", "tall")]):
        assert faults(state, picture) == []
    assert {f["id"] for f in state["wide"].get("folded", [])} == set(GROUPS) - set(opened)
    assert len(state["wide"].get("frames", [])) >= len(opened)


def test_a_folded_group_shows_the_numbers_of_its_result():
    state = stepper_state(bl.trace(two_layers, **POINT), groups=GROUPS)
    second = next(f for f in state["wide"]["folded"] if f["id"] == "second")
    result = next(n for n in state["nodes"] if n["id"] == "y")
    assert second["of"] == "y" and (second["value"], second["grad"]) == (result["value"], result["grad"])


def test_nonsense_is_refused_in_words():
    with pytest.raises(bl.InputError, match="'boxes', 'variables' or 'gates'"):
        bl.stepper(example, x=2.0, z=3.0, style="circles")
    with pytest.raises(bl.drawing.DrawingError, match="'q' is no variable"):
        bl.stepper(example, x=2.0, z=3.0, groups={"g": ["q"]})
    with pytest.raises(bl.drawing.DrawingError, match="by way of"):
        bl.stepper(example, x=2.0, z=3.0, groups={"g": ["a", "y"]})


def test_other_pictures_are_asked_of_the_kernel():
    widget = bl.stepper(two_layers, groups=GROUPS, **POINT)
    widget.wanted = {"style": "boxes", "opened": ["second"], "number": 1}
    assert widget.answered == 1 and widget.problem == "" and widget.state["opened"] == ["second"]
    widget.wanted = {"style": "gates", "opened": ["second", "nobody"], "number": 2}
    assert widget.state["picture"] == "gates" and widget.state["opened"] == ["second"]
    widget.wanted = {"style": "gates", "folded": False, "number": 3}
    assert widget.problem == "" and widget.state["groups"] == {}
    widget.wanted = {"style": "spirals", "number": 4}
    assert "spirals" in widget.problem and widget.state["picture"] == "gates"


def test_a_long_picture_is_broken_and_a_short_one_left_in_one_line():
    run = bl.trace(example, x=2.0, z=3.0)
    whole = drawing(run)
    assert drawing(run, wrap=500.0, unbroken=whole.size[0]).as_data() == whole.as_data()
    assert drawing(run, wrap=500.0, unbroken=400.0).as_data() == drawing(run, wrap=500.0).as_data() != whole.as_data()
