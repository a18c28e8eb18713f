"""`backproplab export`: lessons as pages that are read, stepped through and printed without a kernel and without a network."""
from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import subprocess
import sys
import threading
import tomllib

import nbformat
import pytest

from backproplab import cli, lessons
from backproplab.widgets.site import binder_link, running
from backproplab.widgets.site.frame import POLICY
from backproplab.widgets.site.lesson import lesson_page
from tests import browser as driving
from tests import notebook_files as nb

LESSONS = lessons.lesson_files(driving.ROOT / "notebooks" / "lessons")
MOST = 1_500_000                          # bytes a lesson may take

SETUP = """
import numpy as np
import backproplab as bl

def square(x):
    y = x * x
    return y

step = bl.stepper(square, x=3.0)
step
"""
IN_A_BOX = """
import ipywidgets
ipywidgets.VBox([ipywidgets.FloatSlider(description="rate", value=0.1), bl.stepper(square, x=2.0, predict=True)])
"""
FIGURES = """
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
bl.draw(step.run)
"""
HOSTILE = """
import os
print("</script><script>window.broken = 1</script>", sorted(os.listdir()))
"""
LINKS = "See [the next](02_second.ipynb#what-now) and [none](99_none.ipynb)."
PLANTED = nb.notebook(
    nb.text_cell(f"# A *planted* lesson\n\n*7 minutes. Needs $x$ & <paper>.*\n\n{LINKS}", "t1"),
    *(nb.code_cell(source.strip(), name=f"c{k}") for k, source in enumerate([SETUP, "step", IN_A_BOX, FIGURES, "bl.derivation(step.run)", HOSTILE])),
    nb.code_cell("1 / 0", name="c7") | {"metadata": {"tags": ["raises-exception"]}},
    nb.text_cell("| a | b |\n|---|---|\n| `x` | 2 |\n\n" + "$$" + "x + " * 80 + "1$$", "t2"),
)
SECOND = nb.notebook(
    nb.text_cell("# The second\n\nNo minutes here.\n\n## What now?\n\nBack to [the first](01_planted.ipynb)."), nb.code_cell("print(6)"))


def export(*arguments: object) -> int:
    return cli.main(["export", *map(str, arguments)])


@pytest.fixture
def expect():
    """playwright's waiting assertions. Its wait_for_function would evaluate a text in the page, which the page's policy forbids."""
    return pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Two notebooks, exported one after the other into the same folder."""
    place = tmp_path_factory.mktemp("planted")
    first, second = (nb.write(place / f"{name}.ipynb", made) for name, made in (("01_planted", PLANTED), ("02_second", SECOND)))
    (place / "beside.txt").write_text("mine")
    assert export(second, "--out", place / "a site") == cli.DONE
    assert export(first, second, "--out", place / "a site") == cli.DONE
    return place / "a site"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Every lesson, as the command writes them."""
    place = tmp_path_factory.mktemp("site")
    assert export("--out", place) == cli.DONE
    return place


def test_every_lesson_has_a_page_below_the_limit_and_nothing_else_lies_there(site):
    assert sorted(path.name for path in site.iterdir()) == sorted([*(f"{path.stem}.html" for path in LESSONS), "index.html"])
    assert {path.name: path.stat().st_size for path in site.iterdir() if path.stat().st_size > MOST} == {}


@pytest.mark.parametrize("lesson", [path.stem for path in LESSONS])
def test_a_lesson_is_live_and_complete_from_a_file(site, page, lesson):
    """All widgets run, all formulas are set, each stepper stands where the lesson put it, and (the fixture sees to it) nothing is fetched."""
    page.goto((site / f"{lesson}.html").as_uri())
    places = page.locator(".bp-place")
    assert places.count() == (site / f"{lesson}.html").read_text(encoding="utf-8").count('class="bp-place"')
    for k in range(places.count()):
        places.nth(k).locator(".bp-widget").first.wait_for()
    assert page.locator(".bs-source, .bs-warns:not(:has-text('Error'))").count() == 0
    begun = re.findall(r"step=(\d+)", (driving.ROOT / f"notebooks/lessons/{lesson}.ipynb").read_text(encoding="utf-8"))
    begins = []
    for stepper in page.locator(".bp-stepper").all():
        counter = stepper.locator(".bp-counter")
        begins.append(int(counter.inner_text().split(" / ")[0]) - 1)
        stepper.get_by_role("button", name="Next step").click()
        assert int(counter.inner_text().split(" / ")[0]) == begins[-1] + 2
    assert sorted(b for b in begins if b) == sorted(map(int, begun))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lesson", [path.stem for path in LESSONS])
