"""The worked examples of five lectures, verified elsewhere by symbolic and 110-digit numerical differentiation.

Every case runs as an ordinary NumPy function: values, gradients of inputs and of intermediate variables, Jacobians row by row, the
printed program run by NumPy alone, the contributions of every variable, forward mode, one step of gradient descent, finite
differences, numbers of paths.
"""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.tracing import Slot, record
from backproplab.engine.walk import backward, tangents
from tests.reference_cases import CASES, written

each_case = pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])


def differences(case):
    """What is wrong, in words; empty when all is right."""
    f, inputs = written(case)
    graph = record(f, (), {n: Slot(n) for n in inputs}, inputs)
    nodes = {name: n for n, name in graph.names.items()}
    bad = [f"value {n}" for n, v in case["values"].items() if n not in nodes or not close(nodes[n].value, v)]
    table = case.get("grads") or case["jacobians"]
    shape = np.shape(graph.output.value)
    for row in np.ndindex(*shape) if case["kind"] == "jacobian" else [None]:
        seed = None
        if row is not None:
            seed = np.zeros(shape)
            seed[row] = 1.0
        run = bl.trace(f, **inputs, cotangent=seed)
        alone = {}
        exec(run.program.source, alone)
        value, printed = alone[run.program.name](*inputs.values(), *([] if seed is None else [seed]))
        for n, want in table.items():
            want = np.array(want, float)
            if row is not None:
                k = int(np.ravel_multi_index(row, shape)) if shape else 0
                want = want.reshape(int(np.prod(shape)), -1)[k].reshape(nodes[n].shape)
            if not close(run.grads[n], want):
                bad.append(f"gradient {n}")
            if n in printed and not np.array_equal(printed[n], run.grads[n]):
                bad.append(f"program {n}")
        for v in run.variables.values():
            if v.uses and not close(sum(c.value for c in v.uses), v.gradient, 1e-11):
                bad.append(f"contributions of {v.name}")
            bad += [f"upstream x local of {v.name} through {c.consumer}" for c in v.uses
                    if c.local is not None and np.shape(c.upstream * c.local) == np.shape(c.value) and not close(c.upstream * c.local, c.value,
                                                                                                                 1e-11)]
            bad += [f"expression of {v.name} through {c.consumer}" for c in v.uses if not close(run.evaluate(c.expression), c.value, 1e-11)]
        if not np.array_equal(value, run.value):
            bad.append("program value")
        draw = np.random.RandomState(0)
        directions = {n: np.asarray(draw.randn(*np.shape(v))) for n, v in inputs.items()}
        moved = tangents(graph, directions).get(graph.output, np.zeros(shape))
        reverse = sum(np.sum(backward(graph, 1.0 if seed is None else seed).get(nodes[n], 0) * d) for n, d in directions.items())
        if not close(np.sum(moved * (1 if seed is None else seed)), reverse, 1e-11):
            bad.append("forward mode")
        if row is None or not any(row):
            bad += [f"forward mode by {n}" for n in inputs if n in table and not forward_agrees(graph, n, table[n], shape)]
    return bad


def forward_agrees(graph, name, want, shape):
    """Column by column: moving one entry of an input changes the output by the table's entry."""
    node, want = graph.inputs[name], np.array(want, float)
    columns = []
    for k in np.ndindex(*node.shape):
        direction = np.zeros(node.shape)
        direction[k] = 1.0
        columns.append(np.reshape(tangents(graph, {name: direction}).get(graph.output, np.zeros(shape)), -1))
    whole = np.array(columns).T
    return close(whole, want.reshape(whole.shape))


def close(a, b, tolerance=1e-12):
    b = np.array(b, float)
    return np.shape(a) == b.shape and np.allclose(a, b, rtol=tolerance, atol=1e-13 * (1 + np.max(np.abs(b), initial=0)))


@each_case
def test_reference_case(case):
    assert differences(case) == []


@each_case
def test_an_error_in_the_ninth_digit_is_noticed(case):
    table = "grads" if case.get("grads") else "jacobians"
    largest = max(case[table], key=lambda n: np.max(np.abs(case[table][n])))
    wrong = np.array(case[table][largest], float)
    wrong = wrong * (1 + 1e-9)
    assert differences({**case, table: {**case[table], largest: wrong.tolist()}})


def having(block):
    return pytest.mark.parametrize("case", [c for c in CASES if block in c], ids=[c["id"] for c in CASES if block in c])


@having("sgd")
def test_one_step_of_gradient_descent(case):
    f, inputs = written(case)
    block, run = case["sgd"], bl.trace(f, **inputs)
    for p in block["params"]:
        inputs[p] = inputs[p] - block["lr"] * run.grads[p]
        assert close(inputs[p], block["updated"][p])
    assert close(bl.trace(f, **inputs).value, block["output_after"])


@having("finite_difference")
def test_finite_differences(case):
    """The differences themselves, at the step that the lecture takes, and how far they are from the gradient."""
    f, inputs = written(case)
    h, run = case["finite_difference"]["h"], bl.trace(f, **inputs)

    def differences_of(n):
        x = np.array(inputs[n], float)
        for k in np.ndindex(*x.shape):
            step = np.zeros(x.shape)
            step[k] = h
            up, down = (f(**{**inputs, n: (x + s * step)[()]}) for s in (1, -1))
            yield (up - run.value) / h, (run.value - down) / h, (up - down) / (2 * h)
    for n, want in case["finite_difference"]["values"].items():
        forward, backward_, middle = (np.array(t).reshape(np.shape(inputs[n])) for t in zip(*differences_of(n), strict=True))
        for got, which in ((forward, "forward"), (backward_, "backward"), (middle, "central")):
            np.testing.assert_allclose(got, np.array(want[which], float), rtol=1e-9, atol=1e-11)
        # the central difference errs by h**2, the one-sided by h
        assert np.max(np.abs(middle - run.grads[n])) <= np.max(np.abs(forward - run.grads[n])) + 1e-9


@having("paths_to_output")
def test_numbers_of_paths(case):
    f, inputs = written(case)
    shape = case["shapes"][case["output"]]
    run = bl.trace(f, **inputs, cotangent=np.ones(shape) if shape else None).unfolded()
    paths = run.count_work().paths
    assert {n: paths[n] for n in case["paths_to_output"]} == case["paths_to_output"]


def test_there_are_89_cases_and_the_blocks_are_looked_at():
    assert len(CASES) == 89
    assert min(sum(block in c for c in CASES) for block in ("sgd", "finite_difference", "paths_to_output")) >= 1


def test_the_classic_to_twelve_digits():
    f, inputs = written(CASES[0])
    run = bl.trace(f, **inputs)
    assert f"{run.value:.12f}" == "412.191457284121"
    assert f"{run.grads['x']:.11f}" == "1208.38121512661" and f"{run.grads['z']:.12f}" == "809.707479218564"
    assert f"{run.grads['a']:.12f}" == "404.853739609282" and f"{run.grads['b']:.13f}" == "-12.3600074024730"
