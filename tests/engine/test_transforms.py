"""grad, value_and_grad, vjp, jvp, jacobian: conventions, containers, several outputs, derivatives of derivatives."""
import dataclasses
from typing import NamedTuple

import numpy as np
import pytest

import backproplab as bl

DRAW = np.random.RandomState(4)
X, W, B, T = DRAW.randn(5, 3), DRAW.randn(3, 2), DRAW.randn(2), DRAW.randn(5, 2)


def loss(X, W, b, t):
    H = np.tanh(X @ W + b)
    return np.mean((H - t) ** 2)


def test_one_input_gives_its_gradient_and_several_a_dict():
    assert bl.grad(lambda x: x**3)(2.0) == 12
    assert bl.grad(lambda x, z: x * z)(2.0, 3.0) == {"x": 3, "z": 2}
    assert bl.grad(lambda x, z: x * z, "z")(2.0, 3.0) == 2
    assert bl.grad(lambda x, z: x * z, ["z"])(2.0, z=3.0) == {"z": 2}
    value, gradient = bl.value_and_grad(lambda x, z: x * z)(2.0, 3.0)
    assert value == 6 and gradient == {"x": 3, "z": 2}


def test_grad_agrees_with_trace():
    run, gradient = bl.trace(loss, X, W, B, T), bl.grad(loss)(X, W, B, T)
    for name in ("X", "W", "b", "t"):
        assert np.array_equal(run.grads[name], gradient[name])


def test_errors_come_when_called_with_the_functions_name():
    with pytest.raises(bl.InputError, match="no value came for t"):
        bl.grad(loss)(X, W, B)
    with pytest.raises(bl.NotScalarError):
        bl.grad(lambda x: x * 2)(np.ones(3))
    with pytest.raises(bl.TraceError, match="k holds? whole numbers"):
        bl.grad(lambda k: np.sum(k * 2))(np.array([1, 2]))


# ---- containers ---------------------------------------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Layer:
    W: np.ndarray
    b: np.ndarray


class Pair(NamedTuple):
    W: np.ndarray
    b: np.ndarray


def with_dict(p, X, t): return loss(X, p["W"], p["b"], t)
def with_list(p, X, t): return loss(X, p[0], p[1], t)
def with_object(p, X, t): return loss(X, p.W, p.b, t)


@pytest.mark.parametrize("f, params, read", [
    (with_dict, {"W": W, "b": B}, lambda g: (g["W"], g["b"])), (with_list, [W, B], lambda g: (g[0], g[1])),
    (with_list, (W, B), lambda g: (g[0], g[1])),
    (with_object, Layer(W, B), lambda g: (g.W, g.b)), (with_object, Pair(W, B), lambda g: (g.W, g.b))],
    ids=["dict", "list", "tuple", "dataclass", "namedtuple"])
def test_gradients_have_the_structure_of_the_parameters(f, params, read):
    plain = bl.grad(loss)(X, W, B, T)
    gradient = bl.grad(f, "p")(params, X, T)
    assert type(gradient) is type(params)
    for got, name in zip(read(gradient), ("W", "b"), strict=True):
        assert np.array_equal(got, plain[name])
    run = bl.trace(f, params, X, T)
    assert type(run.gradient("p")) is type(params) and np.array_equal(read(run.gradient("p"))[0], plain["W"])
    assert bl.check_gradients(f, params, X, T)


def test_nested_containers_and_their_names():
    def f(net, x):
        for layer in net["layers"]:
            x = np.tanh(x @ layer["W"] + layer["b"])
        return np.sum(x) * net["scale"]
    net = {"layers": [{"W": np.eye(2), "b": np.zeros(2)}, {"W": np.ones((2, 2)), "b": np.ones(2)}], "scale": 2.0}
    gradient = bl.grad(f, "net")(net, np.ones(2))
    assert gradient["layers"][1]["W"].shape == (2, 2) and np.shape(gradient["scale"]) == ()
    run = bl.trace(f, net, np.ones(2), wrt="net")
    assert list(run.inputs) == ["net_layers_0_W", "net_layers_0_b", "net_layers_1_W", "net_layers_1_b", "net_scale", "x"]
    assert "x" not in run.grads and "net_scale" in run.grads
    assert bl.trace(f, net, np.ones(2), wrt="net_scale").grads["net_scale"] == gradient["scale"]


def test_the_callers_container_is_not_touched():
    params = {"W": W, "b": B}
    bl.grad(with_dict, "p")(params, X, T)
    assert params["W"] is W and params["b"] is B


