"""Marks a class and says how long it took and how much memory; beside it, the same notebooks in nbgrader where that is installed.

    python -m tests.benchmarks.grading [--notebooks 500] [--jobs 2] [--nbgrader PYTHON] [--of 4]

PYTHON is the interpreter of an environment with nbgrader and NumPy. The ratio is of the time for one notebook, in one run.
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from backproplab.grading.batch import grade, threads
from backproplab.grading.collecting import collected
from backproplab.grading.marking import Marking
from backproplab.grading.probing import proven
from backproplab.grading.results import Results
from tests.grading.notebooks import BANK, FULL, RIGHT, WRONG_LINEAR, cell, notebook, tree

# The same tests as an instructor would write them for nbgrader: in the student's own kernel.
TESTS = {
    "linear": "np.random.seed(0)\nX, W, g = np.random.randn(4, 3), np.random.randn(3, 2), np.random.randn(4, 2)\ndX, dW = linear_backward(X, W, g)\n"
              "np.testing.assert_allclose(dX, g @ W.T); np.testing.assert_allclose(dW, X.T @ g)",
    "product": "a = 1.3 * 0.7\ng = np.sin(a) + a * np.cos(a)\nfound = product_gradients(1.3, 0.7)\n"
               "np.testing.assert_allclose(found['x'], g * 0.7); np.testing.assert_allclose(found['z'], g * 1.3)",
    "gate": "gate = Gate()\nassert gate.forward(2.0, 3.0) == 6.0\nassert tuple(gate.backward(1.0)) == (3.0, 2.0)",
    "pick": "assert answer == 'A'",
}


def memory() -> float:
    """MB that this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def ours(count: int, jobs: int) -> float:
    """Mark `count` notebooks; seconds for one. Prints time and memory."""
    isolation, _ = proven()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "in"
        place.mkdir()
        for k in range(count):
            (place / f"s{k:05}.ipynb").write_bytes(notebook({"linear": WRONG_LINEAR} if k % 7 == 0 else {}, before=f"student = {k}"))
        results = Results(Path(folder) / "out")
        marking = Marking(BANK, isolation, key=results.secret())
        seen: list[float] = []
        begun = time.monotonic()
        progress = grade(marking, collected(place), results, pool=threads(jobs), tell=lambda p: seen.append(memory()))
        took = time.monotonic() - begun
        marked = [r for _, r in results if r is not None]
        right = sum(r["score"] == FULL for r in marked)
        assert progress.marked == count and right == count - len(range(0, count, 7)), (progress, right)
    tenth = max(1, count // 10)
    print(f"{count} notebooks, {jobs} at a time, behind {', '.join(isolation.names)}: {took:.1f} s, {took / count:.3f} s each")
    print(f"memory of the grader after a tenth {seen[tenth - 1]:.0f} MB, at the end {seen[-1]:.0f} MB, most {max(seen):.0f} MB; "
          f"of the largest sandbox {max(r['memory'] for r in marked)} MB; threads left: {threading.active_count() - 1}")
    return took / count


def nbgrader(python: str, count: int) -> float:
    """Mark `count` of the same notebooks with nbgrader; seconds for one."""
    def marked(id: str, source: str, **metadata: object) -> dict:
        form = {"grade_id": id, "schema_version": 3, "locked": False, "task": False, "grade": False, "solution": False} | metadata
        return cell(id, source, metadata={"nbgrader": form})

    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")
        for where, count_ in (("source", 1), ("submitted", count)):
            for k in range(count_):
                cells = [c for id in TESTS for c in (
                    marked(id, RIGHT[id], solution=True),
                    marked(f"{id}-test", TESTS[id] if where == "source" else "pass", grade=True, locked=True, points=1))]
                place = course / where / ("hw" if where == "source" else f"s{k}/hw")
                place.mkdir(parents=True)
                kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
                (place / "hw.ipynb").write_text(json.dumps(tree([cell("setup", "import numpy as np"), *cells], kernelspec=kernel)))
        run = [python, "-m", "nbgrader"]
        paths = os.environ | {"PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"}       # it starts a program of its own
        subprocess.run([*run, "generate_assignment", "hw", "--force"], cwd=course, check=True, capture_output=True, env=paths)
        begun = time.monotonic()
        subprocess.run([*run, "autograde", "hw"], cwd=course, check=True, capture_output=True, env=paths)
        took = time.monotonic() - begun
        assert len(list(course.glob("autograded/*/hw/hw.ipynb"))) == count
    print(f"nbgrader: {count} notebooks in {took:.1f} s, {took / count:.2f} s each")
    return took / count


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--notebooks", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nbgrader", metavar="PYTHON")
    parser.add_argument("--of", type=int, default=4)
    options = parser.parse_args()
    if options.notebooks:
        ours(options.notebooks, options.jobs)
    if options.nbgrader:
        theirs = nbgrader(options.nbgrader, options.of)
        alone, together = ours(10 * options.of, 1), ours(20 * options.of, options.jobs)
        print(f"ratio: {theirs / alone:.0f} with one job each, {theirs / together:.0f} with {options.jobs} of ours; nbgrader has one")


if __name__ == "__main__":
    sys.exit(main())
