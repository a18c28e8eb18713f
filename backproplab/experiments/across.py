"""The same experiment on many seeds: one run is an anecdote."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .settings import Settings

SEEDS = range(200, 220)      # what is said of the experiments is said of these; see `claims`


def across(settings: Settings, measure: Callable[[Any], Any], seeds: Iterable[int] = SEEDS,
           progress: Callable[[int, int], Any] | None = None, cancel: Callable[[], bool] | None = None) -> list[Any]:
    """What is measured for each seed.

    Parameters
    ----------
    settings : Settings
    measure : callable
        (settings with that seed) -> anything.
    seeds : iterable of int
    progress : callable, optional
        Told (done, all).
    cancel : callable, optional
        Asked before each; True ends it with what is done.

    Returns
    -------
    list
    """
    all_of_them = list(seeds)
    found: list[Any] = []
    for seed in all_of_them:
        if cancel is not None and cancel():
            break
        found.append(measure(settings.but(seed=seed)))
        if progress is not None:
            progress(len(found), len(all_of_them))
    return found
