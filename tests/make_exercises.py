"""Make the students' versions of the exercises from their sources with solutions, and run the sources, as they are committed.

    python -m tests.make_exercises [NUMBER ...]

A source, tests/solutions/NN_name.ipynb, is a notebook with marks as `backproplab release` wants it, solved and run, so that nbval compares
what its checks say. Its student version goes to notebooks/exercises. A test sees to it that the two are in step.
"""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from backproplab.exercises.release import release
from backproplab.lessons import lesson_files
from tests.execute_lessons import execute

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "solutions"
EXERCISES = ROOT / "notebooks" / "exercises"


def sources() -> list[Path]:
    """The sources, lowest number first; none in a source distribution, where solutions are left out."""
    return lesson_files(SOURCES)


def student_version(source: Path) -> bytes:
    """The bytes of a student's notebook, as everybody gets it who gets no variant of their own."""
    with tempfile.TemporaryDirectory() as folder:
        (made,) = release(source, Path(folder)).files
        return made.read_bytes()


def main(arguments: list[str]) -> None:
    EXERCISES.mkdir(parents=True, exist_ok=True)
    for source in sources():
        if arguments and source.name[:2] not in arguments:
            continue
        execute(source)
        (EXERCISES / source.name).write_bytes(student_version(source))
        print(f"made {source.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
