"""Marking one notebook: every question gets a verdict and a sentence, whatever the notebook holds.

The verdicts are correct, wrong (also where nothing is written yet), error (its code raised, or there is no cell), timeout, killed, malformed (what
came out of the sandbox is not what was agreed, or the notebook is none) and fault. A fault is ours: it has no score, not a score of 0.
"""
from __future__ import annotations

import functools
import hashlib
import hmac
import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from ..exercises.banks import CODE, Bank
from ..exercises.seeds import variant_seed
from ..questions import AnswerError, Posed, Question, judge, variant
from .layers import Isolation
from .messages import error_name, message, of_outcome
from .names import known_as, meant
from .notebooks import UnreadableError, read_notebook
from .remote import Failed, Remote, as_read, parts, typed, unanswered
from .sandbox import Ended, Limits, Refused, Sandbox
from .session import Session, name_of

FORMAT = 1
MOST_TYPED = 2_000                         # parts of an answer that is no code: far more than any has
PUBLIC = 0                                 # the variant that everybody gets whose notebook was released without a roster
OF_MESSAGE = {**dict.fromkeys(("missing", "cell", "raised", "not callable", "no numbers", "absent", "no value", "unread"), "error"),
              **{verdict: verdict for verdict in ("correct", "timeout", "killed", "malformed", "fault")}, "unreadable": "malformed"}


_public: dict[tuple[str, str], Posed] = {}


@dataclass(frozen=True)
class Marking:
    """How a class is marked.

    Attributes
    ----------
    bank : Bank
    isolation : Isolation
    limits : Limits
    key : bytes
        The secret from which hidden inputs are drawn: one for each results folder.
    course_key : bytes or None
        That of the release, for the variants of each student.
    unsafe : bool
        Whether the instructor accepted that no layer holds.
    roster : tuple of tuple of str
        Who is in the course: what the release called each, then other names; empty where that is not known.
    """

    bank: Bank
    isolation: Isolation
    limits: Limits = field(default_factory=Limits)
    key: bytes = b""
    course_key: bytes | None = None
    unsafe: bool = False
    roster: tuple[tuple[str, ...], ...] = ()

    def listed(self, called: str) -> str:
        """Who on the roster is meant by the name of a folder or file; "" for nobody."""
        return meant(called, _known_as(self.roster)) or ""

    def row_of(self, claimed: str) -> str:
        """Who on the roster has a name, by which a release may have called them: a table's columns may have been others then."""
        rows = [row for row in self.roster if claimed in row]
        return rows[0][0] if claimed and len(rows) == 1 else ""

    @property
    def students(self) -> tuple[str, ...]:
        """What the release called them."""
        return tuple(student for student, *_ in self.roster)


