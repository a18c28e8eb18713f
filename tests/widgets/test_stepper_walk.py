"""Walking through the stepper in a page of its own: buttons, the fork, playing, what is said, predictions, arrays, a narrow cell."""
from tests.widgets.stepping import at, counter, go, title


def test_buttons_walk_forward_and_backward(opened):
    stepper = opened("example")
    assert counter(stepper) == "1 / 18" and stepper.get_by_role("button", name="Previous step").is_disabled()
    for _ in range(3):
        stepper.get_by_role("button", name="Next step").click()
    assert counter(stepper) == "4 / 18" and title(stepper) == "Compute b" and at(stepper, "b")[0] == "0.6931" and at(stepper, "c")[0] == ""
    stepper.get_by_role("button", name="Last step").click()
    assert counter(stepper) == "18 / 18" and at(stepper, "x") == ("2", "+1208")
    stepper.get_by_role("button", name="Previous step").click()
    assert title(stepper) == "Gradient of z" and at(stepper, "z")[1] == "+809.7" and at(stepper, "x")[1] == ""
    stepper.get_by_role("button", name="First step").click()
    assert counter(stepper) == "1 / 18"


def test_the_fork_adds_up_as_printed(opened):
    stepper = opened("example")
    go(stepper, "a")
    assert title(stepper) == "Gradient of a"
    rows = [row.split() for row in stepper.locator(".bp-ledger tbody tr").all_inner_texts()]
    assert [row[-2:] for row in rows] == [["+403.42879", "+403.42879"], ["+1.44270", "+404.87149"], ["−0.01775", "+404.85374"]]
    assert stepper.locator(".bp-ticket.bp-on").count() == 3 and stepper.locator(".bp-sum.bp-on").count() == 1
    marks = stepper.locator(".bp-source .bp-use .bp-gutter").all_inner_texts()
    assert marks == ["1", "2", "3"] and stepper.locator(".bp-named").all_inner_texts() == ["a", "a", "a"]


def test_space_plays_and_pauses(opened, page):
    stepper = opened("example")
    stepper.locator(".bp-stage").focus()
    page.keyboard.press("Space")
    assert stepper.get_by_role("button", name="Pause").is_visible()
    page.wait_for_function("document.querySelector('.bp-counter').textContent === '2 / 18'", timeout=10_000)
    page.keyboard.press("Space")
    assert stepper.get_by_role("button", name="Play").is_visible()


def test_a_step_is_said_in_words(opened, page):
    stepper = opened("example")
    go(stepper, "a")
    page.wait_for_function("document.querySelector('.bp-status').textContent.startsWith('Step 16')", timeout=5_000)
    said = stepper.locator(".bp-status").inner_text()
    assert "through d, +1 times +403.42879 is +403.42879" in said and said.endswith("Gradient +404.9.")


def test_a_prediction_is_asked_read_and_judged(opened, page):
    stepper = opened("predict")
    go(stepper, "a")
    assert at(stepper, "a")[1] == "?" and "404.8" not in stepper.inner_text() and "403.4" not in stepper.locator(".bp-panel").inner_text()
    box, feedback = stepper.locator(".bp-answer"), stepper.locator(".bp-feedback")

    def type_(text):
        box.fill(text)
        page.keyboard.press("Enter")
        return feedback.inner_text()
    for nonsense in ("", "   ", "NaN", "inf", "four", "1/0", "1e999", "<b>1</b>", "2 apples", "9" * 150):
        assert type_(nonsense).startswith("Not read."), nonsense
    assert type_("7").startswith("Not yet.")
    assert type_("400").startswith("Nearly.")
    assert type_("1.4427").startswith("Not yet. Looks like this: a is used three times") and "through e alone" in feedback.inner_text()
    assert at(stepper, "a")[1] == "?"
    box.fill(" 404,9 ")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").inner_text().startswith("✓ Right.") and at(stepper, "a")[1] == "+404.9"
    page.keyboard.press("ArrowRight")
    assert title(stepper) == "Gradient of z" and stepper.locator(".bp-answer").is_visible()
    stepper.get_by_role("button", name="Reveal").click()
    assert stepper.locator(".bp-feedback").inner_text().startswith("Revealed.") and at(stepper, "z")[1] == "+809.7"


