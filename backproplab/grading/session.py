"""The cells of one notebook, kept running: when one of them ends the process it is left out, and the others run again without it."""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..questions import Question
from .layers import Isolation
from .notebooks import Notebook
from .remote import ANSWER, DEFAULT_NAME
from .sandbox import Ended, Limits, Sandbox

RESTARTS = 8                               # of one notebook: who ends the process more often has had a fair chance
T = TypeVar("T")


def name_of(question: Question) -> str:
    """What a question's cell is to define."""
    if question.kind in ("function", "task"):
        return str(question.parameters.get("name") or DEFAULT_NAME.get(question.kind, ANSWER))
    return ANSWER


class Session:
    """A notebook that is being asked.

    Attributes
    ----------
    ended : dict of str to str
        Question -> why the process ended in its cell.
    seconds : float
        Of processor time, all restarts included.
    memory : float
        MB that the largest of its processes had.
    """

    def __init__(self, notebook: Notebook, questions: Sequence[Question], limits: Limits, isolation: Isolation) -> None:
        self.limits, self.isolation = limits, isolation
        self.deadline = time.monotonic() + limits.whole * limits.seconds
        self.names = {q.id: [name_of(q)] for q in questions}
        self.cells: list[tuple[str, str]] = []
        for cell in notebook.cells:
            question = next((id for id in cell.ids if id in self.names), "")
            if question or cell.kind == "code":                       # an answer turned into text is still an answer
                self.cells.append((question, cell.source))
        asked = [name for names in self.names.values() for name in names]
        # A name that one question alone has is found in any cell: a cell may be gone, or have been split in two.
        self.anywhere = [q for q, names in self.names.items() if names != [ANSWER] and asked.count(names[0]) == 1]
        self.ended: dict[str, str] = {}
        self.left_out: set[int] = set()
        self.seconds = self.memory = 0.0
        self.errors: list[tuple[int, str, str]] = []
        self.output = ""
        self._sandbox: Sandbox | None = None
        self._starts = 0

    def sandbox(self) -> Sandbox:
        """The running process, started again when it is gone.

        Raises
        ------
        Ended
            When the notebook cannot be made to run, or its time is over.
        """
        while self._sandbox is None:
            if self._starts > RESTARTS or time.monotonic() > self.deadline:
                raise Ended("timeout" if time.monotonic() > self.deadline else "killed")
            self._starts += 1
            live = [(question, "" if k in self.left_out else source) for k, (question, source) in enumerate(self.cells)]
            try:
                self._sandbox = Sandbox(live, self.names, self.anywhere, limits=self.limits, isolation=self.isolation, deadline=self.deadline)
            except Ended as ended:
                self._used(ended)
                if ended.cell is None or ended.cell in self.left_out:
                    raise
                self.left_out.add(ended.cell)
                self.ended[self.cells[ended.cell][0]] = ended.why
                self.errors.append((ended.cell, ended.why, ""))
                continue
            if self._starts == 1 + len(self.left_out):
                self._note(self._sandbox.loaded)
        return self._sandbox

    def _note(self, loaded: dict[str, object]) -> None:
        """What the first complete run said of errors and printed, each field taken for what it may be."""
        errors, output = loaded.get("loaded"), loaded.get("output")
        if isinstance(output, str):
            self.output = output[:4_000].encode("utf-8", "replace").decode()
        for entry in errors[:100] if isinstance(errors, list) else ():
            if isinstance(entry, list) and len(entry) == 3 and type(entry[0]) is int and all(isinstance(part, str) for part in entry[1:]):
                name, text = (part[:200].encode("utf-8", "replace").decode() for part in entry[1:])
                self.errors.append((entry[0], name, text))

    def using(self, do: Callable[[Sandbox], T]) -> T:
        """Do something with the running process; when it ends there, the next one gets a new process.

        Raises
        ------
        Ended
        """
        sandbox = self.sandbox()
        try:
            return do(sandbox)
        except Ended:
            self.close()
            raise

    def close(self) -> None:
        if self._sandbox is not None:
            sandbox, self._sandbox = self._sandbox, None
            sandbox.close()
            self._used(sandbox)

    def _used(self, by: Sandbox | Ended) -> None:
        self.seconds += by.seconds
        self.memory = max(self.memory, by.memory)
        self.deadline += by.starting

    def error_in(self, question: str) -> str | None:
        """The name of the error in a question's cell."""
        return next((name for k, name, _ in self.errors if 0 <= k < len(self.cells) and self.cells[k][0] == question), None)
