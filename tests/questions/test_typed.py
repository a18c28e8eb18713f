"""Typed answers are understood kindly, and what cannot be one is answered with a sentence."""
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproplab.questions import AnswerError
from backproplab.questions.matching import verdict
from backproplab.questions.screening import Wrong, screened
from backproplab.questions.typed import array, number, shape

NUMBERS = {
    "3": 3, " 3 ": 3, "−3.5": -3.5, "–3.5": -3.5, "-3,5": -3.5, "0,234": 0.234, "1e3": 1000, "1E-3": 1e-3, "2/3": 2 / 3, "-1/4": -0.25,
    "sqrt(2)": math.sqrt(2), "√2": math.sqrt(2), "√(1/2)": math.sqrt(0.5), "2√3": 2 * math.sqrt(3), "1,234.5": 1234.5, "1.234,5": 1234.5,
    "1 234.5": 1234.5, "1\u202f234.5": 1234.5, "g_a = 404.85": 404.85, "≈ 3.1": 3.1, "= 3.1": 3.1, "50 %": 0.5, "２．５": 2.5,
    "2^10": 1024, "10^-3": 1e-3,
    "1.5×10^3": 1500, "1.5·10⁻³": 1.5e-3, "3²": 9, ".5": 0.5, "3.": 3, "+7": 7, "ln 2": math.log(2), "exp(1)": math.e, "e^2": math.e**2,
    "2pi": 2 * math.pi, "3 + 4": 7, "`3`": 3, "$3$": 3, "(1 - 0.25) * 2": 1.5, "np.exp(1)": math.e,
    "½": 0.5, "1½": 1.5, "−2 ¾": -2.75, "2^½": math.sqrt(2), "1⁄4": 0.25, "\u200b5": 5, "\ufeff5\u200b": 5,
}
REFUSED = {
    "": "Nothing was typed", "   ": "Nothing was typed", "nan": "NaN", "NaN": "NaN", "inf": "finite", "-∞": "finite",
    "abc": "put the value of abc in",
    "x*2": "put the value of x in", "1e400": "out of all bounds", "9**9**9": "too large", "1/0": "divides by zero",
    "(-2)^0.5": "no value among the real",
    "3 4": "looks like several", "[1, 2]": "looks like several", "1; 2": "looks like several", "1,234": "two ways", "9" * 500: "longer",
    "__import__('os')": "not a number", "True": "", "3 1/2": "not a number", "\x00": "not a number",
    "lambda: 1": "not a number", "1 if 1 else 2": "not a number", "'a'*9": "", "2.5½": "not a number", "\u200b": "Nothing was typed",
}
DEEP = ["(" * 190 + "1" + ")" * 190, "1+" * 190 + "1", "-" * 300 + "1", "sqrt(" * 60 + "1" + ")" * 60, "2^" * 150 + "2"]


@pytest.mark.parametrize("text, value", NUMBERS.items())
def test_a_number_is_read(text, value):
    assert number(text).value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text, sentence", REFUSED.items())
def test_what_is_no_number_gets_a_sentence(text, sentence):
    with pytest.raises(AnswerError) as info:
        number(text)
    assert sentence in str(info.value) and str(info.value).endswith(".") and "\n" not in str(info.value)


@pytest.mark.parametrize("text", DEEP)
def test_deep_nesting_is_read_or_refused(text):
    try:
        assert math.isfinite(number(text).value)
    except AnswerError as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize("value", [None, True, [1, 2], {"a": 1}, object(), float("nan"), float("inf"), 10**400, 1j, b"3"])
def test_values_that_are_no_number_get_a_sentence_too(value):
    with pytest.raises(AnswerError) as info:
        number(value)
    assert str(info.value).endswith(".")


@pytest.mark.parametrize("text, unit", {"3.14": 0.01, "1200": 1, "1.5e3": 100, "0.0120": 1e-4, "2/3": 0, "sqrt(2)": 0, "50 %": 0.01}.items())
def test_the_last_digit_is_known(text, unit):
    assert number(text).unit == pytest.approx(unit)


@given(st.text(max_size=60) | st.text("0123456789.,;[]()+-*/^=e \nx−√", max_size=14))
def test_nothing_typed_ever_crashes(text):
    for read in (number, array, shape):
        try:
            found = read(text)
        except AnswerError as error:
            assert str(error)
        else:
            assert read is shape or np.size(found.value) and np.all(np.isfinite(found.value))


@given(st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-6))
def test_what_python_prints_is_read_back(v):
    assert number(repr(v)).value == v
    assert number(f"{v:.6g}".replace("-", "−")).value == pytest.approx(v, rel=1e-5)


