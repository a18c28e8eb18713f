"""What goes wrong, said in three parts.

Every error of this package says what was attempted (in the author's names), what came in (shapes and values), and why it cannot be
and what to write instead. Each class derives from the built-in one that fits, so that ordinary `except` clauses keep working. In a
notebook the learner's own lines are shown and the frames of this package are left out.
"""
from __future__ import annotations

import linecache
import sys
from collections.abc import Iterable
from types import FrameType, TracebackType

PACKAGE = __name__.split(".")[0]
LONGEST = 100                     # characters of the author's line that a message repeats


class BackpropError(Exception):
    """Base class. `attempted`, `came_in` and `instead` are the three parts, each a sentence or two.

    Parameters
    ----------
    attempted : str
        What was tried, in the author's own names.
    came_in : str
        The shapes and values that were met.
    instead : str
        Why that cannot be, and what to write.
    """

    def __init__(self, attempted: str, came_in: str = "", instead: str = "") -> None:
        super().__init__(attempted, came_in, instead)
        self.attempted, self.came_in, self.instead = attempted, came_in, instead

    def __str__(self) -> str:
        return "\n  ".join(part for part in (self.attempted, self.came_in, self.instead) if part)

    def _render_traceback_(self) -> list[str]:
        """Called by IPython: the same traceback without this package's frames."""
        shown = without_package(self.__traceback__)
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if shell is None:
            import traceback
            return traceback.format_exception(type(self), self, shown)
        return list(shell.InteractiveTB.structured_traceback(type(self), self.with_traceback(shown), shown, tb_offset=0))


class InputError(BackpropError, TypeError):
    """An input that is missing, unknown, given twice, or not a number."""


class TraceError(BackpropError, TypeError):
    """Something that a traced value cannot do."""


class MissingAttributeError(TraceError, AttributeError):
    """An attribute that a traced value does not have, as x.grad."""


class ShapeError(BackpropError, ValueError):
    """Shapes that do not fit together."""


class NotScalarError(BackpropError, ValueError):
    """A gradient was asked of an output that is not one number."""


class RuleError(BackpropError, ValueError):
    """A declared operation whose functions cannot be read."""


class UnknownNameError(BackpropError, KeyError):
    """A variable, style or notation that does not exist."""

    __str__ = BackpropError.__str__


class NumericalWarning(RuntimeWarning):
    """A division by zero, an overflow or an invalid value, with the name of the variable that made it."""


def without_package(tb: TracebackType | None) -> TracebackType | None:
    """The traceback without the frames of this package and of NumPy; unchanged when nothing else would be left."""
    frames = []
    while tb is not None:
        if tb.tb_frame.f_globals.get("__name__", "").split(".")[0] not in (PACKAGE, "numpy"):
            frames.append(tb)
        tb = tb.tb_next
    shown = None
    for t in reversed(frames):
        shown = TracebackType(shown, t.tb_frame, t.tb_lasti, t.tb_lineno)
    return shown


def quoted_line(frame: FrameType | None) -> str:
    """', in line 3: `a = x @ w`' for the line that a frame is at; '' when its text is not known."""
    if frame is None:
        return ""
    text = linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals).strip()
    if len(text) > LONGEST:
        text = f"{text[:LONGEST - 1]}…"
    return f", in line {frame.f_lineno}: `{text}`" if text else ""


def near_names(name: str, known: Iterable[str], most: int, alike: float) -> list[str]:
    """Up to `most` of the known names that are alike to this share, the nearest first."""
    import difflib  # costs more to import than most rooms do, and is for sentences only
    return difflib.get_close_matches(name, list(known), most, alike)


def listed(names: object, last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    names = [str(n) for n in names]                                      # type: ignore[attr-defined]
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} {last} {names[-1]}"
