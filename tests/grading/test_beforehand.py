"""What would make every result wrong is told before anything is marked."""
import pytest

from backproplab.exercises.banks import Bank
from backproplab.exercises.seeds import fingerprint
from backproplab.grading import beforehand
from backproplab.grading.beforehand import BeforehandError, before_marking
from backproplab.grading.collecting import Submission, collected
from backproplab.questions import Question
from tests.grading.notebooks import BANK, notebook

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
    assert several == "More than one notebook each came from bob: of each the last by name is marked."
    assert lost.startswith("Not on the roster by name: zed. They are marked")
    assert list(before_marking(BANK, [s for s in submissions if not s.more], None, ())) == []


def test_a_long_list_is_cut(tmp_path):
    many = [Submission(f"s{k}", f"s{k}.ipynb", tmp_path) for k in range(9)]
    (lost,) = before_marking(BANK, many, None, (("ann",),))
    assert "s0, s1, s2, s3, s4 and 4 more" in lost


def test_only_the_first_notebooks_are_read_for_their_key(tmp_path, monkeypatch):
    monkeypatch.setattr(beforehand, "LOOKED_AT", 2)
    submissions = handed_in(tmp_path, a=released(KEY), b=released(KEY), c=released(OTHER), d=released(OTHER), e=released(OTHER))
    assert list(before_marking(BANK, submissions, KEY, ())) == []