ARRAYS = {
    "1 2; 3 4": [[1, 2], [3, 4]], "[[1, 2], [3, 4.5]]": [[1, 2], [3, 4.5]], "np.array([1,2,3])": [1, 2, 3],
    "array([[ 1.,  2.],\n       [ 3.,  4.]])": [[1, 2], [3, 4]],
    "1, 2, 3": [1, 2, 3], "[1 2]\n[3 4]": [[1, 2], [3, 4]], "[[1. 2.]\n [3. 4.]]": [[1, 2], [3, 4]], "g = [1/2, −3]": [0.5, -3], "5": 5, "[5]": [5],
    "[1; 2]": [[1], [2]], "((1, 2), (3, 4))": [[1, 2], [3, 4]],
}


@pytest.mark.parametrize("text, value", ARRAYS.items())
def test_an_array_is_read(text, value):
    found = array(text).value
    assert np.shape(found) == np.shape(value)
    np.testing.assert_allclose(found, value)


@pytest.mark.parametrize("text", ["", ";", ",", "[,]", "[[]]", "[[1,2],[3]]", "[[1,2]", "[1, a]", "[1, nan]", "[]", "1 2; 3", "]1["])
def test_what_is_no_array_gets_a_sentence(text):
    with pytest.raises(AnswerError) as info:
        array(text)
    assert str(info.value).endswith(".")


SHAPES = {"(3, 4)": (3, 4), "3x4": (3, 4), "3×4": (3, 4), "3 by 4": (3, 4), "[3,4]": (3, 4), "3 4": (3, 4), "scalar": (), "()": (), "(3,)": (3,),
          "3": (3,),
          "shape = (3, 4)": (3, 4)}


@pytest.mark.parametrize("text, value", SHAPES.items())
def test_a_shape_is_read(text, value):
    assert shape(text) == value
    assert shape(value) == value


@pytest.mark.parametrize("text", ["", "a", "-1x2", "3.5", "(3, b)"])
def test_what_is_no_shape_gets_a_sentence(text):
    with pytest.raises(AnswerError):
        shape(text)


# ---- how near is right -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, said", {
    "404.85": "right", "404.9": "right", "405": "right", "406": "rounded", "4.0e2": "rounded", "400": "rounded", "397": "rounded",
    "403.43": "looks like", "403.4": "looks like",
    "380": "unknown", "0": "unknown", "-404.85": "unknown"}.items())
def test_how_near_is_right(text, said):
    assert verdict(number(text), 404.8537, [403.4288 - 1.0, 403.4288])[0] == said


@pytest.mark.parametrize("text, said", {"1001.3": "looks like", "1001.2": "looks like", "1001.0": "looks like", "1000.9": "rounded", "1001": "right",
                                        "1000.6": "rounded", "1000.4": "right", "1000": "right"}.items())
def test_close_to_the_right_number_a_name_needs_four_digits_clearly_nearer_to_the_wrong_one(text, said):
    assert verdict(number(text), 1000.0, [1001.3])[0] == said


@given(st.floats(1e-3, 1e4), st.floats(-0.1, 0.1), st.integers(4, 7), st.floats(-0.5, 0.5))
def test_what_the_screen_keeps_is_named_when_four_digits_of_it_are_typed(right, off, digits, other):
    wrong = [Wrong(np.float64(right * (1 + e)), name, name, "") for name, e in (("planted", off), ("other", other))]
    kept = screened(np.float64(right), wrong)
    for k, w in enumerate(kept):
        said = verdict(number(f"{w['value']:.{digits - 1}e}"), right, [float(x["value"]) for x in kept])
        assert said == ("looks like", [k])


def test_a_name_that_fits_far_better_is_given_alone():
    right, wrong = 1000.0, [1214.1, 1214.5]
    assert verdict(number(1214.5), right, wrong) == ("looks like", [1])
    assert verdict(number("1214.5"), right, wrong) == ("looks like", [0, 1])            # one unit of the last digit tells little
    assert verdict(number("1214.500"), right, wrong) == ("looks like", [1])
    assert verdict(number(1214.3), right, wrong) == ("looks like", [0, 1])


def test_an_earlier_slip_of_ones_own_comes_before_a_name():
    assert verdict(number("1214.5"), 1000.0, [1214.5], 1214.4)[0] == "follow-through"
    assert verdict(number("1214.5"), 1000.0, [1214.5], 1217.0)[0] == "looks like"


@given(st.floats(1e-3, 1e4), st.integers(2, 6))
def test_a_right_answer_with_few_digits_is_never_accused(right, digits):
    wrong = [right * (1 + e) for e in (-0.02, -0.004, -0.0015, -0.0006, 0.0006, 0.001, 0.004, 0.01, 0.03)]
    assert verdict(number(f"{right:.{digits - 1}e}"), right, wrong)[0] in ("right", "rounded")


def test_an_array_typed_with_three_decimals_is_right_but_rounded():
    right = np.array([0.0012, 3.14159])
    assert verdict(array("[0.001, 3.142]"), right)[0] in ("right", "rounded")
    assert verdict(array("[0.001, 3.1]"), right, [np.array([0.0, 3.1])])[0] in ("rounded", "looks like")
    assert verdict(array("[3.142, 0.001]"), right)[0] == "unknown"
