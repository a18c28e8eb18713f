"""A student's variant follows from the course's key, the student and the question, on every machine and with every Python from 3.11 on."""
from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from backproplab.exercises.release import release
from backproplab.exercises.seeds import variant_seed
from backproplab.questions import variant
from tests import notebook_files as nb
from tests.make_exercises import sources

KEY = b"the key of a course, 32 bytes..."
# What a student sees, and for code the public inputs, hashed. A change here changes every class's homework in the middle of a term.
FIXED = {
    ("fork-of-three", "ann"): "6821121ff53a",
    ("fork-of-three", "bob"): "91a042a9d90c",
    ("random-graph", "ann"): "fcb1d7a13a5d",
    ("random-graph", "王"): "597eb026b2d3",
    ("find-the-slip", "ann"): "d953d71c9adc",
    ("what-a-sigmoid-keeps", "ann"): "a9ee244720f6",
    ("shape-in-a-layer", "bob"): "cc7fe88d4552",
    ("graph-at-random", "ann"): "dfd521ad37f5",
    ("random-error", "bob"): "d8af15a8238e",
    ("logistic-at-the-score", "ann"): "25f64f53c0f9",
    ("linear-rows-backward", "ann"): "03a2c6ae7ea7",
    ("any-graph", "bob"): "bbf05bfcf229",
    ("which-units-are-dead", "ann"): "ab4be417094f",
    ("softplus-gate", "ann"): "d8e59a7ce723",
}


def print_of(question, student):
    """A hash of what is asked: words, program, place and options; no number that a processor may round in its own way."""
    posed = variant(question, variant_seed(KEY, student, question))
    asked = [posed.prompt if "forward values" not in posed.prompt else "", posed.code, posed.at, [o[0] for o in posed.options]]
    inputs = [{n: np.asarray(v).tolist() for n, v in at.items()} for at, _ in posed.facts.get("trials", ())] if posed.kind == "task" else []
    return hashlib.sha256(json.dumps([asked, inputs]).encode()).hexdigest()[:12]


@pytest.mark.parametrize("question, student", FIXED, ids=[" ".join(k) for k in FIXED])
def test_the_same_key_student_and_question_give_the_same_variant(question, student):
    assert print_of(question, student) == FIXED[question, student]


def test_seeds_are_fixed_too():
    assert variant_seed(KEY, "ann", "random-graph") == "159c8ffe8336a62e"
    assert variant_seed(KEY, "王", "random-graph") == "b6a1d07e6edb29c2"


@pytest.mark.skipif(not sources(), reason="solutions are in the repository alone, not in a source distribution")
def test_a_class_of_thirty_gets_thirty_notebooks_and_graphs_of_their_own(tmp_path):
    (tmp_path / "roster.csv").write_text("student\n" + "".join(f"s{k}\n" for k in range(30)))
    (tmp_path / "key").write_bytes(KEY)
    made = release(sources()[0], tmp_path / "out", students=tmp_path / "roster.csv", course_key=tmp_path / "key").files
    texts = {"".join(c["source"]) for path in made for c in nb.read(path)["cells"] if c["id"] == "random-graph-text"}
    assert len(made) == 30 and len(texts) == 30
    for path in made:                                                # the check judges the variant that the text shows
        (cell,) = ("".join(c["source"]) for c in nb.read(path)["cells"] if c["id"] == "random-graph")
        seed = variant_seed(KEY, path.parent.name, "random-graph")
        assert f"ask('random-graph', seed='{seed}')" in cell
