"""A class: nothing lost, nothing done twice, nothing stopped by one notebook; results whole or not there."""
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backproplab.grading import batch, marking
from backproplab.grading.batch import grade, threads
from backproplab.grading.collecting import Submission, collected
from backproplab.grading.marking import Marking
from backproplab.grading.results import ROOMS, Results, ResultsError, write
from backproplab.grading.sandbox import Limits, StartError
from tests.grading.notebooks import BANK, BANK_FILE, FULL, WRONG_LINEAR, notebook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture()
def handed_in(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    for k in range(6):
        (place / f"s{k}.ipynb").write_bytes(notebook({"linear": WRONG_LINEAR} if k == 1 else {}, before=f"k = {k}"))
    (place / "s4.ipynb").write_bytes(b"")
    return place


@pytest.fixture()
def begun(isolation, tmp_path, handed_in):
    """A run that can be begun again: (marking, submissions, results)."""
    results = Results(tmp_path / "out")
    return Marking(BANK, isolation, Limits(seconds=2.0), results.secret()), collected(handed_in), results


def test_every_notebook_has_its_result_and_a_second_run_does_nothing(begun, monkeypatch):
    marking_, submissions, results = begun
    seen = []
    first = grade(marking_, submissions, results, pool=threads(2), tell=lambda p: seen.append(str(p)))
    assert (first.total, first.marked, first.kept, first.faults) == (6, 6, 0, 0) and seen[0].startswith("1 of 6, about")
    assert {s: r["score"] for s, r in results} == {f"s{k}": {1: FULL - 3, 4: 0.0}.get(k, FULL) for k in range(6)}
    monkeypatch.setattr(batch, "mark", lambda *a: pytest.fail("marked twice"))
    again = grade(marking_, submissions, results, pool=threads(2))
    assert (again.marked, again.kept) == (0, 6)


def test_what_decides_a_result_changes_its_name(begun):
    marking_, _, results = begun
    base = results.hash_of(marking_, "ann", b"data")
    others = [results.hash_of(marking_, "bob", b"data"), results.hash_of(marking_, "ann", b"date"),
              *(results.hash_of(replace(marking_, **change), "ann", b"data") for change in (
                  {"bank": replace(BANK, digest="x")}, {"unsafe": True}, {"limits": Limits(seconds=3.0)}, {"course_key": b"x"},
                  {"roster": ("ann@x.edu",)}))]
    assert len({base, *others}) == 8 and results.hash_of(marking_, "ann", b"data") == base


def test_every_room_that_marking_loads_is_part_of_the_graders_version():
    loaded = subprocess.run([sys.executable, "-c", "import sys, backproplab.grading.batch; from backproplab.exercises import banks; "
                             "banks.package_bank();"
                             "print(*{n.split('.')[1] for n, m in sys.modules.items() if n.startswith('backproplab.') and hasattr(m, '__path__')})"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {"engine", "questions", "grading"} <= set(loaded) <= set(ROOMS)


def test_one_students_run_leaves_the_others_in_place(begun):
    marking_, submissions, results = begun
    grade(marking_, submissions[:3], results, pool=threads(1))
    grade(marking_, submissions[3:4], results, pool=threads(1), keep=True)
    assert [s for s, r in results if r is not None] == ["s0", "s1", "s2", "s3"]


def test_a_fault_is_tried_again_alone_and_is_then_told_and_a_later_run_tries_again(begun, monkeypatch):
    marking_, submissions, results = begun
    real, tries = marking.mark, []

    def sometimes(m, student, name, data, called):
        tries.append(student)
        if student == "s2" or student == "s3" and tries.count("s3") == 1:
            raise StartError("no process")
        return real(m, student, name, data, called)

    monkeypatch.setattr(batch, "mark", sometimes)
    progress = grade(marking_, submissions, results, pool=threads(2))
    assert (progress.marked, progress.faults) == (5, 1) and (tries.count("s2"), tries.count("s3")) == (2, 2)
    fault = dict(results)["s2"]
    assert fault["verdict"] == "fault" and fault["score"] is None and all(q["score"] is None for q in fault["questions"])
    assert "no process" in fault["notes"][0]
    monkeypatch.setattr(batch, "mark", real)
    assert (grade(marking_, submissions, results, pool=threads(2)).marked, dict(results)["s2"]["score"]) == (1, FULL)


def test_only_as_many_notebooks_are_in_memory_as_are_marked(begun, monkeypatch):
    marking_, _, _ = begun
    taken, done, most = [0], [0], [0]

    def waiting():
        for k in range(40):
            taken[0] += 1
            most[0] = max(most[0], taken[0] - done[0])
            yield Submission(str(k), "", Path()), "", b""

    monkeypatch.setattr(batch, "mark", lambda *a: {})
    for _ in threads(3)(marking_, waiting()):
        done[0] += 1
    assert most[0] <= 4 and done[0] == 40


def test_a_result_that_is_not_whole_is_made_again(begun):
    marking_, submissions, results = begun
    grade(marking_, submissions, results, pool=threads(2))
    files = sorted(results.marked.glob("*.json"))
    files[0].write_bytes(files[0].read_bytes()[:50])
    files[1].write_bytes(b"")
    assert grade(marking_, submissions, results, pool=threads(2)).marked == 2


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    write(tmp_path / "a", b"old")

    def fails(descriptor):
        raise OSError("the disk is full")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError):
        write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    Results(tmp_path / "out")
    abandoned, young = (tmp_path / "out" / "marked" / f".{name}.json.1234.part" for name in "xy")
    for part in (abandoned, young):
        part.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    assert list(Results(tmp_path / "out").marked.iterdir()) == [young]


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ResultsError, match="cannot be used"):
        Results(tmp_path / "file")
    with pytest.raises(ResultsError, match="no results"):
        Results(tmp_path / "nothing", make=False)


BUSY = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"      # so that a class takes long enough to be killed in


def test_a_run_that_is_killed_goes_on_and_nothing_is_lost_or_doubled(isolation, tmp_path):
    place, out = tmp_path / "in", tmp_path / "out"
    place.mkdir()
    for k in range(14):
        (place / f"s{k:02}.ipynb").write_bytes(notebook(before=f"k = {k}\n{BUSY}"))
    command = [sys.executable, "-m", "backproplab.cli", "grade", str(BANK_FILE), str(place), "--out", str(out), "--jobs", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(list(out.glob("marked/*.json"))) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {file.name: file.read_bytes() for file in out.glob("marked/*.json")}
    assert 3 <= len(before) < 14 and all(json.loads(data)["verdict"] == "marked" for data in before.values())
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    after = {file.name: file.read_bytes() for file in out.glob("marked/*.json")}
    # What was being written when the kill came may lie there, under a name that no result has; two threads were writing.
    assert len(list(out.glob("marked/.*.part"))) <= 2
    assert f"{14 - len(before)} marked, {len(before)} were marked before, 0 faults" in told
    assert len(after) == 14 and before.items() <= after.items()
    assert sorted(json.loads(data)["student"] for data in after.values()) == [f"s{k:02}" for k in range(14)]


def test_workers_of_a_cluster_that_die_take_no_result_with_them(isolation, tmp_path):
    distributed = pytest.importorskip("distributed")
    from backproplab.grading.cluster import cluster
    place = tmp_path / "in"
    place.mkdir()
    for k in range(10):
        (place / f"s{k:02}.ipynb").write_bytes(notebook(before=f"k = {k}"))
    results = Results(tmp_path / "out")
    marking_ = Marking(BANK, isolation, Limits(seconds=2.0), results.secret())
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, protocol="tcp://", dashboard_address=None, memory_limit=0,
                                  silence_logs=50) as local:
        killed = []

        def tell(progress):
            if progress.marked in (2, 4):
                alive = [w.process.pid for w in local.workers.values() if w.process is not None and w.process.pid and w.process.pid not in killed]
                os.kill(alive[0], signal.SIGKILL)
                killed.append(alive[0])

        progress = grade(marking_, collected(place), results, pool=cluster(local.scheduler_address, BANK_FILE), tell=tell)
    assert len(killed) == 2 and (progress.marked, progress.faults) == (10, 0)
    assert {s: r["score"] for s, r in results} == {f"s{k:02}": FULL for k in range(10)}
    assert len(list(results.marked.iterdir())) == 10


def test_what_is_there_is_kept_unless_it_may_be_written_over(tmp_path):
    file = tmp_path / "secret"
    for text, over, kept in ((b"1", False, b"1"), (b"2", False, b"1"), (b"3", True, b"3")):
        write(file, text, over=over)
        assert file.read_bytes() == kept and os.listdir(tmp_path) == ["secret"]


def test_a_worker_with_another_version_marks_nothing(begun):
    from backproplab.grading.cluster import marked_there
    marking_, submissions, _ = begun
    with pytest.raises(StartError, match="another backproplab"):
        marked_there(marking_, (), "0.0/other", submissions[0], submissions[0].read())


def test_an_interrupted_run_ends_at_once_and_says_how_to_go_on(isolation, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("ann", "bob"):
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook({"linear": "import select\nselect.select([], [], [])"}))
    words = ["grade", BANK_FILE, tmp_path / "in", "--out", tmp_path / "out", "--time", "60", "--jobs", "2"]
    # What a shell runs in the background ignores SIGINT, and so would its children.
    run = subprocess.Popen([sys.executable, "-m", "backproplab.cli", *map(str, words)], stderr=subprocess.PIPE, text=True, cwd=ROOT,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    until = time.monotonic() + 60
    while not (tmp_path / "out" / "run.json").exists() or len(waiting_for_ever(run.pid)) < 2:      # the probes are over, and both run
        assert time.monotonic() < until
        time.sleep(0.1)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and "Interrupted: 0 of 2 are marked; the same command goes on from there." in said
    assert time.monotonic() - begun < 30                              # and not the three minutes that the notebooks would have


def waiting_for_ever(pid):
    """The sandboxes below a grader: whatever is below the processes that fork them."""
    found, below = [], [(pid, False)]
    for one, forks in below:                                          # it grows while it is walked
        for task in Path(f"/proc/{one}/task").glob("*"):
            with contextlib.suppress(OSError):                        # one that has just ended
                for child in (task / "children").read_text().split():
                    words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                    found += [child] * forks
                    below.append((child, forks or b"python" in words[0] and any(w.endswith(b"forkserver.py") for w in words)))
    return found
