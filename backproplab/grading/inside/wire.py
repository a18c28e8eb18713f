"""How the grader and the sandbox talk: frames over two pipes, specified here. The grader believes nothing that it reads.

A frame is

    4 bytes    length of what follows, big-endian, from 4 to MOST_BYTES
    4 bytes    length of the header
    header     one JSON object in UTF-8, at most MOST_HEADER bytes
    blob       the bytes of the arrays, one after the other

and a value in a header is a list whose first entry says what follows:

    ["n"]                          None, and the `...` that stands where nothing is written yet
    ["b", true]                    True or False
    ["i", 12]                      a whole number that fits into 64 bits
    ["f", "0x1.8p+1"]              a float, by its hexadecimal text; also "nan", "inf" and "-inf"
    ["s", "text"]                  text of at most MOST_TEXT characters
    ["l", [value, ...]]            a list or tuple
    ["d", [[text, value], ...]]    a dict whose keys are text
    ["a", "<f8", [2, 3], 16]       an array: dtype, shape, and where in the blob it begins

of at most MOST_NODES values, DEEPEST deep. A dtype is one of DTYPES: booleans, whole numbers and floats, little-endian. Its bytes must
lie within the blob, and all arrays together have no more bytes than it: nobody's megabyte is ten thousand arrays. An array without elements
is not longer than a frame either, counted as if each side that is 0 were 1. There is no other type, no name of a class, no pickle, nothing
that is run.

The grader sends {"begin": settings} once (of at most MOST_BEGINNING bytes, nearly all of them its header), then requests
{"id": token, "do": "call" | "get" | "make", "question": id, "arguments": value}. The sandbox sends {"ready": layers}, {"cell": k} before each
cell and {"loaded": errors, "output": text} after the last, and to each request one answer: {"id": token, "value": value},
{"id": token, "error": name} when the student's code raised, or {"id": token, "refused": why} with one of REFUSALS. A right mark comes from
right values alone: no verdict crosses the pipe.
"""
from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np

MOST_BYTES = 8 << 20
MOST_BEGINNING = 32 << 20                  # of the first frame: a character of a cell may take twelve bytes
MOST_HEADER = 256 << 10
MOST_NODES = 5_000
MOST_TEXT = 4_000
MOST_DIMENSIONS = 8
DEEPEST = 6
DTYPES = frozenset({"|b1", "|i1", "|u1", *(f"<{kind}{size}" for kind in "iu" for size in (2, 4, 8)), "<f2", "<f4", "<f8"})


# Why a request has no value, when it is not that the student's code raised: no such answer; no function; computed with a package that is not
# here; of a kind that is not sent.
REFUSALS = frozenset({"missing", "not callable", "not here", "unsendable"})


class WireError(Exception):
    """What came over the pipe is not what was agreed. The decoder raises nothing else."""


class Unsendable(TypeError):
    """A value that has no place on the wire; raised where it is made, in the sandbox."""


# Reading: on the grader's side everything here is hostile ------------------------------------------------------------------------

def length_of(four: bytes, most: int = MOST_BYTES) -> int:
    """The length that a frame announces.

    Raises
    ------
    WireError
        When it is larger than any frame may be.
    """
    if len(four) != 4:
        raise WireError("a frame ends before its length")
    length: int = struct.unpack(">I", four)[0]
    if not 4 <= length <= most:
        raise WireError("a frame of a length that cannot be")
    return length


def parsed(body: bytes, most: int = MOST_HEADER) -> tuple[dict[str, Any], bytes]:
    """Header and blob of a frame, without its length.

    Raises
    ------
    WireError
    """
    if len(body) < 4 or len(body) > max(most, MOST_BYTES):
        raise WireError("a frame without a header")
    length: int = struct.unpack(">I", body[:4])[0]
    if length > len(body) - 4 or length > most:
        raise WireError("a header longer than its frame")
    try:
        header = json.loads(body[4:4 + length].decode("utf-8"), parse_int=_whole, parse_constant=_refused)
    except (ValueError, RecursionError, MemoryError) as error:
        raise WireError("a header that is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("a header that is no object")
    return header, body[4 + length:]


def _whole(text: str) -> int:
    if len(text) > 20:                                               # no time is spent on a million digits
        raise ValueError("too long")
    return int(text)


def _refused(text: str) -> float:
    raise ValueError(text)


def decoded(tree: Any, blob: bytes) -> Any:
    """The value of a tree: None, bool, int, float, str, list, dict, or an array of its own.

    Raises
    ------
    WireError
    """
    left = [MOST_NODES, len(blob)]
    try:
        return _value(tree, blob, 0, left)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, AttributeError) as error:
        raise WireError("a value of no known form") from error


