"""JupyterLab as a process of ours: its address told, its options passed on, and nothing of it left behind.

The first half runs a stand-in for `python -m jupyterlab`, which starts at once; the second half runs the real one.
"""
from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from backproplab import cli, serving
from tests import browser
from tests import notebook_files as nb

FIRST = "04_by_hand.ipynb"
STAND_IN = """
import json, os, signal, socket, sys, time
from pathlib import Path
place = Path(os.environ["JUPYTER_RUNTIME_DIR"])
place.mkdir(parents=True, exist_ok=True)
if "--stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
root = next(a.partition("=")[2] for a in sys.argv if a.startswith("--ServerApp.root_dir="))
(place / "arguments.json").write_text(json.dumps(sys.argv[1:]))
door = socket.socket()
door.bind(("127.0.0.1", 0))
url = f"http://127.0.0.1:{door.getsockname()[1]}/base/"
found = {"url": url, "token": os.environ["TOKEN"], "pid": os.getpid(), "root_dir": root}
(place / f"jpserver-{os.getpid()}.json").write_text(json.dumps(found))
time.sleep(float(os.environ["SECONDS_TO_LISTEN"]))
if "--deaf" not in sys.argv:
    door.settimeout(60)
    door.listen()
    for _ in range(int(os.environ["ANSWERS"])):
        door.accept()
time.sleep(float(os.environ["SECONDS_UP"]))
sys.exit(int(os.environ["EXIT"]))
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`python -m jupyterlab` notes its arguments, says where it would listen and ends; returns the folder of its notes."""
    package = tmp_path / "stand_in" / "jupyterlab"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    runtime = tmp_path / "runtime"
    path = os.pathsep.join([str(package.parent), str(browser.ROOT)])
    settings = {"PYTHONPATH": path, "JUPYTER_RUNTIME_DIR": str(runtime), "TOKEN": "abc", "EXIT": "0",
                "SECONDS_TO_LISTEN": "0", "ANSWERS": "1", "SECONDS_UP": "0"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return runtime


def serve(folder: Path, *options: str) -> tuple[int, str]:
    said: list[str] = []
    code = serving.serve(folder, FIRST, options, said.append)
    return code, "\n".join(said)


def arguments(runtime: Path) -> list[str]:
    return json.loads((runtime / "arguments.json").read_text())


def test_the_address_of_the_lesson_is_told_with_base_url_and_token(stand_in, tmp_path):
    code, said = serve(tmp_path)
    assert code == 0 and re.search(rf"http://127\.0\.0\.1:\d+/base/lab/tree/{FIRST}\?token=abc\n", said) and "Ctrl-C" in said


def test_the_address_is_told_once_somebody_answers_there(stand_in, tmp_path, monkeypatch):
    """JupyterLab writes its address down before it listens: a learner who clicked at once was refused."""
    monkeypatch.setenv("SECONDS_TO_LISTEN", "1")
    monkeypatch.setenv("ANSWERS", "2")          # the command's own, and the learner's
    answered = []

    def say(sentence: str) -> None:
        if url := re.search(r"http://127\.0\.0\.1:(\d+)", sentence):
            socket.create_connection(("127.0.0.1", int(url[1])), timeout=5).close()
            answered.append(url[0])

    serving.serve(tmp_path, FIRST, [], say)
    assert len(answered) == 1


def test_an_address_that_nobody_answers_from_here_is_told_all_the_same(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "_TO_LISTEN", 0.2)
    monkeypatch.setenv("SECONDS_UP", "3")
    assert "http://127.0.0.1" in serve(tmp_path, "--deaf")[1]


def test_no_address_is_told_of_a_server_that_ends_before_it_listens(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDS_UP", "1")
    assert serve(tmp_path, "--deaf")[1].count("http") == 0


@pytest.mark.parametrize("url", ["http+unix://%2Ftmp%2Fjupyter.sock/", "http://somewhere/"])
def test_an_address_without_a_port_is_not_asked(url):
    assert serving._listens(url)


def test_a_server_with_a_password_has_no_token_in_its_address(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", "")
    assert "token" not in serve(tmp_path)[1]


def test_a_stale_file_of_a_killed_server_is_not_believed(tmp_path, monkeypatch):
    """In a restarted container the new server may have the very process number of the one that was killed."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    stale = tmp_path / "jpserver-42.json"
    stale.write_text(json.dumps({"url": "http://old/", "token": "", "pid": 42, "root_dir": str(tmp_path)}))
    before = serving._written()
    assert serving._running(42, {}, tmp_path)["url"] == "http://old/" and serving._running(42, before, tmp_path) == {}
    os.utime(stale, (0, 0))                     # written anew, by a clock that goes wrong
    assert serving._running(42, before, tmp_path)["url"] == "http://old/"


@pytest.mark.parametrize("content", ["", "{", "[]x"])
def test_a_half_written_file_is_read_again_later(tmp_path, monkeypatch, content):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "jpserver-42.json").write_text(content)
    assert serving._running(42, {}, tmp_path) == {}


def test_jupyterlabs_exit_code_is_returned(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("EXIT", "3")
    assert serve(tmp_path)[0] == 3


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no root on this system")
@pytest.mark.parametrize("user, options", [(0, []), (0, ["--allow-root"]), (1000, [])])
def test_as_root_jupyterlab_is_allowed_to_and_that_is_said(stand_in, tmp_path, monkeypatch, user, options):
    monkeypatch.setattr("os.geteuid", lambda: user)
    _, said = serve(tmp_path, *options)
    assert arguments(stand_in).count("--allow-root") == (user == 0)
    assert ("root" in said.lower()) == (user == 0 and not options)


def test_our_defaults_give_way_to_the_same_option_of_the_learner(stand_in, tmp_path):
    serve(tmp_path)
    assert [a.partition("=")[0] for a in arguments(stand_in) if "Lab" in a or "Application" in a] == [
        "--LabApp.default_url", "--Application.log_level"]
    serve(tmp_path, "--ServerApp.default_url=/tree", "--log-level=10", "--port", "99")
    given = arguments(stand_in)
    assert sum("default_url" in a for a in given) == 1 and sum("log" in a for a in given) == 1
    assert given[-2:] == ["--port", "99"]


def test_a_learners_own_module_does_not_stand_in_for_the_librarys(stand_in, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('a learner's json')")
    monkeypatch.chdir(tmp_path)
    assert serve(tmp_path)[0] == 0


# Runs the command with lessons of the test's own, and with signals as a terminal leaves them (nohup and background jobs do not).
COMMAND = """
import signal, sys
from pathlib import Path
from backproplab import cli
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
cli.lessons_folder = lambda: Path(sys.argv[1])
sys.exit(cli.main(["lab", *sys.argv[2:]]))
"""


def command(tmp_path: Path, *arguments: str) -> list[str]:
    ours = nb.write(tmp_path / "installed" / FIRST, nb.executed_lesson()).parent
    return [sys.executable, "-c", COMMAND, str(ours), *arguments]


def eventually(what, patience: float = 60):
    """The first true value of what()."""
    end = time.monotonic() + patience
    while not (value := what()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return value


@contextlib.contextmanager
def none_left(of: psutil.Process) -> Iterator[None]:
    """Whatever a process had started is gone after the block; what is not, is ended here."""
    family = of.children(recursive=True)
    assert family, "nothing had been started"
    yield
    left = psutil.wait_procs(family, timeout=10)[1]
    for process in left:
        process.kill()
    assert left == [], f"left behind: {left}"


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


@posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_any_signal_to_end_is_a_good_end(stand_in, tmp_path, monkeypatch, number):
    monkeypatch.setenv("SECONDS_UP", "60")
    with subprocess.Popen(command(tmp_path, str(tmp_path / "mine")), stdout=subprocess.PIPE, text=True) as process:
        eventually(lambda: "Press Ctrl-C" in process.stdout.readline())
        with none_left(psutil.Process(process.pid)):
            process.send_signal(getattr(signal, number))
            assert process.wait(30) == cli.DONE
        assert "Stopping JupyterLab." in process.stdout.read()


@posix
def test_a_second_ctrl_c_ends_a_jupyterlab_that_does_not_listen(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDS_UP", "60")
    with subprocess.Popen(command(tmp_path, str(tmp_path / "mine"), "--stubborn"), stdout=subprocess.PIPE, text=True) as process:
        eventually(lambda: "Press Ctrl-C" in process.stdout.readline())
        with none_left(psutil.Process(process.pid)):
            process.send_signal(signal.SIGINT)
            eventually(lambda: "Stopping" in process.stdout.readline())
            time.sleep(0.3)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == cli.DONE


@posix
def test_a_signal_that_the_caller_ignores_stays_ignored():
    """As under nohup: a closed terminal then does not end the server."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with serving._stopped_by_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def answer(url: str, **request) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, **request), timeout=60) as reply:
        return reply.read()


def wait_for_kernel(connection: Path) -> None:
    """Until a kernel answers: one that is interrupted while it still starts complains at length, as it does under JupyterLab alone."""
    from jupyter_client import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
    finally:
        client.stop_channels()


@posix
def test_the_real_one_in_a_terminal_serves_the_lesson_and_ends_at_ctrl_c_with_its_kernels(tmp_path, free_port):
    import pexpect

    folder = tmp_path / "Übung ∂L∂w, zweiter Teil"
    start = command(tmp_path, str(folder), "--no-browser", f"--port={free_port}", "--ServerApp.port_retries=0")
    environment = browser.own_settings(tmp_path / "jupyter")
    terminal = pexpect.spawn(start[0], start[1:], env=environment, encoding="utf-8", timeout=90, dimensions=(40, 400))
    with contextlib.closing(terminal):
        terminal.expect(r"(http://\S+)/lab/tree/(\S+)\?token=([0-9a-f]+)")
        base, lesson, token = terminal.match.groups()
        assert base == f"http://localhost:{free_port}" and lesson == FIRST
        terminal.expect("Ctrl-C")
        assert b"JupyterLab" in answer(f"{base}/lab/tree/{quote(lesson)}?token={token}")
        served = json.loads(answer(f"{base}/api/contents/{quote(lesson)}?token={token}"))
        assert all(cell["outputs"] == [] for cell in served["content"]["cells"] if cell["cell_type"] == "code")
        assert (folder / FIRST).exists()

        kernel = json.loads(answer(f"{base}/api/kernels?token={token}", method="POST", data=b"{}"))["id"]
        wait_for_kernel(Path(environment["JUPYTER_RUNTIME_DIR"]) / f"kernel-{kernel}.json")
        process = psutil.Process(terminal.pid)
        assert any("ipykernel_launcher" in child.cmdline() for child in process.children(recursive=True))
        with none_left(process):
            terminal.sendintr()
            terminal.expect(pexpect.EOF)
            terminal.wait()
        assert terminal.exitstatus == cli.DONE
        assert "Stopping JupyterLab." in terminal.before and "Traceback" not in terminal.before


@posix
def test_the_real_one_ends_at_a_signal_to_end_and_a_taken_port_is_told(tmp_path, free_port):
    environment = browser.own_settings(tmp_path / "jupyter")
    start = command(tmp_path, str(tmp_path / "mine"), "--no-browser", f"--port={free_port}", "--ServerApp.port_retries=0")
    with subprocess.Popen(start, env=environment, stdout=subprocess.PIPE, text=True) as process:
        eventually(lambda: "Press Ctrl-C" in process.stdout.readline())
        second = subprocess.run(start, env=environment, capture_output=True, text=True, timeout=90)
        assert second.returncode == cli.JUPYTERLAB_FAILED and "port" in second.stderr
        with none_left(psutil.Process(process.pid)):
            process.terminate()
            assert process.wait(30) == cli.DONE
