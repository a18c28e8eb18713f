"""Small notebooks for tests, written as the JSON they are, so that a test says exactly what is in a cell."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def text_cell(source: str, name: str = "t0") -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source.splitlines(keepends=True)}


def code_cell(source: str, count: int | None = None, outputs: list | None = None, name: str = "c0") -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "metadata": {}, "execution_count": count, "outputs": outputs or [],
            "source": source.splitlines(keepends=True)}


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def executed_lesson(title: str = "A lesson") -> dict[str, Any]:
    """As lessons are committed: run in order, with outputs, and with the traces that running leaves in the metadata."""
    first = code_cell("import backproplab as bl\nprint(2 * 3)", 1, [printed("6\n")], "c1")
    first["metadata"] = {"execution": {"iopub.status.busy": "2026-11-24T16:52:57Z"}, "tags": ["C01"]}
    value = {"output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": {"text/plain": ["412.191"]}}
    made = notebook(text_cell(f"# {title}\n\nWhat is 2 times 3?"), first, code_cell("412.1914", 2, [value], "c2"))
    made["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    return made


def write(path: Path, made: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
