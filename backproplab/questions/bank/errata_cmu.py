"""What the lecture of CMU 10-301/10-601 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

CMU = "find the error: CMU 10-301/10-601"

question("cmu-J-sign", CMU, "choice",
         "Printed: `J = y* log y + (1 - y*) log(1 - y)`, called cross-entropy. Gradient descent then subtracts `γ g`. What is wrong?", hints=[
    "Descent makes `J` smaller. So `J` has to be large where the prediction is bad.",
    "Put in `y* = 1`, and compare `J` at `y = 0.9` with `J` at `y = 0.1`."], options=[
    ("`J` lacks a minus sign", True, "As printed `J` is a log-likelihood, which should grow. Descent makes it smaller, and the model worse."),
    ("`y*` and `1 - y*` are swapped", False, "They stand where they should: for `y* = 1` only `log y` is left."),
    ("`γ` has to be squared", False, "A step is the rate times the gradient, once. Look at the sign of `J`."),
])
question("cmu-gy-stability", CMU, "choice",
         "Printed: `g_y = y*/y + (1 - y*)/(y - 1)`, and after it `dy/da = exp(-a)/(exp(-a) + 1)^2`. What fails in a program at `a = 40` "
         "with `y* = 1`?", hints=[
    "A formula that is right on paper may still fail with numbers of 64 bits. Put the numbers in, from left to right.",
    "`exp(-40)` is about 4e-18, and `1 + 4e-18` is stored as 1. What is `y` then?"], options=[
    ("`g_y`, where 0 is divided by 0", True,
     "`y` is stored as exactly 1, so `(1 - y*)/(y - 1)` is 0/0. Put loss and sigmoid together: with the loss's minus, `g_a = y - y*`, always "
     "finite."),
    ("`dy/da`, where `exp(-40)` overflows", False, "`exp(-40)` is tiny, not huge. The formula overflows on the other side, at `a = -800`."),
    ("neither, since both formulas are right", False, "On paper they are. In 64 bits `y` is exactly 1 here, and `g_y` is nan."),
])
question("cmu-index-j0", CMU, "choice",
         "Printed: `b = sum over j = 0..D of β_j z_j` and, for the same `j`, `z_j = σ(a_j)`. What is wrong at `j = 0`?", hints=[
    "An index 0 usually stands for the intercept. What is an intercept multiplied by?"], options=[
    ("`z_0` is the constant 1: there is no `a_0`", True,
     "Units run from 1 to `D`, and only `β` has an entry 0. Sums that go back to `x` begin at 1."),
    ("the sum has to begin at 1: there is no `β_0`", False, "`β_0` is the intercept. It multiplies `z_0 = 1`."),
    ("`a_0` has to be 0, so that `z_0` is 1", False, "The sigmoid of 0 is 0.5, not 1."),
])
question("cmu-alpha2-shape", CMU, "choice",
         "`M` inputs, then `D1` and `D2` hidden units; the second layer is `z2 = σ(α2ᵀ z1 + b2)`. Printed: `α2` is `M` by `D2`. What "
         "should it be?", hints=[
    "A weight matrix joins two neighbouring layers: one side has the size of what goes in, the other of what comes out.",
    "`z1` has `D1` entries, `z2` has `D2`. And `α2` is used transposed."], options=[
    ("`D1` by `D2`", True, "It takes the `D1` numbers of the first hidden layer to the `D2` of the second. `M` by `D2` fits only if `D1 = M`."),
    ("`M` by `D1`", False, "That is `α1`, from the inputs to the first hidden layer."),
    ("`D2` by `D1`", False, "That is the size of its transpose, `α2ᵀ`."),
])
question("cmu-weight-transpose", CMU, "choice", "One slide writes `a = α x`, a later one `a = αᵀ x + b`. Which is right?", hints=[
    "A matrix can be stored with a row for each unit, or with a column for each unit."], options=[
    ("both: each stores `α` in its own way", True,
     "`α` has a row for each unit on one slide, a column on the other. The gradients follow: `outer(g_a, x)` and `outer(x, g_a)`."),
    ("the first: the transpose is a slip", False, "If `α` has a column for each unit, the transpose is needed."),
    ("both: `α` and `αᵀ` are the same", False, "Only for a symmetric matrix. A square one runs either way, and one of the two is wrong."),
])
question("cmu-letter-reuse", CMU, "choice",
         "In one lecture `b` is a pre-activation, a bias vector, a node of a graph and a constant vector. Are the formulas with `b` "
         "wrong?", hints=[
    "A letter means what the nearest definition says."], options=[
    ("no: each is right with its own definition of `b`", True,
     "Read each formula with its definitions beside it. `y` changes its meaning too: the prediction in one part, the label in another."),
    ("yes: a letter has one meaning in a lecture", False, "That would be kinder to readers, but each formula is right with its own definitions."),
    ("no: all four are the same quantity", False, "They are not even of the same shape: one is a number, another a vector."),
])
question("cmu-BTx", CMU, "choice",
         "`B` is `m` by `n` and `x` has `m` entries. Printed, in denominator layout: `∂(Bᵀx)/∂x = Bᵀ`. What should it be?", hints=[
    "In denominator layout a derivative has a row for each input and a column for each output.",
    "`x` has `m` entries, `Bᵀx` has `n`. Which of the three is `m` by `n`?"], options=[
    ("`B`", True, "It has a row for each of the `m` inputs: `m` by `n`. `Bᵀ` is the derivative in numerator layout."),
    ("`Bᵀ`", False, "It is `n` by `m`, with a row for each output: that is numerator layout."),
    ("`xᵀB`", False, "That is the function itself, written as a row. The derivative of a linear map does not contain `x`."),
])
question("cmu-scalar-table-domain", CMU, "choice",
         "Above a table of scalar derivatives, of `exp(x)` and `x²` among others, is printed: suppose `x` is in `R^m`. What is meant?", hints=[
    "Look at what the table prints as derivatives. Are they numbers or matrices?"], options=[
    ("`x` is a single number, in `R`", True, "The functions in this table are of one number. Vectors have a table of their own, which follows."),
    ("`x` is in `R^(m+1)`, for the intercept", False, "No model is fitted here, so there is no intercept."),
    ("`x` is in `R^m`, entry by entry", False, "Then every derivative would be a diagonal matrix, and the table prints numbers."),
])
question("cmu-table-bold", CMU, "choice",
         "A table of derivatives has bold letters for vectors. In its row for a scalar, that is for derivatives by a number, `x` is bold in two "
         "places. What should they show?", hints=[
    "The row says what one differentiates by: the letter below the line."], options=[
    ("a plain `x` below the line", True, "One differentiates by a number there. The next slide prints the same entries correctly."),
    ("a bold `y` above the line, always", False, "The table has columns for a scalar, a vector and a matrix above the line."),
    ("a bold `x`, a vector of length 1", False, "Then the rows for scalars and for vectors would be the same."),
])
question("cmu-M-vs-N", CMU, "choice",
         "`x` has `P` entries. `y` is said to have `M`, but the matrix lists `y_1` to `y_N`. What size has `∂y/∂x` in denominator "
         "layout?", hints=[
    "In denominator layout there is a row for each input and a column for each output.",
    "How many vectors `y` are there?"], options=[
    ("`P` by `M`, where `M` and `N` are the same number", True, "There is one `y`, so one letter is enough for its length. Rows are inputs."),
    ("`P` by `(M + N)`, where `M` and `N` may differ", False, "There is only one `y`; its entries are not counted twice."),
    ("`N` by `M`, where `P` does not matter", False, "`M` and `N` are both the length of `y`. `P`, the length of `x`, has to appear."),
])
question("cmu-domain", CMU, "choice",
         "`y = e^(xz) + xz / ln x + sin(ln x) / (xz)` is differentiated. The slide does not say where that is possible. Where is it?", hints=[
    "Before differentiating, ask where the function exists: what stands in a logarithm, and what stands below a line?"], options=[
    ("where `x > 0`, `x` is not 1, and `z` is not 0", True,
     "`ln x` needs `x > 0` and is 0 at `x = 1`. `xz` is 0 at `z = 0`. Both stand below a line."),
    ("where `x > 0`, whatever `z` is", False, "At `x = 1` one divides by `ln x = 0`, and at `z = 0` by `xz = 0`."),
    ("where `x` is not 0, and `z` is not 0", False, "Try `x = -1`: `ln x` does not exist. And at `x = 1` it is 0."),
])
question("cmu-eq3", CMU, "choice", "In a derivation the denominator `(e^-b + 1)^2` becomes `(e^-b + 1 + 1 - 1)^2`. What is wrong?", hints=[
    "Work out the two brackets at `b = 0`."], options=[
    ("nothing: the two are equal", True,
     "Adding 1 and taking it away helps in the numerator; below it is harmless. Not everything odd is an error."),
    ("the denominator is larger by 1", False, "`+ 1 - 1` is 0: nothing is added."),
    ("the square has to be taken first", False, "The bracket has the same value as before, so its square has, too."),
])
