"""The lectures' tables, each row by numbers in both layouts; claims judged, every planted mistake named."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.calculus import TABLES, check_rule, derivative
from backproplab.calculus.derivatives import _form, drawn
from backproplab.calculus.reading import expression

ROWS = pytest.mark.parametrize("row", TABLES, ids=[f"{r.of} by {r.wrt}" for r in TABLES])
LAYOUTS = pytest.mark.parametrize("layout", ["numerator", "denominator"])
OTHER = {"numerator": "denominator", "denominator": "numerator"}


@ROWS
@LAYOUTS
def test_each_row_of_the_tables_holds(row, layout):
    check = check_rule(row.of, row.wrt, getattr(row, layout), layout, dict(row.shapes))
    assert check, check.why


@ROWS
@LAYOUTS
def test_the_other_layouts_form_is_told_apart(row, layout):
    right, other = getattr(row, layout), getattr(row, OTHER[layout])
    check = check_rule(row.of, row.wrt, other, layout, dict(row.shapes))
    if right == other:
        assert check
    else:
        assert not check and check.mistake == "layout" and f"{OTHER[layout]} layout" in check.why
        assert check.right == str(expression(right, {n: np.ndim(v) for n, v in check.derivative.values.items()}, ""))


@ROWS
def test_a_flipped_sign_is_named(row):
    check = check_rule(row.of, row.wrt, f"-({row.denominator})", "denominator", dict(row.shapes))
    assert not check and check.mistake == "sign"


@ROWS
def test_twice_and_half_are_named(row):
    for claim, name in ((f"2 * ({row.denominator})", "double"), (f"({row.denominator}) / 2", "half")):
        check = check_rule(row.of, row.wrt, claim, "denominator", dict(row.shapes))
        assert not check and check.mistake == name


def test_the_rules_of_the_engine_give_the_tables_forms():
    """Taken out of the backward pass, without looking into the table, the derivative has the table's numbers."""
    found = 0
    for row in TABLES:
        made = derivative(row.of, row.wrt, "denominator", dict(row.shapes))
        _, form = _form(made.of, row.wrt, made.values, np.shape(made.values[row.wrt]), np.shape(expression_value(made)))
        if form is not None and row.table != "matrix":
            assert check_rule(row.of, row.wrt, form, "denominator", dict(row.shapes)), (row.of, str(form))
            found += 1
    assert found >= 15


def expression_value(made):
    from backproplab.calculus.reading import value
    return value(made.of, made.values)


# The lectures' misprints ------------------------------------------------------------------------------------------------------------

def test_the_lectures_row_is_wrong_and_ours_is_right():
    printed = check_rule("B.T @ x", wrt="x", claimed="B.T", layout="denominator")
    assert not printed and printed.mistake == "layout" and "that is its numerator layout" in printed.why and printed.right == "B"
    assert printed.shape == (3, 2) and printed.found.shape == (2, 3)
    assert check_rule("B.T @ x", wrt="x", claimed="B", layout="denominator") and check_rule("B.T @ x", wrt="x", claimed="B.T", layout="numerator")


@pytest.mark.parametrize("row", [r for r in TABLES if r.misprint], ids=lambda r: r.of)
def test_misprints_are_refused(row):
    assert not check_rule(row.of, row.wrt, row.misprint, "denominator", dict(row.shapes))


def test_the_quadratic_form_needs_both_transposes():
    check = check_rule("w.T @ A @ w", "w", "2 * w.T @ A", "numerator")
    assert not check and check.mistake == "symmetric"
    assert check_rule("w.T @ A @ w", "w", "w.T @ (A + A.T)", "numerator")
    assert check_rule("w.T @ A @ w", "w", "A @ w + w @ A", "denominator")           # as NumPy writes it


# Planted mistakes on square matrices, where every shape is right -------------------------------------------------------------------

SQUARE = {"A": (3, 3), "B": (3, 3), "x": (3,)}


@pytest.mark.parametrize("of, claimed, layout, name", [
    ("A @ x", "A.T", "numerator", "layout"), ("A @ x", "A", "denominator", "layout"),
    ("B @ (A @ x)", "A @ B", "numerator", ""), ("B @ (A @ x)", "A.T @ B.T", "numerator", "layout"),
    ("B @ (A @ x)", "B @ A.T", "numerator", "transpose"), ("B @ (A @ x)", "B.T @ A", "numerator", "transpose"),
    ("B @ (A @ x)", "A.T @ B", "denominator", "transpose"), ("np.tanh(A @ x)", "A", "numerator", ""),
    ("A @ x + B @ x", "A", "numerator", ""), ("A @ x", "x", "numerator", "shape")])
