"""The labs in a browser: by keyboard in saved pages, in both themes and narrow; in JupyterLab with sliders, codes, Cancel and a lost kernel."""
import pytest

import backproplab as bl
from backproplab.experiments import TrainingLab, Vanishing
from tests import browser as driving

MAKERS = {"vanishing": lambda: bl.vanishing_lab(Vanishing(depth=6, width=8, points=32, steps=50)), "dead": bl.dead_relu_lab,
          "training": lambda: bl.training_lab(TrainingLab(points=40, steps=60))}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """One saved page of each lab, with what it holds from the start."""
    folder = tmp_path_factory.mktemp("labs")
    made = {}
    for name, make in MAKERS.items():
        lab = make()
        lab.for_page = lambda: None                                   # the grid of a real page takes seconds and is tested without a browser
        made[name] = bl.save_html(lab, folder / f"{name}.html")
    return made


def tab_to(page, text, count=40):
    """Press Tab until a control of this name has the focus."""
    for _ in range(count):
        page.keyboard.press("Tab")
        if page.evaluate("text => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).includes(text)", text):
            return
    raise AssertionError(f"no Tab leads to {text!r}")


@pytest.mark.parametrize("name", MAKERS)
def test_a_saved_page_is_predicted_and_driven_by_keyboard(name, pages, page):
    page.emulate_media(color_scheme="dark" if name == "dead" else "light")
    page.goto(pages[name].as_uri())
    lab = page.locator(".bl")
    lab.wait_for()
    assert "computed beforehand" in lab.inner_text() and lab.locator(".bl-chart").count() == 0       # the charts are covered
    assert driving.axe_violations(page) == []
    tab_to(page, lab.locator(".bl-predict button").first.inner_text())
    page.keyboard.press("Enter")
    assert lab.locator(".bl-predict strong").inner_text()[0] in "✓✗" and lab.locator(".bl-chart").count() > 2
    told, heading = lab.locator(".bl-told").inner_text(), lab.locator(".bl-tag").first.inner_text()
    assert len(told) > 40
    strips = lab.locator("[data-focus]")
    if strips.count():
        strips.first.focus()
        before = lab.locator(".bl-player output").nth(1).inner_text()
        page.keyboard.press("ArrowDown" if name == "dead" else "ArrowRight")
        assert lab.locator(".bl-player output").nth(1).inner_text() != before
        assert page.evaluate("document.activeElement.dataset.focus")                                 # the focus stays where it was
    slider = lab.get_by_label("Step", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    assert lab.locator(".bl-player output").first.inner_text().startswith("0 of ")
    lab.get_by_role("button", name="Compare A | B").press("Enter")
    assert lab.locator(".bl-side").count() == 2 and "Difference." in lab.locator(".bl-told").inner_text()
    lab.get_by_text("The same as a table").press("Enter")
    lab.get_by_label("The numbers as a table").locator("tbody tr").nth(3).wait_for(state="attached")
    assert driving.axe_violations(page) == []
    code = lab.locator(".bl-code")
    code.fill(f"{code.input_value()} seed=99")
    code.press("Enter")
    assert "not one of them" in lab.locator(".bl-problem").inner_text() and lab.locator(".bl-tag").first.inner_text().endswith(heading)
    for width in (360, 620):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert driving.axe_violations(page) == []


def test_in_jupyterlab_sliders_codes_cancel_and_the_end_of_the_kernel(page, lab_server):
    driving.run_notebook(page, lab_server, "import backproplab as bl\nlab = bl.vanishing_lab(predict=False)\nlab", "bl.dead_relu_lab()")
    lab, other = page.locator(".bl").first, page.locator(".bl").nth(1)
    other.wait_for()
    before = driving.cell_count(page)
    lab.get_by_label("Hidden layers").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.bl-tag').textContent.startsWith('9 layers')")
    lab.get_by_role("radio", name="none").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.bl-tag').textContent.includes('tanh')")
    page.keyboard.type("dd")                                              # in Lab, two of these delete a cell
    code = lab.locator(".bl-code")
    assert code.input_value() == "vanishing depth=9 activation=tanh"
    code.fill("vanishing depth=5000")
    code.press("Enter")
    page.wait_for_function("document.querySelector('.bl-problem').textContent.includes('from 1 to 50')")
    code.fill("vanishing depth=40 steps=10000")
    code.press("Enter")
    page.wait_for_function("document.querySelector('.bl-tag').textContent.startsWith('40 layers')")
    lab.get_by_role("button", name="Cancel").click()
    page.wait_for_function("document.querySelector('.bl-told').textContent.includes('cancelled at step')")
    assert lab.get_by_role("button", name="Do it again").is_visible()
    lab.get_by_role("button", name="it learns").click()
    page.wait_for_function("document.querySelector('.bl-told').textContent.includes('the loss went from')")
    assert driving.cell_count(page) == before
    for dark in (False, True):
        driving.use_theme(page, dark=dark)
        assert driving.axe_violations(page, ".bl") == []
    driving.shut_kernel_down(page)
    other.get_by_role("button", name="a spike alone").click()
    other.get_by_text("No kernel answers").wait_for(timeout=15_000)
    other.get_by_role("button", name="biases of −3").click()
    page.wait_for_function("document.querySelectorAll('.bl')[1].querySelector('.bl-tag').textContent.includes('biases of −3')")
