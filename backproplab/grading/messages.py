"""All that a result may say about an answer. A message is one of these sentences; its slots take words of the bank and of Python alone.

So nothing that a student's program prints, raises or returns comes back to them from the inputs that they are not to see.
"""
from __future__ import annotations

import builtins

from ..exercises.banks import CODE
from ..questions import MISCONCEPTIONS, Outcome, Posed
from ..questions.misconceptions import title_of

MESSAGES = {
    "correct": "Right.",
    "missing": "No answer to this question was found: its cell is not there any more, or does not define `{name}`.",
    "unreadable": "The notebook could not be read.",
    "cell": "The cell stopped with {error} before `{name}` was defined.",
    "raised": "`{name}` raised {error}.",
    "not callable": "`{name}` is no function.",
    "no numbers": "`{name}` gave something other than numbers. Marked functions use NumPy and Python alone; use NumPy here.",
    "absent": "`{name}` uses a package that is not there when it is marked: use NumPy here.",
    "no value": "`{name}` is of a kind that cannot be read: give a number, text, or a list of these.",
    "blank": "Nothing is answered yet: give `{name}` a value in place of `...` or None.",
    "nothing": "Not answered yet: `{name}` gives nothing back, or nothing for a part of what is asked.",
    "unread": "The answer could not be read as one to this question.",
    "timeout": "It did not end within {seconds:g} s. Look for a loop that does not end.",
    "killed": "It ended the program that ran it, as `exit` does, or a crash; too much memory does that too.",
    "malformed": "What came back was not an answer.",
    "count": "Another number of results came back than is asked.",
    "type": "A result is no number and no array of numbers.",
    "shape": "{output} has another shape than asked.",
    "infinite": "A result is not finite: look for a division by zero, or a logarithm of 0.",
    "values": "{output} has other values than asked.",
    "known": "{reason} {action}",
    "mistake": "{output} has the numbers of a common mistake: {families}.",
    "wrong": "Not right.",
    "partly": "Partly right.",
    "fault": "The grader could not mark this. It is not your fault, and no mark is lost: your instructor is told.",
}

ERRORS = frozenset(name for name, thing in vars(builtins).items() if isinstance(thing, type) and issubclass(thing, BaseException))


def error_name(given: str) -> str:
    """A name that Python itself gives to errors; a student's own may carry a message out."""
    return given if given in ERRORS else "an error"


def message(id: str, **slots: object) -> str:
    """The sentence with its slots filled."""
    return MESSAGES[id].format_map(slots)


def of_outcome(posed: Posed, outcome: Outcome) -> tuple[str, dict[str, object]]:
    """(message, slots) for what a kind of question said; its own sentences may hold numbers that are not to be shown."""
    if outcome.right:
        return "correct", {}
    if posed.kind in CODE:
        return _of_code(posed, outcome)
    if families := _families(outcome):
        return "mistake", {"output": "An answer", "families": families}
    if outcome.verdict == "unreadable":
        return "unread", {}
    if outcome.verdict == "shape":
        return "shape", {"output": "An answer"}
    return ("partly" if outcome.share > 0 else "wrong"), {}


def _families(outcome: Outcome) -> str:
    known = {m.family for m in MISCONCEPTIONS.values()}               # a bank may have declared some
    return " or ".join(title_of(name) for name in outcome.names if name in known)


def _of_code(posed: Posed, outcome: Outcome) -> tuple[str, dict[str, object]]:
    id = outcome.names[0] if outcome.names else outcome.verdict
    if id == "known":
        return "known", {"reason": outcome.reason, "action": outcome.action}      # the bank's own words
    if id in ("count", "type", "infinite"):
        return id, {}
    quoted = outcome.reason.split("`")
    outputs = posed.facts.get("parameters", {}).get("outputs") or posed.facts.get("asked") or ()
    slots: dict[str, object] = {"output": f"`{quoted[1]}`" if len(quoted) > 1 and quoted[1] in outputs else "A result"}
    if families := _families(outcome):
        return "mistake", slots | {"families": families}
    return ("shape" if id == "shape" else "values"), slots
