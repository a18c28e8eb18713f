"""Paths through a graph: all ways in which one variable reaches another. The gradient is the sum over them of products of local derivatives."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..engine.run import Run


@dataclass(frozen=True)
class Path:
    """One path.

    Attributes
    ----------
    names : tuple of str
        Variables from the first to the last.
    factors : tuple of float, or None
        The local derivative along each edge, last edge first, as the chain rule writes them; None where one is no number.
    """

    names: tuple[str, ...]
    factors: tuple[float, ...] | None

    @property
    def product(self) -> float | None:
        """What this path contributes to the derivative of its end by its beginning."""
        return None if self.factors is None else float(np.prod(self.factors))

    def __str__(self) -> str:
        return " → ".join(self.names)


def _ends(run: Run, source: str, target: str | None) -> tuple[str, str]:
    return run.variable(source).name, run.variable(target if target is not None else run.output).name


def count_paths(run: Run, source: str, target: str | None = None) -> int:
    """How many paths lead from one variable to another, counted without listing them.

    Parameters
    ----------
    run : Run
    source : str
    target : str, optional
        The output when it is not given.

    Returns
    -------
    int
        Any size: a chain of n forks has 2 ** n paths.

    Raises
    ------
    UnknownNameError
    """
    source, target = _ends(run, source, target)
    return _counts(run, target)[source]


def _counts(run: Run, target: str) -> Mapping[str, int]:
    """For each variable the number of paths from it to the target."""
    counts = dict.fromkeys(run.variables, 0)
    counts[target] = 1
    for v in reversed(list(run.variables.values())):
        if counts[v.name]:
            for i in v.inputs:
                counts[i] += counts[v.name]
    return counts


def paths(run: Run, source: str, target: str | None = None, most: int = 1000) -> list[Path]:
    """The paths from one variable to another, in the author's order of use.

    Parameters
    ----------
    run : Run
    source : str
    target : str, optional
        The output when it is not given.
    most : int
        No more than so many are listed; `count_paths` knows how many there are.

    Returns
    -------
    list of Path

    Raises
    ------
    UnknownNameError
    """
    source, target = _ends(run, source, target)
    counts = _counts(run, target)
    after: dict[str, list[str]] = {n: [] for n in run.variables}
    for v in run.variables.values():
        for i in v.inputs:
            after[i].append(v.name)
    found: list[Path] = []
    stack: list[tuple[str, ...]] = [(source,)] if counts[source] else []
    while stack and len(found) < most:
        names = stack.pop()
        if names[-1] == target:
            found.append(Path(names, _factors(run, names)))
            continue
        stack += [(*names, n) for n in reversed(after[names[-1]]) if counts[n]]
    return found


def _factors(run: Run, names: tuple[str, ...]) -> tuple[float, ...] | None:
    out = []
    for a, b in zip(names, names[1:], strict=False):
        local = next((c.local for c in run.variables[a].uses if c.consumer == b), None)
        if local is None or np.ndim(local):
            return None
        out.append(float(local))
    return tuple(reversed(out))
