"""JupyterLab driven by the system's Chromium, for tests.

`lab` starts a JupyterLab on the loopback interface with settings of its own; `watched_page` opens a page that must neither fail nor
leave the machine; the others open a notebook, run it, count what it sends to its kernel and ask for its accessibility. The
fixtures `lab_server`, `browser` and `page` in conftest.py use these.
"""
from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from tests import notebook_files

ROOT = Path(__file__).resolve().parent.parent
# Headless, in a container, and without the browser's own errands on the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def chromium() -> str | None:
    """The path of the system's Chromium (or Chrome), if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def browser_required() -> bool:
    """Whether a missing browser is a failure instead of a reason to skip, as it is in continuous integration."""
    return os.environ.get("BACKPROPLAB_REQUIRE_BROWSER", "0") not in ("", "0")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def own_settings(place: Path) -> dict[str, str]:
    """An environment in which Jupyter reads and writes nothing of the user's."""
    jupyter = {f"JUPYTER_{name}_DIR": str(place / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    lab = {f"JUPYTERLAB_{name}_DIR": str(place / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **jupyter, **lab, "IPYTHONDIR": str(place / "ipython"), "PYTHONPATH": paths}


@dataclass(frozen=True)
class LabServer:
    """A running JupyterLab: its address, without a token, and the folder it shows."""

    url: str
    root: Path

    def add(self, *cells: str | dict[str, Any], name: str = "") -> str:
        """Put a notebook into the folder and return its name; a string is a code cell not yet run."""
        name = name or f"n{uuid.uuid4().hex[:12]}.ipynb"
        made = [notebook_files.code_cell(cell, name=f"c{i}") if isinstance(cell, str) else cell for i, cell in enumerate(cells)]
        notebook_files.write(self.root / name, notebook_files.notebook(*made))
        return name


@contextlib.contextmanager
def lab(place: Path) -> Iterator[LabServer]:
    """A JupyterLab on a free port of the loopback interface, with its folder and its settings under `place`."""
    root, log, port = place / "notebooks", place / "lab.log", free_port()
    root.mkdir(parents=True)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={root}",
               "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly", "--LabApp.news_url="]
    with open(log, "w") as output:
        process = subprocess.Popen(command, env=own_settings(place), stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    server = LabServer(f"http://127.0.0.1:{port}", root)
    try:
        wait_for(server.url, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen, log: Path, patience: float = 90) -> None:
    end = time.monotonic() + patience
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/api/status", timeout=5).close()
            return
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")
        time.sleep(0.2)


def open_notebook(page: Any, server: LabServer, name: str) -> None:
    """Open a notebook in a fresh workspace, in the light theme, and wait until it is the current document."""
    page.goto(f"{server.url}/lab/workspaces/w{uuid.uuid4().hex}/tree/{quote(name)}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook", timeout=60_000)
    page.wait_for_function("name => window.jupyterapp?.shell.currentWidget?.context?.path === name", arg=name, timeout=30_000)
    if page.get_attribute("body", "data-jp-theme-light") == "false":       # the server remembers what another test chose
        use_theme(page, dark=False)


_RUN_ALL = """async () => {
  const app = window.jupyterapp, panel = app.shell.currentWidget;
  await panel.context.ready; await panel.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
  return panel.content.widgets.filter(cell => cell.model.type === 'code').flatMap(cell => cell.model.outputs.toJSON())
    .filter(output => output.output_type === 'error').map(output => `${output.ename}: ${output.evalue}`);
}"""


def run_all(page: Any) -> list[str]:
    """Run every cell of the current notebook; returns the errors, as `Name: message`."""
    return page.evaluate(_RUN_ALL)


def run_notebook(page: Any, server: LabServer, *cells: str | dict[str, Any]) -> str:
    """Write a notebook, open it and run it, all without an error; returns its name."""
    name = server.add(*cells)
    open_notebook(page, server, name)
    errors = run_all(page)
    assert errors == [], errors
    return name


def cell_count(page: Any) -> int:
    """How many cells the current notebook has; Lab refills an empty one, so test with more than one cell."""
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")


def use_theme(page: Any, dark: bool) -> None:
    """Switch JupyterLab's theme and wait until it shows."""
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_selector(f'body[data-jp-theme-light="{str(not dark).lower()}"]', state="attached")     # body has no size of its own


def shut_kernel_down(page: Any) -> None:
    """End the current notebook's kernel and wait until it is gone."""
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel", timeout=15_000)


class KernelTraffic:
    """Counts the messages a page exchanges with kernels; make it before the notebook is opened.

    `sent` and `received` are the sizes of the frames, in the order in which they passed.
    """

    def __init__(self, page: Any) -> None:
        self.sent: list[int] = []
        self.received: list[int] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: Any) -> None:
        if "/channels" in socket.url:
            socket.on("framesent", lambda frame: self.sent.append(len(frame)))
            socket.on("framereceived", lambda frame: self.received.append(len(frame)))


def is_outside(url: str) -> bool:
    """Whether a request for this address would leave the machine."""
    address = urlsplit(url)
    return address.scheme in ("http", "https", "ws", "wss") and address.hostname not in ("127.0.0.1", "localhost", "::1")


# Where Jupyter's own scripts come from. They remove a node twice when a theme changes while formulas are being set; a widget of ours, and
# whatever it calls of the browser, is not served from there.
JUPYTERS_OWN = ("/static/lab/", "/static/notebook/", "/lab/extensions/@jupyter")


@contextlib.contextmanager
def watched_page(browser: Any, *not_ours: str) -> Iterator[Any]:
    """A fresh page; an AssertionError afterwards if a script in it failed or it asked for anything that is not on this machine.

    An error thrown in a script whose address holds one of `not_ours` is another program's own, and no reason to fail.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    errors: list[str] = []
    outside: list[str] = []
    context.on("request", lambda request: outside.append(request.url) if is_outside(request.url) else None)
    page = context.new_page()

    def note(error: Any) -> None:
        place = _thrown_in(error)
        if not any(part in place for part in not_ours):
            errors.append(f"{error} {place}".strip())
    page.on("pageerror", note)
    try:
        yield page
    finally:
        context.close()
    assert errors == [], f"errors in the page: {errors}"
    assert outside == [], f"requests that leave the machine: {outside}"


def _thrown_in(error: Any) -> str:
    """The first place named in an error's stack."""
    return next((line for line in (getattr(error, "stack", None) or "").splitlines() if "://" in line), "")


def axe_violations(page: Any, selector: str | None = None) -> list[str]:
    """What axe-core finds wrong in the page, or in the element `selector`: rule, impact, and the markup concerned."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=selector).response["violations"]
    return [f"{rule['id']} ({rule['impact']}): {node['html'][:200]}" for rule in found for node in rule["nodes"]]
