"""The command `backproplab`.

For each subcommand one function declares its parser and one runs it and returns an exit code; `main` joins them: `lab` hands out
the lessons and runs JupyterLab on them, `export` writes them as pages, `release` makes students' notebooks; `grade` and `report` are in
`grading/command.py`. What is said goes to the standard output, what went wrong to the standard error, in sentences.
"""
from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

from . import serving
from .grading.command import add_grade, add_report
from .lessons import EXERCISES, HandOut, HandOutError, chosen, exercises_folder, hand_out, lesson_files, lessons_folder

DONE, UNUSABLE, MISUSED, NO_JUPYTERLAB, JUPYTERLAB_FAILED, LESSON_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
EXIT_CODES = """\
exit codes:
  0    done; for `lab` also when stopped by Ctrl-C or by a signal to end
  1    the folder cannot be used, or the lessons cannot be found
  2    the command was not understood
  3    JupyterLab is not installed, or what runs a notebook
  4    JupyterLab ended by itself with an error
  5    a lesson cannot be made into a page
  6, 7 of `grade` alone; `backproplab grade --help` says them
  130  interrupted; for `lab` before JupyterLab was started"""

DEFAULT_FOLDER = "backproplab-lessons"
LAB = f"""\
Copy the lessons into FOLDER ({DEFAULT_FOLDER} unless you name another), the
exercises into FOLDER/{EXERCISES}, and open JupyterLab on the first lesson.

A lesson you changed is yours and is never written over: it is kept, and you
are told. Running cells is no change. A lesson you did not change gets our
newer version."""
LAB_CLOSING = f"""\
An OPTION not listed here goes to JupyterLab: --port=9999, or in a container
--ip=0.0.0.0, which lets you in from outside. Press Ctrl-C to stop.

{EXIT_CODES}"""

EXPORT = """\
Run lessons and write each as a page of its own into SITE, with a list of
them: text, code, outputs, and widgets that can be stepped through. The pages
need no Python and no network; they work from a file and from any web server.

A LESSON is a number (04), the name of a lesson, or a notebook of your own.
Without one, all lessons are written."""

RELEASE_CODES = """\
exit codes:
  0    the notebooks are written
  1    SOURCE, BANK, ROSTER or a folder cannot be used; nothing is written then
  2    the command was not understood"""

RELEASE = """\
Make the notebooks that students get from SOURCE, a notebook of yours: prompts
filled in, solutions and hidden parts taken out, cells locked and described for
nbgrader as well. With a roster every student gets variants of their own.

In SOURCE a code cell that begins with "# question: ID" is where that question
is answered, its solution between "### BEGIN SOLUTION" and "### END SOLUTION";
{{ID}} in a text is where its prompt goes."""

