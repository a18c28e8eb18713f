"""A saved page: it steps from a file, offline, in both themes; nothing in it can break out of its place."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.widgets.hosting import embedded
from tests import browser as driving
from tests.worked_example import example


@pytest.fixture
def saved(tmp_path):
    return bl.save_html(bl.stepper(example, x=2.0, z=3.0), tmp_path / "page.html")


def test_the_page_steps_and_predicts_from_a_file(saved, page):
    page.goto(saved.as_uri())
    page.get_by_role("button", name="Last step").click()
    assert page.locator('.bp-node[data-node="x"] .bp-grad').text_content() == "+1208"
    page.get_by_role("switch", name="Predict").click()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".bp-answer").is_visible()
    page.locator(".bp-answer").fill("809.7")
    page.keyboard.press("Enter")
    assert page.locator(".bp-right").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_page_is_accessible(saved, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(saved.as_uri())
    page.get_by_role("button", name="Last step").click()
    page.locator('.bp-name[title="Go to a"]').click()
    assert driving.axe_violations(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (sum(ground) / 3 < 80) is (scheme == "dark")


@pytest.mark.parametrize("width", [320, 360, 800, 1100])
def test_nothing_hangs_over_the_page_at_any_width(saved, page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(saved.as_uri())
    for _ in range(18):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Next step").click(force=True)


def test_the_page_asks_nobody_for_anything(saved):
    text = saved.read_text(encoding="utf-8")
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_same_widget_gives_the_same_bytes(tmp_path):
    first, second = (bl.save_html(bl.stepper(example, x=2.0, z=3.0), tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second


def test_hostile_text_stays_text(tmp_path, page):
    space = {"np": np}
    exec("def f(x):\n    y = x * 2  # </script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>\n    return y\n", space)
    widget = bl.stepper(space["f"], x=1.0)
    widget.state = widget.state | {"code": ["</script><script>window.broken = 1</script>", "<img src=x onerror='window.broken = 1'>"],
                                   "id": "<b>f</b>"}
    page.goto(bl.save_html(widget, tmp_path / "hostile.html").as_uri())
    page.get_by_role("button", name="Next step").click()
    assert page.evaluate("window.broken") is None and "<img" in page.locator(".bp-source").inner_text()


def test_embedded_json_cannot_end_its_element():
    assert "<" not in embedded({"a": "</script><!--", "b": "\u2028"}) and "\u2028" not in embedded("\u2028")


@pytest.mark.parametrize("thing", [3, "page", None, example])
def test_what_is_no_widget_is_refused(thing, tmp_path):
    with pytest.raises(bl.InputError, match="bl.stepper"):
        bl.save_html(thing, tmp_path / "x.html")


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        bl.save_html(bl.stepper(example, x=2.0, z=3.0), tmp_path / "nowhere" / "x.html")


def number(text):
    return float(text.replace("−", "-"))


def test_version_b_shows_what_the_engines_version_b_does(saved, page):
    """The page makes Version B from the contributions of Version A; the engine runs it. Increment by increment they agree."""
    page.goto(saved.as_uri())
    page.get_by_role("button", name="View").click()
    page.locator(".bp-options .bp-option", has_text="Backward").locator("select").select_option("B")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Last step").click()
    run = bl.trace(example, x=2.0, z=3.0)
    for step in reversed(run.backward_steps("B")):
        rows = page.locator(".bp-ledger tbody tr").all()
        assert page.locator(".bp-panel h2").inner_text().strip() == "Push from" and len(rows) == len(step.increments)
        shown = {}
        for row in rows:
            cells = row.locator("td").all_inner_texts()
            shown[row.locator("th svg").get_attribute("aria-label")] = (number(cells[2]), number(cells[3]))
        for increment in step.increments:
            assert shown[increment.target] == pytest.approx((increment.value, increment.after), rel=1e-3)
        page.keyboard.press("ArrowLeft")
