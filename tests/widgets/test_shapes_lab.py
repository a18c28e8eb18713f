"""The shape bench by keyboard alone, by mouse, in a saved page, in JupyterLab, in both themes."""
import pytest

import backproplab as bl
from tests import browser as driving


@pytest.fixture
def bench(page, tmp_path):
    """Opens a saved bench; nothing but the page is there."""
    def opened(*args, **options):
        path = bl.save_html(bl.shape_bench(*args, **options), tmp_path / "bench.html")
        page.goto(path.as_uri())
        page.locator(".bs").wait_for()
        return page.locator(".bs")
    return opened


def verdict(bench):
    return bench.locator(".bs-card h2").inner_text()


def keys(page, *pressed):
    for key in pressed:
        page.keyboard.press(key)


def test_by_keyboard_alone_from_the_prediction_to_the_next_question(bench, page):
    found = bench()
    page.keyboard.press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.classList.contains('bs-shape')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("2 x 4")
    page.keyboard.press("Enter")
    assert "numerator layout" in found.locator(".bp-feedback").inner_text() and found.locator(".bs-ghost").count() == 0
    page.keyboard.press("Control+A")
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    assert "Not read." in found.locator(".bp-feedback").inner_text()
    page.keyboard.press("Control+A")
    page.keyboard.type("M x N")
    page.keyboard.press("Enter")
    assert found.locator(".bs-ghost").count() == 1
    keys(page, "x", "g", "Enter")
    assert verdict(found) == "missing transpose" and "B does not face B" in found.locator(".bs-card").inner_text()
    keys(page, "ArrowLeft", "ArrowLeft", "t", "Enter")
    assert verdict(found) == "Right, and this is why" and "so that B faces B" in found.locator(".bs-card").inner_text()
    assert found.locator(".bp-tally").inner_text() == "0 of 1 at once"
    entries = found.locator(".bs-grid button")
    entries.first.focus()
    keys(page, "ArrowDown", "ArrowRight")
    assert "∂L/∂W₂₂ = " in found.locator(".bs-terms").inner_text()
    keys(page, "n")
    assert page.evaluate("document.activeElement.classList.contains('bs-shape')") and "∂L/∂X" in found.locator(".bs-lead").inner_text()
    assert driving.axe_violations(page) == []


def test_lines_are_undone_turned_moved_and_summed_by_keys(bench, page):
    found = bench(predict=False)
    found.locator(".bs-empty").focus()
    keys(page, "g", "Shift+W")
    assert found.locator(".bs-line").inner_text().split()[2:] and found.locator(".bs-token").count() == 3
    keys(page, "Alt+ArrowLeft", "Backspace", "Control+z", "s")
    assert found.locator(".bs-sum").count() == 1
    keys(page, "s", "Escape")
    assert found.locator(".bs-token").count() == 0 and found.get_by_role("button", name="Check", exact=False).first.is_disabled()
    keys(page, "h", "h", "h", "?")
    assert found.locator(".bs-hints li").count() == 3 and found.locator(".bs-keys").is_visible()
    keys(page, "x", "*", "g", "Enter")
    assert verdict(found) == "elementwise instead of matrix product"


def test_by_mouse_pieces_are_dragged_and_thrown_away(bench, page):
    found = bench(predict=False)
    area = found.locator(".bs-left").bounding_box()

    def drag(place, x, y):
        box = place.bounding_box()
        page.mouse.move(box["x"] + 14, box["y"] + 14)
        page.mouse.down()
        page.mouse.move(x, y, steps=5)
        page.mouse.up()
    drag(found.get_by_label("add G, 3 by 2"), area["x"] + 250, area["y"] + 120)
    drag(found.get_by_label("add X transposed, 4 by 3"), area["x"] + 20, area["y"] + 120)
    found.locator(".bs-primary").click()
    assert verdict(found) == "Right, and this is why"
    drag(found.locator(".bs-factor").first, area["x"] + 300, area["y"] - 60)
    assert found.locator(".bs-token").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_level_is_accessible_and_fits_at_every_width(bench, page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = bench(predict=False)
    for k in range(6) if scheme == "dark" else (3, 5):
        found.locator(".bs-top .bs-bar").first.locator("button").nth(k).click()
        found.locator(".bs-empty").focus()
        keys(page, "g", "h", "Enter")
        assert driving.axe_violations(page) == []
        for width in (340, 620, 900):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_formula_of_ones_own_where_only_numbers_tell(bench, page):
    found = bench("Z = X @ W.T")
    found.get_by_role("radio", name="all 3").click()
    found.locator(".bs-empty").focus()
    keys(page, "g", "Shift+W", "Enter")
    assert verdict(found) == "wrong or missing transpose" and found.locator(".bs-off").count() > 0
    keys(page, "t", "Enter")
    assert verdict(found) == "Right, and this is why"


CELL = """
import backproplab as bl
from backproplab import cli
from pathlib import Path
bench = bl.shape_bench(keep=bl.questions.record("kept.json"))
bench
"""


def test_in_jupyterlab_answers_are_kept_and_no_cell_is_lost(page, lab_server):
    driving.run_notebook(page, lab_server, CELL, "1 + 1")
    found = page.locator(".bs").first
    found.wait_for()
    before = driving.cell_count(page)
    found.locator(".bs-shape").fill("4 x 2")
    page.keyboard.press("Enter")
    found.locator(".bs-empty").focus()
    keys(page, "d", "d", "x", "t", "g", "Enter")
    assert verdict(found) == "Right, and this is why" and driving.cell_count(page) == before
    record = lab_server.root / "kept.json"
    for _ in range(50):
        if record.exists() and record.read_text().count('"right": true') == 2:
            break
        page.wait_for_timeout(100)
    assert record.read_text().count('"right": true') == 2
    for dark in (False, True):
        driving.use_theme(page, dark=dark)
        assert driving.axe_violations(page, ".bs") == []
    driving.shut_kernel_down(page)
    keys(page, "n")
    assert "∂L/∂X" in found.locator(".bs-lead").inner_text()