def test_lists_of_numbers_are_arrays_and_not_containers():
    assert bl.grad(lambda x: np.sum(x * x))([1.0, 2.0]).tolist() == [2, 4]
    assert bl.grad(lambda x: np.sum(x @ x))([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 2)


def test_two_leaves_of_one_name_are_refused():
    with pytest.raises(bl.InputError, match="two inputs would be called p_W"):
        bl.trace(lambda p, p_W: p["W"] * p_W, {"W": 1.0}, 2.0)


def test_leaves_without_a_gradient_are_none():
    assert bl.grad(lambda p: np.sum(p["X"][p["rows"]]))({"X": np.ones(3), "rows": np.array([0, 2])})["rows"] is None


# ---- several outputs ----------------------------------------------------------------------------------------------------

def outputs(x, z):
    h = x * z
    return {"loss": h * h, "rows": np.stack([h, x])}


def test_one_of_several_outputs_is_chosen():
    assert bl.grad(outputs, output="loss")(2.0, 3.0) == {"x": 36, "z": 24}
    assert bl.trace(lambda x: (x, x**2, x**3), 2.0, output=-1).grads["x"] == 12
    assert bl.trace(outputs, 2.0, 3.0, output="h").grads["x"] == 3                  # any variable of the function
    assert bl.trace(outputs, 2.0, 3.0, output="loss").outputs["rows"].tolist() == [6, 2]
    assert bl.check_gradients(outputs, 2.0, 3.0, output="loss") and bl.check_gradients(outputs, 2.0, 3.0, output="h")


@pytest.mark.parametrize("output", ["nothing", 7])
def test_an_output_that_is_not_there(output):
    with pytest.raises(bl.InputError, match="'loss' and 'rows'"):
        bl.trace(outputs, 2.0, 3.0, output=output)
    with pytest.raises(bl.InputError, match="there are 2 outputs, 0 to 1"):
        bl.trace(lambda x: (x, x), 2.0, output=9)


def test_cotangents_weigh_several_outputs():
    run = bl.trace(outputs, 2.0, 3.0, cotangent={"loss": 1.0, "rows": [10.0, 100.0]})
    assert run.grads["x"] == 36 + 10 * 3 + 100 and run.value == 36 + 60 + 200
    assert run.program(2.0, 3.0)[1]["x"] == run.grads["x"]
    value, pullback = bl.vjp(outputs, 2.0, 3.0)
    assert value["loss"] == 36 and pullback({"loss": 1.0, "rows": [10.0, 100.0]}) == {"x": 166, "z": 24 + 20}


@pytest.mark.parametrize("cotangent", [1.0, (1.0, 2.0), {"loss": 1.0}])
def test_cotangents_of_another_structure_are_refused(cotangent):
    with pytest.raises(bl.InputError, match="2 outputs"):
        bl.trace(outputs, 2.0, 3.0, cotangent=cotangent)
    with pytest.raises(bl.InputError, match="2 outputs"):
        bl.vjp(outputs, 2.0, 3.0)[1](cotangent)
    with pytest.raises(bl.ShapeError, match="'rows'"):
        bl.trace(outputs, 2.0, 3.0, cotangent={"loss": 1.0, "rows": 1.0})


# ---- vjp, jvp, jacobian -------------------------------------------------------------------------------------------------

def affine(x, A): return np.tanh(A @ x)


A, V = DRAW.randn(3, 4), DRAW.randn(4)


def test_vjp_and_jvp_are_transposes():
    value, pullback = bl.vjp(affine, V, A)
    u, dx, dA = DRAW.randn(3), DRAW.randn(4), DRAW.randn(3, 4)
    same, moved = bl.jvp(affine, {"x": V, "A": A}, {"x": dx, "A": dA})
    gradient = pullback(u)
    assert np.array_equal(value, same)
    assert u @ moved == pytest.approx(np.sum(gradient["x"] * dx) + np.sum(gradient["A"] * dA), rel=1e-12)
    assert np.array_equal(bl.jvp(affine, (V, A), (dx, dA))[1], moved)
    assert np.allclose(bl.jvp(affine, (V, A), (dx,))[1], bl.jacobian(affine, V, A, wrt="x") @ dx)


def test_jvp_of_containers():
    _, moved = bl.jvp(with_dict, {"p": {"W": W, "b": B}, "X": X, "t": T}, {"p": {"W": np.ones_like(W), "b": np.zeros(2)}})
    assert moved == pytest.approx(np.sum(bl.grad(loss, "W")(X, W, B, T)), rel=1e-12)


@pytest.mark.parametrize("directions, word",
                         [({"q": 1.0}, "'q'"), ({"x": np.ones(3)}, r"\(3,\).*\(4,\)"), ({"x": "a"}, "Text"), (3.0, "as dicts by name")])
def test_directions_that_do_not_fit(directions, word):
    with pytest.raises(bl.BackpropError, match=f"(?s){word}"):
        bl.jvp(affine, (V, A), directions)


def test_the_jacobian_in_both_layouts():
    J = bl.jacobian(affine, V, A)
    assert J["x"].shape == (3, 4) and J["A"].shape == (3, 3, 4)
    expected = (1 - np.tanh(A @ V) ** 2)[:, None] * A
    assert np.allclose(J["x"], expected, rtol=1e-13) and np.allclose(bl.jacobian(affine, V, A, wrt="x", layout="denominator"), expected.T, rtol=1e-13)
    assert bl.jacobian(affine, V, A, wrt="A", layout="denominator").shape == (3, 4, 3)
    assert bl.jacobian(lambda x: np.sum(x**2), V).tolist() == (2 * V).tolist() and bl.jacobian(lambda x: x**2, 3.0) == 6
    with pytest.raises(bl.InputError, match="'numerator' and 'denominator'"):
        bl.jacobian(affine, V, A, layout="rows")


def test_the_jacobian_and_forward_mode_of_one_of_several_outputs():
    def f(x):
        h = A @ x
        return {"h": h, "squares": h * h}
    assert np.allclose(bl.jacobian(f, V, output="h"), A, rtol=1e-13) and np.allclose(bl.jacobian(f, V, output="squares"), 2 * (A @ V)[:, None] * A)
    value, moved = bl.jvp(f, (V,), (np.ones(4),), output="squares")
    assert np.array_equal(value, (A @ V) ** 2) and np.allclose(moved, 2 * (A @ V) * (A @ np.ones(4)), rtol=1e-13)
    again = bl.grad(lambda x: np.sum(bl.jvp(f, (x,), (np.ones(4),), output="squares")[1]))(V)
    assert np.allclose(again, 2 * A.T @ (A @ np.ones(4)), rtol=1e-12)


def test_jacobians_of_gradients_are_hessians():
    def f(x): return np.sum(x**3) + x[0] * x[1]
    H = bl.jacobian(bl.grad(f), np.array([1.0, 2.0, 3.0]))
    assert H.tolist() == [[6, 1, 0], [1, 12, 0], [0, 0, 18]]


# ---- derivatives of derivatives -----------------------------------------------------------------------------------------

def test_grad_of_grad_of_grad():
    third = bl.grad(bl.grad(bl.grad(lambda x: np.sin(x) * x)))
    assert third(0.7) == pytest.approx(-3 * np.sin(0.7) - 0.7 * np.cos(0.7), rel=1e-12)


def test_a_gradient_inside_a_function():
    """The penalty on the slope: a gradient is one step of the function."""
    def f(x):
        slope = bl.grad(lambda u: u**3)(x)
        return slope**2
    assert bl.trace(f, 2.0).grads["x"] == pytest.approx(36 * 8, rel=1e-12) and bl.check_gradients(f, 2.0)


def test_jacobian_and_jvp_and_vjp_inside_a_trace():
    def f(x): return np.sum(bl.jacobian(lambda v: v**2 * v[0], x)[0])
    x = np.array([2.0, 3.0])
    assert np.allclose(bl.grad(f)(x), [6 * x[0], 0])
    assert bl.grad(lambda x: bl.jvp(lambda v: v**3, (x,), (1.0,))[1])(2.0) == pytest.approx(12)
    assert bl.grad(lambda x: bl.vjp(lambda v: v**3, x)[1](1.0))(2.0) == pytest.approx(12)
    assert bl.grad(lambda d: bl.jvp(lambda v: v**3, (2.0,), (d,))[1])(1.0) == pytest.approx(12)


def test_forward_over_reverse_equals_reverse_over_reverse():
    def f(x): return np.sum(np.tanh(A @ x) ** 2)
    v = DRAW.randn(4)
    one = bl.jvp(bl.grad(f), (V,), (v,))[1]
    two = bl.grad(lambda x: np.sum(bl.grad(f)(x) * v))(V)
    assert np.allclose(one, two, rtol=1e-11)


def test_derivative_nodes_can_be_drawn():
    run = bl.trace(bl.grad(lambda x: np.exp(x * 2)), 0.5)
    assert run.value == pytest.approx(2 * np.e) and {"y", "g_x"} <= set(run.values)


def test_forward_mode_of_a_run():
    def f(x, z):
        a = x * z
        b = np.sin(x)
        return a * b
    run = bl.trace(f, 2.0, 3.0)
    moved = run.tangents(x=1.0)
    assert moved["a"] == 3 and moved["b"] == pytest.approx(np.cos(2)) and moved["y"] == pytest.approx(run.grads["x"], rel=1e-14) and moved["z"] == 0
    steps = run.forward_steps(x=1.0, z=0.5)
    assert [s.name for s in steps] == ["x", "z", "a", "b", "y"] and [str(s.expression) for s in steps[2:4]] == ["z * t_x + x * t_z",
                                                                                                                "np.cos(x) * t_x"]
    assert steps[-1].value == pytest.approx(run.grads["x"] + 0.5 * run.grads["z"], rel=1e-14)
    assert str(steps[2].substituted) == "3.0 * 1.0 + 2.0 * 0.5" and {s.phase for s in steps} == {"tangent"}
    for s in steps[2:]:
        assert eval(str(s.substituted), {"np": np}) == pytest.approx(s.value, rel=1e-14)
    with pytest.raises(bl.InputError):
        run.tangents(q=1.0)


def test_forward_mode_through_300_matrix_nodes():
    def f(x):
        for _ in range(150):
            x = np.tanh(A[:, :3] @ x)
        return np.sum(x)
    run, d = bl.trace(f, np.ones(3)), np.array([1.0, -1.0, 2.0])
    assert len(run.forward_steps(x=d)) > 150
    assert run.tangents(x=d)["y"] == pytest.approx(np.sum(run.grads["x"] * d), rel=1e-10)


def test_one_value_returned_twice_is_pulled_back_by_both_cotangents():
    def f(x):
        y = x * x
        return y, y
    assert bl.vjp(f, 3.0)[1]((1.0, 10.0)) == 11 * 6


def test_pullbacks_of_several_outputs_inside_another_trace():
    """d/dx sum(v * gradient of (w * z**3, sum(z)) along (v, 2)), which is 3 w z**2 v + 2."""
    v, w, x = np.array([1.0, -2.0, 3.0]), np.array([0.5, 1.5, -1.0]), np.array([0.3, -0.7, 1.1])

    def pulled(x, c):
        return np.sum(v * bl.vjp(lambda z: (w * z**3, np.sum(z)), x)[1]((c, 2.0)))
    found = bl.grad(pulled)(x, v)
    assert np.allclose(found["x"], 6 * v * w * x * v, rtol=1e-12) and np.allclose(found["c"], 3 * v * w * x**2, rtol=1e-12)
    assert np.allclose(bl.grad(lambda c: np.sum(bl.vjp(lambda z: z * z, x)[1](c)))(v), 2 * x, rtol=1e-12)


def test_the_derivative_of_a_linear_functions_derivative_is_zero():
    assert bl.grad(bl.grad(lambda x: 3 * x))(2.0) == 0
    assert bl.grad(bl.grad(bl.grad(lambda x: x**2)))(2.0) == 0
    assert bl.jacobian(bl.grad(lambda x: np.sum(x * 2)), np.ones(3)).tolist() == [[0] * 3] * 3


def test_second_derivatives_of_linear_functions_are_zero_however_they_are_asked_for():
    def f(x): return np.sum(3 * x)
    x, v = np.ones(3), np.array([1.0, 2.0, 3.0])
    assert bl.grad(lambda y: np.sum(bl.grad(f)(y) * v))(x).tolist() == [0, 0, 0]
    assert bl.grad(lambda y: bl.jvp(f, (y,), (v,))[1])(x).tolist() == [0, 0, 0]
    assert bl.grad(lambda y: np.sum(bl.vjp(lambda z: 2 * z, y)[1](v)))(x).tolist() == [0, 0, 0]
    assert bl.jvp(bl.grad(f), (x,), (v,))[1].tolist() == [0, 0, 0]
    with pytest.raises(bl.TraceError, match="does not depend on y"):
        bl.grad(lambda y: 3.0)(1.0)
    with pytest.raises(bl.TraceError, match="no input of real numbers reaches"):
        bl.trace(lambda y: np.sum(bl.grad(f)(y) * v), x)


def test_an_output_is_chosen_at_every_level():
    assert bl.grad(lambda x: bl.grad(lambda z: (z * 2, z**3), output=1)(x))(2.0) == 12
