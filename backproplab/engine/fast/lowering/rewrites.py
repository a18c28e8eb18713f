"""Rewrites: a primitive replaced by a cheaper one that computes the same.

Each has a `match` (does the primitive look like it, and what are its parts?), a `guard` (would the result have the same values, shape
and dtype?) and a `build`. The guard is where mistakes hide, so each has a test that shows what goes wrong without it. "The same" is to
the last bit, but for sums: BLAS adds in another order than NumPy, and both are right to rounding.
"""
# A rewrite is declared in the form of a class whose functions take no self, as an operation is:
# mypy: disable-error-code="misc"
from __future__ import annotations

from typing import Any

import numpy as np

from .rewriting import REWRITES, Found, is_whole_result, number, rewrite
from .values import Builder, Slot, Value, view_of

# ---- arithmetic with special numbers ------------------------------------------------------------------------------------------

@rewrite("multiply", "divide", "power")
class factor_of_one:
    """x * 1, x / 1 and x ** 1 are x: a rule multiplies by the gradient of the output, which is 1."""
    def match(detail: str, args: Any) -> Found:
        if number(args[1]) == 1:
            return args[0],
        return (args[1],) if detail == "multiply" and number(args[0]) == 1 else None

    def guard(detail: str, args: Any, x: Value) -> bool: return is_whole_result(x, args)
    def build(b: Builder, x: Value) -> Value: return x


@rewrite("multiply")
class factor_of_minus_one:
    """x * -1 is -x: a sign costs no multiplication and no constant."""
    def match(detail: str, args: Any) -> Found:
        return next(((args[1 - k],) for k in (0, 1) if number(args[k]) == -1), None)

    def guard(detail: str, args: Any, x: Value) -> bool: return is_whole_result(x, args)
    def build(b: Builder, x: Value) -> Value: return b.ufunc("negative", x)


@rewrite("power")
class small_power:
    """x ** 2 is a product, and so does NumPy's own operator ** compute it: the power function takes ten times as long."""
    def match(detail: str, args: Any) -> Found: return (args[0],) if number(args[1]) == 2 else None
    def guard(detail: str, args: Any, x: Value) -> bool: return is_whole_result(x, args)
    def build(b: Builder, x: Value) -> Value: return b.ufunc("square", x)


@rewrite("power")
class square_root:
    """x ** 0.5 of an array is its square root: so does NumPy's operator compute it. For a single number it calls pow."""
    def match(detail: str, args: Any) -> Found: return (args[0],) if number(args[1]) == 0.5 else None
    def guard(detail: str, args: Any, x: Value) -> bool: return not x.is_scalar and is_whole_result(x, args)
    def build(b: Builder, x: Value) -> Value: return b.ufunc("sqrt", x)


@rewrite("divide")
class one_over:
    """1 / x is the reciprocal: no constant to broadcast."""
    def match(detail: str, args: Any) -> Found: return (args[1],) if number(args[0]) == 1 else None
    def guard(detail: str, args: Any, x: Value) -> bool: return is_whole_result(x, args)
    def build(b: Builder, x: Value) -> Value: return b.ufunc("reciprocal", x)


@rewrite("add")
class sum_with_a_negative:
    """a + -b is a - b: one operation less. Of truth values there is no -b, and no guard is needed."""
    def match(detail: str, args: Any) -> Found:
        return (args[0], args[1].args[0]) if args[1].kind == "ufunc" and args[1].detail == "negative" else None

    def guard(detail: str, args: Any, x: Value, y: Value) -> bool: return True
    def build(b: Builder, x: Value, y: Value) -> Value: return b.ufunc("subtract", x, y)


@rewrite("logaddexp")
class softplus_of_a_number:
    """np.logaddexp(0, x) of a single number is max(x, 0) + log1p(e^-|x|), as NumPy computes it, and shares its e^-|x| with the sigmoid.

    No guard: the formula holds for all numbers, infinities and NaN too. An array keeps the one call.
    """
    def match(detail: str, args: Any) -> Found:
        return next(((args[1 - k],) for k in (0, 1) if number(args[k]) == 0 and args[1 - k].is_scalar), None)

    def guard(detail: str, args: Any, x: Value) -> bool: return True

    def build(b: Builder, x: Value) -> Value:
        tail = b.ufunc("log1p", b.ufunc("exp", b.ufunc("negative", b.ufunc("absolute", x))))
        return b.ufunc("add", b.ufunc("maximum", x, b.const(0.0)), tail)


# ---- products and sums by BLAS ------------------------------------------------------------------------------------------------

