"""Every control of the stepper, pressed in real JupyterLab: the page itself notes which there are and which were used."""
from tests import browser as driving
from tests.widgets.stepping import SETUP, at, choose, counter, go, title

CELL = SETUP + '\nbl.stepper(example, x=2.0, z=3.0, groups={"end": ["e", "f"]})'

# What can be pressed, typed into or chosen from, by its name; names that hold a variable's are one.
WATCH = """() => {                      // the widget draws itself anew for other letters, so the page is watched
  const controls = '.bp-stepper :is(button, input, select)';
  const name = (e) => (e.getAttribute('aria-label') || e.closest('label')?.querySelector('span')?.textContent || e.textContent || e.className)
    .trim().replace(/^(Go to|About) \\w$/, '$1 one').replace(/^What is .*/, 'the answer').replace(/^Pause$/, 'Play')
    .replace(/^[xz] =$/, 'an input');
  window.seen = new Set();
  window.used = new Set();
  const look = () => { for (const e of document.querySelectorAll(controls)) if (e.checkVisibility({ visibilityProperty: true })) seen.add(name(e)); };
  new MutationObserver(look).observe(document.querySelector('.jp-Notebook'), { subtree: true, childList: true, attributes: true });
  look();
  for (const kind of ['click', 'input', 'change'])
    document.addEventListener(kind, (event) => { const e = event.target.closest(controls); if (e) used.add(name(e)); }, true);
}"""
UNUSED = "[...seen].filter((name) => !used.has(name))"


def press(stepper, name):
    stepper.get_by_role("button", name=name, exact=True).click()


def test_every_control_is_pressed_and_does_what_it_says(page, lab_server):
    page.add_init_script("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    driving.run_notebook(page, lab_server, CELL)
    stepper = page.locator(".bp-stepper").first
    stepper.wait_for()
    page.evaluate(WATCH)

    for name, there in (("Next step", 2), ("Last step", 18), ("Previous step", 17), ("First step", 1)):
        press(stepper, name)
        assert counter(stepper) == f"{there} / 18"
    stepper.get_by_role("slider", name="Step").fill("9")
    assert counter(stepper) == "10 / 18" and title(stepper) == "Gradient of y"
    press(stepper, "Play")
    page.wait_for_function("document.querySelector('.bp-counter').textContent.trim().startsWith('11')")
    press(stepper, "Pause")
    stepper.get_by_role("combobox", name="Go to a variable").fill("a")
    page.keyboard.press("Enter")
    assert title(stepper) == "Gradient of a"
    press(stepper, "Copy the formula as LaTeX")
    assert "g_" in page.evaluate("window.copied")
    width = "e => e.getBoundingClientRect().width"
    fitted = stepper.locator(".bp-graph").evaluate(width)
    press(stepper, "Larger picture")
    larger = stepper.locator(".bp-graph").evaluate(width)
    press(stepper, "Smaller picture")
    assert larger > stepper.locator(".bp-graph").evaluate(width)
    press(stepper, "Fit the picture to the page")
    assert abs(stepper.locator(".bp-graph").evaluate(width) - fitted) < 2
    press(stepper, "About a")
    assert stepper.locator(".bp-card").get_attribute("aria-label") == "About a"
    press(stepper.locator(".bp-card"), "f")
    assert title(stepper) == "Gradient of f"
    page.keyboard.press("Escape")
    stepper.get_by_role("button", name="Keys and signs").click()
    assert stepper.get_by_role("dialog", name="Keys and signs").is_visible()
    page.keyboard.press("Escape")

    go(stepper, "a")
    assert at(stepper, "a") == ("6", "+404.9")
    choose(stepper, "Letters", "leibniz")
    assert "∂y/∂a" in stepper.locator(".bp-line-sym .bp-pieces").get_attribute("aria-label")
    choose(stepper, "Backward", "B")
    assert title(stepper) == "Push from a"
    choose(stepper, "Backward", "A")
    choose(stepper, "Picture", "gates")
    assert stepper.locator(".bp-node").count() > 9
    choose(stepper, "Picture", "boxes")
    choose(stepper, "Playing", "700")
    stepper.get_by_role("button", name="View").click()
    stepper.locator(".bp-fold").click()
    assert stepper.locator(".bp-node").count() == 9
    with page.expect_download() as download:
        press(stepper, "Save the picture (SVG)")
    assert download.value.path().read_text(encoding="utf-8").startswith("<svg")
    press(stepper, "Copy the picture (SVG)")
    assert page.evaluate("window.copied").startswith("<svg")
    page.keyboard.press("Escape")

    stepper.get_by_role("switch", name="Predict").click()
    stepper.get_by_role("combobox", name="What is asked").select_option("all")
    press(stepper, "First step")
    stepper.locator('.bp-name[title="Go to a"]').click()
    press(stepper, "Hint")
    press(stepper, "Hint")
    stepper.locator(".bp-answer").fill("6")
    press(stepper, "Check")
    assert stepper.locator(".bp-right").is_visible()
    press(stepper, "Next step")
    press(stepper, "Reveal")
    assert at(stepper, "b")[0] == "0.6931"
    press(stepper, "Next step")
    press(stepper, "Skip")
    assert at(stepper, "c")[0] != "?"
    stepper.get_by_role("switch", name="Predict").click()

    press(stepper, "change")
    stepper.locator(".bp-field").first.fill("2.5")
    press(stepper, "Compute")
    page.wait_for_function("document.querySelector('.bp-node[data-node=x] .bp-value').textContent === '2.5'")
    boxes = stepper.locator(".bp-node").count()
    choose(stepper, "Boxes", "operations")
    page.wait_for_function("boxes => document.querySelectorAll('.bp-node').length > boxes", arg=boxes)
    assert page.evaluate(UNUSED) == [] and page.evaluate("[...used].filter((name) => !seen.has(name))") == []


def test_a_control_that_nobody_used_is_found(page):
    """Planted: one that is there from the beginning, one that comes later, one that is shown later, and one that never is."""
    page.set_content("""<div class="jp-Notebook"><div class="bp-stepper"><button>Pressed</button><button>Forgotten</button>
                        <label><span>Hidden</span><select hidden><option>1</option></select></label><button hidden>Never</button></div></div>""")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Pressed").click()
    assert page.evaluate(UNUSED) == ["Forgotten"]
    page.evaluate("document.querySelector('select').hidden = false")
    page.evaluate("document.querySelector('.bp-stepper').insertAdjacentHTML('beforeend', '<input aria-label=Later>')")
    assert page.evaluate(UNUSED) == ["Forgotten", "Hidden", "Later"]
    page.get_by_label("Later").fill("1")
    page.get_by_role("button", name="Forgotten").click()
    assert page.evaluate(UNUSED) == ["Hidden"]
