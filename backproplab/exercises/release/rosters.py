"""Rosters: who gets a notebook. A list with one student a line, or a table from a course's own system."""
from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .markers import ReleaseError

# A column with one of these names identifies a student, the first of them first.
# What Canvas writes among the students.
NOBODY = {"points possible", "student, test"}
COLUMNS = ("student", "student id", "sis user id", "sis login id", "id", "user id", "username", "login", "email", "email address", "name")
UNSAFE = re.compile(r"[^\w.@+-]+")
LONGEST = 120                             # characters of an id: part of a file's name


@dataclass(frozen=True)
class Roster:
    """Who gets a notebook.

    Attributes
    ----------
    students : tuple of str
        Ids, each once, in the order of the file.
    folders : dict of str to str
        Of each student, a name that every file system takes.
    notes : tuple of str
        What was odd, in sentences.
    also : dict of str to tuple of str
        Of each student what stands in the other columns that name one, such as a name beside an e-mail address.
    """

    students: tuple[str, ...]
    folders: dict[str, str]
    notes: tuple[str, ...] = ()
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_roster(path: Path) -> Roster:
    """The students of a file.

    Parameters
    ----------
    path : Path
        Text with one id a line, or a table with commas, semicolons or tabs and a column such as "student", "id", "email" or Canvas's
        "SIS User ID"; without such a column the first one counts.

    Raises
    ------
    ReleaseError
        When there is no such file, when it is no text, or names nobody; and when two students would get one folder.
    """
    attempted = f"reading the roster {path.name}"
    rows = [row for row in csv.reader(io.StringIO(_text(path, attempted), newline=""), _dialect(path, attempted)) if any(c.strip() for c in row)]
    if not rows:
        raise ReleaseError(attempted, "it names nobody", "Write one student's id in each line.")
    header = [c.strip().casefold() for c in rows[0]]
    columns = [header.index(name) for name in COLUMNS if name in header]
    body = [row for row in (rows[1:] if columns else rows) if not {cell.strip().casefold() for cell in row} & NOBODY]
    # Two may have one name: a column in which everybody is somebody else comes before one that is called better.
    column = next((k for k in columns if _all_differ([_cell(row, k) for row in body])), columns[0] if columns else None)
    found = [_cell(row, column or 0) for row in body]
    others = [k for k, name in enumerate(header) if column is not None and name in COLUMNS and k != column]
    also: dict[str, tuple[str, ...]] = {}
    for student, row in zip(found, body, strict=True):
        if names := tuple(name for k in others if (name := _cell(row, k))):
            also.setdefault(student, names)
    students = list(dict.fromkeys(s for s in found if s))
    if not students:
        raise ReleaseError(attempted, "it names nobody", f"The column {rows[0][column or 0].strip()!r} is empty in every line.")
    long = [s for s in students if len(s) > LONGEST or any(unicodedata.category(c) == "Cc" for c in s)]
    if long:
        raise ReleaseError(attempted, f"{long[0][:40]!r} is no id", f"An id has at most {LONGEST} characters, and none that cannot be seen.")
    notes = []
    if column is None and len(header) > 1:
        notes.append(f"No column is called {', '.join(COLUMNS[-4:])} or the like, so the first one counts, from {students[0]!r} on.")
    twice = [s for s, n in Counter(s for s in found if s).items() if n > 1]
    if twice:
        one = len(twice) == 1
        notes.append(f"{_named(twice)} {'stands' if one else 'stand'} more than once in the roster and {'gets' if one else 'get'} one notebook.")
    empty = sum(not s for s in found)
    if empty:
        notes.append(f"{empty} {'line names' if empty == 1 else 'lines name'} nobody and {'was' if empty == 1 else 'were'} passed over.")
    return Roster(tuple(students), _folders(students, attempted), tuple(notes), also)


def _all_differ(cells: list[str]) -> bool:
    return all(cells) and len(set(cells)) == len(cells)


def _cell(row: list[str], column: int) -> str:
    return unicodedata.normalize("NFC", row[column].strip()) if len(row) > column else ""


def _text(path: Path, attempted: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReleaseError(attempted, error.strerror or str(error), "Name a file with one student a line.") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReleaseError(attempted, "it is not in UTF-8, so names in it would come out wrong", "Save it again as CSV UTF-8.") from None
    if "\0" in text:
        raise ReleaseError(attempted, "it is no text", "Save it as CSV: a spreadsheet's own format cannot be read.")
    return text


def _dialect(path: Path, attempted: str) -> type[csv.Dialect]:
    first = next((line for line in _text(path, attempted).splitlines() if line.strip()), "")

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=first.count)
    return Dialect


def _folders(students: list[str], attempted: str) -> dict[str, str]:
    """A folder's name for each; two that differ by case only would be one folder on some systems."""
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    for s in students:
        name = UNSAFE.sub("_", s).strip(".") or "_"
        other = taken.setdefault(name.casefold(), s)
        if other != s:
            raise ReleaseError(attempted, f"{other!r} and {s!r} would get one folder, {name}", "Use ids that differ in letters and digits.")
        found[s] = name
    return found


def _named(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} others" if len(names) > 5 else "")
