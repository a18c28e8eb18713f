"""A formula's tokens with the place where reading stands, and how reading fails. The reader is built on it."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..engine.expressions import Call, Expression
from .setting import Setting
from .tokens import FormulaError, Token, shortened, tokens

MOST = 600                                # expressions in one formula


class Cursor:
    """The tokens of one formula."""

    def __init__(self, formula: str, names: Iterable[str] | Mapping[str, Any], ndims: Mapping[str, int] | None, shape: tuple[int, ...] | None,
                 euler: bool | None) -> None:
        self.formula, self.shape, self.euler = formula, shape, euler
        if isinstance(names, Mapping) and ndims is None:
            ndims = {n: np.ndim(v) for n, v in names.items() if not isinstance(v, str)}
        pairs = names.items() if isinstance(names, Mapping) else [(n, n) for n in names]
        self.names = {n: s if isinstance(s, str) else n for n, s in pairs}
        self.tokens = tokens(formula, self.names)
        self.place, self.made = 0, 0
        self.setting = Setting(dict(ndims or {}))
        self.depth = 0
        self.bars = 0

    # ---- tokens ------------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    @property
    def after(self) -> Token:
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != "end"
        return token

    def sign(self, *texts: str) -> bool:
        return self.now.kind == "sign" and self.now.text in texts

    def expect(self, text: str, opened: str) -> None:
        if not self.sign(text):
            self.fail(f"a bracket {opened} has no {text}{self.where()}", "Every bracket needs its partner.")
        self.take()

    def where(self) -> str:
        return " at its end" if self.now.kind == "end" else f" at place {self.now.at + 1}, where {self.now.text!r} stands"

    def fail(self, came_in: str, instead: str) -> Any:
        raise FormulaError(f"reading the formula `{shortened(self.formula.strip())}`", came_in, instead)

    def call(self, head: str, *args: Expression, keywords: tuple[tuple[str, Expression], ...] = ()) -> Call:
        self.made += 1
        if self.made > MOST:
            self.fail(f"it has more than {MOST} parts", "Give the parts names.")
        return Call(head, args, keywords)
