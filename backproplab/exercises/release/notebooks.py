"""From an instructor's notebook to a student's: prompts filled in, solutions taken out, cells locked and described for graders.

A source is a notebook with three kinds of mark. A code cell that begins with ``# question: ID`` is where a question is answered; ``{{ID}}``
in a text is where its prompt goes; a code cell that begins with ``# check: ID`` is a check that students may run. Cells with the tag
"instructor" are left out.
"""
from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...questions import KINDS, Posed, Question, variant
from ..banks import CODE, LEGAL, Bank
from .markers import BLANK, ReleaseError, solutions, student_text

QUESTION = re.compile(r"\A\s*#\s*question:\s*(?P<id>[^\s,]+)[ \t]*(?:\n|\Z)")
CHECK = re.compile(r"\A\s*#\s*check:\s*(?P<id>[^\s,]+)[ \t]*(?:\n|\Z)")
ASKED = re.compile(r"^asked(?: = bl\.questions\.ask\(|\.check\(answer\)).*\n?", re.MULTILINE)
PROMPT = re.compile(r"\{\{\s*(?P<id>[^\s{}]+)\s*\}\}")
LETTERS = "ABCDEFGHIJ"
SCHEMA = 3                                # of nbgrader's metadata
PUBLIC = 0                                # the seed of the cases that a student's own check uses, and of everybody's variant without a roster


@dataclass(frozen=True)
class Part:
    """One cell of a source.

    Attributes
    ----------
    number : int
        From 1, as a message calls it.
    kind : str
        "question", "check", "code", "text" or "dropped".
    id : str
        Of the question, where there is one.
    source : str
    cell : mapping
        As it came.
    """

    number: int
    kind: str
    id: str
    source: str
    cell: Mapping[str, Any]

    @property
    def where(self) -> str:
        return f"cell {self.number}"


def parts(source: Mapping[str, Any], bank: Bank) -> list[Part]:
    """The cells of a source, with what they are.

    Raises
    ------
    ReleaseError
        For questions that the bank does not have, that are asked twice or nowhere answered, and for markers that do not fit.
    """
    found = [_part(k, cell) for k, cell in enumerate(source["cells"], start=1)]
    asked = [p for p in found if p.kind == "question"]
    for p in found:
        ids = [p.id] if p.id else [m["id"] for m in PROMPT.finditer(p.source)] if p.kind == "text" else []
        for id in ids:
            if id not in bank.questions:
                raise ReleaseError(f"reading {p.where} of the source", f"it names the question {id!r}", _nearest(id, bank))
            if p.kind != "question" and id not in [a.id for a in asked]:
                raise ReleaseError(f"reading {p.where} of the source", f"nothing answers {id!r}",
                                   f"Add a code cell that begins with: # question: {id}")
    if not asked:
        raise ReleaseError("reading the source", "it asks no question of the bank", "Begin a code cell with: # question: ID")
    for k, p in enumerate(asked):
        twice = next((q for q in asked[:k] if q.id == p.id), None)
        if twice is not None:
            raise ReleaseError(f"reading {p.where} of the source", f"{p.id!r} is answered in {twice.where} as well", "Answer each question once.")
        if _rest(student_text(p.source, p.where, "")).lstrip().startswith("answer ="):
            raise ReleaseError(f"reading {p.where} of the source", "an answer stands outside the markers, so it would be handed out",
                               "Put it between ### BEGIN SOLUTION and ### END SOLUTION.")
        if not solutions(p.source, p.where):
            raise ReleaseError(f"reading {p.where} of the source", f"the answer to {p.id!r} is not marked, so it would be handed out",
                               "Put it between ### BEGIN SOLUTION and ### END SOLUTION.")
    return found


