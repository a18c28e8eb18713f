"""The learner's record: never half written, left alone when it is not one, forgotten when it is deleted, and weak things come back."""
import json
import os
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.questions import QUESTIONS, Outcome, Record, RecordError, ask, asks, note_steps, record, variant
from backproplab.questions.records import KEPT, entry, is_entry
from backproplab.questions.stepping import OBJECTIVES, VALUES
from tests.questions.programs import example_run, layer_run

RIGHT, WRONG = Outcome(True, verdict="right"), Outcome(False, names=("one-path",), verdict="looks like")
PATHS, GATES = QUESTIONS["fork-of-two"].objective, QUESTIONS["product-gate"].objective


@pytest.fixture
def path(tmp_path):
    return tmp_path / "backproplab-record.json"


@pytest.fixture
def kept(path):
    """Weak at forks, strong at gates."""
    made = Record(path)
    for seed in range(4):
        made.note(variant("fork-of-two", seed), WRONG, 1)
        made.note(variant("product-gate", seed), RIGHT, 1)
    return made


# ---- the file ------------------------------------------------------------------------------------------------------------------

def test_what_is_noted_is_read_back(kept, path):
    assert Record(path).entries == kept.entries and len(kept.entries) == 8
    assert kept.entries[0] == {"question": "fork-of-two", "seed": 0, "objective": PATHS, "right": False, "tries": 1, "hints": 0,
                               "mistakes": ["one-path"]}
    assert set(json.loads(path.read_text("utf-8"))) == {"version", "answers"} and os.listdir(path.parent) == [path.name]


def test_it_lies_in_the_folder_one_works_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert record().path == tmp_path / "backproplab-record.json" and not record().path.exists()
    assert os.listdir(tmp_path) == []                                 # looking leaves nothing behind


@pytest.mark.parametrize("fault", ["replace", "fsync"])
@pytest.mark.parametrize("error", [OSError("the disk is full"), KeyboardInterrupt()], ids=["full", "interrupted"])
def test_a_write_that_fails_leaves_the_old_file(kept, path, monkeypatch, fault, error):
    before = path.read_bytes()

    def failing(*args):
        raise error
    monkeypatch.setattr(os, fault, failing)
    with pytest.raises(RecordError if isinstance(error, OSError) else KeyboardInterrupt):
        kept.note(variant("fork-of-two", 9), RIGHT)
    assert path.read_bytes() == before and os.listdir(path.parent) == [path.name]


def test_whoever_reads_meanwhile_finds_a_whole_file(kept, path):
    done, faults = threading.Event(), []

    def reading():
        while not done.is_set():
            try:
                json.loads(path.read_bytes())
            except ValueError as error:
                faults.append(error)
    reader = threading.Thread(target=reading)
    reader.start()
    for seed in range(20):
        kept.note(variant("product-gate", seed), RIGHT)
    done.set()
    reader.join()
    assert faults == []


DAMAGED = {"empty": b"", "cut": b'{"version": 1, "answers": [', "binary": b"\xff\xfe\x00", "list": b"[]", "other": b'{"a": 1}', "number": b"3",
           "version": b'{"version": 2, "answers": []}', "no list": b'{"version": 1, "answers": {}}', "deep": b"[" * 100_000,
           "entry": b'{"version": 1, "answers": [{"objective": "x"}]}', "null": b'{"version": 1, "answers": [null]}'}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_no_record_is_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(RecordError, match="backproplab-record.json") as info:
        Record(path)
    assert "Move" in info.value.instead and path.read_bytes() == content


def test_damage_that_comes_later_is_not_written_over(kept, path):
    path.write_bytes(b"mine now")
    entries = list(kept.entries)
    with pytest.raises(RecordError):
        kept.note(variant("fork-of-two", 9), RIGHT)
    assert path.read_bytes() == b"mine now" and kept.entries == entries


ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=5)
WHOLE = entry("fork-of-two", 3, PATHS, False, 2, 1, ["one-path"])


@example({"mistakes": [["one-path"]]}, set())
@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), ANYTHING, min_size=1, max_size=2), st.sets(st.sampled_from(sorted(WHOLE)), max_size=1))
def test_what_passes_as_an_entry_can_be_looked_back_at(tmp_path_factory, changed, missing):
    """An entry with one or two of its parts exchanged for anything, or one left out."""
    made = {k: v for k, v in (WHOLE | changed).items() if k not in missing}
    assert is_entry(WHOLE) and not (missing and is_entry(made))
    if is_entry(made):
        kept = Record(tmp_path_factory.getbasetemp() / "none.json")
        kept.entries = [made]
        assert repr(kept) and kept.practice(2)


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    kept = Record(tmp_path / "nowhere" / "record.json")
    with pytest.raises(RecordError, match=r"path=") as info:
        kept.note(variant("fork-of-two", 1), RIGHT)
    assert "Python says" in info.value.came_in and kept.entries == []
    with pytest.raises(RecordError):
        Record(tmp_path)                                              # a folder is no file


