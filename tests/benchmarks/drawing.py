"""Layout beside Graphviz: crossings, edges over boxes, units out of order, and time.

    python -m tests.benchmarks.drawing

Graphviz takes part when pygraphviz is installed, and is not needed. Both lay out the same boxes; crossings are counted from the drawn
curves, so that both are judged alike. Times are the best of several runs, given as a ratio to Graphviz, and in milliseconds for the
project's own limits (30 boxes in 20 ms, 200 in 500 ms).
"""
from __future__ import annotations

import time
from collections.abc import Callable

import networkx as nx
import numpy as np

from backproplab.drawing.placing import Item, placed
from backproplab.drawing.shapes import points, within

SIZE = (90.0, 40.0)
PIXEL = 1 / 72                            # Graphviz measures boxes in inches


def scalar_net(sizes: tuple[int, ...] = (3, 4, 2, 1)) -> nx.DiGraph:
    graph, previous = nx.DiGraph(), [f"x{i}" for i in range(1, sizes[0] + 1)]
    graph.add_nodes_from(previous)
    for k, count in enumerate(sizes[1:], 1):
        now = [f"z{k}_{j}" for j in range(1, count + 1)]
        for j, z in enumerate(now, 1):
            a = f"a{k}_{j}"
            for i, p in enumerate(previous, 1):
                graph.add_edges_from([(p, a), (f"w{k}_{j}{i}", a)])
            graph.add_edges_from([(f"b{k}_{j}", a), (a, z)])
        previous = now
    graph.add_edges_from([(previous[0], "J"), ("t", "J")])
    return graph


def matrix_net() -> nx.DiGraph:
    return nx.DiGraph([("X", "U1"), ("W1", "U1"), ("U1", "A1"), ("b1", "A1"), ("A1", "H"), ("H", "U2"), ("W2", "U2"), ("U2", "A2"), ("b2", "A2"),
                       ("A2", "C"), ("Y", "C"), ("W1", "S1"), ("W2", "S2"), ("S1", "S"), ("S2", "S"), ("S", "R"), ("lam", "R"), ("C", "J"),
                       ("R", "J")])


def residual_net(blocks: int = 6) -> nx.DiGraph:
    graph, now = nx.DiGraph(), "x"
    for b in range(blocks):
        skip = now
        for kind in ("conv1", "bn1", "relu1", "conv2", "bn2"):
            here = f"{kind}.{b}"
            graph.add_edge(now, here)
            if kind.startswith("conv"):
                graph.add_edge(f"W{kind[-1]}.{b}", here)
            now = here
        graph.add_edges_from([(now, f"add.{b}"), (skip, f"add.{b}"), (f"add.{b}", f"out.{b}")])
        now = f"out.{b}"
    graph.add_edges_from([(now, "fc"), ("Wfc", "fc"), ("fc", "J"), ("t", "J")])
    return graph


def random_graph(nodes: int, seed: int = 0) -> nx.DiGraph:
    draw, graph = np.random.RandomState(seed), nx.DiGraph()
    graph.add_nodes_from(f"n{v}" for v in range(nodes))
    for v in range(1, nodes):
        for _ in range(draw.choice([1, 1, 2, 2])):
            graph.add_edge(f"n{draw.randint(max(0, v - 25), v)}", f"n{v}")
    return graph


Drawn = tuple[dict[str, tuple[float, float, float, float]], dict[tuple[str, str], np.ndarray]]


def own(graph: nx.DiGraph) -> Drawn:
    """Boxes, and points along each edge."""
    made = placed([Item(n, *SIZE, input=not graph.pred[n]) for n in graph], list(graph.edges), {}, room=1e9)
    return made.boxes, {e: points(r, 16) for e, r in made.routes.items()}


