"""What would make every result wrong is told before anything is marked."""
import json

import pytest

from backproplab.exercises.banks import Bank
from backproplab.exercises.seeds import fingerprint
from backproplab.grading import beforehand
from backproplab.grading.beforehand import BeforehandError, before_marking, chosen
from backproplab.grading.collecting import Submission, collected
from backproplab.questions import Question
from tests.grading.notebooks import BANK, cell, notebook, tree

KEY, OTHER = b"a course's key of a good length", b"another course's key of good length"


def handed_in(place, **notebooks):
    for name, data in notebooks.items():
        (place / f"{name}.ipynb").write_bytes(data)
    return collected(place)


def released(key):
    return notebook(backproplab={"student": "ann", "key": fingerprint(key)} if key else {})


@pytest.mark.parametrize("notebooks, key, said, stops", [
    ([KEY, KEY], KEY, "", False), ([None, None], KEY, "", False), ([None], None, "", False), ([OTHER] * 3, KEY, "another course's key", True),
    ([KEY] * 3, None, "name its file with --course-key", True), ([KEY, KEY, OTHER], KEY, "by what they say: s2.", False),
    ([OTHER, None, b"broken"], KEY, "by what they say: s0.", False), ([OTHER] * 3 + [KEY] * 3, KEY, "s0, s1, s2.", False),
    ([OTHER] * 3 + [None, b"broken", KEY], KEY, "another course's key", True), ([KEY, KEY], None, "--course-key, by what they say: s0, s1.", False)])
def test_another_key_stops_it_and_one_notebook_alone_does_not(tmp_path, notebooks, key, said, stops):
    submissions = handed_in(tmp_path, **{f"s{n}": b"{" if k == b"broken" else released(k) for n, k in enumerate(notebooks)})
    if stops:
        with pytest.raises(BeforehandError, match=f"Nothing was marked.*{said}"):
            list(before_marking(BANK, submissions, key, ()))
    else:
        assert said in " ".join(before_marking(BANK, submissions, key, ())) and bool(said) == bool(list(before_marking(BANK, submissions, key, ())))


def test_notebooks_that_were_released_for_all_are_not_marked_on_variants_that_nobody_saw(tmp_path):
    public = notebook(backproplab={"student": ""})
    submissions = handed_in(tmp_path, **{f"s{k}": public for k in range(3)})
    with pytest.raises(BeforehandError, match="without a roster.*leave out --course-key"):
        list(before_marking(BANK, submissions, KEY, ()))
    assert list(before_marking(BANK, submissions, None, ())) == []
    (told,) = before_marking(BANK, handed_in(tmp_path, s3=released(KEY), s4=released(KEY), s0=released(KEY)), KEY, ())
    assert told.endswith("not with this course's key: s1, s2.")


def test_another_roster_than_that_of_the_release_stops_it(tmp_path):
    made = {f"s{k}": notebook(backproplab={"student": f"login{k}", "key": fingerprint(KEY)}) for k in range(4)}
    submissions = handed_in(tmp_path, **made)
    with pytest.raises(BeforehandError, match="released for login0, login1.*Give the roster that they were released with"):
        list(before_marking(BANK, submissions, KEY, [(f"Name {k}",) for k in range(4)]))
    assert not [s for s in before_marking(BANK, submissions, KEY, [(f"s{k}", f"login{k}") for k in range(4)]) if "released" in s]


def test_a_question_that_no_notebook_has_is_told(tmp_path):
    later = Question("later", "o", "task", parameters={"name": "f", "solution": lambda x: 2 * x, "inputs": lambda draw: {"x": 1.0}}, points=5)
    (told,) = before_marking(Bank({**BANK.questions, "later": later}, "x", False, "b"), handed_in(tmp_path, ann=notebook()), None, ())
    assert told.startswith("In none of the 1 notebooks that were looked at, and nothing for everybody: later.")


def test_a_copy_that_was_left_blank_is_not_marked_in_place_of_the_answers(tmp_path):
    """A browser calls the second "hw (1)", Jupyter "hw-Copy1", and whoever downloads the homework again has the blank one last, or first."""
    blank = notebook({"linear": "def linear_backward(X, W, g):\n    # write your code here\n    ...", "pick": "answer = ...   # a letter"})
    for name, data in (("ann/hw.ipynb", notebook()), ("ann/hw (1).ipynb", blank), ("bob/hw.ipynb", blank), ("bob/hw-Copy1.ipynb", notebook()),
                       ("cid/hw.ipynb", notebook()), ("cid/hw (1).ipynb", notebook())):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert [s.name for s in chosen(BANK, collected(tmp_path))] == ["ann/hw.ipynb", "bob/hw-Copy1.ipynb", "cid/hw (1).ipynb"]


def test_a_fingerprint_tells_nothing_but_which_key_it_is():
    assert fingerprint(KEY) != fingerprint(OTHER) and len(fingerprint(KEY)) == 8 and fingerprint(KEY) not in KEY.hex()