# Paragraphs as written; no shortened options, since what we do not know belongs to JupyterLab.
MANNER: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (`--help` lists them).

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind `backproplab` on the command line; by default that of this process.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):        # a folder's name may hold what the terminal's encoding cannot show
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="backproplab", description="See, predict and derive backpropagation, in JupyterLab.",
                                     epilog=EXIT_CODES, **MANNER)
    parser.add_argument("--version", action="version", version=f"backproplab {version('backproplab')}",
                        help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_lab(commands)
    _add_export(commands)
    _add_release(commands)
    add_grade(commands, MANNER)
    add_report(commands, MANNER)
    options, further = parser.parse_known_args(arguments)
    if "run" not in options:
        if further:
            parser.error(f"unrecognized arguments: {' '.join(further)}")
        parser.print_help(sys.stderr)
        return MISUSED
    try:
        return options.run(options, further)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:                                          # `| head` has read enough; Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _add_lab(commands: Any) -> None:
    # FOLDER is taken from what remains: as an argument of this parser it would be 9999 in `lab --port 9999`.
    parser = commands.add_parser("lab", help="copy the lessons into a folder and open JupyterLab there",
                                 usage="backproplab lab [FOLDER] [--refresh] [--no-browser] [OPTION ...]",
                                 description=LAB, epilog=LAB_CLOSING, **MANNER)
    parser.add_argument("--refresh", action="store_true",
                        help="put lessons you changed aside, under a name with the date, and copy ours")
    parser.add_argument("--no-browser", action="store_true", help="open no browser; the address is printed")
    parser.set_defaults(run=_lab, parser=parser)


def _lab(options: argparse.Namespace, further: list[str]) -> int:
    name, further = _folder_first(further, options.parser)
    if not serving.installed():
        return _complain(NO_JUPYTERLAB, 'JupyterLab is not installed here; this brings it: pip install "backproplab[lab]"')
    folder = Path(os.path.abspath(os.path.expanduser(name)))
    try:
        source = lessons_folder()
        result = hand_out(folder, refresh=options.refresh, source=source)
    except HandOutError as error:
        return _complain(UNUSABLE, str(error))
    for sentence in _told(result, folder, "lesson"):
        _say(sentence)
    exercises = exercises_folder()
    if exercises is not None:
        try:
            for sentence in _told(hand_out(folder / EXERCISES, refresh=options.refresh, source=exercises), folder / EXERCISES, "exercise"):
                _say(sentence)
        except HandOutError as error:                   # a file of theirs has that name, say: the lessons are there all the same
            _say(f"The exercises were not copied. {error}")
    code = serving.serve(folder, lesson_files(source)[0].name, ["--no-browser"] * options.no_browser + further, _say)
    if code:
        return _complain(JUPYTERLAB_FAILED, f"JupyterLab ended by itself with exit code {code}; what it said stands above.")
    return DONE


def _add_export(commands: Any) -> None:
    parser = commands.add_parser("export", help="write lessons as pages that need neither Python nor a network",
                                 usage="backproplab export [LESSON ...] --out SITE [--binder]", description=EXPORT, epilog=EXIT_CODES, **MANNER)
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="what to write; all lessons unless you name some")
    parser.add_argument("--out", required=True, metavar="SITE", help="the folder for the pages; made if it is not there")
    parser.add_argument("--binder", action="store_true",
                        help="link to Binder, where a lesson runs in the reader's browser; right once the repository is public")
    parser.set_defaults(run=_export, parser=parser)


def _export(options: argparse.Namespace, further: list[str]) -> int:
    if further:
        options.parser.error(f"unrecognized arguments: {' '.join(further)}")
    if not options.out:
        options.parser.error("the name of SITE is empty")
    try:
        source = lessons_folder()
        notebooks = chosen(options.lessons, source)
    except HandOutError as error:
        return _complain(UNUSABLE, str(error))
    try:
        from .widgets.site import FolderError, SiteError, binder_link, export
    except ModuleNotFoundError as error:
        return _complain(NO_JUPYTERLAB, f'{error.name} is not installed here; this brings it: pip install "backproplab[lab]"')
    folder = Path(os.path.abspath(os.path.expanduser(options.out)))
    runnable = {}
    if options.binder:
        address = _repository()
        if address is None:
            return _complain(UNUSABLE, "this installation does not know its repository's address, from which the link to Binder is made")
        runnable = {path.name: binder_link(address, f"{DEFAULT_FOLDER}/{path.name}") for path in notebooks if path.parent == source}
    try:
        for page in export(notebooks, folder, runnable):
            _say(f"{page.path.name}: {page.size / 1000:.0f} kB" + (f", {page.seconds:.1f} s" if page.path.name != "index.html" else ""))
            for note in page.notes:
                _say(f"    {note}")
    except FolderError as error:
        return _complain(UNUSABLE, str(error))
    except SiteError as error:
        return _complain(LESSON_FAILED, str(error))
    _say(f"\nOpen {(folder / 'index.html').as_uri()}")
    return DONE


def _add_release(commands: Any) -> None:
    parser = commands.add_parser("release", help="make students' notebooks from an instructor's",
                                 usage="backproplab release SOURCE --out DIR [--bank BANK] [--students ROSTER --course-key FILE] [--gradescope ZIP]",
                                 description=RELEASE, epilog=RELEASE_CODES, **MANNER)
    parser.add_argument("source", metavar="SOURCE", help="your notebook")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder for what students get; made if it is not there")
    parser.add_argument("--bank", metavar="BANK", help="a file or folder of Python that declares the questions; ours unless you name yours")
    parser.add_argument("--students", metavar="ROSTER", help="a list of ids, or a CSV with a column such as id, email or student and perhaps name: "
                        "each student gets variants of their own")
    parser.add_argument("--course-key", metavar="FILE", help="the course's secret behind the variants; made if it is not there")
    parser.add_argument("--gradescope", metavar="ZIP", help="write an autograder for Gradescope too; it holds your bank, so keep it from students")
    parser.set_defaults(run=_release, parser=parser)


