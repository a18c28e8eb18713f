"""Graphs that are one but for names: as networkx says, and within a bound where networkx has none."""
import random

import networkx as nx
import pytest

from backproplab.questions.kinds import matching
from backproplab.questions.kinds.matching import one_graph


def drawn(draw, n, edges):
    """Edges of a random graph without loops, and the same under other names."""
    found = {tuple(sorted(draw.sample(range(n), 2))) for _ in range(edges)}
    names = [f"v{k}" for k in range(n)]
    shuffled = draw.sample([f"w{k}" for k in range(n)], n)
    return [(names[a], names[b]) for a, b in sorted(found)], [(shuffled[a], shuffled[b]) for a, b in sorted(found, key=str)]


@pytest.mark.parametrize("seed", range(60))
def test_it_says_what_networkx_says(seed):
    draw = random.Random(seed)
    mine, theirs = drawn(draw, draw.randint(3, 9), draw.randint(2, 14))
    assert one_graph(mine, theirs)
    a, b = draw.choice(theirs)
    turned = [e for e in theirs if e != (a, b)] + [(b, a)]
    assert one_graph(mine, turned) == nx.is_isomorphic(nx.DiGraph(mine), nx.DiGraph(turned))


def test_a_name_that_both_have_keeps_its_place():
    mine = [("x", "a"), ("z", "a"), ("a", "y")]
    assert one_graph(mine, [("x", "mine"), ("z", "mine"), ("mine", "y")])
    assert not one_graph(mine, [("y", "mine"), ("z", "mine"), ("mine", "x")])
    assert not one_graph(mine, [("x", "mine"), ("z", "mine")])


@pytest.mark.parametrize("wide", [8, 40])
def test_lines_that_can_be_swapped_take_no_time(wide):
    """A search without a bound was still at it after minutes."""
    mine = [("x", f"a{k}") for k in range(wide)] + [(f"a{k}", f"b{k}") for k in range(wide)] + [(f"b{k}", "y") for k in range(wide)]
    theirs = [(u.upper() if u != "x" else u, v.upper() if v != "y" else v) for u, v in mine][::-1]
    assert one_graph(mine, theirs)
    wrong = [*theirs[:-1], ("x", "B0")]
    assert not one_graph(mine, wrong)


def test_where_refining_cannot_tell_the_tries_are_bounded(monkeypatch):
    """Circles of six beside two of three: every node looks like every other. Nothing of that kind is a program; it ends all the same."""
    six = [(f"a{k}", f"a{(k + 1) % 6}") for k in range(6)]
    three = [(f"{c}{k}", f"{c}{(k + 1) % 3}") for c in "bc" for k in range(3)]
    assert not one_graph(six, three) and one_graph(three, [(u.upper(), v.upper()) for u, v in three])
    monkeypatch.setattr(matching, "MOST_TRIES", 0)
    assert not one_graph(three, [(u.upper(), v.upper()) for u, v in three])
