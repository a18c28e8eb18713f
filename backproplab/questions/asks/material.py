"""What an ask is made of: formulas of the run, and wrong numbers with their reasons."""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...engine.expressions import Expression
from ...engine.folding import Variable
from ...engine.run import Run
from ...notation import Setting, plain, typeset
from .. import sentences
from ..account import FAILS, Account, Link, Path, Slip, added
from ..candidates import Candidate, together
from ..misconceptions import MISCONCEPTIONS
from ..screening import Wrong, number, screened
from ..sentences import quoted, shown

MOST = 20                                 # wrong answers of one ask: as many as a fork of three has

Ask = dict[str, Any]


class Wrongs(list[Wrong]):
    """Wrong numbers in the order of matching."""

    def say(self, value: Any, family: str, reason: str, action: str) -> None:
        """One more; {n} in the reason is the number."""
        self.append(Wrong(value, family, reason.replace("{n}", shown(value)), action))


class Material:
    """A run with its account, and the formulas of its lines. `named`: wrong answers carry the names of their mistakes."""

    def __init__(self, run: Run, named: bool = False) -> None:
        self.run, self.account, self.named = run, Account(run), named
        self.setting = Setting.of(run, digits=sentences.DIGITS)

    def formula(self, e: Expression) -> str:
        return plain(typeset(e, self.setting))

    def in_numbers(self, e: Expression) -> str:
        """The same with numbers put in; nothing where an array comes in."""
        return plain(typeset(e, self.setting, True)) if self.setting.numeric(e) else ""

    def gradient_symbol(self, name: str) -> str:
        return quoted(self.run.gradient_symbols[name])

    def ask(self, kind: str, v: Variable, question: str, answer: Any, wrong: list[Wrong], hints: list[str], through: str | None = None) -> Ask | None:
        """An ask for one number; None where it is not finite."""
        if not math.isfinite(answer):
            return None
        scalars = [Wrong(np.float64(w.value), *w[1:]) for w in wrong if np.ndim(w.value) == 0]
        found: Ask = {"kind": kind, "of": v.name} | ({"through": through} if through is not None else {})
        found |= {"question": question, "answer": number(answer), "wrong": screened(np.float64(answer), scalars, most=MOST, named=self.named)}
        found["hints"] = [h for h in hints if h]
        return found | ({"trivial": True} if abs(answer) in (0.0, 1.0) else {})

    def wrong_of_link(self, link: Link, g: Any, kinds: tuple[str, ...], **changed: str) -> Wrongs:
        """What the misconceptions make of one link when the upstream is g."""
        found = Wrongs()
        for c in self._of_link(link, g, kinds):
            found.append(Wrong(c.value, c.misconception.family, *sentences.told(self.account, link.target, shown(c.value), c, changed=changed)))
        return found

    def _of_link(self, link: Link, g: Any, kinds: tuple[str, ...]) -> Iterator[Candidate]:
        beyond = [r for l in link.consumer.links if np.shape(r := self.account.right[l.consumer]) == np.shape(link.consumer.value)]
        for c, forms in together(MISCONCEPTIONS.values()):
            kind = forms[0].kind
            if kind not in kinds:
                continue
            slip = Slip(forms, {link.target}, link)
            try:
                value = added(link.terms(g, slip)) if kind == "rule" else forms[0].wrong(Path(link, g, beyond))
            except FAILS:
                continue
            if value is not None and not isinstance(value, list) and np.ndim(value) == 0 and (kind == "path" or slip.made):
                yield Candidate(c, forms[0].variant, "here", np.float64(value), link.target, link)

    def wrong_values(self, v: Variable) -> Wrongs:
        """What the misconceptions make of a value of the forward pass."""
        found, box = Wrongs(), self.account.boxes.get(v.name)
        if box is None:
            return found
        for c, forms in together(MISCONCEPTIONS.values()):
            if forms[0].kind != "forward":
                continue
            slip = Slip(forms)
            try:
                value = self.account.value(box, slip)
            except FAILS:
                continue
            if slip.made:
                candidate = Candidate(c, forms[0].variant, "here", value, box)
                table = {"operation": sentences.operation_of(box.inside, candidate)}
                found.append(Wrong(value, c.family, *sentences.told(self.account, box, shown(value), candidate, changed=table)))
        turned = -np.asarray(v.value)[()]
        found.say(turned, "sign", "{n} has the right size and the wrong sign.", f"Follow the signs in the line of {quoted(v.name)}.")
        return found
