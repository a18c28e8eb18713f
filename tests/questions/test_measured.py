"""Mistakes planted by another route are named. A sample of what `python -m tests.questions.measure` runs in full."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.questions import MISCONCEPTIONS
from tests.questions.measure import FOUR, measure
from tests.questions.second_route import Text, rounded, wrong_answers


@pytest.fixture(scope="module")
def sample():
    with np.errstate(all="ignore"):
        return measure(graphs=60, arrays=25, numbers=5000, seed="sample", report=None)


@pytest.mark.parametrize("kind, least, two, first", [("four", 2000, 97, 90), ("elsewhere", 800, 95, 80), ("arrays", 600, 97, 90),
                                                     ("arrays elsewhere", 250, 95, 80)])
def test_the_planted_mistake_is_named(sample, kind, least, two, first):
    """Here "four" is: at the asked variable, on one link, everywhere, in the finished number; "elsewhere": at one variable further up."""
    n, among, ahead = sample[0][kind]
    assert n >= least and among >= two and ahead >= first


def test_it_is_still_named_when_every_line_was_rounded_to_five_digits(sample):
    n, among, _ = sample[0]["rounded 5"]
    assert n >= 2000 and among >= 95


def test_wrong_numbers_at_random_and_right_answers_get_no_name(sample):
    assert sample[0]["false"] <= 1
    assert sample[0]["right named"] == 0


def test_the_measure_notices_a_matcher_that_forgets_a_mistake(monkeypatch):
    """Planted fault: without the mistakes of forks and paths the figures must fall."""
    for id_ in ("one-path", "path-mean", "value-upstream", "add-upstream"):
        monkeypatch.delitem(MISCONCEPTIONS, id_)
    _, tables = measure(graphs=4, arrays=0, numbers=40, seed="sample", report=None)
    assert tables["exact"].share(FOUR)[1] < 80


def test_the_second_route_computes_the_mistakes_that_are_worked_out_by_hand():
    def f(x, z):
        a = x * z
        b = np.sin(a)
        y = b * x
        return y
    run = bl.trace(f, x=1.3, z=0.7)
    found = {}
    for id_, scope, value in wrong_answers(run.program.source, {"x": 1.3, "z": 0.7}, "x"):
        found.setdefault((id_, scope), []).append(float(value))
    through_a, through_b = 1.3 * np.cos(0.91) * 0.7, np.sin(0.91)
    assert sorted(found["one-path", "here"]) == pytest.approx(sorted([through_a, through_b]))
    assert found["path-product", "here"] == pytest.approx([through_a * through_b])
    assert sorted(found["mul-own", "link"]) == pytest.approx(sorted([through_a + 1.3, 1.3 * np.cos(0.91) * 1.3 + through_b]))
    assert found["sign", "finished"] == pytest.approx([-(through_a + through_b)])
    assert found["trig-sign", "elsewhere"] == pytest.approx([-through_a + through_b])


def test_the_second_route_rounds_every_line():
    text = Text("import numpy as np\ndef f(x):\n    a = x * x\n    g_a = 1.0\n    g_x = g_a * x + g_a * x\n    return a, {}\n")
    assert text.run({"x": 1.23456}, places=3)["a"] == 1.52
    assert rounded(np.array([0.012345, -98765.0, 0.0]), 2).tolist() == [0.012, -99000.0, 0.0]
