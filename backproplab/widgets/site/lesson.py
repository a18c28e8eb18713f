"""One lesson as a page, and what a list of lessons says of it."""
from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..hosting import Hosted, embedded
from .frame import page
from .mathematics import Mathematics
from .outputs import Outputs
from .prose import Prose, highlighted
from .running import Executed

ABOUT = "backproplab-lesson"              # the id of the element in which a page says what it is

_OUTSIDE = re.compile(r"""<(?!a\b)[a-z]+\b[^<>]*?\s(?:src|href|data|poster)\s*=\s*["']?((?:https?:)?//[^\s"'>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """What a lesson is: `title` and `needs` in plain text, the latter what its first line says after the minutes."""

    number: str
    title: str
    minutes: int | None
    needs: str

    @classmethod
    def of(cls, name: str, cells: list[Any]) -> About:
        """Read from the first text cell: its heading, and the line in italics that begins with the minutes."""
        text = next((cell["source"] for cell in cells if cell["cell_type"] == "markdown"), "")
        heading = re.search(r"^#\s+(.+?)\s*#*$", text, re.MULTILINE)
        lead = re.search(r"^\*(?!\*)(.+?)\*\s*$", text, re.MULTILINE | re.DOTALL)
        said = " ".join(lead[1].split()) if lead else ""
        minutes = re.match(r"(\d+)\s+minutes?\.?\s*", said)
        number = re.match(r"\d+", name)
        return cls(number[0] if number else "", _plain(heading[1]) if heading else name, int(minutes[1]) if minutes else None,
                   _plain(said[minutes.end():] if minutes else said))


def lesson_page(name: str, executed: Executed, folder: Path, pages: Mapping[str, str], following: tuple[str, str] | None = None,
                runs_at: str | None = None) -> tuple[str, list[str]]:
    """The page of a lesson.

    Parameters
    ----------
    name : str
        The notebook's name without its ending.
    executed : Executed
    folder : Path
        Where the notebook lies.
    pages : mapping of str to str
        Notebook -> page, for links between lessons.
    following : (str, str), optional
        Address and title of the next lesson.
    runs_at : str, optional
        Where the lesson can be run at once.

    Returns
    -------
    str
        HTML; it needs no other file.
    list of str
        What could not be shown as meant.
    """
    mathematics, hosted = Mathematics(), Hosted()
    prose = Prose(mathematics, folder, pages)
    outputs = Outputs(prose, hosted, executed.models)
    body = "\n".join(filter(None, (_cell(cell, prose, outputs) for cell in executed.cells)))
    about = About.of(name, executed.cells)
    head = f'<script type="application/json" id="{ABOUT}">{embedded({field: getattr(about, field) for field in About.__slots__})}</script>\n'
    more = f'<p>Next: <a href="{html.escape(following[0])}">{html.escape(following[1])}</a></p>' if following else ""
    return page(about.title, body, way=_way(runs_at), foot=f'<p><a href="index.html">All lessons</a></p>{more}', head=head,
                sheets=hosted.style, outlines=mathematics.outlines, scripts=hosted.scripts), prose.notes + _wanted(body)


def _cell(cell: Mapping[str, Any], prose: Prose, outputs: Outputs) -> str:
    source = cell["source"].strip("\n")
    if cell["cell_type"] == "markdown" and source.strip():
        return f'<div class="bs-prose">\n{prose.markdown(source, cell.get("attachments"))}</div>'
    if cell["cell_type"] != "code" or not source.strip():
        return ""
    shown = outputs.html(cell["outputs"], source)
    return f'<div class="bs-cell">\n<pre class="bs-code bs-scroll"><code>{highlighted(source)}</code></pre>\n{shown}\n</div>'


def _way(runs_at: str | None) -> str:
    where = f'<a href="{html.escape(runs_at)}">run it in Binder</a> or open it in JupyterLab' if runs_at else "open it in JupyterLab"
    told = f"This lesson was run for you. Step through its pictures here; to change code, {where}."
    return f'<p><a href="index.html">All lessons</a> <span>{told}</span></p>'


def _wanted(body: str) -> list[str]:
    """What the lesson's own HTML asks of the network, which the page then refuses."""
    return [f"the page asks nobody for anything, so this is left out: {address}" for address in _OUTSIDE.findall(body)]


def _plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"[*`$]", "", markdown)).strip()
