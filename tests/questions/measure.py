"""How often the right name is given: wrong answers from edited programs, on random graphs that nobody has screened.

    python -m tests.questions.measure                 500 scalar graphs, 200 array programs; some minutes
    python -m tests.questions.measure --graphs 50 --arrays 10 --seed other
"""
import argparse
import time
from collections import Counter, defaultdict

import numpy as np

from backproplab.questions import TOLERANCE
from backproplab.questions.account import Account
from backproplab.questions.candidates import candidates
from backproplab.questions.diagnosis import leading
from backproplab.questions.draws import Draw
from backproplab.questions.generators import LOSSES, network_program, scalar_program
from backproplab.questions.matching import verdict
from backproplab.questions.misconceptions import MISCONCEPTIONS
from backproplab.questions.typed import Typed, number
from tests.questions.second_route import Text, wrong_answers

FOUR = ("here", "link", "everywhere", "finished")
# Where the second route calls two mistakes by one name, or by the family of the package.
FAMILY = {i: c.family for i, c in MISCONCEPTIONS.items()}


def typed(value, digits=4):
    """A number as a learner types it, trailing zeros kept."""
    return f"{value:.{digits - 1}e}"


def scalar_graphs(count, seed="measure"):
    """Programs of 5 to 12 operations on 1 to 3 inputs, forks as they come."""
    for k in range(count):
        draw = Draw(seed, "scalar", k)
        yield draw, scalar_program(draw, draw.whole(5, 12), draw.whole(1, 3), forks=0)


def array_programs(count, seed="measure"):
    """Networks of one or two layers on a batch, sides of 2 to 4."""
    for k in range(count):
        draw = Draw(seed, "array", k)
        deep = draw.chance(0.45)
        shapes = [draw.whole(2, 4) for _ in range(4 if deep else 3)]
        yield draw, network_program(draw, shapes, [draw.choice(("relu", "tanh", "sigmoid", ""))] + [""] * deep, draw.choice(LOSSES))


def asked_of(draw, program, run):
    """An input and an inner variable."""
    inner = [v.name for v in run.variables.values() if v.role == "operation" and v.uses]
    inputs = [n for n in run.inputs if n != "Y"]
    return [draw.choice(inputs), *([draw.choice(inner)] if inner else [])]


class Asked:
    """One question: its right number and the candidates, found once."""

    def __init__(self, account, name):
        self.right = account.right[account.boxes[name]]
        self.found = candidates(account, name)
        self.wrong = [c.value for c in self.found]

    def names(self, answer):
        """(verdict, names) of an answer."""
        said, near = verdict(answer, self.right, self.wrong)
        return said, [c.misconception.family for c in leading([self.found[k] for k in near])] if said == "looks like" else []


class Table:
    """Planted mistakes counted by rule and scope: how many, the planted among the names, the planted first."""

    def __init__(self):
        self.rows = defaultdict(lambda: [0, 0, 0])
        self.hidden = self.seen = 0
        self.instead = defaultdict(Counter)

    def add(self, id_, scope, said, names):
        row = self.rows[id_, scope]
        family = FAMILY[id_]
        row[0] += 1
        row[1] += family in names
        row[2] += names[:1] == [family]
        if names[:1] != [family]:
            self.instead[id_][names[0] if names else said] += 1

    def share(self, scopes, ids=None):
        """(n, two, first) in per cent."""
        kept = [r for (i, s), r in self.rows.items() if s in scopes and (ids is None or i in ids)]
        n, two, first = (sum(r[k] for r in kept) for k in range(3))
        return n, 100 * two / max(n, 1), 100 * first / max(n, 1)


def plant(draw, table, asked, source, inputs, name, places=None, digits=4, array=False, entry=None):
    """Count every mistake and scope once for this question, in a form drawn among those there are."""
    found = defaultdict(list)
    for id_, scope, value in wrong_answers(source, inputs, name, places):
        if value is not None and np.all(np.isfinite(value)):
            found[id_, scope].append(value)
    for (id_, scope), values in sorted(found.items(), key=lambda item: item[0]):
        value = draw.choice(values)
        if np.shape(value) != np.shape(asked.right) and not array:
            continue
        size = max(np.max(np.abs(value), initial=0), np.max(np.abs(asked.right), initial=0))
        table.seen += 1
        if np.shape(value) == np.shape(asked.right) and np.max(np.abs(np.subtract(value, asked.right)), initial=0) <= 1e-3 * size:
            table.hidden += 1                         # nobody can call it wrong at four digits
            continue
        table.add(id_, scope, *asked.names(Typed(np.asarray(value, float)[()]) if array else number(typed(float(value), digits))))


