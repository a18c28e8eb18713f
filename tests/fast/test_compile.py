"""bl.compile: the same numbers as the run, quickly, and what it says of nonsense."""
import subprocess
import sys

import numpy as np
import pytest

import backproplab as bl
from tests.engine.test_reference_cases import close, each_case
from tests.fast.functions import RANDOM, WEIGHTS, agrees, batch, classic, network
from tests.reference_cases import CASES, written

# ---- the numbers -------------------------------------------------------------------------------------------------------------------

@each_case
def test_reference_case(case):
    f, inputs = written(case)
    table = case.get("grads") or case["jacobians"]
    shape = np.shape(bl.trace(f, **inputs, cotangent=np.ones(np.shape(f(**inputs))) if np.shape(f(**inputs)) else None).value)
    program = bl.compile(f, **inputs)
    assert program.refusal == ""
    for row in np.ndindex(*shape):
        seed = {}
        if shape:
            seed = {"cotangent": np.zeros(shape)}
            seed["cotangent"][row] = 1.0
        value, grads = program(**inputs, **seed)
        assert close(value, case["values"][case["output"]])
        for n, g in grads.items():
            if n not in table:
                continue
            want = np.array(table[n], float)
            if case["kind"] == "jacobian":
                k = int(np.ravel_multi_index(row, shape)) if shape else 0
                want = want.reshape(int(np.prod(shape)), -1)[k].reshape(np.shape(inputs[n]))
            assert close(g, want), n
    assert program.fallbacks == 0


def test_there_are_cases():
    assert len(CASES) == 89


def test_numbers_in_floats_out():
    program = bl.compile(classic, x=2.0, z=3.0)
    value, grads = program(x=2, z=np.float64(3.0))
    assert type(value) is float and {type(g) for g in grads.values()} == {float}
    assert program(2.0, 3.0) == program(x=2.0, z=3.0) == program(2.0, z=3.0) == program(np.array(2.0), 3.0)
    agrees(program, classic, x=1.7, z=-0.4)
    assert program.fallbacks == 0


def test_a_network():
    inputs = {**batch(4), **WEIGHTS}
    program = bl.compile(network, **inputs, wrt=["W1", "b1", "W2", "b2"])
    assert list(agrees(program, network, **inputs)) == ["W1", "b1", "W2", "b2"]
    agrees(program, network, **batch(4), **WEIGHTS)
    assert program.fallbacks == 0 and "np.dot(X, W1, out=" in program.fast_source and "X @ W1" in program.source


def test_float32():
    inputs = {**batch(4), **WEIGHTS}
    program = bl.compile(network, **inputs, dtype=np.float32)
    value, grads = program(**inputs)
    assert type(value) is float and {g.dtype for g in grads.values()} == {np.dtype(np.float32)}
    agrees(program, network, rtol=1e-4, **inputs)
    narrow = {n: v.astype(np.float32) if v.dtype.kind == "f" else v for n, v in inputs.items()}
    assert np.array_equal(program(**narrow)[1]["W1"], grads["W1"]) and program.fallbacks == 0


def test_float32_with_a_captured_array():
    captured = np.arange(3.0)
    program = bl.compile(lambda x: np.sum(np.exp(x * captured) + np.zeros(3)), x=np.ones(3), dtype="float32")
    assert program(x=np.ones(3))[1]["x"].dtype == np.float32


def test_an_output_that_is_an_array_takes_a_cotangent():
    program = bl.compile(lambda x, w: np.tanh(x * w), x=np.arange(3.0), w=2.0)
    seed = np.array([1.0, 0.0, -2.0])
    value, grads = program(x=np.arange(3.0), w=2.0, cotangent=seed)
    run = bl.trace(lambda x, w: np.tanh(x * w), np.arange(3.0), 2.0, cotangent=seed)
    assert np.allclose(value, run.value) and np.allclose(grads["x"], run.grads["x"]) and np.isclose(grads["w"], run.grads["w"])
    with pytest.raises(bl.NotScalarError, match="cotangent"):
        program(x=np.arange(3.0), w=2.0)
    with pytest.raises(bl.ShapeError, match=r"\(2,\)"):
        program(x=np.arange(3.0), w=2.0, cotangent=np.ones(2))
    assert program(np.arange(4.0), 2.0, np.ones(4))[0].shape == (4,)     # another shape is compiled too


def test_large_captured_arrays_are_no_inputs():
    big = RANDOM.randn(9, 9)
    program = bl.compile(lambda x: np.sum((big @ x) ** 2), x=np.ones(9))
    assert np.allclose(program(x=np.ones(9))[1]["x"], 2 * big.T @ (big @ np.ones(9)))


def test_a_gradient_that_does_not_exist_is_zero():
    program = bl.compile(lambda x, w, v: np.sum(w * w) + 0 * np.sum(bl.stop_gradient(x)), np.ones(2), np.ones(3), 4.0)
    _, grads = program(np.ones(2), np.ones(3), 4.0)
    assert np.array_equal(grads["x"], np.zeros(2)) and grads["v"] == 0.0


