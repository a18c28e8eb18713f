"""The process that forks sandboxes: what one leaves behind, the next does not meet, and nobody but the grader speaks to it."""
import gc
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from backproplab.grading import forkserver
from backproplab.grading.layers import BASIC
from backproplab.grading.marking import Marking, mark
from backproplab.grading.notebooks import read_notebook
from backproplab.grading.sandbox import Ended, Isolation, Limits, Sandbox, StartError
from backproplab.grading.session import Session
from tests.grading.corpus import left_over
from tests.grading.notebooks import BANK, FULL, notebook

LIMITS = Limits(seconds=5.0, memory=512)
ROOT = Path(__file__).parents[2]


def sandbox(source: str, isolation: Isolation, limits: Limits = LIMITS) -> Sandbox:
    return Sandbox([("q", source)], {"q": ["answer"]}, limits=limits, isolation=isolation)


def answer(source: str, isolation: Isolation) -> object:
    with closing(sandbox(source, isolation)) as one:
        return one.ask("get", "q")


@pytest.fixture(autouse=True)
def a_server_of_its_own():
    forget()
    yield
    forget()


def forget() -> None:
    if (server := forkserver._idle.__dict__.pop("server", None)) is not None:
        server.close()


def test_one_server_forks_many_sandboxes_and_each_begins_as_the_first_did(isolation):
    changed = ("import builtins, sys, os, numpy as np\nbuiltins.mine = 'MARK of the first'\nnp.mine = 1\nsys.modules['mine'] = np\n"
               "os.environ['MINE'] = '1'\n"
               "np.random.seed(3)\nkept = ['MARK of the first' + str(k) for k in range(100)]\nanswer = [os.getppid(), os.getpid()]")
    first = answer(changed, isolation)
    seen = answer("import builtins, sys, os, gc, numpy as np\nfound = [o for o in gc.get_objects() if isinstance(o, list) and len(o) == 100]\n"
                  "answer = [hasattr(builtins, 'mine'), hasattr(np, 'mine'), 'mine' in sys.modules, 'MINE' in os.environ,"
                  " any('MARK' in str(o[0]) and o[0].startswith('MARK') for o in found if isinstance(o[0], str))]", isolation)
    assert seen == [False] * 5
    parents = [first[0], answer("import os\nanswer = os.getppid()", isolation)]
    assert parents[0] == parents[1]


def test_each_draws_random_numbers_of_its_own(isolation):
    drawn = [answer("import numpy as np, random\nanswer = [np.random.rand(), random.random()]", isolation) for _ in range(3)]
    assert len({number for pair in drawn for number in pair}) == 6


def test_a_sandbox_holds_two_pipes_and_nothing_else(isolation):
    kinds = answer("import os, stat\nanswer = []\nfor fd in range(64):\n    try:\n        mode = os.fstat(fd).st_mode\n"
                   "    except OSError:\n        continue\n"
                   "    answer.append('pipe' if stat.S_ISFIFO(mode) else 'null' if stat.S_ISCHR(mode) else 'other')", isolation)
    assert sorted(kinds) == ["null"] * 3 + ["pipe"] * 2


def test_the_server_has_one_thread_when_it_forks(isolation):
    with closing(sandbox("answer = 1", isolation)) as one:
        assert len(os.listdir(f"/proc/{parent(one.pid)}/task")) == 1


def test_without_seccomp_a_server_is_used_once():
    weak = Isolation(tuple(name for name in BASIC if name != "limits"))
    numbers = [answer("import os\nanswer = os.getppid()", weak) for _ in range(2)]
    assert numbers[0] != numbers[1] and "server" not in forkserver._idle.__dict__


def test_time_and_memory_are_those_of_the_sandbox_alone(isolation):
    def used(source: str) -> tuple[float, float]:
        with closing(sandbox(source, isolation)) as one:
            pass
        return one.seconds, one.memory

    (short, small), (long, large), (again, little) = (used(f"import time\nx = bytearray({size})\nuntil = time.process_time() + {seconds}\n"
                                                           "while time.process_time() < until: pass") for size, seconds in
                                                      ((1, 0), (200 << 20, 0.5), (1, 0)))
    assert 0.5 <= long < 1.5 and short < 0.4 and again < 0.4
    assert 190 < large - small < 230 and abs(little - small) < 20


def test_a_loop_is_ended_by_the_processors_time_not_the_clocks(isolation):
    with pytest.raises(Ended) as ended:
        sandbox("while True: pass", isolation, Limits(seconds=1.0, memory=512))
    assert ended.value.why == "timeout" and ended.value.seconds < 2.0


def test_one_that_ended_by_itself_leaves_its_server_in_use(isolation):
    first = answer("import os\nanswer = os.getppid()", isolation)
    kept = forkserver._idle.server
    with pytest.raises(Ended):
        sandbox("import os\nos._exit(3)", isolation)
    assert forkserver._idle.server is kept and answer("import os\nanswer = os.getppid()", isolation) == first


