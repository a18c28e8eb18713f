"""What the kernel itself says of isolation, asked without a line of the package: a fault of the package cannot hide behind "not here"."""
from __future__ import annotations

import ctypes
import errno
import os
import sys

CREATE_RULESET, VERSION = 444, 1           # the system call of Landlock, and the flag with which it tells its version
SET_SECCOMP, FILTER = 22, 2                # of prctl


def isolates() -> bool:
    """Whether it can hide files (Landlock) and filter system calls (seccomp)."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    landlock = libc.syscall(CREATE_RULESET, None, 0, VERSION) > 0
    libc.prctl(SET_SECCOMP, FILTER, None, 0, 0)                       # where filters are known, the missing one is an address that is bad
    return landlock and ctypes.get_errno() == errno.EFAULT


def may_skip() -> bool:
    """Whether tests that need isolation may be skipped: not where BACKPROPLAB_REQUIRE_ISOLATION is set and the kernel offers it."""
    return os.environ.get("BACKPROPLAB_REQUIRE_ISOLATION", "0") in ("", "0") or not isolates()
