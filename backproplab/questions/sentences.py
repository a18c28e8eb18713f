"""Reasons and actions with the learner's own names and numbers. Names stand in `backticks`; a page sets them as variables."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..engine.errors import listed
from ..engine.tracing import Node
from ..notation import digits
from .account import Account, Box, Link
from .candidates import Candidate

DIGITS = 5                                # shown of every number: four typed are not enough for a chain of products
WHERE = {"link": "The other contributions to {node} fit.", "everywhere": "It looks as if the same happened all the way back.",
         "elsewhere": "The way from {at} down to {node} fits; the slip is at {at}."}
ROUNDED = ("Right, rounded early.", "Keep five digits on the way: the next steps need them.")
NEARLY = "This is off by {share} % of its size: rounded on the way, or a small contribution is missing."
FOLLOWS = ("This step is right: it follows from your own {at}.", "Correct {at} first; then repeat this step.")
UNKNOWN = ("No common mistake gives {answer}.",
           "Write the upstream gradient {upstream_is} and the local derivative {local}, and compare their product with yours.")
UNKNOWN_OPERATOR = ("No common mistake gives {answer}.",
                    "Write the shapes of {upstream} and of {node}, and what one entry of {node} changes in {consumer}.")
UNKNOWN_FORK = ("No common mistake gives {answer}.",
                "{node} is used {times}, in {paths}: write upstream times local for each of them, then add.")
OPERATIONS = {"add": "sum", "subtract": "difference", "multiply": "product", "divide": "quotient", "square": "a square", "power": "a power",
              "sqrt": "a root", "negative": "a minus", "absolute": "the absolute value", "sigmoid": "the sigmoid", "relu": "ReLU", "exp": "exp"}
COUNT = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
TIMES = {1: "once", 2: "twice"}


def shown(value: Any) -> str:
    """A number with five digits, an array by its entries when they are few, else by its shape."""
    if np.ndim(value) == 0:
        return digits(value, DIGITS)
    value = np.asarray(value)
    if value.ndim == 1 and value.size <= 4:
        return f"({', '.join(digits(v, 4) for v in value)})"
    return f"an array of shape {'×'.join(map(str, value.shape))}"


def called(value: Any) -> str:
    """How a learner's own answer is called in a sentence."""
    text = shown(value)
    return "this array" if text.startswith("an array") else text


def quoted(name: str) -> str:
    return f"`{name}`"


def gradient_name(account: Account, box: Box) -> str:
    return quoted(account.run.gradient_symbols[box.name])


def link_of(account: Account, candidate: Candidate | None, at: Box) -> Link | None:
    """The link at which a mistake is explained: its own, else the first at that variable where it applies."""
    if candidate is None:
        return at.links[0] if at.links else None
    if candidate.link is not None:
        return candidate.link
    forms = [m for m in candidate.misconception.mistakes if m.kind == "rule" and m.variant == candidate.variant]
    for link in at.links if forms else []:
        if any(m.operation == h.node.op.name and m.slot in (None, h.slot) for h in link.hops for m in forms if h.node.op is not None):
            return link
    return at.links[0] if at.links else None


def slots(account: Account, node: Box, answer: str, candidate: Candidate | None = None,
          gradients: Mapping[Box, Any] | None = None) -> dict[str, str]:
    """Everything that the sentences may name. A mistake made everywhere is explained at the nearest variable where it was made.

    `gradients`: what the learner wrote for some variables; shown in place of the right ones.
    """
    at = candidate.site if candidate is not None else node
    link = link_of(account, candidate, at)
    consumers = list(dict.fromkeys(l.consumer.name for l in at.links))
    count = sum(len([h for h in l.hops if h.destination is None]) for l in at.links)
    found = {"node": quoted(node.name), "at": quoted(at.name), "answer": answer, "subject": answer if at is node else gradient_name(account, at),
             "paths": listed(map(quoted, consumers)), "count": COUNT.get(count, str(count)),
             "times": TIMES.get(count, f"{COUNT.get(count, count)} times"), "through": through_of(at, candidate),
             "consumer": quoted(account.output.name),
             **dict.fromkeys(("upstream", "upstream_is", "consumer_is", "local", "factors", "operation"), "")}
    if link is not None:
        consumer, local = link.consumer, local_of(account, link)
        g, symbol = (gradients or {}).get(consumer, account.right[consumer]), gradient_name(account, link.consumer)
        found |= {"consumer": quoted(consumer.name), "consumer_is": with_number(quoted(consumer.name), consumer.value), "upstream": symbol,
                  "upstream_is": with_number(symbol, g), "local": local, "factors": f"{symbol if np.ndim(g) else shown(g)} times {local}",
                  "operation": operation_of([h.node for h in link.hops], candidate)}
    return found


