"""bl.compile: the same numbers as the run, quickly; for other shapes and branches made anew, or refused as asked."""
import dataclasses
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import backproplab as bl
from tests.engine.test_reference_cases import CASES, close, each_case, written

RANDOM = np.random.RandomState(0)


def classic(x, z):
    a = x * z
    b = np.log(x)
    return np.exp(a) + a / b + np.sin(b) / a


def network(X, y, W1, b1, W2, b2):
    h = bl.relu(X @ W1 + b1)
    s = h @ W2 + b2
    loss = bl.softmax_cross_entropy(s, y)
    return loss


def batch(n):
    return {"X": RANDOM.randn(n, 5), "y": RANDOM.randint(0, 3, n)}


WEIGHTS = {"W1": RANDOM.randn(5, 6), "b1": RANDOM.randn(6), "W2": RANDOM.randn(6, 3), "b2": RANDOM.randn(3)}


def agrees(program, f, rtol=1e-12, **inputs):
    """Does it give what the run gives?"""
    run = bl.trace(f, **inputs)
    value, grads = program(**inputs)
    assert np.allclose(value, run.value, rtol, 1e-13)
    for n, g in grads.items():
        assert np.shape(g) == np.shape(run.grads[n]) and np.allclose(g, run.grads[n], rtol, rtol * np.max(np.abs(run.grads[n])))
    return grads


# ---- the numbers ------------------------------------------------------------------------------------------------------------

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


# ---- what floats refuse -------------------------------------------------------------------------------------------------------

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


def test_what_cannot_be_lowered_is_run_as_it_is_and_says_so():
    @bl.operation
    class powers:
        """x + x**2 + x**3, in a loop that the printed program keeps."""
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


# ---- other shapes, other branches ----------------------------------------------------------------------------------------------

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


def branching(x):
    if x > 1:
        x = x * x
    while x > 10:
        x = x - 7
    return np.sin(x)


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


# ---- inputs in containers ------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray


def layered(params, X):
    for layer in params["layers"]:
        X = np.tanh(X @ layer.W + layer.b)
    return np.sum(X * X) * params["scale"]


def parameters(n=2):
    return {"layers": [Layer(RANDOM.randn(3, 3), RANDOM.randn(3)) for _ in range(n)], "scale": 0.5}


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


# ---- memory --------------------------------------------------------------------------------------------------------------------

def test_results_are_new_arrays_unless_buffers_are_asked_for():
    inputs = {**batch(4), **WEIGHTS}
    program = bl.compile(network, **inputs)
    first = program(**inputs)[1]
    kept = {n: g.copy() for n, g in first.items()}
    program(**batch(4), **WEIGHTS)
    assert all(np.array_equal(first[n], kept[n]) for n in kept)
    sharing = bl.compile(network, **inputs, copy=False)
    assert sharing(**inputs)[1]["W1"] is sharing(**batch(4), **WEIGHTS)[1]["W1"] and sharing.nbytes > program.nbytes > 0


def test_inputs_may_be_changed_by_their_owner():
    inputs = {**batch(4), **WEIGHTS, "b2": np.zeros(3)}
    program = bl.compile(network, **inputs)
    inputs["b2"] += 1.0
    agrees(program, network, **inputs)


def test_threads_may_share_a_program():
    inputs = [{**batch(4), **WEIGHTS} for _ in range(4)]
    program = bl.compile(network, **inputs[0])
    want = [program(**i)[1]["W1"] for i in inputs]
    wrong = []

    def work(k):
        for _ in range(200):
            if not np.array_equal(program(**inputs[k])[1]["W1"], want[k]):
                wrong.append(k)
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    finally:
        sys.setswitchinterval(switch)
    assert wrong == []


class NoLock:
    def __enter__(self): return self
    def __exit__(self, *_): return None


def test_without_its_lock_they_could_not():
    """The lock is held while buffers are written: one that holds nothing lets another thread in."""
    program = bl.compile(network, **batch(4), **WEIGHTS)
    fast = program.family.variants[0].form.fast
    assert fast.source.count("with lock:") == 1
    entered = []

    class Watched(NoLock):
        def __enter__(self): entered.append(threading.get_ident())
    fast.scope["lock"] = Watched()
    program(**batch(4), **WEIGHTS)
    assert len(entered) == 1


# ---- pickling ------------------------------------------------------------------------------------------------------------------

def test_it_is_pickled_by_its_text():
    inputs = {**batch(4), **WEIGHTS}
    program = bl.compile(network, **inputs)
    program(**batch(2), **WEIGHTS)
    again = pickle.loads(pickle.dumps(program))
    agrees(again, network, **inputs)
    agrees(again, network, **batch(2), **WEIGHTS)
    assert again.fast_source == program.fast_source and again.fallbacks == 0
    with pytest.raises(bl.ShapeError, match="pickle"):
        again(**batch(3), **WEIGHTS)


def test_branches_structures_and_tables_too():
    program = bl.compile(branching, 2.0)
    program(0.5)
    again = pickle.loads(pickle.dumps(program))
    assert again(0.25) == program(0.25) and again(3.0) == program(3.0)
    with pytest.raises(bl.BackpropError, match="pickle"):
        again(9.0)
    params, X = parameters(), RANDOM.randn(4, 3)
    program = bl.compile(layered, params, X)
    assert np.array_equal(pickle.loads(pickle.dumps(program))(params, X)[1]["X"], program(params, X)[1]["X"])
    tables = bl.compile(looping, 0.7, straight_line=False)
    assert pickle.loads(pickle.dumps(tables))(0.6) == tables(0.6)


# ---- mistakes ------------------------------------------------------------------------------------------------------------------

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


# ---- tables --------------------------------------------------------------------------------------------------------------------

def looping(x):
    for _ in range(12):
        x = bl.sigmoid(x * 0.999) + 0.001 / (x + 2) - np.maximum(x, 0.2) ** 2 + np.where(x > 0.5, x, x * x) + bl.softplus(x) ** 0.5
        x = np.sin(x) - 0.1 * x**3 + np.exp(-x * x)
    return x


def test_tables_give_the_same_numbers():
    program = bl.compile(looping, 0.7, straight_line=False)
    assert "for kind, k, " in program.fast_source and "\n" in program.source
    agrees(program, looping, x=0.7, rtol=1e-10)
    assert program.fallbacks == 0 and program(1) == program(1.0)


def test_tables_for_a_long_program_and_a_straight_line_when_asked():
    def long(x, w):
        for _ in range(5100):
            x = np.tanh(x * w + x) * 1.01
        return x
    program = bl.compile(long, 0.3, 0.4)
    assert "for kind, k, " in program.fast_source
    value, grads = program(0.3, 0.4)
    want, found = bl.value_and_grad(long)(0.3, 0.4)
    assert np.isclose(value, want, rtol=1e-12) and np.allclose(list(grads.values()), list(found.values()), rtol=1e-9)


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


# ---- the text ------------------------------------------------------------------------------------------------------------------

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
