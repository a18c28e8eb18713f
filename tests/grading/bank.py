"""The bank that the tests of grading use: code in two forms, a class, a choice of the instructor's own, and a typed number."""
from backproplab.questions import question


def layer(draw):
    n, d, m = draw.shuffled([2, 3, 4, 5])[:3]
    return {"X": draw.array(n, d), "W": draw.array(d, m), "g": draw.array(n, m)}


class Multiply:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, g):
        return g * self.y, g * self.x


question("linear", "program a layer's backward pass", "task", "Write `linear_backward(X, W, g)`.", name="linear_backward", points=3, partial=True,
         outputs=("dX", "dW"), solution=lambda X, W, g: (g @ W.T, X.T @ g), inputs=layer,
         wrong=[(lambda X, W, g: (g @ W.T, X.T @ g / len(X)), "`dW` is divided by the number of rows.", "Leave the sum.")])
question("product", "program the gradient of a product", "function", "Write `product_gradients(x, z)`.",
         program="a = x * z; b = np.sin(a); y = a * b", at={"x": (0.5, 2.0), "z": (0.5, 2.0)}, name="product_gradients", points=2)
question("gate", "program a gate", "task", "Write the class `Gate`.", name="Gate", solution=Multiply, points=2,
         calls=[("forward", ("x", "y")), ("backward", ("g",))], outputs=("out", "dx", "dy"),
         inputs=lambda draw: {"x": draw.readable(-3, 3), "y": draw.readable(-3, 3), "g": draw.readable(-2, 2)})
question("pick", "choose a reason", "choice", "Which?", options=[("one", True, "So it is."), ("two", False, "No."), ("three", False, "No.")],
         fixed=True, points=1)
question("typed", "work out a gradient", "number", program="a = x**2; y = a * 3", at={"x": 1.7}, asked="x")
