"""The fast form gives what the readable program gives, whatever hypothesis composes; and planted faults in liveness do not pass."""
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backproplab.engine.fast.lowering import NotLowerable, lower, memory, ordering
from tests.fast.programs import flat, inputs, programs

SPECIAL = (np.nan, np.inf, -np.inf, 0.0)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], derandomize=True)


def readable(text, dtype):
    """The program as it stands, in NumPy's own numbers: those give infinities and NaN where Python's refuse."""
    scope = {"np": np}
    exec(text, scope)

    def run(*values):
        with np.errstate(all="ignore"):
            return scope["step"](*[dtype(v) if isinstance(v, float) else v for v in values])
    return run


class Refused(Exception):
    """The fast form sent its inputs elsewhere."""


def different(made, seed, dtype=np.float64, special=(), fresh=False, tolerance=1e-11):
    """What is wrong with the fast form of a program, in words; '' when all is right."""
    text, shapes, labels = made
    plain = readable(text, dtype)
    fast = lower(text, *inputs(seed, shapes, labels, dtype), fresh=fresh, dtype=dtype)

    def refused(*values):
        raise Refused
    fast.elsewhere = refused                                             # a silent fallback would hide every fault
    for k in range(2):
        values = inputs(seed + k, shapes, labels, dtype, special if k else ())
        kept = [np.array(v) for v in values]
        try:
            want = flat(plain(*values))
        except ZeroDivisionError:                                        # constants of the program's own
            return ""
        try:
            with np.errstate(all="ignore"):
                got = flat(fast.run(*values))
        except Refused:
            if k and special or not all(np.all(np.isfinite(w)) for w in want):
                continue                                                 # floats refuse what NumPy answers with inf or NaN
            if any(v == () for v in shapes.values()):
                continue                                                 # and what overflows on the way to a finite number
            return "it went elsewhere"
        if not all(np.array_equal(v, was, equal_nan=True) for v, was in zip(values, kept, strict=True)):
            return "it wrote into an input"
        arrays = [g for g in got if isinstance(g, np.ndarray)]
        if any(np.may_share_memory(g, v) for g in arrays for v in values if isinstance(v, np.ndarray)):
            return "an output shows an input"
        if any(np.may_share_memory(g, h) for i, g in enumerate(arrays) for h in arrays[:i]):
            return "two outputs are one array"
        for g, w in zip(got, want, strict=True):
            if np.shape(g) != np.shape(w):
                return f"shape {np.shape(g)} for {np.shape(w)}"
            if isinstance(g, np.ndarray) and g.dtype != dtype:
                return f"type {g.dtype}"
            w = np.asarray(w, float)
            size = 1 + np.max(np.abs(w), initial=0, where=np.isfinite(w))
            if not np.allclose(g, w, rtol=tolerance, atol=tolerance * size, equal_nan=True):
                return f"{g} for {w}"
    return ""


@quick
@given(programs(), st.integers(0, 10**6), st.booleans())
def test_arrays(made, seed, fresh):
    assert different(made, seed, fresh=fresh) == ""


@quick
@given(programs(scalars=True), st.integers(0, 10**6))
def test_single_numbers(made, seed):
    assert different(made, seed) == ""


@quick
@given(programs(), st.integers(0, 10**6), st.booleans())
def test_nan_and_infinity(made, seed, fresh):
    assert different(made, seed, special=SPECIAL, fresh=fresh) == ""


@quick
@given(programs(scalars=True), st.integers(0, 10**6))
def test_nan_and_infinity_in_single_numbers(made, seed):
    assert different(made, seed, special=SPECIAL) == ""


@quick
@given(programs(), st.integers(0, 10**6))
def test_float32(made, seed):
    assert different(made, seed, np.float32, tolerance=2e-4) == ""


@pytest.mark.parametrize("second", ["a", "a.T", "a[1:]", "(a + x, a)[1]"])
def test_an_array_with_a_second_name_is_not_changed_in_place(second):
    """NumPy would change what both names show, and a value of ours never changes: such a program is left as it is."""
    text = f"def step(x):\n    a = x.copy()\n    b = {second}\n    a[0] -= 1.0\n    return b\n"
    with pytest.raises(NotLowerable, match="a change in place"):
        lower(text, np.ones((2, 2)))
    assert np.array_equal(lower(text.replace(f"b = {second}", "b = 2.0 * x"), np.ones((2, 2))).run(np.ones((2, 2))), np.full((2, 2), 2.0))


# ---- the same tests notice a fault that is planted ------------------------------------------------------------------------------

right = memory.last_readers


def dies_early(order, outputs):
    return {v: max(0, i - 1) for v, i in right(order, outputs).items()}


def views_forgotten(order, outputs):
    last = {}
    for i, v in enumerate(order):
        for a in v.args:
            last[a] = i
    return last | dict.fromkeys(outputs, len(order))


def outputs_forgotten(order, outputs):
    return right(order, [])


def always_in_place(self, v, a, i):
    return a in self._base and a.example.shape == v.example.shape and a.example.dtype == v.example.dtype


PLANTED = {
    "a buffer dies one step early": (memory, "last_readers", dies_early),
    "a view does not keep its buffer": (memory, "last_readers", views_forgotten),
    "outputs may be overwritten": (memory, "last_readers", outputs_forgotten),
    "in place although others read it": (memory.Memory, "may_overwrite", always_in_place),
    "outputs may share memory": (ordering, "apart", lambda values, outputs, fresh: outputs),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(fault, monkeypatch):
    monkeypatch.setattr(*PLANTED[fault])

    @settings(quick, max_examples=400, phases=[Phase.generate])
    @given(programs(), st.integers(0, 10**6))
    def check(made, seed):
        assert different(made, seed) == ""
    with pytest.raises((AssertionError, NameError, KeyError)):
        check()
