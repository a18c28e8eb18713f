"""Derivatives arranged for reading: the same value, in the form that a reader expects."""
import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from backproplab.engine.expressions import Call, Constant, Expression, Symbol, evaluate, text
from backproplab.notation import Setting, plain, tidy, typeset
from tests.notation.reference import CASES, close, run, worth

a, b, x, y, t = map(Symbol, "abxyt")


def call(head, *args):
    return Call(head, tuple(v if isinstance(v, Expression) else Constant(v) for v in args))


@pytest.mark.parametrize("e, wanted", [
    (call("*", call("*", 2, call("-", y, t)), call("neg", x)), "−2 (y − t) x"),
    (call("*", call("*", a, 2), x), "2 a x"),
    (call("*", call("/", 1, a), x), "x / a"),
    (call("/", call("neg", call("*", call("/", a, 3), t)), y), "−a t / (3 y)"),
    (call("-", call("/", call("neg", a), b), call("/", call("neg", x), y)), "−a / b + x / y"),
    (call("*", call("*", a, y), call("-", 1, y)), "a y (1 − y)"),
    (call("+", call("*", a, x), call("*", a, x)), "2 a x"),
    (call("-", call("*", a, x), call("*", a, x)), "0"),
    (call("*", call("/", call("neg", 1), y), call("*", y, call("-", 1, y))), "y − 1"),
    (call("/", call("*", a, x), call("**", x, 3)), "a / x^2"),
    (call("*", call("*", 0.5, 2), call("-", y, t)), "y − t"),
    (call("neg", call("-", y, t)), "t − y"),
    (call("*", call("/", 2, 4), x), "x / 2"),
    (call("/", 1, call("*", 2, call("np.sqrt", x))), "1 / (2 √x)"),
    (call(".T", call("np.outer", a, x)), "x a^⊤"),
    (call("@", call(".T", call(".T", a)), call("neg", x)), "−a x"),
    (call("np.sum", call("*", 2, x)), "2 Σ x"),
    (call("np.where", call(">", x, 0), call("neg", a), 0), "−a · [x > 0]"),
    (call("np.broadcast_to", call("/", 1, 3), (2,)), "1 / 3"),
    (call("np.sum", call("np.broadcast_to", call("/", 1, 3), (3,))), "1"),
    (call("*", call("np.expand_dims", call("np.broadcast_to", 1, (2,)), (1,)), y), "y"),
    (call("+", call("*", 1, x), call("*", 0, y)), "x"),
    (call("**", x, 1), "x"),
    (call("*", True, x), "True · x"),
    (call("*", np.inf, x), "∞ x"),
])
def test_what_a_reader_expects(e, wanted):
    assert plain(typeset(tidy(e))) == wanted


def test_a_repeated_one_stays_where_a_sum_counts_it():
    e = call("np.sum", call("*", call("np.broadcast_to", 1, (3, 2)), x))
    assert evaluate(tidy(e), {"x": np.float64(5)}) == 30
    assert evaluate(tidy(e, {"x": np.float64(5)}), {"x": np.float64(5)}) == 30
    full = {"x": np.arange(6.).reshape(3, 2)}
    assert text(tidy(e, full)) == "np.sum(x)"


@pytest.mark.parametrize("name", CASES)
def test_the_value_is_kept(name):
    r = run(name)
    for v in r.variables.values():
        for c in v.uses:
            for e in (c.expression, c.local_expression):
                if e is not None:
                    value = r.evaluate(e)
                    for scope in (None, r.scope):
                        assert close(r.evaluate(tidy(e, scope)), value), (v.name, text(e), text(tidy(e, scope)))


@pytest.mark.parametrize("name", CASES)
def test_tidying_twice_changes_nothing(name):
    r = run(name)
    for v in r.variables.values():
        for c in v.uses:
            once = tidy(c.expression, r.scope)
            assert tidy(once, r.scope) == once, text(once)


leaves = st.one_of(st.sampled_from("abxy").map(Symbol), st.sampled_from([1, 2, 3, -1, 0.5, -4.0]).map(Constant))
expressions = st.recursive(leaves, lambda inner: st.one_of(
    st.builds(lambda h, l, r: call(h, l, r), st.sampled_from("+-*/"), inner, inner),
    st.builds(lambda i: call("neg", i), inner), st.builds(lambda i: call("np.sin", i), inner),
    st.builds(lambda i, n: call("**", i, n), inner, st.integers(2, 3)), st.builds(lambda i: call("np.sum", i), inner),
    st.builds(lambda i: call("np.broadcast_to", i, (2, 3)), leaves)), max_leaves=12)


@hypothesis.given(expressions)
@hypothesis.settings(max_examples=300)
def test_the_value_is_kept_whatever_is_written(e):
    scope = {"a": np.float64(1.3), "b": np.float64(-0.7), "x": np.array([[0.4, 1.1, -2.3], [0.9, -0.6, 1.7]]), "y": np.array([2.2, -1.4, 0.3])}
    wanted = worth(e, scope)
    hypothesis.assume(np.all(np.isfinite(wanted)) and np.max(np.abs(wanted)) < 1e6 and _well(e, scope))
    for known in (None, scope):
        made = tidy(e, known)
        assert np.allclose(np.broadcast_to(worth(made, scope), np.shape(wanted)), wanted, rtol=1e-7, atol=1e-7), text(made)


def _well(e, scope):
    """Is the value insensitive to a rounding of its inputs? Where it is not, another order of operations may change it."""
    moved = worth(e, {n: v * (1 + 1e-12) for n, v in scope.items()})
    return np.allclose(moved, worth(e, scope), rtol=1e-9, atol=1e-9)


def test_the_law_notices_a_sign_that_is_lost():
    e = call("*", call("neg", a), x)
    scope = {"a": 2.0, "x": 3.0}
    assert evaluate(tidy(e), scope) == -6.0
    assert not close(evaluate(tidy(call("*", a, x)), scope), evaluate(e, scope))


def test_thousands_of_terms_are_no_trouble():
    e = Symbol("x0")
    for k in range(1, 3000):
        e = call("+", e, call("neg", Symbol(f"x{k % 7}")))
    made = tidy(e)
    assert plain(typeset(made, Setting())).count("x") == 7
