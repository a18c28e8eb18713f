"""The sandbox gives up its own rights, before a byte of the student's is run: each layer is a function, applied in the order of LAYERS.

The process that starts it (the grader) says which layers to apply, and proves beforehand by probes that they hold. Every layer here
works without privileges; a root gives more up.
"""
from __future__ import annotations

import base64
import ctypes
import os
import resource
import signal
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
CAPABILITIES_3 = 0x20080522
LAYERS: dict[str, Callable[[dict[str, Any]], bool]] = {}

libc = ctypes.CDLL(None, use_errno=True)


def layer(function: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], bool]:
    """Decorator: makes a layer known by its name. A layer returns whether it is on."""
    LAYERS[function.__name__] = function
    return function


def confine(settings: dict[str, Any]) -> list[str]:
    """Apply the layers that are asked for; the names of those that are on."""
    return [name for name, apply in LAYERS.items() if name in settings["layers"] and apply(settings)]


@layer
def limits(settings: dict[str, Any]) -> bool:
    """Memory, processor time, no growing files, few descriptors, no core dumps; the end of the grader is the end of the sandbox."""
    seconds = settings["processor"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))   # first a signal that says why, then the end
    for what, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, settings["memory"]),
                        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_MEMLOCK, 0), (resource.RLIMIT_MSGQUEUE, 0)):
        _, most = resource.getrlimit(what)
        resource.setrlimit(what, (min(value, most) if most >= 0 else value,) * 2)
    return True


@layer
def user(settings: dict[str, Any]) -> bool:
    """A root becomes a user who owns nothing."""
    if os.getuid() != 0:
        return False
    os.setgroups([])
    os.setresgid(*[settings["uid"]] * 3)
    os.setresuid(*[settings["uid"]] * 3)
    return os.getuid() == settings["uid"]


@layer
def capabilities(settings: dict[str, Any]) -> bool:
    """None are left; and what was opened by an ordinary user's process can be looked into by none of its other processes."""
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return bool(libc.capset(header, none) == 0)


@layer
def no_new_privileges(settings: dict[str, Any]) -> bool:
    """No program that is started, should one be, gains rights."""
    return bool(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


@layer
def landlock(settings: dict[str, Any]) -> bool:
    """Python's own files and NumPy's may be read, nothing may be written; no TCP, no abstract sockets, no signals to others."""
    import landlockpy
    if not landlockpy.supported():
        return False
    access, rules = landlockpy.AccessFS, landlockpy.Ruleset()
    for path in settings["listed"]:
        rules.allow_path(path, access.READ_DIR)
    for path in settings["readable"]:
        rules.allow_path(path, access.READ_FILE | access.READ_DIR if os.path.isdir(path) else access.READ_FILE)
    for path in ("/dev/urandom", "/dev/zero", "/dev/null"):
        if os.path.exists(path):
            rules.allow_path(path, access.READ_FILE)
    rules.restrict()
    rules.close()
    return True


@layer
def seccomp(settings: dict[str, Any]) -> bool:
    """Only the system calls of a list; the filter was compiled by the grader."""
    program = base64.b64decode(settings["filter"])

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    buffer = ctypes.create_string_buffer(program, len(program))
    filter = Filter(len(program) // 8, ctypes.addressof(buffer))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0) == 0)
