"""What the lecture of CS 4644/7643 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

CS = "find the error: CS 4644/7643"

question("cs4644-three-layer", CS, "choice", "Printed for three layers: `f(x, W1, W2, W3) = σ(W2 σ(W1 x))`. What should it be?", hints=[
    "What meets `x` first stands innermost. Each layer is a matrix and a `σ`.",
    "Which of the four arguments is not used?"], options=[
    ("`σ(W3 σ(W2 σ(W1 x)))`", True, "As printed `W3` is not used, and its gradient would be 0."),
    ("`σ(W1 σ(W2 σ(W3 x)))`", False, "`W1` is the first matrix that `x` meets, so it stands innermost."),
    ("`σ(W3 W2 W1 x)`", False, "Without a `σ` after each of them, the three matrices are one."),
])
question("cs4644-any-function", CS, "choice", "Printed: three-layered networks can represent any function. What is true?", hints=[
    "A network of continuous units is a continuous function. Can it have a jump?"], options=[
    ("they come as close as you like to any continuous function", True,
     "On a bounded closed set, with enough units; one hidden layer is enough. To approximate is not to represent, and continuous is not any."),
    ("they represent any function, if they have enough units", False,
     "A function with a jump is not continuous. A network of continuous units is."),
    ("they represent linear functions, and no others", False, "That would be so without activations."),
])
question("cs4644-backprop-is-gd", CS, "choice",
         "Printed: backpropagation is the application of gradient descent to a computation graph. What is wrong?", hints=[
    "What is there after the backward pass, and what is still to be done before any weight has changed?"], options=[
    ("it computes the gradient, which descent then uses", True,
     "Backpropagation is reverse-mode differentiation: it is complete without any update."),
    ("it should say gradient ascent, not descent", False, "No step is taken in either direction."),
    ("it works on networks only, not on any graph", False, "It works on any graph of differentiable operations."),
])
question("cs4644-dh-dW", CS, "choice", "The layers are numbered by `l`. Printed: `∂L/∂W^l = ∂L/∂h^l ∂h/∂W^l`. What is missing?", hints=[
    "In a chain, what stands below one line stands above the next: the very same variable."], options=[
    ("the index of the second `h`: `∂h^l/∂W^l`", True, "Layer `l` makes `h^l` from `W^l`. Without an index `h` could be any layer's."),
    ("a transpose of the loss: `∂Lᵀ/∂h^l`", False, "`L` is a number, so a transpose says nothing."),
    ("a sum over all of the layers `l`", False, "`W^l` is used in layer `l` only."),
])
question("cs4644-dsdv", CS, "choice", "`v` has `m` entries. Printed: `∂s/∂v = [∂s/∂v₁  ∂s/∂v₁ ... ∂s/∂v_m]`. What is wrong?", hints=[
    "Read the indices one after another."], options=[
    ("the second entry: it should be `∂s/∂v₂`", True, "Each entry of `v` has its own partial derivative."),
    ("the size: it should have `m + 1` entries", False, "`v` has `m` entries, and so has the row."),
    ("the row: its entries should be multiplied", False, "A gradient is the list of the partial derivatives, not their product."),
])
question("cs4644-wAw", CS, "choice", "Printed: `∂(wᵀ A w)/∂w = 2 wᵀ A`. When is it wrong?", hints=[
    "`w` is used twice, so two contributions come back.",
    "One use gives `wᵀ A`, the other `wᵀ Aᵀ`. When are they equal?"], options=[
    ("when `A` is not symmetric", True, "The sum of both uses is `wᵀ (A + Aᵀ)`. Only for a symmetric `A` it is `2 wᵀ A`."),
    ("always: the 2 is too much", False, "For `A = I` the function is the squared length of `w`, and its derivative is `2 wᵀ`."),
    ("never: it holds for every `A`", False,
     "Try `A = [[0, 1], [0, 0]]`. The function is `w1 w2` with derivative `(w2, w1)`, and `2 wᵀ A` is `(0, 2 w1)`."),
])
question("cs4644-mixed-layout", CS, "choice",
         "In a NumPy program `w` is 3 by 1. Its gradient `g` is 1 by 3, since this course writes derivatives by a vector as rows. What "
         "does `w - 0.1 * g` do?", hints=[
    "NumPy stretches a side of length 1 to the other array's length.",
    "Write 3 by 1 above 1 by 3, and stretch each side."], options=[
    ("it makes a 3 by 3 array", True, "Broadcasting stretches both, without an error. Transpose `g` before the update."),
    ("it raises an error", False, "One could wish it did. NumPy stretches sides of length 1 instead."),
    ("it makes a 3 by 1 array", False, "Only if `g` were 3 by 1 as well: transpose it first."),
])
question("cs4644-multiplygate", CS, "choice",
         "A class MultiplyGate has `def forward(x, y)`, which keeps `self.x = x` and `self.y = y`. One such object does both products "
         "of `(2 * 3) * 5`. What is wrong?", hints=[
    "Two things. One Python says as soon as you call it.",
    "What do `self.x` and `self.y` hold after the first product, and what after the second?"], options=[
    ("`self` is not an argument, and the second product overwrites what the first kept", True,
     "Use one object for each product. (And where a value feeds several gates, add up what comes back.)"),
    ("`self` is not an argument; otherwise one object can do both products", False,
     "The object then holds 6 and 5 when it goes back through the first product, and gives gradients 25 and 30 instead of 15 and 10."),
    ("`self` is not an argument, and a gate should not keep `x` and `y`", False, "It needs them backwards: each is the derivative by the other."),
])
question("cs4644-caffe", CS, "choice",
         "A sigmoid layer in C++ writes the gradient of its input: `bottom_diff[i] = top_diff[i] * s * (1 - s)`, with `s` its stored "
         "output. When is `=` right, and `+=` not needed?", hints=[
    "Where a value is used twice, two gradients come back to it."], options=[
    ("if nothing else uses the layer's input", True,
     "Then there is nothing to add to. Where a value is used twice, this framework puts a split, and the split adds."),
    ("always, as a layer has only one input", False, "Another layer may use that input as well. Then `=` overwrites its gradient."),
    ("never, as gradients have to be added up", False, "With a single use there is nothing to add to."),
])
question("cs4644-image-order", CS, "choice",
         "B images, C channels, height H, width W. Printed: `[B x C x W x H]`, with channels in the order R, B, G. What do most "
         "libraries use?", hints=[
    "An image is stored as a matrix. Does a matrix's shape begin with its rows or its columns?"], options=[
    ("`B x C x H x W`, with R, G, B", True, "H is the number of rows, and rows come first. The printed order works as well, if it is kept to."),
    ("`B x C x W x H`, with R, B, G", False, "H counts the rows, which come before the columns, as in a matrix."),
    ("`C x B x H x W`, with R, G, B", False, "The batch comes first."),
])
question("cs4644-jacobian-word", CS, "choice",
         "`L` is a number and `W` is 3 by 5. Printed: the Jacobian `∂L/∂W` is also a matrix. What is the Jacobian, strictly?", hints=[
    "A Jacobian has a row for each output and a column for each input.",
    "How many outputs are there, and how many inputs?"], options=[
    ("1 by 15", True,
     "One output, fifteen inputs. The 3 by 5 matrix is the gradient: the same numbers in the shape of `W`, ready for the update."),
    ("3 by 5", False, "That is the gradient in the shape of `W`. A Jacobian has a row for each output, and `L` is a single one."),
    ("15 by 15", False, "That would need fifteen outputs."),
])
question("cs4644-transcript", CS, "choice",
         "`h = W h_prev`, and row `i` of `W` is called `w_i`. A line is hard to read: `∂L/∂w_i = ∂L/∂h ∂h/∂w_i`. How large is "
         "`∂h/∂w_i`, with a row for each output?", hints=[
    "`h` has `|h|` entries, and `w_i` has as many as `h_prev`.",
    "Which entries of `h` does row `i` of `W` make?"], options=[
    ("`|h|` by `|h_prev|`, zero except for one row", True,
     "Row `i` of `W` makes the i-th entry of `h` and no other. So `h_prev` stands in row `i`."),
    ("`|h|` by `|h_prev|`, with no zeros in any row", False, "The second entry of `h` does not depend on the first row of `W`."),
    ("1 by `|h_prev|`, a single row without zeros", False, "That is the size of `∂L/∂w_i`. `h` has `|h|` entries, and each has its own row."),
])