def test_wrong_transposes_on_square_matrices_are_told_by_number(of, claimed, layout, name):
    shapes = {n: s for n, s in SQUARE.items() if n in of}
    check = check_rule(of, "x", claimed, layout, shapes)
    assert not check and check.mistake == name and check.why


def test_a_derivative_that_holds_at_one_point_only_does_not_hold():
    x = float(drawn({"x": ()})["x"])
    check = check_rule("x * x", "x", f"{x} + x", "numerator", {"x": ()})
    assert not check and float(check.found) == pytest.approx(2 * x) and "by chance" in check.why


@pytest.mark.parametrize("of, claimed", [("A x", "A"), ("A @ x", "A"), ("x^T Q x", "x^T (Q + Q^T)"), ("bᵀ x", "bᵀ"), ("tr(A X)", "A")])
def test_formulas_may_be_typed_as_in_a_book(of, claimed):
    assert check_rule(of, "X" if "X" in of else "x", claimed, "numerator")


def test_a_point_between_vectors_is_no_product():
    with pytest.raises(bl.BackpropError, match="what follows a point") as error:
        check_rule("x . b", "x", "b^T", "numerator")
    assert error.value.instead


def test_forms_that_are_in_no_table():
    assert str(derivative("np.tanh(A @ x)", "x", "numerator").form) == "np.diag(1 - np.tanh(A @ x) ** 2) @ A"
    assert derivative("(b.T @ x) * x", "x", "denominator").form is not None
    assert derivative("softmax(A @ x)", "x", "numerator").form is None
    assert "backward, without forming it: B @ g_y" in repr(derivative("B.T @ x", "x", "denominator"))


# Nonsense ------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("claimed", ["", "B.T @", "q", "B.T.T.T @ x @ x @ x", "import os", "__import__('os')", "B" * 3000, None, 3, "B @ B",
                                     "(" * 60, "x = 3", "🙂"])
def test_a_claim_that_means_nothing_is_answered(claimed):
    check = check_rule("B.T @ x", "x", claimed, "denominator")
    assert not check and len(check.why) > 10


@pytest.mark.parametrize("of, wrt, shapes, error", [
    ("B.T @", "x", None, "must follow"), ("B.T @ x", "w", None, "its names are"), (3, "x", None, "as text"),
    ("B.T @ x", "x", {"B": (3, 2), "x": (2,)}, "meets"),
    ("B.T @ x", "x", {"B": 3}, "whole numbers"), ("B.T @ x", "x", {"Q": (3, 3)}, "Its names"), ("B.T @ x", "x", [1], "dict"),
    ("B.T @ x", "x", {"B": (0, 2)}, "from 1 on"),
    ("B.T @ x", "x", {"B": (10**5, 10**4)}, "1,000,000,000 entries"), ("A @ X", "X", None, "4"), ("a @ x", "x", None, "number"),
    ("x", "x", {"x": (10**9,)}, "1,000,000,000"), ("x * 2", "x", {"x": (40_000,)}, "1,600,000,000")])
def test_what_cannot_be_differentiated_is_refused_at_once(of, wrt, shapes, error):
    with pytest.raises(bl.BackpropError, match=error) as caught:
        check_rule(of, wrt, "B", "denominator", shapes)
    assert caught.value.instead


def test_where_only_symmetry_helps_the_matrix_is_called_by_its_name():
    check = check_rule("w.T @ A @ w", "w", "2 * A @ w", "denominator")
    assert check.mistake == "symmetric" and "only for symmetric A: otherwise A.T is needed" in check.why


@pytest.mark.parametrize("of, claimed", [("lambda @ x", "x"), ("x if x else x", "x"), ("B.T @ x", "lambda"), ("B.T @ x", "5 if x else B")])
def test_words_of_python_are_no_names(of, claimed):
    try:
        why = check_rule(of, "x", claimed).why
    except bl.InputError as error:
        why = str(error)
    assert "Python's own words" in why and "Choose another name" in why


def test_a_very_long_claim_is_told_back_short():
    assert len(repr(check_rule("B.T @ x", "x", "B + " * 3000))) < 1000
