"""What came in, in the words of an error: small helpers of this room."""
from __future__ import annotations

from typing import Any


def named_type(given: Any) -> str:
    """'an int', 'a list', 'None': what came in, for a sentence."""
    name = type(given).__name__
    return "None" if given is None else f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def cut(said: str, most: int = 200) -> str:
    """A formula as it is told back: its beginning where it is very long."""
    return said if len(said) <= most else f"{said[:most - 1]}…"
