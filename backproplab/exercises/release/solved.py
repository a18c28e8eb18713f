"""Solving a source: its own solutions are run and judged before anything is handed out, as a student's would be."""
from __future__ import annotations

import ast
import contextlib
import io
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...questions import KINDS, Posed, judge, variant
from ...questions.sentences import plain
from ..banks import CODE, Bank
from .markers import ReleaseError
from .notebooks import PUBLIC, Part, answer_name

MAGIC = re.compile(r"^\s*[%!?]")


def solve(found: Sequence[Part], bank: Bank) -> list[str]:
    """Run a source and judge its answers.

    Returns
    -------
    list of str
        What else stopped: cells that ask nothing, and could not be run here.

    Raises
    ------
    ReleaseError
        When a solution stops, uses backproplab where NumPy is asked for, or is not right for the public cases.
    """
    scope: dict[str, Any] = {"__name__": "source"}
    notes = []
    for p in found:
        if p.kind not in ("question", "code", "check"):
            continue
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), without_windows():
            try:
                exec(compile("\n".join(line for line in p.source.splitlines() if not MAGIC.match(line)), f"<{p.where}>", "exec"), scope)
            except Exception as error:
                said = f"{p.where} of the source stopped with {type(error).__name__}: {' '.join(str(error).split())}"
                if p.kind == "code":
                    notes.append(f"{said}.")
                    continue
                raise ReleaseError(f"solving the question {p.id!r}" if p.kind == "question" else f"running the check of {p.id!r}", said,
                                   "Mend it: a student could not do better.") from None
        if p.kind == "question":
            _judged(p, bank, scope)
    return notes


def _judged(p: Part, bank: Bank, scope: Mapping[str, Any]) -> None:
    q = bank.questions[p.id]
    name = answer_name(q)
    attempted = f"solving the question {p.id!r}"
    if name not in scope:
        raise ReleaseError(attempted, f"{p.where} of the source does not define {name}", f"Its solution has to: {name} is looked at.")
    if bank.marks(p.id) and q.kind in CODE:
        used = foreign(p.source)
        if used:
            raise ReleaseError(attempted, f"its solution uses {used}", "Marked functions run where only NumPy and Python are: use these.")
    posed: Posed = variant(q, PUBLIC)
    outcome = judge(posed, scope[name])
    if not outcome.right:
        right = "" if q.kind in CODE else f" Right is {plain(KINDS[q.kind].shown(posed)).strip()}"
        raise ReleaseError(attempted, f"the source's own answer is not right: {plain(outcome.reason).strip()}",
                           f"{plain(outcome.action).strip() or 'Mend the answer, or the question.'}{right}")


@contextlib.contextmanager
def without_windows() -> Any:
    """Figures are drawn nowhere."""
    before = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "Agg"
    try:
        yield
    finally:
        if before is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = before


def foreign(text: str) -> str:
    """The name by which a marked solution uses this package, or ""."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("bl", "backproplab"):
            return node.id
        if isinstance(node, ast.Import) and any(a.name.split(".")[0] == "backproplab" for a in node.names):
            return "backproplab"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "backproplab":
            return "backproplab"
    return ""
