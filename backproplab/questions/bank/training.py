"""Training: gradients that fade, units that die, and what an update does."""
from ..model import question

DEEP = "say why gradients fade in deep networks, and what mends it"
DEAD = "say when a ReLU unit is dead, and whether it comes back"
UPDATE = "take a step against the gradient, and say what it is a step of"
PENALTY = "add a penalty to an objective and to its gradient"

question("what-a-quarter-bounds", DEEP, "choice",
         "The slope of a sigmoid is at most 1/4. What does that bound, in a network of ten layers?", options=[
    ("the product of the ten slopes, and not the gradient", True,
     "The weights are factors too: with large ones the gradient may be larger than a quarter to the power of ten."),
    ("the gradient of layer 1: it is below a quarter to the power of ten", False, "The weights multiply as well, and they may be larger than 1."),
    ("the weights", False, "Weights have no bound; only the slopes do."),
    ("nothing: the slope can be as small as you like", False, "That is a bound from below. From above, 1/4 holds everywhere."),
])

question("cure-for-vanishing", DEEP, "choice",
         "Ten layers of sigmoids do not learn. Which of these changes the factor from layer to layer?", options=[
    ("shortcuts past each layer", True, "The gradient also goes past a layer, multiplied by 1."),
    ("a learning rate ten times as large", False,
     "It multiplies all layers' gradients alike: the first still moves a million times less than the last."),
    ("cross-entropy in place of a squared error", False, "It cancels one slope, that of the output. The other ten stay."),
    ("ten times as many steps", False, "With a factor of a quarter a layer, that is worth less than two layers."),
])

question("a-unit-that-is-dead", DEAD, "choice",
         "A ReLU unit is off on every example of the training data. What is the gradient of its weights?", options=[
    ("exactly 0, bit for bit", True, "Its slope is 0 on every example, and a sum of zeros is 0: plain descent leaves it as it is."),
    ("very small", False, "A sigmoid's would be. A ReLU that is off has slope 0, not nearly 0."),
    ("as large as before, but negative", False, "The mask multiplies by 0 what comes back, whatever its sign."),
    ("that of its bias only", False, "The bias stands behind the same mask as the weights."),
])

question("back-from-the-dead", DEAD, "choice", "A unit is dead, and training goes on by plain descent. What can bring it back?", options=[
    ("its inputs: a layer below that still learns", True, "Its own weights rest, but what comes into it moves, and may get above 0 again."),
    ("patience: its gradient is small, but it adds up", False, "It is exactly 0: nothing adds up."),
    ("a larger learning rate", False, "A multiple of 0 is 0."),
    ("shuffling the same examples", False, "It is off on every one of them, in whatever order."),
])

question("what-kills-a-unit", DEAD, "choice", "Which of these kills most ReLU units, by itself or together?", options=[
    ("a long step, from a batch of one class, with inputs off centre", True,
     "Together they push whole lines off the data to one side, and there is nothing on the other side to catch them."),
    ("a long step alone", False, "On centred data a unit that is pushed over mostly meets the points from the other side."),
    ("inputs off centre alone", False, "Then some units start dead, but a step like the others kills few more."),
    ("large weights at the start", False, "They make steep lines, not distant ones: with a bias of 0 every line goes through the middle."),
])

question("what-backpropagation-is", UPDATE, "choice", "What is backpropagation?", options=[
    ("a way to compute the gradient", True, "Exactly, in about the time of a second forward pass. What is done with the gradient is another matter."),
    ("gradient descent on a computation graph", False,
     "Descent uses a gradient. Backpropagation computes it, and is used by many other methods, too."),
    ("an update rule for weights", False, "The update is the next step, and there are many rules."),
    ("an approximation by small differences", False, "It applies the chain rule exactly; small differences only check it."),
])

question("steps-of-an-epoch", UPDATE, "choice", "Algorithm 1 runs over 100 training examples, for 3 epochs. How many updates does it make?", options=[
    ("300", True, "One for each example, and each example three times."),
    ("3", False, "That is full-batch descent: one step an epoch."),
    ("100", False, "That is one epoch."),
    ("1", False, "Every pass through the inner loop updates alpha and beta."),
])

question("sign-of-the-penalty", PENALTY, "choice",
         "`J = L - lam * Omega` is printed on a slide, with `Omega = 1/2 sum of w^2`. What does descent on it do?", options=[
    ("it makes the weights grow", True, "Descent makes `J` small, so it makes `Omega` large. The penalty needs a plus: `J = L + lam * Omega`."),
    ("it makes the weights shrink", False, "That is `J = L + lam * Omega`."),
    ("the same as with a plus, since descent turns the sign", False,
     "It turns the sign of the whole gradient. Which way Omega pulls is up to its own sign."),
    ("nothing, for a small `lam`", False, "A small force acts all the same, at every step."),
])

question("gradient-of-a-penalty", PENALTY, "choice",
         "`J = L + lam * 1/2 * sum(W ** 2)`, and `g` is the gradient of `L` by `W`. What is the gradient of `J`?", options=[
    ("`g + lam * W`", True, "W is used twice, in L and in the penalty: two contributions, added."),
    ("`g + lam * sum(W)`", False, "The penalty is a sum of squares; each entry of its gradient is that weight alone, times lam."),
    ("`g * (1 + lam * W)`", False, "Two uses are added. Nothing multiplies g."),
    ("`g + 2 * lam * W`", False, "The 1/2 takes the 2 away."),
])

question("through-a-shortcut", UPDATE, "choice", "`y = x + block(x)`. What is the gradient of `x`?", options=[
    ("`g_y` plus what comes back through the block", True, "x is used twice: as it is, with local derivative 1, and in the block."),
    ("what comes back through the block", False, "The shortcut is a use of x as well: its contribution, `g_y`, is missing."),
    ("`g_y`, past the block", False, "The block reads x as well: what comes back through it is missing."),
    ("`g_y` times what comes back through the block", False, "Along a path factors are multiplied; between paths contributions are added."),
])
