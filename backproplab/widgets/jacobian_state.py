"""Everything the Jacobian viewer shows, as one JSON state: the edges of runs, their matrices, and the products that replace them."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..calculus import LocalJacobian, entry_name, index_tuples, local_jacobian, local_jacobians, structure
from ..engine.expressions import Call, Expression, symbols
from ..engine.rules import OPERATIONS
from ..engine.run import Run, trace
from ..notation import Glyphs, plain, tidy, typeset
from ..notation.orientation import Orientation, TooManyAxes
from ..notation.setting import Setting
from .formulas import Formulas
from .jacobian_entries import entry_formulas

SHOWN = 600                               # entries of a map; a larger Jacobian is told by its size alone
WIDTHS = (4, 64, 1024, 4096)
UPSTREAM = (2.0, -1.0, 0.5, 3.0, -2.0, 1.0)
SIZE = 17                                 # pixels of one em
relu, sigmoid, softmax = (OPERATIONS[n] for n in ("relu", "sigmoid", "softmax"))
W = np.array([[2.0, -1.0], [0.5, 3.0], [-1.5, 1.0], [1.0, 0.5]])
X = np.array([1.0, -2.0, 3.0, 0.5])


def _tuples(X: Any) -> Any:
    Y = X[:, :, 0:2] * X[:, :, 1:3]
    return Y


def _linear(x: Any, W: Any) -> Any:
    z = x @ W
    return z


def _bias(Z: Any, b: Any) -> Any:
    H = Z + b
    return H


def _skip(x: Any, f: Any) -> Any:
    y = x + f
    return y


# title -> (function, inputs, of, wrt)
EXAMPLES: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any], str, str]] = {
    "z = xW, by x": (_linear, {"x": X, "W": W}, "z", "x"),
    "z = xW, by W": (_linear, {"x": X, "W": W}, "z", "W"),
    "relu": (lambda z: relu(z), {"z": [1.2, -0.7, 0.4, -2.0, 3.0]}, "y", "z"),
    "dead relu": (lambda z: relu(z), {"z": [-1.2, -0.7, -0.4]}, "y", "z"),
    "sigmoid": (lambda z: sigmoid(z), {"z": [0.0, 1.0, -2.0, 0.5, 4.0]}, "y", "z"),
    "softmax": (lambda z: softmax(z), {"z": [1.0, 2.0, 0.0, -1.0]}, "y", "z"),
    "σ of a matrix": (lambda X: sigmoid(X), {"X": [[0.5, -1.0], [2.0, 0.0]]}, "y", "X"),
    "max of pairs": (lambda X: np.max(X, axis=1), {"X": [[1.0, 3.0], [-2.0, -5.0], [0.5, 4.0]]}, "y", "X"),
    "bias": (_bias, {"Z": np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.3]]), "b": np.array([1.0, -1.0])}, "H", "b"),
    "skip connection": (_skip, {"x": [1.0, -2.0, 0.5], "f": [0.3, 1.0, -1.0]}, "y", "x"),
    "reversal": (lambda x: x[::-1], {"x": [1.0, -2.0, 0.5, 3.0]}, "y", "x"),
    "tensors": (_tuples, {"X": np.array([[[1.0, -1.0, 2.0], [0.5, 3.0, -2.0]], [[2.0, 1.0, -0.5], [-1.0, 0.3, 1.5]]])}, "Y", "X"),
}


def viewer_state(run: Run | None = None) -> dict[str, Any]:
    """The state of a viewer.

    Parameters
    ----------
    run : Run, optional
        Its edges are shown; without it the examples of the lessons.

    Returns
    -------
    dict
        JSON data: ``id, title, nodes, glyphs``.
    """
    glyphs = Glyphs()
    if run is not None:
        nodes = [node_data(j, f"{j.of} by {j.wrt}", glyphs) for j in local_jacobians(run)]
        return {"id": run.name, "title": f"{run.name}: local Jacobians", "nodes": nodes, "glyphs": glyphs.outlines}
    return {"id": "Jacobians", "title": "Jacobian viewer", "nodes": [node_data(j, title, glyphs) for title, j in examples()],
            "glyphs": glyphs.outlines}


def examples() -> Iterable[tuple[str, LocalJacobian]]:
    """The examples, each with its title."""
    for title, (f, inputs, of, wrt) in EXAMPLES.items():
        values = {n: np.asarray(v, float) for n, v in inputs.items()}
        yield title, local_jacobian(trace(f, inputs=values, cotangent=np.ones(np.shape(f(**values)))), of, wrt)


def node_data(local: LocalJacobian, title: str, glyphs: Glyphs) -> dict[str, Any]:
    """One edge."""
    run = local.run
    formulas = Formulas(run, glyphs)
    product, setting = _lying(tidy(local.product), run.variable(local.of).expression, np.ndim(run.scope[local.wrt]), formulas.setting)
    data = {"title": title, "of": local.of, "wrt": local.wrt, "ofShape": list(local.of_shape), "wrtShape": list(local.wrt_shape),
            "forward": formulas.value(run.variable(local.of)), "product": formulas.data(typeset(product, setting), SIZE),
            "said": plain(typeset(product, setting)), "upstream": plain(formulas.setting.symbol(local.upstream)), "entries": local.entries,
            "sizes": [_size(local, n) for n in WIDTHS], "map": None, "instead": ""}
    if not local.entries:
        data["instead"] = "There is nothing to see: an array is empty."
    elif local.entries <= SHOWN and not np.isfinite(local.matrix("numerator")).all():
        data["instead"] = f"At this point ∂{local.of}/∂{local.wrt} holds numbers that are infinite or not a number: take another point."
    elif local.entries <= SHOWN:
        data["map"] = _map(local)
    return data


def _calls(e: Expression | None) -> Iterator[Call]:
    """The calls inside an expression, itself included."""
    left = [e]
    while left:
        e = left.pop()
        if isinstance(e, Call):
            yield e
            left.extend(e.args)


def _lying(product: Expression, forward: Expression | None, ndim: int, setting: Setting) -> tuple[Expression, Setting]:
    """The product with rows and columns as its forward line has them: in z = x W a vector is a row, so the gradient of W is x^T g."""
    met = [[setting.ndim(a) for a in e.args] for e in _calls(forward) if e.head == "@"]
    if [1, 2] not in met and [2, 1] not in met:                          # nothing says how a vector lies
        return product, setting
    lying = Orientation(setting, "row" if [1, 2] in met else "column")
    try:
        return lying.gradient(product, ndim), replace(setting, products=lying.products)
    except TooManyAxes:                                                  # rows and columns say nothing about a tensor
        return product, setting


def _map(local: LocalJacobian) -> dict[str, Any]:
    matrix, elsewhere = local.matrix("numerator"), local.elsewhere()
    pattern = np.any([m != 0 for m in [matrix, *(m for _, m in elsewhere)]], axis=0)
    texts = entry_formulas(local, matrix, elsewhere)
    found = structure(matrix, pattern)
    outputs, inputs = index_tuples(local.of_shape), index_tuples(local.wrt_shape)
    g = np.array([UPSTREAM[k % len(UPSTREAM)] for k in range(len(outputs))]).reshape(local.of_shape)
    return {"outputs": [entry_name(local.of, k) for k in outputs], "inputs": [entry_name(local.wrt, k) for k in inputs],
            "values": _rounded(matrix), "formulas": texts, "free": pattern.astype(int).tolist(), "count": found.free,
            "structure": {"name": found.name, "say": found.say + _copies(texts)}, "g": g.ravel().tolist(),
            "result": _rounded([np.ravel(local.times(g[()]))])[0]}


def _copies(texts: Sequence[Sequence[str]]) -> str:
    """A sentence where every entry that is not 0 is an entry of one array: the Jacobian holds nothing new."""
    found = {re.fullmatch(r"−?([^\W\d_]+?)[₀-₉,]*", t) for row in texts for t in row if t not in ("0", "1")}
    names = {m[1] if m else "" for m in found}
    return f" Its numbers are those of {names.pop()}, nothing new." if len(names) == 1 and "" not in names else ""


def _rounded(rows: Any) -> list[list[float]]:
    return [[float(f"{x:.6g}") + 0.0 for x in row] for row in rows]


def _size(local: LocalJacobian, n: int) -> dict[str, Any]:
    """Bytes of the Jacobian, and of what the product reads, when every axis is n long."""
    axes = len(local.of_shape) + len(local.wrt_shape)
    reads = {s: np.ndim(local.run.scope[s]) for s in symbols(local.product) if s in local.run.scope}
    return {"width": n, "jacobian": 8 * n**axes, "kept": sum(8 * n**k for k in reads.values()), "shape": [n ** len(local.of_shape),
                                                                                                          n ** len(local.wrt_shape)]}
