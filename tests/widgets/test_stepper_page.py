"""The stepper in a page of its own, without a kernel: other pictures, groups, going to a variable, touch, small windows, what is spoken."""
import re

import pytest

from tests import browser as driving
from tests.widgets.stepping import at, choose, counter, go, title


def shown(stepper, node, kind):
    return stepper.locator(f'.bp-node[data-node="{node}"] .bp-{kind}').text_content()


def test_every_picture_takes_the_same_steps(opened):
    stepper = opened("example")
    go(stepper, "a")
    for style, nodes in (("gates", 10), ("variables", 16), ("boxes", 9)):
        choose(stepper, "Picture", style)
        assert stepper.locator(".bp-node").count() == nodes and counter(stepper) == "16 / 18"
        assert at(stepper, "a") == ("6", "+404.9") and at(stepper, "x") == ("2", "")
        assert stepper.locator(".bp-node.bp-current").count() == 1 and stepper.locator(".bp-ticket.bp-on").count() == 3
        assert stepper.locator(".bp-edge-back.bp-on").count() >= 3
        marks = stepper.locator(".bp-ticket.bp-on .bp-index-text").all_text_contents()
        assert sorted(marks) == ["1", "2", "3"]
    choose(stepper, "Picture", "gates")
    stepper.locator('.bp-node[data-node="t1"] .bp-box').click(position={"x": 4, "y": 17})      # d + e stands in the line of y
    assert title(stepper) == "Gradient of y" and shown(stepper, "t1", "value") == "412.1"


def test_a_circuit_does_not_give_a_prediction_away(opened):
    stepper = opened("predict")
    choose(stepper, "Picture", "gates")
    stepper.locator('.bp-name[title="Go to y"]').click()
    assert stepper.locator(".bp-answer").is_visible() and shown(stepper, "y", "value") == "?" and shown(stepper, "t1", "value") == ""
    stepper.get_by_role("button", name="Reveal").click()
    assert shown(stepper, "y", "value") == "412.2" and shown(stepper, "t1", "value") == "412.1"


def test_a_large_graph_says_that_other_pictures_need_a_kernel(opened):
    stepper = opened("chain")
    stepper.get_by_role("button", name="View").click()
    card = stepper.get_by_role("dialog", name="View")
    assert card.locator("label:has-text('Picture') option").all_inner_texts() == ["functions in boxes"]
    assert "need a kernel" in card.locator(".bp-option-note").inner_text()


def test_groups_open_in_their_place_and_fold_again(opened, page):
    stepper = opened("groups")
    boxes = stepper.locator(".bp-node")
    names = "els => els.map(e => e.dataset.node)"
    assert boxes.evaluate_all(names) == ["x", "w", "v", "first", "second"]
    stepper.locator('.bp-name[title="Go to b"]').click()
    group = stepper.locator('.bp-node[data-node="second"]')
    assert "bp-current" in stepper.locator('.bp-node[data-node="first"]').get_attribute("class")
    stepper.locator('.bp-name[title="Go to c"]').click()
    assert "bp-current" in group.get_attribute("class") and group.locator(".bp-member").text_content() == "▸ c"
    stepper.locator('.bp-name[title="Go to b"]').click()
    assert group.locator(".bp-member").text_content() == ""
    stepper.locator('.bp-node[data-node="first"]').click()
    assert set(boxes.evaluate_all(names)) == {"x", "w", "v", "a", "b", "second"} and title(stepper) == "Compute b"
    stepper.get_by_role("button", name="View").click()
    buttons = stepper.locator(".bp-fold")
    assert [b.get_attribute("aria-pressed") for b in buttons.all()] == ["true", "false"]
    buttons.nth(1).click()
    page.keyboard.press("Escape")
    assert boxes.count() == 7 and stepper.locator(".bp-opened-title").count() == 2
    stepper.locator('.bp-opened-title[data-group="first"]').click()
    assert set(boxes.evaluate_all(names)) == {"x", "w", "v", "c", "y", "first"}


def test_many_groups_open_by_the_kernel_only(opened):
    stepper = opened("three groups")
    stepper.locator('.bp-node[data-node="c"]').click()
    assert "no kernel" in stepper.locator(".bp-note-line").inner_text() and stepper.locator(".bp-node").count() == 9


