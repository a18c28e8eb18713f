"""The one switch of a course's conventions: for a session, for a block, for nobody else."""
import threading

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.settings import DEFAULT, settings
from backproplab.notation import NOTATIONS, PRESETS, Notation
from backproplab.notation.layout import Atom, Script
from backproplab.notation.notations import VARIABLE
from tests.notation.reference import run


@pytest.fixture(autouse=True)
def afterwards_our_own():
    yield
    bl.conventions(None)


def test_our_own_by_default():
    assert settings() == DEFAULT and settings().notation == "g" and settings().layout == "numerator" and settings().gradients is None


@pytest.mark.parametrize("name", PRESETS)
def test_a_choice_holds_for_the_session(name):
    shown = bl.conventions(name)
    assert settings() == PRESETS[name] and name in repr(shown) and PRESETS[name].about in repr(shown)
    assert settings().notation in NOTATIONS
    bl.conventions(None)
    assert settings() == DEFAULT


def test_in_a_with_statement_it_ends_with_the_block():
    bl.conventions("cmu")
    with bl.conventions("row-vectors") as inside:
        assert settings() == inside == PRESETS["row-vectors"]
        with bl.conventions(None):
            assert settings() == DEFAULT
        assert settings() == inside
    assert settings() == PRESETS["cmu"]
    with pytest.raises(ZeroDivisionError), bl.conventions("gwu"):
        1 / 0                                            # noqa: B018
    assert settings() == PRESETS["cmu"]


def test_a_block_is_seen_by_its_own_thread_only():
    seen = []
    with bl.conventions("gwu"):
        other = threading.Thread(target=lambda: seen.append(settings().name))
        other.start()
        other.join()
    assert seen == [None]


def test_single_choices():
    bl.conventions("cmu", notation="leibniz")
    assert settings().notation == "leibniz" and settings().vectors == "column"
    bl.conventions(vectors="row")
    assert settings().notation == "leibniz" and settings().vectors == "row"
    assert "cmu" in repr(bl.conventions())
    assert settings().vectors == "row"


@pytest.mark.parametrize("call, says", [
    (lambda: bl.conventions("oxford"), "'cmu', 'row-vectors'"), (lambda: bl.conventions(3), "there are"),
    (lambda: bl.conventions(notation="x"), "notations"),
    (lambda: bl.conventions(vectors="diagonal"), "'column' or 'row'"), (lambda: bl.conventions(color="red"), "can be chosen")])
def test_a_choice_that_cannot_be(call, says):
    with pytest.raises(bl.BackpropError, match=says):
        call()
    assert settings() == DEFAULT


@pytest.mark.parametrize("name, wanted", [
    ("cmu", {"h": "g_h = W2^⊤ g_f", "W1": "g_W1 = g_a x^⊤"}),
    ("row-vectors", {"h": "∂L/∂h = ∂L/∂f W2", "W1": "∂L/∂W1 = (∂L/∂a)^⊤ x"}),
    ("cs4644", {"h": "h_bar = f_bar W2", "W1": "W1_bar = a_bar^⊤ x^⊤"}),
    ("notes", {"h": "∂L/∂h = W2^⊤ ∂L/∂f", "W1": "∂L/∂W1 = ∂L/∂a x^⊤"}),
    ("gwu", {"h": "∇_h L = W2^⊤ ∇_f L", "W1": "∇_W1 L = ∇_a L x^⊤"})])
def test_each_course_recognises_its_own_lines(name, wanted):
    with bl.conventions(name):
        lines = {line.variable: str(line) for line in bl.derivation(run("notes_two_layer_relu_squared")).backward}
    for variable, line in wanted.items():
        assert lines[variable] == line or lines[variable].startswith(f"{line} = ")


def test_a_course_of_your_own_is_one_declaration():
    mine = Notation("adjoint", "λ with an index.", Script(Atom("λ"), sub=VARIABLE), "λ_{variable}")
    line = bl.derivation(lambda x: np.sin(x) * x, 2.0, notation=mine).backward[-1]
    assert str(line).startswith("λ_x = ")
    assert line.latex.startswith(r"\lambda_{x} = ")


def test_notations_do_not_hide_a_variable_of_the_same_name():
    def f(x, x_bar):
        y = x * x_bar
        return y
    for notation in NOTATIONS:
        d = bl.derivation(f, 2.0, 3.0, notation=notation)
        texts = [str(line).split(" = ")[0] for line in [*d.forward, *d.backward]]
        assert len(set(texts)) == len(texts), texts
        formulas = [line.latex.split(" = ")[0] for line in [*d.forward, *d.backward]]
        assert len(set(formulas)) == len(formulas), formulas
