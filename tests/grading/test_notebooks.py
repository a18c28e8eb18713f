"""Reading what somebody handed in, and finding whose it is."""
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backproplab.grading.collecting import CollectingError, Submission, collected
from backproplab.grading.notebooks import UnreadableError, read_notebook
from tests.grading.notebooks import cell, notebook, tree

ROOT = Path(__file__).parents[2]


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda t: json.dumps({"cells": [{"source": t, "id": t}]}).encode()))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_notebook_or_are_refused_in_a_sentence(data):
    try:
        read = read_notebook(data)
    except UnreadableError as error:
        assert str(error).endswith((".", "again.")) and str(error)[0].isupper()
    else:
        assert all(isinstance(c.source, str) for c in read.cells)


KEYS = ["id", "source", "metadata", "cell_type", "nbgrader", "grade_id", "backproplab", "student", "x"]
anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4), max_leaves=15)


@given(st.lists(anything, max_size=4), anything)
@settings(max_examples=300, deadline=None)
def test_any_cells_and_metadata_are_read(cells, metadata):
    read = read_notebook(json.dumps({"cells": cells, "metadata": metadata}).encode())
    assert len(read.cells) <= len(cells) and isinstance(read.student, str)


@pytest.mark.parametrize("data, words", [
    (b"", "empty"), (b"\xff\xfe\x00", "no notebook"), (b"{", "no valid JSON: line 1"), (b"[" * 99_999, "of a kind that no notebook has"),
    (b"[1]", "no list of cells"), (b'{"worksheets": []}', "before 2015"), (b" " * (20 << 20) + b"{}", "20 MB; at most 20"),
    (json.dumps(tree([{}] * 2001)).encode(), "2001 cells")], ids=range(8))
def test_what_is_no_notebook_is_told_why(data, words):
    with pytest.raises(UnreadableError, match=words):
        read_notebook(data)


