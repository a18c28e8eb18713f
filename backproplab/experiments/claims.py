"""What the lessons and labs say of the experiments, as data: a sentence, what is measured, and the bounds within which it must fall.

Every bound was written down before these seeds were looked at. A claim that fails on them is changed in its words and its bounds, and
the seeds stay: so "theory-10" came to say a factor of 4 where it had said 2.5.

    for name, claim in CLAIMS.items():
        print(name, *claim.outcome())                   # all twenty seeds: half a minute or more
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from .across import SEEDS, across
from .dead import BAD_STEP, Dead, Run, run
from .dying import expected_dead
from .settings import Settings
from .vanishing import Start, Training, Vanishing, start, training


class Claim(NamedTuple):
    """A sentence that can be wrong.

    Attributes
    ----------
    says : str
    settings : Settings
    measure : callable
        (settings with a seed) -> a number.
    by : callable
        Brings the numbers of all seeds to one: their median, mean, sum, largest or smallest.
    least, most : float
        It holds when that number lies between them, ends included.
    slow : bool
        It takes seconds: the tests look at fewer seeds.
    """

    says: str
    settings: Settings
    measure: Callable[[Any], float]
    by: Callable[[Any], Any]
    least: float
    most: float
    slow: bool = False

    def outcome(self, seeds: Iterable[int] = SEEDS) -> tuple[bool, float]:
        """(whether it holds, what was measured)."""
        number = float(self.by(across(self.settings, self.measure, seeds)))
        return bool(self.least <= number <= self.most), number


# ---- measures: each takes the settings of one run ---------------------------------------------------------------------------------

@functools.lru_cache(maxsize=128)
def started(settings: Vanishing) -> Start:
    return start(settings)


@functools.lru_cache(maxsize=128)
def trained(settings: Vanishing) -> Training:
    return training(settings)


@functools.lru_cache(maxsize=128)
def ran(settings: Dead) -> Run:
    return run(settings)


def ratio(settings: Vanishing) -> float:
    """The gradient of layer 1 over that of the last hidden layer."""
    delta = started(settings).delta
    return float(delta[0] / delta[-1])


def factor(settings: Vanishing) -> float:
    """What the gradient is multiplied by from layer to layer, on average."""
    return ratio(settings) ** (1 / (settings.depth - 1))


def off_theory(settings: Vanishing) -> float:
    """Decimal orders between the measured and the expected ratio."""
    seen = started(settings)
    assert seen.expected is not None
    return float(abs(np.log10(seen.delta[0] / seen.expected[0])))


def fusing(settings: Vanishing) -> float:
    """The gradient at the top with the fused loss over that with the unfused."""
    return float(started(settings).delta[-1] / started(settings.but(loss="sigmoid_squared")).delta[-1])


def fusing_below(settings: Vanishing) -> float:
    """The factor a layer without fusing over that with it."""
    return factor(settings.but(loss="sigmoid_squared")) / factor(settings)


def end_loss(settings: Vanishing) -> float:
    return trained(settings).loss[-1]


def stuck(settings: Vanishing) -> float:
    return float(trained(settings).loss[-1] > 0.69)


def unmoved(settings: Vanishing) -> float:
    return float(trained(settings).unmoved[0])


def dead_at_start(settings: Dead) -> float:
    return float(run(settings.but(steps=0)).dead[0].mean())


def dead_at_end(settings: Dead) -> float:
    return float(ran(settings).dead[-1].mean())


def returns(settings: Dead) -> float:
    return float(ran(settings).returns)


def not_exactly_nothing(settings: Dead) -> float:
    """Gradient entries of dead units that are not 0, and their weights that changed."""
    return float(ran(settings).nonzero + ran(settings).changed)


def killed_with_positive_weight(settings: Dead) -> float:
    seen = ran(settings)
    return float((seen.output[settings.at][seen.killed(settings.at)] >= 0).sum())


def off_exact(settings: Dead) -> float:
    """The fraction of 20 000 drawn units that start dead, less the exact probability."""
    many = np.random.RandomState(settings.seed).standard_normal((2, 20_000))
    X = settings.data.X
    return float(np.mean((X @ many).max(0) + settings.bias <= 0)) - expected_dead(X, np.sqrt(2), settings.bias)


def largest(numbers: list[float]) -> float:
    """The largest without its sign."""
    return float(np.max(np.abs(numbers)))


PLAIN = Vanishing(width=32)
EIGHT = Vanishing(depth=8)
RETURN = Dead(bias=-1.0, depth=2, rate=0.3, steps=300)
DECAY = BAD_STEP.but(decay=0.1, steps=300)

CLAIMS = {
    "theory-10": Claim("Ten sigmoid layers: theory and measurement differ by a factor of 4 at most.", PLAIN, off_theory, np.max, 0, 0.6),
    "theory-20": Claim("Twenty layers: by a factor of 5 at most.", PLAIN.but(depth=20), off_theory, np.max, 0, 0.7),
    "theory-50": Claim("Fifty layers: by a factor of 32 at most.", PLAIN.but(depth=50), off_theory, np.max, 0, 1.5, slow=True),
    "factor": Claim("At scale 1 a sigmoid layer passes on 0.23 of the gradient.", PLAIN, factor, np.median, 0.22, 0.245),
    "ratio-10": Claim("Through ten layers two millionths are left.", PLAIN, ratio, np.median, 1e-6, 4e-6),
    "large-weights": Claim("1/4 a layer is no bound of the gradient: at scale 10 the factor is about 0.95.",
            PLAIN.but(scale=10.0), factor, np.median, 0.9, 1.0),
    "tanh-factor": Claim("tanh passes on about 0.89.", PLAIN.but(activation="tanh"), factor, np.median, 0.85, 0.92),
    "relu-factor": Claim("ReLU with He's start passes on nearly all.", PLAIN.but(activation="relu"), factor, np.median, 0.96, 1.03),
    "batch-norm-grows": Claim("With batch norm gradients grow on their way down, in every run.",
            PLAIN.but(remedy="batch norm"), ratio, np.min, 2, 1e3),
    "shortcut-grows": Claim("With shortcuts they do not vanish, in any run.", PLAIN.but(remedy="residual"), ratio, np.min, 1, 100),
    "fused-top": Claim("Fusing the loss makes the gradient at the top about 4 times as large.", PLAIN, fusing, np.median, 3, 5.5),
    "fused-below": Claim("Further down it changes nothing.", PLAIN, fusing_below, np.median, 0.98, 1.02),
    "stuck-4": Claim("Four sigmoid layers learn two moons in 400 steps.", Vanishing(depth=4), stuck, np.mean, 0, 0.05, slow=True),
    "stuck-6": Claim("Six do not.", Vanishing(depth=6), stuck, np.mean, 0.95, 1, slow=True),
    "stuck-8": Claim("Eight never do.", EIGHT, stuck, np.mean, 1, 1, slow=True),
    "larger-rate": Claim("With three times the rate eight layers stay stuck.", EIGHT.but(rate=3.0), stuck, np.mean, 0.95, 1, slow=True),
    "not-one-bit": Claim("With 30 layers not one bit of the first layer's weights changes in 100 steps.",
            Vanishing(depth=30, steps=100), unmoved, np.min, 1, 1, slow=True),
    "all-bits": Claim("With 8 layers they all move.", EIGHT, unmoved, np.max, 0, 0.05, slow=True),
    "tanh-learns": Claim("Eight layers of tanh learn.", EIGHT.but(activation="tanh"), end_loss, np.median, 0, 0.1, slow=True),
    "relu-learns": Claim("Eight layers of ReLU learn.", EIGHT.but(activation="relu"), end_loss, np.median, 0, 0.1, slow=True),
    "shortcut-learns": Claim("Eight layers with shortcuts learn.", EIGHT.but(remedy="residual"), end_loss, np.median, 0, 0.3, slow=True),
    "batch-norm-learns": Claim("Eight layers with batch norm learn.", EIGHT.but(remedy="batch norm"), end_loss, np.median, 0, 0.4, slow=True),
    "exact-bias": Claim("The fraction that starts dead is known exactly: bias -2.", Dead(bias=-2.0), off_exact, largest, 0, 0.015),
    "exact-offset": Claim("And for inputs moved by 3.", Dead(offset=3.0), off_exact, largest, 0, 0.015),
    "bias-1": Claim("Biases of -1 kill about a seventh.", Dead(bias=-1.0), dead_at_start, np.mean, 0.07, 0.21),
    "bias-2": Claim("Biases of -2 kill about four in ten.", Dead(bias=-2.0), dead_at_start, np.mean, 0.32, 0.52),
    "bias-3": Claim("Biases of -3 kill about three quarters.", Dead(bias=-3.0), dead_at_start, np.mean, 0.64, 0.82),
    "bias-4": Claim("Biases of -4 kill nine in ten.", Dead(bias=-4.0), dead_at_start, np.mean, 0.84, 0.97),
    "offset-2": Claim("Inputs moved by 2 kill about a quarter.", Dead(offset=2.0), dead_at_start, np.mean, 0.18, 0.40),
    "offset-4": Claim("Moved by 4, about four in ten.", Dead(offset=4.0), dead_at_start, np.mean, 0.28, 0.55),
    "step-1": Claim("An ordinary step on one class hardly kills.", BAD_STEP.but(spike=1.0), dead_at_end, np.mean, 0, 0.06),
    "step-30": Claim("Thirty times as long it kills about a quarter.", BAD_STEP.but(spike=30.0), dead_at_end, np.mean, 0.15, 0.38),
    "step-100": Claim("A hundred times as long, about half.", BAD_STEP, dead_at_end, np.mean, 0.33, 0.60),
    "spike-alone": Claim("A spike of the learning rate alone hardly kills.", Dead(spike=100.0, middle=True), dead_at_end, np.mean, 0, 0.03),
    "spike-one-class": Claim("With a batch of one class, a little more.",
            Dead(spike=100.0, middle=True, one_class=True), dead_at_end, np.mean, 0, 0.12),
    "spike-off-centre": Claim("Off centre but with all classes, about a tenth.", BAD_STEP.but(one_class=False), dead_at_end, np.mean, 0.03, 0.25),
    "killed-weights": Claim("Every unit that the bad step killed had a negative output weight.", BAD_STEP, killed_with_positive_weight, np.sum, 0, 0),
    "capped": Claim("A cap on the step's length saves nearly all.", BAD_STEP.but(remedy="capped"), dead_at_end, np.mean, 0, 0.06),
    "leaky": Claim("Leaky units are never on just as often.", BAD_STEP.but(remedy="leaky"), dead_at_end, np.mean, 0.30, 0.60),
    "batch-norm": Claim("With batch norm none is dead.", BAD_STEP.but(remedy="batch norm"), dead_at_end, np.max, 0, 0),
    "exactly-0": Claim("A dead unit's gradient is exactly 0, and no bit of its weights changes.", BAD_STEP, not_exactly_nothing, np.sum, 0, 0),
    "never-back": Claim("With one hidden layer none comes back.", BAD_STEP, returns, np.sum, 0, 0),
    "back": Claim("Where the layer below moves, dead units come back.", RETURN, returns, np.mean, 1, 6, slow=True),
    "back-frozen": Claim("With the layer below frozen none does.", RETURN.but(frozen=True), returns, np.sum, 0, 0, slow=True),
    "back-decay": Claim("Decay of the weights alone brings some back.", DECAY, returns, np.mean, 0.25, 12, slow=True),
    "back-decay-all": Claim("Decay of weights and biases alike brings back none.", DECAY.but(decay_biases=True), returns, np.sum, 0, 0, slow=True),
}