def measure(graphs=500, arrays=200, numbers=5000, seed="measure", report=print):
    """Run everything; returns the figures that the tests hold to their bounds."""
    start = time.perf_counter()
    tables = {"exact": Table(), "rounded 5": Table(), "rounded 4": Table(), "arrays": Table()}
    false, lifted, right_named, right_said, questions, lifts = Counter(), Counter(), 0, defaultdict(Counter), 0, Counter()
    careless = defaultdict(Counter)                       # right answers with every line rounded to so many digits
    per = max(1, -(-numbers // (2 * graphs))) if graphs else 0
    drawn = 0
    for draw, program in scalar_graphs(graphs, seed):
        run = program.run()
        account, source = Account(run), run.program.source
        every = [float(v) for v in run.values.values()] + [float(g) for g in run.grads.values()]
        for name in asked_of(draw, program, run):
            asked, questions = Asked(account, name), questions + 1
            plant(draw, tables["exact"], asked, source, program.inputs, name)
            plant(draw, tables["rounded 5"], asked, source, program.inputs, name, places=5)
            if questions % 4 == 0:
                plant(draw, tables["rounded 4"], asked, source, program.inputs, name, places=4)
            right = float(asked.right)
            reach = 2 * max(abs(right), 1)
            for _ in range(min(per, numbers - drawn)):
                drawn += 1
                said, names = asked.names(number(typed((2 * draw.real() - 1) * reach)))
                false[bool(names)] += 1
            for kind, value in {"number": draw.choice(every), "product": draw.choice(every) * draw.choice(every),
                                "sum": draw.choice(every) + draw.choice(every), "near": right * (0.5 + draw.real())}.items():
                said, names = asked.names(number(typed(value)))
                if said in ("looks like", "unknown"):
                    lifts[kind] += 1
                    lifted[kind] += bool(names)
            for digits in (2, 3, 4, 5, 6):
                said, names = asked.names(number(typed(right, digits)))
                right_named += bool(names)
                right_said[digits][said] += 1
            for places in (4, 5):
                said, names = asked.names(number(typed(float(Text(source).run(program.inputs, places=places)[f"g_{name}"]), places)))
                careless[places]["named" if names else said] += 1
    array_right = 0
    for draw, program in array_programs(arrays, seed):
        run = program.run()
        account, source = Account(run), run.program.source
        inputs = {n: np.array(v) for n, v in program.inputs.items()}
        for name in asked_of(draw, program, run):
            if not np.ndim(account.boxes[name].value):
                continue
            asked = Asked(account, name)
            plant(draw, tables["arrays"], asked, source, inputs, name, array=True)
            array_right += bool(asked.names(Typed(asked.right))[1])
    shares = {"": "exact", "rounded 5": "rounded 5", "rounded 4": "rounded 4", "arrays": "arrays"}
    figures = {name or "four": tables[key].share(FOUR) for name, key in shares.items()}
    figures |= {f"{name} elsewhere".strip(): tables[key].share(("elsewhere",)) for name, key in shares.items()}
    figures |= {f"right, rounded {p}, named": 100 * c["named"] / max(1, sum(c.values())) for p, c in careless.items()}
    figures |= {"false": 100 * false[True] / max(1, sum(false.values())), "right named": right_named + array_right}
    if report is not None:
        tell(report, tables, figures, false, lifted, lifts, right_said, careless, questions, time.perf_counter() - start)
    return figures, tables


def tell(report, tables, figures, false, lifted, lifts, right_said, careless, questions, seconds):
    report(f"{questions} scalar questions, {seconds:.0f} s; tolerance {TOLERANCE.data}; per cent: planted among two names / first")
    exact, arrays = tables["exact"], tables["arrays"]
    hidden = [f"{100 * t.hidden / max(1, t.seen):.0f} %" for t in (exact, arrays)]
    report(f"left out, within 0.1 % of right: {hidden[0]} scalar, {hidden[1]} arrays")
    for key in ("four", "elsewhere", "rounded 5", "rounded 5 elsewhere", "rounded 4", "rounded 4 elsewhere", "arrays", "arrays elsewhere"):
        report(f"  {key:20}" + "{:6} {:6.1f} {:6.1f}".format(*figures[key]))
    for scope in FOUR:
        columns = "{:6} {:6.1f} {:6.1f}   arrays{:6} {:6.1f} {:6.1f}".format(*exact.share((scope,)), *arrays.share((scope,)))
        report(f"  scalar {scope:13}{columns}")
    report(f"uniform wrong numbers named: {figures['false']:.2f} % of {sum(false.values())}; right answers named: {figures['right named']}; "
           f"right answers said to be, by digits: {({d: dict(c) for d, c in right_said.items()})}")
    report(f"right, every line rounded to so many digits: {({p: dict(c) for p, c in careless.items()})}")
    report(f"other wrong numbers named, per cent: {({k: round(100 * lifted[k] / max(1, n), 1) for k, n in lifts.items()})}")
    for title, table in (("scalar", exact), ("arrays", arrays)):
        report(f"\n{title}: rule, n, two, first (here, link, everywhere, finished); n, two, first elsewhere; named instead")
        for i in MISCONCEPTIONS:
            n, two, first = table.share(FOUR, (i,))
            m, two_, first_ = table.share(("elsewhere",), (i,))
            if n or m:
                report(f"  {i:16}{n:6} {two:6.1f} {first:6.1f}   {m:6} {two_:6.1f} {first_:6.1f}   "
                       + ", ".join(f"{k} {v}" for k, v in table.instead[i].most_common(3)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--graphs", type=int, default=500)
    parser.add_argument("--arrays", type=int, default=200)
    parser.add_argument("--numbers", type=int, default=5000)
    parser.add_argument("--seed", default="measure")
    options = parser.parse_args()
    np.seterr(all="ignore")
    measure(options.graphs, options.arrays, options.numbers, options.seed)
