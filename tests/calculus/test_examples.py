"""The examples in the room's docstrings are run."""
import doctest
import importlib
import pkgutil

import pytest

import backproplab.calculus

MODULES = [m.name for m in pkgutil.iter_modules(backproplab.calculus.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(f"backproplab.calculus.{name}")).failed == 0


def test_there_are_examples():
    found = [doctest.DocTestFinder().find(importlib.import_module(f"backproplab.calculus.{name}")) for name in MODULES]
    assert sum(len(t.examples) for tests in found for t in tests) >= 15
