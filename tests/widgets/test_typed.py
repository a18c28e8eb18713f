"""The page reads and judges answers as Python does: both are given the same texts, the scripts in Chromium."""
import json
import random

import numpy as np
import pytest

from backproplab.questions import matching, typed
from backproplab.widgets import modules

READ = ["6", " 404.85 ", "−0.25", "–3", "404,9", "1e3", "1.2E-3", "3/4", "−1 / 2", "+7", ".5", "5.", "1 000", "1.2×10^3", "2*10^(-2)",
        "sqrt(2)", "2 sqrt(3)", "√2", "e^2", "exp(-1)", "ln 2", "2**3**2", "-2^2", "(1+2)*3", "g_a = 3.5", "≈ 2", "50%", "10⁻³", "٣٫٥",
        "１２", "1.234,5", "1,234.5", "pi", "abs(-3)",
        "0", "-0.0", "1e-300", "1_000", "'3'", "$4$", "2π", "1e99", "2e−3", "½", "1½", "−2 ¾", "2^½", "1⁄4", "\u200b5", "\ufeff5\u200b", "\u202e5"]
REFUSED = ["", "  ", "NaN", "-inf", "∞", "None", "four", "1/0", "1e999", "1.2.3", "<b>", "1e", "2 apples", "1,234", "3 4", "[1, 2]", "1;2",
           "x", "sqrt(-1)", "ln(0)", "__import__('os')", "(" * 60 + "1", "9" * 500, "1e200", "()", "1 +", "*3", "tan", "import os", "n/a", "0/0",
           "2.5½", "½½", "½,", "\u200b"]


@pytest.fixture
def run(page):
    """Evaluates a JavaScript expression with the functions of typed.js and judging.js."""
    script = "\n".join(modules._EXPORT.sub("", modules._text("js", name)) for name in ("typed.js", "judging.js"))
    page.goto("about:blank")
    return lambda call: page.evaluate(f"() => {{ {script}\n return {call}; }}")


def each(name, texts):
    return (f"{json.dumps(texts)}.map(t => {{ try {{ return {name}(t); }} catch (e) {{ if (!(e instanceof Unreadable)) throw e; "
            "return { problem: e.message }; } })")


def python(read, text):
    try:
        return read(text)
    except typed.AnswerError as error:
        return str(error)


def test_numbers_are_read_alike(run):
    for text, got in zip(READ, run(each("readNumber", READ)), strict=True):
        want = python(typed.number, text)
        if isinstance(want, str):
            assert "problem" in got, (text, got, want)
        else:
            assert "problem" not in got, (text, got)
            assert got["value"] == pytest.approx(want.value, rel=1e-14) and got["unit"] == pytest.approx(want.unit, rel=1e-9), text


def test_what_cannot_be_read_is_refused_alike(run):
    for text, got in zip(REFUSED, run(each("readNumber", REFUSED)), strict=True):
        assert isinstance(python(typed.number, text), str), text
        assert "problem" in got and len(got["problem"]) > 10, (text, got)


def test_shapes_are_read_alike(run):
    texts = ["(3, 4)", "3x4", "3 × 4", "3 by 4", "(5,)", "5", "scalar", "()", "shape = (2, 3)", "2 3", "[2, 3]", "three", "", "(3, -4)", "3.5"]
    for text, got in zip(texts, run(each("readShape", texts)), strict=True):
        want = python(typed.shape, text)
        assert ("problem" in got) if isinstance(want, str) else got == list(want), text


def test_rows_are_read_alike(run):
    texts = ["[1, 2, 3]", "1 2 3", "1, 2.5, -3", "np.array([1.0, 2])", "(1, 2)", "[1 2]", "−1; 2", "[[1, 2], [3, 4]]", "a, b",
             "[]", "1", ";", ",", "[,]", "[[]]"]
    for text, got in zip(texts, run(each("readRow", texts)), strict=True):
        want = python(typed.array, text)
        if isinstance(want, str) or np.ndim(want.value) > 1:
            assert "problem" in got, text
        else:
            np.testing.assert_allclose(got["value"], np.atleast_1d(want.value), err_msg=text)


def test_verdicts_agree_on_two_thousand_answers(run):
    draw = random.Random(5)
    cases = []
    for _ in range(2000):
        right = draw.choice([404.853739609282, -0.017748924, 3.0, 0.0, -12.36000742, 1e-5, 123456.0]) * draw.choice([1, 1, draw.uniform(-2, 2)])
        wrong = [right * draw.uniform(0.9, 1.1), right * draw.uniform(0.995, 1.005), -right, draw.gauss(0, 10)]
        near = draw.choice([right, right, *wrong]) * (1 + draw.choice([0, 0, 1e-4, 1e-3, 3e-3, 0.02, 0.3]) * draw.uniform(-1, 1))
        cases.append((f"{near:.{draw.randint(1, 7)}g}", right, wrong))
    got = run(f"{json.dumps(cases)}.map(([t, r, w]) => verdict(readNumber(t), r, w, {json.dumps(matching.TOLERANCE.data)}))")
    seen = set()
    for (text, right, wrong), (said, which) in zip(cases, got, strict=True):
        want, found = matching.verdict(typed.number(text), right, wrong)
        assert (said, which) == (want, found[0] if found else -1), (text, right, wrong)
        seen.add(said)
    assert seen == {"right", "rounded", "looks like", "unknown"}
