"""A notebook that somebody handed in: bytes of any kind, read as JSON with checks of our own before anything is believed.

Nothing here raises but `UnreadableError`, whose sentence the student reads.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 20 << 20
MOST_COMMAS, MOST_BRACKETS = 2_500_000, 1_000_000      # of the file: 20 MB of `[[]],` are 780 MB once they are read, and these 400 at most
MOST_CELLS = 2_000
MOST_SOURCE = 200_000                      # characters of one cell
MOST_CODE = 2_000_000                      # and of all
MOST_DIGITS = 400                          # of a whole number
LONGEST_ID = 200


class UnreadableError(Exception):
    """The file is no notebook; the message is a sentence."""


@dataclass(frozen=True)
class Cell:
    """A cell that may be an answer.

    Attributes
    ----------
    ids : tuple of str
        The cell's id, and that of its nbgrader metadata.
    kind : str
        "code" or another word.
    source : str
    """

    ids: tuple[str, ...]
    kind: str
    source: str


@dataclass(frozen=True)
class Notebook:
    """What grading needs of a notebook.

    Attributes
    ----------
    cells : tuple of Cell
    student : str
        Whom it was released for, by its own metadata; "" when it does not say.
    notes : tuple of str
        What was odd and is worth telling.
    key : str
        The fingerprint of the course's key with which it was released, by its own metadata; "" when it does not say.
    public : bool
        Whether it says that it was released for nobody in particular, the same for all.
    """

    cells: tuple[Cell, ...]
    student: str = ""
    notes: tuple[str, ...] = ()
    key: str = ""
    public: bool = False


def read_notebook(data: bytes) -> Notebook:
    """Read a notebook.

    Parameters
    ----------
    data : bytes
        Anything.

    Returns
    -------
    Notebook

    Raises
    ------
    UnreadableError
    """
    tree = _parsed(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("cells"), list):
        older = isinstance(tree, dict) and isinstance(tree.get("worksheets"), list)
        raise UnreadableError("This is a notebook of a format before 2015: open it in JupyterLab and save it again." if older else
                              "This is JSON, and no notebook: it has no list of cells.")
    if len(tree["cells"]) > MOST_CELLS:
        raise UnreadableError(f"It has {len(tree['cells'])} cells; at most {MOST_CELLS} are read.")
    cells = [read for cell in tree["cells"] if (read := _cell(cell)) is not None]
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        raise UnreadableError(f"Its code is longer than {MOST_CODE} characters.")
    notes = []
    if len(cells) < len(tree["cells"]):
        notes.append(f"{len(tree['cells']) - len(cells)} cells could not be read and were left out.")
    metadata = tree.get("metadata")
    ours = metadata.get("backproplab") if isinstance(metadata, dict) else None
    public = isinstance(ours, dict) and ours.get("student") == "" and not ours.get("key")
    return Notebook(tuple(cells), _ours(metadata, "student"), tuple(notes), _ours(metadata, "key"), public)


def _parsed(data: bytes) -> Any:
    if not data.strip():
        raise UnreadableError("The file is empty.")
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"The file has {len(data) >> 20} MB; at most {MOST_BYTES >> 20} are read. Clear the outputs and save it again.")
    if data.count(b",") > MOST_COMMAS or data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise UnreadableError("The file has more parts than are read, which are outputs for the most part. Clear the outputs and save it again.")
    try:
        text = data.decode(json.detect_encoding(data))
    except (UnicodeDecodeError, LookupError):
        raise UnreadableError("The file is not text in UTF-8, so it is no notebook.") from None
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"The file is no valid JSON: line {error.lineno}, column {error.colno}. Open it in JupyterLab and save it "
                              "again.") from None
    except (ValueError, RecursionError, MemoryError):
        raise UnreadableError("The file is JSON of a kind that no notebook has.") from None


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("too long")
    return int(text)


def _cell(cell: Any) -> Cell | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str) or len(source) > MOST_SOURCE:
        return None
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    given = [cell.get("id"), nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None]
    ids = tuple(dict.fromkeys(written(i) for i in given if isinstance(i, str) and 0 < len(i) <= LONGEST_ID))
    kind = cell.get("cell_type")
    return Cell(ids, kind if isinstance(kind, str) else "", written(source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")))


def _ours(metadata: Any, name: str) -> str:
    """What a release wrote into the metadata; anybody may have changed it."""
    ours = metadata.get("backproplab") if isinstance(metadata, dict) else None
    said = ours.get(name) if isinstance(ours, dict) else None
    return written(said)[:LONGEST_ID] if isinstance(said, str) else ""


def written(text: str) -> str:
    """Text that can be written: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
