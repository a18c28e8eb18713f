"""The first value or gradient that is not a finite number, named with what went into it; and broadcasts that nobody meant.

NumPy reports a division by zero, an overflow or an invalid value the moment it happens; the handler leaves a word in `graph.alarm`,
and the node that was being computed is named here. What NumPy does not report (a NaN that came in as an input) is looked for at the
end, only when the result is not finite.
"""
from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from . import naming
from .errors import NumericalWarning, quoted_line
from .values import described
from .wording import written

if TYPE_CHECKING:
    from types import FrameType

    from .graph import Graph
    from .node import Node
    from .rules import Operation

TOLD = {"divide by zero": "infinite: a division by zero or the logarithm of 0", "overflow": "too large for float64",
        "invalid value": "not a number (nan)"}


def given(node: Node) -> str:
    """'x = 0 and b = 2', or for an unnamed input its expression and value."""
    parts = [f"{v.label} = {described(v.value)}" for v in dict.fromkeys(v for v in node.inputs if hasattr(v, "label"))]
    return " and ".join(parts)


def numerical_warning(graph: Graph, node: Node, frame: FrameType | None) -> None:
    """Floating-point trouble in the forward pass, said with the author's names."""
    kind, graph.alarm = graph.alarm, ""
    assert node.op is not None
    told = TOLD.get(kind, kind)
    if np.isfinite(np.asarray(node.value)).all():
        return                                                          # trouble on the way that did not come through
    graph.warned = True
    what, at = written(node.op, node.inputs, node.constants or {}), given(node)
    message = (f"{node.name} is {told}{quoted_line(frame)}. It is {what} at {at}" if node.name else
               f"{what} is {told}{quoted_line(frame)}, at {at}") + "; every value and gradient through it is affected."
    if kind in node.op.hint:
        message += f" {node.op.hint[kind]}"
    say(message, frame)


def say(message: str, frame: FrameType | None, category: type[Warning] = NumericalWarning) -> None:
    """Warn at the author's line."""
    warnings.warn_explicit(message, category, frame.f_code.co_filename if frame else "<trace>", frame.f_lineno if frame else 0)


def gradient_warning(graph: Graph, node: Node, x: Node, g: Any, term: Any) -> None:
    """Trouble in the backward pass: which derivative, through which use."""
    graph.alarm = ""
    bad = ~np.isfinite(np.asarray(term, float))
    if not bad.any():
        return
    assert node.op is not None
    told = "not a number (nan)" if np.isnan(np.asarray(term, float)).any() else "infinite"
    message = (f"the gradient of {graph.label(x)} through {graph.label(node)} is {told}: the derivative of "
               f"{written(node.op, node.inputs, node.constants or {})} does not exist at {given(node)}.")
    shut = np.isnan(np.asarray(term, float)) & (np.broadcast_to(g, np.shape(term)) == 0) if np.shape(g) in ((), np.shape(term)) else np.False_
    if np.any(shut) and any(n.op is not None and n.op.name == "where" for n in graph.nodes):
        message += (f" The upstream gradient there is 0, because np.where takes the other branch; but 0 times infinity is nan. Choose a safe "
                    f"input before the function as well as after it: safe = np.where(mask, {graph.label(x)}, 1), then "
                    f"np.where(mask, {node.op.spelling}(safe), other).")
    say(message, naming.author_frame(sys._getframe()))


def first_not_finite(graph: Graph) -> Node | None:
    """The earliest node whose value is not finite though all that went into it is; an input, when it came in so."""
    for n in graph.nodes:
        v = np.asarray(n.value)
        if v.dtype.kind == "f" and not np.isfinite(v).all() and all(np.isfinite(np.asarray(getattr(i, "value", i), float)).all() for i in n.inputs):
            return n
    return None


def quiet_trouble(graph: Graph) -> None:
    """Name what NumPy did not report, when the result is not finite: an input that is nan or infinite."""
    if np.isfinite(np.asarray(graph.output.value, float)).all():
        return
    first = first_not_finite(graph)
    if first is None or first.op is not None and graph.warned:
        return
    what = f"comes in as {described(first.value)}" if first.op is None else f"is {described(first.value)}, from {given(first)}"
    say(f"{first.label} {what}: every value and gradient through it is affected.", naming.author_frame(sys._getframe()))


def caution(node: Node, op: Operation, values: list[Any], constants: dict[str, Any], frame: FrameType | None) -> None:
    """What an operation finds worth a warning in the shapes that came in."""
    assert op.caution is not None
    found = op.caution(*values, **constants)
    if found:
        names = [getattr(v, "label", None) or str(v) for v in node.inputs]
        message = f"{written(op, node.inputs, constants)}{quoted_line(frame)}: {found.format(*names)}"
        say(message, frame, RuntimeWarning)
