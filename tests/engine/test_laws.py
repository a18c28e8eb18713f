"""The five laws that every operation obeys, on every sample that its declaration carries."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine import rules
from backproplab.engine.expressions import Constant, heads
from backproplab.engine.program import Printer
from backproplab.engine.rules import OPERATIONS
from backproplab.engine.samples import sampled
from backproplab.engine.tracing import Slot, record

SAMPLES = [(op.name, text) for op in OPERATIONS.values() for text in op.samples]
each_sample = pytest.mark.parametrize("name, text", SAMPLES, ids=[t for _, t in SAMPLES])


def scalar(text, name=""):
    """The sample as a scalar function, with uneven weights so that no entry of a gradient hides, and its inputs."""
    f, inputs = sampled(text)
    shape = np.shape(f(**inputs))
    weights = np.cos(np.arange(int(np.prod(shape)))).reshape(shape) + 1.5
    whole = "np.reshape({}, -1) @ np.ones(weights.size)" if name == "sum" else "np.sum({})"      # a sign flipped twice would hide
    call = "f({})".format(", ".join(f"{n}={n}" for n in inputs))
    g = eval(f"lambda {', '.join(inputs)}: " + whole.format(f"weights * {call} * {call}"), {"np": np, "weights": weights, "f": f})
    return g, inputs


def central(f, inputs, name, h=1e-6):
    x = np.array(inputs[name], float)
    out = np.zeros_like(x)
    for k in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[k] = h
        out[k] = (f(**{**inputs, name: x + step}) - f(**{**inputs, name: x - step})) / (2 * h)
    return out


@each_sample
def test_gradients_equal_central_differences(name, text):
    f, inputs = scalar(text)
    run = bl.trace(f, **inputs)
    assert any(n.op is OPERATIONS[name] for n in run.graph.nodes), "the sample does not use its operation"
    for n in inputs:
        assert np.shape(run.grads[n]) == np.shape(inputs[n])
        np.testing.assert_allclose(run.grads[n], central(f, inputs, n), rtol=1e-6, atol=1e-7)


@each_sample
def test_the_printed_program_alone_equals_the_run_exactly(name, text):
    f, inputs = scalar(text)
    run, scope = bl.trace(f, **inputs), {}
    exec(run.program.source, scope)                          # nothing but NumPy
    value, gradients = scope[run.program.name](*inputs.values())
    assert value == run.value
    for n in inputs:
        np.testing.assert_array_equal(gradients[n], run.grads[n], err_msg=run.program.source)


@each_sample
def test_forward_mode_equals_reverse_mode(name, text):
    f, inputs = scalar(text)
    draw = np.random.RandomState(3)
    directions = {n: np.asarray(draw.randn(*np.shape(v))) for n, v in inputs.items()}
    run = bl.trace(f, **inputs)
    _, tangent = bl.jvp(f, inputs, directions)
    np.testing.assert_allclose(tangent, sum(np.sum(run.grads[n] * d) for n, d in directions.items()), rtol=1e-11, atol=1e-12)


@each_sample
def test_hessian_vector_products_equal_differences_of_gradients(name, text):
    f, inputs = scalar(text)
    first = next(iter(inputs))
    v, h = np.asarray(np.random.RandomState(5).randn(*np.shape(inputs[first]))), 1e-6

    def along(moving):
        return np.sum(bl.grad(f, first)(**{**inputs, first: moving}) * v)
    got = bl.grad(along)(inputs[first])
    up, down = (bl.grad(f, first)(**{**inputs, first: inputs[first] + s * h * v}) for s in (1, -1))
    np.testing.assert_allclose(got, (up - down) / (2 * h), rtol=2e-5, atol=2e-5)


@each_sample
def test_typesetting_parses(name, text):
    mathtext = pytest.importorskip("matplotlib.mathtext")
    from backproplab.notation import latex, typeset
    f, inputs = scalar(text)
    parser = mathtext.MathTextParser("path")
    for step in bl.trace(f, **inputs).steps:
        if step.expression is not None:
            tex = latex(typeset(step.expression))
            assert tex.count("{") == tex.count("}") and tex.count(r"\left") == tex.count(r"\right")
            parser.parse(f"${tex}$")


@pytest.mark.parametrize("name", [n for n, op in OPERATIONS.items() if op.backward])
def test_a_sign_flipped_in_each_rule_is_caught(name, monkeypatch):
    op = OPERATIONS[name]
    keep = op.gradient
    monkeypatch.setattr(op, "gradient", lambda i: (lambda *a, **k: -keep(i)(*a, **k)))
    assert op.samples, f"{name} has a rule and no sample"
    f, inputs = scalar(op.samples[0], name)
    run = bl.trace(f, **inputs)
    assert any(not np.allclose(run.grads[n], central(f, inputs, n), rtol=1e-5, atol=1e-6) for n in inputs)


@pytest.mark.parametrize("name", [n for n, op in OPERATIONS.items() if op.backward])
def test_each_input_of_each_rule_is_covered_by_a_sample(name, monkeypatch):
    """A factor of 1.001 in the gradient of one input is noticed, whichever input it is."""
    op = OPERATIONS[name]
    keep = op.gradient
    for i in range(1 if op.variadic else len(op.inputs)):
        if name == "where" and i == 0:                        # its mask has no gradient
            continue
        monkeypatch.setattr(op, "gradient", lambda k, i=i: (lambda *a, **c: keep(k)(*a, **c) * (1.001 if k == i else 1)))
        caught = False
        for text in op.samples:
            f, inputs = scalar(text)
            run = bl.trace(f, **inputs)
            caught |= any(not np.allclose(run.grads[n], central(f, inputs, n), rtol=1e-5, atol=1e-6) for n in inputs)
        monkeypatch.setattr(op, "gradient", keep)
        assert caught, f"no sample of {name} looks at its input {i}"


def test_every_function_that_a_rule_calls_is_declared():
    """Closure under differentiation: a printed program can be traced again."""
    operators = {"+", "-", "*", "/", "**", "@", "neg", ">", "<", ">=", "<=", "==", "!=", "index", ".T", ".shape", ".size", "list", "tuple"}
    made_of_shapes = {"np.ones", "np.eye"}                    # they take no values
    for _, text in SAMPLES:
        f, inputs = scalar(text)
        graph = record(f, (), {n: Slot(n) for n in inputs}, inputs)
        printer = Printer(graph)
        printer.forward()
        printer.backward(Constant(1.0))
        for _, e in printer.lines:
            for head in heads(e):
                function = np.linalg.norm if head == "np.linalg.norm" else getattr(np, head.removeprefix("np."), None)
                assert head in operators | made_of_shapes or head in OPERATIONS or function in rules.NUMPY, (text, head)
