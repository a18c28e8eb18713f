"""How a question went, in a word or two: the same in a student's page, the class's and the table of scores."""
from __future__ import annotations

from typing import Any

WORDS = {"correct": "right", "wrong": "not right", "error": "stopped", "timeout": "too long", "killed": "ended", "malformed": "unreadable",
         "fault": "not marked"}
NOTHING = ("blank", "nothing", "missing")   # messages that say that nothing was answered
PARTLY = "partly right"


def word(entry: dict[str, Any]) -> str:
    """The word for an entry of a result."""
    if entry["code"] in NOTHING:
        return "not answered"
    return PARTLY if entry["verdict"] == "wrong" and entry["share"] else WORDS[entry["verdict"]]


def summed(result: dict[str, Any]) -> str:
    """The word for a whole result."""
    return WORDS["fault"] if result["verdict"] == "fault" else "marked"