@pytest.mark.parametrize("doing, why", [("os.kill(os.getpid(), 24)", "timeout"), ("os._exit(24)", "killed"), ("os.kill(os.getpid(), 9)", "killed")])
def test_the_limit_on_processor_time_is_told_from_other_ends(doing, why):
    with pytest.raises(Ended) as ended:
        sandbox(f"import os\n{doing}", Isolation(("limits",)))
    assert ended.value.why == why


def test_the_graders_environment_stays_outside(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "1234")
    assert answer("import os\nanswer = [name for name in os.environ if 'COURSE' in name]", Isolation(BASIC)) == []


# What goes wrong -----------------------------------------------------------------------------------------------------------------

def parent(pid: int) -> int:
    return next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("PPid"))


def stopped(sandbox: int) -> None:
    """End what forked this sandbox from outside, as a machine without memory would."""
    os.kill(parent(sandbox), signal.SIGKILL)


def test_a_server_that_died_between_two_notebooks_is_replaced(isolation):
    first = answer("import os\nanswer = os.getppid()", isolation)
    process, control, _ = forkserver._idle.server.close.peek()[2]
    os.killpg(process.pid, signal.SIGKILL)
    assert select.select([control], [], [], 30)[0]                    # its end is closed: it is dead, and not only about to be
    assert answer("import os\nanswer = 2", isolation) == 2 and first


def test_a_server_that_dies_under_a_sandbox_is_the_graders_fault_and_the_next_is_marked(isolation):
    one = sandbox("answer = 1", isolation)
    stopped(one.pid)
    until = time.monotonic() + 10
    while alive(one.pid) and time.monotonic() < until:               # it ends with what forked it
        time.sleep(0.01)
    with pytest.raises(StartError, match="from outside"):
        one.ask("get", "q")
    one.close()
    assert mark(Marking(BANK, isolation, LIMITS, b"key"), "a", "a.ipynb", notebook())["score"] == FULL


def test_in_the_open_a_student_may_have_ended_it_and_gets_what_that_earns():
    source = "import os, time, signal\nos.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)"
    with pytest.raises(Ended) as ended:
        sandbox(source, Isolation(()))
    assert ended.value.why == "killed" and left_over() == []


@pytest.mark.parametrize("said", ["print(1 / 0)", "import time; time.sleep(99)"])
def test_what_is_no_server_does_not_start_a_sandbox(said, monkeypatch, isolation):
    monkeypatch.setattr(forkserver, "STARTING", 0.5)
    monkeypatch.setattr(forkserver, "command", lambda *what: (sys.executable, "-c", said))
    with pytest.raises(StartError, match="--probe"):
        sandbox("answer = 1", isolation)


def test_a_program_that_is_not_there_does_not_start_a_sandbox(monkeypatch, isolation):
    monkeypatch.setattr(forkserver, "command", lambda *what: ("/nothing/python",))
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(StartError, match="No such file"):
        sandbox("answer = 1", isolation)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_child_of_the_grader_neither_speaks_to_its_server_nor_ends_it(isolation):
    with closing(sandbox("answer = 1", isolation)) as first:
        pass
    with closing(sandbox("answer = 1", isolation)) as one:
        child = os.fork()
        if not child:                                                 # pragma: no cover - another process
            try:
                os._exit(0 if answer("answer = 2", isolation) == 2 and answer("answer = 3", isolation) == 3 else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        assert one.ask("get", "q") == 1 and first.pid != one.pid
    kept = forkserver._idle.server
    child = os.fork()
    if not child:                                                     # pragma: no cover - another process
        forkserver._idle.__dict__.clear()
        kept.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert answer("answer = 4", isolation) == 4 and forkserver._idle.server is kept


def test_ignored_children_are_no_fault_of_the_grader(isolation):
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with pytest.raises(Ended) as ended:
            sandbox("import os\nos._exit(3)", isolation)
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert ended.value.why == "killed" and ended.value.memory > 5


def test_a_grader_with_thousands_of_open_files_marks(isolation):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4000, hard), hard))
    opened = [os.open("/dev/null", os.O_RDONLY) for _ in range(1100)]
    try:
        assert answer("answer = 1", isolation) == 1
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("left", [1, 2, 3, 5])
def test_without_descriptors_it_is_a_fault_and_none_is_lost(left, isolation):
    gc.collect()                                                      # what other tests left is not to be closed in between
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = sorted(os.listdir("/proc/self/fd"))
    free = next(k for k in range(3, 10_000) if str(k) not in before)
    held = [os.dup(0) for _ in range(20)]
    for descriptor in held:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + left, hard))
    try:
        with pytest.raises(StartError):
            sandbox("answer = 1", isolation)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_closing_twice_closes_nobody_elses_descriptor(isolation):
    one = sandbox("answer = 1", isolation)
    one.close()
    others = [os.dup(0) for _ in range(4)]
    one.close()
    assert [os.fstat(descriptor).st_rdev for descriptor in others] and [os.close(descriptor) for descriptor in others] == [None] * 4


