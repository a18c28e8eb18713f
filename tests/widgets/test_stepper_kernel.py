"""What the stepper asks of its kernel, in real JupyterLab: other inputs, other boxes, a Jacobian, a picture that the page does not carry."""
from tests import browser as driving
from tests.widgets.stepping import NEURON, SETUP, STEPPER, at, choose, go, title


def test_inputs_are_changed_by_the_kernel(lab, page):
    stepper = lab(STEPPER)
    go(stepper, "a")
    stepper.get_by_role("button", name="change").click()
    field = stepper.locator('.bp-field[name="x"]')
    for text, said in (("four", "put the value of four in"), ("", "Nothing was typed"), ("nan", "NaN")):
        field.fill(text)
        page.keyboard.press("Enter")
        page.wait_for_function("said => document.querySelector('.bp-note-line').textContent.includes(said)", arg=said, timeout=15_000)
        assert at(stepper, "x")[0] == "2"
    field.fill("1/2")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bp-node[data-node=x] .bp-value').textContent === '0.5'", timeout=15_000)
    assert title(stepper) == "Gradient of a" and stepper.locator(".bp-at").inner_text().startswith("x = 0.5")
    choose(stepper, "Boxes", "operations")
    page.wait_for_function("document.querySelectorAll('.bp-node').length === 10", timeout=15_000)
    assert title(stepper) == "Gradient of a"


def test_the_jacobian_of_a_use_is_shown_on_demand(lab, page):
    stepper = lab(NEURON)
    go(stepper, "Z")
    stepper.get_by_role("button", name="About Z").click()
    card = stepper.locator(".bp-card")
    card.get_by_role("button", name="Jacobian").last.click()
    card.locator(".bp-jacobian .bp-cells").wait_for(timeout=15_000)
    text = card.locator(".bp-jacobian").inner_text()
    assert "∂H/∂Z" in text and "diagonal" in text and "0 of 36" not in text
    assert card.locator(".bp-jacobian .bp-cells span").count() == 36 and title(stepper) == "Gradient of Z"


def test_the_kernel_draws_what_the_page_does_not_carry(lab, page):
    stepper = lab(SETUP + """
def chain(x):
    h = x
    for _ in range(20):
        h = np.sin(h) * 1.1
    return h

run = bl.trace(chain, x=0.5)
bl.stepper(run, groups={"first": ["h", "h_1"], "second": ["h_3", "h_4"], "third": ["h_6", "h_7"]})""")
    nodes = "n => document.querySelectorAll('.bp-node').length === n"
    go(stepper, "h_2")
    stepper.locator('.bp-node[data-node="second"]').click()
    page.wait_for_function(nodes, arg=19, timeout=15_000)
    assert title(stepper) == "Gradient of h_2" and stepper.locator('.bp-opened[data-group="second"]').count() >= 1
    choose(stepper, "Picture", "gates")
    page.wait_for_function(nodes, arg=41, timeout=15_000)
    assert title(stepper) == "Gradient of h_2" and at(stepper, "h_2")[1] != ""
    driving.shut_kernel_down(page)
    stepper.get_by_role("button", name="change").click()
    stepper.locator('.bp-field[name="x"]').fill("3")
    page.keyboard.press("Enter")
    choose(stepper, "Picture", "variables")
    page.wait_for_function("/kernel/.test(document.querySelector('.bp-note-line').textContent)", timeout=15_000)
    stepper.get_by_role("button", name="View").click()
    assert stepper.locator(".bp-option:has(> span:text-is('Picture')) select").input_value() == "gates" and at(stepper, "x")[0] == "0.5"
