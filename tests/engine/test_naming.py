"""Names are the author's, read from the bytecode: in closures, loops, helpers, lambdas, exec, under a tracer. Never a wrong one."""
import sys

import numpy as np
import pytest

import backproplab as bl


def straight(x, z):
    a = x * z
    b = np.log(a)
    return b + 1


def make_closure(k):
    def closure(x, z):
        a = x * k
        return a + z
    return closure


def loop(x, z):
    s = x
    for _ in range(2):
        s = s * z
    return s + 1


def pair(x, z):
    a, b = x * z, x + z
    return a / b


def triple(x, z):
    a, b, c = x * z, x + z, x - z
    return a * b * c


def five(x, z):
    a, b, c, d, e = x * z, x + z, x - z, np.exp(x), np.log(z + 1)
    return a * b * c * d * e


def augmented(x, z):
    a = x * z
    a += z
    a **= 2
    return a


def chained(x, z):
    a = b = x * z
    return a + b


def walrus(x, z):
    y = (a := x + z) * 2
    return y * a


def conditional(x, z):
    a = x * z if x > 0 else x + z
    return a + 1


def over_lines(x, z):
    a = (x
         * z)
    b = (a
         .sum()
         + 1)
    return b * 2


def nested(x, z):
    def layer(u):
        h = u * z
        return h
    p = layer(x)
    q = layer(p)
    return q + 1


def double(u):
    return u * 2


def halves(u):
    low = u / 2
    high = u / 4
    return low, high


def helper(x, z):
    p = double(x)
    q, r = halves(z)
    return p * q * r


def comprehension(x, z):
    parts = [x * k for k in (1.0, 2.0)]
    s = parts[0] + parts[1]
    return s * z


def total(x, z):
    s = sum([x, z, x * z])
    return s * 2


class Box:
    pass


def attribute(x, z):
    box, table = Box(), {}
    box.h = x * z
    table["k"] = x + z
    return box.h * table["k"]


def alias(x, z):
    a = x * z
    b = a
    return b + z


def blocks(x, z):
    try:
        with np.errstate(all="ignore"):
            a = x * z
    finally:
        c = x + z
    return a * c


def unpacked(x, z):
    v = np.stack([x * z, x + z])
    p, q = v
    return p * q


SPACE = {"np": np}
exec("def without_source(x, z):\n    a = x * z\n    b, c = a + 1, a - 1\n    return b * c\n", SPACE)
X, Z = 2.0, 3.0
EXPECTED = [
    (straight, {"a": 6, "b": np.log(6)}), (make_closure(5.0), {"a": 10}), (loop, {"s": 6, "s_1": 18}), (pair, {"a": 6, "b": 5}),
    (triple, {"a": 6, "b": 5, "c": -1}), (five, {"a": 6, "b": 5, "c": -1, "d": np.exp(2), "e": np.log(4)}),
    (augmented, {"a": 6, "a_1": 9, "a_2": 81}), (chained, {"a": 6}), (walrus, {"a": 5, "y": 10}), (conditional, {"a": 6}),
    (over_lines, {"a": 6, "b": 7}), (nested, {"p": 6, "q": 18}), (helper, {"p": 4, "q": 1.5, "r": .75}), (comprehension, {"s": 6}),
    (attribute, {"h": 6, "k": 5}), (total, {"s": 11}), (alias, {"a": 6}), (blocks, {"a": 6, "c": 5}), (unpacked, {"p": 6, "q": 5}),
    (lambda x, z: np.exp(x * z) / 2, {}), (SPACE["without_source"], {"a": 6, "b": 7, "c": 5}),
]
each_function = pytest.mark.parametrize("f, names", EXPECTED, ids=[f.__name__ for f, _ in EXPECTED])


@each_function
def test_names_are_the_authors(f, names):
    values = bl.trace(f, X, Z).values
    assert {n: values.get(n) for n in names} == pytest.approx(names)


@each_function
def test_a_value_never_has_the_name_of_another(f, names):
    """Every name that a node has is one the author's source binds, and holds what the author's variable holds."""
    bound = set(f.__code__.co_varnames) | set(f.__code__.co_names) | set(f.__code__.co_cellvars) | {"low", "high", "h", "k", "y", "out"}
    for name in bl.trace(f, X, Z).values:
        assert name.split("_")[0] in bound


@each_function
def test_names_are_right_under_a_tracer(f, names):
    seen = []
    sys.settrace(lambda frame, event, arg: seen.append(event))
    try:
        values = bl.trace(f, X, Z).values
    finally:
        sys.settrace(None)
    assert seen and {n: values.get(n) for n in names} == pytest.approx(names)


def test_lines_are_the_authors():
    lines = {v.name: v.line - straight.__code__.co_firstlineno for v in bl.trace(straight, X, Z).variables.values() if v.expression is not None}
    assert lines == {"a": 1, "b": 2, "y": 3}


def test_inputs_own_their_plain_name():
    def f(h, x):
        h = h * x
        h = h * x
        return h
    run = bl.trace(f, h=2.0, x=3.0)
    assert run.values["h"] == 2 and run.values["h_1"] == 6 and run.values["h_2"] == 18
    assert [v.written for v in run.variables.values()] == ["h", "x", "h", "h"]


def test_an_unnamed_output_is_y_unless_that_is_taken():
    assert bl.trace(lambda x: x * 2, 1.0).output == "y"
    assert bl.trace(lambda y: y * 2, 1.0).output == "out"
    assert bl.trace(lambda y, out: y * out, 1.0, 2.0).output == "out_1"


def test_gradients_have_fresh_symbols_where_the_author_uses_theirs():
    def f(x, g_x):
        g_a = x * g_x
        a = g_a + x
        return a * 2
    run = bl.trace(f, x=3.0, g_x=4.0)
    assert run.gradient_symbols["x"] != "g_x" and run.gradient_symbols["a"] != "g_a"
    assert run.grads["x"] == 10 and run.program(3.0, 4.0)[1] == {"x": 10, "g_x": 6}


def test_captured_arrays_keep_the_closures_name():
    weights = np.array([1.0, 2.0])
    run = bl.trace(lambda x: np.sum(weights * x), np.ones(2))
    assert "weights" in run.values and run.variables["weights"].role == "constant"


def test_partial_sums_inside_a_call_are_nobodys_variable():
    def f(x):
        s = sum([x, 2 * x, 3 * x, 4 * x])
        return s * s
    assert list(bl.trace(f, 1.0).values) == ["x", "s", "y"]


def test_a_name_is_an_identifier():
    """pytest keeps parts of an assert statement in variables called @py_assert1; nothing of that reaches a graph."""
    def f(x):
        assert np.sin(x) * 2 < x * 3
        return np.sin(x) * 2
    assert all(n.isidentifier() for n in bl.trace(f, 1.0).values)
