"""Numbers in sentences: as many digits as asked for, powers of ten where they are small or large, and the number is not changed by them."""
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproplab.experiments.words import size

DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize("x, places, text", [(0, 2, "0"), (1, 2, "1"), (0.2244, 3, "0.224"), (690_000.0, 2, "6.9·10⁵"), (1.4e-6, 2, "1.4·10⁻⁶"),
                                             (-3.2, 2, "−3.2"), (123, 2, "120"), (0.00012, 2, "0.00012"), (99.6, 2, "100"),
                                             (math.nan, 2, "not finite"), (-math.inf, 2, "not finite")])
def test_numbers_in_words(x, places, text):
    assert size(x, places) == text


@given(st.floats(-1e30, 1e30).filter(lambda x: x == 0 or abs(x) > 1e-30), st.integers(2, 6))
def test_the_text_is_the_number_to_so_many_digits(x, places):
    mantissa, _, power = size(x, places).replace("−", "-").partition("·10")
    assert float(mantissa) * 10.0 ** int(power.translate(DIGITS) or 0) == pytest.approx(x, rel=0.51 * 10.0 ** (1 - places))
