"""How long it takes to release the exercises to a class: a variant of every notebook for each of 30 students.

    python -m tests.benchmarks.releasing [STUDENTS]
"""
from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from backproplab.exercises.release import release
from tests.make_exercises import sources


def main(students: int = 30) -> None:
    with tempfile.TemporaryDirectory() as place:
        roster = Path(place) / "roster.csv"
        roster.write_text("student\n" + "".join(f"student{k}\n" for k in range(students)))
        whole = time.perf_counter()
        for source in sources():
            begun = time.perf_counter()
            made = release(source, Path(place) / "out", students=roster, course_key=Path(place) / "key")
            print(f"{source.name:32} {len(made.files)} notebooks  {time.perf_counter() - begun:6.2f} s")
        print(f"{'all':32} {len(sources()) * students} notebooks {time.perf_counter() - whole:6.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
