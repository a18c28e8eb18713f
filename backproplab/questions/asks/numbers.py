"""Asks for single numbers: a value; upstream, local derivative, product and running sum of a link; a gradient."""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.errors import listed
from ...engine.folding import Contribution, Variable
from ..account import Link
from ..candidates import candidates
from ..screening import Wrong
from ..sentences import quoted, shown, told
from .material import Ask, Material, Wrongs

PRINCIPLES = {
    "value": "Put the numbers into the formula.",
    "upstream": "Upstream is the gradient of the variable it flows back from: {reacts}.",
    "local": "The local derivative says how {by} changes when {name} changes a little and everything else in its line stays.",
    "product": "Along one link, upstream and local derivative are multiplied.",
    "sum": "Where several uses send something back, the contributions are added.",
}


def forward_ask(m: Material, v: Variable) -> Ask | None:
    """The value of a scalar variable."""
    assert v.expression is not None
    name = quoted(v.name)
    return m.ask("value", v, f"What is the value of {name}?", v.value, m.wrong_values(v),
                 [PRINCIPLES["value"], f"{name} = {m.formula(v.expression)}", m.in_numbers(v.expression)])


def backward_asks(m: Material, v: Variable) -> Iterator[Ask | None]:
    """Everything on the way to the gradient of a variable, in the order of a ledger; for an array nothing."""
    if np.ndim(v.gradient):
        return
    links = {l.consumer.name: l for l in m.account.boxes[v.name].links}
    for k, c in enumerate(v.uses):
        link = links.get(c.consumer)
        if link is not None and c.local is not None and np.ndim(c.local) == np.ndim(c.upstream) == 0:
            yield upstream(m, v, c, link)
            yield local(m, v, c, link)
            if len(v.uses) > 1:
                yield product(m, v, c, link)
        if 0 < k < len(v.uses) - 1:
            yield running_sum(m, v, k)
    yield m.ask("gradient", v, f"What is the gradient of {quoted(v.name)}?", v.gradient, wrong_gradients(m, v), gradient_hints(m, v))


def upstream(m: Material, v: Variable, c: Contribution, link: Link) -> Ask | None:
    by, out, consumer = quoted(c.consumer), quoted(m.run.output), link.consumer
    action = f"What flows back is the gradient of {by}: it is {m.gradient_symbol(c.consumer)}, known from an earlier step."
    wrong = Wrongs()
    wrong.say(consumer.value, "value", f"{{n}} is the value of {by}, from the forward pass.", action)
    for further in consumer.links:
        beyond = quoted(further.consumer.name)
        wrong.say(m.account.right[further.consumer], "stale", f"{{n}} is the gradient of {beyond}, one variable too far up.", action)
    if consumer.links:
        wrong.say(m.account.right[m.account.output], "", f"{{n}} is the gradient of the output: only {out} itself starts with it.", action)
    wrong.say(c.local, "local", f"{{n}} is the local derivative: how {by} reacts to {quoted(v.name)}.", action)
    wrong.say(c.value, "product", "{n} is upstream times local, the whole contribution.", "The upstream is the first factor of it.")
    wrong.say(v.value, "", f"{{n}} is the value of {quoted(v.name)}.", action)
    wrong.say(-c.upstream, "sign", "{n} has the sign turned round.", "The upstream comes in as it is; a minus belongs to the local derivative.")
    reacts = f"how {out} reacts to {by}" if consumer.links else f"here {out} itself, which changes one for one with itself"
    return m.ask("upstream", v, f"What is the upstream gradient through {by}?", c.upstream, wrong,
                 [PRINCIPLES["upstream"].format(reacts=reacts), f"Upstream = {m.gradient_symbol(c.consumer)}",
                  f"It stands at {by} in the graph, from an earlier step."], c.consumer)


