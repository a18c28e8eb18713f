"""Started by the grader with Python and NumPy loaded: forks a sandbox whenever it is asked, so that none waits for them to load.

    python -I -S forkserver.py CONTROL FOLDER ...

with the descriptor of a Unix socket, and the folders where NumPy and landlockpy are installed. It is asked one letter at a time and answers:

    F and two descriptors    STARTED, sent by the new process itself, so that the kernel tells the grader its number: it reads requests from the
                             first descriptor and writes replies to the second. NOT_STARTED when it cannot be forked
    W                        how the process ended (4 bytes: exit status, or minus a signal), or STILL_THERE after WAITING seconds, which is when
                             it closed its pipes and goes on
    E                        ends it and whatever is in its group; seconds of processor time and KiB of memory that it had (two doubles)

and the end of the socket is the end of both. There is one sandbox at a time. Nothing of a student's is read or run here: the new process
closes the socket before it reads its first frame, and gives up its rights before the first cell.
"""
from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import struct
import sys
import time
from typing import Any

OWN = os.path.dirname(os.path.abspath(__file__))
STARTED, NOT_STARTED, STILL_THERE = b"R", b"N", b"T"
WAITING = 1.0
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


class ForkServer:
    """The process that forks."""

    def __init__(self, control: int, packages: list[str]) -> None:
        self.control = socket.socket(fileno=control)
        self.child = 0
        self.libc = ctypes.CDLL(None)
        self.libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)                 # a sandbox of the same user cannot look into this process
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)                # ignored, as a grader's may be, it would take the ends of sandboxes away
        sys.path[:0] = [OWN, *packages]
        import numpy.random  # noqa: F401
        import worker
        with contextlib.suppress(ImportError):                        # then nobody asks for that layer
            import landlockpy  # noqa: F401
        sys.path[:] = [path for path in sys.path if path not in (OWN, *packages)]
        self.worker: Any = worker
        gc.freeze()                                                  # what is loaded stays shared with every sandbox

    def serve(self) -> None:
        """Answer until the grader is gone."""
        while True:
            letter, ancillary, _, _ = self.control.recvmsg(1, socket.CMSG_SPACE(2 * 4))
            if letter == b"F":
                self.fork(*struct.unpack("2i", ancillary[0][2]))
            elif letter == b"W":
                self.control.send(self.how_it_ended())
            else:
                used = self.end()
                if letter != b"E":
                    return
                self.control.send(used)

    def fork(self, requests: int, replies: int) -> None:
        try:
            self.child = os.fork()
        except OSError:
            self.control.send(NOT_STARTED)
        else:
            if not self.child:
                self.become_sandbox(requests, replies)
        os.close(requests)
        os.close(replies)

    def become_sandbox(self, requests: int, replies: int) -> None:
        """In the new process: everything up to its end."""
        try:
            self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            os.setsid()
            os.dup2(1, 2)                                            # what this process said goes to the grader, what a student says does not
            self.control.send(STARTED)
            self.control.close()
            sys.modules["numpy.random"].seed()                       # else each would draw the same "random" numbers
            one = self.worker.Worker(requests, replies)
            one.run_cells()
            one.serve()
        finally:
            os._exit(1)

    def how_it_ended(self) -> bytes:
        until = time.monotonic() + WAITING
        while self.child and time.monotonic() < until:
            ended = os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOHANG | os.WNOWAIT)    # its number stays taken
            if ended is not None:
                return struct.pack("<i", ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status)
            time.sleep(0.01)
        return STILL_THERE

    def end(self) -> bytes:
        if not self.child:
            return struct.pack("<dd", 0.0, 0.0)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(self.child, signal.SIGKILL)
        _, _, used = os.wait4(self.child, 0)
        self.child = 0
        return struct.pack("<dd", used.ru_utime + used.ru_stime, used.ru_maxrss)


if __name__ == "__main__":
    ForkServer(int(sys.argv[1]), sys.argv[2:]).serve()