def student_notebook(source: Mapping[str, Any], bank: Bank, seeds: Mapping[str, Any], student: str = "",
                     key: str = "") -> dict[str, Any]:
    """The notebook of one student, as JSON.

    Parameters
    ----------
    source : mapping
        The instructor's notebook, as JSON.
    bank : Bank
    seeds : mapping
        Of each question, the student's.
    student : str
        The id on the roster; "" where all get the same.
    key : str
        The fingerprint of the course's key; "" where there is none.

    Returns
    -------
    dict
        nbformat 4.5: no outputs; each cell with an id and nbgrader's metadata.
    """
    found = parts(source, bank)
    prompted = {m["id"] for p in found if p.kind == "text" for m in PROMPT.finditer(p.source)}
    checked = {p.id for p in found if p.kind == "check"}
    posed = {p.id: variant(bank.questions[p.id], seeds[p.id]) for p in found if p.kind == "question"}
    cells: list[dict[str, Any]] = []
    for p in found:
        if p.kind == "dropped":
            continue
        if p.kind == "text":
            text = PROMPT.sub(lambda m: prompt(posed[m["id"]], bank), student_text(p.source, p.where))
            cells.append(_cell("markdown", text, _locked(), p))
        elif p.kind == "code":
            text = student_text(p.source, p.where)
            if text.strip() or not p.source.strip():
                cells.append(_cell("code", text, _locked(), p))
        elif p.kind == "check":
            points = posed[p.id].points if bank.marks(p.id) else 0.0
            cells.append(_cell("code", student_text(_rest(p.source), p.where), _locked(points), p, f"{p.id}-check"))
        else:
            if p.id not in prompted:
                cells.append(_cell("markdown", prompt(posed[p.id], bank), _locked(), None, f"{p.id}-text"))
            ours = bank.ours and bank.questions[p.id].kind in CODE
            by_hand = bank.marks(p.id) and p.id not in checked and not ours
            cells.append(_cell("code", _answer_cell(p, bank, seeds[p.id]), _open(posed[p.id].points if by_hand else None), p, p.id))
            if ours and p.id not in checked:
                cells.append(_cell("code", own_check(bank.questions[p.id]), _locked(posed[p.id].points), None, f"{p.id}-check"))
    _name_all(cells)
    kept = {k: v for k, v in source.get("metadata", {}).items() if k in ("kernelspec", "language_info")}
    about = {"student": student} | ({"key": key} if key else {})
    return {"cells": cells, "metadata": {**kept, "backproplab": about}, "nbformat": 4, "nbformat_minor": 5}


def prompt(posed: Posed, bank: Bank) -> str:
    """What a question asks, as Markdown, headed by what it counts."""
    count = f"{posed.points:g} point{'s' * (posed.points != 1)}"
    lines = [f"**{'Marked, ' + count if bank.marks(posed.id) else 'Practice, not marked'}.** {posed.prompt}"]
    if posed.code:
        lines += ["", "```python", *posed.code, "```"]
    if posed.at:
        lines += ["", f"{posed.at}." if "has shape" in posed.at else f"At {posed.at}."]
    if posed.options:
        marks = [str(k + 1) for k in range(len(posed.options))] if posed.kind == "error" else LETTERS
        lines += ["", *[f"- {mark}: {text}" for mark, (text, _, _) in zip(marks, posed.options, strict=False)]]
    lines += ["", only_numpy(posed.code) if posed.kind in CODE else f"Answer with {KINDS[posed.kind].answers}."]
    return "\n".join(lines)


