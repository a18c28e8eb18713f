"""The curriculum: every topic that five lectures teach is found in each lesson that is to teach it, by the tags of its cells.

A topic that is a worked example, a derivation, an algorithm or a quiz needs more than a tag: an executed cell that shows the case's
number, or a question. Every rule is a function that returns what breaks it, and finds a planted breach. Lessons that do not exist yet
are not asked; once they do, they are.
"""
from __future__ import annotations

import ast
import contextlib
import copy
import dataclasses
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backproplab as bl
from tests import curriculum_map, instructors_table
from tests.instructors_table import CURRICULUM, START, TABLE, Lesson, lessons, table, text, where_to_go
from tests.test_notebooks import _texts

FOUND = lessons()
ROWS = {row["id"]: row for row in CURRICULUM["rows"]}
MOST = 3                                  # topics a cell
WIDEST = 120                              # characters of a line that JupyterLab shows whole on a laptop
WORKED = ("worked", "derivation", "algorithm", "quiz")
OTHER_TAGS = {"raises-exception"}
ASKING = re.compile(r"prediction = |predict=(?:True|\")|questions\.ask\(|\.check\(|check_(?:formula|rule|chain)\(|shape_(?:quiz|bench)\("
                    r"|bl\.diagnose\(|bl\.exercises\.check_")
CASES = {case["id"]: case for case in json.loads(
    (instructors_table.ROOT / "tests" / "data" / "reference_cases.json").read_text(encoding="utf-8"))["cases"]}


def missing(row: dict[str, Any], found: Iterable[Lesson]) -> list[str]:
    """Lessons that are to teach a topic, exist, and do not have it."""
    return [f"{row['id']} ({row['topic']}) has no cell in {one.path.name}" for one in found
            if one.number in row["lessons"] and row["id"] not in one.tags]


def outputs(cells: Iterable[dict[str, Any]]) -> str:
    return "\n".join(piece for cell in cells for output in cell.get("outputs", []) for piece in _texts(output))


def shown_in(number: float, printed: str) -> bool:
    """Whether a number stands in a text, as far as its digits go; 0 and 1 are everywhere and do not count."""
    for token in re.findall(r"[-−]?\d+\.?\d*(?:e[-+]?\d+)?", printed.replace(",", " ")):
        value = float(token.replace("−", "-"))
        decimals = len(token.split("e")[0].partition(".")[2])
        exponent = int(token.partition("e")[2] or 0)
        if value not in (0, 1) and abs(value - number) <= .51 * 10.0 ** (exponent - decimals) and len(token.strip("-−0.").replace(".", "")) >= min(
                3, len(f"{abs(number):.12g}".replace(".", "").lstrip("0"))):
            return True
    return False


def numbers_of(case: dict[str, Any], forward: bool = False) -> list[float]:
    """The numbers of a reference case that count as its result: gradients of its inputs, entries of its Jacobians, or its value."""
    results = case.get("jacobians") or {name: case["grads"][name] for name in case["inputs"] if name in case.get("grads", {})}
    results = {"value": case["values"][case["output"]]} if forward else results
    return [float(x) for one in results.values() for x in np.ravel(one)]


def unproven(row: dict[str, Any], found: Iterable[Lesson]) -> list[str]:
    """What a worked topic lacks: a number of each of its cases once all its lessons exist, and until then a number or a question."""
    found = list(found)
    teaching = [one for one in found if row["id"] in one.tags]
    if not row["kind"].startswith(WORKED) or not teaching:
        return []
    cells = [one.cells[place] for one in teaching for place in one.tags[row["id"]] if one.cells[place]["cell_type"] == "code"]
    printed, asked = outputs(cells), any(ASKING.search(text(cell)) for cell in cells)
    if not row["cases"]:
        return [] if asked or re.search(r"\d", printed) else [f"{row['id']} shows no number and asks no question"]
    telling = [name for name in row["cases"] if set(numbers_of(CASES[name], "forward" in row["topic"])) - {0.0, 1.0}]
    if not telling and not asked:
        return [f"{row['id']} asks no question, and zeros and ones show nothing"]
    hidden = [name for name in telling if not any(shown_in(x, printed) for x in numbers_of(CASES[name], "forward" in row["topic"]))]
    complete = set(row["lessons"]) <= {one.number for one in found}
    due = hidden if complete else [] if asked or len(hidden) < len(telling) else hidden
    return [f"{row['id']} shows no number of {name}" for name in due]


