"""Known mistakes of a backward pass, replayed: a wrong result that equals one of these has its name.

A mistake is one entry of `MISTAKES`: what it changes in the right pass, and what is said about it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.errors import listed
from .report import agree

Send = Callable[[str, Any], Sequence[Any]]        # (a variable, its gradient) -> what it sends to each of its parents


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong.

    Attributes
    ----------
    id : str
    says : str
        With {fork}, a variable with several uses, and {users}, those uses.
    combine : callable
        (what stands, what comes) -> what stands then.
    order : str
        "reverse", "forward", or "breadth": from the output by distance.
    seed : float
        The gradient of the output to begin with.
    sends : str
        Which of the given ways of sending is used: "right", or another that the check offers ("shared", "local").
    """

    id: str
    says: str
    combine: Callable[[Any, Any], Any] = lambda old, new: old + new
    order: str = "reverse"
    seed: float = 1.0
    sends: str = "right"


ONE_LEFT = ("{fork} is used by {users}, and only one contribution is left: another was overwritten, or never added. Contributions add up: "
            "increment with +=, do not assign with =.")

MISTAKES: tuple[Mistake, ...] = (
    Mistake("assignment", ONE_LEFT, lambda old, new: new),
    Mistake("first only", ONE_LEFT, lambda old, new: old if old != 0 else new),
    Mistake("product", "{fork} is used by {users}, and what they send back was multiplied. Along a path one multiplies; between paths one adds.",
            lambda old, new: old * new if old != 0 else new),
    Mistake("no seed", "everything is 0: begin with the gradient of the output, which is 1.", seed=0.0),
    Mistake("forward order", "the variables are visited in the order of the computation, so each is passed on before anything has reached it. Go "
            "through them in reverse.", order="forward"),
    Mistake("by distance", "a variable is visited before all its uses were: ordering by the distance from the output is not enough, since a short "
            "and a long way may lead to the same variable ({fork}, used by {users}). Take the reverse of a topological order.", order="breadth"),
    Mistake("shared gates", "one gate object serves several lines: what it stored for the first line was overwritten by the next. Make one gate for "
            "each line.", sends="shared"),
    Mistake("local alone", "the local derivatives are passed on alone. Multiply each by the gradient of the variable it comes from, the upstream "
            "gradient.", sends="local"),
    Mistake("upstream alone", "the upstream gradients are passed on alone. Multiply each by the local derivative of its edge.", sends="upstream"),
    Mistake("added", "upstream gradient and local derivative are added. Along a path they are multiplied.", sends="added"),
)


def replay(mistake: Mistake, order: Sequence[str], parents: Mapping[str, Sequence[str]], send: Send) -> dict[str, Any]:
    """The gradients that a pass with this mistake finds, by variable."""
    output = order[-1]
    gradients: dict[str, Any] = dict.fromkeys(order, 0.0)
    gradients[output] = mistake.seed
    for name in visits(mistake.order, order, parents):
        for parent, sent in zip(parents[name], send(name, gradients[name]) if parents[name] else (), strict=True):
            gradients[parent] = mistake.combine(gradients[parent], sent)
    return gradients


def visits(kind: str, order: Sequence[str], parents: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The order in which a pass visits the variables."""
    if kind == "forward":
        return order
    if kind == "reverse":
        return tuple(reversed(order))
    found = [order[-1]]
    for name in found:                                                    # it grows while it is walked
        found += [p for p in dict.fromkeys(parents[name]) if p not in found]
    return found


def named(got: Mapping[str, Any], order: Sequence[str], parents: Mapping[str, Sequence[str]], sends: Mapping[str, Send]) -> str:
    """What the wrong gradients of a pass look like: the sentence of the first mistake that gives the same numbers; '' when none does."""
    users = {v: [u for u in order if v in parents[u]] for v in order}
    fork = next((v for v in reversed(order) if len(users[v]) > 1), None)
    for mistake in MISTAKES:
        if mistake.sends not in sends:
            continue
        found = replay(mistake, order, parents, sends[mistake.sends])
        if all(agree(got[n], found[n]) for n in got if n in found):
            if "{fork}" in mistake.says and fork is None:
                continue
            return mistake.says.format(fork=fork, users=listed(users[fork]) if fork else "")
    return ""
