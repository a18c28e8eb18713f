"""Running a learner's code: whatever it does, the answer is a sentence with its own line, never a crash of ours."""
from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from .report import Fault

OURS = __name__.rpartition(".")[0]
LONGEST = 90

# What Python says -> what it means here. The first pattern that fits speaks.
MEANINGS: tuple[tuple[str, str], ...] = (
    (r"TypeError: .*\.(?:forward|backward)\(\) takes .* positional arguments? but \d+ (?:was|were) given",
     "A method of a class has self as its first parameter: def forward(self, x, y)."),
    (r"TypeError: .*takes .* positional arguments? but \d+ (?:was|were) given|TypeError: .* missing \d+ required positional argument.*",
     "It is to take what it is given in the task, no more and no fewer."),
    (r"NameError: name 'self' is not defined", "A method of a class has self as its first parameter: def forward(self, x, y)."),
    (r"NameError: name '(\w+)' is not defined",
     "Names that forward made are gone when it returns: keep {0} with self.{0} = {0} in forward, and read self.{0}."),
    (r"AttributeError: '(\w+)' object has no attribute '(forward|backward)'", "Each {0} needs a method {1}."),
    (r"AttributeError: '(\w+)' object has no attribute '(\w+)'", "Nothing stored self.{1} before: do that in forward, or in __init__."),
    (r"TypeError: .*NoneType.*", "Something is None: a function without return, or a part still to be written."),
    (r"TypeError: .*ellipsis.*", "There is still a ... to be replaced."),
    (r"TypeError: cannot unpack non-iterable .*|TypeError: .* is not iterable|TypeError: zip argument .*",
     "backward returns a list, with one gradient for each input, also when there is one input only."),
    (r"KeyError: '?([^']+)'?", "Nothing was stored under {0} when it was asked for: it is visited too late, or its entry was never made."),
    (r"RecursionError: .*", "A function that calls itself needs a case in which it stops: at the output, where the answer is 1."),
)


def attempt(what: str, call: Callable[..., Any], *args: Any) -> Any:
    """The result of a learner's function.

    Raises
    ------
    Fault
        When it raises anything: with its own words, the learner's line and what it means here.
    """
    try:
        with np.errstate(all="ignore"):
            return call(*args)
    except (Exception, SystemExit) as error:
        raise Fault(f"{what} stopped{line_of(error.__traceback__)} with {last_line(error)}") from None


def last_line(error: BaseException) -> str:
    """'KeyError: 'q'. Nothing was stored under q ...'"""
    said = str(error).splitlines()[0] if str(error).strip() else ""
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    for pattern, meaning in MEANINGS:
        found = re.fullmatch(pattern, told)
        if found:
            return f"{told.rstrip('.')}. {meaning.format(*found.groups())}"
    return f"{told.rstrip('.')}."


def line_of(tb: TracebackType | None) -> str:
    """' at `z = x * y`' for the learner's own line that failed; '' when the call itself did not fit."""
    line = ""
    while tb is not None:
        frame = tb.tb_frame
        if not frame.f_globals.get("__name__", "").startswith(OURS):
            text = linecache.getline(frame.f_code.co_filename, tb.tb_lineno, frame.f_globals).strip()
            line = text or line
        tb = tb.tb_next
    if not line:
        return ""
    return f" at `{line if len(line) <= LONGEST else line[:LONGEST - 1] + '…'}`"
