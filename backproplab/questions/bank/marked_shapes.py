"""Derivatives by vectors and matrices, as arrays that a program returns: their shapes, their layout, and then their numbers."""
from typing import Any

import numpy as np

from ...engine import jacobian
from ..draws import Draw
from ..kinds.tasks import gradients_but
from ..model import question

FORMULAS = "turn a derivative by a matrix into a product"
UNTURNED = "The gradient of `{}` has `{}` unturned: right in shape, as these matrices are square, and wrong in number."
TURNED = "The gradient of `{}` is transposed: right in shape, as these matrices are square, and wrong in number."
ENTRY = "Write one entry of the product as a sum, and differentiate that: the index that is summed decides which matrix is turned."
LAYOUTS = "know the shape of a derivative in either layout"


def _product(B: Any, C: Any) -> Any:
    return B @ C


def _factors(draw: Draw) -> dict[str, Any]:
    """Square matrices: their shapes tell nothing."""
    n = draw.whole(2, 4)
    return {"B": draw.array(n, n), "C": draw.array(n, n), "g": draw.array(n, n)}


def _layer(x: Any, W: Any) -> Any:
    return np.tanh(W @ x)


def _both(W: Any, x: Any) -> tuple[Any, ...]:
    return tuple(jacobian(_layer, x, W, wrt="x", layout=layout) for layout in ("numerator", "denominator"))


question("gradient-of-a-product", FORMULAS, "task",
         "`A = B @ C`, and the gradient `g` of `A` has arrived. Write `{name}(B, C, g)`, which returns the gradients of `B` and of `C`. It is tried "
         "with square matrices, where every product fits: shapes will not help "
         "you.", name="product_backward", forward=_product, wrt=("B", "C"), upstream="g", inputs=_factors,
         partial=True, points=2.0,
         wrong=[(gradients_but(_product, ("B", "C"), "g", B=lambda g, at: at["g"] @ at["C"]), UNTURNED.format("B", "C"), ENTRY),
                (gradients_but(_product, ("B", "C"), "g", C=lambda g, at: at["B"] @ at["g"]), UNTURNED.format("C", "B"), ENTRY),
                (gradients_but(_product, ("B", "C"), "g", B=lambda g, at: g.T), TURNED.format("B"), ENTRY),
                (gradients_but(_product, ("B", "C"), "g", C=lambda g, at: g.T), TURNED.format("C"), ENTRY)])

question("quadratic-form", FORMULAS, "function",
         "Write `quadratic(A, x)` for the program below: the gradients of `{out}` by `A` and `x`, as a tuple. `A` need not be symmetric.",
         name="quadratic", program="v = A @ x; y = x @ v", at={"A": ("N", "N"), "x": ("N",)}, sides={"N": (3, 4)}, asked=["A", "x"], points=2.0)

question("jacobian-in-both-layouts", LAYOUTS, "task",
         "`y = np.tanh(W @ x)`. Write `{name}(W, x)`, which returns the derivative of `y` by `x` twice: in numerator layout, a row for each entry of "
         "y, "
         "and in denominator layout.", name="both_layouts", solution=_both, outputs=("numerator", "denominator"), partial=True, points=2.0,
         inputs=lambda draw: {"W": draw.array(3, 4), "x": draw.array(4, low=-0.6, high=0.6)},
         wrong=[(lambda W, x: _both(W, x)[::-1], "The two are exchanged.", "Numerator layout: the shape begins with the size of y.")])

question("one-column-for-the-bias", FORMULAS, "function",
         "The bias is a column of weights here: a 1 stands at the end of every row of `X`. Write `augmented(X, W, Y)` for the program below: the "
         "gradient of `{out}` by `W`.", name="augmented", program="S = X @ W; E = S - Y; J = np.sum(np.square(E)) / 2",
         at={"X": ("N", "D"), "W": ("D", "M"), "Y": ("N", "M")}, sides={"N": (4, 5), "D": (3, 3), "M": (2, 2)}, asked=["W"], points=1.0)
