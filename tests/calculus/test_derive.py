"""Derivations by indices: the loops they mean, the line they end in, and the engine agree."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.calculus import derive

SIZES = {"B": 3, "M": 4, "N": 2}
FORMS = [("Z = X @ W + b", "W", "X.T @ G"), ("Z = X @ W + b", "X", "G @ W.T"), ("Z = X @ W + b", "b", "G.sum(axis=0)"),
         ("f = W @ x + b", "W", "np.outer(G, x)"), ("f = W @ x + b", "x", "W.T @ G"), ("f = W @ x + b", "b", "G"),
         ("z = x @ W + b", "W", "np.outer(x, G)"), ("z = x @ W + b", "x", "G @ W.T"), ("z = x @ W + b", "b", "G"),
         ("A = B @ C", "B", "G @ C.T"), ("A = B @ C", "C", "B.T @ G"), ("F = W @ X", "W", "G @ X.T"), ("F = W @ X", "X", "W.T @ G")]


def arrays(formula):
    """Arrays of different lengths that fit."""
    draw = np.random.RandomState(1)
    left, right = formula.split("=")[1].split("+")[0].split("@")
    left, right = left.strip(), right.strip()
    shape = {left: (3, 4) if left.isupper() else (4,), right: (4, 2) if right.isupper() else (4,)}
    made = {n: draw.randn(*s) for n, s in shape.items()}
    if "+" in formula:
        made["b"] = draw.randn(*np.shape(made[left] @ made[right])[-1:])
    return made


@pytest.mark.parametrize("formula, wrt, line", FORMS, ids=[f"{f} by {w}" for f, w, _ in FORMS])
def test_loops_line_and_engine_agree(formula, wrt, line):
    d = derive(formula, wrt)
    assert d.vectorised == line
    values = arrays(formula)
    right = formula.split("=")[1].strip()
    scope = {"np": np}
    exec(f"def f({', '.join(values)}):\n    y = {right}\n    return y\n", scope)
    f = scope["f"]
    g = np.random.RandomState(2).randn(*np.shape(f(**values)))
    want = bl.trace(f, **values, cotangent=g).grads[wrt]
    exec(d.loops, scope)
    code = scope["gradient"].__code__
    looped = scope["gradient"](*[{**values, "G": g}[n] for n in code.co_varnames[:code.co_argcount]])
    np.testing.assert_allclose(looped, want, rtol=1e-12)
    np.testing.assert_allclose(eval(line, {"np": np, **values, "G": g}), want, rtol=1e-12)


def test_the_rows_are_the_lectures():
    d = derive("Z = X @ W + b", "W")
    assert [r.title for r in d.rows] == ["one entry", "one partial", "chain rule", "the sum that is left", "assemble"]
    assert d.rows[1].formula == "∂Z_sn/∂W_ij = [n = j] X_si" and d.rows[3].formula == "∂L/∂W_ij = Σ_s G_sj X_si"
    assert d.rows[4].formula == "∂L/∂W = Xᵀ G"
    assert d.why == "Why the transpose? B is not in ∂L/∂W, so it is summed. X is turned for one reason: so that B faces B."
    assert "\\sum_{s}" in d.rows[3].latex and d._repr_markdown_().count("\n| ") == 5 and "Why the transpose?" in repr(d)


def test_axes_may_be_named():
    d = derive("A = B @ C", "B", axes={"B": "PQ", "C": "QR"})
    assert d.rows[0].formula == "A_pr = Σ_q B_pq C_qr"


@pytest.mark.parametrize("formula, wrt", [("Z = X @ W", "Q"), ("X @ W", "W"), ("Z = X @ X", "X"), ("Z = X * W", "W"), ("Z = tanh(X)", "X"),
                                          ("Z = X @ W @ V", "W"),
                                          ("2 = X @ W", "W"), ("W = x @ W", "W"),
                                          ("b = x @ W + b", "W"), ("z = x @ if", "x"), (3, "x"), ("Z = X @", "X"), ("", "X")])
def test_what_is_not_one_product_is_refused(formula, wrt):
    with pytest.raises(bl.BackpropError) as error:
        derive(formula, wrt)
    assert error.value.instead


@pytest.mark.parametrize("axes", [{"B": "PQ", "C": "RS"}, {"B": "P", "C": "PQ"}, {"B": "PQ", "C": "QP"}, {"B": "PP", "C": "PQ"}])
def test_axes_that_do_not_fit_are_refused(axes):
    with pytest.raises(bl.ShapeError):
        derive("A = B @ C", "B", axes=axes)
