"""Other shapes, branches and structures: a compiled program is made anew for them, or refuses them as asked."""
import numpy as np
import pytest

import backproplab as bl
from tests.fast.functions import RANDOM, WEIGHTS, Layer, agrees, batch, branching, layered, network, parameters

# ---- other shapes, other branches --------------------------------------------------------------------------------------------------

def test_another_batch_is_compiled_by_itself():
    program = bl.compile(network, **batch(4), **WEIGHTS)
    for n in (7, 1, 4, 7):
        agrees(program, network, **batch(n), **WEIGHTS)
    assert program.fallbacks == 0


def test_another_rank_too():
    def f(x, w): return np.sum(x * w)
    program = bl.compile(f, x=np.ones(3), w=2.0)
    agrees(program, f, x=np.ones((2, 3)), w=np.ones(3))
    agrees(program, f, x=1.5, w=2.0)


def test_or_refused():
    program = bl.compile(network, **batch(4), **WEIGHTS)
    program.recompile = False
    with pytest.raises(bl.ShapeError, match=r"\(7, 5\).*\(4, 5\)"):
        program(**batch(7), **WEIGHTS)


def test_branches_are_checked():
    program = bl.compile(branching, 2.0)
    for x in (2.0, 0.5, 3.0, 4.0, 6.0, -1.0, 2.5):
        agrees(program, branching, x=x)
    assert program.fallbacks == 0
    program.recompile = False
    assert program(2.25)[0] == np.sin(2.25**2)
    with pytest.raises(bl.BackpropError, match="x > 1|> 10"):
        program(12.0)


def test_lists_and_whole_numbers_are_numbers():
    program = bl.compile(lambda x: np.sum(x * x), [1.0, 2.0])
    assert np.array_equal(program([1, 2])[1]["x"], [2.0, 4.0]) and np.array_equal(program(np.array([1, 2]) * 1.0)[1]["x"], [2.0, 4.0])


# ---- inputs in containers ----------------------------------------------------------------------------------------------------------

def test_gradients_come_in_the_inputs_structure():
    params, X = parameters(), RANDOM.randn(4, 3)
    program = bl.compile(layered, params, X, wrt="params")
    value, grads = program(params, X=X)
    want = bl.value_and_grad(layered, wrt="params")(params, X)
    assert np.isclose(value, want[0]) and list(grads) == ["params"] and program.fallbacks == 0
    assert isinstance(grads["params"]["layers"][1], Layer) and np.allclose(grads["params"]["layers"][1].W, want[1]["layers"][1].W)
    assert np.isclose(grads["params"]["scale"], want[1]["scale"])


def test_another_structure_is_refused():
    program = bl.compile(layered, parameters(), RANDOM.randn(4, 3))
    with pytest.raises(bl.InputError, match="layers_2"):
        program(parameters(3), RANDOM.randn(4, 3))
