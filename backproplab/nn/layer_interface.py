"""Layers with memory, as the Caffe framework and one lecture write them: a blob has `data` and `diff`, a layer reads `bottom`, writes `top`.

Forward fills top.data from bottom.data. Backward fills bottom.diff from top.diff, where `propagate_down` asks for it: a layer below
that has nothing to learn needs no gradient, and not computing it saves time. Parameters are blobs too, and their diff adds up.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..engine.errors import ShapeError
from .functions import log_softmax, sigmoid


class Blob:
    """An array and the gradient of the loss by it, of the same shape.

    Attributes
    ----------
    data, diff : array
        diff is 0 until a backward pass writes it.
    """

    def __init__(self, data: Any = 0.0) -> None:
        self.data = np.array(data, float)
        self.diff = np.zeros_like(self.data)

    def fill(self, data: Any) -> None:
        """New data; the diff starts again at 0."""
        self.data = np.asarray(data, float)
        self.diff = np.zeros_like(self.data)

    def __repr__(self) -> str:
        return f"<blob of shape {self.data.shape}>"


class Layer:
    """What all layers share: blobs of parameters, and the two passes.

    Attributes
    ----------
    blobs : list of Blob
        Parameters.
    """

    def __init__(self, *parameters: Any) -> None:
        self.blobs = [Blob(p) for p in parameters]

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """Fill top[0].data from the data of the bottom blobs."""
        raise NotImplementedError

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """Fill bottom[i].diff from top[0].diff where propagate_down[i]; add to the diffs of the parameters."""
        raise NotImplementedError


class SigmoidLayer(Layer):
    """1 / (1 + e^-x), entry by entry."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = sigmoid(bottom)."""
        top[0].fill(sigmoid(bottom[0].data))

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """bottom_diff = top_diff * s * (1 - s): s is read from the top, where the forward pass left it."""
        if propagate_down[0]:
            s = top[0].data
            bottom[0].diff = top[0].diff * s * (1 - s)


class TanHLayer(Layer):
    """The hyperbolic tangent, entry by entry."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = tanh(bottom)."""
        top[0].fill(np.tanh(bottom[0].data))

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """bottom_diff = top_diff * (1 - t^2)."""
        if propagate_down[0]:
            bottom[0].diff = top[0].diff * (1 - top[0].data ** 2)


class ReLULayer(Layer):
    """max(x, 0), entry by entry."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = max(bottom, 0)."""
        top[0].fill(np.maximum(bottom[0].data, 0))

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """bottom_diff = top_diff where the bottom is above 0, and 0 elsewhere."""
        if propagate_down[0]:
            bottom[0].diff = top[0].diff * (bottom[0].data > 0)


class InnerProductLayer(Layer):
    """W x + b for each row x of the bottom; its blobs are W (outputs, inputs) and b (outputs,)."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = bottom W^T + b.

        Raises
        ------
        ShapeError
            When the bottom does not fit W.
        """
        W, b = self.blobs
        if bottom[0].data.ndim != 2 or bottom[0].data.shape[1] != W.data.shape[1]:
            raise ShapeError("an InnerProductLayer's forward pass", f"bottom[0] has shape {bottom[0].data.shape}, W has shape {W.data.shape}",
                             f"bottom[0] is (n, {W.data.shape[1]}), one example a row, and W is (outputs, inputs).")
        top[0].fill(bottom[0].data @ W.data.T + b.data)

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """W_diff += top_diff^T bottom; b_diff += sum of top_diff over the rows; bottom_diff = top_diff W."""
        W, b = self.blobs
        W.diff += top[0].diff.T @ bottom[0].data
        b.diff += top[0].diff.sum(axis=0)
        if propagate_down[0]:
            bottom[0].diff = top[0].diff @ W.data


class EuclideanLossLayer(Layer):
    """1/2 of the squared differences of bottom[0] and bottom[1], summed, by the number of rows."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = sum((bottom[0] - bottom[1])^2) / 2n."""
        top[0].fill(np.sum((bottom[0].data - bottom[1].data) ** 2) / (2 * len(bottom[0].data)))

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """bottom_diff = +-(bottom[0] - bottom[1]) / n * top_diff."""
        difference = (bottom[0].data - bottom[1].data) / len(bottom[0].data)
        for k, sign in enumerate((1, -1)):
            if propagate_down[k]:
                bottom[k].diff = sign * top[0].diff * difference


class SoftmaxWithLossLayer(Layer):
    """Cross-entropy of the softmax of bottom[0] with the labels in bottom[1], the mean over the rows."""

    def forward(self, bottom: list[Blob], top: list[Blob]) -> None:
        """top = -mean of log p at the label."""
        rows, labels = np.arange(len(bottom[0].data)), bottom[1].data.astype(int)
        top[0].fill(-np.mean(log_softmax(bottom[0].data)[rows, labels]))

    def backward(self, top: list[Blob], propagate_down: list[bool], bottom: list[Blob]) -> None:
        """bottom_diff = (p - 1 at the label) / n * top_diff; labels have no gradient.

        Raises
        ------
        ShapeError
            When a gradient by the labels is asked for.
        """
        if propagate_down[1]:
            raise ShapeError("a SoftmaxWithLossLayer's backward pass", "propagate_down asks for a gradient by the labels",
                             "Labels are whole numbers and have none: write [True, False].")
        if propagate_down[0]:
            rows, labels = np.arange(len(bottom[0].data)), bottom[1].data.astype(int)
            p = np.exp(log_softmax(bottom[0].data))
            p[rows, labels] -= 1
            bottom[0].diff = top[0].diff * p / len(rows)
