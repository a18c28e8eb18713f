"""What the row-vector slides print, and what is wrong or left open in it: a question for each place."""
from ..model import question

ROWS = "find the error: row-vector slides"

question("rowvec-line133", ROWS, "choice",
         "Printed, for `K` layers: `∂e/∂w_k = ∂e/∂h_K ∂h_K/∂h_(K-1) ... ∂h_(k+1)/∂h_k`. What is missing?", hints=[
    "In a chain what stands below one line stands above the next, down to what one differentiates by.",
    "The left side ends in `w_k`. Where does the right side end?"], options=[
    ("the last factor, `∂h_k/∂w_k`", True, "As printed the product is `∂e/∂h_k`, the upstream gradient. The local one is still to come."),
    ("the first factor, `∂e/∂e`", False, "It is 1 and changes nothing."),
    ("a sum over the `K` layers", False, "A chain has one path, so one product."),
])
question("rowvec-label", ROWS, "choice",
         "Printed: `e = l(f2(f1(x, w1), w2))`, where `l` is a squared error or a log-loss. What else does `l` need?", hints=[
    "An error says how far two things are from each other. Which two?"], options=[
    ("the label, `y`", True, "An error compares the output with the label. (In the slides' example `f2` is a sigmoid, and has no `w2`.)"),
    ("the learning rate", False, "The update needs it. The error does not."),
    ("the input, `x`", False, "`x` is there already, inside `f1`."),
])
question("rowvec-rounding", ROWS, "choice",
         "Printed: `-1/1.37² = -0.53`, and times `e^-1` that is -0.20. With more digits: -0.534447 and -0.196612. What follows?", hints=[
    "Take the rounded -0.53 on to the next step, and compare with -0.196612."], options=[
    ("an answer of -0.195 should count as right", True,
     "From the rounded -0.53 one gets -0.195, wrong in the third digit only. Whoever marks has to say the tolerance: 0.01 here."),
    ("the slide is wrong: it should be -0.534", False, "-0.534447 is -0.53 to two digits, which is what the slide gives."),
    ("rounding at each step changes nothing", False, "-0.53 times 0.3679 is -0.19498. The exact result is -0.19661."),
])
question("kinks", ROWS, "choice", "Printed: the derivative of ReLU is 1 where `x > 0`, else 0. And at `x = 0`?", hints=[
    "A derivative is the slope from the left and from the right, where these agree."], options=[
    ("it does not exist; 0 is a choice", True,
     "From the left the slope is 0, from the right 1. Programs take 0, and should say so. A maximum of two equal numbers has the same problem."),
    ("it is 1/2, the mean of the two slopes", False, "That would be a choice as well, and not the printed one."),
    ("it is 0, as for all `x` that are not positive", False, "From the right the slope is 1. So 0 is a choice, not a result."),
])
question("half-factor", ROWS, "choice", "One course has `e = (y - f)²`, another `L = 1/2 (y - f)²`. What differs?", hints=[
    "Differentiate both by `f`, with numbers: say `y - f = 3`."], options=[
    ("every gradient, by a factor of 2", True, "Both are right. Half the squared error with twice the learning rate makes the same steps."),
    ("nothing that a gradient would show", False, "At `y - f = 3` the derivatives by `f` are -6 and -3."),
    ("the weights at which it is smallest", False, "Half a function is smallest at the same place."),
])
question("row-column", ROWS, "choice",
         "One course has `z = x W` and `∂e/∂W = xᵀ ∂e/∂z`; another has `f = W x` and `∂L/∂W = δ xᵀ`. Which is right?", hints=[
    "Write the shapes under each factor, with 3 inputs and 2 outputs. Is `x` a row or a column?"], options=[
    ("both: `x` is a row in one, a column in the other", True,
     "The `W` of one is the `W` of the other, transposed. Mix them, and the program fails; if `W` is square it runs, and is wrong."),
    ("the first: what comes from below stands first", False, "Where `x` is a column, `xᵀ δ` is a number, or does not conform at all."),
    ("the second: what comes from above stands first", False, "Where `x` is a row, `∂e/∂z xᵀ` is a number, or does not conform at all."),
])
question("sigmoid-vanish", ROWS, "choice",
         "Printed: the derivative of the sigmoid vanishes unless its input is close to zero. What is exact?", hints=[
    "The derivative is `s(1 - s)`, where `s` is the sigmoid's output, between 0 and 1."], options=[
    ("it is 1/4 at 0 and gets small, but is never 0", True,
     "At 5 it is about 0.0066. A program stores exactly 0 near `x = 37`; eight sigmoids in a row are enough for a tiny product."),
    ("it is 1/4 at 0, and is 0 where `|x| > 1`", False, "At `x = 1` it is still 0.197."),
    ("it is 1 at 0 and gets small, but is never 0", False, "At 0 the sigmoid is 1/2, and 1/2 times 1/2 is 1/4."),
])
question("superscripts", ROWS, "choice",
         "One course's slides have `w^(0), w^(1), w^(2)`, another's `W^(1), W^(2)`. What do the numbers in brackets count?", hints=[
    "A small letter is a number or a vector, a capital one a matrix. How many layers has a single neuron?"], options=[
    ("entries in the first, layers in the second", True,
     "The first course has one neuron with three weights, the second a matrix for each layer. Look for the definition: they may number "
     "vectors, too."),
    ("layers in the first, entries in the second", False, "The first has a single neuron, with weights 0, 1 and 2."),
    ("powers in the first, layers in the second", False, "The brackets say that it is no power."),
])
