"""Banks: the questions that an instructor may ask. The package's own come with it; others are declared in short files outside it.

A bank is one file of Python, or a folder of them, with a call of `question(...)` for each question. It is the instructor's own code, and
is run as such. A notebook of exercises is a bank too: the package's questions that are answered in it.
"""
from __future__ import annotations

import hashlib
import json
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..engine.errors import BackpropError
from ..questions import QUESTIONS, Question

IN_PRACTICE = ("number", "array", "shape", "formula")     # any library for automatic differentiation types these
CODE = ("function", "task")                               # marked by running it on inputs that nobody has seen
ASKED = re.compile(r"#\s*(?:question|Marked|Practice):\s*(?P<id>[^\s,]+)")      # the first line of a cell, in a source and as handed out
LEGAL = re.compile(r"[A-Za-z0-9_-]{1,48}")                # a cell's id has at most 64 characters, and ours get an ending


class BankError(BackpropError, ValueError):
    """A bank that cannot be read or used."""


@dataclass(frozen=True)
class Bank:
    """Questions by id.

    Attributes
    ----------
    questions : mapping of str to Question
        In the order of their declaration.
    digest : str
        A hash of the files: another bank, another digest.
    ours : bool
        Whether it is the one in the package, whose answers every student can read.
    name : str
        Of the file or folder.
    """

    questions: Mapping[str, Question]
    digest: str
    ours: bool
    name: str

    def marks(self, id: str) -> bool:
        """Whether a question of this bank may carry marks."""
        return carries_marks(self.questions[id].kind, self.ours)


def carries_marks(kind: str, ours: bool) -> bool:
    """Whether questions of a kind may carry marks.

    Typed numbers and formulas never do, since any library can be asked for them. Choices, orders, graphs and errors do in an instructor's
    bank; the package holds the answers to its own. Code does, on inputs that nobody has seen.
    """
    return kind not in IN_PRACTICE and (kind in CODE or not ours)


def package_bank() -> Bank:
    """The questions that come with the package."""
    found = {id: q for id, q in QUESTIONS.items() if LEGAL.fullmatch(id)}
    return Bank(found, hashlib.sha256("\n".join(f"{q!r}" for q in map(_plain, found.values())).encode()).hexdigest(), True, "backproplab")


def load_bank(path: Path) -> Bank:
    """The questions that a file or the files of a folder declare.

    Parameters
    ----------
    path : Path
        A file ``*.py``, or a folder with some; files whose name begins with _ are left out. A notebook ``*.ipynb`` stands for those of
        the package's own questions that are answered in it.

    Returns
    -------
    Bank
        Its questions are known here alone: they do not replace those of the package.

    Raises
    ------
    BankError
        When there is no such file, when one stops with an error, declares nothing, or declares an id that cannot be a cell's.
    """
    attempted = f"reading the bank {path.name}"
    if not path.exists():
        raise BankError(attempted, "there is no such file or folder", "Name a file of Python that declares questions.")
    if path.suffix == ".ipynb":
        return _answered_in(path, attempted)
    files = files_of(path)
    before, found = dict(QUESTIONS), dict[str, Question]()
    digest = hashlib.sha256()
    try:
        for file in files:
            text = file.read_bytes()
            digest.update(file.name.encode() + b"\0" + text)
            for id, q in _declared(file, text, attempted).items():
                if id in found:
                    raise BankError(attempted, f"two of its files declare {id!r}", "Give each question an id of its own.")
                if not LEGAL.fullmatch(id):
                    raise BankError(attempted, f"a question has the id {id!r}",
                                    "An id is a notebook cell's id too: at most 48 letters, digits, - and _.")
                found[id] = q
    finally:
        QUESTIONS.clear()
        QUESTIONS.update(before)
    if not found:
        raise BankError(attempted, f"{'its files declare' if path.is_dir() else 'it declares'} no question",
                        "Begin with: from backproplab.questions import question")
    return Bank(found, digest.hexdigest(), False, path.name)


def files_of(path: Path) -> list[Path]:
    """The files that a bank is made of: the one that it is, or those of its folder."""
    return sorted(p for p in path.glob("*.py") if not p.name.startswith("_")) if path.is_dir() else [path]


def _answered_in(path: Path, attempted: str) -> Bank:
    """The questions of the package that a notebook of exercises asks, a source or as it was handed out."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        texts = ["".join(cell["source"]).lstrip() for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise BankError(attempted, "it is not a notebook", "Name the exercise that was handed out, or a file of Python.") from None
    ours = package_bank()
    found = [m["id"] for m in map(ASKED.match, texts) if m]
    unknown = [id for id in found if id not in ours.questions]
    if unknown or not found:
        raise BankError(attempted, f"it asks {unknown[0]!r}, which is not in the package" if unknown else "it asks no question of the package",
                        "A notebook stands for the package's own questions; for others name the file of Python that declares them.")
    digest = hashlib.sha256("\n".join([ours.digest, *found]).encode()).hexdigest()
    return Bank({id: ours.questions[id] for id in found}, digest, True, path.name)


def _declared(file: Path, text: bytes, attempted: str) -> dict[str, Question]:
    """What running one file declares."""
    before = dict(QUESTIONS)
    try:
        exec(compile(text, str(file), "exec"), {"__name__": file.stem, "__file__": str(file)})
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
        line = lines[-1] if lines else getattr(error, "lineno", None)
        where = f", line {line}," if line else ""
        if isinstance(error, BackpropError):
            raise BankError(f"{attempted}, {error.attempted}", f"{file.name}{where} says that {error.came_in}", error.instead) from None
        raise BankError(attempted, f"{file.name}{where} stopped with {type(error).__name__}",
                        " ".join(str(error).split()) or "It gave no reason.") from None
    found = {id: q for id, q in QUESTIONS.items() if before.get(id) is not q}
    QUESTIONS.clear()
    QUESTIONS.update(before)
    return found


def _plain(q: Question) -> tuple[str, str, str, str, float]:
    return q.id, q.kind, q.objective, q.prompt, q.points
