"""LaTeX taken apart: what stands in a line, what is a table of such lines, and how each environment is set.

Only the larger pieces are looked for; a line itself is read by whoever sets it.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace


class MathematicsError(ValueError):
    """A formula that cannot be set; the message says which part."""


@dataclass(frozen=True, slots=True)
class Table:
    """How an environment is set: the brackets round it, the columns ("rl" starts again when it is used up), the room between columns,
    whether a fraction in it is as large as in a formula of its own, and whether an argument follows its name."""

    left: str = ""
    right: str = ""
    columns: str = "c"
    between: tuple[float, ...] = (90.0,)
    display: bool = False
    argument: bool = False


_EQUATIONS = Table(columns="rl", between=(0.0, 200.0), display=True)
ENVIRONMENTS = {
    "matrix": Table(), "smallmatrix": Table(), "pmatrix": Table("(", ")"), "bmatrix": Table("[", "]"), "Bmatrix": Table("{", "}"),
    "vmatrix": Table("|", "|"), "Vmatrix": Table("‖", "‖"), "array": Table(argument=True), "cases": Table("{", "", "l"),
    "gather": Table(display=True), "gathered": Table(display=True), "equation": Table(display=True),
    "align": _EQUATIONS, "aligned": _EQUATIONS, "split": _EQUATIONS,
    "alignat": replace(_EQUATIONS, between=(0.0, 10.0), argument=True), "alignedat": replace(_EQUATIONS, between=(0.0, 10.0), argument=True),
}


_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+)\*?\}")
_LEFT = re.compile(r"\\left\s*(\\[{}|]|[\[(|.])\s*$")
_RIGHT = re.compile(r"\s*\\right\s*(\\[{}|]|[\])|.])")
_SIGNS = {r"\{": "{", r"\}": "}", r"\|": "‖", ".": ""}


def pieces(tex: str) -> Iterator[tuple[str, str, Table, str]]:
    """("line" | "raised" | "table", text, its environment, its columns) from left to right."""
    nothing = Table()
    while found := _ENVIRONMENT.search(tex):
        name = found[2]
        if found[1] == "end" or name not in ENVIRONMENTS:
            raise MathematicsError(rf"\{found[1]}{{{name}}}")
        table = ENVIRONMENTS[name]
        before, inside, after = tex[:found.start()], *_closed(tex, found)
        columns = table.columns
        if table.argument:
            argument, inside = _group(inside)
            columns = "".join(re.findall("[lcr]", argument)) or columns
        opening, closing = _LEFT.search(before), _RIGHT.match(after)
        if opening and closing:                                          # \left[ \begin{array} ... \end{array} \right]
            table = replace(table, left=_SIGNS.get(opening[1], opening[1]), right=_SIGNS.get(closing[1], closing[1]))
            before, after = before[:opening.start()], after[closing.end():]
        if _open(before):
            raise MathematicsError(rf"\begin{{{name}}} inside braces")
        if before.strip():
            yield "line", before, nothing, ""
        yield "table", inside, table, columns
        if after.lstrip().startswith("^"):
            exponent, after = _group(after.lstrip()[1:])
            yield "raised", exponent, nothing, ""
        tex = after
    if tex.strip():
        yield "line", tex, nothing, ""


def _closed(tex: str, begin: re.Match[str]) -> tuple[str, str]:
    """What an environment encloses, and what follows it."""
    depth = 1
    for found in _ENVIRONMENT.finditer(tex, begin.end()):
        depth += 1 if found[1] == "begin" else -1
        if not depth:
            return tex[begin.end():found.start()], tex[found.end():]
    raise MathematicsError(rf"\begin{{{begin[2]}}} without its end")


def _group(tex: str) -> tuple[str, str]:
    """The next argument, {...}, a command or one sign, and what follows."""
    tex = tex.lstrip()
    if tex.startswith("{"):
        for k in range(1, len(tex) + 1):
            if not _open(tex[:k]):
                return tex[1:k - 1], tex[k:]
        raise MathematicsError("{ without }")
    found = re.match(r"\\[A-Za-z]+|\\.|.", tex)
    if found is None:
        raise MathematicsError("a missing argument")
    return found[0], tex[found.end():]


def _open(tex: str) -> int:
    """How many braces are open at the end."""
    return sum({"{": 1, "}": -1}.get(found, 0) for found in re.findall(r"\\.|[{}]", tex, re.DOTALL))


def split(tex: str, at: str) -> list[str]:
    """The parts between separators that are neither in braces nor in an inner environment."""
    parts, depth = [""], 0
    for found in re.findall(r"\\begin\s*\{|\\end\s*\{|\\\\(?:\s*\[[^\]]*\])?|\\.|[\s\S]", tex):
        opens = found.startswith("\\begin") or found == "{"
        # \begin{ opens twice, for its brace and for what it encloses; the brace of \end{ closes as that of any group does.
        depth += (2 if found.startswith("\\begin") else 1) if opens else -1 if found == "}" else 0
        if not depth and (found[:2] if at == "\\\\" else found) == at:
            parts.append("")
        else:
            parts[-1] += found
    return parts
