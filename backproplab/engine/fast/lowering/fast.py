"""A fast program: its text, and the function that it defines."""
from __future__ import annotations

import linecache
import math
from collections.abc import Callable
from typing import Any

import numpy as np


class Fast:
    """A fast program.

    Attributes
    ----------
    source : str
        Its text.
    run : callable
        The function that the text defines: (*inputs) -> what the readable program returns. It holds a lock while it writes into
        buffers, so that two threads may call it.
    parameters : tuple of str
        Its inputs, as the text calls them.
    elsewhere : callable
        What it calls for inputs that it was not made for, and for what floats refuse; set it before the first call.
    count : int
        Values that it computes.
    nbytes : int
        Size of its buffers, which are allocated once.
    """

    def __init__(self, text: str, legend: str, scope: dict[str, Any], name: str, parameters: tuple[str, ...], elsewhere: str, count: int,
                 nbytes: int) -> None:
        self.parameters = parameters
        self.source, self.count, self.nbytes, self._elsewhere = legend + text, count, nbytes, elsewhere
        self.scope = {"np": np, "math": math, **scope}
        file = f"<fast form of {name}>"
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)           # tracebacks and warnings show the line
        exec(compile(text, file, "exec"), self.scope)
        self.run: Callable[..., Any] = self.scope[name]

    @property
    def elsewhere(self) -> Any:
        return self.scope.get(self._elsewhere)

    @elsewhere.setter
    def elsewhere(self, function: Any) -> None:
        self.scope[self._elsewhere] = function
