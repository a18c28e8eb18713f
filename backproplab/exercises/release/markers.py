"""What stands between markers: solutions, which become a place to write in, and hidden parts, which disappear.

The markers are nbgrader's, so that its notebooks can be released as they are.
"""
from __future__ import annotations

import re

from ...engine.errors import BackpropError

SOLUTION, HIDDEN = "SOLUTION", "HIDDEN"
MARKER = re.compile(r"^(?P<indent>\s*)#+\s*(?P<end>BEGIN|END) (?P<what>SOLUTION|HIDDEN)(?: TESTS)?\s*$")
BLANK = "...  # write your code here"


class ReleaseError(BackpropError, ValueError):
    """A source notebook, a roster or a folder from which no release can be made."""


def student_text(source: str, cell: str, blank: str = BLANK) -> str:
    """A cell's text without its solutions and hidden parts.

    Parameters
    ----------
    source : str
    cell : str
        How a message calls the cell: "cell 7".
    blank : str
        What stands in place of a solution, indented like its marker.

    Raises
    ------
    ReleaseError
        For a marker without its partner, or one inside another.
    """
    kept, _ = _split(source, cell, blank)
    return kept


def solutions(source: str, cell: str) -> list[str]:
    """The solutions and hidden parts of a cell, each as text."""
    return _split(source, cell, "")[1]


def _split(source: str, cell: str, blank: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    taken: list[str] = []
    inside: tuple[str, int] | None = None
    for number, line in enumerate(source.splitlines(), start=1):
        found = MARKER.match(line)
        if found is None:
            if inside is None:
                kept.append(line)
            else:
                taken[-1] += line + "\n"
            continue
        end, what = found["end"], found["what"]
        if end == "BEGIN":
            if inside is not None:
                raise ReleaseError(f"reading {cell} of the source", f"line {number} begins a part inside another, begun in line {inside[1]}",
                                   f"End that one first: ### END {inside[0]}")
            inside = what, number
            taken.append("")
            if what == SOLUTION:
                kept.append(found["indent"] + blank)
        else:
            if inside is None or inside[0] != what:
                raise ReleaseError(f"reading {cell} of the source", f"line {number} ends a part that was not begun",
                                   f"Write ### BEGIN {what} above it.")
            inside = None
    if inside is not None:
        raise ReleaseError(f"reading {cell} of the source", f"line {inside[1]} begins a part that is never ended",
                           f"Write ### END {inside[0]} below it: the rest of the cell would be handed out or lost.")
    return "\n".join(kept), [t.strip("\n") for t in taken]
