"""The commands `backproplab grade` and `backproplab report`: what they take, what they say, and how they end."""
from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

FAULTS, NO_ISOLATION = 6, 7
EXIT_CODES = """\
exit codes:
  0    all is marked
  1    the bank, what was handed in, or a folder cannot be used
  2    the command was not understood
  3    something that grading needs is not installed
  6    all is marked but for faults of the grader, which are listed
  7    no isolation holds here, so nothing was marked
  130  interrupted; the same command goes on from there"""
GRADE = """\
Mark notebooks. BANK is a file or a folder of files that declare questions, or
one of the exercises of this package: the notebook that was handed out;
"backproplab" stands for all of its questions. SUBMISSIONS is a folder, a zip
as Canvas, Moodle or Gradescope give it, or one notebook.

Each notebook runs in a sandbox. A run that is interrupted goes on with the same
command; what is marked already is not marked again, unless BANK has changed."""
REPORT_CODES = """\
exit codes:
  0    all is written
  1    there are no results, or a folder or the gradebook cannot be used
  2    the command was not understood"""
REPORT = """\
Make of RESULTS what is handed on: results.json for Gradescope, a table, a page
for each student, and one for the class."""
ELSEWHERE = ("Notebooks of others are not run on {platform}: it has no isolation of the kind that is needed. A Linux machine marks them, also "
             "a virtual one, or the terminal of a JupyterHub where `backproplab grade --probe` ends well.")


