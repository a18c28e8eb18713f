"""Shapes of derivatives in both layouts, against Jacobians that the engine computes; conversions; flattening."""
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.calculus import TABLE, converted, derivative_shape, entry_name, flattened, index_tuples, kinds, unflattened

NINE = {"scalar": (), "vector": (3,), "matrix": (2, 5)}
AXES = {"scalar": (), "vector": (4,), "matrix": (7, 6)}


@pytest.mark.parametrize("kind", TABLE, ids=lambda k: f"{k.of}-by-{k.wrt}")
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_the_table_of_nine_and_the_function_agree(kind, layout):
    made = derivative_shape(NINE[kind.of], AXES[kind.wrt], layout)
    assert " × ".join(made.symbolic) == getattr(kind, layout) or kind.of == kind.wrt == "scalar"
    assert made.name == kind.name
    back = made.other
    assert back.layout != layout and back.other.symbolic == made.symbolic and back.other.concrete == made.concrete


@pytest.mark.parametrize("of", list(NINE))
@pytest.mark.parametrize("wrt", list(AXES))
def test_concrete_shapes_are_those_of_the_engines_jacobian(of, wrt):
    """The engine's arrays have no sides of length one; a number by a matrix is turned in numerator layout, as books do."""
    of_shape, wrt_shape = NINE[of], AXES[wrt]
    weights = np.ones((math.prod(of_shape), math.prod(wrt_shape)))
    j = bl.jacobian(lambda x: np.reshape(weights @ np.reshape(x, (math.prod(wrt_shape),)), of_shape), np.ones(wrt_shape)[()], layout="numerator")
    made = derivative_shape(of_shape, wrt_shape, "numerator")
    assert tuple(n for n in made.concrete if n != 1) == (np.shape(j)[::-1] if (of, wrt) == ("scalar", "matrix") else np.shape(j))
    assert made.entries == np.size(j) and math.prod(made.flattened) == np.size(j)


@pytest.mark.parametrize("given, axes", [
    ((), ()), ("scalar", ()), ("()", ()), ((3,), ("M",)), ("3 x 4", ("M", "N")), ("B x N", ("B", "N")), ("B=3, N=2", ("B", "N")),
    (("B", 4), ("B", "N")),
    ("3 by 4", ("M", "N")), ("3×4", ("M", "N")), (np.zeros((2, 2)), ("M", "N")), ([5], ("M",)), ("out x in", ("out", "in"))])
def test_shapes_are_read_kindly(given, axes):
    assert derivative_shape(given, (), "numerator").of == axes


@pytest.mark.parametrize("given", [3, 3.5, None, True, (3, -1), ("B", 2.5), "a b c d e f g", "x x x", (1,) * 7,
                                   {"a"}, object(), "B=3 x B=4", "<b>",
                                   (True,)])
def test_nonsense_is_refused_in_words(given):
    with pytest.raises(bl.InputError) as error:
        derivative_shape(given, (3,))
    assert error.value.attempted and error.value.came_in and error.value.instead


def test_one_sign_too_many_is_forgiven():
    assert derivative_shape("3 x", (), "numerator").concrete == (3, 1)


def test_letters_never_stand_for_two_things():
    made = derivative_shape((2, 3), "M=5 x K", "numerator")
    assert len(set(made.of) | set(made.wrt)) == 4
    with pytest.raises(bl.InputError, match="one length"):
        derivative_shape("B=3", "B=4")


def test_a_letter_that_is_known_once_is_known_everywhere():
    assert derivative_shape("B x N=2", "B=3", "denominator").concrete == (3, 3, 2)


def test_absurd_sizes_cost_nothing():
    made = derivative_shape((10**6, 10**6), (10**6, 10**6), "numerator")
    assert made.entries == 10**24 and made.flattened == (10**12, 10**12)


def test_the_default_is_the_sessions_layout():
    with bl.conventions("cmu"):
        assert derivative_shape((), (3,)).symbolic == ("P", "1")
    assert derivative_shape((), (3,)).symbolic == ("1", "P")
    with pytest.raises(bl.UnknownNameError, match="numerator"):
        derivative_shape((), (3,), "row")


def test_the_table_shows_itself():
    assert "P × M" in repr(kinds("denominator")) and "M × P" in repr(kinds("numerator")) and kinds("numerator")._repr_html_().count("<td>") == 9


SHAPES = st.lists(st.integers(1, 3), max_size=3).map(tuple)


@given(SHAPES, SHAPES, st.sampled_from("CF"), st.sampled_from(["numerator", "denominator"]), st.integers(0, 99))
def test_flattening_and_turning_lose_nothing(of, wrt, order, layout, seed):
    j = np.asarray(np.random.RandomState(seed).randn(*(of + wrt if layout == "numerator" else wrt + of)))
    flat = flattened(j, of, wrt, layout, order)
    assert flat.shape == ((math.prod(of), math.prod(wrt)) if layout == "numerator" else (math.prod(wrt), math.prod(of)))
    np.testing.assert_array_equal(unflattened(flat, of, wrt, layout, order), j)
    other = "denominator" if layout == "numerator" else "numerator"
    np.testing.assert_array_equal(flattened(converted(j, of, wrt, layout, other), of, wrt, other, order), flat.T)
    rows, columns = (of, wrt) if layout == "numerator" else (wrt, of)
    for r, i in enumerate(index_tuples(rows, order)):
        for c, k in enumerate(index_tuples(columns, order)):
            assert flat[r, c] == j[(*i, *k)]


def test_vec_order_is_column_by_column():
    """Books stack columns: vec(A X) = (I ⊗ A) vec(X)."""
    a, x = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    j = bl.jacobian(lambda x: a @ x, x)
    np.testing.assert_allclose(flattened(j, (2, 4), (3, 4), order="F"), np.kron(np.eye(4), a))
    np.testing.assert_allclose(flattened(j, (2, 4), (3, 4), order="C"), np.kron(a, np.eye(4)))


def test_wrong_shapes_and_orders_are_refused():
    with pytest.raises(bl.ShapeError, match=r"its shape is \(2, 3\)"):
        converted(np.zeros((3, 2)), (2,), (3,), "numerator", "denominator")
    with pytest.raises(bl.ShapeError):
        unflattened(np.zeros((3, 2)), (2,), (3,))
    with pytest.raises(bl.InputError, match="row by row"):
        index_tuples((2, 2), "K")


def test_names_of_entries():
    assert entry_name("W", (0, 1)) == "W₁₂" and entry_name("y", ()) == "y" and entry_name("x", (10, 2)) == "x₁₁,₃"
