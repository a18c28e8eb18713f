"""The instructors' table: where each topic of each course is taught, made from the tags of the lessons' cells.

    python -m tests.instructors_table

writes notebooks/instructors/README.md, and the list of lessons at the end of 00_start_here. A test sees to it that they are in step.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks" / "lessons"
EXERCISES = ROOT / "notebooks" / "exercises"
TABLE = ROOT / "notebooks" / "instructors" / "README.md"
START = LESSONS / "00_start_here.ipynb"
CURRICULUM: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "curriculum.json").read_text(encoding="utf-8"))

OPENING = """\
# For instructors

<!-- Made by `python -m tests.instructors_table` from the tags of the lessons' cells; change those, not this file. -->

What the lessons teach, topic by topic of five courses. A topic's number is a tag on the cells that teach it: in JupyterLab, select a cell
and open the property inspector to see its tags. `bl.conventions(...)`, the second code cell of every lesson, sets notation, layout and
vectors to a course's own.

To judge this in twenty minutes: take [lesson 04](../lessons/04_backprop_by_hand.ipynb), predict in its first stepper, and answer wrongly.
"""


@dataclass(frozen=True)
class Lesson:
    """One lesson, as its file says.

    Attributes
    ----------
    path : Path
    number, title : str
    minutes : int
    tags : mapping of str to list of int
        A topic's id -> the cells that teach it, by place.
    errata : mapping of str to list of int
        An erratum's id -> the cells that say it.
    cells : list
        As the notebook holds them.
    """

    path: Path
    number: str
    title: str
    minutes: int
    tags: dict[str, list[int]]
    errata: dict[str, list[int]]
    cells: list[dict[str, Any]]


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises
    ------
    ValueError
        When it does not open with a title and its minutes.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    opening = text(cells[0])
    title, minutes = re.match(r"# (.+)", opening), re.search(r"\*(\d+) minutes\b", opening)
    if not title or not minutes:
        raise ValueError(f"{path.name} does not open with '# Title' and '*NN minutes. ...*'")
    found: dict[str, dict[str, list[int]]] = {"tags": {}, "errata": {}}
    for place, cell in enumerate(cells):
        for kind, ids in found.items():
            for one in cell["metadata"].get(kind, []):
                ids.setdefault(one, []).append(place)
    return Lesson(path, path.name[:2], title[1].strip(), int(minutes[1]), found["tags"], found["errata"], cells)


def lessons(folder: Path = LESSONS) -> list[Lesson]:
    return [lesson(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]


def cell_text(value: str) -> str:
    """Text inside a Markdown table: nothing in it is markup."""
    return re.sub(r"([|*_<>\[\]`\\^$])", r"\\\1", value)


def table(found: Iterable[Lesson]) -> str:
    """The whole page for instructors."""
    found = list(found)
    lines = [OPENING, "| lesson | minutes | about |", "|---|---|---|"]
    lines += [f"| [{one.number} {one.title}](../lessons/{one.path.name}) | {one.minutes} | {about(one)} |" for one in found]
    lines += exercises(lessons(EXERCISES))
    for letter, course in CURRICULUM["courses"].items():
        rows = [row for row in CURRICULUM["rows"] if row["id"].startswith(letter)]
        taught = [(row, [one for one in found if row["id"] in one.tags]) for row in rows]
        open_rows = [row["id"] for row, where in taught if not where]
        lines += ["", f"## {course['name']}: `bl.conventions(\"{course['conventions']}\")`", ""]
        lines += ["| topic | | lesson | minutes |", "|---|---|---|---|"]
        for row, where in taught:
            if where:
                links = ", ".join(f"[{one.number}](../lessons/{one.path.name})" for one in where)
                minutes = ", ".join(str(one.minutes) for one in where)
                lines.append(f"| {row['id']} | {cell_text(row['topic'])} | {links} | {minutes} |")
        if open_rows:
            lines += ["", f"In lessons still to come: {', '.join(open_rows)}."]
    lines += ["", "## Where the lectures differ or err", "",
              "The lessons teach what is right and name the place. The cells that do are marked by `errata` in their metadata.", "",
              "| | as given | right | lesson |", "|---|---|---|---|"]
    for name, erratum in CURRICULUM["errata"].items():
        where = [one for one in found if name in one.errata]
        if where:
            links = ", ".join(f"[{one.number}](../lessons/{one.path.name})" for one in where)
            lines.append(f"| {name} | {cell_text(erratum['printed'])} | {cell_text(erratum['right'])} | {links} |")
    return "\n".join(lines) + "\n"


HOMEWORK = """
## Exercises, to teach tomorrow