def printable(text: str) -> str:
    """A line for a terminal: names come from files, and one may hold what clears the screen."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def add_grade(commands: Any, manner: dict[str, Any]) -> None:
    """Declare `grade`."""
    parser = commands.add_parser("grade", help="mark notebooks, each in a sandbox", description=GRADE, epilog=EXIT_CODES, **manner)
    parser.add_argument("bank", nargs="?", metavar="BANK", help="the questions")
    parser.add_argument("submissions", nargs="?", metavar="SUBMISSIONS", help="what was handed in")
    parser.add_argument("--out", metavar="RESULTS", help="the folder for results; made if it is not there")
    parser.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N", help="notebooks at a time; the number of processors")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="mark on the Dask cluster with this scheduler, as tcp://host:8786")
    parser.add_argument("--time", type=_positive, default=5, metavar="S", help="seconds of processor time for each cell and call; 5")
    parser.add_argument("--memory", type=_memory, default=1024, metavar="MB", help="of each notebook; 1024")
    parser.add_argument("--only", metavar="STUDENT", help="mark this student alone")
    parser.add_argument("--regrade", action="store_true", help="mark again what is marked")
    parser.add_argument("--pattern", metavar="REGEX", help="how paths name students: a regular expression with a group (?P<student>...), searched "
                        "in each notebook's path from SUBMISSIONS on")
    parser.add_argument("--students", metavar="ROSTER", help="who is in the course, as for `release`: who handed in nothing is told then, and "
                        "who is found on it is marked on no other's variants")
    parser.add_argument("--course-key", metavar="FILE", help="the key with which variants were released")
    parser.add_argument("--probe", action="store_true", help="say which layers of isolation hold here, and end")
    parser.add_argument("--unsafe", action="store_true", help="mark although no isolation holds; every result will say so")
    parser.set_defaults(run=_grade, parser=parser)


def add_report(commands: Any, manner: dict[str, Any]) -> None:
    """Declare `report`."""
    parser = commands.add_parser("report", help="make tables and pages of results", description=REPORT, epilog=REPORT_CODES, **manner)
    parser.add_argument("results", metavar="RESULTS", help="the folder that `grade` made")
    parser.add_argument("--out", metavar="FOLDER", help="where to; RESULTS/report, or RESULTS/report-anonymous, unless you say")
    parser.add_argument("--canvas", metavar="CSV", help="the gradebook that Canvas exported; a filled copy is written")
    parser.add_argument("--column", metavar="NAME", help="the column of the gradebook to fill; asked for when it is not clear")
    parser.add_argument("--anonymous", action="store_true", help="numbers in place of names")
    parser.set_defaults(run=_report, parser=parser)


def _grade(options: argparse.Namespace, further: list[str]) -> int:
    if further:
        options.parser.error(f"unrecognized arguments: {' '.join(further)}")
    if not sys.platform.startswith("linux"):
        return complain(NO_ISOLATION, ELSEWHERE.format(platform={"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)))
    if options.probe:
        return _probe()
    if not (options.bank and options.submissions and options.out):
        options.parser.error("BANK, SUBMISSIONS and --out are needed")
    return _marked(options)


def _course_key(file: str | None) -> bytes | None:
    from .beforehand import BeforehandError
    if file is None:
        return None
    try:
        return Path(file).expanduser().read_bytes().strip()
    except OSError as error:
        raise BeforehandError(f"The course's key {file} cannot be read: {error.strerror}. It is the file that `release` made.") from None


def _probe() -> int:
    from .layers import ENOUGH
    from .probing import proven, told
    isolation, proofs = proven()
    for line in told(isolation, proofs):
        print(line, flush=True)
    print("Notebooks are marked here." if isolation.enough else f"That is not enough: {ENOUGH}. Nothing is marked here.")
    return 0 if isolation.enough else NO_ISOLATION


def _marked(options: argparse.Namespace) -> int:
    from ..exercises.banks import BankError, load_bank, package_bank
    from ..exercises.release import ReleaseError, read_roster
    from .batch import Progress, grade, threads
    from .beforehand import BeforehandError, before_marking, chosen
    from .cluster import ClusterError, cluster
    from .collecting import CollectingError, collected
    from .layers import ENOUGH
    from .marking import Marking
    from .probing import proven
    from .results import Results, ResultsError
    from .sandbox import Limits
    path = None if options.bank == "backproplab" else Path(options.bank).expanduser()      # a folder of that name is ./backproplab
    try:
        bank = package_bank() if path is None else load_bank(path)
        submissions = chosen(bank, collected(Path(options.submissions).expanduser(), options.pattern))
        if options.only is not None:
            submissions = [s for s in submissions if s.student == options.only]
            if not submissions:
                return complain(1, f"Nobody called {options.only!r} handed in anything.")
        key = _course_key(options.course_key)
        listed = read_roster(Path(options.students).expanduser()) if options.students else None
        roster = tuple((student, *listed.also.get(student, ())) for student in listed.students) if listed is not None else ()
        for sentence in before_marking(bank, submissions, key, roster):
            print(printable(sentence), file=sys.stderr, flush=True)
        isolation, _ = proven()
        if not isolation.enough and not options.unsafe:
            return complain(NO_ISOLATION, f"no isolation holds here: it takes {ENOUGH}, and there is {', '.join(isolation.names) or 'none'}. "
                                          'pip install "backproplab[grading]" may bring what lacks; `backproplab grade --probe` says more.')
        results = Results(Path(options.out).expanduser())
        marking = Marking(bank, isolation, Limits(float(options.time), options.memory), results.secret(), key, not isolation.enough, roster)
        pool = cluster(options.scheduler, path) if options.scheduler else threads(options.jobs)
    except (BankError, ReleaseError, CollectingError, ResultsError, ClusterError, BeforehandError, OSError) as error:
        return complain(3 if isinstance(error, ClusterError) and "pip" in str(error) else 1, str(error))
    live = sys.stderr.isatty()

    done = 0

    def tell(progress: Progress) -> None:
        nonlocal done
        done = progress.done
        if live:
            print(f"\r{progress}".ljust(60), end="", file=sys.stderr, flush=True)

    try:
        progress = grade(marking, submissions, results, pool=pool, regrade=options.regrade, keep=options.only is not None,
                         tell=tell)
    except KeyboardInterrupt:
        print(f"\nInterrupted: {done} of {len(submissions)} are marked; the same command goes on from there.", file=sys.stderr, flush=True)
        raise
    finally:
        if live:
            print(file=sys.stderr)
    return summary(results, progress)


def summary(results: Any, progress: Any) -> int:
    """Say how it went; the exit code."""
    # Of a result only what is told stays in memory.
    found = [(student, {key: result[key] for key in ("score", "max_score", "verdict", "unsafe")})
             for student, result in results if result is not None]
    scores = [result["score"] for _, result in found if result["score"] is not None]
    notebooks = f"{progress.total} notebook{'s' * (progress.total != 1)}"
    print(f"{notebooks}: {progress.marked} marked, {progress.kept} were marked before, {progress.faults} faults.")
    if scores:
        print(f"Scores: median {median(scores):g}, from {min(scores):g} to {max(scores):g}, of {found[0][1]['max_score']:g}.")
    unsafe = sum(bool(result["unsafe"]) for _, result in found)
    if unsafe:
        print(f"{unsafe} were marked without isolation.")
    faults = [student for student, result in found if result["verdict"] == "fault"]
    for student in faults:
        print(f"Not marked, through no fault of their own: {printable(student)}")
    print(f"Next: backproplab report {results.folder}")
    return FAULTS if faults else 0


def _report(options: argparse.Namespace, further: list[str]) -> int:
    if further:
        options.parser.error(f"unrecognized arguments: {' '.join(further)}")
    from .reports import ReportError, report
    from .results import Results, ResultsError
    folder = Path(options.results).expanduser()
    out = Path(options.out).expanduser() if options.out else folder / ("report-anonymous" if options.anonymous else "report")
    try:
        written = report(Results(folder, make=False), out,
                         canvas=Path(options.canvas).expanduser() if options.canvas else None, column=options.column,
                         anonymous=options.anonymous)
    except (ResultsError, ReportError, OSError) as error:
        return complain(1, str(error))
    for line in written:
        print(printable(line))
    return 0


def complain(code: int, sentence: str) -> int:
    lines = "\n".join(map(printable, sentence.split("\n")))          # what is wrong with a bank takes several
    print(f"backproplab: {lines}", file=sys.stderr, flush=True)
    return code


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def _memory(text: str) -> int:
    if not text.isdecimal() or not 300 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of MB of at least 300, which Python and NumPy need")
    return int(text)
