"""Who is meant by a name: a learning management system, a roster and a gradebook write one student in several ways."""
from __future__ import annotations

from collections.abc import Iterable

LOCAL = "\0"                               # before the keys of what stands before an @: found by names that have none themselves


def keys(name: str) -> list[str]:
    """Under what a student may be found: as it stands, in small letters, and as Canvas writes "Doe, Jane" in the name of a file: doejane."""
    bare = "".join(c for c in name.lower() if c.isalnum())
    return [key for key in dict.fromkeys((name.strip(), name.strip().lower(), bare)) if key]


def known_as(names: Iterable[str]) -> dict[str, str]:
    """Whom a key means: who is called just that, else the only one who is nearly called that; nobody where there are two."""
    exactly: dict[str, str] = {}
    nearly: dict[str, list[str]] = {}
    for name in names:
        exactly[name.strip()] = name
        for key in keys(name) + [LOCAL + key for key in _local(name)]:
            nearly.setdefault(key, []).append(name)
    return {key: who[0] for key, who in nearly.items() if len(who) == 1} | exactly


def meant(name: str, by: dict[str, str]) -> str | None:
    """Who of those that `known_as` knows is meant, or None: ann is ann@x.edu, and ann@y.edu is not."""
    tried = keys(name) + (_local(name) or [LOCAL + key for key in keys(name)])
    return next((by[key] for key in tried if key in by), None)


def _local(name: str) -> list[str]:
    local, at, _ = name.partition("@")
    return keys(local) if at else []
