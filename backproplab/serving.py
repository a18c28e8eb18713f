"""JupyterLab as a process of ours: started on a lesson, its address told, ended in good order.

It runs in the environment the command runs in, and so does the kernel it starts: there backproplab can be imported.
"""
from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit


def installed() -> bool:
    """Whether JupyterLab can be started in this environment."""
    return importlib.util.find_spec("jupyterlab") is not None


def serve(folder: Path, lesson: str, options: Sequence[str], say: Callable[[str], None]) -> int:
    """Run JupyterLab in a folder, opened on a lesson there, until it ends or we are told to stop.

    Parameters
    ----------
    folder : Path
        The learner's folder, absolute.
    lesson : str
        The file name of the lesson.
    options : sequence of str
        Further options for JupyterLab.
    say : callable
        Receives sentences for the learner, the address among them.

    Returns
    -------
    int
        0 if it was stopped by Ctrl-C, by a signal to end or from its own menu; otherwise JupyterLab's exit code.
    """
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if as_root and "--allow-root" not in options:
        say("Running as root, as in a container: JupyterLab is started with --allow-root.")
        options = ["--allow-root", *options]
    page = f"lab/tree/{quote(lesson)}"
    # -P: a learner's own random.py or json.py in the present folder must not stand in for the library's.
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *_defaults(options, page), *options]
    # Of two kernels called python3 this environment's comes first, and not one that the user once registered for another.
    environment = {"JUPYTER_PREFER_ENV_PATH": "1", **os.environ}
    with _stopped_by_signals():
        before = _written()
        server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **_APART)
        try:
            return _wait(server, before, folder, page, say)
        except KeyboardInterrupt:
            say("\nStopping JupyterLab.")
            return 0
        finally:
            _stop(server)


# A process group of its own: else a Ctrl-C meant for us would reach JupyterLab too.
_APART: dict[str, Any] = {"start_new_session": True}
if sys.platform == "win32":
    _APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}


# Seconds to wait for an answer at the address; then it is told all the same: a container's own name need not be known in it.
_TO_LISTEN = 10.0


def _defaults(options: Sequence[str], page: str) -> list[str]:
    """Our wishes that an option of the same name replaces; JupyterLab takes each but once.

    Thirty lines about the server's start would push the address off the screen: only warnings are let through.
    """
    given = {option.partition("=")[0].lstrip("-").rpartition(".")[2].replace("-", "_") for option in options}
    wishes = {"default_url": f"--LabApp.default_url=/{page}"}
    if "debug" not in given:
        wishes["log_level"] = "--Application.log_level=WARN"
    return [wish for name, wish in wishes.items() if name not in given]


def _wait(server: subprocess.Popen, before: Mapping[Path, int], folder: Path, page: str, say: Callable[[str], None]) -> int:
    """Tell the address as soon as JupyterLab listens, then wait for its end."""
    found: dict[str, Any] = {}
    while server.poll() is None and not found:
        time.sleep(0.1)
        found = _running(server.pid, before, folder)
    if found and _comes_to_listen(server, found["url"]):
        token = f"?token={found['token']}" if found["token"] else ""
        say(f"\nJupyterLab runs at\n\n    {found['url']}{page}{token}\n\nPress Ctrl-C here to stop it.")
    return server.wait()


def _written() -> dict[Path, int]:
    """What servers say of themselves, as files, and when each was written."""
    from jupyter_core.paths import jupyter_runtime_dir

    found = {}
    for path in Path(jupyter_runtime_dir()).glob("jpserver-*.json"):
        with contextlib.suppress(OSError):                  # just removed by another server
            found[path] = path.stat().st_mtime_ns
    return found


def _running(process: int, before: Mapping[Path, int], folder: Path) -> dict[str, Any]:
    """What JupyterLab says of itself shortly before it listens: url, token, ...; empty until then.

    A server that was killed leaves such a file behind, and a restarted container counts its processes anew: so it must not be one that
    was there `before`. No clock is asked, for that of a file's system may be another. Where `python` is a launcher that starts the real
    one (Windows), the process is not ours; then the folder tells.
    """
    for path, when in _written().items():
        with contextlib.suppress(OSError, ValueError):      # half written, or just removed by another server
            found = json.loads(path.read_text(encoding="utf-8"))
            if before.get(path) != when and (found["pid"] == process or (sys.platform == "win32" and Path(found["root_dir"]) == folder)):
                return found
    return {}


def _comes_to_listen(server: subprocess.Popen, url: str) -> bool:
    """Waits until somebody answers there; False if the server ended before that, as when another took its port meanwhile."""
    end = time.monotonic() + _TO_LISTEN
    while not _listens(url) and time.monotonic() < end:
        if server.poll() is not None:
            return False
        time.sleep(0.05)
    return True


def _listens(url: str) -> bool:
    """Whether somebody answers there; an address that names no port (a Unix socket's) is believed.

    JupyterLab writes its file first and listens a moment later: whoever followed the address at once was refused.
    """
    address = urlsplit(url)
    if address.hostname is None or address.port is None:
        return True
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """A signal to end, or a closed terminal, is taken like Ctrl-C; one that our caller chose to ignore stays ignored."""
    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in wanted if signal.getsignal(number) == signal.SIG_DFL}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(server: subprocess.Popen, patience: float = 15) -> None:
    """End JupyterLab and its kernels in good order; at a second Ctrl-C, or after `patience` seconds, at once."""
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(patience)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()
        server.wait()
