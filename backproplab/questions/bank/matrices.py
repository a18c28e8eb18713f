"""Derivatives by vectors and matrices: how they lie, in which order they are multiplied, and what a Jacobian is made of."""
from ..model import question

LAYOUTS = "know the shape of a derivative in either layout"
ORDER = "order and turn the factors of a gradient"
STRUCTURE = "say what a Jacobian is made of, and what is computed instead"

question("size-of-a-jacobian", LAYOUTS, "choice",
         "`y` has `n` entries and depends on `x` with `m` entries. What is the size of its Jacobian, with rows for outputs?", options=[
             ("`n` by `m`: n rows, m columns", True, "One row for each output, one column for each input. That is numerator layout."),
             ("`m` by `n`: m rows, n columns", False, "That has a row for each input: it is the transpose, denominator layout."),
             ("`n` by `n`", False, "There is a number for each pair of an output and an input."),
             ("`n + m` numbers in a row", False, "Every output may react to every input: that is `n` times `m` numbers."),
         ])

question("why-like-the-variable", LAYOUTS, "choice", "Why do programs give the gradient of a loss the shape of its variable?", options=[
    ("then `W - 0.1 * g_W` needs no transpose", True, "One number for each entry, at that entry's place: an update subtracts entry by entry."),
    ("because the numbers differ in the other layout", False, "The numbers are the same in both layouts; only their places differ."),
    ("because a row cannot be multiplied by a matrix", False, "It can, from the left: that is how the chain rule looks in numerator layout."),
    ("because a loss has a Jacobian of the shape of `W`", False,
     "The Jacobian of one number is a single row, over all entries of `W`. The gradient is that row, put back into the shape of `W`."),
])

question("shapes-are-not-enough", ORDER, "choice", "Your formula for a gradient has the right shape. Is it right?", options=[
    ("not for sure: with equal sizes wrong formulas fit as well", True,
     "With 3, 3 and 3 every product fits. Choose sizes that all differ, and then compare numbers."),
    ("yes: a product that fits is the right one", False, "With square matrices every order and every transpose fits. Only numbers tell them apart."),
    ("yes, if there is a transpose in it", False, "A wrong transpose fits wherever two sizes are equal."),
    ("no: shapes say nothing", False, "They say a lot: with sizes that all differ, most wrong formulas do not fit."),
])

question("why-the-transpose", ORDER, "choice", "`Z = X @ W` gives `g_W = X.T @ g_Z`. Why is `X` turned?", options=[
    ("the batch is summed, and a product sums sides that face each other", True,
     "One W serves every row of X, so the rows' contributions are added: the rows of X have to face the rows of g_Z."),
    ("to make the shapes fit, nothing else", False,
     "Shapes fit because of it. With a square X they would fit without it, and the numbers would be wrong."),
    ("because a derivative always turns its factor", False, "The derivative of z = x w is x, unturned; and `g_X = g_Z @ W.T` leaves g_Z as it is."),
    ("because X is data and W a parameter", False, "What a matrix is for does not matter. Which side has to be summed does."),
])

question("parameters-of-relu", STRUCTURE, "choice", "How many parameters has a ReLU layer with 1000 inputs?", options=[
    ("0", True, "It has no weights: max(0, x) is fixed. It passes a gradient on, but nothing in it learns."),
    ("1000, one for each input", False, "Each input meets a 0 or a 1, but those are not learnt: they depend on the sign of the input."),
    ("1, the threshold", False, "The threshold is 0 and stays 0."),
    ("1 000 000, a matrix", False, "Its Jacobian has that many entries; they are no parameters, and nobody forms it."),
])

question("relu-of-four", STRUCTURE, "choice", "`x` has 4 entries and `z = relu(x)`. What does dz/dx look like?", options=[
    ("4 by 4, diagonal, of zeros and ones", True,
     "Each output reads its own input only. A 1 where x > 0; in a program it is a mask, never a matrix."),
    ("4 numbers in a column", False, "That is the diagonal. The Jacobian has a row for each output and a column for each input."),
    ("4 by 4, all ones where x > 0", False, "Off the diagonal every entry is 0: output 1 does not look at input 2."),
    ("4 by 4, the identity", False, "Where x is negative, the diagonal has a 0."),
])

question("softmax-off-the-diagonal", STRUCTURE, "choice", "`p = softmax(x)`. Are the entries off the diagonal of its Jacobian zero?", options=[
    ("no: raising one input lowers all other outputs", True, "The outputs sum to 1, so what one wins the others lose: -p_i p_j."),
    ("yes, as for sigmoid and tanh", False, "Those act entry by entry. Softmax divides by a sum over all inputs."),
    ("only where x is 0", False, "The value of x does not matter: -p_i p_j is never 0, since no p is."),
    ("yes, when x is normalised first", False, "Whatever comes in, the outputs share one sum."),
])
