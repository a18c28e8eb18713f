"""The walk: order, accumulate, unbroadcast. It knows no operation and fits two pages."""
import ast
import inspect

import numpy as np
import pytest

import backproplab as bl
from backproplab.engine import walk
from backproplab.engine.rules import OPERATIONS
from backproplab.engine.tracing import Slot, record

PAGE = 72                          # lines


def test_it_fits_two_pages_and_prints():
    source = inspect.getsource(walk)
    assert len(source.splitlines()) <= 2 * PAGE
    for part in (walk.backward, walk.contribution, walk.unbroadcast, walk.tangents):
        assert inspect.getsource(part) in source and inspect.getdoc(part)


def test_it_knows_no_operation():
    words = {n.id for n in ast.walk(ast.parse(inspect.getsource(walk))) if isinstance(n, ast.Name)}
    texts = {n.value for n in ast.walk(ast.parse(inspect.getsource(walk))) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert not (words | texts) & set(OPERATIONS)


def graph(f, **inputs):
    return record(f, (), {n: Slot(n) for n in inputs}, inputs)


def test_every_node_is_visited_once_after_all_its_consumers():
    def f(x):
        a = x * 2
        b = a + x
        return a * b
    g = graph(f, x=3.0)
    terms = {}
    order = [g.positions()[n] for n in walk.backward(g, terms=terms)]
    assert order == [3, 2, 1, 0]
    for node, found in terms.items():
        assert all(order.index(g.positions()[t.consumer]) < order.index(g.positions()[node]) for t in found)


def test_contributions_are_added_in_the_authors_order_of_use():
    """1e16 + 1 - 1e16 is 0 in this order and 1 in another: the run, its Steps and its program keep to the author's."""
    def f(x):
        a = x * 1e16
        b = x * 1.0
        c = x * -1e16
        return a + b + c
    run = bl.trace(f, 1.0)
    assert (1e16 + 1.0) - 1e16 == 0 != (1e16 - 1e16) + 1.0
    assert run.grads["x"] == 0 == run.program(1.0)[1]["x"] and "g_x = g_a * 1e+16 + g_b + g_c * (-1e+16)" in bl.source(run)
    assert [c.consumer for c in run.variables["x"].uses] == ["a", "b", "c"] == [t.consumer.name for t in run._terms[run.graph.inputs["x"]]]
    other = bl.trace(lambda x: sum([x * 1e16, x * -1e16, x * 1.0]), 1.0)
    assert other.grads["x"] == 1 == other.program(1.0)[1]["x"]


@pytest.mark.parametrize("big, small",
                         [((2, 3), (3,)), ((2, 3), ()), ((2, 3), (2, 1)), ((2, 3), (1, 1)), ((4, 2, 3), (2, 1)), ((0, 3), (3,)), ((2, 3), (2, 3))])
def test_unbroadcast(big, small):
    found = walk.unbroadcast(np.ones(big), small)
    assert np.shape(found) == small and np.sum(found) == np.prod(big)


def test_several_seeds():
    def f(x):
        a = x * 2
        b = a * 3
        return a + b
    g = graph(f, x=1.0)
    a, b = g.nodes[1], g.nodes[2]
    assert walk.backward(g, {a: 1.0, b: 10.0})[g.inputs["x"]] == 2 + 60
