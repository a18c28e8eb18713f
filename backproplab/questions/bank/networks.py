"""Networks by hand: losses and their signs, sigmoid and ReLU layers, one example and a batch."""
from ..model import question

LOSS = "begin the backward pass at the loss, with the right sign"
LAYERS = "pass a gradient through the layers of a network"
BATCH = "write the backward pass of a batch in NumPy"
FEATURES = "say what hidden layers are for"

question("slope-of-the-sigmoid", LOSS, "order", "`s = 1 / (1 + e^-b)`. Each of these is ds/db. Put them in the order of a derivation.", steps=[
    ("e^-b / (e^-b + 1)^2", []), ("(e^-b + 1 - 1) / (e^-b + 1)^2", [0]), ("(e^-b + 1) / (e^-b + 1)^2 - 1 / (e^-b + 1)^2", [1]),
    ("1 / (e^-b + 1) - 1 / (e^-b + 1)^2", [2]), ("s - s^2", [3]), ("s (1 - s)", [4])],
    hints=["The chain rule comes first, and s only where a fraction has become one.", "Adding 1 and taking it away makes two fractions."])

question("sure-and-wrong", LOSS, "choice",
         "A sigmoid says `y = 0.001`; the label is 1. With cross-entropy, what is the gradient at its input `a`?", options=[
             ("about -1: almost the largest there is", True,
              "`g_a = y - 1 = -0.999`. What is wrong and sure of it is corrected as strongly as can be."),
             ("about 0: the sigmoid is flat there", False,
              "It is flat, `y (1 - y)` is about 0.001; but `g_y = -1 / y = -1000` comes in, and the product is about -1."),
             ("about -1000, from `1 / y`", False, "That is `g_y`. The slope of the sigmoid, about 0.001, is still to be multiplied."),
             ("about +1: y has to grow", False, "`J` falls when `a` grows, so the gradient is negative; descent then makes `a` larger."),
         ])

question("sign-of-the-loss", LOSS, "choice",
         "`J = log y` for a label of 1, a log-likelihood. Your update is `theta = theta - 0.1 * g_theta`. What happens to y?", options=[
             ("it falls: descent makes the log-likelihood small", True,
              "A likelihood is to be large. Turn its sign, or go upwards: `theta + 0.1 * g_theta`."),
             ("it grows: that is what descent is for", False, "Descent makes `J` small, and this `J` is small when y is near 0."),
             ("it stays: only the sign of J differs", False, "With the sign of `J` every gradient turns round, and with it every step."),
             ("it grows, only more slowly", False, "The steps are as long as with the minus sign, and go the other way."),
         ])

question("stored-the-other-way", LAYERS, "choice",
         "A layer is `a = alpha.T @ x`, with `alpha` of 3 rows and 2 columns. What is `g_alpha`?", options=[
             ("`np.outer(x, g_a)`", True, "Row i of `alpha` belongs to input i, column j to unit j: entry ij is x_i times g_a of unit j."),
             ("`np.outer(g_a, x)`", False, "That is 2 by 3: right for `alpha @ x`, where a row belongs to a unit."),
             ("`g_a @ x`", False, "2 numbers and 3 numbers have no inner product. Every input meets every unit: that is an outer product."),
             ("`alpha @ g_a`", False, "That is the gradient of `x`."),
         ])

question("what-hidden-units-are", FEATURES, "choice", "What can two logistic regressions, fed into a third, do that one cannot?", options=[
    ("separate classes that no straight line separates", True, "The first two bend the plane; in their outputs a straight line is enough."),
    ("nothing: all three are linear", False, "Without the sigmoids between them that would be so: then one matrix does the same."),
    ("learn faster", False, "They have more to learn, and their gradients pass through more slopes."),
    ("give more than one output", False, "There is still one output; what is new is what it can depend on."),
])

question("two-linear-layers", FEATURES, "choice",
         "`f = W2 @ (W1 @ x)` with 5 inputs, 2 hidden units and 5 outputs, no activation. Which maps can it be?", options=[
             ("linear ones of rank 2 or less", True, "Everything has to pass through two numbers. Wide enough, it is any linear map, and no more."),
             ("any linear map", False, "Only with 5 hidden units or more: here everything passes through two numbers."),
             ("curved ones too, since there are two layers", False, "A linear map of a linear map is linear, however many there are."),
             ("any linear map, once it is trained long enough", False,
              "Training chooses among what can be written, and two hidden units cannot write rank 5."),
         ])

question("where-the-mask-goes", LAYERS, "choice",
         "`h = relu(W1 @ x + b1)`, `f = W2 @ h + b2`. You have `g_h = W2.T @ g_f`. What is `g_b1`?", options=[
             ("`(h > 0) * g_h`", True, "A unit that is off passes nothing back: its entry is 0, for the bias and for the weights."),
             ("`g_h`", False, "The ReLU stands between `h` and `b1`: where it is off, nothing comes back."),
             ("`relu(g_h)`", False, "The mask asks about `h`, not about the gradient: a negative gradient of a unit that is on goes through."),
             ("`(h > 0) * g_f`", False, "`g_f` belongs to the outputs; there are as many entries in `b1` as hidden units."),
         ])

question("bias-of-a-batch", BATCH, "choice", "`F = H @ W2 + b2`, one example a row, and `g_F` is known. What is `g_b2`?", options=[
    ("`g_F.sum(axis=0)`", True, "Every row uses the same `b2`: what comes back from the rows is added."),
    ("`g_F`", False, "That has a row for each example; `b2` has one number for each output."),
    ("`g_F.sum(axis=1)`", False, "That adds the outputs of one example, and leaves one number for each example."),
    ("`g_F.mean(axis=0)`", False, "If the loss is a mean, the 1/N is in `g_F` already; here the rows are added."),
])

question("mean-over-a-batch", BATCH, "choice",
         "`L` is the mean of the log losses of N examples; P holds the softmax of the scores, Y the labels as rows with a single 1. What is `g_F`?",
         options=[
             ("`(P - Y) / N`", True, "Each example counts 1/N in the mean, and so does its gradient."),
             ("`P - Y`", False, "That is the gradient of the sum. Steps would be N times as long, and depend on the size of the batch."),
             ("`(P - Y) * P * (1 - P)`", False, "The slope of the softmax is in `P - Y` already: it cancels against the logarithm."),
             ("`Y / P`", False, "That is, with a minus, the gradient by `P`; the softmax comes after it on the way back."),
         ])

question("gradient-of-the-scores", LOSS, "choice",
         "Three classes with `p = (0.2, 0.7, 0.1)`; the right one is the first. What is the gradient at the scores?", options=[
             ("(-0.8, 0.7, 0.1)", True, "p minus 1 at the right class. The entries sum to 0: what one score gains, the others lose."),
             ("(-0.8, 0, 0)", False, "The other scores matter as well: each of them takes probability away from the right class."),
             ("(0.8, -0.7, -0.1)", False, "The sign is turned: descent would then push the right score down."),
             ("(0.2, -0.3, 0.1)", False, "That takes the second class for the right one: its p is the largest, but the label says otherwise."),
         ])