def faults_of_form(one: Lesson) -> list[str]:
    """Minutes, a prediction in the first screen, what one can do now, the switch of conventions."""
    code = [text(cell) for cell in one.cells if cell["cell_type"] == "code"]
    found = []
    if not (20 <= one.minutes <= 40 or one.number == "00" and one.minutes <= 5):
        found.append(f"takes {one.minutes} minutes")
    if not any("**" in text(cell) and "?" in text(cell) for cell in one.cells[:6] if cell["cell_type"] == "markdown"):
        found.append("asks for no prediction in its first screen")
    if not any(ASKING.search(text(cell)) for cell in one.cells[:8] if cell["cell_type"] == "code"):
        found.append("has nothing to answer in its first screen")
    found += [f"has a line of {len(line)} characters, which a page cuts off" for source in code for line in source.splitlines() if len(line) > WIDEST]
    if one.number != "00":
        if len(code) < 2 or not code[1].startswith("bl.conventions(None)"):
            found.append("has no bl.conventions(None) as its second code cell")
        if not any("## What you can do now" in text(cell) for cell in one.cells[-8:]):
            found.append("does not say what one can do now")
    return found


def faults_of_marks(one: Lesson) -> list[str]:
    """Tags and errata: known, and at most three topics a cell."""
    found = [f"has the unknown tag {tag}" for tag in one.tags if tag not in ROWS and tag not in OTHER_TAGS]
    found += [f"has the unknown erratum {name}" for name in one.errata if name not in CURRICULUM["errata"]]
    for place, cell in enumerate(one.cells):
        topics = [tag for tag in cell["metadata"].get("tags", []) if tag in ROWS]
        if len(topics) > MOST:
            found.append(f"cell {place} has {len(topics)} topics")
    return found


def unsaid(found: Iterable[Lesson]) -> list[str]:
    """Errata of topics all of whose lessons exist, that none of these lessons names. Lesson 12, which has them all, does not speak for them."""
    found = list(found)
    there = {one.number for one in found}
    due: dict[str, set[str]] = {}
    for row in CURRICULUM["rows"]:
        for name in row["errata"]:
            due.setdefault(name, set()).update(row["lessons"])
    said = {name for one in found for name in one.errata if one.number in due[name]}
    return [name for name, where in due.items() if where <= there and name not in said]


# The lessons as they are -----------------------------------------------------------------------------------------------------------

def test_the_curriculum_is_whole():
    assert len(ROWS) == 113 and {row["id"][0] for row in ROWS.values()} == set(CURRICULUM["courses"])
    assert all(set(row["errata"]) <= set(CURRICULUM["errata"]) and set(row["cases"]) <= set(CASES) and row["lessons"] for row in ROWS.values())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_topic_is_found_in_its_lessons_and_worked_ones_show_their_numbers(row):
    assert missing(row, FOUND) + unproven(row, FOUND) == []


@pytest.mark.parametrize("one", FOUND, ids=[one.path.name for one in FOUND])
def test_every_lesson_keeps_to_the_form(one):
    assert faults_of_form(one) + faults_of_marks(one) == []


def test_every_erratum_is_named_where_its_topic_is_taught():
    assert unsaid(FOUND) == []


def test_the_map_has_no_gap():
    """What lessons that exist should hold, they hold; once all exist, every topic and every erratum is demanded."""
    complete = {one.number for one in FOUND} >= set(curriculum_map.NUMBERS)
    said = curriculum_map.of_topics(FOUND) | curriculum_map.of_errata(FOUND)
    print(curriculum_map.the_map(FOUND))
    assert {name: why for name, why in said.items() if why and (complete or not why.startswith("waits"))} == {}


def test_the_instructors_table_and_the_list_of_lessons_are_in_step():
    told = "run python -m tests.instructors_table"
    assert TABLE.read_text(encoding="utf-8") == table(FOUND), told
    assert text(instructors_table.lesson(START).cells[-1]) == where_to_go(FOUND), told