def test_going_to_a_variable_by_its_name(opened, page):
    stepper = opened("example")
    stepper.locator(".bp-stage").focus()
    page.keyboard.press("/")
    field, note = stepper.get_by_role("combobox", name="Go to a variable"), stepper.locator(".bp-note-line")
    for nonsense, said in (("q", "no variable q"), ("<b>x</b>", "no variable <b>x</b>"), ("9" * 300, "no variable 999"), ("a b", "no variable a b")):
        field.fill(nonsense)
        page.keyboard.press("Enter")
        assert said in note.inner_text() and "There are x, z, a, b, c, d, e, f, y." in note.inner_text() and title(stepper) == "Input x"
    field.fill(" E ")
    page.keyboard.press("Enter")
    assert title(stepper) == "Compute e" and note.inner_text() == "" and field.input_value() == ""
    page.keyboard.press("ArrowRight")
    assert title(stepper) == "Compute f"


def test_two_fingers_zoom_and_one_pans(browser, address):
    context = browser.new_context(viewport={"width": 420, "height": 800}, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address("example"))
    stage, graph = page.locator(".bp-stage"), page.locator(".bp-graph")
    graph.wait_for()
    page.get_by_role("button", name="Next step").tap()
    assert page.locator(".bp-counter").inner_text() == "2 / 18"
    box, touch = stage.bounding_box(), context.new_cdp_session(page)

    def fingers(kind, *points):
        places = [{"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    before = graph.evaluate("g => g.clientWidth")
    fingers("touchStart", (180, 200), (220, 200))
    for far in range(10, 90, 10):
        fingers("touchMove", (180 - far, 200), (220 + far, 200))
    fingers("touchEnd")
    wide = graph.evaluate("g => g.clientWidth")
    assert wide > 1.8 * before and page.evaluate("visualViewport.scale") == 1
    start = stage.evaluate("s => s.scrollLeft")
    fingers("touchStart", (250, 200))
    for x in range(250, 90, -10):
        fingers("touchMove", (x, 200))
    fingers("touchEnd")
    page.wait_for_function("start => document.querySelector('.bp-stage').scrollLeft > start + 40", arg=start, timeout=5_000)
    assert graph.evaluate("g => g.clientWidth") == wide
    context.close()


SMALL = """() => [...document.querySelectorAll('.bp-stepper :is(button, input, select, [role=switch])')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => [e.getAttribute('aria-label') ?? e.textContent, e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 24 || r.height < 24).map(([name, r]) => `${name}: ${r.width} x ${r.height}`)"""


# 640 x 450 is a window of 1280 x 900 at 200 %
@pytest.mark.parametrize("width, height", [(320, 640), (640, 450), (1300, 900)])
def test_everything_can_be_reached_and_hit_in_any_window(opened, page, width, height):
    stepper = opened("predict", width, height)
    go(stepper, "a")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [s for s in page.evaluate(SMALL) if not s.startswith("Step:")] == []
    for name in ("View", "Keys and signs"):
        stepper.get_by_role("button", name=name).click()
        card = stepper.get_by_role("dialog", name=name).bounding_box()
        assert card["x"] >= 0 and card["x"] + card["width"] <= width and card["y"] >= 0 and card["y"] + card["height"] <= height
        page.keyboard.press("Escape")
    for place in (".bp-answer", ".bp-zoom button >> nth=1", ".bp-find", ".bp-next", ".bp-about"):
        stepper.locator(place).click()
    stepper.locator(".bp-answer").fill("404.9")
    page.keyboard.press("Enter")
    assert at(stepper, "a")[1] == "+404.9"


@pytest.mark.parametrize("width", [700, 1100])
def test_in_a_low_window_the_picture_and_its_formula_are_seen_at_once(opened, width):
    stepper = opened("example", width, 700)
    go(stepper, "a")
    assert "bp-more" not in stepper.locator(".bp-stage").get_attribute("class")       # nothing of the picture lies beyond an edge
    seen = [".bp-controls", '.bp-node[data-node="x"]', '.bp-node[data-node="f"]', ".bp-line-sym", ".bp-line-num"]
    for place in [*seen, ".bp-total"] if width == 700 else seen:
        box = stepper.locator(place).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 700, place


def test_dragging_the_slider_speaks_once(opened, page):
    stepper = opened("example")
    page.wait_for_function("document.querySelector('.bp-status').textContent !== ''")
    said = page.evaluate("""() => new Promise((done) => {
      const status = document.querySelector('.bp-status'), slider = document.querySelector('.bp-slider'), said = [];
      const note = (changes) => said.push(...changes.flatMap((change) => [...change.addedNodes].map((text) => text.data)));
      new MutationObserver(note).observe(status, { childList: true });
      setTimeout(() => done(said), 600);
      for (let i = 1; i < 16; i++) { slider.value = i; slider.dispatchEvent(new Event('input')); }
    })""")
    assert len(said) == 1 and said[0].startswith("Step 16 of 18") and counter(stepper) == "16 / 18"


def test_the_speed_of_play(page, address):
    page.clock.install()
    page.goto(address("example"))
    stepper = page.locator(".bp-stepper")
    for speed, interval in (("700", 700), ("3200", 3200)):
        choose(stepper, "Playing", speed)
        stepper.get_by_role("button", name="First step").click() if counter(stepper) != "1 / 18" else None
        stepper.get_by_role("button", name="Play").click()
        page.clock.run_for(interval - 50)
        assert counter(stepper) == "1 / 18"
        page.clock.run_for(interval + 100)
        assert counter(stepper) == "3 / 18"
        stepper.get_by_role("button", name="Pause").click()


def test_a_formula_is_copied_as_latex(opened, page):
    page.add_init_script("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    stepper = opened("example")
    go(stepper, "a")
    stepper.get_by_role("button", name="Copy the formula as LaTeX").click()
    assert re.search(r"g_\{?d\}?.*\\frac", page.evaluate("window.copied"))
    choose(stepper, "Letters", "leibniz")
    stepper.get_by_role("button", name="Copy the formula as LaTeX").click()
    assert r"\partial" in page.evaluate("window.copied")


def test_forced_colours_keep_every_sign(opened, page):
    page.emulate_media(forced_colors="active")
    stepper = opened("example")
    go(stepper, "a")
    width = "e => parseFloat(getComputedStyle(e).strokeWidth)"
    assert stepper.locator('.bp-node[data-node="a"] .bp-box').evaluate(width) > 2 * stepper.locator('.bp-node[data-node="b"] .bp-box').evaluate(width)
    line = "e => { const s = getComputedStyle(e); return [s.borderLeftColor, s.backgroundColor]; }"
    here, other = (stepper.locator(f".bp-source li{k}").first.evaluate(line) for k in (".bp-here", ":not(.bp-here)"))
    assert here[0] != other[0]
    assert driving.axe_violations(page, ".bp-stepper") == []


@pytest.mark.parametrize("style", ["gates", "variables"])
def test_every_picture_is_accessible(opened, page, style):
    stepper = opened("groups", 900)
    stepper.get_by_role("button", name="View").click()
    assert driving.axe_violations(page, ".bp-options") == []
    page.keyboard.press("Escape")
    choose(stepper, "Picture", style)
    go(stepper, "a")
    assert driving.axe_violations(page, ".bp-stepper") == []


def test_letters_and_versions_are_switched_without_a_kernel(opened, page):
    stepper = opened("example")
    go(stepper, "a")
    choose(stepper, "Letters", "leibniz")
    assert counter(stepper) == "16 / 18" and stepper.locator(".bp-line-sym .bp-pieces").get_attribute("aria-label").startswith("∂y/∂a = ")
    choose(stepper, "Backward", "B")
    assert title(stepper) == "Push from a"
    rows = [row.split() for row in stepper.locator(".bp-ledger tbody tr").all_inner_texts()]
    assert [row[-3:] for row in rows] == [["2", "of", "2"], ["1", "of", "1"]] and rows[0][-4] == "+1208"
    stepper.get_by_role("button", name="Previous step").click()
    assert at(stepper, "x") == ("2", "−6.18") and "bp-partial" in stepper.locator('.bp-node[data-node="x"]').get_attribute("class")
    choose(stepper, "Backward", "A")
    assert at(stepper, "x") == ("2", "")


def test_a_variable_has_a_card(opened, page):
    stepper = opened("example")
    stepper.locator(".bp-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    card = stepper.locator(".bp-card")
    text = " ".join(card.inner_text().split())
    assert card.get_attribute("aria-label") == "About a" and card.locator("table").count() == 2
    assert "+3" in text and "+2" in text and "+403.42879" in text
    assert driving.axe_violations(page, ".bp-card") == []
    card.get_by_role("button").last.click()
    assert title(stepper) == "Compute f"


def test_the_picture_is_enlarged_and_saved(opened, page):
    stepper = opened("example")
    width = "e => e.getBoundingClientRect().width"
    before = stepper.locator(".bp-graph").evaluate(width)
    stepper.get_by_role("button", name="Larger picture").click()
    stepper.get_by_role("button", name="Larger picture").click()
    assert stepper.locator(".bp-graph").evaluate(width) > 1.2 * before and "bp-more" in stepper.locator(".bp-stage").get_attribute("class")
    stepper.get_by_role("button", name="Fit the picture to the page").click()
    assert stepper.locator(".bp-graph").evaluate(width) == pytest.approx(before, abs=1)
    go(stepper, "a")
    stepper.get_by_role("button", name="View").click()
    with page.expect_download() as download:
        stepper.get_by_role("button", name="Save the picture").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "example.svg" and text.startswith("<svg") and "+404.9" in text and "class=" not in text
