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


class Found(NamedTuple):
    """A place, and how the author's code got there."""

    place: Place
    depth: int                                   # calls of helpers between the traced function and here
    inside: bool                                 # made inside a call that the author's instruction makes, as by sum()
    frame: FrameType | None


class _Known:
    """What was read of one code object: its instructions, and by offset the destination and the Place."""

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.instructions = list(dis.get_instructions(code))
        self.position = {i.offset: k for k, i in enumerate(self.instructions)}
        self.destinations: dict[int, tuple[Any, Place]] = {}


NOWHERE = Place(None, 0)
ends: tuple[CodeType, ...] = ()                  # code that calls the traced function: nothing above it is the author's
MOST = 4000                                      # code objects remembered: printed programs come and go
# Keyed by id(code), because hashing a code object is slow; holding the code keeps its id its own.
_seen: dict[int, _Known] = {}
_own: dict[int, tuple[CodeType, bool]] = {}                  # (code, is it the engine's or NumPy's)


def is_own(frame: FrameType) -> bool:
    """Is it a frame of the engine or of NumPy, rather than of the author's code?"""
    code = frame.f_code
    known = _own.get(id(code))
    if known is None:
        module = frame.f_globals.get("__name__") or ""
        own = module.split(".")[0] == "numpy" or module.startswith(ENGINE) and not module.startswith(VOCABULARY)
        if len(_own) > MOST:
            _own.clear()
        known = _own[id(code)] = (code, own)
    return known[1]


def author_frame(frame: FrameType | None) -> FrameType | None:
    """The nearest frame that is neither the engine's nor NumPy's."""
    while frame is not None and is_own(frame):
        frame = frame.f_back
    return frame


def locate(operator: bool = False) -> Found:
    """The place of the value that the author's code is computing.

    An operator that runs while the author's instruction is a call was used inside that call, as by sum(): one call, many values.
    Then the value is named when it is next used, by the variable found to hold it.
    """
    start: FrameType | None = sys._getframe(2)
    while start is not None and is_own(start):
        if start.f_code in ends:                 # a function of the engine's own is being traced
            return Found(NOWHERE, -1, False, None)
        start = start.f_back
    if start is None:
        return Found(NOWHERE, -1, False, None)
    name, place = destined(start, operator)
    frame, depth, inside, open_end = start.f_back, 0, name is LATER, name is RETURN
    while frame is not None and frame.f_code not in ends:
        if not is_own(frame):                    # the engine's frames lie between when an operation is expanded
            if open_end:                         # a value that a helper returns is named by the caller
                name, outside = destined(frame)
                open_end = name is RETURN
                if outside.name:
                    place = Place(outside.name, place.line)
            depth += 1
        frame = frame.f_back
    return Found(place, depth, inside, start)


def destined(frame: FrameType, operator: bool = False) -> tuple[Any, Place]:
    """(destination of the value that the frame is computing, its Place)."""
    code = frame.f_code
    table = _seen.get(id(code))
    if table is None:
        if len(_seen) > MOST:
            _seen.clear()
        table = _seen[id(code)] = _Known(code)
    key = ~frame.f_lasti if operator else frame.f_lasti
    known = table.destinations.get(key)
    if known is None:
        try:
            name = destination(table, frame.f_lasti, operator)
        except (LookupError, TypeError, ValueError):    # an interpreter with other instructions: no name, and no wrong one
            name = None
        if name.__class__ is str and not name.isidentifier():            # a test runner rewrites assert statements
            name = None
        known = table.destinations[key] = (name, Place(name if name.__class__ is str else None, frame.f_lineno or 0))
    return known


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


def destination(known: _Known, offset: int, operator: bool = False) -> Any:
    """Name that the value computed at `offset` is stored under (a tuple of names when it is being unpacked), RETURN, or None."""
    instructions, position = known.instructions, known.position
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
