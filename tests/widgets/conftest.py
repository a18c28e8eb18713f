"""Steppers in pages of their own, where a browser test needs no kernel and opens one in a second; and steppers in JupyterLab."""
import pytest

import backproplab as bl
from tests import browser as driving
from tests.widgets.stepping import MADE


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of the page of one of the steppers above."""
    folder, made = tmp_path_factory.mktemp("steppers"), {}

    def of(name):
        made[name] = made.get(name) or bl.save_html(MADE[name](), folder / f"{name}.html").as_uri()
        return made[name]
    return of


@pytest.fixture
def opened(page, address):
    def one(name, width=1300, height=900):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address(name))
        stepper = page.locator(".bp-stepper")
        stepper.wait_for()
        return stepper
    return one


@pytest.fixture
def lab(page, lab_server):
    """Opens a notebook with these cells, runs it, and gives the first stepper."""
    def opened(*cells):
        driving.run_notebook(page, lab_server, *cells)
        stepper = page.locator(".bp-stepper").first
        stepper.wait_for()
        return stepper
    return opened
