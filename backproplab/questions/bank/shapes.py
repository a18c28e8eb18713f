"""Arrays: shapes first, then their numbers."""
from ..model import question

SHAPES = "know the shape of a gradient before its numbers"
LAYER = "send a gradient back through a layer"
SIDES = {"N": (2, 5), "D": (2, 5), "M": (2, 5)}
LINEAR = "Z = X @ W; H = Z + b; J = np.sum(np.square(H))"
AT = {"X": ("N", "D"), "W": ("D", "M"), "b": ("M",)}

question("shape-in-a-layer", SHAPES, "shape", program=LINEAR, at=AT, sides=SIDES, asked=["X", "W", "b", "Z"])

question("gradient-of-the-bias", LAYER, "array", program=LINEAR, at=AT, sides={"N": (3, 4), "D": (2, 2), "M": (2, 2)}, asked="b", points=2.0)

question("gradient-of-the-weights", LAYER, "array", program="Z = X @ W; J = np.sum(np.square(Z))", at={"X": ("N", "D"), "W": ("D", "M")},
         sides={"N": (3, 3), "D": (2, 2), "M": (2, 2)}, asked="W", points=2.0)

question("weights-as-a-formula", LAYER, "formula", program="Z = X @ W; E = Z - Y; J = np.sum(np.square(E))",
         at={"X": ("N", "D"), "W": ("D", "M"), "Y": ("N", "M")}, sides={"N": (4, 5), "D": (3, 3), "M": (2, 2)}, asked=["W"])

question("program-a-layer", "program a backward pass", "function", program="Z = X @ W + b; H = np.tanh(Z); J = np.sum(H)", at=AT,
         sides={"N": (4, 5), "D": (3, 3), "M": (2, 2)}, asked=["X", "W", "b"], points=3.0)

question("why-sum-over-the-batch", LAYER, "choice",
         "In `H = Z + b` the row `b` is added to every row of `Z`. Why is its gradient summed over the rows?",
         options=[
             ("`b` is used once for every row, and the uses add up", True, "A row that is copied forward collects what comes back from every copy."),
             ("to make the shapes fit", False, "The shapes fit because of it; a mean or the last row would have that shape too."),
             ("to divide by the number of rows afterwards", False, "Nothing is divided, unless the loss itself takes a mean."),
             ("because `b` is a parameter", False, "What a variable is for does not matter: how it is used does."),
         ])
