"""What was handed in: a folder, the zip of a learning management system, or one notebook; and who handed in what.

Archives are never unpacked to disk, links are not followed, and a file is read only when its turn comes.
"""
from __future__ import annotations

import functools
import hashlib
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from .notebooks import MOST_BYTES

MOST_FILES = 200_000
LONGEST = 200                              # characters of a name
ONE_STUDENTS = 2                           # notebooks in one folder that are taken for versions of one student's, when there is no other
# How systems name what they hand out: the folders and the name of the file, joined by /. The first that fits says who the student is, and with
# what number or by what name alone the system knows them.
NAMINGS = tuple((name, re.compile(expression)) for name, expression in (
    ("Moodle", r"(?:^|/)(?P<student>(?P<name>[^/]+?)_\d+)_assignsubmission_file(?:_?(?:/|$)|_[^/]+$)"),
    ("Gradescope", r"(?:^|/)(?P<student>submission_\d+)/"),
    ("Canvas", r"(?:^|/)(?P<student>[^/_]+)_(?P<late>LATE_)?(?P<number>\d+)_\d+_[^/]+$"),
    ("nbgrader", r"^submitted/(?P<student>[^/]+)/[^/]"),
    ("a folder for each student", r"^(?P<student>[^/]+)/[^/]"),
    ("a file for each student", r"(?:^|/)(?P<student>[^/]+)\.ipynb$"),
))
# Those that are searched for anywhere in a path count where most folders have them: a student, too, chooses names, and bob_1_2_hw.ipynb in one's
# own folder is not bob's.
ANYWHERE = ("Moodle", "Gradescope", "Canvas")
DEEPEST = 60                               # folders in folders that are looked into
ENCRYPTED = 1                              # a flag of a zip's entry
COMPRESSED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)             # the others are unpacked as a whole, whatever a bound says


class CollectingError(Exception):
    """What was handed in cannot be used; the message is a sentence for the instructor."""


