"""The system calls that a sandbox may make, and the filter that holds it to them. Compiled by the grader, once.

A list of what is allowed, not of what is forbidden: a call that the next kernel invents is refused as well. A refused call fails with
EPERM, so a student's program sees an ordinary PermissionError; one of another architecture ends the process.
"""
from __future__ import annotations

import base64
import contextlib
import errno
import functools
import os
import tempfile
from typing import Any

# What Python and NumPy need once they are loaded: memory, reading files, clocks, their own signals, leaving.
ALLOWED = tuple("""
read readv pread64 write writev close fstat newfstatat stat lstat statx lseek access faccessat faccessat2 readlink readlinkat getcwd getdents64
brk mmap mprotect munmap mremap madvise mincore
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall setitimer getitimer alarm
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times
sched_yield set_robust_list get_robust_list rseq membarrier getcpu sched_getaffinity
poll ppoll select pselect6 dup
getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getrusage getrlimit uname sysinfo getrandom
exit exit_group
""".split())  # noqa: SIM905
READ_ONLY = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND      # none of these flags
PRIVATE = 128                              # the flag of a futex of one process
TERMINAL_ASKED, CLOSE_ON_EXEC, SIZE_ASKED = 0x5401, 0x5451, 0x5413
DUPLICATE, GET_FLAGS, SET_FLAGS, STATUS, DUPLICATE_CLOSED = 0, 1, 2, 3, 1030     # of fcntl


@functools.cache
def filter_program() -> str | None:
    """The filter as base64 text; None where it cannot be made (no libseccomp, no pyseccomp)."""
    try:
        import pyseccomp as seccomp
    except (ImportError, RuntimeError, OSError):
        return None
    filter = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))

    def allow(name: str, *conditions: Any) -> None:
        with contextlib.suppress(ValueError, OSError, RuntimeError):  # a call that this architecture does not have
            filter.add_rule(seccomp.ALLOW, name, *conditions)

    for name in ALLOWED:
        allow(name)
    allow("openat", seccomp.Arg(2, seccomp.MASKED_EQ, READ_ONLY, 0))
    allow("open", seccomp.Arg(1, seccomp.MASKED_EQ, READ_ONLY, 0))
    allow("futex", seccomp.Arg(1, seccomp.MASKED_EQ, PRIVATE, PRIVATE))      # one that is shared would let two sandboxes talk
    for request in (TERMINAL_ASKED, CLOSE_ON_EXEC, SIZE_ASKED):
        allow("ioctl", seccomp.Arg(1, seccomp.EQ, request))
    for request in (DUPLICATE, GET_FLAGS, SET_FLAGS, STATUS, DUPLICATE_CLOSED):
        allow("fcntl", seccomp.Arg(1, seccomp.EQ, request))
    allow("prlimit64", seccomp.Arg(2, seccomp.EQ, 0))                # to ask, not to set
    with tempfile.TemporaryFile() as file:
        filter.export_bpf(file)
        file.seek(0)
        return base64.b64encode(file.read()).decode("ascii")
