"""The derivation by indices: one entry, one partial derivative, the sum over all entries, and back to matrices.

This is the answer to "why the transpose?": the sum that is left runs over an index that two factors share, and a matrix product sums
only over sides that face each other. Each row is a formula; the loops that it means are a program that a test runs.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.errors import InputError, ShapeError, UnknownNameError, listed
from ..engine.expressions import Call, Expression, Symbol, text
from .axes import ONE, Box, arrange, reason
from .inferring import Inferred
from .reading import expression

USUAL = {"X": "BM", "W": "MN", "b": "N", "x": "M"}        # letters that lectures use, where the shapes allow them


@dataclass(frozen=True, slots=True)
class DerivationRow:
    """One line: `formula` in plain text, `latex` the same, `say` why."""

    title: str
    formula: str
    latex: str
    say: str


@dataclass(frozen=True, slots=True, repr=False)
class IndexDerivation:
    """A derivation by indices.

    Attributes
    ----------
    formula, wrt : str
    rows : tuple of DerivationRow
    loops : str
        The last sum as a program: a function of the arrays and of G, the gradient of the output.
    vectorised : str
        The same in one line of NumPy.
    why : str
        Why the factors are turned and ordered so.
    """

    formula: str
    wrt: str
    rows: tuple[DerivationRow, ...]
    loops: str
    vectorised: str
    why: str

    def __repr__(self) -> str:
        width = max(len(r.title) for r in self.rows)
        return "\n".join([*(f"{r.title.ljust(width)}  {r.formula}\n{' ' * width}  {r.say}" for r in self.rows), self.why])

    def _repr_html_(self) -> str:
        lines = "".join(f"<tr><td style='text-align:left'>{r.title}</td><td style='text-align:left'>${r.latex}$</td>"
                        f"<td style='text-align:left'>{r.say}</td></tr>" for r in self.rows)
        return f"<table>{lines}</table><p>{self.why}</p>"


def derive(formula: str, wrt: str, axes: Mapping[str, str] | None = None) -> IndexDerivation:
    """Derive the gradient of a product by its indices.

    Parameters
    ----------
    formula : str
        ``"Z = X @ W + b"``, ``"f = W @ x + b"``, ``"A = B @ C"``: one matrix product, perhaps a bias. A capital letter is a matrix.
    wrt : str
        One of the names on the right.
    axes : mapping of str to str, optional
        What the sides are called, as in ``{"X": "BM", "W": "MN"}``; by default letters that lectures use.

    Returns
    -------
    IndexDerivation

    Raises
    ------
    InputError
        When the formula is not one product with an optional bias.
    UnknownNameError
        When `wrt` is not on its right side.
    FormulaError, ShapeError
        When it cannot be read, or its shapes do not fit.

    Examples
    --------
    >>> derive("Z = X @ W", "W").vectorised
    'X.T @ G'
    """
    out, left, right, bias = _parts(formula)
    names = [n for n in (left, right, bias) if n]
    if wrt not in names:
        raise UnknownNameError(f"deriving the gradient of {formula} by {wrt}", f"on its right side stand {listed(names)}", "Choose one of these.")
    boxes = _boxes(formula, left, right, bias, axes)
    made = _Derivation(out, boxes[left], boxes[right], boxes.get(bias), wrt)
    rows = tuple(made.rows())
    return IndexDerivation(formula, wrt, rows, made.loops(), made.vectorised(), made.why())


def _parts(formula: Any) -> tuple[str, str, str, str]:
    """(output, left factor, right factor, bias or "")."""
    said = f"deriving {formula!r} by indices"
    instead = 'Write one product and perhaps a bias, as in "Z = X @ W + b" or "A = B @ C".'
    if not isinstance(formula, str) or formula.count("=") != 1:
        raise InputError(said, "it is not an equation with one =", instead)
    out, _, rest = (part.strip() for part in formula.partition("="))
    if not out.isidentifier():
        raise InputError(said, f"left of = stands {out!r}", instead)
    e = expression(rest, {}, "the formula")
    bias = ""
    if isinstance(e, Call) and e.head == "+" and isinstance(e.args[1], Symbol):
        bias, e = e.args[1].name, e.args[0]
    if not (isinstance(e, Call) and e.head == "@" and all(isinstance(a, Symbol) for a in e.args)):
        raise InputError(said, f"its right side is {text(e)}", instead)
    left, right = (a.name for a in e.args)                               # type: ignore[attr-defined]
    if left == right:
        raise InputError(said, f"both factors are {left}", "Give the factors two names; then add both gradients.")
    return out, left, right, bias


def _boxes(formula: str, left: str, right: str, bias: str, axes: Mapping[str, str] | None) -> dict[str, Box]:
    e: Expression = Call("@", (Symbol(left), Symbol(right)))
    found = Inferred(e, {}, f"deriving {formula} by indices")
    given = dict(axes or {})
    letters: dict[str, Sequence[str]] = {n: found.letters[n] for n in (left, right)}
    if not given and {left, right} <= set(USUAL):
        given = {n: USUAL[n] for n in (left, right)}
        if len(letters[left]) == 2 and len(letters[right]) == 1 or left == "W":          # W x, W X: outputs by inputs
            given = {"W": "NM", "x": "M", "X": "MB"}
    for n in (left, right):
        if n in given:
            if len(given[n]) != len(letters[n]) or not given[n].isalpha():
                raise ShapeError(f"deriving {formula} by indices", f"{n} has {len(letters[n])} axes, axes={given[n]!r} came in",
                                 "Give one letter for each axis; a name with a capital letter is a matrix.")
            letters[n] = tuple(given[n])
    first, second = letters[left], letters[right]
    a = Box(left, first[0], first[1]) if len(first) == 2 else Box(left, ONE, first[0])
    b = Box(right, second[0], second[1]) if len(second) == 2 else Box(right, second[0], ONE)
    if a.columns != b.rows:
        raise ShapeError(f"deriving {formula} by indices", f"{left} ends with {a.columns}, {right} begins with {b.rows}",
                         "A product sums over one axis: give it one letter.")
    if ONE not in (a.rows, b.columns) and a.rows == b.columns or a.columns in (a.rows, b.columns):
        raise ShapeError(f"deriving {formula} by indices", f"the axes are {a.rows}, {a.columns} and {b.columns}", "Give three different letters.")
    made = {left: a, right: b}
    if bias:                                                             # a bias has one entry for each output
        row = left not in ("W",) and (a.rows == ONE or letters[left][0] != "N")
        made[bias] = Box(bias, ONE, b.columns) if row and b.columns != ONE else Box(bias, a.rows, ONE)
    return made


class _Derivation:
    """Writes the rows; indices are the small letters of the axes, primed where one is chosen."""

    def __init__(self, out: str, left: Box, right: Box, bias: Box | None, wrt: str) -> None:
        self.out, self.left, self.right, self.bias, self.wrt = out, left, right, bias, wrt
        self.box = {b.name: b for b in (left, right, bias) if b is not None}[wrt]
        self.result = Box("G", left.rows, right.columns)
        self.other = right if wrt == left.name else left
        self.inner = left.columns
        names = {out, left.name, right.name, "G", bias.name if bias else ""}
        axes = [a for a in dict.fromkeys([*left.axes, *right.axes]) if a != ONE]
        spare = iter([c for c in "stuvw" if c not in names | {a.lower() for a in axes}])
        self.small = {a: next(spare) if a.lower() in names else a.lower() for a in axes}      # an index is no name of an array

    def at(self, name: str, axes: Sequence[str], latex: bool = False, chosen: Mapping[str, str] | None = None) -> str:
        index = "".join((chosen or {}).get(a, self.small[a]) for a in axes if a != ONE)
        if not index:
            return name
        return f"{name}_{{{index}}}" if latex else f"{name}_{index}"

    def pair(self, template: str, **parts: Any) -> tuple[str, str]:
        """The template in plain text and in LaTeX; parts are (plain, latex) or one text for both."""
        plain = template.format(**{k: v[0] if isinstance(v, tuple) else v for k, v in parts.items()})
        latex = template.replace("Σ", r"\sum").format(**{k: v[1] if isinstance(v, tuple) else v for k, v in parts.items()})
        return plain, latex.replace("∂", r"\partial ")

    def both(self, name: str, axes: Sequence[str], chosen: Mapping[str, str] | None = None) -> tuple[str, str]:
        return self.at(name, axes, False, chosen), self.at(name, axes, True, chosen)

    def total(self, axes: Sequence[str]) -> tuple[str, str]:
        kept = [self.small[a] for a in axes if a != ONE]
        return "".join(f"Σ_{a} " for a in kept), "".join(rf"\sum_{{{a}}} " for a in kept)

    def rows(self) -> list[DerivationRow]:
        z, w = self.both(self.out, self.result.axes), self.both(self.wrt, self.box.axes, self.chosen())
        g = self.both("G", self.result.axes)
        plain, latex = self.pair("{z} = {s}{a} {b}{c}", z=z, s=self.total([self.inner]), a=self.both(self.left.name, self.left.axes),
                                 b=self.both(self.right.name, self.right.axes), c=self._plus())
        rows = [DerivationRow("one entry", plain, latex, f"Every entry of {self.out} is a sum of products over {self.small[self.inner]}.")]
        bracket, local = self.bracket(), self.local()
        plain, latex = self.pair("∂{z}/∂{w} = {k}{l}", z=z, w=w, k=bracket, l=local)
        rows.append(DerivationRow("one partial", plain, latex, self._partial_why()))
        plain, latex = self.pair("∂L/∂{w} = {s}{g} ∂{z}/∂{w}", w=w, s=self.total(self.result.axes), g=g, z=z)
        rows.append(DerivationRow("chain rule", plain, latex, f"{self.wrt} reaches the loss through every entry of {self.out}; G = ∂L/∂{self.out}."))
        plain, latex = self.pair("∂L/∂{w} = {f}", w=w, f=self.short())
        rows.append(DerivationRow("the sum that is left", plain, latex, self._left_why()))
        matrix, tex = self.assembled()
        plain, latex = self.pair("∂L/∂{w} = {m}", w=self.wrt, m=(matrix, tex))
        rows.append(DerivationRow("assemble", plain, latex, self._assembled_why()))
        return rows

    def chosen(self) -> dict[str, str]:
        """The entry of wrt that is looked at: its indices are written i and j."""
        return dict(zip([a for a in self.box.axes if a != ONE], "ij", strict=False))

    def _plus(self) -> tuple[str, str]:
        if self.bias is None:
            return "", ""
        made = self.both(self.bias.name, self.bias.axes)
        return f" + {made[0]}", f" + {made[1]}"

    def bracket(self) -> tuple[str, str]:
        """[n = j] for every index that output and input share."""
        pairs = [(self.small[a], self.chosen()[a]) for a in self.result.axes if a in self.chosen()]
        text = "".join(f"[{a} = {b}]" for a, b in pairs)
        return (f"{text} " if text else "", f"{text}\\, " if text else "")

    def local(self) -> tuple[str, str]:
        if self.wrt == (self.bias.name if self.bias else None):
            return ("1", "1") if not self.bracket()[0] else ("", "")
        return self.both(self.other.name, self.other.axes, self.chosen())

    def kept(self) -> list[str]:
        """The sums that no bracket ends."""
        return [a for a in self.result.axes if a != ONE and a not in self.box.axes]

    def short(self) -> tuple[str, str]:
        g, local = self.both("G", self.result.axes, self.chosen()), self.local()
        sums = self.total(self.kept())
        return tuple(f"{sums[k]}{g[k]}{'' if local[k] in ('', '1') else ' ' + local[k]}" for k in (0, 1))      # type: ignore[return-value]

    def _partial_why(self) -> str:
        shared = [a for a in self.result.axes if a in self.chosen()]
        if self.wrt == (self.bias.name if self.bias else None):
            return f"{self.wrt} is added with slope 1, and only where the indices agree: {self.bracket()[0].strip()} is 1 if they do, else 0."
        if not shared:
            return f"Only the term with that entry of {self.wrt} moves: its slope is the factor beside it."
        return (f"Only the term with that entry of {self.wrt} moves, and only in the {'row' if shared[0] == self.result.rows else 'column'} it "
                "belongs to: "
                f"{self.bracket()[0].strip()} is 1 where it holds, else 0.")

    def _left_why(self) -> str:
        kept = self.kept()
        if not kept:
            return "No sum is left: every entry is one product."
        return f"A bracket ends its sum. What is left is the sum over {listed([self.small[a] for a in kept])}."

    def factors(self) -> list[Box]:
        if self.wrt == (self.bias.name if self.bias else None):
            return [self.result]
        pieces = [self.other, self.result] if self.wrt == self.right.name else [self.result, self.other]
        found = arrange(pieces, self.box.axes)
        assert found is not None                                         # one product always has a gradient that is one
        return found

    def assembled(self) -> tuple[str, str]:
        found = self.factors()
        if len(found) == 1 and self.kept():
            sums = self.total(self.kept())
            return f"{sums[0]}rows of G" if self.kept() == [self.result.rows] else f"{sums[0]}columns of G", rf"{sums[1]}G"
        return " ".join(b.name for b in found), " ".join(b.name.replace("ᵀ", r"^\top") for b in found)

    def _assembled_why(self) -> str:
        kept = self.kept()
        if len(self.factors()) == 1:
            if not kept:
                return "The gradient passes unchanged."
            return f"One {self.wrt} serves every {self.small[kept[0]]}, so the gradients of all are added."
        if not kept:
            return "A column times a row: an outer product."
        return f"A matrix product sums over sides that face each other: {listed([f'{self.small[a]} must face {self.small[a]}' for a in kept])}."

    def why(self) -> str:
        found = self.factors()
        if len(found) == 1:
            return f"{listed(self.kept()) or 'Nothing'} is not in ∂L/∂{self.wrt}, so it is summed." if self.kept() else reason(found, self.box.axes,
                                                                                                                               f"∂L/∂{self.wrt}")
        return "Why the transpose? " + reason(found, self.box.axes, f"∂L/∂{self.wrt}")

    # ---- programs ----------------------------------------------------------------------------------------------------------

    def loops(self) -> str:
        """A function of the arrays and G that computes the gradient entry by entry."""
        names = [n for n in (self.left.name, self.right.name) if n != self.wrt] if self.wrt in (self.left.name, self.right.name) else []
        outer = [a for a in self.box.axes if a != ONE]
        letters = {**{a: self.small[a] for a in self.kept()}, **self.chosen()}
        lines = [f"def gradient({', '.join([*names, 'G', self.wrt])}):", f"    total = np.zeros(np.shape({self.wrt}))"]
        depth = 1
        for k, a in enumerate(outer):
            lines.append(f"{'    ' * depth}for {letters[a]} in range({self.wrt}.shape[{k}]):")
            depth += 1
        for a in self.kept():
            axis = [b for b in self.result.axes if b != ONE].index(a)
            lines.append(f"{'    ' * depth}for {letters[a]} in range(G.shape[{axis}]):")
            depth += 1
        place = ", ".join(letters[a] for a in outer)
        local = "" if not names else f" * {self.other.name}[{', '.join(letters[a] for a in self.other.axes if a != ONE)}]"
        lines.append(f"{'    ' * depth}total[{place}] += G[{', '.join(letters[a] for a in self.result.axes if a != ONE)}]{local}")
        return "\n".join([*lines, "    return total", ""])

    def vectorised(self) -> str:
        found = self.factors()
        if len(found) == 1:
            axes = [b for b in self.result.axes if b != ONE]
            return f"G.sum(axis={axes.index(self.kept()[0])})" if self.kept() else "G"
        ndim = {self.other.name: sum(a != ONE for a in self.other.axes), "G": sum(a != ONE for a in self.result.axes)}
        plain = [b.name.removesuffix("ᵀ") for b in found]
        if not self.kept() and all(ndim[n] == 1 for n in plain):
            return f"np.outer({plain[0]}, {plain[1]})"
        return " @ ".join(f"{n}.T" if b.name.endswith("ᵀ") and ndim[n] > 1 else n for n, b in zip(plain, found, strict=True))