Take a lesson, and hand out the exercise of its number. Practice is judged at once, by the bank that students have installed, and counts
nothing; marked is a student's own code, which `backproplab grade` runs on inputs that nobody has seen, in a sandbox. The sources with
solutions are in the repository, in `tests/solutions`, and nowhere else; with a roster every student gets graphs and numbers of their own. What
lies in [notebooks/exercises](../exercises) is made from them as a student opens it, nothing filled in and no cell run; the tests run the sources
and compare what every cell says.

```
backproplab release tests/solutions/04_by_hand.ipynb --out handed-out --students roster.csv --course-key our.key
backproplab grade notebooks/exercises/04_by_hand.ipynb handed-in --out results --course-key our.key
```

[Write and grade](01_write_and_grade.ipynb) shows how to ask questions of your own.
"""


def exercises(found: Iterable[Lesson]) -> list[str]:
    """What there is to hand out, with its minutes and points."""
    lines = [HOMEWORK, "| exercise | minutes | practice | marked | points |", "|---|---|---|---|---|"]
    for one in found:
        practice = sum(text(cell).startswith("# Practice: ") for cell in one.cells)
        marked = sum(text(cell).startswith("# Marked: ") for cell in one.cells)
        points = sum(cell["metadata"]["nbgrader"].get("points", 0) for cell in one.cells)
        name = one.title.removeprefix("Exercise ").replace(":", "", 1)
        lines.append(f"| [{name}](../exercises/{one.path.name}) | {one.minutes} | {practice} | {marked} | {points:g} |")
    return lines


def about(one: Lesson) -> str:
    return cell_text(CURRICULUM["lessons"].get(one.path.stem, "your function, one prediction, one fork"))


# The list of lessons in 00_start_here is for students: what they will do, in words they know. A lesson that is not here is listed in
# the curriculum's words.
FOR_STUDENTS = {
    "01": "every program that computes numbers is a graph: draw it, read it, put its lines in order",
    "02": "a derivative measured, worked out on paper, computed forwards and computed backwards, and what each costs",
    "03": "multiply along a path, add over the paths",
    "04": "the gradients of small programs by hand, checked at every step; what +, × and max send back",
    "05": "your own small library: gates, a graph of them, and the backward pass in four ways",
    "06": "derivatives of vectors and matrices: what is a row, what is a column, and what fits what",
    "07": "what a linear layer, an activation function and a softmax send back",
    "08": "from one unit to a deep network, in the notation of three courses",
    "09": "a network with ReLUs, for one example and then for a batch, line by line",
    "10": "why deep networks stop learning: gradients that vanish and units that die",
    "11": "training: steps along the gradient, a price on large weights, ways around a layer",
    "12": "find the mistakes on real slides, answer a mixed quiz, and do a graph of your own",
}


def where_to_go(found: Iterable[Lesson]) -> str:
    """The last cell of 00_start_here: every lesson there is, but itself."""
    lines = ["## Where to go next", "", "| lesson | minutes | about |", "|---|---|---|"]
    lines += [f"| [{one.number} {one.title}]({one.path.name}) | {one.minutes} | {FOR_STUDENTS.get(one.number) or about(one)} |"
              for one in found if one.number != "00"]
    return "\n".join(lines)


def main() -> None:
    found = lessons()
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table(found), encoding="utf-8")
    start = json.loads(START.read_text(encoding="utf-8"))
    start["cells"][-1]["source"] = where_to_go(found).splitlines(keepends=True)
    START.write_text(json.dumps(start, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found)} lessons, {sum(len(one.tags) for one in found)} topics in them: {TABLE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
