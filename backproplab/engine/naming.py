"""Which variable does the author's code put this value in, and on which line?

Read from the frame that is computing it: CPython says which instruction runs (f_lasti); following the next instructions, with the
interpreter's own table of stack effects, leads to the STORE that takes the value, or to the RETURN that hands it on. No trace hook,
no source text, no rewriting: it works in exec(), lambdas and notebooks, under coverage and in a debugger. A name that cannot be
found is None, never a wrong one.
"""
from __future__ import annotations

import dis
import sys
from types import CodeType, FrameType
from typing import Any, NamedTuple

RETURN, LATER = object(), object()
ENGINE = __name__.rpartition(".")[0] + "."
VOCABULARY = ENGINE + "vocabulary"               # an expanded operation is traced like an author's helper


class Place(NamedTuple):
    """Where in the author's code a value is made. One instruction of the author's makes one Place, however often it runs."""

    name: str | None
    line: int


NOWHERE = Place(None, 0)
ends: tuple[CodeType, ...] = ()                  # code that calls the traced function: nothing above it is the author's
MOST = 4000                                      # code objects remembered: printed programs come and go


class Known:
    """What is known of one code object: whose it is; and by offset, the destination and the Place of what is computed there."""

    __slots__ = ("code", "own", "places", "_instructions")

    def __init__(self, frame: FrameType) -> None:
        self.code = frame.f_code                 # held, so that its id stays its own
        module = frame.f_globals.get("__name__") or ""
        self.own = module.split(".")[0] == "numpy" or module.startswith(ENGINE) and not module.startswith(VOCABULARY)
        self.places: dict[int, tuple[Any, Place]] = {}
        self._instructions: tuple[list[dis.Instruction], dict[int, int]] | None = None

    @property
    def instructions(self) -> tuple[list[dis.Instruction], dict[int, int]]:
        """The instructions, and the position of each offset among them."""
        if self._instructions is None:
            every = list(dis.get_instructions(self.code))
            self._instructions = every, {i.offset: k for k, i in enumerate(every)}
        return self._instructions


_known: dict[int, Known] = {}                    # keyed by id(code), because hashing a code object is slow


def known(frame: FrameType) -> Known:
    found = _known.get(id(frame.f_code))
    if found is None:
        if len(_known) > MOST:
            _known.clear()
        found = _known[id(frame.f_code)] = Known(frame)
    return found


def is_own(frame: FrameType) -> bool:
    """Is it a frame of the engine or of NumPy, rather than of the author's code?"""
    return known(frame).own


def author_frame(frame: FrameType | None) -> FrameType | None:
    """The nearest frame that is neither the engine's, its vocabulary included, nor NumPy's: the line that a message quotes."""
    while frame is not None and (is_own(frame) or (frame.f_globals.get("__name__") or "").startswith(VOCABULARY)):
        frame = frame.f_back
    return frame


def locate(operator: bool = False) -> tuple[Place, int, bool, FrameType | None]:
    """The place of the value that the author's code is computing.

    An operator that runs while the author's instruction is a call was used inside that call, as by sum(): one call, many values.
    Then the value is named when it is next used, by the variable found to hold it.

    Returns
    -------
    (place, depth, inside, frame)
        depth: calls of helpers between the traced function and here; inside: made inside a call that the author's instruction makes.
    """
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        found = _known.get(id(frame.f_code)) or known(frame)
        if not found.own:
            break
        if frame.f_code in ends:                 # a function of the engine's own is being traced
            frame = None
            break
        frame = frame.f_back
    if frame is None:
        return NOWHERE, -1, False, None
    start = frame
    key = ~frame.f_lasti if operator else frame.f_lasti
    name, place = found.places.get(key) or destined(frame, operator)
    depth, inside, open_end = 0, name is LATER, name is RETURN
    frame = frame.f_back
    while frame is not None and frame.f_code not in ends:
        if not is_own(frame):                    # the engine's frames lie between when an operation is expanded
            if open_end:                         # a value that a helper returns is named by the caller
                name, outside = destined(frame)
                open_end = name is RETURN
                if outside.name:
                    place = Place(outside.name, place.line)
            depth += 1
        frame = frame.f_back
    return place, depth, inside, start


