"""Every misconception recognises its own case, refuses the other, and says so in whole sentences."""
import re

import numpy as np
import pytest

from backproplab.engine.rules import OPERATIONS
from backproplab.questions import MISCONCEPTIONS, Case, asks, diagnose, misconception
from backproplab.questions.account import Account
from backproplab.questions.candidates import candidates
from backproplab.questions.matching import TOLERANCE, near
from backproplab.questions.misconceptions import rule, title_of
from backproplab.questions.sentences import slots
from tests.questions.programs import example_run, written

every = pytest.mark.parametrize("c", MISCONCEPTIONS.values(), ids=MISCONCEPTIONS)


def recognised(case):
    """Ids of the misconceptions that lead to the answer of a case."""
    run = written(case.program, case.inputs)
    answer = np.array(case.answer, float)[()]
    far = TOLERANCE.relative * np.max(np.abs(answer))
    account = Account(run)
    found = [c.misconception.id for c in candidates(account, case.asked) if near(answer, c.value, far)]
    box = account.boxes[case.asked]
    from backproplab.questions.account import Slip
    from backproplab.questions.candidates import together
    for c, forms in together(m for m in MISCONCEPTIONS.values()):
        if forms[0].kind == "forward" and box.inside:
            slip = Slip(forms)
            value = account.value(box, slip)
            if slip.made and near(answer, value, far):
                found.append(c.id)
    return found


@every
def test_it_recognises_its_case_and_refuses_the_other(c):
    assert c.id in recognised(c.recognises)
    assert c.id not in recognised(c.refuses)


@every
def test_its_case_is_named_to_the_learner(c):
    case = c.recognises
    run = written(case.program, case.inputs)
    if c.mistakes[0].kind == "forward":
        step = next(s for s in run.steps if s.phase == "forward" and s.name == case.asked)
        assert any(np.allclose(w["value"], case.answer, rtol=1e-4) for a in asks(run)[run.steps.index(step)] for w in a["wrong"])
        return
    found = diagnose(run, {case.asked: case.answer})[case.asked]
    assert found.verdict == "looks like"
    assert c.family in found.names
    assert "{" not in str(found) and not found.right


@every
def test_its_operations_exist_and_its_rules_take_their_letters(c):
    for m in c.mistakes:
        if m.operation:
            assert m.operation in OPERATIONS
            assert m.slot is None or m.slot < len(OPERATIONS[m.operation].inputs)


@every
def test_its_sentences_name_only_what_can_be_filled(c):
    account = Account(example_run())
    table = slots(account, account.boxes["a"], "3")
    for reason, action in [(c.reason, c.action), *c.says.values()]:
        for text in (reason, action):
            assert set(re.findall(r"{(\w+)}", text)) <= set(table)
            assert text.endswith(".") and "  " not in text and len(text) < 200


@pytest.mark.parametrize("family", dict.fromkeys(m.family for m in MISCONCEPTIONS.values()))
def test_every_family_has_one_title_of_a_few_words(family):
    titles = [m.title for m in MISCONCEPTIONS.values() if m.family == family and m.title]
    assert len(titles) == 1 and title_of(family) == titles[0] and len(titles[0]) < 75
    assert not titles[0].endswith(".") and sum(m.title == titles[0] for m in MISCONCEPTIONS.values()) == 1


def test_a_family_without_a_title_is_called_by_its_name():
    assert title_of("my-own-slip") == "my own slip"


@every
def test_every_variant_belongs_to_a_form(c):
    assert set(c.says) <= {m.variant for m in c.mistakes}


def test_a_case_that_is_not_the_mistake_is_refused():
    """The check above can fail: a mistake does not recognise the right answer."""
    case = MISCONCEPTIONS["div-sign"].recognises
    assert "div-sign" not in recognised(case.with_answer(-case.answer))


def test_one_declaration_adds_a_misconception():
    """All that it takes, here or in a notebook cell."""
    try:
        misconception("cube-as-square", rule("power", 0, lambda g, out, x, y: g * x**2 * 2),
                      reason="{subject} treats {operation} as a square with a factor.", action="The local derivative is {local}.",
                      recognises=Case("a = x**3; y = 2 * a", {"x": 1.5}, "x", 9.0), refuses=Case("a = x**3; y = 2 * a", {"x": 1.5}, "x", 13.5))
        made = MISCONCEPTIONS["cube-as-square"]
        assert made.id in recognised(made.recognises) and made.id not in recognised(made.refuses)
        found = diagnose(written("a = x**3; y = 2 * a", {"x": 1.5}), {"x": "9.000"})["x"]
        assert "cube-as-square" in found.ids and "treats a power as a square with a factor" in str(found)
    finally:
        del MISCONCEPTIONS["cube-as-square"]
