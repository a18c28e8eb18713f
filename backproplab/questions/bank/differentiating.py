"""Four ways to differentiate: what each costs, and where it is possible at all."""
from ..model import question

WAYS = "choose a way to differentiate and say what it costs"

question("smaller-step", WAYS, "choice",
         "The forward difference (f(x + h) - f(x)) / h is a little off at `h = 1e-3`. What does `h = 1e-15` do?", options=[
             ("it is worse: the two values agree in nearly all their digits", True,
              "A value has about 16 digits. If 15 of them cancel, one is left, and the division by h makes its error large."),
             ("it is better: the smaller the step, the nearer to the limit", False,
              "On paper, yes. A computer rounds f, and that error is divided by h: it grows as h shrinks."),
             ("nothing: both are the derivative", False, "Both are estimates: one errs by the step, the other by rounding."),
         ])

question("cost-for-a-million", WAYS, "choice",
         "A loss depends on a million parameters, and one evaluation takes a second. Roughly how long does the whole gradient take?", options=[
             ("seconds by reverse mode, 12 days by forward differences", True,
              "Reverse mode goes through the graph once, from the loss; differences need one more evaluation for each parameter."),
             ("12 days in every way: there are a million numbers to find", False,
              "Reverse mode finds all of them in one pass: what is shared on the way back is computed once."),
             ("seconds in every way", False, "A difference moves one parameter at a time: a million evaluations, 11.6 days."),
             ("seconds by forward mode, 12 days by reverse mode", False, "The other way round: forward mode follows one input at a time."),
         ])

question("few-inputs-many-outputs", WAYS, "choice",
         "A function has 2 inputs and 500 outputs. Which mode gives the whole Jacobian in fewer passes?", options=[
             ("forward mode: 2 passes", True, "One pass for each input: here that is two, where reverse mode needs one for each of 500 outputs."),
             ("reverse mode: 1 pass", False, "One pass is enough for one output. For 500 outputs it takes 500."),
             ("both need 1000", False, "That is the number of entries. A pass fills a whole column or a whole row."),
         ])

question("where-a-gradient-is", WAYS, "choice", "Where does `y = log(abs(x))` have no derivative?", options=[
    ("at x = 0 only", True, "The value itself is missing there. The kink of abs lies at the same place; everywhere else the slope is 1 / x."),
    ("for all x below 0", False, "abs makes them positive first: at x = -2 the slope is -1/2."),
    ("nowhere", False, "At x = 0 the logarithm has no value, so there is nothing to differentiate."),
])

question("which-is-reverse-mode", WAYS, "choice", "Which of these is backpropagation?", options=[
    ("numbers, from the result back to the inputs", True, "Reverse mode: every line sends upstream times local, once for all inputs."),
    ("numbers, from one input on to the results", False, "That is forward mode: one pass tells how everything moves with one input."),
    ("formulas, rewritten by rules", False, "That is symbolic differentiation: it gives a formula, which can become very long."),
    ("two values of the function, subtracted", False, "That is a finite difference: approximate, and one input at a time."),
])
