"""The command `backproplab`.

For each subcommand one function declares its parser and one runs it and returns an exit code; `main` joins them. So far there is
one: `lab` hands out the lessons and runs JupyterLab on them. What is said goes to the standard output, what went wrong to the
standard error, in sentences.
"""
from __future__ import annotations

import argparse
import difflib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import __version__, serving
from .lessons import HandOut, HandOutError, hand_out, lesson_files, lessons_folder

DONE, UNUSABLE, MISUSED, NO_JUPYTERLAB, JUPYTERLAB_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130
EXIT_CODES = """\
exit codes:
  0    done; for `lab` also when stopped by Ctrl-C or by a signal to end
  1    the folder cannot be used, or the lessons cannot be found
  2    the command was not understood
  3    JupyterLab is not installed
  4    JupyterLab ended by itself with an error
  130  interrupted before JupyterLab was started"""

LAB = """\
Copy the lessons into FOLDER and open JupyterLab on the first of them.

A lesson you changed is yours and is never written over: it is kept, and you
are told. Running cells is no change. A lesson you did not change gets our
newer version."""
LAB_CLOSING = f"""\
Further options go to JupyterLab; write them with an = sign, like --port=9999,
or after a lone --. In a container, --ip=0.0.0.0 lets you in from outside.
Press Ctrl-C to stop.

{EXIT_CODES}"""

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
    _add_version(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_lab(commands)
    known, beyond = _split(sys.argv[1:] if arguments is None else list(arguments))
    options, further = parser.parse_known_args(known)
    if "run" not in options:
        if further:
            parser.error(f"unrecognized arguments: {' '.join(further)}")
        parser.print_help(sys.stderr)
        return MISUSED
    try:
        return options.run(options, known, further + beyond)
    except KeyboardInterrupt:
        return INTERRUPTED


def _add_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", action="version", version=f"backproplab {__version__}", help="print the version and exit")


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first lone --."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1:]


def _add_lab(commands: Any) -> None:
    parser = commands.add_parser("lab", help="copy the lessons into a folder and open JupyterLab there",
                                 usage="backproplab lab [FOLDER] [--refresh] [--no-browser] [JupyterLab's options]",
                                 description=LAB, epilog=LAB_CLOSING, **MANNER)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default="backproplab-lessons",
                        help="your folder for the lessons, made if need be (default: backproplab-lessons)")
    parser.add_argument("--refresh", action="store_true",
                        help="put lessons you changed aside, under a name with the date, and copy ours")
    parser.add_argument("--no-browser", action="store_true", help="open no browser; the address is printed")
    _add_version(parser)
    parser.set_defaults(run=_lab, parser=parser)


def _lab(options: argparse.Namespace, known: list[str], further: list[str]) -> int:
    _refuse_doubtful(options, known, further)
    if not serving.installed():
        return _complain(NO_JUPYTERLAB, 'JupyterLab is not installed here; this brings it: pip install "backproplab[lab]"')
    folder = Path(os.path.abspath(os.path.expanduser(options.folder)))
    try:
        source = lessons_folder()
        result = hand_out(folder, refresh=options.refresh, source=source)
    except HandOutError as error:
        return _complain(UNUSABLE, str(error))
    for sentence in _told(result, folder):
        _say(sentence)
    code = serving.serve(folder, lesson_files(source)[0].name, ["--no-browser"] * options.no_browser + further, _say)
    if code:
        return _complain(JUPYTERLAB_FAILED, f"JupyterLab ended by itself with exit code {code}; what it said stands above.")
    return DONE


def _refuse_doubtful(options: argparse.Namespace, known: list[str], further: list[str]) -> None:
    """End with a sentence where an argument could mean two things, instead of guessing which."""
    refuse = options.parser.error
    if not options.folder:
        refuse("the name of FOLDER is empty")
    for word in further:
        if close := difflib.get_close_matches(word, ["--refresh", "--no-browser", "--version", "--help"], n=1, cutoff=0.9):
            refuse(f"{word} is no option of this command; did you mean {close[0]}?")
    for option, word in zip(known, known[1:], strict=False):
        if option in further and option.startswith("-") and "=" not in option and not word.startswith("-"):
            refuse(f"is {word} the folder, or does it belong to {option}? Write {option}={word}, or name the folder first")
    for word in known:
        if word in further and not word.startswith("-"):
            refuse(f"one folder is enough, and {word} is another; a name with spaces needs quotes around it")


def _told(result: HandOut, folder: Path) -> Iterator[str]:
    """What happened to the lessons, in sentences."""
    if result.copied:
        yield f"Copied {_count(result.copied)} into {folder}"
    else:
        yield f"Your lessons are in {folder}"
    if result.updated:
        yield f"Updated {_count(result.updated)} that you had not changed: {', '.join(result.updated)}"
    for name, reason in result.kept:
        yield f"Kept your {name}: {reason}. With --refresh it is put aside and a fresh copy made."
    for name, aside in result.put_aside:
        yield f"Your {name} is now {aside}; a fresh copy stands in its place."
    yield from result.notes


def _count(names: Sequence[str]) -> str:
    return f"{len(names)} lesson{'s' * (len(names) != 1)}"


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _complain(code: int, sentence: str) -> int:
    print(f"backproplab: {sentence}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