def _value(tree: Any, blob: bytes, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if depth > DEEPEST or left[0] < 0:
        raise WireError("a value too deep or of too many parts")
    if type(tree) is not list or not tree or type(tree[0]) is not str or len(tree) != SIZES.get(tree[0]):
        raise WireError("a value of no known form")
    what = tree[0]
    if what == "n":
        return None
    if what == "b" and type(tree[1]) is bool:
        return tree[1]
    if what == "i" and type(tree[1]) is int and -2**63 <= tree[1] < 2**64:
        return tree[1]
    if what == "f" and type(tree[1]) is str and len(tree[1]) <= 40:
        return float.fromhex(tree[1])
    if what == "s" and type(tree[1]) is str and len(tree[1]) <= MOST_TEXT:
        return tree[1].encode("utf-8", "replace").decode()           # half a surrogate pair cannot be written anywhere
    if what == "l" and type(tree[1]) is list:
        return [_value(part, blob, depth + 1, left) for part in tree[1]]
    if what == "d" and type(tree[1]) is list:
        return {_key(key): _value(part, blob, depth + 1, left) for key, part in tree[1]}
    if what == "a":
        return _array(*tree[1:], blob=blob, left=left)
    raise WireError("a value of no known form")


SIZES = {"n": 1, "b": 2, "i": 2, "f": 2, "s": 2, "l": 2, "d": 2, "a": 4}


def _key(key: Any) -> str:
    if type(key) is not str or len(key) > 200:
        raise WireError("a key that is no short text")
    return key.encode("utf-8", "replace").decode()


def _array(dtype: Any, shape: Any, start: Any, *, blob: bytes, left: list[int]) -> Any:
    if type(dtype) is not str or dtype not in DTYPES:
        raise WireError("an array of a dtype that is not taken")
    if type(shape) is not list or len(shape) > MOST_DIMENSIONS or not all(type(n) is int and 0 <= n <= MOST_BYTES for n in shape):
        raise WireError("an array of a shape that cannot be")
    size = np.dtype(dtype).itemsize * math.prod(shape)
    if type(start) is not int or not 0 <= start <= len(blob) or size > len(blob) - start:
        raise WireError("an array whose bytes are not there")
    if math.prod(n or 1 for n in shape) > MOST_BYTES:                # [10**6, 10**6, 0] has no element, and as a list a billion rows
        raise WireError("an array of nothing, and too much of it")
    left[1] -= size
    if left[1] < 0:
        raise WireError("arrays that share their bytes")
    count = math.prod(shape)
    return np.frombuffer(blob, dtype, count, start).reshape(shape).copy()


# Writing ------------------------------------------------------------------------------------------------------------------------

def frame(header: dict[str, Any], blob: bytes = b"") -> bytes:
    """The bytes of a frame.

    Raises
    ------
    Unsendable
        When it would be too long.
    """
    text = json.dumps(header).encode("utf-8")
    if len(text) > MOST_HEADER or 4 + len(text) + len(blob) > MOST_BYTES:
        raise Unsendable("more than can be handed over")
    return struct.pack(">II", 4 + len(text) + len(blob), len(text)) + text + blob


def beginning(settings: dict[str, Any]) -> bytes:
    """The first frame, which holds the notebook: its length is bounded by MOST_BEGINNING alone."""
    text = json.dumps({"begin": settings}).encode("utf-8")
    return struct.pack(">II", 4 + len(text), len(text)) + text


def encoded(value: Any) -> tuple[Any, bytes]:
    """The tree of a value and the bytes of its arrays.

    Raises
    ------
    Unsendable
        For what is none of the types of the wire; objects that can be made an array of numbers are sent as one.
    """
    parts: list[bytes] = []
    return _tree(value, parts, 0), b"".join(parts)


def _tree(value: Any, parts: list[bytes], depth: int) -> Any:
    if depth > DEEPEST:
        raise Unsendable("nested too deep")
    if value is None or value is ...:
        return ["n"]
    kind = type(value)
    if kind is bool:
        return ["b", value]
    if kind is int:
        if not -2**63 <= value < 2**64:
            return ["f", float(value).hex()]
        return ["i", value]
    if kind is float:
        return ["f", value.hex()]
    if isinstance(value, str):
        return ["s", str(value)[:MOST_TEXT]]
    if isinstance(value, dict):
        return ["d", [[str(k)[:200], _tree(v, parts, depth + 1)] for k, v in value.items()]]
    if isinstance(value, (list, tuple)):
        return ["l", [_tree(v, parts, depth + 1) for v in value]]
    try:
        array = np.asarray(value)
    except Exception:                                                # an object may do anything when it is to become an array
        raise Unsendable(f"a {kind.__name__}") from None
    array = np.ascontiguousarray(array).reshape(array.shape)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype("<f8")
    array = array.astype(array.dtype.newbyteorder("<"))
    if array.dtype.str not in DTYPES:
        raise Unsendable(f"an array of {array.dtype}")
    start = sum(map(len, parts))
    parts.append(array.tobytes())
    return ["a", array.dtype.str, list(array.shape), start]
