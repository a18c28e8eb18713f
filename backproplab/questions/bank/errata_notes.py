"""What the notes of Introductory Machine Learning print, and what is wrong or left open in them: a question for each place."""
from ..model import question

NOTES = "find the error: Introductory Machine Learning"

question("notes-eq19", NOTES, "choice", "`f = W2 h + b2`, h = relu(W1 x + b1). Printed as (19): `dL/db_2 = 1(h > 0) dL/dh`. What is wrong?", options=[
    ("the index: this is `dL/db_1`", True, "The right side has a number for each hidden unit; `b_2` has one for each output."),
    ("the mask: it should be 1(f > 0)", False, "There is no ReLU after f."),
    ("`dL/dh` should be `dL/dx`", False, "b1 is added before the ReLU; x lies beyond W1."),
])
question("notes-mask-product", NOTES, "choice",
         "Printed: `dL/dW_1 = 1(h > 0) dL/dh x^T`, without a sign between mask and gradient. What is meant?", options=[
    ("entry by entry: `(1(h > 0) * dL/dh) x^T`", True, "Or a matrix with the mask on its diagonal."),
    ("an inner product of mask and gradient", False, "That is one number, and units that are on could not be told apart."),
    ("an outer product of mask and gradient", False, "That is a square matrix, and each unit would get the gradients of others."),
])
question("notes-h-h1", NOTES, "choice", "(21) defines h; (22) and (25) use `h_1`, which nobody has defined. What is it?", options=[
    ("h: the same variable under two names", True, "There is one hidden layer. In a program the second name would be an error."),
    ("the first entry of h", False, "Then `W_2 h_1` would not conform."),
    ("a second hidden layer", False, "The network has two layers of weights, so one hidden layer."),
])
question("notes-eq7", NOTES, "choice",
         "The equations are numbered (5), (6), (8), (9) ... What does the missing (7) mean for the derivation?", options=[
    ("nothing: a number was skipped, no step", True, "The lines before and after follow from one another. Check that, rather than the numbers."),
    ("a step is missing, so (8) is wrong", False, "(8) can be checked with differences, and holds."),
    ("(7) is the definition of the loss", False, "The loss is there."),
])
question("notes-line47", NOTES, "choice", "Printed: `df/db_2 = 1`, because `f = W_2 h + b_2 = 1`. f and b_2 have K entries. What is right?", options=[
    ("`df/db_2` is the K by K identity; f is not 1", True, "For K = 1 the identity is the number 1. Either way `dL/db_2 = dL/df`."),
    ("`df/db_2` is h", False, "h multiplies `W_2`."),
    ("it is right as printed", False, "f is whatever the network says; its derivative by `b_2` was meant."),
])
question("notes-least-squares", NOTES, "choice", "Printed: two linear layers train to be equivalent to least squares. When is it so?", options=[
    ("when the hidden layer is at least as wide as the rank of the least-squares solution", True,
     "A narrower one keeps fewer directions: that is reduced-rank regression."),
    ("always", False, "x in {(1, 0), (0, 1)}, y = x, one hidden unit: the best sum of squared errors is 1, least squares reaches 0."),
    ("never: two layers can do more than one", False, "A product of matrices is a matrix."),
])
question("notes-handwritten-masks", NOTES, "choice",
         "Handwritten: `dh_1/db_1 = 1`, for h_1 = relu(W_1 x + b_1), and the code uses `dh1` as it is. What is missing?", options=[
    ("the mask: `dh1[h1 <= 0] = 0` before `dw1` and `db1`", True, "At each ReLU, also with three layers. Without it units that are off learn too."),
    ("a transpose", False, "The shapes agree; that is why one does not notice."),
    ("nothing", False, "Where a unit is off, `h_1` does not change with `b_1`."),
])
question("notes-order", NOTES, "choice", "f and y are columns of 2, w_2 is 2 by 3. Handwritten: `dL/dh = (f - y) w_2^T`. What conforms?", options=[
    ("`w_2^T (f - y)`", True, "3 by 2 times 2 by 1. The printed order is that of rows, in which the code is written."),
    ("`(f - y) w_2`", False, "2 by 1 times 2 by 3: the inner sides differ."),
    ("`(f - y) w_2^T`, as printed", False, "2 by 1 times 3 by 2: the inner sides, 1 and 3, differ."),
])
question("notes-line196", NOTES, "choice", "Three layers, w_2 is 3 by 3. Handwritten: `dL/dw_2 = dL/df w_3^T`. What is missing?", options=[
    ("the mask, and the factor `h_1^T`", True, "As written it is 3 numbers, the gradient of `h_2`. w_2 needs 9: an outer product with `h_1`."),
    ("a sum over the examples", False, "There is one example."),
    ("the factor `w_2`", False, "A linear map's derivative by its weights does not hold the weights."),
])
question("notes-transposes", NOTES, "choice",
         "A reader notes: no idea why there is a transpose, but probably for dimension reasons. Why is it `delta x^T`?", options=[
    ("entry i, j of W meets delta_i and x_j: that table is an outer product", True,
     "The shapes follow from it. With square matrices shapes alone would not tell."),
    ("because of the shapes, and for no other reason", False, "If W is square, `x delta^T` has the same shape, and is wrong."),
    ("derivatives of matrices are always transposed", False, "`dL/db = delta` is not."),
])
question("notes-code-weights", NOTES, "choice", "Text: `f = W_2 h + b_2`. Code: `dw2 = h.T @ dscores`. Is one of them wrong?", options=[
    ("no: in the code examples are rows, and its w2 is the text's W_2 transposed", True,
     "Take care where you carry a formula from one to the other."),
    ("the code: it should be `dscores @ h.T`", False, "With examples as rows that would be examples by examples."),
    ("the text: it should be `f = h W_2`", False, "With columns, `W_2 h` is right."),
])
question("notes-mean", NOTES, "choice",
         "The loss is a mean over N examples plus a penalty. Printed: `dw2 = h.T @ dscores`, with `dscores = p`, less 1 at each label. What is "
         "missing?", options=[
    ("`dscores` divided by N, and lambda w2 added", True, "A mean sends 1/N to each example. The penalty has a gradient of its own."),
    ("only a minus", False, "`p - 1` at the label is the right sign."),
    ("nothing", False, "It is right for a sum without penalty."),
])
question("notes-1-based", NOTES, "choice",
         "Printed: classes y are 1, 2 and 3. What has a NumPy program to write for the probability of the label?", options=[
    ("`p[y - 1]`", True, "NumPy counts from 0. `p[y]` fails for y = 3 only, and is the wrong class for the others."),
    ("`p[y]`", False, "For y = 1 that is the second class."),
    ("`p[y + 1]`", False, "The other way: NumPy counts from 0."),
])
