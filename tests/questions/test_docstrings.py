"""The examples in the docstrings of this room run and print what they say."""
import doctest
import importlib
import pkgutil

import pytest

from backproplab import questions

MODULES = [m.name for m in pkgutil.walk_packages(questions.__path__, "backproplab.questions.") if "bank." not in m.name]


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name):
    assert doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS).failed == 0


def test_there_are_examples():
    found = sum(len(t.examples) for name in MODULES for t in doctest.DocTestFinder().find(importlib.import_module(name)))
    assert found > 10