def with_number(name: str, value: Any) -> str:
    """`a` = 3; an array by its name alone."""
    return name if np.ndim(value) else f"{name} = {shown(value)}"


def local_of(account: Account, link: Link) -> str:
    """The local derivative: a number, for arrays its expression, for an operator what it sends back."""
    for c in account.run.variables[link.target.name].uses:
        if c.consumer == link.consumer.name:
            if c.local is not None and np.ndim(c.local) == 0:
                return shown(c.local)
            return quoted(str(c.local_expression if c.local_expression is not None else c.expression))
    return ""


def operation_of(nodes: Sequence[Node], candidate: Candidate | None) -> str:
    """The operation that a mistake is about, in words; the first of the line when it is about none."""
    names = [n.op.name for n in nodes if n.op is not None]
    if candidate is not None:
        names = [m.operation for m in candidate.misconception.mistakes if m.variant == candidate.variant and m.operation in names] or names
    return OPERATIONS.get(names[0], names[0]) if names else ""


def through_of(at: Box, candidate: Candidate | None) -> str:
    """The consumer of the contribution that a mistake at a fork kept, or left out."""
    forms = candidate.misconception.mistakes if candidate is not None else ()
    term = next((m.term for m in forms if candidate is not None and m.variant == candidate.variant and m.term is not None), None)
    names = [l.consumer.name for l in at.links for h in l.hops if h.destination is None]
    return quoted(names[term]) if term is not None and term < len(names) else ""


def told(account: Account, node: Box, answer: str, candidate: Candidate, gradients: Mapping[Box, Any] | None = None,
         changed: Mapping[str, str] | None = None) -> tuple[str, str]:
    """(reason, action) of a recognised mistake; `changed` slots are filled with what is given."""
    reason, action = candidate.misconception.sentences(candidate.variant)
    table = slots(account, node, answer, candidate, gradients) | dict(changed or {})
    where = WHERE.get(candidate.scope, "")
    return filled(reason, table), filled(f"{action} {where}".strip(), table)


def unknown(account: Account, box: Box, answer: str) -> tuple[str, str]:
    """What to say when no mistake is recognised: a hint at upstream and local, or at the sum."""
    if not box.links:
        return f"{answer} is not it.", f"{quoted(box.name)} is the output: the backward pass starts here, with {shown(account.right[box])}."
    table = slots(account, box, answer)
    elementwise = all(c.local_expression is not None for c in account.run.variables[box.name].uses)
    reason, action = UNKNOWN_FORK if table["times"] != "once" else UNKNOWN if elementwise else UNKNOWN_OPERATOR
    return filled(reason, table), filled(action, table)


def of_shape(name: str, wanted: tuple[int, ...], came: tuple[int, ...]) -> tuple[str, str]:
    """What to say of an answer whose shape is not the variable's."""
    told = ["empty" if 0 in s else f"an array of shape {'×'.join(map(str, s))}" if len(s) > 1 else
            ("a list of one number" if s[0] == 1 else f"{s[0]} numbers") if s else "one number" for s in (came, wanted)]
    return f"This is {told[0]}, and {quoted(name)} is {told[1]}.", "A gradient has the shape of its variable."


def filled(sentence: str, table: Mapping[str, str]) -> str:
    """A sentence with its slots filled, and begun with a capital, unless it begins with what the learner typed: e is no E."""
    text, own = sentence.format_map(table), table.get("answer", "")
    typed = own and text.startswith(own) and not own.startswith(("this ", "an "))
    return text[0].upper() + text[1:] if text[0].islower() and not typed and not text.startswith("np.") else text


def plain(text: str) -> str:
    """Without the marks around names, for a terminal."""
    return text.replace("`", "")


def either(pairs: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Two readings of one number as one message."""
    reasons, actions = list(dict.fromkeys(r for r, _ in pairs)), list(dict.fromkeys(a for _, a in pairs))
    if len(pairs) == 1 or len(reasons) == 1:
        return reasons[0], actions[0]
    return f"{reasons[0]} Or: {lowered(reasons[1])}", f"{actions[0]} Or: {lowered(actions[1])}" if len(actions) > 1 else actions[0]


def lowered(text: str) -> str:
    return text[0].lower() + text[1:] if (text[1:2].islower() or text.startswith("A ")) and not text.startswith("ReLU") else text