def test_deleting_forgets_and_a_new_one_begins(kept, path):
    kept.delete()
    assert not path.exists() and kept.entries == [] and repr(kept) == "Nothing has been answered yet."
    kept.delete()                                                     # nothing there is nothing wrong
    kept.note(variant("fork-of-two", 1), RIGHT)
    assert len(Record(path).entries) == 1


def test_a_file_deleted_by_hand_stays_forgotten(kept, path):
    path.unlink()
    kept.note(variant("fork-of-two", 1), RIGHT)
    assert len(kept.entries) == len(Record(path).entries) == 1


def test_two_notebooks_keep_each_others_answers(path):
    one, two = Record(path), Record(path)
    one.note(variant("fork-of-two", 1), RIGHT)
    two.note(variant("product-gate", 1), RIGHT)
    one.note(variant("fork-of-two", 2), WRONG)
    assert [e["question"] for e in Record(path).entries] == ["fork-of-two", "product-gate", "fork-of-two"]


def test_it_does_not_grow_without_end(path):
    kept = Record(path)
    kept.add(entry("q", k, "o", True) for k in range(KEPT + 5))
    assert len(kept.entries) == KEPT and kept.entries[-1]["seed"] == KEPT + 4


# ---- looking back --------------------------------------------------------------------------------------------------------------

def test_the_weakest_objective_stands_first(kept):
    assert [(r.objective, r.asked, r.right, r.first, r.strength) for r in kept.rows()] == [(PATHS, 4, 0, 0, 0.0), (GATES, 4, 4, 4, 1.0)]
    assert kept.rows()[0].mistakes == (("one-path", 4),)


def test_the_latest_answers_count_most(path):
    better, worse = Record(path), Record(path.with_name("other.json"))
    better.add(entry("q", k, "o", k >= 4) for k in range(8))
    worse.add(entry("q", k, "o", k < 4) for k in range(8))
    assert better.rows()[0].strength > 0.7 > 0.3 > worse.rows()[0].strength


@pytest.mark.parametrize("how, strength", [({}, 1.0), ({"tries": 2}, 0.5), ({"hints": 1}, 0.5), ({"right": False}, 0.0)])
def test_a_hint_or_a_second_try_is_worth_half(path, how, strength):
    kept = Record(path)
    kept.add([entry("q", 1, "o", how.pop("right", True), **how)])
    assert kept.rows()[0].strength == strength


def test_the_table_is_plain_text(kept):
    assert repr(kept).splitlines() == [
        f"{'objective'.ljust(len(PATHS))}  asked  right  at once  strength",
        f"{PATHS}      4      0        0  ..........",
        f"{GATES.ljust(len(PATHS))}      4      4        4  ##########",
        f"{PATHS}: most often one-path (4)"]


def test_the_picture_shows_the_same(kept, path):
    figure = kept.draw()
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == [GATES, PATHS]             # from below: the weakest on top
    assert [p.get_width() for p in axes.patches[:2]] == [1.0, 0.0]
    assert {t.get_text() for t in axes.texts} == {"4 of 4 right", "0 of 4 right"}
    figure.canvas.draw()
    empty = Record(path.with_name("empty.json")).draw()
    assert "Nothing" in empty.axes[0].get_title(loc="left")


def test_what_was_weak_comes_back_with_new_numbers(kept):
    asked = kept.practice(40)
    assert asked == Record(kept.path).practice(40)                    # the same record, the same practice
    assert len(set(asked)) == 40
    forks = [i for i, _ in asked if QUESTIONS[i].objective == PATHS]
    gates = [i for i, _ in asked if QUESTIONS[i].objective == GATES]
    share = len(forks) / sum(q.objective == PATHS for q in QUESTIONS.values()), len(gates) / sum(q.objective == GATES for q in QUESTIONS.values())
    assert share[0] > 2 * share[1]
    old = {(e["question"], e["seed"]) for e in kept.entries}
    assert not old & set(asked)
    assert all(variant(i, s).id == i for i, s in asked[:5])


def test_practice_keeps_to_what_it_is_given(kept):
    assert {i for i, _ in kept.practice(6, ["fork-of-two", QUESTIONS["product-gate"]])} == {"fork-of-two", "product-gate"}
    assert kept.practice(3, []) == []


# ---- noting --------------------------------------------------------------------------------------------------------------------

def test_an_answer_in_a_cell_is_noted_once(path):
    kept = Record(path)
    asked = ask("fork-of-two", 1, kept)
    asked.check("what?")                                              # not read: no try
    asked.check(12345)
    asked.hint()
    asked.check(asked.posed.answer)
    asked.check(12345)                                                # it is done
    assert [(e["right"], e["tries"], e["hints"]) for e in kept.entries] == [(False, 1, 0), (True, 2, 1)]
    revealed = ask("fork-of-two", 2, kept)
    revealed.reveal()
    revealed.reveal()
    assert [(e["seed"], e["right"], e["tries"]) for e in kept.entries[2:]] == [(2, False, 1)]


