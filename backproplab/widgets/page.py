"""A widget as a page of its own: one file, no kernel, no network."""
from __future__ import annotations

import html
import os
from pathlib import Path
from typing import Any

from ..engine.errors import InputError
from .hosting import Hosted

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; background: light-dark(#ffffff, #111418); }}
{style}
</style>
</head>
<body>
<main><h1 class="bp-sr">{title}</h1>{place}</main>
{scripts}</body>
</html>
"""


def save_html(widget: Any, path: str | os.PathLike[str]) -> Path:
    """Write a widget of this package into a self-contained page.

    Parameters
    ----------
    widget : Stepper, Quiz, JacobianViewer, ShapeBench or a lab
        What `stepper`, `quiz` and the others return.
    path : str or path
        The file to write. Its folder must exist; a file that is there is replaced.

    Returns
    -------
    Path
        The file. It opens from disk, asks for nothing on the network and needs no kernel.

    Raises
    ------
    InputError
        When `widget` is not a widget of this package.
    OSError
        When the file cannot be written.

    Examples
    --------
    >>> save_html(stepper(lambda x: x * x, 3.0), "square.html")     # doctest: +SKIP
    """
    module, sheet = getattr(widget, "_esm", None), getattr(widget, "_css", None)
    if not hasattr(widget, "state") or module is None or sheet is None:
        raise InputError(f"saving a {type(widget).__name__} as a page", "it is not a widget of backproplab",
                         "Make the widget first: bl.save_html(bl.stepper(f, x=2.0), 'page.html').")
    if hasattr(widget, "for_page"):          # a lab, which computes what the page can show
        widget.for_page()
    hosted = Hosted()
    place = hosted.place(hosted.add(str(module), str(sheet), {name: getattr(widget, name) for name in widget.keys}), repr(widget))
    title = widget.state.get("title") or f"{widget.state['id']}: backpropagation step by step"
    page = _PAGE.format(title=html.escape(title), style=hosted.style, place=place, scripts=hosted.scripts)
    target = Path(path)
    target.write_text(page, encoding="utf-8", newline="\n")
    return target
