"""Marking on many machines: the notebooks go to a Dask cluster that is there already; results come back and are written here.

The workers need this package and its extra `grading`; nothing else, since the bank travels with the tasks. Each worker proves its own layers
before it marks anything. A worker that dies takes no result with it: its notebooks are marked elsewhere.
"""
from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..exercises.banks import Bank, files_of, load_bank, package_bank
from .batch import Pool
from .collecting import Submission
from .layers import ENOUGH
from .marking import Marking, mark
from .probing import proven
from .results import grader
from .sandbox import StartError

AHEAD = 4                                  # notebooks that wait at the cluster for each of its threads
CONNECTING = 20.0                          # seconds


class ClusterError(Exception):
    """The cluster cannot be used; the message is a sentence."""


def cluster(address: str, bank: Path | None) -> Pool:
    """A pool on a cluster.

    Parameters
    ----------
    address : str
        Of its scheduler: tcp://host:8786.
    bank : Path or None
        The bank's file or folder, which is sent along; None for the package's.

    Raises
    ------
    ClusterError
        When Dask is not installed, or nobody answers there.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterError('Dask is not installed here; this brings it: pip install "backproplab[cluster]"') from None
    try:
        client = distributed.Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"No cluster answers at {address}: {error}.") from None
    files = _files(bank)

    def pool(marking: Marking, waiting: Iterator[tuple[Submission, str, bytes]]) -> Iterator[tuple[Submission, str, Any]]:
        bare = replace(marking, bank=Bank({}, marking.bank.digest, marking.bank.ours, marking.bank.name))
        running: dict[Any, tuple[Submission, str]] = {}
        coming = distributed.as_completed(loop=client.loop)
        left = True
        with client:
            while left or running:
                room = AHEAD * max(1, sum(client.nthreads().values())) - len(running)
                for _ in range(max(0, room)):
                    entry = next(waiting, None)
                    if entry is None:
                        left = False
                        break
                    submission, hash, data = entry
                    future = client.submit(marked_there, bare, files, grader(), submission, data, pure=False, retries=2)
                    running[future.key] = submission, hash
                    coming.add(future)
                if running:
                    future = next(coming)
                    yield (*running.pop(future.key), future.exception() or future.result())
    return pool


def _files(bank: Path | None) -> tuple[tuple[str, bytes], ...]:
    """The bank's files, to be sent."""
    return () if bank is None else tuple((file.name, file.read_bytes()) for file in files_of(bank))


def marked_there(marking: Marking, files: tuple[tuple[str, bytes], ...], version: str, submission: Submission, data: bytes) -> dict[str, Any]:
    """Run on a worker: mark a notebook behind the layers that hold there."""
    if grader() != version:                                           # its results would be kept under the name of ours
        raise StartError("this worker has another backproplab than the machine that grades: install the same one on both")
    isolation = proven_here()
    if not isolation.enough and not marking.unsafe:
        raise StartError(f"on this worker there is no isolation ({ENOUGH})")
    return mark(replace(marking, bank=_bank(files, marking.bank.name), isolation=isolation), submission.student, submission.name, data,
                submission.called)


@functools.cache
def proven_here() -> Any:
    return proven()[0]


@functools.lru_cache(maxsize=4)
def _bank(files: tuple[tuple[str, bytes], ...], name: str) -> Bank:
    if not files:
        return package_bank()
    with tempfile.TemporaryDirectory() as folder:
        for file, text in files:
            (Path(folder) / Path(file).name).write_bytes(text)
        one = Path(folder) / Path(files[0][0]).name
        return replace(load_bank(one if len(files) == 1 else Path(folder)), name=name)       # one file may be a notebook
