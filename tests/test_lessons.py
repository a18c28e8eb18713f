"""Handing out the lessons: outputs cleared, and what a learner wrote never lost."""
from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from backproplab import lessons
from backproplab.lessons import HANDED_OUT, HandOutError, hand_out
from tests import notebook_files as nb

DAY = datetime.date(2026, 11, 24)
NAME = "04_by_hand.ipynb"
ASIDE = "04_by_hand.2026-11-24.ipynb"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Our lessons, as committed; a learner's folder is `folder` beside it."""
    nb.write(tmp_path / "ours" / "10_later.ipynb", nb.executed_lesson("Later"))
    nb.write(tmp_path / "ours" / NAME, nb.executed_lesson("By hand"))
    nb.write(tmp_path / "ours" / "draft.ipynb", nb.executed_lesson("Not numbered, so no lesson"))
    return tmp_path / "ours"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "theirs"


def change(path: Path, source: str = "print('mine')") -> bytes:
    """The learner adds a cell; returns what the file then holds."""
    made = nb.read(path)
    made["cells"].append(nb.code_cell(source, 7, [nb.printed("mine\n")], "mine"))
    nb.write(path, made)
    return path.read_bytes()


def run_cells(path: Path) -> bytes:
    """The learner runs everything and saves, as JupyterLab does it: outputs, counts, metadata, joined sources, an empty cell."""
    made = nb.read(path)
    for count, cell in enumerate(made["cells"]):
        cell["source"] = "".join(cell["source"])
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell |= {"execution_count": count, "outputs": [nb.printed("something else\n")]}
    made["cells"].append(nb.code_cell("", name="refill"))
    made["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    nb.write(path, made)
    return path.read_bytes()


def new_edition(source: Path) -> None:
    nb.write(source / NAME, nb.executed_lesson("By hand, second edition"))


def title(path: Path) -> str:
    return nb.read(path)["cells"][0]["source"][0].strip()


def test_lessons_are_ordered_by_number_and_nothing_else_counts(source):
    assert [path.name for path in lessons.lesson_files(source)] == [NAME, "10_later.ipynb"]


def test_first_hand_out_makes_the_folder_and_copies_every_lesson(source, folder):
    result = hand_out(folder / "deep" / "er", source=source)
    assert result == lessons.HandOut(copied=(NAME, "10_later.ipynb"))
    assert sorted(path.name for path in (folder / "deep" / "er").iterdir()) == [HANDED_OUT, NAME, "10_later.ipynb"]


def test_copies_show_no_output_and_keep_everything_an_author_wrote(source, folder):
    hand_out(folder, source=source)
    ours, copy = nb.read(source / NAME), nb.read(folder / NAME)
    for cell, original in zip(copy["cells"], ours["cells"], strict=True):
        assert cell["source"] == original["source"] and cell["id"] == original["id"]
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
    assert copy["cells"][1]["metadata"] == {"tags": ["C01"]}
    assert copy["metadata"] == {"kernelspec": ours["metadata"]["kernelspec"]}
    assert "412.191\"" not in (folder / NAME).read_text() and "6\\n" not in (folder / NAME).read_text()


def test_clearing_leaves_the_original_alone(source):
    made = nb.executed_lesson()
    before = json.dumps(made)
    lessons.cleared(made)
    assert json.dumps(made) == before


def test_second_time_nothing_is_written(source, folder):
    hand_out(folder, source=source)
    before = (folder / NAME).stat().st_mtime_ns
    assert hand_out(folder, source=source) == lessons.HandOut(untouched=(NAME, "10_later.ipynb"))
    assert (folder / NAME).stat().st_mtime_ns == before


def test_running_cells_is_no_change_and_the_outputs_stay(source, folder):
    hand_out(folder, source=source)
    theirs = run_cells(folder / NAME)
    assert hand_out(folder, source=source).untouched == (NAME, "10_later.ipynb")
    assert (folder / NAME).read_bytes() == theirs


@pytest.mark.parametrize("prepare", [lambda path: None, run_cells], ids=["untouched", "only run"])
def test_a_lesson_nobody_changed_gets_our_newer_text(source, folder, prepare):
    hand_out(folder, source=source)
    prepare(folder / NAME)
    new_edition(source)
    assert hand_out(folder, source=source).updated == (NAME,)
    assert title(folder / NAME) == "# By hand, second edition"
    assert hand_out(folder, source=source).untouched == (NAME, "10_later.ipynb")


@pytest.mark.parametrize("newer", [False, True], ids=["same edition", "newer edition"])
def test_a_changed_lesson_is_kept_to_the_byte(source, folder, newer):
    hand_out(folder, source=source)
    theirs = change(folder / NAME)
    if newer:
        new_edition(source)
    result = hand_out(folder, source=source)
    assert result.kept == ((NAME, "you changed it"),) and result.untouched == ("10_later.ipynb",)
    assert (folder / NAME).read_bytes() == theirs


def test_one_changed_character_is_a_change(source, folder):
    hand_out(folder, source=source)
    made = nb.read(folder / NAME)
    made["cells"][1]["source"][1] = "print(2 * 4)"
    nb.write(folder / NAME, made)
    assert hand_out(folder, source=source).kept == ((NAME, "you changed it"),)


def test_a_cell_moved_or_made_text_is_a_change():
    made = nb.executed_lesson()
    moved = made | {"cells": made["cells"][::-1]}
    retyped = made | {"cells": [made["cells"][0] | {"cell_type": "code"}, *made["cells"][1:]]}
    assert len({lessons.fingerprint(one) for one in (made, moved, retyped)}) == 3


def test_a_change_taken_back_makes_the_lesson_ours_again(source, folder):
    hand_out(folder, source=source)
    before = (folder / NAME).read_bytes()
    change(folder / NAME)
    hand_out(folder, source=source)
    (folder / NAME).write_bytes(before)
    new_edition(source)
    assert hand_out(folder, source=source).updated == (NAME,)


def test_refresh_puts_the_learners_lesson_aside_under_the_date(source, folder):
    hand_out(folder, source=source)
    theirs = change(folder / NAME)
    result = hand_out(folder, refresh=True, source=source, today=DAY)
    assert result.put_aside == ((NAME, ASIDE),) and result.untouched == ("10_later.ipynb",)
    assert (folder / ASIDE).read_bytes() == theirs
    assert len(nb.read(folder / NAME)["cells"]) == 3


def test_refreshing_twice_a_day_loses_neither_version(source, folder):
    hand_out(folder, source=source)
    kept = []
    for words in ("print(1)", "print(2)", "print(3)"):
        kept.append(change(folder / NAME, words))
        hand_out(folder, refresh=True, source=source, today=DAY)
    asides = [ASIDE, "04_by_hand.2026-11-24-2.ipynb", "04_by_hand.2026-11-24-3.ipynb"]
    assert [(folder / name).read_bytes() for name in asides] == kept


def test_what_was_put_aside_is_no_lesson_of_ours(source, folder):
    hand_out(folder, source=source)
    change(folder / NAME)
    hand_out(folder, refresh=True, source=source, today=DAY)
    assert hand_out(folder, source=source) == lessons.HandOut(untouched=(NAME, "10_later.ipynb"))


NOT_NOTEBOOKS = {"empty": b"", "text": b"my notes", "not unicode": b"\xff\xfe\x00", "a list": b"[]",
                 "no cells": b'{"metadata": {}}', "a cell without source": b'{"cells": [{"cell_type": "code"}], "metadata": {}}',
                 "nested too deep": b"[" * 100_000}


@pytest.mark.parametrize("content", NOT_NOTEBOOKS.values(), ids=NOT_NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_kept_and_with_refresh_put_aside(source, folder, content):
    folder.mkdir()
    (folder / NAME).write_bytes(content)
    assert hand_out(folder, source=source).kept == ((NAME, "it cannot be read as a notebook"),)
    assert (folder / NAME).read_bytes() == content
    hand_out(folder, refresh=True, source=source, today=DAY)
    assert (folder / ASIDE).read_bytes() == content and title(folder / NAME) == "# By hand"


def test_a_folder_or_a_dangling_link_in_the_lessons_place_is_kept(source, folder):
    (folder / NAME).mkdir(parents=True)
    (folder / "10_later.ipynb").symlink_to(folder / "nowhere")
    assert [name for name, _ in hand_out(folder, source=source).kept] == [NAME, "10_later.ipynb"]
    assert hand_out(folder, refresh=True, source=source, today=DAY).put_aside[0] == (NAME, ASIDE)
    assert (folder / ASIDE).is_dir() and not (folder / "nowhere").exists()


@pytest.mark.parametrize("content", [b"nonsense", b"[]", b'{"handed_out": 3}', b"\xff"])
def test_without_a_readable_list_nothing_is_lost(source, folder, content):
    hand_out(folder, source=source)
    (folder / HANDED_OUT).write_bytes(content)
    new_edition(source)
    result = hand_out(folder, source=source)
    assert result.kept == ((NAME, "you changed it"),) and HANDED_OUT in result.notes[0]
    assert title(folder / NAME) == "# By hand"
    assert hand_out(folder, source=source).notes == ()


@pytest.mark.parametrize("name", ["with spaces", "Übung ∂L∂w", "a'b\"c", "%41 #1?", "-dash", "x" * 200])
def test_odd_folder_names_are_fine(source, tmp_path, name):
    assert hand_out(tmp_path / name, source=source).copied == (NAME, "10_later.ipynb")


def test_unusable_folders_are_refused_in_a_sentence_that_names_them(source, tmp_path):
    (tmp_path / "file").write_text("mine")
    unusable = {tmp_path / "file": "is a file", tmp_path / "file" / "below": "cannot be copied", source: "belongs to backproplab",
                source / "deep": "belongs to backproplab", Path(lessons.__file__).parent / "x": "belongs to backproplab",
                tmp_path / ("x" * 300): "cannot be copied"}
    for folder, reason in unusable.items():
        with pytest.raises(HandOutError, match=reason) as caught:
            hand_out(folder, source=source)
        assert str(folder) in str(caught.value) and str(caught.value).endswith(".")
    assert (tmp_path / "file").read_text() == "mine" and not (source / "deep").exists()


def test_a_link_into_our_own_folder_is_seen_through(source, tmp_path):
    (tmp_path / "link").symlink_to(source)
    with pytest.raises(HandOutError, match="belongs to backproplab"):
        hand_out(tmp_path / "link", source=source)


def test_a_full_disk_leaves_the_learners_lesson_whole(source, folder, monkeypatch):
    hand_out(folder, source=source)
    theirs = change(folder / NAME)

    def full(path: Path, content: bytes) -> int:
        with open(path, "xb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(HandOutError, match="No space left on device"):
        hand_out(folder, refresh=True, source=source, today=DAY)
    assert (folder / NAME).read_bytes() == theirs
    assert sorted(path.name for path in folder.iterdir()) == [HANDED_OUT, NAME, "10_later.ipynb"]


def test_an_installation_without_lessons_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "_PACKAGE", tmp_path / "backproplab")
    with pytest.raises(HandOutError, match="holds no lessons"):
        lessons.lessons_folder()


def test_an_installed_package_brings_its_own_lessons_and_a_checkout_reads_the_originals(monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "_PACKAGE", tmp_path / "backproplab")
    nb.write(tmp_path / "notebooks" / "lessons" / NAME, nb.executed_lesson())
    assert lessons.lessons_folder() == tmp_path / "notebooks" / "lessons"
    nb.write(tmp_path / "backproplab" / "_lessons" / NAME, nb.executed_lesson())
    assert lessons.lessons_folder() == tmp_path / "backproplab" / "_lessons"


def test_exercises_are_found_like_lessons_and_may_be_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "_PACKAGE", tmp_path / "backproplab")
    assert lessons.exercises_folder() is None
    nb.write(tmp_path / "notebooks" / "exercises" / NAME, nb.executed_lesson())
    assert lessons.exercises_folder() == tmp_path / "notebooks" / "exercises"
    nb.write(tmp_path / "backproplab" / "_exercises" / NAME, nb.executed_lesson())
    assert lessons.exercises_folder() == tmp_path / "backproplab" / "_exercises"


def test_our_own_damaged_lesson_is_named(source, folder):
    (source / NAME).write_text("{")
    with pytest.raises(HandOutError, match=f"Our own {NAME}"):
        hand_out(folder, source=source)
