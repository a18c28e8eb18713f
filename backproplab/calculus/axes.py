"""Axes with names. "It fits" is no reason: with 3, 3 and 3 everything fits. What an axis counts is one.

Every side of a matrix carries the name of what it counts: B samples, M inputs, N outputs; "1" is a side of length one. Then two rules
give every transpose of a backward pass: a product sums over the two sides that face each other, and an axis that is not in the answer
must be summed. A factor is turned so that an axis faces itself, and for no other reason.
"""
from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..engine.errors import InputError, ShapeError, listed

ONE = "1"


@dataclass(frozen=True, slots=True)
class Box:
    """A matrix whose two sides have names.

    Attributes
    ----------
    name : str
    rows, columns : str
        What they count; "1" for a side of length one.
    """

    name: str
    rows: str
    columns: str

    @property
    def axes(self) -> tuple[str, str]:
        return self.rows, self.columns

    @property
    def T(self) -> Box:
        """The same matrix, turned."""
        return Box(self.name.removesuffix("ᵀ") if self.name.endswith("ᵀ") else f"{self.name}ᵀ", self.columns, self.rows)


@dataclass(frozen=True, slots=True)
class Joint:
    """Two boxes side by side in a matrix product.

    Attributes
    ----------
    left, right : Box
    fits : bool
        The sides that face each other are equally long: NumPy multiplies.
    meets : bool
        They also count the same thing: the product means something.
    why : str
        One or two sentences.
    """

    left: Box
    right: Box
    fits: bool
    meets: bool
    why: str


def joint(left: Box, right: Box, sizes: Mapping[str, int]) -> Joint:
    """What happens where two boxes meet.

    Parameters
    ----------
    left, right : Box
    sizes : mapping of str to int
        The length of every axis but "1".

    Returns
    -------
    Joint

    Examples
    --------
    >>> joint(Box("X", "B", "M"), Box("G", "B", "N"), {"B": 3, "M": 4, "N": 2}).why
    'X and G have B in common, and a product sums over what faces: in X, B is the rows, so B does not face B. Turn X: its rows become columns.'
    """
    a, b = left.columns, right.rows
    fits, meets = _length(a, sizes) == _length(b, sizes), a == b
    if meets:
        why = "1 = 1: nothing is summed." if a == ONE else f"{a} faces {a}: it is summed."
    elif fits:
        why = f"{_length(a, sizes)} = {_length(b, sizes)}, but {a} is not {b}: two axes of equal length that count different things meet."
    else:
        why = _refusal(left, right)
    return Joint(left, right, fits, meets, why)


def _refusal(left: Box, right: Box) -> str:
    shared = next((a for a in left.axes if a != ONE and a in right.axes), None)
    if shared is None:
        return (f"{left.name} counts {_counts(left)}, {right.name} counts {_counts(right)}: no axis in common. "
                "Something belongs between them, or one of them does not belong here.")
    rows_left, columns_right = left.rows == shared, right.columns == shared
    where = f"in {left.name}, {shared} is the rows" if rows_left else f"in {right.name}, {shared} is the columns"
    if rows_left and columns_right:
        action = f"Swap the two: then {shared} faces {shared}."
    else:
        action = f"Turn {left.name}: its rows become columns." if rows_left else f"Turn {right.name}: its columns become rows."
    return (f"{left.name} and {right.name} have {shared} in common, and a product sums over what faces: {where}, "
            f"so {shared} does not face {shared}. {action}")


def _counts(box: Box) -> str:
    return listed([a for a in box.axes if a != ONE]) or "nothing"


def _length(axis: str, sizes: Mapping[str, int]) -> int:
    return 1 if axis == ONE else sizes[axis]


