"""What is made of results: for Gradescope, as tables, as a page for each student, and as one for the class."""
from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..results import Results, write
from . import gradescope, pages, tables
from .tables import ReportError

__all__ = ["ReportError", "report"]


def report(results: Results, out: Path, *, canvas: Path | None = None, column: str | None = None, anonymous: bool = False) -> list[str]:
    """Write all reports.

    Parameters
    ----------
    results : Results
    out : Path
        A folder, made if it is not there.
    canvas : Path, optional
        A gradebook exported by Canvas; a filled copy is written.
    column : str, optional
        Its column to fill.
    anonymous : bool
        Numbers in place of names; the order of the numbers tells nothing about the names.

    Returns
    -------
    list of str
        What was written, a line each.

    Raises
    ------
    ReportError
        When there is nothing to report, or the gradebook cannot be filled.
    """
    run = results.run()
    if not run.get("students"):
        raise ReportError(f"There are no results in {results.folder} yet.")
    if anonymous and canvas is not None:
        raise ReportError("A gradebook is filled by name, so not with --anonymous.")
    if anonymous and any(not file.name.startswith("student-") for file in (out / "students").glob("*.html")):
        raise ReportError(f"In {out} lie pages with names: name another folder with --out.")
    if canvas is not None and canvas.resolve() == (out / "canvas.csv").resolve():
        raise ReportError(f"The filled copy would be written over {canvas}: name another folder with --out.")
    missing = absent(results)
    found = list(_named(results, anonymous))
    there = [(student, result) for student, result in found if result is not None]
    for folder in (out, out / "students", out / "gradescope"):
        folder.mkdir(parents=True, exist_ok=True)
    write(out / "scores.csv", tables.scores(run, found, () if anonymous else missing))
    told = [f"Written into {out}:", f"scores.csv: {len(there)} of {len(found)} students"]
    for student, result in there:
        name = pages.file_name(student)
        write(out / "students" / f"{name}.html", pages.student_page(student, result))
        write(out / "gradescope" / f"{name}.json", gradescope.results_json(result))
    told += [f"students/: {len(there)} pages", f"gradescope/: {len(there)} results.json"]
    write(out / "class.html", pages.class_page(run, found, missing, anonymous))
    told.append("class.html: how the class did, and whom to look at")
    if canvas is not None:
        filled, notes = tables.canvas(canvas, column, there, run["students"])
        write(out / "canvas.csv", filled)
        told += ["canvas.csv: to be imported into Canvas", *notes]
    if run.get("roster"):
        told.append(f"{len(missing)} of the {len(run['roster'])} on the roster handed in nothing"
                    + ("" if anonymous or not missing else f": {', '.join(missing[:10])}{' ...' if len(missing) > 10 else ''}"))
    unmarked = len(found) - len(there)
    return [*told, *([f"{unmarked} students have no result yet: run `backproplab grade` again."] if unmarked else [])]


def absent(results: Results) -> list[str]:
    """Who on the roster handed in nothing: neither a folder or file of that name, nor a notebook that was released for them."""
    run = results.run()
    there = {run["students"][student].get("listed") or (result or {}).get("released_for") for student, result in results}
    return [student for student in run.get("roster", []) if student not in there]


def _named(results: Results, anonymous: bool) -> Iterator[tuple[str, dict[str, Any] | None]]:
    entries = results.run().get("students", {})
    if not anonymous:
        yield from results
        return
    secret = secrets.token_bytes(16)
    hashes = sorted(entry["hash"] for entry in entries.values())   # which tell nothing about the names
    for number, hash in enumerate(hashes, 1):
        result = results.read(hash)
        if result is not None:                                       # a notebook's own prints may hold a name
            result = result | {"student": "", "source": "", "output": "", "notes": [], "errors": [],
                               "questions": [q | {"read": ""} for q in result["questions"]]}
            if result.get("released_for"):                           # the same word for the same student, which is no name
                result["released_for"] = hashlib.sha256(secret + str(result["released_for"]).encode("utf-8", "replace")).hexdigest()
        yield f"student {number:0{len(str(len(hashes)))}d}", result
