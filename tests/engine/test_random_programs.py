"""Programs that nobody wrote: printed = run = central differences = forward mode, for whatever hypothesis composes."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backproplab as bl
from backproplab.engine.walk import unbroadcast

pytestmark = pytest.mark.filterwarnings("ignore:.*so the difference has shape:RuntimeWarning")     # a column minus a row is meant here

UNARY = ["np.sin({})", "np.tanh({})", "np.exp(-np.abs({}) - 1)", "bl.sigmoid({})", "bl.softplus({})", "np.sqrt(np.square({}) + 1)", "-{}", "{} ** 2",
         "{} * {}",
         "np.log1p(np.square({}))", "bl.softmax({}[..., None], axis=0)[..., 0]", "np.where({} > 0.1, {}, 0.5)", "bl.relu({} - 0.05)"]
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / (2 + np.square({}))", "np.maximum({}, {} + 0.01)", "0.5 * {} - {} * 3"]
REDUCE = ["np.sum({}, axis={a}, keepdims=True)", "np.mean({}, axis={a}, keepdims=True)", "np.max({}, axis={a}, keepdims=True)",
          "np.swapaxes(np.swapaxes({}, 0, 1), 0, 1)", "{}.T.T", "np.reshape(np.ravel({}), np.shape({}))", "np.cumsum({}, axis={a})"]


@st.composite
def programs(draw):
    """(text of a function of x and w, values for them); every line reads earlier lines, some of them several times."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shapes = {"x": (rows, columns), "w": draw(st.sampled_from([(), (columns,), (rows, 1), (1, columns), (rows, columns)]))}
    names, lines = ["x", "w"], []
    for k in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["unary", "binary", "binary", "reduce"]))
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        if kind == "unary":
            template = draw(st.sampled_from(UNARY))
            text = template.replace("{}", a)
        elif kind == "binary":
            template = draw(st.sampled_from(BINARY))
            text = template.replace("{}", a, 1).replace("{}", b)
        else:
            text = draw(st.sampled_from(REDUCE)).replace("{}", f"({a} + 0 * x)").replace("{a}", str(draw(st.integers(0, 1))))
        name = draw(st.sampled_from(["h", f"v{k}"])) if draw(st.booleans()) else f"v{k}"       # a variable may be bound again
        lines.append(f"    {name} = {text}")
        if name not in names:
            names.append(name)
    ends = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    source = "def f(x, w):\n" + "\n".join(lines) + "\n    return " + " + ".join(f"np.sum(np.cos({n}))" for n in ends) + "\n"
    seed = draw(st.integers(0, 10**6))
    values = {n: np.random.RandomState(seed + k).uniform(-2, 2, s)[()] for k, (n, s) in enumerate(shapes.items())}
    return source, values


def function(source):
    scope = {"np": np, "bl": bl}
    exec(source, scope)
    return scope["f"]


@settings(max_examples=120)
@given(programs())
def test_run_program_differences_and_forward_mode_agree(made):
    source, values = made
    f = function(source)
    run = bl.trace(f, **values)
    assert run.value == f(**values)
    scope = {}
    exec(run.program.source, scope)
    value, gradients = scope[run.program.name](*values.values())
    assert value == run.value
    for name in values:
        assert np.shape(gradients[name]) == np.shape(values[name])
        assert np.array_equal(gradients[name], run.grads[name]), (source, run.program.source)
        direction = np.cos(np.arange(np.size(values[name]))).reshape(np.shape(values[name]))
        slope = np.sum(run.grads[name] * direction)
        assert np.isclose(run.tangents(**{name: direction})[run.output], slope, rtol=1e-9, atol=1e-10)
        near = []
        for h in (1e-6, -1e-6):
            near.append(f(**{**values, name: values[name] + h * direction}))
        here, (up, down) = run.value, near
        smooth = abs((up - here) - (here - down)) < 1e-9 * (1 + abs(here))                   # no kink between
        if smooth:
            assert np.isclose((up - down) / 2e-6, slope, rtol=1e-5, atol=1e-6 * (1 + abs(here))), source
    for v in run.variables.values():
        if v.uses:
            total = sum(c.value for c in v.uses)
            np.testing.assert_allclose(total, v.gradient, rtol=1e-9, atol=1e-12)
            for c in v.uses:
                np.testing.assert_allclose(run.evaluate(c.expression), c.value, rtol=1e-9, atol=1e-12)
    for version in ("A", "B", "grad_table"):
        for s in run.backward_steps(version):
            np.testing.assert_allclose(s.value, s.variable.gradient, rtol=1e-9, atol=1e-12)


@settings(max_examples=40)
@given(programs())
def test_unfolding_changes_no_gradient(made):
    source, values = made
    run = bl.trace(function(source), **values)
    plain = run.unfolded()
    for name in values:
        assert np.array_equal(plain.variables[name].gradient, run.grads[name])
        np.testing.assert_allclose(sum([c.value for c in plain.variables[name].uses], np.zeros(np.shape(values[name]))), run.grads[name], rtol=1e-9,
                                   atol=1e-12)


@st.composite
def broadcastable(draw):
    """Two shapes that broadcast, and what they make."""
    full = draw(st.lists(st.integers(0, 3), max_size=4))
    shapes = []
    for _ in range(2):
        cut = draw(st.integers(0, len(full)))
        shapes.append(tuple([draw(st.sampled_from([1, n])) for n in full[cut:]]))
    return *shapes, np.broadcast_shapes(*shapes)


@given(broadcastable())
def test_unbroadcasting_is_the_transpose_of_broadcasting(shapes):
    """<broadcast(x), g> = <x, unbroadcast(g)>, and the shape comes back."""
    draw = np.random.RandomState(1)
    for shape in shapes[:2]:
        x, g = draw.randn(*shape), draw.randn(*shapes[2])
        back = unbroadcast(g, shape)
        assert np.shape(back) == shape
        assert np.isclose(np.sum(np.broadcast_to(x, shapes[2]) * g), np.sum(x * back), rtol=1e-10, atol=1e-12)


@settings(max_examples=60)
@given(broadcastable(),
       st.sampled_from(["x + y", "x - y", "x * y", "x / (3 + y * y)", "np.maximum(x, y)", "np.where(x > y, x * y, y)", "(x * x + 1) ** y"]))
def test_operators_broadcast_any_shapes(shapes, text):
    draw = np.random.RandomState(2)
    x, y = draw.randn(*shapes[0]), draw.randn(*shapes[1])
    f = eval(f"lambda x, y: np.sum(np.sin({text}))", {"np": np})
    run = bl.trace(f, x, y)
    for name, value in (("x", x), ("y", y)):
        assert np.shape(run.grads[name]) == np.shape(value)
        assert np.array_equal(run.program(x, y)[1][name], run.grads[name])
        direction = np.ones(np.shape(value))
        slope = np.sum(run.grads[name])
        ends = [f(**{"x": x, "y": y, name: value + h * direction}) for h in (1e-6, -1e-6)]
        assert np.isclose((ends[0] - ends[1]) / 2e-6, slope, rtol=1e-5, atol=1e-5)