def product(boxes: Sequence[Box], sizes: Mapping[str, int]) -> Box:
    """The axes of a matrix product of several boxes.

    Returns
    -------
    Box
        Its rows are those of the first, its columns those of the last.

    Raises
    ------
    ShapeError
        Where two sides do not meet, in the words of their axes. Sides that fit by accident are refused too.
    """
    if not boxes:
        raise ShapeError("multiplying boxes", "none came in", "Give at least one.")
    for left, right in zip(boxes, boxes[1:], strict=False):
        met = joint(left, right, sizes)
        if not met.meets:
            said = " · ".join(f"{b.name} ({b.rows} × {b.columns})" for b in boxes)
            raise ShapeError(f"multiplying {' · '.join(b.name for b in boxes)}", f"the axes are {said}", met.why)
    return Box(" · ".join(b.name for b in boxes), boxes[0].rows, boxes[-1].columns)


def summed(boxes: Sequence[Box], target: Sequence[str]) -> list[str]:
    """The axes of the factors that are not in the answer: they must be summed."""
    return [a for a in dict.fromkeys(a for b in boxes for a in b.axes) if a != ONE and a not in target]


def reason(boxes: Sequence[Box], target: Sequence[str], name: str) -> str:
    """Why a right product is as it is, in the words of its axes.

    Parameters
    ----------
    boxes : sequence of Box
        The factors in their order, turned ones with ᵀ.
    target : sequence of str
        The axes of the answer.
    name : str
        The answer's name, such as ∂L/∂W.

    Returns
    -------
    str

    Examples
    --------
    >>> reason([Box("X", "B", "M").T, Box("G", "B", "N")], "MN", "∂L/∂W")
    'B is not in ∂L/∂W, so it is summed. X is turned for one reason: so that B faces B.'
    """
    turned = [b.name.removesuffix("ᵀ") for b in boxes if b.name.endswith("ᵀ")]
    gone = summed(boxes, target)
    if len(boxes) == 1:
        return "The slope is 1 everywhere, so the upstream gradient arrives unchanged."
    if not gone:
        if turned:
            return (f"Nothing is summed: the {target[0]} side goes left and stands up, the {target[1]} side goes right and lies down. "
                    "That is all the transpose does.")
        return "Nothing is summed: the left piece brings the rows, the right piece the columns."
    many, faces = len(gone) > 1, listed([f"{a} faces {a}" for a in gone])
    opening = f"{listed(gone)} {'are' if many else 'is'} not in {name}, so {'they are' if many else 'it is'} summed."
    if not turned:
        return f"{opening} In this layout {faces} already: nothing has to be turned."
    return f"{opening} {listed(turned)} {'are' if len(turned) > 1 else 'is'} turned for one reason: so that {faces}."


def arrange(boxes: Sequence[Box], target: Sequence[str]) -> list[Box] | None:
    """The order and the turns of these boxes whose product has the axes of the answer; None when there is none.

    The fewest turns win; of equally many, the order given.

    Returns
    -------
    list of Box, or None

    Raises
    ------
    InputError
        For more than six boxes.

    Examples
    --------
    >>> [b.name for b in arrange([Box("X", "B", "M"), Box("G", "B", "N")], "MN")]
    ['Xᵀ', 'G']
    """
    if len(boxes) > 6:
        raise InputError("arranging boxes", f"{len(boxes)} came in", "At most six factors are tried.")
    rows, columns = target
    found: list[list[Box]] = []

    def extend(done: list[Box], left: list[Box]) -> None:
        if not left:
            if done[-1].columns == columns:
                found.append(done)
            return
        for k, box in enumerate(left):
            for one in (box, box.T):
                if one.rows == (done[-1].columns if done else rows):
                    extend([*done, one], left[:k] + left[k + 1:])
    extend([], list(boxes))
    place = {b.name: k for k, b in enumerate(boxes)}
    keyed = functools.partial(_turns, place=place)
    return min(found, key=keyed) if found else None


def _turns(boxes: Sequence[Box], place: Mapping[str, int]) -> tuple[int, list[int]]:
    return sum(b.name.endswith("ᵀ") for b in boxes), [place[b.name.removesuffix("ᵀ")] for b in boxes]
