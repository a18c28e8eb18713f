"""Handing out the lessons.

The lessons are committed executed, so that tests can compare every number; a learner gets them with outputs cleared, since an
output seen is a prediction spoilt. What a learner wrote is theirs: a lesson whose cell sources they changed is never written over.
A small hidden list in their folder remembers what each lesson looked like when it was handed out, so that a lesson which nobody
touched gets its update. The exercises go the same way, into a folder beside the lessons. This file uses the standard library alone,
because the wheel's build hook loads it too.
"""
from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HANDED_OUT = ".backproplab.json"
EXERCISES = "exercises"           # in the learner's folder
_PACKAGE = Path(__file__).resolve().parent


class HandOutError(Exception):
    """The lessons cannot be found, or the learner's folder cannot be used; the message is a sentence for the learner."""


@dataclass(frozen=True)
class HandOut:
    """What happened to every lesson, by file name; together the first five name each lesson once.

    Attributes
    ----------
    copied, updated, untouched : tuple of str
        New in the folder; replaced by our newer text, as the learner had not changed it; already there with our text.
    kept : tuple of (str, str)
        The learner's own, left alone, and why it counts as theirs.
    put_aside : tuple of (str, str)
        The learner's own, and the name under which it now lies beside a fresh copy.
    notes : tuple of str
        Sentences about anything else worth knowing.
    """

    copied: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    put_aside: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def lessons_folder() -> Path:
    """Where this installation holds the lessons: inside an installed package, or in the checkout of an editable install.

    Raises
    ------
    HandOutError
        If neither is there.
    """
    for folder in (_PACKAGE / "_lessons", _PACKAGE.parent / "notebooks" / "lessons"):
        if lesson_files(folder):
            return folder
    raise HandOutError("This installation of backproplab holds no lessons; installing it again should bring them.")


def exercises_folder() -> Path | None:
    """Where this installation holds the exercises, in the form in which students get them; None when it has none."""
    found = (_PACKAGE / "_exercises", _PACKAGE.parent / "notebooks" / "exercises")
    return next((folder for folder in found if lesson_files(folder)), None)


