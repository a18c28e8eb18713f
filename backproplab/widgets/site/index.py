"""The page that lists the lessons: whatever lies in the folder, so that lessons exported one by one come together."""
from __future__ import annotations

import html
import json
import re
from pathlib import Path

from .frame import page
from .lesson import ABOUT, About

TITLE = "Backpropagation, step by step"
_SAYS = re.compile(rf'<script type="application/json" id="{ABOUT}">(.*?)</script>', re.DOTALL)
_BEGINNING = 4000                         # characters of a page in which it says what it is


def listed(folder: Path) -> list[tuple[str, About]]:
    """(file name, what it is) of every lesson's page in a folder, in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.html")):
        with open(path, encoding="utf-8", errors="replace") as file:
            says = _SAYS.search(file.read(_BEGINNING))
        if says:
            found.append((path.name, About(**json.loads(says[1]))))
    return found


def index_page(lessons: list[tuple[str, About]], runs_at: str | None = None) -> str:
    """The list as a page.

    Parameters
    ----------
    lessons : list of (str, About)
        What `listed` gives.
    runs_at : str, optional
        Where the first of them can be run at once.
    """
    minutes = sum(about.minutes or 0 for _, about in lessons)
    count = f"{len(lessons)} lesson{'s' * (len(lessons) != 1)}" + (f", about {minutes} minutes in all" if minutes and len(lessons) > 1 else "")
    where = f'<a href="{html.escape(runs_at)}">run the lessons in Binder</a> or open them' if runs_at else "open the lesson"
    items = "\n".join(_item(address, about) for address, about in lessons)
    body = (f'<div class="bs-prose">\n<h1>{TITLE}</h1>\n<p>{count}. Every picture can be stepped through here; to change a program and run it '
            f'again, {where} in JupyterLab.</p>\n</div>\n<ol class="bs-list">\n{items}\n</ol>')
    return page(TITLE, body, way="<span>backproplab</span>", foot="<p>These pages work without a network.</p>")


def _item(address: str, about: About) -> str:
    minutes = f"{about.minutes} minutes" if about.minutes else ""
    needs = f"<p>{html.escape(about.needs)}</p>" if about.needs else ""
    return (f'<li><span class="bs-number">{html.escape(about.number)}</span><a href="{html.escape(address)}">{html.escape(about.title)}</a>'
            f'<span class="bs-minutes">{minutes}</span>{needs}</li>')
