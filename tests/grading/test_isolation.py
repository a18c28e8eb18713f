"""The layers: each refuses what it must, and the probes tell when one does not."""
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from backproplab.grading import forkserver, layers, probing
from backproplab.grading.layers import BASIC, Isolation
from backproplab.grading.marking import Marking, mark
from backproplab.grading.sandbox import Limits, Sandbox, StartError
from tests.grading import kernel
from tests.grading.corpus import run
from tests.grading.hostile import FDS, FORGERIES, PROTOCOL
from tests.grading.notebooks import BANK, WRONG_LINEAR, notebook
from tests.grading.trouble import ATTACKS, ENDLESS, ESCAPES, FILES

SEED = 20                                  # another one, another sample
SAMPLE = [a for group, count in ((FORGERIES, 6), (PROTOCOL, 5), (ENDLESS, 4), (ESCAPES, 7), (FILES, 4))
          for a in random.Random(SEED).sample(list(group), count)]
# Each is the only one of its kind: no other test looks at what it tries.
ALONE = ("another token", "a refusal that is a list",
         "two replies at once", "errors of long letters", "a class that lies", "the fork server's socket")
SAMPLE += [a for a in ATTACKS if a.name in ALONE and a not in SAMPLE]


@pytest.mark.parametrize("attack", SAMPLE, ids=[a.name for a in SAMPLE])
def test_a_hostile_notebook_gets_what_it_earned_and_touches_nothing(attack, isolation):
    faults, _ = run(attack, isolation)
    assert faults == []


def test_a_forged_reply_reaches_the_grader(isolation):
    """Else the corpus's forgeries prove nothing: an error that no code raised is told as one of the student's."""
    text = FDS + WRONG_LINEAR + "reply(lambda id: framed({'id': id, 'error': 'ZeroDivisionError'}))\n"
    result = mark(Marking(BANK, isolation, Limits(seconds=2.0), b"key"), "ann", "ann.ipynb", notebook({"linear": text}))
    assert "ZeroDivisionError" in next(q["message"] for q in result["questions"] if q["id"] == "linear")


def test_the_corpus_holds_every_kind_of_fault():
    kinds = {a.kind for a in ATTACKS}
    assert len(ATTACKS) >= 60 and len({a.name for a in ATTACKS}) == len(ATTACKS)
    assert {"patched comparison", "hidden test read", "does not end", "ends the process", "takes too much", "reaches out", "forged protocol",
            "no notebook", "stripped test", "carries out"} <= kinds


@pytest.mark.parametrize("name", ["the canary written", "a file written", "a connection", "os.system", "another's result edited"])
def test_without_layers_the_canaries_are_touched_and_that_is_seen(name):
    attack = next(a for a in ATTACKS if a.name == name)
    faults, _ = run(attack, Isolation(("limits",) if name == "a connection" else ()))
    assert faults


def test_a_mark_that_was_not_earned_is_seen(isolation):
    attack = next(a for a in ATTACKS if a.name == "assert patched")
    unfair = type(attack)(attack.name, attack.kind, "def linear_backward(X, W, g): return g @ W.T, X.T @ g", attack.gets)
    assert run(unfair, isolation)[0] == ["linear gets 1.0, fair is 0.0"]


# Probes --------------------------------------------------------------------------------------------------------------------------

def test_every_layer_that_is_offered_here_holds(proofs):
    isolation, found = proofs
    assert [p for p in found if not p.held] == [] and {p.layer for p in found} == set(layers.offered().names) == set(isolation.names)


@pytest.mark.parametrize("layer", ["limits", "no_new_privileges", "landlock", "seccomp"])
def test_a_layer_that_is_not_there_fails_its_probes(layer, proofs):
    if layer not in proofs[0].names:
        pytest.skip("not offered here")
    probes = [p for p in probing.PROBES if p[0] == layer]
    found = probing._tried(Isolation(()), probes, True)
    assert not all(p.held for p in found) and sum(not p.held for p in found) >= len(probes) - 2


def test_a_layer_that_does_not_start_takes_no_other_with_it(monkeypatch, isolation):
    monkeypatch.setattr(layers, "wrapped", lambda *what: ["/bin/sh", "-c", "echo bwrap: not permitted here >&2; exit 1"])
    monkeypatch.setattr(probing, "offered", lambda: Isolation(isolation.inside, True))
    forkserver.command.cache_clear()
    kept, found = probing.proven()
    forkserver.command.cache_clear()
    assert kept == Isolation(isolation.inside, False)
    assert any("bwrap: not permitted here" in line and "BROKEN" in line for line in probing.told(kept, found))


def test_a_python_behind_a_link_is_isolated_too(isolation, tmp_path):
    (tmp_path / "link").symlink_to(sys.base_prefix)
    python = tmp_path / "link" / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not python.exists():
        pytest.skip("this Python has another place")
    told = subprocess.run([python, "-m", "backproplab.cli", "grade", "--probe"], capture_output=True, text=True, cwd=Path(__file__).parents[2],
                          env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    assert told.returncode == 0 and "BROKEN" not in told.stdout, told.stdout + told.stderr


def test_the_libraries_of_conda_are_readable(monkeypatch, tmp_path):
    for name in ("conda-meta", "lib"):
        (tmp_path / name).mkdir()
    (tmp_path / "lib" / "libcblas.so.3").write_bytes(b"")
    (tmp_path / "lib" / "libcblas.so").symlink_to("libcblas.so.3")
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert {tmp_path / "lib" / "libcblas.so.3", tmp_path / "lib" / "libcblas.so"} <= set(layers.system_libraries())


def test_a_layer_with_a_hole_is_not_used(monkeypatch, isolation):
    if "landlock" not in isolation.inside:
        pytest.skip("no Landlock here")
    monkeypatch.setattr(layers, "readable", lambda: ("/",))           # Landlock with everything allowed
    isolation, found = probing.proven()
    assert "landlock" not in isolation.inside and any(p.layer == "landlock" and not p.held for p in found)


@pytest.mark.parametrize("value, offers, skipped", [(None, True, True), ("", True, True), ("0", True, True), ("1", True, False), ("1", False, True)])
def test_missing_isolation_may_be_a_failure(value, offers, skipped, monkeypatch):
    monkeypatch.delenv("BACKPROPLAB_REQUIRE_ISOLATION", raising=False)
    if value is not None:
        monkeypatch.setenv("BACKPROPLAB_REQUIRE_ISOLATION", value)
    monkeypatch.setattr(kernel, "isolates", lambda: offers)
    assert kernel.may_skip() == skipped


def test_what_is_enough():
    assert not Isolation(BASIC).enough and not Isolation((*BASIC, "landlock")).enough and not Isolation((*BASIC, "seccomp")).enough
    assert not Isolation(BASIC, True).enough
    assert Isolation((*BASIC, "landlock", "seccomp")).enough and Isolation((*BASIC, "seccomp"), True).enough


def test_a_sandbox_without_a_layer_that_was_asked_for_does_not_start():
    with pytest.raises(StartError):
        Sandbox([], {}, limits=Limits(), isolation=Isolation(("limits", "warding")))


def test_nothing_of_the_package_or_of_other_packages_may_be_read():
    readable = layers.readable()
    assert not any("backproplab" in path or path.endswith(("site-packages", "dist-packages")) for path in readable)
    assert any(path.endswith("numpy") for path in readable)
