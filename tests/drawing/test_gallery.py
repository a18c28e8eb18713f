"""The gallery is made of pictures without faults, in every style and notation."""
from backproplab.drawing.checks import faults
from backproplab.notation import NOTATIONS
from tests.drawing.functions import case_runs, odd_runs
from tests.gallery.make import GRAPHS, derivation, pictures


def test_every_picture_of_the_gallery():
    runs = {**case_runs(), **odd_runs()}
    made = {(name, caption): faults(d) for name in GRAPHS for caption, d in pictures(name, runs[name])}
    assert {k: f for k, f in made.items() if f} == {} and len(made) > 50


def test_every_notation_of_the_gallery():
    run = odd_runs()["neuron"]
    assert all(derivation(run, n, "light").startswith("<svg")
               for n in NOTATIONS) and len({derivation(run, n, "light") for n in NOTATIONS}) == len(NOTATIONS)
