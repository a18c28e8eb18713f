"""Every rewrite pays, and every guard is needed: without it, a program that looks alike comes out wrong."""
import ast
from pathlib import Path

import numpy as np
import pytest

from backproplab.engine.fast import lowering
from backproplab.engine.fast.lowering import REWRITES, lower
from tests.fast.programs import HELPERS, flat

X = np.array([[1.5, -2.0, 0.5], [0.25, 3.0, -1.0]])
V, S, N = np.array([2.0, -1.0, 0.5]), -1.25, np.array([[1, 2, 3], [4, 5, 6]])
T = np.arange(12.0).reshape(2, 2, 3) / 7
INPUTS = {"x": X, "v": V, "s": S, "n": N, "t": T, "q": np.array([[1.0, 2.0], [3.0, 5.0]]), "low": float("-inf")}

# A rewrite -> (an expression that it makes cheaper, one or several that only look like it; None where no guard is needed).
CASES = {
    "factor_of_one": ("x * 1 + x / 1 + (1 * x) ** 1", "n * 1.0"),
    "factor_of_minus_one": ("x * -1", "n * -1.0"),
    "small_power": ("x ** 2", "n ** 2.0"),
    "square_root": ("(x * x) ** 0.5", "low ** 0.5"),
    "one_over": ("1 / (x * x)", "1 / n"),
    "sum_with_a_negative": ("np.exp(x) + -v", None),
    "softplus_of_a_number": ("np.logaddexp(0, s)", None),
    "product_of_matrices": ("x @ v", ("t @ np.swapaxes(t, 1, 2)", "(low * v).reshape(-1, 1) @ np.reshape(s * 0.0, (1, 1))")),
    "outer_product": ("np.outer(low * v, [0.0]) + np.outer(v, v)", None),
    "sum_of_products": ("np.sum(np.exp(x) * np.sin(x))", "np.sum(np.exp(x) * v)"),
    "sum_by_dot": ("np.sum(x, axis=0)", "np.sum(x > 0, axis=0)"),
    "view_of_the_same": ("x.T.T.reshape(2, 3) + v.T", "q.T"),
    "spread_operand": ("x + np.broadcast_to(s, x.shape)", "np.broadcast_to(s, x.shape) + s"),
    "where_or_zero": ("np.where(x > 0, np.exp(low * x), 0) + np.where(x > 0, 0, x)", "np.where(n > 2, n, 0.0)"),
    "where_a_number": ("np.where(x > 0, np.exp(x), 1)", "np.where(n > 2, n, 0.5)"),
    "add_once": ("added(x, np.s_[1:3], (4, 3))", "added(x, np.array([1, 1]), (4, 3))"),
    "add_into": ("np.exp(x) + added(v, 0, (2, 3))", "s + added(v, 0, (2, 3))"),
}


guarded = pytest.mark.parametrize("name, alike", [(n, e) for n, (_, alike) in CASES.items() if alike
                                                  for e in ((alike,) if isinstance(alike, str) else alike)])


def program(expression):
    return HELPERS + f"def program({', '.join(INPUTS)}):\n    return {expression}\n"


def run(expression, rewrites):
    """(results, text) of the fast form."""
    fast = lower(program(expression), *INPUTS.values(), rewrites=rewrites)

    def refused(*_):
        raise AssertionError("it went elsewhere")
    fast.elsewhere = refused
    with np.errstate(all="ignore"):
        return flat(fast.run(*INPUTS.values())), fast.source


def wanted(expression):
    scope = {"np": np}
    exec(program(expression), scope)
    with np.errstate(all="ignore"):
        return flat(scope["program"](**{n: np.float64(v) if isinstance(v, float) else v for n, v in INPUTS.items()}))


def same(got, want):
    return all(np.shape(g) == np.shape(w) and np.asarray(g).dtype == np.asarray(w).dtype and np.allclose(g, w, rtol=1e-12, equal_nan=True)
               for g, w in zip(got, want, strict=True))


def test_every_rewrite_has_its_cases():
    assert CASES.keys() == REWRITES.keys()


@pytest.mark.parametrize("name", CASES)
def test_it_applies_and_changes_no_number(name):
    expression = CASES[name][0]
    others = [r for r in REWRITES.values() if r.name != name]
    (got, source), (plain, plain_source) = run(expression, REWRITES.values()), run(expression, others)
    assert same(got, wanted(expression)) and same(plain, wanted(expression))
    assert source != plain_source


@guarded
def test_its_guard_stops_it_where_it_would_be_wrong(name, alike):
    assert same(run(alike, REWRITES.values())[0], wanted(alike))


@guarded
def test_without_its_guard_the_result_is_wrong(name, alike, monkeypatch):
    monkeypatch.setattr(REWRITES[name], "guard", lambda *_: True)
    try:
        with np.errstate(all="ignore"):
            got = run(alike, REWRITES.values())[0]
    except Exception:
        return                                                           # it does not even run
    assert not same(got, wanted(alike))


def test_a_zero_keeps_its_sign():
    expression = "np.where(x > 0, x, -0.0)"
    got, want = np.signbit(run(expression, REWRITES.values())[0][0]), np.signbit(wanted(expression)[0])
    assert np.array_equal(got, want) and want.any()


@pytest.mark.parametrize("name", CASES)
def test_it_says_why(name):
    assert len(REWRITES[name].reason) > 40 and name in repr(REWRITES[name])


def test_programs_without_any_rewrite_are_right_too():
    for expression, _ in CASES.values():
        assert same(run(expression, ())[0], wanted(expression))


# ---- the lowering knows NumPy alone ------------------------------------------------------------------------------------------------

def imports_of_the_package(source):
    """What a file of the lowering imports from elsewhere in the package."""
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.Import, ast.ImportFrom))]
    return [ast.unparse(n) for n in found if getattr(n, "level", 0) > 1 or "backproplab" in ast.unparse(n)]


@pytest.mark.parametrize("path", sorted(Path(lowering.__file__).parent.glob("*.py")), ids=lambda p: p.stem)
def test_the_lowering_imports_nothing_of_the_package(path):
    assert imports_of_the_package(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["from ..graph import Graph", "from ... import operations", "import backproplab", "from backproplab import nn"])
def test_an_import_from_the_package_would_be_noticed(line):
    assert imports_of_the_package(f"import numpy\n{line}\nfrom .values import Value") == [line]
