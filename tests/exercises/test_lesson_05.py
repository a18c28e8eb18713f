"""The tasks of lesson 05: as they are handed out each is refused in words, and with the solutions in their place each is right."""
from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from backproplab.exercises import Report
from tests import notebook_files as nb

solved = pytest.importorskip("tests.solutions.lesson_05", reason="solutions are in the repository alone, not in a source distribution")

LESSON = Path(__file__).resolve().parents[2] / "notebooks" / "lessons" / "05_build_the_engine.ipynb"
GIVEN = {"Multiply"}                      # written out in the lesson


def reports(with_solutions: bool) -> dict[str, Report]:
    """Run the lesson's code cells; what each check says, by the name of what was checked."""
    scope: dict[str, Any] = {}
    found: dict[str, Report] = {}
    for cell in nb.read(LESSON)["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        if with_solutions:
            body = [s for s in body if not (isinstance(s, (ast.ClassDef, ast.FunctionDef)) and hasattr(solved, s.name))]
            scope |= {name: value for name, value in vars(solved).items() if not name.startswith("_") and name != "np"}
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(LESSON), "exec"), scope)
        value = eval(compile(ast.Expression(last.value), str(LESSON), "eval"), scope) if isinstance(last, ast.Expr) else None
        if isinstance(value, Report):
            found[value.name] = value
    return found


def test_the_tasks_are_refused_as_handed_out_and_right_when_solved():
    before, after = reports(False), reports(True)
    tasks = {name for name, value in vars(solved).items() if callable(value)} - GIVEN
    assert set(before) == set(after) == tasks
    for name in tasks:
        assert not before[name].passed and before[name].faults, before[name]
        assert after[name].passed, after[name]
