"""Who is meant by a name: a learning management system, a roster and a gradebook write one student in several ways.

A name means who is called just that; else the only one who is called nearly that; and nobody where there are two.
"""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

EXACT, NEARLY, LOCAL = "=", "~", "@"       # before a key: the name itself; as it may be written too; what stands before an @, or has none


def known_as(names: Iterable[str], also: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """Whom a key means, for `meant`; `also` has further names of some, such as what a person is called beside an address."""
    found: dict[str, set[str]] = {}
    for name in names:
        for written in (name, *(also or {}).get(name, ())):
            for key in _keys(written):
                found.setdefault(key, set()).add(name)
    return {key: who.pop() for key, who in found.items() if len(who) == 1}


def meant(name: str, by: dict[str, str]) -> str | None:
    """Who of those that `known_as` was given is meant, or None: ann and ann@x.edu are one, ann@x.edu and ann@y.edu are two."""
    for key in _keys(name):
        who = by.get(key)
        if who is not None and not (key.startswith(LOCAL) and "@" in name and "@" in who):
            return who
    return None


def _keys(name: str) -> list[str]:
    """From the most exact one on; "Jane Doe", "Doe, Jane" and doejane, as Canvas writes it in the name of a file, have one in common."""
    whole = unicodedata.normalize("NFC", name).strip()
    keys = [EXACT + whole]
    for kind, text in ((NEARLY, whole.lower()), (LOCAL, whole.lower().partition("@")[0])):
        words = ["".join(c for c in word if c.isalnum()) for word in text.split()]
        keys += [kind + text, kind + "".join(words), kind + "".join(sorted(words))]
    return [key for key in dict.fromkeys(keys) if len(key) > 1]
