"""Programs made at random: scalar graphs of a chosen size, operations and forks; layers of chosen shapes; small networks.

A program is text that a learner could have written, and the numbers it is run at. Nothing here is screened; `variants` does that.
"""
from __future__ import annotations

import functools
import hashlib
import linecache
import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine import log_softmax, logsumexp, relu, sigmoid, softmax
from ..engine.errors import InputError, NumericalWarning
from ..engine.run import Run, trace
from .draws import Draw

# How an operation is written, and what it computes on numbers. Products and quotients are drawn more often: they teach most.
BINARY = {"multiply": "{} * {}", "add": "{} + {}", "subtract": "{} - {}", "divide": "{} / {}", "maximum": "np.maximum({}, {})"}
UNARY = {"exp": "np.exp({})", "log": "np.log({})", "sin": "np.sin({})", "cos": "np.cos({})", "tanh": "np.tanh({})", "sqrt": "np.sqrt({})",
         "square": "np.square({})", "sigmoid": "sigmoid({})", "relu": "relu({})"}
WEIGHTS = {"multiply": 3, "divide": 2}
OPERATIONS = (*BINARY, *UNARY)
LETTERS = "abcdhijkmnpqrst"               # of intermediate variables; e, f and g have other meanings, l and o look like 1 and 0
INPUTS = ("x", "z", "w")
SMALLEST, LARGEST = 0.02, 60.0            # values that a learner can handle
SCOPE = {"np": np, "sigmoid": sigmoid, "relu": relu, "softmax": softmax, "log_softmax": log_softmax, "logsumexp": logsumexp}


@dataclass(frozen=True, slots=True)
class Program:
    """A function as text, and its inputs.

    Attributes
    ----------
    source : str
        ``def f(x, z): ...``, one operation a line.
    inputs : dict of str to number or nested list
    """

    source: str
    inputs: dict[str, Any]

    @property
    def lines(self) -> list[str]:
        """The assignments."""
        return [line.strip() for line in self.source.splitlines()[1:-1]]

    def function(self) -> Any:
        """The function; its text can be shown, and names are read from it."""
        name = f"<question {hash_of(self.source):x}>"
        linecache.cache[name] = (len(self.source), None, self.source.splitlines(keepends=True), name)
        scope = dict(SCOPE)
        exec(_compiled(self.source, name), scope)
        return scope[self.source.split("(")[0].removeprefix("def ")]

    def run(self, **inputs: Any) -> Run:
        """Traced at its inputs, or at others."""
        at = {n: np.array(v, float)[()] for n, v in (self.inputs | inputs).items()}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", NumericalWarning)            # whoever draws numbers looks at the result
            return trace(self.function(), inputs=at)


@functools.lru_cache(maxsize=1000)
def _compiled(source: str, name: str) -> Any:
    """One code object for one text: what the engine remembers of a code is kept once, however often the program is run."""
    return compile(source, name, "exec")