def test_a_lesson_is_accessible_in_both_themes(site, page, lesson, expect):
    page.goto((site / f"{lesson}.html").as_uri())
    expect(page.locator(".bp-place:not(:has(*))")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert driving.axe_violations(page) == [], scheme


def test_the_list_leads_to_every_lesson_and_back(site, page):
    page.goto((site / "index.html").as_uri())
    assert driving.axe_violations(page) == []
    assert page.locator(".bs-list a").count() == len(LESSONS)
    for k, path in enumerate(LESSONS):
        page.locator(".bs-list a").nth(k).click()
        page.wait_for_url(f"**/{path.stem}.html")
        page.locator("header").get_by_role("link", name="All lessons").click()
        page.wait_for_url("**/index.html")


# One planted lesson with everything in it ----------------------------------------------------------------------------------------

def test_the_list_says_what_a_lesson_is_and_takes_in_what_lies_there(planted, page):
    page.goto((planted / "index.html").as_uri())
    items = page.locator(".bs-list li").all_inner_texts()
    assert [" ".join(item.split()) for item in items] == ["01 A planted lesson 7 minutes Needs x & <paper>.", "02 The second"]


def test_the_folder_of_the_notebook_is_where_it_ran_and_it_is_as_it_was(planted):
    text = (planted / "01_planted.html").read_text(encoding="utf-8")
    assert "beside.txt" in text
    assert nb.read(planted.parent / "01_planted.ipynb") == PLANTED


def test_two_views_of_a_widget_and_one_in_a_box_are_live_and_predictions_are_not_spoilt(planted, page, expect):
    page.goto((planted / "01_planted.html").as_uri())
    steppers = page.locator(".bp-stepper")
    expect(page.locator(".bp-stepper")).to_have_count(3)
    steppers.nth(0).get_by_role("button", name="Last step").click()
    assert steppers.nth(0).locator('.bp-node[data-node="x"] .bp-grad').text_content() == "+6"
    asking = steppers.nth(2)
    asking.get_by_role("button", name="Last step").click()
    assert asking.locator(".bp-answer").is_visible() and asking.locator('.bp-node[data-node="x"] .bp-grad').text_content() == "?"
    asking.locator(".bp-answer").fill("4")
    page.keyboard.press("Enter")
    assert asking.locator(".bp-right").is_visible()
    assert "slider “rate” at 0.1" in page.locator(".bs-note").inner_text()


def test_outputs_are_those_of_the_run(planted, page):
    page.goto((planted / "01_planted.html").as_uri())
    assert page.locator(".bs-paper img[alt^='Picture made by']").count() == 1 and page.locator(".bs-paper svg[role=img]").count() == 1
    assert page.evaluate("document.querySelector('.bs-paper img').naturalWidth") > 100
    assert page.locator(".bs-display svg").count() == 2 and "ZeroDivisionError" in page.locator(".bs-warns").inner_text()
    assert page.evaluate("window.broken") is None and "</script><script>" in page.locator(".bs-out").nth(0).inner_text()


def test_what_a_lesson_asks_of_the_network_is_refused_by_the_page_itself_and_told(tmp_path, page):
    """The server is on this machine, so that the fixture does not mind; it is never asked."""
    asked = []
    with serving(tmp_path, asked) as address:
        wants = (f"<img src='{address}/a.png' alt='from outside'>\n\n<script src='{address}/b.js'></script>\n\n"
                 f"<link rel=stylesheet href={address}/c.css>\n\n<style>@import '{address}/d.css';</style>\n\n<img alt='' src='data:,'>\n\n"
                 f"<script>fetch('{address}/e').catch(() => 0)</script>")
        cells = [nbformat.v4.new_markdown_cell(f"# T\n\n{wants}")]
        text, notes = lesson_page("t", running.Executed(cells, {}), tmp_path, {}, None)
        (tmp_path / "t.html").write_text(text, encoding="utf-8")
        page.goto((tmp_path / "t.html").as_uri())
        page.wait_for_timeout(300)
        assert page.get_by_alt_text("from outside").evaluate("e => e.naturalWidth") == 0 and asked == []
        (tmp_path / "t.html").write_text(text.replace(f'content="{POLICY}"', ""), encoding="utf-8")
        page.goto((tmp_path / "t.html").as_uri())
        page.wait_for_timeout(300)
        assert {"/a.png", "/b.js", "/c.css", "/d.css"} <= set(asked)        # it is the policy that kept them from being asked for
    assert [note.partition(": ")[2] for note in notes] == [f"{address}/a.png", f"{address}/b.js", f"{address}/c.css"]


def test_links_lead_to_the_lessons_that_are_there(planted, page):
    page.goto((planted / "01_planted.html").as_uri())
    assert page.locator("main a").all_inner_texts() == ["the next"] and "none" in page.locator("main").inner_text()
    page.locator("main a").click()
    page.wait_for_url("**/02_second.html#what-now")
    assert page.locator("#what-now").inner_text() == "What now?"
    page.get_by_role("link", name="the first").click()
    page.locator("footer").get_by_role("link", name="The second").click()
    page.wait_for_url("**/02_second.html")


def test_the_theme_follows_the_system_until_the_reader_chooses_and_is_kept(planted, page):
    def is_dark():
        return page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 80")
    with serving(planted) as address:
        page.emulate_media(color_scheme="dark")
        page.goto(f"{address}/01_planted.html")
        assert is_dark()
        page.get_by_role("button", name="Use the light theme").click()
        assert not is_dark() and page.locator(".bp-stepper").first.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
        page.goto(f"{address}/index.html")
        assert not is_dark() and page.get_by_role("button", name="Use the dark theme").inner_text() == "Dark"


@contextlib.contextmanager
def serving(folder, asked=None):
    """A plain web server on a folder; it notes in `asked` what it is asked for."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            if asked is not None and self.path not in asked:
                asked.append(self.path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def test_widgets_are_live_from_a_web_server_too(planted, page, expect):
    with serving(planted) as address:
        page.goto(f"{address}/01_planted.html")
        expect(page.locator(".bp-stepper")).to_have_count(3)


@pytest.mark.parametrize("width, scheme", [(320, "light"), (700, "dark"), (1300, "dark")])
def test_nothing_hangs_over_the_page_and_what_scrolls_can_be_reached(planted, page, width, scheme, expect):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto((planted / "01_planted.html").as_uri())
    expect(page.locator(".bp-stepper")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    reachable = "[...document.querySelectorAll('.bs-scroll')].every(e => (e.scrollWidth > e.clientWidth + 1) === (e.tabIndex === 0))"
    page.wait_for_timeout(100)              # the browser tells of sizes in its next frame
    assert page.evaluate(reachable)
    assert page.locator(".bs-display[tabindex]").count() >= 1
    assert driving.axe_violations(page) == []


def test_printed_it_is_on_white_paper_without_buttons(planted, page):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto((planted / "01_planted.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("header").is_visible() and len(page.pdf()) > 10_000


def test_without_scripts_the_text_is_there(planted, browser):
    context = browser.new_context(java_script_enabled=False)
    try:
        bare = context.new_page()
        bare.goto((planted / "01_planted.html").as_uri())
        assert bare.locator(".bp-place").first.inner_text() == "<Stepper square: 2 variables, 4 steps>"
        assert bare.locator(".bs-display svg").first.is_visible()
    finally:
        context.close()


def test_a_widget_that_fails_says_so(planted, browser, tmp_path):
    text = (planted / "01_planted.html").read_text(encoding="utf-8")
    broken = text.replace("function render({", "function render() { throw new Error('planted'); }\nfunction was({", 1)
    (tmp_path / "broken.html").write_text(broken, encoding="utf-8")
    with pytest.raises(AssertionError, match="errors in the page.*planted"), driving.watched_page(browser) as page:
        page.goto((tmp_path / "broken.html").as_uri())
        page.get_by_text("This widget could not be shown: planted").first.wait_for()


def test_the_same_lesson_gives_the_same_bytes_whatever_the_hash_seed(planted, tmp_path):
    command = [sys.executable, "-m", "backproplab.cli", "export", planted.parent / "01_planted.ipynb", planted.parent / "02_second.ipynb"]
    subprocess.run([*command, "--out", tmp_path / "again"], env={**os.environ, "PYTHONHASHSEED": "7"}, check=True, capture_output=True)
    made, again = ({path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} for folder in (planted, tmp_path / "again"))
    assert made == again


# The command -------------------------------------------------------------------------------------------------------------------

def test_the_command_tells_sizes_and_where_to_look(tmp_path, capsys):
    assert export(nb.write(tmp_path / "02_second.ipynb", SECOND), "--out", tmp_path / "x y") == cli.DONE
    told = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"02_second\.html: \d+ kB, \d+\.\d s", told[0]) and re.fullmatch(r"index\.html: \d+ kB", told[1])
    assert told[-1] == f"Open {(tmp_path / 'x y' / 'index.html').as_uri()}"


def test_what_cannot_be_shown_as_meant_is_told(tmp_path, capsys):
    made = nb.notebook(nb.text_cell(r"# T" "\n\n" r"$\nosuch$ ![a](b.png)"))
    assert export(nb.write(tmp_path / "n.ipynb", made), "--out", tmp_path / "site") == cli.DONE
    told = capsys.readouterr().out
    assert r"shown as its source, since Unknown symbol: \nosuch" in told and "a picture is left out" in told


def test_a_cell_that_fails_ends_it_and_the_page_that_was_there_stays(tmp_path, capsys):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "bad.html").write_text("mine")
    bad = nb.write(tmp_path / "bad.ipynb", nb.notebook(nb.code_cell("x = {}\nx['gradient']")))
    assert export(bad, "--out", tmp_path / "site") == cli.LESSON_FAILED
    assert capsys.readouterr().err == "backproplab: bad.ipynb ends in a cell with KeyError: 'gradient'\n"
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["bad.html"] and (tmp_path / "site" / "bad.html").read_text() == "mine"


def test_a_kernel_that_ends_and_a_cell_without_end_are_sentences(tmp_path, capsys, monkeypatch):
    gone = nb.write(tmp_path / "gone.ipynb", nb.notebook(nb.code_cell("import os; os._exit(3)")))
    assert export(gone, "--out", tmp_path / "site") == cli.LESSON_FAILED
    monkeypatch.setattr(running, "PATIENCE", 2)
    long = nb.write(tmp_path / "long.ipynb", nb.notebook(nb.code_cell("import time; time.sleep(60)")))
    assert export(long, "--out", tmp_path / "site") == cli.LESSON_FAILED
    assert capsys.readouterr().err == ("backproplab: gone.ipynb made Python end by itself.\n"
                                       "backproplab: long.ipynb has a cell that runs longer than 2 seconds.\n")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"nbformat": 4}'])
def test_what_is_no_notebook_is_a_sentence(tmp_path, capsys, content):
    (tmp_path / "n.ipynb").write_text(content)
    assert export(tmp_path / "n.ipynb", "--out", tmp_path / "site") == cli.LESSON_FAILED
    assert capsys.readouterr().err == "backproplab: n.ipynb cannot be read as a notebook.\n"


def test_an_unknown_lesson_lists_the_lessons(tmp_path, capsys):
    assert export("99_none", "--out", tmp_path / "site") == cli.UNUSABLE
    told = capsys.readouterr().err
    assert "'99_none'" in told and all(path.stem in told for path in LESSONS) and not (tmp_path / "site").exists()


def test_two_notebooks_of_one_name_and_one_called_index_are_refused(tmp_path, capsys):
    twice = [nb.write(tmp_path / folder / "n.ipynb", SECOND) for folder in "ab"]
    assert export(*twice, "--out", tmp_path / "site") == cli.LESSON_FAILED
    assert export(nb.write(tmp_path / "index.ipynb", SECOND), "--out", tmp_path / "site") == cli.LESSON_FAILED
    assert capsys.readouterr().err.count("different names") == 2


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    for place in ("file", "file/deeper"):
        assert export(LESSONS[0], "--out", tmp_path / place) == cli.UNUSABLE
    told = capsys.readouterr().err.splitlines()
    assert "is a file, not a folder" in told[0] and "cannot be made" in told[1]


@pytest.mark.parametrize("arguments", [[], ["04"], ["--out"], ["--out", ""], ["--out", "x", "--fast"]])
def test_misuse_is_said(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", *arguments])
    assert ended.value.code == cli.MISUSED and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("repository, link", [
    ("https://github.com/ORG/REPO", "gh/ORG/REPO"), ("https://github.com/ORG/REPO.git/", "gh/ORG/REPO"), ("https://gitlab.com/A/B/C", "gl/A%2FB%2FC"),
    ("https://code.example.org/A/B", "git/https%3A%2F%2Fcode.example.org%2FA%2FB"),
])
def test_the_link_to_binder_is_made_from_the_repositorys_address(repository, link):
    assert binder_link(repository, "l/00 x.ipynb") == f"https://mybinder.org/v2/{link}/HEAD?urlpath=lab/tree/l/00%20x.ipynb"


def test_binder_is_linked_only_when_asked_for_and_only_for_our_lessons(tmp_path, monkeypatch, capsys):
    own = nb.write(tmp_path / "02_second.ipynb", SECOND)
    ours = nb.write(tmp_path / "installed" / "00_first.ipynb", SECOND)
    monkeypatch.setattr(cli, "lessons_folder", lambda: ours.parent)
    monkeypatch.setattr(cli, "_repository", lambda: "https://github.com/ORG/REPO")
    assert export(ours, own, "--out", tmp_path / "site", "--binder") == export("0", "--out", tmp_path / "plain") == cli.DONE
    found = {path.name: re.findall(r'href="(https://[^"]*)"', path.read_text(encoding="utf-8")) for path in (tmp_path / "site").iterdir()}
    link = "https://mybinder.org/v2/gh/ORG/REPO/HEAD?urlpath=lab/tree/backproplab-lessons/00_first.ipynb"
    assert found == {"index.html": [link], "00_first.html": [link], "02_second.html": []}
    assert "mybinder" not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "plain").iterdir())
    monkeypatch.setattr(cli, "_repository", lambda: None)
    assert export(ours, "--out", tmp_path / "site", "--binder") == cli.UNUSABLE and "address" in capsys.readouterr().err


def test_the_address_is_the_one_in_pyproject():
    project = tomllib.loads((driving.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cli._repository() == project["urls"]["Repository"]


def test_without_what_runs_notebooks_one_sentence_names_the_extra(tmp_path, capsys, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("backproplab.widgets.site")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nbclient.exceptions", None)
    assert export("--out", tmp_path / "site") == cli.NO_JUPYTERLAB
    assert "is not installed here" in (told := capsys.readouterr().err) and 'pip install "backproplab[lab]"' in told


@pytest.mark.parametrize("words, names", [
    ([], ["04_by_hand", "10_later"]), (["4"], ["04_by_hand"]), (["04"], ["04_by_hand"]),
    (["10_later.ipynb", "04_by_hand"], ["10_later", "04_by_hand"]),
])
def test_lessons_are_chosen_by_number_or_name(tmp_path, words, names):
    for name in ("04_by_hand", "10_later"):
        nb.write(tmp_path / f"{name}.ipynb", SECOND)
    assert [path.stem for path in lessons.chosen(words, tmp_path)] == names
