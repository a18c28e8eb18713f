"""The neural network inside a function: which variables are units, and which weights join them.

A unit is a function of one weighted sum. The sums are followed through the author's variables as a map from unit to weight; an intercept
adds nothing to that map, and what is no function of a single weighted sum, such as a loss, is no unit. Works for networks written out in
scalars and for layers written as matrix products.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..engine.expressions import Call, Constant, Expression, Symbol
from ..engine.run import Run
from .errors import DrawingError

REDUCED = ("np.sum", "np.mean", "np.max", "np.min", "logsumexp")       # a unit is a function entry by entry
CONST, LEAF, SUM, UNIT, OTHER = "const", "leaf", "sum", "unit", "other"


@dataclass(frozen=True)
class Term:
    """What an expression is: a constant, a leaf by its name, a weighted sum of units, a function of one, or something else.

    `form` maps a unit to the weight it comes in with, or to "" where it comes in as it is.
    """

    kind: str
    form: tuple[tuple[str, str], ...] = ()
    name: str = ""

    @property
    def weighted(self) -> bool:
        return any(w for _, w in self.form)


@dataclass(frozen=True)
class Structure:
    """A network.

    Attributes
    ----------
    layers : tuple of tuple of str
        Units, or variables that hold a layer's units, from the inputs on.
    weights : dict of (str, str) to str
        From unit to unit, the name of the weight.
    sizes : dict of str to int
        How many units a variable holds: 1 for a scalar.
    turned : set of str
        Weights whose first axis counts the units they lead to.
    """

    layers: tuple[tuple[str, ...], ...]
    weights: Mapping[tuple[str, str], str]
    sizes: Mapping[str, int]
    turned: frozenset[str] = frozenset()


def structure(run: Run) -> Structure:
    """Find the network in a run.

    Raises
    ------
    DrawingError
        When no variable is a function of a weighted sum, or an input goes past the units to the output.
    """
    reader = _Reader(run)
    units: dict[str, tuple[tuple[str, str], ...]] = {}
    for v in run.variables.values():
        if v.expression is None:
            continue
        found = reader.read(v.expression)
        if found.kind == UNIT and found.weighted:
            units[v.name] = found.form
            found = Term(SUM, ((v.name, ""),))
        reader.known[v.name] = found if found.kind in (SUM, UNIT, LEAF) else Term(OTHER)
    used = {u for form in units.values() for u, _ in form}
    last = [n for n, t in reader.known.items() if t.kind == SUM and t.weighted and n not in units and not reader.passed_on(n, units)]
    for n in last:                                           # a linear output
        units[n] = reader.known[n].form
        used |= {u for u, _ in units[n]}
    if not units:
        raise DrawingError(f"drawing the network of {run.name}", "no variable is a function of a weighted sum of units",
                           "A network is written as z = sigmoid(w1 * x1 + w2 * x2 + b), or as H = relu(X @ W + b); or give sizes, such as (2, 3, 1).")
    beside = _beside(run, units, used, reader)
    if beside is not None:
        raise DrawingError(f"drawing the network of {run.name}", f"{beside[0]} goes past its units, into {beside[1]}",
                           "In a network the inputs reach the output through units alone. bl.draw draws every function.")
    level: dict[str, int] = {}
    for n in run.variables:
        if n in units:
            level[n] = 1 + max(level.get(u, 0) for u, _ in units[n])
        elif n in used:
            level[n] = 0
    rows = [tuple(n for n in run.variables if level.get(n) == k) for k in range(max(level.values()) + 1)]
    weights = {(u, v): w for v, form in units.items() for u, w in form}
    sizes = {n: reader.size(n) for n in level}
    return Structure(tuple(rows), weights, sizes, frozenset(reader.turned))


def _beside(run: Run, units: Mapping[str, object], used: set[str], reader: _Reader) -> tuple[str, str] | None:
    """(input, consumer) where an input of the network goes into something that is no part of it and not even compares with what it says."""
    after: set[str] = set()                                  # units and what is computed from them
    for v in run.variables.values():
        if v.name in units or not after.isdisjoint(v.inputs):
            after.add(v.name)
        elif reader.known[v.name].kind == OTHER:
            for n in v.inputs:
                if n in used and n not in units:
                    return n, v.name
    return None


class _Reader:
    """Reads expressions over the variables of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.known: dict[str, Term] = {v.name: Term(LEAF, name=v.name) for v in run.variables.values() if v.expression is None}
        self.turned: set[str] = set()

    def passed_on(self, name: str, units: Mapping[str, object]) -> bool:
        """Does a unit, or another weighted sum, read this weighted sum?"""
        return any(name in v.inputs and (v.name in units or self.known.get(v.name, Term(OTHER)).kind == SUM) for v in self.run.variables.values())

    def size(self, name: str) -> int:
        shape = self.run.variables[name].shape
        return shape[-1] if shape else 1

    def read(self, e: Expression) -> Term:
        if isinstance(e, Constant):
            return Term(CONST)
        if isinstance(e, Symbol):
            return self.known.get(e.name, Term(OTHER))
        assert isinstance(e, Call)
        if e.head == "np.concatenate" and isinstance(e.args[0], Call):
            rest = [a for a in e.args[0].args if not self.is_ones(a)]    # a 1 in front of the units: the intercept is among the weights
            return self.read(rest[0]) if len(rest) == 1 else Term(OTHER)
        parts = [self.read(a) for a in e.args]
        if e.head in (".T", "np.transpose") and parts[0].kind == LEAF:
            self.turned.add(parts[0].name)
            return parts[0]
        if any(p.kind == OTHER for p in parts):
            return Term(OTHER)
        if e.head == "-" and sum(p.kind == LEAF for p in parts) == 1 and any(p.kind == SUM for p in parts):
            return Term(OTHER)                           # an intercept is added; what is subtracted is what the output should have been
        if e.head in ("+", "-"):
            return self.summed(parts)
        if e.head in ("*", "@"):
            made = self.product(e.head, *parts)
            if made is not None:
                return made
        if e.head == "np.sum" and parts[0].kind == SUM and not e.keywords:
            return parts[0] if parts[0].weighted else Term(OTHER)
        return Term(OTHER) if e.head in REDUCED and any(p.kind in (SUM, UNIT) for p in parts) else self.function(parts)

    def is_ones(self, e: Expression) -> bool:
        """Is it nothing but ones, written in the program?"""
        if isinstance(e, Symbol):
            v = self.run.variables[e.name]
            return v.expression is None and e.name not in self.run.inputs and bool(np.all(np.asarray(v.value) == 1))
        return isinstance(e, Constant) and isinstance(e.value, (list, tuple, np.ndarray)) and bool(np.all(np.asarray(e.value) == 1)) \
            or isinstance(e, Call) and e.head in ("list", "tuple") and all(isinstance(a, Constant) and a.value == 1 for a in e.args)

    def summed(self, parts: list[Term]) -> Term:
        form: dict[str, str] = {}
        for p in parts:
            if p.kind == UNIT:
                return self.function(parts)
            form |= dict(p.form)
        if not form and sum(p.kind == LEAF for p in parts) > 1:
            return Term(OTHER)
        return Term(SUM, tuple(form.items())) if form else next((p for p in parts if p.kind == LEAF), Term(CONST))

    def product(self, head: str, left: Term, right: Term) -> Term | None:
        if CONST in (left.kind, right.kind):
            other = right if left.kind == CONST else left
            return other if other.kind in (SUM, LEAF, CONST) else None
        if left.kind == right.kind == LEAF:
            weight, unit = self.weight_of(head, left.name, right.name)
            return Term(SUM, ((unit, weight),))
        if {left.kind, right.kind} == {LEAF, SUM}:
            leaf, total = (left, right) if left.kind == LEAF else (right, left)
            if len(total.form) == 1 and not total.weighted:
                if head == "@" and leaf is left:
                    self.turned.add(leaf.name)
                return Term(SUM, ((total.form[0][0], leaf.name),))
        return None

    def weight_of(self, head: str, left: str, right: str) -> tuple[str, str]:
        """(weight, unit) of two inputs that are multiplied: a parameter, else the one with two axes, else not the one called x, else the left."""
        a, b = self.run.variables[left], self.run.variables[right]
        if (a.gradient is None) != (b.gradient is None):
            weight = left if b.gradient is None else right
        elif head == "@":
            weight = left if len(b.shape) == 1 and len(a.shape) == 2 else right
        else:
            weight = right if left.startswith("x") and not right.startswith("x") else left
        if head == "@" and weight == left:
            self.turned.add(weight)
        return weight, right if weight == left else left

    def function(self, parts: list[Term]) -> Term:
        """A function of one weighted sum, however often it occurs; of anything else, nothing that is known."""
        forms = {p.form for p in parts if p.kind in (SUM, UNIT)}
        if len(forms) == 1 and not any(p.kind == LEAF for p in parts):
            return Term(UNIT, forms.pop())
        return Term(CONST) if all(p.kind == CONST for p in parts) else Term(OTHER)