def test_nothing_is_noted_unless_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ask("fork-of-two", 1).check(1.5)
    assert os.listdir(tmp_path) == []
    ask("fork-of-two", 1, record=True).check(1.5)
    assert os.listdir(tmp_path) == ["backproplab-record.json"]


def test_an_answer_is_judged_though_it_cannot_be_noted(tmp_path):
    asked = ask("one-or-both", 0, Record(tmp_path / "nowhere" / "record.json"))
    said = asked.check("the sum of what b and c send back")
    assert said and repr(said).startswith("Right.") and "(Not noted: Python says" in repr(said)
    assert "(Not noted" in ask("one-or-both", 0, Record(tmp_path / "nowhere" / "record.json")).reveal()


def key(run, name, kind, through=None, phase="backward"):
    at = next(k for k, s in enumerate(run.steps) if s.phase == phase and s.name == name)
    return ":".join(map(str, filter(lambda part: part is not None, (at, kind, through))))


def test_predictions_of_the_stepper_are_noted_under_the_objectives_of_the_questions(path):
    run, kept = example_run(2.0, 3.0), Record(path)
    answers = {key(run, "a", "local", "d"): {"done": True, "right": True, "tries": 1, "hints": 0, "text": "403.43"},
               key(run, "a", "gradient"): {"done": True, "right": False, "tries": 2, "hints": 1, "text": "403.4"},
               key(run, "a", "sum", "e"): {"done": False, "right": False, "tries": 1, "hints": 0, "text": "1"}}
    noted = note_steps(kept, run, answers)
    assert noted == set(list(answers)[:2])
    assert [(e["objective"], e["right"], e["tries"], e["hints"], e["mistakes"]) for e in Record(path).entries] == [
        (GATES, True, 1, 0, []), (PATHS, False, 2, 1, ["one-path"])]
    assert kept.entries[0]["question"] == "stepper: example"
    assert note_steps(kept, run, answers, noted) == noted and len(kept.entries) == 2
    later = note_steps(kept, run, answers | {key(run, "a", "sum", "e"): {"done": True, "right": True, "tries": 2}}, noted)
    assert len(later) == len(kept.entries) == 3
    other = example_run(1.4, 0.7)                                     # other numbers are another question
    note_steps(kept, other, answers)
    assert kept.rows()[-1].asked == 2 and len({e["seed"] for e in kept.entries}) == 5


def test_every_kind_of_ask_has_an_objective():
    objectives = {q.objective for q in QUESTIONS.values()}
    assert set(OBJECTIVES.values()) - {VALUES} <= objectives          # what is weak can come back
    assert {a["kind"] for run in (example_run(), layer_run()) for found in asks(run) for a in found} <= set(OBJECTIVES)


def test_rows_and_shapes_are_noted_too(path):
    run, kept = layer_run(), Record(path)
    row = next(a for s, found in zip(run.steps, asks(run), strict=True) for a in found if s.phase == "backward" and a["kind"] == "row" and a["wrong"])
    wrong = row["wrong"][0]["value"]
    note_steps(kept, run, {key(run, row["of"], "row"): {"done": True, "right": False, "tries": 1, "hints": 0, "text": str(wrong)},
                           key(run, "W", "shape"): {"done": True, "right": True, "tries": 1, "hints": 0, "text": "(3, 2)"}})
    assert [len(e["mistakes"]) > 0 for e in kept.entries] == [True, False]


def test_a_mistake_on_the_way_to_the_right_answer_is_noted(path):
    run, kept = example_run(2.0, 3.0), Record(path)
    slips = ["403.43", "1.4427", "-404.85", "403.43", 5, None, "nonsense"]
    note_steps(kept, run, {key(run, "a", "gradient"): {"done": True, "right": True, "tries": 5, "hints": 0, "text": "404.85", "slips": slips}})
    assert kept.entries[0]["mistakes"] == ["one-path", "sign"] and kept.entries[0]["right"]
    assert kept.rows()[0].mistakes == (("one-path", 1), ("sign", 1))


NONSENSE = {"": {}, "x": {"done": True}, "0:value": {"done": True}, "999999:value": {"done": True}, "12:local:nobody": {"done": True},
            "-1:gradient": {"done": True}, "1e3:gradient": {"done": True}}


def test_what_no_ask_of_the_run_is_called_is_left_out(path):
    kept = Record(path)
    assert note_steps(kept, example_run(), NONSENSE) == frozenset() and not path.exists()
    run = example_run()
    note_steps(kept, run, {key(run, "a", "gradient"): {"done": True, "tries": None, "hints": float("nan"), "text": 5, "slips": {"a": 1}}})
    assert kept.entries[0]["tries"] == kept.entries[0]["hints"] == 0 and Record(path).entries == kept.entries


def test_the_record_is_reached_from_the_package():
    assert bl.questions.Record is Record and bl.questions.note_steps is note_steps
