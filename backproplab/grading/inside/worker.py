"""Started in a process of its own: runs the cells of one notebook, then answers calls. It knows no test and no expected value.

    python -I -S worker.py REQUESTS REPLIES FOLDER ...

with two descriptors, and the folders where NumPy and landlockpy are installed; `wire.py` says what goes over the descriptors.
"""
from __future__ import annotations

import linecache
import os
import sys
from typing import Any

OWN = os.path.dirname(os.path.abspath(__file__))
REQUESTS, REPLIES, PACKAGES = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
MOST_OUTPUT = 4_000
MOST_SAID = 200
MOST_ERRORS = 50                           # with MOST_OUTPUT they fit into a header, also where each letter takes twelve bytes
TAKES_ANY = 0x08                           # the flag of a function with **names


def read(count: int) -> bytes:
    """That many bytes of the grader; when it is gone, so is this process."""
    found = bytearray()
    while len(found) < count:
        piece = os.read(REQUESTS, count - len(found))
        if not piece:
            os._exit(0)
        found += piece
    return bytes(found)


def said(error: BaseException) -> list[str]:
    """Name and text of an error; the text may itself fail."""
    try:
        text = str(error)[:MOST_SAID]
    except BaseException:
        text = ""
    return [type(error).__name__[:60], text]


class Worker:
    """The cells' namespace, and what they gave for each question."""

    def __init__(self) -> None:
        sys.path[:0] = [OWN, *PACKAGES]
        import confine
        import stubs
        import wire
        self.wire, self.stubs = wire, stubs
        settings, _ = wire.parsed(read(wire.length_of(read(4), wire.MOST_BEGINNING)), wire.MOST_BEGINNING)
        self.settings = settings["begin"]
        if "landlock" in self.settings["layers"]:
            import landlockpy  # noqa: F401
        sys.path[:] = [path for path in sys.path if path not in (OWN, *PACKAGES)]
        self.send({"ready": confine.confine(self.settings)})
        stubs.install()
        self.names = stubs.namespace()
        self.answers: dict[str, Any] = {}

    def receive(self) -> tuple[dict[str, Any], bytes]:
        header, blob = self.wire.parsed(read(self.wire.length_of(read(4))))
        return header, blob

    def send(self, header: dict[str, Any], blob: bytes = b"") -> None:
        view = memoryview(self.wire.frame(header, blob))
        while view:
            view = view[os.write(REPLIES, view):]

    def run_cells(self) -> None:
        """Run every cell, whatever the one before did; note what each gave for its question."""
        errors, names = [], self.settings["names"]
        captured = self.stubs.Captured(MOST_OUTPUT)
        sys.stdout = sys.stderr = captured
        for k, (question, source) in enumerate(self.settings["cells"]):
            self.send({"cell": k})
            for name in names.get(question, ()):                      # an answer of an earlier cell is not this one's
                if name == "answer":
                    self.names.pop(name, None)
            try:
                text = self.stubs.plain(source)
                linecache.cache[f"<cell {k + 1}>"] = (len(text), None, text.splitlines(keepends=True), f"<cell {k + 1}>")
                exec(compile(text, f"<cell {k + 1}>", "exec", dont_inherit=True), self.names)
            except BaseException as error:
                errors.append([k, *said(error)])
            self.keep(question, names.get(question, ()))
        for question, given in names.items():
            if question not in self.answers and question in self.settings["anywhere"]:
                self.keep(question, given)
        sys.stdout = sys.stderr = self.stubs.Captured(0)              # what is printed from here on may hold inputs of the grader
        self.send({"loaded": errors[:MOST_ERRORS], "output": "".join(captured.parts)})

    def keep(self, question: str, names: Any) -> None:
        for name in names:
            if name in self.names:
                value = self.names[name]
                if callable(value):
                    self.answers[question] = (value, None, b"")
                    continue
                try:
                    self.answers[question] = (value, *self.wire.encoded(value))
                except BaseException as error:
                    self.answers[question] = (value, error, b"")

    def serve(self) -> None:
        """Answer until the grader is gone."""
        while True:
            request, blob = self.receive()
            try:
                tree, parts = self.answer(request, blob)
                self.send({"id": request["id"], "value": tree}, parts)
            except BaseException as error:
                self.send({"id": request["id"], "error": said(error)[0]})

    def answer(self, request: dict[str, Any], blob: bytes) -> tuple[Any, bytes]:
        if request["question"] not in self.answers:
            raise LookupError
        given, tree, parts = self.answers[request["question"]]
        if request["do"] == "get":
            if callable(given):
                return ["s", "a function"], b""
            if isinstance(tree, BaseException):
                raise tree
            return tree, parts
        if given is None or given is ...:                             # not written yet, which is no mistake
            return self.wire.encoded(None)
        if not callable(given):
            raise NotCallable
        arguments = self.wire.decoded(request["arguments"], blob)
        result = self.make(given, arguments) if request["do"] == "make" else self.call(given, arguments)
        if isinstance(result, self.stubs.Inert):
            raise NotHere
        return self.wire.encoded(result)

    def call(self, given: Any, arguments: dict[str, Any]) -> Any:
        """By name where the names fit, else by place."""
        arguments = {name: plain_number(value) for name, value in arguments.items()}
        code = getattr(given, "__code__", None)                       # inspect.signature says the same, and takes long to load
        taken = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount] if code is not None else arguments
        by_name = set(arguments) <= set(taken) or code is not None and bool(code.co_flags & TAKES_ANY)
        return given(**arguments) if by_name else given(*arguments.values())

    def make(self, given: Any, calls: list[Any]) -> list[Any]:
        made = given()
        return [getattr(made, method)(*map(plain_number, values)) for method, values in calls]


class NotCallable(Exception):
    """The answer is a value where a function is asked."""


class NotHere(Exception):
    """The answer was computed with a package that is not here."""


def plain_number(value: Any) -> Any:
    return value[()] if getattr(value, "ndim", 1) == 0 else value


if __name__ == "__main__":
    worker = Worker()
    worker.run_cells()
    worker.serve()