def test_a_new_lesson_adds_itself_to_the_list_of_lessons(tmp_path):
    made = lesson_of(tmp_path, "# Made\n\n*30 minutes.*").path.rename(tmp_path / "99_made.ipynb")
    assert where_to_go([*FOUND, instructors_table.lesson(made)]).splitlines()[-1].startswith("| [99 Made](99_made.ipynb) | 30 | ")


def test_links_in_the_table_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", TABLE.read_text(encoding="utf-8")):
        assert (TABLE.parent / link).exists(), link


# Planted breaches ------------------------------------------------------------------------------------------------------------------

def changed(number: str, **how: Any) -> list[Lesson]:
    """The lessons, with one of them changed: without a tag, without outputs, with other texts."""
    made = []
    for one in FOUND:
        if one.number == number:
            cells = copy.deepcopy(one.cells)
            for cell in cells:
                if tag := how.get("without"):
                    cell["metadata"]["tags"] = [t for t in cell["metadata"].get("tags", []) if t != tag]
                if how.get("without_outputs") and cell["cell_type"] == "code":
                    cell["outputs"] = []
                    cell["source"] = ["pass"]
                if erratum := how.get("without_erratum"):
                    cell["metadata"]["errata"] = [e for e in cell["metadata"].get("errata", []) if e != erratum]
            tags = {t: [p for p, c in enumerate(cells) if t in c["metadata"].get("tags", [])] for t in one.tags}
            errata = {e: [p for p, c in enumerate(cells) if e in c["metadata"].get("errata", [])] for e in one.errata}
            one = dataclasses.replace(one, cells=cells, tags={t: p for t, p in tags.items() if p}, errata={e: p for e, p in errata.items() if p})
        made.append(one)
    return made


def test_a_missing_tag_is_found():
    assert missing(ROWS["C01"], changed("04", without="C01")) == [f"C01 ({ROWS['C01']['topic']}) has no cell in 04_backprop_by_hand.ipynb"]


def test_a_missing_number_is_found():
    assert unproven(ROWS["C01"], FOUND) == []
    assert len(unproven(ROWS["C01"], changed("04", without_outputs=True))) == 2
    assert unproven(ROWS["C12"], changed("05", without_outputs=True)) == ["C12 shows no number of gwu_alg_6_1_6_2"]


def test_a_case_of_zeros_and_ones_needs_a_question():
    row = ROWS["G25"]
    assert unproven(row, FOUND) == []
    assert unproven(row, changed("07", without_outputs=True)) == ["G25 asks no question, and zeros and ones show nothing"]


def test_a_missing_erratum_is_found():
    assert unsaid(changed("03", without_erratum="rowvec-line133")) == ["rowvec-line133"]


def test_the_map_tells_missing_from_waiting():
    without = [one for one in FOUND if one.number != "12"]
    assert set(curriculum_map.of_errata(without).values()) == {"waits for lesson 12"}
    assert curriculum_map.of_topics(without)["C30"] == "waits for lesson 12" and "[waits for lesson 12]" in curriculum_map.the_map(without)
    assert curriculum_map.of_topics(changed("04", without="C01"))["C01"] == "missing from lesson 04"
    assert curriculum_map.of_errata(changed("12", without_erratum="kinks"))["kinks"] == "missing from lesson 12"


def test_an_erratum_that_is_named_but_not_asked_is_found():
    last = next(one for one in FOUND if one.number == "12")
    cells = [{**cell, "source": text(cell).replace("find the error: row-vector slides", "one-or-both")} for cell in last.cells]
    said = curriculum_map.of_errata([dataclasses.replace(last, cells=cells)])
    assert {name for name, why in said.items() if why == "not asked in lesson 12"} == {
        name for name, erratum in CURRICULUM["errata"].items() if erratum["course"] == "U"}


@pytest.mark.parametrize("name", CURRICULUM["errata"])
def test_every_erratum_is_a_question_whose_options_all_have_reasons(name):
    """The right option is accepted, each wrong one is refused for a reason of its own."""
    posed = bl.questions.variant(name, 0)
    said = [bl.questions.judge(posed, option) for option, _, _ in posed.options]
    assert [outcome.right for outcome in said] == [right for _, right, _ in posed.options]
    assert sum(outcome.right for outcome in said) == 1 and len({outcome.reason for outcome in said}) == len(said) >= 3


