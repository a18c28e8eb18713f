"""Execute lessons in place, the way they are committed: run in order, outputs kept, without widget state and timings.

    python -m tests.execute_lessons [NOTEBOOK ...]

By default every lesson in notebooks/lessons. nbval then compares each later run with the outputs that this wrote.
"""
from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

KEPT = ("tags", "errata")     # what a cell teaches, and where it says that lectures differ or err
LESSONS = Path(__file__).resolve().parent.parent / "notebooks" / "lessons"


def execute(path: Path) -> None:
    """Run one notebook and write it back, cleaned."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", coalesce_streams=True,          # else what was printed is cut where time ran
                   resources={"metadata": {"path": str(path.parent)}}).execute()
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {key: cell.metadata[key] for key in KEPT if cell.metadata.get(key)}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "application/vnd.jupyter.widget-view+json" in data:      # the model behind it is gone; its text stays
                output["data"] = {"text/plain": data["text/plain"]}
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    for path in [Path(a) for a in arguments] or sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")):
        execute(path)
        print(f"executed {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
