"""What a student gets wrong, and what the package answers: three parts, in the author's names. Or the right result."""
import copy
import math
import warnings

import numpy as np
import pytest

import backproplab as bl

X, W, V = np.arange(12.0).reshape(3, 4), np.ones((3, 2)), np.arange(3.0)


def product(x, z):
    return x * z


def layer(X, W):
    Z = X @ W
    return np.sum(Z)


def shifted(X, b):
    Z = X + b
    return np.sum(Z)


def assigned(h):
    h[0] = 1.0
    return np.sum(h)


def updated(w):
    g = w * 2
    w -= g
    return np.sum(w)


def filled_in(x):
    out = np.zeros(3)
    out[0] = x
    return np.sum(out)


def added_to_plain(x):
    total = np.zeros(3)
    total += x
    return np.sum(total)


def largest(x):
    m = max(x, 0)
    return m


def decided(x):
    if x > 0:
        return np.sum(x)
    return np.sum(x * x)


def plain_below(x):
    return x * 2 if x > 0 else 0.0


def nothing(x):
    x * 2


DRAW = np.random.RandomState(0)


def drawing(x):
    return x * DRAW.uniform(1, 2)


ERRORS = [
    # what is called, the class, words of its three parts
    ("unknown input", lambda: bl.trace(product, x=1.0, y=2.0), bl.InputError, ["product(x, z)", "no input called y", "x and z"]),
    ("a name nearly right", lambda: bl.trace(lambda weight, bias: weight * bias, wieght=1.0, bias=2.0), bl.InputError,
     ["wieght", "Did you mean weight?"]),
    ("missing input", lambda: bl.trace(product, x=1.0), bl.InputError, ["no value came for z", "bl.trace(product, z=...)"]),
    ("no inputs", lambda: bl.trace(product), bl.InputError, ["no value came for x and z", "bl.trace(product, x=..., z=...)"]),
    ("input given twice", lambda: bl.trace(product, 1.0, x=2.0, z=1.0), bl.InputError, ["x came twice", "once"]),
    ("too many inputs", lambda: bl.trace(product, 1.0, 2.0, 3.0), bl.InputError, ["3 inputs came", "It takes 2: x and z"]),
    ("input named like an option", lambda: bl.trace(lambda x, wrt: x * wrt, x=1.0, wrt=2.0), bl.InputError,
     ["option of bl.trace", "inputs={'wrt': ...}"]),
    ("keyword and dict clash", lambda: bl.trace(product, x=1.0, z=1.0, inputs={"x": 2.0}), bl.InputError, ["x came both", "once"]),
    ("function called already", lambda: bl.trace(product(1.0, 2.0)), bl.InputError, ["it is a float, not a function", "bl.trace(f, x=2.0)"]),
    ("a number as text", lambda: bl.trace(product, x="2", z=1.0), bl.InputError, ["x='2'", "text, not a number", "Leave out the quotes: x=2"]),
    ("text", lambda: bl.trace(product, x="two", z=1.0), bl.InputError, ["x='two'", "Write the number itself"]),
    ("None", lambda: bl.trace(product, x=None, z=1.0), bl.InputError, ["x is None", "x=2.0"]),
    ("ragged list", lambda: bl.trace(product, x=[[1, 2], [3]], z=1.0), bl.InputError, ["the input x", "[[1, 2], [3]]", "rows of equal length"]),
    ("list of texts", lambda: bl.trace(product, x=["1", "2"], z=1.0), bl.InputError, ["the input x", "Text is not a number"]),
    ("complex", lambda: bl.trace(product, 1j, 1.0), bl.InputError, ["1j", "real and the imaginary part"]),
    ("a dict used as a number", lambda: bl.trace(lambda p, x: p * x, {"W": 1.0}, 2.0), bl.InputError, ["params['W']"]),
    ("a function as input", lambda: bl.trace(product, np.sin, 1.0), bl.InputError, ["x is a ufunc"]),
    ("an empty container", lambda: bl.trace(lambda p: 1.0, {}), bl.InputError, ["it was given no inputs"]),
    ("a huge whole number", lambda: bl.trace(product, 10**400, 1.0), bl.InputError, ["401 digits"]),
    ("only whole numbers in an array", lambda: bl.trace(lambda x: np.sum(x * x), np.array([1, 2, 3])), bl.TraceError,
     ["x holds whole numbers", "np.array([1., 2.])"]),
    ("gradient by labels", lambda: bl.trace(lambda x, k: np.sum(x * k), x=1.0, k=np.array([1, 2]), wrt="k"), bl.InputError,
     ["wrt='k'", "k holds whole numbers", "k.astype(float)"]),
    ("gradient by what is no input", lambda: bl.trace(product, 1.0, 2.0, wrt="w"), bl.InputError, ["wrt='w'", "The inputs are x and z"]),
    ("array output", lambda: bl.trace(lambda x: x * 2, V), bl.NotScalarError, ["y is an array of shape (3,)", "np.sum", "cotangent="]),
    ("cotangent of another shape", lambda: bl.trace(lambda x: x * 2, V, cotangent=[1, 2]), bl.ShapeError, ["(2,)", "(3,)"]),
    ("cotangent that is text", lambda: bl.trace(lambda x: x * 2, V, cotangent="a"), bl.InputError, ["the cotangent", "'a'"]),
    ("matrix product", lambda: bl.trace(layer, X=X, W=W), bl.ShapeError,
     ["computing X @ W", "`Z = X @ W`", "X has shape (3, 4)", "W has shape (3, 2)", "X.T @ W"]),
    ("matrix product with a number", lambda: bl.trace(layer, X=X, W=2.0), bl.ShapeError, ["W is a single number", "write *"]),
    ("broadcasting", lambda: bl.trace(shifted, X=X, b=V), bl.ShapeError,
     ["computing X + b", "`Z = X + b`", "X has shape (3, 4)", "b has shape (3,)", "4 meets 3", "b[:, None]"]),
    ("assignment into a traced array", lambda: bl.trace(assigned, V), bl.TraceError, ["into the traced value h", "`h[0] = 1.0`", "np.where"]),
    ("in-place update", lambda: bl.trace(updated, V), bl.TraceError, ["the traced array w in place", "`w -= g`", "`w = w - ...`"]),
    ("assignment into np.zeros", lambda: bl.trace(filled_in, 1.0), bl.TraceError, ["traced value x", "`out[0] = x`", "np.stack"]),
    ("np.zeros changed in place", lambda: bl.trace(added_to_plain, 1.0), bl.TraceError, ["traced value x", "array = array + value"]),
    ("math.sin", lambda: bl.trace(lambda x: math.sin(x), 1.0), bl.TraceError, ["traced value x", "np.sin(x) for math.sin(x)"]),
    ("float", lambda: bl.trace(lambda x: float(x) * 2, 1.0), bl.TraceError, ["traced value x", "leave out float(...)"]),
    ("round", lambda: bl.trace(lambda x: round(x), 1.0), bl.TraceError, ["traced value x", "round(...)"]),
    ("np.array of traced values", lambda: bl.trace(lambda x: np.sum(np.array([x, x**2])), 1.0), bl.TraceError,
     ["np.stack([a, b])", "np.array([a, b])"]),
    ("np.array of traced arrays", lambda: bl.trace(lambda x: np.sum(np.array([x, x**2])), V), bl.TraceError, ["np.stack([a, b])"]),
    ("builtin max", lambda: bl.trace(largest, V), bl.TraceError, ["x < 0", "`m = max(x, 0)`", "(3,)", "np.maximum(a, b)"]),
    ("if on an array", lambda: bl.trace(decided, V), bl.TraceError, ["x > 0", "`if x > 0:`", "np.where"]),
    ("nothing returned", lambda: bl.trace(nothing, 1.0), bl.TraceError, ["nothing(x)", "returned nothing", "`return`"]),
    ("something untraced returned", lambda: bl.trace(lambda x: 3.0, 1.0), bl.TraceError, ["returned 3.0", "does not depend on x"]),
    ("plain number on one branch", lambda: bl.trace(plain_below, -1.0), bl.TraceError, ["returned 0.0", "the answer was False"]),
    ("a tuple returned", lambda: bl.trace(lambda x: (x, x * 2), 1.0), bl.TraceError, ["a tuple of 2", "output=0", "cotangent="]),
    ("a dict returned", lambda: bl.trace(lambda x: {"loss": x}, 1.0), bl.TraceError, ["a dict of 1", "output='loss'"]),
    ("a truth value returned", lambda: bl.trace(lambda x: x > 0, 1.0), bl.TraceError, ["no input of real numbers reaches y"]),
    ("a helper without return", lambda: bl.trace(lambda x: x + nothing(x), 1.0), bl.InputError, ["it is None", "helper without `return`"]),
    ("a number and text", lambda: bl.trace(lambda x: x + "a", 1.0), bl.InputError, ["'a'", "Text is not a number"]),
    ("taking a number apart", lambda: bl.trace(lambda x: list(x), 1.0), bl.TraceError, ["x apart", "single number"]),
    ("length of a number", lambda: bl.trace(lambda x: x * len(x), 1.0), bl.TraceError, ["length of x", "single number"]),
    ("index out of range", lambda: bl.trace(lambda x: x[7], V), bl.ShapeError, ["computing x[7]", "(3,)", "out of bounds"]),
    ("index by a real number", lambda: bl.trace(lambda x, i: x[i], V, 1), bl.TraceError, ["i holds real numbers", "np.array(2)"]),
    ("whole division", lambda: bl.trace(lambda x: x // 2, 1.0), bl.TraceError, ["// and %", "divide with /"]),
    ("np.std", lambda: bl.trace(lambda x: np.std(x), V), bl.TraceError, ["np.std", "np.sqrt(np.var(x))"]),
    ("a method that is not there", lambda: bl.trace(lambda x: x.std(), V), bl.TraceError, [".std()", "np.sqrt(np.var(x))"]),
    ("np.sinh", lambda: bl.trace(lambda x: np.sinh(x), 1.0), bl.TraceError, ["np.sinh", "(np.exp(x) - np.exp(-x)) / 2", "@bl.operation"]),
    ("np.fft.fft", lambda: bl.trace(lambda x: np.sum(np.fft.fft(x)), V), bl.TraceError, ["np.fft.fft", "bl.operations()", "@bl.operation"]),
    ("np.linalg.inv", lambda: bl.trace(lambda x: np.sum(np.linalg.inv(x)), np.eye(2)), bl.TraceError, ["np.linalg.inv", "@bl.operation", "inv(A).T"]),
    ("a keyword that cannot be traced", lambda: bl.trace(lambda x: np.sum(x, where=x > 0), V), bl.TraceError,
     ["np.sum", "np.sum(x, axis=None, keepdims=False)"]),
    ("a keyword of a method", lambda: bl.trace(lambda x: x.sum(dtype=float), V), bl.TraceError, ["calling np.sum", "axis=None"]),
    ("a keyword of ours", lambda: bl.trace(lambda x: np.sum(bl.softmax(x, dim=0)), V), bl.TraceError, ["calling bl.softmax", "'dim'", "axis=-1"]),
    ("another norm", lambda: bl.trace(lambda x: np.linalg.norm(x, 1), V), bl.TraceError, ["ord=1", "np.sum(np.abs(x))"]),
    ("einsum without subscripts", lambda: bl.trace(lambda x: np.einsum(x, [0]), V), bl.TraceError, ["subscripts come first"]),
    ("einsum that does not fit", lambda: bl.trace(lambda x: np.einsum('i,i', x, np.ones(2)), V), bl.ShapeError, ["np.einsum('i,i->', x, constant)"]),
    ("a traced axis", lambda: bl.trace(lambda x, k: np.sum(np.sum(x, axis=k)), V, 0), bl.TraceError, ["axis holds a traced value", "plain number"]),
    ("a traced end of a slice", lambda: bl.trace(lambda x, k: np.sum(x[:k]), V, 2), bl.TraceError, ["holds a traced value"]),
    ("a traced slope", lambda: bl.trace(lambda x, s: bl.leaky_relu(x, s), 1.0, 0.1), bl.TraceError, ["slope holds a traced value"]),
    ("a traced value in an index's list", lambda: bl.trace(lambda x, i: np.sum(x[[i, 0]]), V, np.array(1)), bl.TraceError, ["x[[i, 0]]"]),
    ("a matrix times a number", lambda: bl.trace(lambda x: x @ 2.0, V), bl.ShapeError, ["2.0 is a single number"]),
    ("the operator of bits", lambda: bl.trace(lambda x: x ^ 2, 1.0), bl.TraceError, ["x ** 2 for the square"]),
    ("text in ours", lambda: bl.relu("a"), bl.InputError, ["bl.relu", "Text is not a number"]),
    ("outputs in outputs", lambda: bl.vjp(lambda x: (x, (x * 2,)), 1.0)[1]((1.0, (1.0,))), bl.InputError,
     ["output 1 is a tuple", "another inside"]),
    ("forward mode without tuples", lambda: bl.jvp(lambda x: x * x, 2.0, 1.0), bl.InputError, ["tuples", "(direction,)"]),
    ("an output by a list", lambda: bl.trace(lambda x: {"a": x}, 1.0, output=[0]), bl.InputError, ["output=[0]", "'a'"]),
    ("a masked array", lambda: bl.trace(lambda x: np.sum(x), np.ma.array([1.0, 2.0], mask=[0, 1])), bl.InputError, ["mask would be lost"]),
    ("a claim that is no number", lambda: bl.check_gradients(product, 1.0, 2.0, claimed={"x": None}), bl.InputError, ["the claim for x", "number"]),
    ("a claimed function of other inputs", lambda: bl.check_gradients(product, 1.0, 2.0, claimed=lambda q: q), bl.InputError,
     ["cannot be called with x and z", "(x, z)"]),
    ("a run inside a trace", lambda: bl.grad(lambda x: bl.trace(lambda z: z**3, x).value * x)(2.0), bl.TraceError,
     ["bl.trace", "plain numbers", "bl.value_and_grad"]),
    ("a run of a captured value", lambda: bl.grad(lambda x: bl.trace(lambda z: z * x, 3.0).value * x)(2.0), bl.TraceError, ["plain numbers"]),
    ("a number beyond float64", lambda: bl.trace(lambda x: x * 10**400, 1.0), bl.TraceError, ["too large"]),
    ("wrt a list of lists", lambda: bl.trace(product, 1.0, 2.0, wrt=[["x"]]), bl.InputError, ["['x'] is not an input"]),
    ("np.add with where=", lambda: bl.trace(lambda x: np.sum(np.add(x, x, where=V > 0)), V), bl.TraceError, ["np.add with where=", "np.where"]),
    ("np.add.outer", lambda: bl.trace(lambda x: np.sum(np.add.outer(x, x)), V), bl.TraceError, ["np.add.outer"]),
    ("casting to whole numbers", lambda: bl.trace(lambda x: np.sum(x.astype(int)), V), bl.TraceError, [".astype(int", "no gradient"]),
    ("a gradient kept on a value", lambda: bl.trace(lambda x: x * x.grad, 2.0), bl.TraceError, ["x.grad", "run.grads", "bl.trace(f, ...)"]),
    ("backward called", lambda: bl.trace(lambda x: (x * x).backward(), 2.0), bl.TraceError, ["(x * x).backward", "needs no call", "run.grads"]),
    ("detach", lambda: bl.trace(lambda x: x.detach(), 2.0), bl.TraceError, ["x.detach", "bl.stop_gradient(x)"]),
    ("a method nearly right", lambda: bl.trace(lambda x: x.reshap(3), V), bl.TraceError, ["x.reshap", "Did you mean .reshape?"]),
    ("an attribute that is nowhere", lambda: bl.trace(lambda x: x.relu(), V), bl.TraceError, ["x.relu", "np.exp(x)"]),
    ("an attribute of arrays", lambda: bl.trace(lambda x: np.sum(x.real), V), bl.TraceError, ["the attribute .real", "the value itself"]),
    ("arrays of np.stack without a list", lambda: bl.trace(lambda x: np.sum(np.stack(x, x)), V), bl.TraceError, ["np.stack([a, b])"]),
    ("arrays of np.concatenate without a list", lambda: bl.trace(lambda x: np.sum(np.concatenate(x, x)), V), bl.TraceError,
     ["np.concatenate([a, b])"]),
    ("a traced word", lambda: bl.trace(lambda x: bl.squared_error(x, x, x), V), bl.TraceError, ["reduction holds", "such as 'mean'"]),
    ("np.dot of matrices", lambda: bl.trace(lambda X: np.sum(X.dot(X)), X), bl.ShapeError, ["np.dot(X, X)", "Rows times columns", "X @ X.T"]),
    ("a list given to np.sum", lambda: bl.trace(lambda x: np.sum([u * u for u in x]), V), bl.TraceError, ["np.sum([a, b])", "np.stack([a, b])"]),
    ("nothing real reaches an array", lambda: bl.trace(lambda x: bl.one_hot(x, 3), V), bl.TraceError, ["of shape (3, 3), and no input"]),
    ("grad given its input", lambda: bl.grad(product, 2.0), bl.InputError, ["bl.grad(product, 2.0)", "wrt=", "bl.grad(f)(2.0)"]),
    ("grad of a value", lambda: bl.value_and_grad(product(1.0, 2.0)), bl.InputError, ["2.0", "not a function", "bl.value_and_grad(f)(2.0)"]),
    ("opening what holds nothing", lambda: bl.trace(product, 1.0, 2.0).expanded("y"), bl.UnknownNameError, ["'y'", "none of its operations"]),
    ("the Jacobian of two outputs", lambda: bl.jacobian(lambda x: (x, x * 2), V), bl.TraceError, ["output=0"]),
    ("a number of steps as an input", lambda: bl.trace(lambda x, n: sum(x for _ in range(n)), 1.0, 3), bl.TraceError,
     ["counting or indexing with n", "range(...)", "out of the inputs"]),
    ("a whole power of whole numbers", lambda: bl.trace(lambda x, k: np.sum(x * k**-1), V, np.array([1, 2, 3])), bl.ShapeError,
     ["computing k ** (-1)", "NumPy says: Integers to negative integer powers"]),
    ("an option as an input", lambda: bl.trace(product, 1.0, z="fast"), bl.InputError, ["z='fast'", "lambda x: product(x, z='fast')"]),
    ("dtype as NumPy's third argument", lambda: bl.trace(lambda x: np.sum(x, 0, float), V), bl.TraceError, ["np.sum(x, axis=None, keepdims=False)"]),
    ("data", lambda: bl.trace(lambda x: x.data, V), bl.TraceError, ["the attribute .data", "bl.stop_gradient(x)"]),
    ("a function that draws", lambda: bl.check_gradients(drawing, 2.0), bl.TraceError,
     ["checking the gradients of drawing", "random numbers outside"]),
    ("unknown value", lambda: bl.trace(product, 1.0, 2.0).values["q"], bl.UnknownNameError, ["'q'", "x, z and y"]),
    ("unknown gradient", lambda: bl.trace(product, 1.0, 2.0).grads["q"], bl.UnknownNameError, ["'q'", "x, z and y"]),
    ("explaining what is not there", lambda: bl.trace(product, 1.0, 2.0).explain("q"), bl.UnknownNameError, ["'q'", "x, z and y"]),
    ("a run with inputs", lambda: bl.source(bl.trace(product, 1.0, 2.0), x=1.0), bl.InputError, ["A run holds its inputs already"]),
]


@pytest.mark.parametrize("call, kind, words", [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_error(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    error = caught.value
    assert error.attempted and error.came_in and error.instead, f"a part is missing: {error}"
    assert str(error).count("\n") == 2
    for word in words:
        assert word in str(error), f"{word!r} is not in:\n{error}"
    for inner in ("Node", "object at 0x", "backproplab.engine", "<lambda>"):
        assert inner not in str(error), f"{inner!r} means nothing to a learner:\n{error}"


@pytest.mark.parametrize("kind, builtin", [(bl.InputError, TypeError), (bl.TraceError, TypeError), (bl.ShapeError, ValueError),
                                           (bl.NotScalarError, ValueError), (bl.RuleError, ValueError), (bl.UnknownNameError, KeyError)])
def test_errors_derive_from_the_built_in_ones(kind, builtin):
    assert issubclass(kind, builtin) and issubclass(kind, bl.BackpropError)


@pytest.mark.parametrize("value", [2, True, 2.0, np.float32(2), np.int64(2), np.array(2.0)], ids=lambda v: type(v).__name__)
def test_numbers_of_any_kind(value):
    run = bl.trace(product, value, 3.0)
    assert run.value == 3.0 * float(value) and run.grads["z"] == float(value)
    assert ("x" in run.grads) == (not isinstance(value, bool))         # a truth value has no gradient


def test_lists_of_numbers_are_arrays():
    run = bl.trace(lambda x: np.sum(x * x), [1, 2, 3])
    assert run.grads["x"].tolist() == [2, 4, 6] and run.values["x"].dtype == np.float64


def test_inputs_may_be_called_like_options():
    run = bl.trace(lambda x, wrt, inputs: x * wrt * inputs, inputs={"x": 2.0, "wrt": 3.0, "inputs": 4.0})
    assert run.value == 24 and run.grads["wrt"] == 8


def test_an_output_may_be_independent_of_an_input():
    run = bl.trace(lambda x, z: x * x, 3.0, np.ones((2, 2)))
    assert run.grads["x"] == 6 and run.grads["z"].tolist() == [[0, 0], [0, 0]]
    assert run.program(3.0, np.ones((2, 2)))[1]["z"].tolist() == [[0, 0], [0, 0]]
    assert "uses z: its gradient is 0" in run.explain("z")


def test_max_of_numbers_takes_a_branch_and_says_so():
    run = bl.trace(lambda x, z: max(x, z) * 2, 1.0, 4.0)
    assert run.value == 8 and dict(run.grads) == {"x": 0, "z": 2, "y": 1}
    assert [b.answer for b in run.branches] == [True]


def test_asking_whether_a_traced_value_has_an_attribute():
    seen = []

    def f(x):
        seen.extend([hasattr(x, "grad"), hasattr(x, "__array_interface__"), getattr(x, "data_ptr", 7), hasattr(x, "shape")])
        return x * x
    assert bl.trace(f, 3.0).grads["x"] == 6 and seen == [False, False, 7, True]


def test_a_copy_of_a_traced_value_is_the_value():
    """A second node that is not in the graph would lose its gradient without a word."""
    def f(x):
        y, (z,) = copy.copy(x), copy.deepcopy([x])
        return y * z * x
    assert bl.trace(f, 3.0).grads["x"] == 27


def test_printing_a_traced_value_is_harmless():
    seen = []

    def f(x):
        y = x * 2
        seen.append(f"{y:.2f} {y}")
        return y
    assert bl.trace(f, 1.5).value == 3 and seen == ["3.00 <y = 3>"]


def warned(call, kind=bl.NumericalWarning):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [str(w.message) for w in caught if issubclass(w.category, kind)]


def test_the_logarithm_of_0_is_a_warning_that_names_the_node():
    def f(x):
        b = np.log(x)
        return b * 2
    run, said = warned(lambda: bl.trace(f, 0.0))
    assert run.value == -np.inf
    assert said[0].startswith("b is infinite") and "`b = np.log(x)`" in said[0] and "x = 0" in said[0]
    assert "the gradient of x through b is infinite" in said[1]


def test_a_warning_points_at_the_authors_line():
    def f(x):
        return np.log(x)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bl.trace(f, 0.0)
    assert caught[0].filename == __file__ and caught[0].lineno == f.__code__.co_firstlineno + 1


def test_a_chain_of_100_000():
    def f(x):
        for _ in range(100_000):
            x = x * 1.00001
        return x
    assert bl.grad(f)(1.0) == pytest.approx(1.00001**100_000, rel=1e-10)


def test_calling_everything_twice_gives_the_same():
    def f(x, W):
        h = np.tanh(W @ x)
        return h @ h
    args = np.array([1.0, 2.0]), np.array([[0.1, 0.2], [0.3, 0.4]])
    first, second = bl.trace(f, *args), bl.trace(f, *args)
    for name in first.grads:
        assert np.array_equal(first.grads[name], second.grads[name])
    assert bl.source(first) == bl.source(second) == bl.source(first) and first.explain("h") == second.explain("h")
    gradient = bl.grad(f)
    assert all(np.array_equal(gradient(*args)[n], gradient(*args)[n]) for n in ("x", "W"))
    assert [s.name for s in first.steps] == [s.name for s in second.steps] and repr(bl.check_gradients(f, *args)) == repr(bl.check_gradients(f,
                                                                                                                                             *args))
    assert first.steps is first.steps and first.unfolded().value == first.unfolded().value


def test_the_callers_arrays_may_change_after_tracing():
    x, scale = np.ones(3), np.full(3, 2.0)
    run = bl.trace(lambda x: np.sum(x * x * scale), x)
    x[:], scale[:] = 100.0, 100.0
    assert run.value == 6 and run.values["x"].tolist() == [1, 1, 1] and run.grads["x"].tolist() == [4, 4, 4]
    assert run.unfolded().grads["x"].tolist() == [4, 4, 4]
    assert run.program(np.ones(3))[0] == 6
    with pytest.raises(ValueError, match="read-only"):
        run.values["x"][0] = 5


def test_arrays_that_change_between_two_uses_are_two_constants():
    scale = np.ones(2)

    def f(x):
        a = np.sum(x * scale)
        scale[:] = 3.0
        return a + np.sum(x * scale)
    assert bl.trace(f, np.ones(2)).grads["x"].tolist() == [4, 4]
