"""Mistakes at forks, where contributions add up, and along paths, where upstream meets local."""
import numpy as np

from .declare import Case, fork, misconception, path

FORK = Case("a = x * x; b = 3 * a; c = np.exp(a); y = b + c", {"x": 0.5}, "a")            # 3 + e^(1/4) = 4.284025
CHAIN = Case("a = 3 * x; b = np.sin(a); c = b * b; y = 5 * c", {"x": 0.2}, "a")           # 10 sin a cos a = 4.660195

misconception(
    "one-path",
    *[fork(lambda terms, k=k: terms[k] if k < len(terms) else None, f"only {k}", k) for k in range(4)],
    *[fork(lambda terms, k=k: sum(t for j, t in enumerate(terms) if j != k) if 2 < len(terms) > k else None, f"without {k}", k) for k in range(4)],
    fork(lambda terms: terms[-1], "last"),
    title="what comes back along several paths is not added",
    reason="{at} is used {times}, in {paths}, and {subject} is the last contribution alone: it has replaced the others.",
    action="Write one contribution for each use of {at}, then add them up.",
    says={f"{word} {k}": pair for k in range(4) for word, pair in {
        "only": ("{at} is used {times}, in {paths}, and {subject} is what comes back through {through} alone.",
                 "Write one contribution for each use of {at}, then add them up."),
        "without": ("{at} is used {times}, in {paths}, and {subject} leaves out what comes back through {through}.",
                    "Write one contribution for each use of {at}, then add them up."),
    }.items()},
    recognises=FORK.with_answer(3.0), refuses=FORK.with_answer(3.852))

misconception(
    "path-product", fork(lambda terms: np.prod(np.array(terms), axis=0)),
    title="what comes back along several paths is multiplied",
    reason="{at} reaches the result along {count} paths, and {subject} multiplies what comes back along them.",
    action="Multiply along a path; add between paths.",
    recognises=FORK.with_answer(3.852076), refuses=FORK.with_answer(3.0))

misconception(
    "path-mean", fork(lambda terms: sum(terms) / len(terms)),
    title="what comes back along several paths is averaged",
    reason="{at} reaches the result along {count} paths, and {subject} is their average.",
    action="Add the contributions; nothing is divided by how many there are.",
    recognises=FORK.with_answer(2.142013), refuses=FORK.with_answer(3.0))

misconception(
    "no-upstream", path(lambda p: p.send(p.ones)), family="upstream",
    title="the upstream gradient is left out, or is another variable's",
    reason="{subject} is the local derivative alone: it says how {consumer} reacts to {at}, not how the result does.",
    action="Multiply it by the upstream gradient {upstream_is}.",
    recognises=CHAIN.with_answer(0.825336), refuses=CHAIN.with_answer(5.646425))

misconception(
    "add-upstream", path(lambda p: p.send(p.ones) + p.g if p.elementwise and np.shape(p.g) in ((), np.shape(p.target)) else None),
    title="the upstream gradient is added in place of multiplied",
    reason="{subject} adds the upstream gradient to the local derivative.",
    action="Multiply the two: {upstream} times the local derivative, {factors}.",
    recognises=CHAIN.with_answer(6.471760), refuses=CHAIN.with_answer(0.825336))

misconception(
    "value-upstream", path(lambda p: p.send(p.value)),
    title="a value stands where the upstream gradient belongs",
    reason="{subject} multiplies by the value {consumer_is} instead of its gradient.",
    action="Use {upstream_is}: what flows back is a gradient, not a value.",
    recognises=CHAIN.with_answer(0.466020), refuses=CHAIN.with_answer(0.825336))

misconception(
    "stale-upstream", *[path(lambda p, k=k: p.send(p.beyond[k]) if k < len(p.beyond) else None, f"beyond {k}") for k in range(2)],
    family="upstream",
    reason="{subject} uses a gradient from one variable too far up.",
    action="{at} is used by {consumer}, so the factor that comes in is {upstream_is}.",
    recognises=CHAIN.with_answer(4.126678), refuses=CHAIN.with_answer(0.466020))