def local(m: Material, v: Variable, c: Contribution, link: Link) -> Ask | None:
    by, name = quoted(c.consumer), quoted(v.name)
    line, e = m.run.variables[c.consumer].expression, c.local_expression
    assert line is not None and e is not None
    differentiate = f"Differentiate the line of {by} by {name}."
    wrong = m.wrong_of_link(link, np.float64(1.0), ("rule",), local=quoted(m.formula(e)))       # in letters: the number is asked
    wrong.say(c.value, "product", "{n} is multiplied by the upstream already.",
              f"The local derivative is how {by} reacts to {name}, before anything is multiplied.")
    wrong.say(c.upstream, "upstream", "{n} is the upstream gradient, the other factor.", differentiate)
    wrong.say(link.consumer.value, "", f"{{n}} is the value of {by}.", differentiate)
    wrong.say(v.value, "", f"{{n}} is the value of {name}.", differentiate)
    if c.local:
        wrong.say(1 / c.local, "upside down", "{n} is the right number turned upside down.",
                  f"Asked is how {by} changes with {name}, not {name} with {by}.")
    wrong.say(-c.local, "sign", "{n} has the sign turned round.", f"Does {by} grow or fall when {name} grows?")
    return m.ask("local", v, f"What is the local derivative of {by} by {name}?", c.local, wrong,
                 [PRINCIPLES["local"].format(by=by, name=name), f"{by} = {m.formula(line)}, so it is {m.formula(e)}", m.in_numbers(e)], c.consumer)


def product(m: Material, v: Variable, c: Contribution, link: Link) -> Ask | None:
    by, action = quoted(c.consumer), f"Multiply the two: {shown(c.upstream)} times {shown(c.local)}."
    wrong = m.wrong_of_link(link, c.upstream, ("rule", "path"))
    wrong.say(c.upstream, "no local", "{n} is the upstream alone.", action)
    wrong.say(-c.value, "sign", "{n} has the sign turned round.", action)
    wrong.say(v.gradient, "whole", "{n} is the whole gradient.", f"Asked is the part that comes through {by}.")
    return m.ask("product", v, f"What does {by} send back to {quoted(v.name)}?", c.value, wrong,
                 [PRINCIPLES["product"], m.formula(c.expression), f"{shown(c.upstream)} × {factor(c.local)}"], c.consumer)


def running_sum(m: Material, v: Variable, k: int) -> Ask | None:
    """The sum of the contributions up to the k-th."""
    before, last, total = v.uses[k - 1].running, v.uses[k].value, v.uses[k].running
    action = f"Add: {shown(before)} and {shown(last)}."
    wrong = Wrongs()
    wrong.say(last, "last", "{n} is the last contribution alone: it has replaced the sum.", action)
    wrong.say(before, "unchanged", "{n} leaves the last contribution out.", action)
    wrong.say(before * last, "product", "{n} multiplies.", f"Multiply along a path; add between paths. {action}")
    wrong.say(before - last, "sign", "{n} subtracts.", action)
    wrong.say(total / (k + 1), "mean", "{n} is the average.", f"Nothing is divided by the number of paths. {action}")
    return m.ask("sum", v, f"What is the sum after {quoted(v.uses[k].consumer)}?", total, wrong,
                 [PRINCIPLES["sum"], "sum so far + this contribution", f"{shown(before)} + {factor(last)}"], v.uses[k].consumer)


def wrong_gradients(m: Material, v: Variable) -> list[Wrong]:
    """What the misconceptions make of a gradient, the upstreams being right: a learner who steps has been shown them."""
    box = m.account.boxes[v.name]
    return [Wrong(c.value, c.misconception.family, *told(m.account, box, shown(c.value), c))
            for c in candidates(m.account, v.name, ("here", "finished", "link"))]


def gradient_hints(m: Material, v: Variable) -> list[str]:
    uses, name = v.uses, quoted(v.name)
    by = listed(quoted(c.consumer) for c in uses)
    principle = f"{name} is used once, by {by}: its gradient is upstream times local." if len(uses) == 1 else \
                f"{name} is used by {by}: each sends back upstream times local, and the gradient is their sum."
    formula = " + ".join(m.formula(c.expression) for c in uses).replace("+ −", "− ")
    if all(c.local is not None and np.ndim(c.local) == np.ndim(c.upstream) == 0 for c in uses):
        numbers = " + ".join(f"{shown(c.upstream)} × {factor(c.local)}" for c in uses)
    else:
        numbers = ", ".join(f"{quoted(c.consumer)} sends from {size(np.shape(c.upstream))} to {size(v.shape)}" for c in uses)
    return [principle, f"{m.gradient_symbol(v.name)} = {formula}", numbers]


def factor(v: float) -> str:
    """A number as a factor or a term: a negative one in brackets."""
    text = shown(v)
    return f"({text})" if text.startswith("−") else text


def size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]} numbers" if shape else "one number"
