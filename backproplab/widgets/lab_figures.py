"""The labs' charts as matplotlib figures, for a report or a slide: A beside B on the same axes."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

VALUE, GRADIENT, THEORY = "#0072B2", "#C24A00", "#6b6f76"


def plain_figure(columns: int, rows: int, height: float) -> tuple[Any, Any]:
    """A figure that no notebook shows by itself, and its axes, (rows, columns)."""
    from matplotlib.figure import Figure
    figure = Figure(figsize=(6.0 * columns, height * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, sharey="row")


def plain_axes(axes: Any, title: str, x: str, y: str = "") -> None:
    """A title at the left, labels, and no frame at the top and right."""
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)


def numbers(values: Sequence[float | None]) -> np.ndarray:
    """Numbers with nan for what is missing."""
    return np.array([np.nan if v is None else v for v in values], float)


def vanishing_figure(sides: Sequence[dict[str, Any]]) -> Any:
    """Gradient by layer, movement of the weights, and loss."""
    figure, grid = plain_figure(len(sides), 3, 2.6)
    for k, side in enumerate(sides):
        layers, (top, middle, low) = np.arange(1, len(side["delta"]) + 1), grid[:, k]
        for name, style, label in (("expected", "-", "expected for this start"), ("quarter", "--", "1/4 a layer")):
            if side[name] is not None and len(layers) > 1:
                top.semilogy(layers, numbers(side[name]), style, color=THEORY, label=label)
        top.semilogy(layers, numbers(side["delta"]), "o", color=GRADIENT, ms=4, label="measured")
        top.legend(frameon=False, fontsize=8)
        plain_axes(top, side["subject"], "layer", r"$\partial J/\partial z$, root mean square" if not k else "")
        training = side.get("training")
        if training and training["moved"]:
            middle.semilogy(layers, 10 ** numbers(training["moved"][-1][:-1]), "s", color=VALUE, ms=4)
            low.plot(training["steps"], numbers(training["loss"]), color="black")
        plain_axes(middle, "How far the weights moved (none where not one bit did)", "layer", r"$|W - W_0| / |W_0|$" if not k else "")
        plain_axes(low, "Training loss", "step", "loss" if not k else "")
    return figure


def dead_figure(sides: Sequence[dict[str, Any]]) -> Any:
    """The points with the units' lines at the end, how many points switch each unit on through training, and the dead."""
    figure, grid = plain_figure(len(sides), 3, 3.2)
    for k, side in enumerate(sides):
        plane, units, count = grid[:, k]
        X, y = np.array(side["X"]), np.array(side["y"])
        W, b, dead = np.array(side["W"][-1], float), np.array(side["b"][-1], float), side["dead"][-1]
        centre = X.mean(0)
        for u in range(len(b)):
            gone = side["on"] is None and dead[u] == "1"
            w = W[:, u]
            foot = centre - w * (w @ centre + b[u]) / max(w @ w, 1e-18)
            along = np.array([-w[1], w[0]]) / max(float(np.hypot(*w)), 1e-9) * 20
            plane.plot(*np.stack([foot - along, foot + along]).T, "--" if gone else "-", color=GRADIENT if gone else VALUE, lw=1)
        for label, mark in ((0, "o"), (1, "s")):
            plane.scatter(*X[y == label].T, marker=mark, s=14, facecolor="white", edgecolor="black", zorder=3)
        plane.set_xlim(centre[0] - 3.6, centre[0] + 3.6)
        plane.set_ylim(centre[1] - 3.6, centre[1] + 3.6)
        plain_axes(plane, side["subject"], "x1", "x2" if not k else "")
        share = np.array(side["share"]).T
        units.imshow(share, aspect="auto", cmap="Blues", vmin=0, vmax=100, extent=(side["steps"][0], side["steps"][-1], len(share) + 0.5, 0.5))
        plain_axes(units, "Share of the points that switch each unit on (white: none)", "step", "unit" if not k else "")
        count.step(side["steps"], [text.count("1") for text in side["dead"]], where="post", color=GRADIENT)
        plain_axes(count, f"Units {side['word']}", "step", "units" if not k else "")
    return figure


def training_figure(sides: Sequence[dict[str, Any]], settings: Sequence[Any]) -> Any:
    """The boundary at the end, the losses, and the loss around the path."""
    from ..experiments.training_lab import boundary
    figure, grid = plain_figure(len(sides), 3, 3.0)
    for k, (side, one) in enumerate(zip(sides, settings, strict=True)):
        place, loss, around = grid[:, k]
        sizes = side["sizes"]
        params = [{"W": np.array(W, float).reshape(a, b), "b": np.array(bias, float)}
                  for (W, bias), a, b in zip(side["params"][-1], sizes, sizes[1:], strict=False)]
        X, y, A, b = (np.array(side[name]) for name in "XyAb")
        seen = boundary(one.network, params, np.concatenate([X, A]))
        place.contourf(seen.x, seen.y, seen.p, levels=np.linspace(0, 1, 9), cmap="Blues", alpha=0.6)
        place.contour(seen.x, seen.y, seen.p, levels=[0.5], colors="black")
        for points, labels, fill in ((X, y, "white"), (A, b, "black")):
            for label, mark in ((0, "o"), (1, "s")):
                place.scatter(*points[labels == label].T, marker=mark, s=14, facecolor=fill, edgecolor="black")
        plain_axes(place, side["subject"], "x1", "x2" if not k else "")
        history = side["history"]
        if history and history["steps"]:
            loss.semilogy(history["steps"], numbers(history["train"]), color="black", label="training data")
            loss.semilogy(history["steps"], numbers(history["test"]), "--", color="black", label="held out")
            loss.legend(frameon=False, fontsize=8)
        plain_axes(loss, "Loss", "step")
        if side["plane"]:
            plane = side["plane"]["path"]
            levels = np.log10(np.array([numbers(row) for row in plane["loss"]]))
            around.contourf(numbers(plane["a"]), numbers(plane["b"]), levels, 12, cmap="Blues")
            around.plot(*np.array(plane["path"]).T, color=GRADIENT)
        plain_axes(around, "Loss around the path (log 10)", "the two directions in which it moved most")
    return figure
