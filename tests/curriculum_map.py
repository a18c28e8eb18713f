"""The map: in which lesson, and in which of its cells, each topic and each erratum of the curriculum is found.

    python -m tests.curriculum_map

prints it. What waits for a lesson that is not there yet is said to wait; what a lesson that exists should hold and does not is missing.
"""
from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from backproplab.questions import QUESTIONS
from tests.instructors_table import CURRICULUM, Lesson, lessons, text

NUMBERS = sorted(name[:2] for name in CURRICULUM["lessons"])
LAST = NUMBERS[-1]                        # holds every erratum as a question


def asked(one: Lesson) -> set[str]:
    """The questions of a lesson: every text in its code that is a question's id, or an objective of questions."""
    said = {node.value for cell in one.cells if cell["cell_type"] == "code"
            for node in ast.walk(ast.parse(text(cell))) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {q.id for q in QUESTIONS.values() if q.id in said or q.objective in said}


def places(marks: str, name: str, found: Iterable[Lesson]) -> dict[str, list[int]]:
    """Lesson -> cells in which a topic (`marks` is "tags") or an erratum ("errata") is found."""
    return {one.number: getattr(one, marks)[name] for one in found if name in getattr(one, marks)}


def standing(due: Iterable[str], there: Mapping[str, Any], found: Iterable[Lesson]) -> str:
    """Where something stands: "missing" from a lesson that exists, waiting for one that does not, or nothing to say."""
    exist = {one.number for one in found}
    missing = [number for number in due if number in exist and number not in there]
    waiting = [number for number in due if number not in exist]
    return "; ".join([f"missing from lesson {number}" for number in missing] + [f"waits for lesson {number}" for number in waiting])


def of_topics(found: Iterable[Lesson]) -> dict[str, str]:
    """A topic -> where it stands."""
    found = list(found)
    return {row["id"]: standing(row["lessons"], places("tags", row["id"], found), found) for row in CURRICULUM["rows"]}


def of_errata(found: Iterable[Lesson]) -> dict[str, str]:
    """An erratum -> where it stands. The last lesson has to name it, and to ask about it."""
    found = list(found)
    questions = {name for one in found if one.number == LAST for name in asked(one)}
    result = {}
    for name in CURRICULUM["errata"]:
        said = standing([LAST], places("errata", name, found), found)
        result[name] = said or ("" if name in questions else f"not asked in lesson {LAST}")
    return result


def the_map(found: Iterable[Lesson]) -> str:
    """The whole map as text, a line for each topic and each erratum, and what is left to do."""
    found = list(found)
    topics, errata = of_topics(found), of_errata(found)
    lines = []
    for row in CURRICULUM["rows"]:
        lines.append(_line(row["id"], places("tags", row["id"], found), topics[row["id"]], row["topic"]))
    lines.append("")
    for name, erratum in CURRICULUM["errata"].items():
        lines.append(_line(name, places("errata", name, found), errata[name], erratum["printed"]))
    for what, all_of_them in (("topics", topics), ("errata", errata)):
        done = sum(not said for said in all_of_them.values())
        lines.append(f"{'' if what == 'errata' else chr(10)}{done} of {len(all_of_them)} {what} are where they should be.")
    return "\n".join(lines)


def _line(name: str, there: Mapping[str, list[int]], said: str, about: str) -> str:
    where = ", ".join(f"{number}: {' '.join(map(str, cells))}" for number, cells in there.items())
    return f"{name:24} {about[:60]:60}  {where}" + (f"  [{said}]" if said else "")


if __name__ == "__main__":
    print(the_map(lessons()))
