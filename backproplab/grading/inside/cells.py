"""A cell as Python alone, read as Jupyter reads it: magics, shell lines and pasted prompts are no reason to lose a mark.

The rules are those of IPython's input transformers, for what students write; it is not loaded here, for it is large and the sandbox is small.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import CodeType
from typing import Any

RUNS_ITS_LINE = re.compile(r"^(\s*)%(?:time|timeit|prun)\b(?:\s+-\w+(?:\s*\d+)?)*\s*(.*)$")
RUNS_ITS_CELL = {"time", "timeit", "capture", "prun", "%"}
PROMPT = re.compile(r"^(?:>>>|\.\.\.|In \[\d+\]:| *\.{3,}:)(?: |$)")
IPYTHON = re.compile(r"\s*In \[\d+\]: ")
QUOTES = ("\"\"\"", "'''", "\"", "'")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def compiled(source: str, name: str) -> CodeType:
    """The cell's program; `await` may stand in it outside of any function."""
    return compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def run(code: CodeType, names: dict[str, Any]) -> None:
    """Run it. What it awaits is run until it ends; there is no event loop, which would take sockets."""
    awaited = eval(code, names)
    while awaited is not None:
        try:
            awaited.send(None)
        except StopIteration:
            return


def plain(source: str) -> str:
    """A cell without magics, shell lines, prompts and questions to the help; what is Python stays as it is."""
    if IPYTHON.match(source):                                         # which is Python too: a variable that is annotated
        source = "\n".join(_pasted(source))
    try:
        compiled(source, "cell")
        return source
    except UNREADABLE:
        pass
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        return plain(rest) if (first[2:].split() or ["%"])[0] in RUNS_ITS_CELL else ""
    return "\n".join(line if inside else _line(line) for line, inside in _placed(_pasted(source)))


def _pasted(source: str) -> list[str]:
    """The lines without what pasting leaves before them: the prompts of a console, or the indentation of the first."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if PROMPT.match(first):
        return [PROMPT.sub("", line) for line in lines]
    indent = first[:len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines]


def _placed(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """(line, whether it goes on with what was begun: an open bracket, a string of several lines, a \\ at the end)."""
    depth, string, goes_on, magic = 0, "", False, False
    for line in lines:
        inside = depth > 0 or bool(string) or goes_on
        if magic and goes_on:                                         # of a magic: it goes where that went
            yield "", True
            goes_on = line.endswith("\\")
            continue
        yield line, inside
        magic = not inside and _line(line) != line
        if magic:
            goes_on = line.endswith("\\")
            continue
        depth, string = _scanned(line, depth, string)
        goes_on = line.endswith("\\")
        if len(string) == 1 and not goes_on:                          # ends with its line, rightly or not
            string = ""


def _scanned(line: str, depth: int, string: str) -> tuple[int, str]:
    """How many brackets are open after a line, and the quote of the string that is."""
    k = 0
    while k < len(line):
        if string:
            if line[k] == "\\":
                k += 1
            elif line.startswith(string, k):
                k += len(string) - 1
                string = ""
        elif line[k] == "#":
            break
        elif quote := next((quote for quote in QUOTES if line.startswith(quote, k)), ""):
            string = quote
            k += len(quote) - 1
        else:
            depth = max(0, depth + (line[k] in "([{") - (line[k] in ")]}"))
        k += 1
    return depth, string


def _line(line: str) -> str:
    bare = line.strip()
    indent = line[:len(line) - len(line.lstrip())]
    if timed := RUNS_ITS_LINE.match(line):
        return f"{timed[1]}{timed[2] or 'pass'}"
    if bare.startswith(("%", "!", "?")) or re.fullmatch(r"[\w.]+\?{1,2}", bare):
        return f"{indent}pass"
    if assigned := re.match(r"^(\s*[\w, ]+=)\s*[%!]", line):
        return f"{assigned[1]} []"
    return line
