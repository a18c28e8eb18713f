"""The checker of formulas: what the lectures print right is accepted, what they print wrong is refused, what we print holds."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.notation import NOTATIONS, check_formula, derivation, plain
from tests.notation.reference import CASES, close, run


def scope(name):
    """The run of a case, or its values and Jacobians."""
    case = CASES[name]
    if case["kind"] == "gradient":
        return run(name)
    values = {n: np.array(v, float)[()] for n, v in case["values"].items()}
    return values | {f"J_{n}": np.array(v, float) for n, v in case["jacobians"].items()}


RIGHT = [(name, f"{left} = {right}") for name, c in CASES.items() for left, right, *_ in c["formulas"]]
WRONG = [(name, f"{w['lhs']} = {w['printed']}") for name, c in CASES.items() for w in c.get("wrong_formulas", ())]
BEYOND = (" for v in ", "einsum")                        # comprehensions and index notation are not read


def test_the_44_wrong_formulas_are_there():
    assert len(WRONG) == 44


@pytest.mark.parametrize("name, formula", WRONG)
def test_a_wrong_formula_is_refused_for_what_it_says(name, formula):
    found = check_formula(scope(name), formula)
    assert not found.holds
    assert "cannot be read" not in found.why, "refused for the wrong reason"


@pytest.mark.parametrize("name, formula", [f for f in RIGHT if not any(b in f[1] for b in BEYOND)])
def test_a_right_formula_is_accepted(name, formula):
    assert check_formula(scope(name), formula), check_formula(scope(name), formula)


def test_almost_every_right_formula_can_be_read():
    assert sum(any(b in f for b in BEYOND) for _, f in RIGHT) == 4 and len(RIGHT) == 306


@pytest.mark.parametrize("notation", [n for n, d in NOTATIONS.items() if not d.code])
@pytest.mark.parametrize("name", CASES)
def test_what_a_derivation_prints_holds_when_it_is_typed(name, notation):
    for raw in (False, True):
        d = derivation(run(name), notation=notation, raw=raw)
        for line in [*d.forward, *d.backward]:
            if line.formula is not None:
                found = check_formula(run(name), f"{plain(line.name)} = {plain(line.formula)}")
                assert found or found.found is not None and close(found.found, found.wanted), found


def test_a_formula_holds_in_every_spelling():
    r = run("cmu_exp_x2_z3")
    for typed in ("g_x = g_a z + g_b/x", "∂y/∂x = ∂y/∂a z + ∂y/∂b / x", "dy/dx = dy/da * z + dy/db / x", "x_bar = z a_bar + b_bar / x",
                  "dy_dx = g_a*z + g_b/x"):
        assert check_formula(r, typed), typed


@pytest.mark.parametrize("typed, says", [
    ("g_x = g_a z", "right side is 1214.56, g_x is 1208.38"), ("g_x", "no ="), ("g_x = ", "ends where"), ("g_q = 2", "not a name"),
    ("g_x = np.nan", "right side is NaN"), ("g_x = np.inf", "right side is ∞")])
def test_a_refusal_says_why(typed, says):
    found = check_formula(run("cmu_exp_x2_z3"), typed)
    assert not found and says in found.why


def test_a_tiny_mistake_is_noticed():
    r = run("cmu_exp_x2_z3")
    assert check_formula(r, "g_x = g_a z + g_b / x")
    assert not check_formula(r, "g_x = g_a z + g_b / x + 0.0001")
    assert not check_formula(r, "g_c = g_f / a * 1.000001")


def test_a_row_is_not_a_column():
    found = check_formula({"x": np.ones((3, 1))}, "x = x.T")
    assert not found and "shape (1, 3)" in found.why


def test_it_wants_a_run():
    with pytest.raises(bl.InputError, match="a dict of names"):
        check_formula(3, "x = x")
