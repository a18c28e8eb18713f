"""The wire: whatever bytes come, the decoder raises its own error or gives a plain value within its bounds."""
import json
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from backproplab.grading.inside import wire

PLAIN = (type(None), bool, int, float, str)


def size(value):
    """How many values there are, and whether all are plain."""
    if isinstance(value, list):
        return 1 + sum(map(size, value))
    if isinstance(value, dict):
        assert all(type(key) is str for key in value)
        return 1 + sum(map(size, value.values()))
    assert type(value) in PLAIN or type(value) is np.ndarray and value.dtype.str in wire.DTYPES, type(value)
    return 1


def received(frame):
    """What the grader makes of a frame: None when it is refused."""
    try:
        body = frame[4:4 + wire.length_of(frame[:4])]
        header, blob = wire.parsed(body)
        return wire.decoded(header.get("value"), blob)
    except wire.WireError:
        return None


@given(st.binary(max_size=300))
@example(struct.pack(">II", 4 + 2, 2) + b"{}")
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_refused_in_one_way_or_give_a_plain_value(frame):
    size(received(frame))


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([*wire.SIZES, *wire.DTYPES, "nan", "0x1p5"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=20)
# Nearly right: the form of a value with anything in its places.
nearly = st.tuples(st.sampled_from(list(wire.SIZES)), st.lists(trees, max_size=3)).map(lambda pair: [pair[0], *pair[1]])


@given(trees | nearly | st.lists(nearly, max_size=3).map(lambda inner: ["l", inner]), st.binary(max_size=64))
@settings(max_examples=500, deadline=None)
def test_any_tree_is_refused_in_one_way_or_gives_a_plain_value(tree, blob):
    try:
        value = wire.decoded(tree, blob)
    except wire.WireError:
        return
    assert size(value) <= wire.MOST_NODES


dimensions = st.lists(st.integers(-2, 2**64), max_size=10)


@given(st.sampled_from([*wire.DTYPES, "|O", "|V8", "<M8[s]", "<c16", "|S4", ">f8"]), dimensions, st.integers(-100, 100), st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_an_array_never_has_more_bytes_than_came(dtype, shape, start, blob):
    try:
        value = wire.decoded(["a", dtype, shape, start], blob)
    except wire.WireError:
        return
    assert value.nbytes <= len(blob) and dtype in wire.DTYPES


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2**63, 2**64 - 1) | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"), max_size=20)
    | st_numpy.arrays(st.sampled_from(sorted(wire.DTYPES)), st_numpy.array_shapes(min_dims=0, max_side=4), elements={"allow_nan": False}),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=4), max_leaves=10)


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


@given(values)
@settings(max_examples=200, deadline=None)
def test_what_is_sent_arrives(value):
    try:
        tree, blob = wire.encoded(value)
    except wire.Unsendable:                                           # deeper than is sent
        return
    frame = wire.frame({"value": tree}, blob)
    header, rest = wire.parsed(frame[4:4 + wire.length_of(frame[:4])])
    assert same(value, wire.decoded(header["value"], rest))


@pytest.mark.parametrize("frame", [
    b"", b"\0\0\0", b"\xff\xff\xff\xff", struct.pack(">I", 3), struct.pack(">I", wire.MOST_BYTES + 1), struct.pack(">II", 8, 100) + b"{}  ",
    struct.pack(">II", 4, 0)], ids=["nothing", "half a length", "4 GB", "3", "one too many", "a header past its frame", "no header"])
def test_a_frame_of_a_length_that_cannot_be_is_refused(frame):
    with pytest.raises(wire.WireError):
        wire.parsed(frame[4:4 + wire.length_of(frame[:4])])


@pytest.mark.parametrize("header", [b"[" * 100_000, b'{"a":' * 40_000, b'{"a": 1' + b"0" * 5000 + b"}", b'{"a": NaN}',
                                    b'{"a": Infinity}', b"[]", b"\xff"],
                         ids=["brackets", "objects", "digits", "NaN", "Infinity", "a list", "no text"])
def test_a_header_that_is_no_small_json_object_is_refused(header):
    with pytest.raises(wire.WireError):
        wire.parsed(struct.pack(">I", len(header)) + header)


def test_more_values_than_are_taken_are_refused_without_making_them():
    with pytest.raises(wire.WireError, match="too deep or of too many parts"):
        wire.decoded(["l", [["n"]] * (wire.MOST_NODES + 1)], b"")
    deep = ["n"]
    for _ in range(wire.DEEPEST + 1):
        deep = ["l", [deep]]
    with pytest.raises(wire.WireError, match="too deep"):
        wire.decoded(deep, b"")


@pytest.mark.parametrize("tree", [["l", [["a", "<f8", [8], 0]] * 2], ["d", [["x", ["a", "|u1", [40], 0]], ["y", ["a", "|u1", [40], 24]]]]])
def test_no_bytes_are_two_arrays(tree):
    with pytest.raises(wire.WireError, match="share their bytes"):
        wire.decoded(tree, bytes(64))


def test_an_array_of_nothing_has_no_billion_rows():
    with pytest.raises(wire.WireError, match="array of nothing"):
        wire.decoded(["a", "<f8", [10**4, 10**5, 0], 0], b"")
    assert wire.decoded(["a", "<f8", [3, 0, 2], 0], b"").shape == (3, 0, 2)


arrays = st.tuples(st.just("a"), st.sampled_from(sorted(wire.DTYPES)), st.lists(st.integers(0, 4), max_size=3), st.integers(0, 64)).map(list)


@given(st.lists(arrays, max_size=6), st.binary(max_size=64))
@settings(max_examples=200, deadline=None)
def test_all_arrays_together_have_no_more_bytes_than_came(parts, blob):
    try:
        value = wire.decoded(["l", parts], blob)
    except wire.WireError:
        return
    assert sum(array.nbytes for array in value) <= len(blob)


def test_half_a_pair_of_surrogates_arrives_as_a_question_mark():
    assert wire.decoded(json.loads('["s", "\\ud800"]'), b"") == "?"
    assert wire.decoded(["d", [["\ud800", ["n"]]]], b"") == {"?": None}


@pytest.mark.parametrize("value", [1j, object(), np.array([1j]), np.array(["a"]), np.zeros(2, [("a", float)]), {1, 2}, b"x", [[[[[[[[1]]]]]]]]])
def test_what_has_no_place_on_the_wire_is_not_sent(value):
    with pytest.raises((wire.Unsendable, TypeError)):
        wire.encoded(value)
