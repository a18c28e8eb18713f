"""Marking a class: many notebooks at once, each result kept as soon as it is there.

A notebook is a process of its own, so threads are enough on one machine; on many, the tasks go to a Dask cluster that is there already
(`cluster.py`). A run that is killed is begun again with the same command, and goes on. What the grader could not mark is tried once
more, alone, and is a `fault` then, never a 0.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from .collecting import Submission
from .forkserver import end_all
from .marking import Marking, faulty, mark
from .results import Results

# Marks what it is given: (submission, hash) of each -> (submission, hash, result or what went wrong) as they come.
Pool = Callable[[Marking, Iterator[tuple[Submission, str, bytes]]], Iterator[tuple[Submission, str, Any]]]


@dataclass
class Progress:
    """How far a run is.

    Attributes
    ----------
    total, kept, marked, faults : int
    begun : float
    """

    total: int
    kept: int = 0
    marked: int = 0
    faults: int = 0
    begun: float = 0.0

    @property
    def done(self) -> int:
        return self.kept + self.marked + self.faults

    def __str__(self) -> str:
        took, fresh = time.monotonic() - self.begun, self.marked + self.faults
        left = (self.total - self.done) * took / fresh if fresh else 0.0
        return f"{self.done} of {self.total}" + (f", about {clock(left)} left" if fresh and self.done < self.total else f", {clock(took)}")


def clock(seconds: float) -> str:
    """12 s, 3 min 20 s"""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def grade(marking: Marking, submissions: Sequence[Submission], results: Results, *, pool: Pool, regrade: bool = False, keep: bool = False,
          tell: Callable[[Progress], None] = lambda progress: None) -> Progress:
    """Mark what is not marked yet.

    Parameters
    ----------
    marking : Marking
    submissions : sequence of Submission
    results : Results
    pool : callable
        `threads(2)`, or a cluster's.
    regrade : bool
        Whether to mark again what has a result.
    keep : bool
        Whether other students' results stay in the run.
    tell : callable
        Called after each result.

    Returns
    -------
    Progress
    """
    progress = Progress(len(submissions), begun=time.monotonic())
    entries: dict[str, dict[str, Any]] = {}
    about = {"bank": marking.bank.name, "unsafe": marking.unsafe, "roster": list(marking.students), "layers": list(marking.isolation.names),
             "questions": [{"id": q.id, "kind": q.kind, "objective": q.objective, "points": float(q.points), "marked": marking.bank.marks(q.id)}
                           for q in marking.bank.questions.values()]}
    for submission in submissions:                                    # first of all who belongs to this run: a report of a half-done one is true
        hash = results.hash_of(marking, submission.student, submission.read(), submission.called)
        entries[submission.student] = {"source": submission.name, "hash": hash, "called": submission.called, "number": submission.number,
                                       "listed": marking.listed(submission.called or submission.student), "late": submission.late,
                                       "others": len(submission.others)}
    results.note_run(entries, about, keep)
    failed: list[tuple[Submission, str]] = []

    def waiting() -> Iterator[tuple[Submission, str, bytes]]:
        for submission in submissions:
            hash = entries[submission.student]["hash"]
            if not regrade and results.done(hash):
                progress.kept += 1
                tell(progress)
            else:
                yield submission, hash, submission.read()

    for submission, hash, result in pool(marking, waiting()):
        if isinstance(result, dict) and result["verdict"] != "fault":
            results.write(hash, result)
            progress.marked += 1
            tell(progress)
        else:
            failed.append((submission, hash))
    for submission, hash in failed:
        result = alone(marking, submission)
        results.write(hash, result)
        if result["verdict"] == "fault":
            progress.faults += 1
        else:
            progress.marked += 1
        tell(progress)
    return progress


def alone(marking: Marking, submission: Submission) -> dict[str, Any]:
    """Mark one notebook with nothing beside it; a fault's result when that fails too."""
    data = submission.read()
    try:
        return mark(marking, submission.student, submission.name, data, submission.called)
    except Exception as error:                                        # whatever it is: one notebook does not stop a class
        return faulty(marking, submission.student, submission.name, data, f"The grader stopped with {type(error).__name__}: {error}")


def threads(jobs: int) -> Pool:
    """A pool of threads on this machine. Only as many notebooks are in memory as are being marked."""
    def pool(marking: Marking, waiting: Iterator[tuple[Submission, str, bytes]]) -> Iterator[tuple[Submission, str, Any]]:
        with ThreadPoolExecutor(jobs) as executor:
            running: dict[Future[Any], tuple[Submission, str]] = {}
            try:
                for submission, hash, data in waiting:
                    running[executor.submit(_marked, marking, submission, data)] = submission, hash
                    if len(running) >= jobs:
                        for future in wait(running, return_when=FIRST_COMPLETED).done:
                            yield (*running.pop(future), future.result())
                while running:
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        yield (*running.pop(future), future.result())
            except BaseException:                                     # interrupted: what runs would be waited for
                for future in running:
                    future.cancel()
                while not all(future.done() for future in running):
                    end_all()
                    wait(running, timeout=0.2)
                raise
    return pool


def _marked(marking: Marking, submission: Submission, data: bytes) -> Any:
    try:
        return mark(marking, submission.student, submission.name, data, submission.called)
    except Exception as error:
        return error
