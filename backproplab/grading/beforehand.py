"""Before a class is marked: what would make every result wrong is found, and told while nothing is lost."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..exercises.banks import Bank
from ..exercises.seeds import fingerprint
from ..questions import variant
from .collecting import Submission
from .names import known_as, meant
from .notebooks import UnreadableError, read_notebook

LOOKED_AT = 40                             # notebooks that are read for how they were released
MOST_OF_ONE = 40                           # notebooks of one student of which the fullest is looked for, the last by name
CERTAIN = 3                                # notebooks that name another key: one alone, or two, may be a student's doing
NAMED = 5
# What is handed out to be replaced: `answer = ...`, or ... as the whole of a function.
UNANSWERED = re.compile(r"(?m)(?:^\s*|=\s*)\.\.\.\s*(?:#.*)?$")


class BeforehandError(Exception):
    """Nothing is to be marked like this; the message is a sentence for the instructor."""


def before_marking(bank: Bank, submissions: Sequence[Submission], key: bytes | None, roster: Sequence[Sequence[str]]) -> Iterator[str]:
    """Sentences that an instructor should read first.

    Parameters
    ----------
    bank : Bank
    submissions : sequence of Submission
        As `chosen` gives them.
    key : bytes or None
        The course's.
    roster : sequence of sequences of str
        For each student what the release called them, then other names.

    Yields
    ------
    str

    Raises
    ------
    BeforehandError
        When a question cannot be asked, or most notebooks were released with another key, for all, or for names that the roster has not.
    """
    _askable(bank)
    yield from _released(bank, [s for s in submissions if s.fits], key, roster)
    apart = [s.name for s in submissions if not s.fits]
    if apart:
        yield f"Not fitted by the pattern, so marked as of students of these names: {_some(apart)}."
    many = [s.student for s in submissions if s.others]
    if many:
        yield (f"More than one notebook each came from {_some(many)}: of each the one with most answers is marked, the last by name where "
               "several have as many.")
    if roster:
        by = known_as([student for student, *_ in roster], {student: names for student, *names in roster})
        taken: dict[str | None, list[str]] = {}
        for s in submissions:
            taken.setdefault(meant(s.called or s.student, by), []).append(s.student)
        lost = taken.pop(None, [])
        yield from (f"{', '.join(students)} are all taken for {who} of the roster, by name: please look which is." for who, students in taken.items()
                    if len(students) > 1)
        if lost:
            yield (f"Not on the roster by name: {_some(lost)}. They are marked on the variant that their notebook names. A roster with a column "
                   "`name` beside the ids may help, or --pattern.")


def chosen(bank: Bank, submissions: Sequence[Submission]) -> list[Submission]:
    """Of several notebooks of one student the one with most answers: their notes, and a copy that they left blank, are none.

    Returns
    -------
    list of Submission
        One for each student, in the order that they came in.

    Raises
    ------
    BeforehandError
        When most students seem to have several: then these are no students.
    """
    found, alike = [], []
    for submission in submissions:
        notebooks = [*submission.others, submission][-MOST_OF_ONE:]
        if len(notebooks) == 1:
            found.append(submission)
            continue
        counts = [_answered_in(bank, each) for each in notebooks]
        best = [each for each, count in zip(notebooks, counts, strict=True) if count == max(counts)]
        found.append(replace(best[-1], called=submission.called, others=tuple(each for each in notebooks if each is not best[-1])))
        if any(max(counts)) and len({each.name.rpartition("/")[0] for each in best}) > 1:
            alike.append((submission.student, best))
    if len(alike) > 1 and 2 * len(alike) > len(submissions):
        student, best = alike[0]
        raise BeforehandError(f"Nothing was marked: {len(alike)} of {len(submissions)} students would have several notebooks with these questions "
                              f"in different folders, as {student} {_some([each.name for each in best])}. If {student} is no student, say what is: "
                              r"--pattern '^[^/]+/(?P<student>[^/]+)/' takes the second folder.")
    return found


def _answered_in(bank: Bank, submission: Submission) -> tuple[int, int]:
    """How many of the bank's questions have a cell in a notebook in which something is written, and how many have one."""
    try:
        notebook = read_notebook(submission.read())
    except UnreadableError:
        return 0, 0
    there = {id: cell.source for cell in notebook.cells for id in cell.ids if id in bank.questions}
    return sum(not UNANSWERED.search(source) for source in there.values()), len(there)


def _askable(bank: Bank) -> None:
    """Pose each question that counts once, as it will be for everybody."""
    for question in bank.questions.values():
        if not bank.marks(question.id):
            continue
        try:
            variant(question, "beforehand")
        except Exception as error:                                    # a bank is the instructor's code, and may stop in any way
            raise BeforehandError(f"Nothing was marked, since one question cannot be asked: {error}") from None


def _released(bank: Bank, submissions: Sequence[Submission], key: bytes | None, roster: Sequence[Sequence[str]]) -> Iterator[str]:
    """Stop when most notebooks were released otherwise than they are to be marked; a few may have been changed by their students."""
    ours = fingerprint(key) if key is not None else ""
    names = {name for row in roster for name in row}
    others, strangers, public, seen, asked = [], [], [], 0, set()
    for submission in submissions[:LOOKED_AT]:
        try:
            notebook = read_notebook(submission.read())
        except UnreadableError:
            continue
        seen += 1
        asked |= {id for cell in notebook.cells for id in cell.ids}
        others += [submission.student] if notebook.key and notebook.key != ours else []
        public += [submission.student] if notebook.public and ours else []
        strangers += [notebook.student] if names and notebook.key and notebook.student not in names else []
    said = "another course's key than the one that --course-key names" if ours else "a course's key: name its file with --course-key"
    for who, many in ((others, f"with {said}"), (public, "without a roster, the same for all: leave out --course-key")):
        if len(who) >= CERTAIN and 2 * len(who) > seen:
            raise BeforehandError(f"Nothing was marked: the notebooks were released {many}.")
    if len(strangers) >= CERTAIN and 2 * len(strangers) > seen:
        raise BeforehandError(f"Nothing was marked: the notebooks were released for {_some(strangers)}, and the roster has no such names. Give the "
                              "roster that they were released with, or one with these names in another column.")
    if others:
        yield f"Released with {said}, by what they say: {_some(others)}."
    if public:
        yield f"Released without a roster, by what they say, and not with this course's key: {_some(public)}."
    unseen = [question.id for question in bank.questions.values() if bank.marks(question.id) and question.id not in asked]
    if asked & set(bank.questions) and unseen:
        yield (f"In none of the {seen} notebooks that were looked at, and nothing for everybody: {_some(unseen)}. A bank holds the questions of one "
               "homework.")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
