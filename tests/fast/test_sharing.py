"""What a compiled program shares: memory with its caller, itself between threads, and its text in a pickle."""
import contextlib
import pickle
import sys
import threading

import numpy as np
import pytest

import backproplab as bl
from tests.fast.functions import RANDOM, WEIGHTS, agrees, batch, branching, layered, looping, network, parameters

# ---- memory ------------------------------------------------------------------------------------------------------------------------

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


class Interrupting:
    """NumPy for a program, but before its first np.exp another thread calls the program and has time to finish."""

    def __init__(self, call): self.call, self.others = call, []

    def __getattr__(self, name): return getattr(np, name)

    def exp(self, *args, **kwargs):
        if not self.others:
            self.others.append(threading.Thread(target=self.call))
            self.others[0].start()
            self.others[0].join(0.2)
        return np.exp(*args, **kwargs)


@pytest.mark.parametrize("locked", [True, False])
def test_the_lock_is_what_keeps_another_thread_out(locked):
    mine, other = {**batch(4), **WEIGHTS}, {**batch(4), **WEIGHTS}
    program = bl.compile(network, **mine)
    want = program(**mine)[1]["W1"]
    scope = program.family.variants[0].form.fast.scope
    if not locked:
        scope["lock"] = contextlib.nullcontext()
    scope["np"] = Interrupting(lambda: program(**other))
    got = program(**mine)[1]["W1"]
    scope["np"].others[0].join()
    assert np.array_equal(got, want) is locked


# ---- pickling ----------------------------------------------------------------------------------------------------------------------

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