# ---- what floats refuse ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("x, z", [(1.0, 3.0), (0.0, 3.0), (2.0, 1000.0), (-1.0, 1.0)])
def test_infinities_and_nan_come_as_numpy_gives_them(x, z):
    program = bl.compile(classic, 2.0, 3.0)
    value, grads = program(x, z)
    with np.errstate(all="ignore"):
        scope = {}
        exec(program.source, scope)
        want, wanted = scope["classic"](np.float64(x), np.float64(z))
    assert program.fallbacks == 1 and type(value) is float
    np.testing.assert_equal([value, *grads.values()], [want, *wanted.values()])


def test_an_operation_of_ones_own_is_fast_too():
    @bl.operation
    class powers:
        """x + x**2 + x**3."""
        samples = "powers(M)",

        def forward(x): return x + x**2 + x**3
        def backward(g, out, x): return g * (1 + 2 * x + 3 * x**2)
    program = bl.compile(lambda x: powers(x), 2.0)
    assert program.refusal == "" and program(2.0) == (14.0, {"x": 17.0})
    assert "fast" in repr(program)


def test_a_program_without_a_fast_form_counts_every_call(monkeypatch):
    from backproplab.engine.fast import forms
    from backproplab.engine.fast.lowering import NotLowerable

    def refuse(*_, **__):
        raise NotLowerable("planted")
    monkeypatch.setattr(forms, "lower", refuse)
    inputs = {**batch(4), **WEIGHTS}
    program = bl.compile(network, **inputs)
    agrees(program, network, **inputs)
    assert program.fallbacks == 1 and program.refusal == "planted" and "planted" in repr(program) and program.fast_source == program.source


# ---- mistakes ----------------------------------------------------------------------------------------------------------------------

def test_nonsense_is_refused_in_words():
    program = bl.compile(classic, 2.0, 3.0)
    with pytest.raises(bl.InputError, match="no value came for z"):
        program(2.0)
    with pytest.raises(bl.InputError, match="text"):
        program("2", 3.0)
    with pytest.raises(TypeError, match="w"):
        program(x=2.0, z=3.0, w=1.0)
    with pytest.raises(bl.InputError, match="z"):
        bl.compile(classic, 2.0)
    with pytest.raises(bl.InputError, match="float64 or"):
        bl.compile(classic, 2.0, 3.0, dtype=int)
    with pytest.raises(bl.TraceError, match="whole numbers"):
        bl.compile(lambda n: n * 2, np.array(3))


def test_an_input_may_be_called_as_an_option():
    def f(dtype, copy):
        return dtype * copy
    program = bl.compile(f, inputs={"dtype": 2.0, "copy": 3.0})
    assert program(dtype=2.0, copy=3.0)[1] == {"dtype": 3.0, "copy": 2.0}


@pytest.mark.parametrize("names", [("np", "math"), ("like", "lock"), ("float", "elsewhere"), ("t1", "buf1"), ("v", "d"), ("k", "a")])
@pytest.mark.parametrize("straight_line", [True, False])
def test_any_name_will_do(names, straight_line):
    scope = {"bl": bl}
    p, q = names
    exec(f"def f({p}, {q}):\n    t2 = {p} * {q} + {p}\n    one = t2 * t2\n    return one - {q}", scope)
    program = bl.compile(scope["f"], **{p: 2.0, q: 3.0}, straight_line=straight_line)
    assert program(**{p: 2.0, q: 3.0})[1] == {p: 64.0, q: 31.0} and program.fallbacks == 0
    exec(f"def g({p}, {q}):\n    t2 = {p} @ {q} + {p}\n    one = t2 * t2\n    return (one - {q}).sum()", scope)
    agrees(bl.compile(scope["g"], **{p: np.eye(2), q: np.ones((2, 2))}), scope["g"], **{p: np.eye(2), q: np.ones((2, 2))})


# ---- the text ----------------------------------------------------------------------------------------------------------------------

def test_the_text_is_the_same_whatever_the_hash_seed():
    script = ("import numpy as np, backproplab as bl\n"
              "def f(X, y, W, b, s):\n    h = bl.sigmoid(X @ W + b) * s\n    return bl.softmax_cross_entropy(h, y) + np.sum(h[:, 0]) + s**2\n"
              "print(bl.compile(f, np.ones((3, 2)), np.array([0, 1, 1]), np.eye(2), np.zeros(2), 2.0).fast_source)\n"
              "print(bl.compile(lambda x: np.tanh(x) * x + x**2, 2.0, straight_line=False).fast_source)\n")
    outs = {subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                           env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PATH": ""}).stdout for seed in ("0", "1", "77")}
    assert len(outs) == 1 and "out=buf1" in outs.pop()


def test_a_warning_or_an_error_shows_the_line_of_the_text():
    import traceback
    program = bl.compile(lambda X, y: np.sum(X[np.arange(2), y]), np.ones((2, 3)), np.array([0, 1]))
    try:
        program(np.ones((2, 3)), np.array([0, 9]))
    except IndexError:
        assert "X[" in traceback.format_exc()
    else:
        raise AssertionError("an index that is out of range must not pass")


def test_readable_and_fast_hold_the_same_names():
    program = bl.compile(network, **batch(4), **WEIGHTS)
    for name in ("h", "s", "loss", "g_s", "g_h", "g_W1", "g_b2"):
        assert f" {name} = " in program.source and f" {name} = " in program.fast_source
