"""Local derivatives, and what multiplies them."""
from ..model import question

GATES = "know what each gate sends back"
CHAIN = "multiply upstream and local along a path"

question("product-gate", GATES, "number", program="a = x * z; y = np.exp(a)", at={"x": (0.3, 1.8), "z": (0.3, 1.5)}, asked=["x", "z"])

question("quotient-gate", GATES, "number", program="a = x / z; y = np.square(a)", at={"x": (0.5, 3.0), "z": (0.4, 2.5)}, asked=["x", "z"])

question("difference-gate", GATES, "number", program="a = x - z; b = a * a; y = np.exp(b)", at={"x": (0.4, 1.9), "z": (0.2, 1.4)}, asked=["x", "z"])

question("maximum-gate", GATES, "number", program="a = np.maximum(x, z); b = a * w; y = b * x",
         at={"x": (1.2, 3.0), "z": (0.2, 0.9), "w": (0.3, 2.5)}, asked=["x", "a", "w"])

question("sine-of-a-product", CHAIN, "number", program="a = x * z; b = np.sin(a); c = b * w; y = np.tanh(c)",
         at={"x": (0.4, 1.9), "z": (0.3, 1.6), "w": (0.3, 1.5)}, asked=["a", "b", "x"], given="values")

question("sigmoid-neuron", CHAIN, "number", program="a = w * x; u = a + b; s = sigmoid(u); e = s - t; J = np.square(e)",
         at={"w": (0.3, 1.9), "x": (0.4, 1.9), "b": (-0.9, 0.8), "t": (0.2, 0.9)}, asked=["w", "b", "u"], given="values")

question("logarithm-of-a-square", CHAIN, "formula", program="a = np.square(x); b = a * z; y = np.log(b)",
         at={"x": (0.5, 2.5), "z": (0.4, 2.2)}, asked=["a", "z"])

question("formula-at-a-fork", "write a gradient in names", "formula", program="a = x * z; b = np.exp(a); c = a / z; y = b + c",
         at={"x": (0.4, 1.6), "z": (0.4, 1.5)}, asked=["a", "z"])

question("what-add-does", GATES, "choice", "A sum `c = a + b` has the gradient `g_c`. What does it send back?", options=[
    ("`g_c` to `a` and `g_c` to `b`", True, "A sum grows as fast as each of its terms: the gradient is handed on unchanged to both."),
    ("half of `g_c` to each", False, "Nothing is shared out: if `a` grows by a little, `c` grows by as much."),
    ("`g_c` b to `a` and `g_c` a to `b`", False, "That is the product gate: it switches its inputs."),
    ("`g_c` to the larger one, 0 to the other", False, "That is the maximum gate: it routes to one input."),
])

question("upstream-is", CHAIN, "choice", "What is the upstream gradient at `a`, when `a` is used by `b = np.sin(a)`?", options=[
    ("`g_b`: how the result reacts to `b`", True, "It comes from further up, and `cos a`, the local derivative, is multiplied onto it."),
    ("`cos a`: how `b` reacts to `a`", False, "That is the local derivative."),
    ("`g_a`: how the result reacts to `a`", False, "That is what is looked for: upstream times local."),
    ("`b`: the value from the forward pass", False, "Values are needed in local derivatives; what flows back is a gradient."),
])

question("program-a-neuron", "program a backward pass", "function", program="a = w * x; u = a + b; s = sigmoid(u); J = np.square(s - t)",
         at={"w": (0.3, 1.9), "x": (0.4, 1.9), "b": (-0.9, 0.8), "t": (0.2, 0.9)}, asked=["w", "b"], points=2.0)

question("at-a-tie", GATES, "choice", "`f = np.maximum(z, w)` at `z = w = 1`. What is `df/dz`?", options=[
    ("it does not exist; a program has to choose", True,
     "To the right `f` grows with `z`, to the left it does not. This package sends all to the first input."),
    ("1/2, there is no other choice", False, "Some programs choose that, others 1 or 0: there is no derivative at the kink, so it is a convention."),
    ("0, since neither is larger", False, "As a choice it is possible, but a derivative it is not: to the right, `f` grows as fast as `z`."),
])
