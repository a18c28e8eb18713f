"""A step in words."""
from __future__ import annotations

import numpy as np

from .errors import listed
from .values import shown
from .variables import Variable


def explain(v: Variable, output: str) -> str:
    """Value and gradient of one variable, in sentences, with the numbers."""
    name = v.name
    start = f"{name} = {v.expression} = {shown(v.value)}" if v.expression is not None else f"{name} is given. Its value is {shown(v.value)}."
    if v.gradient is None:
        return f"{start}\n{name} has no gradient: {'it is not an input' if v.role == 'constant' else 'nothing that it comes from has one'}."
    if v.role == "output":
        return f"{start}\n{name} is the output: the backward pass starts here with gradient {shown(v.gradient)}."
    if not v.uses:
        return f"{start}\nNothing that leads to {output} uses {name}: its gradient is 0."
    times = {1: "once", 2: "twice"}.get(len(v.uses), f"{len(v.uses)} times")
    lines = [start, f"{name} is used {times}, by {listed([c.consumer for c in v.uses])}."]
    for c in v.uses:
        local = c.local
        product = f" = {shown(c.upstream)} times {shown(local)}" if local is not None and np.ndim(c.upstream) == np.ndim(local) == 0 else ""
        lines.append(f"  through {c.consumer}: {c.expression}{product} = {shown(c.value)}")
    lines.append(f"The gradient of {name} is {'their sum, ' if len(v.uses) > 1 else ''}{shown(v.gradient)}.")
    return "\n".join(lines)
