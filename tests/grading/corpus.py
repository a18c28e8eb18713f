"""Runs the hostile notebooks behind the layers of this machine and says what each got.

    python -m tests.grading.corpus [--all-layers] [--only WORDS]

Every canary is looked at after each notebook: a file in a folder that anybody may write to, another student's result, a port that
listens, the grader's own process, and whether a process is left.
"""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from backproplab.grading.layers import ORDER, Isolation, user_possible
from backproplab.grading.marking import Marking, mark
from backproplab.grading.messages import MESSAGES
from backproplab.grading.probing import proven
from backproplab.grading.sandbox import Limits
from tests.grading.hostile import Attack
from tests.grading.notebooks import BANK, BANK_FILE, POINTS
from tests.grading.trouble import ATTACKS

CANARY = b"CANARY SECRET 8127364"
LIMITS = Limits(seconds=1.0, memory=512, whole=16.0)


@contextlib.contextmanager
def canaries() -> Iterator[tuple[dict[str, object], Callable[[], list[str]]]]:
    """What an attack may go for, and a function that lists what was touched."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        place = Path(folder)
        os.chmod(place, 0o777)
        results = place / "results"
        (results / "marked").mkdir(parents=True)
        files = {place / "canary": CANARY, results / "marked" / "x.json": b'{"score": 8}', place / "bank.py": BANK_FILE.read_bytes()}
        for file, data in files.items():
            file.write_bytes(data)
            os.chmod(file, 0o666)
        names = sorted(place.rglob("*"))
        server.setblocking(False)

        def touched() -> list[str]:
            found = [f"{file.name} changed" for file, data in files.items() if not file.exists() or file.read_bytes() != data]
            found += [f"{path.name} is new" for path in place.rglob("*") if path not in names]
            found += [f"{path.name} is gone" for path in names if not path.exists()]
            with contextlib.suppress(BlockingIOError):
                server.accept()
                found.append("somebody connected")
            if Path("/dev/shm/pwned").exists():
                found.append("shared memory was made")
            return found + [f"process {pid} is left" for pid in left_over()]

        yield {"file": place / "canary", "folder": place, "results": results, "bank": place / "bank.py", "port": server.getsockname()[1],
               "parent": os.getpid()}, touched


def left_over() -> list[int]:
    """The sandboxes that are still there: whatever a process that forks them has forked."""
    found, below = [], [(os.getpid(), False)]
    for pid, forks in below:                                          # it grows while it is walked
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                for child in map(int, (task / "children").read_text().split()):
                    found += [child] * forks
                    words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                    below.append((child, forks or b"python" in words[0] and any(word.endswith(b"forkserver.py") for word in words)))
    return found


def run(attack: Attack, isolation: Isolation) -> tuple[list[str], dict]:
    """What is unfair or unsafe about how an attack ends, and its result."""
    with canaries() as (places, touched):
        result = mark(Marking(BANK, isolation, LIMITS, b"key"), "mallory", "mallory.ipynb", attack.data(places))
        faults = touched()
    text = json.dumps(result)
    faults += ["a canary was read"] * (CANARY.decode() in text) + ["a hidden input came out"] * ("SECRET" in text)
    shares = {q["id"]: q["share"] for q in result["questions"]}
    for id in POINTS:
        wanted, got = attack.gets.get(id, 1.0), shares[id]
        if got is None or got > wanted or got < wanted and not attack.at_most:
            faults.append(f"{id} gets {got}, fair is {wanted}")
    for q in result["questions"]:
        if q["code"] not in MESSAGES or q["verdict"] == "fault":
            faults.append(f"{q['id']}: {q['verdict']}, {q['message']}")
    return faults, result


def levels(every: bool) -> Iterator[Isolation]:
    """All that holds here; and each weaker set that is still enough."""
    there, _ = proven()
    if not there.enough:                                              # they would end this very process
        raise SystemExit(f"No isolation holds here: {', '.join(there.names)}")
    yield there
    if every and there.bubblewrap:
        yield Isolation(tuple(name for name in ORDER if name in there.inside or name == "user" and user_possible()))
        yield Isolation(tuple(name for name in there.inside if name not in ("landlock", "user")), True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all-layers", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    unfair = 0
    for isolation in levels(options.all_layers):
        table: Counter[str] = Counter()
        begun = time.monotonic()
        for attack in ATTACKS:
            if options.only not in attack.name:
                continue
            start = time.monotonic()
            faults, result = run(attack, isolation)
            unfair += bool(faults)
            table[attack.kind] += 1
            if faults or not options.quiet:
                got = " ".join(f"{q['id']}={q['verdict']}" for q in result["questions"])
                print(f"{'UNFAIR' if faults else 'fair  '} {attack.kind:20} {attack.name:42} {time.monotonic() - start:5.1f} s  {got}  "
                      f"{'; '.join(faults)}", flush=True)
        who = "root" if os.getuid() == 0 else "an ordinary user"
        print(f"{sum(table.values())} notebooks as {who} behind {', '.join(isolation.names)}: {unfair} unfair so far; "
              f"{time.monotonic() - begun:.0f} s; {dict(table)}", flush=True)
    return bool(unfair)


if __name__ == "__main__":
    sys.exit(main())
