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
