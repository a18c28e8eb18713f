"""Optimisers and the training loop: equal to what is written by hand, resumed to the identical history, stopped in words."""
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import backproplab as bl
from backproplab import nn
from backproplab.nn import snapshots
from tests.nn.test_layers import CASES, numbers

ROOT = Path(__file__).resolve().parent.parent.parent
NET = nn.Network((2, 8, 8, 1), "tanh")
DATA, TEST = nn.two_moons(60, seed=1).split(0.2)


def trained(steps=40, **options):
    options = {"batch": 16, "every": 10, "test": TEST, "optimiser": nn.Adam(0.02), "seed": 3} | options
    return nn.train(NET.objective("logistic", nn.L2(1e-3)), NET.start("xavier", seed=1), DATA, steps, **options)


def same(a, b):
    return a.history == b.history and a.step == b.step and all(
        np.array_equal(x, y) for x, y in zip(nn.leaves(a.params).values(), nn.leaves(b.params).values(), strict=True))


@pytest.mark.parametrize("case", [c for c in CASES if "sgd" in CASES[c]])
def test_one_step_of_sgd_is_the_lectures(case):
    sgd = CASES[case]["sgd"]
    params = {n: numbers(case)[n] for n in sgd["params"]}
    moved, _ = nn.SGD(sgd["lr"]).step(params, {n: np.array(CASES[case]["grads"][n], float) for n in params}, ())
    assert all(np.allclose(moved[n], np.array(sgd["updated"][n], float), rtol=1e-13) for n in params)


def by_hand(name, p, gradients):
    """The same optimisers on one number, as textbooks write them."""
    v = m = s = 0.0
    for t, g in enumerate(gradients, 1):
        if name == "sgd":
            p = p - 0.1 * g
        elif name == "momentum":
            v = 0.9 * v + g
            p = p - 0.1 * v
        else:
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
            p = p - 0.1 * (m / (1 - 0.9 ** t)) / ((s / (1 - 0.999 ** t)) ** 0.5 + 1e-8)
    return p


@pytest.mark.parametrize("name, optimiser", [("sgd", nn.SGD(0.1)), ("momentum", nn.Momentum(0.1)), ("adam", nn.Adam(0.1))])
def test_optimisers_are_pure_steps_over_any_container(name, optimiser):
    random = np.random.RandomState(0)
    params = {"a": [np.array(1.5)[()], {"b": np.array([0.5, -2.0])}], "c": (np.ones((2, 2)),)}
    before = nn.mapped(np.copy, params)
    gradients = [nn.mapped(lambda p: random.standard_normal(np.shape(p)), params) for _ in range(5)]
    now, state = params, optimiser.start(params)
    for g in gradients:
        now, state = optimiser.step(now, g, state)
    assert type(now["c"]) is tuple and all(np.array_equal(p, q) for p, q in zip(nn.leaves(params).values(), nn.leaves(before).values(), strict=True))
    assert np.isclose(now["a"][1]["b"][1], by_hand(name, -2.0, [g["a"][1]["b"][1] for g in gradients]), rtol=1e-12)
    with pytest.raises(bl.ShapeError, match="one structure"):
        optimiser.step(params, {"a": 1.0}, optimiser.start(params))


@pytest.mark.parametrize("make, said", [
    (lambda: nn.SGD(0), "above 0"), (lambda: nn.SGD(-1.0), "rate=-1.0"), (lambda: nn.SGD(float("inf")), "finite"),
    (lambda: nn.SGD("fast"), "rate='fast'"),
    (lambda: nn.Momentum(momentum=1), "just under 1"), (lambda: nn.Adam(beta2=1.5), "just under 1"), (lambda: nn.Adam(epsilon=0), "epsilon=0"),
    (lambda: trained(steps=-1), "steps=-1"), (lambda: trained(batch=1000), "batch=None"), (lambda: trained(batch=0), "at least 1"),
    (lambda: trained(every=2.5), "every=2.5"), (lambda: nn.train(NET.objective("squared"), NET.start(), (DATA.X, DATA.y[:5])), "as many of them"),
])
def test_absurd_settings_are_refused_in_words(make, said):
    with pytest.raises(bl.BackpropError, match=said):
        make()


