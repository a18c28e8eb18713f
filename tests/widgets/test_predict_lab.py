"""Predict mode in real JupyterLab by keyboard alone: answered, helped, revealed, skipped; and kept in the learner's record."""
import json
import time

from tests import browser as driving

CELL = """
import numpy as np
import backproplab as bl

def example(x, z):
    a = x * z
    b = np.sin(a)
    c = np.exp(a)
    y = b + c
    return y

bl.stepper(example, x=1.3, z=0.7, keep=True)
"""


def tab_to(page, selector, text="", most=40):
    """Press Tab until an element has the focus: nothing is clicked."""
    for _ in range(most):
        if page.evaluate("([s, t]) => document.activeElement?.matches(s) && document.activeElement.textContent.includes(t)", [selector, text]):
            return
        page.keyboard.press("Tab")
    now = page.evaluate('document.activeElement.outerHTML.slice(0, 120)')
    raise AssertionError(f"{selector} is not reached by the Tab key; the focus is on {now}")


def test_predict_by_keyboard_alone_and_it_is_kept(page, lab_server):
    driving.run_notebook(page, lab_server, CELL, "1 + 1")
    stepper = page.locator(".bp-stepper")
    stepper.wait_for()
    cells, feedback = driving.cell_count(page), stepper.locator(".bp-panel .bp-feedback").last
    heading = lambda: stepper.locator(".bp-slider").get_attribute("aria-valuetext").split(", ")[1]          # noqa: E731
    stepper.locator(".bp-switch").focus()                              # where Tab comes to from the cell
    page.keyboard.press("Space")
    tab_to(page, ".bp-stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert heading() == "Compute a"

    tab_to(page, ".bp-answer")
    page.keyboard.type("0.9")                                         # letters and digits are the learner's, not shortcuts of Lab
    page.keyboard.press("Enter")
    assert feedback.inner_text().startswith("Nearly.") or feedback.inner_text().startswith("Not yet.")
    page.keyboard.type("0.91")                                        # what was wrong is selected: typing replaces it
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible()
    page.keyboard.press("ArrowRight")
    assert heading() == "Compute b"

    tab_to(page, ".bp-ask button", "Hint")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-hints li").count() == 2
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")                                      # Reveal
    assert feedback.inner_text().startswith("Revealed.")
    page.keyboard.press("ArrowRight")
    tab_to(page, ".bp-ask button", "Skip")
    page.keyboard.press("Enter")
    assert heading() == "Compute y"

    for _ in range(20):                                               # to the fork: a question is skipped, an arrow steps on
        if heading() == "Gradient of a":
            break
        if page.evaluate("document.activeElement.matches('.bp-answer')"):
            tab_to(page, ".bp-ask button", "Skip")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("ArrowRight")
    tab_to(page, ".bp-answer")
    page.keyboard.type(f"{2.484323:.4f}")                             # e^0.91: what comes back through c alone
    page.keyboard.press("Enter")
    assert "through c alone" in feedback.inner_text()
    page.keyboard.type(f"{2.484323 + 0.613746:.4f}")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible() and stepper.locator(".bp-tally").inner_text() == "0 of 3"
    assert driving.cell_count(page) == cells

    file = lab_server.root / "backproplab-record.json"
    until = time.monotonic() + 30
    while len(answers := json.loads(file.read_text())["answers"] if file.exists() else []) < 3 and time.monotonic() < until:
        page.wait_for_timeout(50)                                     # the kernel writes it
    noted = [(e["right"], e["tries"], e["hints"], e["mistakes"]) for e in answers]
    file.unlink()
    assert noted == [(True, 2, 0, []), (False, 0, 2, []), (True, 2, 0, ["one-path"])]