@functools.lru_cache(maxsize=4)
def _known_as(roster: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    return known_as([student for student, *_ in roster], {student: names for student, *names in roster})


def own_version() -> str:
    """This package's version, also where it is a folder that nobody installed, as in an autograder."""
    try:
        return version("backproplab")
    except PackageNotFoundError:
        text = (Path(__file__).resolve().parent.parent / "__init__.py").read_text(encoding="utf-8")
        return text.partition('__version__ = "')[2].partition('"')[0]


def mark(marking: Marking, student: str, source: str, data: bytes, called: str = "") -> dict[str, Any]:
    """Mark a notebook.

    Parameters
    ----------
    marking : Marking
    student : str
        Who handed it in.
    source : str
        The file's name, for the record.
    data : bytes
        The file.
    called : str, optional
        What the student is called, to be found on the roster; `student` unless that is more than a name.

    Returns
    -------
    dict
        The result, as JSON carries it.

    Raises
    ------
    StartError
        When no sandbox can be started. Nothing that a notebook holds raises anything.
    """
    result = _empty(marking, student, source, data)
    questions = list(marking.bank.questions.values())
    try:
        notebook = read_notebook(data)
    except UnreadableError as error:
        result["notes"] = [str(error)]
        return finished(result, [entry(marking, q, "unreadable") for q in questions])
    result["notes"] = list(notebook.notes)
    own = marking.listed(called or student)                           # whoever it was released for: another's answers are not one's own
    row = marking.row_of(notebook.student)
    claimed = notebook.student if not marking.roster or row else ""
    if row and own in ("", row):                                      # another name of the same student, or the same
        own = claimed
    result["released_for"] = row or notebook.student
    if marking.course_key and not own and not claimed:
        result["notes"].append("It is not known whose variant it is: the notebook names nobody in the course, and no roster names whoever "
                               "handed it in.")
    session = Session(notebook, questions, marking.limits, marking.isolation)
    try:
        entries = [_asked(marking, session, q, _posed(marking, q, own or claimed or student, data)) for q in questions]
    finally:
        session.close()
    result |= {"errors": [list(e) for e in session.errors], "output": session.output, "seconds": round(session.seconds, 3),
               "memory": round(session.memory)}
    return finished(result, entries)


def _empty(marking: Marking, student: str, source: str, data: bytes) -> dict[str, Any]:
    """A result before anything is known of the notebook."""
    return {"format": FORMAT, "student": student, "source": source, "submission": hashlib.sha256(data).hexdigest(), "bank": marking.bank.name,
            "layers": list(marking.isolation.names), "unsafe": marking.unsafe, "released_for": "", "notes": [], "errors": [], "output": "",
            "seconds": 0.0, "memory": 0, "limits": {"seconds": marking.limits.seconds, "memory": marking.limits.memory},
            "versions": {"backproplab": own_version(), "python": platform.python_version(), "numpy": np.__version__}}


def _posed(marking: Marking, question: Question, student: str, data: bytes) -> Posed | None:
    """The variant: of the student's own release for what they saw, of fresh inputs for code; None where it cannot be posed."""
    if question.kind in CODE:
        seed: Any = hmac.new(marking.key, hashlib.sha256(data).digest() + question.id.encode(), hashlib.sha256).hexdigest()
    else:
        seed = variant_seed(marking.course_key, student, question.id) if marking.course_key else PUBLIC
    known = (marking.bank.digest, question.id)
    try:
        if seed is not PUBLIC:
            return variant(question, seed)
        if known not in _public:                                      # the same for the whole class
            _public[known] = variant(question, PUBLIC)
        return _public[known]
    except Exception:                                                 # a bank is the instructor's code, and may stop in any way
        return None


def _asked(marking: Marking, session: Session, question: Question, posed: Posed | None) -> dict[str, Any]:
    """The entry of one question."""
    if posed is None:
        return entry(marking, question, "fault")
    slots = {"name": name_of(question), "seconds": marking.limits.seconds, "output": "A result"}
    try:
        id, more, share = session.using(lambda sandbox: _judged(sandbox, posed))
    except Ended as ended:
        id, more, share = session.ended.get(question.id, ended.why), {}, 0.0
    if id == "missing":
        if question.id in session.ended:
            id = session.ended[question.id]
        elif (error := session.error_in(question.id)) is not None:
            id, more = "cell", {"error": error_name(error)}
    return entry(marking, question, id, share, **slots | more)


def _judged(sandbox: Sandbox, posed: Posed) -> tuple[str, dict[str, Any], float]:
    """(message, its slots, share of the points).

    Raises
    ------
    Ended
    """
    if posed.kind not in CODE:
        try:
            given = sandbox.ask("get", posed.id)
        except Refused as refused:
            return ("missing" if refused.why == "missing" else "no value"), {}, 0.0
        if parts(given) > MOST_TYPED:
            return "unread", {}, 0.0
        id, more, share = _said(posed, typed(given))
        if id == "unread" and unanswered(given):
            return "blank", {}, 0.0
        return id, more | {"read": as_read(given)}, share
    remote = Remote(sandbox, posed.id)
    try:
        found = _said(posed, remote)
    except Failed:
        found = "fault", {}, 0.0
    if remote.failure is None:
        return ("nothing", {}, 0.0) if found[0] == "count" and remote.partly else found
    id, name = remote.failure                                         # whatever was concluded from a call that failed does not count
    if id in ("timeout", "killed", "malformed"):
        raise Ended(id)
    return id, {"error": error_name(name)}, 0.0


def _said(posed: Posed, given: Any) -> tuple[str, dict[str, Any], float]:
    try:
        outcome = judge(posed, given)
        return (*of_outcome(posed, outcome), outcome.share)
    except AnswerError:
        return "unread", {}, 0.0
    except (Failed, Ended):
        raise
    except Exception:                                                 # an answer that our own judging cannot take: a person looks at it
        return "fault", {}, 0.0


def entry(marking: Marking, question: Question, id: str, share: float = 0.0, **slots: Any) -> dict[str, Any]:
    """What a result says about one question: no expected value, no hidden input."""
    marked = marking.bank.marks(question.id)
    verdict = OF_MESSAGE.get(id, "wrong")
    share = min(max(float(share), 0.0), 1.0) if verdict in ("correct", "wrong") else 0.0
    points = float(question.points) if marked else 0.0
    return {"id": question.id, "kind": question.kind, "objective": question.objective, "marked": marked, "verdict": verdict,
            "message": message(id, **{"name": name_of(question)} | slots), "code": id, "mistakes": slots.get("families", ""),
            "read": slots.get("read", ""),
            "share": None if verdict == "fault" else share, "score": None if verdict == "fault" else round(points * share, 6), "max_score": points}


def finished(result: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The result with its questions and their sum; the sum is None while a question that counts could not be marked."""
    counted = [e for e in entries if e["marked"]]
    lost = any(e["score"] is None for e in counted)
    return result | {"questions": entries, "score": None if lost else round(sum(e["score"] for e in counted), 6),
                     "max_score": sum(e["max_score"] for e in counted), "verdict": "fault" if lost else "marked"}


def faulty(marking: Marking, student: str, source: str, data: bytes, why: str) -> dict[str, Any]:
    """The result of a notebook that could not be marked at all, through no fault of its own."""
    result = _empty(marking, student, source, data) | {"notes": [why]}
    return finished(result, [entry(marking, q, "fault") for q in marking.bank.questions.values()])
