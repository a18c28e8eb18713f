"""The Jacobian viewer by keyboard and mouse, in a saved page, in JupyterLab, in both themes."""
import pytest

import backproplab as bl
from tests import browser as driving


@pytest.fixture
def viewer(page, tmp_path):
    def opened(**options):
        page.goto(bl.save_html(bl.jacobian_viewer(**options), tmp_path / "jacobian.html").as_uri())
        page.locator(".jv").wait_for()
        return page.locator(".jv")
    return opened


def test_entries_are_read_by_keyboard_in_both_layouts_and_by_index(viewer, page):
    found = viewer()
    formula = found.locator(".jv-formula")
    found.locator(".jv-on").focus()
    assert formula.inner_text() == "∂z₁/∂W₁₁ = x₁ = 1"
    page.keyboard.press("ArrowDown")
    assert "never reads" in found.locator(".jv-side").inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    assert formula.inner_text() == "∂z₂/∂W₁₂ = x₁ = 1" and "8 × 2" in found.locator(".jv-title").inner_text()
    page.keyboard.press("PageDown")
    assert formula.inner_text() == "∂z₂/∂W₄₂ = x₄ = 0.5"
    page.keyboard.press("i")
    assert found.locator(".jv-box").count() == 2 and page.evaluate("document.activeElement.classList.contains('jv-on')")
    page.keyboard.press("ArrowUp")
    assert formula.inner_text() == "∂z₂/∂W₃₂ = x₃ = 3"
    page.keyboard.press("i")
    page.keyboard.press("v")
    assert found.locator(".jv-sum").all_inner_texts() == ["2", "−1", "−4", "2", "6", "−3", "1", "−0.5"]
    assert "8.6 GB" in found.locator(".jv-collapse").inner_text() and "16 kB" in found.locator(".jv-collapse").inner_text()


def test_every_node_is_accessible_and_fits(viewer, page):
    found = viewer(product=True)
    bar = found.locator(".bs-bar").first.locator("button")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for k in (1, 4, 7, 11):
            bar.nth(k).click()
            assert driving.axe_violations(page) == []
    for width in (340, 700):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


CELL = """
import numpy as np
import backproplab as bl

def layer(X, W):
    Z = X @ W
    H = np.tanh(Z)
    return H

bl.jacobian_viewer(layer, X=np.array([[1., -2.], [.5, 1.]]), W=np.array([[.3, -.2], [.1, .4]]))
"""


def test_a_function_of_ones_own_in_jupyterlab(page, lab_server):
    driving.run_notebook(page, lab_server, CELL, "1 + 1")
    found = page.locator(".jv").first
    found.wait_for()
    before = driving.cell_count(page)
    found.locator(".bs-bar").first.get_by_text("H by Z").click()
    found.locator("[data-at='0,0']").click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert found.locator(".jv-formula").inner_text().startswith("∂H₁₁/∂Z₁₁ = 1 − H₁₁² = ") and driving.cell_count(page) == before
    for dark in (False, True):
        driving.use_theme(page, dark=dark)
        assert driving.axe_violations(page, ".jv") == []
