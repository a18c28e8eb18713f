"""Shape bench, shape quiz and Jacobian viewer in exported lessons, where there is no kernel: by mouse, and by keyboard alone."""
import re
from pathlib import Path

import pytest

import backproplab as bl
from backproplab import cli
from tests import browser as driving

POSED = bl.shape_quiz("all", count=6).posed                              # the quiz of lesson 06


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    assert cli.main(["export", "06", "07", "--out", str(folder)]) == cli.DONE
    return {path.name[:2]: path.as_uri() for path in folder.glob("0*.html")}


WIDGETS = Path(bl.__file__).parent / "widgets"


def classes(*patterns):
    texts = [path.read_text(encoding="utf-8") for pattern in patterns for path in WIDGETS.glob(pattern)]
    return set(re.findall(r"\bbs-[a-z-]*[a-z]", "\n".join(texts)))


def test_a_page_and_the_bench_in_it_share_no_class():
    """They did: a formula in the prose of a lesson stood too high, because the bench had a class of that name."""
    page, bench = classes("site/*.py", "css/site.css", "js/site.js"), classes("css/shapes.css", "js/shapes-*.js", "js/jacobian-*.js")
    assert {"bs-formula", "bs-inline", "bs-cell"} <= page and {"bs-token", "bs-tray"} & bench
    assert page & bench == set()


def test_a_formula_in_the_prose_stands_on_its_line(page, lessons):
    page.goto(lessons["06"])
    assert page.locator(".bs-inline").first.evaluate("e => [getComputedStyle(e).display, getComputedStyle(e).marginLeft]") == ["inline", "0px"]


def shown(page, address, widget):
    page.goto(address)
    found = page.locator(widget).first
    found.wait_for()
    return found


def tab_to(page, selector, text=""):
    """Press Tab until what is wanted has the focus."""
    for _ in range(120):
        if page.evaluate("([css, text]) => (at => at.matches(css) && at.textContent.includes(text))(document.activeElement)", [selector, text]):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector} {text}")


def test_the_bench_by_mouse(page, lessons):
    found = shown(page, lessons["06"], ".bs")
    found.get_by_role("button", name="Show it").click()
    found.get_by_role("button", name="add X transposed").click()
    found.get_by_role("button", name="add G,").click()
    found.locator(".bs-primary").click()
    assert found.locator(".bs-card h2").inner_text() == "Right, and this is why"


def test_what_is_asked_stands_beside_its_box(page, lessons):
    found = shown(page, lessons["06"], ".bs")
    found.get_by_role("button", name="Show it").click()
    box = found.locator(".bs-ghost rect").bounding_box()
    for text in found.locator("svg text", has_text="asked").all():
        assert text.bounding_box()["x"] >= box["x"] + box["width"]


def test_the_quiz_by_mouse_and_by_keyboard_alone(page, lessons):
    quiz = shown(page, lessons["06"], ".bp-quiz")
    feedback = quiz.locator(".bp-feedback")
    wrong = next(w for w in POSED[0].wrong if "layout" in w["names"])
    quiz.locator(".bp-answer").fill(str(tuple(wrong["value"])))
    quiz.get_by_role("button", name="Check").click()
    assert feedback.inner_text().startswith("Not yet.") and wrong["why"] in feedback.inner_text()
    quiz.locator(".bp-answer").fill("nonsense ∞")
    quiz.get_by_role("button", name="Check").click()
    assert feedback.inner_text().startswith("Not read.")
    quiz.locator(".bp-answer").fill(str(tuple(POSED[0].answer)))
    quiz.get_by_role("button", name="Check").click()
    quiz.locator(".bp-feedback.bp-right").wait_for()
    quiz.get_by_role("button", name="Next question").click()
    assert quiz.locator(".bp-here").inner_text() == "2"

    page.reload()
    page.locator(".bp-quiz").first.wait_for()
    for k, posed in enumerate(POSED):
        tab_to(page, ".bp-quiz .bp-answer")
        page.keyboard.type(" x ".join(map(str, posed.answer)) or "scalar")
        page.keyboard.press("Enter")
        quiz.locator(".bp-feedback.bp-right").wait_for()
        if k < len(POSED) - 1:
            tab_to(page, ".bp-quiz button", "Next question")
            page.keyboard.press("Enter")
    assert quiz.locator(".bp-tally").inner_text() == f"{len(POSED)} of {len(POSED)} at once"


def test_the_viewer_by_mouse_and_by_keyboard_alone(page, lessons):
    viewer = shown(page, lessons["07"], ".jv")
    viewer.get_by_role("radio", name="z by W").click()
    viewer.locator("[data-at='1,3']").click()
    assert viewer.locator(".jv-formula").inner_text() == "∂z₂/∂W₂₂ = x₂ = −1"
    viewer.get_by_role("radio", name="denominator: rows are inputs").click()
    assert "6 × 2" in viewer.locator(".jv-title").inner_text()
    viewer.get_by_role("radio", name="by index").click()
    viewer.get_by_role("button", name="Never form it").click()
    assert viewer.locator(".jv-box").count() == 2 and "every box at W₂₂" in viewer.locator(".jv-terms").inner_text()
    assert "8.6 GB" in viewer.locator(".jv-collapse").inner_text()

    page.reload()
    viewer.wait_for()
    tab_to(page, ".jv [role=radio]")
    page.keyboard.press("ArrowRight")
    assert "∂z/∂W" in viewer.locator(".jv-title").inner_text()
    tab_to(page, ".jv .jv-on")
    for key in ("PageDown", "End", "l", "v"):
        page.keyboard.press(key)
    assert viewer.locator(".jv-formula").inner_text() == "∂z₂/∂W₃₂ = x₃ = 2" and "6 × 2" in viewer.locator(".jv-title").inner_text()
    assert "8.6 GB" in viewer.locator(".jv-collapse").inner_text()
    assert driving.axe_violations(page, ".jv") == []
