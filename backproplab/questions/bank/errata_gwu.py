"""What the lecture of GWU CS 4364/6364 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

GWU = "find the error: GWU CS 4364/6364"

question("gwu-sign", GWU, "choice",
         "Printed: `J = L - lambda Omega`, with Omega = half the sum of squared weights, to be made small. What is wrong?", options=[
    ("the sign: with minus, large weights are rewarded", True, "`J = L + lambda Omega`, as in Algorithms 6.3 and 6.4."),
    ("Omega should be multiplied by L", False, "A penalty is added."),
    ("nothing", False, "`dJ/dlambda = -Omega`: a larger penalty would make J smaller."),
])
question("gwu-alg-number", GWU, "choice",
         "Both the forward and the backward pass are headed Algorithm 6.2. Which number has the forward pass?", options=[
    ("6.1", True, "The text beside it says so, too."),
    ("6.2", False, "That is the backward pass with its grad_table."),
    ("6.3", False, "That is the forward pass of a whole network, with its penalty."),
])
question("gwu-jacobian-size", GWU, "choice",
         "For f from R^m to R^n is printed: the m-by-n Jacobian, `J in R^(n x m)`. f goes from R^3 to R^2: which size?", options=[
    ("2 by 3", True, "Rows are outputs, columns inputs: n by m. The word and the formula contradict each other."),
    ("3 by 2", False, "That is m by n, the word; the formula is right."),
    ("both, since it may be transposed", False, "In one layout there is one size."),
])
question("gwu-jacobian-orientation", GWU, "choice",
         "Two slides after rows were outputs, `dA/dX` is printed with rows for inputs. A = sigma(X). Why does nobody notice?", options=[
    ("the matrix is diagonal: it is its own transpose", True, "With a map that mixes entries, such as a product with a matrix, the two differ."),
    ("both layouts are always equal", False, "Not for a 2 by 3 Jacobian."),
    ("A has as many entries as X", False, "That makes it square, not symmetric."),
])
question("gwu-most-operations", GWU, "choice", "Printed: for most operations the terms off the diagonal are 0. For which?", options=[
    ("for elementwise ones", True, "Softmax, sums and matrix products have full or patterned Jacobians."),
    ("for all with as many outputs as inputs", False, "Softmax of 3 numbers gives 3 numbers, and no entry of its Jacobian is 0."),
    ("for linear ones", False, "The Jacobian of `W x` is W."),
])
question("gwu-diag-vec", GWU, "choice", "Printed: the Jacobian of an elementwise f at a 2 by 2 matrix X is `diag(f'(X))`. What is meant?", options=[
    ("a 4 by 4 diagonal matrix of the flattened `f'(X)`", True, "In the order x11, x12, x21, x22, if rows are flattened one after another."),
    ("the diagonal of `f'(X)`", False, "That is 2 numbers."),
    ("`f'(X)` with zeros off its diagonal", False, "x12 has a derivative as well."),
])
question("gwu-transpose", GWU, "choice", "J is n by m. Printed: multiply the Jacobian by the gradient. What is `grad_x z`?", options=[
    ("`J^T grad_y z`", True, "m by n times n. With single numbers, as on the last slide, order and transpose are hidden."),
    ("`J grad_y z`", False, "m columns against n entries."),
    ("`grad_y z J^T`", False, "As a row, `(grad_y z)^T J` would fit, without a transpose of J."),
])
question("gwu-nodes-edges", GWU, "choice",
         "In one course's graphs nodes are variables and edges operations; in another's each node is labelled by its function. Which is a "
         "computation graph?", options=[
    ("both, and the circuits with gates too", True, "Three ways to draw one algorithm. Keep to the one of your course."),
    ("only the first", False, "The second has a node for each variable as well, with its function inside."),
    ("only the second", False, "In the first, the operation is just written elsewhere."),
])
question("gwu-layer-index", GWU, "choice",
         "The figure numbers layers 1 (input) to n (output); the algorithm has `h^(0) = x` and layers 1 to l. What is n?", options=[
    ("l + 1", True, "The figure counts the input as a layer, the algorithm does not."),
    ("l", False, "Then the input would be layer 0 in the figure as well."),
    ("l - 1", False, "The figure counts one more, not one less."),
])
question("gwu-letter-J", GWU, "choice", "`J` is the objective on one slide and the Jacobian on another. In `J^T grad_y z`, which is it?", options=[
    ("the Jacobian: an objective is a number and needs no transpose", True, "Shapes tell two meanings of a letter apart."),
    ("the objective", False, "It is a number; its transpose would say nothing."),
    ("both", False, "They are different things with the same letter."),
])
question("gwu-exponential", GWU, "choice", "Printed: from exponential to linear time. For k diamonds in a row, what grows how?", options=[
    ("2^k paths, 4 k edges", True, "20 diamonds: 1 048 576 paths, 80 edges. Each edge is used once with a table of gradients."),
    ("k^2 paths, 4 k edges", False, "At each diamond there are two ways, whatever came before: the number doubles."),
    ("2^k paths, 2^k edges", False, "Each diamond adds four edges."),
])
question("gwu-readings", GWU, "choice",
         "The reading for this lecture is given as chapters 7 and 8 of the deep learning textbook. Where are Algorithms 6.1 to 6.4?", options=[
    ("in chapter 6, section 6.5", True, "Their numbers say so. 7 is on regularisation, 8 on optimisation."),
    ("in chapter 7", False, "That is regularisation, which Algorithm 6.3 only adds."),
    ("in chapter 8", False, "That is optimisation, which uses the gradients."),
])
