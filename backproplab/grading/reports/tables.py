"""Scores as tables: our own, and Canvas's gradebook with one column filled. No cell begins like a formula: a spreadsheet would run it."""
from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..names import known_as, meant

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
           "\N{FULLWIDTH COMMERCIAL AT}")         # the wide ones are taken for the others in East Asian settings
# What Canvas calls the columns that say who it is, in the order in which they are tried.
WHO = ("SIS Login ID", "SIS User ID", "ID", "Student")
Found = Sequence[tuple[str, dict[str, Any] | None]]


class ReportError(Exception):
    """A report cannot be written; the message is a sentence for the instructor."""


def guarded(value: Any) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, (int, float)):
        return f"{value:g}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \0\ufeff\xa0").startswith(FORMULA) else text


def scores(run: dict[str, Any], found: Found, missing: Sequence[str] = ()) -> bytes:
    """A row for each student: the sum, the verdict, and each question's score and verdict; and for who handed in nothing."""
    ids = [q["id"] for q in run["questions"]]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)                  # where a semicolon separates, one in a name would begin another cell
    writer.writerow(map(guarded, ["student", "score", "of", "verdict", "unsafe", *(f"{id}{what}" for id in ids for what in ("", " verdict"))]))
    for student, result in found:
        if result is None:
            writer.writerow([guarded(student), "", "", "not marked yet"])
            continue
        by = {q["id"]: q for q in result["questions"]}
        row = [student, result["score"], result["max_score"], result["verdict"], "unsafe" if result["unsafe"] else ""]
        for id in ids:
            row += [by[id]["score"], by[id]["verdict"]] if id in by else ["", ""]
        writer.writerow(map(guarded, row))
    for student in missing:
        writer.writerow([guarded(student), "", "", "nothing handed in"])
    return out.getvalue().encode("utf-8-sig")                         # spreadsheets take a file without a mark for another encoding


def canvas(file: Path, column: str | None, found: Sequence[tuple[str, dict[str, Any]]]) -> tuple[bytes, list[str]]:
    """The gradebook with one column filled, and what is to be told; everything else stays as it was.

    Raises
    ------
    ReportError
        When it is no gradebook, or the column is not clear.
    """
    try:
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReportError(f"The gradebook {file.name} cannot be read: {error}.") from None
    if not rows or "Student" not in rows[0]:
        raise ReportError(f"{file.name} is no gradebook of Canvas: its first line has no column Student.")
    head = rows[0]
    at = _column(head, column)
    places = [head.index(name) for name in WHO if name in head]
    by = known_as(student for student, _ in found)
    results = dict(found)
    filled, empty = set(), 0
    for row in rows[1:]:
        row += [""] * (len(head) - len(row))
        student = next((who for place in places if (who := meant(row[place], by)) is not None), None)
        if student is None:
            empty += bool(row[places[0]].strip())
            continue
        result = results[student]
        if result["score"] is not None:
            row[at] = f"{result['score']:g}"
            filled.add(student)
    out = io.StringIO()
    csv.writer(out).writerows([[cell if k == at else _as_it_was(cell) for k, cell in enumerate(row)] for row in rows])
    lost = sorted(student for student, result in found if student not in filled and result["score"] is not None)
    notes = [f"    {len(filled)} of {len(found)} scores are in the gradebook; {empty} of its lines have none"]
    notes += [f"    not in the gradebook: {', '.join(lost[:10])}{' ...' if len(lost) > 10 else ''}"] if lost else []
    return out.getvalue().encode("utf-8"), notes


def _as_it_was(cell: str) -> str:
    """Canvas's own cells stay; one that would be a formula is guarded, but for numbers below 0."""
    try:
        float(cell)
    except ValueError:
        return guarded(cell)
    return cell


def _column(head: Sequence[str], column: str | None) -> int:
    wanted = [name for name in head if column is not None and (name == column or name.split(" (")[0] == column)]
    if len(wanted) == 1:
        return head.index(wanted[0])
    assignments = [name for name in head if name.rstrip(")").rpartition(" (")[2].isdecimal()]
    if column is None and len(assignments) == 1:
        return head.index(assignments[0])
    there = ", ".join(repr(name) for name in assignments) or "none"
    raise ReportError(f"Which column of the gradebook is to be filled? Name it with --column; the assignments in it are {there}.")
