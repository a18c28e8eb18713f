"""Where results lie: one file for each thing that was marked, named by a hash of all that decides it, so that nothing is done twice.

    RESULTS/run.json             what was handed in, and which result belongs to whom
    RESULTS/marked/HASH.json     one result
    RESULTS/secret               from which hidden inputs are drawn; with the bank it gives them away, so it is never handed out

A file is written under another name, brought to the disk, and then renamed: it is there as a whole or not at all, also when the power fails.
"""
from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .marking import FORMAT, Marking, own_version

ROOMS = ("engine", "nn", "notation", "questions", "exercises", "grading")      # what can change a verdict
ABANDONED = 3600.0                         # seconds after which a file that is being written is not any more


class ResultsError(Exception):
    """The results folder cannot be used; the message is a sentence."""


class Results:
    """A results folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Raises
    ------
    ResultsError
    """

    def __init__(self, folder: Path, make: bool = True) -> None:
        self.folder, self.marked = folder, folder / "marked"
        try:
            if make:
                self.marked.mkdir(parents=True, exist_ok=True)
                # Of a run that was killed; a young one may be of another that runs.
                for left in (*self.marked.glob(".*.part"), *folder.glob(".*.part")):
                    with contextlib.suppress(FileNotFoundError):
                        if time.time() - left.stat().st_mtime > ABANDONED:
                            left.unlink()
            elif not self.marked.is_dir():
                raise ResultsError(f"There are no results in {folder}: `backproplab grade` makes them.")
        except OSError as error:
            raise ResultsError(f"The folder {folder} cannot be used: {error.strerror}.") from None

    def secret(self) -> bytes:
        """The folder's own secret, made on first use."""
        file = self.folder / "secret"
        if not file.exists():
            write(file, secrets.token_hex(32).encode(), mode=0o600, over=False)
        return file.read_bytes()

    def hash_of(self, marking: Marking, student: str, data: bytes, called: str = "") -> str:
        """The name of a result: bank and grader, how it was marked, who, and what."""
        parts = (marking.bank.digest, grader(), repr((marking.limits, marking.isolation.enough, marking.unsafe)), student,
                 marking.listed(called or student), bool(marking.roster))
        return hmac.new(marking.key + (marking.course_key or b""), json.dumps(parts).encode() + data, hashlib.sha256).hexdigest()

    def read(self, hash: str) -> dict[str, Any] | None:
        """A result, or None when it is not there or not whole."""
        try:
            result = json.loads((self.marked / f"{hash}.json").read_bytes())
        except (OSError, ValueError):
            return None
        return result if isinstance(result, dict) and result.get("format") == FORMAT else None

    def done(self, hash: str) -> bool:
        """Whether there is a result that holds; a fault is tried again."""
        result = self.read(hash)
        return result is not None and result["verdict"] != "fault"

    def write(self, hash: str, result: dict[str, Any]) -> None:
        write(self.marked / f"{hash}.json", json.dumps(result, indent=1, sort_keys=True).encode() + b"\n")

    def note_run(self, entries: dict[str, dict[str, Any]], about: dict[str, Any], keep: bool) -> None:
        """Write which result belongs to whom; `keep` for a run of some students only, which leaves the others as they were."""
        before = self.run().get("students", {}) if keep else {}
        run = about | {"format": FORMAT, "students": before | entries}
        write(self.folder / "run.json", json.dumps(run, indent=1, sort_keys=True).encode() + b"\n")

    def run(self) -> dict[str, Any]:
        try:
            run = json.loads((self.folder / "run.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return run if isinstance(run, dict) else {}

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """(student, result) of the last run, by student; None where there is none yet."""
        for student, entry in sorted(self.run().get("students", {}).items()):
            yield student, self.read(entry["hash"])


def write(file: Path, data: bytes, mode: int = 0o644, over: bool = True) -> None:
    """Write a file as a whole or not at all; one that is there already is kept unless it may be written `over`."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    if over:
        os.replace(part, file)
    else:
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
        os.unlink(part)


@functools.cache
def grader() -> str:
    """The version of what marks: the package's, and a hash of the rooms that can change a verdict."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for room in ROOMS:
        for file in sorted((package / room).rglob("*.py")):
            digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{own_version()}/{digest.hexdigest()}"
