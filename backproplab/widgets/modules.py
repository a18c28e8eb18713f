"""One script and one style sheet for each widget, joined from the files in js/ and css/.

anywidget runs a single module: an `import "./part.js"` in it finds nothing. The parts are ordinary modules all the same, so that they
can be read and tested one by one; joining them drops the imports between them and the word `export`, each part before those that use it.
"""
from __future__ import annotations

import functools
import re
from importlib.resources import files

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@functools.cache
def script(entry: str) -> str:
    """The module of a widget.

    Parameters
    ----------
    entry : str
        Its file in js/, which exports ``default { render }``.

    Returns
    -------
    str
        One ES module without imports.
    """
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _text("js", part))) for part in order(entry))


def order(entry: str) -> list[str]:
    """The files that make up a module, each after those it imports.

    Raises
    ------
    ValueError
        When two of them import each other.
    """
    done: list[str] = []

    def visit(part: str, above: tuple[str, ...]) -> None:
        if part in above:
            raise ValueError(f"js/{part} imports itself by way of {', '.join(above[above.index(part) + 1:]) or 'nothing else'}")
        if part not in done:
            for needed in _IMPORT.findall(_text("js", part)):
                visit(needed, (*above, part))
            done.append(part)
    visit(entry, ())
    return done


@functools.cache
def style(*names: str) -> str:
    """The style sheets of those names from css/, in that order, as one."""
    return "\n".join(_text("css", name) for name in names)


def _text(folder: str, name: str) -> str:
    return (files(__package__) / folder / name).read_text(encoding="utf-8")
