"""What an engine does: the chain rule in its notations, what is kept, and what it costs."""
from ..model import question

CHAIN = "read the chain rule in any notation"
KEPT = "say what the backward pass needs from the forward pass"
COST = "say what a backward pass costs"

question("chain-rule-in-two-notations", CHAIN, "choice", "With `y = g(x)` and `z = f(y)`, which is `dz/dy` in Lagrange's notation?", options=[
    ("`f'(g(x))`", True, "`f` is differentiated at the place where it is evaluated, and that is `y = g(x)`."),
    ("`f'(x)`", False, "`f` never sees `x`: what comes into it is `y = g(x)`, so its derivative is taken there."),
    ("`g'(x)`", False, "That is `dy/dx`, the other factor."),
    ("`f'(g'(x))`", False, "Derivatives are multiplied; they are not put into each other."),
])

question("which-end-first", COST, "choice",
         "A number depends on 1000 inputs through three layers of 1000; the chain rule is a product of matrices, a row of 1000 first. From which "
         "end is it cheaper to multiply?", options=[
             ("from the row: each step is a row times a matrix", True,
              "About a million multiplications for each step. That is reverse mode, backpropagation."),
             ("from the inputs: each step is a matrix times a matrix", False,
              "About a thousand million multiplications for each step: a thousand times more."),
             ("it makes no difference", False, "The result is the same from both ends; the number of multiplications is not."),
         ])

question("what-a-sigmoid-keeps", KEPT, "choice", "What must a sigmoid gate keep from its forward call?", options=[
    ("its output", True, "Its local derivative is s (1 - s): the output alone is enough."),
    ("its input and its output", False, "That works and takes twice the memory: s (1 - s) needs the output alone."),
    ("nothing", False, "The local derivative depends on where the gate was evaluated."),
    ("the gradient that will come in", False, "That arrives later, as the argument of backward."),
])

question("what-an-add-keeps", KEPT, "choice", "What must an add gate keep from its forward call?", options=[
    ("nothing", True, "Both local derivatives are 1, whatever came in."),
    ("both inputs", False, "A multiply gate needs them. The local derivatives of a sum are 1 wherever it is evaluated."),
    ("its output", False, "The local derivatives of a sum are 1: no value of the forward pass occurs in them."),
])

question("paths-and-edges", COST, "choice", "A ladder of 20 diamonds has 80 edges. How many paths lead from its foot to its head?", options=[
    ("1 048 576", True, "Each diamond doubles them: 2 to the power of 20. Backpropagation still needs one product for each edge."),
    ("40", False, "Each diamond has two ways, and every choice goes with every other: they multiply."),
    ("80", False, "That is the number of edges, which is what backpropagation pays for."),
    ("400", False, "Two ways in each of 20 diamonds are 2 times 2 times 2 ..., not 20 times 20."),
])

question("when-a-gradient-is-complete", COST, "choice", "When may the gradient of a variable be passed on to its inputs?", options=[
    ("when every variable that uses it has been visited", True, "Until then contributions are still to come. Reverse topological order sees to it."),
    ("as soon as a first contribution has arrived", False, "Then only a part is passed on, and what comes later never reaches the inputs."),
    ("when its inputs have been visited", False, "The gradients flow from the result to the inputs, so the inputs come afterwards."),
])