def graphviz(graph: nx.DiGraph) -> Drawn:
    import pygraphviz as pgv

    g = pgv.AGraph(directed=True, rankdir="LR", nodesep=18 * PIXEL, ranksep=48 * PIXEL)
    g.node_attr.update(shape="box", fixedsize="true", width=SIZE[0] * PIXEL, height=SIZE[1] * PIXEL, label="")
    g.add_nodes_from(graph)
    g.add_edges_from(graph.edges)
    g.layout("dot")
    boxes, lines = {}, {}
    for n in graph:
        x, y = map(float, g.get_node(n).attr["pos"].split(","))
        boxes[n] = (x - SIZE[0] / 2, -y - SIZE[1] / 2, *SIZE)
    for s, t in graph.edges:
        parts = g.get_edge(s, t).attr["pos"].split()
        end = next((p[2:] for p in parts if p.startswith("e,")), None)
        knots = [tuple(map(float, p.split(","))) for p in parts if p[:2] not in ("e,", "s,")]
        route = tuple(tuple((x, -y) for x, y in knots[k:k + 4]) for k in range(0, len(knots) - 1, 3))
        tail = [] if end is None else [[float(end.split(",")[0]), -float(end.split(",")[1])]]
        lines[s, t] = np.concatenate([points(route, 16), *([np.array(tail)] if tail else [])])
    return boxes, lines


def crossings(lines: dict[tuple[str, str], np.ndarray]) -> int:
    """Pairs of edges without a common end whose drawn lines cross."""
    total, every = 0, list(lines.items())
    for k, (e, p) in enumerate(every):
        for f, q in every[k + 1:]:
            (a, b), (c, d) = (p.min(0), p.max(0)), (q.min(0), q.max(0))
            if set(e) & set(f) or (b < c).any() or (d < a).any():
                continue
            total += _meet(p, q)
    return total


def _meet(p: np.ndarray, q: np.ndarray) -> bool:
    def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        return (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])

    a, b, c, d = p[:-1, None], p[1:, None], q[None, :-1], q[None, 1:]
    return bool(((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)).any())


def over_boxes(drawn: Drawn) -> int:
    boxes, lines = drawn
    names = list(boxes)
    rects = np.array([(x, y, x + w, y + h) for x, y, w, h in boxes.values()])
    return sum(int(((within(p, rects, -1.0) > 0) & np.array([n not in e for n in names])).sum()) for e, p in lines.items())


def out_of_order(graph: nx.DiGraph, boxes: dict[str, tuple[float, float, float, float]]) -> int:
    """Neighbours among the inputs of a node, or among nodes fed alike, that stand against the order in which they were given."""
    alike: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for n in graph:
        alike.setdefault((frozenset(graph.pred[n]), frozenset(graph.succ[n])), []).append(n)
    wrong = 0
    for found in alike.values():
        column: dict[float, list[float]] = {}
        for n in found:
            column.setdefault(round(boxes[n][0]), []).append(boxes[n][1])
        wrong += sum(a > b for ys in column.values() for a, b in zip(ys, ys[1:], strict=False))
    return wrong


def best(f: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        f()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    graphs = {"matrix MLP": matrix_net(), "scalar net 3-4-2-1": scalar_net(), "residual net": residual_net(), "30 boxes": random_graph(30),
              "200 boxes": random_graph(200), "400 boxes": random_graph(400), "800 boxes": random_graph(800)}
    try:
        import pygraphviz  # noqa: F401
        peers = {"own": own, "Graphviz": graphviz}
    except ImportError:
        print("pygraphviz is not installed: own layout only\n")
        peers = {"own": own}
    print(f"{'graph':20}{'layout':10}{'crossings':>10}{'over boxes':>12}{'out of order':>14}{'ms':>9}{'ratio':>8}")
    for name, graph in graphs.items():
        seconds: dict[str, float] = {}
        for peer, layout in peers.items():
            drawn = layout(graph)
            seconds[peer] = best(lambda layout=layout, graph=graph: layout(graph), 5 if len(graph) <= 200 else 2)       # type: ignore[misc]
            ratio = f"{seconds['own'] / seconds[peer]:.2f}" if peer != "own" else ""
            counts = f"{crossings(drawn[1]):10}{over_boxes(drawn):12}{out_of_order(graph, drawn[0]):14}"
            print(f"{name:20}{peer:10}{counts}{1000 * seconds[peer]:9.1f}{ratio:>8}")


if __name__ == "__main__":
    main()
