"""Scores as tables: our own, and Canvas's gradebook with one column filled. No cell begins like a formula: a spreadsheet would run it."""
from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..names import known_as, meant
from .words import summed, word

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
           "\N{FULLWIDTH COMMERCIAL AT}")         # the wide ones are taken for the others in East Asian settings
# What Canvas calls the columns that say who it is, in the order in which they are tried.
WHO = ("ID", "SIS Login ID", "SIS User ID", "Student")
POSSIBLE = "Points Possible"
ASSIGNMENT = re.compile(r" \(\d+\)$")      # how the name of an assignment's column ends
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
    """A row for each student: the sum, the verdict, and each question's score and how it went; and for who handed in nothing."""
    ids = [q["id"] for q in run["questions"]]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)                  # where a semicolon separates, one in a name would begin another cell
    writer.writerow(map(guarded, ["student", "score", "of", "verdict", "unsafe", *(f"{id}{what}" for id in ids for what in ("", " verdict"))]))
    for student, result in found:
        if result is None:
            writer.writerow([guarded(student), "", "", "not marked yet", *[""] * (1 + 2 * len(ids))])
            continue
        by = {q["id"]: q for q in result["questions"]}
        row = [student, result["score"], result["max_score"], summed(result), "unsafe" if result["unsafe"] else ""]
        for id in ids:
            row += [by[id]["score"], word(by[id])] if id in by else ["", ""]
        writer.writerow(map(guarded, row))
    for student in missing:
        writer.writerow([guarded(student), "", "", "nothing handed in", *[""] * (1 + 2 * len(ids))])
    return out.getvalue().encode("utf-8-sig")                         # spreadsheets take a file without a mark for another encoding


def canvas(file: Path, column: str | None, found: Sequence[tuple[str, dict[str, Any]]],
           entries: Mapping[str, Mapping[str, str]] | None = None) -> tuple[bytes, list[str]]:
    """The gradebook with one column filled, and what is to be told; everything else stays as it was.

    One of Canvas's columns says who is meant in the whole file, the one by which most students are found; a student meant by two of its lines
    is in none.

    Parameters
    ----------
    file : Path
    column : str or None
        The assignment's; needed where there are several.
    found : sequence of (str, dict)
        Students and their results.
    entries : mapping, optional
        Of the run: for each student what Canvas calls them, and their number there.

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
    for row in rows:
        row += [""] * (len(head) - len(row))
    lines = _lines(head, rows, [student for student, _ in found], entries or {})
    worth = next((row[at] for row in rows if POSSIBLE in row[head.index("Student")]), "")
    if "read only" in worth:
        raise ReportError(f"Canvas does not read the column {head[at]!r} back: it is {worth.strip('()')}. Name that of an assignment with --column.")
    filled, over = set(), 0
    for student, result in found:
        if result["score"] is not None and len(lines.get(student, ())) == 1:
            row = rows[lines[student][0]]
            over += bool(row[at].strip()) and row[at].strip() != f"{result['score']:g}"
            row[at] = f"{result['score']:g}"
            filled.add(student)
    out = io.StringIO()
    csv.writer(out).writerows([[cell if k == at else _as_it_was(cell) for k, cell in enumerate(row)] for row in rows])
    lost = sorted(student for student, result in found if student not in filled and result["score"] is not None)
    twice = [student for student in lost if student in lines]
    empty = sum(bool(row[head.index("Student")].strip()) for row in rows[1:] if POSSIBLE not in row[head.index("Student")]) - len(filled)
    notes = [f"    {len(filled)} of {len(found)} scores are in the gradebook; {empty} of its lines have none"]
    most = f"{max((result['max_score'] for _, result in found), default=0):g}"
    notes += [f"    {over} other scores that stood there are written over"] * bool(over)
    notes += [f"    the column is worth {worth} in Canvas, and {most} here"] * (worth.strip() not in ("", most, f"{most}.0", f"{most}.00"))
    notes += [f"    {what}: {', '.join(who[:10])}{' ...' if len(who) > 10 else ''}" for what, who in (
        ("in the gradebook more than once, so in none of these lines", twice),
        ("not in the gradebook", [student for student in lost if student not in lines])) if who]
    return out.getvalue().encode("utf-8"), notes


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]], students: Sequence[str],
           entries: Mapping[str, Mapping[str, str]]) -> dict[str, list[int]]:
    """In which lines each student stands, by the column that finds most of them, each in one line."""
    called = {student: entries.get(student, {}).get("called") or student for student in students}
    often = Counter(called.values())
    names = {name: student for student, name in called.items() if often[name] == 1}
    numbers = {number: student for student in students if (number := entries.get(student, {}).get("number"))}
    by = known_as(names)
    best: dict[str, list[int]] = {}
    by_column = "Student"
    namesakes: dict[str, list[int]] = {}
    for column in (name for name in WHO if name in head):
        found: dict[str, list[int]] = {}
        for k, row in enumerate(rows[1:], start=1):
            said = row[head.index(column)]
            student = numbers.get(said.strip()) if column == "ID" and numbers else names.get(meant(said, by) or "")
            if student is not None and POSSIBLE not in row[head.index("Student")]:
                found.setdefault(student, []).append(k)
        for student, where in found.items():                          # who is called just that, before who is called nearly that
            found[student] = [k for k in where if rows[k][head.index(column)].strip() == called[student]] or where
        if column == "Student":
            namesakes = {student: where for student, where in found.items() if len(where) > 1}
        if _good(found) > _good(best):
            best, by_column = found, column
    # A name that two have is nobody's, though one of them has it for a login too; a login itself, or a number, is one's own.
    own = {student for student, where in best.items() for k in where
           if by_column != "Student" and rows[k][head.index(by_column)].strip() in (called[student], entries.get(student, {}).get("number"))}
    return best | {student: where for student, where in namesakes.items() if student in best and student not in own}


def _good(lines: Mapping[str, Sequence[int]]) -> tuple[int, int]:
    return sum(len(where) == 1 for where in lines.values()), len(lines)


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
    if column is not None:
        raise ReportError(f"There is no column {column!r} in the gradebook; the assignments in it are {_assignments(head)}.")
    assignments = [name for name in head if ASSIGNMENT.search(name)]
    if column is None and len(assignments) == 1:
        return head.index(assignments[0])
    raise ReportError(f"Which column of the gradebook is to be filled? Name it with --column; the assignments in it are {_assignments(head)}.")


def _assignments(head: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in head if ASSIGNMENT.search(name)) or "none"
