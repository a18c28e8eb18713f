"""The quizzes that are printed in the lectures, with a reason for every option."""
from ..model import question

QUIZ = "the quizzes of the lectures"

question("cmu-quiz", QUIZ, "choice",
         "Printed quiz: `y = g(u)` and `u = h(x)`. `x` has `P` entries, `u` has `K`, and `y` is a number. Which is the "
         "chain rule in denominator layout?", fixed=True, hints=[
    "In denominator layout a derivative has a row for each input and a column for each output.",
    "So `dy/du` is `K` by 1, `du/dx` is `P` by `K`, and the result has to be `P` by 1. Write these sizes under each factor."], options=[
    ("`dy/dx = (dy/du) (du/dx)`", False, "`K` by 1 times `P` by `K`: the inner sides, 1 and `P`, differ."),
    ("`dy/dx = (dy/du)ᵀ (du/dx)`", False, "1 by `K` times `P` by `K`: the inner sides, `K` and `P`, differ."),
    ("`dy/dx = (dy/du) (du/dx)ᵀ`", False, "`K` by 1 times `K` by `P`: the inner sides, 1 and `K`, differ."),
    ("`dy/dx = (dy/du)ᵀ (du/dx)ᵀ`", False,
     "1 by `K` times `K` by `P` conforms, but gives a row, 1 by `P`: the right numbers lying down. In NumPy, 1-D arrays would hide that."),
    ("`dy/dx = (du/dx)ᵀ (dy/du)`", False, "`K` by `P` times `K` by 1: the inner sides, `P` and `K`, differ."),
    ("none of these", True, "It is `(du/dx) (dy/du)`: `P` by `K` times `K` by 1. In denominator layout the inner function stands first."),
])
question("cs4644-relu-params", QUIZ, "choice", "Printed quiz: how many parameters has this ReLU layer?", hints=[
    "A parameter is a number that training changes.",
    "Write the formula of ReLU. Which of its numbers could training change?"], options=[
    ("0", True, "It takes the larger of 0 and its input, entry by entry. There is nothing to learn in it."),
    ("1, its threshold", False, "The threshold is 0 and stays 0. Biases belong to the linear layer before."),
    ("one for each unit", False, "A ReLU with a learned slope would have these. The plain one has not."),
])
question("cs4644-4d", QUIZ, "choice", "Printed quiz: `x` has 4 entries, and `z = relu(x)`. What does `∂z/∂x` look like?", hints=[
    "A Jacobian has a row for each output and a column for each input.",
    "Which entries of `x` does the first entry of `z` depend on?"], options=[
    ("4 by 4, with 0 or 1 on the diagonal and 0 elsewhere", True,
     "Each output depends on its own input only. No program stores this matrix: it multiplies the gradient by the diagonal, entry by entry."),
    ("4 by 4, with 1 in the columns where `x` is positive", False,
     "That would mean that each output depends on every positive input, not on its own only."),
    ("a vector of 4, with 1 where `x` is positive, 0 elsewhere", False, "That is its diagonal. Four outputs by four inputs make 16 entries."),
])
question("what-a-layer-may-be", QUIZ, "choice", "Asked in a lecture: which functions may be a layer?", hints=[
    "Backward, a layer multiplies what arrives by its own derivative.",
    "Think of ReLU, which is in use everywhere. What has it, and what not?"], options=[
    ("any that is differentiable, at least piece by piece", True,
     "At a kink, such as ReLU's at 0, one chooses a value. It is of use only if the slope is not 0 everywhere."),
    ("linear ones only, as products of matrices are quick", False, "Then all layers together would be one linear map."),
    ("any function that takes numbers and returns numbers", False, "A step function has slope 0 wherever it has one: nothing comes back."),
    ("those with parameters, as others cannot learn", False, "ReLU has none. It still passes gradients back to the layers that learn."),
])
question("always-negative", QUIZ, "choice", "Asked in a lecture: what happens if the input of a ReLU unit is negative for every example?", hints=[
    "What comes back through ReLU is the upstream gradient times 1 or times 0.",
    "And what does an update do where the gradient is 0?"], options=[
    ("its gradient is 0, and its own weights stop moving", True,
     "It is a dead unit. Only a change from outside, in the inputs it gets, can wake it."),
    ("its output is 0, and its own weights learn as before", False, "The mask is 0 for each example, so no gradient reaches these weights."),
    ("its weights move until its input is positive again", False, "It would need a gradient to move them, and gets none."),
    ("its output is negative as well, and learning goes on", False, "ReLU never returns less than 0."),
])
question("is-matrix-calculus-needed", QUIZ, "choice", "Asked in a lecture: does one need matrix calculus for backpropagation?", hints=[
    "A matrix product is many products and sums of single numbers."], options=[
    ("no: the chain rule for numbers is enough", True,
     "Matrices only make it short and quick. Do one entry first, then see which matrix product holds all of them."),
    ("yes: the chain rule holds for matrices only", False, "It holds along every path from one number to another."),
    ("yes: a program multiplies stored Jacobians", False, "A program computes the products with Jacobians, and stores none of them."),
])
question("how-it-is-vectorised", QUIZ, "choice",
         "Asked in a lecture: how does backpropagation work with tensors, and how is it automatic?", hints=[
    "Backward, each operation only has to turn the gradient of its result into gradients of its inputs.",
    "How large would the Jacobian of a layer with 1000 inputs and 1000 outputs be? Is it needed as a whole?"], options=[
    ("each operation has a vector-Jacobian product; a program applies them from the result back", True,
     "A rule for each operation, the recorded order, and a sum where a value is used more than once: there is no more to it."),
    ("each parameter is moved a little in turn; a program compares the losses before and after", False,
     "That costs a forward pass or two for each parameter. It is good for checking only."),
    ("each layer's Jacobian is stored as a matrix; a program multiplies all of them in order", False,
     "These matrices are large and mostly zeros. The products with them can be had without them."),
])
