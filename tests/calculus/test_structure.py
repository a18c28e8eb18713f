"""What a Jacobian is made of: each structure recognised, each near miss not; local Jacobians of runs, and the products instead of them."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.calculus import converted, flattened, local_jacobian, local_jacobians, sized, structure
from backproplab.calculus.structure import STRUCTURES
from tests import reference_cases

CASES = [c for c in reference_cases.CASES if c["kind"] == "jacobian"]
P = np.array([0.5, 0.3, 0.2])
SHARES = np.diag(P) - np.outer(P, P)
NAMED = {
    "zero": np.zeros((2, 3)), "one number": [[3.0]], "identity": np.eye(3), "multiple of the identity": 2 * np.eye(2),
    "diagonal, of zeros and ones": np.diag([1.0, 0, 1]), "diagonal": np.diag([1.0, 2, 3]), "permutation": np.eye(4)[[2, 0, 3, 1]],
    "identities, stacked": np.vstack([np.eye(2)] * 3), "selection: one 1 in each row": [[0, 1.0, 0, 0], [0, 0, 0, 1]],
    "one block over and over": np.kron(np.eye(2), [[1.0, 2, 3]]), "diagonal minus an outer product": SHARES,
    "outer product": np.outer([1.0, 2], [3.0, 4, 5]), "sparse": [[1.0, 0, 2], [0, 3, 4]], "dense": [[1.0, 2, 3], [4, 5, 7]]}


def test_every_structure_has_an_example():
    assert ["zero", "zero here, not everywhere", *list(NAMED)[1:]] == [s.name for s in STRUCTURES]
    assert structure(np.zeros((2, 2)), np.eye(2)).name == "zero here, not everywhere"


@pytest.mark.parametrize("name", list(NAMED))
def test_structures_are_recognised(name):
    found = structure(NAMED[name])
    assert found.name == name and found.say and found.bytes == 8 * np.size(NAMED[name])


@pytest.mark.parametrize("name", ["identity", "multiple of the identity", "diagonal, of zeros and ones", "diagonal", "permutation",
                                  "identities, stacked",
                                  "selection: one 1 in each row", "one block over and over", "diagonal minus an outer product", "outer product"])
def test_one_entry_that_is_off_is_noticed(name):
    j = np.array(NAMED[name], float)
    j[0, -1] += 0.01
    assert structure(j).name != name


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=6))
def test_softmax_is_always_recognised(z):
    p = np.asarray(bl.softmax(np.array(z)))
    assert structure(np.diag(p) - np.outer(p, p)).name == "diagonal minus an outer product"


def test_counts_and_refusals():
    s = structure([[1.0, 0], [0, 0]], [[True, False], [False, True]])
    assert (s.free, s.nonzero, s.entries, s.name) == (2, 1, 4, "diagonal, of zeros and ones")
    assert sized(0) == "0 B" and sized(10**18) == "1.0 EB"
    with pytest.raises(bl.ShapeError, match="matrix"):
        structure(np.zeros(3))
    with pytest.raises(bl.ShapeError, match="pattern"):
        structure(np.zeros((2, 2)), np.zeros((2, 3)))


def layer(X, W, b):
    Z = X @ W + b
    H = np.maximum(0, Z)
    S = np.sum(H, axis=1)
    p = bl.softmax(S)
    loss = -np.log(p[1])
    return loss


@pytest.fixture(scope="module")
def run():
    draw = np.random.RandomState(3)
    return bl.trace(layer, X=draw.randn(3, 4), W=draw.randn(4, 2), b=draw.randn(2))


def test_each_edge_has_its_jacobian(run):
    names = {(j.of, j.wrt): j.structure.name for j in local_jacobians(run)}
    assert names == {("Z", "X"): "one block over and over", ("Z", "W"): "sparse", ("Z", "b"): "identities, stacked",
                     ("H", "Z"): "diagonal, of zeros and ones",
                     ("S", "H"): "one block over and over", ("p", "S"): "diagonal minus an outer product", ("loss", "p"): "sparse"}


def test_jacobians_agree_with_the_definition(run):
    for j in local_jacobians(run):
        consumer = run.variable(j.of)

        def f(v, j=j, consumer=consumer):
            from backproplab.engine.expressions import evaluate
            return np.asarray(evaluate(consumer.expression, {**run.scope, j.wrt: v}), float).ravel()
        x, h = np.asarray(run.values[j.wrt], float), 2.0 ** -18
        columns = []
        for k in np.ndindex(*x.shape):
            step = np.zeros(x.shape)
            step[k] = h
            columns.append((f(x + step) - f(x - step)) / (2 * h))
        np.testing.assert_allclose(j.matrix("numerator"), np.array(columns).T, atol=1e-7)
        np.testing.assert_array_equal(j.matrix("denominator"), j.matrix("numerator").T)


def test_the_product_is_g_times_the_jacobian_and_much_smaller(run):
    draw = np.random.RandomState(0)
    for j in local_jacobians(run):
        g = draw.randn(*j.of_shape)
        np.testing.assert_allclose(np.ravel(j.times(g)), np.ravel(g) @ j.matrix("numerator"), atol=1e-12)
        assert np.shape(j.times(g)) == j.wrt_shape
    assert local_jacobian(run, "H", "Z").pattern().sum() == 6 and "never formed" in repr(local_jacobian(run, "Z", "W"))


def test_a_variable_may_be_called_self():
    run = bl.trace(lambda self, scope: self * scope, 2.0, 3.0)
    assert {j.wrt: (j.matrix().item(), j.pattern().item()) for j in local_jacobians(run)} == {"self": (3.0, True), "scope": (2.0, True)}


def test_what_has_no_local_jacobian_is_said(run):
    with pytest.raises(bl.InputError, match="W is used by Z"):
        local_jacobian(run, "H", "W")
    with pytest.raises(bl.UnknownNameError):
        local_jacobian(run, "H", "Q")
    with pytest.raises(bl.InputError, match="Trace"):
        local_jacobian(layer, "H", "Z")
    with pytest.raises(bl.ShapeError, match=r"\(3, 2\)"):
        local_jacobian(run, "H", "Z").times(np.ones((2, 3)))


def test_absurd_sizes_are_refused_before_anything_is_formed():
    big = bl.trace(lambda x: np.sum(np.tanh(x) * 1.0), np.ones(40_000))
    assert [j.entries for j in local_jacobians(big)] == [40_000]
    run = bl.trace(lambda x: np.tanh(x), np.ones(40_000), cotangent=np.ones(40_000))
    j = next(iter(local_jacobians(run)))
    assert j.entries == 1_600_000_000 and "1,600,000,000" in repr(j)
    with pytest.raises(bl.ShapeError, match=r"1,600,000,000 numbers, 13 GB"):
        j.matrix()
    assert j.times(np.ones(40_000)).shape == (40_000,)


# Reference cases ------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_reference_jacobians_in_both_layouts(case):
    f, inputs = reference_cases.written(case)
    of = tuple(case["shapes"][case["output"]])
    for name, want in case["jacobians"].items():
        if name not in inputs:
            continue
        wrt, want = tuple(case["shapes"][name]), np.array(want, float)
        for layout, matrix in (("numerator", want), ("denominator", want.T)):
            j = bl.jacobian(f, inputs=inputs, wrt=name, layout=layout)
            flat = flattened(j, of, wrt, layout)
            np.testing.assert_allclose(flat, np.reshape(matrix, flat.shape), rtol=1e-12, atol=1e-13)
            other = "denominator" if layout == "numerator" else "numerator"
            np.testing.assert_allclose(flattened(converted(j, of, wrt, layout, other), of, wrt, other), flat.T, rtol=1e-12)


@pytest.mark.parametrize("case", [c for c in CASES if c.get("wrong_formulas")], ids=lambda c: c["id"])
def test_what_the_lectures_print_wrong_is_wrong(case):
    f, inputs = reference_cases.written(case)
    j = {f"J_{n}": flattened(bl.jacobian(f, inputs=inputs, wrt=n, layout="numerator"), case["shapes"][case["output"]],
                             case["shapes"][n]) for n in inputs}
    scope = {"np": np, **inputs, **j, case["output"]: f(**inputs)}
    for w in case["wrong_formulas"]:
        left, printed = np.asarray(eval(w["lhs"], scope)), np.asarray(eval(w["printed"], scope))
        assert left.shape != printed.shape or not np.allclose(left, printed, atol=1e-3)
