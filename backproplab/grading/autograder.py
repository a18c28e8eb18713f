"""An autograder for Gradescope: a zip with this package, a bank, the course's key and a secret, made here, and what runs there.

It was never run in Gradescope's own container. There it proves its layers as everywhere, and marks nothing where none hold; results.json is
written whatever happens, and says why there is no score.
"""
from __future__ import annotations

import json
import secrets
import zipfile
from dataclasses import replace
from importlib.metadata import requires
from pathlib import Path, PurePosixPath
from typing import Any

from ..exercises.banks import Bank, files_of, load_bank
from .beforehand import chosen
from .collecting import Submission, is_notebook, natural
from .layers import ENOUGH
from .marking import Marking, mark
from .probing import proven
from .reports.gradescope import results_json

PACKAGE = Path(__file__).resolve().parent.parent
EXECUTABLE = 0o755 << 16
SETUP = """\
#!/bin/sh
# Runs once, when the autograder is built.
set -e
apt-get update && apt-get install -y python3 python3-pip bubblewrap libseccomp2
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Choose an image with Python 3.11 or newer." && exit 1)
python3 -m pip install --break-system-packages {requirements} || python3 -m pip install {requirements}
"""
RUN = '''\
#!/usr/bin/env python3
"""Marks one submission; results/results.json is there afterwards, whatever happened."""
import json
import sys
from pathlib import Path

root = Path(__file__).resolve().parent
root = root.parent if root.name == "source" else root
try:
    sys.path.insert(0, str(root / "source"))
    from backproplab.grading.autograder import autograde
    text = autograde(root)
except BaseException as error:
    text = json.dumps({"output": "The grader stopped with " + type(error).__name__ + ". It is not your fault, and no mark is lost."}).encode()
(root / "results").mkdir(exist_ok=True)
(root / "results" / "results.json").write_bytes(text)
'''


def write_autograder(file: Path, bank: Path, course_key: Path | None = None) -> list[str]:
    """Write the zip that is uploaded as an assignment's autograder. It holds the bank, so it is for the instructor alone.

    Parameters
    ----------
    file : Path
        The zip; written over.
    bank : Path
        A bank's file or folder, or the notebook of an exercise.
    course_key : Path, optional
        The key of the release, when students have variants of their own. There they must have been listed by their e-mail address.

    Returns
    -------
    list of str
        The names in the zip.

    Raises
    ------
    BankError
        When the bank cannot be read.
    OSError
        When the zip cannot be written, or the key not read.
    """
    load_bank(bank)
    needed = [r for r in requires("backproplab") or [] if "extra ==" not in r] + ["landlockpy", "pyseccomp"]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("setup.sh", SETUP.format(requirements=" ".join(f"'{r}'" for r in needed))), ("run_autograder", RUN)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = EXECUTABLE
            archive.writestr(entry, text)
        for path in files_of(bank):
            archive.write(path, f"bank/{path.name}")
        archive.writestr("secret", secrets.token_hex(32))            # hidden inputs are drawn from it: without, anybody could work them out
        if course_key is not None:
            archive.write(course_key, "course.key")
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, f"backproplab/{path.relative_to(PACKAGE).as_posix()}")
        return archive.namelist()


def autograde(root: Path) -> bytes:
    """Mark the submission that lies in `root`, as Gradescope lays it out; the bytes of results.json.

    Parameters
    ----------
    root : Path
        With ``source`` (the zip, unpacked), ``submission`` and ``submission_metadata.json``.

    Returns
    -------
    bytes
        Without a score where no layers hold, or there is no notebook.

    Raises
    ------
    BankError, StartError
        What the autograder cannot do; its ``run_autograder`` writes the file then.
    """
    isolation, _ = proven()
    if not isolation.enough:
        return _without(f"Nothing was marked: here is no isolation ({ENOUGH}). Your instructor marks it elsewhere; no mark is lost.", isolation.names)
    place, who = root / "submission", student(root)
    names = sorted((path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file() and not path.is_symlink()), key=natural)
    found = [Submission(who, name, place / name) for name in names if is_notebook(name)]
    if not found:
        return _without("There is no notebook (a name that ends in .ipynb) in what was handed in. Hand it in again.", isolation.names)
    key = root / "source" / "course.key"
    bank = _bank(root / "source" / "bank")
    (only,) = chosen(bank, [replace(found[-1], others=tuple(found[:-1]))])
    marking = Marking(bank, isolation, key=(root / "source" / "secret").read_bytes(),
                      course_key=key.read_bytes().strip() if key.exists() else None, roster=((who,),) if who else ())
    return results_json(mark(marking, who, PurePosixPath(only.name).name, only.read()))


def _bank(folder: Path) -> Bank:
    """One file may be a notebook, which no folder of a bank has."""
    files = list(folder.iterdir())
    return load_bank(files[0] if len(files) == 1 else folder)


def student(root: Path) -> str:
    """Who handed it in, by the e-mail address that Gradescope knows."""
    try:
        users: Any = json.loads((root / "submission_metadata.json").read_bytes())["users"]
        return str(users[0]["email"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _without(sentence: str, layers: tuple[str, ...]) -> bytes:
    return json.dumps({"output": sentence, "visibility": "visible", "extra_data": {"verdict": "fault", "layers": list(layers)}}).encode()
