"""What the lecture of CS 4644/7643 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

CS = "find the error: CS 4644/7643"

question("cs4644-three-layer", CS, "choice", "Printed for three layers: `f(x, W1, W2, W3) = sigma(W2 sigma(W1 x))`. What should it be?", options=[
    ("`sigma(W3 sigma(W2 sigma(W1 x)))`", True, "As printed `W3` is not used, and its gradient would be 0."),
    ("`sigma(W1 sigma(W2 sigma(W3 x)))`", False, "`W1` meets the input, so it stands innermost."),
    ("`sigma(W3 W2 W1 x)`", False, "Without a sigma after each layer the three matrices are one."),
])
question("cs4644-any-function", CS, "choice", "Printed: three-layered networks can represent any function. What is true?", options=[
    ("they approximate any continuous function on a bounded closed set; one hidden layer is enough", True,
     "Approximate, continuous, and with as many units as it takes."),
    ("it is true as printed", False, "A network of continuous units is continuous: it cannot be a function that jumps."),
    ("they represent only linear functions", False, "So it would be without activations."),
])
question("cs4644-backprop-is-gd", CS, "choice",
         "Printed: backpropagation is the application of gradient descent to a computation graph. What is wrong?", options=[
    ("backpropagation computes the gradient; descent is one thing that uses it", True,
     "It is reverse-mode differentiation. Without any update it is complete."),
    ("it should say gradient ascent", False, "No step is taken in either direction."),
    ("it works on networks only, not on graphs", False, "It works on any graph of differentiable operations."),
])
question("cs4644-dh-dW", CS, "choice", "Printed: `dL/dW^l = dL/dh^l dh/dW^l`. What is missing?", options=[
    ("the layer's index: `dh^l/dW^l`", True, "Other layers' h are not what this W makes directly."),
    ("a transpose of L", False, "L is a number."),
    ("a sum over l", False, "`W^l` is used in layer l only."),
])
question("cs4644-dsdv", CS, "choice", "Printed: `ds/dv = [ds/dv_1  ds/dv_1 ... ds/dv_m]`. What is wrong?", options=[
    ("the second entry is `ds/dv_2`", True, "Each entry of v has its own partial derivative."),
    ("it has m + 1 entries", False, "v has m, and so has the row."),
    ("the entries should be multiplied", False, "They are the entries of a row."),
])
question("cs4644-wAw", CS, "choice", "Printed: `d(w^T A w)/dw = 2 w^T A`. When is it wrong?", options=[
    ("when A is not symmetric: it is `w^T (A + A^T)`", True, "w appears twice; one use gives A, the other its transpose."),
    ("always: the 2 is too much", False, "For A = I it is the square of the length, with 2w."),
    ("never", False, "Try A = [[0, 1], [0, 0]]: `w1 w2` has the derivative (w2, w1), and `2 w^T A` is (0, 2 w1)."),
])
question("cs4644-mixed-layout", CS, "choice",
         "A course has rows for derivatives by a vector, but `dL/dW` in the shape of W. In NumPy, w is 3 by 1 and its gradient 1 by 3. What does "
         "`w - 0.1 * g` do?", options=[
             ("it makes a 3 by 3 array, without an error", True, "Broadcasting fits both. Transpose the row before the update."),
             ("it fails", False, "It would be better if it did. Sides of length 1 are stretched."),
             ("it updates w", False, "Only if both are 3 by 1, or both of one axis."),
         ])
question("cs4644-multiplygate", CS, "choice",
         "A class MultiplyGate has `def forward(x, y)` and keeps `self.x = x`. One such gate is used for both products of (2 * 3) * 5. What is "
         "wrong?", options=[
             ("`self` is missing, and the second use overwrites what the first kept", True,
              "One gate object for each node. And where a value feeds several gates, gradients are summed."),
             ("only `self` is missing", False,
              "With it, the gate still keeps 6 and 5 from its second use, and the first product's gradients come out as 25 and 30 for 15 and 10."),
             ("a gate must not keep its inputs", False, "It needs them backwards: that is what multiply switches."),
         ])
question("cs4644-caffe", CS, "choice",
         "A sigmoid layer in C++: `bottom_diff[i] = top_diff[i] * s * (1 - s)`. When is = instead of += right?", options=[
    ("when each value has one consumer only", True,
     "The framework has to put a split where a value is used twice, and the split adds. s is the stored output."),
    ("always: a layer has one input", False, "Its input may feed another layer as well, whose gradient would be overwritten."),
    ("never", False, "With one consumer there is nothing to add to."),
])
question("cs4644-image-order", CS, "choice",
         "Printed: batches of images are `[B x C x W x H]` with channels R, B, G. What do most libraries use?", options=[
    ("B x C x H x W, and R, G, B", True, "Rows come before columns. Neither is an error, as long as one order is kept."),
    ("the printed order", False, "Height, the number of rows, comes before width."),
    ("C x B x H x W", False, "The batch comes first."),
])
question("cs4644-jacobian-word", CS, "choice",
         "Printed: `dL/dW`, the Jacobian, is also a matrix. L is a number, W is 3 by 5. What is its Jacobian, strictly?", options=[
    ("a row of 15; the 3 by 5 matrix is the gradient in W's shape", True, "The same 15 numbers, laid out for the update."),
    ("3 by 5", False, "That is how the gradient is laid out. A Jacobian has a row for each output, and L is one."),
    ("15 by 15", False, "That would need 15 outputs."),
])
question("cs4644-transcript", CS, "choice",
         "h = W h_prev, and a garbled line leaves the sizes open: `dL/dw_i^T = dL/dh dh/dw_i^T`, with w_i^T row i of W. What is "
         "`dh/dw_i^T`?", options=[
             ("|h| by |h_prev|, zero except for row i", True, "Row i of W makes h_i and nothing else. In that row stands h_prev."),
             ("1 by |h_prev|", False, "That is the gradient of the row. h has |h| entries, each with its own row."),
             ("|h| by |h_prev|, and full", False, "h_2 does not depend on row 1."),
         ])