def test_a_question_that_cannot_be_asked_stops_it_by_name(tmp_path):
    def solution(x):
        return undefined + x                                          # noqa: F821
    bad = Question("bad-one", "o", "task", parameters={"name": "f", "solution": solution, "inputs": lambda draw: {"x": 1.0}})
    with pytest.raises(BeforehandError, match="(?s)bad-one.*undefined"):
        list(before_marking(Bank({"bad-one": bad, **BANK.questions}, "x", False, "b"), handed_in(tmp_path, ann=notebook()), None, ()))


def test_who_is_not_on_the_roster_by_name_and_who_sent_several_is_told(tmp_path):
    (tmp_path / "bob").mkdir()
    for name in ("bob/a.ipynb", "bob/b.ipynb", "leeann.ipynb", "zed.ipynb"):
        (tmp_path / name).write_bytes(notebook())
    submissions = collected(tmp_path)
    several, lost = before_marking(BANK, submissions, None, (("ann@x.edu", "Lee, Ann"), ("bob@x.edu",)))
    assert several.startswith("More than one notebook each came from bob: of each the one with most answers is marked, the last by name")
    assert lost.startswith("Not on the roster by name: zed. They are marked")
    assert list(before_marking(BANK, [s for s in submissions if not s.others], None, ())) == []


def test_of_several_notebooks_the_one_with_the_questions_is_marked(tmp_path):
    """Notes beside the answers, last by name, are not marked in their place; of two with answers it is the last, and 10 is after 9."""
    notes = json.dumps(tree([cell("mine", "x = 1")])).encode()
    for name, data in (("ann/hw.ipynb", notebook()), ("ann/zz_notes.ipynb", notes), ("ann/zzz.ipynb", b"broken"), ("bob/hw-9.ipynb", notebook()),
                       ("bob/hw-10.ipynb", notebook()), ("cid/a.ipynb", notes), ("cid/b.ipynb", notes), ("dee/hw.ipynb", notebook())):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = chosen(BANK, collected(tmp_path))
    assert {s.student: s.name for s in found} == {"ann": "ann/hw.ipynb", "bob": "bob/hw-10.ipynb", "cid": "cid/b.ipynb", "dee": "dee/hw.ipynb"}
    assert [len(s.others) for s in found] == [2, 1, 1, 0]


def test_folders_of_sections_are_not_taken_for_students(tmp_path):
    """Two notebooks would have been marked of four."""
    for name in ("Section A/ann", "Section A/bob", "Section B/cid", "Section B/dee"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "hw.ipynb").write_bytes(notebook())
    with pytest.raises(BeforehandError, match=r"2 of 2 students would have several.*Section A/ann/hw.ipynb.*--pattern"):
        chosen(BANK, collected(tmp_path))
    assert [s.student for s in chosen(BANK, collected(tmp_path, "^[^/]+/(?P<student>[^/]+)/"))] == ["ann", "bob", "cid", "dee"]


def test_one_student_with_many_notebooks_does_not_stop_a_class(tmp_path):
    """Neither by names that begin with a line's end nor by what a pattern does not fit."""
    for k in range(6):
        (tmp_path / f"s{k}").mkdir()
        (tmp_path / f"s{k}" / "hw.ipynb").write_bytes(released(KEY))
    (tmp_path / "bob").mkdir()
    for k in range(20):
        (tmp_path / "bob" / f"\n{k}.ipynb").write_bytes(released(OTHER))
    assert [s.student for s in collected(tmp_path)] == ["bob", *(f"s{k}" for k in range(6))]
    for pattern in (None, r"^(?P<student>[^/]+)/hw\.ipynb$"):
        said = list(before_marking(BANK, chosen(BANK, collected(tmp_path, pattern)), KEY, ()))
        assert len(said) == (1 if pattern else 2)
    assert said[0].startswith("Not fitted by the pattern, so marked as of students of these names: bob/\n0.ipynb")


def test_a_pattern_makes_nobody_of_a_path_that_it_does_not_fit(tmp_path):
    """bob/ann.ipynb was taken for ann's, and hers was dropped."""
    for name in ("ann/hw1.ipynb", "bob/ann.ipynb"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(notebook())
    assert [s.student for s in collected(tmp_path, r"^(?P<student>[^/]+)/hw1\.ipynb$")] == ["ann", "bob/ann.ipynb"]


def test_two_who_are_taken_for_one_are_told(tmp_path):
    submissions = handed_in(tmp_path, martin=notebook(), Thomas=notebook())
    (said,) = before_marking(BANK, submissions, None, (("martin", "Thomas"), ("zoe",)))
    assert said == "Thomas, martin are all taken for martin of the roster, by name: please look which is."


def test_a_long_list_is_cut(tmp_path):
    many = [Submission(f"s{k}", f"s{k}.ipynb", tmp_path) for k in range(9)]
    (lost,) = before_marking(BANK, many, None, (("ann",),))
    assert "s0, s1, s2, s3, s4 and 4 more" in lost


def test_only_the_first_notebooks_are_read_for_their_key(tmp_path, monkeypatch):
    monkeypatch.setattr(beforehand, "LOOKED_AT", 2)
    submissions = handed_in(tmp_path, a=released(KEY), b=released(KEY), c=released(OTHER), d=released(OTHER), e=released(OTHER))
    assert list(before_marking(BANK, submissions, KEY, ())) == []
