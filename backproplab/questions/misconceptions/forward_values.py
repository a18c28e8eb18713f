"""Mistakes in a value of the forward pass."""
import numpy as np

from .declare import Case, forward, misconception

misconception(
    "other-function", forward("sin", np.cos, "cos"), forward("cos", np.sin, "sin"), forward("tanh", np.tan, "tan"),
    title="the neighbouring function's value",
    reason="{subject} comes from the neighbouring function.", action="Look once more at which function {node} calls.",
    says={"cos": ("{subject} takes the cosine.", "{node} takes the sine."), "sin": ("{subject} takes the sine.", "{node} takes the cosine."),
          "tan": ("{subject} takes the tangent.", "{node} takes the hyperbolic tangent: it stays between −1 and 1.")},
    recognises=Case("y = np.sin(x)", {"x": 0.7}, "y", 0.764842), refuses=Case("y = np.cos(x)", {"x": 0.7}, "y", 0.764842))

misconception(
    "degrees", forward("sin", lambda x: np.sin(np.radians(x))), forward("cos", lambda x: np.cos(np.radians(x))),
    title="degrees in place of radians",
    reason="{subject} fits degrees.", action="Angles are in radians here: switch the calculator.",
    recognises=Case("y = np.sin(x)", {"x": 0.7}, "y", 0.012217), refuses=Case("y = np.sin(x)", {"x": 0.7}, "y", 0.764842))

misconception(
    "log-base", forward("log", np.log10),
    title="the logarithm to base 10",
    reason="{subject} is the logarithm to base 10.", action="np.log is the natural logarithm, ln on a calculator.",
    recognises=Case("y = np.log(x)", {"x": 1.7}, "y", 0.230449), refuses=Case("y = np.log(x)", {"x": 1.7}, "y", 0.588235))

misconception(
    "exp-times", forward("exp", lambda x: np.e * x, "times"), forward("exp", lambda x: x ** np.e, "power"),
    title="exp taken as a product",
    reason="{subject} is not e to that power.", action="The input is the exponent: e multiplied by itself that often.",
    says={"times": ("{subject} multiplies e by the input.", "The input is the exponent of e."),
          "power": ("{subject} raises the input to the power e.", "The other way round: e is the base, the input the exponent.")},
    recognises=Case("y = np.exp(x)", {"x": 0.7}, "y", 1.902797), refuses=Case("y = np.exp(x)", {"x": 0.7}, "y", 0.7))

misconception(
    "other-way-round", forward("subtract", lambda x, y: y - x), forward("divide", lambda x, y: y / x), forward("power", lambda x, y: y ** x),
    title="two numbers the other way round",
    reason="{subject} has the two numbers the other way round.", action="Order matters in {node}: read it from left to right.",
    recognises=Case("y = x - z", {"x": 1.3, "z": 0.7}, "y", -0.6), refuses=Case("y = x - z", {"x": 1.3, "z": 0.7}, "y", 2.0))

misconception(
    "other-operation", forward("multiply", lambda x, y: x + y, "sum"), forward("add", lambda x, y: x * y, "product"),
    forward("subtract", lambda x, y: x + y, "sum"), forward("divide", lambda x, y: x * y, "product"), forward("square", lambda x: 2 * x, "double"),
    forward("sqrt", lambda x: x / 2, "half"), forward("power", lambda x, y: x * y, "product"),
    title="another operation's value",
    reason="{subject} fits another operation.", action="Look once more at the sign in {node}.",
    says={"sum": ("{subject} is a sum.", "{node} is a {operation}."), "product": ("{subject} is a product.", "{node} is a {operation}."),
          "double": ("{subject} is twice the input.", "Square it: the input times itself."), "half": ("{subject} is half the input.",
                                                                                                      "A root squared gives the input back.")},
    recognises=Case("y = x * z", {"x": 1.3, "z": 0.7}, "y", 2.0), refuses=Case("y = x / z", {"x": 1.3, "z": 0.7}, "y", 2.0))

misconception(
    "max-wrong", forward("maximum", np.minimum, "smaller"), forward("minimum", np.maximum, "larger"),
    forward("relu", lambda x: x, "kept"), forward("relu", np.abs, "folded"), forward("absolute", lambda x: x, "kept"),
    title="the other one of the two in a maximum",
    reason="{subject} is the other one of the two.", action="Read {node} once more.",
    says={"smaller": ("{subject} is the smaller one.", "{node} is the larger of the two."), "larger": ("{subject} is the larger one.",
                                                                                                       "{node} is the smaller of the two."),
          "kept": ("{subject} keeps a negative number as it is.", "Nothing negative comes out of {operation}."),
          "folded": ("{subject} drops the sign.", "ReLU makes 0 of a negative number.")},
    recognises=Case("y = np.maximum(x, z)", {"x": 1.3, "z": 0.7}, "y", 0.7), refuses=Case("y = x * z", {"x": 1.3, "z": 0.7}, "y", 1.3))

misconception(
    "sigmoid-part", forward("sigmoid", lambda x: np.exp(-x), "e^-x"), forward("sigmoid", lambda x: 1 / (1 + np.exp(x)), "sign"),
    forward("sigmoid", lambda x: 1 + np.exp(-x), "bottom"),
    title="only a part of the sigmoid",
    reason="{subject} is a part of the sigmoid.", action="The sigmoid is 1 / (1 + e to the power −x).",
    says={"sign": ("{subject} has e^x where e^−x belongs.", "The sigmoid is 1 / (1 + e to the power −x): it grows with x."),
          "bottom": ("{subject} is what stands below the fraction line.", "Divide 1 by it.")},
    recognises=Case("y = sigmoid(x)", {"x": 0.7}, "y", 0.496585), refuses=Case("y = np.exp(x)", {"x": 0.7}, "y", 0.496585))
