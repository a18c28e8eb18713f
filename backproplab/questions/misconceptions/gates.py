"""Mistakes at the gates: add distributes, multiply switches, a quotient's bottom turns the sign and squares, max routes."""
import numpy as np

from .declare import Case, misconception, rule

misconception(
    "mul-own", rule("multiply", 0, lambda g, out, x, y: g * x), rule("multiply", 1, lambda g, out, x, y: g * y),
    title="a product passes on the input itself in place of the other one",
    reason="In a product each input receives the other one as its factor; {subject} uses {at} itself.",
    action="Swap the factors: multiply {upstream} by the other input, {local}.",
    recognises=Case("a = x * z; y = 2 * a", {"x": 1.3, "z": 0.7}, "x", 2.6), refuses=Case("a = x / z; y = 2 * a", {"x": 1.3, "z": 0.7}, "x", 2.6))

misconception(
    "add-as-mul", rule("add subtract", 0, lambda g, out, x, y: g * y), rule("add subtract", 1, lambda g, out, x, y: g * x),
    title="a sum is treated as a product",
    reason="{consumer} is a {operation}, but {subject} treats it as a product.",
    action="The local derivative of a {operation} is {local}: pass {upstream} on with that factor.",
    recognises=Case("a = x + z; y = 2 * a", {"x": 1.3, "z": 0.7}, "x", 1.4), refuses=Case("a = x * z; y = 2 * a", {"x": 1.3, "z": 0.7}, "x", 2.6))

misconception(
    "sub-sign", rule("subtract", 1, lambda g, out, x, y: g), rule("negative", 0, lambda g, out, x: g), family="sign",
    title="a minus is lost",
    reason="{at} is subtracted in {consumer}, and {subject} has lost that minus.",
    action="The local derivative there is {local}.",
    recognises=Case("a = x - z; y = np.exp(a)", {"x": 1.3, "z": 0.7}, "z", 1.822119),
    refuses=Case("a = x + z; y = np.exp(a)", {"x": 1.3, "z": 0.7}, "z", -7.389056))

misconception(
    "div-sign", rule("divide", 1, lambda g, out, x, y: g * x / y**2), family="sign",
    reason="{at} stands below the fraction line in {consumer}: when it grows the quotient shrinks, so a minus belongs there.",
    action="Use {local} as the local derivative.",
    recognises=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", 7.959184),
    refuses=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", -5.571429))

misconception(
    "div-nosq", rule("divide", 1, lambda g, out, x, y: -g * x / y),
    title="the square below a quotient's derivative is missing",
    reason="The derivative of a quotient by what is below the line has that number squared; {subject} has it only once.",
    action="Divide once more by {at}: the local derivative is {local}.",
    recognises=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", -5.571429),
    refuses=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", 4.285714))

misconception(
    "div-top", rule("divide", 1, lambda g, out, x, y: g / y),
    title="what is below the fraction line is treated as if above",
    reason="{subject} treats {at} as if it stood above the fraction line in {consumer}.",
    action="For what stands below, use minus top over bottom squared: {local}.",
    recognises=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", 4.285714),
    refuses=Case("a = x / z; y = 3 * a", {"x": 1.3, "z": 0.7}, "z", -5.571429))

misconception(
    "max-both", rule("maximum minimum", None, lambda g, out, x, y: g), family="max-gate",
    title="a maximum sends its gradient to both inputs or to the wrong one",
    reason="A {operation} passes its gradient to one input only; {subject} gives {at} a share although it lost.",
    action="Compare the inputs of {consumer}: the one that is not its value receives 0.",
    recognises=Case("a = np.maximum(x, z); b = 3 * a; y = b + z", {"x": 1.3, "z": 0.7}, "z", 4.0),
    refuses=Case("a = x * z; b = 3 * a; y = b + z", {"x": 1.3, "z": 0.7}, "z", 4.0))

misconception(
    "max-loser", rule("maximum", 0, lambda g, out, x, y: np.where(x >= y, 0.0, g)), rule("maximum", 1, lambda g, out, x, y: np.where(x >= y, g, 0.0)),
    rule("minimum", 0, lambda g, out, x, y: np.where(x <= y, 0.0, g)), rule("minimum", 1, lambda g, out, x, y: np.where(x <= y, g, 0.0)),
    family="max-gate",
    reason="{subject} sends the gradient of the {operation} to the wrong input.",
    action="The input that is the value of {consumer} receives all of {upstream}, the other 0.",
    recognises=Case("a = np.maximum(x, z); b = 3 * a; y = b + 2 * x", {"x": 1.3, "z": 0.7}, "z", 3.0),
    refuses=Case("a = x + z; b = 3 * a; y = b + 2 * x", {"x": 1.3, "z": 0.7}, "z", 6.0))
