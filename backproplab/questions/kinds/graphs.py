"""A computation graph to be built: who points at whom. Names may be the learner's own; what differs is shown."""
from __future__ import annotations

import re
from typing import Any

from ...engine.errors import listed
from ...engine.run import Run
from ..model import Kind, Outcome, Posed, Question, correct, kind, mistaken
from ..sentences import quoted
from ..typed import LONGEST, cannot
from .matching import one_graph
from .programs import OPTIONAL, PARAMETERS, programs

MOST = 200                                # edges that are read
Edge = tuple[str, str]


def edges_of(run: Run) -> list[Edge]:
    """(input, consumer) for every variable, in the author's order."""
    return [(i, v.name) for v in run.variables.values() for i in v.inputs]


def read_edges(given: Any) -> list[Edge]:
    """Edges from text such as "x -> a, z -> a", from pairs, or from a networkx graph.

    Raises
    ------
    AnswerError
    """
    if hasattr(given, "edges") and hasattr(given, "nodes"):
        pairs = [(str(a), str(b)) for a, b, *_ in given.edges]
    elif isinstance(given, str):
        if len(given) > 10 * LONGEST:
            raise cannot(given, "That is longer than any graph here.")
        pairs = []
        for part in re.split(r"[,;\n]+", given):
            names = [n.strip(" `'\"()[]") for n in re.split(r"->|→|>|=>", part.strip())] if part.strip() else []
            if len(names) == 1 or any(not re.fullmatch(r"\w+", n) for n in names):
                raise cannot(given, f"Write an edge as x -> a, and commas between edges; {part.strip()!r} is none.")
            pairs += list(zip(names, names[1:], strict=False))
    else:
        try:
            pairs = [(str(a), str(b)) for a, b in given]
        except (TypeError, ValueError):
            raise cannot(str(given), "Give the edges as text, x -> a, z -> a, or as pairs [('x', 'a'), ('z', 'a')].") from None
    if not pairs or len(pairs) > MOST:
        why = "Give the edges of the graph: at least one, such as x -> a." if not pairs else f"That is {len(pairs)} edges, too many."
        raise cannot(str(given), why)
    return pairs


@kind
class Graph(Kind):
    """Build the computation graph of a program."""

    name = "graph"
    parameters = PARAMETERS
    optional = {k: v for k, v in OPTIONAL.items() if k in ("at", "sides")}
    prompt = "Write the computation graph of this program: an edge from every variable to each line that uses it."
    answers = "edges, such as x -> a, z -> a"
    written = 'edges in quotes, as "x -> a, z -> a"'

    def pose(self, question: Question, seed: Any) -> Posed:
        program = next(programs(question, seed))
        run = program.run()
        hints = ("Every name on the right of a line points at the name on its left.",
                 f"Begin with the inputs: {listed(quoted(n) for n in run.inputs)}.")
        edges = [list(e) for e in dict.fromkeys(edges_of(run))]
        return self.posed(question, seed, edges, {"out": run.output}, code=tuple(program.lines), hints=hints)

    def judge(self, posed: Posed, given: Any) -> Outcome:
        import networkx as nx
        right = [(a, b) for a, b in posed.answer]
        came = list(dict.fromkeys(read_edges(given)))
        if set(came) == set(right):
            return correct()
        mine, theirs = nx.DiGraph(right), nx.DiGraph(came)
        if not nx.is_directed_acyclic_graph(theirs):
            loop = nx.find_cycle(theirs)
            return mistaken(f"{' -> '.join(quoted(a) for a, _ in loop)} -> {quoted(loop[0][0])} goes round in a circle.",
                            "A value can only use values that were computed before it.", ("cycle",))
        if not set(theirs.nodes) <= set(mine.nodes) and one_graph(right, came):
            return correct("The graph is right, with names of your own.")
        missing, extra = [e for e in right if e not in came], [e for e in came if e not in right]
        turned = [e for e in extra if e[::-1] in missing]
        share = max(0.0, (len(right) - len(missing) - len(extra)) / len(right))
        if turned:
            return mistaken(f"{told(turned)} points the wrong way.", "An edge goes from a value to the line that uses it.", ("reversed",),
                            share=share)
        parts = ([f"Missing: {told(missing)}."] if missing else []) + ([f"Not in the program: {told(extra)}."] if extra else [])
        return mistaken(" ".join(parts), "Read the right-hand side of each line once more.", ("edges",), share=share)

    def shown(self, posed: Posed) -> str:
        return ", ".join(f"{a} -> {b}" for a, b in posed.answer)


def told(edges: list[Edge]) -> str:
    shown = [f"`{a} -> {b}`" for a, b in edges[:4]]
    return ", ".join(shown) + (f" and {len(edges) - 4} more" if len(edges) > 4 else "")
