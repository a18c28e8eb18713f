"""What a release must not hold: the last look before it is written.

Every text of the notebook is searched, wherever it stands, and what is encoded is decoded first.
"""
from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...questions import Posed

SHORTEST = 12                             # characters of a line without spaces; shorter ones occur anywhere
NO_SECRET = re.compile(r"#|(import|from)\s")      # a comment, or what every program begins with
ENCODED = re.compile(r"[A-Za-z0-9+/=_\n-]{24,}")


def secrets_of(posed: Iterable[Posed], solved: Iterable[str], shown: Iterable[str] = ()) -> list[str]:
    """What must not be found: lines of solutions, reasons for options, answers as programs.

    Parameters
    ----------
    posed : iterable of Posed
    solved : iterable of str
        Solutions and hidden parts.
    shown : iterable of str
        Texts that are handed out on purpose; a line that stands there is no secret.
    """
    public = {_squeezed(line) for text in shown for line in text.splitlines()}
    lines = [line for text in solved for line in text.splitlines()]
    for p in posed:
        lines += [why for _, _, why in p.options] + [w.get("why", "") for w in p.wrong]
        lines += str(p.answer).splitlines() if isinstance(p.answer, str) else []
        public |= {_squeezed(line) for line in (*p.code, *(t for t, _, _ in p.options), p.prompt)}
    found = {_squeezed(line): line.strip() for line in lines}
    return [line for short, line in found.items() if len(short) >= SHORTEST and short not in public and not NO_SECRET.match(line)]


def leaks(notebook: Mapping[str, Any], secrets: Iterable[str]) -> list[str]:
    """Where a notebook holds what it must not: one sentence each; none for one that may be handed out."""
    wanted = {_squeezed(s): s for s in secrets}
    found = []
    for where, text in _texts(notebook, "notebook"):
        short = _squeezed(text)
        found += [f"{where} holds {secret!r}" for key, secret in wanted.items() if key in short]
    for k, cell in enumerate(notebook.get("cells", []), start=1):
        if cell.get("outputs"):
            found.append(f"cell {k} has outputs")
        if cell.get("attachments") and not all(name in "".join(cell["source"]) for name in cell["attachments"]):
            found.append(f"cell {k} has an attachment that its text does not show")
    if "widgets" in notebook.get("metadata", {}):
        found.append("the notebook keeps the state of widgets")
    return found


def _texts(thing: Any, where: str) -> Iterator[tuple[str, str]]:
    """(where, text) of every text in a JSON value, and of what texts decode to."""
    if isinstance(thing, str):
        yield where, thing
        for text in _decoded(thing):
            yield f"{where}, decoded,", text
    elif isinstance(thing, Mapping):
        for name, value in thing.items():
            yield from _texts(str(name), where)
            yield from _texts(value, f"{where}.{name}" if where != "notebook" else str(name))
    elif isinstance(thing, (list, tuple)):
        if thing and all(isinstance(t, str) for t in thing):
            yield from _texts("".join(thing), where)
            return
        for k, value in enumerate(thing, start=1):
            yield from _texts(value, f"{where.removesuffix('s')} {k}" if where == "cells" else where)
    elif thing is not None:
        yield where, json.dumps(thing)


def _decoded(text: str, depth: int = 0) -> Iterator[str]:
    """What base64 or hexadecimal pieces of a text say, unpacked where they are packed."""
    for piece in ENCODED.findall(text):
        tight = piece.replace("\n", "")
        for decode in (base64.b64decode, base64.urlsafe_b64decode, binascii.unhexlify):
            try:
                raw = decode(tight)
            except (binascii.Error, ValueError):
                continue
            for data in (raw, _unpacked(raw)):
                if data:
                    found = data.decode("utf-8", "ignore")
                    yield found
                    if depth < 2:
                        yield from _decoded(found, depth + 1)


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(raw, 1_000_000)      # zlib or gzip
    except zlib.error:
        return b""


def _squeezed(text: str) -> str:
    return "".join(text.split())
