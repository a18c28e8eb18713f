"""One pass in Notebook 7, which has neither JupyterLab's shell nor its shortcuts: the stepper shows, steps and asks there too."""
from __future__ import annotations

from urllib.parse import quote

import pytest

from tests import browser as driving

pytest.importorskip("notebook", minversion="7", reason="Notebook 7 is not installed")

SOURCE = """
import numpy as np
import backproplab as bl

def example(x, z):
    a = x * z
    b = np.log(x)
    y = np.exp(a) + a / b
    return y

bl.stepper(example, x=2.0, z=3.0)
"""


@pytest.fixture
def page(browser):
    """Watched as ever; but Notebook 7.6 throws an error of its own at every notebook, with or without widgets."""
    with driving.watched_page(browser, "/static/notebook/") as opened:
        yield opened


def test_the_stepper_steps_and_asks_in_notebook_7(page, lab_server):
    """The server of JupyterLab serves Notebook's pages too, where it is installed."""
    page.goto(f"{lab_server.url}/notebooks/{quote(lab_server.add(SOURCE.strip(), '1 + 1'))}")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.locator('.jp-Toolbar-kernelName[aria-label^="Python"]').wait_for(timeout=60_000)       # before that, running does nothing
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    stepper = page.locator(".bp-stepper")
    stepper.wait_for(timeout=60_000)

    def at(name):
        return stepper.locator(f'.bp-node[data-node="{name}"] .bp-grad').text_content()
    stepper.get_by_role("button", name="Next step").click()
    assert stepper.locator(".bp-counter").inner_text() == "2 / 10"
    stepper.get_by_role("button", name="Last step").click()
    assert at("x") == "+1208"        # z e^6 + (z b - z) / b^2 at b = ln 2, by hand
    cells = page.locator(".jp-Notebook .jp-CodeCell").count()
    stepper.locator(".bp-stage").focus()
    for key in ("Home", "ArrowRight", "d", "d", "x", "a", "b"):
        page.keyboard.press(key)
    assert stepper.locator(".bp-counter").inner_text() == "2 / 10" and page.locator(".jp-Notebook .jp-CodeCell").count() == cells
    stepper.get_by_role("switch", name="Predict").click()
    stepper.get_by_role("button", name="Next step").click()
    stepper.locator(".bp-answer").fill("6")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible()
