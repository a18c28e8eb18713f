"""The chain rule's order: every form multiplied, the lectures' options among them."""
import itertools

import pytest

import backproplab as bl
from backproplab.calculus import check_chain
from backproplab.calculus.chains import OPTIONS, RIGHT


@pytest.mark.parametrize("option", list(OPTIONS))
def test_none_of_the_lectures_options_is_right_in_its_layout(option):
    check = check_chain(option, "denominator")
    assert not check and check.mistake == ("layout" if option == "D" else "conform") and len(check.why) > 30


@pytest.mark.parametrize("layout", list(RIGHT))
def test_of_all_products_of_the_two_only_one_is_right(layout):
    forms = [f"{a}{s} @ {b}{t}" for (a, b), s, t in itertools.product(itertools.permutations(("dy_du", "du_dx")), ("", ".T"), ("", ".T"))]
    forms += [f"({f}).T" for f in forms]
    right = [f for f in forms if check_chain(f, layout)]
    assert RIGHT[layout] in right and len(right) == 2                    # and the turned one, turned back
    assert check_chain(OPTIONS["A"], "numerator")


@pytest.mark.parametrize("claimed", ["", "dy_du @", "G", "dy_dx", None, 3, "dy_du + du_dx", "dy_du * du_dx", "import os", "du_dx @ dy_du @ dy_du",
                                     "2 du_dx @ dy_du"])
def test_what_is_not_a_chain_rule_is_answered(claimed):
    check = check_chain(claimed, "denominator")
    assert not check and len(check.why) > 15


def test_layouts():
    with pytest.raises(bl.UnknownNameError):
        check_chain("A", "row")
    with bl.conventions("cmu"):
        assert check_chain("du_dx @ dy_du") and "denominator" in repr(check_chain("D"))


def test_none_of_these_is_right_in_denominator_layout_only():
    right, wrong = check_chain("f", "denominator"), check_chain("F", "numerator")
    assert right and "du_dx @ dy_du" in right.why and not wrong and wrong.why == "A holds: dy_du @ du_dx."
