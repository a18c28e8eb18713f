"""Runs the cells of one notebook in a process of its own, then answers calls. It knows no test and no expected value.

`forkserver.py` makes the process, and `wire.py` says what goes over its two descriptors.
"""
from __future__ import annotations

import linecache
import os
import sys
from typing import Any

import cells
import confine
import stubs
import wire

MOST_OUTPUT = 4_000
MOST_SAID = 200
MOST_ERRORS = 50                           # with MOST_OUTPUT they fit into a header, also where each letter takes twelve bytes
TAKES_ANY = 0x08                           # the flag of a function with **names


def said(error: BaseException) -> list[str]:
    """Name and text of an error; the text may itself fail."""
    try:
        text = str(error)[:MOST_SAID]
    except BaseException:
        text = ""
    return [type(error).__name__[:60], text]


class Worker:
    """The cells' namespace, and what they gave for each question."""

    def __init__(self, requests: int, replies: int) -> None:
        self.requests, self.replies = requests, replies
        self.settings: dict[str, Any] = self.receive(wire.MOST_BEGINNING, wire.MOST_BEGINNING)[0]["begin"]
        self.send({"ready": confine.confine(self.settings)})
        stubs.install()
        self.names = stubs.namespace()
        self.answers: dict[str, Any] = {}

    def receive(self, most: int = wire.MOST_BYTES, most_header: int = wire.MOST_HEADER) -> tuple[dict[str, Any], bytes]:
        return wire.parsed(self.read(wire.length_of(self.read(4), most)), most_header)

    def read(self, count: int) -> bytes:
        """That many bytes of the grader; when it is gone, so is this process."""
        found = bytearray()
        while len(found) < count:
            piece = os.read(self.requests, count - len(found))
            if not piece:
                os._exit(0)
            found += piece
        return bytes(found)

    def send(self, header: dict[str, Any], blob: bytes = b"") -> None:
        view = memoryview(wire.frame(header, blob))
        while view:
            view = view[os.write(self.replies, view):]

    def run_cells(self) -> None:
        """Run every cell, whatever the one before did; note what each gave for its question."""
        errors, names = [], self.settings["names"]
        of_several = {name: sum(name in of for of in names.values()) for of in names.values() for name in of}
        captured = stubs.Captured(MOST_OUTPUT)
        sys.stdout = sys.stderr = captured
        for k, (question, source) in enumerate(self.settings["cells"]):
            self.send({"cell": k})
            for name in names.get(question, ()):                      # an answer of an earlier cell is not this one's
                if of_several[name] > 1:
                    self.names.pop(name, None)
            try:
                text = cells.plain(source)
                linecache.cache[f"<cell {k + 1}>"] = (len(text), None, text.splitlines(keepends=True), f"<cell {k + 1}>")
                cells.run(cells.compiled(text, f"<cell {k + 1}>"), self.names)
            except BaseException as error:
                errors.append([k, *said(error)])
            self.keep(question, names.get(question, ()))
        for question, given in names.items():
            if question not in self.answers and question in self.settings["anywhere"]:
                self.keep(question, given)
        sys.stdout = sys.stderr = stubs.Captured(0)              # what is printed from here on may hold inputs of the grader
        self.send({"loaded": errors[:MOST_ERRORS], "output": "".join(captured.parts)})

    def keep(self, question: str, names: Any) -> None:
        for name in names:
            if name in self.names:
                value = self.names[name]
                if callable(value):
                    self.answers[question] = (value, None, b"")
                    continue
                try:
                    self.answers[question] = (value, *wire.encoded(value))
                except BaseException as error:
                    self.answers[question] = (value, error, b"")

    def serve(self) -> None:
        """Answer until the grader is gone."""
        while True:
            request, blob = self.receive()
            try:
                tree, parts = self.answer(request, blob)
                self.send({"id": request["id"], "value": tree}, parts)
            except Refusal as refusal:
                self.send({"id": request["id"], "refused": str(refusal)})
            except Raised as raised:
                self.send({"id": request["id"], "error": said(raised.args[0])[0]})
            except BaseException as error:
                self.send({"id": request["id"], "error": said(error)[0]})

    def answer(self, request: dict[str, Any], blob: bytes) -> tuple[Any, bytes]:
        if request["question"] not in self.answers:
            raise Refusal("missing")
        given, tree, parts = self.answers[request["question"]]
        if request["do"] == "get":
            if callable(given):
                return ["s", "a function"], b""
            if isinstance(tree, BaseException):
                raise Refusal("unsendable")
            return tree, parts
        if given is None or given is ...:                             # not written yet, which is no mistake
            return wire.encoded(None)
        if not callable(given):
            raise Refusal("not callable")
        arguments = wire.decoded(request["arguments"], blob)
        before = stubs.Inert.made
        try:
            result = self.make(given, arguments) if request["do"] == "make" else self.call(given, arguments)
        except BaseException as error:                                # whatever it is called: it is the student's
            raise (Refusal("not here") if stubs.Inert.made > before else Raised(error)) from None
        if isinstance(result, stubs.Inert):
            raise Refusal("not here")
        try:
            return wire.encoded(result)
        except BaseException:                                         # what becomes an array late may raise anything
            raise Refusal("not here" if stubs.Inert.made > before else "unsendable") from None

    def call(self, given: Any, arguments: dict[str, Any]) -> Any:
        """By name where the names fit, else by place."""
        arguments = {name: plain_number(value) for name, value in arguments.items()}
        code = getattr(given, "__code__", None)                       # inspect.signature says the same, and takes long to load
        taken = code.co_varnames[code.co_posonlyargcount:code.co_argcount + code.co_kwonlyargcount] if code is not None else arguments
        by_name = set(arguments) <= set(taken) or code is not None and bool(code.co_flags & TAKES_ANY) and not code.co_posonlyargcount
        return given(**arguments) if by_name else given(*arguments.values())

    def make(self, given: Any, calls: list[Any]) -> list[Any]:
        made = given()
        return [getattr(made, method)(*map(plain_number, values)) for method, values in calls]


class Refusal(Exception):
    """A request has no value: one of `wire.REFUSALS`."""


class Raised(Exception):
    """The student's code raised an error on a request."""


def plain_number(value: Any) -> Any:
    return value[()] if getattr(value, "ndim", 1) == 0 else value
