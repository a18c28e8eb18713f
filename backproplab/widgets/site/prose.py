"""The text cells of a lesson, and code, as HTML: Markdown as JupyterLab reads it, formulas set, links between lessons kept."""
from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import mistune
import pygments
from mistune.plugins import Plugin
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from .latex import MathematicsError
from .mathematics import Mathematics

_DISPLAY = r"^ {0,3}(?:\$\$(?P<tex_own>[\s\S]+?)\$\$|(?P<tex_begin>\\begin\{(?P<env>[a-z]+\*?)\}[\s\S]+?\\end\{(?P=env)\}))[ \t]*$"
_IN_LINE = r"\$\$(?P<tex_display>(?:[^$\\]|\\.)+?)\$\$|\$(?![\s$])(?P<tex_line>(?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)"
_SILENT = HtmlFormatter(nowrap=True)


class Prose:
    """Turns the Markdown and the formulas of one page into HTML.

    Parameters
    ----------
    mathematics : Mathematics
    folder : Path
        Where the notebook lies; pictures are looked for from there.
    pages : mapping of str to str
        A notebook's file name -> the page to link to; a link to anything else in the tree becomes text.

    Attributes
    ----------
    notes : list of str
        What could not be shown as meant, in sentences.
    """

    def __init__(self, mathematics: Mathematics, folder: Path, pages: Mapping[str, str]) -> None:
        self.mathematics, self.folder, self.pages = mathematics, folder, pages
        self.notes: list[str] = []
        self.attachments: Mapping[str, Mapping[str, str]] = {}
        rules: list[str | Plugin] = ["table", "strikethrough", "footnotes", "url", cast(Plugin, _formulas)]
        self._markdown = mistune.create_markdown(renderer=_Renderer(self), plugins=rules)

    def markdown(self, text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
        """HTML of a text cell; `attachments` are the pictures kept in the cell, as nbformat stores them."""
        self.attachments = attachments or {}
        return str(self._markdown(text))

    def formula(self, tex: str, display: bool = False, spoken: str = "") -> str:
        """A formula, with words for those who do not see it and for whoever copies the text; its source where it cannot be set."""
        tex = tex.strip()
        kind, words = "bs-display" if display else "bs-inline", spoken or (f"$${tex}$$" if display else f"${tex}$")
        try:
            drawn = self.mathematics.svg(tex, display)
        except MathematicsError as error:
            self.notes.append(f"a formula is shown as its source, since {error} cannot be set: {' '.join(tex.split())[:60]}")
            return f'<code class="bs-source {kind}">{html.escape(tex)}</code>'
        return f'<span class="bs-formula {kind}{" bs-scroll" if display else ""}">{drawn}<span class="bp-sr">{html.escape(words)}</span></span>'

    def link(self, address: str) -> str | None:
        """Where a link of the notebook leads in the page; None if it leads nowhere."""
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "mailto"):
            return address
        if parts.scheme or parts.netloc:
            return None
        if not parts.path:
            return f"#{slug(unquote(parts.fragment))}" if parts.fragment else None
        page = self.pages.get(unquote(parts.path).rpartition("/")[2])
        return None if page is None else page + (f"#{slug(unquote(parts.fragment))}" if parts.fragment else "")

    def picture(self, address: str) -> str | None:
        """A picture of the notebook as data: kept in the cell, or a file beside it; None if it is neither."""
        parts = urlsplit(address)
        if parts.scheme == "data":
            return address
        if parts.scheme == "attachment":
            for kind, data in self.attachments.get(unquote(parts.path), {}).items():
                return f"data:{kind};base64,{data}"
        elif not parts.scheme and not parts.netloc:
            file = self.folder / unquote(parts.path)
            guessed = mimetypes.guess_type(file.name)[0] or ""
            if file.is_file() and guessed.startswith("image/"):
                return f"data:{guessed};base64,{base64.b64encode(file.read_bytes()).decode()}"
        self.notes.append(f"a picture is left out, since it is no file beside the notebook: {address[:60]}")
        return None


def slug(title: str) -> str:
    """The anchor of a heading: JupyterLab's, whatever the case it is written in."""
    return re.sub(r"[^\w-]+", "", title.strip().replace(" ", "-")).lower()


def highlighted(code: str, language: str = "python") -> str:
    """Code with its words marked, for the inside of a pre element."""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(code)
    return str(pygments.highlight(code, lexer, _SILENT)).rstrip("\n")


class _Renderer(mistune.HTMLRenderer):
    """What differs from mistune's own HTML: anchors, links inside the site, pictures as data, marked code, formulas."""

    def __init__(self, prose: Prose) -> None:
        super().__init__(escape=False)
        self.prose = prose

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        name = slug(html.unescape(re.sub(r"<[^>]*>", "", text)))
        return f'<h{level} id="{html.escape(name)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        to = self.prose.link(url)
        return text if to is None else f'<a href="{html.escape(to)}"' + (f' title="{html.escape(title)}"' if title else "") + f">{text}</a>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        data, words = self.prose.picture(url), html.escape(html.unescape(text))
        return f"<em>{words}</em>" if data is None else f'<img src="{data}" alt="{words}">'

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre class="bs-code bs-scroll"><code>{highlighted(code.rstrip(), (info or "").split(" ")[0])}</code></pre>\n'

    def table(self, text: str) -> str:
        return f'<div class="bs-table bs-scroll"><table>\n{text}</table></div>\n'

    def formula(self, text: str) -> str:
        return self.prose.formula(text)

    def display(self, text: str) -> str:
        return self.prose.formula(text, display=True)

    def display_block(self, text: str) -> str:
        return f"<div>{self.prose.formula(text, display=True)}</div>\n"


def _formulas(markdown: mistune.Markdown) -> None:
    """Formulas as a rule of Markdown, before any other can take an underscore in one for emphasis."""
    def block(_: Any, found: re.Match[str], state: Any) -> int:
        state.append_token({"type": "display_block", "raw": found["tex_own"] or found["tex_begin"]})
        return found.end() + 1

    def line(_: Any, found: re.Match[str], state: Any) -> int:
        display = found["tex_display"]
        state.append_token({"type": "display" if display else "formula", "raw": display or found["tex_line"]})
        return found.end()
    register: Callable[..., None] = markdown.block.register
    register("display_block", _DISPLAY, block, before="list")
    register = markdown.inline.register
    register("formula", _IN_LINE, line, before="link")