@rewrite("matmul")
class product_of_matrices:
    """x @ y of vectors and matrices is np.dot, which starts sooner.

    Of stacks of matrices np.dot is something else; and with an operand of one entry it takes 0 times infinity for 0, where @ gives NaN.
    """
    def match(detail: str, args: Any) -> Found: return args
    def guard(detail: str, args: Any, x: Value, y: Value) -> bool: return all(np.ndim(a.example) <= 2 and np.size(a.example) > 1 for a in (x, y))
    def build(b: Builder, x: Value, y: Value) -> Value: return b.make("dot", None, x, y)


@rewrite("call")
class outer_product:
    """np.outer is a column times a row, into a buffer; NumPy computes it so too, hence no guard. BLAS would take 0 times infinity for 0."""
    def match(detail: Any, args: Any) -> Found: return args if detail[0] is np.outer and len(args) == 2 else None

    def guard(detail: Any, args: Any, x: Value, y: Value) -> bool: return True

    def build(b: Builder, x: Value, y: Value) -> Value:
        return b.ufunc("multiply", b.make("view", ("reshape", (-1, 1)), x), b.make("view", ("reshape", (1, -1)), y))


def axes_of(x: Value, axis: Any) -> tuple[int, ...]:
    rank = np.ndim(x.example)
    return tuple(range(rank)) if axis is None else tuple(sorted(int(k) % rank for k in np.atleast_1d(axis)))


def in_one_row(x: Value) -> bool:
    """Can the array be seen as one row without a copy?"""
    return x.owns_memory or np.ndim(x.example) == 1


@rewrite("reduce")
class sum_of_products:
    """sum(x * y) is the inner product of x and y: the products are never stored."""
    def match(detail: Any, args: Any) -> Found:
        name, axis, keepdims = detail
        x = args[0]
        if name != "add" or keepdims or x.kind != "ufunc" or x.detail not in ("multiply", "square") or len(axes_of(x, axis)) != np.ndim(x.example):
            return None
        return x, x.args[0], x.args[-1]

    def guard(detail: Any, args: Any, whole: Value, x: Value, y: Value) -> bool:
        e = whole.example
        return e.dtype.kind == "f" and e.size > 0 and all(
            np.shape(a.example) == e.shape and a.example.dtype == e.dtype and in_one_row(a) for a in (x, y))

    def build(b: Builder, whole: Value, x: Value, y: Value) -> Value:
        return b.make("dot", None, b.make("view", ("reshape", (-1,)), x), b.make("view", ("reshape", (-1,)), y))


@rewrite("reduce")
class sum_by_dot:
    """A sum over one axis of a matrix, or of everything, is a product with ones: one call of BLAS instead of NumPy's slower loop."""
    def match(detail: Any, args: Any) -> Found:
        name, axis, keepdims = detail
        x = args[0]
        rank, axes = np.ndim(x.example), axes_of(x, axis)
        whole = len(axes) == rank
        if name != "add" or whole and keepdims or not (whole or rank == 2 and len(axes) == 1):
            return None
        return x, None if whole else axes[0], keepdims

    def guard(detail: Any, args: Any, x: Value, axis: int | None, keepdims: bool) -> bool:
        e = x.example
        return e.dtype.kind == "f" and e.size > 0 and (axis is not None or in_one_row(x))

    def build(b: Builder, x: Value, axis: int | None, keepdims: bool) -> Value:
        e = x.example
        if axis is None:
            return b.make("dot", None, b.make("view", ("reshape", (-1,)), x), b.const(np.ones(e.size, e.dtype)))
        ones = b.const(np.ones(e.shape[axis], e.dtype))
        out = b.make("dot", None, ones, x) if axis == 0 else b.make("dot", None, x, ones)
        return b.make("view", ("reshape", (1, -1) if axis == 0 else (-1, 1)), out) if keepdims else out


# ---- views ------------------------------------------------------------------------------------------------------------------

@rewrite("view")
class view_of_the_same:
    """A reshape to the shape that is there, and the transpose of a vector or of a transpose, are the array itself."""
    def match(detail: Any, args: Any) -> Found:
        x = args[0]
        if detail == ("T",) and x.kind == "view" and x.detail == ("T",):
            return x.args[0], detail
        return (x, detail) if detail[0] in ("reshape", "ravel", "T", "transpose", "squeeze", "broadcast_to") else None

    def guard(detail: Any, args: Any, x: Value, view: Any) -> bool:
        if x is not args[0]:
            return True
        if np.shape(view_of(detail, x.example)) != np.shape(x.example):
            return False
        return detail[0] not in ("T", "transpose") or np.ndim(x.example) < 2        # a square matrix keeps its shape, and is another

    def build(b: Builder, x: Value, view: Any) -> Value: return x


