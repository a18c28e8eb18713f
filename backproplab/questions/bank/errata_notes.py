"""What the notes of Introductory Machine Learning print, and what is wrong or left open in them: a question for each place."""
from ..model import question

NOTES = "find the error: Introductory Machine Learning"

question("notes-eq19", NOTES, "choice",
         "`f = W2 h + b2` and `h = relu(W1 x + b1)`. Printed as (19): `∂L/∂b2 = 1(h > 0) ∂L/∂h`. What is wrong?", hints=[
    "A gradient has as many numbers as its variable.",
    "Is there a ReLU between `b2` and the loss?"], options=[
    ("the left side: it should be `∂L/∂b1`", True,
     "The right side has a number for each hidden unit, as `b1` has. `b2` has one for each output."),
    ("the mask: it should be `1(f > 0)`", False, "There is no ReLU after `f`."),
    ("the last factor: it should be `∂L/∂x`", False, "`x` is beyond `W1`; `b1` is added just before the ReLU."),
])
question("notes-mask-product", NOTES, "choice",
         "Printed: `∂L/∂W1 = 1(h > 0) ∂L/∂h xᵀ`, with no sign between the mask `1(h > 0)` and `∂L/∂h`. Which product of these two is "
         "meant?", hints=[
    "What does ReLU do backwards with the gradient of one unit?"], options=[
    ("entry by entry", True, "Each unit's gradient times 0 or 1: `(1(h > 0) * ∂L/∂h) xᵀ`. A matrix with the mask on its diagonal does the same."),
    ("an inner product", False, "It would be a single number, the same for units that are on and off."),
    ("an outer product", False, "It would be a square matrix, and would mix the gradients of different units."),
])
question("notes-h-h1", NOTES, "choice",
         "A network has two layers of weights. (21) defines `h`; (22) and (25) use `h_1`, which is defined nowhere. What is `h_1`?", hints=[
    "How many hidden layers are there between two layers of weights?"], options=[
    ("`h` under another name", True, "There is one hidden layer. In a program the second name would be an error."),
    ("the first entry of `h`", False, "Then the product with `W2` would not conform."),
    ("a second hidden layer", False, "Between two layers of weights there is one hidden layer."),
])
question("notes-eq7", NOTES, "choice",
         "The equations are numbered (5), (6), (8), (9) and so on. What does the missing (7) mean for the derivation?", hints=[
    "Does (8) follow from (6)?"], options=[
    ("nothing: only a number was skipped", True, "Each line follows from the one before. Check that, rather than the numbers."),
    ("(8) is wrong, as its reason is missing", False, "(8) follows from (6), and differences of the loss confirm it."),
    ("the loss is missing, as (7) defines it", False, "The loss is defined before."),
])
question("notes-line47", NOTES, "choice",
         "`f` and `b2` have `K` entries. Printed: `∂f/∂b2 = 1`, because `f = W2 h + b2 = 1`. What is right?", hints=[
    "A Jacobian has a row for each output and a column for each input. How many are they here?"], options=[
    ("`∂f/∂b2` is the `K` by `K` identity", True,
     "So `∂L/∂b2 = ∂L/∂f`. For `K = 1` the identity is the number 1. But `f` itself is not 1: its derivative was meant."),
    ("`∂f/∂b2` is `h`, the hidden layer", False, "`h` multiplies `W2`, not `b2`."),
    ("`∂f/∂b2` is the number 1, since `f = 1`", False, "`f` is whatever the network returns. And `K` outputs by `K` inputs make a matrix."),
])
question("notes-least-squares", NOTES, "choice",
         "Printed: a network of two linear layers trains to be equivalent to least squares. When is that so?", hints=[
    "`W2 W1` is one matrix. Can it be any matrix, if there is only one hidden unit?"], options=[
    ("if the hidden layer is wide enough", True,
     "At least as wide as the rank of the least-squares solution. A narrower one keeps fewer directions: reduced-rank regression."),
    ("always, as `W2 W1` is a matrix", False,
     "With one hidden unit it has rank 1. Learn `y = x` from `(1, 0)` and `(0, 1)`: the squared errors sum to 1 at best, least squares reaches "
     "0."),
    ("never, as two layers can do more", False, "Without activations the two matrices are one, `W2 W1`."),
])
question("notes-handwritten-masks", NOTES, "choice",
         "Handwritten, for `h1 = relu(W1 x + b1)`: `∂h1/∂b1 = 1`. So the code goes on with `dh1`, the gradient of `h1`, as it is. What "
         "is missing?", hints=[
    "How much does the output of a ReLU change with `b1` where the unit is off?"], options=[
    ("the mask: `dh1[h1 <= 0] = 0`", True, "It belongs before `dw1` and `db1`, and at each ReLU. Without it units that are off learn as well."),
    ("a transpose: `dh1 = dh1.T`", False, "The shapes agree as they are. That is why one does not notice."),
    ("nothing: a bias has derivative 1", False, "Before the ReLU it has. Where a unit is off, `h1` does not change with `b1`."),
])
question("notes-order", NOTES, "choice",
         "`f` and `y` are columns of 2, and `w2` is 2 by 3. Handwritten: `∂L/∂h = (f - y) w2ᵀ`. What should it be?", hints=[
    "`h` is a column of 3, and so is its gradient. Write the sizes under each factor."], options=[
    ("`w2ᵀ (f - y)`", True, "3 by 2 times 2 by 1. The handwritten order is that of the code, where each example is a row."),
    ("`(f - y) w2`", False, "2 by 1 times 2 by 3: the inner sides, 1 and 2, differ."),
    ("`(f - y) w2ᵀ`", False, "2 by 1 times 3 by 2: the inner sides, 1 and 3, differ."),
])
question("notes-line196", NOTES, "choice",
         "In a network of three layers `w2`, which makes `h2` from `h1`, is 3 by 3. Handwritten: `∂L/∂w2 = ∂L/∂f w3ᵀ`. What is missing?", hints=[
    "A gradient has as many numbers as its variable. How many has the right side?",
    "Between `w2` and `f` come a ReLU and `w3`. And what does `w2` multiply?"], options=[
    ("the mask, and the factor `h1ᵀ`", True,
     "As written it is the gradient of `h2`, 3 numbers. The mask, then an outer product with `h1`, makes 9."),
    ("the mask, and the factor `w2`", False, "`w2` multiplies `h1`, so its derivative contains `h1`, not `w2`."),
    ("the mask, and a sum of examples", False, "There is one example. And 3 numbers stay 3 in a sum."),
])
question("notes-transposes", NOTES, "choice",
         "`a = W x`, and `δ` is the gradient of `a`. A reader notes beside `∂L/∂W = δ xᵀ`: no idea why there is a transpose, probably for "
         "dimension reasons. What is the reason?", hints=[
    "Do one entry: `W_ij` multiplies `x_j`, and is part of `a_i`."], options=[
    ("entry `i, j` is `δ_i x_j`, and `δ xᵀ` is the table of these", True,
     "The shapes follow. If `W` is square, `x δᵀ` has the right shape, too, and is wrong."),
    ("`W` has the shape of `δ xᵀ`, and no other product has it", False, "If `W` is square, `x δᵀ` has the same shape, and is wrong."),
    ("derivatives by a matrix or a vector are always transposed", False, "`∂L/∂b = δ` has no transpose."),
])
question("notes-code-weights", NOTES, "choice", "The text has `f = W2 h + b2`, the code `dw2 = h.T @ dscores`. Is one of them wrong?", hints=[
    "In the code `h` has a row for each example. How many rows has `h.T @ dscores`, and how many has `W2`?"], options=[
    ("no: the code's `w2` is the text's `W2`, transposed", True,
     "In the code examples are rows, in the text columns. Take care when you carry a formula over."),
    ("the code: it should be `dscores @ h.T`", False, "With examples as rows this has a row and a column for each example."),
    ("the text: it should be `f = h W2 + b2`", False, "Where `h` is a column, `W2 h` is right."),
])
question("notes-mean", NOTES, "choice",
         "The loss is a mean over `N` examples, plus a penalty `λ/2` times the squared weights. `dscores` is the probabilities, less 1 "
         "at each label. Printed: `dw2 = h.T @ dscores`. What is missing?", hints=[
    "Differentiate both parts of the loss: the mean and the penalty."], options=[
    ("a factor `1/N`, and the term `λ w2`", True, "The mean gives each example the share `1/N`. The penalty has a gradient of its own."),
    ("a minus sign, and the term `λ w2`", False,
     "The sign is right: the probability less 1, at the label. Each example's share `1/N` is missing."),
    ("nothing: this is the gradient of the loss", False, "It would be, for a sum over examples without penalty."),
])
question("notes-1-based", NOTES, "choice",
         "Printed: the classes `y` are 1, 2 and 3. How does a NumPy program write the probability of class `y`, with `p` an array of 3?", hints=[
    "NumPy counts from 0. Where in `p` is class 1?"], options=[
    ("`p[y - 1]`", True, "Class 1 is `p[0]`. With `p[y]` only class 3 raises an error; the others are silently wrong."),
    ("`p[y]`", False, "For `y = 1` that is the second class, and for `y = 3` there is none."),
    ("`p[y + 1]`", False, "NumPy counts from 0, so the place is one less than the class, not one more."),
])