def test_the_loop_is_what_one_writes_by_hand():
    """Mini-batches without replacement, gradient, step: with NumPy alone the same parameters come out."""
    net, random = nn.Network((2, 8, 1)), np.random.RandomState(5)
    (one, two), n, order = net.start(seed=2), len(DATA.X), random.permutation(len(DATA.X))
    W1, b1, W2, b2 = one["W"], one["b"], two["W"], two["b"]
    for step in range(30):
        at = step % (n // 16)
        if step and at == 0:
            order = random.permutation(n)
        X, y = (v[order[at * 16:at * 16 + 16]] for v in DATA)
        z = X @ W1 + b1
        h = np.maximum(z, 0)
        d = (1 / (1 + np.exp(-(h @ W2 + b2))) - y) / 16
        dz = (d @ W2.T) * (z > 0)
        W1, b1, W2, b2 = W1 - 0.5 * X.T @ dz, b1 - 0.5 * dz.sum(0), W2 - 0.5 * h.T @ d, b2 - 0.5 * d.sum(0)
    found = nn.train(net.objective("logistic"), net.start(seed=2), DATA, 30, batch=16, optimiser=nn.SGD(0.5), seed=5, every=None)
    assert np.allclose(found.params[0]["W"], W1, rtol=1e-10) and np.allclose(found.params[1]["b"], b2, rtol=1e-10)
    assert found.history.steps == [] and len(found.history.batch) == 30


def test_what_is_noted():
    h = trained().history
    assert h.steps == [0, 10, 20, 30, 40] and len(h.train) == len(h.test) == len(h.gradients) == len(h.layers) == 5
    assert h.train[-1] < h.train[0] and list(h.gradients[0]) == list(nn.leaves(NET.start())) and len(h.layers[0]) == 2
    assert np.isclose(h.train[0], NET.objective("logistic", nn.L2(1e-3))(NET.start("xavier", seed=1), *DATA), rtol=1e-12)
    dead = nn.activation_statistics(nn.Network((2, 8, 1)), nn.Network((2, 8, 1)).start(bias=-50.0), DATA.X)
    assert dead == [{"mean": 0.0, "deviation": 0.0, "dead": 1.0}]
    first, a = NET.start("xavier", seed=1)[0], h.layers[0][0]
    z = DATA.X @ first["W"] + first["b"]
    assert np.allclose([a["mean"], a["deviation"], a["dead"]], [np.tanh(z).mean(), np.tanh(z).std(), (z.max(0) <= 0).mean()], rtol=1e-12)
    assert nn.gradient_norms({"W": np.array([[3.0, 0.0], [0.0, -4.0]])}) == {"params_W": 5.0}


def test_watching_changes_nothing_and_neither_does_the_start():
    start = NET.start("xavier", seed=1)
    kept = nn.mapped(np.copy, start)
    a = nn.train(NET.objective("logistic"), start, DATA, 20, every=None)
    b = nn.train(NET.objective("logistic"), start, DATA, 20, every=3)
    assert np.array_equal(a.params[0]["W"], b.params[0]["W"]) and np.array_equal(start[0]["W"], kept[0]["W"])


def test_any_function_trains():
    def line(params, X, y):
        return np.mean((params["slope"] * X + params["intercept"] - y) ** 2)
    found = nn.train(line, {"slope": 0.0, "intercept": 0.0}, nn.line(noise=0.0), 300, batch=None, optimiser=nn.SGD(0.2), every=None)
    assert np.isclose(found.params["slope"], 2.0) and np.isclose(found.params["intercept"], -1.0)


def test_column_form_trains_like_row_form():
    row, column = nn.Network((2, 4, 1)), nn.Network((2, 4, 1), form="column")
    a = nn.train(row.objective("logistic"), row.start(seed=1), DATA, 25, batch=10)
    b = nn.train(column.objective("logistic"), column.start(seed=1), (DATA.X.T, DATA.y.T), 25, batch=10)
    assert np.allclose(a.params[0]["W"], b.params[0]["W"].T, rtol=1e-10)


def test_progress_and_cancelling():
    told = []
    found = trained(progress=lambda step, steps, loss: told.append((step, steps)), cancel=lambda: len(told) == 7)
    assert told[-1] == (7, 40) and found.step == 7 and found.stopped == "It was cancelled at step 7." and "cancelled" in repr(found)
    assert trained(progress=True).step == 40

    def interrupted(step, steps, loss):
        raise KeyboardInterrupt
    assert trained(progress=interrupted).stopped == "It was interrupted at step 1."


@pytest.mark.parametrize("optimiser", [nn.SGD(0.1), nn.Momentum(0.05), nn.Adam(0.02)])
def test_a_cancelled_training_resumes_to_the_identical_history(tmp_path, optimiser):
    path, calls = tmp_path / "training.npz", []
    part = trained(optimiser=optimiser, checkpoint=path, cancel=lambda: calls.append(1) or len(calls) > 23)
    assert part.step == 23 and list(tmp_path.iterdir()) == [path]
    rest = trained(optimiser=optimiser, checkpoint=path)
    assert same(rest, trained(optimiser=optimiser)) and same(trained(optimiser=optimiser, checkpoint=path), rest)
    assert same(trained(55, optimiser=optimiser, checkpoint=path), trained(55, optimiser=optimiser))
    assert same(trained(70, optimiser=optimiser, checkpoint=path), trained(70, optimiser=optimiser))


def test_a_killed_training_resumes_to_the_identical_history(tmp_path):
    """A process of its own, which kills itself between two checkpoints."""
    path = tmp_path / "training.npz"
    script = f"""
        import os, signal
        from tests.nn.test_training import trained
        def kill(step, steps, loss):
            if step == 26: os.kill(os.getpid(), signal.SIGKILL)
        trained(checkpoint={str(path)!r}, progress=kill)
        """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with np.load(path) as file:
        assert b'"step": 20' in file["text"].tobytes()
    assert same(trained(checkpoint=path), trained())


def test_a_checkpoint_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "training.npz"
    trained(20, checkpoint=path)
    before = path.read_bytes()

    def breaks(*_):
        raise OSError("the disk is full")
    monkeypatch.setattr(os, "fsync", breaks)
    with pytest.raises(OSError, match="full"):
        trained(40, checkpoint=path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    path = tmp_path / "training.npz"
    trained(20, checkpoint=path)
    with pytest.raises(bl.InputError, match="batch was 16 and is now 8"):
        trained(checkpoint=path, batch=8)
    with pytest.raises(bl.InputError, match="at step 20"):
        trained(10, checkpoint=path)
    path.write_bytes(b"PK no archive")
    with pytest.raises(bl.InputError, match="no checkpoint"):
        trained(checkpoint=path)
    assert snapshots.load(tmp_path / "none.npz", {}, ()) is None


@pytest.mark.parametrize("spoil, where", [
    (lambda X, params: X.__setitem__((3, 1), np.nan), "the data X"),
    (lambda X, params: params[1]["W"].__setitem__((0, 0), np.nan), "layer 2, in its params_1_W"),
    (lambda X, params: params[2]["b"].__setitem__(0, np.nan), "layer 3, the output, in its params_2_b"),
])
def test_it_stops_at_a_number_that_is_not_finite_and_says_where(spoil, where):
    X, params = DATA.X.copy(), NET.start("xavier", seed=1)
    spoil(X, params)
    with pytest.warns(bl.NumericalWarning, match=where):
        found = nn.train(NET.objective("logistic"), params, (X, DATA.y), 5, batch=None)
    assert found.step == 0 and where in found.stopped and ("ten times smaller" in found.stopped) == (where != "the data X")


def test_it_stops_when_it_diverges():
    net = nn.Network((2, 16, 16, 1))
    with pytest.warns(bl.NumericalWarning, match="learning rate ten times smaller"):
        found = nn.train(net.objective("squared"), net.start(seed=1), DATA, 200, optimiser=nn.SGD(30.0))
    assert 0 < found.step < 20 and f"at step {found.step}" in found.stopped


def test_three_layers_learn_spirals():
    """At least 95 % on a held-out fifth; the median of five seeds."""
    net, right = nn.Network((2, 48, 48, 1)), []
    for seed in range(200, 205):
        data, held = nn.spirals(400, seed=seed).split(0.2, seed=seed)
        found = nn.train(net.objective("logistic"), net.start("he", seed=seed), data, 500, optimiser=nn.Adam(0.01), every=None, seed=seed)
        right.append(net.accuracy(found.params, *held))
    assert np.median(right) >= 0.95


def test_three_layers_learn_the_digits():
    pytest.importorskip("sklearn")
    right = []
    for seed in range(200, 205):
        data, held = nn.digits().split(0.2, seed=seed)
        net = nn.Network((64, 64, 64, 10))
        found = nn.train(net.objective("softmax"), net.start("he", seed=seed), data, 800, optimiser=nn.Adam(0.003), every=None, seed=seed)
        right.append(net.accuracy(found.params, *held))
    assert np.median(right) >= 0.95


def test_two_linear_layers_are_least_squares_unless_narrow():
    """What two linear layers can reach is what one can; with a narrow layer between, less, when there are several outputs."""
    random = np.random.RandomState(0)
    X = random.standard_normal((40, 3))
    Y = X @ random.standard_normal((3, 2)) + 0.1 * random.standard_normal((40, 2))
    best = float(np.mean((np.c_[X, np.ones(40)] @ np.linalg.lstsq(np.c_[X, np.ones(40)], Y, rcond=None)[0] - Y) ** 2))
    ends = []
    for width in (4, 1):
        net = nn.Network((3, width, 2), "linear")
        found = nn.train(net.objective("squared"), net.start("xavier", seed=1), (X, Y), 1500, batch=None, optimiser=nn.SGD(0.1), every=1500)
        ends.append(found.history.train[-1])
    assert np.isclose(ends[0], best, rtol=1e-6) and ends[1] > 5 * best
