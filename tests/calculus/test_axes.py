"""Named axes: a product that fits by accident is refused, and the reason for every transpose is said."""
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backproplab as bl
from backproplab.calculus import Box, arrange, joint, product, reason, summed

SIZES = {"B": 3, "M": 4, "N": 2, "K": 5}
X, W, G = Box("X", "B", "M"), Box("W", "M", "N"), Box("G", "B", "N")


def test_turning_twice_changes_nothing():
    assert X.T.name == "Xᵀ" and X.T.T == X and X.T.axes == ("M", "B")


@pytest.mark.parametrize("left, right, fits, meets, said", [
    (X, W, True, True, "M faces M"),
    (X, G, False, False, "Turn X"),
    (W, G, False, False, "Turn G"),
    (G, X.T, False, False, "Swap the two"),
    (G, W, False, False, "Turn W"),
    (Box("P", "M", "M"), Box("Q", "K", "K"), False, False, "no axis in common"),
    (Box("x", "1", "M").T, Box("g", "1", "N"), True, True, "nothing is summed"),
])
def test_a_joint_says_what_faces_what(left, right, fits, meets, said):
    met = joint(left, right, SIZES)
    assert (met.fits, met.meets) == (fits, meets) and said in met.why


def test_equal_sizes_do_not_make_axes_equal():
    met = joint(X, G, dict.fromkeys("BMNK", 3))
    assert met.fits and not met.meets and "3 = 3, but M is not B" in met.why
    with pytest.raises(bl.ShapeError, match="M is not B"):
        product([X, G], dict.fromkeys("BMNK", 3))


def test_the_right_gradients_are_found_and_reasoned():
    assert [b.name for b in arrange([X, G], ("M", "N"))] == ["Xᵀ", "G"]
    assert [b.name for b in arrange([G, W], ("B", "M"))] == ["G", "Wᵀ"]
    assert summed([X.T, G], "MN") == ["B"]
    assert reason([X.T, G], "MN", "∂L/∂W") == "B is not in ∂L/∂W, so it is summed. X is turned for one reason: so that B faces B."
    assert "nothing has to be turned" in reason([X, W], "BN", "Z")
    assert "That is all the transpose does" in reason([Box("x", "1", "M").T, Box("g", "1", "N")], "MN", "∂L/∂W")


def test_what_cannot_be_arranged_is_none():
    assert arrange([X, W], ("N", "N")) is None and arrange([X, G], ("B", "B")) is None


def test_refusals():
    with pytest.raises(bl.ShapeError, match="at least one"):
        product([], SIZES)
    with pytest.raises(bl.InputError, match="six"):
        arrange([X] * 7, "BM")


@given(st.permutations("BMNKP"), st.integers(2, 4), st.randoms(use_true_random=False))
def test_a_scattered_chain_is_put_together_again(letters, count, draw):
    """Boxes of a chain, turned and mixed, are arranged into the product that they come from, and its numbers agree."""
    chain = [Box(f"A{k}", letters[k], letters[k + 1]) for k in range(count)]
    mixed = [b.T if draw.random() < 0.5 else b for b in chain]
    draw.shuffle(mixed)
    found = arrange([Box(b.name.removesuffix("ᵀ"), *b.axes) for b in mixed], (letters[0], letters[count]))
    sizes = dict(zip("BMNKP", (2, 3, 4, 5, 6), strict=True))
    value = {b.name: np.arange(1.0, 1 + sizes[b.rows] * sizes[b.columns]).reshape(sizes[b.rows], sizes[b.columns]) for b in chain}
    held = {b.name.removesuffix("ᵀ"): (value[b.name.removesuffix("ᵀ")].T if b.name.endswith("ᵀ") else value[b.name]) for b in mixed}
    made = [held[b.name.removesuffix("ᵀ")].T if b.name.endswith("ᵀ") else held[b.name] for b in found]
    np.testing.assert_array_equal(np.linalg.multi_dot(made), np.linalg.multi_dot([value[b.name] for b in chain]))
    assert product(found, sizes).axes == (letters[0], letters[count])


def test_every_other_order_of_a_layer_is_refused():
    accepted = []
    for order in itertools.permutations([X, G]):
        for turns in itertools.product((False, True), repeat=2):
            boxes = [b.T if t else b for b, t in zip(order, turns, strict=True)]
            try:
                made = product(boxes, dict.fromkeys("BMN", 3))
            except bl.ShapeError:
                continue
            if made.axes == ("M", "N"):
                accepted.append([b.name for b in boxes])
    assert accepted == [["Xᵀ", "G"]]
