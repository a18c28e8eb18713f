"""ReLU networks in batch code: two and three layers, the squared loss and the softmax loss, an example in each row."""
from typing import Any

from ..draws import Draw
from ..generators import with_inputs
from ..model import question

NETS = "program the backward pass of a ReLU network"
SQUARED = "E = {0} - Y; J = np.mean(np.sum(np.square(E), axis=1)) / 2"
SOFTMAX = "L = log_softmax({0}); J = -np.mean(np.sum(Y * L, axis=1))"
TWO = "Z1 = X @ W1 + b1; H1 = relu(Z1); S = H1 @ W2 + b2; "
THREE = "Z1 = X @ W1 + b1; H1 = relu(Z1); Z2 = H1 @ W2 + b2; H2 = relu(Z2); S = H2 @ W3 + b3; "


def _net(layers: int, classes: bool) -> Any:
    def inputs(draw: Draw) -> dict[str, Any]:
        rows, sides = draw.whole(3, 5), draw.shuffled([2, 3, 4, 5])[:layers + 1]
        made: dict[str, Any] = {"X": draw.array(rows, sides[0], places=3)}
        for k, (below, above) in enumerate(zip(sides, sides[1:], strict=False), start=1):
            made |= {f"W{k}": draw.array(below, above, places=3), f"b{k}": draw.array(above, low=-0.3, high=0.6, places=3)}
        wide = sides[-1]
        right = [draw.below(wide) for _ in range(rows)]
        made["Y"] = [[float(c == r) for c in range(wide)] for r in right] if classes else draw.array(rows, wide, places=2)
        return made
    return inputs


question("what-relu-remembers", NETS, "choice", "What does the backward pass of a ReLU layer need from the forward pass?", options=[
    ("where its input was positive", True, "One bit an entry, the mask. The output tells it as well: it is positive just there."),
    ("its input, every digit of it", False, "Only the sign of an entry matters."),
    ("its weights", False, "It has none."),
    ("nothing", False, "Then it could not know where to let the gradient through.")])

question("one-over-n", NETS, "choice", "The loss is a *mean* over N examples. Where does the 1/N belong in the backward pass?", options=[
    ("once, in the gradient that leaves the loss", True, "Everything before it multiplies that gradient, so it arrives everywhere by itself."),
    ("in the gradient of every weight and bias", False, "Then it is there twice or more: it came with the upstream gradient already."),
    ("in the biases only, which are summed over the batch", False, "The weights' products sum over the batch as well."),
    ("nowhere: a mean only scales", False, "It scales the gradients too: without it the step grows with the batch.")])

question("two-relu-layers-squared", NETS, "function",
         "Two layers, the squared loss. Write `two_squared(X, W1, b1, W2, b2, Y)`: a dict or a tuple with the gradients of `{out}` by {asked}.",
         name="two_squared", program=with_inputs(TWO + SQUARED.format("S"), _net(2, False)), asked=["W1", "b1", "W2", "b2"], points=3.0)

question("two-relu-layers-softmax", NETS, "function",
         "Two layers and the softmax loss; each row of Y has a 1 at the right class. Write `two_softmax(X, W1, b1, W2, b2, Y)`: a dict or a tuple "
         "with the "
         "gradients of `{out}` by {asked}. `log_softmax` is the logarithm of the softmax of each row.",
         name="two_softmax", program=with_inputs(TWO + SOFTMAX.format("S"), _net(2, True)), asked=["W1", "b1", "W2", "b2"], points=3.0)

question("three-relu-layers-squared", NETS, "function",
         "Three layers, the squared loss. Write `three_squared(X, W1, b1, W2, b2, W3, b3, Y)`: a dict or a tuple with the gradients of `{out}` by "
         "{asked}.",
         name="three_squared", program=with_inputs(THREE + SQUARED.format("S"), _net(3, False)), asked=["W1", "b1", "W2", "b2", "W3", "b3"],
         points=3.0)

question("three-relu-layers-softmax", NETS, "function",
         "Three layers and the softmax loss. Write `three_softmax(X, W1, b1, W2, b2, W3, b3, Y)`: a dict or a tuple with the gradients of `{out}` by "
         "{asked}.", name="three_softmax", program=with_inputs(THREE + SOFTMAX.format("S"), _net(3, True)),
         asked=["W1", "b1", "W2", "b2", "W3", "b3"], points=3.0)
