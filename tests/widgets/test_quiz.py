"""The quiz: every kind of question, by keyboard, with and without a kernel; what is answered is kept once."""
import json

import pytest

import backproplab as bl
from backproplab.questions import QUESTIONS, AnswerError, Record, judge, variant
from backproplab.widgets.quiz import said
from backproplab.widgets.typed_code import defined
from tests import browser as driving

IDS = ["product-gate", "what-add-does", "order-of-the-pass", "find-the-slip", "graph-of-a-program", "gradient-of-the-weights", "shape-in-a-layer"]
CELL = f"import backproplab as bl\nbl.quiz(*{[*IDS, 'formula-at-a-fork']!r}, seed=3)"


def read(value):
    return json.dumps(value) if isinstance(value, list) else f"{value:.6g}"


def asked(quiz):
    return int(quiz.locator(".bp-dot-button.bp-here").inner_text()) - 1


def answer(page, quiz, posed):
    """Give the right answer, by keyboard where a person would type."""
    kind = posed.kind
    if kind in ("choice", "error"):
        right = next(k for k, (_, ok, _) in enumerate(posed.options) if ok)
        quiz.locator("input[type=radio]").nth(right).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
    elif kind == "order":
        for place, k in enumerate(posed.answer):
            text = posed.options[k][0]
            for _ in range(len(posed.options)):
                lines = quiz.locator(".bp-sorting code").all_inner_texts()
                if lines.index(text) == place:
                    break
                quiz.get_by_role("button", name=f"Move {text} up", exact=True).focus()
                page.keyboard.press("Enter")
        quiz.get_by_role("button", name="Check").press("Enter")
    else:
        text = {"graph": lambda: ", ".join(f"{a} -> {b}" for a, b in posed.answer), "formula": lambda: posed.answer,
                "shape": lambda: str(tuple(posed.answer))}.get(kind, lambda: read(posed.answer))()
        quiz.locator(".bp-answer").fill(text)
        page.keyboard.press("Enter")


def walk(page, quiz, count):
    """Answer every question, the first wrongly before."""
    quiz.locator(".bp-answer").fill("123.456")
    page.keyboard.press("Enter")
    assert quiz.locator(".bp-wrong").inner_text().startswith("Not yet.")
    for k in range(count):
        assert asked(quiz) == k
        answer(page, quiz, variant(IDS[k], 3))
        quiz.locator(".bp-feedback.bp-right").wait_for()
        if k < count - 1:
            quiz.get_by_role("button", name="Next question").press("Enter")
    assert quiz.locator(".bp-tally").inner_text() == f"{count - 1} of {count} at once"


def test_every_kind_is_answered_in_a_saved_page_by_keyboard(page, tmp_path):
    saved = bl.save_html(bl.quiz(*IDS, seed=3), tmp_path / "quiz.html")
    page.goto(saved.as_uri())
    walk(page, page.locator(".bp-quiz"), len(IDS))
    assert driving.axe_violations(page) == []


def test_an_answer_that_was_rounded_on_the_way_is_right_in_the_page_as_in_a_cell(page, tmp_path):
    posed = variant("product-gate", 3)
    page.goto(bl.save_html(bl.quiz("product-gate", seed=3), tmp_path / "quiz.html").as_uri())
    text = f"{posed.answer * 1.0015:.5g}"
    page.locator(".bp-answer").fill(text)
    page.keyboard.press("Enter")
    outcome = judge(posed, text)
    assert outcome.verdict == "rounded" and outcome.right and said(outcome)["mark"] == "✓ Right, rounded early."
    assert page.locator(".bp-feedback").inner_text() == f"{said(outcome)['mark']} {said(outcome)['text']}"
    assert page.locator(".bp-tally").inner_text() == "1 of 1 at once"


def test_formulas_are_judged_by_the_kernel_and_say_so_without_one(page, lab_server):
    driving.run_notebook(page, lab_server, CELL)
    quiz = page.locator(".bp-quiz")
    quiz.wait_for()
    quiz.locator(".bp-dot-button").last.click()
    posed = variant("formula-at-a-fork", 3)
    quiz.locator(".bp-answer").fill("g_nothing * 2")
    page.keyboard.press("Enter")
    page.wait_for_function("/Not (read|yet)/.test(document.querySelector('.bp-quiz .bp-feedback').textContent)", timeout=15_000)
    quiz.locator(".bp-answer").fill(posed.answer)
    page.keyboard.press("Enter")
    quiz.locator(".bp-feedback.bp-right").wait_for(timeout=15_000)
    for dark in (False, True):
        driving.use_theme(page, dark)
        page.wait_for_timeout(200)
        assert driving.axe_violations(page, ".bp-quiz") == []
    driving.shut_kernel_down(page)
    quiz.locator(".bp-answer").fill("g_b * 2")
    page.keyboard.press("Enter")
    page.wait_for_function("/kernel/.test(document.querySelector('.bp-quiz .bp-feedback').textContent)", timeout=20_000)
    quiz.locator(".bp-dot-button").first.click()
    answer(page, quiz, variant(IDS[0], 3))
    quiz.locator(".bp-feedback.bp-right").wait_for()


def test_every_question_of_the_bank_can_be_shown():
    for name in QUESTIONS:
        state = bl.quiz(name, seed=1).state
        json.dumps(state, allow_nan=False)
        assert state["questions"][0]["prompt"]


