"""Release: from an instructor's notebook to one for each student, with nothing in it that would tell an answer."""
from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...questions import variant
from ..banks import Bank, BankError, carries_marks, load_bank, package_bank
from ..seeds import fingerprint, variant_seed
from .leaks import leaks, secrets_of
from .markers import ReleaseError, solutions
from .notebooks import PUBLIC, parts, student_notebook
from .rosters import Roster, read_roster
from .solved import solve

__all__ = ["Bank", "BankError", "Release", "ReleaseError", "Roster", "carries_marks", "leaks", "load_bank", "package_bank", "read_roster",
           "release"]
KEY_BYTES = 32


@dataclass(frozen=True)
class Release:
    """What was written.

    Attributes
    ----------
    files : tuple of Path
    notes : tuple of str
        What an instructor should know, in sentences.
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def release(source: Path, out: Path, *, bank: Path | None = None, students: Path | None = None, course_key: Path | None = None,
            progress: Callable[[int, int], None] = lambda done, total: None) -> Release:
    """Make the notebooks that students get.

    Parameters
    ----------
    source : Path
        The instructor's notebook: `notebooks` tells its marks.
    out : Path
        A folder; ``NAME.ipynb`` is written there, or with a roster ``STUDENT/NAME.ipynb`` for each student.
    bank : Path, optional
        Where the questions are declared; the package's own bank without it.
    students : Path, optional
        A roster: each student gets variants of their own.
    course_key : Path, optional
        The course's secret, from which the variants follow; made if the file is not there. Required with a roster.
    progress : callable, optional
        Called with how many are done, and of how many.

    Returns
    -------
    Release

    Raises
    ------
    ReleaseError, BankError
        In words, before anything is written.

    Notes
    -----
    A file that lies there already and differs is not written over: nothing that somebody wrote is lost.
    """
    notebook = _read(source)
    questions = load_bank(bank) if bank is not None else package_bank()
    found = parts(notebook, questions)
    notes = solve(found, questions)
    asked = [p.id for p in found if p.kind == "question"]
    if students is None:
        made = [(out / source.name, student_notebook(notebook, questions, dict.fromkeys(asked, PUBLIC)))]
        progress(1, 1)
    else:
        roster = read_roster(students)
        key, said = _key(course_key, out)
        notes += [*roster.notes, *said]
        made = []
        for k, student in enumerate(roster.students, start=1):
            seeds = {id: variant_seed(key, student, id) for id in asked}
            made.append((out / roster.folders[student] / source.name, student_notebook(notebook, questions, seeds, student, fingerprint(key))))
            progress(k, len(roster.students))
    hidden = [text for p in found for text in solutions(p.source, p.where)]
    hidden += [p.source for p in found if p.kind == "dropped"]
    posed = [variant(questions.questions[id], PUBLIC) for id in asked]
    secret = secrets_of(posed, hidden, [p.source for p in found if p.kind == "text"])
    for path, content in made:
        told = leaks(content, secret)
        if told:
            raise ReleaseError(f"releasing {source.name}", f"{path.name}: {told[0]}",
                               "Put it between markers, or into a cell with the tag instructor.")
    return Release(tuple(_written(path, content) for path, content in made), tuple(notes))


def _read(source: Path) -> Mapping[str, Any]:
    attempted = f"reading the source {source.name}"
    try:
        notebook = json.loads(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ReleaseError(attempted, error.strerror or str(error), "Name a notebook.") from None
    except (ValueError, RecursionError):
        raise ReleaseError(attempted, "it is not a notebook", "Save it in JupyterLab, and name that file.") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(c, dict) and "source" in c and "cell_type" in c for c in cells):
        raise ReleaseError(attempted, "it is not a notebook of version 4", "Open and save it in JupyterLab.")
    return notebook


def _key(path: Path | None, out: Path) -> tuple[bytes, list[str]]:
    """The course's key, and a sentence where it was made."""
    attempted = "making a variant for each student"
    if path is None:
        raise ReleaseError(attempted, "no course key was named",
                           "Add --course-key FILE; the file is made if it is not there. Keep it out of students' reach.")
    if path.resolve().is_relative_to(out.resolve()):
        raise ReleaseError(attempted, f"the course key would lie in {out}", "Name a file elsewhere: that folder is handed out.")
    if not path.exists():
        _place(path, secrets.token_hex(KEY_BYTES).encode() + b"\n", 0o600)
        return path.read_bytes().strip(), [f"Made the course's key in {path}. Keep it, for grading needs it too, and keep it to yourself."]
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise ReleaseError(attempted, f"the course key cannot be read: {error.strerror}", "Name a file that you may read.") from None
    if len(key) < 16:
        raise ReleaseError(attempted, f"the course key has {len(key)} bytes",
                           "16 are the least: name a file that is not there yet, and a good one is made.")
    return key, []


def _written(path: Path, content: Mapping[str, Any]) -> Path:
    text = (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
    if path.exists() and path.read_bytes() != text:
        raise ReleaseError(f"writing {path.name}", f"{path} is there and says something else",
                           "Name another folder, or move that one away: it is not written over.")
    _place(path, text)
    return path


def _place(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError as error:
        raise ReleaseError(f"writing {path.name}", error.strerror or str(error), "Name a folder that you may write in.") from None

