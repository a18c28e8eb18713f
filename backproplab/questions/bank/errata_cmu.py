"""What the lecture of CMU 10-301/10-601 prints, and what is wrong or left open in it: a question for each place."""
from ..model import question

CMU = "find the error: CMU 10-301/10-601"

question("cmu-J-sign", CMU, "choice",
         "Printed: `J = y* log y + (1 - y*) log(1 - y)`, called cross-entropy, and SGD subtracts `gamma g`. What is wrong?", options=[
    ("the minus sign before the whole of J is missing", True, "As printed J is a log-likelihood: it is to grow, and descent makes the model worse."),
    ("`y*` and `1 - y*` are swapped", False, "For `y* = 1` only `log y` is left, which is right."),
    ("SGD has to multiply by `gamma` twice", False, "One rate, one multiplication. Look at the sign."),
])
question("cmu-gy-stability", CMU, "choice",
         "Printed: `g_y = y*/y + (1 - y*)/(y - 1)`, then `dy/da = exp(-a)/(exp(-a) + 1)^2`. What fails in a program at a = 40, `y* = 1`?", options=[
             ("`g_y`: y rounds to 1, and the second term is 0/0", True,
              "Join the loss and the sigmoid: with the loss's minus, `g_a = y - y*`, finite everywhere."),
             ("nothing: both formulas are right", False, "They are right on paper. In 64 bits `y` is exactly 1 at a = 40, and `0/0` is nan."),
             ("`dy/da`: exp(-40) overflows", False, "`exp(-40)` is small. It overflows the other way, at a = -800."),
         ])
question("cmu-index-j0", CMU, "choice",
         "Printed: `b = sum over j = 0..D of beta_j z_j` and, for the same j, `z_j = sigma(a_j)`. What is wrong at j = 0?", options=[
             ("`z_0` is the constant 1 and has no `a_0`; units run from 1", True, "Only `beta` has an entry 0. Sums that go back to x begin at 1."),
             ("the sum has to begin at 1: there is no `beta_0`", False, "`beta_0` is the intercept; it multiplies `z_0 = 1`."),
             ("`a_0` is 0, so `z_0` is 1", False, "The sigmoid of 0 is 0.5, not 1."),
         ])
question("cmu-alpha2-shape", CMU, "choice",
         "M inputs, D1 and then D2 hidden units, `z2 = sigma(alpha2.T z1 + b2)`. Printed: `alpha2` is M by D2. What should it be?", options=[
    ("D1 by D2", True, "It takes the D1 numbers of the first hidden layer to D2. M by D2 fits only where D1 = M."),
    ("M by D1", False, "That is `alpha1`."),
    ("D2 by D1", False, "It is used transposed: `alpha2.T` is D2 by D1."),
])
question("cmu-weight-transpose", CMU, "choice", "One slide writes `a = alpha x`, a later one `a = alpha.T x + b`. What is true?", options=[
    ("both are right; the two alphas are stored the other way round", True,
     "So are the gradients: `outer(g_a, x)` for the first, `outer(x, g_a)` for the second."),
    ("the transpose is a slip and should go", False, "With one column a unit, the transpose is needed."),
    ("it is the same matrix", False, "Only a symmetric one would be. A square one runs in both, and is wrong in one."),
])
question("cmu-letter-reuse", CMU, "choice",
         "In one lecture `b` is a pre-activation, a bias vector, a node of a graph and a constant. Is a formula with `b` wrong?", options=[
    ("no, but it has to be read with the definitions beside it", True,
     "The letter changes its meaning from part to part, as y does: prediction here, label there."),
    ("yes: a letter can have one meaning in a lecture", False, "It would be kinder. Each formula is right with its own definitions."),
    ("no: all four are the same quantity", False, "They do not even have the same shape."),
])
question("cmu-BTx", CMU, "choice", "Denominator layout, B is m by n, x is in R^m. Printed: `d(B^T x)/dx = B^T`. What should it be?", options=[
    ("`B`", True, "In denominator layout rows are inputs: m by n. `B^T` is the numerator layout."),
    ("`B^T`, as printed", False, "That is n by m: rows are outputs, which is the other layout."),
    ("`x^T B`", False, "That is the function once more, lying down. Its derivative does not hold x."),
])
question("cmu-scalar-table-domain", CMU, "choice", "Printed above the table of scalar derivatives: suppose x in `R^m`. What is meant?", options=[
    ("x in R: one number", True, "`exp(x)` and `x^2` in that table are of numbers; vectors have the next table."),
    ("x in R^(m+1), with the intercept", False, "There is no intercept in a table of derivatives."),
    ("it holds entry by entry, so it is right", False, "Then each derivative would be a diagonal matrix, and the table prints numbers."),
])
question("cmu-table-bold", CMU, "choice",
         "In the row headed *scalar* of the table of derivatives, the x below the line is bold, a vector. What is right?", options=[
    ("a plain x: the row is of derivatives by a number", True,
     "Two of its entries are bold by mistake; the same content is right on the next slide."),
    ("a bold y: only vectors are differentiated", False, "All nine combinations are in the table."),
    ("bold, since a number is a vector of length 1", False, "Then the rows *scalar* and *vector* would be the same."),
])
question("cmu-M-vs-N", CMU, "choice",
         "x in R^P, and y in `R^M`; but the matrix lists `y_1 ... y_N`. What size has the derivative in denominator layout?", options=[
    ("P by M: M and N are meant to be the same letter", True, "One letter for the length of y is enough; rows are inputs."),
    ("P by (M + N)", False, "There is only one y."),
    ("N by M", False, "Both are the length of y; P, the length of x, has to appear."),
])
question("cmu-domain", CMU, "choice",
         "`y = e^(xz) + xz / ln x + sin(ln x) / (xz)` is differentiated. Where is it possible, which the slide does not say?", options=[
    ("where x > 0, x is not 1, and z is not 0", True, "`ln x` needs x > 0, and is 0 at x = 1; `xz` stands below a line."),
    ("everywhere", False, "Try x = -1: `ln x` does not exist."),
    ("where x > 0", False, "At x = 1 `ln x` is 0, and at z = 0 `xz` is: both are divided by."),
])
question("cmu-eq3", CMU, "choice", "In a derivation the denominator `(e^-b + 1)^2` is written `(e^-b + 1 + 1 - 1)^2`. What is wrong?", options=[
    ("nothing: it is the same number; only the numerator needs the + 1 - 1", True, "Harmless. Not everything odd is an error."),
    ("the denominator is now larger by 1", False, "+ 1 - 1 is 0."),
    ("the square has to be taken before adding", False, "Inside the bracket nothing has changed."),
])
