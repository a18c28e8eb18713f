"""Typed numbers are read kindly and compared fairly: the script itself, run in Chromium."""
import json

import pytest

from backproplab.widgets import modules


@pytest.fixture
def run(page):
    """Calls a function of typed.js."""
    script = json.dumps("data:text/javascript," + "".join(f"%{b:02x}" for b in modules._text("js", "typed.js").encode()))
    page.goto("about:blank")
    return lambda call: page.evaluate(f"async () => {{ const {{ readNumber, compare, matches }} = await import({script}); return {call}; }}")


def test_reading(run):
    for text, value in {"6": 6, " 404.85 ": 404.85, "−0.25": -.25, "–3": -3, "404,9": 404.9, "1e3": 1000, "1.2E-3": .0012, "3/4": .75, "−1 / 2": -.5, "+7": 7,
                        ".5": .5, "5.": 5, "1 000": 1000, "1.2×10^3": 1200, "2*10^(-2)": .02}.items():
        assert run(f"readNumber({json.dumps(text)}).value") == pytest.approx(value), text
    for text in ("", "  ", "NaN", "-inf", "∞", "None", "four", "1/0", "1e999", "--1", "1.2.3", "<b>", "0x10", "1e", "2 apples"):
        assert len(run(f"readNumber({json.dumps(text)}).problem")) > 10, text


def test_comparing(run):
    judge = lambda text, answer: run(f"compare(readNumber({json.dumps(text)}), {answer!r})")      # noqa: E731
    for right in ("404.853739609282", "404.85", "404.9", "405", "404,854"):
        assert judge(right, 404.853739609282) == "right", right
    for rounded in ("400", "4e2", "4.0e2"):
        assert judge(rounded, 404.853739609282) == ("rounded" if rounded != "400" else "near"), rounded
    assert judge("404.8", 404.853739609282) == "near" and judge("403.4", 404.853739609282) == "near" and judge("-405", 404.853739609282) == "wrong"
    assert judge("-0.0177", -0.0177488940) == "right" and judge("-0.018", -0.0177488940) == "rounded" and judge("0.0177", -0.0177488940) == "wrong"
    assert judge("0", 0.0) == "right" and judge("0.0", 0.0) == "right" and judge("0.1", 0.0) == "wrong"
    assert judge("1/3", 1 / 3) == "right" and judge("0.33", 1 / 3) == "rounded" and judge("0.333", 1 / 3) == "right"
