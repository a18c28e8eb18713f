"""Computation graphs: who uses whom."""
from ..generators import scalar_program
from ..model import question

GRAPHS = "read a program as a graph"

question("graph-of-a-program", GRAPHS, "graph", program="a = x * z; b = np.log(x); c = np.sin(b); d = a / b; y = c + d",
         at={"x": 1.7, "z": 0.8})

question("graph-of-a-neuron", GRAPHS, "graph", program="u = w * x + b; s = sigmoid(u); J = np.square(s - t)",
         at={"w": 0.7, "x": 1.4, "b": -0.2, "t": 0.9})

question("graph-at-random", GRAPHS, "graph", program=lambda draw: scalar_program(draw, size=6, inputs=2, forks=1))

question("edges-mean", GRAPHS, "choice", "In a computation graph, what does an edge from `a` to `b` say?", options=[
    ("`b` is computed from `a`", True, "The value flows along the edge, and the gradient flows back against it."),
    ("`a` is computed from `b`", False, "The other way round: an edge goes from a value to the line that uses it."),
    ("`a` and `b` have the same shape", False, "An edge says nothing of shapes: a sum makes one number of many."),
    ("`a` has a weight that belongs to `b`", False, "That is a network diagram; here weights are variables of their own."),
])

question("graph-of-three-terms", GRAPHS, "graph",
         program="a = x * z; b = np.log(x); c = np.sin(b); d = np.exp(a); e = a / b; f = c / a; y = d + e + f", at={"x": 2.0, "z": 3.0})
