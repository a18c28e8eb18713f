"""Steppers in pages of their own: a browser test that needs no kernel opens one of them in a second."""
import pytest

import backproplab as bl
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
