"""What the lecture of GWU CS 4364/6364 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

GWU = "find the error: GWU CS 4364/6364"

question("gwu-sign", GWU, "choice",
         "Printed: `J = L - λ Ω` is to be made small, where `Ω` is half the sum of the squared weights. What is wrong?", hints=[
    "A penalty should make `J` larger where weights are large.",
    "Make the weights larger. What happens to `Ω`, and to `J`?"], options=[
    ("the sign: it should be `L + λ Ω`", True,
     "With a minus, large weights make `J` small: they are rewarded. Algorithms 6.3 and 6.4 have the plus."),
    ("the product: it should be `L - λ L Ω`", False, "A penalty is added to the loss; it does not depend on it."),
    ("nothing: a penalty has a minus sign", False, "Then larger weights make `J` smaller, and descent makes them grow."),
])
question("gwu-alg-number", GWU, "choice",
         "The forward pass and the backward pass are both headed Algorithm 6.2. Which number should the forward pass have?", hints=[
    "Which of the two passes has to be run first?"], options=[
    ("6.1", True, "The forward pass comes first, and the text beside it says 6.1."),
    ("6.2", False, "That is the backward pass, with its table of gradients."),
    ("6.3", False, "That is the forward pass of a whole network with its penalty."),
])
question("gwu-jacobian-size", GWU, "choice",
         "For `f` from `R^m` to `R^n` is printed: the `m` by `n` Jacobian, with `J` in `R^(n x m)`. What size has it if `m = 3` and `n "
         "= 2`?", hints=[
    "The lecture's Jacobians have a row for each output."], options=[
    ("2 by 3", True, "Two outputs, three inputs: `n` by `m`, as the formula says. The words say the opposite."),
    ("3 by 2", False, "That is `m` by `n`, as the words say. The formula is right: rows are outputs."),
    ("either", False, "In one layout there is one size; the other is that of the transpose."),
])
question("gwu-jacobian-orientation", GWU, "choice",
         "The lecture's Jacobians have a row for each output. Two slides on, `∂A/∂X` has a row for each input, for `A = σ(X)`. Why does "
         "nobody notice?", hints=[
    "`σ` works entry by entry. Where are the zeros of its Jacobian?",
    "To change the layout is to transpose. Which matrices stay the same?"], options=[
    ("this Jacobian is diagonal, so it equals its transpose", True,
     "For a map that mixes entries, such as a product with a matrix, the two layouts differ."),
    ("this Jacobian is square, as `A` and `X` have the same size", False, "A square matrix need not equal its transpose."),
    ("the two layouts are equal, for this and every Jacobian", False, "A 2 by 3 Jacobian and its transpose are not even of the same size."),
])
question("gwu-most-operations", GWU, "choice",
         "Printed: for most operations the Jacobian's terms off the diagonal are 0. For which is it so?", hints=[
    "A term off the diagonal is 0 if output `i` does not depend on input `j`."], options=[
    ("for those that work entry by entry", True, "Softmax, sums and matrix products mix entries, and their Jacobians are not diagonal."),
    ("for those with as many outputs as inputs", False, "Softmax of 3 numbers gives 3 numbers, and no entry of its Jacobian is 0."),
    ("for those that are linear in their input", False, "The Jacobian of `W x` is `W`."),
])
question("gwu-diag-vec", GWU, "choice",
         "`f` works entry by entry, and `X` is 2 by 2. Printed: the Jacobian is `diag(f'(X))`. What is meant?", hints=[
    "A Jacobian has a row for each output and a column for each input. How many of each are there?"], options=[
    ("a 4 by 4 matrix, with all of `f'(X)` on its diagonal", True,
     "`f'(X)` is first written as one list: x11, x12, x21, x22, if one goes row by row."),
    ("a 2 by 2 matrix, with zeros off the diagonal of `f'(X)`", False, "x12 and x21 have derivatives too, which would be lost."),
    ("a list of 2 numbers, which are the diagonal of `f'(X)`", False, "Four outputs by four inputs make 16 entries."),
])
question("gwu-transpose", GWU, "choice",
         "`z` is a number, and `J`, the Jacobian of `y` by `x`, is `n` by `m`. Printed: multiply the Jacobian by the gradient. What is "
         "`grad_x z`?", hints=[
    "`x` has `m` entries, `y` has `n`. Which products conform, with gradients as columns?"], options=[
    ("`Jᵀ grad_y z`", True,
     "`m` by `n` times `n` by 1 makes `m` by 1. On the last slide everything is a single number, which hides order and transpose."),
    ("`J grad_y z`", False, "`n` by `m` times `n` by 1 does not conform, unless `m = n`."),
    ("`grad_y z Jᵀ`", False, "`n` by 1 times `m` by `n` does not conform. As a row, `(grad_y z)ᵀ J` would."),
])
question("gwu-nodes-edges", GWU, "choice",
         "In one course's graphs nodes are variables and edges are operations. In another's each node is a variable with its function "
         "written inside. Which is a computation graph?", hints=[
    "Write down one program, and draw it both ways. Is anything lost?"], options=[
    ("both, and drawings with gates are, too", True, "They are three ways to draw the same computation. Keep to that of your course."),
    ("the first: the nodes have to be variables", False, "In the second each node is a variable as well."),
    ("the second: edges have no function of their own", False, "In the first the operation is written at the edge; nothing else differs."),
])
question("gwu-layer-index", GWU, "choice",
         "A figure numbers its layers from 1, the input, to `n`, the output. The algorithm has `h^(0) = x` and layers 1 to `l`. What is "
         "`n`?", hints=[
    "Take a network with one hidden layer, and count in both ways."], options=[
    ("`l + 1`", True, "The figure counts the input as a layer, the algorithm does not."),
    ("`l`", False, "Then the input would have to be layer 0 in the figure as well."),
    ("`l - 1`", False, "The figure counts one more than the algorithm, not one less."),
])
question("gwu-letter-J", GWU, "choice", "`J` is the objective on one slide and the Jacobian on another. Which is it in `Jᵀ grad_y z`?", hints=[
    "Ask for the shape. What has to conform with a vector?"], options=[
    ("the Jacobian, as it is transposed", True,
     "An objective is a number, which needs no transpose. Shapes tell two meanings of a letter apart."),
    ("the objective, as it has a gradient", False,
     "The gradient here is that of `z`. And an objective is a number: to transpose it would say nothing."),
    ("both, as they are the same letter", False, "One letter may stand for two things, but not in one place."),
])
question("gwu-exponential", GWU, "choice",
         "A diamond is a value used twice, whose two results are joined again: four edges. In a chain of `k` diamonds, how many paths "
         "and edges are there?", hints=[
    "At each diamond a path goes one of two ways, whatever it did before.",
    "Count for `k = 1` and `k = 2`."], options=[
    ("`2^k` paths, `4k` edges", True,
     "20 diamonds have 1 048 576 paths and 80 edges. With a table of gradients each edge is used once: linear time, not exponential."),
    ("`k²` paths, `4k` edges", False, "Each diamond doubles the number of paths: 2, 4, 8, 16 and so on."),
    ("`2^k` paths, `2^k` edges", False, "Each diamond adds four edges, however many there are."),
])
question("gwu-readings", GWU, "choice",
         "For this lecture one is to read chapters 7 and 8 of the deep learning textbook. Which chapter has its Algorithms 6.1 to 6.4?", hints=[
    "How are algorithms numbered in that book?"], options=[
    ("6", True, "As their numbers say: section 6.5. Chapter 7 is on regularisation, chapter 8 on optimisation."),
    ("7", False, "That is on regularisation. Algorithm 6.3 only adds a penalty."),
    ("8", False, "That is on optimisation, which uses the gradients."),
])
