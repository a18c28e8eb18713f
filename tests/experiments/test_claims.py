"""What the text says of the experiments, over the seeds 200 to 219; slow claims over the first four of them here, and over all by hand:

    BACKPROPLAB_ALL_SEEDS=1 python -m pytest tests/experiments/test_claims.py
"""
import os

import pytest

from backproplab.experiments import CLAIMS
from backproplab.experiments.claims import SEEDS

ALL = "BACKPROPLAB_ALL_SEEDS" in os.environ


@pytest.mark.parametrize("name", CLAIMS)
def test_what_the_text_says_holds(name):
    claim = CLAIMS[name]
    holds, number = claim.outcome(SEEDS if ALL or not claim.slow else SEEDS[:4])
    assert holds, f"{claim.says} Measured: {number:.4g}, where {claim.least:g} to {claim.most:g} is said."


@pytest.mark.parametrize("name, other", [
    ("stuck-4", {"depth": 8}), ("not-one-bit", {"depth": 8}), ("factor", {"activation": "tanh"}), ("large-weights", {"scale": 1.0}),
    ("batch-norm-grows", {"remedy": "none"}), ("tanh-learns", {"activation": "sigmoid"}), ("bias-2", {"bias": -1.0}), ("step-100", {"spike": 1.0}),
    ("batch-norm", {"remedy": "none"}), ("back-frozen", {"frozen": False}), ("back-decay-all", {"decay_biases": False}),
    ("capped", {"remedy": "none"}),
])
def test_a_claim_of_other_settings_fails(name, other):
    claim = CLAIMS[name]
    holds, _ = claim._replace(settings=claim.settings.but(**other)).outcome(SEEDS[:4] if claim.slow else SEEDS)
    assert not holds


def test_a_claim_of_the_dead_is_no_accident_of_the_counting():
    """A live unit's gradient is not 0: the count of exactly nothing counts something."""
    claim = CLAIMS["exactly-0"]
    from backproplab.experiments.dead import run
    seen = run(claim.settings.but(decay=0.1, steps=40))
    assert seen.changed > 0 and seen.nonzero == 0
