"""The little language of the shape bench: boxes, turned or not, joined by @ or * (or "o", outer), perhaps summed along one axis.

``X.T @ G``, ``G * R @ W.T``, ``sum0(G)``. As on the bench, * is done before @, and nothing is broadcast. The page reads the same
language; a test compares the two.
"""
from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.errors import InputError, listed

ONE = "1"
MOST = 4                                  # boxes on the bench
Axes = tuple[str, str]
_NAME = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Built:
    """Something built on the bench: (name, turned) pairs, the operators between them, and the axis that is summed, or None."""

    pieces: tuple[tuple[str, bool], ...]
    operators: tuple[str, ...]
    total: int | None = None

    def __str__(self) -> str:
        words = [name + (".T" if turned else "") for name, turned in self.pieces]
        line = " ".join(w for pair in itertools.zip_longest(words, self.operators) for w in pair if w)
        return line if self.total is None else f"sum{self.total}({line})"


def evaluated(built: Built, arrays: Mapping[str, Any]) -> Any:
    """Its value, or None where boxes refuse to join."""
    values = [arrays[n].T if turned else arrays[n] for n, turned in built.pieces]
    groups, joints = [values[0]], []
    for operator, v in zip(built.operators, values[1:], strict=True):
        if operator == "*":
            if groups[-1].shape != v.shape:
                return None
            groups[-1] = groups[-1] * v
        else:
            groups.append(v)
            joints.append(operator)
    made = groups[0]
    for operator, v in zip(joints, groups[1:], strict=True):
        if operator == "@" and made.shape[1] != v.shape[0]:
            return None
        made = np.outer(made, v) if operator == "o" else made @ v
    return made if built.total is None else made.sum(axis=built.total, keepdims=True)


def named_axes(built: Built, axes: Mapping[str, Axes]) -> Axes | None:
    """The axes of the result; None where two sides differ by name, whatever their lengths."""
    groups: list[Axes] = []
    for k, (n, turned) in enumerate(built.pieces):
        found = axes[n][::-1] if turned else axes[n]
        if k and built.operators[k - 1] == "*":
            if groups[-1] != found:
                return None
        else:
            groups.append(found)
    rows, columns = groups[0]
    for group in groups[1:]:
        if columns != group[0]:
            return None
        columns = group[1]
    if built.total is None:
        return rows, columns
    return (ONE, columns) if built.total == 0 else (rows, ONE)


def arrangements(names: Sequence[str], operators: Sequence[str]) -> Iterator[Built]:
    """Every order and every choice of turns of the pieces, the operators in place; few turns first."""
    for turns in sorted(itertools.product((False, True), repeat=len(names)), key=sum):
        for order in itertools.permutations(range(len(names))):
            yield Built(tuple((names[k], turns[k]) for k in order), tuple(operators))


# ---- the forward pass ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Forward:
    """What a level computes: ``out = product + bias``, perhaps with relu around it.

    Attributes
    ----------
    out : str
    product : Built
    bias : str
        "" for none.
    relu : str
        The name of the value before relu; "" without relu.
    """

    out: str
    product: Built
    bias: str = ""
    relu: str = ""

    @property
    def names(self) -> list[str]:
        found = [n for n, _ in self.product.pieces]
        return found + ([self.bias] if self.bias else [])

    def inner(self, arrays: Mapping[str, Any]) -> Any:
        """The value before relu. Works on traced values too."""
        made = None
        groups: list[Any] = []
        for k, (n, turned) in enumerate(self.product.pieces):
            v = arrays[n].T if turned else arrays[n]
            if k and self.product.operators[k - 1] == "*":
                groups[-1] = groups[-1] * v
            else:
                groups.append(v)
        for g in groups:
            made = g if made is None else made @ g
        return made + arrays[self.bias] if self.bias else made

    def words(self) -> list[Any]:
        """For the picture: signs as text, pieces as [name, turned]."""
        found: list[Any] = []
        for k, (n, turned) in enumerate(self.product.pieces):
            found += [{"@": "·", "*": "⊙"}[self.product.operators[k - 1]]] if k else []
            found.append([n, turned])
        if self.bias:
            found += ["+", [self.bias, False]]
        if self.relu:
            return [[self.relu, False], "=", *found, ",", [self.out, False], "= relu(", [self.relu, False], ")"]
        return [[self.out, False], "=", *found]

    def said(self) -> str:
        return " ".join(w if isinstance(w, str) else w[0] + ("ᵀ" if w[1] else "") for w in self.words())


def read_forward(text: Any) -> Forward:
    """Read ``Z = X @ W + b``, ``Y = X @ U @ V``, ``A = B * C``, ``Z = X @ W.T``, ``H = relu(X @ W)``.

    Raises
    ------
    InputError
        When it is something else, or more than the bench can hold.
    """
    said = f"putting {text!r} on the shape bench" if isinstance(text, str) and len(text) < 120 else "putting a formula on the shape bench"
    instead = 'Write a product of boxes with names of one Latin letter, as in "Z = X @ W + b", "A = B * C", "Z = X @ W.T" or "H = relu(X @ W)".'
    if not isinstance(text, str) or text.count("=") != 1:
        raise InputError(said, "it is not an equation with one =", instead)
    out, _, rest = (part.strip() for part in text.partition("="))
    relu = re.fullmatch(r"(?:np\.)?relu\((.*)\)|np\.maximum\((?:0, *)?(.*?)(?:, *0)?\)", rest)
    if relu:
        rest = (relu[1] or relu[2]).strip()
    rest = rest.replace("·", "@").replace("⊙", "*").replace("ᵀ", ".T")
    product, *bias = (part.strip() for part in rest.split("+"))
    tokens = re.findall(r"[A-Za-z](?:\.T)?(?![A-Za-z0-9_])|[@*]|\S+", product)
    names = [w.removesuffix(".T") for w in tokens[::2]]
    if (not _NAME.fullmatch(out) or len(tokens) % 2 == 0 or len(bias) > 1 or any(not _NAME.fullmatch(b) for b in bias)
            or any(w not in ("@", "*") for w in tokens[1::2]) or any(not _NAME.fullmatch(n) for n in names) or len(names) < 2):
        raise InputError(said, f"its right side is {rest or 'empty'}", instead)
    if len(set(tokens[1::2])) > 1:
        raise InputError(said, "it mixes @ and *", "Its gradients would need brackets, which the bench does not have: use only @, or only *.")
    every = [*names, *bias, out]
    if len(set(every)) < len(every):
        raise InputError(said, f"a letter stands for two things: {listed(n for n in dict.fromkeys(every) if every.count(n) > 1)}",
                         "Give each box its own letter.")
    if len(names) > MOST - bool(relu) or {"G", "R", "L"} & set(every):
        raise InputError(said, f"its letters are {listed(every)}",
                         f"At most {MOST - bool(relu)} factors fit; G, R and L are taken: the upstream gradient, relu's mask, the loss.")
    inner = "" if not relu else next(c for c in "ZSAPQ" if c not in every)
    return Forward(out, Built(tuple((w.removesuffix(".T"), w.endswith(".T")) for w in tokens[::2]), tuple(tokens[1::2])), bias[0] if bias else "",
                   inner)