def lesson_files(folder: Path) -> list[Path]:
    """The lessons or exercises NN_name.ipynb in a folder, lowest number first."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def chosen(words: Sequence[str], folder: Path) -> list[Path]:
    """The notebooks that are meant.

    Parameters
    ----------
    words : sequence of str
        Each a lesson's number (4 or 04), its name with or without its ending, or the path of a notebook; none for all lessons.
    folder : Path
        Where the lessons are.

    Raises
    ------
    HandOutError
        If a word is none of these; the message lists the lessons.
    """
    lessons = lesson_files(folder)
    return [_meant(word, lessons) for word in words] if words else lessons


def _meant(word: str, lessons: Sequence[Path]) -> Path:
    for lesson in lessons:
        if word in (lesson.name, lesson.stem) or word.isdecimal() and int(word) == int(lesson.name[:2]):
            return lesson
    path = Path(word).expanduser()
    if path.suffix == ".ipynb" and path.is_file():
        return path.resolve()
    raise HandOutError(f"There is no lesson and no notebook {word!r}; the lessons are {', '.join(lesson.stem for lesson in lessons)}.")


def cleared(notebook: dict[str, Any]) -> dict[str, Any]:
    """A copy of a notebook (as JSON) without outputs, execution counts, timings and the state of widgets."""
    cells = []
    for cell in notebook["cells"]:
        cell = cell | {"metadata": {k: v for k, v in cell.get("metadata", {}).items() if k != "execution"}}
        cells.append(cell | {"outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell)
    return notebook | {"cells": cells, "metadata": {k: v for k, v in notebook["metadata"].items() if k != "widgets"}}


def cleared_bytes(lesson: Path) -> bytes:
    """The bytes that a learner receives for a lesson.

    Raises
    ------
    HandOutError
        If our own lesson is not a notebook.
    """
    notebook = _notebook(lesson)
    if notebook is None:
        raise HandOutError(f"Our own {lesson.name} cannot be read as a notebook; installing backproplab again should mend it.")
    return (json.dumps(cleared(notebook), indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def fingerprint(notebook: dict[str, Any]) -> str:
    """A hash of the cell sources: what an author writes, and nothing that running, saving or opening a notebook alters.

    Empty cells do not count: JupyterLab adds one when the last cell is run.
    """
    sources = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    written = [pair for pair in sources if pair[1].strip()]
    return hashlib.sha256(json.dumps(written).encode("utf-8")).hexdigest()


def hand_out(folder: Path, *, refresh: bool = False, source: Path | None = None, today: datetime.date | None = None) -> HandOut:
    """Copy the lessons, outputs cleared, into a learner's folder, which is made if need be.

    Parameters
    ----------
    folder : Path
        The learner's folder.
    refresh : bool
        Put lessons that the learner changed aside, under a name with the date, and bring ours.
    source : Path, optional
        Where the lessons are; this installation's by default.
    today : datetime.date, optional
        The date for names of lessons put aside.

    Returns
    -------
    HandOut
        What happened to every lesson.

    Raises
    ------
    HandOutError
        If the folder cannot be used; whatever lay there is as it was, or lies beside it under its dated name.
    """
    source = source or lessons_folder()
    today = today or datetime.date.today()
    _prepare(folder, source)
    record, notes = _read_record(folder)
    copied, updated, untouched, kept, put_aside = [], [], [], [], []
    with _in_words(folder):
        for lesson in lesson_files(source):
            name, content, target = lesson.name, cleared_bytes(lesson), folder / lesson.name
            ours = fingerprint(json.loads(content))
            theirs = _notebook(target)
            print_of_theirs = fingerprint(theirs) if theirs is not None else None
            if not os.path.lexists(target):
                copied.append(name)
                _write(target, content)
            elif print_of_theirs == ours:
                untouched.append(name)
            elif theirs is not None and print_of_theirs == record.get(name):
                updated.append(name)
                _write(target, content)
            elif refresh:
                aside = _free_name(target, today)
                put_aside.append((name, aside.name))
                _write(target, content, aside)
            else:
                kept.append((name, "you changed it" if theirs is not None else "it cannot be read as a notebook"))
                continue        # the record still says what was handed out: undoing the change makes the lesson ours again
            record[name] = ours
    try:
        _write(folder / HANDED_OUT, (json.dumps({"handed_out": record}, indent=1, sort_keys=True) + "\n").encode())
    except OSError:
        notes.append(f"{HANDED_OUT} cannot be written; when we next improve a lesson, yours will count as changed and be kept.")
    return HandOut(tuple(copied), tuple(updated), tuple(untouched), tuple(kept), tuple(put_aside), tuple(notes))


def _notebook(path: Path) -> dict[str, Any] | None:
    """The notebook in a file, or None if it cannot be read as one, whatever the reason."""
    try:
        notebook = json.loads(path.read_bytes())
        fingerprint(cleared(notebook))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return notebook


def _prepare(folder: Path, source: Path) -> None:
    """Make the folder; refuse a file, and any place inside the package or among the originals."""
    place = Path(os.path.realpath(folder))
    if any(place.is_relative_to(ours) for ours in (_PACKAGE, source.resolve())):
        raise HandOutError(f"{folder} belongs to backproplab itself; please name a folder of your own.")
    with _in_words(folder):
        if os.path.lexists(folder) and not folder.is_dir():
            raise HandOutError(f"{folder} is a file, not a folder; please name another folder.")
        folder.mkdir(parents=True, exist_ok=True)


def _read_record(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The fingerprints of the lessons as handed out, by name, and notes; an unreadable list only means that we know less."""
    path = folder / HANDED_OUT
    if not os.path.lexists(path):
        return {}, []
    try:
        record = json.loads(path.read_bytes())["handed_out"]
        return {str(name): str(value) for name, value in record.items()}, []
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, [f"{HANDED_OUT} cannot be read; a lesson that differs from ours counts as changed by you and is kept."]


def _free_name(target: Path, today: datetime.date) -> Path:
    """04_name.2026-11-24.ipynb, then 04_name.2026-11-24-2.ipynb and so on: the first that is not taken."""
    number = 1
    while True:
        aside = target.with_name(f"{target.stem}.{today.isoformat()}{f'-{number}' if number > 1 else ''}{target.suffix}")
        if not os.path.lexists(aside):
            return aside
        number += 1


def _write(target: Path, content: bytes, aside: Path | None = None) -> None:
    """Write a file whole or not at all; what lay there before is moved `aside` first if a place is given."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        if aside is not None:
            os.rename(target, aside)
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """What the operating system refuses, said as a sentence about the learner's folder."""
    try:
        yield
    except OSError as error:
        raise HandOutError(f"The lessons cannot be copied into {folder}: {error.strerror or error}.") from error