def destined(frame: FrameType, operator: bool = False) -> tuple[Any, Place]:
    """(destination of the value that the frame is computing, its Place)."""
    table = known(frame)
    key = ~frame.f_lasti if operator else frame.f_lasti
    found = table.places.get(key)
    if found is None:
        try:
            name = destination(table, frame.f_lasti, operator)
        except (LookupError, TypeError, ValueError):    # an interpreter with other instructions: no name, and no wrong one
            name = None
        if name.__class__ is str and not name.isidentifier():            # a test runner rewrites assert statements
            name = None
        found = table.places[key] = (name, Place(name if name.__class__ is str else None, frame.f_lineno or 0))
    return found


def name_above(frame: FrameType | None, depth: int, made_at: int, value: object) -> str | None:
    """The name by which a caller, outside the helper (at depth `made_at`) that computed value, knows it."""
    while depth >= 0 and frame is not None and frame.f_code not in ends:
        if not is_own(frame):
            found = held(frame.f_locals, value) if depth < made_at else None
            if found:
                return found
            depth -= 1
        frame = frame.f_back
    return None


def held(variables: dict[str, Any], value: object) -> str | None:
    """The plain name under which `variables` holds this very object."""
    for name, v in list(variables.items()):
        if v is value and name.isidentifier() and not name.startswith("_"):
            return name
    return None


def known_as(frame: FrameType | None, value: object) -> str | None:
    """The name by which the author's function, its closure or its module knows an array."""
    if frame is None:
        return None
    return held(frame.f_locals, value) or held(frame.f_globals, value)


def destination(code: Known, offset: int, operator: bool = False) -> Any:
    """Name that the value computed at `offset` is stored under (a tuple of names when it is being unpacked), RETURN, or None."""
    instructions, position = code.instructions
    while offset not in position:                # 3.12+ may report an inline cache entry of the calling instruction
        offset -= 2
        if offset < 0:
            return None
    k, above = position[offset], 0               # `above`: how many values lie on top of ours
    if operator and instructions[k].opname.startswith("CALL"):
        return LATER
    if instructions[k].opname == "UNPACK_SEQUENCE":
        return tuple(_stored(instructions[k + 1:], instructions[k].arg or 0))
    while k + 1 < len(instructions):
        k += 1
        i = instructions[k]
        if i.opname in ("CACHE", "NOP", "EXTENDED_ARG", "RESUME") or i.opname == "COPY" and i.arg == 1 and above == 0:
            continue                             # the copy is made by a = b = ... and (a := ...)
        if i.opname.startswith("JUMP_FORWARD"):
            k = position[i.argval] - 1
        elif i.opname == "STORE_ATTR":
            return i.argval if above == 1 else None
        elif i.opname == "STORE_SUBSCR":
            key = instructions[k - 1].argval
            return key if above == 2 and isinstance(key, str) and key.isidentifier() else None
        elif i.opname.startswith("STORE_"):
            names = _targets(i)
            if above < len(names):
                return names[above]
            above -= len(names)
        elif i.opname.startswith("RETURN_") and above == 0:
            return RETURN
        elif i.opname == "SWAP":
            above = (i.arg or 1) - 1 if above == 0 else 0 if above == (i.arg or 1) - 1 else above
        elif i.opname in ("BUILD_TUPLE", "BUILD_LIST") and (i.arg or 0) > above:
            k += 1
            if instructions[k].opname != "UNPACK_SEQUENCE" or instructions[k].arg != i.arg:
                return None
            above = (i.arg or 0) - 1 - above     # unpacking leaves the first on top
        elif i.opcode in dis.hasjrel or i.opcode in dis.hasjabs:
            return None
        else:
            above += dis.stack_effect(i.opcode, i.arg, jump=False)
            if above <= 0 and i.opname != "POP_TOP":
                return None                      # an operation took our value: a sub-expression
    return None


def _targets(i: dis.Instruction) -> tuple[str, ...]:
    names = i.argval if isinstance(i.argval, tuple) else (i.argval,)
    return names[:1] if "LOAD" in i.opname else names


def _stored(instructions: list[dis.Instruction], count: int) -> list[str | None]:
    """Names of the next `count` plain stores, None for any other target."""
    names: list[str | None] = []
    for i in instructions:
        if len(names) >= count or not i.opname.startswith("STORE_"):
            break
        names += _targets(i)
    return names + [None] * (count - len(names))