READS = """
import resource, sys
from backproplab.grading.notebooks import MOST_BRACKETS, MOST_BYTES, MOST_COMMAS, UnreadableError, read_notebook
piece = sys.argv[1].encode()
room = (MOST_BYTES - 50) // len(piece)
held = min(room, MOST_COMMAS // piece.count(b",") - 2, (MOST_BRACKETS - 9) // max(1, piece.count(b"[") + piece.count(b"{")))
for count in (held, room):                                           # as many as are read, and as many as there is room for
    data = b'{"cells": [], "metadata": {}, "outputs": [' + piece * count + b"0]}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read_notebook(data)
    except UnreadableError as error:
        print(error)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def test_two_of_one_name_in_canvas_are_two(tmp_path):
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for name in ("doejane_111_901_hw.ipynb", "doejane_LATE_222_902_hw.ipynb", "roe_333_903_hw.ipynb", "roe_333_904_hw-1.ipynb"):
            archive.writestr(name, notebook())
    found = collected(tmp_path / "s.zip")
    assert [(s.student, s.called, s.number) for s in found] == [
        ("doejane_111", "doejane_111", "111"), ("doejane_222", "doejane_222", "222"), ("roe", "roe", "333")]      # a name of two is nobody's
    assert found[2].name == "roe_333_904_hw-1.ipynb"


def test_a_zip_that_is_replaced_is_read_anew(tmp_path):
    for name in ("ann", "bob"):
        with zipfile.ZipFile(tmp_path / "new", "w") as archive:
            archive.writestr(f"{name}.ipynb", notebook())
        os.replace(tmp_path / "new", tmp_path / "s.zip")
        assert [s.student for s in collected(tmp_path / "s.zip")] == [name] and collected(tmp_path / "s.zip")[0].read() == notebook()


@pytest.mark.parametrize("piece", ["[],", "{},", "[[[]]],", '{"a":1},', '"ab",', "1.5,"])
def test_a_file_of_tiny_parts_does_not_fill_the_memory(piece):
    done = subprocess.run([sys.executable, "-c", READS, piece], capture_output=True, text=True, check=True, cwd=ROOT)
    first, refused, second = done.stdout.splitlines()
    assert int(first) < 300 and int(second) < 300 and "Clear the outputs" in refused


@pytest.mark.parametrize("change", [
    lambda d: d, lambda d: b"\xef\xbb\xbf" + d, lambda d: d.decode().encode("utf-16"), lambda d: d.replace(b", \"", b",\r\n\"")],
    ids=["utf-8", "a mark at the beginning", "utf-16", "Windows lines"])
def test_encodings_that_editors_write_are_read(change):
    assert read_notebook(change(notebook())).cells == read_notebook(notebook()).cells


def test_a_cell_is_found_by_its_id_and_by_its_nbgrader_id():
    data = json.dumps(tree([cell("linear", "a"), cell("other", "b", metadata={"nbgrader": {"grade_id": "linear"}}),
                            cell("text", ["c\r\n", "d"], cell_type="markdown")], backproplab={"student": "ann"})).encode()
    read = read_notebook(data)
    assert [c.source for c in read.cells if "linear" in c.ids] == ["a", "b"] and read.cells[2].source == "c\nd" and read.student == "ann"


# Whose it is ---------------------------------------------------------------------------------------------------------------------

NAMES = {
    "doejane_12345_678901_hw1-2.ipynb": "doejane", "doejane_LATE_12345_678901_hw1.ipynb": "doejane",
    "Jane Doe_4711_assignsubmission_file_/hw1.ipynb": "Jane Doe_4711", "Jane Doe_4711_assignsubmission_file/hw1.ipynb": "Jane Doe_4711",
    "Jane Doe_4711_assignsubmission_file_hw1.ipynb": "Jane Doe_4711",
    "assignment_1_export/submission_123456/hw1.ipynb": "submission_123456", "ann/hw1/hw1.ipynb": "ann", "ann/hw1.ipynb": "ann", "ann.ipynb": "ann",
    "Åsa Öberg.ipynb": "Åsa Öberg",
}


@pytest.mark.parametrize("name, student", NAMES.items())
def test_the_names_that_systems_give_say_who_it_is(tmp_path, name, student):
    file = tmp_path / "in" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(notebook())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(name, notebook())
    for place in (tmp_path / "in", tmp_path / "all.zip"):
        assert [(s.student, s.read()) for s in collected(place)] == [(student, notebook())]


def test_the_last_of_several_notebooks_counts_and_what_is_none_does_not(tmp_path):
    for name in ("ann/hw-1.ipynb", "ann/hw-2.ipynb", "ann/notes.txt", "ann/.ipynb_checkpoints/hw-9.ipynb",
                 "__MACOSX/ann/hw-3.ipynb", "bob/.hidden.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert [(s.student, s.read()) for s in collected(tmp_path)] == [("ann", b"ann/hw-2.ipynb")]


@pytest.mark.parametrize("names", [
    {"subs/ann@x.edu/hw.ipynb": "ann@x.edu", "subs/bob@x.edu/hw.ipynb": "bob@x.edu"}, {"a/b/ann/hw/x.ipynb": "ann", "a/b/bob/hw/y.ipynb": "bob"},
    {"ann/hw.ipynb": "ann", "bob/hw.ipynb": "bob", "cid/hw.ipynb": "cid", "zed/bob_1_2_hw.ipynb": "zed"},
    {"ann/hw.ipynb": "ann", "bob/hw.ipynb": "bob", "cid/hw.ipynb": "cid", "zed/a/b/bob.ipynb": "zed"},
    {"ann/ps1/hw.ipynb": "ann", "bob/ps1/hw.ipynb": "bob", "cid/ps1/hw.ipynb": "cid", "zed/ps1/bob_1_2_hw.ipynb": "zed"},
    {f"x/submission_{k}/{'submission_1/Bob_9_assignsubmission_file_/' * (k == 3)}hw.ipynb": f"submission_{k}" for k in (1, 2, 3)},
    {"sec1/ann_1_2_hw.ipynb": "ann", "sec1/bob_3_4_hw.ipynb": "bob", "sec2/cid_5_6_hw.ipynb": "cid"},
    {"Ann_1_assignsubmission_file_/bob_1_2_hw.ipynb": "Ann_1", "Bob_2_assignsubmission_file_/hw.ipynb": "Bob_2"}],
    ids=["a folder around", "two folders around", "like Canvas", "a deep folder", "nbgrader", "like Moodle", "two of Canvas", "Moodle"])
def test_a_name_that_a_student_chose_makes_it_nobody_elses(tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert {s.name: s.student for s in collected(tmp_path)} == names


def test_a_folder_of_everybodys_files_is_not_one_students(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("ann", "bob", "cid"):
            archive.writestr(f"hw/{name}.ipynb", notebook())
    with pytest.raises(CollectingError, match="All 3 notebooks lie in one folder, hw. If each is another student's"):
        collected(tmp_path / "all.zip")
    assert [s.student for s in collected(tmp_path / "all.zip", "hw/(?P<student>.*).ipynb")] == ["ann", "bob", "cid"]


def test_a_pattern_that_fits_nothing_is_told(tmp_path):
    (tmp_path / "ann.ipynb").write_bytes(notebook())
    with pytest.raises(CollectingError, match="fits none of the 1 paths; the first of them is 'ann.ipynb'"):
        collected(tmp_path, "(?P<student>zzz)")


def test_what_canvas_calls_late_is_late(tmp_path):
    for name in ("doejane_LATE_1_2_hw.ipynb", "roe_3_4_hw.ipynb"):
        (tmp_path / name).write_bytes(notebook())
    assert [(s.student, s.late) for s in collected(tmp_path)] == [("doejane", True), ("roe", False)]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_what_is_unpacked_as_a_whole_is_not_unpacked(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", method) as archive:
        archive.writestr("bomb.ipynb", bytes(1 << 20))
    with pytest.raises(CollectingError, match="packed in a way that is not read here. Unpack the zip"):
        collected(tmp_path / "all.zip")
    assert Submission("ann", "bomb.ipynb", tmp_path / "all.zip", "bomb.ipynb").read() == b""


def test_an_encrypted_zip_is_refused_and_nobody_gets_a_0_for_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("ann.ipynb", notebook())
    data = bytearray((tmp_path / "all.zip").read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "all.zip").write_bytes(data)
    with pytest.raises(CollectingError, match="ann.ipynb in all.zip is encrypted"):
        collected(tmp_path / "all.zip")


def test_copies_that_a_system_keeps_are_nobodys(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("ann/(final) hw.ipynb", "ann/.ipynb_checkpoints/hw-checkpoint.ipynb", ".Trash-0/x.ipynb", "__MACOSX/ann/._hw.ipynb"):
            archive.writestr(name, notebook())
    assert [s.name for s in collected(tmp_path / "all.zip")] == ["ann/(final) hw.ipynb"]


def test_a_notebook_that_is_a_zip_as_well_is_one_students(tmp_path):
    with zipfile.ZipFile(tmp_path / "bob.ipynb", "w") as archive:
        archive.writestr("ann.ipynb", notebook())
    assert [s.student for s in collected(tmp_path / "bob.ipynb")] == ["bob"]


def test_a_folder_without_end_stops_nothing(tmp_path):
    make = "import os, sys\nfor name in ['bob'] + ['a'] * 1200:\n    os.mkdir(name)\n    os.chdir(name)"       # longer than a path may be
    subprocess.run([sys.executable, "-c", make], cwd=tmp_path, check=True)
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "hw.ipynb").write_bytes(notebook())
    try:
        assert [s.student for s in collected(tmp_path)] == ["ann"]
    finally:
        subprocess.run(["rm", "-r", str(tmp_path / "bob")], check=True)     # pytest's own way goes in by recursion


def test_names_that_end_alike_or_cannot_be_written_stay_apart(tmp_path):
    for name in (b"M\xfcller", b"M\xf6ller"):
        (tmp_path / os.fsdecode(name)).mkdir()
        (tmp_path / os.fsdecode(name) / "hw.ipynb").write_bytes(notebook())
    long = ["/".join(["x" * 150] * 2) + end for end in ("/1.ipynb", "/2.ipynb")]
    (tmp_path / "long" / ("x" * 150) / ("x" * 150)).mkdir(parents=True)
    for name in long:
        (tmp_path / "long" / name).write_bytes(notebook())
    assert len({s.student for s in collected(tmp_path, "(?P<student>M[^/]+|x+/x+/.)")}) == 4


def test_a_pattern_of_ones_own_says_who_it_is(tmp_path):
    (tmp_path / "hw1--ann--final.ipynb").write_bytes(b"x")
    assert [s.student for s in collected(tmp_path, "--(?P<student>[^-]+)--")] == ["ann"]
    for pattern in ("(", "--([^-]+)--"):
        with pytest.raises(CollectingError, match="pattern"):
            collected(tmp_path, pattern)


def test_links_pipes_and_what_cannot_be_read_are_as_good_as_empty(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    place = tmp_path / "in"
    place.mkdir()
    os.symlink(tmp_path / "secret", place / "link.ipynb")
    os.mkfifo(place / "pipe.ipynb")
    os.symlink(tmp_path / "nowhere", place / "broken.ipynb")
    assert [s.read() for s in collected(place)] == [b"", b"", b""]


def test_an_archive_is_read_in_place_and_within_bounds(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.ipynb", b"out")
        archive.writestr("/abs/evil2.ipynb", b"abs")
        archive.writestr("bomb.ipynb", b"\0" * (64 << 20))
    data = bytearray(made.getvalue())
    (tmp_path / "all.zip").write_bytes(data)
    found = {s.student: s for s in collected(tmp_path / "all.zip")}
    assert len(found["bomb"].read()) == (20 << 20) + 1
    assert not (tmp_path.parent / "evil.ipynb").exists() and {s.read() for s in found.values() if s.student != "bomb"} == {b"out", b"abs"}
    data[40:60] = b"\xff" * 20                                        # of the first member's bytes
    (tmp_path / "broken.zip").write_bytes(data)
    assert all(isinstance(s.read(), bytes) for s in collected(tmp_path / "broken.zip"))


@pytest.mark.parametrize("made", [lambda p: None, lambda p: p.mkdir(), lambda p: p.write_bytes(b"PK\x05\x06" + bytes(18))],
                         ids=["no", "empty", "zip"])
def test_a_place_with_no_notebook_is_told(tmp_path, made):
    made(tmp_path / "x")
    with pytest.raises(CollectingError, match="There is no"):
        collected(tmp_path / "x")