def hash_of(text: str) -> int:
    """The same in every process."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def written(lines: Sequence[str], inputs: dict[str, Any], name: str = "f") -> Program:
    """The program of some assignments; the last one is returned."""
    last = lines[-1].split(" = ")[0]
    return Program(f"def {name}({', '.join(inputs)}):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {last}\n", inputs)


def with_inputs(text: str, inputs: Callable[[Draw], dict[str, Any]]) -> Callable[[Draw], Program]:
    """One program, assignments separated by semicolons, at inputs that are drawn: labels, say, which are no numbers from a range."""
    lines = [line.strip() for line in text.split(";")]
    return lambda draw: written(lines, inputs(draw))


def scalar_program(draw: Draw, size: int = 7, inputs: int = 2, forks: int = 1, operations: Sequence[str] = OPERATIONS) -> Program:
    """A random scalar program.

    Parameters
    ----------
    draw : Draw
    size : int
        Operations, from 2 to 15.
    inputs : int
        From 1 to 3.
    forks : int
        How many variables are used more than once, at least.
    operations : sequence of str
        Names among ``OPERATIONS``.

    Returns
    -------
    Program
        Every variable leads to the output; every value is of a size that can be typed.

    Raises
    ------
    InputError
        For a size, a number of inputs or an operation that is out of range, and where no program of that kind was found.
    """
    unknown = [o for o in operations if o not in OPERATIONS]
    if unknown or not operations or not 2 <= size <= len(LETTERS) or not 1 <= inputs <= len(INPUTS):
        raise InputError(f"making a program of {size} operations on {inputs} inputs", f"the operations given are {', '.join(operations) or 'none'}",
                         f"Take 2 to {len(LETTERS)} operations, 1 to {len(INPUTS)} inputs, and operations among {', '.join(OPERATIONS)}.")
    pool = [o for o in operations for _ in range(WEIGHTS.get(o, 1))]
    for _ in range(400):
        found = _attempt(draw, size, inputs, pool)
        if found is not None and sum(n > 1 for n in uses_of(found).values()) >= forks:
            return found
    raise InputError(f"making a program of {size} operations on {inputs} inputs", f"with {', '.join(operations)} and {forks} forks none was found",
                     "Ask for fewer forks, or allow more operations.")


def _attempt(draw: Draw, size: int, count: int, pool: Sequence[str]) -> Program | None:
    inputs = {n: draw.readable(0.3, 3.0) * (-1 if draw.chance(0.25) else 1) for n in INPUTS[:count]}
    values, unused = dict(inputs), list(inputs)
    lines: list[str] = []
    binary = [o for o in pool if o in BINARY]
    for _ in range(60 * size):
        left = size - len(lines)
        if not left:
            break
        joining = len(unused) > left and binary                            # what is unused must still come together
        if len(unused) - 1 > left or len(unused) > 1 and left == 1 and not binary:
            return None
        name = draw.choice(binary if joining else pool)
        operands = [draw.choice(unused) if joining or draw.chance(0.55) else draw.choice(list(values)) for _ in range(1 if name in UNARY else 2)]
        text = (UNARY | BINARY)[name].format(*operands)
        if len(set(operands)) < len(operands) or any(line.split(" = ")[1] == text for line in lines):
            continue
        value = evaluated(text, values)
        if value is None:
            continue
        values[LETTERS[len(lines)]] = value
        unused = [u for u in unused if u not in operands] + [LETTERS[len(lines)]]
        lines.append(f"{LETTERS[len(lines)]} = {text}")
    return written(lines, inputs) if len(lines) == size and unused == [LETTERS[size - 1]] else None


def evaluated(text: str, values: dict[str, float]) -> float | None:
    """The value of a line, or None where it cannot be typed: too small, too large, not a number."""
    with np.errstate(all="ignore"):
        try:
            value = float(np.asarray(eval(text, dict(SCOPE), {k: np.float64(v) for k, v in values.items()})))
        except (ValueError, ZeroDivisionError):
            return None
    return value if math.isfinite(value) and SMALLEST < abs(value) < LARGEST or value == 0 and "relu" in text else None


def uses_of(program: Program) -> dict[str, int]:
    """How often each variable is used."""
    found: dict[str, int] = {}
    for line in program.lines:
        for name in re.findall(r"(?<![\w.])([a-z])(?![\w.(])", line.split(" = ")[1]):
            found[name] = found.get(name, 0) + 1
    return found


ACTIVATIONS = {"relu": "relu({})", "tanh": "np.tanh({})", "sigmoid": "sigmoid({})", "": ""}
LOSSES = ("squares", "mean", "cross-entropy")


def network_program(draw: Draw, shapes: Sequence[int] = (3, 4, 3, 2), activations: Sequence[str] = ("tanh", ""), loss: str = "mean") -> Program:
    """A small network on a batch.

    Parameters
    ----------
    draw : Draw
    shapes : sequence of int
        Rows of the batch, at least 2, then the width of every layer from the input to the output. Distinct numbers tell most mistakes
        apart by their shape alone.
    activations : sequence of str
        One for each layer: "relu", "tanh", "sigmoid" or "".
    loss : str
        "squares" (their sum), "mean" (of squares) or "cross-entropy".

    Returns
    -------
    Program
        Its inputs X, W, b and Y, the weights numbered where there are several layers.

    Raises
    ------
    InputError
        For a batch of one, an activation too many or too few, and names that are not known.
    """
    n, *widths = shapes
    if len(widths) != len(activations) + 1 or n < 2 or min(widths) < 1 or loss not in LOSSES or any(a not in ACTIVATIONS for a in activations):
        raise InputError(f"making a network of shapes {tuple(shapes)}", f"with activations {tuple(activations)} and the loss {loss!r}",
                         "Give a batch of at least 2, a width for every layer and one activation fewer than widths, among "
                         f"{', '.join(map(repr, ACTIVATIONS))}; losses are {', '.join(LOSSES)}.")
    inputs: dict[str, Any] = {"X": draw.array(n, widths[0])}
    lines: list[str] = []
    last = "X"
    for k, (d, m, activation) in enumerate(zip(widths, widths[1:], activations, strict=False), 1):
        mark = "" if len(activations) == 1 else str(k)
        inputs |= {f"W{mark}": draw.array(d, m), f"b{mark}": draw.array(m)}
        lines += [f"U{mark} = {last} @ W{mark}", f"Z{mark} = U{mark} + b{mark}"]
        last = f"Z{mark}"
        if activation:
            lines.append(f"H{mark} = {ACTIVATIONS[activation].format(last)}")
            last = f"H{mark}"
    if loss == "cross-entropy":
        inputs["Y"] = [[float(j == draw_j) for j in range(widths[-1])] for draw_j in [draw.below(widths[-1]) for _ in range(n)]]
        lines += [f"L = log_softmax({last})", "P = Y * L", "S = np.sum(P)", f"J = S / {-n}"]
    else:
        inputs["Y"] = draw.array(n, widths[-1])
        lines += [f"E = {last} - Y", "Q = np.square(E)", f"J = np.{'sum' if loss == 'squares' else 'mean'}(Q)"]
    return written(lines, inputs)
