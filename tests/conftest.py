"""Fixtures that several tests share: a JupyterLab, a browser, a page of it."""
from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests import browser as driving

# A busy machine is slow, which says nothing about a law; and what failed in continuous integration must fail again at home.
hypothesis.settings.register_profile("backproplab", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("backproplab")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses a browser is marked so: `-m "not browser"` leaves it out."""
    shaky = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if shaky:                                            # two workers would call it by two names, and none would run anything
        raise pytest.UsageError(f"a test is named by an address in memory; give it ids=: {shaky[0]}")
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def free_port() -> int:
    return driving.free_port()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[driving.LabServer]:
    """A JupyterLab on the loopback interface; one for each worker, started when first asked for."""
    with driving.lab(tmp_path_factory.mktemp("jupyterlab")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """The system's Chromium. One for each file: while playwright runs, its event loop stands in the way of nbval's kernels."""
    path = driving.chromium()
    if path is None:
        message = "no Chromium found; on Debian: apt-get install chromium fonts-dejavu-core"
        if driving.browser_required():
            pytest.fail(f"{message} (BACKPROPLAB_REQUIRE_BROWSER is set)")
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=driving.FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh page, watched: see `tests.browser.watched_page`."""
    with driving.watched_page(browser, *driving.JUPYTERS_OWN) as opened:
        yield opened
