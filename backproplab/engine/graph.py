"""The graph of one run: its nodes in the order they were computed, its inputs, captured arrays, output, and branches taken.

Nodes point only at their inputs; the graph is the list. Names become unique at the end, inputs first: `s, s_1, s_2` for a variable
that a loop binds again.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import naming
from .errors import InputError, TraceError, quoted_line

if TYPE_CHECKING:
    from types import FrameType

    from .tracing import Node


class Branch(NamedTuple):
    """The author's code looked at a value to decide: the graph holds for this answer only."""

    line: int
    node: Node
    answer: bool


class Graph:
    """Nodes in topological order.

    Attributes
    ----------
    nodes : list of Node
    inputs : dict of str to Node
    constants : list of Node
        Arrays that the function used without being given them.
    output : Node
    branches : list of Branch
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.inputs: dict[str, Node] = {}
        self.constants: list[Node] = []
        self.output: Node
        self.branches: list[Branch] = []
        self.outer: dict[int, tuple[Node, Node]] = {}                   # id -> (node of an enclosing trace, its input here)
        self.deep: dict[int, int] = {}                                  # node index -> depth of the helper that computed it
        self.alarm = ""                                                 # what floating-point trouble NumPy last reported
        self._held: dict[int, tuple[Any, Node]] = {}                    # id -> (captured array, its node)

    def add(self, node: Node) -> Node:
        node.index = len(self.nodes)
        self.nodes.append(node)
        return node

    def holds(self, node: Node) -> bool:
        """Is it a node of this graph? Nodes do not point at their graph, so that they are freed without the cyclic collector."""
        return node.index < len(self.nodes) and self.nodes[node.index] is node

    def note_error(self, kind: str, flag: int) -> None:
        """NumPy's floating-point error handler while this graph is being recorded."""
        self.alarm = kind

    def constant(self, array: Any, frame: FrameType | None, make: Any) -> Node:
        """The node of an array that the function captured, by the name its closure has for it."""
        held = self._held.get(id(array))
        if held is not None and np.array_equal(held[1].value, array, equal_nan=held[1].value.dtype.kind == "f"):
            return held[1]
        node = make(frozen(array, "an array that the function uses", frame), naming.known_as(frame, array) or "constant")
        self._held[id(array)] = (array, node)
        self.constants.append(node)
        return self.add(node)

    def finish(self, output: Node) -> None:
        """Give the output a name, and make all names unique in the order of computation."""
        self.output = output
        taken: dict[str, int] = {}
        if output.name is None:
            used = {n.name for n in self.nodes}
            output.name = next((n for n in ("y", "out") if n not in used), "out")
        inputs = list(self.inputs.values())
        for node in inputs:
            taken[node.name or ""] = 1                                  # inputs own their plain name
        for node in self.nodes[len(inputs):]:
            if node.name is not None:
                node.name = unique(node.name, taken)
        self.deep, self._held = {}, {}


def unique(name: str, taken: dict[str, int]) -> str:
    """name, or name_1, name_2, ... ; `taken` counts, so that a loop of n bindings costs n steps."""
    count = taken.get(name)
    if count is None:
        taken[name] = 1
        return name
    while f"{name}_{count}" in taken:
        count += 1
    taken[name] = count + 1
    taken[f"{name}_{count}"] = 1
    return f"{name}_{count}"


def frozen(value: Any, what: str, frame: FrameType | None = None) -> Any:
    """A private, read-only copy: numbers and float arrays as float64, integer and boolean arrays with the dtype they have.

    Raises
    ------
    InputError
        For text, None, ragged lists, complex numbers, objects.
    """
    if value.__class__ is np.float64 or value.__class__ is np.bool_:
        return value
    if value.__class__ is float or value.__class__ is int:
        try:
            return np.float64(value)
        except OverflowError:
            raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is a whole number of {len(str(value))} digits",
                             "The largest float64 is about 1.8e308: rescale it.") from None
    try:
        array = np.array(value)
    except TraceError:
        raise
    except Exception as error:                                          # ragged lists, objects whose conversion fails
        raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is {shortened(value)}",
                         f"It cannot become an array: NumPy says {error}. Give rows of equal length.") from None
    kind = array.dtype.kind
    if kind not in "fiub":
        why = {"U": "Text is no number: write the number itself, 2.0 and not '2.0'.", "S": "Bytes are no numbers.",
               "c": "Complex numbers have no gradient here: trace the real and the imaginary part.",
               }.get(kind, "Give a number, an array of real numbers, or a list of them.")
        raise InputError(f"tracing with {what}{quoted_line(frame)}", f"it is {shortened(value)}", why)
    if kind == "f" or kind in "iu" and not isinstance(value, (np.ndarray, np.generic)):
        array = array.astype(np.float64)                                # a list of whole numbers is a list of numbers
    if array.ndim == 0:
        scalar = array[()]
        return scalar if kind == "b" else np.float64(scalar)
    array.setflags(write=False)
    return array


def shortened(value: Any, most: int = 60) -> str:
    text = f"{value!r}".replace("\n", " ")
    return f"{text[:most - 1]}…" if len(text) > most else text