@pytest.mark.parametrize("number, printed, there", [
    (1208.3812, "x 1208.38 ok", True), (1208.3812, "x 1208.39", False), (-0.8401, "− 1 −0.84007", False), (-0.84007, "−0.84007", True),
    (8.0, "= 8.", True),
    (8.0, "18 and 80", False), (0.0865524, "[ 0.086552  0.1]", True), (1234.5, "1.2345e+03", True), (1.0, "1", False), (0.333333, "0.3", False)])
def test_numbers_are_found_as_far_as_their_digits_go(number, printed, there):
    assert shown_in(number, printed) is there


def lesson_of(tmp_path: Path, opening: str, *cells: tuple[str, str, dict[str, Any]]) -> Lesson:
    path = tmp_path / "07_made.ipynb"
    made = [{"cell_type": "markdown", "metadata": {}, "source": [opening]}]
    made += [{"cell_type": kind, "metadata": metadata, "source": [source]} for kind, source, metadata in cells]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")
    return instructors_table.lesson(path)


def test_a_lesson_without_form_is_told_what_it_lacks(tmp_path):
    bare = lesson_of(tmp_path, "# Made\n\n*90 minutes.*", ("code", "import backproplab as bl", {}))
    assert len(faults_of_form(bare)) == 5
    good = lesson_of(tmp_path, "# Made\n\n*30 minutes.*", ("code", "import backproplab as bl", {}), ("code", "bl.conventions(None)", {}),
                     ("markdown", "**What is it?**", {}), ("code", "bl.questions.ask('x')", {}), ("markdown", "## What you can do now", {}))
    assert faults_of_form(good) == []
    wide = dataclasses.replace(good, cells=[*good.cells, {"cell_type": "code", "metadata": {}, "source": ["x = 1  # " + "-" * 120]}])
    assert faults_of_form(wide) == ["has a line of 129 characters, which a page cuts off"]


def test_unknown_and_crowded_tags_are_found(tmp_path):
    one = lesson_of(tmp_path, "# Made\n\n*30 minutes.*", ("code", "1", {"tags": ["C01", "C02", "C03", "C04"], "errata": ["no-such"]}),
                    ("code", "1", {"tags": ["X9"]}))
    assert faults_of_marks(one) == ["has the unknown tag X9", "has the unknown erratum no-such", "cell 1 has 4 topics"]


def test_a_lesson_must_say_its_minutes(tmp_path):
    with pytest.raises(ValueError, match="does not open with"):
        lesson_of(tmp_path, "# Made, without minutes")


def test_the_table_follows_the_tags():
    with_it, without = table(FOUND), table(changed("08", without="C09"))                     # no other lesson teaches it
    assert "| C09 |" in with_it and "| C09 |" not in without and "C09" in without.split("In lessons still to come: ")[1].split(".")[0]


# Running cells in any order ----------------------------------------------------------------------------------------------------------

def code_of(one: Lesson) -> list[str]:
    return [text(cell) for cell in one.cells if cell["cell_type"] == "code"]


def told_by(source: str, scope: dict[str, Any]) -> str:
    """What a cell prints, and what its last line is worth, with nothing in it that changes with place or time."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), scope)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), scope) if last else None
    return printed.getvalue() + ("" if value is None else repr(value))


@pytest.mark.parametrize("one", FOUND, ids=[one.path.name for one in FOUND])
def test_cells_run_twice_and_in_reverse_say_the_same(one):
    """After a first pass from top to bottom, every cell is run again from bottom to top: nothing fails, and nothing says another thing."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    cells = code_of(one)
    first = [told_by(source, scope) for source in cells]
    for place in reversed(range(len(cells))):
        assert told_by(cells[place], scope) == first[place], cells[place]


@pytest.mark.parametrize("course", [c["conventions"] for c in CURRICULUM["courses"].values()])
def test_every_lesson_runs_in_the_conventions_of_every_course(course):
    try:
        for one in FOUND:
            scope: dict[str, Any] = {"__name__": "__main__"}
            for source in code_of(one):
                told_by(source.replace("bl.conventions(None)", f"bl.conventions({course!r})"), scope)
    finally:
        bl.conventions(None)
