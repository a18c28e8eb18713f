"""The grader's side of `inside/forkserver.py`: one for each thread that marks, used again and again where no sandbox can do anything to it.

Loading Python and NumPy is most of what a sandbox would cost; a fork of a process that has them costs a tenth of that. The layers are applied
in the fork, one sandbox at a time, so that two notebooks never meet in one bubblewrap. Behind seccomp a sandbox can neither signal
nor trace nor write to its parent; without it (`--unsafe`, a probe) the parent ends with it.
"""
from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import weakref

from . import layers
from .inside.forkserver import NOT_STARTED, STARTED, STILL_THERE
from .layers import Isolation

CONTROL = "{control}"                      # in a command: the number of the descriptor that it is given
ENDING = 20.0                              # seconds of the clock for a process of any size to end on a machine that is busy
STARTING = 60.0                            # seconds of the clock for Python and NumPy to load, also on a machine that is busy
CREDENTIALS = struct.Struct("3i")          # of the sender: process, user, group

_idle = threading.local()                  # bubblewrap ends with the thread that started it
_lock = threading.Lock()
_all: weakref.WeakSet[ForkServer] = weakref.WeakSet()


class StartError(Exception):
    """The sandbox itself could not be started, or a layer that was asked for is not on: the grader's fault, never the student's."""


class Gone(Exception):
    """The process that forks is not there any more."""


class ForkServer:
    """A started process with Python and NumPy loaded.

    Raises
    ------
    StartError
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command, self.maker = command, os.getpid()
        self._said = tempfile.TemporaryFile()                         # noqa: SIM115 - it lives as long as the process
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._control.settimeout(STARTING)
        try:
            process = subprocess.Popen([str(theirs.fileno()) if word == CONTROL else word for word in command], pass_fds=(theirs.fileno(),),
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said, cwd="/",
                                       env=layers.ENVIRONMENT, start_new_session=True)
        except OSError as error:
            self._control.close()
            raise StartError(f"the sandbox does not start: {error.strerror}") from None
        finally:
            theirs.close()
        self.close = weakref.finalize(self, _close, process, self._control, self.maker)
        with _lock:
            _all.add(self)

    def last_words(self) -> str:
        """What it said when it could not start: the last line."""
        self._said.seek(0)
        lines = self._said.read(10_000).decode("utf-8", "replace").split("\n")
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "it said nothing")

    def fork(self, requests: int, replies: int) -> int:
        """A new sandbox that uses these two descriptors; its process's number.

        Raises
        ------
        Gone, StartError
        """
        try:
            socket.send_fds(self._control, [b"F"], [requests, replies])
            said, ancillary, _, _ = self._control.recvmsg(1, socket.CMSG_SPACE(CREDENTIALS.size))
        except OSError:
            raise Gone from None
        if said == NOT_STARTED:
            raise StartError("the sandbox does not start: no process can be made")
        if said != STARTED or not ancillary:
            raise Gone
        return int(CREDENTIALS.unpack(ancillary[0][2])[0])

    def status(self) -> int | None:
        """How the sandbox ended: its exit status, or minus a signal; None while it is there.

        Raises
        ------
        Gone
        """
        try:
            self._control.send(b"W")
            said = self._control.recv(4)
        except OSError:
            raise Gone from None
        if said == STILL_THERE:
            return None
        if len(said) != 4:
            raise Gone
        return int(struct.unpack("<i", said)[0])

    def end(self) -> tuple[float, float]:
        """End the sandbox; seconds of processor time and MB that it had.

        Raises
        ------
        Gone
        """
        try:
            self._control.settimeout(ENDING)
            self._control.send(b"E")
            seconds, kilobytes = struct.unpack("<dd", self._control.recv(16))
            self._control.settimeout(STARTING)
        except (OSError, struct.error):
            raise Gone from None
        return seconds, kilobytes / 1024


def _close(process: subprocess.Popen[bytes], control: socket.socket, maker: int) -> None:
    control.close()
    if maker != os.getpid():                                         # a process that was forked from the grader only forgets it
        return
    for end in (lambda: os.killpg(process.pid, signal.SIGKILL), process.kill):
        with contextlib.suppress(ProcessLookupError):
            end()
    process.wait()


@functools.lru_cache(maxsize=8)
def command(bubblewrap: bool, readable: tuple[str, ...]) -> tuple[str, ...]:
    """What starts the process that forks, for what may be read.

    Its environment is ours alone; `-I`, which ignores it, would lose the seed of hashes.
    """
    words = [os.path.realpath(sys.executable), "-s", "-P", "-S", "-B", str(layers.INSIDE / "forkserver.py"), CONTROL, *layers.packages()]
    return tuple(layers.wrapped(words, readable) if bubblewrap else words)


def forked(isolation: Isolation, requests: int, replies: int) -> tuple[ForkServer, int]:
    """A new sandbox, from this thread's own server or a new one: (server, the sandbox's number).

    Raises
    ------
    StartError
    """
    words = command(isolation.bubblewrap, layers.readable())
    server = _idle.__dict__.pop("server", None)
    if server is not None and (server.command, server.maker) == (words, os.getpid()):
        with contextlib.suppress(Gone):
            return server, server.fork(requests, replies)
    if server is not None and server.maker == os.getpid():
        server.close()                                                # not left to its last reference, where a Ctrl-C would be lost
    server = ForkServer(words)
    try:
        return server, server.fork(requests, replies)
    except Gone:
        said = server.last_words()
        raise StartError(f"the sandbox does not start: {said}; `backproplab grade --probe` says which layers do") from None


def end_all() -> None:
    """End every server of this process, and so every sandbox: what waits for one gets a StartError."""
    with _lock:
        servers = list(_all)
    for server in servers:
        server.close()


def safe(isolation: Isolation) -> bool:
    """Whether no sandbox can do anything to the process that forked it."""
    return "seccomp" in isolation.inside


def ended(server: ForkServer, isolation: Isolation) -> tuple[float, float]:
    """End a server's sandbox; seconds of processor time and MB that it had. The server is kept for this thread's next one where it is safe."""
    try:
        used = server.end()
    except Gone:
        server.close()
        return 0.0, 0.0
    if safe(isolation) and "server" not in _idle.__dict__:
        _idle.server = server
    else:
        server.close()
    return used