def unspread(v: Value) -> Value | None:
    """The smaller value that an operand repeats: of np.broadcast_to, or of a constant array that holds one number everywhere."""
    if v.kind == "view" and v.detail[0] == "broadcast_to":
        return v.args[0]
    if v.is_const and not v.is_scalar and v.example.size and np.all(v.example == v.example.flat[0]):
        return Value("const", None, (), v.example.flat[0])
    return None


@rewrite("ufunc")
class spread_operand:
    """Arithmetic broadcasts by itself: where another operand has the shape, np.broadcast_to, a slow function, is left out."""
    def match(detail: str, args: Any) -> Found:
        smaller = [unspread(a) if not a.is_scalar else None for a in args]
        return (detail, args, tuple([s or a for s, a in zip(smaller, args, strict=True)])) if any(smaller) else None

    def guard(detail: str, args: Any, name: str, before: Any, after: Any) -> bool:
        old, new = [a.example for a in before], [a.example for a in after]
        return (getattr(np, name).signature is None and np.broadcast_shapes(*map(np.shape, new)) == np.broadcast_shapes(*map(np.shape, old))
                and np.result_type(*new) == np.result_type(*old))

    def build(b: Builder, name: str, before: Any, after: Any) -> Value:
        return b.ufunc(name, *[b.const(a.example) if a.is_const else a for a in after])


# ---- choosing and adding into -------------------------------------------------------------------------------------------------

@rewrite("where")
class where_or_zero:
    """np.where with a zero on one side multiplies the bits of the other by the mask: no branch that a processor could guess wrongly.

    The numbers themselves must not be multiplied: NaN and infinity times 0 are NaN, and np.where gives 0. The bits of 0.0 are all 0.
    """
    def match(detail: Any, args: Any) -> Found:
        test, x, y = args
        if number(y) == 0 and not x.is_scalar:
            return test, x, y, False
        return (test, y, x, True) if number(x) == 0 and not y.is_scalar else None

    def guard(detail: Any, args: Any, test: Value, x: Value, zero: Value, inverted: bool) -> bool:
        return (np.asarray(test.example).dtype == bool and np.shape(test.example) == np.shape(x.example) and is_whole_result(x, args[1:])
                and x.example.itemsize in (4, 8) and not np.signbit(zero.example))

    def build(b: Builder, test: Value, x: Value, zero: Value, inverted: bool) -> Value:
        return b.make("keep", None, x, b.ufunc("logical_not", test) if inverted else test)


@rewrite("where")
class where_a_number:
    """np.where with a number on one side overwrites the other side where the mask says so: no third array."""
    def match(detail: Any, args: Any) -> Found:
        test, x, y = args
        if y.is_scalar and not x.is_scalar:
            return test, x, y, True
        return (test, y, x, False) if x.is_scalar and not y.is_scalar else None

    def guard(detail: Any, args: Any, test: Value, x: Value, new: Value, inverted: bool) -> bool:
        return np.asarray(test.example).dtype == bool and np.shape(test.example) == np.shape(x.example) and is_whole_result(x, args[1:])

    def build(b: Builder, test: Value, x: Value, new: Value, inverted: bool) -> Value:
        return b.make("mask", None, x, b.ufunc("logical_not", test) if inverted else test, new)


def is_basic(index: Any) -> bool:
    """Integers and slices known now: they take no entry twice."""
    return all(isinstance(k, (int, slice)) and not isinstance(k, (Slot, bool)) or k is None or k is Ellipsis
               for k in (index if isinstance(index, tuple) else (index,)))


@rewrite("add_at")
class add_once:
    """Adding at an index that takes no entry twice, where there are zeros, is writing there: np.add.at is for indices with repetition."""
    def match(index: Any, args: Any) -> Found:
        return (index, *args) if args[0].is_const and not np.any(args[0].example) else None

    def guard(index: Any, args: Any, key: Any, *parts: Value) -> bool: return is_basic(index)
    def build(b: Builder, key: Any, *parts: Value) -> Value: return b.make("put", key, *parts)


@rewrite("add")
class add_into:
    """a + b where b is zero but for a slice adds into that slice of a: a sum of slices' gradients needs no array of zeros for each."""
    def match(detail: str, args: Any) -> Found:
        for x, y in (args, args[::-1]):
            if y.kind == "put" and y.args[0].is_const and not np.any(y.args[0].example):
                return y.detail, x, y.args[1]
        return None

    def guard(detail: str, args: Any, index: Any, x: Value, new: Value) -> bool:
        return is_basic(index) and not x.is_scalar and is_whole_result(x, args)

    def build(b: Builder, index: Any, x: Value, new: Value) -> Value: return b.add("add_at", index, (x, new))


__all__ = ["REWRITES"]
