"""What a check answers: a record that prints as a few plain lines, the same on every machine."""
from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import BackpropError
from ..engine.values import shown

MOST = 1                                  # faults that are told at once: most often one mistake is behind all of them
WIDTH = 100                               # characters of a line of a report


class Fault(Exception):
    """What is wrong, in words for the learner. Raised by a step of a check; it never leaves this room."""


class NotYetError(BackpropError, AssertionError):
    """A check that did not pass, where it has to: a cell that ends with it stops, and a grader sees that it did."""


@dataclass(frozen=True)
class Report:
    """The outcome of a check.

    Attributes
    ----------
    name : str
        What was checked, by the learner's name for it.
    right : tuple of str
        What holds, one sentence each.
    faults : tuple of str
        What does not, one paragraph each; empty when all is right.
    """

    name: str
    right: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults

    def __bool__(self) -> bool:
        return self.passed

    def demand(self) -> Report:
        """The report itself, to be shown.

        Raises
        ------
        NotYetError
            With the first fault, when not all is right.
        """
        if not self.passed:
            raise NotYetError(f"{self.name}: not yet", self.faults[0], "Mend your cell above, run it, and then this one again.")
        return self

    def __repr__(self) -> str:
        told = [f"{self.name}: {'right' if self.passed else 'not yet'}."]
        told += [wrapped("+", line) for line in self.right] + [wrapped("-", line) for line in self.faults[:MOST]]
        more = len(self.faults) - MOST
        if more > 0:
            told.append(f"  ({more} more {'case is' if more == 1 else 'cases are'} not right, perhaps for the same reason)")
        return "\n".join(told)


def wrapped(mark: str, line: str) -> str:
    """A paragraph under its mark, broken between words and not inside them as a notebook would."""
    return textwrap.fill(line, WIDTH, initial_indent=f"  {mark} ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def number(value: Any) -> str:
    """A number or an array as a message shows it: at most six digits, arrays in rows."""
    if np.ndim(value) == 0:
        return shown(value)
    return np.array2string(np.asarray(value), formatter={"float_kind": lambda v: f"{v:.4g}"}, separator=", ").replace("\n", "")


def agree(a: Any, b: Any) -> bool:
    """Whether two values have one shape and the same numbers within rounding; False for anything that is no number."""
    try:
        a, b = np.asarray(a, float), np.asarray(b, float)
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))


def told_shape(shape: tuple[int, ...]) -> str:
    return "a single number" if shape == () else f"of shape {shape}"


def called(inputs: dict[str, Any]) -> str:
    """'x = 3, y = -1.5' for the inputs of a call; arrays by their shape."""
    return ", ".join(f"{n} = {number(v)}" if np.ndim(v) == 0 else f"{n} of shape {np.shape(v)}" for n, v in inputs.items())