def test_sets_are_in_one_order_in_every_server(isolation):
    orders = set()
    for _ in range(3):
        orders.add(answer("answer = ' '.join({'a', 'b', 'c', 'dd', 'ee', 'f'})", isolation))
        forget()
    assert len(orders) == 1


def test_why_it_does_not_start_is_told(monkeypatch, isolation):
    monkeypatch.setattr(forkserver, "command", lambda *what: ("/bin/sh", "-c", "echo no namespaces here >&2; exit 1"))
    with pytest.raises(StartError, match="no namespaces here"):
        sandbox("answer = 1", isolation)


def test_what_a_student_says_does_not_come_to_the_grader(isolation):
    with closing(sandbox("import os\nos.write(2, b'SAID')\nanswer = 1", isolation)) as one:
        assert b"SAID" not in one._server.last_words().encode() and one._server.last_words() == "it said nothing"


def test_closed_pipes_do_not_outlast_the_time_that_there_is(isolation):
    begun = time.monotonic()
    result = mark(Marking(BANK, isolation, Limits(0.5, 512, 4), b"key"), "a", "a.ipynb", notebook(
        dict.fromkeys(("linear", "product", "gate", "pick"), "import os, select\nos.closerange(3, 64)\nwhile True: select.select([], [], [], 100)")))
    assert result["score"] == 0.0 and time.monotonic() - begun < 20


def test_two_sandboxes_share_no_futex(isolation):
    waits = ("import ctypes, mmap, os\nfile = os.open(os.__file__, os.O_RDONLY)\nplace = mmap.mmap(file, 4096, mmap.MAP_SHARED, mmap.PROT_READ)\n"
             "class View(ctypes.Structure): _fields_ = [('p', ctypes.c_void_p)]\nlibc = ctypes.CDLL(None, use_errno=True)\n"
             "libc.mmap.restype = ctypes.c_void_p\nat = libc.mmap(None, 4096, 1, 1, file, 0)\n"
             "answer = [libc.syscall(202, ctypes.c_void_p(at), 1, 1, None, None, 0), ctypes.get_errno()]")
    if os.uname().machine != "x86_64":
        pytest.skip("the number of the call is another one")
    assert answer(waits, isolation) == [-1, 1] and answer(waits.replace(", 1, 1, None", ", 129, 1, None"), isolation)[0] == 0


def test_the_limit_on_processor_time_says_why_before_it_ends(isolation):
    soft, hard = answer("import resource\nanswer = list(resource.getrlimit(resource.RLIMIT_CPU))", isolation)
    assert 0 < soft < hard


def test_the_time_to_start_is_not_the_notebooks(isolation):
    deadline = time.monotonic() + 60
    with closing(Sandbox([], {}, limits=LIMITS, isolation=isolation, deadline=deadline)) as one:
        assert one.starting > 0 and one.deadline == deadline + one.starting
    session = Session(read_notebook(notebook()), list(BANK.questions.values()), LIMITS, isolation)
    before = session.deadline
    starting = session.sandbox().starting
    session.close()
    assert session.deadline == before + starting


def test_the_memory_of_one_that_was_ended_counts(isolation):
    result = mark(Marking(BANK, isolation, LIMITS, b"key"), "a", "a.ipynb", notebook({"linear": "x = bytearray(200 << 20)\nimport os\nos._exit(1)"}))
    assert result["memory"] > 190 and result["seconds"] > 0


def test_what_is_left_over_is_seen(isolation):
    with closing(sandbox("answer = 1", isolation)) as one:
        assert one.pid in left_over()
    assert left_over() == []


def test_servers_end_with_their_threads(isolation):
    before = children()
    threads = [threading.Thread(target=answer, args=("answer = 1", isolation)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert children() == before


def children() -> set[int]:
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.mark.parametrize("doing", ["while True: pass", "import select; select.select([], [], [])"])
def test_a_grader_that_is_killed_leaves_no_process(doing, isolation):
    program = (f"import sys, threading\nfrom backproplab.grading.sandbox import *\nfrom backproplab.grading.layers import Isolation\n"
               f"isolation = Isolation({isolation.inside!r}, {isolation.bubblewrap!r})\n"
               f"Sandbox([('q', 'answer = 1')], {{'q': ['answer']}}, limits=Limits(), isolation=isolation).close()\n"
               f"threading.Timer(1, lambda: print('there', flush=True)).start()\n"
               f"Sandbox([('q', {doing!r})], {{}}, limits=Limits(60.0), isolation=isolation)\n")
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT)
    assert grader.stdout is not None and grader.stdout.readline() == b"there\n"
    family = below(grader.pid)
    grader.kill()
    grader.wait()
    grader.stdout.close()
    until = time.monotonic() + 10
    while (left := [pid for pid in family if alive(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(family) >= 2 and left == []


def below(pid: int) -> list[int]:
    found = [pid]
    for one in found:                                                 # it grows while it is walked
        with suppress(OSError):
            found += [int(child) for task in Path(f"/proc/{one}/task").iterdir() for child in (task / "children").read_text().split()]
    return found[1:]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