def _release(options: argparse.Namespace, further: list[str]) -> int:
    if further:
        options.parser.error(f"unrecognized arguments: {' '.join(further)}")
    from .engine.errors import BackpropError
    from .exercises.release import read_roster, release
    bank, students, key = (Path(os.path.expanduser(word)) if word else None for word in (options.bank, options.students, options.course_key))
    if options.gradescope and bank is None:
        options.parser.error("--gradescope needs --bank: an autograder marks by a bank of yours")
    try:
        made = release(Path(os.path.expanduser(options.source)), Path(os.path.expanduser(options.out)), bank=bank, students=students,
                       course_key=key)
    except BackpropError as error:
        return _complain(UNUSABLE, str(error))
    for note in made.notes:
        _say(note)
    _say(f"Wrote {len(made.files)} notebook{'s' * (len(made.files) != 1)} into {options.out}")
    if options.gradescope and bank is not None:
        from .grading.autograder import write_autograder
        try:
            write_autograder(Path(os.path.expanduser(options.gradescope)), bank, key)
        except OSError as error:
            return _complain(UNUSABLE, f"the autograder cannot be written: {error.filename}: {error.strerror}")
        _say(f"Wrote {options.gradescope}, an autograder to be uploaded to Gradescope. It holds the bank and the course's key: keep it from "
             "students. Try it with one notebook: it was never run in Gradescope's own container, and marks nothing where no isolation holds")
        if lacking := [s for s in (read_roster(students).students if students is not None else ()) if "@" not in s]:
            _say(f"Gradescope knows a student by the e-mail address, and the roster calls one {lacking[0]}: every variant would be another there. "
                 "Release with a roster that lists e-mail addresses first")
    return DONE


def _repository() -> str | None:
    """The address that the package's metadata holds; pyproject.toml is the one place where it is written."""
    links = (link.split(", ", 1) for link in metadata("backproplab").get_all("Project-URL") or [])
    return next((address for label, address in links if label == "Repository"), None)


def _folder_first(words: list[str], parser: argparse.ArgumentParser) -> tuple[str, list[str]]:
    """FOLDER, and what goes to JupyterLab. A second folder is refused: JupyterLab would open it instead of the lessons."""
    words = [word for word in words if word != "--"]
    named = bool(words) and not words[0].startswith("-")
    folder, further = (words[0], words[1:]) if named else (DEFAULT_FOLDER, words)
    if not folder:
        parser.error("the name of FOLDER is empty")
    for before, word in zip(["", *further], further, strict=False):
        takes_a_value = before.startswith("-") and "=" not in before
        if not word.startswith("-") and not takes_a_value:
            parser.error(f"what is {word!r}? One FOLDER, named first, is enough; a name with spaces needs quotes around it")
    return folder, further


def _told(result: HandOut, folder: Path, what: str) -> Iterator[str]:
    """What happened to the lessons or exercises, in sentences."""
    if result.copied:
        yield f"Copied {_count(result.copied, what)} into {folder}"
    else:
        yield f"Your {what}s are in {folder}"
    if result.updated:
        yield f"Updated {_count(result.updated, what)} that you had not changed: {', '.join(result.updated)}"
    for name, reason in result.kept:
        yield f"Kept your {name}: {reason}. With --refresh it is put aside and a fresh copy made."
    for name, aside in result.put_aside:
        yield f"Your {name} is now {aside}; a fresh copy stands in its place."
    yield from result.notes


def _count(names: Sequence[str], what: str) -> str:
    return f"{len(names)} {what}{'s' * (len(names) != 1)}"


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _complain(code: int, sentence: str) -> int:
    print(f"backproplab: {sentence}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
