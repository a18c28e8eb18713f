"""More notebooks of the kind of `hostile.py`: those that do not end, reach for the machine, or are no notebooks."""
from __future__ import annotations

import json

from tests.grading.hostile import EVERY, FORGERIES, PROTOCOL, Attack, doing
from tests.grading.notebooks import RIGHT, WRONG_LINEAR, cell, notebook, tree

FULLY: dict[str, float] = {}
ENDLESS = (
    Attack("while True", "does not end", "while True: pass"),
    Attack("interrupts swallowed", "does not end", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
    Attack("waits for ever", "does not end", "import select\nselect.select([], [], [])"),
    Attack("a function that does not end", "does not end", "def linear_backward(X, W, g):\n    while True: pass"),
    Attack("a second call that does not end", "does not end", RIGHT["linear"].replace("    return", "    C.append(1)\n    while len(C) > 1: pass\n    return")
           .replace("def", "C = []\ndef")),
    Attack("a regular expression", "does not end", "import re\nre.match('(a+)+$', 'a' * 40 + 'b')"),
    Attack("a power", "does not end", "10 ** 10 ** 9"),
    Attack("the signal of the limit ignored", "does not end", "import signal\nfor s in range(1, 64):\n    try: signal.signal(s, signal.SIG_IGN)\n"
                                                              "    except Exception: pass\nwhile True: pass"),
    Attack("a length that does not end", "does not end", "class L(list):\n    def __iter__(s):\n        while True: pass\n"
                                                         "def linear_backward(X, W, g): return L([1, 2])"),
    Attack("an end that does not end", "does not end", WRONG_LINEAR + "import atexit\n@atexit.register\ndef f():\n    while True: pass"),
    Attack("os._exit", "ends the process", "import os\nos._exit(0)"),
    Attack("os._exit in the function", "ends the process", "import os\ndef linear_backward(X, W, g): os._exit(0)"),
    Attack("sys.exit", "ends the process", WRONG_LINEAR + "import sys\nsys.exit(0)"),
    Attack("exit()", "ends the process", WRONG_LINEAR + "exit()"),
    Attack("abort", "ends the process", "import os\nos.abort()"),
    Attack("a segmentation fault", "ends the process", "import ctypes\nctypes.string_at(0)"),
    Attack("recursion", "ends the process", "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()"),
    Attack("recursion in C", "ends the process", "import sys\nsys.setrecursionlimit(10**9)\nclass Aa:\n    __getattr__ = lambda s, n: getattr(s, n)\nAa().x"),
    Attack("BaseException", "ends the process", WRONG_LINEAR + "raise BaseException"),
    Attack("an error that cannot be told", "ends the process", WRONG_LINEAR + "class E(Exception):\n    def __str__(s): raise KeyboardInterrupt\n"
                                                                              "raise E"),
    Attack("a list without end", "takes too much", "x = []\nwhile True: x.append(bytearray(10**7))"),
    Attack("an array of 800 GB", "takes too much", WRONG_LINEAR + "np.ones(10**11)"),
    Attack("a text of many lines", "takes too much", WRONG_LINEAR + "for k in range(100): print('x' * 10**6)"),
    Attack("the descriptors flooded", "takes too much", WRONG_LINEAR + "import os\nfor k in range(100):\n    os.write(1, b'x' * 10**6)\n    os.write(2, b'x' * 10**6)"),
    Attack("processes", "takes too much", WRONG_LINEAR + "import os\nfor k in range(300):\n    try: os.fork()\n    except OSError: pass"),
    Attack("threads", "takes too much", WRONG_LINEAR + "import threading\nfor k in range(300):\n    try: threading.Thread(target=lambda: [0 for _ in iter(int, 1)])"
                                                       ".start()\n    except RuntimeError: pass"),
    Attack("a disk full", "takes too much", WRONG_LINEAR + "import os\nfor place in ('<folder>', '/' + 'tmp', '/dev/shm', '.'):\n    try:\n"
                                                           "        fd = os.open(place + '/big', os.O_CREAT | os.O_WRONLY)\n"
                                                           "        while True: os.write(fd, b'x' * 10**6)\n    except OSError: pass"),
)


def escaping(name: str, statements: str, **more: object) -> Attack:
    """Tries something with the machine, whatever it raises; its answer is wrong."""
    tried = "try:\n" + "\n".join("    " + line for line in statements.splitlines()) + "\nexcept BaseException: pass"
    return Attack(name, "reaches out", doing(tried), **more)  # type: ignore[arg-type]


ESCAPES = (
    escaping("a file written", "open_ = __import__('io').open\nopen_('<folder>/pwned', 'w').write('x')"),
    escaping("the canary written", "fd = os.open('<file>', os.O_WRONLY)\nos.write(fd, b'x')"),
    escaping("the canary truncated", "os.truncate('<file>', 0)"),
    escaping("the canary removed", "os.unlink('<file>')"),
    escaping("the canary renamed", "os.rename('<file>', '<file>2')"),
    escaping("the canary's mode", "os.chmod('<file>', 0)"),
    escaping("a link", "os.symlink('<file>', '<folder>/link')"),
    escaping("another's result edited", "os.write(os.open('<results>/marked/x.json', os.O_WRONLY), b'{}')"),
    escaping("the canary read out", "raise_ = os.read(os.open('<file>', os.O_RDONLY), 99)\nprint(raise_)\nsys.stdout.write(str(raise_))"),
    escaping("a connection", "import socket\nsocket.create_connection(('127.0.0.1', <port>), 1).send(b'x')"),
    escaping("a connection without Python's module", "libc = ctypes.CDLL(None)\nfd = libc.socket(2, 1, 0)\nlibc.connect(fd, bytes([2, 0, <port> >> 8, <port> & 255, "
                                                     "127, 0, 0, 1]) + bytes(8), 16)"),
    escaping("a program", "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'echo x > <folder>/pwned'])"),
    escaping("os.system", "os.system('echo x > <folder>/pwned')"),
    escaping("another program in place", "os.execv('/bin/sh', ['sh', '-c', 'echo x > <folder>/pwned'])"),
    escaping("the grader killed", "os.kill(<parent>, 9)\nos.kill(os.getppid(), 9)"),
    escaping("everything killed", "os.kill(-1, 9)\nos.killpg(0, 9)"),
    escaping("the grader killed by a system call", "ctypes.CDLL(None).syscall(62, <parent>, 9)"),
    escaping("the grader looked into", "ctypes.CDLL(None).ptrace(16, <parent>, 0, 0)"),
    escaping("the grader's memory", "fd = os.open('/proc/<parent>/mem', os.O_RDWR)\nos.write(fd, b'x')"),
    escaping("the grader's descriptors", "for fd in range(20):\n    os.write(os.open(f'/proc/<parent>/fd/{fd}', os.O_WRONLY), b'x')"),
    escaping("memory read across", "ctypes.CDLL(None).process_vm_readv(<parent>, 0, 0, 0, 0, 0)"),
    escaping("limits raised", "import resource\nfor what in range(16): resource.setrlimit(what, (resource.RLIM_INFINITY,) * 2)\n"
                              "os.write(os.open('<folder>/pwned', os.O_CREAT | os.O_WRONLY), b'x')"),
    escaping("namespaces", "ctypes.CDLL(None).unshare(0x10000000)\nctypes.CDLL(None).mount(b'x', b'<folder>', b'tmpfs', 0, 0)"),
    escaping("another root folder", "os.chroot('<folder>')"),
    escaping("calls of another architecture", "ctypes.CDLL(None).syscall(0x40000000 + 62, <parent>, 9)"),
    escaping("io_uring", "ctypes.CDLL(None).syscall(425, 8, bytes(120))"),
    escaping("signals by a descriptor", "import fcntl\nfor fd in range(3, 9):\n    try:\n        fcntl.fcntl(fd, 8, <parent>)\n        fcntl.fcntl(fd, 10, 9)\n"
                                        "    except OSError: pass"),
    escaping("the fork server's socket", "import socket, stat\nfor fd in range(3, 64):\n    try:\n        if stat.S_ISSOCK(os.fstat(fd).st_mode): "
                                         "os.write(fd, b'E')\n        os.write(fd, b'R')\n    except OSError: pass", at_most=True),
    escaping("the fork server ended", "os.kill(os.getppid(), 9)\nctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)"),
    escaping("the fork server's memory", "fd = os.open(f'/proc/{os.getppid()}/mem', os.O_RDWR)\nos.write(fd, b'x')"),
    escaping("shared memory", "from multiprocessing import shared_memory\nshared_memory.SharedMemory('pwned', True, 100)"),
    escaping("a file in memory run", "fd = os.memfd_create('x')\nos.write(fd, b'#!/bin/sh')\nos.execve(fd, ['x'], {})"),
    escaping("a library written and loaded", "open('<folder>/x.so', 'wb').write(b'x')\nctypes.CDLL('<folder>/x.so')"),
    escaping("a pipe that is waited for", "os.mkfifo('<folder>/pwned')"),
    escaping("the clock and the priority", "os.nice(-20)\nctypes.CDLL(None).sched_setaffinity(<parent>, 0, 0)"),
    escaping("inputs carried out by name", "raise type('SECRET' + repr(X), (Exception,), {})"),
    Attack("inputs carried out by an error", "carries out", "def linear_backward(X, W, g): raise type('SECRET%r' % X, (Exception,), {})('SECRET%r' % X)"),
    Attack("inputs carried out by print", "carries out", WRONG_LINEAR.replace("    return", "    print('SECRET', X)\n    return")),
    Attack("inputs kept in a file", "carries out", WRONG_LINEAR.replace("    return", "    open('<folder>/pwned', 'w').write('SECRET')\n    return")),
)


def file(name: str, data: bytes, **more: object) -> Attack:
    return Attack(name, "no notebook", data, **({"gets": EVERY} | more))  # type: ignore[arg-type]


GOOD = json.loads(notebook())
LONG = [cell("typed", "answer = 10.2"), *(cell(f"c{k}", "x = 1") for k in range(2500))]
FILES = (
    file("empty", b""), file("spaces", b" \n\t "), file("no JSON", b"{'cells': []}"), file("half of a notebook", notebook()[:300]),
    file("bytes at random", bytes(range(256)) * 50), file("zeros", bytes(5000)), file("deep", b"[" * 100_000), file("deep objects", b'{"cells":' * 50_000),
    file("a list", b"[]"), file("a number", b"1e999"), file("null", b"null"), file("no cells", b'{"cells": 3}'),
    file("format 3", json.dumps({"worksheets": [{"cells": []}], "nbformat": 3}).encode()),
    file("a number of a million digits", b'{"cells": [' + b"9" * 10**6 + b"]}"), file("too large", b'{"cells": ["' + b"x" * (21 << 20) + b'"]}'),
    file("millions of lists", b'{"cells": [' + b"[]," * 1_100_000 + b"0]}"), file("millions of texts", b'{"cells": [' + b'"ab",' * 2_600_000 + b"0]}"),
    file("too many cells", json.dumps(tree(LONG)).encode()),
    file("cells of nothing", json.dumps(tree([None, 3, "x", [], {"cell_type": None}, {"source": {}}, {"id": [], "source": 3}, {"metadata": 3}])).encode()),
    file("cells of nothing beside the answers", json.dumps(tree([None, 3, [], {}, {"metadata": {"nbgrader": 7}}, *GOOD["cells"]])).encode(), gets=FULLY),
    file("ids of any kind", json.dumps(tree([cell(7, "x"), cell("", "x"), cell("linear" * 100, "x"), *GOOD["cells"]])).encode(), gets=FULLY),
    file("surrogates in the code", json.dumps(tree([cell("s", "x = '\ud800'"), cell("\udfff", ""), *GOOD["cells"]])).encode(), gets=FULLY),
    file("NUL in the code", json.dumps(tree([cell("s", "x = 1\0"), *GOOD["cells"]])).encode(), gets=FULLY),
    file("a very long cell", json.dumps(tree([cell("s", "x = 1\n" * 100_000), *GOOD["cells"]])).encode(), gets=FULLY),
    file("brackets without end", json.dumps(tree([cell("s", "(" * 5000), cell("t", "-" * 50_000 + "1"), *GOOD["cells"]])).encode(), gets=FULLY),
    file("letters of four bytes", json.dumps(tree([*(cell(f"s{k}", "# " + "\N{GRINNING FACE}" * 190_000) for k in range(10)), *GOOD["cells"]]),
                                             ensure_ascii=False).encode(), gets=FULLY),
    file("errors of long letters", json.dumps(tree([
        *(cell(f"e{k}", "raise type('\N{GRINNING FACE}' * 60, (Exception,), {})('\N{GRINNING FACE}' * 200)") for k in range(150)),
        cell("p", "print('\N{GRINNING FACE}' * 4000)"), *GOOD["cells"]])).encode(), gets=FULLY),
    file("answers twice", json.dumps(tree([*GOOD["cells"], *GOOD["cells"]])).encode(), gets=FULLY),
    file("a key twice", notebook()[:-1] + b', "cells": []}'),
)
ATTACKS = (*FORGERIES, *PROTOCOL, *ENDLESS, *ESCAPES, *FILES)
