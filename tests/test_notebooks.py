"""The guard of the lessons: nbval compares what is committed, so what is committed must be there to compare.

A notebook whose outputs and counts are stripped passes nbval with nothing checked. `faults` says what keeps a notebook from being
checked number by number on other machines; nbval itself, with this project's settings, is tried on a planted wrong digit.
"""
from __future__ import annotations

import copy
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from backproplab.lessons import lesson_files
from tests import notebook_files as nb

ROOT = Path(__file__).resolve().parent.parent
LESSONS = [*lesson_files(ROOT / "notebooks" / "lessons"), *lesson_files(ROOT / "notebooks" / "instructors")]
DIGITS = 6      # last digits differ from processor to processor


def faults(notebook: dict[str, Any]) -> list[str]:
    """What is wrong with a notebook that is to be committed executed; empty if nothing is."""
    found = []
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"not run once from top to bottom: its cells count {counts}")
    if "widgets" in notebook["metadata"]:
        found.append("holds the state of widgets in its metadata")
    for number, cell in enumerate(code, 1):
        tags = cell["metadata"].get("tags", [])
        if "NBVAL_" in "".join(cell["source"]) or any(tag.startswith("nbval-") for tag in tags):
            found.append(f"cell {number} is excepted from being checked")
        for output in cell["outputs"]:
            found += [f"cell {number} {fault}" for fault in _output_faults(output, "raises-exception" in tags)]
    texts = [text for cell in code for output in cell["outputs"] for text in _texts(output)]
    if not any(re.search(r"\d", re.sub(r"<[^<>]*>", "", text)) for text in texts):     # <Figure size 640x480> is no result
        found.append("shows no number in any text output")
    return found


def _output_faults(output: dict[str, Any], may_raise: bool) -> Iterator[str]:
    if output["output_type"] == "error" and not may_raise:
        yield f"ends with {output['ename']}: {output['evalue']}"
    if output.get("name") == "stderr":
        yield f"warns: {''.join(output['text'])[:80]!r}"
    for text in _texts(output):
        for number in re.findall(r"\d+\.\d+", text):
            if len(number.replace(".", "").lstrip("0")) > DIGITS:
                yield f"shows more than {DIGITS} digits: {number}"
        for address in re.findall(r"\b0x[0-9a-fA-F]{6,}", text):
            yield f"shows an address in memory: {address}"


def _texts(output: dict[str, Any]) -> Iterator[str]:
    """The texts of an output that nbval compares, HTML without its tags."""
    if output["output_type"] == "stream":
        yield "".join(output["text"])
    for kind, content in output.get("data", {}).items():
        if kind in ("text/plain", "text/latex", "text/markdown"):
            yield "".join(content)
        elif kind == "text/html":
            yield _Words.of("".join(content))


class _Words(HTMLParser):
    """The words of a page, without scripts, styles and the coordinates of drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return " ".join(parser.words)


def test_there_are_lessons():
    assert LESSONS


@pytest.mark.parametrize("path", LESSONS, ids=[path.name for path in LESSONS])
def test_every_lesson_is_committed_executed_and_can_be_checked(path):
    lesson = nb.read(path)
    assert faults(lesson) == []
    nbformat.validate(lesson)


# The guard itself: a good notebook passes, and every planted fault is named ---------------------------------------------------

def good() -> dict[str, Any]:
    made = nb.executed_lesson()
    del made["metadata"]["widgets"]
    return made


def test_a_lesson_as_it_should_be_has_no_faults():
    assert faults(good()) == []


def _stripped(made):
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}


def _shows(made, text):
    made["cells"][2]["outputs"][0]["data"]["text/plain"] = [text]


def _with_html(made, html):
    made["cells"][2]["outputs"][0]["data"]["text/html"] = [html]


def _only_a_figure(made):
    made["cells"][1]["outputs"] = []
    _shows(made, "<Figure size 640x480 with 1 Axes>")


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
PLANTED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "stripped": (_stripped, "not run once"),
    "one cell not run": (lambda made: made["cells"][2].update(execution_count=None), "not run once"),
    "run out of order": (lambda made: made["cells"][2].update(execution_count=7), "not run once"),
    "outputs removed, counts kept": (lambda made: [cell.update(outputs=[]) for cell in made["cells"][1:]], "no number"),
    "a figure alone": (_only_a_figure, "no number"),
    "state of widgets": (lambda made: made["metadata"].update(widgets={}), "state of widgets"),
    "too many digits": (lambda made: _shows(made, "412.191457"), "more than 6 digits: 412.191457"),
    "too many digits below one": (lambda made: _shows(made, "-0.012345678e-3"), "more than 6 digits"),
    "too many digits in a table": (lambda made: _with_html(made, "<td>1.0000001</td>"), "more than 6 digits"),
    "an address": (lambda made: _shows(made, "<function f at 0x7f3a2b4c5d6e> 1"), "address in memory"),
    "an error": (lambda made: made["cells"][1]["outputs"].append(ERROR), "ends with ValueError: no"),
    "a warning": (lambda made: made["cells"][1]["outputs"].append(nb.printed("careful") | {"name": "stderr"}), "warns"),
    "an exception by comment": (lambda made: made["cells"][1]["source"].insert(0, "# NBVAL_IGNORE_OUTPUT\n"), "excepted"),
    "an exception by tag": (lambda made: made["cells"][1]["metadata"]["tags"].append("nbval-skip"), "excepted"),
}


@pytest.mark.parametrize("plant, fault", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_named(plant, fault):
    made = good()
    plant(made)
    assert [found for found in faults(made) if fault in found]


@pytest.mark.parametrize("text", ["412.191", "0.000123456", "1e-12", "[0.5 1.25 3.]", "123456789 steps", "x = 2.00000", "v1.2.3"])
def test_six_digits_and_whole_numbers_are_fine(text):
    made = good()
    _shows(made, text)
    assert faults(made) == []


def test_coordinates_of_a_drawing_are_no_result():
    made = good()
    _with_html(made, "<style>a { width: 1.23456789px }</style><svg><path d='M1.23456789 2'/></svg><b>4.5</b>")
    assert faults(made) == []


def test_an_error_that_the_lesson_is_about_is_fine():
    made = good()
    made["cells"][1]["outputs"].append(ERROR)
    made["cells"][1]["metadata"]["tags"] = ["raises-exception"]
    assert faults(made) == []


def test_nbval_with_our_settings_rejects_a_wrong_last_digit_and_needs_the_guard(tmp_path):
    """Three notebooks: as it runs, with one digit changed, and stripped, which nbval passes and the guard does not."""
    right = nb.notebook(nb.code_cell("print(f'{2 / 3:.6g}')", 1, [nb.printed("0.666667\n")]))
    wrong, bare = copy.deepcopy(right), copy.deepcopy(right)
    wrong["cells"][0]["outputs"] = [nb.printed("0.666668\n")]
    _stripped(bare)
    for name, made in {"right": right, "wrong": wrong, "bare": bare}.items():
        nb.write(tmp_path / f"{name}.ipynb", made)
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--rootdir", ".", tmp_path]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    results = {name: result for result, name in re.findall(r"^(PASSED|FAILED) .*?(\w+)\.ipynb", told, re.MULTILINE)}
    assert results == {"right": "PASSED", "wrong": "FAILED", "bare": "PASSED"}, told
    assert faults(right) == [] and faults(bare) != []
