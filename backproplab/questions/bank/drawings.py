"""Drawings of networks and programs, and the order in which a graph is computed."""
from ..model import question

DRAWINGS = "tell a network diagram from a computation graph"
ORDER = "put a program's lines in topological order"

question("weights-on-edges", DRAWINGS, "choice", "Every edge of a drawing carries a weight. What is the drawing?", options=[
    ("a network diagram", True, "There a parameter is a label on an edge; in a computation graph it is a node of its own."),
    ("a computation graph", False, "Its edges carry no labels: they only say who is computed from whom. A weight is a node."),
    ("it can be either", False, "In a computation graph a weight is a value like any other, so it has a node, and edges stay bare."),
])

question("where-the-intercept-is", DRAWINGS, "choice", "A unit computes the sigmoid of `w x + b`. Where is the intercept `b`?", options=[
    ("a node of the computation graph; not in the network diagram", True,
     "The diagram counts it as part of the unit's function. The graph shows every value that the program uses."),
    ("a node in both", False, "A network diagram by the usual convention does not show intercepts."),
    ("a label on an edge in both", False,
     "Edges of a computation graph carry no labels, and the diagram labels edges with the weights of units only."),
    ("in neither", False, "The program reads it, so the computation graph has a node for it: it needs a gradient."),
])

question("where-the-loss-is", DRAWINGS, "choice", "Where may the loss `J` be drawn?", options=[
    ("in the computation graph only", True,
     "A network diagram ends with the prediction. The graph draws the program, up to the number that is differentiated."),
    ("in the network diagram only", False, "The diagram shows the network, and the loss is no part of it."),
    ("in both", False, "A network diagram shows units; the loss is not one."),
])

question("a-node-stands-for", DRAWINGS, "choice",
         "A layer of 200 units is one line of the program, `h = sigmoid(W @ x)`. How many nodes does `h` have?", options=[
    ("1 in the computation graph, 200 in the network diagram", True,
     "The graph has a node for each variable of the program, the diagram one for each unit."),
    ("200 in both", False, "In the computation graph `h` is one variable, an array: one node."),
    ("1 in both", False, "The network diagram has a circle for each unit."),
    ("200 in the computation graph, 1 in the network diagram", False, "The other way round: variables there, units here."),
])

question("order-of-lines", ORDER, "order", "Put the lines in an order in which Python could run them; `x` and `z` are given.", steps=[
    ("a = x * z", []), ("b = np.log(x)", []), ("c = np.sin(b)", [1]), ("d = np.exp(a)", [0]), ("e = a / b", [0, 1]), ("f = c / a", [0, 2]),
    ("y = d + e + f", [3, 4, 5])],
    hints=["A line can run once everything on its right-hand side is known.", "Only two of them need nothing but `x` and `z`."])
