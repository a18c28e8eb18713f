"""One sandbox: a process for one notebook, asked over two pipes, with a deadline on everything.

What comes out of it is read as the bytes of a stranger: `inside/wire.py` says what is taken, and anything else ends the process.
"""
from __future__ import annotations

import math
import os
import secrets
import select
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import forkserver, layers
from .filters import filter_program
from .forkserver import STARTING, StartError
from .inside import wire
from .layers import Isolation

POLLED = 0.1                               # seconds between two looks at the processor time


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    Attributes
    ----------
    seconds : float
        Of processor time for each cell and each call; a wait is ended after three times as long on the clock.
    memory : int
        MB of addresses.
    whole : float
        How many times `seconds` a whole notebook may take on the clock, all restarts included.
    """

    seconds: float = 5.0
    memory: int = 1024
    whole: float = 12.0


class Ended(Exception):
    """The process is gone, or was ended.

    Attributes
    ----------
    why : str
        "timeout", "killed" or "malformed".
    cell : int or None
        Where, when it was in a cell.
    seconds, memory, starting : float
        As of the `Sandbox`, when it did not come as far as requests.
    """

    def __init__(self, why: str, cell: int | None = None) -> None:
        super().__init__(why)
        self.why, self.cell = why, cell
        self.seconds = self.memory = self.starting = 0.0


class Refused(Exception):
    """A request got no value.

    Attributes
    ----------
    why : str
        One of `inside/wire.py`'s refusals, or "raised" when the student's own code raised an error.
    error : str
        The name of that error, which may be anything.
    """

    def __init__(self, why: str, error: str = "") -> None:
        super().__init__(f"{why} {error}")
        self.why, self.error = why, error


class Sandbox:
    """A started process that has run the cells. To be closed by whoever made it, in the same thread.

    Parameters
    ----------
    cells : sequence of (str, str)
        Id and source of each.
    names : mapping of str to sequence of str
        Question id -> names of which the last one defined in its cell is the answer.
    anywhere : collection of str
        Questions whose name is looked for at the end when no cell with their id was there.
    limits : Limits
    isolation : Isolation
    deadline : float
        On the monotonic clock, for everything.

    Attributes
    ----------
    pid : int
    loaded : dict
        What it said when its cells had run: errors and output, as `inside/wire.py` has them.
    starting : float
        Seconds of the clock until it was ready; the deadline is as much later.
    seconds : float
        Of processor time that it used, once it is closed.
    memory : float
        MB that it had in memory at most, once it is closed.

    Raises
    ------
    Ended
        When a cell ends the process or does not end.
    StartError
    """

    def __init__(self, cells: Sequence[tuple[str, str]], names: Mapping[str, Sequence[str]], anywhere: Sequence[str] = (), *,
                 limits: Limits, isolation: Isolation, deadline: float | None = None) -> None:
        self.limits, self.deadline = limits, deadline if deadline is not None else time.monotonic() + limits.whole * limits.seconds
        self.seconds = self.memory = self.starting = 0.0
        begun = time.monotonic()
        self._start(isolation)
        try:
            self._begin(cells, names, anywhere, isolation)
            self.starting = time.monotonic() - begun
            self.deadline += self.starting                            # it is ours, not the notebook's
            self.loaded = self._run(len(cells))
        except BaseException as error:
            self.close()
            if isinstance(error, Ended):
                error.seconds, error.memory, error.starting = self.seconds, self.memory, self.starting
            raise

    def _start(self, isolation: Isolation) -> None:
        self._isolation = isolation
        theirs: list[int] = []
        self._ours: list[int] = []
        try:
            for kept, given in ((1, 0), (0, 1)):                      # requests, replies
                pipe = os.pipe()
                self._ours.append(pipe[kept])
                theirs.append(pipe[given])
            self._requests, self._replies = self._ours
            self._server, self.pid = forkserver.forked(isolation, *theirs)
        except BaseException as error:
            self._close_pipes()
            if isinstance(error, OSError):
                raise StartError(f"the sandbox does not start: {error.strerror}") from None
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        os.set_blocking(self._replies, False)
        os.set_blocking(self._requests, False)

    def _begin(self, cells: Any, names: Any, anywhere: Any, isolation: Isolation) -> None:
        settings = {"cells": [list(cell) for cell in cells], "names": {q: list(n) for q, n in names.items()}, "anywhere": list(anywhere),
                    "layers": list(isolation.inside), "memory": self.limits.memory << 20, "uid": layers.OUTSIDER,
                    "processor": int(self.limits.whole * self.limits.seconds) + 10,
                    "readable": list(layers.readable()), "listed": layers.listed(), "filter": filter_program() or ""}
        until = time.monotonic() + STARTING
        try:
            self._send(wire.beginning(settings), until)
            ready = self._receive(until)[0].get("ready")
        except (Ended, wire.WireError) as error:
            raise StartError(f"the sandbox does not start ({error}); `backproplab grade --probe` says more") from None
        if ready != list(isolation.inside):
            raise StartError(f"of the layers {', '.join(isolation.inside)} only {ready} are on")

    def _run(self, count: int) -> dict[str, Any]:
        """Follow the cells, each with its own time; what the process says about them at the end."""
        at: int | None = None
        try:
            for _ in range(count + 1):
                header, _ = self._receive(self._until(), counted=True)
                if "loaded" in header:
                    return header
                at = header.get("cell")
                if type(at) is not int or not 0 <= at < count:
                    at = None
                    raise wire.WireError("no such cell")
            raise wire.WireError("more cells than there are")
        except wire.WireError:
            raise Ended("malformed", at) from None
        except Ended as ended:
            raise Ended(ended.why, at) from None

    # Requests --------------------------------------------------------------------------------------------------------------------

    def ask(self, do: str, question: str, arguments: Any = None) -> Any:
        """What a question's answer is ("get"), gives when called ("call"), or when made and its methods called ("make").

        Returns
        -------
        None, bool, int, float, str, list, dict or ndarray

        Raises
        ------
        Refused, Ended
        """
        token = secrets.token_hex(8)
        tree, parts = wire.encoded(arguments)
        try:
            self._send(wire.frame({"id": token, "do": do, "question": question, "arguments": tree}, parts), self._until())
            header, blob = self._receive(self._until(), counted=True)
            if header.get("id") != token:
                raise wire.WireError("an answer that nobody asked for")
            if "value" in header:
                return wire.decoded(header["value"], blob)
        except wire.WireError:
            raise Ended("malformed") from None
        refused = header.get("refused")
        if type(refused) is str and refused in wire.REFUSALS:
            raise Refused(refused)
        error = header.get("error")
        raise Refused("raised", error if type(error) is str else "")

    def _until(self) -> float:
        return min(self.deadline, time.monotonic() + 3 * self.limits.seconds)

    def _send(self, frame: bytes, until: float) -> None:
        view = memoryview(frame)
        while view:
            left = until - time.monotonic()
            if left <= 0 or not ready(self._requests, select.POLLOUT, left):
                raise Ended("timeout")
            try:
                view = view[os.write(self._requests, view):]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Ended(self._why_gone()) from None

    def _receive(self, until: float, counted: bool = False) -> tuple[dict[str, Any], bytes]:
        begun = processor_time(self.pid) if counted else 0.0
        return wire.parsed(self._read(wire.length_of(self._read(4, until, begun, counted)), until, begun, counted))

    def _read(self, count: int, until: float, begun: float, counted: bool) -> bytes:
        found = bytearray()
        look = time.monotonic() + POLLED
        while len(found) < count:
            now = time.monotonic()
            if counted and now >= look:
                look = now + POLLED
                if processor_time(self.pid) - begun > self.limits.seconds:
                    raise Ended("timeout")
            if now >= until:
                raise Ended("timeout")
            if not ready(self._replies, select.POLLIN, min(until - now, max(look - now, 0)) if counted else until - now):
                continue
            piece = os.read(self._replies, min(count - len(found), 1 << 20))
            if not piece:
                raise Ended(self._why_gone())
            found += piece
        return bytes(found)

    def _why_gone(self) -> str:
        """An end by the limit on processor time is a timeout; a sandbox that closed its end and goes on is as good as killed.

        Raises
        ------
        StartError
            When the process that forked it is gone too, which a sandbox behind seccomp cannot have done.
        """
        try:
            return "timeout" if self._server.status() == -signal.SIGXCPU else "killed"
        except forkserver.Gone:
            if forkserver.safe(self._isolation):
                raise StartError("the sandbox was ended from outside") from None
            return "killed"

    def close(self) -> None:
        """End the process, and everything in its group. A second time does nothing."""
        if self._close_pipes():
            self.seconds, self.memory = forkserver.ended(self._server, self._isolation)

    def _close_pipes(self) -> bool:
        """Whether there were any."""
        ours, self._ours = self._ours, []                             # another's pipe may get the number as soon as one is closed
        for descriptor in ours:
            os.close(descriptor)
        return bool(ours)


def ready(descriptor: int, event: int, seconds: float) -> bool:
    """Wait until a descriptor, of any number, can be read or written."""
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(max(0, math.ceil(1000 * seconds))))


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used, by the clock that Linux keeps for it; 0 when it is gone."""
    try:
        return time.clock_gettime(~pid << 3 | 2)                      # as clock_getcpuclockid of libc has it
    except OSError:
        return 0.0
