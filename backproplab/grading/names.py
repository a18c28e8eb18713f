"""Who is meant by a name: a learning management system, a roster and a gradebook write one student in several ways.

A name means who is called just that; else the only one who is called nearly that; and nobody where there are two.
"""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

EXACT, NEARLY, LOCAL = "=", "~", "@"       # before a key: the name itself; as it may be written too; what stands before an @
TWO = ""                                   # whom a key means that two have


def known_as(names: Iterable[str], also: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """Whom a key means, for `meant`; `also` has further names of some, such as what a person is called beside an address."""
    found: dict[str, set[str]] = {}
    for name in names:
        for written in (name, *(also or {}).get(name, ())):
            local = [LOCAL + key for key in _written(written.partition("@")[0])] if "@" in written else []
            for key in (*_keys(written), *local):
                found.setdefault(key, set()).add(name)
    return {key: who.pop() if len(who) == 1 else TWO for key, who in found.items()}


def meant(name: str, by: dict[str, str]) -> str | None:
    """Who of those that `known_as` was given is meant, or None: ann and ann@x.edu are one, ann@x.edu and ann@y.edu are two."""
    for key in (*_keys(name), *([] if "@" in name else (LOCAL + key for key in _written(name)))):
        if key in by:
            return by[key] or None                                    # of two who are called that, neither by what fits less
    for key in _written(name.partition("@")[0]) if "@" in name else ():
        if who := by.get(NEARLY + key):
            return who if by.get(LOCAL + key, who) == who else None   # an address elsewhere is somebody else's
    return None


def _keys(name: str) -> list[str]:
    """From the most exact one on."""
    whole = unicodedata.normalize("NFC", name).strip()
    return [EXACT + whole] * bool(whole) + [NEARLY + key for key in _written(whole)]


def _written(name: str) -> list[str]:
    """Jane Doe, "Doe, Jane", janedoe, and doejane, as Canvas writes it in the name of a file, have one in common."""
    text = unicodedata.normalize("NFC", name).strip().lower()
    # Vowel signs, in the scripts that have them, are no letters, and tell names apart all the same.
    words = ["".join(c for c in word if c.isalnum() or unicodedata.category(c).startswith("M")) for word in text.split()]
    keys = text, "".join(words), "".join(words[-1:] + words[:-1]), "".join(sorted(words))
    return [key for key in dict.fromkeys(keys) if key]
