"""Widgets inside a page that has no kernel: each script and style sheet once, the values of every widget, and the host that runs them.

A saved widget and an exported lesson are both made of this.
"""
from __future__ import annotations

import base64
import html
import json
import zlib
from collections.abc import Mapping
from typing import Any

from anywidget import AnyWidget

from .modules import script


class Hosted:
    """Collects the widgets of one page.

    Names are given in the order in which widgets come, so that the same page has the same bytes.
    """

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}          # text -> its id in the page
        self._sheets: dict[str, None] = {}
        self._widgets: dict[str, dict[str, Any]] = {}

    def add(self, module: str, sheet: str, values: Mapping[str, Any]) -> str:
        """Take a widget in.

        Parameters
        ----------
        module : str
            Its ES module, anywidget's `_esm`.
        sheet : str
            Its style sheet, anywidget's `_css`.
        values : mapping
            What its model holds, JSON; what every widget has (its layout, its style sheet) is left out.

        Returns
        -------
        str
            Its name in the page, for `place`.
        """
        self._sheets.setdefault(sheet)
        name = f"w{len(self._widgets) + 1}"
        own = {key: value for key, value in values.items() if not key.startswith("_") and key not in AnyWidget.class_traits()}
        self._widgets[name] = {"module": self._modules.setdefault(module, f"module-{len(self._modules) + 1}"), "values": own}
        return name

    @staticmethod
    def place(name: str, instead: str = "") -> str:
        """The element in which a widget is shown, and the text that stands there until it is, or where scripts do not run."""
        return f'<div class="bp-place" data-widget="{name}">{html.escape(instead)}</div>'

    @property
    def style(self) -> str:
        """The style sheets, for the inside of a style element."""
        return "\n".join(self._sheets).replace("</", "<\\/")

    @property
    def scripts(self) -> str:
        """The elements that make the widgets live, for the end of the page; empty without widgets."""
        if not self._widgets:
            return ""
        modules = [f'<script type="text/plain" id="{name}">\n{in_script(text)}\n</script>\n' for text, name in self._modules.items()]
        return "".join([f'<script type="text/plain" id="widgets">{packed(self._widgets)}</script>\n', *modules,
                        f'<script type="module">\n{in_script(script("host.js"))}</script>\n'])


def packed(values: Any) -> str:
    """JSON, deflated and in base 64: the numbers of a stepper repeat themselves, and a lesson has several. `host.js` unpacks it."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def embedded(values: Any) -> str:
    """JSON for the inside of a script element: nothing in it can end the element, whatever the author's names are."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def in_script(text: str) -> str:
    """A script's text for the inside of its element; it still means the same."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
