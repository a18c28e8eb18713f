"""Long programs of single numbers are run from tables, and give the same."""
import numpy as np

import backproplab as bl
from backproplab.engine.fast import family
from tests.fast.functions import agrees, looping


def test_tables_give_the_same_numbers():
    program = bl.compile(looping, 0.7, straight_line=False)
    assert "for kind, k, " in program.fast_source and "\n" in program.source
    agrees(program, looping, x=0.7, rtol=1e-10)
    assert program.fallbacks == 0 and program(1) == program(1.0)


def test_tables_for_a_long_program():
    def long(x, w):
        for _ in range(5100):
            x = np.tanh(x * w + x) * 1.01
        return x
    program = bl.compile(long, 0.3, 0.4)
    assert "for kind, k, " in program.fast_source
    value, grads = program(0.3, 0.4)
    want, found = bl.value_and_grad(long)(0.3, 0.4)
    assert np.isclose(value, want, rtol=1e-12) and np.allclose(list(grads.values()), list(found.values()), rtol=1e-9)


def test_a_straight_line_for_a_long_program_when_asked(monkeypatch):
    monkeypatch.setattr(family, "LONG", 20)
    assert "for kind, k, " in bl.compile(looping, 0.7).fast_source
    program = bl.compile(looping, 0.7, straight_line=True)
    assert "for kind" not in program.fast_source
    agrees(program, looping, x=0.7, rtol=1e-10)


def test_tables_answer_in_numpys_numbers_where_floats_refuse():
    def f(x):
        for _ in range(3):
            x = np.log(x * 1.0)
        return x
    program = bl.compile(f, 100.0, straight_line=False)
    value, grads = program(1.0)
    assert np.isnan(value) and np.isnan(grads["x"]) and program.fallbacks == 1


def test_tables_are_not_for_arrays():
    program = bl.compile(lambda x: np.sum(x * x), np.ones(2), straight_line=False)
    assert "for kind" not in program.fast_source and np.array_equal(program(np.ones(2))[1]["x"], [2.0, 2.0])