def test_every_question_of_the_bank_is_drawn_with_what_it_is_answered_in(page, tmp_path):
    page.goto(bl.save_html(bl.quiz(*QUESTIONS, seed=1), tmp_path / "quiz.html").as_uri())
    bare = page.evaluate("""() => [...document.querySelectorAll('.bp-dot-button')].filter((dot) => {
      dot.click();
      const form = document.querySelector('.bp-quiz-form'), prompt = document.querySelector('.bp-prompt').textContent;
      return !form.querySelector('.bp-answer, input[type=radio], .bp-sorting li') || !prompt || /undefined|NaN/.test(prompt);
    }).map((dot) => dot.textContent)""")
    assert bare == [] and page.locator(".bp-dot-button").count() == len(QUESTIONS)


def test_what_is_done_is_noted_once(tmp_path):
    kept = Record(tmp_path / "record.json")
    widget = bl.quiz("product-gate", "what-add-does", keep=kept)
    widget.answers = {"0": {"done": False, "right": False, "tries": 1}}
    assert kept.entries == []
    widget.answers = {"0": {"done": True, "right": True, "tries": 2, "hints": 1}}
    widget.answers = {"0": {"done": True, "right": True, "tries": 2, "hints": 1}, "1": {"done": True, "right": False, "tries": 0}}
    noted = [(e["question"], e["right"], e["tries"], e["hints"]) for e in kept.entries]
    assert noted == [("product-gate", True, 2, 1), ("what-add-does", False, 0, 0)]


def test_the_mistakes_on_the_way_are_noted_and_no_others(tmp_path):
    kept = Record(tmp_path / "record.json")
    widget = bl.quiz("product-gate", keep=kept)
    widget.answers = {"0": {"done": True, "right": True, "tries": 3, "mistakes": ["mul-own", "mul-own", "<b>", 5, "sign"]}, "7": {"done": True}}
    assert kept.entries[0]["mistakes"] == ["mul-own", "sign"]


@pytest.mark.parametrize("make", [lambda kept: bl.quiz("product-gate", keep=kept), lambda kept: bl.stepper(lambda x: x * x, x=3.0, keep=kept)],
                         ids=["quiz", "stepper"])
def test_where_nothing_can_be_kept_it_is_said_and_one_goes_on(make, tmp_path):
    widget, done = make(Record(tmp_path / "nowhere" / "record.json")), {"done": True, "right": True, "tries": 1, "hints": 0}
    widget.answers = {"0": done, "3:gradient": done}
    assert "not kept: Python says: " in widget.problem and widget.answers["0"]["done"]


def test_python_judges_what_the_page_cannot():
    widget = bl.quiz("formula-at-a-fork", seed=3)
    widget.wanted = {"index": 0, "value": "1 +", "number": 1}
    assert widget.judged["said"]["mark"] == "Not read."
    widget.wanted = {"index": 0, "value": variant("formula-at-a-fork", 3).answer, "number": 2}
    assert widget.judged == {"index": 0, "number": 2, "said": {"kind": "right", "mark": "✓ Right.", "text": ""}}


FUNCTION = """def gradients(w, x, b, t):
    s = 1 / (1 + np.exp(-(w * x + b)))
    g_u = 2 * (s - t) * s * (1 - s)
    return {"w": g_u * x, "b": g_u}
"""
TYPED = {FUNCTION: "✓ Right.", "def helper(): pass\n\n" + FUNCTION: "✓ Right.", FUNCTION.replace("(1 - s)", "1"): "Not yet.",
         "": "Not read.", "5": "Not read.", "raise SystemExit": "Not read.",
         "def gradients(w, x, b, t:": "Not read.", "raise SystemError": "Not read.", "import nothing_of_the_kind": "Not read.", "\x00": "Not read.",
         "def gradients(w):\n    return w": "Not yet.", "def gradients(w, x, b, t):\n    return 1 / 0": "Not yet."}


@pytest.mark.parametrize("text, mark", TYPED.items(), ids=range(len(TYPED)))
def test_code_is_typed_into_the_quiz(text, mark):
    widget = bl.quiz("program-a-neuron", seed=3)
    widget.wanted = {"index": 0, "value": text, "number": 1}
    assert widget.judged["said"]["mark"].startswith(mark) and (widget.judged["said"]["text"] or mark == "✓ Right.")


def test_code_of_a_name_is_looked_for_by_its_name():
    assert defined("def f(): return 1\ndef g(): return 2")() == 2 and defined("def f(): return 1\ndef g(): return 2", "f")() == 1
    assert defined("class Made: pass", "Made").__name__ == "Made"
    for text, words in {"def f(): pass": "g is asked", "x = np.exp": "No function is defined"}.items():
        with pytest.raises(AnswerError, match=words):
            defined(text, "g")


def test_objectives_and_odd_requests():
    objective = QUESTIONS["product-gate"].objective
    assert len(bl.quiz(objective).state["questions"]) >= 2
    with pytest.raises(bl.UnknownNameError, match="product-gate"):
        bl.quiz("product-gat")
    for count in (0, -1, 1.5, True, 10**9):
        with pytest.raises(bl.InputError, match="1 to 100"):
            bl.quiz(count=count)
