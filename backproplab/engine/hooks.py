"""Where a lower room needs something of a higher one: the name of the thing, and the function that does it.

`backproplab/__init__.py` stands above all rooms and fills this in; each function loads its room when it is first called.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

hooks: dict[str, Callable[..., Any]] = {}
"""
"read_formula": (text, name -> number of axes, known numbers of axes) -> Expression
"diagnose": (run, name of an input, claimed gradient) -> a sentence that names the mistake behind a wrong claim
"formula_value": (Expression, scope) -> value, from a list of functions and with a bound on its size
"""
