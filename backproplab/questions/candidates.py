"""Every wrong number that the known misconceptions lead to at one variable, in the order in which an answer is compared with them.

The other layout comes first (for arrays), then mistakes made at the asked variable, then those made everywhere and those made with
the finished number, then on one link only, then at one variable further up.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .account import FAILS, Account, Box, Link, Slip
from .misconceptions import MISCONCEPTIONS, Misconception, Mistake

SCOPES = ("here", "everywhere", "finished", "link", "elsewhere")
Silent = tuple[str, str, str, int, str, str]    # misconception, form, scope, which of its numbers, where, on which link
EQUAL = 1e-9                              # relative: two computed numbers are the same


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """The number that a misconception leads to.

    Attributes
    ----------
    misconception : Misconception
    variant : str
    scope : str
        "here", "everywhere", "link", "elsewhere", or "finished".
    value : number or ndarray
    site : Box
        The variable at which the mistake is made; for one made everywhere, the nearest to the asked one.
    link : Link or None
        The link, when it is made on one only.
    """

    misconception: Misconception
    variant: str
    scope: str
    value: Any
    site: Box
    link: Link | None = None


def together(misconceptions: Iterable[Misconception]) -> list[tuple[Misconception, tuple[Mistake, ...]]]:
    """Forms of one misconception and one variant are one mistake: who makes it makes it at every operation."""
    found: dict[tuple[str, str, str], tuple[Misconception, list[Mistake]]] = {}
    for c in misconceptions:
        for m in c.mistakes:
            found.setdefault((c.id, m.kind, m.variant), (c, []))[1].append(m)
    return [(c, tuple(forms)) for c, forms in found.values()]


def candidates(account: Account, name: str, scopes: tuple[str, ...] = SCOPES, fixed: Mapping[Box, Any] | None = None,
               only: Iterable[str] | None = None) -> list[Candidate]:
    """The wrong gradients of a variable; those equal to the right one are left out.

    Parameters
    ----------
    account : Account
    name : str
        The asked variable.
    scopes : tuple of str
        Where mistakes are looked for, in this order.
    fixed : mapping of Box to gradient, optional
        Gradients that the learner wrote down earlier: the numbers follow from them.
    only : iterable of str, optional
        Ids of misconceptions.

    Returns
    -------
    list of Candidate
        Distinct in misconception and number.
    """
    return searched(account, name, scopes, fixed, only)[0]


def searched(account: Account, name: str, scopes: tuple[str, ...] = SCOPES, fixed: Mapping[Box, Any] | None = None,
             only: Iterable[str] | None = None) -> tuple[list[Candidate], frozenset[Silent]]:
    """The same, and the mistakes that change nothing here: they lead to the right number."""
    asked = account.boxes[name]
    wanted = None if only is None else set(only)
    every = together(c for c in MISCONCEPTIONS.values() if wanted is None or c.id in wanted)
    passes = [(c, forms) for c, forms in every if forms[0].kind in ("rule", "path", "fork")]
    with np.errstate(all="ignore"):
        search = _Search(account, asked, fixed)
        search.of_finished([(c, forms) for c, forms in every if forms[0].kind == "layout"])
        for scope in scopes:
            if scope == "finished":
                search.of_finished([(c, forms) for c, forms in every if forms[0].kind == "finished"])
            for c, forms in passes:
                search.of_passes(c, forms, scope)
    return distinct(search.found), frozenset(search.silent)


class _Search:
    """Collects candidates for one asked variable."""

    def __init__(self, account: Account, asked: Box, fixed: Mapping[Box, Any] | None) -> None:
        self.account, self.asked, self.fixed = account, asked, fixed
        self.right = account.replay(asked, fixed=fixed)
        self.found: list[Candidate] = []
        self.silent: set[Silent] = set()
        self.above = [b for b in account.order if b in account.above(asked) and b is not account.output]
        operations = {n.op.name for b in account.above(asked) for n in b.inside if n.op is not None}
        self.operations = operations

    def of_finished(self, mistakes: list[tuple[Misconception, tuple[Mistake, ...]]]) -> None:
        if not mistakes:
            return
        facts = self.account.finished(self.asked)
        for c, forms in mistakes:
            wrong = forms[0].wrong(facts)
            for k, value in enumerate(wrong if isinstance(wrong, list) else [] if wrong is None else [wrong]):
                self._keep(c, forms[0].variant, "finished", value, self.asked, which=k)

    def of_passes(self, c: Misconception, forms: tuple[Mistake, ...], scope: str) -> None:
        kind = forms[0].kind
        if kind == "rule" and not any(m.operation in self.operations for m in forms):
            return
        asked = self.asked
        if scope == "here":
            self._try(c, forms, scope, {asked}, asked)
        elif scope == "everywhere":
            self._try(c, forms, scope, None, None)
        elif scope == "link" and kind != "fork" and len(asked.links) > 1:
            for link in asked.links:
                self._try(c, forms, scope, {asked}, asked, link)
        elif scope == "elsewhere":
            for box in self.above:
                if box is not asked:
                    self._try(c, forms, scope, {box}, box)

    def _try(self, c: Misconception, forms: tuple[Mistake, ...], scope: str, sites: set[Box] | None, site: Box | None,
             link: Link | None = None) -> None:
        choice, choices = 0, 1
        while choice < choices:
            slip = Slip(forms, sites, link, choice)
            try:
                value = self.account.replay(self.asked, slip, self.fixed)
            except FAILS:
                value = None
            choice, choices = choice + 1, max(choices, slip.choices)
            if value is None or not slip.made:
                continue
            boxes = list(dict.fromkeys(slip.made))
            place = site or boxes[-1]                                # the last one replayed is the nearest to the asked one
            real = scope if site is not None or len(boxes) > 1 else "here" if place is self.asked else "elsewhere"
            self._keep(c, forms[0].variant, real, value, place, link, choice)

    def _keep(self, c: Misconception, variant: str, scope: str, value: Any, site: Box, link: Link | None = None, which: int = 0) -> None:
        if same(value, self.right):
            self.silent.add((c.id, variant, scope, which, site.name, link.consumer.name if link is not None else ""))
        elif np.all(np.isfinite(value)):
            self.found.append(Candidate(c, variant, scope, value, site, link))


def same(a: Any, b: Any, relative: float = EQUAL) -> bool:
    """Of one shape, and equal within a share of the largest entry."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= relative * max(abs(a), abs(b), 1e-12) < np.inf        # infinity is no share of anything
    return np.shape(a) == np.shape(b) and bool(np.all(np.abs(np.subtract(a, b)) <= relative * max(np.max(np.abs(b), initial=0), 1e-12)))


def distinct(found: list[Candidate]) -> list[Candidate]:
    """One candidate for each misconception and number, the first in order."""
    kept: dict[Any, Candidate] = {}
    for c in found:
        kept.setdefault((c.misconception.id, fingerprint(c.value)), c)
    return list(kept.values())


def fingerprint(value: Any) -> tuple[Any, ...]:
    """Equal for equal arrays, rounding left out."""
    if isinstance(value, float):
        return ((), float(f"{value:.9g}"))
    scale = float(np.max(np.abs(value), initial=0)) or 1.0
    return (np.shape(value), tuple(np.round(np.ravel(value) / scale, 8).tolist()), float(f"{scale:.8g}"))
