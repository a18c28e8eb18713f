"""Proof that the layers hold here: each is tried alone, with what it must refuse, and all together with everything.

A probe is a few lines of Python that are run where a student's would; it ends with `answer = "refused"` or anything else.
"""
from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .layers import ORDER, Isolation, landlock_version, offered
from .sandbox import Ended, Limits, Refused, Sandbox, StartError

TRY = """
import os, socket, ctypes
libc = ctypes.CDLL(None, use_errno=True)
def failed(do):
    try:
        found = do()
    except BaseException:
        return True
    return False
"""
# (layer, what is tried, an expression that fails when the layer holds). {file}, {folder}, {port}, {parent} are filled in.
PROBES = (
    ("limits", "more memory than allowed", "bytearray({memory})"),
    ("limits", "a growing file", "os.write(os.memfd_create('x'), b'x' * 10)"),
    ("limits", "a hundred open files", "[os.dup(1) for _ in range(100)]"),
    ("capabilities", "another root folder", "os.chroot('/')"),
    ("capabilities", "another user", "os.setuid(12345 if os.getuid() == 0 else 0)"),
    ("no_new_privileges", "new privileges", "1 / int(libc.prctl(39, 0, 0, 0, 0) == 0)"),
    ("capabilities", "the memory of what forked it", "os.open('/proc/%d/mem' % os.getppid(), os.O_RDONLY)"),
    ("user", "root again", "os.setuid(0)"),
    ("landlock", "reading a file", "os.open('{file}', os.O_RDONLY)"),
    ("landlock", "writing a file", "os.open('{file}', os.O_WRONLY)"),
    ("landlock", "a new file", "os.open('{folder}/new', os.O_WRONLY | os.O_CREAT)"),
    ("landlock", "a file's end", "os.unlink('{file}')"),
    ("landlock", "a folder's names", "os.listdir('{folder}')"),
    ("landlock", "this package's own files", "os.open('{own}', os.O_RDONLY)"),
    ("landlock", "the memory of the grader", "os.open('/proc/{parent}/mem', os.O_RDONLY)"),
    ("seccomp", "a socket", "socket.socket()"),
    ("seccomp", "a process", "os.fork() or os._exit(0)"),
    ("seccomp", "a program", "os.execv('/bin/true', ['true'])"),
    ("seccomp", "a thread", "__import__('threading').Thread(target=int).start()"),
    ("seccomp", "a signal to the grader", "os.kill({parent}, 0)"),
    ("seccomp", "a signal to what forked it", "os.kill(os.getppid(), 0)"),
    ("seccomp", "looking into the grader", "1 / int(libc.ptrace(16, {parent}, 0, 0) == 0)"),
    ("seccomp", "writing a file", "os.open('{file}', os.O_WRONLY)"),
    ("seccomp", "other memory for files", "os.memfd_create('x')"),
    ("bubblewrap", "reading a file", "os.open('{file}', os.O_RDONLY)"),
    ("bubblewrap", "a new file", "os.open('{folder}/new', os.O_WRONLY | os.O_CREAT)"),
    ("bubblewrap", "this package's own files", "os.open('{own}', os.O_RDONLY)"),
    ("bubblewrap", "what Linux tells of other processes", "os.listdir('/proc')"),
    ("bubblewrap", "a connection to this machine", "socket.create_connection(('127.0.0.1', {port}), 2)"),
    ("bubblewrap", "a signal to the grader", "os.kill({parent}, 0)"),
)


@dataclass(frozen=True)
class Proof:
    """One thing that was tried.

    Attributes
    ----------
    layer, tried : str
    held : bool
        Whether it was refused, and nothing outside was touched.
    alone : bool
        Whether the layer was the only one that could refuse it.
    why : str
        Why it could not even be tried, where that is so.
    """

    layer: str
    tried: str
    held: bool
    alone: bool = True
    why: str = ""


def prove(isolation: Isolation | None = None) -> list[Proof]:
    """Try everything that each layer must refuse, layer by layer and then with all of them.

    Parameters
    ----------
    isolation : Isolation, optional
        What seems to be offered, unless given.

    Returns
    -------
    list of Proof
    """
    isolation = offered() if isolation is None else isolation
    found: list[Proof] = []
    for layer in isolation.names:
        inside = () if layer == "bubblewrap" else ("no_new_privileges",) if layer == "no_new_privileges" else (layer, "no_new_privileges")
        order = tuple(name for name in ORDER if name in inside)
        found += _tried(Isolation(order, layer == "bubblewrap"), [p for p in PROBES if p[0] == layer], True)
    together = _without_broken(isolation, found)                      # one that does not even start would take the others with it
    return found + _tried(together, [p for p in PROBES if p[0] in together.names], False)


def proven() -> tuple[Isolation, list[Proof]]:
    """The layers that hold here, and the proofs: a layer of which one probe got through is not used."""
    there = offered()
    proofs = prove(there)
    return _without_broken(there, proofs), proofs


def _without_broken(isolation: Isolation, proofs: list[Proof]) -> Isolation:
    broken = {p.layer for p in proofs if not p.held}
    return Isolation(tuple(n for n in isolation.inside if n not in broken), isolation.bubblewrap and "bubblewrap" not in broken)


def _tried(isolation: Isolation, probes: list[tuple[str, str, str]], alone: bool) -> list[Proof]:
    limits = Limits(seconds=10.0)
    with _canary() as (fill, touched):
        texts = [code.format(**fill, memory=(limits.memory + 64) << 20) for _, _, code in probes]
        cells = [(f"p{k}", f"{TRY}\nanswer = 'refused' if failed(lambda: {text}) else 'done'") for k, text in enumerate(texts)]
        said: list[object] = []
        why = ""
        try:
            sandbox = Sandbox(cells, {q: ["answer"] for q, _ in cells}, limits=limits, isolation=isolation)
            try:
                said = [sandbox.ask("get", q) for q, _ in cells]
            finally:
                sandbox.close()
        except (StartError, Ended, Refused) as error:
            said = [None] * len(cells)                               # a probe that ends the process has proven nothing
            why = str(error)
        whole = not touched()
    return [Proof(layer, tried, answer == "refused" and whole, alone, why) for (layer, tried, _), answer in zip(probes, said, strict=True)]


@contextlib.contextmanager
def _canary() -> Iterator[tuple[dict[str, object], Callable[[], bool]]]:
    """A file that anybody may change in a folder that anybody may write to, and a port that listens; and whether they were touched."""
    text = b"a canary"
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        file = Path(folder) / "canary"
        file.write_bytes(text)
        os.chmod(folder, 0o777)
        os.chmod(file, 0o666)
        server.setblocking(False)

        def touched() -> bool:
            with contextlib.suppress(BlockingIOError):
                server.accept()
                return True
            return sorted(os.listdir(folder)) != ["canary"] or file.read_bytes() != text

        yield {"file": file, "folder": folder, "port": server.getsockname()[1], "parent": os.getpid(), "own": Path(__file__)}, touched


def told(isolation: Isolation, proofs: list[Proof]) -> Iterator[str]:
    """The outcome of the probes, in lines."""
    yield f"{sys.platform}, {'root' if os.getuid() == 0 else 'an ordinary user'}; Landlock version {landlock_version() or 'none'}"
    for proof in proofs:
        where = "" if proof.alone else " (all layers on)"
        yield f"  {'held  ' if proof.held else 'BROKEN'}  {proof.layer:<18} {proof.tried}{where}{f': {proof.why}' if proof.why else ''}"
    yield f"Layers that hold: {', '.join(isolation.names)}."
