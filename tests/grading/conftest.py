"""Grading needs a Linux that isolates; elsewhere there is nothing to test but that it refuses.

In continuous integration (BACKPROPLAB_REQUIRE_ISOLATION is set) a kernel that offers isolation leaves no excuse: then nothing is skipped.
"""
import pytest

from backproplab.grading.layers import offered
from backproplab.grading.probing import proven
from tests.grading import kernel


@pytest.fixture(scope="session")
def proofs():
    return proven()


@pytest.fixture(scope="session")
def isolation(proofs):
    """The layers that hold here."""
    found, _ = proofs
    if not found.enough:
        message = f"no isolation holds on this machine, where there seems to be {', '.join(offered().names)}"
        if not kernel.may_skip():
            pytest.fail(f"{message}; the kernel offers it, and BACKPROPLAB_REQUIRE_ISOLATION is set")
        pytest.skip(message)
    return found
