"""Where paths part and meet."""
from ..generators import scalar_program
from ..model import question

PATHS = "add what comes back from every use"

question("fork-of-two", PATHS, "number", program="a = x * z; b = np.sin(a); c = np.square(a); y = b + c",
         at={"x": (0.5, 2.5), "z": (0.3, 1.6)}, asked="a")

question("fork-of-three", PATHS, "number", program="a = x * z; b = np.log(x); c = np.sin(b); d = np.exp(a); e = a / b; f = c / a; y = d + e + f",
         at={"x": (1.2, 3.2), "z": (0.3, 1.2)}, asked=["a", "b", "x"], given="values")

question("one-or-both", PATHS, "choice", "A variable `a` is used by `b` and by `c`. What is its gradient?", options=[
    ("the sum of what `b` and `c` send back", True, "Each use changes the result by itself, and small changes add up."),
    ("the product of what `b` and `c` send back", False, "Numbers are multiplied along one path; between paths they are added."),
    ("what the later one, `c`, sends back", False, "That is = in place of +=: the first contribution is overwritten."),
    ("the mean of what `b` and `c` send back", False, "Nothing is divided by the number of uses."),
])

question("order-of-the-pass", "visit a variable after everything that uses it", "order", program="a = x * z; b = np.exp(a); c = a / z; y = b * c",
         at={"x": 1.5, "z": 0.7})

question("find-the-slip", PATHS, "error", program="a = x * z; b = np.sin(a); c = a * b; d = c / z; y = np.square(d)",
         at={"x": (0.5, 2.5), "z": (0.4, 1.8)})

question("random-graph", "carry a backward pass through any graph", "number", points=2.0, given="values",
         program=lambda draw: scalar_program(draw, size=draw.whole(5, 8), inputs=2, forks=1))

question("random-error", "check a backward pass line by line", "error", points=2.0,
         program=lambda draw: scalar_program(draw, size=6, inputs=2, forks=2))
