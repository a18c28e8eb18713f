"""Formulas with rows and columns: what NumPy's 1-D arrays are on paper.

A 1-D array is neither a row nor a column; on paper every vector is one of them, and products only conform when transposes say so. Here
an expression of 1-D arrays is rewritten into one of matrices: outer(g, x) becomes g x^T for columns and g^T x for rows, and W @ x of
rows becomes x W^T. In numerator layout the symbol of a gradient stands for its transpose, so the same walk writes either layout.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..engine.expressions import COMPARISONS, Call, Constant, Expression, Symbol
from ..engine.rules import OPERATIONS
from .setting import Setting, option

ENTRYWISE = {"+", "-", "*", "/", "**", "neg", "np.where", "np.maximum", "np.minimum", "np.exp", "np.log", "np.sin", "np.cos", "np.tan", "np.tanh",
             "np.sinh", "np.cosh", "np.sqrt", "np.square", "np.abs", "np.sign", "sigmoid", "relu", "softplus", "leaky_relu", *COMPARISONS}
OPPOSITE = {"row": "column", "column": "row"}


class TooManyAxes(Exception):
    """An array of more than two axes: rows and columns say nothing about it."""


def _is_turned(e: Expression) -> bool:
    return isinstance(e, Call) and e.head == ".T"


@dataclass
class Orientation:
    """Rewrites expressions of one run.

    Attributes
    ----------
    setting : Setting
    vectors : str
        "column" or "row": what a 1-D value is.
    layout : str or None
        How gradients lie: see `Settings.gradients`.
    products : dict of Expression to int
        Axes, as NumPy would count them, of the products made here.
    """

    setting: Setting
    vectors: str = "column"
    layout: str | None = None
    products: dict[Expression, int] = field(default_factory=dict)

    def gradient_is(self, ndim: int) -> bool:
        """Is a gradient turned against its variable?"""
        if ndim == 1:
            lies = {None: self.vectors, "denominator": "column"}.get(self.layout, "row")
            return lies != self.vectors
        return ndim == 2 and self.layout == "numerator"

    def shape(self, shape: tuple[int, ...], gradient: bool = False) -> tuple[int, ...]:
        """The shape on paper of a value, or of a gradient, of that shape in NumPy."""
        turned = gradient and self.gradient_is(len(shape))
        if len(shape) == 1:
            return (shape[0], 1) if (self.vectors == "column") != turned else (1, shape[0])
        return shape[::-1] if turned and len(shape) == 2 else shape

    def value(self, e: Expression) -> Expression:
        """What computes a value."""
        return self._turned(e, False)

    def gradient(self, e: Expression, ndim: int) -> Expression:
        """What computes the gradient of a variable of so many axes."""
        return self._turned(e, self.gradient_is(ndim))

    # ---- the walk --------------------------------------------------------------------------------------------------------

    def _turned(self, e: Expression, flip: bool) -> Expression:
        """e as matrices, transposed when `flip`."""
        n = self.setting.ndim(e)
        if n > 2:
            raise TooManyAxes
        if isinstance(e, Symbol):
            turned = n > 0 and flip != (e.name in self.setting.gradients and self.gradient_is(n))
            return Call(".T", (e,)) if turned else e
        if isinstance(e, Constant):
            return Call(".T", (e,)) if flip and n else e
        assert isinstance(e, Call)
        if e.head in ENTRYWISE:
            args = [self._entry(a, n, flip) for a in e.args]
            arrays = [a for a, was in zip(args, e.args, strict=True) if self.setting.ndim(was)]
            if arrays and all(map(_is_turned, arrays)):                                   # f^T - y^T is (f - y)^T
                return Call(".T", (Call(e.head, tuple([a.args[0] if _is_turned(a) else a for a in args]), e.keywords),))     # type: ignore[attr-defined]
            return Call(e.head, tuple(args), e.keywords)
        match e.head:
            case "@":
                return self._product(e.args[0], e.args[1], flip)
            case "np.outer":
                return self._outer(e.args[0], e.args[1], flip)
            case ".T" | "np.transpose":
                return self._turned(e.args[0], flip != (n == 2)) if option(e, "axes", 1) is None else self._other(e, flip)
            case "np.sum" | "np.mean":
                return self._reduced(e, flip)
            case "np.broadcast_to":
                return self._repeated(e, flip)
        return self._other(e, flip)

    def _entry(self, a: Expression, n: int, flip: bool) -> Expression:
        """An operand of something that goes entry by entry and gives n axes."""
        k = self.setting.ndim(a)
        if k == 1 and n == 2:                                            # repeated over the rows of a matrix: it lies like one of them
            return self._turned(a, flip != (self.vectors == "column"))
        return self._turned(a, flip and k > 0)

    def _as(self, lies: str, e: Expression) -> Expression:
        """A 1-D expression as a row or as a column."""
        return self._turned(e, lies != self.vectors)

    def _made(self, left: Expression, right: Expression, axes: int) -> Expression:
        made = Call("@", (left, right))
        self.products[made] = axes
        return made

    def _product(self, x: Expression, y: Expression, flip: bool) -> Expression:
        lies = OPPOSITE[self.vectors] if flip else self.vectors
        match self.setting.ndim(x), self.setting.ndim(y):
            case 1, 1:
                return self._made(self._as("row", x), self._as("column", y), 0)
            case 2, 1:
                return self._made(self._turned(x, False), self._as(lies, y), 1) if lies == "column" else \
                       self._made(self._as(lies, y), self._turned(x, True), 1)
            case 1, 2:
                return self._made(self._turned(y, True), self._as(lies, x), 1) if lies == "column" else \
                       self._made(self._as(lies, x), self._turned(y, False), 1)
            case 2, 2:
                x, y = (y, x) if flip else (x, y)
                return self._made(self._turned(x, flip), self._turned(y, flip), 2)
        raise TooManyAxes

    def _outer(self, x: Expression, y: Expression, flip: bool) -> Expression:
        return self._made(self._as("column", y if flip else x), self._as("row", x if flip else y), 2)

    def _reduced(self, e: Call, flip: bool) -> Expression:
        k, axis = self.setting.ndim(e.args[0]), option(e, "axis", 1)
        inner = self._turned(e.args[0], False)
        if k < 2 or axis is None:
            return Call(e.head, (inner,))
        if isinstance(axis, tuple):
            return self._other(e, flip)
        keep = bool(option(e, "keepdims", 2))
        made = Call(e.head, (inner,), (("axis", Constant(int(axis) % 2)), ("keepdims", Constant(True))))
        lies = "row" if int(axis) % 2 == 0 else "column"
        wanted = flip if keep else lies != (OPPOSITE[self.vectors] if flip else self.vectors)
        return Call(".T", (made,)) if wanted else made

    def _repeated(self, e: Call, flip: bool) -> Expression:
        shape: Any = option(e, "shape", 1)
        if not isinstance(shape, tuple) or len(shape) > 2:
            raise TooManyAxes
        inner = e.args[0]
        k = self.setting.ndim(inner)
        if len(shape) == 1:
            shape = (shape[0], 1) if (self.vectors == "column") != flip else (1, shape[0])
            return Call(e.head, (self._turned(inner, flip and k > 0), Constant(shape)))
        return Call(e.head, (self._entry(inner, 2, flip), Constant(shape[::-1] if flip else shape)))

    def _other(self, e: Call, flip: bool) -> Expression:
        """Any other function: it is given its arguments as they are, and its result is turned."""
        if e.head not in ("index", "softmax", "log_softmax", "logsumexp", "scatter", "np.concatenate", "np.stack", "np.reshape", "tuple", "list",
                          "np.max", "np.min") and e.head not in OPERATIONS:
            return Call(".T", (e,)) if flip else e
        if e.head == "index" and isinstance(e.args[0], Symbol):          # an entry, or a part that lies as the whole does
            base, n = e.args[0], self.setting.ndim(e)
            turned = n > 0 and base.name in self.setting.gradients and self.gradient_is(self.setting.ndim(base))
            return Call(".T", (e,)) if n and flip != turned else e
        made = Call(e.head, tuple([a if isinstance(a, Constant) else self._turned(a, False) for a in e.args]), e.keywords)
        return Call(".T", (made,)) if flip else made