def test_hints_come_one_at_a_time_and_cost_the_first_try(opened, page):
    stepper = opened("predict")
    go(stepper, "b")
    hint = stepper.get_by_role("button", name="Hint")
    for k in range(1, 4):
        assert hint.is_enabled()
        hint.click()
        assert stepper.locator(".bp-hints li").count() == k
    assert hint.is_disabled()
    stepper.locator(".bp-answer").fill("-12.36")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible() and stepper.locator(".bp-tally").inner_text() == "0 of 1"


def test_every_factor_and_sum_can_be_asked_in_turn(opened, page):
    stepper = opened("every sum")
    go(stepper, "a")
    answers = {"local derivative of d": "403.43", "local derivative of e": "1.4427", "local derivative of f": "-0.017749", "sum after e": "404.87",
               "does d send": "403.43", "does e send": "1.4427", "does f send": "-0.017749", "gradient of a": "404.85"}
    seen = []
    while stepper.locator(".bp-answer").count():
        asked = stepper.locator(".bp-answer").get_attribute("aria-label")
        assert stepper.locator(".bp-ledger .bp-asked").count() <= 1 and at(stepper, "a")[1] == "?"
        seen.append(asked)
        stepper.locator(".bp-answer").fill(next(v for k, v in answers.items() if k in asked))
        page.keyboard.press("Enter")
        assert len(seen) < 12
    assert at(stepper, "a")[1] == "+404.9" and len(seen) >= 6
    assert stepper.locator(".bp-tally").inner_text() == f"{len(seen)} of {len(seen)}"


def test_values_are_asked_too_and_a_question_can_be_skipped(opened, page):
    stepper = opened("predict")
    for _ in range(2):
        stepper.get_by_role("button", name="Next step").click()
    assert title(stepper) == "Compute a" and at(stepper, "a")[0] == "?"
    stepper.locator(".bp-answer").fill("6")
    stepper.get_by_role("button", name="Check").click()
    assert at(stepper, "a")[0] == "6"
    stepper.get_by_role("button", name="Next step").click()
    stepper.get_by_role("button", name="Skip").click()
    assert title(stepper) == "Compute c" and at(stepper, "b")[0] == "0.6931"
    stepper.get_by_role("switch", name="Predict").click()
    assert stepper.locator(".bp-answer").count() == 0 and at(stepper, "c")[0] == "0.639"


def test_arrays_show_their_numbers_and_ask_for_one_entry(opened, page):
    stepper = opened("arrays")
    go(stepper, "W")
    grid = stepper.locator('.bp-node[data-node="W"] .bp-grid-g')
    assert grid.locator(".bp-badge").text_content() == "grad 2×2"
    cells = [float(t.replace("−", "-")) for t in grid.locator("text[data-cell]").all_text_contents()]
    stepper.get_by_role("switch", name="Predict").click()
    assert stepper.locator(".bp-answer").get_attribute("aria-label") == "What shape is the gradient of W?"
    stepper.locator(".bp-answer").fill("2 x 3")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-wrong").is_visible()
    stepper.locator(".bp-answer").fill("(2, 2)")
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-asked").count() == 1
    asked = stepper.locator(".bp-question").inner_text()
    i, j = (int(k) for k in asked[asked.index("[") + 1:asked.index("]")].split(","))
    stepper.locator(".bp-answer").fill(str(cells[2 * i + j]))
    page.keyboard.press("Enter")
    assert stepper.locator(".bp-right").is_visible()


def test_a_narrow_cell_reads_from_top_to_bottom(opened, page):
    stepper = opened("example")
    assert stepper.locator(".bp-down").count() == 0
    stepper.evaluate("e => { e.parentElement.style.width = '380px' }")
    stepper.locator(".bp-down").wait_for()
    assert stepper.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