@dataclass(frozen=True)
class Submission:
    """One notebook of one student, not yet read.

    Attributes
    ----------
    student : str
        No other student's.
    name : str
        Where it lay.
    place : Path
        The file, or the archive that holds it.
    member : str
        Its name in the archive; "" for a file.
    called : str
        What the system calls the student, where `student` is more than that; two may be called the same.
    number : str
        With which the system knows the student; "" where its names of files hold none.
    late : bool
        Whether the system calls it late.
    others : tuple of Submission
        The student's other notebooks, in the order of their names.
    fits : bool
        Whether its path has the form that says who the student is.
    """

    student: str
    name: str
    place: Path
    member: str = ""
    called: str = ""
    number: str = ""
    late: bool = False
    others: tuple[Submission, ...] = ()
    fits: bool = True

    def read(self) -> bytes:
        """Its bytes, one more than is allowed at most. What cannot be read is as good as an empty file."""
        try:
            if self.member:
                archive = opened(self.place)
                if archive.getinfo(self.member).compress_type not in COMPRESSED:
                    return b""
                with archive.open(self.member) as file:
                    return file.read(MOST_BYTES + 1)
            # Not followed when it is a link, and not waited for when it is a pipe.
            descriptor = os.open(self.place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                return file.read(MOST_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, KeyError):
            return b""
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma", "_lzma", "bz2"):
                return b""
            raise


def opened(place: Path) -> zipfile.ZipFile:
    """An archive, kept open: its table is read once, not for every notebook, as long as the file is the same."""
    there = place.stat()
    return _opened(place, there.st_ino, there.st_size, there.st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _opened(place: Path, *seen: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(place)


def collected(place: Path, pattern: str | None = None) -> list[Submission]:
    """What was handed in, in the order of its names: for each student the last notebook by name, with the others.

    Parameters
    ----------
    place : Path
        A folder, a zip, or a notebook.
    pattern : str, optional
        A regular expression with a group ``student``, searched in each path from the folder on; it replaces the known namings. A path that it
        does not fit stands for itself: nobody's name is guessed from it.

    Returns
    -------
    list of Submission

    Raises
    ------
    CollectingError
    """
    own = _own(pattern)
    if not place.exists():
        raise CollectingError(f"There is no {place}: name a folder, a zip or a notebook.")
    alone = place.name.lower().endswith(".ipynb") and place.is_file()                 # also one that is a zip as well
    found = [(place.name, place, "")] if alone or not (place.is_dir() or zipfile.is_zipfile(place)) else (
        _from_folder(place) if place.is_dir() else _from_zip(place))
    notebooks = sorted((entry for entry in found if is_notebook(entry[0])), key=lambda entry: natural(entry[0]))
    if not notebooks:
        raise CollectingError(f"There is no notebook (a name that ends in .ipynb) in {place}.")
    names = [name for name, _, _ in notebooks]
    if own is not None and not any(own.search(name) for name in names):
        raise CollectingError(f"The pattern {pattern!r} fits none of the {len(names)} paths; the first of them is {names[0]!r}.")
    naming = _naming([own] if own else _in_use(names), "" if own else _shared(names))
    read = [(naming(name), name, path, member) for name, path, member in notebooks]
    numbers: dict[str, set[str]] = {}
    for (student, _, number, _, _), *_ in read:
        numbers.setdefault(student, set()).add(number)
    by_student: dict[str, list[Submission]] = {}
    for (student, called, number, late, fits), name, path, member in read:
        key = student if len(numbers[student]) == 1 else f"{student}_{number}"      # two of one name are two
        by_student.setdefault(key, []).append(Submission(key, name, path, member, called, number, late, fits=fits))
    often = Counter(of[-1].called for of in by_student.values())
    return [replace(of[-1], others=tuple(of[:-1]), called=of[-1].called if often[of[-1].called] == 1 else student)     # a name of two is nobody's
            for student, of in sorted(by_student.items())]


def _shared(names: Sequence[str]) -> str:
    """The folders that hold all of it, with their last /, as a zip of a folder has one; not the last that could be a student's."""
    folders = [name.split("/")[:-1] for name in names]
    depth = 0
    while len(names) > 1 and all(len(path) > depth and path[depth] == folders[0][depth] for path in folders):
        depth += 1
    if depth and not any(len(path) > depth for path in folders):      # the last of them may be a student's
        if len(names) > ONE_STUDENTS:
            raise CollectingError(f"All {len(names)} notebooks lie in one folder, {'/'.join(folders[0])}. If each is another student's, name that "
                                  "folder, or a zip of what is in it; if all are one student's, hand in the last alone.")
        return ""
    return "".join(f"{folder}/" for folder in folders[0][:depth])


def _own(pattern: str | None) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    try:
        own = re.compile(pattern)
    except re.error as error:
        raise CollectingError(f"The pattern {pattern!r} is no regular expression: {error}.") from None
    if "student" not in own.groupindex:
        raise CollectingError(f"The pattern {pattern!r} has no group named student, as in (?P<student>[^_]+)_hw1.")
    return own


def _in_use(names: Sequence[str]) -> list[re.Pattern[str]]:
    """The namings that what was handed in can have: each of its folders has one vote, however many notebooks it holds."""
    paths = [name.split("/") for name in names]
    depth = 0
    while all(len(path) > depth + 1 and path[depth] == paths[0][depth] for path in paths):
        depth += 1                                                    # folders that hold all of it
    folders: dict[str, list[str]] = {}
    for name, path in zip(names, paths, strict=True):
        folders.setdefault(path[depth] if len(path) > depth + 1 else "", []).append(name)

    def used(expression: re.Pattern[str]) -> bool:
        votes = [2 * sum(expression.search(name) is not None for name in held) >= len(held) for held in folders.values()]
        return 2 * sum(votes) > len(votes)
    return [expression for name, expression in NAMINGS if name not in ANYWHERE or used(expression)]


def _naming(namings: Sequence[re.Pattern[str]], shared: str) -> Callable[[str], tuple[str, str, str, bool, bool]]:
    """What reads (student, what they are called, their number, whether it is late, whether it fits) from a path, below the folders that all have
    in common.
    """
    def read(name: str) -> tuple[str, str, str, bool, bool]:
        match = next((m for expression in namings if (m := expression.search(name.removeprefix(shared)))), None)
        parts = match.groupdict() if match else {"student": name}
        student, called, number = ((parts.get(part) or "").encode("utf-8", "backslashreplace").decode() for part in ("student", "name", "number"))
        student, called = _cut(student), _cut(called)
        return student or "nobody", called or student, number, bool(parts.get("late")), match is not None
    return read


def _cut(name: str) -> str:
    """A name that is no longer than a page takes, and still no other's."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def is_notebook(name: str) -> bool:
    """Whether a path, from the folder on, is that of a notebook that somebody wrote: not of a copy that a system keeps."""
    return name.lower().endswith(".ipynb") and not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def natural(name: str) -> list[tuple[bool, int, str]]:
    """A key by which hw-10 comes after hw-9, and "hw (1)", as a browser calls the second, after hw."""
    stem = name[:-len(".ipynb")] if name.lower().endswith(".ipynb") else name
    return [(not part.isdecimal(), int(part) if part.isdecimal() and len(part) < 40 else 0, part) for part in re.split(r"(\d+)", stem)]


def _from_folder(folder: Path) -> Iterator[tuple[str, Path, str]]:
    count = 0

    def unreadable(error: OSError) -> None:
        raise CollectingError(f"The folder {error.filename} cannot be read: {error.strerror}.")

    for here, folders, files in os.walk(folder, onerror=unreadable):
        deep = len(Path(here).relative_to(folder).parts) >= DEEPEST   # somebody's mischief: the walk goes in by recursion
        folders[:] = [] if deep else sorted(f for f in folders if not f.startswith(".") and f != "__MACOSX")
        for file in filter(is_notebook, files):
            count += 1
            if count > MOST_FILES:
                raise CollectingError(f"There are more than {MOST_FILES} notebooks in {folder}.")
            path = Path(here) / file
            yield path.relative_to(folder).as_posix(), path, ""


def _from_zip(place: Path) -> Iterator[tuple[str, Path, str]]:
    try:
        entries = opened(place).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CollectingError(f"The zip {place.name} cannot be read: {error}.") from None
    if len(entries) > MOST_FILES:
        raise CollectingError(f"There are more than {MOST_FILES} files in {place.name}.")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        name = "/".join(part for part in parts if part not in ("/", ".."))
        if not entry.is_dir() and is_notebook(name):
            if entry.flag_bits & ENCRYPTED or entry.compress_type not in COMPRESSED:
                raise CollectingError(f"{entry.filename} in {place.name} is {'encrypted' if entry.flag_bits & ENCRYPTED else 'packed in a way'} "
                                      "that is not read here. Unpack the zip and name the folder.")
            yield name, place, entry.filename
