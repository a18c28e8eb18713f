"""Long work of a lab beside the kernel's own: in a thread, told of as it goes, ended when it is told to end.

Where no event loop runs (a script, a test) it is done at once.
"""
from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

DELAY = 0.15              # seconds: while a slider moves, nothing long is begun
OFTEN = 0.1               # seconds from one word on progress to the next


class Work:
    """One piece of long work.

    Parameters
    ----------
    make : callable
        (progress, cancel) -> what it makes; progress(done, all) is called now and then, cancel() says whether to end.
    tell : callable
        (done, all): told of progress, in the thread of the event loop.
    done : callable
        (what was made, the exception or None): told at the end, in the thread of the event loop; not after `drop`.
    delay : float
        Seconds to wait before it begins.
    """

    def __init__(self, make: Callable[..., Any], tell: Callable[[int, int], Any], done: Callable[[Any, Exception | None], Any],
                 delay: float = 0.0) -> None:
        self._make, self._tell, self._done = make, tell, done
        self._ended, self._dropped, self._told = threading.Event(), False, 0.0
        self._delay, self._loop = delay, _running_loop()

    def start(self) -> None:
        """Begin, after the delay."""
        if self._loop is None:
            self._work()
        else:
            self._loop.call_later(self._delay, self._begin)

    def cancel(self) -> None:
        """End it; what it made so far is kept."""
        self._ended.set()

    def drop(self) -> None:
        """End it; nobody wants it any more."""
        self._dropped = True
        self._ended.set()

    def _begin(self) -> None:
        if not self._dropped:
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        made, problem = None, None
        try:
            made = self._make(self._progress, self._ended.is_set)
        except Exception as error:            # told in words by whoever asked: a thread's traceback is seen by nobody
            problem = error
        self._in_loop(self._finish, made, problem)

    def _finish(self, made: Any, problem: Exception | None) -> None:
        if not self._dropped:
            self._done(made, problem)

    def _progress(self, done: int, every: int) -> None:
        now = time.monotonic()
        if now - self._told >= OFTEN and not self._ended.is_set():
            self._told = now
            self._in_loop(self._say, done, every)

    def _say(self, done: int, every: int) -> None:
        if not self._ended.is_set():
            self._tell(done, every)

    def _in_loop(self, act: Callable[..., Any], *given: Any) -> None:
        if self._loop is None:
            act(*given)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *given)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
