"""The quizzes that are printed in the lectures, with a reason for every option."""
from ..model import question

QUIZ = "the quizzes of the lectures"

question("cmu-quiz", QUIZ, "choice",
         "Printed quiz: `y = g(u)`, `u = h(x)`; x has P entries, u has K, y is a number. Which is the chain rule in denominator "
         "layout?", fixed=True, options=[
             ("dy/dx = (dy/du) (du/dx)", False, "K by 1 times P by K: the inner sides differ."),
             ("dy/dx = (dy/du)^T (du/dx)", False, "1 by K times P by K: the inner sides differ."),
             ("dy/dx = (dy/du) (du/dx)^T", False, "K by 1 times K by P: the inner sides differ."),
             ("dy/dx = (dy/du)^T (du/dx)^T", False,
              "It conforms, and gives a row of P: the right numbers lying down. With 1-D arrays it looks right; check shapes."),
             ("dy/dx = (du/dx)^T (dy/du)", False, "K by P times K by 1: the inner sides differ."),
             ("none of these", True, "It is `(du/dx) (dy/du)`: P by K times K by 1. In denominator layout, the inner function stands first."),
         ])

question("cs4644-relu-params", QUIZ, "choice", "Printed quiz: how many parameters has this ReLU layer?", options=[
    ("0", True, "It takes the maximum with 0, entry by entry. Nothing is learned."),
    ("one for each unit", False, "A layer with a learned slope would have them. ReLU does not."),
    ("1: the threshold", False, "The threshold is 0 and stays so; biases belong to the layer before."),
])

question("cs4644-4d", QUIZ, "choice", "Printed quiz: x has 4 entries, z = relu(x). What does dz/dx look like?", options=[
    ("4 by 4, with 0 or 1 on the diagonal and 0 elsewhere", True, "One never forms it: the gradient is multiplied entry by entry with the mask."),
    ("a vector of 4", False, "Its diagonal is. The derivative of 4 numbers by 4 has 16."),
    ("4 by 4, all ones", False, "z_1 does not depend on x_2."),
])

question("what-a-layer-may-be", QUIZ, "choice", "Asked in a lecture: which functions may be a layer?", options=[
    ("any that is differentiable, or piecewise so", True, "Where it has a kink, as ReLU at 0, a value has to be chosen."),
    ("linear ones only", False, "Then all layers together would be one linear map."),
    ("any function of numbers", False, "A step has slope 0 wherever it has one: nothing comes back."),
    ("those with parameters only", False, "ReLU has none."),
])

question("always-negative", QUIZ, "choice", "Asked in a lecture: what happens if the input of a ReLU unit is negative for every example?", options=[
    ("its gradient is always 0: the weights before it do not move, and it stays so", True,
     "A dead unit. Only a change from outside, in its inputs for example, wakes it."),
    ("it outputs 0 and learns as before", False, "The mask is 0 as well: nothing comes back through it."),
    ("it learns to be positive", False, "It would need a gradient to do so."),
    ("its output becomes negative", False, "ReLU is never below 0."),
])

question("is-matrix-calculus-needed", QUIZ, "choice", "Asked in a lecture: does one need matrix calculus for backpropagation?", options=[
    ("no: scalars and sums do; matrices make it short and quick", True, "Do one entry first, then see which product of matrices holds them all."),
    ("yes: the chain rule holds for matrices only", False, "It holds along every path between two numbers."),
    ("yes: a program stores the Jacobians", False, "A program computes products with them and forms none."),
])

question("how-it-is-vectorised", QUIZ, "choice", "Asked in a lecture: how does this work with tensors, and how automatically?", options=[
    ("one vector-Jacobian product for each operation, applied over the recorded graph from the result back", True,
     "That is the whole machine: rules for operations, an order, and sums where values are used more than once."),
    ("by central differences, entry by entry", False, "That would cost a forward pass or two for each parameter."),
    ("by forming the Jacobian of each layer and multiplying all of them", False, "They are large and mostly zeros."),
])