def only_numpy(code: Sequence[str]) -> str:
    """What a marked function may use; the functions of its lines that Python does not have are named."""
    calls = [node.func.id for node in ast.walk(ast.parse("\n".join(code))) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    own = [f"`{name}`" for name in dict.fromkeys(calls) if not hasattr(builtins, name)]
    needed = f" NumPy has no {' and no '.join(own)}: write {'it' if len(own) == 1 else 'them'} too." if own else ""
    return f"Write NumPy and Python only.{needed}"


def answer_name(question: Question) -> str:
    """The name that a cell defines: of a function or class, or ``answer``."""
    if question.kind not in CODE:
        return "answer"
    return str(question.parameters.get("name", "gradients" if question.kind == "function" else question.id.replace("-", "_")))


def own_check(q: Question) -> str:
    """A cell in which a student checks code for a question of our bank."""
    return f"# On public cases: not your grade.\nbl.exercises.check({q.id!r}, {answer_name(q)}).demand()"


def own_answer(q: Question, seed: Any) -> str:
    """The lines that judge an answer to a practice question of our bank; they stand in its own cell, since every answer has one name."""
    return f"asked = bl.questions.ask({q.id!r}, seed={seed!r})\nasked.check(answer)  # asked.hint() helps"


def _answer_cell(p: Part, bank: Bank, seed: Any) -> str:
    q = bank.questions[p.id]
    value = q.kind not in CODE
    head = f"# {'Marked' if bank.marks(p.id) else 'Practice'}: {p.id}"
    rest = student_text(_rest(p.source), p.where, f"answer = ...  # {KINDS[q.kind].written}" if value else BLANK)
    if bank.ours and value:
        rest = ASKED.sub("", rest).rstrip("\n") + f"\n\n{own_answer(q, seed)}"
    return f"{head}\n{rest}"


def _part(number: int, cell: Mapping[str, Any]) -> Part:
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    tags = cell.get("metadata", {}).get("tags", [])
    if {"instructor", "hidden"} & set(tags):
        return Part(number, "dropped", "", text, cell)
    if cell["cell_type"] != "code":
        return Part(number, "text", "", text, cell)
    for kind, pattern in (("question", QUESTION), ("check", CHECK)):
        found = pattern.match(text)
        if found:
            return Part(number, kind, found["id"], text, cell)
    return Part(number, "code", "", text, cell)


def _rest(text: str) -> str:
    """A cell without its first line, which says what it is."""
    return text.lstrip().partition("\n")[2]


def _locked(points: float | None = None) -> dict[str, Any]:
    return {"deletable": False, "editable": False, "nbgrader": _nbgrader(locked=True, solution=False, points=points)}


def _open(points: float | None = None) -> dict[str, Any]:
    """Of a cell to write in. Only one that is marked by hand is a solution to nbgrader, which empties solutions when it generates an assignment."""
    return {"deletable": False, "nbgrader": _nbgrader(locked=False, solution=points is not None, points=points)}


def _nbgrader(locked: bool, solution: bool, points: float | None) -> dict[str, Any]:
    graded = {} if points is None else {"points": points}
    return {"grade": points is not None, "locked": locked, "solution": solution, "task": False, "schema_version": SCHEMA, **graded}


def _cell(kind: str, text: str, metadata: dict[str, Any], p: Part | None, id: str = "") -> dict[str, Any]:
    own = str(p.cell.get("id", "")) if p is not None else ""
    made: dict[str, Any] = {"cell_type": kind, "id": id or own, "metadata": metadata, "source": text}
    return made | {"execution_count": None, "outputs": []} if kind == "code" else made


def _name_all(cells: list[dict[str, Any]]) -> None:
    """An id for each cell, the same in nbgrader's metadata; where a source has none, or one twice, it is counted."""
    taken = {c["id"] for c in cells if LEGAL.match(c["id"])}
    seen: set[str] = set()
    for k, c in enumerate(cells, start=1):
        id = c["id"]
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id) or id in seen:
            number = k
            while (id := f"cell-{number}") in taken | seen:
                number += len(cells)
        seen.add(id)
        c["id"] = c["metadata"]["nbgrader"]["grade_id"] = id
        c["metadata"]["nbgrader"]["cell_type"] = c["cell_type"]


def _nearest(id: str, bank: Bank) -> str:
    import difflib
    near = difflib.get_close_matches(id, bank.questions, 3) or list(bank.questions)[:5]
    return f"The bank {bank.name} has {', '.join(near)}."
