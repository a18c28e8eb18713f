"""What the row-vector slides print, and what is wrong or left open in it: a question for each place."""
from ..model import question

ROWS = "find the error: row-vector slides"

question("rowvec-line133", ROWS, "choice", "Printed, for K layers: `de/dw_k = de/dh_K dh_K/dh_(K-1) ... dh_(k+1)/dh_k`. What is missing?", options=[
    ("the last factor, `dh_k/dw_k`", True, "The product as printed is `de/dh_k`, the upstream gradient; the local one is still to come."),
    ("the first factor, `de/de`", False, "It is 1."),
    ("a sum over the layers", False, "A chain has one path, so there is one product."),
])
question("rowvec-label", ROWS, "choice", "Printed: `e = l(f2(f1(x, w1), w2))`, a squared error or a log-loss. What does `l` need besides?", options=[
    ("the label y", True, "An error compares with something. (In the example there, `f2` is a sigmoid and has no `w2`.)"),
    ("the learning rate", False, "That belongs to the update."),
    ("x once more", False, "x comes in through `f1`."),
])
question("rowvec-rounding", ROWS, "choice",
         "Printed: -1/1.37^2 = -0.53, times e^-1 = -0.20. With more digits: -0.534447 and -0.196612. What follows?", options=[
    ("an answer of -0.195 from rounded numbers has to count as right to 0.01", True,
     "Rounding on the way moves the third digit. A marker has to say its tolerance."),
    ("the slide is wrong: -0.534 is not -0.53", False, "It is, to two digits."),
    ("rounding each step never matters", False, "-0.53 times 0.3679 is -0.19498, and the exact result is -0.19661."),
])
question("kinks", ROWS, "choice", "Printed: the derivative of ReLU is 1[x > 0]. What about x = 0?", options=[
    ("there is none there; 0 is a choice, which has to be said", True,
     "From the left the slope is 0, from the right 1. It is the same where a max has a tie."),
    ("it is 1/2, the mean of both sides", False, "That would be a choice as well, and not the printed one."),
    ("it is 0, which can be proved", False, "The difference quotient has two limits. 0 is what programs agree on."),
])
question("half-factor", ROWS, "choice", "One course has `e = (y - f)^2`, another `L = 1/2 (y - f)^2`. What differs?", options=[
    ("every gradient, by a factor 2", True, "Both are right. A rate twice as large makes the same steps."),
    ("nothing", False, "Try y - f = 3: the derivatives by f are -6 and -3."),
    ("where the minimum is", False, "Half a function has its minimum at the same place."),
])
question("row-column", ROWS, "choice",
         "One course has `z = xW` and `de/dW = x^T de/dz`; another `f = Wx` and `dL/dW = delta x^T`. Which is right?", options=[
    ("both: x is a row in one and a column in the other", True,
     "The W of one is the transposed W of the other. Mixed, they fail, or run and are wrong if W is square."),
    ("the first: x stands first", False, "Where x is a column, `x^T delta` would be one number, or fit not at all."),
    ("the second: a gradient stands first", False, "With rows, `de/dz x^T` would be one number, or fit not at all."),
])
question("sigmoid-vanish", ROWS, "choice",
         "Printed: the derivative of the sigmoid vanishes unless its input is close to zero. What is exact?", options=[
    ("it is 1/4 at 0, about 0.0066 at 5, and never 0 on paper", True,
     "In 64 bits `s(1 - s)` becomes exactly 0 near x = 37. Eight sigmoids in a row are enough for a tiny product."),
    ("it is 0 for |x| > 1", False, "At 1 it is 0.197."),
    ("it is 1 at 0", False, "`s(1 - s)` with s = 1/2 is 1/4."),
])
question("superscripts", ROWS, "choice",
         "`w^(0), w^(1), w^(2)` on one course's slides, `W^(1), W^(2)` on another's. What do the superscripts count?", options=[
    ("entries of one vector in the first, layers in the second", True, "And a superscript can also number two vectors. Look for the definition."),
    ("powers in both", False, "Brackets say that it is no power."),
    ("layers in both", False, "In the first there is only one neuron, with weights 0, 1, 2."),
])
