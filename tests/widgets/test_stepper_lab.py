"""The stepper in real JupyterLab, with keys, in both themes, with the kernel gone."""
from tests import browser as driving
from tests.widgets.stepping import NEURON, STEPPER, counter, go, title


def test_keys_step_and_no_cell_is_lost(lab, page):
    stepper = lab(STEPPER, "1 + 1", "2 + 2")
    stepper.locator(".bp-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert counter(stepper) == "3 / 18"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert counter(stepper) == "17 / 18"
    page.keyboard.press("Home")
    page.keyboard.press("?")
    assert stepper.get_by_role("dialog", name="Keys and signs").is_visible()
    page.keyboard.press("Escape")
    cells, steppers = driving.cell_count(page), page.locator(".bp-stepper").count()
    for place in (".bp-stage", ".bp-next", ".bp-slider", ".bp-switch", ".bp-name >> nth=0"):
        stepper.locator(place).focus()
        page.keyboard.press("d")
        page.keyboard.press("d")
        page.keyboard.press("a")
        page.keyboard.press("x")
    assert driving.cell_count(page) == cells and page.locator(".bp-stepper").count() == steppers == 1


def test_stepping_sends_the_kernel_nothing_and_outlives_it(page, lab_server):
    traffic = driving.KernelTraffic(page)
    driving.run_notebook(page, lab_server, STEPPER)
    stepper = page.locator(".bp-stepper").first
    stepper.wait_for()
    before = -1
    while before != len(traffic.sent):                                # what the start sends is not of stepping
        before = len(traffic.sent)
        page.wait_for_timeout(700)
    for _ in range(17):
        stepper.get_by_role("button", name="Next step").click()
    page.wait_for_timeout(700)
    assert len(traffic.sent) == before > 0
    driving.shut_kernel_down(page)
    stepper.get_by_role("button", name="First step").click()
    stepper.locator(".bp-stage").focus()
    page.keyboard.press("ArrowRight")
    assert counter(stepper) == "2 / 18"
    stepper.get_by_role("switch", name="Predict").click()
    page.keyboard.press("ArrowRight")
    assert title(stepper) == "Compute a"
    stepper.locator(".bp-answer").fill("6")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible()


def test_both_themes_are_accessible(lab, page):
    lab(STEPPER, NEURON)
    for k, name in enumerate(("a", "W")):
        stepper = page.locator(".bp-stepper").nth(k)
        go(stepper, name)
    stepper.get_by_role("switch", name="Predict").click()
    for dark in (False, True):
        driving.use_theme(page, dark)
        ground = page.locator(".bp-stepper").first.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number)")
        assert (sum(ground[:3]) / 3 < 80) is dark
        page.wait_for_timeout(300)
        assert driving.axe_violations(page, ".bp-stepper") == []
