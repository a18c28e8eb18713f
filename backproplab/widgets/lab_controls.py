"""What can be set in a lab, as data: each control is a row of options, and an option says which settings it changes."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Control(NamedTuple):
    """A slider or a row of buttons.

    Attributes
    ----------
    label : str
    kind : str
        "slider" or "choice".
    options : tuple of (str, dict)
        What it is called, and the settings that it makes.
    more : bool
        It stands under "More settings".
    """

    label: str
    kind: str
    options: tuple[tuple[str, dict[str, Any]], ...]
    more: bool = False

    def as_data(self) -> dict[str, Any]:
        """The same for the page."""
        options = [{"text": text, "set": change} for text, change in self.options]
        return {"label": self.label, "kind": self.kind, "more": self.more, "options": options}


def slider(label: str, field: str, values: Iterable[Any], words: Callable[[Any], str] = "{:g}".format, more: bool = False) -> Control:
    """A slider over the values of one field. A value that is set otherwise, by a code, takes a place of its own in the page."""
    return Control(label, "slider", tuple((words(v), {field: v}) for v in values), more)


def choice(label: str, options: dict[str, dict[str, Any]], more: bool = False) -> Control:
    """One of several, each by name."""
    return Control(label, "choice", tuple(options.items()), more)


def minus(value: float) -> str:
    """A number with a typographic minus."""
    return f"{value:g}".replace("-", "−")
