"""Lessons as pages: run once, then read, stepped through and printed anywhere, without a kernel and without a network.

`export` runs each notebook (`running`), sets its text (`prose`, `mathematics`) and outputs (`outputs`) into one file (`lesson`,
`frame`), and lists what lies in the folder (`index`).
"""
from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .binder import binder_link
from .index import index_page, listed
from .lesson import About, lesson_page
from .running import FolderError, SiteError, executed

__all__ = ["FolderError", "Page", "SiteError", "binder_link", "export"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was written: its file, its size in bytes, the seconds it took, and what could not be shown as meant."""

    path: Path
    size: int
    seconds: float
    notes: tuple[str, ...] = ()


def export(notebooks: Sequence[Path], folder: Path, runnable: Mapping[str, str] | None = None) -> Iterator[Page]:
    """Write notebooks as pages, and a list of all pages in the folder as index.html.

    Parameters
    ----------
    notebooks : sequence of Path
        In the order in which they are to be read.
    folder : Path
        Where the pages go; made if need be. Pages of the same names are replaced, whole or not at all; all else stays.
    runnable : mapping of str to str, optional
        A notebook's file name -> the address where it can be run at once; its page, and for the first of them the list, links there.

    Yields
    ------
    Page
        Each as soon as it lies there, the list last.

    Raises
    ------
    SiteError
        When a notebook cannot be read, or one of its cells fails; FolderError when the folder cannot be written. Pages already
        written stay.
    """
    pages = {path.name: f"{path.stem}.html" for path in notebooks}
    if len(pages) < len(notebooks) or "index.html" in pages.values():
        raise SiteError("Two notebooks would have the same page; please give them different names.")
    _prepare(folder)
    runnable = runnable or {}
    titles = [About.of(path.stem, _cells(path)).title for path in notebooks]
    for k, path in enumerate(notebooks):
        started = time.monotonic()
        following = (pages[notebooks[k + 1].name], titles[k + 1]) if k + 1 < len(notebooks) else None
        text, notes = lesson_page(path.stem, executed(path), path.parent, pages, following, runnable.get(path.name))
        yield _written(folder / pages[path.name], text, started, notes)
    yield _written(folder / "index.html", index_page(listed(folder), next(iter(runnable.values()), None)), time.monotonic())


def _cells(path: Path) -> list[nbformat.NotebookNode]:
    try:
        return list(nbformat.read(path, as_version=4).cells)
    except Exception:                       # said when its turn comes
        return []


def _prepare(folder: Path) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is a file, not a folder; please name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder} cannot be made: {error.strerror or error}.") from error


def _written(path: Path, text: str, started: float, notes: Sequence[str] = ()) -> Page:
    """Write a page, so that whoever reads the old one meanwhile reads it whole."""
    content = text.encode("utf-8")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FolderError(f"{path} cannot be written: {error.strerror or error}.") from error
    return Page(path, len(content), time.monotonic() - started, tuple(notes))
