"""Predict mode gives nothing away: what is asked stands nowhere else in the page, in the saved picture or in what is read aloud.

Every question of a run is opened, and the page searched for its answer: texts that can be seen, names and descriptions for screen
readers, tooltips, the card of every variable, and the picture as it would be saved.
"""
import re

import numpy as np
import pytest

import backproplab as bl
from backproplab.questions.asks import FADING
from tests.worked_example import example


def layer(X, W, b):
    Z = X @ W + b
    H = np.tanh(Z)
    J = np.sum(H * H)
    return J


ARRAYS = {"X": np.array([[1.3, -2.1], [.57, 1.9], [2.3, 0.4]]), "W": np.array([[.31, -.22, 0.7, 0.43], [.13, .44, -0.6, 0.29]]),
          "b": np.array([.11, -.17, 0.3, 0.07])}

# What can be perceived now, apart from the question with its hints. Cards are opened for every variable, as a curious learner would.
SEARCH = """() => {
  const root = document.querySelector('.bp-stepper'), found = [];
  const seen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const collect = (from, where) => {
    for (const el of [from, ...from.querySelectorAll('*')]) {
      if (el.closest('.bp-ask') || !seen(el)) continue;
      for (const name of ['aria-label', 'title', 'aria-valuetext', 'value']) {
        const text = el.getAttribute(name); if (text) found.push([where + ' ' + name, text]);
      }
      const own = [...el.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join(' ').trim();
      if (own) found.push([where + ' ' + (el.closest('[class]')?.getAttribute('class') ?? ''), own]);
    }
  };
  collect(root, 'page');
  root.querySelectorAll('.bp-sr').forEach((el) => found.push(['spoken', el.textContent]));
  return found;
}"""
PICTURE = """() => new Promise((done) => {
  const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => { blob.text().then(done); URL.createObjectURL = made; return made.call(URL, blob); };
  [...document.querySelectorAll('.bp-options button')].find((b) => /picture/i.test(b.textContent)).click();
})"""
CARD = """() => [...document.querySelectorAll('.bp-card')].map((c) =>
  [c.innerText, ...[...c.querySelectorAll('[aria-label]')].map((e) => e.getAttribute('aria-label'))].join(' ')).join(' ')"""


def known_before(run, at, ask, kinds):
    """Numbers that a learner has been shown by right: those of earlier steps, and the factors of this one once they were asked for."""
    seen = []
    for step in run.steps[:at]:
        v = step.variable
        seen += np.ravel(v.value if step.phase == "forward" else v.gradient).tolist()
        if step.phase == "backward":
            seen += [float(x) for c in v.uses for x in (c.upstream, c.local, c.value, c.running) if x is not None and np.shape(x) == ()]
    if "local" in kinds and ask["kind"] in ("product", "sum", "gradient"):
        seen += [float(c.local) for c in run.steps[at].variable.uses]
    return seen


def written(value):
    """A number as the page writes it, without its sign."""
    return bl.notation.digits(value, 4).replace("−", "")


def telling(value, seen):
    """Long enough to be recognised, and not a number that stands elsewhere by right."""
    text = written(value)
    return len(text.replace(".", "").lstrip("0")) >= 3 and all(written(s) != text for s in seen)


def sought(run, at, ask, kinds):
    """The texts that would give an answer away."""
    if ask["kind"] != "shape":
        seen = known_before(run, at, ask, kinds)
        return [written(v) for v in np.ravel(ask["answer"]) if telling(v, seen)]
    shown = {np.shape(s.variable.value) for s in run.steps[:at]}      # a gradient has its variable's shape, which is known by then
    return [] if tuple(ask["answer"]) in shown or len(ask["answer"]) < 2 else ["×".join(map(str, ask["answer"]))]


def perceived(page, name):
    """[where, text]: all that the page tells besides the question."""
    texts = page.evaluate(SEARCH) + [["saved picture", " ".join(re.findall(r">([^<>]+)<", page.evaluate(PICTURE)))]]
    page.locator(".bp-about").click()
    card = page.evaluate(CARD)
    page.keyboard.press("Escape")
    return [*texts, [f"card of {name}", card]]


def leaks(page, run, state, level):
    """[(question, where, text)]: every place where an answer can be read while it is asked; and how many answers were looked for."""
    found, count, kinds = [], 0, state["asking"]["kinds"][level]
    for at, step in enumerate(run.steps):
        if at:
            page.locator(".bp-next").click()
        while page.locator(".bp-answer").count():
            question = page.locator(".bp-answer").get_attribute("aria-label")
            ask = next(a for a in state["steps"][at]["asks"] if a["question"].replace("`", "") == question)
            wanted = sought(run, at, ask, kinds)
            count += bool(wanted)
            if wanted:
                found += [(question, where, w) for where, text in perceived(page, step.name) for w in wanted if w in text.replace("−", "")]
            answer = ask["answer"]
            page.locator(".bp-answer").fill(str(answer) if isinstance(answer, list) else f"{answer:.8g}")
            page.keyboard.press("Enter")
            assert page.locator(".bp-wrong").count() == 0, question
    return found, count


@pytest.mark.parametrize("level, f, inputs", [(level, example, {"x": 2.3, "z": 1.7}) for level in FADING] + [("all", layer, ARRAYS)],
                         ids=[*FADING, "arrays"])
def test_what_is_asked_stands_nowhere_else(level, f, inputs, page, tmp_path):
    run = bl.trace(f, **inputs)
    made = bl.stepper(run, predict=level)
    page.goto(bl.save_html(made, tmp_path / "page.html").as_uri())
    found, count = leaks(page, run, made.state, level)
    assert found == [], "\n".join(map(str, found))
    assert count >= (7 if f is example else 2)


def test_the_search_finds_what_is_given_away(page, tmp_path):
    """Planted faults: an answer in a tooltip, in a name for screen readers, in the picture; one that cannot be perceived is none."""
    run = bl.trace(example, x=2.3, z=1.7)
    page.goto(bl.save_html(bl.stepper(run, predict=True, step=2), tmp_path / "page.html").as_uri())
    for where, plant in {"title": "document.querySelector('.bp-counter').title = '3.91'",
                         "aria-label": "document.querySelector('.bp-stage').ariaLabel = '3.91'",
                         "saved picture": "document.querySelector('.bp-node[data-node=y] .bp-value').textContent = '3.91'",
                         "spoken": "document.querySelector('.bp-status').textContent = '3.91'"}.items():
        page.reload()
        page.locator(".bp-answer").wait_for()
        assert not any("3.91" in text for _, text in perceived(page, "a"))
        page.evaluate(plant)
        assert any(where in place and "3.91" in text for place, text in perceived(page, "a")), where
