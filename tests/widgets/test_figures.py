"""What is printed in the ledger adds up and multiplies out, digit by digit."""
from decimal import Decimal

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from backproplab.widgets.figures import array_places, column, factors, fixed

numbers = st.floats(-1e4, 1e4, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-4)


def exact(text):
    return Decimal(text.replace("−", "-"))


def test_the_column_of_the_classic_shows_its_smallest_part():
    shown, sums, places = column([403.428793492735, 1.44269504088896, -0.0177488940])
    assert shown == ["+403.42879", "+1.44270", "−0.01775"]
    assert sums == ["+403.42879", "+404.87149", "+404.85374"] and places == 5
    assert sum(map(exact, shown)) == exact(sums[-1])


@given(st.lists(numbers, min_size=1, max_size=3))
def test_printed_numbers_are_the_numbers(parts):
    shown, sums, places = column(parts)
    if places >= 0:
        tolerance = Decimal(10) ** -places * Decimal("0.51")
        assert all(abs(exact(t) - Decimal(p)) <= tolerance for t, p in zip(shown, parts, strict=True))
        assert all(abs(exact(t) - Decimal(float(p))) <= tolerance for t, p in zip(sums, np.cumsum(parts), strict=True))


@given(numbers.filter(bool), numbers.filter(bool), st.integers(0, 5))
def test_printed_factors_multiply_to_the_printed_product(a, b, places):
    assume(abs(a * b) * 10**places < 1e8)                 # beyond, eleven digits a factor are not enough, and nobody would read more
    up, local = factors(a, b, a * b, places)
    assert abs(exact(up) * exact(local) - Decimal(a * b)) <= Decimal(10) ** -places


def test_whole_numbers_stay_whole():
    assert column([3.0, -5.0, 2.0])[:2] == (["+3", "−5", "+2"], ["+3", "−2", "0"])


def test_numbers_out_of_bounds_are_written_with_an_exponent():
    shown, _, places = column([1e-20, 3e-19])
    assert places == -1 and "e−20" in shown[0]
    assert column([float("inf"), 1.0])[0][0].endswith("∞")


def test_zero_has_no_sign():
    assert fixed(-0.0, 2) == "0.00" and fixed(0.004, 2) == "0.00" and fixed(-0.006, 2) == "−0.01"


def test_arrays_get_the_decimals_at_which_their_columns_add_up():
    parts = np.array([[0.126, 0.5], [0.126, 0.25]])
    places = array_places(parts)
    assert np.array_equal(np.round(parts, places).sum(0), np.round(parts.sum(0), places))
